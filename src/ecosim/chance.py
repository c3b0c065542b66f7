"""A draw belongs to a decision: a pure function of (seed, stream, who, when), not the next item of a
sequence.

Two worlds that differ in a policy share every draw, so their difference is the policy's: nothing that one
agent does, no order of agents and no number of threads can shift the draw of another. The bits come from the
counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3"):

    counter = (who, low 32 bits; who, high 32 bits; when; stream // 4),   key = (seed, low 32 bits; high 32
    bits)

One call gives four words, one for each of four streams (stream % 4). A stage that asks for several of the
four streams of a block about the same agent and quarter pays for one call: the compiler sees that the rest
are the same. `seed` and `who` are whole numbers from 0 to 2^63 - 1, `when` a quarter from 0 to 2^32 - 1.
"""

import math
from enum import IntEnum

from ecosim.arithmetic import BITS_OF_2_TO_52, drawn_normal_quantile, exp, from_bits, normal_quantile, ordinary_log
from ecosim.kernel import inlined_kernel, kernel

__all__ = ["LARGEST_SUMMED_MEAN", "Stream", "block", "exponential", "normal", "philox", "poisson", "uniform"]

ROUNDS = 10
WORD = 0xFFFFFFFF
FIRST_MULTIPLIER = 0xD2511F53
SECOND_MULTIPLIER = 0xCD9E8D57
FIRST_KEY_STEP = 0x9E3779B9
SECOND_KEY_STEP = 0xBB67AE85

TWO_TO_52_LESS_HALF = 4503599627370495.5
ONE_WORD = 2.0**-32

LARGEST_SUMMED_MEAN = 30.0
LARGEST_SUMMED_COUNT = 200
"""A count with mean 30 exceeds this with chance 1e-85."""


ROOT_12 = 3.4641016151377544


class Stream(IntEnum):
    """Every random decision of the model. Four streams in a row share one call of Philox.

    A number, once given, stays: renumbering changes every draw of every run. A new decision gets a new number
    at the end of the list, next to the streams that its stage draws beside it.
    """

    # A firm's trait and market, once a quarter
    GROWTH = 0
    """The firm's growth beyond its market's."""
    FITNESS = 1
    """Change of the firm's productivity that no rule explains."""
    DEMAND_FACTOR = 2
    """Demand in the firm's sector."""
    GROWTH_SCALE = 3
    """How wide this quarter's growth draw is (mixture behind the Laplace shape)."""

    # Research projects of a firm
    PROJECT_ARRIVES = 4
    """Whether the firm has an idea for a project."""
    PROJECT_COST = 5
    """What the project would cost."""
    PROJECT_ENDS = 6
    """Whether a waiting project is ready to be begun."""
    PROJECT_DROPPED = 7
    """Whether a waiting project is given up."""

    # Needs for a research service
    NEED_ARRIVES = 8
    """Whether the firm meets a problem that a service could solve."""
    NEED_VALUE = 9
    """What solving it is worth."""
    NEED_FADES = 10
    """Whether an open need is dropped."""
    NEED_KIND = 11
    """Instruments and testing, or contract research."""

    # Decisions to do R&D and to apply
    START = 12
    """Whether a firm that could start R&D starts."""
    STOP = 13
    """Whether a firm stops R&D."""
    HEARD = 14
    """Whether the firm has heard of a call."""
    JURY = 15
    """The jury's mood about this applicant in this call."""

    # Patents
    PATENT_COUNT = 16
    """Number of applications."""
    PATENT_NOISE = 17
    """A firm's good and bad quarters in patenting."""
    PATENT_GRANT = 18
    """Whether an application is granted."""
    UTILITY_COUNT = 19
    """Number of utility models filed."""

    # Partners and services
    SEARCH = 20
    """Whether the firm looks for a partner."""
    CANDIDATE = 21
    """Whom it comes across."""
    MATCH_TASTE = 22
    """What neither model nor data know about a pair."""
    SERVICE_BOUGHT = 23
    """Whether a worthwhile service is bought this quarter."""

    # Coming and going
    EXIT = 24
    """Whether the firm closes for its age."""
    ENTRY = 25
    """Whether a new firm or team appears."""
    ADMISSION = 26
    """The incubator's judgement of an applicant."""
    GRADUATION = 27
    """Whether a tenant leaves as a grown firm."""

    # Ventures
    VENTURE_ROUND = 28
    """Whether a round of finance happens."""
    VENTURE_SIGNAL = 29
    """The investor's error about the firm."""
    VENTURE_EXIT = 30
    """Sale or listing of the stake."""
    CONVERSION = 31
    """Whether a team becomes a firm."""

    # Certificates and transfers
    CERTIFICATE_COST = 32
    """What certification costs this firm beyond fees."""
    LICENCE = 33
    """What an invention is worth to the firm that looks at it."""
    DISCLOSE = 34
    """Whether an institute discloses an invention."""
    RENEWAL = 35
    """Whether a tie or patent is renewed where its value does not decide."""

    # Traits of an entrant
    ENTRANT_SIZE = 36
    """First sales."""
    ENTRANT_CLASS = 37
    """Technology class."""
    ENTRANT_TRAIT = 38
    """R&D trait."""
    ENTRANT_PLACE = 39
    """District or incubator."""

    # Traits that an agent has at the start of a run, one stream a trait; when = 0
    POPULATION_A = 40
    POPULATION_B = 41
    POPULATION_C = 42
    POPULATION_D = 43
    POPULATION_E = 44
    POPULATION_F = 45
    POPULATION_G = 46
    POPULATION_H = 47
    POPULATION_I = 48
    POPULATION_J = 49
    POPULATION_K = 50
    POPULATION_L = 51
    POPULATION_M = 52
    POPULATION_N = 53
    POPULATION_O = 54
    POPULATION_P = 55
    POPULATION_Q = 56
    POPULATION_R = 57
    POPULATION_S = 58
    POPULATION_T = 59
    """A to T: the starting population, in the order in which it draws its traits."""

    # The world
    PRIOR = 60
    """A parameter drawn from its prior; who = the number of the parameter."""
    GDP_PATH = 61
    """Nominal growth of the city's economy."""
    LOTTERY = 62
    """Rank in a call that is decided by lot."""
    QUEUE = 63
    """Place in the queue of a call that is served first come, first served."""

    # Details of contracts, patents and licences
    CONTRACT_PRICE = 64
    """Price of a joint project."""
    BROKER = 65
    """The agency that brings a buyer and an invention together."""
    MEETING = 66
    """The inventions a firm comes across."""
    BUYER = 67
    """Whether a firm looks for a licence this quarter."""
    REFUSAL = 68
    """Which of the examinations that end are refused."""
    GRANT_VALUE = 69
    """Private value of the patents granted."""
    OPENING = 70
    """How close an institute is to its next contract at the start."""
    PROJECT_WORTH = 71
    """Value of a project to the firm that meets it."""

    # Studies that are run inside the model: a block of their own
    STUDY = 72
    """Who is in a study's sample, who answers its survey: about the study, not about the world."""

    # Details of services
    SERVICE_BOUGHT_AT_ONCE = 76
    """Whether a service is bought in the quarter in which the need for it arrived."""


@inlined_kernel
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Four random words from a counter of four words and a key of two (a word: 32 bits, 0 to 2^32 - 1).

    A product of two words may wrap round in compiled code; the mask after the shift makes that harmless.
    """
    for _ in range(ROUNDS):
        first = FIRST_MULTIPLIER * c0
        second = SECOND_MULTIPLIER * c2
        c0 = ((second >> 32) & WORD) ^ c1 ^ k0
        c2 = ((first >> 32) & WORD) ^ c3 ^ k1
        c1 = second & WORD
        c3 = first & WORD
        k0 = (k0 + FIRST_KEY_STEP) & WORD
        k1 = (k1 + SECOND_KEY_STEP) & WORD
    return c0, c1, c2, c3


@inlined_kernel
def block(seed: int, stream: int, who: int, when: int) -> tuple[int, int, int, int]:
    """The four words of the block to which `stream` belongs: one for each of its four streams."""
    key, agent = int(seed), int(who)
    key_low, key_high = key & WORD, (key >> 32) & WORD
    return philox(agent & WORD, (agent >> 32) & WORD, int(when) & WORD, stream // 4, key_low, key_high)


@inlined_kernel
def uniform(seed: int, stream: int, who: int, when: int) -> float:
    """A number between 0 and 1, never 0 or 1: one of the 2^32 values (word + 1/2) / 2^32."""
    word_0, word_1, word_2, word_3 = block(seed, stream, who, when)
    lane = stream % 4
    lower = word_0 if lane == 0 else word_1
    upper = word_2 if lane == 2 else word_3
    word = lower if lane < 2 else upper
    return (from_bits(word | BITS_OF_2_TO_52) - TWO_TO_52_LESS_HALF) * ONE_WORD


@inlined_kernel
def normal(seed: int, stream: int, who: int, when: int) -> float:
    """A standard normal draw, within 6.3 either side of 0."""
    return drawn_normal_quantile(uniform(seed, stream, who, when))


@inlined_kernel
def shock(seed: int, stream: int, who: int, when: int) -> float:
    """A draw with mean 0 and spread 1, uniform: for shocks that add up over many quarters, where a normal would cost thrice as much."""
    return (uniform(seed, stream, who, when) - 0.5) * ROOT_12


@inlined_kernel
def exponential(seed: int, stream: int, who: int, when: int) -> float:
    """An exponential draw with mean 1, at most 22.9."""
    return -ordinary_log(uniform(seed, stream, who, when))


@kernel
def poisson(mean: float, chance: float) -> int:
    """The smallest count whose cumulative Poisson probability reaches `chance`, a uniform draw.

    Summed term by term up to a mean of 30; 0 for a mean below 0. Above, the normal approximation with
    continuity correction and the first correction for skewness (Cornish and Fisher 1938): the cumulative
    probability is then right to 0.001.
    """
    if mean > LARGEST_SUMMED_MEAN:
        z = normal_quantile(chance)
        return int(max(0.0, math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)))
    count = 0
    reached = probability = exp(-max(mean, 0.0))
    while chance > reached and count < LARGEST_SUMMED_COUNT:
        count += 1
        probability *= mean / count
        reached += probability
    return count


@kernel
def lone_uniform(seed: int, stream: int, who: int, when: int) -> float:
    """`uniform`, not merged into its caller: for decisions taken rarely, which compile sooner so."""
    return uniform(seed, stream, who, when)


@kernel
def lone_normal(seed: int, stream: int, who: int, when: int) -> float:
    """`normal`, not merged into its caller: for decisions taken rarely, which compile sooner so."""
    return normal(seed, stream, who, when)
