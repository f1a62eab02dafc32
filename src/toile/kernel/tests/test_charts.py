"""Charts: what they refuse, what they never say, and that a bar has the same paint on every medium."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from toile.kernel import components_charts, style
from toile.kernel.charts import Bars, Curves, Line, Multiples, Parts, Series, Words, finished, told
from toile.kernel.charts.chart import SLIM, WIDE
from toile.kernel.charts.lettering import SIZE, width_of
from toile.kernel.charts.series import steps_to
from toile.kernel.figures import Cell, Figure, hidden, unknown

WORDS = Words("Sept sur dix sont des associations", "Établissements, 2025", "Famille", "Établissements")
HIDDEN = hidden("demo", Cell("here"), "establishments", "secret_few")
UNKNOWN = unknown("demo", Cell("here"), "establishments", "no_source")


def figure(value: object, low: object = None, high: object = None, unit: str = "establishments") -> Figure:
    bounds = (Decimal(str(low)), Decimal(str(high))) if low is not None else (None, None)
    return Figure("demo", Cell("here"), unit, Decimal(str(value)), *bounds)


def bars(*figures: Figure, **more: object) -> Bars:
    return Bars(key="essai", words=WORDS, lines=tuple(Line(f"Nom {n}", f) for n, f in enumerate(figures)), **more)


def rectangles(svg: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', found)) for found in re.findall(r"<rect ([^>]*)/>", svg)]


# --- What is said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (figure("56.0", 35, 77), "56 (35 à 77)"),
        (figure("14.1", unit="percent"), "14,1\u202f%"),
        (figure("14.1", 12, "15.3", unit="percent"), "14,1\u202f% (12,0 à 15,3\u202f%)"),
        (figure("14.1", "12.04", "15.31", unit="percent"), "14,1\u202f% (12,0 à 15,4\u202f%)"),
        (figure("56.5", "35.5", "76.2"), "56 (35 à 77)"),
        (figure(0, 0, 0), "0"),
        (figure("1.343", unit="ratio"), "1,34"),
        (figure(21142), "21\u202f142"),
        (HIDDEN, "secret statistique"),
        (UNKNOWN, "inconnu"),
    ],
)
def test_a_figure_is_told_with_its_interval_and_never_as_zero(one: Figure, said: str) -> None:
    assert told(one) == said


def test_what_is_not_told_is_hatched_and_has_no_length() -> None:
    known, secret, absent = rectangles(bars(figure(0), HIDDEN, UNKNOWN).drawn(slim=False))
    assert (known["width"], secret["fill"], absent["fill"]) == ("0", "url(#secret)", "url(#inconnu)")
    assert secret["width"] == absent["width"] != "0"


def test_the_table_says_what_the_drawing_says() -> None:
    html = bars(figure("56.0", 35, 77), HIDDEN, UNKNOWN).html()
    for said in ("56 (35 à 77)", "secret statistique", "inconnu"):
        assert html.count(f">{said}<") == 3, "in both drawings and in the table"


# --- What is refused -------------------------------------------------------------------------------------------------


def test_one_scale_shows_one_unit() -> None:
    with pytest.raises(ValueError, match="one scale"):
        bars(figure(1), figure(1, unit="percent"))


@pytest.mark.parametrize(
    "lines",
    [[figure(1)] * 4, [figure(90), figure(20)]],
    ids=["four parts", "parts that exceed the whole"],
)
def test_parts_are_three_at_most_and_within_their_whole(lines: list[Figure]) -> None:
    with pytest.raises(ValueError):
        Parts(key="p", words=WORDS, lines=tuple(Line(f"{n}", f) for n, f in enumerate(lines)), total=figure(100))


def test_a_whole_that_is_not_told_has_no_parts() -> None:
    with pytest.raises(ValueError):
        Parts(key="p", words=WORDS, lines=(Line("a", figure(1)),), total=HIDDEN)


def test_five_curves_are_small_multiples() -> None:
    five = tuple(Series(str(n), ((2024, figure(1)), (2025, figure(2)))) for n in range(5))
    with pytest.raises(ValueError, match="Multiples"):
        Curves(key="c", words=WORDS, series=five)
    assert len(Multiples(key="c", words=WORDS, series=five).rows()) == 2


# --- Lengths ---------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.decimals(Decimal("-1e6"), Decimal("1e7"), places=1), min_size=1, max_size=8).filter(any),
    st.booleans(),
)
def test_bars_start_at_zero_in_proportion_and_their_values_stay_on_the_paper(values: list[Decimal], slim: bool) -> None:
    svg = bars(*map(figure, values)).drawn(slim)
    drawn = rectangles(svg)
    longest = max(values, key=abs)
    unit = float(next(r["width"] for r, v in zip(drawn, values, strict=True) if v == longest)) / abs(float(longest))
    for rectangle, value in zip(drawn, values, strict=True):
        assert float(rectangle["width"]) == pytest.approx(abs(float(value)) * unit, abs=1.6)
    across = SLIM if slim else WIDE
    for x, text in re.findall(r'<text x="([\d.]+)"[^>]*font-weight="700">([^<]*)</text>', svg):
        assert float(x) + width_of(text, bold=True) <= across + 1


@given(st.floats(min_value=0.01, max_value=1e9), st.sampled_from([2, 5]))
def test_the_scale_of_curves_starts_at_zero_and_holds_the_most_in_few_steps(most: float, steps: int) -> None:
    scale = steps_to(most, steps)
    assert scale[0] == 0 and scale[-1] >= most * 0.999999 and 2 <= len(scale) <= steps + 2


def test_a_line_joins_nothing_across_a_break_nor_across_what_is_not_told() -> None:
    points = [(2012, figure(1)), (2013, figure(2)), (2015, figure(3)), (2016, UNKNOWN), (2017, figure(4))]
    found = [[at for at, _figure in held] for held in Series("s", tuple(points)).segments([2013])]
    assert found == [[2012, 2013], [2015], [2017]]


# --- Every kind, in pages --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page() -> str:
    return "".join(components_charts.blocks(components_charts.bars())) + written()


def written() -> str:
    return components_charts.WRITTEN.read_text(encoding="utf-8")


def test_drawings_obey_the_content_policy_and_name_their_colours(page: str) -> None:
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", page)
    assert not re.search(r'(?:fill|stroke)="(?!none"|var\(|url\(#)', page)


def test_each_pattern_is_defined_in_its_own_drawing_under_a_name_of_its_own(page: str) -> None:
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert set(re.findall(r"url\(#([^)]+)\)", drawing)) == set(re.findall(r'pattern id="([^"]+)"', drawing))


def test_no_text_is_below_twelve_pixels(page: str) -> None:
    """A phone of 320 px leaves 284 to a drawing of 340; the wide one is shown from 544."""
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)', page)}
    assert sizes == {SIZE}
    assert SIZE * 284 / SLIM >= 12 and SIZE * 544 / WIDE >= 12
    assert "@container (max-width:34rem){\n.plot .chart{display:none}" in style.sheet()


def test_each_drawing_has_a_name_and_its_table(page: str) -> None:
    drawings = re.findall(r'<svg xmlns[^>]*role="img" aria-label="Graphique[^"]{20,}"', page)
    kinds = len(components_charts.bars()) + len(components_charts.curves())
    assert len(drawings) == 2 * kinds
    assert page.count("<caption") == page.count("<details") == kinds


def test_the_written_curves_say_their_breaks_and_what_is_unknown() -> None:
    assert "rupture de série" in written() and "url(#deux-l-inconnu)" in written()


@pytest.mark.slow
def test_a_name_is_text_and_never_markup() -> None:
    name = '<b>"a" & b</b>'
    twice = tuple(Series(name, ((2024, figure(1)), (2025, figure(2)))) for _ in range(2))
    for chart in (
        Bars(key="n", words=WORDS, lines=(Line(name, figure(1)),)),
        Curves(key="n", words=WORDS, series=twice),
    ):
        assert "<b>" not in chart.html() and "&lt;b&gt;" in chart.svg()


@pytest.mark.slow
def test_the_written_curves_are_what_is_drawn() -> None:
    series, _two, survival, _many = components_charts.curves()
    for chart in (series, survival):
        assert chart.html() in written(), "run: python -m toile.kernel.components_charts"


# --- The same paint on every medium ----------------------------------------------------------------------------------


def test_an_unknown_pattern_or_token_is_loud() -> None:
    for broken in ('<svg viewBox="0 0 1 1"><path fill="url(#inconnue)"/></svg>', '<svg><path fill="var(--f9)"/></svg>'):
        with pytest.raises(KeyError):
            finished(broken, "print", "x")


@pytest.fixture(scope="module")
def painted() -> Bars:
    families = ("association", "cooperative", "mutuelle", "fondation", "societe")
    lines = [Line(name, figure(100 - n), name) for n, name in enumerate(families)]
    lines += [Line("caché", HIDDEN), Line("inconnu", UNKNOWN), Line("autre", figure(90))]
    return Bars(key="peint", words=WORDS, lines=tuple(lines))


def colours(picture: Image.Image, chart: Bars) -> list[set[tuple[int, int, int]]]:
    """For each bar, the colours that cover at least a tenth of its inside."""
    found = []
    scale = picture.width / WIDE
    for bar in rectangles(chart.drawn(slim=False)):
        x, y, w, h = (float(bar[name]) * scale for name in ("x", "y", "width", "height"))
        inside = picture.convert("RGB").crop((int(x) + 3, int(y) + 3, int(x + w) - 3, int(y + h) - 3))
        counted = inside.getcolors(maxcolors=inside.width * inside.height)
        found.append({colour for count, colour in counted if count > inside.width * inside.height / 10})
    return found


def rgb(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("target", ["light", "dark", "print"])
def test_bars_keep_their_colour_and_their_pattern_as_pixels(painted: Bars, target: str) -> None:
    svg = painted.svg(target)
    assert "var(" not in svg
    tokens = style.tokens(dark=target == "dark")
    for n, seen in enumerate(colours(Image.open(io.BytesIO(painted.png(target))), painted)):
        if n < 5:
            assert any(near(colour, rgb(tokens[f"f{n + 1}"])) for colour in seen), (n, seen)
            assert len(seen) >= 2, "the glyph is there too"
    assert any(near(colour, rgb(tokens["s4"])) for colour in seen)


@pytest.mark.slow
def test_the_same_bars_in_a_pdf(painted: Bars, tmp_path: Path) -> None:
    import typst

    (tmp_path / "bars.pdf").write_bytes(painted.pdf())
    (tmp_path / "bars.svg").write_text(painted.svg("print"), encoding="utf-8")
    expected = colours(Image.open(io.BytesIO(painted.png("print"))), painted)
    for file in ("bars.pdf", "bars.svg"):
        source = tmp_path / "page.typ"
        source.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{file}", width: {WIDE}pt)')
        png = typst.compile(str(source), format="png", ppi=144.0)
        for seen, wanted in zip(colours(Image.open(io.BytesIO(png)), painted), expected, strict=True):
            assert any(near(a, b) for a in seen for b in wanted if b != (253, 251, 245)), (file, seen, wanted)
            assert len(seen) >= min(2, len(wanted)), file
