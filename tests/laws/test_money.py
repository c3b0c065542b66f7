"""Money closes: seen from the agents' columns, from the ledger's balances, from the envelopes and from the
governments."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ecosim import parameters, policies
from ecosim.ledger import GOVERNMENTS, SECTORS
from ecosim.region import AGENT_SECTORS
from ecosim.scenario import Scenario, load

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
QUARTERS = 12
TOLERANCE = 1e-9
"""Of a quarter's turnover: far above rounding (1/1024 yuan a payment), far below the smallest payment of
any rule."""

every_seed = pytest.mark.parametrize("seed", [1, 2, 3])


@pytest.fixture
def city(sandbox, begin):
    """The sandbox by seed, ready for three years."""
    return lambda seed: begin(sandbox.vary("end", "2022Q4"), seed)


def held(region):
    """Yuan in the agents' own columns, added up here and not by the region."""
    living = region.firms.identity.alive == 1
    tables = (region.institutes, region.incubators, region.funds, region.agencies)
    return dict(
        zip(
            AGENT_SECTORS,
            [float(region.firms.money.cash[living].sum()), *(float(table.cash.sum()) for table in tables)],
            strict=True,
        )
    )


@every_seed
def test_what_agents_hold_is_what_the_ledger_says_they_hold(seed, city, each_quarter):
    """Three years of rounding included."""
    turnover = 0.0
    for region in each_quarter(city(seed), QUARTERS):
        turnover += sum(abs(amount) for amount in region.ledger.flows.values())
        for sector, amount in held(region).items():
            assert abs(amount - region.ledger.balance[sector]) <= TOLERANCE * turnover, sector
        assert region.counts["residual"] <= TOLERANCE


@every_seed
def test_every_payment_has_a_payer_and_a_payee(seed, city, each_quarter):
    """Each account of the flow matrix sums to zero, and balances move by nothing but the flows."""
    region = city(seed)
    before = dict(region.ledger.balance)
    for lived in each_quarter(region, QUARTERS):
        ledger, turnover = lived.ledger, sum(abs(amount) for amount in lived.ledger.flows.values())
        by_account = Counter()
        moved = dict.fromkeys(SECTORS, 0.0)
        for (account, sector), amount in ledger.matrix().items():
            by_account[account] += amount
            moved[sector] += amount
        assert max(abs(total) for total in by_account.values()) <= TOLERANCE * turnover
        for sector in SECTORS:
            assert abs(ledger.balance[sector] - before[sector] - moved[sector]) <= TOLERANCE * turnover, sector
        before = dict(ledger.balance)


@every_seed
def test_money_is_made_and_unmade_by_bank_credit_alone(seed, city, each_quarter):
    """What all but the bank hold changes by loans less repayments; what firms owe changes by the same,
    less what is written off."""
    region = city(seed)
    owed = float(region.firms.money.debt[region.alive].sum())
    money = -region.ledger.balance["bank"]
    for lived in each_quarter(region, QUARTERS):
        flows, turnover = Counter(lived.ledger.flows), sum(lived.ledger.flows.values())
        lent = flows["bank", "firm", "loans"] - flows["firm", "bank", "repayments"]
        now = float(lived.firms.money.debt[lived.alive].sum())
        assert abs(-lived.ledger.balance["bank"] - money - lent) <= TOLERANCE * turnover
        assert abs(now - owed - (lent - lived.counts["written_off"])) <= TOLERANCE * turnover
        owed, money = now, -lived.ledger.balance["bank"]


@every_seed
def test_no_firm_has_a_negative_deposit_or_debt(seed, city, each_quarter):
    for lived in each_quarter(city(seed), QUARTERS):
        assert lived.firms.money.cash[lived.alive].min() >= 0.0
        assert lived.firms.money.debt[lived.alive].min() >= 0.0


@every_seed
def test_envelopes_are_never_overdrawn(seed, city, each_quarter):
    """In every quarter what is left is between nothing and the budget; over the years no policy pays more
    than its budgets."""
    region = city(seed)
    appropriated, paid = Counter(), Counter()
    for lived in each_quarter(region, QUARTERS):
        for (policy, _), amount in lived.ledger.outlay.items():
            paid[policy] += amount
        for name, envelope in lived.ledger.envelopes.items():
            if lived.quarter % 4 == 0:
                appropriated[name] += envelope.budget
            assert 0.0 <= envelope.left <= envelope.budget
            assert envelope.promised >= 0.0
            assert paid[name] + envelope.promised <= appropriated[name] * (1 + TOLERANCE)
    assert appropriated.keys() == {name for name in policies.names() if "budget" in policies.model(name).model_fields}
    assert all(paid[name] > 0.0 for name in appropriated)


@every_seed
def test_what_is_promised_is_what_holders_may_still_draw(seed, city, each_quarter):
    """Firm by firm: a promise to a firm that closes is released, and one that was used is paid."""
    for lived in each_quarter(city(seed), QUARTERS):
        table = lived.promises.active()
        for name, envelope in lived.ledger.envelopes.items():
            mine = (table.policy == lived.index_of(name)) & (table.until >= lived.quarter)
            mine &= (lived.firms.identity.id[table.row] == table.holder) & (lived.firms.identity.alive[table.row] == 1)
            drawable = float(np.where(mine, table.left, 0.0).sum())
            closed = float(np.where(mine, 0.0, table.left)[table.policy == lived.index_of(name)].sum())
            assert envelope.promised == pytest.approx(drawable + closed, abs=1.0), f"{name}, of which {closed:,.0f} to closed firms"


def test_an_award_pays_what_was_promised_in_its_instalments(sandbox, begin, each_quarter):
    """Grants of the first call, holder by holder: a quarter of the award at once; the rest as the quarters pass, if the
    project is carried out, and never more than has fallen due."""
    region = begin(sandbox)
    quarters = []
    for lived in each_quarter(region, 5):
        table = lived.promises.active()
        mine = (table.policy == lived.index_of("rd_grant")) & (table.since == lived.quarter - lived.quarter % 4 + 1) & (table.since < 8084)
        mine &= table.until >= lived.quarter
        if mine.any():
            parts = table.paid[mine] / table.instalment[mine]
            quarters.append(parts)
            assert table.paid[mine] + table.left[mine] == pytest.approx(4.0 * table.instalment[mine])
            assert parts == pytest.approx(np.round(parts))
            assert parts.max() < len(quarters) + 0.5

    assert quarters[0] == pytest.approx(np.ones(len(quarters[0])))
    assert quarters[-1].min() < 1.5 < quarters[-1].max()


def test_public_cost_by_payer_sums_to_what_governments_pay(sandbox, begin, each_quarter):
    """Accounts that exist without any policy (block grants, capital of funds, other services) are not
    public cost."""
    bare = begin(Scenario.from_dict({**sandbox.to_dict(), "policies": {}}))
    usual = {account for lived in each_quarter(bare, 8) for _, _, account in lived.ledger.flows}

    seen = 0.0
    for lived in each_quarter(begin(sandbox), 8):
        flows, outlay = lived.ledger.flows, lived.ledger.outlay
        for government in GOVERNMENTS:
            paid = sum(amount for (payer, _, account), amount in flows.items() if payer == government and account not in usual)
            assert sum(amount for (_, payer), amount in outlay.items() if payer == government) == pytest.approx(paid, rel=1e-9)
            seen += paid
    assert seen > 0.0


GIANT = {"market.learning_weight": 0.20, "market.selection": 0.40, "market.reversion": 0.01, "knowledge.floor": 2e4}
GIANT |= {"knowledge.fade": 0.10, "knowledge.spill": 0.08, "research.start_size": 0.32, "research.start_spread": 0.3}
GIANT |= {"research.speed": 0.40}
"""Ends of the priors at which knowledge makes firms grow most."""


@pytest.mark.parametrize("seed", [4, 6, 8])
def test_money_closes_and_no_firm_outgrows_the_city_where_knowledge_counts_most(seed, begin, each_quarter):
    """Six years of Nantong; the ledger's exact units hold 2e12 yuan a payment."""
    nantong = load(SCENARIOS / "nantong" / "baseline.yaml")
    region = begin(nantong, seed, parameters.traits(parameters.values(None, GIANT)))
    for lived in each_quarter(region, len(nantong.quarters)):
        assert lived.counts["residual"] <= TOLERANCE
        sales = lived.firms.market.sales[lived.alive]
        assert sales.max() < 0.1 * sales.sum()


@pytest.mark.parametrize("name", policies.names())
def test_each_government_bears_its_share_of_a_policy(name, sandbox, begin, each_quarter):
    """Outlay by the policy's payers; tax forgone by those who share the tax."""
    region = begin(sandbox)
    centre = region.pack.statute.central_tax_share.at(sandbox.start)
    outlay, forgone = Counter(), Counter()
    for lived in each_quarter(region, 8):
        for book, found in ((lived.ledger.outlay, outlay), (lived.ledger.forgone, forgone)):
            found.update({government: amount for (policy, government), amount in book.items() if policy == name})

    assert outlay.total() + forgone.total() > 0.0
    assert dict(outlay) == pytest.approx(
        {key: share * outlay.total() for key, share in region.policies[name].payers.items()} if outlay else {}
    )
    assert dict(forgone) == pytest.approx({"centre": centre * forgone.total(), "city": (1 - centre) * forgone.total()} if forgone else {})
