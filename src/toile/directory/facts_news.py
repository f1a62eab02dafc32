"""What the news of structures write on the thread."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import NEWS

TOLD = {
    "news": gettext_lazy("une actualité"),
    "need": gettext_lazy("un besoin"),
    "offer": gettext_lazy("une offre"),
    "job": gettext_lazy("une offre d’emploi"),
    "meeting": gettext_lazy("un rendez-vous"),
}


@dataclass(frozen=True, slots=True)
class NewsTold:
    """The news item's id, and its kind (`rules.news.Kind`); its title is looked up by whoever reads."""

    news: str
    kind: str = "news"

    def phrases(self) -> dict[str, object]:
        return {"what": TOLD.get(self.kind, TOLD["news"])}


@dataclass(frozen=True, slots=True)
class Commented:
    """The news item's id and the comment's."""

    news: str
    comment: str


NEWS_PUBLISHED = fact_kind(
    "directory.news.published",
    label=gettext_lazy("actualité"),
    sentence=gettext_lazy("publie {what} : {other}."),
    data=NewsTold,
    axis="promote",
    topic=NEWS,
)
NEWS_CHANGED = fact_kind(
    "directory.news.changed",
    label=gettext_lazy("actualité"),
    sentence=gettext_lazy("corrige une actualité : {other}."),
    data=NewsTold,
    visibility=Visibility.MEMBERS,
)
NEWS_WITHDRAWN = fact_kind(
    "directory.news.withdrawn",
    label=gettext_lazy("actualité"),
    sentence=gettext_lazy("retire une actualité qu’elle avait publiée."),
    data=NewsTold,
    visibility=Visibility.MEMBERS,
)
NEWS_HIDDEN = fact_kind(
    "directory.news.hidden",
    label=gettext_lazy("modération"),
    sentence=gettext_lazy("voit une actualité masquée par l’équipe : {other}."),
    data=NewsTold,
    visibility=Visibility.MEMBERS,
)
NEWS_ANSWERED = fact_kind(
    "directory.news.answered",
    label=gettext_lazy("modération"),
    sentence=gettext_lazy("répond à l’équipe, qui avait masqué une actualité : {other}."),
    data=NewsTold,
    visibility=Visibility.MEMBERS,
)
NEWS_SHOWN = fact_kind(
    "directory.news.shown",
    label=gettext_lazy("modération"),
    sentence=gettext_lazy("voit une actualité montrée de nouveau : {other}."),
    data=NewsTold,
    visibility=Visibility.MEMBERS,
)
NEWS_REPORTED = fact_kind(
    "directory.news.reported",
    label=gettext_lazy("signalement"),
    sentence=gettext_lazy("reçoit le signalement d’une actualité."),
    data=NewsTold,
    visibility=Visibility.AUDIT,
)
NEWS_CLEARED = fact_kind(
    "directory.news.cleared",
    label=gettext_lazy("signalement"),
    sentence=gettext_lazy("voit une actualité signalée relue par l’équipe, et gardée."),
    data=NewsTold,
    visibility=Visibility.AUDIT,
)
COMMENT_WRITTEN = fact_kind(
    "directory.comment.written",
    label=gettext_lazy("commentaire"),
    sentence=gettext_lazy("reçoit un commentaire sous {other}."),
    data=Commented,
    visibility=Visibility.MEMBERS,
)
COMMENT_HIDDEN = fact_kind(
    "directory.comment.hidden",
    label=gettext_lazy("modération"),
    sentence=gettext_lazy("voit un commentaire masqué sous {other}."),
    data=Commented,
    visibility=Visibility.MEMBERS,
)
