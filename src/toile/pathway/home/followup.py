"""What waits for who represents a followed firm, and for the advisers of the door that follows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.kernel.home import Waiting, declared
from toile.kernel.readers import Reader, Role
from toile.kernel.typography import french_number
from toile.pathway.models import CheckIn, Followed, Signal
from toile.pathway.queries.cohort import of_doors

MOST = 5


def waiting(reader: Reader) -> Sequence[Waiting]:
    """2 queries at most; none for who represents nobody."""
    if not reader.organisations:
        return ()
    return [*_mine(reader), *_contested(reader)]


def _mine(reader: Reader) -> list[Waiting]:
    """A line for each followed firm that one represents: the five questions when they wait, else what is noted."""
    asked = CheckIn.objects.filter(
        followed=OuterRef("pk"), sent_at__isnull=False, answered_at__isnull=True, closed_at__isnull=True
    )
    rows = Followed.objects.present().filter(organisation__in=reader.organisations).annotate(asked=Exists(asked))
    found = []
    for firm in rows.select_related("organisation__canonical").order_by("entered_on", "pk")[:MOST]:
        words = (
            _("Suivi de « %(name)s » : cinq questions attendent")
            if firm.asked
            else _("Suivi de « %(name)s » : lire ce qui est noté")
        )
        told = words % {"name": firm.organisation.canonical.name}
        found.append(Waiting(told, reverse("pathway:followed_mine", args=[firm.pk])))
    return found


def _contested(reader: Reader) -> list[Waiting]:
    if not reader.has_role(Role.ADVISER):
        return []
    firms = Followed.objects.present().filter(of_doors(reader))
    rows = Signal.objects.filter(contested_at__isnull=False, decided_at__isnull=True, closed_on__isnull=True)
    count = rows.filter(followed__in=firms).order_by().values("followed").distinct().count()
    if not count:
        return []
    told = ngettext("%(n)s structure suivie conteste un signal", "%(n)s structures suivies contestent un signal", count)
    address = reverse("pathway:followed_list") + "?conteste=1"
    return [Waiting(told % {"n": french_number(count)}, address, count)]


declared.waiting.append(waiting)
