"""Statistical secrecy: the examples of domain A16, the sums that link published cells, figures withheld."""

from decimal import Decimal

import pytest

from toile.kernel.figures import Cell, Figure, Status
from toile.panorama.computing.cells import Weight
from toile.panorama.computing.hiding import few_beyond_largest
from toile.panorama.rules.reasons import reasons
from toile.panorama.rules.secrecy.protection import protect
from toile.panorama.rules.secrecy.relations import Relation, relations, section_overlaps
from toile.panorama.rules.secrecy.rule import Counted, margin, primary, secrecy_rule
from toile.panorama.rules.secrecy.tables import Incoherent, linked_tables
from toile.panorama.rules.secrecy.withholding import withhold

RULE = secrecy_rule()
HERE = Cell("244200770", year=2025)


def of(*units, **more):
    """A cell to which each unit gives what is written."""
    return Counted(Decimal(sum(units)), len(units), Decimal(max(units, default=0)), **more)


def row(*parts):
    """A total and its parts, `a`, `b`… in order, with their one relation."""
    names = "abcdefgh"[: len(parts)]
    cells = {"total": of(*(unit for part in parts for unit in part))} | dict(
        zip(names, (of(*part) for part in parts), strict=True)
    )
    return cells, [Relation("total", tuple(names))]


@pytest.mark.parametrize(
    ("units", "secret"),
    [
        ((85, 10, 5), None),
        ((86, 9, 5), "secret_dominant"),
        ((50, 50), "secret_few"),
        ((100,), "secret_few"),
        ((1, 1, 1), None),
        ((), None),
    ],
)
def test_fewer_than_three_units_or_one_above_85_percent_is_secret(units, secret):
    assert primary(of(*units), RULE) == secret


def test_a_total_with_one_hidden_part_hides_the_smallest_visible_one_too():
    cells, sums = row((20, 20), (30, 30, 30), (5, 5, 5), (9, 9, 9))
    assert protect(cells, sums) == {"a": "secret_few", "c": "secret_complementary"}


def test_the_second_part_is_large_enough_to_leave_a_doubt():
    cells, sums = row((200, 200), (300, 300, 300), (5, 5, 5), (40, 40, 40))
    assert protect(cells, sums) == {"a": "secret_few", "d": "secret_complementary"}


def test_the_two_units_of_two_hidden_parts_cannot_find_each_other():
    cells, sums = row((20,), (30,), (50, 50, 50), (15, 15, 15, 15))
    assert protect(cells, sums) == {"a": "secret_few", "b": "secret_few", "d": "secret_complementary"}


def test_nothing_is_hidden_when_nothing_needs_to_be():
    cells, sums = row((20, 20, 20), (30, 30, 30))
    assert protect(cells, sums) == {}


def test_a_part_without_units_is_publicly_zero_and_hides_nothing():
    cells, sums = row((20, 20), (), (30, 30, 30))
    assert protect(cells, sums) == {"a": "secret_few", "c": "secret_complementary"}


def test_a_total_is_hidden_only_when_its_parts_do_not_suffice():
    cells, sums = row((20, 20), (30, 30, 30))
    assert "total" not in protect(cells, sums)
    cells, sums = row((100, 4, 1), ())
    assert protect(cells, sums) == {"total": "secret_dominant", "a": "secret_dominant"}


def test_the_interval_of_an_estimate_is_protected_at_its_lower_bound():
    estimated = {
        "total": Counted(Decimal(150), 7, Decimal(20), Decimal(80), Decimal(230)),
        "a": Counted(Decimal(40), 2, Decimal(20), Decimal(20), Decimal(60)),
        "b": Counted(Decimal(14), 3, Decimal(5), Decimal(4), Decimal(24)),
        "c": Counted(Decimal(96), 3, Decimal(40), Decimal(56), Decimal(146)),
    }
    # `b` can fall by 4 only, and the secret cell must be able to move by a tenth of 60.
    assert protect(estimated, [Relation("total", ("a", "b", "c"))]) == {"a": "secret_few", "c": "secret_complementary"}


def test_what_a_total_has_beyond_its_parts_is_secret_too():
    cells, _ = row((20, 20, 20), (30, 30, 30), (4, 4, 4))
    sums = [Relation("total", ("a", "b"))]
    assert set(protect({name: cells[name] for name in ("total", "a", "b")}, sums).values()) == {"secret_complementary"}
    known = {"total": cells["total"], "a": cells["a"], "b": cells["b"], "rest": of(4, 4, 4, published=False)}
    assert protect(known, [Relation("total", ("a", "b", "rest"))]) == {}


def test_parts_above_their_total_are_refused():
    cells, sums = row((20, 20, 20), (30, 30, 30))
    with pytest.raises(Incoherent, match="total"):
        protect(cells | {"total": of(1, 1, 1)}, sums)


def test_the_margin_brings_a_dominant_unit_down_to_its_threshold():
    assert margin(of(1000, 1), RULE) == Decimal(100) * 1000 / 85 - 1001
    assert margin(of(50, 50, 50), RULE) == 15
    assert margin(Counted(Decimal(0), 1, Decimal(0)), RULE) == Decimal("0.1")


def test_a_commune_by_family_is_in_two_sums():
    families = ("association", "cooperative")
    communes = ("42207", "42218")
    cells = [HERE, *(HERE._replace(commune=commune) for commune in communes)]
    cells += [HERE._replace(family=family) for family in families]
    crossed = {(c, f): HERE._replace(commune=c, family=f) for c in communes for f in families}
    found = relations([*cells, *crossed.values()])
    of_commune = Relation(HERE._replace(commune="42218"), tuple(crossed["42218", family] for family in families))
    of_family = Relation(HERE._replace(family="association"), tuple(crossed[c, "association"] for c in communes))
    assert of_commune in found
    assert of_family in found
    assert len(found) == 2 + 2 + 2


def test_a_section_that_is_a_sector_of_the_ess_is_the_same_cell():
    sections, sectors = ("P", "Q"), ("action_sociale", "enseignement", "sante")
    cells = {name: HERE._replace(sector=name) for name in (*sections, *sectors)}
    found = relations([HERE, *cells.values()])
    assert Relation(cells["P"], (cells["enseignement"],)) in found
    assert Relation(cells["Q"], (cells["action_sociale"], cells["sante"])) in found
    assert section_overlaps()["enseignement"] == {"P"}


def test_sections_and_sectors_that_cut_each_other_add_up_together():
    cells = [HERE._replace(sector=name) for name in ("M", "N", "tourisme", "soutien")]
    found = relations(cells, overlaps={"soutien": ["M", "N"], "tourisme": ["N"]})
    parts = {frozenset(cell.sector for cell in relation.parts) for relation in found if relation.total.sector == "M+N"}
    assert parts == {frozenset(("M", "N")), frozenset(("soutien", "tourisme"))}


def test_a_commune_is_the_same_in_two_perimeters_and_a_perimeter_holds_others():
    here, zone = Cell("a", "42218"), Cell("b", "42218")
    assert relations([here, zone]) == [Relation(here, (zone,))]
    whole, inner = Cell("dep:42"), [Cell("244200770"), Cell("244200630")]
    assert Relation(whole, tuple(sorted(inner))) in relations(
        [whole, *inner], nested={"dep:42": ["244200770", "244200630"]}
    )


def test_hiding_the_whole_of_a_territory_costs_more_than_all_its_parts_wherever_it_lies():
    inner, outer, families = Cell("244200770"), Cell("dep:42"), ("association", "fondation", "mutuelle")
    cells = {inner: of(1, 1, *[9] * 30), outer: of(1, 1, *[9] * 60)}
    for family, units in zip(families, ((1, 1), [9] * 10, [9] * 20), strict=True):
        cells[inner._replace(family=family)] = of(*units)
        cells[outer._replace(family=family)] = of(*units, *[9] * 10 * (len(units) > 2))
    cells[outer._replace(family="mutuelle")] = of(*[9] * 40)
    (table,) = linked_tables(cells, relations(cells, nested={"dep:42": ["244200770"]}), RULE)
    price = dict(zip(table.keys, table.price, strict=True))
    for whole in (inner, outer):
        assert price[whole] > 10 * sum(price[whole._replace(family=family)] for family in families)


def test_the_same_table_is_protected_the_same_way():
    cells, sums = row((20, 20), (30, 30, 30), (10, 10, 10), (10, 10, 10))
    assert [protect(cells, sums) for _ in range(3)] == [{"a": "secret_few", "c": "secret_complementary"}] * 3


def figure(indicator, cell, unit="jobs", **more):
    return Figure(indicator, cell, unit, Decimal(40), **more)


def test_what_would_give_a_secret_away_is_withheld_with_its_reason():
    secret, told = HERE._replace(commune="42207"), HERE._replace(commune="42218")
    estimate = {"low": Decimal(20), "high": Decimal(60)}
    figures = [
        figure("jobs", secret, **estimate),
        figure("jobs", told, **estimate),
        figure("share_of_employment", secret, "percent"),
        figure("share_of_employment", told, "percent"),
        figure("employer_establishments", secret, "establishments"),
        figure("share_of_employment", secret._replace(year=2024), "percent"),
        figure("jobs_growth", secret._replace(year=2024), "percent"),
    ]
    given = list(withhold(figures, {"jobs": {secret: "secret_few"}}))
    assert [one.because for one in given] == ["secret_few", "", "secret_derived", "", "", "", "secret_derived"]
    assert (given[0].low, given[0].value, given[0].high, given[0].status) == (None, None, None, Status.HIDDEN)
    assert given[1] is figures[1]
    assert {one.because for one in given if one.because} <= set(reasons())


def test_a_concentration_that_leaves_one_or_two_employers_out_is_hidden_and_hides_nothing_else() -> None:
    cells = {units: Cell(f"with {units}", year=2024) for units in (10, 11, 12, 13)}
    few = few_beyond_largest(Weight(cell, units, 2) for units, cell in cells.items())
    assert set(few) == {cells[11], cells[12]}
    figures = [Figure(code, cells[11], "percent", Decimal(97)) for code in ("concentration", "share_of_employment")]
    hidden, told = withhold(figures, {"jobs": {}}, {"concentration": few})
    assert (hidden.status, hidden.because) == (Status.HIDDEN, "secret_few") and told.status is Status.OK
