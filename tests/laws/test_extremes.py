"""The model at its edges: nobody does research, nobody enters, money without end, a stratum that is empty,
a hundred years."""

import dataclasses
from types import MappingProxyType

import numpy as np
import pytest

from ecosim import parameters, policies, regions

CENTURY = 400
"""Quarters."""


def odd_columns(columns):
    """Names of the columns that hold something that is no number."""
    numbers = {name: column for name, column in columns.items() if column.dtype.kind == "f"}
    return [name for name, column in numbers.items() if not np.isfinite(column).all()]


@pytest.fixture
def city(sandbox):
    """The sandbox at its own size, two years."""
    return sandbox.vary("population_scale", 1.0)


@pytest.fixture(scope="session")
def central():
    """Central values of all parameters, per quarter."""
    return parameters.traits(parameters.values(None, {}))


@pytest.fixture
def sound(each_quarter, taken_apart):
    """Lives a region and checks in every quarter that its numbers are numbers, its money closes and its
    firms can pay."""

    def lived(region, quarters=8):
        for now in each_quarter(region, quarters):
            assert not odd_columns(taken_apart(now)), f"quarter {now.quarter}"
            assert now.counts["residual"] <= 1e-9
            assert now.firms.money.cash[now.alive].min(initial=0.0) >= 0.0
            assert 0.0 < now.research_price < np.inf
        return region

    return lived


def without_entry(traits):
    return traits._replace(life=traits.life._replace(entry_small=0.0, entry_large=0.0))


def stop_research(region):
    for name in ("performer", "startup", "plan", "rd", "raised", "topup", "relabel_share"):
        getattr(region.firms.research, name)[:] = 0
    return region


def test_a_city_in_which_nobody_does_research(city, central, begin, sound):
    """Nor is anybody inclined to: founders, if any come, are the only ones."""
    region = stop_research(begin(city, traits=without_entry(central)))
    region.firms.research.start_taste[:] = -50.0

    sound(region)

    founded = region.firms.identity.id >= 1 << 40
    assert not region.firms.research.performer[region.alive & ~founded].any()


def test_a_city_whose_researchers_all_stop_in_the_first_quarter_lives_on(city, begin, sound):
    region = sound(stop_research(begin(city)))

    assert region.alive.any()


def test_a_city_without_entry_shrinks_and_lives_on(city, central, begin, each_quarter):
    region = begin(city.vary("end", "2024Q4"), traits=without_entry(central))
    before = int(region.alive.sum())

    entries = sum(lived.counts["entries"] for lived in each_quarter(region, 20))

    assert entries == 0
    assert 0 < int(region.alive.sum()) < before


@pytest.mark.parametrize("name", [name for name in policies.names() if "budget" in policies.model(name).model_fields])
def test_an_endless_budget_pays_every_applicant(name, city, begin, each_quarter):
    """A million million yuan a year: nobody who applies is turned away, and the envelope stays all but
    full."""
    region = begin(city.with_policy(name, budget=1e12))

    for lived in each_quarter(region, 8):
        asked, got = (lived.counts.get(f"{kind}:{name}", 0.0) for kind in ("applications", "awards"))
        assert asked == got
        assert lived.ledger.envelopes[name].left > 0.99e12
        assert lived.counts["residual"] <= 1e-9


def test_every_instrument_at_its_most_generous(city, begin, sound):
    """All costs paid, all hurdles down, all taxes let go."""
    generous = city.with_policy("innovation_voucher", budget=1e12, cap=1e12, subsidy_rate=1.0, max_sales=1e15, paperwork=0)
    generous = generous.with_policy("rd_grant", budget=1e12, cap=1e12, share=1.0, max_sales=1e15, paperwork=0)
    generous = generous.with_policy("super_deduction", general=2.0, manufacturing=2.0, technology_sme=2.0, claim_paperwork=0)
    hurdles = dict.fromkeys(("rd_share_small", "rd_share_medium", "rd_share_large", "product_share", "staff_share"), 0.0)
    generous = generous.with_policy("hightech_certificate", tax_relief=0.25, **hurdles)

    region = sound(begin(generous))

    assert region.ledger.balance["city"] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    "figure",
    [
        "industrial_firms",
        "other_above_scale_firms",
        "unregistered_technology_firms",
        "registered_sme_2019",
        "tenant_firms_2019",
        "teams_2019",
    ],
)
def test_a_region_of_which_a_stratum_is_missing(figure, city, begin, sound):
    pack = regions.load("sandbox")
    figures = {**pack.figures, figure: dataclasses.replace(pack.figures[figure], value=0.0, low=0.0)}

    sound(begin(city, pack=dataclasses.replace(pack, figures=MappingProxyType(figures))))


@pytest.mark.parametrize("scale", [0.01, 0.1, 10.0])
def test_a_handful_of_firms_and_a_city_of_ten_times_the_size(scale, city, begin, sound):
    assert sound(begin(city.vary("population_scale", scale))).alive.any()


@pytest.mark.parametrize("draw", [0, 1, 2, 3, 1000])
def test_any_draw_of_the_parameters_runs(draw, city, begin, sound):
    """The corners of the priors hold no surprise; draw 0 is the central values."""
    yearly = parameters.values(draw, {})
    prior = parameters.catalogue()
    assert all(
        prior[name].low * (1 - 1e-12) <= value <= prior[name].high * (1 + 1e-12) or prior[name].low < 0 for name, value in yearly.items()
    )
    if draw == 0:
        assert yearly == pytest.approx(parameters.values(None, {}))

    sound(begin(city, traits=parameters.traits(yearly)))


@pytest.fixture(scope="module")
def century(sandbox, begin, each_quarter, taken_apart):
    """What is seen of the sandbox in each quarter of a hundred years."""
    region = begin(sandbox.vary("end", "2119Q4"))
    seen = []
    for now in each_quarter(region, CENTURY):
        firms, living = now.firms, now.alive
        seen.append(
            {
                "finite": not odd_columns(taken_apart(now)),
                "residual": now.counts["residual"],
                "firms": int(living.sum()),
                "sales": float(firms.market.sales[living].sum()) / now.gdp[now.quarter],
                "knowledge": float(firms.knowledge.knowledge[living].sum()),
                "research": float(firms.research.rd[living].sum()),
                "floor": float(living.sum()) * now.traits.knowledge.floor,
                "pool": (float(now.pool.min()), float(now.pool.max())),
            }
        )
    return seen


def test_a_hundred_years_stay_numbers_and_close(century):
    assert all(quarter["finite"] for quarter in century)
    assert max(quarter["residual"] for quarter in century) <= 1e-9


def test_in_a_hundred_years_the_city_neither_dies_out_nor_overflows(century):
    """The bounds hold for any city that goes on living: firms within a factor of three of the start, sales over GDP of
    ten, as the giants of the start are not replaced at once; and in the second half sales keep pace with GDP."""
    first = century[0]
    for name, factor in (("firms", 3.0), ("sales", 10.0)):
        path = np.array([quarter[name] for quarter in century]) / first[name]
        assert path.min() > 1.0 / factor, f"{name} in quarter {path.argmin()}"
        assert path.max() < factor, f"{name} in quarter {path.argmax()}"
    sales = np.array([quarter["sales"] for quarter in century])
    assert sales[-80:].mean() > 0.5 * sales[CENTURY // 2 :][:80].mean()


def test_in_a_hundred_years_knowledge_does_not_feed_on_itself(century):
    """A stock that fades at 10-30% a year holds at most some years of research and of what is absorbed, and the
    floor of every firm: fifty years of the most research there ever was bound it from above."""
    assert min(quarter["pool"][0] for quarter in century) > 0.0
    most = np.maximum.accumulate([quarter["research"] for quarter in century])
    ratio = [(quarter["knowledge"] - quarter["floor"]) / peak for quarter, peak in zip(century, most, strict=True)]
    assert max(ratio) < 50.0, f"quarter {int(np.argmax(ratio))}"
