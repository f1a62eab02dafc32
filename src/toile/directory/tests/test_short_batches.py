"""An import never keeps another writer waiting: its batches are short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from toile.kernel.testing import own_database

from .conftest import SEM, siret_of

PROCESSES = Path(__file__).parent / "processes.py"
ROWS = 5_000


@pytest.mark.django_db
@pytest.mark.slow
def test_another_writer_waits_less_than_a_second_while_five_thousand_rows_come_in(
    siae_file: Any, small_cog: Path, tmp_path: Path
) -> None:
    path = siae_file(*[{"siret": siret_of(n // 3, n % 3 + 1), "brand": f"Enseigne {n}"} for n in range(ROWS)])
    done = tmp_path / "done"
    with own_database(connection.vendor) as database:
        with (
            database.start(PROCESSES, "load", str(small_cog), SEM, str(path), str(done)) as loading,
            database.start(PROCESSES, "write", str(done)) as writing,
        ):
            loaded, _ = loading.communicate(timeout=120)
            done.touch()
            waited, _ = writing.communicate(timeout=30)
        imported, other = json.loads(loaded), json.loads(waited)
    assert imported["created"] == ROWS
    assert imported["batches"] >= 5
    assert imported["usual"] <= 0.5
    assert other["written"] > 5
    assert other["longest"] < 1
