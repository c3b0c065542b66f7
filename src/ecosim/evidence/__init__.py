"""Published studies re-run inside the model, with their own design and estimator, beside what they found.

`study` says what a study is, `lab` gives it worlds, `estimators` its arithmetic; `inputs` and `validation` hold the studies, one
file each; `table` runs them and sets the results beside the published figures.
"""

from .table import Evidence, evidence

__all__ = ["Evidence", "evidence"]
