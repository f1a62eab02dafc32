"""What a structure's page shows of the fields that its people may correct: what a correction starts from."""

from __future__ import annotations

from typing import Any

from toile.directory.models import Organisation
from toile.directory.rules.accessibility import FEATURES


def shown_of(organisation: Organisation) -> dict[str, Any]:
    """The fields of `forms.CorrectionForm`, as shown today; empty for unknown. 1 statement, `main` being loaded."""
    place = organisation.main
    return {
        "name": organisation.name,
        "description": organisation.description,
        "website": organisation.website,
        "address": place.address if place else "",
        "postal_code": place.postal_code if place else "",
        "city": place.city if place else "",
        "opening_hours": place.opening_hours if place else "",
        "contact_email": organisation.contact_email,
        **{code: place.accessibility.get(code, "") if place else "" for code in FEATURES},
        "activities": list(organisation.activities.order_by("pk").values_list("code", flat=True)),
    }
