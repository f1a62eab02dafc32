"""Who may do what in offers, requests to partners and what is signalled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Permission, Who, permission
from toile.kernel.readers import Role
from toile.pathway.permissions.cases import ACCOMPANY, READ

OFFER_READ = permission("pathway.offer.read", Who.ANYONE, label=_("lire une offre"))
OFFER_WRITE = permission(
    "pathway.offer.write",
    Who.MEMBER,
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("publier les offres d’une structure"),
)
LEADS_READ = permission(
    "pathway.lead.read",
    Role.ADVISER,
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("voir ce que deviennent les signalements"),
)
LEAD_TREAT = permission("pathway.lead.treat", Role.ADVISER, label=_("rappeler au sujet d’un signalement"))
REFERRALS_READ = permission(
    "pathway.referral.read", Who.SIGNED_IN, label=_("voir les demandes faites à ses structures")
)
REFERRAL_ANSWER = permission("pathway.referral.answer", Who.MEMBER, label=_("répondre à cette demande"))

PERMISSIONS: list[Permission] = [
    OFFER_READ,
    OFFER_WRITE,
    LEADS_READ,
    LEAD_TREAT,
    REFERRALS_READ,
    REFERRAL_ANSWER,
]
ROUTES: dict[str, str] = {
    "pathway:matrix": PUBLIC.code,
    "pathway:explained": PUBLIC.code,
    "pathway:offers": PUBLIC.code,
    "pathway:offer": OFFER_READ.code,
    "pathway:offers_mine": OFFER_WRITE.code,
    "pathway:offer_new": OFFER_WRITE.code,
    "pathway:offer_change": OFFER_WRITE.code,
    "pathway:offer_publish": OFFER_WRITE.code,
    "pathway:offer_withdraw": OFFER_WRITE.code,
    "pathway:tell": PUBLIC.code,
    "pathway:told": PUBLIC.code,
    "pathway:leads": LEADS_READ.code,
    "pathway:lead": LEAD_TREAT.code,
    "pathway:orientation": ACCOMPANY.code,
    "pathway:refer": ACCOMPANY.code,
    "pathway:case_referral": ACCOMPANY.code,
    "pathway:no_next_step": ACCOMPANY.code,
    "pathway:referrals": REFERRALS_READ.code,
    "pathway:referral": REFERRAL_ANSWER.code,
    "pathway:referral_link": PUBLIC.code,  # the signed link says who answers, and for which request
    "pathway:where": PUBLIC.code,  # the holder's signed link says whose project it is
    "pathway:where_mine": READ.code,
}
