"""What a process of the site reads when it starts: every page, command and worker waits for it."""

from __future__ import annotations

import subprocess
import sys

# Each takes a tenth of a second or more to read, and serves imports, computations, drawings or documents only.
HEAVY = {"altair", "duckdb", "ibis", "openpyxl", "pandas", "pyarrow", "pyproj", "pyspark", "vl_convert"}
START = "import sys, django; django.setup(); import toile.config.urls; print(*sys.modules)"


def test_the_site_starts_without_what_only_some_work_needs() -> None:
    said = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=60, check=True)
    assert HEAVY & set(said.stdout.split()) == set()
