"""Where the sources disagree on who is in the ESS: what each of them says alone, counted against the others."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

from ibis.expr import types as ir

from toile.directory.rules.ess import EssFacts, Family, ess_membership, sirene_flag
from toile.directory.rules.ess_parameters import EssParameters
from toile.panorama.rules.remarks import Remark

from .engines import Running

Opinion = Literal["yes", "no", "silent"]

CODES: Final = (
    "listed_flag_no",
    "listed_form_no",
    "flag_yes_form_no",
    "flag_no_form_yes",
    "listed_alone",
    "flag_yes_not_listed",
    "family_differs",
)


def disagreements(
    running: Running, units: ir.Table, ess_list: ir.Table, parameters: EssParameters
) -> tuple[Remark, ...]:
    """How many units two sources oppose each other on: the list, the flag of SIRENE, the form with its activity.

    units: official columns as text. ess_list: `siren`, `family` of what the list of ESS France holds. One remark for
    each of `CODES`, zero included, out of all the units; its examples are legal categories, the most frequent first.
    Each source is heard alone: the form says no where it is never of the ESS, or its activity left out (domain A10).
    """
    held = ess_list.select(held="siren", said=ess_list.family)
    both = units.left_join(held, units.siren == held.held)
    groups = running.fetch(
        both.group_by(
            listed=both.held.notnull(),
            family=both.said,
            flag=both.economieSocialeSolidaireUniteLegale,
            category=both.categorieJuridiqueUniteLegale,
            naf=both.activitePrincipaleUniteLegale,
        ).agg(count=both.count())
    ).to_pylist()
    total = sum(int(group["count"]) for group in groups)
    counted = {code: Counter[str]() for code in CODES}
    for group in groups:
        form, family = _form(group["category"], group["naf"], parameters)
        flag: Opinion = {"O": "yes", "N": "no"}.get(sirene_flag(group["flag"]) or "", "silent")  # type: ignore[assignment]
        opposed = {
            "listed_flag_no": group["listed"] and flag == "no",
            "listed_form_no": group["listed"] and form == "no",
            "flag_yes_form_no": flag == "yes" and form == "no",
            "flag_no_form_yes": flag == "no" and form == "yes",
            "listed_alone": group["listed"] and flag == "silent" and form == "silent",
            "flag_yes_not_listed": not group["listed"] and flag == "yes",
            "family_differs": bool(group["listed"] and group["family"] and family and group["family"] != family),
        }
        for code, is_so in opposed.items():
            if is_so:
                counted[code][group["category"] or "?"] += int(group["count"])
    return tuple(
        Remark(code, counts.total(), total, tuple(category for category, _count in counts.most_common(5)))
        for code, counts in counted.items()
    )


def _form(category: str | None, naf: str | None, parameters: EssParameters) -> tuple[Opinion, Family | None]:
    """What the legal form with its activity says alone, and its family."""
    verdict = ess_membership(EssFacts(legal_category=category, naf=naf), parameters)
    opinion: Opinion = "yes" if verdict.verdict == "yes" else "no" if verdict.verdict == "no" else "silent"
    form = parameters.forms.get(category or "")
    return opinion, form.family if form else None
