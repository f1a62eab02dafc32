"""The structures for which a path may be opened: one's own, and for who receives those of the directory."""

from __future__ import annotations

from toile.directory.models import Organisation
from toile.kernel.fold import fold
from toile.kernel.readers import Reader

MOST = 12


def represented(reader: Reader) -> list[Organisation]:
    """The structures that the reader acts for, by name. 1 query, none for who acts for nobody."""
    if not reader.organisations:
        return []
    rows = Organisation.objects.structures().filter(members__in=reader.organisations)
    return list(rows.order_by("sort_name", "pk").distinct()[:MOST])


def named(reader: Reader, words: str) -> list[Organisation]:
    """The structures whose name holds these words. 1 query, none without words."""
    if not words.strip():
        return []
    rows = Organisation.objects.visible_to(reader).structures().filter(folded__contains=fold(words))
    return list(rows.order_by("sort_name", "pk")[:MOST])
