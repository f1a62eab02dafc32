"""The kernel's Django application: at start it reads what each room declares."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

DECLARATIONS = (
    "facts",
    "readers",
    "searched",
    "listed",
    "home",
    "work",
    "personal",
    "jobs",
    "retained",
    "checks",
    "footer",
)


class KernelConfig(AppConfig):
    name = "toile.kernel"

    def ready(self) -> None:
        from .permissions import table  # noqa: PLC0415 -- needs the app registry

        rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("toile.")]
        for declaration in DECLARATIONS:
            for room in rooms:
                if find_spec(f"{room}.{declaration}"):
                    import_module(f"{room}.{declaration}")
        table.load()
        post_migrate.connect(create_cache_table, sender=self)


def create_cache_table(**kwargs: object) -> None:
    """The throttling counts' table is not a model: it is made after each migration, where it is missing."""
    from django.core.management import call_command  # noqa: PLC0415 -- only when migrating

    call_command("createcachetable", verbosity=0)
