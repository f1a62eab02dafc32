"""Comments under an item whose people opened it to them: written signed in, hidden with a reason, never rewritten."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_news import COMMENT_HIDDEN, COMMENT_WRITTEN, Commented
from toile.directory.models import News, NewsComment
from toile.directory.permissions import COMMENT_HIDE, COMMENT_WRITE
from toile.directory.services.news import locked, tell
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.kernel.throttle import Pace, may

PACES: Final = (Pace(5, 600), Pace(30, 24 * 3600))
MOST_COMMENTS: Final = 200
"""So many under one item, hidden ones included: beyond, one writes to the structure."""


def comment(actor: Actor, reader: Reader, news: News, *, words: str) -> NewsComment:
    """Leave a comment; sent twice, it is kept once. Raises `Forbidden` where comments are closed, `UserError`."""
    require(reader, COMMENT_WRITE.code, owners=news.owners(), state=news.state)
    assert reader.person is not None
    with act(actor):
        now = locked(news.pk)
        require(reader, COMMENT_WRITE.code, owners=now.owners(), state=now.state)
        if not now.comments_open:
            raise Forbidden(_("La structure n’a pas ouvert cette actualité aux commentaires."))
        same = NewsComment.objects.filter(news=now, author=reader.person, words=words).first()
        if same is not None:
            return same
        if NewsComment.objects.filter(news=now).count() >= MOST_COMMENTS:
            raise UserError(_("Cette actualité a reçu tous les commentaires qu’elle peut porter."))
        if not may("comment", str(reader.person), PACES):
            raise UserError(_("Plusieurs commentaires viennent de partir de chez vous : attendez un peu."))
        mine = now.organisation_id in reader.organisations
        made = NewsComment.objects.create(news=now, author=reader.person, words=words, from_structure=mine)
        tell(COMMENT_WRITTEN, now, data=Commented(str(now.pk), str(made.pk)))
    return made


def hide_comment(actor: Actor, reader: Reader, made: NewsComment, *, because: str) -> None:
    """Take a comment off the page, for its structure or for the team; its author still reads it, with the reason.

    Raises `UserError` without a reason, `Conflict` when it is hidden already.
    """
    require(reader, COMMENT_HIDE.code, owners=made.owners())
    if not because.strip():
        raise UserError(_("Dites pourquoi : la personne qui a écrit lira cette raison."))
    with act(actor):
        shown = NewsComment.objects.filter(pk=made.pk, hidden_at__isnull=True)
        if not shown.update(hidden_at=timezone.now(), hidden_because=because):
            raise Conflict(_("Une autre personne vient de masquer ce commentaire."))
        now = locked(made.news_id)
        tell(COMMENT_HIDDEN, now, data=Commented(str(now.pk), str(made.pk)))
