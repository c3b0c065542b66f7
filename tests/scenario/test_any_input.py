"""Whatever stands in the file, the answer is a scenario or a SpecError, never a surprise."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ecosim.errors import SpecError
from ecosim.scenario import Scenario, load
from ecosim.spec.reading import read_bytes

SIGNS = [*":-[]{},#&*!|>'\"%@`?\\~\n\t09_.eE+xQ：，“０名é\0\ufeff", "off", "null", "- ", ": ", "1_0", "---\n"]
QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def answer(path):
    """The scenario in a file or the text of its refusal, which always names the file."""
    try:
        return load(path)
    except SpecError as error:
        assert all(str(path) in line for line in str(error).splitlines() if line)
        assert all(fault.message and fault.remedy for fault in error.faults)
        return str(error)


@QUICK
@given(raw=some.binary(max_size=200))
def test_any_bytes(raw, write):
    assert isinstance(answer(write(raw)), str)


@QUICK
@given(text=some.lists(some.sampled_from([*SIGNS, " ", "  ", "\n", "name: ", "policies:\n  "])).map("".join))
def test_any_signs_of_yaml(text, write):
    assert isinstance(answer(write(text)), str)


@QUICK
@given(data=some.data())
def test_any_slip_of_the_pen_in_a_valid_file(data, write, valid):
    start = data.draw(some.integers(0, len(valid) - 1))
    end = data.draw(some.integers(start, min(start + 12, len(valid))))
    put = data.draw(some.one_of(some.text(max_size=6), some.lists(some.sampled_from(SIGNS), max_size=4).map("".join)))
    try:
        content = (valid[:start] + put + valid[end:]).encode()
    except UnicodeEncodeError:  # half a pair of surrogates cannot be saved
        return

    assert isinstance(answer(write(content)), str | Scenario)


VALUES = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=8)),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@QUICK
@given(data=some.data(), value=VALUES)
def test_any_value_at_any_address(data, value, write, valid):
    scenario = load(write(valid))
    voucher = scenario.to_dict()["policies"]["innovation_voucher"]
    addresses = [*scenario.to_dict(), *(f"policies.innovation_voucher.{key}" for key in voucher)]
    address = data.draw(some.sampled_from(addresses))
    try:
        varied = scenario.vary(address, value)
    except SpecError as error:
        assert str(error)
    else:
        assert Scenario.from_dict(varied.to_dict()) == varied


@pytest.mark.parametrize("text", ["- " * 5000, "{a: " * 5000, "? " * 5000, "a: &x [" * 5000, "!!map {" * 5000, "|\n" * 5000])
def test_no_depth_of_nesting_exhausts_the_reader(text):
    with pytest.raises(SpecError):
        read_bytes(b"a: " + text.encode(), "deep.yaml")
    with pytest.raises(SpecError):
        read_bytes(text.encode(), "deep.yaml")
