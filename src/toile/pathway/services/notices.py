"""The notices of the BODACC given by an adviser: what they say of the firms of their door is noted, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader
from toile.pathway.models import Followed, Signal
from toile.pathway.queries.cohort import of_doors
from toile.pathway.rules.bodacc import Notice, notices
from toile.pathway.rules.signals import weights
from toile.pathway.services.doors import require_at


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a file. noted: the signals made; already: noted before; to_read: what a person must read."""

    noted: list[tuple[Followed, Notice]] = field(default_factory=list)
    already: list[tuple[Followed, Notice]] = field(default_factory=list)
    to_read: list[tuple[Followed, Notice]] = field(default_factory=list)


def take(actor: Actor, reader: Reader, text: str) -> tuple[Noted, int]:
    """Note what the notices of a file say of the firms followed; the same file again notes nothing more.

    Also how many notices were of firms that one does not follow. Raises `NotNotices`.
    """
    found, done, others = notices(text), Noted(), 0
    rows = Followed.objects.present().filter(of_doors(reader)).select_related("organisation__canonical", "door")
    firms = {firm.organisation.canonical.siren: firm for firm in rows if firm.organisation.canonical.siren}
    with act(actor):
        for notice in found:
            firm = firms.get(notice.siren)
            if firm is None:
                others += 1
                continue
            require_at(reader, firm.door)
            _note(reader, firm, notice, done)
    return done, others


def _note(reader: Reader, firm: Followed, notice: Notice, done: Noted) -> None:
    if notice.level is None:
        done.to_read.append((firm, notice))
        return
    words = f"BODACC {notice.number}. {notice.title}"[:500]
    level = weights().level(notice.level)
    if _known(firm, level.code, notice.on):
        done.already.append((firm, notice))
        return
    Signal.objects.create(
        followed=firm,
        family=level.family,
        level=level.code,
        seen_on=notice.on,
        source=Signal.Source.EVENT,
        words=words,
        noted_by=reader.person,
    )
    done.noted.append((firm, notice))


def _known(firm: Followed, level: str, on: date) -> bool:
    return Signal.objects.filter(followed=firm, level=level, seen_on=on).exists()
