"""What the path writes on the thread about the follow-up of young firms: that something happened, never a signal."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.pathway.facts.cases import PATH
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD


@dataclass(frozen=True, slots=True)
class FollowedFact:
    """The id of the following."""

    followed: str


FIRM_ENTERED = fact_kind(
    "pathway.followed.entered",
    label=_("Suivi"),
    sentence=_("entre dans le suivi des jeunes structures."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    axis="consolidate",
    key=True,
    topic=PATH,
)
FIRM_LEFT = fact_kind(
    "pathway.followed.left",
    label=_("Suivi"),
    sentence=_("sort du suivi des jeunes structures."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    axis="consolidate",
    topic=PATH,
)
FIRM_ANSWERED = fact_kind(
    "pathway.check_in.answered",
    label=_("Suivi"),
    sentence=_("répond à un point de suivi."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    axis="consolidate",
    topic=UNTOLD,
)
FIRM_CALLED = fact_kind(
    "pathway.followed.called",
    label=_("Suivi"),
    sentence=_("échange avec la personne qui suit les jeunes structures."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    axis="consolidate",
    topic=UNTOLD,
)
SIGNAL_CONTESTED = fact_kind(
    "pathway.signal.contested",
    label=_("Suivi"),
    sentence=_("conteste ce qui est écrit dans son suivi : à une personne de répondre."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
SIGNAL_DECIDED = fact_kind(
    "pathway.signal.decided",
    label=_("Suivi"),
    sentence=_("a une réponse à ce qui était contesté dans son suivi."),
    data=FollowedFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
