"""Who is in the ESS, as one expression over the columns of the legal units: the answer of `directory.rules.ess`."""

from __future__ import annotations

from typing import Final

import ibis
from ibis.expr import types as ir

from toile.directory.rules.ess_parameters import EssParameters, Treatment

PUBLIC: Final = ("4", "7")
"""First digit of the legal categories of public law (INSEE): their jobs are outside private employment (domain A13)."""

# A code of activity as SIRENE writes it, with or without its dot, and the nomenclature told by its shape.
_ACTIVITY: Final = r"^\d{2}\.?(\d{2}[A-Z]|\d[A-Z]|\d{2})$"
_SHAPES: Final = (
    ("NAFRev2", r"^\d{2}\.?\d{2}[ZA-F]$"),
    ("NAF2025", r"^\d{2}\.?\d{2}[YG-L]$"),
    ("NAFRev1", r"^\d{2}\.?\d[A-Z]$"),
    ("NAP", r"^\d{2}\.?\d{2}$"),
)


def judged(units: ir.Table, parameters: EssParameters, ess_list: ir.Table | None = None) -> ir.Table:
    """Each legal unit with its verdict: columns `siren`, `verdict`, `family` (empty when none), `public`.

    units: official columns as text, empty ones null. ess_list: `siren`, `family` (null when the list gives none) of
    what ESS France holds, one row a SIREN; without it that rule is passed over. Nobody's correction is known here.
    """
    found = _said(units, ess_list).mutate(in_ess=lambda said: _in_ess(said, parameters))
    return found.mutate(verdict=_verdict(found, parameters)).select(
        "siren",
        "verdict",
        family=lambda said: ibis.cases((said.in_ess, _family(said, parameters)), else_=""),
        public=_public,
    )


def members(units: ir.Table, parameters: EssParameters, ess_list: ir.Table | None = None) -> ir.Table:
    """The legal units that are of the ESS, or public: columns `siren`, `ess`, `family` (empty when none), `public`.

    The same answer as `judged`, without the names that only « to check » needs.
    """
    found = _said(units, ess_list).mutate(ess=lambda said: _in_ess(said, parameters), public=_public)
    return found.filter(found.ess | found.public).select(
        "siren", "ess", "public", family=lambda said: ibis.cases((said.ess, _family(said, parameters)), else_="")
    )


def _public(said: ir.Table) -> ir.BooleanValue:
    return ibis.or_(*(said.category.startswith(digit) for digit in PUBLIC)).fill_null(False)


def _said(units: ir.Table, ess_list: ir.Table | None) -> ir.Table:
    """What the rules read of each unit, under short names; null for what is not said."""
    said = units.select(
        siren=units.siren,
        category=units.categorieJuridiqueUniteLegale,
        flag=units.economieSocialeSolidaireUniteLegale,
        activity=units.activitePrincipaleUniteLegale,
        nomenclature=units.nomenclatureActivitePrincipaleUniteLegale,
        usual=units.denominationUsuelle1UniteLegale,
        name=units.denominationUniteLegale,
    )
    if ess_list is None:
        return said.mutate(listed=ibis.literal(False), list_family=ibis.literal(""))
    held = ess_list.select(listed_siren="siren", held_family="family")
    both = said.left_join(held, said.siren == held.listed_siren)
    return both.mutate(listed=both.listed_siren.notnull(), list_family=both.held_family.fill_null(""))


def _in_ess(said: ir.Table, parameters: EssParameters) -> ir.BooleanValue:
    """Whether the first rule that matches says yes."""
    kept = _treated(parameters, "yes")
    by_form = _when(said.category.isin(kept), ~_left_out(said, parameters))
    return (~_never(said, parameters) & (said.listed | (said.flag == "O") | by_form)).fill_null(False)


def _verdict(said: ir.Table, parameters: EssParameters) -> ir.StringValue:
    """The rules in the order of domain A9; the first that matches decides."""
    doubtful = _treated(parameters, "to_check")
    left_out = _when(said.category.isin([*_treated(parameters, "yes"), *doubtful]), _left_out(said, parameters))
    unclear = said.category.isin(sorted(parameters.unclear_categories))
    to_check = [] if not doubtful else [(said.category.isin(doubtful), "to_check")]
    return ibis.cases(
        (_never(said, parameters), "no"),
        (said.in_ess, "yes"),
        (left_out, "no"),
        *to_check,
        (_when(unclear, _cooperative_name(said, parameters)), "to_check"),
        (said.flag == "N", "no"),
        else_="unknown",
    )


def _treated(parameters: EssParameters, treatment: Treatment) -> list[str]:
    return [code for code, form in parameters.forms.items() if form.treatment == treatment]


def _never(said: ir.Table, parameters: EssParameters) -> ir.BooleanValue:
    return ibis.or_(*(said.category.startswith(prefix) for prefix in parameters.never_prefixes)).fill_null(False)


def _family(said: ir.Table, parameters: EssParameters) -> ir.StringValue:
    """The family of what is in the ESS: by its form, by the list, by its name, then by exclusion."""
    of_family: dict[str, list[str]] = {}
    for code, form in parameters.forms.items():
        if form.family is not None:
            of_family.setdefault(form.family, []).append(code)
    hides_a_form = said.category.isnull() | said.category.isin(["", *sorted(parameters.unclear_categories)])
    return ibis.cases(
        *((said.category.isin(codes), family) for family, codes in of_family.items()),
        (said.list_family != "", said.list_family),
        (_when(hides_a_form, _cooperative_name(said, parameters)), "cooperative"),
        (said.category.startswith("5") | said.category.startswith("6"), "societe_commerciale_ess"),
        else_="",
    )


def _left_out(said: ir.Table, parameters: EssParameters) -> ir.BooleanValue:
    """Whether the activity is of those left out, in the nomenclature that the row says, else in that of its shape."""
    starts = {name: _both_writings(prefixes) for name, prefixes in parameters.excluded_naf.items()}
    in_its_list = [_when(_starts(said, found), _is_of(said, nomenclature)) for nomenclature, found in starts.items()]
    in_some_list = _starts(said, sorted(set().union(*starts.values())))
    return _when(in_some_list, ibis.or_(*in_its_list) & said.activity.re_search(_ACTIVITY))


def _starts(said: ir.Table, starts: list[str]) -> ir.BooleanValue:
    return ibis.or_(*(said.activity.startswith(start) for start in starts))


def _when(first: ir.BooleanValue, then: ir.BooleanValue) -> ir.BooleanValue:
    """Both, the second looked at only where the first holds: engines look at every part of an « and »."""
    return ibis.cases((first, then), else_=False)


def _is_of(said: ir.Table, nomenclature: str) -> ir.BooleanValue:
    told = (said.nomenclature == nomenclature).fill_null(False)
    shape = dict(_SHAPES).get(nomenclature)
    return told if shape is None else told | _when(_unsaid(said.nomenclature), said.activity.re_search(shape))


def _unsaid(text: ir.StringValue) -> ir.BooleanValue:
    return text.isnull() | (text == "")


def _both_writings(prefixes: tuple[str, ...]) -> list[str]:
    """The prefixes with their dot, and as the files until 2018 write them, without."""
    return sorted({*prefixes, *(prefix.replace(".", "") for prefix in prefixes)})


def _cooperative_name(said: ir.Table, parameters: EssParameters) -> ir.BooleanValue:
    """Whether one of its names evokes a co-operative."""
    return (said.usual.fill_null("") + " " + said.name.fill_null("")).re_search(
        _everywhere(parameters.name_pattern.pattern)
    )


def _everywhere(pattern: str) -> str:
    """The pattern as DuckDB and Java read it: their `\\b` sees only the letters of ASCII as letters of a word."""
    head, boundary, rest = pattern.partition(r"\b")
    if r"\b" in rest or (boundary and head):
        raise ValueError(f"only a leading word boundary is translated: {pattern}")
    return "(?i)" + (r"(?:^|[^\p{L}\p{N}_])" if boundary else "") + (rest or head)
