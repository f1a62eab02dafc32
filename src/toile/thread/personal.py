"""What the thread holds about people: what they keep, what they follow, how they are told, and their notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare

from . import personal_facts, personal_webhooks  # noqa: F401 -- declare at start
from .kinds import kinds
from .models import Notice, Preference, SavedSearch, Subscription
from .topics import topics

ITSELF = gettext_lazy("la personne elle-même")


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _searches(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in SavedSearch.objects.filter(person=someone.person).order_by("made_at", "pk"):
        yield {
            _("Nom"): row.name,
            _("Liste"): row.list,
            _("Question"): row.query,
            _("Prévenir"): str(row.get_cadence_display()),
            _("Gardée le"): _moment(row.made_at),
            _("Dite jusqu’au"): _moment(row.told_until),
        }


def _subscriptions(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in Subscription.objects.filter(person=someone.person).order_by("pk"):
        yield {_("Numéro de ce qui est suivi"): str(row.subject), _("Depuis"): _moment(row.made_at)}


def _preferences(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in Preference.objects.filter(person=someone.person):
        yield {
            _("Rythmes"): {str(topic.label): row.rhythm(topic).value for topic in topics.values()},
            _("Pas de courriel à partir de"): row.quiet_from.isoformat("minutes"),
            _("Jusqu’à"): row.quiet_until.isoformat("minutes"),
            _("Ni le dimanche"): _("oui") if row.quiet_sundays else _("non"),
            _("Courriels revenus de suite"): row.refusals,
            _("Plus de courriel depuis"): _moment(row.paused_at),
        }


def _notices(someone: Someone) -> Iterable[Mapping[str, Any]]:
    rows = Notice.objects.filter(person=someone.person).select_related("fact").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        kind = kinds.get((row.fact.kind, row.fact.version))
        yield {
            _("Avis"): _(kind.label) if kind else row.fact.kind,
            _("Sujet"): str(topics[row.topic].label) if row.topic in topics else row.topic,
            _("Arrivé le"): _moment(row.fact.happened_at),
            _("Lu le"): _moment(row.read_at),
            _("Écrit le"): _moment(row.told_at),
        }


def _declare(model: type[Model], code: str, **words: Any) -> None:
    def erase(someone: Someone) -> None:
        model._default_manager.filter(person=someone.person).delete()

    declare(
        Holding(
            code=f"thread.{code}",
            model=f"thread.{model.__name__}",
            columns=("person",),
            basis=Basis.CONTRACT,
            seen_by=ITSELF,
            erase=erase,
            **words,
        )
    )


_declare(
    SavedSearch,
    "search",
    label=gettext_lazy("recherches gardées"),
    purpose=gettext_lazy("rouvrir une recherche d’un geste, et en écrire les nouveautés"),
    kept=gettext_lazy("jusqu’à leur suppression, ou celle du compte"),
    export=_searches,
)
_declare(
    Subscription,
    "subscription",
    label=gettext_lazy("abonnements"),
    purpose=gettext_lazy("dire ce qui arrive aux structures et aux communes choisies"),
    kept=gettext_lazy("tant que la personne suit, et que le compte est ouvert"),
    export=_subscriptions,
)
_declare(
    Preference,
    "preference",
    label=gettext_lazy("façon d’être prévenu"),
    purpose=gettext_lazy("respecter les rythmes et les heures calmes ; ne plus écrire à une adresse qui refuse"),
    kept=gettext_lazy("tant que le compte est ouvert"),
    export=_preferences,
)
_declare(
    Notice,
    "notice",
    label=gettext_lazy("avis"),
    purpose=gettext_lazy("dire ce qui arrive, une fois, et le laisser retrouver"),
    kept=gettext_lazy("douze mois"),
    export=_notices,
)
