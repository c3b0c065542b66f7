"""Explanations against the running model: what a walk says is what happens."""

import numpy as np
import pytest

from ecosim import explain, policies, schedule
from ecosim.errors import SpecError
from ecosim.explain.flow import flow
from ecosim.scenario import Scenario

DOSES = {
    "innovation_voucher.subsidy_rate": 0.9,
    "innovation_voucher.cap": 5_000,
    "innovation_voucher.max_sales": 1_000_000,
    "rd_grant.share": 0.05,
    "super_deduction.manufacturing": 0.1,
    "hightech_certificate.tax_relief": 0.02,
    "hightech_certificate.rd_share_small": 0.01,
    "hightech_cultivation.max_sales": 1_000_000,
}
"""Parameter -> a value far from the sandbox's."""


def differing_places(one, other) -> set[str]:
    """Places, named as in links, that differ between two worlds; firms are compared with themselves, whatever their row."""
    living = [row_by_identity(region) for region in (one, other)]
    common = sorted(living[0].keys() & living[1].keys())
    rows = [[found[number] for number in common] for found in living]
    states = [state(region, place) for region, place in zip((one, other), rows, strict=True)]
    names = states[0].keys() | states[1].keys()
    alive = set() if living[0].keys() == living[1].keys() else {"identity.alive"}
    return alive | {name for name in names if not np.array_equal(*(found.get(name, np.zeros(0)) for found in states))}


def row_by_identity(region) -> dict[int, int]:
    """Identity -> row of the firms in business."""
    rows = np.flatnonzero(region.alive)
    return dict(zip(region.firms.identity.id[rows].tolist(), rows.tolist(), strict=True))


def state(region, rows) -> dict[str, np.ndarray]:
    """Every place that links may name, as arrays; of firms in the given rows."""
    found: dict[str, np.ndarray] = {}
    for field in region.firms._fields:
        found |= {f"{field}.{name}": column[rows] for name, column in getattr(region.firms, field)._asdict().items()}
    for name in ("institutes", "incubators", "funds", "agencies"):
        found |= {f"{name}.{column}": values for column, values in getattr(region, name)._asdict().items()}
    found |= {f"levers.{name}": column[rows] for name, column in region.levers.firm._asdict().items()}
    found |= {f"levers.{name}": np.array([value]) for name, value in region.levers.city._asdict().items()}
    found |= {f"counts.{name}": np.array([amount]) for name, amount in region.counts.items()}
    for name in ("outlay", "forgone"):
        found[f"ledger.{name}"] = np.array(sorted(map(str, getattr(region.ledger, name).items())))
    promises = region.promises.active()
    found |= {f"promises.{name}": column for name, column in promises._asdict().items() if name != "row"}
    for (payer, payee, account), amount in sorted(region.ledger.flows.items()):
        found[f"flows.{account}"] = np.append(found.get(f"flows.{account}", np.array([payer, payee])), str(amount))
    for call in region.calls:
        numbers = {"share": call.share, "cap": call.cap, "odds": call.odds, "paperwork": call.paperwork}
        columns = {name: answers_of(getattr(call, name, np.zeros(0)), rows) for name in ("eligible", "worth", "request", "applied")}
        for name, value in (numbers | columns).items():
            found[f"calls.{name}"] = np.append(found.get(f"calls.{name}", np.zeros(0)), value)
    found |= {name: np.atleast_1d(getattr(region, name)) for name in ("research_price", "pool", "edge_level", "edge_first", "demand")}
    return found


def answers_of(column, rows) -> np.ndarray:
    """Of the firms in the given rows; 0 for those founded since the call."""
    return np.array([column[row] if row < len(column) else 0 for row in rows])


def two_worlds(sandbox: Scenario, name: str, begin):
    """Worlds with one instrument in force, which differ in one of its parameters."""
    for other in policies.names():
        sandbox = sandbox if other == name.partition(".")[0] else sandbox.without_policy(other)
    return begin(sandbox), begin(sandbox.vary(f"policies.{name}", DOSES[name]))


@pytest.mark.parametrize("name", DOSES)
def test_whatever_a_parameter_changes_in_the_first_year_is_reachable_in_its_flow(name, sandbox, begin):
    """Two worlds that differ in one parameter, compared after every stage: no place changes that no link leads to."""
    usual, other = two_worlds(sandbox, name, begin)
    reached = reachable(name)
    touched: set[str] = set()
    for _ in range(4):
        for stage in schedule.QUARTER:
            stage.run(usual)
            stage.run(other)
            touched |= differing_places(usual, other)
        schedule.turn(usual)
        schedule.turn(other)

    assert touched - reached - {"counts.residual"} == set()
    assert len(touched) > 3


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
    usual, other = two_worlds(sandbox, name, begin)
    seen: dict[str, set[str]] = {}
    for _ in range(4):
        for stage in schedule.QUARTER:
            stage.run(usual)
            stage.run(other)
            seen.setdefault(stage.name, set()).update(differing_places(usual, other))
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

    assert not [link for link in voucher.links if link.function == "entitlements.fall_due" and link.target == "money.net"]
    drawn = {"money.net", "ventures.service", "ledger.outlay"}
    assert not [link for link in deduction.links if link.source.startswith("promises.") and link.target in drawn]
    assert [link for link in flow("rd_grant").links if link.function == "entitlements.fall_due" and link.target == "money.net"]


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
    assert "certify" not in walk.text("zh")
