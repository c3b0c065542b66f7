"""Agents: one file per kind or per decision, each with its columns, its scalar rules and its stages in the order of the quarter.

No file here names a policy. What governments offer reaches agents as levers and calls.
"""
