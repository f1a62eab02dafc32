"""The panorama room's Django application."""

from django.apps import AppConfig


class PanoramaConfig(AppConfig):
    name = "toile.panorama"
