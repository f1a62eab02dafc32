"""Whatever the bytes, opening and reading a table raises nothing but an error meant for the person."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from toile.kernel.errors import UserError
from toile.kernel.tabular import Damaged, Row, open_table

TEXTS = st.text(alphabet='ab1é",;|\t\n\r\\\0 =', max_size=200)


def read_all(content: bytes):
    try:
        with open_table(io.BytesIO(content)) as table:
            return table.columns, list(table)
    except UserError as error:
        return error.message


def assert_well_formed(outcome):
    if isinstance(outcome, str):
        assert outcome
        return
    columns, rows = outcome
    assert len(set(columns)) == len(columns)
    assert all(columns)
    for row in rows:
        assert isinstance(row, Row | Damaged)
        if isinstance(row, Row):
            assert list(row.values) == columns
        else:
            assert row.reason_fr
    assert [row.line for row in rows] == sorted({row.line for row in rows})


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=500))
def test_any_bytes_give_a_table_or_a_message(content):
    assert_well_formed(read_all(content))


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["utf-8", "cp1252", "utf-16", "mac_roman"]))
def test_any_text_gives_a_table_or_a_message(text, encoding):
    assert_well_formed(read_all(text.encode(encoding, "replace")))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"PK\x03\x04", b"%PDF", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0"]),
    st.binary(max_size=300),
)
def test_any_bytes_behind_a_known_beginning_give_a_table_or_a_message(magic, content):
    assert_well_formed(read_all(magic + content))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["a.csv", "[Content_Types].xml", "xl/workbook.xml"]), st.binary(max_size=200)))
def test_any_archive_gives_a_table_or_a_message(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert_well_formed(read_all(buffer.getvalue()))
