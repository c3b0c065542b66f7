"""Explanations against the running model: what a walk says is what happens."""

import numpy as np
import pytest

from ecosim import explain, policies, schedule
from ecosim.errors import SpecError
from ecosim.flow import flow
from ecosim.levers import CityLevers, FirmLevers
from ecosim.scenario import Scenario

DOSES = {
    "innovation_voucher.subsidy_rate": 0.9,
    "innovation_voucher.cap": 5_000,
    "innovation_voucher.max_sales": 1_000_000,
    "rd_grant.share": 0.05,
    "super_deduction.manufacturing": 0.1,
    "hightech_certificate.tax_relief": 0.02,
    "hightech_certificate.rd_share_small": 0.01,
}
"""Parameter -> a value far from the sandbox's."""


def state(region) -> dict[str, np.ndarray]:
    """Every place that links may name, as arrays."""
    found = {f"{field}.{name}": column for field in region.firms._fields for name, column in getattr(region.firms, field)._asdict().items()}
    for name in ("institutes", "incubators", "funds", "agencies"):
        found |= {f"{name}.{column}": values for column, values in getattr(region, name)._asdict().items()}
    found |= {f"levers.{name}": region.levers.column(name) for name in (*FirmLevers._fields, *CityLevers._fields)}
    found |= {f"counts.{name}": np.array([amount]) for name, amount in region.counts.items()}
    found |= {f"ledger.{name}": np.array(sorted(getattr(region.ledger, name).items(), key=str), dtype=object) for name in ("outlay", "forgone")}
    found |= {f"promises.{name}": column for name, column in region.promises.active()._asdict().items()}
    for (_, _, account), amount in region.ledger.flows.items():
        found[f"flows.{account}"] = np.append(found.get(f"flows.{account}", np.zeros(0)), amount)
    for call in region.calls:
        for name in ("share", "cap", "eligible", "worth", "request", "applied", "odds", "paperwork"):
            found[f"calls.{type(call.policy).__name__}.{name}"] = np.atleast_1d(getattr(call, name))
    found |= {name: np.atleast_1d(getattr(region, name)) for name in ("research_price", "pool", "edge_level", "edge_first", "demand")}
    return {name: values.copy() for name, values in found.items()}


def changed_places(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> set[str]:
    """Places that differ, named as in links."""
    names = {name for name in one.keys() | other.keys() if name not in one or name not in other or not np.array_equal(one[name], other[name])}
    return {f"calls.{name.rsplit('.', 1)[1]}" if name.startswith("calls.") else name for name in names}


def varied(sandbox: Scenario, name: str) -> Scenario:
    return sandbox.vary(f"policies.{name}", DOSES[name])


@pytest.mark.parametrize("name", DOSES)
def test_whatever_a_parameter_changes_in_the_first_year_is_reachable_in_its_flow(name, sandbox, begin):
    """Two worlds that differ in one parameter, compared after every stage: no place changes that no link leads to."""
    usual, other = begin(sandbox), begin(varied(sandbox, name))
    reached = reachable(name)
    touched: set[str] = set()
    for _ in range(4):
        for stage in schedule.QUARTER:
            stage.run(usual)
            stage.run(other)
            touched |= changed_places(state(usual), state(other))
        schedule.turn(usual)
        schedule.turn(other)

    named = {place for place in touched if not place.startswith(("identity.id", "counts.residual"))}
    assert named - reached == set()
    assert len(named) > 3


def reachable(name: str) -> set[str]:
    """Every place that links lead to from a parameter, through any number of quarters."""
    links, found = list(flow(name.partition(".")[0]).links), {name}
    while True:
        further = {link.target for link in links if link.source in found} - found
        if not further:
            return found | {f"counts.{kind}:{name.partition('.')[0]}" for kind in ("applications", "awards")}
        found |= further


@pytest.mark.parametrize("name", DOSES)
def test_the_first_links_of_a_walk_are_the_first_things_that_change(name, sandbox, begin):
    """After the stage of the first link the place it names differs between the two worlds."""
    first = [link for link in explain.walk(name).links() if link.source == name and not link.decides]
    usual, other = begin(sandbox), begin(varied(sandbox, name))
    seen: dict[str, set[str]] = {}
    for _ in range(4):
        for stage in schedule.QUARTER:
            stage.run(usual)
            stage.run(other)
            seen.setdefault(stage.name, set()).update(changed_places(state(usual), state(other)))
        schedule.turn(usual)
        schedule.turn(other)

    assert first
    for link in first:
        assert link.target in seen[link.stage], link


@pytest.mark.parametrize("name", DOSES)
def test_every_link_of_a_walk_joins_on_to_the_next(name):
    for outcome, way in explain.walk(name).ways.items():
        assert way[0].source == name
        assert way[-1].target == f"outcomes.{outcome}"
        assert all(one.target == other.source for one, other in zip(way, way[1:], strict=False))


def test_the_voucher_reaches_patents_through_services_and_knowledge():
    way = explain.walk("innovation_voucher.subsidy_rate").ways["inventions_applied"]

    passed = [link.target for link in way]

    assert passed[:2] == ["calls.share", "levers.instruments_share"]
    assert {"ventures.service", "knowledge.knowledge"} <= set(passed)


def test_who_pays_changes_only_who_pays():
    assert set(explain.walk("innovation_voucher.payers").ways) == {"public_outlay"}


def test_instruments_do_not_take_each_others_ways():
    """A voucher is drawn on use and never paid in instalments; the deduction promises nothing."""
    voucher, deduction = flow("innovation_voucher"), flow("super_deduction")

    assert not [link for link in voucher.links if link.function == "region.Region.pay_firms"]
    assert not [link for link in deduction.links if link.source.startswith("promises.")]
    assert [link for link in flow("rd_grant").links if link.function == "region.Region.pay_firms"]


@pytest.mark.parametrize("name", policies.names())
def test_every_parameter_of_an_instrument_leads_somewhere(name):
    """A parameter that no stage reads is a promise in a file that nothing keeps."""
    for key, field in policies.model(name).model_fields.items():
        assert explain.walk(f"{name}.{field.alias or key}").ways, key


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("innovation_voucher.subsidy_rat", "subsidy_rate"), ("inovation_voucher.subsidy_rate", "innovation_voucher")],
)
def test_an_unknown_parameter_is_refused_with_the_nearest(name, nearest):
    with pytest.raises(SpecError, match=nearest):
        explain.walk(name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_schedule_is_the_quarter(language):
    table = explain.schedule_table(language)

    assert len(table) == len(schedule.QUARTER)
    assert all(row[key] for row in table for key in ("stage", "agents", "meaning", "reads", "writes"))
    learn = table[[stage.name for stage in schedule.QUARTER].index("learn")]
    assert "ventures: service" in learn["reads"]
    assert "knowledge: " in learn["writes"]


def test_walks_are_told_in_both_languages():
    walk = explain.walk("rd_grant.share")

    assert "R&D project grant" in walk.text("en")
    assert "科技项目" in walk.text("zh")
    assert "评审" in walk.text("zh")
    assert "awards" not in walk.text("zh").replace("awards.", "")
