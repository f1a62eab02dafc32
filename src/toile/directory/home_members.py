"""What the home page says to who leads a structure: somebody asks to join it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.queries.members import claims_on_mine
from toile.kernel.home import Waiting, declared
from toile.kernel.readers import Reader


def waiting(reader: Reader) -> Sequence[Waiting]:
    """The claims on the structures that the reader leads, the oldest first. At most 1 statement."""
    return [
        Waiting(
            _("Quelqu’un demande à représenter « %(name)s »") % {"name": claim.organisation.canonical.name},
            reverse("directory:claim", args=[claim.pk]),
            since=claim.made_at,
        )
        for claim in claims_on_mine(reader)
    ]


declared.waiting.append(waiting)
