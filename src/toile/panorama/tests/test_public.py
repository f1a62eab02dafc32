"""The public panorama: what a visitor reads, what stays hidden, what is taken away, in a known number of statements."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from toile.kernel import readers
from toile.kernel.readers import Contribution, Role
from toile.panorama.models import Edition, EditionState, Output, Placed
from toile.panorama.models import Fragment as Drawn
from toile.panorama.queries.figures import figures_of
from toile.panorama.rules.indicators import indicators
from toile.panorama.tests import made_up
from toile.territory.models import Perimeter
from toile.territory.subjects import perimeter_subject

pytestmark = pytest.mark.django_db
NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.fixture
def edition(db: None) -> Edition:
    return made_up.edition(EditionState.PUBLISHED)


@pytest.fixture
def officer(client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    person = get_user_model().objects.create(email="charge@exemple.fr")
    roles = [Contribution(roles=[Role.OFFICER])]
    monkeypatch.setattr(readers, "_contributors", [lambda people: {p: roles[0] for p in people if p == person.pk}])
    client.force_login(person)
    return person


def text(answer: Any) -> str:
    """What one reads of a page, spaces made plain."""
    main = re.sub(r"(?s).*<main[^>]*>|</main>.*", "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace(NARROW, " ").replace(NO_BREAK, " ").split())


def page(client: Any, name: str, edition: Edition, *more: str, **asked: Any) -> str:
    answer = client.get(reverse(f"panorama:{name}", args=[edition.pk, *more]), asked)
    assert answer.status_code == 200, answer.content.decode()[-500:]
    return text(answer)


# --- The edition in force --------------------------------------------------------------------------------------------


def test_the_edition_in_force_says_its_finding_and_each_key_figure_says_whence(client, edition):
    answer = client.get("/panorama/")
    said = text(answer)
    assert "l’ESS fait environ un emploi sur sept" in said
    assert "14,1 %" in said and "12,6 à 15,6 %" in said
    body = answer.content.decode()
    assert body.count('class="key-n"') == 5 == body.count("D’où vient ce chiffre")
    for figure in re.findall(r'(?s)<div class="key-n">(.*?)</details>', body):
        assert "simulé" in figure and "SIRENE simulé" in figure and "Refaire ce calcul" in figure


def test_without_an_edition_the_page_says_so(client):
    assert "Aucune édition n’est encore publiée" in text(client.get("/panorama/"))


def test_the_last_year_is_in_force_and_the_older_one_is_listed(client, edition):
    older = made_up.edition(EditionState.PUBLISHED, number=2, year=2022, title="Ancienne")
    said = text(client.get("/panorama/"))
    assert "au 31 décembre 2024" in said and "Ancienne" in said
    assert client.get(reverse("panorama:edition", args=[older.pk])).status_code == 200


def test_a_correction_takes_the_place_of_what_it_corrects_and_both_say_why(client, edition):
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.REPLACED)
    made_up.edition(
        EditionState.PUBLISHED, number=2, version=2, replaces=edition, erratum="Firminy était compté deux fois."
    )
    assert "version 2" in text(client.get("/panorama/"))
    for said in (text(client.get("/panorama/")), page(client, "edition", edition)):
        assert "Firminy était compté deux fois." in said
    assert "Cette édition est remplacée" in page(client, "edition", edition)


def test_a_correction_in_preparation_changes_nothing_and_is_not_named(client, edition):
    draft = Edition.objects.create(
        perimeter=edition.perimeter,
        perimeter_name="Ici",
        year=2024,
        title="E",
        version=2,
        replaces=edition,
        erratum="X",
    )
    for name in ("edition", "method"):
        assert "remplacée" not in page(client, name, edition)
    told = client.get("/api/v1/panorama/editions").content.decode()
    assert str(draft.pk) not in told and str(edition.pk) in told


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.BUILT, EditionState.FAILED])
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("edition", []), ("choose", []), ("commune", ["42095"]), ("compare", []), ("contribution", []), ("method", []),
        ("indicator", ["jobs"]), ("indicator_file", ["jobs", "csv"]), ("output", ["pdf"]), ("figure", ["jobs"]),
        ("embed", ["jobs"]),
    ],
)  # fmt: skip
def test_what_is_not_published_does_not_exist_for_a_visitor(client, state, name, more):
    draft = Edition.objects.create(perimeter="244200770", perimeter_name="Ici", year=2024, title="E", state=state)
    assert client.get(reverse(f"panorama:{name}", args=[draft.pk, *more])).status_code == 404
    assert client.get(f"/api/v1/panorama/editions/{draft.pk}/figures").status_code == 404


def test_the_team_reads_a_draft_which_says_so(client, officer):
    assert "Édition non publiée" in page(client, "edition", made_up.edition())


# --- A commune -------------------------------------------------------------------------------------------------------


def test_ma_commune_works_without_scripts(client, edition):
    answer = client.get(reverse("panorama:choose", args=[edition.pk]), {"commune": "42095"})
    assert answer.url == reverse("panorama:commune", args=[edition.pk, "42095"])
    assert client.get(reverse("panorama:choose", args=[edition.pk]), {"commune": "../x"}).url.endswith("#ma-commune")


def test_the_sheet_of_a_commune_explains_its_share_and_its_limits(client, edition):
    said = page(client, "commune", edition, "42095")
    assert "l’ESS fait environ un emploi sur six" in said and "15,2 à 18,6 %" in said
    assert "C’est une estimation" in said and "là où l’on travaille" in said
    assert "Secret statistique." in said and "secret statistique" in said
    assert "Un établissement a changé de siège." in said


def test_an_unknown_share_is_unknown_and_says_why(client, edition):
    said = page(client, "commune", edition, "42189")
    assert "inconnu" in said and "n’est pas donnée" in said and " 0 %" not in said


def test_a_commune_that_the_edition_does_not_know_is_not_found(client, edition):
    assert client.get(reverse("panorama:commune", args=[edition.pk, "75056"])).status_code == 404


# --- Tables ----------------------------------------------------------------------------------------------------------


def test_an_indicator_is_told_axis_by_axis_with_its_query(client, edition):
    said = page(client, "indicator", edition, "employer_establishments")
    for title in (
        "Ensemble",
        "Par commune",
        "Par famille",
        "Par secteur",
        "Par taille",
        "Par année",
        "Autres territoires",
    ):
        assert title in said
    assert "SELECT commune, count(*)" in said and "Association" in said


def test_filters_cross_axes_and_the_file_holds_the_same(client, edition):
    asked = {"commune": "*", "famille": "association"}
    said = page(client, "indicator", edition, "employer_establishments", **asked)
    assert "6 chiffres" in said and "520" in said
    address = reverse("panorama:indicator_file", args=[edition.pk, "employer_establishments", "csv"])
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(address, asked).streaming_content).decode())))
    assert {row["commune"]: row["value"] for row in rows}["42218"] == "520"
    assert {row["family"] for row in rows} == {"association"} and len(rows) == 6


def test_hidden_and_unknown_are_empty_in_files_and_never_zero(client, edition):
    address = reverse("panorama:indicator_file", args=[edition.pk, "jobs", "json"])
    items = json.loads(b"".join(client.get(address).streaming_content))["items"]
    hidden = [item for item in items if item["status"] == "hidden"]
    assert hidden and all(item["value"] is None and item["because"] for item in hidden)
    assert all(item["simulated"] for item in items)


def test_a_file_made_at_the_build_is_given_under_its_name(client, edition, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    Output.objects.create(
        edition=edition, key="pdf", filename="panorama-2024.pdf", path="x.pdf", size=4, checksum="d" * 64
    )
    answer = client.get(reverse("panorama:output", args=[edition.pk, "pdf"]))
    assert b"".join(answer.streaming_content) == b"%PDF" and "panorama-2024.pdf" in answer["Content-Disposition"]
    assert "Le panorama à imprimer (PDF)" in page(client, "edition", edition)


# --- Side by side, elsewhere -----------------------------------------------------------------------------------------


def test_at_most_five_territories_stand_side_by_side(client, edition):
    said = page(client, "compare", edition, avec=list(made_up.COMPARED))
    assert said.count("France") >= 2
    every = [edition.perimeter, *made_up.COMPARED]
    assert "Vous en avez choisi plus de 5" in page(client, "compare", edition, avec=every)


def test_only_the_embedded_figure_may_be_framed_and_it_says_who_publishes_it(client, edition):
    address = reverse("panorama:embed", args=[edition.pk, "share_of_employment"])
    answer = client.get(address)
    assert "X-Frame-Options" not in answer and "frame-ancestors 'none' *" not in answer["Content-Security-Policy"]
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    body = answer.content.decode()
    assert "14,1" in body and "simulé" in body and made_up.PERIMETER_NAME in body and "D’où vient ce chiffre" in body
    other = client.get(reverse("panorama:edition", args=[edition.pk]))
    assert other["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_the_method_gives_sources_with_their_checksums_and_the_queries(client, edition):
    said = page(client, "method", edition)
    assert "a" * 64 in said and "SELECT commune" in said and "secret statistique" in said


def test_an_indicator_gives_the_queries_of_its_figures_whatever_their_names(client, edition):
    edition.values.filter(indicator="jobs").exclude(commune="").update(query="par_commune")
    edition.queries = {"jobs": "SELECT tout", "par_commune": "SELECT par_commune", "autre": "SELECT rien"}
    edition.save()
    said = page(client, "indicator", edition, "jobs")
    assert "SELECT tout" in said and "SELECT par_commune" in said and "SELECT rien" not in said
    assert "SELECT tout" not in page(client, "indicator", edition, "jobs", commune="42095")


def test_sections_of_the_naf_and_sectors_of_the_ess_are_not_mixed(client, edition):
    for sector, value in (("U", 11), ("enseignement", 12)):
        edition.values.get_or_create(
            indicator="jobs",
            perimeter=edition.perimeter,
            sector=sector,
            year=2024,
            unit="jobs",
            defaults={"value": value},
        )
    said = page(client, "indicator", edition, "jobs")
    assert said.index("Par section d’activité") < said.index("Par secteur de l’ESS")


def test_a_department_is_named_by_its_perimeter_where_there_is_one(client, edition):
    Edition.objects.filter(pk=edition.pk).update(compared=["dep:42", "dep:2A"])
    Perimeter.objects.create(code="departement-42", subject=perimeter_subject("departement-42"), name="Loire")
    said = page(client, "compare", edition)
    assert "Loire" in said and "département 42" not in said and "département 2A" in said


def test_what_is_unknown_everywhere_is_named_once_beside_the_comparison(client, edition):
    edition.values.filter(indicator="survival_5").delete()
    places = [edition.perimeter, next(iter(made_up.COMPARED))]
    for place in places:
        edition.values.create(
            indicator="survival_5", perimeter=place, year=2024, unit="percent", status="unknown", because="no_source"
        )
    said = page(client, "compare", edition, avec=places)
    assert said.count("Survie à 5 ans") == 1
    assert said.index("Inconnus dans chacun de ces territoires") < said.index("Survie à 5 ans")


def test_the_sheet_of_a_commune_leads_to_its_own_table_and_to_its_own_figures_for_programs(client, edition):
    body = client.get(reverse("panorama:commune", args=[edition.pk, "42095"])).content.decode()
    table = f"{reverse('panorama:indicator_file', args=[edition.pk, 'jobs', 'csv'])}?commune=42095&famille=*"
    assert table.replace("&", "&amp;") in body
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(table)).decode())))
    assert rows and {row["commune"] for row in rows} == {"42095"} and all(row["family"] for row in rows)
    assert f"{reverse('api:figures', args=[edition.pk])}?commune=42095" in body


def test_editions_of_others_that_disagree_are_set_against_each_other_and_imply_their_totals(client, edition):
    for number, share in ((5, 14.1), (6, 13)):
        other = Edition.objects.create(
            id=made_up.UUID(int=number), kind="theirs", perimeter=edition.perimeter, perimeter_name="Ici", year=2015,
            title=f"Document {number}", state="published", checksum="e" * 64, published_at=edition.published_at,
        )  # fmt: skip
        for indicator, unit, value in (("jobs", "jobs", 21142), ("share_of_employment", "percent", share)):
            other.values.create(indicator=indicator, perimeter=other.perimeter, year=2015, unit=unit, value=value)
    said = text(client.get(reverse("panorama:published")))
    assert "Part de l’emploi (2015) : « Document 5 » dit 14,1 %, « Document 6 » dit 13 %." in said
    assert "149 943 emplois salariés en tout (149 413 à 150 477" in said
    assert "149 943" in page(client, "edition", Edition.objects.get(pk=made_up.UUID(int=5)))


def test_what_others_published_is_shown_with_its_contradictions_and_no_growth(client, edition):
    for number, year in ((5, None), (6, 2025)):
        other = Edition.objects.create(
            id=made_up.UUID(int=number), kind="theirs", perimeter=edition.perimeter, perimeter_name="Ici", year=year,
            title=f"Document {number}", state="published", checksum="e" * 64, published_at=edition.published_at,
            contradictions=["Un autre document dit 20 %."],
        )  # fmt: skip
        other.values.create(
            indicator="jobs", perimeter=other.perimeter, year=year or 0, unit="jobs", value=21142 + number
        )
    said = text(client.get(reverse("panorama:published")))
    assert "document non daté" in said and "Rupture de série" in said and said.count("Un autre document dit 20 %.") == 2
    assert "21 147" in said and "21 148" in said and "simulé" not in said
    assert "Document 5" in text(client.get("/panorama/"))
    assert "21 147" in page(client, "edition", Edition.objects.get(pk=made_up.UUID(int=5)))


# --- Statements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "most"),
    [
        ("edition", [], 11),
        ("commune", ["42095"], 9),
        ("compare", [], 6),
        ("indicator", ["jobs"], 11),
        ("method", [], 5),
    ],
)
def test_pages_cost_a_known_number_of_statements(client, edition, name, more, most, django_assert_max_num_queries):
    address = reverse(f"panorama:{name}", args=[edition.pk, *more])
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


# --- Drawings --------------------------------------------------------------------------------------------------------


def test_drawings_are_shown_as_they_were_made(client, edition):
    for key, body in (("communes-map", "<figure>la carte</figure>"), ("families", "<figure>les barres</figure>")):
        Placed.objects.create(edition=edition, key=key, fragment=Drawn.objects.create(digest=key, body=body))
    body = client.get("/panorama/").content.decode()
    assert (
        body.index("ma-commune") < body.index("<figure>la carte</figure>") < body.index("<figure>les barres</figure>")
    )


def test_the_home_page_gives_the_key_figures(client, edition):
    body = client.get("/").content.decode()
    assert 'id="panorama"' in body and "Ouvrir le panorama" in body and 'href="/panorama/"' in body


def test_the_contribution_opens_with_the_question_and_shows_the_unknown(client, edition):
    said = page(client, "contribution", edition)
    assert said.index("Quelle contribution de l’économie sociale à l’attractivité des territoires ?") < said.index(
        "Emploi"
    )
    assert "Ville de Montréal" in said
    for heading in ("Financement", "Cohésion sociale", "Attractivité", "Inconnu ici", "Qui pourrait le dire"):
        assert heading in said
    assert "Établissements employeurs : Action sociale" in said and "299" in said


def test_an_indicator_that_the_sources_do_not_give_has_a_page_that_says_so(client, edition):
    told = {figure.indicator for figure in figures_of(edition)}
    said = page(client, "indicator", edition, next(code for code in indicators() if code not in told))
    assert "ce n’est pas zéro, c’est inconnu" in said
    assert " download>" not in said
    assert client.get(reverse("panorama:indicator", args=[edition.pk, "nothing"])).status_code == 404
