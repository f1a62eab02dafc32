"""The dates of a takeover by employees: telling them of a sale, a healthy transmission, an offer to the court.

It counts days from dated parameters and says where they come from; it never gives legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from toile.kernel.durations import Duration
from toile.kernel.errors import UserError
from toile.kernel.typography import NARROW, NO_BREAK, french_number, long_date
from toile.pathway.rules.loans import cents
from toile.pathway.rules.takeover_law import Court, InformationRule, takeover_law

Whom = Literal["employees", "employees_and_cse", "cse", "nobody"]


class TooOld(UserError):
    """The sale is older than the first rule we know."""


class Sale(NamedTuple):
    """A sale as it is planned. cse: there is a committee with the attributions of firms of 50 employees and more.

    control: the whole fonds, or more than half of the shares of a SARL, or the majority of a company's shares.
    exclusions: codes of takeover.toml. told_on: the day the last employee was told; last_told: by the 3-yearly
    information. all_declined_on: the day the last of all employees said that they make no offer.
    """

    on: date
    employees: int
    price: Decimal | None = None
    cse: bool = False
    control: bool = True
    exclusions: frozenset[str] = frozenset()
    told_on: date | None = None
    last_told: date | None = None
    all_declined_on: date | None = None


class Information(NamedTuple):
    """What the law asks of the owner for a sale. tell_by: the last day to tell; None when nobody must be told.

    earliest: the first day the sale may be concluded, from what was told or declined; None when nothing was.
    fine: at most, in euros; None without a price or a fine. doubts: what is not certain, in sentences.
    """

    rule: InformationRule
    whom: Whom
    tell_by: date | None
    earliest: date | None
    fine: Decimal | None
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


class HealthyDate(NamedTuple):
    """When a step of a healthy transmission must end: at ease (what follows takes long), and at the latest."""

    code: str
    label_fr: str
    at_ease: date
    at_latest: date


class Healthy(NamedTuple):
    """The steps up to the sale, the start at ease and at the latest, and the end of the follow-up."""

    start_at_ease: date
    start_at_latest: date
    steps: tuple[HealthyDate, ...]
    follow_up_until: date


class RetroDate(NamedTuple):
    """What must be ready, when, and how many days are left to it: below 0, it should be done already."""

    label_fr: str
    days_before: int
    on: date
    left: int


class Observation(NamedTuple):
    """The end of a court's observation period, then of each renewal that it may grant."""

    court: Court
    ends: date
    renewed: tuple[date, ...]


class Offers(NamedTuple):
    """The days to the court's limit for offers. given: from the opening to it; left: from today; hearing_from: first
    day the hearing may be held."""

    limit: date
    given: int | None
    left: int
    retro: tuple[RetroDate, ...]
    hearing_from: date


def information_rule(on: date) -> InformationRule:
    """The version of the duty to inform that a sale concluded that day falls under. Raises TooOld (domain D10)."""
    for rule in takeover_law().information:
        if rule.start <= on and (rule.end is None or on <= rule.end):
            return rule
    raise TooOld(f"Nous ne connaissons pas les règles d’une vente conclue le {long_date(on)}.")


def information(sale: Sale) -> Information:
    """Whom the owner must tell before a sale, by when, and what it costs not to (domain D10).

    Code de commerce, L141-23 and following (fonds), L23-10-1 and following (shares). Employees have no priority, and
    the owner need not answer an offer.
    """
    rule = information_rule(sale.on)
    doubts = _doubts(sale, rule)
    if out := tuple(_exclusions(sale)):
        return Information(rule, "nobody", None, sale.on, None, out, doubts)
    delay = Duration(months=rule.months_before)
    whom: Whom = "employees"
    if sale.cse:
        whom = "cse" if rule.with_cse == "cse_instead" else "employees_and_cse"
    # The committee is consulted before the sale; the law gives it no month to count back from.
    tell_by = None if whom == "cse" else delay.before(sale.on)
    fine = cents(sale.price * rule.fine_percent / 100) if sale.price is not None and rule.fine_percent else None
    return Information(
        rule, whom, tell_by, _earliest(sale, delay, whom), fine, tuple(_reasons(sale, rule, whom)), doubts
    )


def healthy(signature: date) -> Healthy:
    """The steps of a healthy transmission, counted back from the day it is signed (domain D11; durations: settings)."""
    law = takeover_law()
    # Months are added up before they are taken from the day, so that a short month does not shift what comes before it.
    slow = fast = 0
    steps = []
    for step in reversed(law.healthy):
        at_ease, at_latest = Duration(months=slow).before(signature), Duration(months=fast).before(signature)
        steps.append(HealthyDate(step.code, step.label_fr, at_ease, at_latest))
        slow, fast = slow + step.most, fast + step.least
    return Healthy(
        Duration(months=slow).before(signature),
        Duration(months=fast).before(signature),
        tuple(reversed(steps)),
        Duration(months=law.follow_up_months).after(signature),
    )


def observation(court: str, opened: date) -> Observation:
    """The observation period from the day of the judgment, and each renewal possible (domain D12).

    court: a code of takeover.toml. Code de commerce, livre VI.
    """
    given = takeover_law().courts[court]
    months = given.observation_months
    ends = Duration(months=months).after(opened)
    renewed = []
    for more in given.renewals_months:
        months += more
        renewed.append(Duration(months=months).after(opened))
    return Observation(given, ends, tuple(renewed))


def offers(limit: date, today: date, opened: date | None = None) -> Offers:
    """The days left to the limit for offers, and what must be ready when (domain D12; code de commerce, R642-1)."""
    law = takeover_law()
    retro = []
    for each in law.retro:
        on = limit - timedelta(days=each.days)
        retro.append(RetroDate(each.label_fr, each.days, on, (on - today).days))
    return Offers(
        limit=limit,
        given=(limit - opened).days if opened else None,
        left=(limit - today).days,
        retro=tuple(retro),
        hearing_from=limit + timedelta(days=law.hearing_days),
    )


def _exclusions(sale: Sale) -> Iterator[str]:
    law = takeover_law()
    for code, words in law.exclusions.items():
        if code in sale.exclusions:
            yield f"{words}{NO_BREAK}: l’information n’est pas due."
    if sale.employees == 0:
        yield "L’entreprise n’a pas de salarié."
    elif sale.employees > law.employees_max:
        yield f"L’entreprise a plus de {law.employees_max} salariés."
    if not sale.control:
        yield "La vente ne porte ni sur le fonds, ni sur la majorité des parts ou des actions."
    if sale.last_told and sale.last_told <= sale.on <= Duration(months=12).after(sale.last_told):
        yield f"Les salariés ont été informés dans les douze derniers mois (le {long_date(sale.last_told)})."


def _earliest(sale: Sale, delay: Duration, whom: Whom) -> date | None:
    """The sale waits for the delay after the last employee was told, unless every one has declined before."""
    if whom == "cse":
        return None
    days = [delay.after(sale.told_on)] if sale.told_on else []
    if sale.all_declined_on:
        days.append(sale.all_declined_on)
    return min(days, default=None)


def _reasons(sale: Sale, rule: InformationRule, whom: Whom) -> Iterator[str]:
    months = "un mois" if rule.months_before == 1 else "deux mois"
    yield f"Vente prévue le {long_date(sale.on)}{NO_BREAK}: {rule.label_fr} ({rule.covers_fr})."
    if whom == "cse":
        yield f"Le comité social et économique est informé et consulté{NARROW}; les salariés ne le sont plus un par un."
    else:
        yield f"Chaque salarié est informé au plus tard {months} avant la vente."
        yield "La vente peut avoir lieu plus tôt si chaque salarié a fait savoir qu’il ne fait pas d’offre."
    if whom == "employees_and_cse":
        yield "Le comité social et économique est informé et consulté aussi."
    if rule.fine_percent is not None:
        yield f"Sinon, amende civile d’au plus {french_number(rule.fine_percent)}{NARROW}% du prix."
    elif rule.sanction_fr:
        yield f"Sinon, {rule.sanction_fr}."
    yield "Les salariés n’ont pas de priorité, et le cédant n’est pas tenu de répondre à leur offre."


def _doubts(sale: Sale, rule: InformationRule) -> tuple[str, ...]:
    newest = [each for each in takeover_law().information if sale.on in each.uncertain_days]
    told = [
        f"Ce jour-là, une source applique déjà la {each.label_fr}{NO_BREAK}: par prudence, le long délai est compté."
        for each in newest
    ]
    return (*told, *rule.unclear_fr)
