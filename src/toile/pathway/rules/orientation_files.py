"""Answers and offers read from a JSON file, and an orientation told as JSON, for who has no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from toile.kernel.errors import UserError
from toile.pathway.rules.matrix import Matrix
from toile.pathway.rules.offers import HELPERS, Offer, Training, faults
from toile.pathway.rules.orientation import Orientation
from toile.pathway.rules.orientation_rules import Rules
from toile.pathway.rules.procedure import Procedure
from toile.pathway.rules.qualifying import Qualification
from toile.pathway.rules.reading import read_all

MOST_OFFERS: Final = 5_000
_SETS: Final = ("needs", "stages", "natures", "publics", "perimeters")
_DAYS: Final = ("valid_from", "valid_until")
_PLAIN: Final = ("partner", "partner_name", "title", "helper", "cost", "is_free", "delay_days", "places", "confirmed")
_OF_TRAINING: Final = ("body", "level", "recognised", "starts_on", "ends_on")


class CaseRefused(UserError):
    """A file of answers or offers that cannot be read: says where and what is wrong."""


class Told(NamedTuple):
    """What a file says. offers: None when it gives none. refused: question → why its answer is left out."""

    answers: Mapping[str, object]
    offers: tuple[Offer, ...] | None
    on: date | None
    places: frozenset[str]
    known: Mapping[str, object]
    refused: Mapping[str, str]


def read_case(raw: object, procedure: Procedure, matrix: Matrix) -> Told:
    """Read `{"answers": {…}, "offers": […], "date": …, "places": […], "known": {…}}`, or answers alone.

    Raises CaseRefused; an answer that cannot be understood is left out, and told.
    """
    if not isinstance(raw, Mapping):
        raise CaseRefused("Ce fichier doit être un objet JSON : des réponses par code de question.")
    whole = raw if "answers" in raw else {"answers": raw}
    if unknown := sorted(set(whole) - {"answers", "offers", "date", "places", "known"}):
        raise CaseRefused(f"« {unknown[0]} » n’est pas compris : answers, offers, date, places, known.")
    answers, offers, places = whole["answers"], whole.get("offers"), whole.get("places", [])
    known = whole.get("known", {})
    if not isinstance(answers, Mapping) or not isinstance(known, Mapping):
        raise CaseRefused("« answers » et « known » sont des objets JSON.")
    if not isinstance(places, list) or not all(isinstance(one, str) for one in places):
        raise CaseRefused("« places » est une liste de codes : commune, intercommunalité, périmètre.")
    if offers is not None and (not isinstance(offers, list) or len(offers) > MOST_OFFERS):
        raise CaseRefused(f"« offers » est une liste d’offres, {MOST_OFFERS} au plus.")
    kept, refused = read_all(procedure, answers)
    return Told(
        answers=kept,
        offers=None if offers is None else tuple(_offer(one, n, matrix) for n, one in enumerate(offers, start=1)),
        on=_day(whole.get("date"), "date"),
        places=frozenset(places),
        known=known,
        refused={code: " ".join(one.sentence for one in why) for code, why in refused.items()},
    )


def _offer(raw: object, number: int, matrix: Matrix) -> Offer:
    where = f"offre {number}"
    if not isinstance(raw, Mapping):
        raise CaseRefused(f"L’{where} est un objet JSON.")
    training = raw.get("training")
    allowed = {"code", *_SETS, *_DAYS, *_PLAIN, "paused", "training"}
    if unknown := sorted(set(raw) - allowed):
        raise CaseRefused(f"L’{where} : « {unknown[0]} » n’est pas compris.")
    for name in _SETS:
        codes = raw.get(name, [])
        if not isinstance(codes, list) or not all(isinstance(one, str) for one in codes):
            raise CaseRefused(f"L’{where} : « {name} » est une liste de codes.")
    said: dict[str, Any] = {
        **{name: raw[name] for name in _PLAIN if name in raw},
        **{name: frozenset(raw[name]) for name in _SETS if name in raw},
        **{name: _day(raw[name], f"{where}, {name}") for name in _DAYS if name in raw},
    }
    _typed(said, where)
    offer = Offer(
        code=str(raw.get("code", number)),
        training=None if training is None else _training(training, where),
        paused=bool(raw.get("paused", False)),
        **{"partner": "", "partner_name": "", "title": "", "needs": frozenset(), **said},
    )
    wrong = faults(offer, needs=matrix.needs, stages=matrix.titles)
    if wrong:
        raise CaseRefused(f"L’{where} : {wrong[0].sentence}")
    return offer


def _typed(said: Mapping[str, Any], where: str) -> None:
    for name in ("delay_days", "places"):
        if said.get(name) is not None and type(said[name]) is not int:
            raise CaseRefused(f"L’{where} : « {name} » est un nombre entier.")
    for name in ("partner", "partner_name", "title", "helper", "cost"):
        if not isinstance(said.get(name, ""), str):
            raise CaseRefused(f"L’{where} : « {name} » est un texte.")


def _training(raw: object, where: str) -> Training:
    if not isinstance(raw, Mapping) or set(raw) - set(_OF_TRAINING):
        raise CaseRefused(f"L’{where} : « training » a {', '.join(_OF_TRAINING)}.")
    words = {name: str(raw[name]) for name in ("body", "level", "recognised") if raw.get(name)}
    days = {name: _day(raw[name], f"{where}, {name}") for name in ("starts_on", "ends_on") if name in raw}
    return Training(**words, **days)  # type: ignore[arg-type]


def _day(raw: object, where: str) -> date | None:
    if raw is None:
        return None
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise CaseRefused(f"{where.capitalize()} : une date s’écrit AAAA-MM-JJ.") from None


def generic_offers(rules: Rules) -> tuple[Offer, ...]:
    """One offer without a partner for each kind of help that rules name: whom to look for, where none is known."""
    needs: dict[str, set[str]] = {}
    for target in (target for rule in rules.rules for target in rule.targets if target.helper):
        needs.setdefault(target.helper, set()).add(target.need)
    return tuple(Offer(code, "", "", HELPERS[code], frozenset(found), helper=code) for code, found in needs.items())


def orientation_told(found: Orientation) -> dict[str, Any]:
    """An orientation as plain values, reasons included."""
    return {
        "version": found.version,
        "rules": found.rules,
        "on": found.on.isoformat(),
        "never_automatic": "Ce sont des suggestions : une personne décide.",
        "consent": found.consent,
        "suggestions": [
            {
                "offer": one.offer.code,
                "title": one.offer.title,
                "partner": one.offer.partner_name or one.offer.partner,
                "helper": one.offer.helper,
                "need": one.need,
                "urgency": one.urgency,
                "rule": one.rule,
                "reasons": list(one.reasons),
                "to_check": list(one.checks),
            }
            for one in found.suggestions
        ],
        "holes": [hole._asdict() for hole in found.holes],
        "door_keeps": found.door_keeps,
        "why_not": [
            {"offer": one.offer.code, "title": one.offer.title, "because": one.because, "sentence": one.sentence}
            for one in found.why_not
        ],
        "tried": [one._asdict() | {"reasons": list(one.reasons)} for one in found.tried],
    }


def qualification_told(found: Qualification) -> dict[str, Any]:
    """A qualification as plain values; fractions as numbers with two decimals."""
    told: dict[str, Any] = plain({name: value for name, value in asdict(found).items() if name != "facts"})
    for part, one in zip(told["readiness_parts"], found.readiness_parts, strict=True):
        part["points"] = plain(one.points)
    return told


def plain(value: Any) -> Any:
    """A value of rules as JSON takes it: fractions rounded to two decimals, tuples as lists, days as ISO."""
    if isinstance(value, Fraction):
        return round(float(value), 2)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
