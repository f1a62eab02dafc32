"""The embedded search index: derived data beside the database, read by every process, written by one per machine."""

from .declaring import Collection, Document, collections, declare
from .finding import Around, Hits, Query, find
from .outbox import note
from .reading import IndexUnavailable

__all__ = [
    "Around",
    "Collection",
    "Document",
    "Hits",
    "IndexUnavailable",
    "Query",
    "collections",
    "declare",
    "find",
    "note",
]
