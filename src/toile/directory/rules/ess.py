"""Whether an organisation belongs to the ESS, by which rule, in which family, and every rule tried on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from toile.directory.rules.ess_parameters import EssParameters
from toile.kernel.identifiers import Nomenclature, naf_nomenclature

Verdict = Literal["yes", "no", "to_check", "unknown"]
Family = Literal["association", "cooperative", "mutuelle", "fondation", "societe_commerciale_ess"]

FAMILIES: Final[Mapping[str, str]] = {
    "association": "Association",
    "cooperative": "Coopérative",
    "mutuelle": "Mutuelle",
    "fondation": "Fondation",
    "societe_commerciale_ess": "Société commerciale de l’ESS",
}
"""The five families to store (domain A4), with their French labels. ESUS is an approval, never a family."""

VERDICTS: Final[Mapping[str, str]] = {
    "yes": "Dans l’ESS",
    "no": "Hors de l’ESS",
    "to_check": "À vérifier",
    "unknown": "Appartenance inconnue",
}


@dataclass(frozen=True, slots=True)
class EssFacts:
    """What is known of an organisation for this rule; None always means « not said », never « no »."""

    name: str = ""
    legal_category: str | None = None
    """Four digits (INSEE)."""
    naf: str | None = None
    """Main activity, dotted: « 88.99B »."""
    naf_nomenclature: Nomenclature | None = None
    """Told by the shape of the code when the source does not say."""
    sirene_flag: Literal["O", "N"] | None = None
    """Field economieSocialeSolidaireUniteLegale; empty is None."""
    in_ess_list: bool | None = None
    """Whether the list of ESS France holds it; None when the list was not read."""
    list_family: Family | None = None
    """Family written in that list, when it gives one."""
    correction: bool | None = None
    """What a named person decided."""
    corrected_family: Family | None = None
    correction_author: str = ""


class Sentence(NamedTuple):
    """A French sentence with named places, and the values that fill them: the page translates the first."""

    msgid: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return self.msgid % self.values


class TriedRule(NamedTuple):
    """One rule of the list, what it is called, what it found, and whether it decided."""

    code: str
    label_fr: str
    outcome_fr: str
    applied: bool


class EssVerdict(NamedTuple):
    """The verdict with its reason: what a page, an export and an import report print."""

    verdict: Verdict
    family: Family | None
    rule: str
    reason: Sentence
    source: str
    tried: tuple[TriedRule, ...]
    remarks: tuple[Sentence, ...] = ()


RULES: Final[Mapping[str, str]] = {
    "correction": "Correction par une personne nommée",
    "never_category": "Forme juridique qui n’est jamais de l’ESS",
    "ess_list": "Liste des entreprises de l’ESS (ESS France)",
    "sirene_yes": "Champ ESS de SIRENE à « O »",
    "form_kept": "Forme juridique de l’ESS, activité retenue",
    "form_excluded": "Forme juridique de l’ESS, activité exclue",
    "name_pattern": "Nom qui évoque une coopérative",
    "sirene_no": "Champ ESS de SIRENE à « N »",
    "none": "Aucune règle",
}
"""The rules in the order they are tried: the first that matches decides (domain A9)."""

OUTCOMES: Final[Mapping[str, str]] = {
    "applied": "C’est cette règle qui décide",
    "not_corrected": "Personne n’a corrigé",
    "category_unknown": "La forme juridique n’est pas connue",
    "category_possible": "La forme juridique n’est pas de celles-là",
    "category_other": "La forme juridique ne suffit pas",
    "category_plain": "La forme juridique n’est pas de celles où le nom compte",
    "not_in_list": "Elle n’est pas dans la liste",
    "list_not_read": "La liste n’a pas été consultée",
    "flag_empty": "Le champ est vide, ce qui ne veut pas dire « N »",
    "flag_no": "Le champ dit « N »",
    "naf_excluded": "L’activité est de celles que l’on exclut",
    "name_silent": "Le nom ne dit rien",
}

REASONS: Final[Mapping[str, str]] = {
    "corrected_yes": "%(author)s a confirmé que cette structure est de l’ESS.",
    "corrected_no": "%(author)s a indiqué que cette structure n’est pas de l’ESS.",
    "never_category": "La catégorie juridique %(category)s (%(label)s) n’est jamais de l’ESS.",
    "ess_list": "Elle figure dans la liste des entreprises de l’ESS tenue par ESS France.",
    "sirene_yes": "Le champ « économie sociale et solidaire » de SIRENE dit « O ».",
    "form_kept": "La catégorie juridique %(category)s est de l’ESS par nature.",
    "form_kept_against_no": "La catégorie juridique %(category)s est de l’ESS par nature ; SIRENE dit pourtant « N ».",
    "form_doubtful": "La catégorie juridique %(category)s (%(label)s) est discutée : une personne doit regarder.",
    "form_excluded": "La catégorie juridique %(category)s est de l’ESS, mais son activité (%(naf)s) en est exclue.",
    "name_pattern": "Le nom évoque une coopérative ; la forme juridique (%(category)s) ne le confirme pas.",
    "sirene_no": "Le champ « économie sociale et solidaire » de SIRENE dit « N ».",
    "none": "Rien de ce que l’on sait ne permet de conclure.",
    "somebody": "Une personne",
}

REMARKS: Final[Mapping[str, str]] = {
    "flag_contradicts": "Le champ ESS de SIRENE dit pourtant « N ».",
    "family_by_name": "La famille est déduite du nom.",
    "naf_unknown": "L’activité n’est pas connue : on n’a pas pu vérifier qu’elle n’est pas exclue.",
    "doubtful_form": "L’appartenance de cette forme (%(label)s) est discutée ; c’est un réglage.",
}

_FLAGS: Final[Mapping[str, Literal["O", "N"]]] = {"O": "O", "OUI": "O", "TRUE": "O", "N": "N", "NON": "N", "FALSE": "N"}

_SOURCE_CORRECTION: Final = "correction dans Toile"
_SOURCE_LIST: Final = "Liste des entreprises de l’ESS, ESS France, data.gouv.fr"
_SOURCE_SIRENE: Final = "SIRENE, champ economieSocialeSolidaireUniteLegale"

_TRIED: Final = {
    (rule, outcome): TriedRule(rule, RULES[rule], OUTCOMES[outcome], outcome == "applied")
    for rule in RULES
    for outcome in OUTCOMES
}
_NOTHING: Final[Mapping[str, str]] = {}
_FLAG_REMARK: Final = Sentence(REMARKS["flag_contradicts"], _NOTHING)
_NAME_REMARK: Final = Sentence(REMARKS["family_by_name"], _NOTHING)
_NAF_REMARK: Final = Sentence(REMARKS["naf_unknown"], _NOTHING)
_LIST_REASON: Final = Sentence(REASONS["ess_list"], _NOTHING)
_SIRENE_YES_REASON: Final = Sentence(REASONS["sirene_yes"], _NOTHING)
_SIRENE_NO_REASON: Final = Sentence(REASONS["sirene_no"], _NOTHING)
_NO_REASON: Final = Sentence(REASONS["none"], _NOTHING)


def sirene_flag(text: str | None) -> Literal["O", "N"] | None:
    """Read the ESS field of SIRENE (lists copied from it write True or False); empty is None, never no (domain A8)."""
    return _FLAGS.get(text.strip().upper()) if text else None


def ess_membership(facts: EssFacts, parameters: EssParameters) -> EssVerdict:
    """Say whether an organisation is in the ESS: the first rule that matches decides (domain A9; loi 2014-856 art. 1).

    Order: correction, form that is never ESS, list of ESS France, SIRENE « O », ESS form with its
    activity kept, ESS form with its activity excluded, name that evokes a co-operative (to check,
    never yes), SIRENE « N », unknown. `tried` holds the rules up to the one that decided.
    """
    tried: list[TriedRule] = []
    category = facts.legal_category

    if facts.correction is not None:
        return _corrected(facts, parameters)
    tried.append(_TRIED["correction", "not_corrected"])

    if category and category.startswith(parameters.never_prefixes):
        entry = parameters.never(category)
        reason = Sentence(REASONS["never_category"], {"category": category, "label": entry.label})
        return _decided("no", None, "never_category", reason, entry.source, tried)
    tried.append(_TRIED["never_category", "category_possible" if category else "category_unknown"])

    if facts.in_ess_list:
        family, remarks = _family(facts, parameters)
        if facts.sirene_flag == "N":
            remarks = (*remarks, _FLAG_REMARK)
        return _decided("yes", family, "ess_list", _LIST_REASON, _SOURCE_LIST, tried, remarks)
    tried.append(_TRIED["ess_list", "list_not_read" if facts.in_ess_list is None else "not_in_list"])

    if facts.sirene_flag == "O":
        family, remarks = _family(facts, parameters)
        return _decided("yes", family, "sirene_yes", _SIRENE_YES_REASON, _SOURCE_SIRENE, tried, remarks)
    tried.append(_TRIED["sirene_yes", "flag_empty" if facts.sirene_flag is None else "flag_no"])

    by_form = _by_form(facts, parameters, tried)
    if by_form is not None:
        return by_form

    if category in parameters.unclear_categories:
        if parameters.name_pattern.search(facts.name):
            reason = Sentence(REASONS["name_pattern"], {"category": category or ""})
            return _decided("to_check", None, "name_pattern", reason, parameters.name_source, tried)
        tried.append(_TRIED["name_pattern", "name_silent"])
    else:
        tried.append(_TRIED["name_pattern", "category_plain" if category else "category_unknown"])

    if facts.sirene_flag == "N":
        return _decided("no", None, "sirene_no", _SIRENE_NO_REASON, _SOURCE_SIRENE, tried)
    tried.append(_TRIED["sirene_no", "flag_empty"])
    return _decided("unknown", None, "none", _NO_REASON, "", tried)


def _decided(
    verdict: Verdict,
    family: Family | None,
    rule: str,
    reason: Sentence,
    source: str,
    tried: list[TriedRule],
    remarks: tuple[Sentence, ...] = (),
) -> EssVerdict:
    tried.append(_TRIED[rule, "applied"])
    return EssVerdict(verdict, family, rule, reason, source, tuple(tried), remarks)


def _corrected(facts: EssFacts, parameters: EssParameters) -> EssVerdict:
    author = {"author": facts.correction_author or REASONS["somebody"]}
    if not facts.correction:
        return _decided("no", None, "correction", Sentence(REASONS["corrected_no"], author), _SOURCE_CORRECTION, [])
    family, remarks = _family(facts, parameters)
    if facts.corrected_family is not None:
        family, remarks = facts.corrected_family, ()
    reason = Sentence(REASONS["corrected_yes"], author)
    return _decided("yes", family, "correction", reason, _SOURCE_CORRECTION, [], remarks)


def _by_form(facts: EssFacts, parameters: EssParameters, tried: list[TriedRule]) -> EssVerdict | None:
    """The two rules on the legal form; None, and both told in `tried`, when the form decides nothing."""
    category = facts.legal_category
    form = parameters.forms.get(category or "")
    if category is None or form is None or form.treatment == "none":
        outcome = "category_other" if category else "category_unknown"
        tried.append(_TRIED["form_kept", outcome])
        tried.append(_TRIED["form_excluded", outcome])
        return None
    naf = facts.naf
    nomenclature = (facts.naf_nomenclature or naf_nomenclature(naf)) if naf else None
    prefixes = parameters.excluded_naf.get(nomenclature) if nomenclature else None
    if naf and prefixes and naf.startswith(prefixes):
        tried.append(_TRIED["form_kept", "naf_excluded"])
        reason = Sentence(REASONS["form_excluded"], {"category": category, "naf": naf})
        return _decided("no", None, "form_excluded", reason, parameters.naf_source, tried)
    if form.treatment == "to_check":
        reason = Sentence(REASONS["form_doubtful"], {"category": category, "label": form.label})
        return _decided("to_check", form.family, "form_kept", reason, form.source, tried)
    key = "form_kept_against_no" if facts.sirene_flag == "N" else "form_kept"
    remarks: tuple[Sentence, ...] = ()
    if form.label:
        remarks = (Sentence(REMARKS["doubtful_form"], {"label": form.label}),)
    if prefixes is None:
        remarks = (*remarks, _NAF_REMARK)
    reason = Sentence(REASONS[key], {"category": category})
    return _decided("yes", form.family, "form_kept", reason, form.source, tried, remarks)


def _family(facts: EssFacts, parameters: EssParameters) -> tuple[Family | None, tuple[Sentence, ...]]:
    """Family of an organisation known to be in the ESS: by its form, by the list, by its name, then by exclusion."""
    category = facts.legal_category or ""
    form = parameters.forms.get(category)
    if form is not None and form.family is not None:
        return form.family, ()
    if facts.list_family is not None:
        return facts.list_family, ()
    # Without a code for co-operative SAS, a SCOP or SCIC under 5710 shows only in its name (domain A7).
    if (not category or category in parameters.unclear_categories) and parameters.name_pattern.search(facts.name):
        return "cooperative", (_NAME_REMARK,)
    return ("societe_commerciale_ess" if category.startswith(("5", "6")) else None), ()
