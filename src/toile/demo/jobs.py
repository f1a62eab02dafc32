"""The demo's long work: its panorama, computed once the site is served, so that the first start does not wait."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import RunningJob, job


@job("demo.panorama.publish", label=_("Démonstration : calculer le panorama"))
def publish_panorama(running: RunningJob) -> None:
    """Compute the demo's edition from a simulated stock and publish it; taken up again, it goes on where it was."""
    from toile.demo import panorama_own  # noqa: PLC0415 -- it draws and prints: not for the start of each process

    panorama_own.publish_own()
