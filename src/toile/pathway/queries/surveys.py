"""Reading surveys of needs: who was asked, what may be told of the answers, what they suggest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.pathway.models import Survey, SurveyReply
from toile.pathway.rules import needs_survey as rules
from toile.pathway.rules.matrix import Need, matrix
from toile.pathway.rules.needs_survey import Action, Counted, Said, Suggested

A_PAGE = 50


class NeedCount(NamedTuple):
    """A need with how many structures have it; None: fewer than may be told."""

    need: Need
    counted: Counted


class Results(NamedTuple):
    """What a survey says. answered: structures. least: fewer are never told. left: the needs without an action."""

    answered: int
    least: int
    needs: tuple[NeedCount, ...]
    hidden: int
    suggested: tuple[Suggested, ...]
    left: tuple[Need, ...]
    actions: tuple[tuple[Need | None, Action], ...]


def surveys(page: str | None, *, only_closed: bool = False) -> Page[Survey]:
    """The surveys, the latest first. 2 queries."""
    rows = Survey.objects.order_by("-made_at", "-pk")
    if only_closed:
        rows = rows.filter(state=Survey.State.CLOSED)
    return Paginator(rows, A_PAGE).get_page(page)


def survey_for(pk: UUID) -> Survey:
    """A survey; `NotVisible` when there is none. 1 query."""
    found = Survey.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette enquête n’existe pas."))
    return found


def asked_page(survey: Survey, page: str | None) -> Page[SurveyReply]:
    """The structures asked, those that answered first. 2 queries."""
    rows = SurveyReply.objects.filter(survey=survey).select_related("organisation__canonical")
    return Paginator(rows.order_by("answered_at", "organisation__sort_name", "pk"), A_PAGE).get_page(page)


def needs_asked(survey: Survey) -> tuple[Need, ...]:
    """The needs of a survey, in the order it asks them; those that the matrix no longer has are left out."""
    known = matrix().needs
    return tuple(known[code] for code in survey.needs if code in known)


def actions_of(survey: Survey) -> tuple[Action, ...]:
    """The lines of its action plan."""
    return tuple(
        Action(row["need"], row["title"], row["who"], date.fromisoformat(row["due"]) if row["due"] else None)
        for row in survey.actions
    )


def results(survey: Survey) -> Results:
    """What may be told of a survey: each need counted once for each structure, small groups hidden. 1 query.

    Two organisations that are one structure answered once: the judgement is read here.
    """
    rows = SurveyReply.objects.filter(survey=survey, answered_at__isnull=False)
    replies = list(rows.order_by("pk").values_list("organisation__canonical", "needs"))
    said = [Said(str(structure), need, how == "urgent") for structure, needs in replies for need, how in needs.items()]
    asked = needs_asked(survey)
    counted = rules.count(said, [need.code for need in asked])
    told = [NeedCount(need, one) for need, one in zip(asked, counted, strict=True) if one.structures is not None]
    actions = actions_of(survey)
    return Results(
        answered=len({structure for structure, _needs in replies}),
        least=rules.declared().published_from,
        needs=tuple(sorted(told, key=lambda each: -(each.counted.structures or 0))),
        hidden=len(asked) - len(told),
        suggested=rules.possibilities(counted),
        left=_titles(rules.without_action(counted, actions)),
        actions=tuple((matrix().needs.get(action.need), action) for action in actions),
    )


def _titles(codes: Sequence[str]) -> tuple[Need, ...]:
    known = matrix().needs
    return tuple(known[code] for code in codes if code in known)
