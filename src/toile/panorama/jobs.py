"""The observatory's long work: files fetched and read, an edition computed, its documents printed."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import RunningJob, job


@job("panorama.source.fetch", label=_("Panorama : chercher un fichier"))
def fetch_source(running: RunningJob, *, source: str) -> None:
    """Fetch the file of a source by its URL; what had come before an interruption is fetched again."""
    from toile.panorama.services import reading  # noqa: PLC0415 -- services ask for jobs, jobs run them

    reading.fetch_file(running, UUID(source))


@job("panorama.source.understand", label=_("Panorama : lire un fichier"))
def understand_source(running: RunningJob, *, source: str) -> None:
    """Say what a file gives, what it lacks and what that forbids; read twice, it says the same."""
    from toile.panorama.services import reading  # noqa: PLC0415 -- as above

    reading.understand_file(running, UUID(source))


@job("panorama.edition.build", label=_("Panorama : calculer une édition"))
def build_edition(running: RunningJob, *, edition: str) -> None:
    """Compute an edition; taken up again it goes on from its figures when they were written, else from the start."""
    from toile.panorama.services import building  # noqa: PLC0415 -- as above

    building.execute(running, UUID(edition))


@job("panorama.edition.print", label=_("Panorama : imprimer les documents d’une édition"))
def print_edition(running: RunningJob, *, edition: str) -> None:
    """Write the documents of an edition from its figures and words; twice, they are the same."""
    from toile.panorama.services import building  # noqa: PLC0415 -- as above

    building.print_documents(running, UUID(edition))
