"""The pathway room's Django application."""

from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "toile.pathway"
