"""What the tests of the command line share: an installation of their own, and the command run as a program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This process's environment, with the data in `folder` and the embedded database unless `more` says another."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {"TOILE_VAR": str(folder)} | more


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation whose tables are already made."""
    folder = tmp_path_factory.mktemp("prepared")
    subprocess.run([sys.executable, "-m", "toile", "manage", "migrate", "-v0"], env=environment(folder), check=True)
    return folder


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may change."""
    return shutil.copytree(prepared, tmp_path / "var")


@pytest.fixture
def toile(installation: Path) -> Run:
    """`toile("doctor")` runs the command in that installation; keywords are more environment variables."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "toile", *words]
        return subprocess.run(
            command, env=environment(installation, **more), capture_output=True, text=True, check=False
        )

    return run
