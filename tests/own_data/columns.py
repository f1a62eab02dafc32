"""Every column of the database that may hold somebody, found in the models themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from toile.accounts.models import Person
from toile.kernel.personal import holdings

# Texts of these names may hold a name, an address or somebody's words; a text without bound, or JSON, always may.
SUSPECT = re.compile(
    r"name|mail|phone|tel$|person|author|actor|reader|user|owner|address|words|answer|message|subject|comment|note"
    r"|key$|token|secret|reason|because|title|failure|uid|_by$"
)
NOT_ABOUT_PEOPLE: dict[str, str] = {
    column: reason
    for reason, columns in tomllib.loads((Path(__file__).parent / "not_about_people.toml").read_text()).items()
    for column in columns
}


def every_model() -> list[type[models.Model]]:
    """Each table that has a model, the joining ones included."""
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)


def may_hold_somebody(field: models.Field[Any, Any]) -> bool:
    """Whether a column may hold a person's number, key, address, name or words."""
    if field.remote_field is not None:
        return issubclass(field.remote_field.model, Person) or field.remote_field.model._meta.app_label in {
            "account",
            "mfa",
            "socialaccount",
        }
    if field.primary_key and isinstance(field, models.UUIDField) and field.model is not Person:
        return False  # the row's own number
    if isinstance(field, (models.UUIDField, models.EmailField, models.JSONField, models.BinaryField, models.FileField)):
        return True
    if field.choices:
        return False
    if isinstance(field, models.TextField):
        return True
    return isinstance(field, models.CharField) and bool(SUSPECT.search(field.name))


def suspects() -> Iterator[str]:
    """`room.Model.column` of each column that may hold somebody."""
    for model in every_model():
        for field in model._meta.get_fields():
            if getattr(field, "concrete", False) and may_hold_somebody(field):
                yield f"{model._meta.label}.{field.name}"


def held() -> set[str]:
    """`room.Model.column` of each column that a room declares to hold somebody."""
    return {f"{holding.model}.{column}" for holding in holdings.values() for column in holding.columns}


def tables_without_model() -> set[str]:
    """The tables of the database that no model describes."""
    modelled = {model._meta.db_table for model in every_model()}
    return set(connection.introspection.table_names()) - modelled
