"""Windows: one row of the columns, and stages that are the stages of the quarter."""

from pathlib import Path

import numpy as np
import pytest

from ecosim import schedule, stages_research
from ecosim.columns import columns_of
from ecosim.errors import EcosimError, GoneError, LedgerError
from ecosim.model import Ecosystem, Firm, Incubator
from ecosim.windows_firm import STAGES, alone

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "sandbox" / "baseline.yaml"
SHARED = {"find_partners": "institutes have room for some only", "raise_capital": "capital left is what others left"}
"""Stages in which what one firm gets depends on the others that ask."""


@pytest.fixture
def world():
    """One quarter of the sandbox lived."""
    found = Ecosystem(BASELINE)
    found.step()
    return found


@pytest.fixture
def firm(world):
    """The first firm that does R&D."""
    return next(firm for firm in world.agents_by_type[Firm] if firm.performer == 1)


def test_every_column_is_a_property_that_says_what_it_is():
    assert Firm.cash.__doc__ == "deposit at the bank (yuan, float)"
    assert Incubator.tenants.__doc__ == "firms and teams it houses (tenants, float)"
    for path, column in Firm.where.values():
        assert column.meaning, path


def test_reading_gives_python_numbers(world, firm):
    for name in Firm.where:
        assert type(getattr(firm, name)) in (int, float), name
    assert firm.sales == world.region.firms.market.sales[firm.row]
    assert list(firm.state().loc["sales"]) == [firm.sales, "yuan/year", columns_of(type(world.region.firms.market))["sales"].meaning]


def test_state_can_be_set_and_the_region_sees_it(world, firm):
    firm.employees = 321.0

    assert world.region.firms.market.employees[firm.row] == 321.0


@pytest.mark.parametrize("name", ["cash", "debt", "net"])
def test_money_moves_through_the_ledger_only(firm, name):
    with pytest.raises(LedgerError, match="ledger"):
        setattr(firm, name, 1e6)


@pytest.mark.parametrize(("name", "value"), [("id", 7), ("alive", 0), ("sector", 99), ("sales", float("nan"))])
def test_what_would_tear_the_tables_is_refused(firm, name, value):
    with pytest.raises(EcosimError, match=name):
        setattr(firm, name, value)


def test_a_payment_is_booked_and_the_money_still_closes(world, firm):
    """What reaches the firm leaves the payer; what the firm does not need repays its loans."""
    household, worth = world.region.ledger.balance["household"], firm.cash - firm.debt

    firm.receive(250_000.5, "household", "gift")

    assert firm.cash - firm.debt == pytest.approx(worth + 250_000.5, abs=1 / 1024)
    assert world.region.ledger.balance["household"] == household - 250_000.5
    assert world.region.ledger.flows["household", "firm", "gift"] == 250_000.5
    world.step()
    assert world.region.counts["residual"] < 1e-9


def test_an_unknown_payer_is_refused_before_anything_moves(firm):
    before = firm.net
    with pytest.raises(LedgerError, match="uncle"):
        firm.receive(100.0, "uncle", "gift")
    assert firm.net == before


def quarter_until(begin, scenario, stage):
    """A region whose quarter was lived up to a stage, in the last quarter of a year."""
    region = begin(scenario)
    for _ in range(3):
        schedule.live_quarter(region)
        schedule.turn(region)
    for step in schedule.QUARTER:
        if step.run is stage:
            return region
        step.run(region)
    raise AssertionError(f"{stage} is no stage of the quarter")


@pytest.mark.parametrize("method", [name for name in STAGES if name not in SHARED])
def test_firms_one_by_one_do_what_the_stage_does(method, sandbox, begin, taken_apart, unlike):
    """One function, any number of rows: the same columns to the byte, and the same bookings to one unit a firm."""
    stage = STAGES[method]
    together, apart = quarter_until(begin, sandbox, stage), quarter_until(begin, sandbox, stage)
    before = taken_apart(together)

    stage(together)
    for row in np.flatnonzero(apart.alive):
        with alone(apart, row) as small:
            stage(small)

    exact = [name for name in taken_apart(together) if not name.startswith(("balance.", "Institutes.income"))]
    one, other = taken_apart(together), taken_apart(apart)
    if stage is not stages_research.pursue:
        assert unlike(before, one), "the stage did nothing, so nothing was compared"
    assert not [name for name in unlike(one, other) if name in exact]
    assert other["Institutes.income"] == pytest.approx(one["Institutes.income"], rel=1e-9)
    units = apart.rows / 1024
    for account, amount in together.ledger.flows.items():
        assert apart.ledger.flows[account] == pytest.approx(amount, abs=units), account
    for name, amount in together.counts.items():
        assert apart.counts[name] == pytest.approx(amount, abs=units), name


@pytest.mark.parametrize("method", list(STAGES))
def test_a_method_is_its_stage_and_its_money_closes(method, world, firm):
    """Half a quarter lived by one firm between two quarters leaves no yuan unaccounted for."""
    assert getattr(Firm, method).__doc__ == STAGES[method].__doc__

    for _ in range(3):
        getattr(firm, method)()
        if not firm.is_there:
            break
    world.step()

    assert world.region.counts["residual"] < 1e-9


def test_learning_alone_needs_a_market_to_learn_in():
    world = Ecosystem(BASELINE)
    with pytest.raises(EcosimError, match="step"):
        next(iter(world.agents_by_type[Firm])).learn()


def test_a_window_knows_when_its_firm_is_gone():
    """Neither a closed firm nor another that took its row is read by mistake."""
    world = Ecosystem(BASELINE)
    held = list(world.agents_by_type[Firm])

    world.run_model()

    gone = [firm for firm in held if not firm.is_there]
    reused = [firm for firm in gone if world.region.firms.identity.alive[firm.row] == 1]
    assert gone
    assert reused
    for firm in gone:
        with pytest.raises(GoneError, match=str(firm.unique_id)):
            firm.state()
        with pytest.raises(GoneError):
            firm.learn()


def test_a_firm_knows_its_rules_and_its_offers(firm):
    page = Firm.rules()

    assert page.loc[("learn", "knowledge_after"), "meaning"].startswith("K' =")
    assert {method for method, _ in page.index} <= set(STAGES)
    assert firm.levers["rd_price"] == 1.0
