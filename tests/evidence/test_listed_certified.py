"""Listed firms at the threshold of certification."""

import numpy as np
import pytest

from ecosim.evidence.estimators import jump
from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import listed_certified as study

WIDELY_KNOWN = {"certificate.hearing": 0.08, "certificate.word": 0.60}


@pytest.fixture(scope="module")
def panel():
    """A world in which most have heard of the certificate, so that the threshold decides."""
    return study.lived(Lab(2, source="prior"), {"hightech_certificate": study.TERMS}, WIDELY_KNOWN)


@pytest.fixture(scope="module")
def readings():
    return [study.experiment(Lab(seed, source="prior"))["T6"] for seed in (1, 2, 3)]


def test_only_large_firms_without_a_certificate_are_compared(panel):
    for year in study.CALLS:
        compared = np.isfinite(panel.running(year))

        assert compared.sum() > 100
        assert panel.sales[compared, year].min() >= study.LISTED
        assert panel.quarters_left[compared, year].max() == 0.0


def test_a_certificate_follows_the_threshold(panel):
    """At the next year's end most firms above hold one, and hardly any below."""
    held = np.concatenate([panel.quarters_left[:, year + 1] > 0.0 for year in study.CALLS])
    running = np.concatenate([panel.running(year) for year in study.CALLS])
    above, below = (running >= 0.0) & (running < study.BANDWIDTH), (running > -study.BANDWIDTH) & (running < 0.0)

    assert held[above].mean() > 0.5
    assert held[below].mean() < 0.1
    assert held[above].mean() - held[below].mean() > 0.5
    assert jump(held.astype(float), running, study.BANDWIDTH).jump > 0.5


def test_the_design_sees_a_large_reward(readings):
    found = np.array([reading.control for reading in readings])

    assert found.mean() > study.ROWS[0].hi


def test_the_same_lab_gives_the_same_bytes(readings):
    assert np.array(study.experiment(Lab(2, source="prior"))["T6"]).tobytes() == np.array(readings[1]).tobytes()
