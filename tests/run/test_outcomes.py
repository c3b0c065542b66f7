"""What is read off a region is what its columns say, whole or by group, in whatever order the rows stand."""

import numpy as np
import pytest

from ecosim import outcomes, schedule, survey
from ecosim.agents.firm import Firms
from ecosim.levers import CERTIFICATE
from ecosim.outcomes import BY_KEY, CATALOGUE, KEYS
from ecosim.units import UNITS


@pytest.fixture(scope="module")
def city(sandbox, begin, live):
    """The sandbox in its eighth quarter, lived but not turned."""
    region = live(begin(sandbox), 7)
    region.price_of_quarter = region.research_price
    schedule.live_quarter(region)
    return region


@pytest.fixture(scope="module")
def read(city):
    return dict(zip(KEYS, outcomes.read_quarter(city, city.price_of_quarter), strict=True))


def test_no_two_outcomes_share_a_key_and_each_has_both_labels():
    assert len(BY_KEY) == len(CATALOGUE)
    assert all(outcome.label_en and outcome.label_zh for outcome in CATALOGUE)


def test_every_unit_has_a_name_in_both_languages():
    yearly = {f"{outcome.unit} per year" for outcome in CATALOGUE if outcome.kind == "flow"}

    assert {outcome.unit for outcome in CATALOGUE} | yearly <= UNITS.keys()


def test_every_ratio_divides_outcomes_that_are_not_ratios():
    parts = [BY_KEY[part].kind for outcome in CATALOGUE if outcome.parts for part in outcome.parts]

    assert parts and "ratio" not in parts


def test_headlines_are_outcomes():
    assert set(outcomes.HEADLINES) <= set(KEYS)


def test_sums_over_firms_are_those_of_the_columns(city, read):
    alive = city.alive
    firms = city.firms
    step = city.traits.market.step
    sales = firms.market.sales[alive] * step

    assert read["sales"] == pytest.approx(sales.sum(), rel=1e-9)
    assert read["inventions_valid"] == pytest.approx(firms.knowledge.inventions[alive].sum(), abs=0.5)
    assert read["performers"] == (firms.research.performer[alive] == 1).sum()
    assert read["productivity"] == pytest.approx((sales * firms.market.edge[alive]).sum() / sales.sum(), abs=1e-9)
    assert read["real_rd"] == pytest.approx((firms.research.rd[alive] * step + firms.ventures.project_rd[alive]).sum(), rel=1e-9)


def test_a_firm_counts_as_certified_once_and_only_while_its_certificate_outlasts_the_quarter(city, read):
    table = city.promises.active()
    valid = (table.margin == CERTIFICATE) & (table.until > city.quarter)
    alive = set(city.firms.identity.id[city.alive].tolist())

    assert read["certified"] == len(set(table.holder[valid].tolist()) & alive) > 0


def test_reported_rd_of_the_quarters_adds_up_to_the_closed_books(sandbox, begin):
    """For firms in business all year: the statistic read quarter by quarter is the one certification sees."""
    region = begin(sandbox)
    reported: dict[int, float] = {}
    for _ in range(4):
        price = region.research_price
        schedule.live_quarter(region)
        firms = region.firms
        step = region.traits.market.step
        spent = (firms.research.rd * price + firms.research.relabelled) * step + firms.ventures.project_rd
        for row in np.flatnonzero(region.alive):
            who = int(firms.identity.id[row])
            reported[who] = reported.get(who, 0.0) + spent[row]
        total = outcomes.read_quarter(region, price)[KEYS.index("firm_rd")]
        assert total == pytest.approx(spent[region.alive].sum(), rel=1e-9)
        schedule.turn(region)
    old = np.flatnonzero(region.alive & (region.firms.identity.born < sandbox.start))
    books = region.firms.books.reported_1[old]

    assert books.sum() > 0
    assert [reported[int(who)] for who in region.firms.identity.id[old]] == pytest.approx(books, rel=1e-6)


@pytest.mark.parametrize("breakdown", survey.BREAKDOWNS)
def test_groups_add_up_to_the_whole(city, read, breakdown):
    groups = outcomes.read_groups(city, city.price_of_quarter, [breakdown])

    for outcome in CATALOGUE:
        if outcome.measure >= 0:
            assert sum(sums[outcome.measure] for sums in groups.values()) == pytest.approx(read[outcome.key], rel=1e-12)
    assert len([sums for sums in groups.values() if sums[survey.FIRMS] > 0]) > 1


def test_the_order_of_rows_changes_no_bit(city):
    backwards = Firms(*(type(table)(*(column[::-1].copy() for column in table)) for table in city.firms))
    certified = survey.certified_rows(city)
    step = city.traits.market.step
    one = survey.units_over(city.firms, certified, city.firms.identity.alive, step, 1.0)
    other = survey.units_over(backwards, certified[::-1].copy(), backwards.identity.alive, step, 1.0)

    assert one.tobytes() == other.tobytes()


def test_the_top_tenth_of_twenty_equal_firms_holds_a_tenth():
    assert survey.top_share(np.full(20, 7.0)) == pytest.approx(0.1)
    assert survey.top_share([1.0] * 9 + [91.0]) == pytest.approx(0.91)
    assert np.isnan(survey.top_share([0.0, 0.0]))


def test_gini_of_known_distributions():
    assert survey.gini([3, 3, 3]) == pytest.approx(0.0)
    assert survey.gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert survey.gini([1, 2, 3]) == pytest.approx(2 / 9)
    assert np.isnan(survey.gini([0, 0]))


def quarters_with(**by_quarter):
    values = np.zeros((len(next(iter(by_quarter.values()))), len(KEYS)))
    for key, numbers in by_quarter.items():
        values[:, KEYS.index(key)] = numbers
    return values


def test_a_year_adds_up_flows_takes_the_last_stock_and_divides_sums():
    quarters = range(2020 * 4, 2020 * 4 + 4)
    values = quarters_with(entries=[1, 2, 3, 4], certified=[10, 20, 30, 40], statistical_rd=[1, 1, 1, 3], gdp=[10, 10, 10, 30])

    year = dict(zip(KEYS, outcomes.yearly(values, quarters)[0], strict=True))

    assert (year["entries"], year["certified"], year["rd_to_gdp"]) == (10, 40, pytest.approx(0.1))
    assert np.isnan(year["relabelled_share"])


def test_only_complete_years_are_years():
    quarters = range(2020 * 4 + 1, 2022 * 4 + 2)

    assert outcomes.years_in(quarters) == (2021,)
    assert outcomes.whole_label(quarters) == "2020Q2-2022Q2"
    assert outcomes.whole_label(range(2020 * 4, 2022 * 4)) == "2020-2021"
    assert outcomes.yearly(quarters_with(entries=[1] * 9), quarters)[:, KEYS.index("entries")].tolist() == [4]
