"""Who is in the ESS: each rule, their order, and the verdicts on the real lists."""

import csv
import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.display import DISPLAY_CLASSES, display_class
from toile.directory.rules.ess import FAMILIES, REASONS, RULES, EssFacts, ess_membership, sirene_flag
from toile.directory.rules.ess_parameters import entries, ess_parameters
from toile.kernel.identifiers import clean_legal_category, clean_naf

TODAY = date(2026, 11, 21)
PARAMETERS = ess_parameters(TODAY)


def verdict(**facts):
    return ess_membership(EssFacts(**facts), PARAMETERS)


def decided(**facts):
    found = verdict(**facts)
    return found.verdict, found.family, found.rule


def test_a_correction_by_a_named_person_comes_before_everything():
    facts = {"legal_category": "9110", "in_ess_list": False, "sirene_flag": "N"}
    found = verdict(correction=True, corrected_family="association", correction_author="Une adhérente", **facts)
    assert (found.verdict, found.family, found.rule) == ("yes", "association", "correction")
    assert str(found.reason) == "Une adhérente a confirmé que cette structure est de l’ESS."
    assert decided(correction=False, legal_category="5458", in_ess_list=True) == ("no", None, "correction")


@pytest.mark.parametrize("category", ["9110", "9150", "8410", "8490", "8110", "8140", "7210", "4110"])
def test_a_form_that_is_never_ess_comes_before_the_lists(category):
    assert decided(legal_category=category, in_ess_list=True, sirene_flag="O") == ("no", None, "never_category")


def test_the_list_of_ess_france_comes_before_the_sirene_field():
    found = verdict(legal_category="9220", in_ess_list=True, sirene_flag="N")
    assert (found.verdict, found.family, found.rule) == ("yes", "association", "ess_list")
    assert "«\u00a0N\u00a0»" in str(found.remarks[0])


def test_the_sirene_field_says_yes_even_against_the_form():
    assert decided(legal_category="5499", sirene_flag="O") == ("yes", "societe_commerciale_ess", "sirene_yes")
    assert decided(legal_category="9220", naf="94.92Z", sirene_flag="O") == ("yes", "association", "sirene_yes")


@pytest.mark.parametrize(
    ("category", "family"),
    [("5458", "cooperative"), ("5460", "cooperative"), ("6316", "cooperative"), ("8210", "mutuelle"),
     ("6411", "mutuelle"), ("9220", "association"), ("9260", "association"), ("9300", "fondation")],
)  # fmt: skip
def test_an_ess_form_with_a_kept_activity_is_ess(category, family):
    assert decided(legal_category=category, naf="88.99B") == ("yes", family, "form_kept")


def test_an_ess_form_is_ess_against_a_contrary_sirene_field_and_the_reason_says_so():
    found = verdict(legal_category="9220", naf="94.99Z", sirene_flag="N")
    assert (found.verdict, found.rule) == ("yes", "form_kept")
    assert "SIRENE dit pourtant «\u00a0N\u00a0»" in str(found.reason)


@pytest.mark.parametrize(
    "naf", ["84.11Z", "84.30C", "94.11Z", "94.12Z", "94.20Z", "94.91Z", "94.92Z", "97.00Z", "98.10Z", "99.00Z",
            "94.92Y", "84.30G", "91.3A", "91.2Z"],
)  # fmt: skip
def test_an_ess_form_with_an_excluded_activity_is_not_ess_in_any_nomenclature(naf):
    found = verdict(legal_category="9220", naf=naf)
    assert (found.verdict, found.family, found.rule) == ("no", None, "form_excluded")
    assert naf in str(found.reason)


def test_other_organisations_by_membership_are_kept():
    assert decided(legal_category="9220", naf="94.99Z")[0] == "yes"
    assert decided(legal_category="9220", naf="94.99Y")[0] == "yes"


def test_an_unknown_activity_leaves_the_form_to_decide_and_says_so():
    found = verdict(legal_category="9220")
    assert found.verdict == "yes"
    assert "activité" in str(found.remarks[0])


@pytest.mark.parametrize("name", ["Coop’Pièces 42", "SCOP LES MAINS", "Kaléido'Scop", "La Scic du Gier"])
@pytest.mark.parametrize("category", ["5710", "5499"])
def test_a_name_that_evokes_a_cooperative_is_to_check_and_never_yes(name, category):
    assert decided(name=name, legal_category=category) == ("to_check", None, "name_pattern")
    assert decided(name=name, legal_category=category, sirene_flag="N") == ("to_check", None, "name_pattern")


def test_the_name_counts_only_under_the_forms_that_hide_a_cooperative():
    assert decided(name="SCOP LES MAINS", legal_category="5599", sirene_flag="N") == ("no", None, "sirene_no")
    assert decided(name="Épiscopat et cie", legal_category="5710") == ("unknown", None, "none")


def test_a_listed_sas_whose_name_says_scop_is_a_cooperative_and_the_family_is_told_as_deduced():
    found = verdict(name="SCOP LES MAINS", legal_category="5710", in_ess_list=True)
    assert (found.verdict, found.family) == ("yes", "cooperative")
    assert "déduite du nom" in str(found.remarks[0])


def test_the_sirene_field_says_no_when_nothing_else_speaks_and_an_empty_one_says_nothing():
    assert decided(name="Dupin", legal_category="5710", sirene_flag="N") == ("no", None, "sirene_no")
    assert decided(name="Dupin", legal_category="5710") == ("unknown", None, "none")
    assert decided() == ("unknown", None, "none")


def test_doubtful_forms_follow_their_setting():
    assert decided(legal_category="5532")[:2] == ("yes", "cooperative")
    assert "discutée" in str(verdict(legal_category="5532", naf="46.21Z").remarks[0])
    assert decided(legal_category="8310") == ("unknown", None, "none")


def test_a_doubtful_form_set_to_be_checked_waits_for_a_person(tmp_path):
    changed = tmp_path / "ess.toml"
    changed.write_text(
        """
        [[doubtful]]
        codes = ["9240"]
        label = "congrégation"
        treatment = "to_check"
        source = "réglage"
        from = 2020-01-01
        to = 2020-12-31
        """,
        encoding="utf-8",
    )
    facts = EssFacts(legal_category="9240")
    assert ess_membership(facts, ess_parameters(date(2020, 12, 31), changed)).verdict == "to_check"
    assert ess_membership(facts, ess_parameters(date(2021, 1, 1), changed)).verdict == "unknown"


def test_the_page_can_show_the_rules_tried_in_order_up_to_the_one_that_decided():
    tried = verdict(name="Coop’Pièces 42", legal_category="5710", sirene_flag="N", in_ess_list=False).tried
    assert [rule.code for rule in tried] == list(RULES)[:7]
    assert [rule.applied for rule in tried] == [False] * 6 + [True]
    assert tried[2].outcome_fr == "Elle n’est pas dans la liste"
    assert [rule.code for rule in verdict().tried] == list(RULES)


def test_the_sirene_field_is_read_in_the_ways_lists_copy_it():
    assert [sirene_flag(text) for text in ("O", "N", "True", "false", "", None, "?")] == [
        "O", "N", "O", "N", None, None, None,
    ]  # fmt: skip


def test_every_entry_of_the_tables_says_its_source_and_when_it_was_checked():
    seen = list(entries())
    assert len(seen) > 10
    for _, entry in seen:
        assert entry["source"]
        assert entry["certainty"] in {"verified", "known", "setting"}
        assert entry["from"] <= entry["checked_on"] <= TODAY


def test_no_legal_category_is_both_ess_and_never_ess():
    assert not [category for category in PARAMETERS.forms if category.startswith(PARAMETERS.never_prefixes)]
    assert {form.family for form in PARAMETERS.forms.values()} <= {*FAMILIES, None}


def test_before_the_law_of_2014_no_form_is_ess_by_nature():
    found = ess_membership(EssFacts(legal_category="9220"), ess_parameters(date(2010, 1, 1)))
    assert found.verdict == "unknown"


def test_every_verdict_has_its_class_of_display():
    assert [display_class("yes", family).colour for family in FAMILIES] == ["f1", "f2", "f3", "f4", "f5"]
    assert display_class("yes").glyph == "autre"
    assert display_class("no", legal_category="8410").glyph == "autre"
    assert display_class("no", legal_category="7210").glyph == "appui"
    assert display_class("unknown", supports=True).glyph == "appui"
    assert {display_class(v).glyph for v in ("to_check", "unknown")} == {"averifier"}
    assert sorted(c.colour for c in DISPLAY_CLASSES.values()) == [f"f{n}" for n in range(1, 9)]


FACTS = st.builds(
    EssFacts,
    name=st.sampled_from(["", "SCOP X", "Coop Y", "Z"]),
    legal_category=st.sampled_from([None, "", "9110", "9220", "5458", "5710", "5499", "8310", "7210", "6901", "abcd"]),
    naf=st.sampled_from([None, "", "88.99B", "94.92Z", "94.92Y", "45.2R", "??"]),
    sirene_flag=st.sampled_from([None, "O", "N"]),
    in_ess_list=st.sampled_from([None, True, False]),
    correction=st.sampled_from([None, True, False]),
)


@given(FACTS)
def test_every_verdict_has_a_reason_in_french_and_exactly_one_rule_applied_last(facts):
    found = ess_membership(facts, PARAMETERS)
    assert str(found.reason).endswith(".")
    assert found.reason.msgid in REASONS.values()
    assert [rule.applied for rule in found.tried].count(True) == 1
    assert found.tried[-1].applied
    assert found.tried[-1].code == found.rule
    assert [rule.code for rule in found.tried] == [code for code in RULES if code in {r.code for r in found.tried}]
    assert found.family is None or found.verdict in ("yes", "to_check")


@given(FACTS)
def test_only_a_correction_may_say_no_against_the_list_outside_the_forms_never_ess(facts):
    found = ess_membership(facts, PARAMETERS)
    if facts.in_ess_list and found.verdict != "yes":
        assert found.rule in ("correction", "never_category")


def test_the_verdicts_on_the_real_ess_list_are_these(shared_data):
    with (shared_data / "ess/x_enriched.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = [
        verdict(
            name=row["denomination"],
            legal_category=clean_legal_category(row["categorie_juridique"]).value,
            naf=clean_naf(row["naf"]).code,
            in_ess_list="ess_france" in row["sources"],
        )
        for row in rows
    ]
    assert Counter((v.verdict, v.rule) for v in found) == {
        ("yes", "ess_list"): 1433,
        ("yes", "form_kept"): 525,
        ("no", "never_category"): 2,
        ("to_check", "name_pattern"): 2,
        ("unknown", "none"): 606,
    }
    disagree = [
        (row["categorie_juridique"], row["famille_ess"], v.family)
        for row, v in zip(rows, found, strict=True)
        if row["famille_ess"] and v.family != row["famille_ess"]
    ]
    # The list calls « fondation » what INSEE codes 9900, « other legal person of private law ».
    assert disagree == [("9900.0", "fondation", None)] * 8


def test_the_sirene_field_of_the_real_list_turns_the_unknown_into_yes(shared_data):
    with (shared_data / "ess/04_ess_flag_insee.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = [
            verdict(
                name=row["denominationUniteLegale"],
                legal_category=clean_legal_category(row["categorieJuridiqueUniteLegale"]).value,
                naf=clean_naf(row["activitePrincipaleUniteLegale"]).code,
                sirene_flag=sirene_flag(row["economieSocialeSolidaireUniteLegale"]),
            )
            for row in csv.DictReader(lines)
        ]
    assert len(found) == 2372
    assert Counter(v.verdict for v in found)["yes"] >= 2360


def test_every_legal_category_of_the_tables_exists_at_insee(shared_data):
    path = shared_data / "nomenclatures/annuaire-site/categories-juridiques.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    assert [category for category in PARAMETERS.forms if category not in known] == []
    assert [p for p in PARAMETERS.never_prefixes if not any(code.startswith(p) for code in known)] == []
    assert {"5710", "5499"} <= known.keys()
