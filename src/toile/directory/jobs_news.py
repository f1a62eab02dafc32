"""The news' long and timed work: telling a structure what the team decided, forgetting what was reported."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import News
from toile.kernel.jobs import At, RunningJob, job, timed


@job("directory.news.decided", label=_("Décision sur une actualité"), retries=6)
def tell_decision(running: RunningJob, *, news: str) -> None:
    """Mail to a structure that its item is hidden and why, or shown again."""
    from toile.directory.services import news_moderation  # noqa: PLC0415 -- services ask for jobs, jobs run them

    news_moderation.tell_decision(running, News.objects.select_related("organisation").get(pk=news))


@job("directory.news.forget", label=_("Ménage : actualités signalées il y a un an"))
def forget_reports(running: RunningJob) -> None:
    """Remove what was reported of news and closed a year ago."""
    from toile.directory.services import news_moderation  # noqa: PLC0415 -- as above

    news_moderation.forget_reports(running.actor, now=timezone.now())


timed("directory.news.forget", At("03:57"))
