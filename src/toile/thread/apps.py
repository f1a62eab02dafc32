"""The thread's Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ThreadConfig(AppConfig):
    name = "toile.thread"

    def ready(self) -> None:
        from . import services, triggers  # noqa: F401, PLC0415 -- needs the app registry; services registers the flush

        post_migrate.connect(triggers.install, sender=self)
