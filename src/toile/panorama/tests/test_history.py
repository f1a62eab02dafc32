"""The past told from periods: each definition on a case worked by hand, then Lyon 4e counted again in plain Python."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import ibis
import pytest

from toile.panorama.computing.engines import Running, engine
from toile.panorama.computing.files import open_files
from toile.panorama.computing.history import (
    active,
    as_of,
    births,
    by_section,
    closures,
    followed,
    observations,
    oddities,
    periods_of,
)
from toile.panorama.rules.sectors import sectors
from toile.panorama.rules.survival import Observation, kaplan_meier

ON = date(2026, 7, 31)
COLUMNS = ("siret", "dateDebut", "dateFin", "etat", "code_ape", "code_commune")

# One establishment for each definition; the digits before the last four say nothing.
CASES: dict[str, list[tuple[str, str, str, str]]] = {
    "open_since_2016": [("2016-03-01", "", "A", "88.99B")],
    "closed_in_2020": [("2016-03-01", "2020-06-30", "A", "88.99B"), ("2020-07-01", "", "F", "88.99B")],
    "reopened_same_day": [
        ("2016-03-01", "2020-06-30", "A", "88.99B"),
        ("2020-07-01", "2020-07-01", "F", "88.99B"),
        ("2020-07-01", "", "A", "88.99B"),
    ],
    "reopened_in_2022": [
        ("2016-03-01", "2020-06-30", "A", "88.99B"),
        ("2020-07-01", "2022-02-28", "F", "88.99B"),
        ("2022-03-01", "", "A", "94.99Z"),
    ],
    "closed_twice_in_2020": [
        ("2016-03-01", "2020-01-31", "A", ""),
        ("2020-02-01", "2020-04-30", "F", ""),
        ("2020-05-01", "2020-08-31", "A", ""),
        ("2020-09-01", "", "F", ""),
    ],
    "no_beginning": [("", "2020-06-30", "A", "88.99B"), ("2020-07-01", "", "F", "88.99B")],
    "since_1900": [("1900-01-01", "", "A", "88.99B")],
    "closed_for_ever": [("", "", "F", "55.40")],
    "state_not_said_before": [("2010-01-01", "2015-12-31", "", "88.99B"), ("2016-01-01", "", "A", "88.99B")],
    "changed_trade": [("2012-01-01", "2016-12-31", "A", "80.1Z"), ("2017-01-01", "", "A", "85.20Z")],
    "to_come": [("2026-08-03", "", "A", "88.99B")],
    "will_close": [("2016-03-01", "2026-08-02", "A", "88.99B"), ("2026-08-03", "", "F", "88.99B")],
    "overlapping": [("2016-03-01", "2021-12-31", "A", "88.99B"), ("2018-01-01", "", "A", "94.99Z")],
    "a_gap": [("2016-03-01", "2017-06-30", "A", "88.99B"), ("2019-01-01", "", "A", "88.99B")],
    "backwards": [("2016-03-01", "2015-03-01", "A", "88.99B")],
    "closed_twice_in_a_row": [
        ("2016-03-01", "2018-06-30", "A", "88.99B"),
        ("2018-07-01", "2019-06-30", "F", "88.99B"),
        ("2019-07-01", "", "F", "88.99B"),
    ],
}
SIRET = {case: f"0000000010{number:04d}" for number, case in enumerate(CASES)}
CASE = {siret: case for case, siret in SIRET.items()}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with engine() as opened:
        yield opened


@pytest.fixture
def elsewhere() -> Iterator[Running]:
    """Another engine: an engine holds one set of files at a time."""
    with engine() as opened:
        yield opened


@pytest.fixture(scope="module")
def periods(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("history") / "periodes.csv"
    with path.open("w", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for case, rows in CASES.items():
            writer.writerows((SIRET[case], *row, "42218") for row in rows)
    with open_files(running.connection, path) as opened:
        yield opened.history


def told(running: Running, table: Any, *columns: str) -> dict[str, Any]:
    """Case → year, or the values of the columns, of the only row it has."""
    rows = running.fetch(table).to_pylist()
    found = {CASE[row["siret"]]: tuple(row[c] for c in columns) if columns else row["year"] for row in rows}
    assert len(found) == len(rows)
    return found


def test_active_on_31_december(running: Running, periods: Any) -> None:
    known = periods_of(periods, ON)
    for year, expected in {
        2016: {*CASES} - {"closed_for_ever", "to_come", "backwards"},
        2018: {*CASES} - {"closed_for_ever", "to_come", "backwards", "a_gap", "closed_twice_in_a_row"},
        2020: {
            "open_since_2016", "reopened_same_day", "since_1900", "state_not_said_before", "changed_trade",
            "will_close", "overlapping", "a_gap",
        },
        2025: {
            "open_since_2016", "reopened_same_day", "reopened_in_2022", "since_1900", "state_not_said_before",
            "changed_trade", "will_close", "overlapping", "a_gap",
        },
    }.items():  # fmt: skip
        assert set(told(running, active(known, [year]))) == expected, year


def test_an_establishment_counts_once_with_the_trade_it_then_had(running: Running, periods: Any) -> None:
    known = periods_of(periods, ON)
    trades = {year: told(running, active(known, [year]), "naf") for year in (2016, 2017, 2020)}
    assert [trades[year]["changed_trade"] for year in (2016, 2017)] == [("80.1Z",), ("85.20Z",)]
    assert trades[2020]["overlapping"] == ("94.99Z",), "of two open periods, the one begun last"


def test_born_once_and_only_on_a_known_day(running: Running, periods: Any) -> None:
    assert told(running, births(periods_of(periods, ON))) == dict.fromkeys(
        {*CASES} - {"no_beginning", "since_1900", "closed_for_ever", "state_not_said_before", "to_come", "backwards"},
        2016,
    ) | {"changed_trade": 2012}


def test_closed_by_passing_from_open_to_closed(running: Running, periods: Any) -> None:
    assert told(running, closures(periods_of(periods, ON))) == {
        "closed_in_2020": 2020,
        "reopened_in_2022": 2020,
        "closed_twice_in_2020": 2020,
        "no_beginning": 2020,
        "closed_twice_in_a_row": 2018,
    }


def test_followed_to_the_first_closing_or_to_the_day_of_the_file(running: Running, periods: Any) -> None:
    found = told(running, followed(periods_of(periods, ON), ON, (2016, 2016)), "days", "ended")
    born = date(2016, 3, 1)
    to_2020, to_the_end = (date(2020, 7, 1) - born).days, (ON - born).days
    assert found == {
        "open_since_2016": (to_the_end, False),
        "closed_in_2020": (to_2020, True),
        "reopened_same_day": (to_the_end, False),
        "reopened_in_2022": (to_2020, True),
        "closed_twice_in_2020": ((date(2020, 2, 1) - born).days, True),
        "will_close": (to_the_end, False),
        "overlapping": (to_the_end, False),
        "a_gap": (to_the_end, False),
        "closed_twice_in_a_row": ((date(2018, 7, 1) - born).days, True),
    }


def test_as_known_on_an_earlier_day(running: Running, periods: Any) -> None:
    day = date(2018, 12, 31)
    known = periods_of(periods, day)
    assert set(told(running, closures(known))) == {"closed_twice_in_a_row"}
    found = told(running, followed(known, day, (2016, 2016)), "days", "ended")
    assert found["closed_in_2020"] == ((day - date(2016, 3, 1)).days, False)
    assert found["a_gap"] == ((date(2017, 6, 30) - date(2016, 3, 1)).days, False), "lost from sight, not ended"


def test_the_commune_comes_from_the_stock_when_the_history_has_none(running: Running, periods: Any) -> None:
    bare = periods.mutate(codeCommuneEtablissement=periods.codeCommuneEtablissement.nullif("42218"))
    places = periods.select("siret").distinct().mutate(codeCommuneEtablissement=periods.siret.substr(0, 5))
    located = active(periods_of(bare, ON, places), [2025])
    assert set(told(running, located, "code").values()) == {("00000",)}


def test_the_stock_as_it_was_on_a_past_31_december(running: Running, periods: Any) -> None:
    stock = periods.select("siret").distinct()
    places = stock.mutate(etatAdministratifEtablissement=ibis.literal("A"), activitePrincipaleEtablissement=stock.siret)
    elsewhere = places.mutate(siret=ibis.literal("99999999900017")).distinct()
    rows = running.fetch(as_of(places.union(elsewhere), periods, 2018)).to_pylist()
    by_siret = {row["siret"]: row for row in rows}
    still = set(told(running, active(periods_of(periods, date(2018, 12, 31)), [2018])))
    assert {
        CASE[s] for s, row in by_siret.items() if s in CASE and row["etatAdministratifEtablissement"] == "A"
    } == still
    assert by_siret[SIRET["overlapping"]]["activitePrincipaleEtablissement"] == "94.99Z"
    assert by_siret["99999999900017"]["etatAdministratifEtablissement"] == "A", "not in the history: as the stock says"


def test_what_is_odd_is_counted(running: Running, periods: Any) -> None:
    assert oddities(running, periods, ON) == {
        "establishments": len(CASES),
        "last": date(2022, 3, 1),
        "no_beginning": 3,
        "reopened": 3,
        "state_unknown": 1,
        "to_come": 2,
        "backwards": 1,
        "overlapping": 2,
        "gaps": 1,
    }


def test_observations_are_in_years_and_alike_ones_together(running: Running, periods: Any) -> None:
    seen = observations(running, followed(periods_of(periods, ON), ON, (2016, 2016)))
    assert sum(one.number for one in seen) == 9
    long = (date(2020, 7, 1) - date(2016, 3, 1)) / timedelta(days=365.25)
    assert Observation(pytest.approx(long), True, 2) in seen  # type: ignore[arg-type]


# --- Lyon 4e, the real periods of 26 614 establishments ---------------------------------------------------------------

YEARS = range(2015, 2026)
Period = tuple[date, date, str, str]


def read_again(path: Path) -> dict[str, list[Period]]:
    """The same file, read in plain Python: establishment → periods (start, last day, state, activity), in order."""
    found: dict[str, list[Period]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            start = date.fromisoformat(row["dateDebut"] or "1900-01-01")
            until = date.fromisoformat(row["dateFin"] or "9999-12-31")
            if start <= ON and start <= until:
                found[row["siret"]].append((start, until, row["etat"], row["code_ape"]))
    for of_one in found.values():
        of_one.sort()
    return found


def section(naf: str) -> str:
    return sectors(naf).section or ""


def counted_again(lives: dict[str, list[Period]]) -> dict[str, Any]:
    """Active, births, closures by year and section, and those followed: day by day, without a query."""
    found: dict[str, Counter[tuple[int, str]]] = {"active": Counter(), "births": Counter(), "closures": Counter()}
    durations: Counter[tuple[int, bool]] = Counter()
    for of_one in lives.values():
        for year in YEARS:
            end = date(year, 12, 31)
            held = [period for period in of_one if period[2] == "A" and period[0] <= end <= period[1]]
            if held:
                found["active"][year, section(max(held)[3])] += 1
        opened_on = {start for start, _until, state, _naf in of_one if state == "A"}
        closed_on = []
        for before, after in pairwise(of_one):
            if before[2] == "A" and after[2] == "F" and after[0] not in opened_on and after[0] > date(1900, 1, 1):
                closed_on.append(after[0])
                if after[0].year not in {day.year for day in closed_on[:-1]}:
                    found["closures"][after[0].year, section(before[3])] += 1
        not_closed = [period for period in of_one if period[2] != "F"]
        if not not_closed or not_closed[0][2] != "A" or not_closed[0][0] == date(1900, 1, 1):
            continue
        born = not_closed[0][0]
        found["births"][born.year, section(not_closed[0][3])] += 1
        if 2015 <= born.year <= 2025:
            after_birth = [day for day in closed_on if day > born]
            seen = min(ON, max(period[1] for period in not_closed if period[2] == "A"))
            durations[((after_birth or [seen])[0] - born).days, bool(after_birth)] += 1
    return {**found, "durations": durations}


def survival_again(durations: Counter[tuple[int, bool]], day: int) -> float:
    """The product over each day that something ended: one less its share of those still followed."""
    left, at_risk = 1.0, durations.total()
    for when in sorted({when for when, _ended in durations}):
        if when > day:
            break
        left *= 1 - durations[when, True] / at_risk
        at_risk -= durations[when, True] + durations[when, False]
    return left


@pytest.mark.slow
@pytest.mark.shared
def test_lyon_4e_is_what_a_plain_count_finds(elsewhere: Running, shared_data: Any) -> None:
    lives = read_again(shared_data / "sirene/periodes_lyon4.csv.gz")
    expected = counted_again(lives)
    with open_files(elsewhere.connection, shared_data / "sirene/periodes_lyon4.parquet") as opened:
        assert opened.found[0].rows == 58_228
        assert opened.history is not None
        odd = oddities(elsewhere, opened.history, ON)
        known = periods_of(opened.history, ON)
        counts = {
            "active": by_section(elsewhere, active(known, YEARS)),
            "births": by_section(elsewhere, births(known)),
            "closures": by_section(elsewhere, closures(known)),
        }
        seen = observations(elsewhere, followed(known, ON, (2015, 2025)))
    assert odd["establishments"] == 26_614
    assert odd["to_come"] == 3
    for name, found in counts.items():
        assert found == dict(expected[name]), name
    by_year = Counter[int]()
    for (year, _section), count in counts["active"].items():
        by_year[year] += count
    assert (by_year[2015], by_year[2025]) == (6279, 8986)
    assert sum(observation.number for observation in seen) == expected["durations"].total()
    curve = kaplan_meier(seen)
    for years in (1, 3, 5):
        at = curve.at(years)
        assert at.survival == pytest.approx(survival_again(expected["durations"], int(years * 365.25)), abs=1e-12)
        assert at.low is not None
        assert at.high is not None
        assert at.low < at.survival < at.high


@pytest.mark.shared
@pytest.mark.slow
def test_both_files_of_lyon_4e_are_the_same_periods(elsewhere: Running, shared_data: Any) -> None:
    read = []
    for name in ("periodes_lyon4.csv.gz", "periodes_lyon4.parquet"):
        with open_files(elsewhere.connection, shared_data / "sirene" / name) as opened:
            assert opened.history is not None
            read.append(Counter(map(tuple, (row.values() for row in elsewhere.fetch(opened.history).to_pylist()))))
    assert read[0] == read[1]
