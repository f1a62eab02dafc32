"""Followed firms that the tests of the follow-up share."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from toile.pathway.models import CheckIn, Door, Followed, FollowedSource, Signal
from toile.pathway.rules.signals import weights

from . import made_cases as made


def day(ago: int = 0) -> date:
    """Today, or so many days before."""
    return timezone.localdate() - timedelta(days=ago)


def moment(ago: int) -> datetime:
    """So many days before now."""
    return timezone.now() - timedelta(days=ago)


def firm(name: str = "Atelier vélo", at: Door | None = None, **given: Any) -> Followed:
    """A firm born a year ago, followed for half a year; `given` wins."""
    values: dict[str, Any] = {
        "organisation": made.structure(name),
        "door": at or made.door(),
        "source": FollowedSource.HAND,
        "born_on": day(365),
        "entered_on": day(180),
        "email": "atelier@example.org",
    } | given
    return Followed.objects.create(**values)


def said(of: Followed, level: str, ago: int = 0, **more: Any) -> Signal:
    """A signal noted of a firm so many days ago."""
    family = weights().level(level).family
    values: dict[str, Any] = {"source": Signal.Source.ADVISER, "noted_at": moment(ago)} | more
    return Signal.objects.create(followed=of, family=family, level=level, seen_on=day(ago), **values)


def asked(of: Followed, ago: int, **more: Any) -> CheckIn:
    """A check-in sent so many days ago."""
    return CheckIn.objects.create(followed=of, due_on=day(ago), sent_at=moment(ago), **more)


def example(of: Followed) -> None:
    """The signals of the worked example (domain H6)."""
    said(of, "accounts_late", 90, source=Signal.Source.ACCOUNTS)
    said(of, "client_lost", 45)
    said(of, "cash_1_2", 10)
    said(of, "morale_low", 10)
