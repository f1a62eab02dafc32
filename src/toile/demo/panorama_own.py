"""The demo's own edition: a stock simulated, received, computed, annotated and published by the room's services."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from toile.demo.panorama import ACTOR, HOME, own_editions, written
from toile.directory.imports.simulate import Commune as Weighed
from toile.directory.imports.simulate import simulate_stock
from toile.kernel.jobs.worker import run_waiting
from toile.panorama.models import Edition, EditionState, Source, SourceKind
from toile.panorama.services.arriving import Arrived, Arriving
from toile.panorama.services.building import build
from toile.panorama.services.editions import prepare
from toile.panorama.services.publishing import publish
from toile.panorama.services.sources import Described, choose, describe, receive
from toile.panorama.services.words import Words, add_note, write_words
from toile.territory.models import Commune, CommuneKind

SEED: Final = 42
PIECE: Final = 1 << 20


def publish_own() -> None:
    """Compute and publish the demo's edition, from where it was stopped; nothing once an edition is published.

    The jobs that its steps ask for are run here, one after the other.
    """
    if own_editions().filter(state__in=EditionState.public()).exists():
        return
    sources = list(Source.objects.filter(simulated=True)) or _received()
    run_waiting()
    year, compared = written()["year"], written()["compared"]
    edition = own_editions().filter(year=year, made_by=None).first()
    if edition is None:
        edition = prepare(ACTOR, None, perimeter=HOME, year=year, compared=compared)
    choose(ACTOR, None, edition, sources)
    edition.refresh_from_db()
    if edition.state != EditionState.BUILT:
        build(ACTOR, None, edition)
        run_waiting()
        edition.refresh_from_db()
        _annotate(edition)
    publish(ACTOR, None, edition)
    run_waiting()


def _received() -> list[Source]:
    """The stock simulated for the communes of the Loire, and received as any official file."""
    said = written()["stock"]
    loire = Commune.objects.filter(kind=CommuneKind.COMMUNE, department="42").order_by("code")
    weights = [Weighed(one.code, (one.population or 0) * said["times"], one.name) for one in loire]
    with tempfile.TemporaryDirectory() as folder:
        made = simulate_stock(Path(folder), said["establishments"], SEED, weights)
        files = {SourceKind.STOCK_UNITS: made.unites, SourceKind.STOCK_PLACES: made.etablissements}
        return [_described(kind, receive(ACTOR, None, _arrived(path))) for kind, path in files.items()]


def _arrived(path: Path) -> Arrived:
    arriving = Arriving(path.name)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            arriving.write(piece)
    return arriving.finish()


def _described(kind: SourceKind, source: Source) -> Source:
    title = _("Répertoire SIRENE simulé, %(kind)s") % {"kind": kind.label.partition(", ")[2]}
    vintage = _("simulé au 31 décembre %(year)s") % {"year": written()["year"]}
    words = Described(kind, title, "Toile", vintage, written()["year"], "Licence Ouverte 2.0", simulated=True)
    return describe(ACTOR, None, source, words)


def _annotate(edition: Edition) -> None:
    words = Words(edition.title, written()["introduction"], "")
    write_words(ACTOR, None, edition, words, revision=edition.revision)
    for note in written()["note"]:
        add_note(ACTOR, None, edition, **note)
