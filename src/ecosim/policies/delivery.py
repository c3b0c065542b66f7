"""How an envelope is shared out when more apply than it can bear: first come, by lot, or by rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chance import Stream
from ..draws import rising, uniforms
from .contract import moment_of, name_of

if TYPE_CHECKING:
    from ..levers import Call
    from ..region import Region

FIRST_COME, LOTTERY, RANKED = "first_come", "lottery", "ranked"
LEAST_ODDS = 0.05


def expected_odds(region: Region, name: str, at_first: float = 1.0) -> float:
    """Chance of success that applicants expect: that of the last call, but no call is taken for hopeless; `at_first` before any."""
    return max(LEAST_ODDS, region.success.get(name, at_first))


def in_order(region: Region, call: Call, shape: str, score: Any = None) -> np.ndarray:
    """Rows of applicants in the order in which the envelope serves them; ties go to the older identity.

    shape: "first_come", "lottery" or "ranked" (then by falling `score`, one figure for each applicant).
    """
    rows = call.applicants()
    ids = region.firms.identity.id[rows]
    if shape == RANKED:
        key = -np.asarray(score, np.float64)
        call.ranked(rows, -key)
    else:
        stream = Stream.LOTTERY if shape == LOTTERY else Stream.QUEUE
        key = uniforms(region.seed, stream, ids, moment_of(call.policy, region.moment))
    ordered: np.ndarray = rows[rising(key, ids)]
    return ordered


def within_envelope(region: Region, call: Call, ordered: np.ndarray) -> np.ndarray:
    """The first applicants whose requests the envelope can bear together; their money is promised. Notes the chance of success."""
    name = name_of(call.policy)
    left = region.ledger.envelopes[name].left
    requests = call.request[ordered]
    winners: np.ndarray = ordered[: requests.cumsum().searchsorted(left, side="right")]
    call.won(winners)
    if len(winners):
        region.ledger.promise(name, min(left, float(requests[: len(winners)].sum())))
    if len(ordered):
        region.success[name] = len(winners) / len(ordered)
    region.count(f"applications:{name}", len(ordered))
    region.count(f"awards:{name}", len(winners))
    return winners
