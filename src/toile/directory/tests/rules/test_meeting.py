"""Two people who change one page at the same time: they are asked about what both wrote, and about nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.meeting import meeting

FIELDS = st.sampled_from(["name", "description", "website", "address", "city", "opening_hours"])
PAGE = st.dictionaries(FIELDS, st.sampled_from(["", "a", "b", "c"]))


@given(PAGE, PAGE, PAGE)
def test_saving_both_changes_loses_nothing_but_what_is_asked(seen, theirs, mine):
    now = seen | theirs
    mine = {name: value for name, value in mine.items() if value != seen.get(name)}
    asked = meeting(seen, now, mine)
    merged = now | mine
    for name in theirs:
        unit = "address" if name in ("address", "city") else name
        if unit not in asked and theirs[name] != seen.get(name, ""):
            assert merged[name] == theirs[name] or name in mine, "what the other wrote is still there"
            assert name not in mine or mine[name] == theirs[name]


def test_only_what_both_wrote_is_asked():
    seen = {"name": "N", "description": "avant", "activities": ["a", "b"]}
    now = seen | {"description": "elle"}
    assert meeting(seen, now, {"description": "lui", "name": "M"}) == ["description"]
    assert meeting(seen, now, {"name": "M"}) == []
    assert meeting(seen, now, {"description": "elle"}) == []
    assert meeting(seen, seen | {"activities": ["b", "a"]}, {"activities": ["c"]}) == []


def test_an_address_is_one_thing():
    seen = {"address": "1 rue A", "city": "Firminy", "postal_code": "42700"}
    assert meeting(seen, seen | {"postal_code": "42000"}, {"address": "2 rue B"}) == ["address"]
