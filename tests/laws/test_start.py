"""The start is a state that the rules themselves would leave: nothing jumps when they begin to run."""

from pathlib import Path

import numpy as np
import pytest

from ecosim import parameters, regions, schedule
from ecosim.agents.firm_projects import waits
from ecosim.parameters import Traits, traits
from ecosim.population_projects import usual_projects
from ecosim.regions.posterior import posterior
from ecosim.scenario import load

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "nantong" / "baseline.yaml"
DRAWS = 12
SEEDS = (1, 2)


def draws_of(source: str) -> list[int]:
    """Numbers of prior draws: the first ones, or those of the posterior that the city's pack ships."""
    shipped = posterior("nantong")
    return list(range(1, DRAWS + 1)) if source == "prior" or shipped is None else list(shipped.prior_draws[:DRAWS])


def parameters_of(draw: int) -> Traits:
    """All parameters of one prior draw."""
    return traits(parameters.values(draw, {}))


def yearly_pace(region) -> tuple[float, float]:
    """R&D of the quarter just begun as firms report it, and its projects, yuan a year; lives the stages up to the projects."""
    for stage in schedule.QUARTER:
        stage.run(region)
        if stage.name == "projects":
            break
    research, projects = region.firms.research, 4.0 * float(region.firms.ventures.project_rd.sum())
    return float((research.rd * region.research_price + research.relabelled)[region.alive].sum()) + projects, projects


@pytest.mark.parametrize("source", ["prior", "posterior"])
def test_the_first_quarter_brings_the_research_of_the_books_in_every_draw(begin, source):
    """Within 4% of 2019's books carried on to the quarter's middle at the growth of 2015-19, and within 10% in each draw."""
    pack, baseline = regions.load("nantong"), load(BASELINE)
    growth = (pack["rd_2019"] / pack["rd_2015"]) ** 0.25
    found = []
    for draw in draws_of(source):
        worlds = [begin(baseline, seed=seed, traits=parameters_of(draw)) for seed in SEEDS]
        books = [float(world.firms.books.reported_1.sum()) for world in worlds]
        found.append(np.mean([yearly_pace(world)[0] / book for world, book in zip(worlds, books, strict=True)]) / growth**0.625)

    assert np.mean(found) == pytest.approx(1.0, abs=0.04)
    assert found == pytest.approx(np.ones(len(found)), abs=0.10)


def waiting_and_running(region, rows):
    """How many of the rows' firms have a project that waits, and one that runs."""
    waiting = waits(region.firms.ventures.project, region.firms.ventures.project_left)[: len(rows)]
    running = region.firms.ventures.project_left[: len(rows)] > 0.0
    return np.array([np.count_nonzero(waiting[rows]), np.count_nonzero(running[rows])])


def test_as_many_projects_wait_and_run_after_a_year_as_at_the_start(begin):
    """They come, are begun, done and given up in the balance of the rules, whatever they are worth and whatever firms can pay.

    But for a twentieth that wait no more, and run instead, a tenth of those: the balance takes a firm's means as lasting; they move, and
    fewer projects than it says never find the money.
    """
    change = []
    for draw in draws_of("prior"):
        region = begin(load(BASELINE), traits=parameters_of(draw))
        old = region.alive & (region.firms.research.performer == 1)
        before = waiting_and_running(region, old)
        for _ in range(4):
            schedule.live_quarter(region)
            schedule.turn(region)
        stayed = old[: region.rows] & region.alive[: len(old)] & (region.firms.research.performer[: len(old)] == 1)
        change.append(waiting_and_running(region, stayed) / (before * stayed.sum() / old.sum()))
    waiting, running = np.array(change).T

    assert np.mean(waiting) == pytest.approx(0.95, abs=0.02)
    assert waiting == pytest.approx(np.ones(len(waiting)), abs=0.15)
    assert np.mean(running) == pytest.approx(1.1, abs=0.04)
    assert running == pytest.approx(np.ones(len(running)), abs=0.3)


def test_firms_that_cannot_pay_have_fewer_projects_done(begin):
    """What a year's projects bring in research follows the firm's money and what projects are worth."""
    region = begin(load(BASELINE))
    plan, usual = region.firms.research.plan, usual_projects(region, region.firms.research.plan)
    large = region.alive & (region.firms.books.sales_1 > 20e6)
    region.firms.money.debt[large] += 0.2 * region.firms.books.sales_1[large]
    poorer = usual_projects(region, plan)
    region.traits = region.traits._replace(projects=region.traits.projects._replace(worth=0.5))
    worse = usual_projects(region, plan)

    assert poorer.research[large].sum() < 0.7 * usual.research[large].sum()
    assert worse.research.sum() < 0.5 * poorer.research.sum()
    assert usual.share.min() >= 0.0 and usual.share.sum(axis=0).max() < 1.0


def test_certificates_go_on_growing_where_they_grew(begin):
    """New certificates of the second year are no fewer than three quarters of the first's: no backlog is used up at once."""
    new = np.zeros(2)
    for draw in draws_of("prior"):
        region = begin(load(BASELINE), traits=parameters_of(draw))
        for quarter in range(8):
            schedule.live_quarter(region)
            new[quarter // 4] += region.counts.get("certified_new", 0.0) if region.year_ends else 0.0
            schedule.turn(region)

    assert new[1] > 0.75 * new[0] > 0.0
