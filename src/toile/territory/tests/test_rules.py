"""Codes, names, coordinates, periods, classes and labels, each with its examples from the trade."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.territory.geometry import BadPolygon, lambert93_to_wgs84, read_polygon, union
from toile.territory.rules.classes import class_of, classes, grade_of, grades
from toile.territory.rules.codes import How, arrondissement_commune, clean_code, resolve
from toile.territory.rules.coordinates import Place, judge
from toile.territory.rules.history import Life, Period, lives, read_period
from toile.territory.rules.labels import Name, place_labels
from toile.territory.rules.names import place_key, slug
from toile.territory.rules.trust import Doubt, doubt

from .conftest import square

PRESENT = {"42218", "42225", "75056", "69123", "13055", "52332", "52465", "52033", "01001"}
PARTS = {"42190": "42218", "42080": "42225"}
HISTORY = {"52400": ("52465", "52033"), "42999": ("42218",), "42998": ("99999",)}


@pytest.mark.parametrize(
    ("raw", "code", "how"),
    [
        ("42218", "42218", How.PRESENT),
        ("42190", "42218", How.PART),
        ("42080", "42225", How.PART),
        ("75101", "75056", How.PART),
        ("75120", "75056", How.PART),
        ("69389", "69123", How.PART),
        ("13216", "13055", How.PART),
        ("42999", "42218", How.CHANGED),
        ("52332", "52332", How.PRESENT),
        ("52400", None, How.SPLIT),
        ("42998", None, How.UNKNOWN),
        ("99999", None, How.UNKNOWN),
        ("1001", "01001", How.PRESENT),
        (" 42218.0 ", "42218", How.PRESENT),
        ("Saint-Étienne", None, How.UNKNOWN),
        ("", None, How.UNKNOWN),
    ],
)
def test_any_code_ever_printed_leads_to_the_present_commune(raw: str, code: str | None, how: How) -> None:
    found = resolve(raw, PRESENT, PARTS, HISTORY)
    assert (found.code, found.how) == (code, how)


def test_a_code_shared_between_communes_names_them_all() -> None:
    assert resolve("52400", PRESENT, PARTS, HISTORY).candidates == ("52033", "52465")


def test_corsica_keeps_its_letters_and_a_siren_is_no_code() -> None:
    assert clean_code("2a004") == "2A004"
    assert clean_code("2C004") is None
    assert clean_code("244200770") is None
    assert arrondissement_commune("75056") is None


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_never_an_error(raw: str) -> None:
    found = resolve(raw, PRESENT, PARTS, HISTORY)
    assert found.code is None or found.code in PRESENT


@pytest.mark.parametrize("way", ["St-Étienne", "SAINT ETIENNE", "saint–étienne", "Saint Étienne", "ST ETIENNE"])
def test_a_name_has_one_key_however_it_is_written(way: str) -> None:
    assert place_key(way) == "saint etienne"


def test_a_perimeters_code_is_made_of_its_name() -> None:
    assert slug("Crêt de Roc") == "cret-de-roc"
    assert slug("Ste-Croix’en’Jarez (bourg)") == "sainte-croix-en-jarez-bourg"
    assert slug("!!!") == ""


@pytest.mark.parametrize(
    ("lon", "lat", "place"),
    [
        (4.3872, 45.4397, Place.FRANCE),
        (0.0, 0.0, Place.MISSING),
        (None, 45.0, Place.MISSING),
        (float("nan"), 45.0, Place.MISSING),
        (45.4397, 4.3872, Place.SUSPICIOUS),
        (-61.5, 16.2, Place.FRANCE),
        (55.5, -21.1, Place.FRANCE),
        (166.4, -22.2, Place.FRANCE),
        (-73.6, 45.5, Place.SUSPICIOUS),
    ],
)
def test_coordinates_are_missing_french_or_suspicious(lon: float | None, lat: float | None, place: Place) -> None:
    assert judge(lon, lat) == place


def test_lambert_93_meets_its_control_points() -> None:
    assert lambert93_to_wgs84(700_000, 6_600_000) == pytest.approx((3.0, 46.5), abs=1e-6)
    assert lambert93_to_wgs84(808_447.03, 6_483_204.30) == pytest.approx((4.3872, 45.4397), abs=1e-4)


def test_the_periods_of_the_asp_are_read_with_their_traps() -> None:
    assert read_period(["1001", "ABERGEMENT", "01/01/2000", "", ""]) == Period(
        "01001", "ABERGEMENT", date(2000, 1, 1), None
    )
    assert read_period(["59020", "ASCQ", "01/01/1900", "31/12/1999"]) == Period(
        "59020", "ASCQ", None, date(1999, 12, 31)
    )
    assert read_period(["42080", "LA CULA", "01/06/1973", "31/05/1973", ""]) == "la période finit avant de commencer"
    assert "jj/mm/aaaa" in str(read_period(["42080", "LA CULA", "1973-06-01", "", ""]))
    assert "quatre colonnes" in str(read_period(["42080", "LA CULA"]))
    assert "code de commune" in str(read_period(["x", "LA CULA", "", "", ""]))


def test_the_life_of_a_code_runs_over_its_periods() -> None:
    rows = [
        Period("42004", "AMIONS", None, date(1999, 12, 31)),
        Period("42004", "AMIONS", date(2000, 1, 1), date(2018, 12, 31)),
    ]
    assert lives(rows) == {"42004": Life("AMIONS", None, date(2018, 12, 31))}


@given(st.lists(st.integers(0, 10**7), max_size=60))
def test_each_count_is_in_exactly_one_class_and_there_are_five_at_most(counts: list[int]) -> None:
    known = classes(counts)
    assert len(known) <= 5
    assert all(sum(item.holds(count) for item in known) == 1 for count in counts)
    assert [item.low for item in known] == sorted({item.low for item in known})


def test_bounds_are_round_and_zero_stands_apart() -> None:
    assert [(c.low, c.high) for c in classes([0, 1, 9, 24, 41, 168])] == [(0, 0), (1, 2), (3, 14), (15, 49), (50, None)]
    assert [(c.low, c.high) for c in classes([0, 2])] == [(0, 0), (1, 1), (2, 2)]
    assert [(c.low, c.high) for c in classes([])] == [(0, 0)]
    assert class_of(0, classes([7])) == "c0"
    with pytest.raises(ValueError):
        class_of(-1, classes([7]))


@given(st.lists(st.decimals(0, 100, places=2), max_size=60))
def test_each_share_is_in_exactly_one_grade_and_there_are_four_at_most(shares: list[Decimal]) -> None:
    known = grades(shares)
    assert len(known) <= 4
    assert all(one.high == other.low for one, other in pairwise(known))
    for share in shares:
        assert [grade.css for grade in known if grade.holds(share)] == [grade_of(share, known)]
    if known:
        assert grade_of(min(shares), known) == "c1" and grade_of(max(shares), known) == known[-1].css


def test_grades_have_round_bounds() -> None:
    found = grades(map(Decimal, ("4.2", "7.3", "11.8", "12.4", "13.1", "15.2", "16.9", "31")))
    assert [(g.low, g.high) for g in found] == [(None, 12), (12, 14), (14, 16), (16, None)]
    assert [(g.low, g.high) for g in grades([Decimal("0.9"), Decimal("1.2")], at=[Decimal(1)])] == [
        (None, 1),
        (1, None),
    ]
    assert [(g.low, g.high) for g in grades([Decimal(5)] * 9)] == [(None, None)]
    with pytest.raises(ValueError):
        grade_of(Decimal(1), ())


names = st.lists(
    st.builds(
        Name,
        code=st.from_regex(r"[0-9]{5}", fullmatch=True),
        text=st.text("abcdefghij- ", min_size=1, max_size=30),
        x=st.floats(0, 830),
        y=st.floats(0, 480),
        weight=st.floats(0, 1e6),
    ),
    max_size=30,
    unique_by=lambda name: name.code,
)


@given(names)
def test_no_name_covers_another_nor_leaves_the_paper(given_names: list[Name]) -> None:
    placed = place_labels(given_names, most=99)
    boxes = []
    for label in placed:
        half = len(label.text) * 9.8 / 2
        boxes.append((label.x - half, label.y - 16, label.x + half, label.y + 6))
    for left, top, right, bottom in boxes:
        assert left >= -1
        assert right <= 831
        assert top >= -1
        assert bottom <= 481
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert not (a[0] + 1 < b[2] - 1 and b[0] + 1 < a[2] - 1 and a[1] + 1 < b[3] - 1 and b[1] + 1 < a[3] - 1)


def test_the_largest_communes_are_named_first_and_pins_stay_readable() -> None:
    crowd = [Name(f"{n:05}", "Commune", 400, 240, float(n)) for n in range(5)]
    assert place_labels(crowd, most=1)[0].code == "00004"
    assert place_labels(crowd[:1], [(0, 0, 830, 480)]) == ()


@pytest.mark.parametrize(
    ("score", "found", "stated", "plausible", "why"),
    [
        (0.95, "42218", "42218", True, Doubt.NONE),
        (0.95, "42218", "", True, Doubt.NONE),
        (0.49, "42218", "42218", True, Doubt.LOW_SCORE),
        (0.95, "42207", "42218", True, Doubt.OTHER_COMMUNE),
        (None, "", "42218", True, Doubt.NOT_FOUND),
        (0.95, "42218", "42218", False, Doubt.SUSPICIOUS),
    ],
)
def test_an_answer_of_the_geocoder_is_doubted_for_a_named_reason(
    score: float | None, found: str, stated: str, plausible: bool, why: Doubt
) -> None:
    assert doubt(score, found, stated, plausible) == why


def test_a_crossed_outline_is_mended_and_a_feature_is_unwrapped() -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    assert read_polygon({"type": "Feature", "geometry": bow_tie, "properties": {}})["type"] == "MultiPolygon"
    both = {"type": "FeatureCollection", "features": [{"geometry": square(4, 45)}, {"geometry": square(4.04, 45)}]}
    assert read_polygon(both)["type"] == "Polygon"
    assert union([square(4, 45), square(4.04, 45)])["type"] == "Polygon"


@pytest.mark.parametrize(
    "wrong",
    [
        None, [], {}, {"type": "Point", "coordinates": [4, 45]}, {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], [5, 6]]]}, {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[[4500, 45], [4501, 45], [4501, 46], [4500, 45]]]},
        {"type": "LineString", "coordinates": [[4, 45], [5, 46]]}, {"type": "Feature"},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon", "coordinates": [[[1e999, 1], [2, 2], [3, 1]]]},
    ],
)  # fmt: skip
def test_what_is_no_polygon_is_refused_with_a_sentence(wrong: object) -> None:
    with pytest.raises(BadPolygon) as refused:
        read_polygon(wrong)
    assert refused.value.message.startswith("Ce contour")
