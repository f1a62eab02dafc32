"""What the workbench's tests share: a small country, an officer, a folder of files of their own, sources received."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toile.directory.tests.conftest import as_officer, home, person, reader_with, small_cog  # noqa: F401 -- fixtures
from toile.kernel.acts import Actor
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Reader, Role
from toile.panorama.models import Source
from toile.panorama.services import computing, dressing
from toile.panorama.services.arriving import Arrived, Arriving
from toile.panorama.services.computing import Found
from toile.panorama.services.sources import Described, describe, receive
from toile.territory.tests.conftest import local_server  # noqa: F401 -- a fixture

from . import made_up

TABLE = "indicateur;valeur\nall_jobs;150000\n"


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    """The data folder of this test alone."""
    settings.VAR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "media"
    return tmp_path


@pytest.fixture
def mission() -> Reader:
    """An officer, as services are given them."""
    return reader_with(Role.OFFICER)


def arrived(name: str, content: str | bytes) -> Arrived:
    """A file kept as the upload keeps it."""
    arriving = Arriving(name)
    arriving.write(content.encode() if isinstance(content, str) else content)
    return arriving.finish()


@pytest.fixture
def source(var: Path, home: None, mission: Reader) -> Callable[..., Source]:  # noqa: F811 -- the fixture
    """`source("t.csv", text)` is a source received, read, described; simulated unless said otherwise."""

    def make(name: str = "tableau.csv", content: str = TABLE, **said: Any) -> Source:
        actor = Actor.of(mission)
        made = receive(actor, mission, arrived(name, content))
        run_waiting()
        made.refresh_from_db()
        if made.state == Source.State.UNDERSTOOD:
            words = {
                "kind": made.kind, "title": name, "publisher": "Institut d’essai", "vintage": "2024", "year": 2024,
                "licence": "Licence Ouverte 2.0", "simulated": True,
            }  # fmt: skip
            made = describe(actor, mission, made, Described(**words | said))
        return made

    return make


@pytest.fixture
def made_up_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computing gives the made-up figures at once, and no document is printed."""
    found = Found(made_up.figures(), made_up.QUERIES, [])
    monkeypatch.setattr(computing, "computed_of", lambda edition, sources, tell: found)
    monkeypatch.setattr(
        dressing, "files_of", lambda edition, tell: [dressing.write_file(edition, "pdf", "a.pdf", b"%PDF")]
    )
    monkeypatch.setattr(dressing, "fragments_of", lambda edition, tell: {"chart:families": "<svg></svg>"})
