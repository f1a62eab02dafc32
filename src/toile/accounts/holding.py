"""What the declarations of this room share: who reads, how long, finding and deleting the rows of somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Someone

ITSELF = gettext_lazy("la personne elle-même")
ADMINISTRATORS = gettext_lazy("la personne elle-même, l’administration de la plateforme")
WITH_ACCOUNT = gettext_lazy("tant que le compte est ouvert")

Row = Mapping[str, Any]


def day(moment: Any) -> str | None:
    """A moment as JSON takes it."""
    return moment.isoformat() if moment else None


def by_key(model: Any, key: str) -> Callable[[Someone], QuerySet[Any]]:
    """Finds the rows of somebody by the column that holds their number."""
    return lambda someone: model.objects.filter(**{key: someone.person})


def delete(found: Callable[[Someone], QuerySet[Any]]) -> Callable[[Someone], None]:
    """Erases somebody by deleting the rows found."""

    def erase(someone: Someone) -> None:
        found(someone).delete()

    return erase
