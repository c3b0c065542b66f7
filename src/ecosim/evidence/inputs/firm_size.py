"""Sizes and growth rates of firms: a tail near Zipf's, less volatile when larger, tent-shaped.

The studies: Axtell (2001) on all American firms and Zhang & Wang on the 500 largest of China; Amaral et al. (1997) and Riccaboni et
al. (2008) on the spread of growth by size; Stanley et al. (1996), Bottazzi & Secchi (2006) and Fu et al. (2005) on the shape.

Here: rank on size over the largest tenth of all firms after five years; yearly growth of firms above 20 million yuan, less the mean
of sector and year, in eight bins of size, and its Subbotin shape. Volatility by size and the shape are put in by construction of the
growth shocks.
A regularity needs no control.
"""

from __future__ import annotations

from ..lab import Lab
from ..study import Reading, Row, Source
from ..watched import readings

SOURCE = Source(
    "Axtell (2001), Science 293; Amaral et al. (1997), Physica A 244; Stanley et al. (1996); Bottazzi & Secchi (2006)",
    "United States; China, top 500; Italy",
    "distributions",
    "abstracts; standard error of Axtell from memory",
)

ROWS = (
    Row(
        "S1",
        "Tail exponent of firm size",
        "企业规模尾部指数",
        "interval",
        1.059,
        0.95,
        1.17,
        "exponent",
        "standard error of 0.054 from memory; seen: inverse proportionality",
    ),
    Row(
        "S2",
        "Fall of growth volatility with size",
        "增长波动随规模下降指数",
        "interval",
        0.20,
        0.12,
        0.26,
        "exponent",
        "treats +-0.03 as one standard error; sales and employees together",
    ),
    Row(
        "S4", "Subbotin shape of sales growth", "销售增长的Subbotin形状", "band", 1.0, 0.7, 1.3, "1", "band proposed; 1 is Laplace, 2 Gauss"
    ),
)


def experiment(lab: Lab) -> dict[str, Reading]:
    """All rows from one history."""
    return readings(lab, {"S1": "size_tail_exponent", "S2": "growth_volatility_by_size", "S4": "growth_subbotin"})
