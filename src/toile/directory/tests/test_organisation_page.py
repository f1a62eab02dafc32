"""The page of a structure: who, where, what, why it is of the ESS, and where each field comes from."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from toile.directory import contexts
from toile.directory.commands import import_ess, import_siae
from toile.directory.imports.engine import import_rows
from toile.directory.imports.rows import NewRecord, Prepared
from toile.directory.models import Establishment, Organisation
from toile.directory.models.records import Verdict
from toile.directory.queries.page import organisation_page
from toile.directory.queries.provenance import SaidBy
from toile.directory.rules.reading import UNNAMED
from toile.directory.services import appoint, judge
from toile.kernel.acts import Actor
from toile.kernel.readers import VISITOR
from toile.territory.models import Commune

from .conftest import siren_of, siret_of
from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

QUERIES_OF_THE_PAGE = 13


def register(unit: dict[str, Any], place: dict[str, Any], number: int = 1) -> Organisation:
    """A unit and its seat as the register says them, under its official column names."""
    unit = {"siren": siren_of(number), "etatAdministratifUniteLegale": "A"} | unit
    place = {
        "siren": siren_of(number), "siret": siret_of(number), "codeCommuneEtablissement": "42218",
        "codePostalEtablissement": "42000", "libelleCommuneEtablissement": "SAINT-ETIENNE",
        "etatAdministratifEtablissement": "A", "etablissementSiege": "true",
    } | place  # fmt: skip
    own = NewRecord.of("sirene_establishment", siret_of(number), place)
    row = Prepared(2, (own, NewRecord.of("sirene_unit", siren_of(number), unit)))
    import_rows(Actor.system("essai"), [row], source="sirene_establishment", context=contexts.current())
    return Organisation.objects.select_related("main").get(siren=siren_of(number))


def page_of(client: Any, organisation: Organisation) -> str:
    answer = client.get(f"/annuaire/{organisation.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_why_the_structure_is_of_the_ess_and_shows_the_rules_tried(client: Any) -> None:
    said = page_of(client, make("Association des essais", legal_category="9220"))
    assert "Pourquoi elle est de l’ESS" in said and "Voir les règles essayées" in said
    refused = page_of(client, make("Syndic", legal_category="9110"))
    assert "Pourquoi elle n’est pas de l’ESS" in refused
    unknown = page_of(client, make("Société", legal_category="5710"))
    assert "Est-elle de l’ESS" in unknown


def test_each_field_says_its_source_and_the_other_values(client: Any, table: Any, siae_file: Any) -> None:
    import_siae(siae_file({"siret": siret_of(7), "name": "NOM DU MARCHE", "website": "https://un.exemple.fr"}))
    listed = {"siren": siren_of(7), "denominationUniteLegale": "NOM DE LA LISTE", "sources": "ess_france"}
    import_ess(table("liste.csv", [listed]))
    organisation = Organisation.objects.get()
    lines = {line.label: line for line in organisation_page(VISITOR, organisation).provenance}
    name = lines["Dénomination"]
    assert (name.value, name.source) == ("NOM DE LA LISTE", "liste ESS (France)")
    assert name.others == (SaidBy("NOM DU MARCHE", "liste des SIAE (marché de l’inclusion)", None),)
    assert lines["Site"].source == "liste des SIAE (marché de l’inclusion)"
    assert (lines["Sigle"].value, lines["Sigle"].source) == ("", "")
    shown = page_of(client, organisation)
    assert "NOM DU MARCHE" in shown and "aucune source" in shown


def test_a_person_who_asked_not_to_be_spread_is_never_named_nor_placed(client: Any) -> None:
    organisation = register(
        {
            "statutDiffusionUniteLegale": "P", "categorieJuridiqueUniteLegale": "1000",
            "sigleUniteLegale": "SIGLESECRET", "denominationUsuelle1UniteLegale": "NOMSECRET",
            "denominationUniteLegale": "NOMSECRET",
        },
        {
            "statutDiffusionEtablissement": "P", "enseigne1Etablissement": "ENSEIGNESECRETE",
            "numeroVoieEtablissement": "12", "libelleVoieEtablissement": "RUESECRETE", "lon": 4.39, "lat": 45.44,
        },
    )  # fmt: skip
    assert (organisation.name, organisation.legal_name, organisation.acronym) == (UNNAMED, "", "")
    assert (organisation.main.address, organisation.main.brand, organisation.main.lon) == ("", "", None)
    shown = page_of(client, organisation)
    assert UNNAMED in shown and "Saint-Étienne" in shown
    assert "secret" not in shown.lower() and "secret" not in organisation.folded


def test_a_sole_trader_without_a_name_of_its_own_is_said_to_be_unnamed(client: Any) -> None:
    organisation = register({"statutDiffusionUniteLegale": "O", "categorieJuridiqueUniteLegale": "1000"}, {})
    assert organisation.name == UNNAMED
    assert UNNAMED in page_of(client, organisation)


def test_a_body_that_asked_not_to_be_spread_keeps_its_name_and_hides_its_street() -> None:
    unit = {"statutDiffusionUniteLegale": "P", "categorieJuridiqueUniteLegale": "9220"}
    place = {"statutDiffusionEtablissement": "P", "libelleVoieEtablissement": "RUE CACHEE"}
    organisation = register(unit | {"denominationUniteLegale": "ASSOCIATION CONNUE"}, place)
    assert organisation.name != UNNAMED
    assert (organisation.main.address, organisation.main.commune_id) == ("", "42218")


def test_a_deduced_commune_is_marked(client: Any) -> None:
    organisation = make(postal_code="42400", city="")
    assert "Commune déduite du code postal" in page_of(client, organisation)


def test_the_page_costs_the_same_whatever_it_holds(
    client: Any, person: Any, django_assert_num_queries: Any, siae_file: Any
) -> None:
    kinds = {1: "EI", 2: "ACI", 3: "AI"}
    import_siae(siae_file(*[{"siret": siret_of(1, nic), "kind": kind} for nic, kind in kinds.items()]))
    rich, poor = Organisation.objects.get(), make("Seule")
    for organisation in (rich, poor):
        with django_assert_num_queries(QUERIES_OF_THE_PAGE):
            page_of(client, organisation)
    assert rich.establishments.count() == 3


def structured(page: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return dict(json.loads(block))


def test_the_hours_are_laid_out_by_day_with_today_s_line(client: Any) -> None:
    shown = page_of(client, make(opening_hours="Mo-Su 00:00-24:00"))
    assert "Ouvert maintenant, à toute heure" in shown and "aujourd’hui" in shown
    written = page_of(client, make(opening_hours="sur rendez-vous, le matin"))
    assert "Sur rendez-vous, le matin" in written and "maintenant" not in written


def test_the_accessibility_is_corrected_shown_and_told_where_it_comes_from(client: Any, person: Any) -> None:
    organisation, someone = make("Les quais"), person()
    assert "Accessibilité inconnue" in page_of(client, organisation)
    appoint(Actor.system("essai"), None, person=someone.pk, organisation=organisation)
    client.force_login(someone)
    url = f"/annuaire/{organisation.pk}/corriger/"
    before = {name: value for name, value in client.get(url).context["form"].initial.items() if value}
    assert client.post(url, before | {"wheelchair": "limited", "hearing_loop": "yes"}).status_code == 302
    organisation.main.refresh_from_db()
    assert organisation.main.accessibility == {"wheelchair": "limited", "hearing_loop": "yes"}
    shown = page_of(client, organisation)
    assert "en fauteuil roulant en partie" in shown and "Boucle magnétique" in shown
    assert "Corrige son accessibilité." in shown
    assert client.post(url, before | {"wheelchair": "peut-être"}).status_code == 422


def test_an_agreement_that_ended_is_said_to_have_ended(client: Any) -> None:
    shown = page_of(client, make(approvals=[["esus", None, "2020-06-30"], ["ei", None, "2999-01-01"]]))
    assert "expiré" in shown and "depuis le 30 juin 2020" in shown
    ident = shown[shown.index('class="ident"') : shown.index('id="ess"')]
    assert ">EI<" in ident and "ESUS" not in ident


def test_a_point_that_cannot_be_is_not_shown(client: Any) -> None:
    here = make(legal_category="9220", commune_code="42218", address="1 rue Vraie", lon=4.39, lat=45.44)
    shown = page_of(client, here)
    assert "directions?to=45.44000%2C4.39000" in shown and structured(shown)["location"]["geo"]["latitude"] == 45.44
    Commune.objects.filter(pk="42218").update(lon=4.39, lat=45.44)
    for lon, lat in ((0.0, 0.0), (4.5, 42.6), (-5.2, 45.0)):  # nowhere, in the Mediterranean, in the Atlantic
        Establishment.objects.filter(pk=here.main_id).update(lon=lon, lat=lat)
        lost = page_of(client, here)
        assert "directions?to" not in lost and "geo" not in structured(lost).get("location", {})


def test_programs_read_the_page_as_schema_org(client: Any) -> None:
    made = make(
        "Les </script><b>", legal_category="9220", commune_code="42218", address="1 rue Vraie",
        opening_hours="Tu-Fr 09:30-18:00; Sa 22:00-02:00",
    )  # fmt: skip
    told = structured(page_of(client, made))
    assert (told["@type"], told["name"]) == ("NGO", "Les </script><b>")
    assert told["location"]["address"]["addressLocality"] == "Saint-Étienne"
    first, second = told["location"]["openingHoursSpecification"]
    assert (first["opens"], first["closes"]) == ("09:30", "18:00")
    assert first["dayOfWeek"] == ["Tuesday", "Wednesday", "Thursday", "Friday"]
    assert (second["opens"], second["closes"]) == ("22:00", "02:00")
    business = structured(page_of(client, make("Scop", legal_category="5458", address="1 rue Vraie")))
    assert business["@type"] == "LocalBusiness" and business["address"]["streetAddress"] == "1 rue Vraie"


def test_the_page_is_shared_by_its_address_and_its_code(client: Any) -> None:
    organisation = make("À partager")
    shown = page_of(client, organisation)
    url = f"http://testserver/annuaire/{organisation.pk}/"
    assert f'value="{url}"' in shown and 'class="qr"' in shown and "mailto:?subject=%C3%80%20partager" in shown
    code = client.get(f"/annuaire/{organisation.pk}/qr.svg")
    assert code["Content-Type"] == "image/svg+xml" and b"<svg" in code.content
    private = make_private()
    assert client.get(f"/annuaire/{private.pk}/qr.svg").status_code == 404


def test_the_pages_of_a_joined_structure_lead_to_the_one_that_shows_it(client: Any, officer: Any) -> None:
    first, second = make("Une"), make("La même")
    judge(Actor.of(officer), officer, first, second, Verdict.SAME, [])
    second.refresh_from_db()
    shown, hidden = (second, first) if second.canonical_id == second.pk else (first, second)
    for part in ("", "ecrire/", "signaler/"):
        moved = client.get(f"/annuaire/{hidden.pk}/{part}")
        assert (moved.status_code, moved["Location"]) == (301, f"/annuaire/{shown.pk}/{part}")


def test_an_unknown_address_is_a_page_that_says_so(client: Any) -> None:
    assert client.get(f"/annuaire/{uuid4()}/").status_code == 404
    assert client.get("/annuaire/pas-un-identifiant/").status_code == 404


def test_somebody_s_structures_are_listed_and_the_only_one_opens(client: Any, person: Any) -> None:
    someone, (first, second) = person(), make_all({"name": "Une"}, {"name": "Deux"})
    assert client.get("/annuaire/mes-structures/").status_code == 302
    client.force_login(someone)
    assert client.get("/annuaire/mes-structures/").status_code == 200
    appoint(Actor.system("essai"), None, person=someone.pk, organisation=first)
    assert client.get("/annuaire/mes-structures/")["Location"] == first.get_absolute_url()
    appoint(Actor.system("essai"), None, person=someone.pk, organisation=second)
    shown = client.get("/annuaire/mes-structures/").content.decode()
    assert "Une" in shown and "Deux" in shown
