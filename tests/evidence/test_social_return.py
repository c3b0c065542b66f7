"""What one firm's R&D earns for others."""

import numpy as np
import pytest

from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import social_return as study

LAB = Lab(6, source="prior")


@pytest.fixture(scope="module")
def worlds(request):
    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    patch.setattr(study, "SCALE", 0.2)
    patch.setattr(study, "QUARTERS", 12)
    return study.lived(LAB, 0.0, {}), study.lived(LAB, study.RELIEF, {})


def test_about_a_quarter_of_the_largest_performers_is_treated(worlds):
    assert 10 <= len(worlds[0].treated) <= 30
    assert (worlds[0].treated == worlds[1].treated).all()


def test_cheaper_research_means_more_of_it(worlds):
    without, relieved = (np.nansum(world.diary.of(world.treated, "research.rd")) for world in worlds)

    assert 1.002 < relieved / without < 1.25


def test_the_worlds_are_the_same_before_the_lever_is_felt(worlds):
    """In the first quarter nobody but the treated does other R&D."""
    ids = np.setdiff1d(np.intersect1d(worlds[0].ids, worlds[1].ids), worlds[0].treated)
    first, second = (world.diary.of(ids, "research.rd")[:, 0] for world in worlds)

    assert first.tobytes() == second.tobytes()


def test_firms_meet_research_of_related_groups_as_a_share_of_what_is_done_there():
    groups = np.array([0, 0, 1])
    relatedness = np.array([[1.0, 0.5], [0.5, 1.0]])

    met = study.exposure(np.array([2.0, 0.0, 0.0]), np.array([10.0, 10.0, 20.0]), groups, relatedness)

    assert met == pytest.approx([2.0 / 30.0, 2.0 / 30.0, 1.0 / 30.0])


def test_a_known_spillover_and_a_known_theft_are_recovered():
    """Made-up worlds: others' knowledge rises by 0.4, their sales fall by 0.3 per log point met."""
    count, rng = 300, np.arange(300)
    sector, tech_class = rng % 7, rng % 5
    treated = rng % 29 == 0
    rd = np.full(count, 100.0)
    more = np.where(treated, 110.0, 100.0)
    reach = study.exposure(more - rd, rd, tech_class, np.eye(5))
    rivalry = study.exposure(more - rd, rd, sector, np.eye(7))
    made = [
        Made(rng, np.flatnonzero(treated), spent, knowledge, sales, sector, tech_class)
        for spent, knowledge, sales in (
            (rd, np.ones(count), np.ones(count)),
            (more, np.exp(np.where(treated, 0.1, 0.4 * reach)), np.exp(np.where(treated, 0.1, -0.3 * rivalry))),
        )
    ]

    found = study.returns(*made)

    assert found.ratio.value == pytest.approx(1.0 + 0.4 * reach[~treated].sum() / (0.1 * treated.sum()))
    assert found.plain == pytest.approx(found.ratio.value)
    assert found.rivals.value == pytest.approx(-0.3)


class Made:
    """A world of made-up firms that stay in business for one quarter."""

    relatedness = np.eye(5)

    def __init__(self, ids, treated, rd, knowledge, sales, sector, tech_class):
        self.ids, self.treated, self.diary = ids, treated, self
        self.columns = {
            "research.rd": rd, "knowledge.knowledge": knowledge, "market.sales": sales, "identity.sector": sector,
            "identity.tech_class": tech_class,
        }  # fmt: skip

    def of(self, ids, column):
        return self.columns[column][ids][:, None]

    def last(self, ids, column):
        return self.columns[column][ids]


def test_firms_of_a_group_that_meet_the_same_are_one_observation():
    """Ten groups that differ by chance: pooled errors would call one in three of them an effect."""
    alarms = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(10), 50)
        design = np.column_stack([np.ones(500), rng.normal(size=10)[groups]])
        found = study.between(rng.normal(size=10)[groups] + rng.normal(size=500), design, 1, groups)
        alarms.append(abs(found.value) > 1.96 * found.error)

    assert 0.01 < np.mean(alarms) < 0.10


def test_without_spill_overs_and_rivals_nothing_is_found():
    found = study.returns(study.lived(LAB, 0.0, study.ALONE), study.lived(LAB, study.RELIEF, study.ALONE))

    assert abs(found.ratio.value - 1.0) < max(3.0 * found.ratio.error, 0.1)
    assert abs(found.rivals.value) < max(3.0 * found.rivals.error, 0.005)
