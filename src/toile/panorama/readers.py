"""Naming editions where the thread speaks of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse

from toile.kernel.readers import Reader
from toile.panorama.models import Edition
from toile.thread.names import Named, names_subjects


@names_subjects
def name_editions(reader: Reader, subjects: Collection[UUID]) -> Mapping[UUID, Named]:
    """The editions among `subjects` that the reader may see. 1 query."""
    rows = Edition.objects.visible_to(reader).filter(pk__in=subjects).order_by().values_list("pk", "title")
    return {pk: Named(title, reverse("panorama:edition", args=[pk])) for pk, title in rows}
