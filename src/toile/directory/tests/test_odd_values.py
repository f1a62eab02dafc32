"""Values that are not what their column says: kept as said, never shown wrong, never an error."""

from __future__ import annotations

from typing import Any

import pytest

from toile.directory.commands import import_csv
from toile.directory.models import Establishment, Organisation
from toile.directory.rules.mapping import mapping_from_toml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_values_too_long_for_a_page_are_kept_whole_in_the_record(table: Any) -> None:
    long = mapping_from_toml('[fields]\nname = "n"\nlegal_form = "f"\nrna = "r"\nwebsite = "w"\nkind = "k"\n')
    row = {"n": "N" * 5000, "f": "forme " * 60, "r": "W" * 200, "w": "http://e.fr/" + "a" * 400, "k": "TYPE" * 30}
    report = import_csv(table("long.csv", [row]), mapping=long)
    assert (report.created, report.to_check) == (0, 1)
    organisation = Organisation.objects.get()
    assert (len(organisation.name), len(organisation.legal_form), organisation.rna) == (300, 120, "")
    assert len(organisation.records.get().payload["name"]) == 5000


def test_numbers_that_are_not_numbers_are_left_aside(table: Any) -> None:
    odd = mapping_from_toml('[fields]\nname = "n"\nlon = "x"\nlat = "y"\nstaff_band = "t"\ncreated_on = "d"\n')
    rows = [
        {"n": "a", "x": "nan", "y": "inf", "t": "99999", "d": "31/02/2020"},
        {"n": "b", "x": "4,39", "y": "45,44", "t": "11", "d": "1/3/2020"},
        {"n": "c", "x": "1e400", "y": "0", "t": "²", "d": "99999-99-99"},
    ]
    report = import_csv(table("odd.csv", rows), mapping=odd)
    assert report.refused_count == 0
    assert list(Establishment.objects.exclude(lon=None).values_list("lon", "lat")) == [(4.39, 45.44)]


def test_the_mapping_is_guessed_when_none_is_given(table: Any) -> None:
    report = import_csv(table("t.csv", [{"Nom de la structure": "Devinée", "Code postal": "42700"}]))
    assert (report.created, Organisation.objects.get().main.commune_id) == (1, "42095")
