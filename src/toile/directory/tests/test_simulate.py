"""The simulated stock: official columns, valid identifiers, plausible shares, the same for the same seed."""

import datetime as dt
from collections import Counter, defaultdict

import duckdb
import pytest
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from toile.directory.imports import simulate_staff
from toile.directory.imports.simulate import Commune, real_size, simulate_stock
from toile.directory.imports.simulate_staff import SLOTS, simulation, staffing
from toile.directory.imports.stock_columns import ETABLISSEMENT, HISTORY, UNITE_LEGALE
from toile.directory.rules.staff import STAFF_BANDS
from toile.kernel.errors import UserError

pytestmark = pytest.mark.slow

ROWS = 20_000
DAY = dt.timedelta(days=1)
GIVEN = [("42218", 173_136), ("42207", 35_646)]
ESS_FORMS = "('9220','9260','9210','9222','9221','9230','9300','5458','5460','5558','6317','6316','8210')"


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    return simulate_stock(tmp_path_factory.mktemp("stock"), ROWS, seed=7, communes=GIVEN, threads=2, history=True)


def ask(query, **files):
    with duckdb.connect() as base:
        return base.execute(
            query.format(**{name: f"read_parquet('{path}')" for name, path in files.items()})
        ).fetchall()


def test_the_files_have_the_official_columns_in_order(stock):
    files = ((stock.unites, UNITE_LEGALE), (stock.etablissements, ETABLISSEMENT), (stock.history, HISTORY))
    for path, columns in files:
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
    assert 0.33 < ceased < 0.37
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
    first = simulate_stock(tmp_path / "a", 3_000, 5, GIVEN, "csv", threads=1, history=True)
    second = simulate_stock(tmp_path / "b", 3_000, 5, GIVEN, "csv", threads=2, history=True)
    other = simulate_stock(tmp_path / "c", 3_000, 6, GIVEN, "csv")
    assert first.unites.read_bytes() == second.unites.read_bytes()
    assert first.etablissements.read_bytes() == second.etablissements.read_bytes()
    assert first.history.read_bytes() == second.history.read_bytes()
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


def test_the_slots_of_size_classes_give_the_declared_totals():
    """In expectation, each kind of unit has its employers within 1 % and its jobs within 2 % (and half an employer)."""
    known = simulation()
    for number, profile in enumerate(known.tables["profile"]):
        employers, jobs = Counter(), Counter()
        for band in staffing(known):
            activity = known.activities[band.activity]
            if band.profile == number and band.code not in (None, "NN", "00"):
                open_ones = simulate_staff._open_establishments(known, profile, activity.kind) * activity.units
                drawn = open_ones * (band.after - band.first) / SLOTS
                employers[activity.kind] += drawn
                jobs[activity.kind] += drawn * float(STAFF_BANDS[band.code].middle)
        assert employers == pytest.approx(profile["employers"], rel=0.01, abs=0.5)
        assert jobs == pytest.approx(profile["jobs"], rel=0.02)


def test_a_target_that_asks_for_more_employers_than_there_are_is_refused():
    known = simulation()
    profile = known.tables["profile"][0] | {"employers": {"fondation": 10_000}}
    activity = next(one for one in known.activities if one.kind == "fondation")
    with pytest.raises(ValueError, match="fondation"):
        simulate_staff._shares(known, profile, activity)


SHARES = """
WITH employer AS (
    SELECT siren, low, middle FROM {e} JOIN {bands} USING (trancheEffectifsEtablissement)
    WHERE etatAdministratifEtablissement = 'A'
), told AS (
    SELECT *, left(categorieJuridiqueUniteLegale::VARCHAR, 1) IN ('4', '7') AS public,
        economieSocialeSolidaireUniteLegale IS NOT DISTINCT FROM 'O'
        OR categorieJuridiqueUniteLegale::VARCHAR IN FORMS AS ess,
        left(categorieJuridiqueUniteLegale::VARCHAR, 2) = '92' AS association
    FROM employer JOIN {u} USING (siren)
)
SELECT count(*) FILTER (ess), sum(middle) FILTER (ess), sum(middle) FILTER (ess) / sum(middle),
    sum(middle) FILTER (ess) / sum(middle) FILTER (NOT public), avg(association::INT) FILTER (ess),
    avg((etatAdministratifUniteLegale = 'A')::INT)
FROM told
""".replace("FORMS", ESS_FORMS)


def test_a_territory_has_the_employers_and_jobs_that_were_published_of_it(tmp_path):
    """Half the size of the territory of domain A14: 1,529 employer establishments, 21,705 jobs, 13 % and 20 %."""
    rows = real_size(412_411) // 2
    stock = simulate_stock(tmp_path, rows, 2, [("42218", 300_000), ("42207", 112_411)], alone=True)
    bands = tmp_path / "bands.parquet"
    known = [(band.code, band.low, float(band.middle)) for band in STAFF_BANDS.values() if band.low]
    with duckdb.connect() as base:
        base.execute("CREATE TABLE b (trancheEffectifsEtablissement VARCHAR, low INT, middle DOUBLE)")
        base.executemany("INSERT INTO b VALUES (?, ?, ?)", known)
        base.execute(f"COPY b TO '{bands}' (FORMAT parquet)")
    [(employers, jobs, whole, private, associations, alive)] = ask(
        SHARES, e=stock.etablissements, u=stock.unites, bands=bands
    )
    assert rows == pytest.approx(130_000, rel=0.02)
    assert employers == pytest.approx(1_529 / 2, rel=0.1)
    assert jobs == pytest.approx(21_705 / 2, rel=0.25)
    assert 0.10 < whole < 0.17
    assert 0.16 < private < 0.25
    assert 0.74 < associations < 0.86
    assert alive == 1
    assert ask("SELECT DISTINCT codeCommuneEtablissement FROM {e} ORDER BY 1", e=stock.etablissements) == [
        ("42207",), ("42218",),
    ]  # fmt: skip


def test_the_history_of_an_establishment_ends_in_what_the_stock_says_of_it(stock):
    periods = defaultdict(list)
    for siret, *period in ask(
        "SELECT siret, dateDebut, dateFin, etatAdministratifEtablissement FROM {h} ORDER BY siret, dateDebut",
        h=stock.history,
    ):
        periods[siret].append(period)
    found = ask(
        "SELECT siret, dateCreationEtablissement, dateDebut, etatAdministratifEtablissement, "
        "nombrePeriodesEtablissement FROM {e}",
        e=stock.etablissements,
    )
    assert len(periods) == len(found) == ROWS
    for siret, born, start, state, count in found:
        own = periods[siret]
        assert len(own) == count
        assert own[0][0] == born
        assert own[-1] == [start, None, state]
        assert [before[1] + DAY for before in own[:-1]] == [later[0] for later in own[1:]]
        assert {period[2] for period in own[:-1]} <= {"A"}
    assert sum(map(len, periods.values())) == stock.history_rows


def test_few_close_in_their_first_year_and_none_in_the_future(stock):
    [(first_year, fifth_year, last)] = ask(
        "SELECT avg((ended - dateCreationEtablissement <= 365)::INT), avg((ended - dateCreationEtablissement <= 1826)"
        "::INT), max(dateDebut) FROM (SELECT *, CASE WHEN etatAdministratifEtablissement = 'F' THEN dateDebut "
        "ELSE DATE '9999-12-31' END AS ended FROM {e}) WHERE dateCreationEtablissement < DATE '2020-12-31'",
        e=stock.etablissements,
    )
    assert 0.03 < first_year < 0.1
    assert 0.15 < fifth_year < 0.3
    assert last.isoformat() <= "2025-12-31"
