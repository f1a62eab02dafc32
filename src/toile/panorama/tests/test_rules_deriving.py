"""Deriving: published totals give shares, growth and shift-share; what is published, hidden or broken stays so."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.figures import Cell, Figure, FigureSource, Status, hidden, unknown
from toile.panorama.rules.deriving import derive
from toile.panorama.rules.indicators import indicators

HERE, THERE = "244200770", "france"
YEAR = 2022
FLORES = FigureSource("flores", "Flores")
CLAP = FigureSource("clap", "CLAP")
SIRENE = FigureSource("sirene", "SIRENE")


def told(indicator, value, *bounds, perimeter=HERE, year=YEAR, source=FLORES, **axes):
    low, high = (Decimal(bound) for bound in bounds) if bounds else (None, None)
    unit = indicators()[indicator].unit
    cell = Cell(perimeter, year=year, **axes)
    return Figure(indicator, cell, unit, Decimal(value), low, high, sources=(source,))


def derived(*figures, published=None):
    found = derive(figures, figures if published is None else published, THERE, YEAR)
    for figure in found.figures:
        assert not figure.query or figure.query in found.queries
    return {(figure.indicator, figure.cell): figure for figure in found.figures}


def of(figures, indicator, perimeter=HERE, **axes):
    return figures.get((indicator, Cell(perimeter, year=YEAR, **axes)))


def test_a_published_total_gives_its_share_and_only_its_own():
    found = derived(told("jobs", 21142), told("all_jobs", 149943), told("private_jobs", 110691))
    everyone, private = of(found, "share_of_employment"), of(found, "share_of_private_employment")
    assert (round(everyone.value, 1), round(private.value, 1)) == (Decimal("14.1"), Decimal("19.1"))
    assert not everyone.estimated and everyone.sources == (FLORES,)
    assert of(derived(told("jobs", 21142), told("all_jobs", 149943)), "share_of_private_employment") is None


def test_an_estimate_over_a_published_total_keeps_its_interval_and_replaces_the_estimated_share():
    jobs, total = told("jobs", 56, 35, 77, source=SIRENE), told("all_jobs", 700)
    estimated = told("share_of_employment", 12, 1, 40, source=SIRENE)
    share = of(derived(jobs, total, estimated, published=[total]), "share_of_employment")
    assert (share.low, share.value, share.high) == (5, 8, 11)
    assert share.sources == (SIRENE, FLORES)


def test_a_published_share_is_never_replaced():
    share = told("share_of_employment", "14.1")
    found = derived(told("jobs", 10), told("all_jobs", 100), share)
    assert of(found, "share_of_employment") is share


def test_an_empty_cell_of_a_table_is_not_published():
    cell = Cell(HERE, year=YEAR)
    empty = unknown("share_of_employment", cell, "percent", "not_published", FLORES)
    assert of(derived(told("jobs", 8), told("all_jobs", 100), empty), "share_of_employment").value == 8
    total = unknown("all_jobs", cell, "jobs", "not_published", FLORES)
    estimated = told("share_of_employment", 12, 1, 40, source=SIRENE)
    assert of(derived(told("jobs", 8), total, estimated, published=[total]), "share_of_employment") is estimated


def test_what_comes_from_a_secret_is_a_secret_and_from_nothing_unknown():
    secret = hidden("jobs", Cell(HERE, "42218", year=YEAR), "jobs", "secret_few")
    share = of(derived(secret, told("all_jobs", 100, commune="42218")), "share_of_employment", commune="42218")
    assert (share.status, share.because) == (Status.HIDDEN, "secret_derived")
    empty = of(derived(told("jobs", 0), told("all_jobs", 0)), "share_of_employment")
    assert (empty.status, empty.because) == (Status.UNKNOWN, "empty_denominator")


def test_an_estimate_above_the_published_total_is_said_not_capped():
    share = of(derived(told("jobs", 56, 35, 77, source=SIRENE), told("all_jobs", 30)), "share_of_employment")
    assert (share.status, share.because) == (Status.UNKNOWN, "parts_exceed_total")
    assert of(derived(told("jobs", 56, 35, 77, source=SIRENE), told("all_jobs", 40)), "share_of_employment").high == 100


def test_a_quotient_rests_on_two_published_shares():
    found = derived(told("share_of_employment", "14.1"), told("share_of_employment", "10.5", perimeter=THERE))
    assert round(of(found, "location_quotient").value, 3) == Decimal("1.343")
    assert of(found, "location_quotient", THERE) is None
    alone = told("share_of_employment", "10.5", perimeter=THERE, source=SIRENE)
    here = told("share_of_employment", "14.1")
    assert of(derived(here, alone, published=[here]), "location_quotient") is None


def test_growth_is_since_the_first_year_of_the_same_source():
    years = [told("jobs", value, year=year) for year, value in ((2018, 200), (2020, 230), (2022, 210))]
    growth = of(derived(*years), "jobs_growth")
    assert (growth.value, growth.query) == (5, "evolution_de_2018")


def test_two_sources_are_a_break_and_give_no_rate():
    found = derived(told("jobs", 21142, year=2015, source=CLAP), told("jobs", 21705))
    growth = of(found, "jobs_growth")
    assert (growth.status, growth.because) == (Status.UNKNOWN, "series_broken")
    assert of(found, "shift_local") is None
    estimate = told("jobs", 210, 100, 300)
    assert of(derived(told("jobs", 200, year=2018), estimate), "jobs_growth").because == "series_broken"


def sectors(perimeter, **ends):
    for code, (before, after) in ends.items():
        yield told("jobs", before, perimeter=perimeter, year=2018, sector=code)
        yield told("jobs", after, perimeter=perimeter, sector=code)


def test_the_worked_shift_share_comes_from_published_sectors():
    # The reference grows by 3 %, its section Q by 5 %; here Q grows by 8 %.
    found = derived(*sectors(HERE, Q=(1000, 1080)), *sectors(THERE, Q=(10_000, 10_500), S=(10_000, 10_100)))
    for cell in ({}, {"sector": "Q"}):
        parts = [of(found, f"shift_{part}", **cell).value for part in ("national", "structural", "local")]
        assert parts == [30, 20, 30]
    assert of(found, "shift_local").because == ""
    assert of(found, "shift_local", THERE) is None


def test_a_sector_that_the_reference_does_not_have_is_said():
    found = derived(*sectors(HERE, Q=(1000, 1080), S=(10, 12)), *sectors(THERE, Q=(10_000, 10_500)))
    assert of(found, "shift_local").because == "sectors_partly_unknown"
    assert of(found, "shift_local", sector="S") is None


def test_a_sector_without_value_at_one_end_is_said_here_and_in_the_reference():
    both = [*sectors(HERE, Q=(1000, 1080)), *sectors(THERE, Q=(10_000, 10_500))]
    for perimeter in (HERE, THERE):
        secret = hidden("jobs", Cell(perimeter, sector="S", year=YEAR), "jobs", "secret_few", FLORES)
        found = derived(*both, told("jobs", 12, perimeter=perimeter, year=2018, sector="S"), secret)
        assert of(found, "shift_local").because == "sectors_partly_unknown"


def test_sections_and_sectors_of_the_ess_are_not_added_together():
    found = derived(
        *sectors(HERE, Q=(1000, 1080), action_sociale=(600, 660), sante=(400, 420)),
        *sectors(THERE, Q=(10_000, 10_500), action_sociale=(6000, 6300), sante=(4000, 4200)),
    )
    whole = sum(of(found, f"shift_{part}").value for part in ("national", "structural", "local"))
    assert whole == 80
    assert of(found, "shift_local", sector="sante").value is not None


def test_a_table_of_totals_only_adds_nothing():
    total = told("all_jobs", 150_000)
    assert set(derived(total)) == {("all_jobs", total.cell)}


@given(
    st.dictionaries(st.sampled_from("ABCQS"), st.tuples(st.integers(1, 999), st.integers(0, 999)), min_size=1),
    st.dictionaries(st.sampled_from("ABCQS"), st.tuples(st.integers(1, 999), st.integers(0, 999)), min_size=1),
)
def test_the_parts_add_up_to_what_moved_in_the_sectors_shared(here, there):
    found = derived(*sectors(HERE, **here), *sectors(THERE, **there))
    shared = set(here) & set(there)
    parts = [of(found, f"shift_{part}") for part in ("national", "structural", "local")]
    if not shared:
        assert parts == [None, None, None]
        return
    moved = sum(here[code][1] - here[code][0] for code in shared)
    assert abs(sum(part.value for part in parts) - moved) < Decimal("1e-15")
