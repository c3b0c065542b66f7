"""Ecosim: an agent-based simulator of innovation-ecosystem policy.

The whole program in a few lines:

    import ecosim

    world = ecosim.run("scenarios/nantong/baseline.yaml", seed=1)     # one world, 24 quarters
    print(world.wide()[["inventions_granted", "certified", "rd_to_gdp"]])

    effect = ecosim.compare("scenarios/nantong/baseline.yaml", "scenarios/nantong/voucher.yaml")
    print(effect.headlines())                 # paired differences with their intervals
    print(effect.costs)                       # who pays
    print(effect.per_additional)              # yuan for one more patent, contract or certified firm
    print(effect.targets)                     # how likely the plan's targets are met

    print(ecosim.forecast("scenarios/nantong/enacted.yaml").bands)    # what may come, with bands
    print(ecosim.targets("scenarios/nantong/enacted.yaml").table)     # the chance of each target, on paper and in fact

In a script, put `compare` under `if __name__ == "__main__":`, since its workers import the script.
Read the source in this order: `schedule` (the quarter), `agents` (the rules), `policies` (the instruments),
`levers`, `region`, `population`, `outcomes`, `simulation`, `comparison`.

Importing this package loads nothing but its names.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "DataError": "errors",
    "EcosimError": "errors",
    "Ecosystem": "model",
    "Effect": "comparison",
    "LedgerError": "errors",
    "Outcomes": "simulation",
    "OutputError": "errors",
    "Plan": "experiments.plan",
    "Scenario": "scenario",
    "SpecError": "errors",
    "SweepResults": "experiments.results",
    "compare": "comparison",
    "discover": "experiments.discovery",
    "forecast": "outlook.forecasting",
    "load": "scenario",
    "load_plan": "experiments.plan",
    "open_results": "experiments.results",
    "optimise": "experiments.optimisation",
    "run": "simulation",
    "score": "outlook.scoring",
    "sensitivity": "experiments.sensitivity",
    "sweep": "experiments.sweeping",
    "targets": "outlook.plan",
}
_MODULES = ("errors", "policies", "regions")

__all__ = [
    "DataError",
    "EcosimError",
    "Ecosystem",
    "Effect",
    "LedgerError",
    "Outcomes",
    "OutputError",
    "Plan",
    "Scenario",
    "SpecError",
    "SweepResults",
    "compare",
    "discover",
    "errors",
    "forecast",
    "load",
    "load_plan",
    "open_results",
    "optimise",
    "policies",
    "regions",
    "run",
    "score",
    "sensitivity",
    "sweep",
    "targets",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _WHERE:
        found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    """The public names."""
    return list(__all__)
