"""The network of R&D alliances (Tomasello, Vaccario & Schweitzer 2017): some three ends a member, broad degrees, one giant part.

The data: about 14,500 firms and 22,000 alliances over 26 years. Here: pairs of a firm and an institute that ever worked together in
26 years, half the city; members are those with a pair. Difference: the data join firms, the model's contracts join firms to
institutes, so that newcomers meet incumbents by construction and that finding says nothing.
The mean entered the calibration. A regularity needs no control.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...fit.panel import Alliances
from ..lab import Lab, live
from ..study import INFINITY, NAN, Reading, Row, Source
from ..watched import NATIONAL

SOURCE = Source(
    "Tomasello, Vaccario & Schweitzer (2017), EPJ Data Science",
    "R&D alliances of 14,500 firms over 26 years",
    "network of all alliances",
    "abstract",
)

ROWS = (
    Row(
        "S12",
        "Alliance ends per member",
        "人均联盟连接数",
        "band",
        3.03,
        2.5,
        3.5,
        "ends",
        "2 x 22,000 over 14,500, computed; band proposed",
    ),
    Row(
        "S12.broad",
        "Breadth of the distribution of ends",
        "连接数分布的离散度",
        "sign",
        NAN,
        1.0,
        INFINITY,
        "variance over mean",
        "broad: more spread than by pure chance, 1",
    ),
    Row(
        "S12.giant",
        "Members in the largest connected part",
        "最大连通分支占比",
        "sign",
        NAN,
        0.5,
        INFINITY,
        "share of members",
        "giant read here as more than half",
    ),
    Row(
        "S12.parts",
        "Connected parts beside the giant one",
        "其余连通分支数",
        "sign",
        NAN,
        1.0,
        INFINITY,
        "parts",
        "many small ones; at least one asked here",
    ),
)

YEARS = 26
SCALE = 0.5


def experiment(lab: Lab) -> dict[str, Reading]:
    """All rows from the alliances of 26 years."""
    alliances = Alliances()
    live(lab.region(NATIONAL, 4 * YEARS, scale=SCALE), 4 * YEARS, alliances.add)
    pairs = alliances.take()
    firms, institutes = (np.unique(pairs[:, side], return_inverse=True)[1] for side in (0, 1))
    first, members = firms.max() + 1, firms.max() + institutes.max() + 2
    ends = np.concatenate([np.bincount(firms), np.bincount(institutes)])
    joined = coo_array((np.ones(len(pairs)), (firms, first + institutes)), shape=(members, members))
    parts, part = connected_components(joined, directed=False)
    return {
        "S12": Reading(float(ends.mean())),
        "S12.broad": Reading(float(ends.var(ddof=1) / ends.mean())),
        "S12.giant": Reading(float(np.bincount(part).max() / members)),
        "S12.parts": Reading(float(parts - 1)),
    }
