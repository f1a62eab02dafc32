"""What the monthly letter holds about people: who receives it, and who of the team made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Letter, Subscriber
from toile.directory.services.subscribing import WORDS
from toile.kernel.personal import Basis, Holding, Someone, declare


def _subscribed(someone: Someone) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(Q(person=someone.person) | Q(email__in=someone.emails)).order_by("pk")


def export_subscribers(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in _subscribed(someone):
        yield {
            _("Adresse"): row.email,
            _("Ce que vous avez accepté"): str(WORDS[row.words]),
            _("Demandée le"): row.asked_at.isoformat(),
            _("Confirmée le"): row.confirmed_at.isoformat() if row.confirmed_at else None,
            _("Arrêtée le"): row.stopped_at.isoformat() if row.stopped_at else None,
            _("Pourquoi"): str(row.get_stopped_because_display()),
        }


def erase_subscribers(someone: Someone) -> None:
    """The address goes, whether it receives the letter or not."""
    _subscribed(someone).delete()


def export_letters(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in Letter.objects.filter(made_by=someone.person).order_by("made_at", "pk"):
        yield {_("Lettre"): row.title, _("Commencée le"): row.made_at.isoformat(), _("Numéro"): row.number}


def erase_letters(someone: Someone) -> None:
    """The letter stays, made by the team."""
    Letter.objects.filter(made_by=someone.person).update(made_by=None)


SUBSCRIBERS = declare(
    Holding(
        code="directory.subscriber",
        model="directory.Subscriber",
        columns=("email", "person"),
        label=gettext_lazy("abonnements à la lettre du mois"),
        purpose=gettext_lazy("vous envoyer la lettre que vous avez demandée"),
        basis=Basis.CONSENT,
        seen_by=gettext_lazy("personne : l’équipe ne voit que le nombre d’adresses"),
        kept=gettext_lazy(
            "jusqu’à ce que vous l’arrêtiez, et trente jours après ; redemandé tous les trois ans ; une semaine sans "
            "confirmation"
        ),
        export=export_subscribers,
        erase=erase_subscribers,
    )
)
LETTERS = declare(
    Holding(
        code="directory.letter",
        model="directory.Letter",
        columns=("made_by",),
        label=gettext_lazy("lettres que vous avez commencées"),
        purpose=gettext_lazy("savoir qui la prépare"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe"),
        kept=gettext_lazy("tant que la lettre est en ligne ; votre nom s’en va avec votre compte"),
        export=export_letters,
        erase=erase_letters,
    )
)
