"""The writes of the territory on an invented country: imports that run again, perimeters that keep their names."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.readers import VISITOR, Reader, Role
from toile.territory import queries
from toile.territory.imports.cog import EpciRow
from toile.territory.imports.source import SourceMissing, SourceRefused
from toile.territory.models import Commune, CommuneCode, CommuneKind, Contour, Epci, Home, Perimeter
from toile.territory.queries.perimeters import UnknownPerimeter
from toile.territory.services import (
    import_centres,
    import_code_history,
    import_cog,
    import_contours,
    init_territory,
    load_communes_csv,
    save_perimeter,
    set_home,
)
from toile.territory.services.home import UnknownEpci
from toile.territory.services.perimeters import PerimeterRefused
from toile.thread.models import Fact

from .conftest import square

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Fact.objects.order_by("id").values_list("kind", flat=True))


def test_a_territory_is_made_from_the_official_files_and_a_second_run_changes_nothing(
    home: Any, actor: Actor, country: Path, centres: Path
) -> None:
    assert (home.name, home.communes, home.changed) == ("Val d’Essai", 4, True)
    assert home.reports["cog"].balanced()
    assert [c.name for c in queries.communes_of_home()] == ["Haute-Rive", "L’Étang", "Saint-Roch", "Vieux-Bourg"]
    before = list(Commune.objects.order_by("code").values()), kinds()
    again = init_territory(actor, "200000001", cog=country, centres=centres, vintage="2026")
    assert again.changed is False
    assert all(report.changes == 0 and report.balanced() for report in again.reports.values())
    assert (list(Commune.objects.order_by("code").values()), kinds()) == before
    assert kinds() == [
        "territory.epci.imported",
        "territory.centres.imported",
        "territory.home.chosen",
        "territory.perimeter.saved",
        "territory.perimeter.saved",
    ]


def test_parts_and_old_codes_lead_to_their_commune(home: Any) -> None:
    assert queries.resolve_code("42011").code == "42001"
    assert queries.resolve_code("42012").code == "42002"
    found = queries.present_commune("42012")
    assert found is not None
    assert found.name == "L’Étang"
    assert queries.present_commune("99999") is None
    resolver = queries.code_resolver()
    for raw in ("42001", "42011", "42012", "42013", "Saint-Roch", "75101"):
        assert resolver(raw).code == queries.resolve_code(raw).code
    assert queries.rolled_up_codes() == {"42011": "42001", "42012": "42002"}


def test_a_delegated_commune_with_its_communes_own_code_is_not_a_second_one(home: Any) -> None:
    assert Commune.objects.get(code="42001").kind == CommuneKind.COMMUNE
    assert home.reports["cog"].outside == 1


def test_a_postal_code_is_never_a_key(home: Any) -> None:
    postal = queries.communes_by_postal()
    assert postal["42110"] == ("42001",)
    assert len(postal["42000"]) == 5


def test_a_merged_commune_becomes_a_former_one_under_its_heir(home: Any, actor: Actor, country: Path) -> None:
    communes = json.loads((country / "communes.json").read_text())
    communes = [c for c in communes if c["code"] != "42005"]
    communes[2]["anciensCodes"] = ["42005"]
    (country / "communes.json").write_text(json.dumps(communes))
    report = import_cog(actor, country, vintage="2027")
    assert report.balanced()
    assert queries.resolve_code("42005").code == "42003"
    assert Commune.objects.get(code="42005").kind == CommuneKind.FORMER
    assert "42005" not in {commune.code for commune in queries.communes_of_home()}
    assert import_cog(actor, country, vintage="2027").changes == 0


def test_a_broken_row_is_refused_with_its_place_and_the_others_are_kept(actor: Actor, country: Path) -> None:
    communes = json.loads((country / "communes.json").read_text())
    communes[1] = {"code": "4200", "nom": "Courte", "type": "commune-actuelle"}
    communes.append({"code": "42099", "nom": "", "type": "commune-actuelle", "departement": "42", "region": "84"})
    communes.append({"code": "42098", "nom": "Sans type"})
    communes.append("autre chose")
    (country / "communes.json").write_text(json.dumps(communes))
    report = import_cog(actor, country)
    assert report.balanced()
    assert [refusal.line for refusal in report.refused if refusal.column == "communes.json"] == [2, 9, 10, 11]
    assert Commune.objects.filter(code="42003").exists()


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"[1, 2]", b'[{"a": 1}]', b"\xff\xfe\x00", b"[" * 100_000])
def test_a_wrong_file_is_refused_with_a_sentence_and_nothing_is_written(
    actor: Actor, country: Path, content: bytes
) -> None:
    (country / "communes.json").write_bytes(content)
    with pytest.raises(SourceRefused) as refused:
        import_cog(actor, country)
    assert "communes.json" in refused.value.message
    assert not Epci.objects.exists()
    assert not Commune.objects.exists()


def test_a_folder_without_the_files_and_an_unknown_epci_are_said(actor: Actor, country: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        import_cog(actor, tmp_path / "ailleurs")
    with pytest.raises(UnknownEpci) as unknown:
        init_territory(actor, "123456789", cog=country)
    assert "123456789" in unknown.value.message
    assert not Home.objects.exists()
    with pytest.raises(UnknownEpci):
        set_home(actor, "200000001")


def test_another_epci_becomes_home_without_a_change_of_code(home: Any, actor: Actor, country: Path) -> None:
    moved = init_territory(actor, "200000002", cog=country, vintage="2026")
    assert (moved.name, moved.communes) == ("Plaine voisine", 1)
    assert Home.objects.count() == 1
    assert queries.home_name() == "Plaine voisine"


def test_a_second_home_is_refused_by_the_database(home: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Home.objects.create(id=2, name="Deux", epci_id="200000002")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "4200"},
        {"code": "2C001"},
        {"kind": CommuneKind.DELEGUEE},
        {"kind": CommuneKind.COMMUNE, "parent_id": "42001"},
        {"lon": 4.0},
        {"lon": 400.0, "lat": 45.0},
    ],
)
def test_the_database_refuses_an_impossible_commune(home: Any, wrong: dict[str, Any]) -> None:
    values = {"code": "42090", "name": "X", "folded": "x", "department": "42", "region": "84"} | wrong
    subject = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune.objects.create(subject=subject, **values)


def test_contours_of_merged_communes_join_their_heir_and_are_kept_once(home: Any, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "contours.geojson"
    shapes = {
        "42001": square(4.3, 45.4),
        "42011": square(4.34, 45.4),
        "42004": square(4.5, 45.4),
        "99999": square(5, 45),
    }
    features = [{"type": "Feature", "properties": {"code": c, "nom": c}, "geometry": g} for c, g in shapes.items()]
    features += [{"type": "Feature", "properties": {}, "geometry": square(1, 45)}]
    features += [
        {"type": "Feature", "properties": {"code": "42003"}, "geometry": {"type": "Point", "coordinates": [4, 45]}}
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = import_contours(actor, path, vintage="2018")
    assert report.balanced()
    assert (report.created, report.outside, len(report.refused)) == (2, 2, 2)
    held = Contour.objects.get(commune_id="42001")
    assert (held.vintage, held.source) == ("2018", "contours.geojson")
    corners = {tuple(corner) for corner in held.geometry["coordinates"][0]}
    assert {(4.3, 45.4), (4.38, 45.44)} <= corners, "both squares are in it"
    placed = Commune.objects.get(code="42004")
    assert 4.5 < (placed.lon or 0) < 4.54, "a commune without centre takes a point of its contour"
    again = import_contours(actor, path, vintage="2018")
    assert again.changes == 0
    assert again.balanced()
    assert kinds().count("territory.contours.imported") == 1


def test_a_point_outside_france_is_to_be_checked_not_written(home: Any, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "centres.json"
    rows = [
        {"code": "42001", "centre": {"type": "Point", "coordinates": [45.43, 4.39]}},
        {"code": "42002", "centre": {"type": "Point", "coordinates": [0, 0]}},
        {"code": "99999", "centre": {"type": "Point", "coordinates": [4.4, 45.4]}},
        {"nom": "sans code"},
        7,
    ]
    path.write_text(json.dumps(rows))
    report = import_centres(actor, path)
    assert (report.to_check, report.outside, len(report.refused), report.changes) == (1, 1, 3, 0)
    assert report.balanced()
    assert Commune.objects.get(code="42001").lon == 4.39


def test_old_codes_are_dated_from_the_periods_file(home: Any, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "periodes.csv"
    path.write_text(
        "code_com_insee;lib_com;date_deb_insee;date_fin_insee;\n42012;ETANG-LE-VIEUX;01/01/1900;31/12/1999;\n"
        "42012;ETANG-LE-VIEUX;01/01/2000;31/12/2018\n42001;HAUTE-RIVE;01/01/2000;;\n42077;DISPARUE;01/01/1900;01/01/1950;\n"
        "42012;FOLLE;02/02/2002;01/01/2001;\n"
    )
    report = import_code_history(actor, periods=path)
    assert (report.read, report.updated, report.outside, report.to_check, len(report.refused)) == (5, 2, 1, 1, 1)
    held = CommuneCode.objects.get(code="42012")
    assert (held.name, str(held.since), str(held.until)) == ("ETANG-LE-VIEUX", "None", "2018-12-31")
    again = import_code_history(actor, periods=path)
    assert again.changes == 0
    assert again.balanced()
    path.write_text("nom;code\n")
    with pytest.raises(SourceRefused):
        import_code_history(actor, periods=path)
    with pytest.raises(SourceRefused):
        import_code_history(actor, successions=path)


def test_a_table_of_communes_is_enough_for_a_demo(db: Any, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(
        "code_insee,nom,population,codes_postaux,siren,zone,lat,lon,point\n"
        "42218,Saint-Étienne,173136,42000|42100,214202186,metro,45.4347,4.3903,centre\n"
        "42207,Saint-Chamond,,42400,214202079,metro,45.46998,4.50205,interieur\n"
        "42001,Nulle part,10,42400,214202079,metro,0,0,interieur\n"
        "x,Sans code,10,42400,214202079,metro,45.4,4.5,interieur\n",
        encoding="utf-8",
    )
    epci = EpciRow("244200770", "Métropole d’essai", "METRO", 412_411)
    report = load_communes_csv(actor, path, epci)
    assert (report.read, report.created, len(report.refused)) == (4, 2, 2)
    assert report.balanced()
    assert load_communes_csv(actor, path, epci).changes == 0
    assert set_home(actor, "244200770") is True
    assert set_home(actor, "244200770") is False
    chamond = Commune.objects.get(code="42207")
    assert (chamond.population, chamond.postal_codes, chamond.department) == (None, ["42400"], "42")
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SourceRefused):
        load_communes_csv(actor, path, epci)


def test_a_perimeter_is_found_by_any_of_its_names(home: Any, actor: Actor) -> None:
    save_perimeter(
        actor,
        name="Crêt de Roc",
        kind="quartier",
        polygon=square(4.38, 45.42),
        aliases=["Crêt de Roch"],
        indicative=True,
    )
    for name in ("Crêt de Roc", "CRET DE ROCH", "cret-de-roc", "crêt–de–roch"):
        found = queries.perimeter_called(name)
        assert found is not None
        assert found.code == "cret-de-roc"
    assert queries.perimeter_called("Crêt") is None
    with pytest.raises(PerimeterRefused) as taken:
        save_perimeter(actor, name="Autre colline", communes=["42001"], aliases=["Cret de Roch"])
    assert taken.value.field == "aliases"
    assert not Perimeter.objects.filter(code="autre-colline").exists()


def test_saving_a_perimeter_again_records_nothing_and_a_change_records_once(home: Any, actor: Actor) -> None:
    def save(**more: Any) -> bool:
        given = {"name": "Vallée", "communes": ["42001", "42011", "42012"], "aliases": ["La vallée"]} | more
        return save_perimeter(actor, **given).changed

    before = kinds().count("territory.perimeter.saved")
    assert save() is True
    assert save() is False
    assert Perimeter.objects.get(code="vallee").communes.count() == 2, "old codes are read as their communes"
    assert save(definition="Celle du Gier.") is True
    assert save(definition="Celle du Gier.") is False
    assert kinds().count("territory.perimeter.saved") == before + 2
    assert Perimeter.objects.get(code="vallee").version == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "!!"}, "name"),
        ({"name": "Vide"}, "communes"),
        ({"name": "Faux", "communes": ["99999"]}, "communes"),
    ],
)
def test_a_perimeter_without_name_or_ground_is_refused(home: Any, actor: Actor, given: Any, field: str) -> None:
    with pytest.raises(PerimeterRefused) as refused:
        save_perimeter(actor, **given)
    assert refused.value.field == field


def test_only_those_who_run_the_programme_may_draw(home: Any, actor: Actor) -> None:
    for reader in (VISITOR, Reader(person=uuid4(), roles=frozenset({Role.BUYER}))):
        with pytest.raises(Forbidden):
            save_perimeter(actor, name="Vallée", communes=["42001"], reader=reader)


def test_two_people_who_correct_the_same_perimeter_do_not_erase_each_other(home: Any, actor: Actor) -> None:
    save_perimeter(actor, name="Vallée", communes=["42001"], expected_version=0)
    with pytest.raises(PerimeterRefused):
        save_perimeter(actor, name="Vallée", communes=["42002"], expected_version=0)
    save_perimeter(actor, code="vallee", name="Vallée", communes=["42002"], expected_version=1)
    with pytest.raises(Conflict):
        save_perimeter(actor, code="vallee", name="Vallée", communes=["42003"], expected_version=1)


def test_a_perimeter_never_takes_the_address_of_another_page(home: Any, actor: Actor) -> None:
    with pytest.raises(PerimeterRefused) as refused:
        save_perimeter(actor, name="Nouveau", communes=["42001"])
    assert refused.value.field == "name"
    assert save_perimeter(actor, name="Nouveau quartier", communes=["42001"]).perimeter.code == "nouveau-quartier"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_draw_the_same_new_perimeter_at_once_one_is_told(actor: Actor, country: Path) -> None:
    init_territory(actor, "200000001", cog=country, vintage="2026")
    outcomes = []

    def draw() -> None:
        try:
            save_perimeter(actor, name="La colline", communes=["42001"], expected_version=0)
        except PerimeterRefused as refused:
            outcomes.append(refused.field)
        finally:
            connection.close()

    with act(actor):
        save_perimeter(actor, name="La colline", communes=["42001"], expected_version=0)
        other = Thread(target=draw)
        other.start()
        other.join(1)
    other.join(30)
    assert (outcomes, Perimeter.objects.filter(code="la-colline").count()) == (["name"], 1)


def test_a_point_is_in_the_perimeters_of_its_commune_and_of_its_polygon(home: Any, actor: Actor) -> None:
    save_perimeter(actor, name="Colline", polygon=square(4.38, 45.42))
    save_perimeter(actor, name="Vallée", communes=["42001"], polygon=square(4.5, 45.4))

    def names(*place: Any) -> set[str]:
        return {p.name for p in queries.perimeters_of_point(*place)} - {"Val d’Essai", "Loire-Essai"}

    assert names(4.39, 45.43, "42001") == {"Colline", "Vallée"}
    assert names(4.39, 45.43, "42003") == {"Colline"}
    assert names(4.51, 45.41, "") == {"Vallée"}
    assert names(None, None, "42001") == {"Vallée"}
    assert names(None, None, "") == set()
    with CaptureQueriesContext(connection) as asked:
        queries.perimeters_of_points([(4.39, 45.43, "42001")] * 50)
    assert len(asked) == 2


def test_a_scope_is_a_perimeter_an_epci_a_department_or_a_commune(home: Any, actor: Actor) -> None:
    save_perimeter(actor, name="Vallée", communes=["42001", "42002"])
    assert queries.scope("VALLEE").communes == {"42001", "42002"}
    assert queries.scope("200000002").communes == {"42004"}
    assert len(queries.scope("42").communes) == 6
    assert queries.scope("42011").communes == {"42001"}
    with pytest.raises(UnknownPerimeter) as unknown:
        queries.scope("Atlantide")
    assert "Atlantide" in unknown.value.message


def test_a_source_is_read_over_http_within_bounds(actor: Actor, country: Path, local_server: Any, db: Any) -> None:
    for name in ("communes", "epci", "departements"):
        local_server.give(f"/cog/{name}.json", (country / f"{name}.json").read_bytes())
    report = import_cog(actor, f"{local_server.url}/cog")
    assert report.created > 6
    with pytest.raises(SourceMissing):
        import_cog(actor, f"{local_server.url}/ailleurs")
    for address in ("ftp://example.org/x", "file:///etc/passwd", "http://", "http://[", "gopher://x/y"):
        with pytest.raises(SourceRefused):
            import_contours(actor, address)


def test_an_address_that_leads_elsewhere_by_another_protocol_is_not_followed(actor: Actor, local_server: Any) -> None:
    local_server.give("/contours", b"", status=302, Location="ftp://127.0.0.1/x")
    with pytest.raises(SourceRefused):
        import_contours(actor, f"{local_server.url}/contours")


def test_a_source_larger_than_the_bound_is_left(local_server: Any) -> None:
    from toile.territory.imports.source import local_copy

    local_server.give("/gros", b"x" * 5_000)
    with pytest.raises(SourceRefused), local_copy(f"{local_server.url}/gros", most_bytes=1_000):
        pytest.fail("it was read")


def test_the_states_api_makes_a_territory_with_its_centres(
    actor: Actor, local_server: Any, settings: Any, db: Any
) -> None:
    settings.TOILE_COG = ""
    settings.TOILE_API_GEO_URL = local_server.url
    point = {"type": "Point", "coordinates": [4.39, 45.43]}
    whole = {
        "code": "42001", "nom": "Haute-Rive", "population": 10, "codesPostaux": ["42000"], "siren": "214200001",
        "codeEpci": "200000001", "codeDepartement": "42", "codeRegion": "84", "centre": point,
    }  # fmt: skip
    part = {
        "code": "42011",
        "nom": "La Rivette",
        "type": "commune-associee",
        "chefLieu": "42001",
        "codeDepartement": "42",
    }
    district = {"code": "42012", "nom": "Haute-Rive 1er", "commune": "42001", "codeDepartement": "42"}

    def reply(path: str, body: bytes) -> Any:
        lists: dict[str, Any] = {
            "/epcis": [{"code": "200000001", "nom": "Val d’Essai", "type": "CA"}],
            "/departements": [{"code": "42", "nom": "Loire"}],
            "/communes_associees_deleguees": [part],
        }
        rows = lists.get(path.partition("?")[0])
        if rows is None:
            rows = [district] if "arrondissement" in path else [whole]
        return 200, {}, json.dumps(rows).encode()

    local_server.reply = reply
    setup = init_territory(actor, "200000001")
    assert setup.communes == 1
    commune = queries.communes_of_home()[0]
    assert (commune.lon, commune.lat) == (4.39, 45.43)
    assert {queries.resolve_code(code).code for code in ("42011", "42012")} == {"42001"}
    local_server.reply = lambda path, body: (500, {}, b"")
    with pytest.raises(UserError) as silent:
        init_territory(actor, "200000001")
    assert "--cog" in silent.value.message
