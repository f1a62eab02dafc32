"""Locating addresses: asked once, kept, and told apart when a person must look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from toile.kernel.acts import Actor, act

from ..geocoding.national import NationalGeocoder
from ..geocoding.port import Answer, Geocoder, Question
from ..models import GeocodedAddress
from ..queries.codes import code_resolver
from ..rules.coordinates import Place, judge
from ..rules.trust import Doubt, doubt

KEPT = timedelta(days=365)
"""How long an answer is used before the question is asked again: streets are named and renumbered."""


@dataclass(frozen=True, slots=True)
class Located:
    """A question, what was answered (None: nothing found), and why a person should look at it, if so."""

    question: Question
    answer: Answer | None
    doubt: Doubt

    @property
    def to_check(self) -> bool:
        return self.doubt is not Doubt.NONE


def locate(actor: Actor, questions: Sequence[Question], geocoder: Geocoder | None = None) -> list[Located]:
    """Locate addresses, in their order; the same question is asked to the geocoder once a year.

    Call it outside any transaction: it waits for the network, then writes what it learnt in an act of its own. Raises
    `GeocoderSilent` (nothing is then kept).
    """
    kept = _kept(questions)
    missing = list({question.key: question for question in reversed(questions) if question.key not in kept}.values())
    if missing:
        answers = (geocoder or NationalGeocoder.from_settings()).find(missing)
        _keep(actor, missing, answers)
        kept |= {question.key: answer for question, answer in zip(missing, answers, strict=True)}
    resolve = code_resolver()

    def judged(question: Question) -> Located:
        answer = kept[question.key]
        if answer is None:
            return Located(question, None, doubt(None, "", ""))
        found, stated = (resolve(code).code or code if code else "" for code in (answer.citycode, question.citycode))
        plausible = judge(answer.lon, answer.lat) == Place.FRANCE
        return Located(question, answer, doubt(answer.score, found, stated, plausible))

    return [judged(question) for question in questions]


def _kept(questions: Sequence[Question]) -> dict[str, Answer | None]:
    fresh = GeocodedAddress.objects.filter(
        key__in={question.key for question in questions}, at__gte=timezone.now() - KEPT
    )
    return {
        row.key: None
        if row.lon is None or row.lat is None or row.score is None
        else Answer(row.lon, row.lat, row.score, row.kind, row.label, row.citycode)
        for row in fresh
    }


def _keep(actor: Actor, questions: Sequence[Question], answers: Sequence[Answer | None]) -> None:
    now = timezone.now()
    rows = [
        GeocodedAddress(key=question.key, question=question.text[:300], at=now, **_columns(answer))
        for question, answer in zip(questions, answers, strict=True)
    ]
    with act(actor):
        GeocodedAddress.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["lon", "lat", "score", "kind", "label", "citycode", "at"],
        )


def _columns(answer: Answer | None) -> dict[str, object]:
    if answer is None:
        return {}
    return {
        "lon": answer.lon, "lat": answer.lat, "score": answer.score, "kind": answer.kind, "label": answer.label,
        "citycode": answer.citycode,
    }  # fmt: skip
