"""The demo's Django application."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "toile.demo"
    label = "demo"
