"""The files made from an edition: what they say, that they are whole, that the same edition gives the same bytes."""

import csv
import dataclasses
import datetime as dt
import io
import json
import re
import time

import openpyxl
import pytest
from django.test import override_settings
from PIL import Image

from toile.kernel.documents.parts import Drawing, Grid, Heading, KeyFigures, Note, Picture, Told, as_data
from toile.kernel.documents.printing import pictures
from toile.kernel.figures import Figure
from toile.panorama import documents
from toile.panorama.documents import Material, a4, edition, tables
from toile.panorama.models import Note as NoteRow
from toile.panorama.queries.naming import Names
from toile.panorama.queries.stories import Story
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.keys import ON_ONE_PAGE
from toile.panorama.rules.reasons import reasons
from toile.panorama.services import dressing
from toile.panorama.tests import made_up

NAMES = Names(made_up.COMPARED | {made_up.PERIMETER: made_up.PERIMETER_NAME}, made_up.COMMUNES)
STORY = Story(dt.date(2026, 11, 3), "La régie obtient un agrément : ESUS.", True)
WILD = 'Wwww #panic("x") $x$ *g* _i_ <l> @r \\ ` 中 '


def material(state="published", *, figures=None, names=NAMES, notes=None, **changes):
    row = made_up.unsaved(state, **changes)
    return Material(
        row,
        made_up.figures() if figures is None else figures,
        names,
        made_up.notes(row) if notes is None else notes,
        address="https://exemple.fr/panorama/1/",
    )


def named(words):
    return Names(dict.fromkeys(NAMES.perimeters, words), dict.fromkeys(NAMES.communes, words))


def pages(content):
    return int(re.search(rb"/Type/Pages/Count (\d+)", content)[1])


def text_of(data):
    return json.dumps(as_data(data), ensure_ascii=False, default=str)


def grids(data):
    return {part.title: part for part in data["parts"] if isinstance(part, Grid)}


@pytest.fixture(scope="module")
def whole():
    return material()


@pytest.fixture(scope="module")
def said(whole):
    return edition.document(whole)


@pytest.fixture(scope="module")
def printed(whole):
    return documents.edition_pdf(whole)


# --- the edition's PDF -----------------------------------------------------------------------------------------------


def test_the_edition_prints_as_a_tagged_document_of_some_pages(printed):
    assert 8 <= pages(printed) <= 20
    assert b"/Lang(fr)" in printed and b"/StructTreeRoot" in printed and b"pdfuaid:part>1<" in printed
    assert b"/CreationDate(D:20260302080000" in printed


def test_the_same_edition_gives_the_same_bytes(printed):
    assert documents.edition_pdf(material()) == printed


def test_its_sections_follow_one_another(said):
    assert [part.text for part in said["parts"] if isinstance(part, Heading) and part.level == 1] == [
        "Ce qu’il faut retenir",
        "Qui, dans quels métiers, de quelle taille",
        "Commune par commune",
        "Ce qui bouge",
        "Par rapport aux autres territoires",
        "Agréments et insertion",
        "La contribution de l’ESS au territoire",
        "Ce qu’en dit l’équipe",
        "La méthode",
        "Ce qui manque, et pourquoi",
        "Les sources",
    ]


def test_an_estimate_has_its_interval_and_a_share_its_percent(said):
    keys = next(part for part in said["parts"] if isinstance(part, KeyFigures)).figures
    told = {key.label: (key.value, key.around, key.marks) for key in keys}
    assert told["Emplois salariés"] == ("12\u202f997", "estimé : 9\u202f097 à 17\u202f545", ["simulé"])
    assert told["Part de l’emploi"][0] == "14,1\u202f%"
    assert told["Part de l’emploi privé"][1] == "estimé : 17,7 à 21,8\u202f%"  # bounds are rounded outwards
    assert told["Établissements employeurs"] == ("967", "", ["simulé"])
    assert all(key.limit for key in keys)


def test_hidden_and_unknown_cells_say_so_and_none_is_empty(said):
    jobs = grids(said)["Emplois salariés par commune et par famille"]
    chamond = next(row for row in jobs.rows if row[0] == "Saint-Chamond")
    assert [cell.text for cell in chamond[4:]] == ["secret statistique", "secret statistique"]
    assert not any(cell.told for cell in chamond[4:])
    communes = grids(said)["Les communes : 6"]
    molière = next(row for row in communes.rows if row[0] == "Roche-la-Molière")
    assert [cell.text for cell in molière[3:5]] == ["inconnu", "inconnu"]
    for grid in grids(said).values():
        assert all(cell if isinstance(cell, str) else cell.text for row in grid.rows for cell in row)


def test_a_broken_series_is_said_at_its_year(said):
    rows = {row[0]: row[1].text for row in grids(said)["Année après année"].rows}
    assert rows["2018"] == "rupture de série"
    assert rows["2015"] == "1\u202f011"


def test_places_of_one_name_are_told_apart_by_their_codes():
    said = grids(edition.document(material(names=named("Saint-Roch"))))
    assert [row[0] for row in said["Les communes : 6"].rows][:2] == ["Saint-Roch (42095)", "Saint-Roch (42186)"]
    assert len(said["Le territoire et ceux auxquels il est comparé"].rows) == 6


def test_simulated_figures_are_marked_where_they_stand(said):
    assert said["marks"] == ["simulé"] and "inventées" in said["warning"]
    for title, grid in grids(said).items():
        cells = [cell for row in grid.rows for cell in row if isinstance(cell, Told) and cell.told]
        assert grid.marks == ["simulé"] or all(cell.marks == ["simulé"] for cell in cells), title


def test_real_figures_beside_simulated_ones_are_told_apart():
    """One real figure takes the mark off the table's title, and puts it on each of the others."""
    figures = made_up.figures()
    real = dataclasses.replace(made_up.TABLE, simulated=False)
    figures[0] = dataclasses.replace(figures[0], sources=(real,))
    grid = next(tables.by_family(material(figures=figures)))
    assert grid.marks == []
    assert [row[1].marks for row in grid.rows] == [["simulé"]] * 5 + [[]]


def test_the_method_tells_each_indicator_and_the_sources_their_checksums(said, whole):
    text = text_of(said)
    for indicator in {figure.indicator for figure in whole.figures}:
        assert indicators()[indicator].definition_fr in text
        assert indicators()[indicator].limits_fr[-1] in text
    assert reasons()["secret_few"].sentence_fr in text
    assert "aaaaaaaa aaaaaaaa" in text and "Licence Ouverte 2.0" in text


def test_the_contribution_shows_what_nothing_answers_as_unknown(said):
    grid = next(grid for title, grid in grids(said).items() if title.startswith("Les entreprises de l’ESS ont-elles"))
    assert [row[1].text for row in grid.rows] == ["inconnu"]


def test_the_team_s_notes_and_the_erratum_are_in_place():
    said = edition.document(material(erratum="La part de Firminy était fausse."))
    notes = [(part.title, part.text) for part in said["parts"] if isinstance(part, Note)]
    assert notes[0] == ("Erratum : ce que cette version corrige", "La part de Firminy était fausse.")
    assert notes[-1] == (f"{indicators()['jobs'].name_fr}, Firminy", "Un établissement a changé de siège.")


def test_an_edition_not_published_says_so():
    assert "pas publiée" in edition.document(material("built"))["warning"]


def test_the_drawings_given_are_printed(whole, printed):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><path d="M0 0h90v9H0z"/></svg>'
    picture = Picture(Drawing(svg, "Une barre."), "La moitié des emplois", marks=["simulé"])
    drawn = documents.edition_pdf(dataclasses.replace(whole, drawings=[picture, picture]))
    assert drawn.count(b"/S/Figure") == printed.count(b"/S/Figure") + 1


@pytest.mark.slow
def test_sixty_communes_with_long_names_and_wild_words_are_printed():
    code = {
        f"42{number:03}": f"Saint-Quelque-Chose-en-Forez-et-des-Deux-Rivières {WILD}{number}" for number in range(60)
    }
    one = [figure for figure in made_up.figures() if figure.cell.commune == "42218"]
    figures = made_up.figures() + [
        dataclasses.replace(figure, cell=figure.cell._replace(commune=commune)) for commune in code for figure in one
    ]
    large = material(
        figures=figures,
        names=Names(NAMES.perimeters, NAMES.communes | code),
        introduction=WILD * 20,
        erratum=WILD,
        title=WILD * 4,
    )
    assert pages(documents.edition_pdf(large)) < 40


def test_an_edition_without_any_figure_is_printed_too():
    bare = material(figures=[], compared=[], introduction="", said_of_sources=[], queries={}, notes=[], year=None)
    assert pages(documents.edition_pdf(bare)) >= 3
    assert pages(documents.one_page(bare)) == 1
    assert documents.workbook(bare)


# --- the A4 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "42218", "42189", "42225", "dep:42", "99999"])
def test_the_a4_of_any_place_is_one_page(whole, place):
    content = documents.one_page(whole, place, stories=[STORY] * 3)
    assert pages(content) == 1
    assert b"/StructTreeRoot" in content and b"/Lang(fr)" in content and b"/Alt" in content


@pytest.mark.parametrize("contact", ["", "observatoire@exemple.fr " * 20])
def test_the_a4_is_one_page_whatever_its_words(contact):
    long = named("Saint-Quelque-Chose-de-la-Montagne-en-Forez-et-des-Deux-Rivières " * 4)
    figures = [figure for figure in made_up.figures() if not figure.indicator.startswith("share")]
    row = made_up.unsaved("published", perimeter_name=WILD * 9)
    crowded = material(
        figures=figures,
        names=long,
        notes=[NoteRow(edition=row, commune="42095", text=WILD * 100)],
        perimeter_name=WILD * 9,
    )
    story = Story(dt.date(2026, 9, 30), WILD * 40, True)
    with override_settings(TOILE_CONTACT=contact, TOILE_PUBLISHER=contact * 2):
        assert pages(documents.one_page(crowded, "42095", stories=[story] * 9)) == 1
        assert pages(documents.one_page(crowded, "", stories=[])) == 1


def test_the_a4_has_five_figures_with_their_limits_and_the_territory_beside_shares(whole):
    said = a4.sheet(whole, "42095", [STORY])
    assert [figure.label for figure in said["figures"]] == [indicators()[code].short_fr for code in ON_ONE_PAGE]
    assert said["figures"][0].value == "16,9\u202f%"
    assert said["figures"][0].beside == "Saint-Étienne Métropole : 14,1\u202f%"
    assert said["figures"][2].beside == ""
    assert all(figure.limit and figure.marks == ["simulé"] for figure in said["figures"])
    assert said["stories"] == [
        {"day": "mardi 3 novembre 2026", "sentence": "La régie obtient un agrément : ESUS.", "marks": ["fictif"]}
    ]
    assert said["notes"][0].text == "Un établissement a changé de siège."


def test_a_figure_that_the_edition_lacks_stands_on_the_a4_unknown(whole):
    share = a4.sheet(whole, "42189", [])["figures"][0]
    assert (share.value, share.told) == ("inconnu", False)
    assert share.limit.startswith(reasons()["denominator_unknown"].sentence_fr)
    nowhere = a4.sheet(whole, "99999", [])
    assert {figure.value for figure in nowhere["figures"]} == {"inconnu"}
    assert nowhere["drawing"] is None
    assert {row[1].text for row in nowhere["table"].rows} == {"inconnu"}


def test_the_drawing_of_the_a4_says_its_figures_in_words(whole):
    drawing = a4.sheet(whole, "42095", [])["drawing"]
    assert drawing.drawing.alt == (
        "77 établissements employeurs. Association : 64 ; Coopérative : 8 ; Mutuelle : 4 ; "
        "Fondation : 1 ; Société commerciale de l’ESS : aucun."
    )


def test_one_a4_takes_a_moment(whole):
    documents.one_page(whole, "42095")
    start = time.perf_counter()
    documents.one_page(whole, "42218")
    assert time.perf_counter() - start < 3


def test_nothing_is_printed_outside_the_page_s_margins():
    """Long names, wide tables and a crowded A4, looked at: their right and bottom edges are blank."""
    long = material(names=named("Saint-Quelque-Chose-en-Forez-et-des-Deux-Rivières"), title="W" * 300)
    printed = pictures(edition.TEMPLATE, edition.document(long), made_on=long.made_on, ppi=40)
    story = Story(dt.date(2026, 9, 30), WILD * 40, True)
    sheet = a4.sheet(long, "42218", [story] * 3)
    printed += pictures(a4.TEMPLATE, sheet, made_on=long.made_on, ppi=40)
    for number, page in enumerate(printed, start=1):
        picture = Image.open(io.BytesIO(page)).convert("L")
        wide, high = picture.size
        for edge in (
            (int(wide * 0.94), 0, wide, high),
            (0, int(high * 0.985), wide, high),
            (0, 0, int(wide * 0.06), high),
        ):
            assert picture.crop(edge).getextrema()[0] > 240, (number, edge)


# --- spreadsheets ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(whole):
    return openpyxl.load_workbook(io.BytesIO(documents.workbook(whole)))


def rows_of(sheet):
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_workbook_has_its_sheets_and_every_figure(book, whole):
    assert book.sheetnames == ["À lire", "Chiffres", "Communes", "Dictionnaire", "Sources", "Notes"]
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    assert len(rows_of(book["Chiffres"])) == len(whole.figures)


def test_numbers_are_numbers_and_what_is_not_told_says_why(book, whole):
    rows = rows_of(book["Chiffres"])
    for figure, row in zip(whole.figures, rows, strict=True):
        if figure.value is not None:
            assert row["valeur"] == pytest.approx(float(figure.value)) and not isinstance(row["valeur"], str)
        else:
            assert isinstance(row["valeur"], str) and row["raison"]
    assert {row["valeur"] for row in rows if row["statut"] == "secret statistique"} == {"secret statistique"}
    assert {row["simulé"] for row in rows} == {"oui"}


def test_the_communes_stand_side_by_side_with_the_bounds_of_estimates(book):
    row = next(row for row in rows_of(book["Communes"]) if row["code"] == "42189")
    assert (row["Emplois salariés"], row["Emplois salariés (bas)"], row["Emplois salariés (haut)"]) == (456, 319, 615)
    assert row["Part de l’emploi"] == "inconnu"


def test_the_dictionary_tells_every_column_indicator_and_reason(book, whole):
    entries = {(row["genre"], row["code"] or row["nom"]): row for row in rows_of(book["Dictionnaire"])}
    for name in next(book["Chiffres"].iter_rows(max_row=1, values_only=True)):
        assert any(row["genre"] == "colonne" and row["nom"] == name for row in entries.values()), name
    for figure in whole.figures:
        assert entries["indicateur", figure.indicator]["définition"]
        assert not figure.because or entries["raison", figure.because]["définition"]
        assert not figure.cell.sector or entries["secteur", figure.cell.sector]["nom"] != figure.cell.sector
    jobs = entries["indicateur", "jobs"]
    assert (jobs["unité"], bool(jobs["calcul"]), bool(jobs["limites"])) == ("emplois salariés", True, True)


def test_the_sources_have_publisher_vintage_licence_and_checksum(book):
    first = rows_of(book["Sources"])[0]
    assert first["qui la publie"] == "Toile" and first["millésime"] == "31 décembre 2024"
    assert first["licence"] == "Licence Ouverte 2.0" and first["empreinte SHA-256"] == "a" * 64
    assert first["simulée"] == "oui"


def test_nothing_that_a_spreadsheet_would_run_gets_in():
    bad = "=cmd|' /C calc'!A0"
    names = named(bad)
    harmful = material(title=bad, names=names, erratum=bad, notes=[NoteRow(indicator="jobs", text=bad)])
    book = openpyxl.load_workbook(io.BytesIO(documents.workbook(harmful)))
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "'" + bad in values and bad not in values
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert f",{bad}" not in documents.csv_dictionary(harmful).decode()


def test_the_csv_has_the_columns_of_the_command_line_then_its_own(whole):
    rows = list(csv.DictReader(io.StringIO(documents.csv(whole).decode())))
    assert list(rows[0]) == [
        "indicator", "perimeter", "commune", "family", "sector", "size", "unit", "low", "value", "high", "status",
        "year", "because", "simulated",
    ]  # fmt: skip
    assert len(rows) == len(whole.figures)
    for row in rows:
        assert (row["value"] == "") == (row["status"] != "ok") and (row["because"] == "") == (row["status"] == "ok")
    shift = next(row for row in rows if row["indicator"] == "shift_local")
    assert shift["value"] == "-95"


def test_the_csv_s_dictionary_names_its_columns(whole):
    entries = list(csv.DictReader(io.StringIO(documents.csv_dictionary(whole).decode())))
    columns = [row["code"] for row in entries if row["genre"] == "colonne"]
    assert {name for name in columns if name} == set(documents.csv(whole).decode().splitlines()[0].split(","))


# --- from the database -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_file_is_made_from_the_saved_edition(django_assert_num_queries):
    row = made_up.edition("published", compared=["france"])
    with django_assert_num_queries(5):
        read = documents.material_of(row)
    assert read.name("perimeter", "france") == "France" and read.name("commune", "42218") == "42218"
    made = list(documents.every_file(read))
    assert [file.key for file in made] == [
        "pdf", "xlsx", "csv", "csv-dictionary", "a4", *(f"a4:{code}" for code in sorted(made_up.COMMUNES)),
    ]  # fmt: skip
    assert len(made) == documents.how_many(read)
    assert len({file.filename for file in made}) == len(made)
    assert [file.content for file in made[1:4]] == [
        documents.workbook(read), documents.csv(read), documents.csv_dictionary(read),
    ]  # fmt: skip


def test_a_figure_of_an_unknown_indicator_stays_in_the_workbook():
    """A table published by others may tell what no indicator of ours is."""
    strange = [Figure("theirs", made_up.cell(), "euros", made_up.Decimal("3.5"), sources=(made_up.STOCK,))]
    book = openpyxl.load_workbook(io.BytesIO(documents.workbook(material(figures=strange))))
    assert rows_of(book["Chiffres"])[0]["valeur"] == 3.5


@pytest.mark.slow
def test_an_edition_is_dressed_with_its_drawings_the_same_twice(home, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = made_up.edition("published")
    once, twice = (dressing.files_of(row, lambda done, total, words: None) for _time in range(2))
    assert once == twice
    printed = (tmp_path / once[0].path).read_bytes()
    assert once[0].key == "pdf" and printed.count(b"/S/Figure") >= 12
    assert b"pdfuaid:part>1<" in printed
