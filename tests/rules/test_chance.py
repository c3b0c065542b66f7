"""Draws: published vectors of Philox, distributions, and the same bits compiled and interpreted."""

import json
import math
import os
import subprocess
import sys
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

import ecosim
from ecosim.chance import Stream, block, exponential, normal, philox, poisson, uniform
from ecosim.draws import poissons
from ecosim.kernel import kernel

SEED = 20191231
ALL_ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ALL_ONES,) * 4, (ALL_ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_words_published_with_it(counter, key, words):
    """The known answers of the Random123 library, philox4x32 with ten rounds."""
    assert philox(*counter, *key) == words


def test_a_block_is_addressed_by_seed_agent_quarter_and_stream():
    """All 64 bits of seed and agent count."""
    seed, who, when = (7 << 32) + 5, (3 << 32) + 2, 8080

    assert block(seed, Stream.EXIT, who, when) == philox(2, 3, 8080, Stream.EXIT // 4, 5, 7)


def test_each_of_four_streams_has_its_word_of_the_block():
    words = block(SEED, Stream.START, 11, 8080)
    streams = (Stream.START, Stream.STOP, Stream.HEARD, Stream.JURY)

    assert [uniform(SEED, stream, 11, 8080) for stream in streams] == [(word + 0.5) / 2**32 for word in words]


def test_streams_are_numbered_without_doubles_and_with_gaps_only_before_a_block_of_four():
    numbers = [stream.value for stream in Stream]

    assert numbers[0] == 0
    assert all(later == before + 1 or (later > before and later % 4 == 0) for before, later in pairwise(numbers))


@pytest.mark.parametrize(
    "shared",
    [
        "GROWTH FITNESS DEMAND_FACTOR GROWTH_SCALE",
        "PROJECT_ARRIVES PROJECT_COST PROJECT_ENDS PROJECT_DROPPED",
        "NEED_ARRIVES NEED_VALUE NEED_FADES NEED_KIND",
        "PATENT_COUNT PATENT_NOISE PATENT_GRANT UTILITY_COUNT",
        "ENTRANT_SIZE ENTRANT_CLASS ENTRANT_TRAIT ENTRANT_PLACE",
        "PRIOR GDP_PATH LOTTERY QUEUE",
    ],
)
def test_streams_drawn_together_share_a_block(shared):
    assert len({Stream[name] // 4 for name in shared.split()}) == 1


@kernel
def draw_by_name(who, when, out):
    for i in range(who.size):
        out[i, 0] = uniform(SEED, Stream.GROWTH, who[i], when)
        out[i, 1] = uniform(SEED, Stream.FITNESS, who[i], when)
        out[i, 2] = normal(SEED, Stream.EXIT, who[i], when)
        out[i, 3] = exponential(SEED, Stream.QUEUE, who[i], when)


def test_a_loop_over_agents_draws_what_each_agent_draws_alone():
    """Whole loops run several agents at a time; order and number of agents must not matter."""
    who = np.array([5, 2**40, 0, 17, 4, 3, 2, 1, 9, 2**63 - 1, 6])
    out = np.empty((who.size, 4))
    draw_by_name(who, 8081, out)

    for agent, row in zip(who.tolist(), out.tolist(), strict=True):
        assert row == [
            uniform(SEED, Stream.GROWTH, agent, 8081),
            uniform(SEED, Stream.FITNESS, agent, 8081),
            normal(SEED, Stream.EXIT, agent, 8081),
            exponential(SEED, Stream.QUEUE, agent, 8081),
        ]


def test_draws_have_the_distributions_they_are_named_for():
    """Moments of 200,000 draws, within 4.5 standard errors."""
    size = 200_000
    out = np.empty((size, 4))
    draw_by_name(np.arange(size), 8082, out)
    near = 4.5 / math.sqrt(size)

    assert out[:, :2].min() > 0 and out[:, :2].max() < 1
    for column, mean, variance, variance_of_square in (
        (0, 1 / 2, 1 / 12, 1 / 180),
        (2, 0, 1, 2),
        (3, 1, 1, 8),
    ):
        centred = out[:, column] - mean
        assert abs(centred.mean()) < near * math.sqrt(variance)
        assert abs((centred**2).mean() - variance) < near * math.sqrt(variance_of_square)
    assert np.abs(np.corrcoef(out, rowvar=False) - np.eye(4)).max() < near


def poisson_reach(mean, count):
    """Chance of at most `count`."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))


@pytest.mark.parametrize("mean", [0.02, 0.7, 5.0, 29.9])
def test_a_small_count_is_the_first_whose_cumulative_chance_reaches_the_draw(mean):
    for chance in (1e-6, 0.1, 0.5, 0.9, 0.999, 1 - 2.0**-33):
        count = poisson(mean, chance)

        assert poisson_reach(mean, count) >= chance * (1 - 1e-12)
        assert count == 0 or poisson_reach(mean, count - 1) < chance * (1 + 1e-12)


@pytest.mark.parametrize("mean", [30.1, 100.0, 900.0])
def test_a_large_count_has_its_cumulative_chance_right_to_a_thousandth(mean):
    """Between the chance just below and just above a step of the distribution."""
    for count, offset in product((int(mean + z * math.sqrt(mean)) for z in (-2, -1, 0, 1, 2)), (-0.001, 0.001)):
        drawn = poisson(mean, poisson_reach(mean, count) + offset)

        assert drawn == (count if offset < 0 else count + 1)


def test_counts_drawn_side_by_side_are_those_drawn_one_by_one():
    means, chances = (grid.ravel() for grid in np.meshgrid([-1.0, 0.0, 0.3, 2.5, 29.9, 30.1, 200.0], np.linspace(0.001, 0.999, 97)))

    together = poissons(means, chances)

    assert together.tolist() == [poisson(mean, chance) for mean, chance in zip(means, chances, strict=True)]
    assert len(set(together)) > 40


def test_a_count_with_no_mean_is_zero():
    assert poisson(0.0, 1 - 2.0**-33) == 0
    assert poisson(-1.0, 0.5) == 0


SAMPLE = """
import json
from ecosim.arithmetic import exp, log, logistic, normal_quantile, power
from ecosim.chance import Stream, exponential, normal, poisson, uniform
draws = []
for who in range(0, 2**62, 2**62 // 400):
    for when, stream in ((0, Stream.POPULATION_T), (8080, Stream.GROWTH), (8103, Stream.LOTTERY)):
        u = uniform(7 << 40, stream, who, when)
        x = normal(7 << 40, stream, who, when)
        draws.append([u, x, exponential(7, stream, who, when), exp(100 * x), log(u), power(u, x), logistic(x),
                      normal_quantile(u * 1e-20), poisson(40 * u, u)])
print(json.dumps([[float(number).hex() for number in row] for row in draws]))
"""


def sample(**environment):
    source = str(Path(ecosim.__file__).parents[1])
    command = [sys.executable, "-W", "error", "-c", SAMPLE]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": source, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_interpreted_and_compiled_draws_have_the_same_bits():
    compiled, interpreted = sample(NUMBA_DISABLE_JIT="0"), sample(NUMBA_DISABLE_JIT="1")

    assert len(compiled) > 1000
    assert compiled == interpreted
