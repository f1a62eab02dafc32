"""How long what became of each delivery is kept."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import Actor
from toile.kernel.retention import Retention, declare

from .models_webhooks import Delivery
from .webhooks.queries import KEPT
from .webhooks.services import forget


def _due(now: datetime) -> int:
    return Delivery.objects.filter(made_at__lt=now - KEPT).exclude(state=Delivery.State.WAITING).count()


def _apply(actor: Actor, now: datetime) -> int:
    return forget(actor, now - KEPT)


declare(Retention("thread.delivery", _("envois des webhooks"), _("trente jours"), _due, _apply))
