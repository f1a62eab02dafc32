"""The letters of a reception: the holder's own link, what waits at a door, the question about two cases."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.pathway.models import Case, CaseState, Twin
from toile.pathway.services import twins
from toile.pathway.services.links import token_of
from toile.thread.delivery import send
from toile.thread.digest import full_address


def send_link(case: Case, email: str) -> None:
    """The link by which a holder comes back; nothing once the case is over."""
    if case.state == CaseState.ANONYMISED:
        return
    words = {"site": settings.TOILE_SITE_NAME, "url": full_address(reverse("pathway:held", args=[token_of(case)]))}
    body = _(
        "Voici le lien vers votre projet sur %(site)s. Il vous ramène où vous en étiez, sans mot de passe :\n"
        "%(url)s\n\n"
        "Qui a ce lien peut lire et changer vos réponses : gardez-le pour vous.\n"
        "Un projet commencé et laissé de côté est effacé trente jours après votre dernier passage.\n"
    )
    send(_letter(_("Votre projet sur %(site)s"), body, words, email))


def tell_door(case: Case) -> None:
    """Somebody asks to be received: the door's own address, if it gave one, without anything of what they said."""
    if case.state != CaseState.SENT or case.door is None or not case.door.email:
        return
    url = full_address(reverse("pathway:waiting"))
    words = {"site": settings.TOILE_SITE_NAME, "door": case.door.name, "days": case.door.callback_days, "url": url}
    body = _(
        "Une personne a répondu aux premières questions et demande à être reçue par « %(door)s ».\n\n"
        "Elle attend un appel dans les %(days)s jours ouvrés. Ses réponses vous attendent ici :\n%(url)s\n"
    )
    send(_letter(_("Une personne à rappeler : %(door)s"), body, words, case.door.email))


def ask_holder(twin: Twin) -> None:
    """Ask the holder of the older case whether both are one project; the doors and days are said, nothing else."""
    email = twins.address_of(twin)
    if twin.state != Twin.State.ASKED or not email:
        return
    words = {
        "site": settings.TOILE_SITE_NAME,
        "first": twin.older.door.name if twin.older.door else _("une porte"),
        "second": twin.younger.door.name if twin.younger.door else _("une porte"),
        "url": full_address(reverse("pathway:twin_answer", args=[twins.token_of(twin)])),
    }
    body = _(
        "Vous avez été reçu ou reçue par « %(first)s ». Une personne vient d’être reçue par « %(second)s » "
        "pour un projet qui ressemble au vôtre. Est-ce vous ?\n\n"
        "Répondez par ce lien, bon pendant trente jours :\n%(url)s\n\n"
        "Rien n’a été montré d’une porte à l’autre, et rien ne le sera sans votre accord. "
        "Sans réponse, rien ne change.\n"
    )
    send(_letter(_("Votre projet, reçu à deux portes ?"), body, words, email))


def _letter(subject: str, body: str, words: Mapping[str, object], to: str) -> EmailMessage:
    title = " ".join((subject % words).split())
    return EmailMessage(
        f"[{settings.TOILE_SITE_NAME}] {title}"[:200],
        body % words,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
