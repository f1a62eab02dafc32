"""The map of a figure by commune: its classes, their bounds in words, what is hidden and what is unknown."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from toile.kernel.charts import told
from toile.kernel.figures import Cell, Figure, hidden
from toile.territory.map_html import map_html
from toile.territory.models import Commune
from toile.territory.queries import figure_map

SHARES = {"42001": "4.2", "42002": "7.9", "42003": "15.2", "42004": "31"}
CENTRES = ((4.39, 45.43), (4.45, 45.45), (4.35, 45.40), (4.50, 45.42), (4.42, 45.38), (4.48, 45.38))


@pytest.fixture
def communes(db: None) -> list[Commune]:
    return Commune.objects.bulk_create(
        Commune(
            code=f"4200{n}", subject=UUID(int=n), name=f"Commune {n}", folded=f"commune {n}", department="42",
            kind="commune", lon=lon, lat=lat, population=1000 * n,
        )
        for n, (lon, lat) in enumerate(CENTRES, 1)
    )  # fmt: skip


def figures() -> dict[str, Figure]:
    shares = {
        code: Figure("share", Cell("here", code), "percent", Decimal(share), Decimal(share) - 1, Decimal(share) + 1)
        for code, share in SHARES.items()
    }
    return shares | {"42005": hidden("share", Cell("here", "42005"), "percent", "secret_few")}


def drawn(communes: list[Commune], **more):
    return figure_map(
        figures(), title="Part de l’emploi", say=lambda bound: f"{bound} %", told=told, communes=communes, **more
    )


def test_what_is_not_told_is_hatched_each_in_its_way(communes) -> None:
    found = drawn(communes, url=lambda code: f"/{code}/")
    css = {shape.code: shape.css for shape in found.shapes}
    assert (css["42001"], css["42004"], css["42005"], css["42006"]) == ("c1", "c4", "secret", "hatch")
    labels = {shape.code: shape.label for shape in found.shapes}
    assert labels["42002"] == "Commune 2\u00a0: 7,9\u202f% (6,9 à 8,9\u202f%)"
    assert labels["42005"].endswith("secret statistique") and labels["42006"].endswith("inconnu")
    html = map_html(found)
    for name in ("inconnu", "secret"):
        assert f'id="carte-{name}"' in html and f"url(#carte-{name})" in html
    assert html.count("<a href=") == len(communes)


def test_bounds_are_written_in_the_legend(communes) -> None:
    said = [line.text for line in drawn(communes).legend]
    assert said[0].startswith("moins de ") and said[-3].endswith(" et plus")
    assert said[-2:] == ["secret statistique", "inconnu"]
    assert [line.text for line in drawn(communes, at=[Decimal(10)]).legend][:2] == ["moins de 10 %", "10 % et plus"]


def test_a_territory_without_commune_has_no_map(db: None) -> None:
    assert figure_map({}, title="", say=str, told=told) is None
