"""Documents going out: any text is text, the same input gives the same bytes, the PDF is tagged, a fault is loud."""

import datetime as dt
import logging
import re

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from toile.kernel.documents import printing
from toile.kernel.documents.parts import (
    Drawing,
    Grid,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    Picture,
    Points,
    Told,
    Words,
)
from toile.kernel.documents.printing import TemplateError, pdf

REPORT = "kernel/documents/templates/report.typ"
ON = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
WILD = '#panic("x") #pagebreak() $x^2$ *gras* _it_ <label> @ref \\ ` // c /* d */ = ~ -- \' " [ ] { } %'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20" viewBox="0 0 90 20"><path d="M0 0h90v9H0z"/></svg>'
)
MARKS = ["simulé"]


def report(text="Du texte.", rows=3, **changes):
    """A document with one part of each kind, `text` wherever a person may have written."""
    figure = Told(text, "(1 à 2)", marks=MARKS)
    parts = [
        Heading(text),
        Heading(text, 2),
        Heading(text, 3),
        Words(f"{text}\n\n{text}"),
        Points([text, text]),
        KeyFigures([KeyFigure(text, text, text, text, text, marks=MARKS), KeyFigure("b", "inconnu", told=False)]),
        Note(text, text, MARKS),
        Grid(text, [text, "b", "c", "d"], [[text, figure, figure, Told("inconnu", told=False)]] * rows,
             [False, True, True, True], text, MARKS),
        Picture(Drawing(SVG, text), text, text, text, MARKS),
    ]  # fmt: skip
    data = {
        "title": text, "author": text, "running": text, "footer": text, "marks": MARKS, "above": text,
        "about": [text], "warning": text, "colophon": [text], "words": {"contents": "Sommaire"}, "parts": parts,
    }  # fmt: skip
    return data | changes


def pages(content):
    return int(re.search(rb"/Type/Pages/Count (\d+)", content)[1])


@pytest.fixture(scope="module")
def plain():
    return pdf(REPORT, report(), made_on=ON)


def test_the_pdf_is_tagged_titled_dated_and_in_french(plain):
    assert b"/MarkInfo<</Marked true" in plain
    assert b"/StructTreeRoot" in plain
    assert b"/Lang(fr)" in plain
    assert b"/DisplayDocTitle true" in plain
    assert b"pdfuaid:part>1<" in plain
    assert b"/CreationDate(D:20260302080000" in plain
    assert b"/Alt" in plain
    assert {tag for tag in (b"H1", b"H2", b"H3", b"TH", b"TD", b"L", b"TOC", b"Figure") if b"/S/" + tag in plain} == {
        b"H1", b"H2", b"H3", b"TH", b"TD", b"L", b"TOC", b"Figure",
    }  # fmt: skip


def test_the_same_input_gives_the_same_bytes(plain):
    assert pdf(REPORT, report(), made_on=ON) == plain
    assert pdf(REPORT, report(), made_on=ON + dt.timedelta(days=1)) != plain


def test_what_a_person_wrote_is_never_markup():
    wild = pdf(REPORT, report(WILD), made_on=ON)
    tame = pdf(REPORT, report(re.sub(r"[^\w ]", "o", WILD)), made_on=ON)
    assert pages(wild) == pages(tame)
    for tag in (b"/S/H1", b"/S/Link", b"/S/Formula", b"/S/Code", b"/S/Strong", b"/S/Em", b"/S/P", b"/S/Div"):
        assert wild.count(tag) == tame.count(tag), tag


@pytest.mark.parametrize(
    "text", ["", "\x00\x07\ufffe", "中文 𓀀", "\t\r\n\u2028", "ع\u202eب", "e\u0301" * 200, "x" * 600]
)
def test_no_text_breaks_it(text):
    assert pdf(REPORT, report(text), made_on=ON).startswith(b"%PDF")


@given(st.text(max_size=80))
@examples(max_examples=20)
def test_nor_does_any_other(text):
    data = report(title=text, parts=[Heading(text), Words(text), Note(text, text), Picture(Drawing(SVG, text), text)])
    assert b"/StructTreeRoot" in pdf(REPORT, data, made_on=ON)


def test_a_sign_without_glyph_is_replaced_and_the_others_stay():
    assert pdf(REPORT, report("a\U00013000b"), made_on=ON) == pdf(REPORT, report("a\ufffdb"), made_on=ON)


def test_a_long_table_goes_on_with_its_header(plain):
    long = pdf(REPORT, report(rows=90), made_on=ON)
    assert pages(long) > pages(plain)


def test_a_fault_in_a_template_is_loud_and_says_where():
    with pytest.raises(TemplateError, match=r"(?s)report\.typ.*toile\.typ:\d+"):
        pdf(REPORT, report(parts=[{"kind": "nothing"}]), made_on=ON)


def test_a_table_refuses_a_row_of_another_length():
    with pytest.raises(ValueError, match="2 columns"):
        Grid("t", ["a", "b"], [["x"]], [False, True])


def test_the_fonts_that_templates_name_are_there(caplog):
    """The bytes of a document follow from its fonts: a machine without them says so."""
    printing._fonts.cache_clear()
    with caplog.at_level(logging.WARNING):
        pdf(REPORT, report(), made_on=ON)
    assert caplog.records == []
