"""exp, log, powers and the normal quantile in plain arithmetic: the same bits on every machine, and faster
than libm.

The libraries behind `math.exp` and `np.exp` differ in the last bit from one processor to the next, and a seed
would then not reproduce. These kernels use only + - * / and the square root, which IEEE 754 fixes to the last
bit, and they have no jumps, so that a loop over rows runs several rows at a time. Errors are below one unit
in the last place for `exp` and `log`; interpreted (NUMBA_DISABLE_JIT=1) and compiled results are identical.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ecosim.kernel import inlined_kernel, kernel

__all__ = [
    "drawn_normal_quantile",
    "exact_units",
    "exp",
    "from_bits",
    "log",
    "logistic",
    "normal_quantile",
    "ordinary_log",
    "power",
    "to_bits",
    "total",
]

LARGEST_EXPONENT = 709.782712893384
"""exp of more is infinite."""
SMALLEST_EXPONENT = -708.3964185322641
"""exp of less is below the normal numbers and counts as 0."""
SMALLEST_NORMAL = 2.2250738585072014e-308

ONE_OVER_LN_2 = 1.4426950408889634
LN_2_HIGH = 0.6931471803691238
"""ln 2 in two parts; this one ends in zeros, so that a whole multiple of it is exact."""
LN_2_LOW = 1.9082149292705877e-10

ROUNDER = 6755399441055744.0
"""1.5 * 2^52: adding it rounds to a whole number, which then stands in the lowest bits."""

FRACTION_BITS = 52
FRACTION_MASK = 0x000FFFFFFFFFFFFF
BITS_OF_ROUNDER = 0x4338000000000000
BITS_OF_ONE = 0x3FF0000000000000
BITS_OF_ROOT_HALF = 0x3FE6A09E667F3BCD
BITS_OF_2_TO_52 = 0x4330000000000000
"""A whole number below 2^52 put into the lowest bits of 2^52 makes the float 2^52 + number."""
TWO_TO_52 = 4503599627370496.0
TWO_TO_54 = 18014398509481984.0
EXPONENT_BIAS = 1023.0

RAREST_DRAWN = 1.4e-11
"""The near tail of AS 241 ends at e^-25 = 1.389e-11."""

# AS 241, lowest power first: |chance - 1/2| <= 0.425; root of -log(rarer chance) <= 5; beyond.
MID_NUMERATOR = (
    3.387132872796366608,
    133.14166789178437745,
    1971.5909503065514427,
    13731.693765509461125,
    45921.953931549871457,
    67265.770927008700853,
    33430.575583588128105,
    2509.0809287301226727,
)
MID_DENOMINATOR = (
    1.0,
    42.313330701600911252,
    687.1870074920579083,
    5394.1960214247511077,
    21213.794301586595867,
    39307.89580009271061,
    28729.085735721942674,
    5226.495278852545925,
)
NEAR_NUMERATOR = (
    1.42343711074968357734,
    4.6303378461565452959,
    5.7694972214606914055,
    3.64784832476320460504,
    1.27045825245236838258,
    0.24178072517745061177,
    0.0227238449892691845833,
    7.7454501427834140764e-4,
)
NEAR_DENOMINATOR = (
    1.0,
    2.05319162663775882187,
    1.6763848301838038494,
    0.68976733498510000455,
    0.14810397642748007459,
    0.0151986665636164571966,
    5.475938084995344946e-4,
    1.05075007164441684324e-9,
)
FAR_NUMERATOR = (
    6.6579046435011037772,
    5.4637849111641143699,
    1.7848265399172913358,
    0.29656057182850489123,
    0.026532189526576123093,
    0.0012426609473880784386,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
FAR_DENOMINATOR = (
    1.0,
    0.59983220655588793769,
    0.13692988092273580531,
    0.0148753612908506148525,
    7.868691311456132591e-4,
    1.8463183175100546818e-5,
    1.4215117583164458887e-7,
    2.04426310338993978564e-15,
)


@inlined_kernel
def to_bits(value: float) -> int:
    """The 64 bits of a float as a whole number."""
    return int(np.float64(value).view(np.int64))


@inlined_kernel
def from_bits(bits: int) -> float:
    """The float that has these 64 bits."""
    return float(np.int64(bits).view(np.float64))


@inlined_kernel
def exact_units(yuan: float) -> int:
    """Yuan in whole units of 1/1024 yuan (to the nearest), for sums that do not depend on the order; up to 2e12 yuan.

    Adding 1.5 * 2^52 leaves the whole number in the lowest bits: a loop with it vectorises, one with int() does not.
    """
    return to_bits(yuan * 1024.0 + ROUNDER) - BITS_OF_ROUNDER


@inlined_kernel
def exp(x: float) -> float:
    """e to the power x, within 0.9 units in the last place; inf above 709.78, 0 below -708.39.

    x = k ln 2 + r with |r| <= ln 2 / 2; Taylor's series of e^r to r^13 is exact to 2^-57; the factor 2^k is
    added to the exponent in the bits of the result.
    """
    x = float(x)
    inside = SMALLEST_EXPONENT if x < SMALLEST_EXPONENT else x
    inside = LARGEST_EXPONENT if inside > LARGEST_EXPONENT else inside
    shifted = inside * ONE_OVER_LN_2 + ROUNDER
    k = shifted - ROUNDER
    high = inside - k * LN_2_HIGH
    low = k * LN_2_LOW
    r = high - low
    r2 = r * r
    r4 = r2 * r2
    terms_2_to_5 = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120))
    terms_6_to_9 = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880))
    terms_10_to_13 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))
    series = r2 * (terms_2_to_5 + r4 * (terms_6_to_9 + r4 * terms_10_to_13))
    factor = 1.0 + (high + (series - low))
    result = from_bits(to_bits(factor) + _signed_exponent(to_bits(shifted)))
    result = 0.0 if x < SMALLEST_EXPONENT else result
    return math.inf if x > LARGEST_EXPONENT else result


@inlined_kernel
def _signed_exponent(shifted_bits: int) -> int:
    """The whole number k in the lowest bits of k + ROUNDER, as k * 2^52: the exponent field of a float."""
    return int(np.int64(shifted_bits) << np.int64(FRACTION_BITS))


@inlined_kernel
def log(x: float) -> float:
    """Natural logarithm, within 0.9 units in the last place; -inf at 0, nan below."""
    x = float(x)
    tiny = x < SMALLEST_NORMAL
    result = _halved_log(x * TWO_TO_54 if tiny else x, 54.0 if tiny else 0.0)
    result = result if x < math.inf else x
    return result if x > 0.0 else (-math.inf if x == 0.0 else math.nan)


@inlined_kernel
def ordinary_log(x: float) -> float:
    """`log`, the same to the bit, for a finite x of at least 2.3e-308: draws and what is never below 1. A loop has less to do."""
    return _halved_log(float(x), 0.0)


@inlined_kernel
def _halved_log(x: float, times: float) -> float:
    """Logarithm of an ordinary x halved so many times. x = 2^k (1 + f) with 1 + f between the roots of 1/2 and 2; with s = f / (2 + f),
    log(1 + f) = 2 atanh(s), whose series in s^2 has the minimax coefficients of fdlibm's e_log.c (Sun Microsystems, 1993)."""
    bits = to_bits(x) + (BITS_OF_ONE - BITS_OF_ROOT_HALF)
    f = from_bits((bits & FRACTION_MASK) + BITS_OF_ROOT_HALF) - 1.0
    k = from_bits(((bits >> FRACTION_BITS) & 0x7FF) | BITS_OF_2_TO_52) - (TWO_TO_52 + EXPONENT_BIAS) - times
    s = f / (2.0 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = 0.1818357216161805012 + s4 * 0.1479819860511658591
    odd = 0.6666666666666735130 + s4 * (0.2857142874366239149 + s4 * odd)
    even = 0.3999999999940941908 + s4 * (0.2222219843214978396 + s4 * 0.1531383769920937332)
    half_square = 0.5 * f * f
    beyond = s * (half_square + (s2 * odd + s4 * even)) + k * LN_2_LOW
    return k * LN_2_HIGH - ((half_square - beyond) - f)


@inlined_kernel
def power(x: float, p: float) -> float:
    """x to the power p for x > 0, as exp(p log x): relative error about 1e-16 (1 + |p log x|); nan for x < 0.

    At x = 0 it is 0 for p > 0, inf for p < 0 and nan for p = 0.
    """
    return exp(p * log(x))


@inlined_kernel
def logistic(x: float) -> float:
    """1 / (1 + e^-x): a chance that rises from 0 to 1."""
    return 1.0 / (1.0 + exp(-x))


@inlined_kernel
def normal_quantile(chance: float) -> float:
    """The value below which a standard normal falls with this chance; -inf at 0, inf at 1, nan outside.

    Relative error below 1e-15: Wichura (1988), "Algorithm AS 241", PPND16, Applied Statistics 37, 477-484.
    """
    chance = float(chance)
    rarer = 0.5 - abs(chance - 0.5)
    if rarer >= RAREST_DRAWN:
        return drawn_normal_quantile(chance)
    rarer = chance if chance < 0.5 else 1.0 - chance
    root = math.sqrt(-log(rarer))
    ratio = _seventh_degree(FAR_NUMERATOR, root - 5.0) / _seventh_degree(FAR_DENOMINATOR, root - 5.0)
    size = ratio if root < math.inf else root
    return size if chance > 0.5 else -size


@inlined_kernel
def drawn_normal_quantile(chance: float) -> float:
    """`normal_quantile`, the same to the bit, for a chance between 1.4e-11 and 1 - 1.4e-11: all a 32-bit draw
    can be.

    Without the far tail there is no jump and a loop runs several rows at a time.
    """
    chance = float(chance)
    centred = chance - 0.5
    rarer = chance if centred < 0.0 else 1.0 - chance
    mid = abs(centred) <= 0.425
    r = 0.180625 - centred * centred
    t = math.sqrt(-ordinary_log(rarer)) - 1.6
    x = r if mid else t
    numerator = _one_of_two(mid, MID_NUMERATOR, NEAR_NUMERATOR, x)
    result = (centred * numerator if mid else numerator) / _one_of_two(mid, MID_DENOMINATOR, NEAR_DENOMINATOR, x)
    return -result if centred < 0.0 and not mid else result


@inlined_kernel
def _seventh_degree(c: tuple[float, ...], r: float) -> float:
    """The polynomial with these eight coefficients, lowest power first, summed in pairs (Estrin)."""
    r2 = r * r
    low = (c[0] + c[1] * r) + r2 * (c[2] + c[3] * r)
    high = (c[4] + c[5] * r) + r2 * (c[6] + c[7] * r)
    return low + (r2 * r2) * high


@inlined_kernel
def _one_of_two(first: bool, c: tuple[float, ...], d: tuple[float, ...], x: float) -> float:
    """`_seventh_degree` with the coefficients c or d, chosen one by one: one sum instead of two in a loop without jumps."""
    x2 = x * x
    low = ((c[0] if first else d[0]) + (c[1] if first else d[1]) * x) + x2 * ((c[2] if first else d[2]) + (c[3] if first else d[3]) * x)
    high = ((c[4] if first else d[4]) + (c[5] if first else d[5]) * x) + x2 * ((c[6] if first else d[6]) + (c[7] if first else d[7]) * x)
    return low + (x2 * x2) * high


@kernel
def total(values: NDArray[np.float64]) -> float:
    """The sum of a column: eight partial sums (every eighth value), then those in a fixed order.

    Quick, because eight additions run side by side; the same everywhere, because the order never depends on
    the machine. The rounding error is smaller than that of a running sum.
    """
    a = b = c = d = e = f = g = h = 0.0
    whole = values.size - values.size % 8
    for i in range(0, whole, 8):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
        e += values[i + 4]
        f += values[i + 5]
        g += values[i + 6]
        h += values[i + 7]
    rest = 0.0
    for i in range(whole, values.size):
        rest += values[i]
    return float((((a + e) + (c + g)) + ((b + f) + (d + h))) + rest)
