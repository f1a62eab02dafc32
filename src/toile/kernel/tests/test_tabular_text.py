"""Text tables: encodings, separators, quotes, and rows that are damaged without taking the others with them."""

import io

import pytest

from toile.kernel.tabular import Damaged, EmptyTable, Limits, NotATable, Row, TooLarge, open_table

pytestmark = pytest.mark.slow


def read(content: bytes, **options):
    with open_table(io.BytesIO(content), **options) as table:
        return table, list(table)


def values(content: bytes, **options):
    return [row.values for row in read(content, **options)[1] if isinstance(row, Row)]


def damage(content: bytes, **options):
    return [(row.line, row.column, row.reason_fr) for row in read(content, **options)[1] if isinstance(row, Damaged)]


PEOPLED = "Dénomination;Ville\nL’Épicerie du cœur;Saint-Étienne\nÀ la bonne pêche;Rive-de-Gier\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
    ],
)
def test_accents_survive_every_usual_encoding(encoding, told):
    table, rows = read(PEOPLED.encode(encoding))
    assert table.columns == ["Dénomination", "Ville"]
    assert rows[0].values == {"Dénomination": "L’Épicerie du cœur", "Ville": "Saint-Étienne"}
    assert told in table.notes[0]


def test_the_encoding_is_found_even_when_the_first_accent_comes_late():
    content = b"nom;ville\n" + b"x;y\n" * 280_000 + "été;Sorbiers\n".encode("cp1252")
    table, rows = read(content)
    assert table.encoding == "cp1252"
    assert rows[-1].values["nom"] == "été"


def test_one_broken_byte_does_not_change_the_encoding_of_the_whole_file():
    content = PEOPLED.encode() + b"caf\xe9;Lyon\n" + "Crèche;Lyon\n".encode()
    table, rows = read(content)
    assert table.encoding == "utf-8"
    assert [type(row) for row in rows] == [Row, Row, Damaged, Row]
    assert rows[2].line == 4


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_each_separator_and_line_ending_is_understood(separator, ending):
    lines = ["nom", "ville"], ["Alpha", "Firminy"], ["Bêta", "Unieux"]
    content = "".join(separator.join(line) + ending for line in lines).encode()
    assert values(content) == [{"nom": "Alpha", "ville": "Firminy"}, {"nom": "Bêta", "ville": "Unieux"}]


def test_a_comma_inside_a_cell_does_not_hide_a_semicolon_table():
    assert values(b"nom;lat\nAlpha, et fils;45,4\nBeta;45,5\n")[0] == {"nom": "Alpha, et fils", "lat": "45,4"}


def test_a_single_column_is_a_table():
    assert values(b"siret\n73282932000074\n35600000000048\n") == [
        {"siret": "73282932000074"},
        {"siret": "35600000000048"},
    ]


def test_quotes_hold_separators_quotes_and_line_breaks():
    content = b'nom,texte\r\nA,"un, deux\r\n""trois"""\r\nB,fin\r\n'
    _, rows = read(content)
    assert rows[0].values["texte"] == 'un, deux\n"trois"'
    assert [row.line for row in rows] == [2, 4]


def test_a_quote_never_closed_spoils_its_line_only():
    content = b'nom,ville\nA,"Lyon\nB,Firminy\nC,Unieux\n'
    _, rows = read(content)
    assert [type(row) for row in rows] == [Damaged, Row, Row]
    assert rows[0].line == 2
    assert "guillemet" in rows[0].reason_fr


def test_a_quote_closed_by_another_line_gives_that_line_back():
    content = b'nom,ville\nA,"Lyon\nB,Firminy\nC,"Unieux"\nD,Sorbiers\n'
    _, rows = read(content)
    assert [(row.line, type(row)) for row in rows] == [(2, Damaged), (3, Row), (4, Row), (5, Row)]


def test_text_after_a_closing_quote_is_damage():
    assert [line for line, _, _ in damage(b'nom,ville\n"A "x" B",Lyon\nC,Lyon\n')] == [2]


def test_a_quote_in_the_middle_of_a_bare_cell_is_a_character():
    assert values(b'nom,ville\nVinyles 12" rares,Lyon\n') == [{"nom": 'Vinyles 12" rares', "ville": "Lyon"}]


def test_an_escaped_quote_that_shifts_the_columns_is_damage_and_one_that_does_not_is_read():
    good = b"id,nom,rue,cp\n" + b"".join(b"%d,Nom,Rue,42000\n" % n for n in range(1, 6))
    assert damage(good + b'7,Nom," FRANC\\""",RUE\n') == [
        (7, "cp", 'un guillemet mal échappé (\\") a décalé les colonnes')
    ]
    assert values(good + b'8,"\\""SARL\\""",Rue,42000\n')[-1]["nom"] == '"SARL"'


def test_too_few_and_too_many_columns_are_told_with_both_numbers():
    content = b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n"
    found = damage(content)
    assert [line for line, _, _ in found] == [3, 4]
    assert "2 au lieu de 3" in found[0][2]
    assert "4 au lieu de 3" in found[1][2]
    assert len(values(content)) == 2


def test_a_last_line_cut_short_is_said_to_be_truncated():
    assert "tronqué" in damage(b"a,b,c\n1,2,3\n1,2")[0][2]


def test_trailing_separators_are_not_columns():
    table, rows = read(b"code;nom;\n1;A;\n2;B\n3;C;\n")
    assert table.columns == ["code", "nom"]
    assert [row.values["nom"] for row in rows] == ["A", "B", "C"]


def test_blank_lines_are_not_rows():
    assert len(read(b"a,b\n\n1,2\n,\n   \n3,4\n\n")[1]) == 2


def test_a_title_above_the_header_is_passed_over_and_told():
    table, rows = read(b"Liste au 1er janvier;;\n\nNom;Ville;CP\nA;Lyon;69001\n")
    assert table.columns == ["Nom", "Ville", "CP"]
    assert rows[0].line == 4
    assert "ligne 3" in table.notes[-1]


def test_repeated_and_empty_names_become_distinct_names():
    table, _ = read(b"nom,,nom,nom,\n1,2,3,4,5\n")
    assert table.columns == ["nom", "colonne 2", "nom (2)", "nom (3)", "colonne 5"]


def test_a_cell_longer_than_excel_allows_is_refused_with_its_place():
    content = b"nom,texte\nA,court\nB," + b"x" * 1_000_000 + b"\nC,court\n"
    assert damage(content)[0][:2] == (3, "texte")
    assert [row["nom"] for row in values(content)] == ["A", "C"]


def test_a_quoted_cell_longer_than_excel_allows_is_refused_too():
    content = b'nom,texte\nA,"' + b"ligne\n" * 20_000 + b'"\nC,court\n'
    assert damage(content, limits=Limits(cell=100_000))[0][:2] == (2, "texte")


def test_a_line_without_end_is_passed_over_in_bounded_memory():
    content = b"nom,texte\nA," + b"x" * 5_000 + b"\nC,court\n"
    assert damage(content, limits=Limits(line=1_000))[0][0] == 2
    assert [row["nom"] for row in values(content, limits=Limits(line=1_000))] == ["C"]


def test_null_bytes_spoil_their_line_only():
    found = read(b"nom,ville\nA\x00,Lyon\nB,Lyon\n")[1]
    assert [type(row) for row in found] == [Damaged, Row]


def test_a_number_that_excel_was_told_to_keep_as_text_loses_its_formula():
    assert values(b'code;nom\n="01001";A\n"=""01002""";B\n') == [
        {"code": "01001", "nom": "A"},
        {"code": "01002", "nom": "B"},
    ]


def test_a_formula_in_a_cell_stays_text():
    assert values(b"nom,ville\n=1+1,Lyon\n")[0]["nom"] == "=1+1"


def test_a_table_can_be_gone_through_twice():
    with open_table(io.BytesIO(PEOPLED.encode())) as table:
        assert list(table) == list(table)


def test_a_framed_file_is_read_between_its_frame():
    table, rows = read(b"DEBStructure07022022_085817||\nid|nom|ville\n1|A|Lyon\n2|B|Lyon\nFIN2||\n")
    assert [row.values["nom"] for row in rows] == ["A", "B"]
    assert any("DEB et FIN" in note for note in table.notes)


def test_a_frame_that_announces_other_rows_is_told():
    table, _ = read(b"DEBStructure07022022_085817||\nid|nom|ville\n1|A|Lyon\nFIN2||\n")
    assert "annonce 2 lignes, 1" in table.notes[-1]


def test_a_frame_without_its_end_is_told():
    table, _ = read(b"DEBStructure07022022_085817||\nid|nom|ville\n1|A|Lyon\n")
    assert "tronqué" in table.notes[-1]


@pytest.mark.parametrize("content", [b"", b"   \r\n\n", b"\xef\xbb\xbf", b",,,\n,,\n"])
def test_an_empty_file_is_said_to_be_empty(content):
    with pytest.raises(EmptyTable, match="vide"):
        read(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0 JFIF", "JPEG"),
        (b"\n<!DOCTYPE html><html>", "page web"),
        (b"<table><tr><td>1", "page web"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "xlsx"),
        (b'{"a": 1}', "JSON"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"PAR1....", "Parquet"),
        (bytes(range(1, 9)) * 50, "texte"),
    ],
)
def test_a_file_of_another_kind_is_named(content, told):
    with pytest.raises(NotATable, match=told):
        read(content)


def test_a_header_that_cannot_be_read_is_told():
    with pytest.raises(NotATable, match="en-tête"):
        read(b"no\x00m,ville\n" + b"A,Lyon\n" * 20)


def test_a_file_too_large_is_refused(tmp_path):
    path = tmp_path / "grand.csv"
    path.write_bytes(b"a,b\n" * 1000)
    with pytest.raises(TooLarge):
        open_table(path, limits=Limits(total=100))
    with pytest.raises(TooLarge):
        open_table(io.BytesIO(path.read_bytes()), limits=Limits(total=100))


def test_a_file_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(NotATable, match=r"absent\.csv"):
        open_table(tmp_path / "absent.csv")
