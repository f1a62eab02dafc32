"""Naming the places that facts are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import CharField, F, Value
from django.urls import reverse

from toile.kernel.readers import Reader
from toile.thread.names import Named

from ..models import Commune, Epci, Perimeter


def name_places(reader: Reader, subjects: Collection[UUID]) -> Mapping[UUID, Named]:
    """The communes, EPCI and perimeters among `subjects`: they are public. 1 query."""
    nothing = Value("", output_field=CharField())
    places = Perimeter.objects.filter(subject__in=subjects).order_by().values_list("subject", "name", F("code"))
    rows = places.union(
        *(
            model.objects.filter(subject__in=subjects).order_by().values_list("subject", "name", nothing)
            for model in (Commune, Epci)
        ),
        all=True,
    )
    found = {}
    for subject, name, code in rows:
        found[subject] = Named(name, reverse("territory:perimeter", args=[code]) if code else "")
    return found
