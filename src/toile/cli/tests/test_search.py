"""`toile search` where no indexer has run: it brings the index up to date, then answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

TERRITORY = """
from toile.demo.services import COMMUNES, EPCI
from toile.kernel.acts import Actor, act
from toile.territory.services import load_communes_csv, set_home
actor = Actor.system("tests")
with act(actor):
    load_communes_csv(actor, COMMUNES, EPCI)
    set_home(actor, EPCI.siren, name=EPCI.name)
"""


@pytest.mark.slow
def test_a_misspelt_name_is_found_after_an_import_with_no_server(toile: Run, tmp_path: Path) -> None:
    prepared = toile("manage", "shell", "-c", TERRITORY)
    assert prepared.returncode == 0, prepared.stderr
    for name in ("Recyclerie du Gier", "Atelier vélo du Crêt"):
        listed = tmp_path / "liste.csv"
        listed.write_text(f"Nom;Commune;Code postal\n{name};Saint-Étienne;42000\n", encoding="utf-8")
        imported = toile("import", "csv", str(listed))
        assert imported.returncode == 0, imported.stderr
        word = {"R": "reciclerie", "A": "atlier"}[name[0]]
        found = toile("search", word, "--json", "--limit", "3")
        assert found.returncode == 0, found.stderr
        (first, *_) = json.loads(found.stdout)
        assert first["name"] == name
        assert first["commune"] == "Saint-Étienne"
        assert first["score"] >= 0
        assert first["id"]
