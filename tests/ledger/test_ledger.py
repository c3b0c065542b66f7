"""The ledger for any payments: every sum is zero, no envelope is overdrawn, and what does not fit is
refused by name."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosim.errors import LedgerError
from ecosim.ledger import GOVERNMENTS, SECTORS, Ledger

quick = settings(deadline=None, derandomize=True, max_examples=60)

sectors = st.sampled_from(SECTORS)
amounts = st.floats(-1e12, 1e12)
payments = st.lists(st.tuples(sectors, sectors, st.sampled_from(["wages", "grant", "rent"]), amounts), max_size=30)
shares = st.integers(0, 100).map(lambda part: {"city": part / 100, "centre": 1 - part / 100})


def posted(booked):
    ledger = Ledger()
    for payer, payee, account, amount in booked:
        ledger.post(payer, payee, account, amount)
    return ledger


@quick
@given(payments)
def test_balances_of_all_sectors_sum_to_zero(booked):
    ledger = posted(booked)

    assert abs(sum(ledger.balance.values())) <= 1e-12 * sum(abs(amount) for *_, amount in booked)


@quick
@given(payments)
def test_every_account_of_the_matrix_sums_to_zero_and_moves_the_balances(booked):
    ledger = posted(booked)
    size = 1e-12 * sum(abs(amount) for *_, amount in booked)

    for account in {account for account, _ in ledger.matrix()}:
        assert abs(sum(amount for (name, _), amount in ledger.matrix().items() if name == account)) <= size
    for sector in SECTORS:
        assert abs(sum(amount for (_, name), amount in ledger.matrix().items() if name == sector) - ledger.balance[sector]) <= size


@quick
@given(payments, st.randoms(use_true_random=False))
def test_the_order_of_payments_changes_no_total(booked, random):
    turned = list(booked)
    random.shuffle(turned)
    one, other = posted(booked), posted(turned)

    assert one.flows.keys() == other.flows.keys()
    for sector in SECTORS:
        assert math.isclose(
            one.balance[sector],
            other.balance[sector],
            abs_tol=1e-12 * sum(abs(amount) for *_, amount in booked),
        )


@quick
@given(payments)
def test_a_check_passes_on_what_was_booked_and_names_what_was_not(booked):
    ledger = posted(booked)
    before = {"firm": 5e6, "fund": 0.0}
    held = {sector: before[sector] + ledger.balance[sector] for sector in before}
    turnover = sum(abs(amount) for amount in ledger.flows.values()) + 1.0

    assert ledger.check(held, before) <= 1e-9
    with pytest.raises(LedgerError, match="money does not close"):
        ledger.check({**held, "firm": held["firm"] + 1e-8 * turnover + 1e-3}, before)


@quick
@given(st.floats(0, 1e12), st.lists(st.floats(0, 1), min_size=1, max_size=10), shares)
def test_an_envelope_bears_its_budget_and_no_more(budget, parts, payers):
    """Promises made within what is left, all paid out: outlay by government is its share, and the budget
    is never passed."""
    ledger = Ledger()
    ledger.open_envelope("grant", budget, payers)
    for part in parts:
        ledger.promise("grant", part * ledger.envelopes["grant"].left)
        assert 0.0 <= ledger.envelopes["grant"].left <= budget
    promised = ledger.envelopes["grant"].promised
    assert promised + ledger.envelopes["grant"].left == pytest.approx(budget)

    ledger.pay_promised("grant", "firm", "grant", promised)

    assert ledger.envelopes["grant"].promised == 0.0
    assert sum(ledger.outlay.values()) == pytest.approx(promised)
    for government, share in payers.items():
        assert ledger.outlay.get(("grant", government), 0.0) == pytest.approx(share * promised)
        assert ledger.balance[government] == pytest.approx(0.0, abs=1e-12 * budget)


@quick
@given(st.floats(1, 1e12), st.floats(1.0001, 10))
def test_an_envelope_refuses_a_promise_it_cannot_bear(budget, factor):
    ledger = Ledger()
    ledger.open_envelope("voucher", budget, {"city": 1.0})

    with pytest.raises(LedgerError, match="voucher promises"):
        ledger.promise("voucher", factor * budget)

    assert ledger.envelopes["voucher"].left == budget
    assert ledger.envelopes["voucher"].promised == 0.0


@quick
@given(st.floats(1, 1e12), st.floats(1.0001, 10))
def test_nothing_is_paid_beyond_what_was_promised(promised, factor):
    ledger = Ledger()
    ledger.open_envelope("voucher", promised, {"city": 1.0})
    ledger.promise("voucher", promised)

    with pytest.raises(LedgerError, match="voucher pays"):
        ledger.pay_promised("voucher", "institute", "services", factor * promised + 1e-5)

    assert not ledger.flows


def test_a_new_year_forgets_what_was_left_and_keeps_what_was_promised():
    ledger = Ledger()
    ledger.open_envelope("grant", 100.0, {"city": 1.0})
    ledger.promise("grant", 60.0)

    ledger.open_envelope("grant", 30.0, {"city": 1.0})

    assert (ledger.envelopes["grant"].left, ledger.envelopes["grant"].promised) == (30.0, 60.0)


def test_a_promise_given_up_lapses_and_does_not_return_to_the_envelope():
    ledger = Ledger()
    ledger.open_envelope("grant", 100.0, {"city": 1.0})
    ledger.promise("grant", 60.0)

    ledger.release("grant", 50.0)

    assert (ledger.envelopes["grant"].left, ledger.envelopes["grant"].promised) == (40.0, 10.0)


@quick
@given(st.floats(0, 1e12), shares)
def test_tax_let_go_is_a_cost_and_no_payment(amount, payers):
    ledger = Ledger()

    ledger.forgo("deduction", payers, amount)

    assert sum(ledger.forgone.values()) == pytest.approx(amount)
    assert not ledger.flows
    assert not any(ledger.balance.values())


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_an_amount_that_is_no_number_is_refused(amount):
    with pytest.raises(LedgerError, match="not an amount"):
        Ledger().post("city", "firm", "grant", amount)


@pytest.mark.parametrize(("payer", "payee"), [("citi", "firm"), ("city", "firms")])
def test_a_sector_that_does_not_exist_is_refused_and_the_known_ones_are_named(payer, payee):
    with pytest.raises(LedgerError, match="household"):
        Ledger().post(payer, payee, "grant", 1.0)


def test_the_quarters_books_open_empty_and_balances_stay():
    ledger = posted([("household", "city", "revenue", 5.0)])
    ledger.spend("grant", {"city": 1.0}, "firm", "grant", 3.0)
    ledger.forgo("grant", {"city": 1.0}, 1.0)

    ledger.open_quarter()

    assert not ledger.flows and not ledger.outlay and not ledger.forgone
    assert ledger.balance["firm"] == 3.0
    assert set(GOVERNMENTS) <= set(ledger.balance)
