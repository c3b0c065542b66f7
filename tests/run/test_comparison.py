"""Comparisons: the same draws and seeds for all, differences within pairs, costs and targets beside them."""

import numpy as np
import pytest

from ecosim import regions
from ecosim.comparison import compare, gathered
from ecosim.effect import ALL, COST_KINDS, INCLUDES_ZERO, NO_COST, OPPOSITE, Effect, Failure
from ecosim.errors import SpecError
from ecosim.outcomes import KEYS
from ecosim.report.console import envelope_lines
from ecosim.simulation import Trace, Traced, simulate
from ecosim.workers import Done

DRAWS, SEEDS = 3, 2


def named(scenario, name):
    return scenario.vary("name", name).vary("name_zh", "")


@pytest.fixture(scope="module")
def without(sandbox):
    return named(sandbox.without_policy("super_deduction"), "without")


@pytest.fixture(scope="module")
def effect(sandbox, without):
    return compare(sandbox, without, named(sandbox, "twin"), seeds=SEEDS, draws=DRAWS, workers=1)


def test_a_twin_of_the_baseline_differs_in_nothing(effect):
    twin = effect.table[effect.table["scenario"] == "twin"]

    assert len(twin) > 0
    assert (twin[["difference", "lo", "hi"]] == 0).all(axis=None)
    assert set(effect.per_additional.set_index("scenario").loc["twin", "note"]) == {INCLUDES_ZERO}


def test_differences_are_those_of_runs_with_the_same_draw_and_seed(effect, sandbox, without):
    key = KEYS.index("real_rd")
    gaps = [
        (simulate(without, seed, draw).values - simulate(sandbox, seed, draw).values)[:, key].sum()
        for draw in range(DRAWS)
        for seed in range(1, SEEDS + 1)
    ]
    row = effect.table.set_index(["scenario", "outcome", "period"]).loc["without", "real_rd", "2020-2021"]

    assert row["difference"] == pytest.approx(np.mean(gaps), rel=1e-12)
    assert row["pairs"] == DRAWS * SEEDS
    assert row["difference"] < 0


@pytest.mark.parametrize("first", [0, 2])
def test_worlds_lived_side_by_side_are_byte_for_byte_those_lived_alone(sandbox, first):
    """They part at the start, after a year, never, or are of another city from the first; a policy may be in the others alone."""
    late = sandbox.vary("policies.innovation_voucher.budget", {"2020Q1": 500_000, "2021Q1": 3_000_000})
    told = (
        sandbox,
        named(late, "late"),
        named(sandbox.without_policy("hightech_certificate"), "without"),
        named(sandbox, "twin"),
        named(sandbox.vary("population_scale", 0.5), "half"),
    )
    told = told[first:] + told[:first]
    together = compare(*told, seeds=1, draws=1, parameters="prior", workers=1)

    for place, scenario in enumerate(told):
        alone = simulate(scenario, 1, 0, source="prior")
        assert together.values[place, 0, 0].tobytes() == alone.values.tobytes(), scenario.name
        assert {key: found[place, 0, 0] for key, found in together.money.items() if found[place, 0, 0]} == {
            key: amounts.sum() for key, amounts in alone.costs.items() if amounts.any()
        }


def test_a_world_that_breaks_costs_only_itself(sandbox, without, monkeypatch):
    lived = Traced.note

    def breaks(life, price):
        if life.scenario.name == "without" and life.region.seed == 2:
            raise ArithmeticError("the world broke")
        lived(life, price)

    monkeypatch.setattr(Traced, "note", breaks)
    torn = compare(sandbox, without, seeds=2, draws=1, workers=1)

    assert [str(failure) for failure in torn.failures] == ["without, draw 0, seed 2: ArithmeticError: the world broke"]
    assert np.isnan(torn.values[1, 0, 1]).all() and np.isfinite(torn.values[0, 0, :, :, KEYS.index("sales")]).all()


def test_the_number_of_workers_changes_no_bit(effect, sandbox, without):
    again = compare(sandbox, without, named(sandbox, "twin"), seeds=SEEDS, draws=DRAWS, workers=2)

    assert again.values.tobytes() == effect.values.tobytes()
    assert {key: found.tobytes() for key, found in again.money.items()} == {key: found.tobytes() for key, found in effect.money.items()}


def test_progress_is_told_from_none_to_all(sandbox, without):
    told = []

    compare(sandbox, without, seeds=1, draws=2, workers=1, progress=lambda *said: told.append(said))

    counts = [(done, total) for note, done, total in told if note == "running"]
    assert counts[0] == (0, 4) and counts[-1] == (4, 4)


def test_costs_of_payers_and_of_kinds_add_up(effect):
    costs = effect.costs.set_index(["scenario", "payer", "kind"])
    payers = [payer for payer in effect.costs["payer"].unique() if payer != ALL]

    assert payers[0] == "city"
    for kind in COST_KINDS:
        parts = sum(costs.loc["without", payer, kind]["level"] for payer in payers)
        assert parts == pytest.approx(costs.loc["without", ALL, kind]["level"])
    forgone = costs.loc["without", ALL, "tax_forgone"]
    assert forgone["additional"] == pytest.approx(forgone["level"] - costs.loc["sandbox", ALL, "tax_forgone"]["level"])
    assert forgone["additional"] < 0
    assert costs.loc["sandbox", ALL, "total"]["additional"] == 0


def test_costs_by_policy_add_up_to_the_same_total(effect):
    by_policy = effect.costs_by_policy
    totals = by_policy[by_policy["kind"] == "total"].groupby("scenario")["level"].sum()
    costs = effect.costs.set_index(["scenario", "payer", "kind"])["level"]

    assert totals["sandbox"] == pytest.approx(costs["sandbox", ALL, "total"])


def test_paths_hold_every_scenario_and_year_once(effect):
    assert set(effect.paths["period"]) == {"2020", "2021"}
    assert not effect.paths.duplicated(["scenario", "outcome", "period"]).any()
    assert set(effect.paths[effect.paths["outcome"] == "entries"]["unit"]) == {"firms per year"}


def test_targets_stand_beside_what_the_model_gives(sandbox):
    longer = sandbox.vary("end", "2025Q4")
    effect = compare(longer, named(longer, "twin"), seeds=1, draws=2, workers=1)
    row = effect.targets.set_index(["target", "scenario"]).loc["target_hightech_firms_2025", "sandbox"]

    assert row["value"] == regions.load("sandbox")["target_hightech_firms_2025"]
    assert row["range_lo"] <= row["mean"] <= row["range_hi"]
    last = effect.by_period[0, ..., effect.years.index(2025), KEYS.index("certified")]
    assert row["reached"] == (last >= row["value"]).mean()


def made_up(sandbox, gains, costs):
    """An effect with known gains in granted inventions and known additional costs, one number for each draw."""
    values = np.zeros((2, len(gains), 1, 8, len(KEYS)))
    values[1, :, 0, 0, KEYS.index("inventions_granted")] = gains
    money = {("outlay", "rd_grant", "city"): np.stack([np.zeros((len(costs), 1)), np.array(costs)[:, None]])}
    return Effect((sandbox, named(sandbox, "other")), values, money)


@pytest.mark.parametrize(
    ("gains", "costs", "price", "note"),
    [
        ([9.0, 10.0, 11.0], [99.0, 100.0, 101.0], 10.0, ""),
        ([-9.0, -10.0, -11.0], [-99.0, -100.0, -101.0], 10.0, ""),
        ([-9.0, 10.0, 11.0], [99.0, 100.0, 101.0], None, INCLUDES_ZERO),
        ([9.0, 10.0, 11.0], [-99.0, 100.0, 101.0], None, NO_COST),
        ([9.0, 10.0, 11.0], [-99.0, -100.0, -101.0], None, OPPOSITE),
    ],
)
def test_one_more_patent_has_a_price_only_where_effect_and_cost_are_sure(sandbox, gains, costs, price, note):
    row = made_up(sandbox, gains, costs).per_additional.set_index("outcome").loc["inventions_granted"]

    assert row["note"] == note
    if price is None:
        assert np.isnan(row["per_unit"])
    else:
        assert row["per_unit"] == pytest.approx(price)
        assert row["per_lo"] < price < row["per_hi"]


def test_of_the_money_a_package_adds_to_an_envelope_the_part_drawn_is_told(sandbox):
    """Two years of 3 million more a year, of which draws spend 1 and 2 million more than the baseline."""
    budget = sandbox.policies["rd_grant"].budget.at(sandbox.start)
    richer = named(sandbox.vary("policies.rd_grant.budget", budget + 3e6), "richer")
    costs = np.array([1e6, 2e6])[:, None]
    effect = Effect(
        (sandbox, richer, named(sandbox, "other")),
        np.zeros((3, 2, 1, 8, len(KEYS))),
        {("outlay", "rd_grant", "city"): np.stack([0.0 * costs, 0.6 * costs, costs]), ("outlay", "rd_grant", "centre"): np.stack(
            [0.0 * costs, 0.4 * costs, costs])},
    )  # fmt: skip

    assert effect.added_envelopes == (("richer", "rd_grant", 6e6, pytest.approx(1.5e6)),)
    assert [line.split(" ", 1)[1] for line in envelope_lines(effect, "en")] == [
        "of 6.00 million yuan added to the envelope (R&D project grant), only 1.50 are drawn in the period. Most of the added money stays "
        "unspent, so the effects say little about what it could do"
    ]


@pytest.mark.parametrize(
    ("first", "last", "opened"),
    [("2020Q1", None, 20.0), ("2020Q3", None, 20.0), ("2020Q3", "2020Q4", 10.0), ("2022Q1", None, 0.0)],
    ids=["all along", "from the third quarter", "one half-year", "later"],
)
def test_an_envelope_is_opened_when_the_policy_begins_and_each_first_quarter_after(first, last, opened, sandbox):
    policy = sandbox.with_policy("rd_grant", budget=10.0, **{"from": first}, **({"until": last} if last else {})).policies["rd_grant"]

    assert policy.appropriated(sandbox.quarters) == opened


def test_a_failed_run_is_named_and_left_out(sandbox):
    quarters = len(sandbox.quarters)
    fine = Trace(np.ones((quarters, len(KEYS))), {("outlay", "rd_grant", "city"): np.ones(quarters)}, {})
    ended = [Done(fine), Done(fine), Done(None, "LedgerError: money does not close"), Done(fine)]

    values, money = gathered(ended, (2, 1, 2), quarters)
    failed = Failure("sandbox", 1, 1, "LedgerError: money does not close")
    effect = Effect((sandbox, named(sandbox, "other")), values, money, (failed,))

    assert np.isnan(values[0, 1]).all() and not np.isnan(values[1]).any()
    assert set(effect.table["pairs"]) == {1}
    assert effect.costs.set_index(["scenario", "payer", "kind"]).loc["sandbox", ALL, "outlay"]["level"] == quarters
    assert str(failed) == "sandbox, draw 1, seed 1: LedgerError: money does not close"


def test_scenarios_of_another_region_or_period_are_refused_naming_both(sandbox):
    shorter = named(sandbox.vary("end", "2020Q4"), "shorter")

    with pytest.raises(SpecError) as refused:
        compare(sandbox, shorter, sandbox)

    said = str(refused.value)
    assert "'sandbox' has end 2021Q4, 'shorter' has 2020Q4" in said
    assert "2 scenarios are called 'sandbox'" in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seeds": 0}, "seeds: 0 is out of range"),
        ({"draws": -3}, "draws: -3 is out of range"),
        ({"workers": 0}, "workers: 0 is out of range"),
        ({"seeds": 10_000, "draws": 10_000}, "200,000,000 runs"),
    ],
)
def test_impossible_numbers_are_refused_with_the_range(sandbox, without, given, words):
    with pytest.raises(SpecError) as refused:
        compare(sandbox, without, **given)

    assert words in str(refused.value)


def test_a_baseline_alone_is_no_comparison(sandbox):
    with pytest.raises(SpecError, match="only a baseline"):
        compare(sandbox)


def test_less_than_a_calendar_year_cannot_be_compared(sandbox, without):
    with pytest.raises(SpecError, match="no complete calendar year"):
        compare(*(scenario.vary("end", "2020Q3") for scenario in (sandbox, without)))
