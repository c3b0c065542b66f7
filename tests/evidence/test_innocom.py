"""The notch of the high-tech certificate."""

import numpy as np
import pytest

from ecosim.evidence.inputs import innocom_relabelling as relabelling
from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import innocom_notch as notch

LAB = Lab(3, source="prior")
OTHERS = (Lab(4, source="prior"), Lab(5, source="prior"))


@pytest.fixture(scope="module")
def worlds():
    return relabelling.lived(LAB, True), relabelling.lived(LAB, False)


@pytest.fixture(scope="module")
def readings():
    return {**relabelling.experiment(LAB), **notch.experiment(LAB)}


def test_worlds_are_the_same_before_the_certificate(worlds):
    with_it, without = worlds
    before = slice(0, relabelling.BEFORE)

    for one, other in zip(with_it, without, strict=True):
        assert np.array_equal(one[:, before], other[:, before], equal_nan=True)


def test_nobody_relabels_without_a_certificate(worlds):
    with_it, without = worlds

    assert np.nansum(without.relabelled) == 0.0
    assert np.nansum(with_it.relabelled[:, relabelling.BEFORE :]) > 0.0


def test_several_thousand_manufacturers_are_on_record(worlds):
    assert 3000 < np.isfinite(worlds[0].ratio[:, relabelling.AFTER]).any(axis=1).sum() < 8000


def test_sizes_are_told_apart_by_last_years_sales(worlds):
    classes = [relabelling.size_class(worlds[0], name, relabelling.AFTER) for name in relabelling.NOTCHES]

    assert np.sum(classes, axis=0).max() == 1


def test_firms_pile_up_where_a_certificate_rewards_it_and_only_there(readings):
    excess = readings["T5.excess"]
    found = [excess, *(notch.experiment(lab)["T5.excess"] for lab in OTHERS)]
    mean, placebo = (np.mean([getattr(one, name) for one in found]) for name in ("estimate", "control"))
    error, noise = (np.sqrt(np.sum([getattr(one, name) ** 2 for one in found])) / len(found) for name in ("error", "control_error"))

    assert mean > 4.0 * error
    assert mean - placebo > 3.0 * np.hypot(error, noise)
    assert excess.truth > 0.5
    assert abs(excess.control) < 0.35
    assert readings["T5.before"].control == excess.estimate


def test_every_row_is_read(readings):
    assert set(readings) == {row.id for row in (*relabelling.ROWS, *notch.ROWS)}


def test_the_same_lab_gives_the_same_bytes(readings):
    relabelling.lived.cache_clear()
    again = {**relabelling.experiment(LAB), **notch.experiment(LAB)}

    assert np.array([*again.values()]).tobytes() == np.array([*readings.values()]).tobytes()
