"""Who could help a project, by declared rules in their order: each suggestion says why; a person decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from toile.pathway.rules.conditions import NO_WORDS, Facts, Lexicon, Truth, Verdict, evaluate
from toile.pathway.rules.matrix import Matrix, matrix
from toile.pathway.rules.offers import HELPERS, PUBLICS, Offer, why_closed
from toile.pathway.rules.orientation_rules import URGENCIES, Rule, Rules, Target, Urgency, rules_of
from toile.pathway.rules.qualifying import Qualification

_RANK: Final = {code: rank for rank, code in enumerate(URGENCIES)}

Because = Literal["closed", "full", "elsewhere", "nature", "public"]
DOOR_KEEPS: Final = "Aucune offre ne convient : la porte qui a reçu garde le dossier, et le manque est compté."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer for somebody to consider. rule: the first that found it. reasons, checks: French sentences; what cannot
    be told from the answers is to be checked."""

    offer: Offer
    rule: str
    reasons: tuple[str, ...]
    need: str
    urgency: Urgency = "normal"
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """An offer that would answer, and why it is not suggested."""

    offer: Offer
    rule: str
    need: str
    because: Because
    sentence: str


class Missing(NamedTuple):
    """A hole that this file meets: a need at a stage, or a kind of help, that no offer answers here and now."""

    stage: str
    need: str
    helper: str
    rule: str
    sentence: str


class Tried(NamedTuple):
    """One rule, whether it holds (None: an answer is lacking), and the reasons of that."""

    code: str
    title: str
    holds: Truth
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Orientation:
    """What the rules suggest, never a decision. rules: the checksum of their file.

    door_keeps: the sentence when nothing is suggested, else empty. consent: whether the person agrees that a partner
    reads something; None while not asked.
    """

    version: str
    rules: str
    on: date
    suggestions: tuple[Suggestion, ...]
    holes: tuple[Missing, ...]
    why_not: tuple[Excluded, ...]
    tried: tuple[Tried, ...]
    door_keeps: str
    consent: Truth


@dataclass(frozen=True, slots=True)
class Project:
    """What rules and offers are compared with.

    facts: answers, what is derived from them, and what qualification adds. places: codes of the commune and of the
    perimeters it is in; none when it is not known.
    """

    facts: Facts
    stage: str
    nature: str
    places: frozenset[str]
    needs: tuple[str, ...]
    on: date


def orient_facts(
    project: Project, offers: Sequence[Offer], rules: Rules, matrix: Matrix, lexicon: Lexicon = NO_WORDS
) -> Orientation:
    """Try each rule in its order and gather what they suggest; the most pressing first, then the order of the rules.

    An offer that several rules find is suggested once, with all their reasons. Source: domain H5.
    """
    finder = _Finder(project, offers, rules, matrix, lexicon)
    tried, settled = [], frozenset[str]()
    found: list[Suggestion] = []
    unmet: list[tuple[Rule, Target]] = []
    excluded: list[Excluded] = []
    for rule in rules.rules:
        verdict = evaluate(rule.when, project.facts, lexicon)
        tried.append(Tried(rule.code, rule.title, verdict.holds, verdict.reasons))
        if verdict.holds is not True:
            continue
        for target in _targets(rule, project, settled):
            suggested, left_out = finder.of(rule, target, verdict)
            found += suggested
            excluded += left_out
            if not suggested:
                unmet.append((rule, target))
        settled |= rule.settles
    suggestions = _merged(found)
    kept = {one.offer.code for one in suggestions}
    answered = {need for one in suggestions for need in (one.need, *one.offer.needs)}
    left = {target.need: finder.hole(rule, target) for rule, target in reversed(unmet) if target.need not in answered}
    holes = tuple(left.values())[::-1]
    if not suggestions and not holes:
        holes = (Missing(project.stage, "", "", "", DOOR_KEEPS),)
    return Orientation(
        version=rules.version,
        rules=rules.checksum,
        on=project.on,
        suggestions=suggestions,
        holes=holes,
        why_not=tuple(one for one in _first_of_each(excluded) if one.offer.code not in kept),
        tried=tuple(tried),
        door_keeps="" if suggestions else DOOR_KEEPS,
        consent=evaluate(rules.consent, project.facts).holds,
    )


def _targets(rule: Rule, project: Project, settled: frozenset[str]) -> tuple[Target, ...]:
    if not rule.each_need:
        return tuple(target for target in rule.targets if target.helper or target.need not in settled)
    return tuple(Target("", need) for need in project.needs if need not in settled | rule.settles)


def _merged(found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """One suggestion for each offer, in the order of urgency, then of first finding."""
    merged: dict[str, Suggestion] = {}
    for one in found:
        before = merged.get(one.offer.code)
        merged[one.offer.code] = one if before is None else _joined(before, one)
    return tuple(sorted(merged.values(), key=lambda one: _RANK[one.urgency]))


def _joined(first: Suggestion, second: Suggestion) -> Suggestion:
    return replace(
        first,
        reasons=tuple(dict.fromkeys((*first.reasons, *second.reasons))),
        checks=tuple(dict.fromkeys((*first.checks, *second.checks))),
        urgency=min(first.urgency, second.urgency, key=_RANK.__getitem__),
    )


def _first_of_each(excluded: Iterable[Excluded]) -> Iterator[Excluded]:
    seen = set()
    for one in excluded:
        if one.offer.code not in seen:
            seen.add(one.offer.code)
            yield one


class _Finder:
    """Looks for the offers of one project: who fits, who does not and why."""

    def __init__(
        self, project: Project, offers: Sequence[Offer], rules: Rules, matrix: Matrix, lexicon: Lexicon
    ) -> None:
        self.project, self.offers, self.rules, self.matrix, self.lexicon = project, offers, rules, matrix, lexicon
        self.publics = {code: evaluate(when, project.facts, lexicon) for code, when in rules.publics.items()}

    def of(self, rule: Rule, target: Target, verdict: Verdict) -> tuple[list[Suggestion], list[Excluded]]:
        """What a rule suggests for a target, the soonest and cheapest first, and what it leaves out."""
        suggested, left_out = [], []
        urgency = self._urgency(rule)
        reasons = (rule.reason, *verdict.reasons) if rule.reason else verdict.reasons
        for offer in sorted(self._candidates(target), key=_soonest):
            if excluded := self._excluded(offer, rule, target):
                left_out.append(excluded)
            else:
                told = (*reasons, self._answers(target)) if target.need and not target.helper else reasons
                suggested.append(Suggestion(offer, rule.code, told, target.need, urgency, self._checks(offer)))
        return suggested[: self.rules.per_need], left_out

    def hole(self, rule: Rule, target: Target) -> Missing:
        """The hole met when nobody fits."""
        what = f"« {HELPERS[target.helper]} »" if target.helper else f"« {self._need_title(target.need)} »"
        sentence = f"Aucune offre ouverte ici ne répond à {what}."
        return Missing(self.project.stage, target.need, target.helper, rule.code, sentence)

    def _candidates(self, target: Target) -> list[Offer]:
        if target.helper:
            return [offer for offer in self.offers if offer.helper == target.helper]
        return [offer for offer in self.offers if offer.serves(self.project.stage, target.need)]

    def _urgency(self, rule: Rule) -> Urgency:
        for level, when in rule.urgencies:
            if evaluate(when, self.project.facts).holds is True:
                return level
        return "normal"

    def _excluded(self, offer: Offer, rule: Rule, target: Target) -> Excluded | None:
        closed = why_closed(offer, self.project.on)
        because: tuple[Because, str] | None = None
        if closed is not None:
            because = ("full" if closed == "full" else "closed", _CLOSED[closed])
        elif offer.perimeters and self.project.places and not offer.perimeters & self.project.places:
            because = ("elsewhere", "Cette offre ne couvre pas la commune du projet.")
        elif offer.natures and self.project.nature and self.project.nature not in offer.natures:
            because = ("nature", "Cette offre ne s’adresse pas à ce genre de projet.")
        elif self._public(offer) is False:
            whom = ", ".join(PUBLICS[code] for code in PUBLICS if code in offer.publics)
            because = ("public", f"Cette offre est réservée\u00a0: {whom}.")
        return None if because is None else Excluded(offer, rule.code, target.need, *because)

    def _public(self, offer: Offer) -> Truth:
        if not offer.publics:
            return True
        verdicts = [self.publics[code].holds if code in self.publics else None for code in offer.publics]
        return True if True in verdicts else (None if None in verdicts else False)

    def _checks(self, offer: Offer) -> tuple[str, ...]:
        checks = []
        if offer.perimeters and not self.project.places:
            checks.append("La commune n’est pas connue : vérifier que l’offre la couvre.")
        if offer.natures and not self.project.nature:
            checks.append("Le genre de projet n’est pas connu : vérifier que l’offre lui est ouverte.")
        if self._public(offer) is None:
            whom = ", ".join(PUBLICS[code] for code in PUBLICS if code in offer.publics)
            checks.append(f"À vérifier : l’offre est réservée ({whom}).")
        if not offer.confirmed:
            checks.append("Rôle à confirmer par le partenaire.")
        return tuple(checks)

    def _answers(self, target: Target) -> str:
        stage = self.matrix.titles.get(self.project.stage, "")
        where = f", à l’étape « {stage} »" if stage else ""
        return f"Répond au besoin « {self._need_title(target.need)} »{where}"

    def _need_title(self, code: str) -> str:
        need = self.matrix.needs.get(code)
        return need.title if need else code


_CLOSED: Final = MappingProxyType(
    {
        "paused": "Son partenaire a suspendu cette offre.",
        "not_yet": "Cette offre n’a pas encore commencé.",
        "over": "Cette offre est terminée.",
        "full": "Cette offre est complète.",
    }
)


def _soonest(offer: Offer) -> tuple[object, ...]:
    delay = offer.delay_days
    return (delay is None, delay or 0, not offer.is_free, offer.title, offer.code)


def orient(
    qualification: Qualification,
    offers: Sequence[Offer],
    on: date,
    *,
    places: Collection[str] = (),
    lexicon: Lexicon = NO_WORDS,
    rules: Rules | None = None,
    needs: Matrix | None = None,
) -> Orientation:
    """Orient a project that was qualified, with the declared rules and matrix unless others are given.

    offers: what partners publish. places: codes of the project's commune and of the perimeters it is in.
    """
    project = Project(
        facts=qualification.facts,
        stage=qualification.stage,
        nature=qualification.nature,
        places=frozenset(places),
        needs=tuple(need.code for need in qualification.needs),
        on=on,
    )
    return orient_facts(project, offers, rules or rules_of(), needs or matrix(), lexicon)
