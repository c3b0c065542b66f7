/* Arithmetic and chance of the engine in C, formula by formula as in ecosim.arithmetic and ecosim.chance. */

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double ROUNDER = 6755399441055744.0; /* 1.5 * 2^52 */
static const uint64_t BITS_OF_ROUNDER = 0x4338000000000000;
static const uint64_t BITS_OF_2_TO_52 = 0x4330000000000000;
static const uint64_t BITS_OF_ROOT_HALF = 0x3FE6A09E667F3BCD;
static const uint64_t FRACTION_MASK = 0x000FFFFFFFFFFFFF;
static const double LN_2_HIGH = 0.6931471803691238;
static const double LN_2_LOW = 1.9082149292705877e-10;

static inline uint64_t to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return bits;
}

static inline double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }

/* Yuan in whole units of 1/1024 yuan. */
static inline int64_t exact_units(double yuan)
{
    return (int64_t)(to_bits(yuan * 1024.0 + ROUNDER) - BITS_OF_ROUNDER);
}

/* ecosim.arithmetic.exp */
static inline double exp_(double x)
{
    double inside = x > -708.3964185322641 ? x : -708.3964185322641;
    inside = inside < 709.782712893384 ? inside : 709.782712893384;
    double shifted = inside * 1.4426950408889634 + ROUNDER;
    double k = shifted - ROUNDER;
    double high = inside - k * LN_2_HIGH;
    double low = k * LN_2_LOW;
    double r = high - low, r2 = r * r, r4 = r2 * r2;
    double to_5 = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
    double to_9 = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
    double to_13 = (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
    double series = r2 * (to_5 + r4 * (to_9 + r4 * to_13));
    double factor = 1.0 + (high + (series - low));
    double result = from_bits(to_bits(factor) + (to_bits(shifted) << 52));
    result = x >= -708.3964185322641 ? result : 0.0;
    result = x <= 709.782712893384 ? result : INFINITY;
    return x == x ? result : x;
}

/* ecosim.arithmetic.log */
static inline double log_(double x)
{
    int tiny = x < 2.2250738585072014e-308;
    uint64_t bits = to_bits(tiny ? x * 18014398509481984.0 : x) + (0x3FF0000000000000 - BITS_OF_ROOT_HALF);
    double f = from_bits((bits & FRACTION_MASK) + BITS_OF_ROOT_HALF) - 1.0;
    double k = from_bits(((bits >> 52) & 0x7FF) | BITS_OF_2_TO_52) - (4503599627370496.0 + 1023.0);
    k = tiny ? k - 54.0 : k;
    double s = f / (2.0 + f), s2 = s * s, s4 = s2 * s2;
    double odd = 0.1818357216161805012 + s4 * 0.1479819860511658591;
    odd = 0.6666666666666735130 + s4 * (0.2857142874366239149 + s4 * odd);
    double even = 0.3999999999940941908 + s4 * (0.2222219843214978396 + s4 * 0.1531383769920937332);
    double half_square = 0.5 * f * f;
    double beyond = s * (half_square + (s2 * odd + s4 * even)) + k * LN_2_LOW;
    double result = k * LN_2_HIGH - ((half_square - beyond) - f);
    result = x < INFINITY ? result : x;
    return x > 0.0 ? result : (x == 0.0 ? -INFINITY : NAN);
}

#define SEVENTH_DEGREE(r, c0, c1, c2, c3, c4, c5, c6, c7) \
    (((c0) + (c1) * (r)) + ((r) * (r)) * ((c2) + (c3) * (r)) \
     + (((r) * (r)) * ((r) * (r))) * (((c4) + (c5) * (r)) + ((r) * (r)) * ((c6) + (c7) * (r))))

/* ecosim.arithmetic.drawn_normal_quantile: AS 241 without the far tail, which no 32-bit draw reaches. */
static inline double normal_quantile(double chance)
{
    double centred = chance - 0.5;
    double rarer = centred < 0.0 ? chance : 1.0 - chance;
    int mid = fabs(centred) <= 0.425;
    double r = 0.180625 - centred * centred;
    double t = sqrt(-log_(rarer)) - 1.6;
    double mid_numerator = centred * SEVENTH_DEGREE(r, 3.387132872796366608, 133.14166789178437745,
        1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
        33430.575583588128105, 2509.0809287301226727);
    double mid_denominator = SEVENTH_DEGREE(r, 1.0, 42.313330701600911252, 687.1870074920579083,
        5394.1960214247511077, 21213.794301586595867, 39307.89580009271061, 28729.085735721942674,
        5226.495278852545925);
    double near_numerator = SEVENTH_DEGREE(t, 1.42343711074968357734, 4.6303378461565452959,
        5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177,
        0.0227238449892691845833, 7.7454501427834140764e-4);
    double near_denominator = SEVENTH_DEGREE(t, 1.0, 2.05319162663775882187, 1.6763848301838038494,
        0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4,
        1.05075007164441684324e-9);
    double result = (mid ? mid_numerator : near_numerator) / (mid ? mid_denominator : near_denominator);
    return (centred < 0.0 && !mid) ? -result : result;
}

/* ecosim.chance.philox: 4x32-10, the four words of a block. */
typedef struct { uint32_t word[4]; } Words;

static inline Words philox(int64_t seed, int64_t who, uint32_t when, uint32_t block)
{
    uint32_t c0 = (uint32_t)who, c1 = (uint32_t)((uint64_t)who >> 32), c2 = when, c3 = block;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)((uint64_t)seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t first = (uint64_t)0xD2511F53u * c0;
        uint64_t second = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(second >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(first >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)second;
        c3 = (uint32_t)first;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Words){{c0, c1, c2, c3}};
}

static inline double uniform(uint32_t word)
{
    return (from_bits((uint64_t)word | BITS_OF_2_TO_52) - 4503599627370495.5) * 0x1p-32;
}

static inline double normal(uint32_t word) { return normal_quantile(uniform(word)); }

/* ecosim.chance.shock: even between minus and plus the root of 3. */
static inline double shock(uint32_t word) { return (uniform(word) - 0.5) * ROOT_12; }
