"""The same files and the same past on Apache Spark: row for row what DuckDB finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toile.panorama.computing.engines import Running, engine
from toile.panorama.computing.files import open_files
from toile.panorama.computing.history import active, by_section, followed, observations, periods_of

pytestmark = [pytest.mark.slow, pytest.mark.shared]

ON = date(2026, 7, 31)


# Births and closures are within what is followed: two queries say as much as four, and Spark is slow to start each.
def told(running: Running, path: Path) -> dict[str, Any]:
    with open_files(running.connection, path) as opened:
        assert opened.history is not None
        known = periods_of(opened.history, ON)
        return {
            "active": by_section(running, active(known, range(2015, 2026))),
            "followed": observations(running, followed(known, ON, (2015, 2025))),
        }


def test_lyon_4e_is_the_same_on_both_engines(shared_data: Any) -> None:
    pytest.importorskip("pyspark", reason="l’extra « spark » n’est pas installé")
    path = shared_data / "sirene/periodes_lyon4.csv.gz"
    with engine() as duck, engine("spark") as spark:
        assert told(spark, path) == told(duck, path)
