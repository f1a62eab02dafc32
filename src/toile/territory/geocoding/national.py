"""The national geocoder (Géoplateforme) by its HTTP API: one address by `/search`, several by `/search/csv`."""

from __future__ import annotations

import csv
import io
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError

from ..imports.source import MEBIBYTE, check_address, opener
from .port import Answer, Question

LIMIT = 50
"""Requests a second that the service allows one address (domain L6)."""
BATCH = 1_000
"""Addresses in one file sent."""
MOST_BYTES = 20 * MEBIBYTE
LONGEST = 200
"""Characters of a question that the service reads."""
PATIENCE = 10.0
"""The longest wait, in seconds, that « too many requests » may ask of us before we give up."""


class GeocoderSilent(UserError):
    """The geocoder does not answer, or not as it should: the addresses stay without a point, to be tried later."""


@dataclass(slots=True)
class NationalGeocoder:
    """An adapter that stays polite: at most `rate` requests a second, one retry where the service asks to wait.

    base: the address before `/search`. rate: shared by all who use one address, so half the limit by default. now and
    pause: the clock, in seconds.
    """

    base: str
    timeout: float = 10.0
    rate: float = LIMIT / 2
    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _next: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        check_address(self.base)
        if not 0 < self.rate <= LIMIT:
            raise ValueError(f"the rate is above 0 and at most {LIMIT} requests a second")

    @classmethod
    def from_settings(cls) -> NationalGeocoder:
        """The geocoder of `TOILE_GEOCODER_URL`."""
        return cls(settings.TOILE_GEOCODER_URL)

    def find(self, questions: Sequence[Question]) -> list[Answer | None]:
        """The best answer to each question, in their order."""
        if len(questions) == 1:
            return [self._one(questions[0])]
        found: list[Answer | None] = []
        for start in range(0, len(questions), BATCH):
            found.extend(self._many(questions[start : start + BATCH]))
        return found

    def _one(self, question: Question) -> Answer | None:
        asked = {"q": question.text[:LONGEST], "limit": "1"}
        if question.citycode:
            asked["citycode"] = question.citycode
        body = self._send(urllib.request.Request(f"{self.base.rstrip('/')}/search?{urlencode(asked)}"))  # noqa: S310
        try:
            features = json.loads(body)["features"]
            return _answer(features[0]) if features else None
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise GeocoderSilent(_("Le géocodeur a répondu autre chose qu’une adresse.")) from error

    def _many(self, questions: Sequence[Question]) -> list[Answer | None]:
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(["n", "q", "citycode"])
        writer.writerows([n, question.text[:LONGEST], question.citycode] for n, question in enumerate(questions))
        fields = [("columns", "q")]
        if all(question.citycode for question in questions):
            fields.append(("citycode", "citycode"))
        kind, body = _form(fields, table.getvalue())
        request = urllib.request.Request(  # noqa: S310
            f"{self.base.rstrip('/')}/search/csv", data=body, headers={"Content-Type": kind}, method="POST"
        )
        answered: dict[int, Answer | None] = {}
        try:
            for row in csv.DictReader(io.StringIO(self._send(request).decode("utf-8-sig"))):
                answered[int(row["n"])] = _row(row)
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            raise GeocoderSilent(_("Le géocodeur a répondu autre chose qu’un tableau d’adresses.")) from error
        return [answered.get(n) for n in range(len(questions))]

    def _send(self, request: urllib.request.Request, retry: bool = True) -> bytes:
        self.pause(max(0.0, self._next - self.now()))
        self._next = self.now() + 1 / self.rate
        try:
            with opener().open(request, timeout=self.timeout) as answer:
                body = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            wait = _wait(error)
            error.close()
            if error.code in {429, 503} and retry and wait <= PATIENCE:
                self.pause(wait)
                return self._send(request, retry=False)
            raise GeocoderSilent(_("Le géocodeur répond une erreur (%(code)s).") % {"code": error.code}) from error
        except (OSError, HTTPException) as error:
            raise GeocoderSilent(
                _("Le géocodeur ne répond pas (%(why)s).") % {"why": getattr(error, "reason", error)}
            ) from error
        if len(body) > MOST_BYTES:
            raise GeocoderSilent(_("Le géocodeur a répondu trop long."))
        return body


def _wait(error: urllib.error.HTTPError) -> float:
    asked = error.headers.get("Retry-After", "1") if error.headers else "1"
    return float(asked) if asked.isdecimal() else 1.0


def _answer(feature: Mapping[str, Any]) -> Answer:
    lon, lat = feature["geometry"]["coordinates"][:2]
    said = feature["properties"]
    return Answer(
        float(lon), float(lat), float(said["score"]), str(said.get("type", ""))[:20], str(said.get("label", ""))[:300],
        str(said.get("citycode", ""))[:5],
    )  # fmt: skip


def _row(row: Mapping[str, str]) -> Answer | None:
    """One line of the batch: the service adds longitude, latitude and result_… columns, empty for nothing found."""
    if not row.get("result_score") or not row.get("longitude") or not row.get("latitude"):
        return None
    return Answer(
        float(row["longitude"]), float(row["latitude"]), float(row["result_score"]), row.get("result_type", "")[:20],
        row.get("result_label", "")[:300], row.get("result_citycode", "")[:5],
    )  # fmt: skip


def _form(fields: Sequence[tuple[str, str]], table: str) -> tuple[str, bytes]:
    """A multipart form with `fields` and the table as its file: content type and body."""
    edge = secrets.token_hex(16)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="data"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    )
    return f"multipart/form-data; boundary={edge}", f"{''.join(parts)}{head}{table}\r\n--{edge}--\r\n".encode()
