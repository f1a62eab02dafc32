"""Who is one structure with whom: the graph of the judgements « the same » in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from toile.directory.models import Judgement, Organisation
from toile.directory.models.records import Verdict

Edges = dict[UUID, set[UUID]]


def edges_around(around: Collection[UUID]) -> Edges:
    """Every organisation joined to one of `around`, directly or not, with those it was judged the same as.

    Two statements, and one more a hop through the judgements.
    """
    edges: Edges = {pk: set() for pk in around}
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
    return edges


def components(edges: Mapping[UUID, set[UUID]]) -> list[set[UUID]]:
    """The structures that these edges make: each a set of organisations."""
    left, found = set(edges), []
    while left:
        cluster, reach = set(), {next(iter(left))}
        while reach:
            cluster |= reach
            reach = {other for pk in reach for other in edges[pk]} - cluster
        found.append(cluster)
        left -= cluster
    return found


def ages(organisations: Collection[UUID]) -> dict[UUID, tuple[datetime, UUID]]:
    """How old each is, to compare: the smallest of a cluster is the one whose page shows it. 1 statement."""
    known = Organisation.objects.filter(pk__in=organisations).values_list("pk", "known_since")
    return {pk: (since, pk) for pk, since in known}


def sides_of(judgement: Judgement) -> tuple[set[UUID], set[UUID]] | None:
    """The two structures that taking this judgement back would make, its first's and its second's.

    None when it joins nothing: it says another thing, or other judgements hold the two together.
    """
    if judgement.verdict != Verdict.SAME or judgement.withdrawn_at is not None:
        return None
    edges = edges_around([judgement.first_id, judgement.second_id])
    edges[judgement.first_id].discard(judgement.second_id)
    edges[judgement.second_id].discard(judgement.first_id)
    first = next(one for one in components(edges) if judgement.first_id in one)
    if judgement.second_id in first:
        return None
    return first, next(one for one in components(edges) if judgement.second_id in one)
