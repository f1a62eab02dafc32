"""Published tables: what a spreadsheet writes is read, and what is wrong in it is said with its line and its column."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.figures import Cell, Figure, FigureSource, Status
from toile.kernel.fold import fold
from toile.kernel.tabular import Row, open_table
from toile.kernel.typography import french_number
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.rows import COLUMNS, long_row, plain
from toile.panorama.rules.table_checks import check_table
from toile.panorama.rules.table_words import code_of, read_number, words
from toile.panorama.rules.tables import MAX_PROBLEMS, Defaults, NotAPublishedTable, read_table

SEM = "244200770"
DESCRIBED = Path(__file__).resolve().parents[4] / "docs/panorama-tableaux.md"
SOURCE = FigureSource("flores", "Flores 2022", "INSEE")
DEFAULTS = Defaults(SEM, 2022)


def spaced(text):
    """A sentence with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def read(columns, *rows, defaults=DEFAULTS):
    names = columns.split(";")
    cells = [(line, dict(zip(names, row.split(";"), strict=True))) for line, row in enumerate(rows, start=2)]
    return read_table(names, cells, SOURCE, defaults)


def test_the_published_figures_of_the_territory_are_read_as_they_are_printed():
    table = read(
        "Indicateur;Périmètre;Année;Valeur",
        f"Établissements employeurs;{SEM};2015;1 566",
        f"jobs;{SEM};2015;21\u202f142",
        f"Part de l’emploi;{SEM};2015;14,1\u00a0%",
        f"share_of_private_employment;{SEM};2015;19.1",
    )
    assert not table.problems and not table.ignored
    assert {(f.indicator, f.value, f.unit) for f in table.figures} == {
        ("employer_establishments", Decimal(1566), "establishments"),
        ("jobs", Decimal(21142), "jobs"),
        ("share_of_employment", Decimal("14.1"), "percent"),
        ("share_of_private_employment", Decimal("19.1"), "percent"),
    }
    assert {f.cell for f in table.figures} == {Cell(SEM, year=2015)}
    assert all(f.sources == (SOURCE,) and not f.estimated for f in table.figures)


def test_a_wide_table_has_one_column_for_each_indicator():
    table = read(
        "CODGEO;LIBGEO;Emplois ESS;Population municipale", "42218;Saint-Étienne;11 302;s", "1001;L’Abergement;;784"
    )
    assert table.columns == {"CODGEO": "commune", "Emplois ESS": "jobs", "Population municipale": "population"}
    assert table.ignored == ("LIBGEO",)
    assert [(f.indicator, f.cell.commune, f.value, f.because) for f in table.figures] == [
        ("jobs", "42218", Decimal(11302), ""),
        ("population", "42218", None, "secret_of_source"),
        ("jobs", "01001", None, "not_published"),
        ("population", "01001", Decimal(784), ""),
    ]
    assert table.figures[1].status is Status.HIDDEN and table.figures[2].status is Status.UNKNOWN


@pytest.mark.parametrize("content", ["\ufeffindicateur;valeur\njobs;21 142\n", 'indicateur,valeur\njobs,"21 142"\n'])
def test_any_separator_and_a_byte_order_mark_are_read(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    with open_table(path) as opened:
        rows = [(row.line, row.values) for row in opened if isinstance(row, Row)]
        table = read_table(opened.columns, rows, SOURCE, DEFAULTS)
    assert [figure.value for figure in table.figures] == [Decimal(21142)]


def test_the_axes_take_codes_and_french_names():
    table = read(
        "indicateur;famille;secteur;taille;valeur",
        "jobs;Coopérative;Santé humaine et action sociale;50 salariés et plus;12",
        "jobs;fondation;action_sociale;1-9;3",
        "jobs;;q;;15",
    )
    assert [figure.cell[2:5] for figure in table.figures] == [
        ("cooperative", "Q", "50+"),
        ("fondation", "action_sociale", "1-9"),
        ("", "Q", ""),
    ]


def test_an_estimate_keeps_its_interval():
    table = read("indicateur;bas;valeur;haut", "jobs;35;56,0;77")
    assert (table.figures[0].low, table.figures[0].value, table.figures[0].high) == (35, Decimal("56.0"), 77)


@pytest.mark.parametrize(
    ("columns", "row", "column", "sentence"),
    [
        ("indicateur;valeur", "bonheur;12", "indicateur", "« bonheur » n’est pas un indicateur connu."),
        ("indicateur;valeur", ";12", "indicateur", "l’indicateur manque."),
        ("indicateur;valeur", "jobs;douze", "valeur", "« douze » n’est pas un nombre."),
        ("indicateur;valeur", "jobs;-3", "valeur", "« -3 » est négatif."),
        ("indicateur;valeur", "jobs;12 %", "valeur", "« 12 % » est un pourcentage, et un nombre est attendu."),
        ("indicateur;valeur", "share_of_employment;114,1 %", "valeur", "« 114,1 % » dépasse 100 %."),
        ("indicateur;valeur", "establishments;12,5", "valeur", "« 12,5 » n’est pas un nombre entier."),
        (
            "indicateur;valeur",
            "jobs;1.566",
            "valeur",
            "« 1.566 » est ambigu : des milliers ou des décimales ? Écrivez sans point.",
        ),
        ("indicateur;famille;valeur", "jobs;amicale;3", "famille", "« amicale » n’est ni un code, ni un nom connu."),
        ("indicateur;secteur;valeur", "jobs;Z;3", "secteur", "« Z » n’est ni un code, ni un nom connu."),
        ("indicateur;annee;valeur", "jobs;20155;3", "annee", "« 20155 » n’est pas une année."),
        (
            "indicateur;unite;valeur",
            "jobs;habitants;3",
            "unite",
            "« habitants » n’est pas l’unité de cet indicateur (jobs).",
        ),
        ("indicateur;bas;valeur;haut", "jobs;1;2;", "haut", "une borne manque à l’intervalle."),
        ("indicateur;bas;valeur;haut", "jobs;5;2;9", "valeur", "2 n’est pas entre 5 et 9."),
        ("indicateur;valeur;statut", "jobs;5;hidden", "statut", "le statut dit « hidden », et la ligne a une valeur."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_column(columns, row, column, sentence):
    table = read(columns, row, row)
    assert not table.published and table.refused
    assert [(problem.line, problem.column, spaced(problem.message_fr)) for problem in table.problems] == [
        (2, column, sentence),
        (3, column, sentence),
    ]


def test_a_bad_commune_is_said():
    table = read("commune;jobs", "4221;3", "42218;5", "Rive-de-Gier;3")
    assert [figure.cell.commune for figure in table.figures if figure.cell.commune == "42218"] == ["42218"]
    assert any(problem.line == 4 and problem.column == "commune" for problem in table.problems)


def test_a_table_that_tells_no_indicator_says_which_columns_it_has():
    with pytest.raises(NotAPublishedTable) as refused:
        read("Nom;Téléphone", "x;y")
    assert "« Nom », « Téléphone »" in spaced(refused.value.message)


def test_an_empty_table_is_said():
    assert [problem.message_fr for problem in read("commune;jobs").problems] == [
        "La table a un en-tête, et aucune ligne."
    ]


def test_problems_are_bounded():
    table = read("indicateur;valeur", *["jobs;x"] * (MAX_PROBLEMS + 5))
    assert len(table.problems) == MAX_PROBLEMS + 1
    assert table.problems[-1].message_fr == "Et 5 autres problèmes dans cette table."


@pytest.mark.parametrize("mark", ["", "nd", "N.D.", "…", "non publié", "#N/A", " "])
def test_an_absent_number_is_never_zero(mark):
    assert read_number(mark, "jobs") == (None, "not_published", "")


@pytest.mark.parametrize("mark", ["s", "S", "secret", "Secret statistique"])
def test_a_secret_of_the_publisher_is_kept(mark):
    assert read_number(mark, "jobs").because == "secret_of_source"


def test_a_change_may_be_negative_and_pass_a_hundred():
    table = read("indicateur;valeur", "jobs_growth;−3,2 %", "shift_local;-12")
    assert [figure.value for figure in table.figures] == [Decimal("-3.2"), Decimal(-12)]


@given(
    st.decimals(0, 10**9, places=2),
    st.sampled_from([french_number, plain, lambda value: f"{value:,}".replace(",", "'")]),
)
def test_a_number_comes_back_from_the_ways_it_is_written(value, write):
    read = read_number(write(value), "ratio")
    assert read.value == value or read.wrong_fr


@given(st.text(max_size=20), st.sampled_from(["jobs", "establishments", "percent", "ratio"]))
def test_any_cell_is_a_number_or_a_reason_and_nothing_else(cell, unit):
    read = read_number(cell, unit)
    assert sum(bool(each) for each in (read.value is not None, read.because, read.wrong_fr)) == 1


def test_what_we_give_can_be_read_back():
    given_out = [
        Figure("jobs", Cell(SEM, "42218", "association", "Q", "", 2022), "jobs", Decimal(56), Decimal(35), Decimal(77)),
        Figure("share_of_employment", Cell(SEM, year=2022), "percent", Decimal("14.1")),
        Figure("jobs", Cell(SEM, family="mutuelle", year=2022), "jobs", status=Status.HIDDEN, because="secret_few"),
        Figure("births", Cell(SEM, year=2022), "establishments", status=Status.UNKNOWN, because="no_source"),
    ]
    rows = [(line, long_row(figure)._asdict()) for line, figure in enumerate(given_out, start=2)]
    table = read_table(COLUMNS, rows, SOURCE, DEFAULTS)
    assert not table.problems
    assert [(f.indicator, f.cell, f.value, f.low, f.high, f.status) for f in table.figures] == [
        (f.indicator, f.cell, f.value, f.low, f.high, f.status) for f in given_out
    ]


# --- between the figures of a table -----------------------------------------------------------------------------------


def problems(columns, *rows):
    return check_table(read(columns, *rows).published)


def test_parts_that_exceed_their_total_are_said_with_their_lines():
    found = problems("commune;jobs", ";100", "42218;80", "42095;30")
    assert [(p.line, p.blocking) for p in found] == [(2, True)]
    assert found[0].message_fr == (
        "Les communes font 110, plus que leur total 100 (Emplois salariés, 244200770, 2022), lignes 3, 4."
    )
    assert not problems("commune;jobs", ";110", "42218;80", "42095;30")


def test_parts_that_are_secret_count_for_nothing():
    assert not problems("commune;jobs", ";100", "42218;80", "42095;s")


def test_sections_and_sectors_of_the_ess_are_two_ways_of_cutting_the_same_whole():
    rows = (";100", "Q;100", "action_sociale;60", "sante;40")
    assert not problems("secteur;jobs", *rows)
    found = problems("secteur;jobs", *rows, "sport_loisirs;1")
    assert [p.message_fr.split(",")[0] for p in found] == ["Les secteurs font 101"]


def test_families_within_a_commune_are_held_to_the_commune():
    found = problems("commune;famille;jobs", "42218;;10", "42218;association;8", "42218;mutuelle;3")
    assert len(found) == 1 and "Les familles font 11, plus que leur total 10" in found[0].message_fr


def test_legal_units_may_be_in_several_communes():
    assert not problems("commune;legal_units", ";1", "42218;1", "42095;1")


def test_the_ess_is_never_more_than_the_whole_economy():
    found = problems("commune;jobs;all_jobs;private_jobs", ";90;80;85")
    assert [p.blocking for p in found] == [True, True, True]
    assert any("plus que « Tous les emplois salariés » (80, ligne 2)" in spaced(p.message_fr) for p in found)


def test_an_employer_has_a_job_at_least():
    assert problems("commune;employer_establishments;jobs", ";12;9")
    assert not problems("commune;employer_establishments;jobs", ";9;12")


def test_a_cell_told_twice_is_said_and_blocks_when_the_two_differ():
    assert [(p.line, p.blocking) for p in problems("commune;jobs", ";3", ";3", ";4")] == [(3, False), (4, True)]


def test_a_blocking_problem_is_not_lost_among_too_many():
    found = problems("commune;jobs", *[";3"] * (MAX_PROBLEMS + 2), ";4")
    assert len(found) == MAX_PROBLEMS + 1
    assert [p.blocking for p in found] == [False] * MAX_PROBLEMS + [True]


def test_shares_all_below_one_may_be_fractions():
    found = problems("commune;share_of_employment", ";0,141", "42218;0,2")
    assert [p.blocking for p in found] == [False]
    assert not problems("commune;share_of_employment", ";14,1", "42218;0,2")


def test_an_interval_is_wrong_only_when_its_least_is_too_much():
    columns = "famille;indicateur;bas;valeur;haut"
    assert not problems(columns, ";jobs;;20;", "association;jobs;10;15;20", "mutuelle;jobs;10;15;20")
    assert problems(columns, ";jobs;;19;", "association;jobs;10;15;20", "mutuelle;jobs;10;15;20")


def test_a_family_is_known_by_its_name_without_accent():
    assert code_of("family", "SOCIETE COMMERCIALE DE L'ESS") == "societe_commerciale_ess"


# --- the page that describes the format -------------------------------------------------------------------------------


def test_the_examples_of_the_described_format_are_read_without_a_problem():
    blocks = re.findall(r"^```csv\n(.*?)^```", DESCRIBED.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    tables = [read(*block.strip().split("\n")) for block in blocks]
    assert [len(table.figures) for table in tables] == [6, 6]
    assert not any(table.problems or check_table(table.published) for table in tables)


def test_the_columns_and_indicators_of_the_described_format_are_known():
    described = DESCRIBED.read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in described.splitlines() if line.startswith("| `")]
    for row in rows:
        for name in re.findall(r"`([^`]+)`", row[0]):
            assert fold(name) in words().columns or name in indicators(), name
        code = row[0].strip().strip("`")
        if code in indicators():
            headers = [row[1], *row[2].split(",")]
            assert {words().indicators[fold(header)] for header in headers if header.strip()} == {code}
