"""Grant studies: applicants, awards and money are those of each study's design, and the estimators find what is there."""

import numpy as np
import pytest

from ecosim.draws import normals, uniforms
from ecosim.evidence import estimators
from ecosim.evidence.inputs import emilia_romagna_grants, sbir_phases
from ecosim.evidence.lab import Diary, Lab, live
from ecosim.evidence.rd_grant import NAME, Journal, grant, in_business, ranks, research_done, with_plant, within
from ecosim.evidence.validation import chinese_listed_subsidies, finnish_regional_rule, innofund, sme_instrument, subsidy_literature
from ecosim.evidence.validation import chinese_listed_subsidies as listed
from ecosim.levers import PROJECT

STUDIES = (
    emilia_romagna_grants, sbir_phases, chinese_listed_subsidies, finnish_regional_rule, innofund, sme_instrument, subsidy_literature,
)  # fmt: skip
QUARTERS = 8


class Paid(Journal):
    """A journal that also keeps what the city paid out in grants."""

    def __init__(self, *columns):
        super().__init__(*columns)
        self.paid = {}

    def __call__(self, region):
        super().__call__(region)
        table = region.promises.active()
        for row in range(region.promises.count):
            if table.margin[row] == PROJECT:
                self.paid[int(table.holder[row])] = float(table.paid[row])


def lived(terms, quarters=QUARTERS, seed=3, scale=0.3):
    journal = Paid("market.sales", "research.rd", "ventures.project_rd", "ventures.connection")
    live(Lab(seed, source="prior").region(grant(2021, **terms), quarters, scale=scale), quarters, journal)
    return journal


@pytest.fixture(scope="module")
def plain():
    """Half of the applicants funded by score."""
    return lived({"quota": 0.5})


def test_the_best_marks_are_funded_and_no_others(plain):
    (call,) = plain.rounds

    assert len(call.ids) > 100
    assert np.array_equal(call.won, call.margin >= 0.0)
    assert abs(call.won.mean() - 0.5) < 0.01


def test_winners_are_paid_an_advance_and_the_rest_once_the_project_is_begun(plain):
    (call,) = plain.rounds
    there = call.won & in_business(plain.diary, call.ids, QUARTERS - 1)
    begun = there & (within(plain.diary, call.ids, "ventures.project_rd", call.number, QUARTERS - 1) > 0.0)
    others = there & (within(plain.diary, call.ids, "ventures.project_rd", call.number, QUARTERS) == 0.0)

    assert min(begun.sum(), others.sum()) > 20

    assert [plain.paid[firm] for firm in call.ids[begun].tolist()] == pytest.approx(call.asked[begun].tolist())
    assert [plain.paid[firm] for firm in call.ids[others].tolist()] == pytest.approx((call.asked[others] / 4).tolist())
    assert not plain.paid.keys() & set(call.ids[~call.won].tolist())


def test_a_competition_has_about_ten_applicants_of_whom_two_win():
    (call,) = lived({"quota": 0.2, "topic_size": 10}, 5).rounds
    sizes = np.bincount(call.topic)
    wins = np.bincount(call.topic, weights=call.won)

    assert sizes.min() >= 9 and sizes.max() <= 11
    assert set(wins) == {2.0}
    for topic in range(len(sizes)):
        assert sorted(ranks(call)[call.topic == topic])[-2:] == [1.0, 2.0]


def test_recommended_firms_win_whatever_their_score():
    journal = lived({"quota": 0.3, "recommended": 0.5}, 5)
    (call,) = journal.rounds
    against = call.won & (call.margin < 0.0) & in_business(journal.diary, call.ids, call.number)
    known = journal.diary.of(call.ids, "ventures.connection", call.number, call.number + 1)[:, 0]

    assert against.sum() > 0.2 * call.won.sum()
    assert known[against].min() > np.nanmedian(known)
    assert call.won[call.margin >= 0.0].all()


def test_favoured_districts_have_a_quota_of_their_own():
    journal = Journal("identity.district")
    live(Lab(3, source="prior").region(grant(2021, quota=0.2, favoured=(6, 7, 8), favoured_quota=0.8), 5, scale=0.3), 5, journal)
    (call,) = journal.rounds
    here = np.isin(journal.diary.of(call.ids, "identity.district")[:, -1], (6, 7, 8))
    there = in_business(journal.diary, call.ids, 4)

    assert abs(call.won[here].mean() - 0.8) < 0.02
    assert abs(call.won[there & ~here].mean() - 0.2) < 0.02


def test_a_stamp_without_money_changes_no_byte_of_the_world():
    """Nobody in the model reads it: the null of the stamp follows from the rules."""
    stamped, alone = Diary("market.sales", "research.rd"), Diary("market.sales", "research.rd")
    live(Lab(3, source="prior").region(grant(2021, quota=0.3, unpaid=True), 7, scale=0.1), 7, stamped)
    live(Lab(3, source="prior").region({}, 7, scale=0.1), 7, alone)
    ids = alone.present(6)

    assert np.array_equal(stamped.present(6), ids)
    assert np.array_equal(stamped.of(ids, "market.sales"), alone.of(ids, "market.sales"), equal_nan=True)


def test_before_the_call_the_twin_is_the_same_world(plain):
    without = Diary("market.sales", "research.rd", "ventures.project_rd")
    live(Lab(3, source="prior").region({}, QUARTERS, scale=0.3), QUARTERS, without)
    (call,) = plain.rounds

    for quarter in range(4):
        assert np.array_equal(plain.diary.present(quarter), without.present(quarter))
    before = research_done(plain.diary, call.ids, 0), research_done(without, call.ids, 0)
    assert np.array_equal(*before, equal_nan=True)
    assert not np.array_equal(research_done(plain.diary, call.ids, 4), research_done(without, call.ids, 4), equal_nan=True)


def test_only_start_ups_of_the_age_asked_for_apply():
    journal = Journal("research.startup", "identity.born")
    live(Lab(3, source="prior").region(grant(2021, **{**sbir_phases.EARLY, "youngest": 4, "oldest": 12}), 5), 5, journal)
    (call,) = journal.rounds

    there = in_business(journal.diary, call.ids, 4)
    assert (journal.diary.of(call.ids[there], "research.startup")[:, -1] == 1).all()
    assert call.age.min() >= 4 and call.age.max() <= 12


def test_the_italian_sample_has_357_applicants_in_two_halves_and_is_sharp_at_75():
    sample, _ = emilia_romagna_grants.tender(Lab(1, source="prior"))
    groups = emilia_romagna_grants.groups_of(sample)

    assert len(sample.ids) == 357
    assert groups["small"].sum() == 179
    assert np.array_equal(sample.won, sample.marks >= 75.0)
    assert sample.age.min() >= 5, "a firm has to have books of a whole year"


@pytest.mark.parametrize("study", [emilia_romagna_grants, sme_instrument], ids=lambda study: study.__name__.rpartition(".")[2])
def test_the_same_lab_gives_the_same_bytes(study):
    one, two = study.experiment(Lab(5, source="prior")), study.experiment(Lab(5, source="prior"))

    assert one.keys() == {row.id for row in study.ROWS}
    assert np.array_equal(list(one.values()), list(two.values()), equal_nan=True)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.__name__.rpartition(".")[2])
def test_every_row_has_bounds_that_hold_what_was_published(study):
    for row in study.ROWS:
        assert row.lo < row.hi
        assert not np.isfinite(row.published) or row.lo <= row.published <= row.hi
        assert row.kind != "null" or row.note or row.id == "G2.large", "a tolerance that was proposed says so"


def test_a_grant_is_booked_under_the_instruments_own_name():
    assert grant(2021).keys() == {NAME}


def test_listed_firms_are_matched_with_firms_that_have_a_project_waiting_too():
    """Among all firms the same matching finds an effect of money that nobody was paid."""
    lab = Lab(5, source="prior")
    journal, without = Journal(*listed.COLUMNS), Diary(*listed.COLUMNS)
    live(lab.region({**listed.SETTING, **grant(2021, **listed.TERMS)}, QUARTERS), QUARTERS, journal)
    live(lab.region(listed.SETTING, QUARTERS), QUARTERS, without)
    (call,) = journal.rounds
    ids, won, received = listed.at_risk(journal, journal.diary, call, listed.Window(0, 1))

    assert (journal.diary.of(ids, "ventures.project", call.number - 1, call.number) > 0.0).all()
    assert won.sum() > 10 and (~won).sum() > won.sum()
    assert (received[won] > 0.0).any() and (received[~won] == 0.0).all()
    placebo = listed.effect(journal, without, listed.Window(0, 1))
    assert abs(placebo.value) < 3.0 * placebo.error
    planted = listed.effect(journal, without, listed.Window(0, 1), -0.5)
    assert planted.value == pytest.approx(placebo.value - 0.5, abs=1e-6)


def test_an_effect_planted_at_a_cutoff_is_found_there(plain):
    (call,) = plain.rounds
    sales = lambda diary, call: np.log(call.sales)  # noqa: E731
    raised = with_plant(sales, 0.3, 3)(plain.diary, call)

    assert raised[call.won] == pytest.approx(np.log(call.sales)[call.won] + 0.3)
    assert np.array_equal(raised[~call.won], np.log(call.sales)[~call.won])


IDS = np.arange(4000)
SHOCK, NOISE, COIN = normals(1, 0, IDS), normals(1, 1, IDS), uniforms(1, 2, IDS)


def test_a_jump_in_rank_is_found_behind_competition_effects_and_slopes_of_their_own():
    competition, place = IDS // 10, IDS % 10
    rank = np.where(place < 3, 3 - place, 2 - place)
    slope = np.where(rank > 0, 0.5 * (rank - 0.5), 0.1 * (rank + 0.5))
    outcome = 0.3 * (rank > 0) + slope + SHOCK[competition] + 0.5 * NOISE

    found = estimators.rank_discontinuity(outcome, rank, competition, 3.0)

    assert found.value == pytest.approx(0.3, abs=3.0 * found.error)
    assert found.error < 0.06


def test_a_jump_that_was_there_before_the_award_is_no_effect():
    """Ranks follow merit that rises faster the nearer the top; the outcome before the award shows it."""
    competition, place = IDS // 10, IDS % 10
    rank, merit = np.where(place < 2, 2 - place, 1 - place), np.exp(-0.5 * place)
    before, outcome = merit + 0.1 * COIN, merit + 0.1 * NOISE

    plain = estimators.rank_discontinuity(outcome, rank, competition, 3.0, True)
    found = estimators.rank_discontinuity(outcome, rank, competition, 3.0, True, before)

    assert plain.value > 4.0 * plain.error
    assert abs(found.value) < 3.0 * found.error


def test_two_stages_find_an_effect_that_least_squares_overstates():
    placed = COIN < 0.5
    took = placed * 1.0 + SHOCK > 0.5
    outcome = 0.4 * took + SHOCK + NOISE

    found = estimators.two_stages(outcome, took, placed)

    assert found.value == pytest.approx(0.4, abs=3.0 * found.error)
    assert estimators.mean_difference(outcome[took], outcome[~took]).value > 1.0
    assert np.isnan(estimators.two_stages(outcome, took, NOISE > 0.0).value), "an instrument that moves nothing says nothing"


def test_a_fuzzy_cutoff_gives_the_effect_on_those_it_moves():
    took = np.where(SHOCK >= 0.0, COIN < 0.9, COIN < 0.2)
    outcome = 0.4 * took + 0.8 * SHOCK + 0.3 * NOISE

    found = estimators.fuzzy_discontinuity(outcome, took, SHOCK, 1.0)

    assert found.value == pytest.approx(0.4, abs=3.0 * found.error)


def test_matching_removes_what_it_can_see():
    took = SHOCK + 2.0 * normals(1, 3, IDS) > 1.5
    change = 0.2 * took + 0.5 * SHOCK + 0.5 * NOISE

    found = estimators.matched_change(change, took, SHOCK[:, None])

    assert found.value == pytest.approx(0.2, abs=4.0 * found.error)
    assert estimators.mean_difference(change[took], change[~took]).value > 0.3


@pytest.mark.parametrize("seeds", [range(1, 4)])
def test_at_the_cutoff_without_money_nothing_jumps(seeds):
    """The placebo of the Italian study, over three worlds."""
    found = [emilia_romagna_grants.experiment(Lab(seed, source="prior"))["G2.all"] for seed in seeds]

    assert abs(np.mean([reading.control for reading in found])) < 2.5 * np.mean([reading.control_error for reading in found])
    assert np.mean([reading.truth for reading in found]) > 0.0
