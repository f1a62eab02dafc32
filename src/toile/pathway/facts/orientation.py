"""What the path writes on the thread about offers, requests to partners and what is signalled."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.pathway.facts.cases import PATH, CaseFact
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD


@dataclass(frozen=True, slots=True)
class OfferFact:
    """The offer's id."""

    offer: str


@dataclass(frozen=True, slots=True)
class LeadFact:
    """The id of what was signalled."""

    lead: str


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """The ids of the case and of the request."""

    case: str
    referral: str


OFFER_PUBLISHED = fact_kind(
    "pathway.offer.published",
    label=_("Offre"),
    sentence=_("publie une offre d’accompagnement."),
    data=OfferFact,
    axis="emerge",
)
OFFER_CHANGED = fact_kind(
    "pathway.offer.changed",
    label=_("Offre"),
    sentence=_("corrige une offre d’accompagnement."),
    data=OfferFact,
    visibility=Visibility.MEMBERS,
)
OFFER_WITHDRAWN = fact_kind(
    "pathway.offer.withdrawn",
    label=_("Offre"),
    sentence=_("retire une offre d’accompagnement."),
    data=OfferFact,
    visibility=Visibility.MEMBERS,
)

LEAD_RECEIVED = fact_kind(
    "pathway.lead.received",
    label=_("Signalement"),
    sentence=_("reçoit une idée ou une reprise à venir, à rappeler."),
    data=LeadFact,
    visibility=Visibility.MEMBERS,
    axis="emerge",
    topic=PATH,
)
LEAD_CALLED = fact_kind(
    "pathway.lead.called",
    label=_("Signalement"),
    sentence=_("rappelle au sujet de ce qui lui a été signalé."),
    data=LeadFact,
    visibility=Visibility.MEMBERS,
    topic=UNTOLD,
)
LEAD_PASSED = fact_kind(
    "pathway.lead.passed",
    label=_("Signalement"),
    sentence=_("reçoit d’une autre porte ce qui lui avait été signalé."),
    data=LeadFact,
    visibility=Visibility.MEMBERS,
    topic=PATH,
)
LEAD_ENDED = fact_kind(
    "pathway.lead.ended",
    label=_("Signalement"),
    sentence=_("dit ce qu’est devenu ce qui lui avait été signalé."),
    data=LeadFact,
    visibility=Visibility.MEMBERS,
    topic=UNTOLD,
)

ORIENTATION_DECIDED = fact_kind(
    "pathway.orientation.decided",
    label=_("Orientation"),
    sentence=_("est orienté : une personne a choisi qui pourrait aider."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    topic=PATH,
)
REFERRAL_SENT = fact_kind(
    "pathway.referral.sent",
    label=_("Orientation"),
    sentence=_("est présenté à un partenaire, avec l’accord de la personne."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    topic=PATH,
)
REFERRAL_ASKED = fact_kind(
    "pathway.referral.asked",
    label=_("Orientation"),
    sentence=_("reçoit une question d’un partenaire."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
REFERRAL_REPLIED = fact_kind(
    "pathway.referral.replied",
    label=_("Orientation"),
    sentence=_("a la réponse à la question d’un partenaire."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
REFERRAL_ACCEPTED = fact_kind(
    "pathway.referral.accepted",
    label=_("Orientation"),
    sentence=_("est pris en charge par un partenaire."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    key=True,
    topic=PATH,
)
REFERRAL_DECLINED = fact_kind(
    "pathway.referral.declined",
    label=_("Orientation"),
    sentence=_("n’est pas pris par un partenaire, qui dit pourquoi."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
REFERRAL_WITHDRAWN = fact_kind(
    "pathway.referral.withdrawn",
    label=_("Orientation"),
    sentence=_("n’est plus proposé à un partenaire : la porte reprend sa demande."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
REFERRAL_REMINDED = fact_kind(
    "pathway.referral.reminded",
    label=_("Orientation"),
    sentence=_("attend un partenaire : un rappel lui est parti."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
REFERRAL_ESCALATED = fact_kind(
    "pathway.referral.escalated",
    label=_("Orientation"),
    sentence=_("reste sans réponse d’un partenaire : à la porte de décider de la suite."),
    data=ReferralFact,
    visibility=Visibility.ADVISERS,
    key=True,
    topic=PATH,
)
