"""The real messy files of ../shared/data, read whole, with the counts that their README tells."""

import pytest

from toile.kernel.tabular import Damaged, open_table

pytestmark = pytest.mark.slow

COUNTS = {
    "siae/siaes.csv": (2699, 20),
    "siae/conventions_iae.csv": (2565, 7),
    "siae/import_hosmoz_malforme.csv": (3, 16),
    "ess/01_ess_numerique.csv": (1434, 5),
    "ess/02_cate_x_naf.csv": (1869, 9),
    "ess/02_ess_numerique_cate_juridique.csv": (1089, 7),
    "ess/03_tiers_lieux.csv": (35, 12),
    "ess/04_ess_flag_insee.csv": (2372, 8),
    "ess/x_consolidated.csv": (2568, 26),
    "ess/x_consolidated_tessstcsv.csv": (1716, 23),
    "ess/x_enriched.csv": (2568, 66),
    "ess/x_label_studio.csv": (2568, 28),
    "sirene/ancien_format_2018_extrait.csv": (99, 91),
    "iae-reference/fluxIAE_AnnexeFinanciere_22022022_112211.csv": (85, 128),
    "iae-reference/fluxIAE_Structure_22022022_112211.csv": (6, 37),
    "territory/communes_historique_asp.csv": (77_204, 4),
    "territory/sem_53_communes.csv": (53, 9),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", COUNTS)
def test_every_row_of_a_real_file_is_read(shared_data, name):
    with open_table(shared_data / name) as table:
        rows = list(table)
    assert [row for row in rows if isinstance(row, Damaged)] == []
    assert (len(rows), len(table.columns)) == COUNTS[name]


@pytest.mark.shared
def test_the_two_shifted_rows_of_saint_etienne_are_told_and_the_others_kept(shared_data):
    with open_table(shared_data / "sirene/etablissements_saint_etienne_2022.csv") as table:
        rows = list(table)
    damaged = [row for row in rows if isinstance(row, Damaged)]
    assert len(rows) == 1414
    assert [(row.line, row.column) for row in damaged] == [
        (927, "numeroVoieEtablissement"),
        (1181, "numeroVoieEtablissement"),
    ]
    ids = {row.values["id"] for row in rows if not isinstance(row, Damaged)}
    assert ids.isdisjoint({"926", "1180"})
    assert len(ids) == 1412


@pytest.mark.shared
def test_a_description_on_several_lines_stays_one_cell(shared_data):
    with open_table(shared_data / "siae/siaes.csv") as table:
        described = [row.values["description"] for row in table if row.values["description"]]
    assert len(described) == 88
    assert any("\n" in text for text in described)
