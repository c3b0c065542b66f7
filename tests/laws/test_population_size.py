"""A city drawn at a quarter of the size says the same about the average firm."""

import numpy as np
import pytest

from ecosim.scenario import load

QUARTERS = 8
SEEDS = range(1, 7)
SCALES = (0.1, 0.4)
SPREADS = 5.0
"""Standard errors of the difference of two means over six seeds, each with its own spread: chance alone
passes this limit in one comparison of a thousand (t with ten degrees of freedom, two sides, 5.0: 0.0005)."""
ROUNDING = 0.05
"""Share by which counts of carriers, institutes and places, which are whole, may move the mean of a tenth
of a city."""


def flows(region):
    """What one quarter adds to each headline figure."""
    firms, counts, living = region.firms, region.counts, region.alive
    services = counts["instrument_services"] + counts["research_services"]
    exits = counts["exits_small"] + counts["exits_above_scale"]
    return {
        "firms": living.sum(),
        "sales": firms.market.sales[living].sum(),
        "employees": firms.market.employees[living].sum(),
        "performers": (firms.research.performer[living] == 1).sum(),
        "research": firms.research.rd[living].sum(),
        "knowledge": firms.knowledge.knowledge[living].sum(),
        "applications": firms.knowledge.applied[living].sum(),
        "inventions": firms.knowledge.inventions[living].sum(),
        "entries": counts["entries"],
        "exits": exits,
        "services": services,
        "projects": counts["projects"],
        "joint projects": counts["joint_projects"],
        "licences": counts["licences"],
        "outlay": sum(region.ledger.outlay.values()),
    }


@pytest.fixture(scope="module")
def means(begin, each_quarter, request):
    """(scale, figure) -> mean of each seed over two years, per real organisation; envelopes follow the
    scale."""
    scenario = load(request.config.rootpath / "scenarios" / "nantong" / "baseline.yaml").vary("end", "2021Q4")
    found = {}
    for scale in SCALES:
        scaled = scenario.vary("population_scale", scale)
        for name, policy in scenario.policies.items():
            if "budget" in type(policy).model_fields:
                scaled = scaled.with_policy(name, budget=scale * policy.budget.at(scenario.start))
        for seed in SEEDS:
            for region in each_quarter(begin(scaled, seed), QUARTERS):
                for name, value in flows(region).items():
                    found.setdefault((scale, name), {}).setdefault(seed, []).append(float(value) / scale)
    return {key: np.array([np.mean(values) for values in by_seed.values()]) for key, by_seed in found.items()}


@pytest.mark.parametrize(
    "figure",
    [
        "firms",
        "sales",
        "employees",
        "performers",
        "research",
        "knowledge",
        "applications",
        "inventions",
        "entries",
        "exits",
        "services",
        "projects",
        "joint projects",
        "licences",
        "outlay",
    ],
)
def test_a_quarter_of_the_city_has_the_same_mean(figure, means):
    small, large = (means[scale, figure] for scale in SCALES)
    spread = np.sqrt(small.var(ddof=1) / small.size + large.var(ddof=1) / large.size)

    difference = abs(small.mean() - large.mean())

    assert difference <= SPREADS * spread + ROUNDING * large.mean(), f"{small.mean() / large.mean() - 1:+.1%}"
