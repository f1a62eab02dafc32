"""The simulated stock: official columns, valid identifiers, plausible shares, the same for the same seed."""

import duckdb
import pytest
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from toile.directory.imports.simulate import Commune, simulate_stock
from toile.directory.imports.stock_columns import ETABLISSEMENT, UNITE_LEGALE
from toile.kernel.errors import UserError

pytestmark = pytest.mark.slow

ROWS = 20_000
GIVEN = [("42218", 173_136), ("42207", 35_646)]
ESS_FORMS = "('9220','9260','9210','9222','9221','9230','9300','5458','5460','5558','6317','6316','8210')"


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    return simulate_stock(tmp_path_factory.mktemp("stock"), ROWS, seed=7, communes=GIVEN, threads=2)


def ask(query, **files):
    with duckdb.connect() as base:
        return base.execute(
            query.format(**{name: f"read_parquet('{path}')" for name, path in files.items()})
        ).fetchall()


def test_both_files_have_the_official_columns_in_order(stock):
    for path, columns in ((stock.unites, UNITE_LEGALE), (stock.etablissements, ETABLISSEMENT)):
        described = ask("DESCRIBE SELECT * FROM {file}", file=path)
        assert tuple(row[0] for row in described) == columns
    assert (stock.unites.name, stock.etablissements.name) == (
        "StockUniteLegale_utf8.parquet",
        "StockEtablissement_utf8.parquet",
    )


def test_every_identifier_is_valid_and_given_once(stock):
    sirets = [row[0] for row in ask("SELECT siret FROM {e}", e=stock.etablissements)]
    sirens = [row[0] for row in ask("SELECT siren FROM {u}", u=stock.unites)]
    assert (len(sirets), len(set(sirets))) == (ROWS, ROWS)
    assert (len(sirens), len(set(sirens))) == (stock.unite_rows, stock.unite_rows)
    assert all(siret_number.is_valid(siret) for siret in sirets)
    assert all(siren_number.is_valid(siren) for siren in sirens)


def test_every_establishment_has_its_unit_and_every_unit_one_seat(stock):
    orphans = ask(
        "SELECT count(*) FROM {e} WHERE siren NOT IN (SELECT siren FROM {u})", e=stock.etablissements, u=stock.unites
    )
    seats = ask(
        "SELECT count(*), count(DISTINCT e.siren) FROM {e} e JOIN {u} u ON e.siret = u.siren || u.nicSiegeUniteLegale "
        "WHERE etablissementSiege",
        e=stock.etablissements,
        u=stock.unites,
    )
    assert orphans == [(0,)]
    assert seats == [(stock.unite_rows, stock.unite_rows)]


def test_the_siret_is_the_siren_and_its_nic(stock):
    assert ask("SELECT count(*) FROM {e} WHERE siret <> siren || nic", e=stock.etablissements) == [(0,)]


def test_the_shares_are_plausible(stock):
    share = f"avg((categorieJuridiqueUniteLegale::VARCHAR IN {ESS_FORMS})::INT)"
    [(ess, ceased, hidden)] = ask(
        f"SELECT {share}, avg((etatAdministratifUniteLegale = 'C')::INT), avg((statutDiffusionUniteLegale = 'P')::INT) "
        "FROM {u}",
        u=stock.unites,
    )
    assert 0.07 < ess < 0.09
    assert 0.3 < ceased < 0.4
    assert 0.05 < hidden < 0.12
    flags = {row[0] for row in ask("SELECT DISTINCT economieSocialeSolidaireUniteLegale FROM {u}", u=stock.unites)}
    assert flags == {"O", "N", None}


def test_the_communes_given_keep_their_weight_and_the_others_are_elsewhere(stock):
    [(given, others, same)] = ask(
        "SELECT count(*) FILTER (codeCommuneEtablissement = '42218'), count(DISTINCT codeCommuneEtablissement), "
        "count(*) FILTER (codeCommuneEtablissement LIKE '42%' AND codeCommuneEtablissement NOT IN ('42218', '42207')) "
        "FROM {e}",
        e=stock.etablissements,
    )
    assert 25 < given < 80
    assert others > 5_000
    assert same == 0


def test_what_a_hidden_unit_hides_reads_nd(stock):
    [(shown,)] = ask(
        "SELECT count(*) FROM {e} WHERE statutDiffusionEtablissement = 'P' AND (libelleVoieEtablissement <> '[ND]' "
        "OR coordonneeLambertAbscisseEtablissement <> '[ND]')",
        e=stock.etablissements,
    )
    assert shown == 0


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(tmp_path):
    first = simulate_stock(tmp_path / "a", 3_000, 5, GIVEN, "csv", threads=1)
    second = simulate_stock(tmp_path / "b", 3_000, 5, GIVEN, "csv", threads=2)
    other = simulate_stock(tmp_path / "c", 3_000, 6, GIVEN, "csv")
    assert first.unites.read_bytes() == second.unites.read_bytes()
    assert first.etablissements.read_bytes() == second.etablissements.read_bytes()
    assert first.etablissements.read_bytes() != other.etablissements.read_bytes()


def test_a_commune_may_come_with_its_name_its_postal_code_and_its_place(tmp_path):
    here = Commune("42218", 68_000_000, "SAINT-ETIENNE", "42000", 808_447.0, 6_483_204.0)
    stock = simulate_stock(tmp_path, 500, 1, [here])
    assert ask(
        "SELECT DISTINCT libelleCommuneEtablissement, codePostalEtablissement FROM {e} "
        "WHERE statutDiffusionEtablissement = 'O'",
        e=stock.etablissements,
    ) == [("SAINT-ETIENNE", "42000")]


@pytest.mark.parametrize("rows", [1, 2, 4, 11])
def test_a_tiny_stock_is_whole(tmp_path, rows):
    stock = simulate_stock(tmp_path, rows, 3, GIVEN)
    assert ask("SELECT count(DISTINCT siret) FROM {e}", e=stock.etablissements) == [(rows,)]
    assert ask("SELECT count(*) FROM {u}", u=stock.unites) == [(stock.unite_rows,)]
    assert ask("SELECT count(*) FROM {e} ANTI JOIN {u} u USING (siren)", e=stock.etablissements, u=stock.unites) == [
        (0,)
    ]


def test_a_stock_without_rows_is_refused(tmp_path):
    with pytest.raises(UserError):
        simulate_stock(tmp_path, 0, 1)
