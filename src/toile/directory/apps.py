"""The directory room's Django application."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "toile.directory"
