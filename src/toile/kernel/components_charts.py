"""The charts of the page `/-/composants/`: each kind in each of its states, from invented figures.

`python -m toile.kernel.components_charts` writes the curves again after a change of their drawing.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.utils import translation
from django.utils.safestring import SafeString

from toile.kernel.charts import Bars, Chart, Curves, Line, Links, Multiples, Parts, Reference, Series, Words
from toile.kernel.figures import Cell, Figure, FigureSource, hidden, unknown

SOURCE = FigureSource("demo", "Exemple inventé", "Toile", "21 novembre 2026", simulated=True)
COUNTS = (1011, 1016, 1009, 978, 969, 972, 968)
YEARS = (2015, 2016, 2017, 2021, 2022, 2023, 2024)


WRITTEN = Path(__file__).parent / "templates" / "kernel" / "components" / "curves.html"


def bars() -> list[Chart]:
    """Bars and parts, with what is estimated, hidden, unknown, negative, compared."""
    return [_families(), _estimates(), _beside(), _changes(), _parts()]


def curves() -> list[Chart]:
    """Curves, with what is unknown, broken, uncertain, many."""
    return [_series(), _two(), _survival(), _many()]


def blocks(charts: list[Chart]) -> list[SafeString]:
    """The block of each chart."""
    return [chart.html() for chart in charts]


def curves_file() -> str:
    """What `curves.html` must hold: curves take seconds to draw, so the page shows them as they were written."""
    with translation.override("fr"):
        return "".join(f"{block}\n" for block in blocks(curves()))


def _figure(
    value: str | int | None = None, low: int | None = None, high: int | None = None, unit: str = "jobs"
) -> Figure:
    if value is None:
        return unknown("demo", Cell("demo"), unit, "demo", SOURCE)
    if low is None or high is None:
        return Figure("demo", Cell("demo"), unit, Decimal(value), sources=(SOURCE,))
    return Figure("demo", Cell("demo"), unit, Decimal(value), Decimal(low), Decimal(high), sources=(SOURCE,))


def _words(finding: str, subtitle: str, axis: str = "Famille", what: str = "Établissements") -> Words:
    return Words(finding, subtitle, axis, what)


def _families() -> Chart:
    counts = (("Association", 805, "association"), ("Coopérative", 94, "cooperative"), ("Mutuelle", 39, "mutuelle"))
    lines = [Line(name, _figure(count), family) for name, count, family in counts]
    lines += [
        Line("Fondation", hidden("demo", Cell("demo"), "jobs", "demo", SOURCE), "fondation"),
        Line("Société commerciale de l’ESS", _figure(), "societe"),
    ]
    words = _words(
        "Huit établissements sur dix sont des associations", "Établissements par famille, 2024 · total : 967"
    )
    return Bars(
        key="barres", words=words, lines=tuple(lines), total=_figure(967), links=Links("#chiffres", "#chiffres")
    )


def _estimates() -> Chart:
    lines = (
        Line("Hébergement médico-social et social, action sociale sans hébergement", _figure(5404, 3782, 7295)),
        Line("Enseignement", _figure(2030, 1421, 2740)),
        Line("Métallurgie", _figure(56, 35, 77)),
    )
    words = _words(
        "Action sociale d’abord : 5 404 emplois (3 782 à 7 295)",
        "Emplois estimés par secteur, 2024",
        "Secteur",
        "Emplois",
    )
    return Bars(key="estimations", words=words, lines=lines)


def _beside() -> Chart:
    quotients = (("Saint-Étienne Métropole", "1.34"), ("Roannais Agglomération", "1.12"), ("Forez-Est", "0.93"))
    lines = tuple(Line(name, _figure(value, unit="ratio"), ours=not n) for n, (name, value) in enumerate(quotients))
    words = _words(
        "L’ESS pèse ici un tiers de plus qu’en France", "Quotient de localisation, 2024", "Territoire", "Quotient"
    )
    return Bars(key="comparaison", words=words, lines=lines, reference=Reference(Decimal(1), "France : 1"))


def _changes() -> Chart:
    lines = (
        Line("Part nationale", _figure(30)),
        Line("Part structurelle", _figure(-20)),
        Line("Part locale", _figure(12)),
    )
    words = _words(
        "Les secteurs présents retirent 20 emplois", "Évolution de l’emploi, de 2022 à 2024", "Part", "Emplois"
    )
    return Bars(key="evolution", words=words, lines=lines)


def _parts() -> Chart:
    lines = (
        Line("Employeurs", _figure(967)),
        Line("Sans salarié", _figure(130)),
        Line("Effectif inconnu", _figure(1319)),
    )
    words = _words(
        "Quatre établissements sur dix emploient",
        "Établissements selon qu’ils emploient, 2024",
        "Établissements",
        "Nombre",
    )
    return Parts(key="parts", words=words, lines=lines, total=_figure(2416))


def _series() -> Chart:
    points = tuple((year, _figure(count)) for year, count in zip(YEARS, COUNTS, strict=True))
    words = _words(
        "968 établissements en 2024, 10 de moins qu’en 2021", "Établissements employeurs, de 2015 à 2024", "Année"
    )
    return Curves(key="serie", words=words, series=(Series("Établissements", points),), breaks=(2017,))


def _two() -> Chart:
    births = tuple((year, _figure(count)) for year, count in ((2021, 41), (2022, 44), (2023, None), (2024, 46)))
    closures = tuple((year, _figure(count)) for year, count in ((2021, 38), (2022, 40), (2023, 39), (2024, 42)))
    words = _words("En 2024, ouvertures : 46 ; fermetures : 42", "Ouvertures et fermetures, de 2021 à 2024", "Année")
    return Curves(key="deux", words=words, series=(Series("Ouvertures", births), Series("Fermetures", closures)))


def _survival() -> Chart:
    kept = ((0, (100, 100, 100)), (1, (93, 90, 96)), (3, (78, 73, 84)), (5, (66, 60, 72)))
    points = tuple((at, _figure(*value, unit="percent")) for at, value in kept)
    words = _words("Sur 100 établissements, 66 (60 à 72) sont ouverts après 5 ans", "Survie, 2024", "Années", "Survie")
    return Curves(
        key="survie", words=words, series=(Series("Survie", points),), whole=100, below="ans après l’ouverture"
    )


def _many() -> Chart:
    names = (("Associations", 80), ("Coopératives", 10), ("Mutuelles", 4), ("Fondations", 2), ("Sociétés", 1))
    series = tuple(
        Series(name, tuple((year, _figure(count * share // 100)) for year, count in zip(YEARS, COUNTS, strict=True)))
        for name, share in names
    )
    words = _words("Les associations font la courbe", "Établissements par famille, de 2015 à 2024", "Année")
    return Multiples(key="multiples", words=words, series=series, breaks=(2017,))


if __name__ == "__main__":
    import django

    django.setup()
    WRITTEN.write_text(curves_file(), encoding="utf-8")
