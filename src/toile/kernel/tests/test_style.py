"""The visual layer: size, tokens, contrasts, class names, and what templates must not contain."""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toile.kernel import style
from toile.kernel.templatetags.toile import FAMILIES, ICONS

SOURCE = Path(style.__file__).resolve().parents[1]
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
CODE = sorted(path for path in SOURCE.rglob("*.py") if "tests" not in path.parts and "migrations" not in path.parts)

# Classes that stand in the sheet before the room that will use them, and those that a library sets by itself.
NOT_YET_USED = {
    "home page's drawing": {"art"},
    "columns kept for filters on the left, halves, console": {"a", "duo", "two"},
    "small settings": {
        *("sm-only", "lg-only", "top", "bottom", "grow", "code", "short"),
        *("gap-2", "gap-band", "mb-1", "mt-4"),
    },
    "set by htmx": {"htmx-indicator", "htmx-request"},
    "printing": {"noprint"},
}


def without_strings_and_comments(css: str) -> str:
    return re.sub(r'/\*.*?\*/|url\("[^"]*"\)|"[^"]*"', "", css, flags=re.DOTALL)


def classes_of_the_sheet() -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", without_strings_and_comments(style.sheet()))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def classes_in(text: str) -> set[str]:
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    plain = re.sub(r"\{\{.*?\}\}|\{\w*\}", "\0", plain, flags=re.DOTALL)
    names = itertools.chain.from_iterable(found.split() for found in re.findall(r"""\bclass=["']([^"']*)["']""", plain))
    return {name for name in names if "\0" not in name}


def lines(paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(SOURCE)}:{number}", line


# --- The sheet -------------------------------------------------------------------------------------------------------


def test_the_sheet_weighs_at_most_45_kilobytes_and_14_zipped() -> None:
    raw = style.sheet().encode()
    assert len(raw) <= 45_000
    assert len(gzip.compress(raw, 9)) <= 14_000


def test_each_custom_property_used_is_defined_and_each_defined_is_used() -> None:
    css = re.sub(r"/\*.*?\*/", "", style.sheet(), flags=re.DOTALL)
    drawn = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *CODE])
    defined = set(re.findall(r"(?<![\w-])--([a-z][\w-]*)(?=:)", css))
    used = set(re.findall(r"var\(--([a-z][\w-]*)", css + drawn))
    assert used - defined == set()
    assert defined - used == set()


def test_the_forced_dark_sheet_is_the_dark_block_and_nothing_else() -> None:
    written = (style.FOLDER / "dark.css").read_text(encoding="utf-8")
    assert written == style.dark_sheet(), "run: python -m toile.kernel.style"
    opened = re.sub(r"/\*.*?\*/\s*", "", written, flags=re.DOTALL)
    assert opened.startswith("@media screen{:root[data-theme=dark]{\ncolor-scheme:dark;\n--paper:")
    assert opened.count("{") == opened.count("}") == 2


def test_the_sheet_has_balanced_braces_and_no_important_outside_hiding() -> None:
    css = without_strings_and_comments(style.sheet())
    assert css.count("{") == css.count("}")
    assert [rule for rule in re.findall(r"[^;{}]*!important", css) if not rule.strip().startswith("display:none")] == []


# --- Contrast (WCAG 2.2, 1.4.3 and 1.4.11; RGAA 4.1.2, 3.2 and 3.3) --------------------------------------------------

GROUNDS = ("paper", "sheet", "sunk")
READ = [
    *itertools.product(("ink", "ink-2"), (*GROUNDS, "weld-soft")),
    *itertools.product(
        ("ink",), ("emerge-soft", "consolidate-soft", "promote-soft", "bad-soft", "ok-soft", "warn-soft")
    ),
    *itertools.product(("emerge", "consolidate", "promote", "bad"), ("paper", "sheet")),
    *((axis, f"{axis}-soft") for axis in ("emerge", "consolidate", "promote", "ok", "warn", "bad")),
    *itertools.product(("on-axis",), ("emerge", "consolidate", "promote", "bad")),
    ("paper", "ink"),
    *itertools.product(("on-s-low",), ("s0", "s1", "s2")),
    *itertools.product(("on-s-high",), ("s3", "s4", "s5")),
]
SEEN = [
    *itertools.product(("edge",), GROUNDS),
    *itertools.product((f"f{number}" for number in range(1, 9)), ("paper", "sheet")),
    *itertools.product(("emerge", "consolidate", "promote", "ink"), GROUNDS),
]


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    assert re.fullmatch(r"[0-9a-f]{6}", digits), f"{colour} is not an opaque colour"
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(READ, 4.5), (SEEN, 3.0)], ids=["text", "edges"])
def test_each_pair_of_tokens_is_contrasted_enough(pairs: list[tuple[str, str]], least: float, dark: bool) -> None:
    tokens = style.tokens(dark=dark)
    weak = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


# --- Templates of every room -----------------------------------------------------------------------------------------


def test_each_class_of_a_template_is_in_the_sheet() -> None:
    known = classes_of_the_sheet()
    strangers = {
        str(path.relative_to(SOURCE)): sorted(unknown)
        for path in [*TEMPLATES, *CODE]
        if (unknown := classes_in(path.read_text(encoding="utf-8")) - known)
    }
    assert strangers == {}


def test_each_class_of_the_sheet_is_used_or_declared_for_a_room_to_come() -> None:
    used = set().union(*(classes_in(path.read_text(encoding="utf-8")) for path in [*TEMPLATES, *CODE]))
    used |= {f"f{number}" for number in FAMILIES.values()}
    allowed = set().union(*NOT_YET_USED.values())
    assert classes_of_the_sheet() - used - allowed == set()


FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE),
    "an event attribute": re.compile(r"\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "a raw colour": re.compile(
        r'\b(?:fill|stroke|color|bgcolor|stop-color)="(?!none|currentColor|var\(|url\(|\{)|\b(?:rgba?|hsla?)\(',
        re.IGNORECASE,
    ),
}


@pytest.mark.parametrize("sort", FORBIDDEN)
def test_no_template_contains(sort: str) -> None:
    assert [where for where, line in lines(TEMPLATES) if FORBIDDEN[sort].search(line)] == []


def test_templates_use_french_spaces() -> None:
    """U+202F before ; ? ! %, U+00A0 before : and inside « » (style.md, section 6)."""
    plain = re.compile(r"« | »|(?<=\w) [;?!](?=[\s<\"']|$)|(?<=[\w»}]) :(?=[\s<\"']|$)|(?<=\d) %(?!\})")
    wrong = []
    for where, line in lines(TEMPLATES):
        text = re.sub(r"\{\{.*?\}\}", "x", line)
        if plain.search(text):
            wrong.append(where)
    assert wrong == []


def test_the_sprite_holds_each_icon_and_each_glyph_and_nothing_else() -> None:
    sprite = (SOURCE / "kernel/templates/kernel/icons.html").read_text(encoding="utf-8")
    symbols = re.findall(r'<symbol id="([^"]+)"', sprite)
    assert len(symbols) == len(set(symbols))
    assert set(symbols) == {f"i-{name}" for name in ICONS} | {f"g-{family}" for family in FAMILIES}
