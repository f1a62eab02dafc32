"""The ASGI application that `toile serve` runs."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toile.config.settings")
django_application = get_asgi_application()

from toile.thread.live.asgi import with_live  # noqa: E402 -- once Django is set up

application = with_live(django_application)
