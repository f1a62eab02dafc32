"""Why a plan is as it is, in words: this adviser, this week, who waits and what for, how many days are short."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from toile.kernel.typography import french_number, plural_form
from toile.pathway.rules.planning import Adviser, Firm, Plan, Refusal, Visit, planning_settings, points

MOST_NAMED: Final = 3

_REFUSALS: Final[Mapping[Refusal, str]] = {
    "conflict": "{name} a un conflit d’intérêts",
    "skill": "{name} n’a pas la compétence demandée",
    "place": "{name} ne va pas dans cette commune",
}


class Why(NamedTuple):
    """The reasons of a visit: who, when, and what is to be known besides (empty when nothing)."""

    adviser_fr: str
    week_fr: str
    warning_fr: str


class Words:
    """Says a plan, naming firms and advisers as `names` does; by their codes where it does not."""

    def __init__(self, plan: Plan, names: Mapping[str, str] | None = None) -> None:
        self._plan = plan
        self._names = names or {}
        self._firms = {firm.code: firm for firm in plan.case.firms}
        self._advisers = {adviser.code: adviser for adviser in plan.case.advisers}
        self._seen: dict[tuple[str, int], list[Visit]] = {}
        for visit in plan.visits:
            self._seen.setdefault((visit.choice.adviser, visit.choice.week), []).append(visit)

    def why(self, visit: Visit) -> Why:
        """The reasons of a visit of the plan."""
        firm, adviser = self._firms[visit.choice.firm], self._advisers[visit.choice.adviser]
        if visit.fixed:
            return Why("choix fait à la main, gardé tel quel", "semaine choisie à la main", self._warning(visit, firm))
        return Why(
            self._why_adviser(firm, adviser, visit), self._why_week(firm, adviser, visit), self._late(visit, firm)
        )

    def waits(self, firm: Firm) -> str:
        """Why a firm has no visit in the plan."""
        refusals = {one.code: one.refusal(firm) for one in self._plan.case.advisers}
        able = [one for one in self._plan.case.advisers if refusals[one.code] is None]
        if not refusals:
            return "personne ne peut la voir : l’équipe est vide"
        if not able:
            named = [_REFUSALS[refusal].format(name=self._name(code)) for code, refusal in refusals.items() if refusal]
            return f"personne ne peut la voir : {_listed(named)}"
        weeks = [week for week in range(1, self._plan.case.weeks + 1) if week not in firm.not_in]
        if not weeks:
            return "retirée à la main de toutes les semaines du plan"
        long_enough = [(one, week) for one in able for week in weeks if one.days_in(week) >= firm.days]
        if not long_enough:
            return f"aucune semaine n’offre {days_fr(firm.days)} libre d’un coup à {self._some(able)}"
        useful = [(one, week) for one, week in long_enough if points(firm, one, week) > 0]
        if not useful:
            return "le trajet coûte plus que la visite n’apporte"
        instead = [visit for one, week in useful for visit in self._seen.get((one.code, week), [])]
        instead.sort(key=lambda visit: -visit.points)
        named = [
            f"{self._name(visit.choice.firm)} ({_points_fr(visit.points)} points)" for visit in instead[:MOST_NAMED]
        ]
        others = " et d’autres" if len(instead) > MOST_NAMED else ""
        return (
            f"{self._some(able)} : le temps va à {', '.join(named)}{others}, il faudrait {days_fr(firm.days)} de plus"
        )

    def owed(self, firm: Firm) -> str:
        """What is said of a firm that had to be seen by a week and is not."""
        seen = next((visit.choice.week for visit in self._plan.visits if visit.choice.firm == firm.code), None)
        then = f"elle le sera en semaine {seen}, en retard" if seen else self.waits(firm)
        return f"devait être vue au plus tard en semaine {firm.deadline} : {then}"

    def days(self) -> str:
        """Days asked for, days there are, and how many are short."""
        needed, available = self._plan.balance
        told = f"{days_fr(needed)} à passer, {days_fr(available)} de temps libre"
        short = self._plan.balance.short
        if short:
            return f"{told} : il manque {days_fr(short)}"
        if self._plan.waiting:
            return f"{told} : le total suffit, mais pas là où il le faudrait"
        return f"{told} : le temps suffit"

    def _why_adviser(self, firm: Firm, adviser: Adviser, visit: Visit) -> str:
        able = [one for one in self._plan.case.advisers if one.refusal(firm) is None]
        reasons = []
        if len(able) == 1 and len(self._plan.case.advisers) > 1:
            reasons.append(f"seul choix possible ({self._others_refused(firm)})")
        elif firm.skills:
            reasons.append("a la compétence demandée")
        if firm.code in adviser.known:
            reasons.append(f"connaît déjà la structure (+ {_points_fr(planning_settings().known)} points)")
        if adviser.travel.get(firm.code):
            reasons.append(f"trajet : {_points_fr(adviser.travel[firm.code])} points en moins")
        better = [one for one in able if points(firm, one, visit.choice.week) > visit.points + 1e-6]
        if better:
            reasons.append(f"{self._some(better)} rapporterait plus, mais son temps de la semaine sert mieux ailleurs")
        elif len(able) > 1:
            equal = [one for one in able if abs(points(firm, one, visit.choice.week) - visit.points) <= 1e-6]
            reasons.append(
                "autant de points qu’un autre, l’ordre de la liste décide" if len(equal) > 1 else "le plus de points"
            )
        return " ; ".join(reasons) or "seule personne de l’équipe"

    def _why_week(self, firm: Firm, adviser: Adviser, visit: Visit) -> str:
        week = visit.choice.week
        owed = f"à voir au plus tard en semaine {firm.deadline}" if firm.deadline else ""
        if week == 1:
            return ", ".join(filter(None, [owed, "la première semaine : attendre coûte des points"]))
        taken = [one for earlier in range(1, week) for one in self._seen.get((adviser.code, earlier), [])]
        away = [earlier for earlier in range(1, week) if not adviser.days_in(earlier)]
        reasons = [owed] if owed else []
        if taken:
            named = ", ".join(self._name(one.choice.firm) for one in taken[:MOST_NAMED])
            more = " et d’autres" if len(taken) > MOST_NAMED else ""
            reasons.append(f"avant, {self._name(adviser.code)} voit {named}{more}")
        off = [earlier for earlier in range(1, week) if earlier in firm.not_in]
        if off:
            reasons.append(f"retirée à la main en semaine {', '.join(map(str, off[:MOST_NAMED]))}")
        if away:
            reasons.append(f"sans temps libre en semaine {', '.join(map(str, away[:MOST_NAMED]))}")
        return ", ".join(reasons) or "la première semaine où le temps libre suffit"

    def _warning(self, visit: Visit, firm: Firm) -> str:
        """What a choice made by hand goes against."""
        adviser = self._advisers[visit.choice.adviser]
        warnings = []
        refusal = adviser.refusal(firm)
        if refusal:
            warnings.append(_REFUSALS[refusal].format(name=self._name(adviser.code)))
        if self._plan.left[adviser.code, visit.choice.week] < 0:
            over = -self._plan.left[adviser.code, visit.choice.week]
            warnings.append(f"{days_fr(over)} de plus que le temps libre de la semaine")
        return ", ".join(filter(None, [*warnings, self._late(visit, firm)]))

    def _late(self, visit: Visit, firm: Firm) -> str:
        return f"en retard : devait être vue au plus tard en semaine {firm.deadline}" if visit.late else ""

    def _others_refused(self, firm: Firm) -> str:
        refused = [(one, one.refusal(firm)) for one in self._plan.case.advisers]
        return _listed([_REFUSALS[why].format(name=self._name(one.code)) for one, why in refused if why])

    def _some(self, advisers: list[Adviser]) -> str:
        names = [self._name(one.code) for one in advisers]
        return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} personnes"

    def _name(self, code: str) -> str:
        return self._names.get(code, code)


def _listed(sentences: list[str]) -> str:
    more = f" ; {len(sentences) - MOST_NAMED} autres non plus" if len(sentences) > MOST_NAMED else ""
    return " ; ".join(sentences[:MOST_NAMED]) + more


def _points_fr(value: float) -> str:
    return french_number(round(value, 1))


def days_fr(days: Decimal) -> str:
    """« ½ jour », « 12 jours », « 1,5 jour »."""
    if days == Decimal("0.5"):
        return "½ jour"
    return f"{french_number(days.normalize())} {plural_form(days, 'jour', 'jours')}"
