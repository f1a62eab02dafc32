"""What the directory gives to the observatory: what is public, what the list itself holds, approvals in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from toile.directory.models.organisations import Openness
from toile.directory.tests.structures import make, make_all
from toile.panorama.queries.from_directory import approval_rows, ess_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def listed(siren: str, sources: str, **more: Any) -> dict[str, Any]:
    return {"denomination": f"Structure {siren}", "siren": siren, "sources": sources, **more}


def test_only_what_the_list_itself_holds_is_in_it(django_assert_num_queries: Callable[..., Any]) -> None:
    make_all(
        listed("005520135", "ess_france|sirene", categorie_juridique="9220"),
        listed("356000000", "sirene", categorie_juridique="9220"),
        listed("005410345", "esus|sirene"),
        source="ess_list",
    )
    with django_assert_num_queries(2):
        rows = list(ess_rows())
    assert rows == [("005410345", "esus", ""), ("005520135", "ess_france", "association")]


def test_what_is_not_public_is_not_given() -> None:
    make_all(listed("005520135", "ess_france"), source="ess_list", openness=Openness.MEMBERS)
    make_all({"name": "Le projet", "approvals": [["aci", None, None]]}, openness=Openness.MEMBERS)
    assert list(ess_rows()) == []
    assert list(approval_rows(date(2026, 11, 21))) == []


def test_approvals_in_force_once_for_each_kind(django_assert_num_queries: Callable[..., Any]) -> None:
    make("L’atelier", siren="005520135", approvals=[["aci", "2020-01-01", None], ["ei", "2015-01-01", "2019-12-31"]])
    with django_assert_num_queries(1):
        rows = list(approval_rows(date(2026, 11, 21)))
    assert [(siren, kind) for siren, kind, _commune, _family in rows] == [("005520135", "aci")]
    assert list(approval_rows(date(2014, 1, 1))) == []
