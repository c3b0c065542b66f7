"""From a scenario file to plain values: reading YAML, following `extends`, and naming every fault with its place and remedy.

`scenario` makes the frozen `Scenario` of them.
"""
