"""Levers: neutral, combined by one rule each whatever the order, and unknown names refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosim.errors import EcosimError
from ecosim.levers import CityLevers, FirmLevers, Levers, declared

quick = settings(deadline=None, derandomize=True, max_examples=60)

NAMES = (*FirmLevers._fields, *CityLevers._fields)
ROWS = 5
values = st.sampled_from([0.0, 0.25, 0.5, 0.75, 2.0, 4.0])
masks = st.lists(st.booleans(), min_size=ROWS, max_size=ROWS)
offers = st.lists(st.tuples(st.sampled_from(NAMES), values, masks), max_size=20)


def combined(given_offers):
    levers = Levers(ROWS)
    for name, value, mask in given_offers:
        if name in FirmLevers._fields:
            levers.offer(name, value, "author", np.array(mask))
        else:
            levers.offer_city("author", **{name: value})
    return levers


def offered(levers, name):
    """A lever of each firm, or the one number of the city."""
    return getattr(levers.firm, name).tolist() if name in FirmLevers._fields else getattr(levers.city, name)


@quick
@given(offers, st.randoms(use_true_random=False))
def test_the_order_of_offers_does_not_matter(made, random):
    """Values are powers of two and their sums, so that products and sums are exact."""
    turned = list(made)
    random.shuffle(turned)
    one, other = combined(made), combined(turned)

    for name in NAMES:
        assert offered(one, name) == offered(other, name), name


@quick
@given(offers)
def test_neutral_takes_every_offer_back(made):
    levers = combined(made)

    levers.neutral()

    assert all(offered(levers, name) == [lever.neutral] * ROWS for name, lever in declared(FirmLevers).items())
    assert all(offered(levers, name) == lever.neutral for name, lever in declared(CityLevers).items())
    assert not levers.authors


@pytest.mark.parametrize(
    ("rule", "name", "expected"),
    [
        ("multiply", "rd_price", [1.0, 0.4]),
        ("add", "service_left", [0.0, 1.3]),
        ("max", "deduction", [0.0, 0.8]),
        ("min", "tax_ceiling", [1.0, 0.5]),
    ],
)
def test_two_offers_are_combined_by_the_levers_own_rule(rule, name, expected):
    """0.5 and 0.8 to the second of two firms."""
    levers = Levers(2)
    levers.offer(name, 0.5, "one", np.array([1]))
    levers.offer(name, 0.8, "other", np.array([False, True]))

    assert declared(FirmLevers)[name].combine == rule
    assert offered(levers, name) == pytest.approx(expected)
    assert levers.authors[name] == ["one", "other"]


def test_room_for_more_firms_is_neutral_and_keeps_what_was_offered():
    levers = Levers(2)
    levers.offer("rent", 0.5, "one", np.array([1]))

    levers.grow(4)

    assert offered(levers, "rent") == [1.0, 0.5, 1.0, 1.0]


def test_a_lever_that_does_not_exist_is_refused_with_the_author_and_the_known_ones():
    with pytest.raises(EcosimError, match=r"voucher: there is no lever 'rd_prize'; there are .*rd_price"):
        Levers(1).offer("rd_prize", 1.0, "voucher")
    with pytest.raises(EcosimError, match=r"voucher: there is no lever 'rd_price'; there are .*entry_odds"):
        Levers(1).offer_city("voucher", rd_price=0.5)


def test_two_vouchers_of_one_firm_add_up():
    """0.5 and 0.8 yuan to the second of two firms in one offer."""
    levers = Levers(2)
    levers.offer("service_left", np.array([0.5, 0.8]), "voucher", np.array([1, 1]))

    assert offered(levers, "service_left") == pytest.approx([0.0, 1.3])
