"""The collective's cycle (seed 004): a survey sent to structures, closed, then an action plan written by the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.queries.campaigns import askable, asked_ids
from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.errors import Conflict, Gone, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.stages import SURVEY_ANSWERED, SURVEY_CLOSED, SURVEY_OPENED, SurveyFact
from toile.pathway.models import Survey, SurveyReply
from toile.pathway.permissions.stages import SURVEY
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.needs_survey import asked as needs_by_default
from toile.thread.services import record

SEND: Final = "pathway.survey.letters"
PURPOSE: Final = "pathway.survey.answer"
LASTS: Final = timedelta(days=365)
MOST: Final = 500
KEPT: Final = Duration(years=2)
HOW: Final = ("need", "urgent")
"""What a structure may say of a need, besides nothing."""


def default_needs() -> tuple[str, ...]:
    """The needs that a survey asks about when nobody chose."""
    return needs_by_default(matrix())


def prepare(
    actor: Actor, reader: Reader, *, title: str, words: str, needs: Sequence[str], closes_on: date | None
) -> Survey:
    """Write a survey that asks nobody yet."""
    require(reader, SURVEY.code)
    with act(actor):
        return Survey.objects.create(
            title=title, words=words, needs=_known(needs), closes_on=closes_on, made_by=reader.person
        )


def change(
    actor: Actor,
    reader: Reader,
    survey: Survey,
    *,
    title: str,
    words: str,
    needs: Sequence[str],
    closes_on: date | None,
    revision: int,
) -> None:
    """Write it again; once structures were asked, its needs stay. Raises `Conflict`."""
    require(reader, SURVEY.code)
    values: dict[str, Any] = {"title": title, "words": words, "closes_on": closes_on}
    if survey.state == Survey.State.DRAFT:
        values["needs"] = _known(needs)
    with act(actor):
        _write(survey, revision, **values)


def ask(actor: Actor, reader: Reader, survey: Survey, whom: str) -> int:
    """Ask the structures that a query of the directory's list finds: each once, by a letter with its link.

    whom: in its one normal form, empty for the whole territory. Returns how many are newly asked; the first time opens
    the survey. Raises `UserError` when the list finds nobody, or more than 500.
    """
    require(reader, SURVEY.code)
    ids = asked_ids(whom, MOST + 1)
    if len(ids) > MOST:
        raise UserError(_("La liste trouve plus de 500 structures : filtrez-la, et demandez en plusieurs fois."))
    rows = list(askable(ids).order_by("pk"))
    if not rows:
        raise UserError(_("La liste ne trouve aucune structure : changez-la, puis demandez."))
    with act(actor):
        now = Survey.objects.select_for_update().get(pk=survey.pk)
        if now.state == Survey.State.CLOSED:
            raise Conflict(_("Cette enquête est close : préparez-en une autre."))
        held = set(SurveyReply.objects.filter(survey=now).values_list("organisation__canonical", flat=True))
        added = [SurveyReply(survey=now, organisation=row) for row in rows if row.pk not in held]
        SurveyReply.objects.bulk_create(added)
        if now.state == Survey.State.DRAFT:
            Survey.objects.filter(pk=now.pk).update(state=Survey.State.OPEN, revision=now.revision + 1)
            record(SURVEY_OPENED, about=[], data=SurveyFact(str(now.pk), len(added)))
        if added:
            enqueue(actor, SEND, key=str(now.pk), survey=str(now.pk))
    return len(added)


def close(actor: Actor, reader: Reader, survey: Survey) -> None:
    """End the answers: what may be told of them becomes public. Raises `Conflict`."""
    require(reader, SURVEY.code)
    with act(actor):
        closed = Survey.objects.filter(pk=survey.pk, state=Survey.State.OPEN).update(
            state=Survey.State.CLOSED, closes_on=timezone.localdate(), revision=survey.revision + 1
        )
        if not closed:
            raise Conflict(_("Cette enquête n’est pas ouverte."))
        answered = SurveyReply.objects.filter(survey=survey, answered_at__isnull=False).count()
        record(SURVEY_CLOSED, about=[], data=SurveyFact(str(survey.pk), answered))


def write_plan(
    actor: Actor, reader: Reader, survey: Survey, *, actions: Sequence[Mapping[str, str]], revision: int
) -> None:
    """Write the action plan: {need, title, who, due (ISO or empty)} lines. Raises `Conflict`."""
    require(reader, SURVEY.code)
    if survey.state != Survey.State.CLOSED:
        raise Conflict(_("Le plan d’action vient après les réponses : fermez d’abord l’enquête."))
    with act(actor):
        _write(survey, revision, actions=[dict(action) for action in actions])


def token_of(reply: SurveyReply) -> str:
    """The token of a structure's own link."""
    return links.sign(PURPOSE, f"{reply.pk}:{reply.link}")


def reply_of(token: str) -> SurveyReply:
    """The answer that a link is for. Raises `NotVisible` (forged) or `Gone` (expired, replaced, survey closed)."""
    pk, _colon, link = links.read(PURPOSE, token, lasts=LASTS).partition(":")
    found = SurveyReply.objects.filter(pk=UUID(pk)).select_related("survey", "organisation__canonical").first()
    if found is None or str(found.link) != link:
        raise Gone(_("Ce lien ne sert plus : demandez-en un autre à l’équipe."))
    return found


def is_taken(survey: Survey) -> bool:
    """Whether answers are taken today: open, and its last day not over in Paris."""
    return survey.state == Survey.State.OPEN and (survey.closes_on is None or survey.closes_on >= timezone.localdate())


def answer(actor: Actor, reply: SurveyReply, *, needs: Mapping[str, str], words: str) -> None:
    """Keep what a structure says, by its link; said again, it replaces. Raises `Gone` once the survey is over."""
    if not is_taken(reply.survey):
        raise Gone(_("Cette enquête ne prend plus de réponse. Merci d’y avoir pensé."))
    kept = {need: how for need, how in needs.items() if need in reply.survey.needs and how in HOW}
    with act(actor):
        SurveyReply.objects.filter(pk=reply.pk).update(
            needs=kept, words=words.strip(), answered_at=timezone.now(), answered_by=actor.person
        )
        record(SURVEY_ANSWERED, about=[reply.organisation.canonical_id], data=SurveyFact(str(reply.survey_id)))


def words_to_forget(now: datetime) -> QuerySet[SurveyReply]:
    """The replies of surveys closed two years ago that still hold words, or who wrote them."""
    over = SurveyReply.objects.filter(survey__state=Survey.State.CLOSED, survey__closes_on__lt=KEPT.cutoff(now).date())
    return over.filter(~Q(words="") | Q(answered_by__isnull=False))


def forget_words(actor: Actor, now: datetime) -> int:
    """Empty them; how many. What was chosen in the list stays, counted."""
    with act(actor):
        return words_to_forget(now).order_by().update(words="", answered_by=None)


def _known(needs: Sequence[str]) -> list[str]:
    known = [code for code in matrix().needs if code in set(needs)]
    if not known:
        raise UserError(_("Choisissez au moins un besoin à demander."))
    return known


def _write(survey: Survey, revision: int, **values: Any) -> None:
    written = Survey.objects.filter(pk=survey.pk, revision=revision).update(revision=revision + 1, **values)
    if not written:
        raise Conflict(_("Une autre personne a changé cette enquête depuis que vous l’avez ouverte : comparez."))
