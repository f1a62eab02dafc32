"""Taking back what one wrote: nothing that anybody wrote since is touched, the rest returns to what it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.undoing import Why, said_again, undoing, unit_of, words_between

FIELDS = ("name", "description", "website", "address", "postal_code", "city", "opening_hours")
VALUES = st.sampled_from(["a", "b", "c", None])
WRITE = st.tuples(st.sampled_from(["own", "moderator"]), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4))


def apply(records, writer, values):
    payload = {**records.get(writer, {}), **values}
    return records | {writer: {name: value for name, value in payload.items() if value is not None}}


def history(writes):
    """The records after each write, and what each write said."""
    states, said = [{}], []
    for writer, values in writes:
        after = apply(states[-1], writer, values)
        said.append(words_between(states[-1], {writer: after[writer]}))
        states.append(after)
    return states, said


def undone(records, undo):
    changed = said_again(records, undo.back)
    return records | {
        writer: {name: value for name, value in payload.items() if value not in (None, {})}
        for writer, payload in changed.items()
    }


def flat(records):
    return {(writer, name): value for writer, payload in records.items() for name, value in payload.items()}


@given(st.lists(WRITE, min_size=1, max_size=8), st.data())
def test_what_nobody_wrote_since_returns_and_everything_else_stays(writes, data):
    states, said = history(writes)
    chosen = data.draw(st.integers(0, len(writes) - 1))
    undo = undoing(said[chosen], said[chosen + 1 :])
    before, now, after = flat(states[chosen]), flat(states[-1]), flat(undone(states[-1], undo))
    since = {unit_of(key) for later in said[chosen + 1 :] for key in later}
    written = {unit_of(key) for key in said[chosen]}
    for key in before.keys() | now.keys():
        unit = unit_of(key[1])
        expected = before if unit in written - since else now
        assert after.get(key) == expected.get(key), key
    assert set(undo.fields) | set(undo.left) == written
    assert set(undo.left) == written & since


@given(st.lists(WRITE, min_size=1, max_size=5))
def test_taking_back_the_last_write_then_taking_that_back_changes_nothing(writes):
    states, said = history(writes)
    back = undone(states[-1], undoing(said[-1], []))
    assert flat(back) == flat(states[-2])
    again = words_between(states[-1], back)
    assert flat(undone(back, undoing(again, []))) == flat(states[-1])
    assert undoing(said[-1], [again]).back == {}, "twice is once"


def test_the_same_value_written_again_by_another_is_theirs():
    _states, said = history([("own", {"name": "a"}), ("own", {"name": "b"}), ("own", {"name": "a"})])
    assert undoing(said[0], said[1:]).left == {"name": Why.WRITTEN_SINCE}


def test_an_address_returns_whole_or_not_at_all():
    before = {"own": {"address": "1 rue A", "city": "Firminy", "lon": 4.2}}
    words = words_between(before, {"own": {"address": "2 rue B", "city": "Firminy"}})
    assert undoing(words, []).back == {"own/address": "1 rue A", "own/lon": 4.2}
    assert undoing(words, [{"moderator/postal_code": [None, "42700"]}]).left == {"address": Why.WRITTEN_SINCE}


def test_a_private_address_is_not_kept_and_does_not_return():
    after = {"own": {"contact_email": "b@exemple.fr", "name": "N"}}
    words = words_between({"own": {"contact_email": "a@exemple.fr"}}, after)
    assert words == {"own/contact_email": [], "own/name": [None, "N"]}
    assert undoing(words, []).left == {"contact_email": Why.NOT_KEPT}


def test_the_only_name_of_a_structure_stays():
    words = {"own/name": [None, "N"], "own/website": [None, "https://a.fr"]}
    undo = undoing(words, [], named_elsewhere=False)
    assert (undo.back, undo.left) == ({"own/website": None}, {"name": Why.ONLY_NAME})
    assert undoing({"own/name": ["M", "N"]}, [], named_elsewhere=False).back == {"own/name": "M"}


def test_a_preference_that_a_correction_took_away_returns_with_it():
    choice = {"source": "siae", "external_id": "1", "said": "https://a.fr", "because": "à jour"}
    before = {"moderator": {"prefer": {"website": choice, "name": choice}}}
    after = {"own": {"website": "https://b.fr"}, "moderator": {"prefer": {"name": choice}}}
    undo = undoing(words_between(before, after), [])
    assert undo.fields == ["website"]
    again = said_again(after, undo.back)
    assert again["moderator"] == before["moderator"]
    assert again["own"] == {"website": None}
