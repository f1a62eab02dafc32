"""What the news hold about people: who wrote an item, and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import News, NewsComment
from toile.kernel.personal import Basis, Holding, Someone, declare


def _written(someone: Someone) -> Iterator[dict[str, Any]]:
    rows = News.objects.filter(author=someone.person).select_related("organisation").order_by("written_at", "pk")
    for news in rows.iterator(500):
        yield {
            _("structure"): news.organisation.name,
            _("titre"): news.title,
            _("texte"): news.text,
            _("état"): str(news.get_state_display()),
            _("écrite le"): news.written_at.isoformat(),
        }


def _leave(someone: Someone) -> None:
    """The words are the structure's: they stay, without who wrote them."""
    News.objects.filter(author=someone.person).update(author=None)


def _commented(someone: Someone) -> Iterator[dict[str, Any]]:
    rows = NewsComment.objects.filter(author=someone.person).select_related("news").order_by("made_at", "pk")
    for comment in rows.iterator(500):
        yield {
            _("sous l’actualité"): comment.news.title,
            _("commentaire"): comment.words,
            _("écrit le"): comment.made_at.isoformat(),
            _("masqué parce que"): comment.hidden_because,
        }


def _take_back(someone: Someone) -> None:
    """Comments are their author's own words: they go."""
    NewsComment.objects.filter(author=someone.person).delete()


declare(
    Holding(
        code="directory.news",
        model="directory.News",
        columns=("author",),
        label=gettext_lazy("les actualités que vous avez écrites pour une structure"),
        purpose=gettext_lazy("vous rendre ce que vous avez écrit au nom d’une structure, et en ôter votre trace"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("personne : seuls les mots et le nom de la structure sont montrés"),
        kept=gettext_lazy("tant que l’actualité existe ; à votre départ, les mots restent à la structure, sans vous"),
        export=_written,
        erase=_leave,
    )
)
declare(
    Holding(
        code="directory.news_comment",
        model="directory.NewsComment",
        columns=("author",),
        label=gettext_lazy("vos commentaires sous les actualités"),
        purpose=gettext_lazy("répondre à ce qu’une structure publie"),
        basis=Basis.CONTRACT,
        seen_by=gettext_lazy("tout le monde, sans votre nom ; un commentaire masqué : vous, la structure et l’équipe"),
        kept=gettext_lazy("tant que l’actualité existe, ou jusqu’à l’effacement de votre compte"),
        export=_commented,
        erase=_take_back,
    )
)
