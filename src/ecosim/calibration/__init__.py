"""Calibration: the parameters of a region that its data and published regularities leave plausible.

`plan_for` says what is freed and what is aimed at, `calibrate` runs it, `write` leaves a posterior. Read in this
order: `free` (parameters), `targets` (aims), `emulator` (a quick stand-in for the model), `waves` (which draws to
try and to keep), `course` (the runs), `journal` (what survives a crash), `record` (the posterior's files).
"""

from .course import BUDGET, Calibration, Plan, calibrate, plan_for

__all__ = ["BUDGET", "Calibration", "Plan", "calibrate", "plan_for"]
