"""What a document is made of: headings, words, figures, tables, pictures, notes; `templates/toile.typ` lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture. svg: standalone, black on white. alt: what it shows, for who does not see it; never empty."""

    svg: str
    alt: Text


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words. around: its interval; told: False for hidden and unknown; marks: « simulé »."""

    text: Text
    around: Text = ""
    told: bool = True
    marks: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure in large, with its interval, what it is compared to, and what limits it."""

    label: Text
    value: Text
    around: Text = ""
    beside: Text = ""
    limit: Text = ""
    told: bool = True
    marks: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the document; a level 1 begins a page and stands in the table of contents."""

    text: Text
    level: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs, one a line."""

    text: Text


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short sentences."""

    items: Sequence[Text]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Key figures, two a line."""

    figures: Sequence[KeyFigure]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know before going on, or what somebody says of the figures."""

    text: Text
    title: Text = ""
    marks: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its header comes again on each page. numeric: for each column, whether it holds numbers."""

    title: Text
    columns: Sequence[Text]
    rows: Sequence[Sequence[Text | Told]]
    numeric: Sequence[bool]
    source: Text = ""
    marks: Sequence[Text] = ()

    def __post_init__(self) -> None:
        if {len(row) for row in self.rows} - {len(self.columns)} or len(self.numeric) != len(self.columns):
            raise ValueError(f"a table of {len(self.columns)} columns with a row of another length: {self.title}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing under its finding, with its source line."""

    drawing: Drawing
    title: Text
    subtitle: Text = ""
    source: Text = ""
    marks: Sequence[Text] = ()


Part = Heading | Words | Points | KeyFigures | Note | Grid | Picture


def as_data(value: Any) -> Any:
    """Parts as the template takes them: dictionaries that say their kind, all words resolved."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_data(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(each) for each in value]
    if is_dataclass(value):
        own = {each.name: as_data(getattr(value, each.name)) for each in fields(value)}
        return {"kind": type(value).__name__.lower()} | own
    return value
