"""The ASGI application that `toile serve` runs."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toile.config.settings")
application = get_asgi_application()
