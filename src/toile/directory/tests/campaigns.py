"""Campaigns made for a test: prepared, started, their letters sent, some days gone by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core import mail
from django.db.models import F

from toile.directory.models import Campaign, Confirmation, Organisation
from toile.directory.models.campaigns import Confirmations
from toile.directory.services import campaigns
from toile.directory.services.campaign_letters import SUBJECT, WORDS
from toile.kernel.acts import Actor
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Reader

from .structures import make_all

LINK = re.compile(r"https?://\S+?(/annuaire/confirmer/\S+)")


def reachable(*names: str, **payload: Any) -> list[Organisation]:
    """Public structures, each with an address of its own where its messages go."""
    several = [{"name": name, "contact_email": f"{address(name)}@exemple.fr", **payload} for name in names]
    return make_all(*several, source="moderator")


def address(name: str) -> str:
    """The name as the beginning of an address."""
    return re.sub(r"\W+", "-", name.lower())


def prepared(reader: Reader, whom: str = "", **how: str) -> Campaign:
    """A campaign with its own letter, over the whole territory unless said otherwise."""
    given = {"name": "Confirmation", "subject": str(SUBJECT), "words": str(WORDS)} | how
    return campaigns.prepare(Actor.of(reader), reader, whom=whom, **given)


def started(reader: Reader, whom: str = "", **how: str) -> Campaign:
    """The same, its first letters sent."""
    made = prepared(reader, whom, **how)
    campaigns.start(Actor.of(reader), reader, made)
    run_waiting()
    made.refresh_from_db()
    return made


def days_go_by(campaign: Campaign, days: int) -> None:
    """Everything of a campaign happened that many days earlier."""
    ago = timedelta(days=days)
    Campaign.objects.filter(pk=campaign.pk).update(started_at=F("started_at") - ago)
    campaign.refresh_from_db()
    assert campaign.last_day is not None
    Campaign.objects.filter(pk=campaign.pk).update(last_day=campaign.last_day - ago)
    Confirmation.objects.filter(campaign=campaign).update(
        sent_at=F("sent_at") - ago, last_sent_at=F("last_sent_at") - ago, answered_at=F("answered_at") - ago
    )
    campaign.refresh_from_db()


def of(campaign: Campaign) -> Confirmations:
    """What the campaign asked, in the order of the names."""
    return Confirmation.objects.filter(campaign=campaign).order_by("organisation__sort_name")


def states(campaign: Campaign) -> list[str]:
    """The state of each structure, in the order of the names."""
    return list(of(campaign).values_list("state", flat=True))


def link_to(name: str) -> str:
    """The path of the link in the last letter to the structure of this name."""
    sent = [message for message in mail.outbox if message.to == [f"{address(name)}@exemple.fr"]]
    found = LINK.search(str(sent[-1].body))
    assert found is not None
    return found[1]


def senders(messages: Sequence[Any]) -> list[str]:
    """To whom these messages went, sorted."""
    return sorted(message.to[0] for message in messages)
