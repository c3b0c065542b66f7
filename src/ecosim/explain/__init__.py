"""Explanations derived from the source: the quarter as a table, and the way of a parameter to the outcomes.

    explain.schedule_table("en")              one row for each stage: who acts, what is read and written
    explain.walk("innovation_voucher.subsidy_rate").text("en")

`syntax` and `source` read functions without running them, `flow` and `flow_methods` gather the links between places,
`ways` finds the shortest ones.
"""

from .ways import Walk, schedule_table, walk

__all__ = ["Walk", "schedule_table", "walk"]
