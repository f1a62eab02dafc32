"""Files that are not what they should be: a clear message, the good rows kept, nothing else touched."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from toile.directory.commands import import_csv, import_ess, import_siae
from toile.directory.imports.lists import WrongList
from toile.directory.models import Organisation, SourceRecord
from toile.kernel.errors import UserError
from toile.thread.models import Fact

from .conftest import siae_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home"), pytest.mark.slow]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def given(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def untouched() -> bool:
    kinds = ("directory.import.finished", "directory.organisation.updated")
    return not (Organisation.objects.exists() or SourceRecord.objects.exists() or Fact.objects.filter(kind__in=kinds))


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("liste.csv", b"nom,ville\n" + b"a" * 300_000_000)
    return buffer.getvalue()


UNREADABLE = {
    "an empty file": b"",
    "blank lines": b"\n\n   \n",
    "an image named .csv": PNG,
    "a page of a site": b"<!DOCTYPE html><html><body>Connexion</body></html>",
    "a cut zip": b"PK\x03\x04" + b"\0" * 40,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"x" * 200,
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_not_a_table_is_refused_with_a_sentence_and_touches_nothing(tmp_path: Path, kind: str) -> None:
    path = given(tmp_path / "liste.csv", UNREADABLE[kind])
    for command in (import_siae, import_ess, import_csv):
        with pytest.raises(UserError) as refused:
            command(path)
        assert refused.value.message[0].isupper() and refused.value.message.endswith((".", ")"))
    assert untouched()


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        import_csv(given(tmp_path / "bombe.zip", bomb()))
    assert untouched()


def test_the_wrong_list_is_refused_and_the_columns_it_lacks_are_named(table: Any) -> None:
    path = table("autre.csv", [{"siren": "1", "nom": "A"}])
    with pytest.raises(WrongList) as refused:
        import_siae(path)
    assert "post_code" in refused.value.message and "kind" in refused.value.message
    with pytest.raises(WrongList) as refused:
        import_ess(table("siaes.csv", [siae_row(1)]))
    assert "siren" in refused.value.message
    assert untouched()


def test_a_truncated_list_keeps_its_good_rows_and_tells_where_it_was_cut(siae_file: Any) -> None:
    path = siae_file({}, {}, {})
    path.write_bytes(path.read_bytes()[:-60])
    report = import_siae(path)
    assert (report.created, report.refused_count) == (2, 1)
    assert report.refused[0].line == 4
    assert "tronqué" in report.refused[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac-roman", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_french_encoding_and_separator_gives_the_same_names(table: Any, encoding: str, separator: str) -> None:
    rows = [{"Nom": f"Régie de l’été n° {n}", "Ville": "Saint-Étienne"} for n in range(5)]
    report = import_csv(table("t.csv", rows, separator=separator, encoding=encoding))
    assert report.created == 5
    assert set(Organisation.objects.values_list("name", flat=True)) == {row["Nom"] for row in rows}


def test_a_cell_of_a_million_characters_is_refused_with_its_place_and_the_rest_kept(siae_file: Any) -> None:
    report = import_siae(siae_file({}, {"description": "x" * 1_000_000}, {}))
    assert (report.created, report.refused_count) == (2, 1)
    assert (report.refused[0].line, report.refused[0].column) == (3, "description")
    assert len(report.refused[0].reason) < 200


def test_a_workbook_with_formulas_gives_their_values_and_tells_the_rows_in_error(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Nom", "Ville", "Code postal", "Note"],
        ["Ressourcerie", "Firminy", 42700, "=1+1"],
        ['=HYPERLINK("x")', "Firminy", 42700, ""],
        ["#REF!", "Firminy", 42700, ""],
    ):
        sheet.append(row)
    book.save(tmp_path / "liste.xlsx")
    report = import_csv(tmp_path / "liste.xlsx")
    assert report.read == report.created + report.to_check + report.refused_count == 3
    assert Organisation.objects.get(name="Ressourcerie").main.postal_code == "42700"
    assert [problem.line for problem in report.refused if "#REF!" in problem.reason] == [4]


def test_nul_characters_never_reach_the_database(tmp_path: Path) -> None:
    content = b"Nom,Ville,Note\nA\0telier,Firm\0iny,ok\nBien,Firminy,ok\n"
    try:
        report = import_csv(given(tmp_path / "nul.csv", content))
    except UserError:
        assert untouched()
    else:
        assert report.read == 2
        assert Organisation.objects.filter(name="Bien").exists()
        assert not [name for name in Organisation.objects.values_list("name", flat=True) if "\0" in name]


def test_an_import_that_goes_wrong_leaves_what_was_there(siae_file: Any, tmp_path: Path) -> None:
    import_siae(siae_file({}, {}))
    held = list(Organisation.objects.order_by("pk").values())
    for content in (*UNREADABLE.values(), bomb()):
        with pytest.raises(UserError):
            import_siae(given(tmp_path / "mauvais.csv", content))
    assert list(Organisation.objects.order_by("pk").values()) == held
