"""What the path holds about people in offers, requests to partners and what is signalled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.pathway.models import Lead, Offer, Referral, Suggested


def _leads_of(someone: Someone) -> QuerySet[Lead]:
    rows = Lead.objects.annotate(lower_email=Lower("email"), lower_teller=Lower("teller_email"))
    return rows.filter(Q(lower_email__in=someone.emails) | Q(lower_teller__in=someone.emails))


def export_leads(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """What one signalled, what was signalled of one, and the calls that one noted."""
    mine = set(_leads_of(someone).values_list("pk", flat=True))
    rows = Lead.objects.filter(Q(pk__in=mine) | Q(taken_by=someone.person)).select_related("door")
    for row in rows.order_by("received_at", "pk"):
        own = row.pk in mine
        is_called = row.email.lower() in someone.emails
        yield {
            _("Nature"): str(row.get_kind_display()),
            _("Porte"): row.door.name,
            _("Reçu le"): row.received_at.isoformat(),
            _("État"): str(row.get_state_display()),
            _("Ce qui a été écrit"): row.words if own else "",
            _("Ce que l’appel a donné"): row.outcome,
            _("Nom"): row.name if is_called else row.teller_name if own else "",
            _("Courriel"): (row.email if is_called else row.teller_email) if own else "",
            _("Téléphone"): row.phone if is_called else "",
        }


def erase_leads(someone: Someone) -> None:
    """Empty one's name, address and words; what was counted stays. Who noted a call is forgotten.

    Without the person to call back, who told of them is of no use either: both go.
    """
    for row in _leads_of(someone):
        row.teller_name = row.teller_email = row.words = ""
        if row.email.lower() in someone.emails:
            row.name = row.email = row.phone = row.outcome = ""
        row.save(update_fields=["name", "email", "phone", "words", "outcome", "teller_name", "teller_email"])
    Lead.objects.filter(taken_by=someone.person).update(taken_by=None)


def _offers_to(someone: Someone) -> QuerySet[Offer]:
    return Offer.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=someone.emails)


def export_offers(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The offers that one wrote, and those whose requests go to one's address."""
    mine = set(_offers_to(someone).values_list("pk", flat=True))
    rows = Offer.objects.filter(Q(pk__in=mine) | Q(made_by=someone.person)).select_related("partner")
    for row in rows.order_by("made_at", "pk"):
        yield {
            _("Offre"): row.title,
            _("Structure"): row.partner.name,
            _("Écrite le"): row.made_at.isoformat(),
            _("Adresse des demandes"): row.email if row.pk in mine else "",
        }


def erase_offers(someone: Someone) -> None:
    """Empty one's address and who wrote it; the offer is the structure's and stays."""
    Offer.objects.filter(pk__in=list(_offers_to(someone).values_list("pk", flat=True))).update(email="")
    Offer.objects.filter(made_by=someone.person).update(made_by=None)


def _referrals_to(someone: Someone) -> QuerySet[Referral]:
    return Referral.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=someone.emails)


def export_referrals(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The requests that one sent or answered, and those sent to one's address; never the project of another."""
    mine = set(_referrals_to(someone).values_list("pk", flat=True))
    rows = Referral.objects.filter(
        Q(pk__in=mine) | Q(sent_by=someone.person) | Q(answered_by=someone.person)
    ).select_related("partner")
    for row in rows.order_by("sent_at", "pk"):
        yield {
            _("Partenaire"): row.partner.name,
            _("Envoyée le"): row.sent_at.isoformat(),
            _("État"): str(row.get_state_display()),
            _("Adresse"): row.email if row.pk in mine else "",
            _("Ce que vous avez écrit"): row.words if row.sent_by == someone.person else "",
            _("Votre réponse"): row.answer if row.answered_by == someone.person else "",
        }


def erase_referrals(someone: Someone) -> None:
    """Empty one's address, and forget who sent and who answered; the request and its answer stay the structures'."""
    Referral.objects.filter(pk__in=list(_referrals_to(someone).values_list("pk", flat=True))).update(email="")
    Referral.objects.filter(sent_by=someone.person).update(sent_by=None)
    Referral.objects.filter(answered_by=someone.person).update(answered_by=None)


def export_decisions(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The orientations that one decided: when; the project is another's."""
    rows = Suggested.objects.filter(Q(asked_by=someone.person) | Q(decided_by=someone.person)).order_by("at", "pk")
    for row in rows:
        yield {_("Le"): row.at.isoformat(), _("Décidée"): _("oui") if row.decided_at else _("non")}


def erase_decisions(someone: Someone) -> None:
    """Forget who decided: the decision stays, by « une personne de la porte »."""
    Suggested.objects.filter(asked_by=someone.person).update(asked_by=None)
    Suggested.objects.filter(decided_by=someone.person).update(decided_by=None)


declare(
    Holding(
        code="pathway.lead",
        model="pathway.Lead",
        columns=("teller_name", "teller_email", "name", "email", "phone", "words", "taken_by"),
        label=gettext_lazy("Idées et reprises signalées à une porte"),
        purpose=gettext_lazy("Rappeler la personne, ou qui a signalé, et compter ce que cela devient"),
        basis=Basis.CONSENT,
        seen_by=gettext_lazy("les personnes qui reçoivent à la porte qui rappelle"),
        kept=gettext_lazy("un an après la fin ; deux ans si personne n’a rappelé"),
        export=export_leads,
        erase=erase_leads,
    )
)
declare(
    Holding(
        code="pathway.offer",
        model="pathway.Offer",
        columns=("email", "made_by"),
        label=gettext_lazy("Offres d’accompagnement que vous avez écrites, ou qui donnent votre adresse"),
        purpose=gettext_lazy("Envoyer les demandes des portes à la structure, et savoir qui a écrit en son nom"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("la structure et l’équipe"),
        kept=gettext_lazy("tant que l’offre existe"),
        export=export_offers,
        erase=erase_offers,
    )
)
declare(
    Holding(
        code="pathway.referral",
        model="pathway.Referral",
        columns=("email", "sent_by", "answered_by"),
        label=gettext_lazy("Demandes aux partenaires que vous avez envoyées, reçues ou auxquelles vous avez répondu"),
        purpose=gettext_lazy("Présenter un projet à un partenaire, et suivre sa réponse"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("la porte, le partenaire, la personne qui porte le projet"),
        kept=gettext_lazy("l’adresse, 90 jours après la réponse ; le reste, avec le dossier"),
        export=export_referrals,
        erase=erase_referrals,
    )
)
declare(
    Holding(
        code="pathway.suggested",
        model="pathway.Suggested",
        columns=("asked_by", "decided_by"),
        label=gettext_lazy("Orientations que vous avez décidées"),
        purpose=gettext_lazy("Dire quelle personne a décidé d’une orientation, et pourquoi (RGPD, art. 22)"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("la porte et la personne qui porte le projet"),
        kept=gettext_lazy("avec le dossier"),
        export=export_decisions,
        erase=erase_decisions,
    )
)
