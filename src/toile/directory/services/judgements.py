"""That two organisations are one structure or are not: judgements, their withdrawal, and who shows whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory import contexts
from toile.directory.clusters import ages, components, edges_around
from toile.directory.facts import STRUCTURES_JOINED, STRUCTURES_PARTED, Judged
from toile.directory.models import Judgement, Organisation, SourceRecord
from toile.directory.models.organisations import Openness
from toile.directory.models.records import Verdict
from toile.directory.permissions import JUDGE
from toile.directory.portraits import save_portraits
from toile.directory.services.corrections import PEOPLE
from toile.directory.services.parting import give, written_since
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.kinds import Kind, Visibility
from toile.thread.services import record

# Any constant known to nobody else: the advisory lock under which organisations are joined and parted.
JUDGING_LOCK = 0x6A75676572


class SamePair(UserError):
    """A structure cannot be compared with itself."""


class NotOpen(UserError):
    """A project still reserved to its members cannot share a public page."""


class HeldDifferent(UserError):
    """Somebody judged that two of these organisations are different structures."""


class AlreadyOne(Conflict):
    """Other judgements already make these two one structure: there is nothing left to say of them."""


class AlreadyJudged(Conflict):
    """Somebody judged this pair before; `judgement` says what."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(_("Quelqu’un a déjà jugé cette paire : rechargez la page."))
        self.judgement = judgement


class WrittenSince(UserError):
    """Something was written for the structure since the merge: a person says whose it is before the two part."""


def judge(
    actor: Actor,
    reader: Reader,
    first: Organisation,
    second: Organisation,
    verdict: Verdict,
    reasons: Sequence[Any],
    *,
    instead: UUID | None = None,
) -> Judgement:
    """Say that two organisations are the same structure, are not, or that one cannot tell; nothing is rewritten.

    reasons: what the rules said (as `Candidate.reasons`) and the person's own words (text). instead: the « one cannot
    tell » that this answer replaces. Raises `SamePair` for one organisation, `AlreadyJudged` when the pair has another
    judgement, `AlreadyOne` when they already are one structure; to join them, `NotOpen` when one is public and the
    other not, `HeldDifferent` when a judgement holds their structures apart.
    """
    require(reader, JUDGE.code)
    if first.pk == second.pk:
        raise SamePair(_("C’est la même fiche : choisissez-en deux."))
    low, high = sorted((first.pk, second.pk))
    with act(actor):
        _one_judge_at_a_time()
        held = Judgement.objects.filter(first=low, second=high, withdrawn_at__isnull=True).first()
        if held is not None and (held.verdict != Verdict.UNSURE or held.pk != instead):
            raise AlreadyJudged(held)
        _may_be_judged(low, high, verdict)
        if held is not None:
            _take_back(held, actor)
        judgement = Judgement.objects.create(
            first_id=low, second_id=high, verdict=verdict, reasons=list(reasons), author=actor.person
        )
        if verdict == Verdict.SAME:
            _recompute_canonical([low, high])
            _tell(STRUCTURES_JOINED, judgement, (first.pk, second.pk))
    return judgement


def join_all(
    actor: Actor, reader: Reader, pairs: Sequence[tuple[Organisation, Organisation, Sequence[Any]]]
) -> list[tuple[Organisation, Organisation, UserError]]:
    """Say of each pair, in an act of its own, that it is one structure; the pairs refused, with why: the others go on.

    pairs: two organisations and the reasons.
    """
    require(reader, JUDGE.code)
    refused = []
    for first, second, reasons in pairs:
        try:
            judge(actor, reader, first, second, Verdict.SAME, reasons)
        except UserError as error:
            refused.append((first, second, error))
    return refused


def withdraw(actor: Actor, reader: Reader, judgement: Judgement, *, moving: Collection[str] | None = None) -> None:
    """Take a judgement back: the structures that it joined part again. Safe twice.

    moving: the keys (`parting.Asked`) of what was written since and goes to the other structure; None when nobody was
    asked. Raises `WrittenSince` when somebody must be, `Conflict` when what was chosen has changed.
    """
    require(reader, JUDGE.code)
    with act(actor):
        _one_judge_at_a_time()
        held = Judgement.objects.filter(pk=judgement.pk, withdrawn_at__isnull=True).first()
        if held is None:
            return
        asked = written_since(held)
        if asked and moving is None:
            raise WrittenSince(_("Des choses ont été écrites depuis : dites d’abord à laquelle elles reviennent."))
        chosen = [one for one in asked if one.key in (moving or ())]
        if len(chosen) != len(set(moving or ())):
            raise Conflict(_("Ce qui a été écrit depuis la fusion vient de changer : relisez, puis recommencez."))
        _take_back(held, actor)
        if held.verdict == Verdict.SAME:
            _recompute_canonical([held.first_id, held.second_id])
            _tell(STRUCTURES_PARTED, held, (held.first_id, held.second_id))
        give(chosen)


def _take_back(judgement: Judgement, actor: Actor) -> None:
    Judgement.objects.filter(pk=judgement.pk).update(withdrawn_at=timezone.now(), withdrawn_by=actor.person)


def _tell(kind: Kind, judgement: Judgement, about: tuple[UUID, UUID]) -> None:
    """Record what a judgement does; of projects that only their members see, their members only are told."""
    private = Organisation.objects.filter(pk__in=about).exclude(openness=Openness.PUBLIC).exists()
    narrowed = Visibility.MEMBERS if private else None
    record(kind, about=about, data=Judged(str(judgement.pk)), visibility=narrowed)


def _one_judge_at_a_time() -> None:
    """Judgements wait for each other: two that touch one cluster would each miss the other's edge.

    SQLite's IMMEDIATE transactions order writers by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JUDGING_LOCK])


def _may_be_judged(low: UUID, high: UUID, verdict: Verdict) -> None:
    """Refuse two that are one already; to join a public organisation with a private one, or two held different."""
    both = Organisation.objects.filter(pk__in=[low, high])
    shown = set(both.values_list("canonical", flat=True))
    if len(shown) == 1:
        raise AlreadyOne(_("D’autres jugements en font déjà une seule structure : reprenez d’abord l’un d’eux."))
    if verdict != Verdict.SAME:
        return
    if len(set(both.values_list("openness", flat=True))) > 1:
        raise NotOpen(_("Ce projet est encore réservé à ses membres : qu’ils l’ouvrent d’abord."))
    members = Organisation.objects.filter(canonical__in=shown).values("pk")
    if Judgement.objects.filter(
        first__in=members, second__in=members, verdict=Verdict.DIFFERENT, withdrawn_at__isnull=True
    ).exists():
        raise HeldDifferent(_("Une personne a jugé que ce sont deux structures : reprenez d’abord ce jugement."))


def _recompute_canonical(around: Collection[UUID]) -> None:
    """Recompute who shows whom, for the clusters that touch `around`: the oldest of each shows all of it.

    The statements of `edges_around`, then one update for each cluster, one more, and one assembly.
    """
    edges = edges_around(around)
    known = ages(edges)
    for cluster in components(edges):
        Organisation.objects.filter(pk__in=cluster).update(canonical=min(cluster, key=known.__getitem__))
    # What people wrote on the page of both stood beside the place it showed: the other's place is not theirs any more.
    written = SourceRecord.objects.filter(source__in=PEOPLE, organisation__in=edges, establishment__isnull=False)
    written.exclude(establishment__organisation__canonical=F("organisation__canonical")).update(establishment=None)
    save_portraits(contexts.current(), touched=dict.fromkeys(edges, False), source="judgement")
