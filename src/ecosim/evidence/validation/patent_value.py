"""Values of patents (Silverberg & Verspagen 2007; Harhoff, Scherer & Vopel 1997): a tail with index about 0.7.

The studies: returns to inventions from surveys in the Netherlands, Britain and Germany and from Harvard's licences; tail index by maximum
likelihood, body lognormal; citations have a thinner tail. Here: private value of each invention patent that is a firm's only one granted
in its quarter, over five years, read from what the firm's value of patents rises by; Hill's index over the largest tenth. The model has
no citations.
A regularity needs no control.
"""

from __future__ import annotations

import numpy as np

from ..estimators import hill
from ..lab import Diary, Lab, live
from ..study import Reading, Row, Source
from ..watched import NATIONAL

SOURCE = Source(
    "Silverberg & Verspagen (2007), Journal of Econometrics 139(2); Harhoff, Scherer & Vopel (1997)",
    "Netherlands, United Kingdom, Germany, Harvard",
    "tail index by maximum likelihood",
    "abstracts",
)

ROWS = (
    Row(
        "S6",
        "Tail index of the value of patents",
        "专利价值尾部指数",
        "band",
        0.7,
        0.5,
        0.9,
        "index",
        "standard error not seen; band proposed; the largest tenth is chosen here",
    ),
)

QUARTERS = 20
TAIL = 0.1


def values(lab: Lab) -> np.ndarray:
    """Value of each invention patent granted alone, yuan."""
    region = lab.region(NATIONAL, QUARTERS)
    keeps = 1.0 - region.traits.patents.lapse
    firms = region.firms.identity.id[region.alive].copy()
    diary = Diary("knowledge.value", "knowledge.granted")
    live(region, QUARTERS, diary)
    worth, granted = diary.of(firms, "knowledge.value"), diary.of(firms, "knowledge.granted")
    added, count = worth[:, 1:] - keeps * worth[:, :-1], granted[:, 1:]
    some = np.isfinite(added) & (count == 1.0)
    return np.asarray(added[some])


def experiment(lab: Lab) -> dict[str, Reading]:
    """The tail of the values."""
    return {"S6": Reading(*hill(values(lab), TAIL))}
