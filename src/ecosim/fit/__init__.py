"""The model beside the data of its region: `fit` runs a scenario and compares it with the published figures.

`panel` watches a run, `moments` measures it, `shapes` holds the statistics of distributions, `table` sets it all
beside the data.
"""

from .table import Fit, fit

__all__ = ["Fit", "fit"]
