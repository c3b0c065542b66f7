"""The model as Mesa sees it: steps, agents, collection, batches."""

import gc
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest

from ecosim import outcomes
from ecosim.errors import EcosimError, SpecError
from ecosim.model import Ecosystem, Firm, Government, Incubator, Institute, Investor, TransferAgency, University
from ecosim.simulation import simulate

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "sandbox" / "baseline.yaml"


@pytest.fixture
def world():
    """One quarter of the sandbox lived."""
    found = Ecosystem(BASELINE, until="2020Q3")
    found.step()
    return found


def test_a_run_through_mesa_is_the_run_without_it(sandbox):
    """Byte for byte, with windows opened half-way: looking changes nothing."""
    world = Ecosystem(sandbox, seed=3, draw=2)
    while world.running:
        world.step()
        if world.steps == 3:
            world.agents.shuffle_do("state")

    lived = simulate(sandbox, 3, 2).values

    collected = world.datacollector.get_model_vars_dataframe()[list(outcomes.KEYS)].to_numpy()
    assert collected.tobytes() == lived.tobytes()


def test_it_steps_until_the_last_quarter_and_no_further(world):
    world.run_model()

    assert (world.steps, world.quarter, world.running) == (3, "2020Q3", False)
    with pytest.raises(EcosimError, match="ended with 2020Q3"):
        world.step()


def test_a_run_that_never_asks_for_agents_makes_none(world):
    world.step()

    opened = [found for found in gc.get_objects() if issubclass(type(found), Firm) and found.model is world]

    assert not opened
    assert len(world.agents) > 50


def test_every_row_in_use_is_one_agent(world):
    region = world.region
    tables = {Incubator: region.incubators, Investor: region.funds, TransferAgency: region.agencies}

    counted = {kind: len(agents) for kind, agents in world.agents_by_type.items()}

    assert counted[Firm] == region.alive.sum()
    assert counted[University] == (region.institutes.kind == 0).sum()
    assert counted[University] + counted[Institute] == len(region.institutes.id)
    assert all(counted[kind] == len(table.id) for kind, table in tables.items())
    assert [agent.name for agent in world.agents_by_type[Government]] == ["city", "province", "centre"]
    assert len({agent.unique_id for agent in world.agents}) == len(world.agents)


def test_agents_come_and_go_with_the_firms():
    world = Ecosystem(BASELINE)
    before = {firm.unique_id for firm in world.agents_by_type[Firm]}

    world.run_model()

    after = {firm.unique_id for firm in world.agents_by_type[Firm]}
    identity = world.region.firms.identity
    assert after == set(identity.id[identity.alive == 1].tolist())
    assert after - before, "no firm was founded in three years"
    assert before - after, "no firm closed in three years"
    assert all(firm.is_there for firm in world.agents_by_type[Firm])


def test_sets_of_agents_work_as_mesa_says(world):
    firms, market = world.agents_by_type[Firm], world.region.firms.market

    large = firms.select(lambda firm: firm.sales > 2e7)

    assert len(large) == ((market.sales > 2e7) & world.region.alive).sum()
    assert firms.agg("sales", sum) == pytest.approx(market.sales[world.region.alive].sum())
    assert large.get("sales") == [firm.sales for firm in large]
    large.set("fitness", 0.5)
    assert (market.fitness[[firm.row for firm in large]] == 0.5).all()
    assert (market.fitness == 0.5).sum() == len(large)
    known = firms.get("knowledge")
    firms.do("learn")
    assert firms.get("knowledge") != known


def test_collectors_of_ones_own_report_agents_too():
    world = Ecosystem(BASELINE, until="2020Q2")
    firms = {"firms": lambda model: len(model.agents_by_type[Firm])}
    world.datacollector = mesa.DataCollector(firms, agenttype_reporters={Firm: {"sales": "sales"}})
    world.run_model()

    table = world.datacollector.get_agenttype_vars_dataframe(Firm)

    alive = world.region.alive
    last = table.loc[2]["sales"]
    assert last.sum() == pytest.approx(world.region.firms.market.sales[alive].sum())
    assert world.datacollector.model_vars["firms"][-1] == alive.sum()


def test_batches_run_every_seed_and_scenario():
    paths = [str(BASELINE), str(BASELINE.with_name("voucher.yaml"))]
    seeds = {"rng": [1, 2]} if mesa.__version__ >= "3.5" else {}
    parameters = {"scenario": paths, "until": "2020Q2"} | ({} if seeds else {"seed": [1, 2]})

    rows = mesa.batch_run(Ecosystem, parameters=parameters, display_progress=False, **seeds)

    sales = {(row["scenario"], row["seed"]): row["sales"] for row in rows}
    assert len(rows) == len(sales) == 4
    assert sales[paths[0], 1] != sales[paths[0], 2]
    expected = Ecosystem(BASELINE, seed=2, until="2020Q2")
    expected.run_model()
    assert sales[paths[0], 2] == expected.outcomes["sales"]


def test_no_seed_is_refused_rather_than_repeated():
    """Mesa hands None to every run of a batch whose seeds it did not find."""
    with pytest.raises(SpecError, match=r"rng=\[1, 2\]"):
        Ecosystem(BASELINE, seed=None)


def test_a_model_is_forgotten_with_its_agents():
    """Ten thousand windows and their region do not outlive the variable that held them."""
    world = Ecosystem(BASELINE)
    assert len(world.agents) > 50
    forgotten = weakref.ref(world)

    del world
    gc.collect()

    assert forgotten() is None


def test_governments_show_their_part_of_every_envelope(world):
    """The grant of the sandbox is paid 70 to 30 by city and province."""
    city, province, centre = world.agents_by_type[Government]
    grant = world.region.ledger.envelopes["rd_grant"]

    assert city.envelopes["rd_grant"] == pytest.approx(0.7 * grant.left)
    assert province.budget == pytest.approx(0.3 * grant.budget)
    assert centre.envelopes == {}
    assert np.isclose(
        sum(city.outlay.values()), sum(amount for (_, payer), amount in world.region.ledger.outlay.items() if payer == "city")
    )
