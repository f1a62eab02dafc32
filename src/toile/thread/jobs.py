"""The thread's long work: making notices of facts, and telling people by e-mail what is new for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from toile.kernel.jobs import At, RunningJob, follows, job, timed

from . import digest, follower, notices, posting, queries
from .delivery import post_office
from .models import Cadence
from .webhooks import delivering, services

DUE = {Cadence.DAILY.value: At("07:00"), Cadence.WEEKLY.value: At("07:00", weekday=0)}
SETTLED = timedelta(minutes=10)
"""What was written just before the hour may not be committed yet: it is left for the next message, never lost."""


@job("thread.digest", label=gettext_lazy("Nouveautés des recherches gardées, par courriel"))
def tell_searches(running: RunningJob, cadence: str, until: str = "") -> None:
    """Write to each person whose search of this rhythm has something new before `until` (ISO; ten to seven if empty).

    A message leaves before it is noted as told: a worker killed between the two sends it again, in the same words
    and under the same Message-ID, by which mail servers recognise it. Noting first would lose it without anybody
    knowing. One message refused, or one search that breaks, waits for the next time and does not hold up the others;
    a mail server that does not answer stops the work, which is tried again from there.
    """
    if running.cursor is None:
        running.save_cursor({"until": until or (DUE[cadence].last_due(timezone.now()) - SETTLED).isoformat()})
    kept = running.cursor
    cut = datetime.fromisoformat(kept["until"])
    after = UUID(kept["after"]) if "after" in kept else None
    done, sent = kept.get("done", 0), kept.get("sent", 0)
    total = done + queries.count_due(cadence, cut, after=after)
    while due := queries.due_searches(cadence, cut, after=after):
        for after in due:
            sent += digest.tell(running.actor, after, cadence, cut)
            done += 1
            running.save_cursor(kept | {"after": str(after), "done": done, "sent": sent})
            running.progress(done, max(done, total), gettext("Messages envoyés : %(sent)s") % {"sent": sent})
            if running.cancelled:
                return


for rhythm, rule in DUE.items():
    timed("thread.digest", rule, name=f"thread.digest.{rhythm}", cadence=rhythm)


@job(posting.JOB, label=gettext_lazy("Avis, par courriel"))
def tell_people(running: RunningJob) -> None:
    """Write to each person whose notices are due by now, a hundred people in memory at a time.

    What was told is not due any more: a work taken over goes on by itself. A mail server that does not answer stops
    the work, which is tried again from there.
    """
    if running.cursor is None:
        running.save_cursor({"until": timezone.now().isoformat()})
    until = datetime.fromisoformat(running.cursor["until"])
    after, done, sent = None, 0, 0
    total = notices.count_due_people(until)
    with post_office() as post:
        while people := notices.due_people(until, after):
            sent += posting.write_to(running, people, until, post)
            after, done = people[-1], done + len(people)
            running.progress(done, max(done, total), gettext("Messages envoyés : %(sent)s") % {"sent": sent})
            if running.cancelled:
                return


@job(services.SENDING, label=gettext_lazy("Envoi à un webhook"))
def send_to_webhook(running: RunningJob, webhook: str) -> None:
    """What is due to one webhook: each has a work of its own, so that a slow one holds up nobody else's."""
    delivering.send_due(running, UUID(webhook))


follows(follower.CURSOR)(follower.step)
follows(posting.JOB)(posting.ask)
follows("thread.webhooks")(delivering.step)
