"""No column of the database holds somebody without saying so: every model of every installed application is walked."""

from __future__ import annotations

import pytest
from django.db import connection

from toile.kernel.personal import holdings

from .columns import NOT_ABOUT_PEOPLE, every_model, held, suspects, tables_without_model

ADVICE = "declare it in its room's personal.py, or say in not_about_people.toml why it is about nobody"


def test_every_column_that_may_hold_somebody_is_declared():
    missing = sorted(set(suspects()) - held() - set(NOT_ABOUT_PEOPLE))
    assert not missing, f"{ADVICE}: {missing}"


def test_what_is_declared_exists_and_is_said_once():
    existing = {
        f"{model._meta.label}.{field.name}"
        for model in every_model()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False)
    }
    without_model = {holding.model for holding in holdings.values() if "." not in holding.model}
    declared = {column for column in held() if column.partition(".")[0] not in without_model}
    assert declared - existing == set()
    assert set(NOT_ABOUT_PEOPLE) - existing == set(), "a column that is gone"
    assert set(NOT_ABOUT_PEOPLE) & held() == set(), "held, or about nobody: not both"


@pytest.mark.django_db
def test_every_table_without_a_model_is_known():
    known = {holding.model for holding in holdings.values() if holding.model and "." not in holding.model}
    assert tables_without_model() == known | {"django_migrations"}
    columns = {
        holding.model: {
            column.name for column in connection.introspection.get_table_description(connection.cursor(), holding.model)
        }
        for holding in holdings.values()
        if holding.model in known
    }
    assert all(
        set(holding.columns) <= columns[holding.model] for holding in holdings.values() if holding.model in known
    )


def test_every_declaration_speaks():
    for holding in holdings.values():
        for words in (holding.label, holding.purpose, holding.seen_by, holding.kept):
            assert len(str(words)) > 3, holding.code
