"""Sweeps: many worlds by a plan, run by an engine that survives faults, kept in a store that loses nothing.

Read in this order: `plan` (the file), `design` (points), `worlds` (runs), `kept` (what is read of a world), `store`,
`engine`, `local` and `cluster` (the doors to processors), `sweeping`, `results`.
"""
