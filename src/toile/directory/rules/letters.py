"""The words of a letter with declared placeholders: `{structure}`; one that is not known is named, none is run."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def placeholders(text: str) -> list[str]:
    """The names between braces, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in _PLACEHOLDER.findall(text)))


def unknown_placeholders(text: str, known: Collection[str]) -> list[str]:
    """Those of the text that nothing fills."""
    return [name for name in placeholders(text) if name not in known]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, once: what a value holds is not read again. Unknown ones stay."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1].strip(), found[0]), text)
