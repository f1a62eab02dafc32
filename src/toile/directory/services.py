"""Every write of the directory: corrections, judgements and their withdrawal, memberships."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toile.directory import contexts
from toile.directory.facts import (
    MEMBER_JOINED,
    MEMBERSHIP_DECIDED,
    ORGANISATION_CORRECTED,
    STRUCTURES_JOINED,
    STRUCTURES_PARTED,
    Changed,
    Judged,
)
from toile.directory.imports.rows import NewRecord
from toile.directory.models import Judgement, Membership, Organisation, SourceRecord
from toile.directory.models.memberships import MemberRole
from toile.directory.models.organisations import Openness
from toile.directory.models.records import Verdict
from toile.directory.permissions import APPOINT, CORRECT, DECIDE, JUDGE
from toile.directory.portraits import Context, save_portraits
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


def correct(
    actor: Actor, reader: Reader, organisation: Organisation, values: Mapping[str, Any], *, version: int
) -> None:
    """Write what the structure's own people (or a moderator) say of it: it wins over every import.

    values: fields of `rules.reading.read_fields`; an empty value withdraws the correction of that field; without any,
    nothing is written. version: that of the page the person saw; raises `Conflict` when somebody saved since.
    """
    require(reader, CORRECT.code, owners=organisation.owners(), state=organisation.state)
    source = "own" if organisation.pk in reader.organisations else "moderator"
    with act(actor):
        _say(organisation, source, values, version=version, fact=ORGANISATION_CORRECTED)


def decide(
    actor: Actor, reader: Reader, organisation: Organisation, *, is_ess: bool | None, reason: str, version: int
) -> None:
    """Say, as a person of the team, whether a structure is of the ESS, and why; None leaves it to the rules again.

    It is the first rule of the verdict (domain A9). Raises `Conflict` when the page was saved since `version`.
    """
    require(reader, DECIDE.code)
    author = gettext_noop("Une personne de l’équipe") if is_ess is not None else None
    values = {"correction": is_ess, "decided_because": reason, "decided_by": author}
    with act(actor):
        if not _say(organisation, "moderator", values, version=version, fact=MEMBERSHIP_DECIDED):
            # The verdict was already so: that somebody confirms it is told all the same.
            record(MEMBERSHIP_DECIDED, about=[organisation.pk], data=Changed(["ess_verdict"], "moderator"))


def _say(organisation: Organisation, source: str, values: Mapping[str, Any], *, version: int, fact: Kind) -> bool:
    """Write what people say of a structure in their own record; whether a fact told a visible change."""
    now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if now.version != version:
        raise Conflict(
            _("Quelqu’un a enregistré cette fiche depuis que vous l’avez ouverte : comparez, puis recommencez.")
        )
    if not values:
        return False
    before = SourceRecord.objects.filter(source=source, external_id=str(organisation.pk)).first()
    said = {**(before.payload if before else {}), **values, "said_on": timezone.localdate().isoformat()}
    payload = {name: value for name, value in said.items() if value not in (None, "", [])}
    new = NewRecord.of(source, str(organisation.pk), payload)
    stored = SourceRecord(
        pk=before.pk if before else None,
        source=source,
        external_id=new.external_id,
        organisation=organisation,
        establishment_id=(before.establishment_id if before else None) or _place_of(organisation, new),
        payload=payload,
        checksum=new.checksum,
        said_on=new.said.said_on,
    )
    saved = save_portraits(
        contexts.current(),
        touched={organisation.pk: False},
        source=source,
        fact=fact,
        created=() if before else (stored,),
        changed=(stored,) if before else (),
    )
    return organisation.pk in saved.changed


def _place_of(organisation: Organisation, new: NewRecord) -> UUID | None:
    """The establishment a correction of the address is about: the one shown, or a new one."""
    if not new.said.establishment:
        return organisation.main_id
    return organisation.main_id or uuid.uuid4()


def add_records(
    context: Context,
    rows: Iterable[tuple[UUID, str, str, Mapping[str, Any]]],
    *,
    defaults: Mapping[UUID, Mapping[str, Any]],
) -> int:
    """Store organisations that one source tells whole: (id, source, external id, payload). Inside an act; safe twice.

    Used where identity is known beforehand (the demo, a project that its holder tells). Returns how many are new.
    """
    several = list(rows)
    have = set(
        SourceRecord.objects.filter(external_id__in=[row[2] for row in several]).values_list("source", "external_id")
    )
    created, touched, read = [], {}, {}
    for pk, source, external_id, payload in several:
        if (source, external_id) in have:
            continue
        new = NewRecord.of(source, external_id, payload)
        read[source, external_id] = new.said
        touched[pk] = True
        created.append(
            SourceRecord(
                source=source,
                external_id=external_id,
                organisation_id=pk,
                payload=dict(payload),
                establishment_id=uuid.uuid5(pk, "place") if new.said.establishment else None,
                checksum=new.checksum,
                said_on=new.said.said_on,
            )
        )
    return save_portraits(context, touched=touched, created=created, read=read, defaults=defaults).created


def appoint(
    actor: Actor,
    reader: Reader | None,
    *,
    person: UUID,
    organisation: Organisation,
    role: MemberRole = MemberRole.CONTRIBUTOR,
) -> Membership:
    """Make a person act for an organisation; `reader` None when a command does it. Safe twice."""
    if reader is not None:
        require(reader, APPOINT.code)
    with act(actor):
        membership, is_new = Membership.objects.get_or_create(
            person=person, organisation=organisation, until=None, defaults={"role": role}
        )
        if is_new:
            record(MEMBER_JOINED, about=[organisation.pk])
    return membership


def judge(
    actor: Actor, reader: Reader, first: Organisation, second: Organisation, verdict: Verdict, reasons: list[str]
) -> Judgement:
    """Say that two organisations are the same structure, are not, or that one cannot tell; nothing is rewritten.

    Raises `SamePair` for one organisation, `Conflict` when the pair already has a judgement; to join them, `NotOpen`
    when one is public and the other not, `HeldDifferent` when a judgement holds their structures apart.
    """
    require(reader, JUDGE.code)
    if first.pk == second.pk:
        raise SamePair(_("C’est la même fiche : choisissez-en deux."))
    low, high = sorted((first.pk, second.pk))
    with act(actor):
        _one_judge_at_a_time()
        held = Judgement.objects.filter(first=low, second=high, withdrawn_at__isnull=True)
        if held.exists():
            raise Conflict(_("Quelqu’un a déjà jugé cette paire : rechargez la page."))
        if verdict == Verdict.SAME:
            _may_be_joined(low, high)
        judgement = Judgement.objects.create(
            first_id=low, second_id=high, verdict=verdict, reasons=reasons, author=actor.person
        )
        if verdict == Verdict.SAME:
            _recompute_canonical([low, high])
            _tell(STRUCTURES_JOINED, judgement, (first.pk, second.pk))
    return judgement


def withdraw(actor: Actor, reader: Reader, judgement: Judgement) -> None:
    """Take a judgement back: the structures that it joined part again. Safe twice."""
    require(reader, JUDGE.code)
    with act(actor):
        _one_judge_at_a_time()
        taken = Judgement.objects.filter(pk=judgement.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now(), withdrawn_by=actor.person
        )
        if taken and judgement.verdict == Verdict.SAME:
            _recompute_canonical([judgement.first_id, judgement.second_id])
            _tell(STRUCTURES_PARTED, judgement, (judgement.first_id, judgement.second_id))


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


def _may_be_joined(low: UUID, high: UUID) -> None:
    """Refuse to join a public organisation with a private one, or two structures held to be different."""
    both = Organisation.objects.filter(pk__in=[low, high])
    if len(set(both.values_list("openness", flat=True))) > 1:
        raise NotOpen(_("Ce projet est encore réservé à ses membres : qu’ils l’ouvrent d’abord."))
    shown = list(both.values_list("canonical", flat=True))
    members = Organisation.objects.filter(canonical__in=shown).values("pk")
    if Judgement.objects.filter(
        first__in=members, second__in=members, verdict=Verdict.DIFFERENT, withdrawn_at__isnull=True
    ).exists():
        raise HeldDifferent(_("Une personne a jugé que ce sont deux structures : reprenez d’abord ce jugement."))


def _recompute_canonical(around: Collection[UUID]) -> None:
    """Recompute who shows whom, for the clusters that touch `around`: the oldest of each shows all of it.

    Two statements a hop through positive judgements, then one update and one assembly for each cluster.
    """
    edges: dict[UUID, set[UUID]] = {pk: set() for pk in around}
    shown = Organisation.objects.filter(pk__in=around).values_list("canonical", flat=True)
    frontier = set(Organisation.objects.filter(canonical__in=list(shown)).values_list("pk", flat=True)) | set(around)
    while frontier:
        for pk in frontier:
            edges.setdefault(pk, set())
        joined = Judgement.objects.filter(
            Q(first__in=frontier) | Q(second__in=frontier), verdict=Verdict.SAME, withdrawn_at__isnull=True
        ).values_list("first_id", "second_id")
        reached = set()
        for low, high in joined:
            reached |= {low, high} - edges.keys()
            edges.setdefault(low, set()).add(high)
            edges.setdefault(high, set()).add(low)
        frontier = reached
    ages = dict(Organisation.objects.filter(pk__in=edges).values_list("pk", "known_since"))
    for cluster in _components(edges):
        oldest = min(cluster, key=lambda pk: (ages[pk], pk))
        Organisation.objects.filter(pk__in=cluster).update(canonical=oldest)
    save_portraits(contexts.current(), touched=dict.fromkeys(edges, False), source="judgement")


def _components(edges: Mapping[UUID, set[UUID]]) -> list[set[UUID]]:
    left, found = set(edges), []
    while left:
        cluster, reach = set(), {next(iter(left))}
        while reach:
            cluster |= reach
            reach = {other for pk in reach for other in edges[pk]} - cluster
        found.append(cluster)
        left -= cluster
    return found
