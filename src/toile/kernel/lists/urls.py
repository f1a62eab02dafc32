"""The formats of every list of the site: its own address, the last slash replaced by a suffix."""

from django.urls import path, register_converter

from . import views
from .files import FORMATS


class Suffix:
    """One of the formats."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Suffix, "list_suffix")
urlpatterns = [path("<path:place>.<list_suffix:suffix>", views.list_file, name="list_file")]
