"""Policies offer, agents decide: what every instrument must obey, by name, so that a new one inherits it."""

import numpy as np
import pytest

from ecosim import policies, schedule
from ecosim.levers import PROJECT, SERVICE, declared
from ecosim.scenario import Scenario

QUARTERS = 8
AWARDS = [stage.name for stage in schedule.QUARTER].index("awards") + 1
"""Stages up to this one offer, ask and award."""
every_policy = pytest.mark.parametrize("name", policies.names())


def test_the_sandbox_holds_an_example_of_every_instrument(sandbox):
    """The laws below are tried on it."""
    assert set(sandbox.policies) == set(policies.names())


@pytest.mark.parametrize(("waiting", "until"), [(2e6, 10), (0.0, 0)], ids=["project waits", "project given up"])
def test_a_grant_ends_with_the_project_it_was_awarded_for(waiting, until, sandbox, begin):
    region = begin(sandbox)
    row, now = np.flatnonzero(region.firms.identity.alive)[:1], region.quarter
    region.firms.ventures.project[row] = waiting
    region.entitle("rd_grant", row, PROJECT, until=now + 10, share=0.5)

    region.policies["rd_grant"].check(region)

    assert region.promises.active().until[-1] == now + until


@pytest.mark.parametrize(
    ("carried_out", "left", "may"), [(0, 0.0, True), (0, 1.0, False), (-1, 0.0, False)],
    ids=["carried out and paid", "not all paid", "not carried out"],
)  # fmt: skip
def test_a_firm_may_apply_again_once_its_last_grant_is_settled(carried_out, left, may, sandbox, begin):
    region = begin(sandbox)
    policy, now = region.policies["rd_grant"], region.quarter
    row = np.flatnonzero(policy.members(region))[:1]
    region.firms.ventures.done[row] = now + carried_out
    region.entitle("rd_grant", row, PROJECT, until=now + 7, share=0.5, left=left, instalment=1.0, paid=4.0)

    assert policy.members(region)[row] == may


@pytest.mark.parametrize("margin", [PROJECT, SERVICE], ids=["project grant", "voucher"])
def test_firms_apply_for_support_only_if_they_could_pay_their_own_part(margin, sandbox, begin, live):
    """Some do; in the same world without money or credit nobody does."""
    applied = []
    for debt in (0.0, 1e12):
        region = live(begin(sandbox), sandbox.policies["rd_grant"].call_quarter - 1)
        region.firms.money.debt[:] += debt
        for stage in schedule.QUARTER[: AWARDS - 1]:
            stage.run(region)
        applied += [call.applicants().size for call in region.calls if call.margin == margin]

    assert applied[0] > 0 == applied[1]
    assert len(applied) == 2


@every_policy
def test_a_policy_makes_a_difference_in_the_sandbox(name, sandbox, begin, live, taken_apart, unlike, baseline_world):
    """Else the laws below would hold of anything."""
    without = taken_apart(live(begin(sandbox.without_policy(name)), QUARTERS))

    assert any(column.startswith("Money.") for column in unlike(without, baseline_world))


@every_policy
def test_a_policy_with_zero_dose_is_no_policy(name, sandbox, begin, live, taken_apart, unlike):
    none = taken_apart(live(begin(sandbox.without_policy(name)), QUARTERS))

    zero = taken_apart(live(begin(sandbox.with_policy(name, dose=0)), QUARTERS))

    assert not unlike(zero, none)


@every_policy
@pytest.mark.parametrize("dates", [{"from_": "2030Q1"}, {"until": "2019Q4"}], ids=["not yet", "no more"])
def test_a_policy_that_is_not_in_force_is_no_policy(name, dates, sandbox, begin, live, taken_apart, unlike):
    none = taken_apart(live(begin(sandbox.without_policy(name)), QUARTERS))

    idle = taken_apart(live(begin(sandbox.with_policy(name, **dates)), QUARTERS))

    assert not unlike(idle, none)


@every_policy
def test_a_policy_changes_nothing_before_its_first_quarter(name, sandbox, begin, each_quarter, taken_apart, unlike):
    begins = "2021Q1"
    later = begin(sandbox.with_policy(name, from_=begins))
    none = begin(sandbox.without_policy(name))

    same = [
        not unlike(taken_apart(one), taken_apart(other)) for one, other in zip(each_quarter(later, 4), each_quarter(none, 4), strict=True)
    ]

    assert same == [True] * 4


def test_the_order_of_policies_in_the_file_changes_nothing(sandbox, begin, live, taken_apart, unlike, baseline_world):
    values = sandbox.to_dict()
    values["policies"] = dict(reversed(values["policies"].items()))
    turned = Scenario.from_dict(values)

    assert list(values["policies"]) != sorted(values["policies"])
    assert not unlike(taken_apart(live(begin(turned), QUARTERS)), baseline_world)


def test_policies_are_asked_in_any_order_with_the_same_answer(sandbox, begin, each_quarter, taken_apart, unlike):
    """Stronger than the file's order, which loading sorts: here the last policy speaks first."""
    straight, turned = begin(sandbox), begin(sandbox)
    turned.policies = dict(reversed(turned.policies.items()))
    numbers = turned.promises.active().policy
    numbers[numbers >= 0] = len(turned.policies) - 1 - numbers[numbers >= 0]

    for one, other in zip(each_quarter(straight, 6), each_quarter(turned, 6), strict=True):
        assert not [name for name in unlike(taken_apart(one), taken_apart(other)) if not name.startswith("balance.")]
        assert one.ledger.balance == pytest.approx(other.ledger.balance, rel=1e-12)


def offered(region):
    """What is on offer this quarter and how much of it was promised: distance of each lever from neutral,
    terms of each call."""
    levers = region.levers
    found: dict[str, np.ndarray] = {}
    for table in (levers.firm, levers.city):
        neutral = declared(type(table))
        found |= {name: np.abs(np.atleast_1d(lever) - neutral[name].neutral) for name, lever in table._asdict().items()}
    found = {name: found[name] for name in levers.authors}
    for call in region.calls:
        for part in ("share", "cap", "eligible"):
            found[f"{type(call.policy).__name__}.{part}"] = np.atleast_1d(np.asarray(getattr(call, part), float))
    return found | {f"{name}.promised": np.array([envelope.promised]) for name, envelope in region.ledger.envelopes.items()}


@every_policy
@pytest.mark.parametrize(("low", "high"), [(0.2, 0.5), (0.2, 1.0), (0.5, 1.0)])
def test_a_higher_dose_never_lowers_what_is_offered(name, low, high, sandbox, begin):
    """Two worlds are one until the quarter in which their offers part; there the larger dose offers no
    less of anything."""
    usual = sandbox.policies[name].dose_at(sandbox.start)
    smaller, larger = (begin(sandbox.with_policy(name, dose=part * usual)) for part in (low, high))

    for _ in range(4):
        for region in (smaller, larger):
            run_stages(region, schedule.QUARTER[:AWARDS])
        less, more = offered(smaller), offered(larger)
        assert less.keys() == more.keys()
        assert all((more[key] >= less[key]).all() for key in less)
        if any((more[key] > less[key]).any() for key in less):
            return
        for region in (smaller, larger):
            run_stages(region, schedule.QUARTER[AWARDS:])
            schedule.turn(region)
    pytest.fail(f"{name}: {high} of the usual {policies.model(name).dose} offered no more than {low} in a year")


def run_stages(region, stages):
    for stage in stages:
        stage.run(region)


RATIONED = [name for name in policies.names() if "max_sales" in policies.model(name).model_fields]


@pytest.mark.parametrize("name", RATIONED)
def test_a_policy_that_can_pay_nobody_shares_every_draw_with_its_absence(name, sandbox, begin, live, taken_apart, unlike):
    """The call is open, every firm is asked, nobody is eligible: all columns of all tables are those
    without it."""
    none = taken_apart(live(begin(sandbox.without_policy(name)), QUARTERS))

    nobody = live(begin(sandbox.with_policy(name, max_sales=0)), QUARTERS)

    assert nobody.ledger.envelopes[name].budget > 0.0
    assert not unlike(taken_apart(nobody), none)


@pytest.mark.parametrize("name", RATIONED)
def test_too_much_paperwork_keeps_everybody_away_and_changes_nothing_else(name, sandbox, begin, live, taken_apart, unlike):
    none = taken_apart(live(begin(sandbox.without_policy(name)), QUARTERS))

    dear = taken_apart(live(begin(sandbox.with_policy(name, paperwork=1e12)), QUARTERS))

    assert not unlike(dear, none)


@every_policy
def test_founders_and_the_economy_outside_do_not_depend_on_a_policy(name, sandbox, begin, each_quarter):
    """Their draws belong to them: who comes forward, with which sector and class, and the path of GDP."""
    with_it, without = begin(sandbox), begin(sandbox.without_policy(name))
    assert with_it.gdp == without.gdp

    for one, other in zip(each_quarter(with_it, QUARTERS), each_quarter(without, QUARTERS), strict=True):
        assert newcomers(one) == newcomers(other)


def newcomers(region):
    """Identity, sector, class and district of the firms founded this quarter."""
    identity = region.firms.identity
    new = (identity.born == region.quarter) & (identity.alive == 1) & (identity.id >= 1 << 40)
    new &= (identity.id - (1 << 40)) >> 20 == region.quarter
    return sorted(
        zip(
            *(column[new].tolist() for column in (identity.id, identity.sector, identity.tech_class, identity.district)),
            strict=True,
        )
    )


@every_policy
def test_a_policy_is_frozen_and_describes_every_parameter(name, sandbox):
    """Nothing a run does can change it, and the form, the schema and the documentation need meaning and
    unit."""
    kind, policy = policies.model(name), sandbox.policies[name]

    assert kind.dose in kind.model_fields
    assert kind.label_en != kind.label_zh
    for key, field in kind.model_fields.items():
        assert field.description, key
        assert "unit" in (field.json_schema_extra or {}), key
    before = policy.model_dump()
    with pytest.raises(ValueError, match="frozen"):
        setattr(policy, kind.dose, None)
    assert policy.model_dump() == before
