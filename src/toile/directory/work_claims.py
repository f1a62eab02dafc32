"""Work about who represents a structure: claims that wait for an answer, structures left without anybody."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.forms_members import InviteForm, SettleForm
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import APPOINT, CLAIMS_READ
from toile.directory.queries import work as waiting
from toile.directory.queries.members import claims_waiting, left_alone, shown_names
from toile.kernel.readers import Reader
from toile.kernel.work import Counted, WorkItem, WorkKind, declare


def _count_claims(reader: Reader) -> Counted:
    return waiting.counted(claims_waiting(reader), "made_at")


def _claims(reader: Reader, most: int) -> Sequence[WorkItem]:
    """The oldest claims, each with what its person says. 1 statement, and those of the names."""
    rows = list(claims_waiting(reader)[:most])
    names = shown_names(reader, {claim.person for claim in rows})
    return [
        WorkItem(
            key=str(claim.pk),
            title=claim.organisation.canonical.name,
            since=claim.made_at,
            url=reverse("directory:claim", args=[claim.pk]),
            why=_("%(who)s demande à la représenter (%(role)s)")
            % {"who": names[claim.person], "role": claim.get_role_display()},
            template="directory/work_claim.html",
            context={
                "claim": claim,
                "form": SettleForm(auto_id=f"%s-{place}"),
                "is_mine": claim.person == reader.person,
            },
        )
        for place, claim in enumerate(rows, start=1)
    ]


def _count_alone(reader: Reader) -> Counted:
    return waiting.counted(left_alone(reader), "alone_since")


def _alone(reader: Reader, most: int) -> Sequence[WorkItem]:
    """The structures left alone the longest. 1 statement."""
    return [
        WorkItem(
            key=str(structure.pk),
            title=structure.name,
            since=structure.alone_since,
            url=reverse("directory:members", args=[structure.pk]),
            why=_("Cette structure n’a personne ici : plus aucune personne ne la représente."),
            template="directory/work_alone.html",
            context={
                "organisation": structure,
                "form": InviteForm(auto_id=f"%s-{place}", initial={"role": MemberRole.LEAD.value}),
            },
        )
        for place, structure in enumerate(left_alone(reader)[:most], start=1)
    ]


declare(
    WorkKind(
        code="directory.claim",
        title=gettext_lazy("Demandes de représentation"),
        permission=CLAIMS_READ.code,
        order=15,
        counted=_count_claims,
        items=_claims,
        more="directory:claims",
    )
)
declare(
    WorkKind(
        code="directory.alone",
        title=gettext_lazy("Structures sans personne ici"),
        permission=APPOINT.code,
        order=45,
        counted=_count_alone,
        items=_alone,
    )
)
