"""An effect of declared size in a study's records, for the control of a row that found nothing.

The records are those of the world without the programme, with its applicants, winners, answers and closures; the winners' outcomes are
raised by what their row declares (`Row.plant`), and the study's own estimator has to tell. Nothing is written into a firm.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LUCK = 99
"""Question decided by lot: in whom of the treated a yes is planted."""


def planted(values: Any, treated: Any, size: Any, luck: Any) -> np.ndarray:
    """Outcomes with an effect on the treated: figures by adding the size; of yes and no, by turning so many of their no into yes (yes
    into no, if the size is negative) that the share moves by the size, or as far as there are any. luck: a uniform draw for each
    firm; gaps stay.
    """
    found, yes = np.array(values, np.float64), np.asarray(treated, bool)
    there = found[yes & np.isfinite(found)]
    if not np.isin(there, (0.0, 1.0)).all():
        return np.where(yes, found + size, found)
    old, new = (0.0, 1.0) if size > 0.0 else (1.0, 0.0)
    share = float((there == old).mean()) if len(there) else 0.0
    turned = yes & (found == old) & (np.asarray(luck) * share < abs(size))
    return np.where(turned, new, found)
