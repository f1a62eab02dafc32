"""The territory room's Django application."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "toile.territory"
