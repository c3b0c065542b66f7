"""What a plan must be beyond the types of its values: scenarios that are there, factors they have, designs that can be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..comparison import frame_faults
from ..errors import Fault, SpecError
from ..parameters import catalogue
from ..policies.contract import FrozenMapping
from ..scenario import Scenario, load
from ..simulation import ending
from ..sources import draw_faults, draws_of
from ..spec.faults import place_of
from ..spec.reading import Address, Document
from ..wording import Words, suggestion
from . import design, kept
from .plan import MOST_POINTS, Plan, Range
from .table import read_table

FIXED = ("schema", "name", "name_zh", "description", "region", "start", "end", "policies", "parameters")
"""Keys of a scenario that no factor changes as a whole."""
SCENARIOS = "scenarios"
MOST_SHOWN = 5


def scenarios_of(plan: Plan, document: Document, folder: Path) -> tuple[Scenario, ...]:
    """The scenarios of a plan in `folder`, ending where it says. Raises SpecError with the faults of all files."""
    told: list[Scenario] = []
    faults: list[Fault] = []
    for number, name in enumerate(plan.scenarios):
        try:
            found = load(file_of(name, folder))
        except SpecError as error:
            faults += [fault for fault in error.faults if fault not in faults]
            continue
        try:
            told.append(ending(found, plan.until))
        except SpecError as error:
            faults += [replace(fault, place=place_of(("until",), document)) for fault in error.faults]
        if told and plan.until is None and told[-1].region != told[0].region:
            faults.append(replace(frame_faults([told[0], told[-1]])[0], place=place_of((SCENARIOS, number), document)))
    faults += [replace(fault, place=place_of((SCENARIOS,), document)) for fault in (frame_faults(told) if told and not faults else ())]
    if faults:
        raise SpecError(dict.fromkeys(faults))
    return tuple(told)


def file_of(name: str, folder: Path) -> Path:
    """The file of a scenario: a path from the folder, or a name within the nearest folder `scenarios` above, such as nantong/voucher."""
    if name.endswith((".yaml", ".yml")):
        return folder / name
    above = (folder, *folder.resolve().parents)
    return next((found for root in above if (found := root / SCENARIOS / f"{name}.yaml").is_file()), folder / f"{name}.yaml")


def with_table(plan: Plan, document: Document, folder: Path) -> Plan:
    """The plan with the rows of its file, where the design is a table. Raises SpecError if it cannot be read."""
    if plan.design.kind != "table" or not plan.design.file:
        return plan
    rows = read_table(folder, plan.design.file, place_of(("design", "file"), document))
    return plan.model_copy(update={"design": plan.design.model_copy(update={"rows": tuple(FrozenMapping(row) for row in rows)})})


def faults_in(plan: Plan, document: Document) -> list[Fault]:
    """Everything that makes a plan impossible, each at its place in the document."""
    said: list[Fault] = []

    def at(address: Address, message: Words, remedy: Words) -> None:
        said.append(Fault(place_of(address, document), message, remedy))

    said += [
        replace(fault, place=place_of((fault.place,) if isinstance(fault.place, str) else (), document))
        for fault in draw_faults(plan.told[0].region, draws_of(plan.parameters, plan.draws), plan.parameters)
    ]
    _check_design(plan, at)
    _check_factors(plan, document, said)
    _check_outcomes(plan, document, said)
    if plan.stop is not None and plan.stop.at_most < plan.seeds:
        message = Words(
            f"at_most is {plan.stop.at_most}, below the {plan.seeds} seeds", f"at_most 为 {plan.stop.at_most}，少于种子数 {plan.seeds}"
        )
        at(("stop", "at_most"), message, Words("Raise it, or ask for fewer seeds", "请提高它，或减少种子数"))
    if not said and design.size(plan) > MOST_POINTS:
        count = design.size(plan)
        at(
            ("design",),
            Words(f"the design has {count:,} points", f"设计有 {count:,} 个点"),
            Words(f"Ask for at most {MOST_POINTS:,}", f"请不超过 {MOST_POINTS:,}"),
        )
    return said


Tell = Callable[[Address, Words, Words], None]


def _check_design(plan: Plan, at: Tell) -> None:
    """What the kind of design asks of the factors and of the size."""
    kind, points, here = plan.design.kind, plan.design.points, ("design", "kind")
    lengths = {len(values) for values in plan.factors.values() if not isinstance(values, Range)}
    ranges = [path for path, values in plan.factors.items() if isinstance(values, Range)]
    if kind == "list" and (ranges or len(lengths) > 1):
        remedy = Words("Give every factor a list of the same length, or take 'grid'", "请让每个因素的取值列表等长，或改用 'grid'")
        at(here, Words("a list takes values side by side, and they differ in number", "list 逐一并列取值，而各因素取值数不同"), remedy)
    if kind == "grid" and ranges and points < 2:
        remedy = Words("Add 'points: 5' to the design", "请在 design 中加 'points: 5'")
        at(("factors", ranges[0]), Words("a grid needs levels of this range", "grid 需要该区间的水平数"), remedy)
    if kind == "table" and not plan.design.rows:
        at(here, Words("a table needs rows", "table 需要数据行"), Words("Add 'file: points.csv'", "请加 'file: points.csv'"))
    if kind == "table" and plan.factors:
        at(
            ("factors",),
            Words("a table has its factors as columns", "table 的因素即各列"),
            Words("Leave 'factors' out", "请去掉 'factors'"),
        )
    if kind in design.SAMPLED and not plan.factors:
        at(here, Words(f"{kind} needs factors", f"{kind} 需要因素"), Words("Add 'factors:'", "请加 'factors:'"))
    if kind in design.POWERS_OF_TWO and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        remedy = Words(f"Take {below} or {2 * below}", f"请用 {below} 或 {2 * below}")
        at(("design", "points"), Words(f"{points} is no power of two, which {kind} needs", f"{kind} 需要 2 的幂，{points} 不是"), remedy)


def _check_factors(plan: Plan, document: Document, said: list[Fault]) -> None:
    """Every factor leads to something in every scenario, which takes each of its values; a table's columns do, too."""
    names = [scenario.name for scenario in plan.told]
    tried = {path: [values.low, values.high] if isinstance(values, Range) else values for path, values in plan.factors.items()}
    for row in plan.design.rows if plan.design.kind == "table" else ():
        if "scenario" in row and row["scenario"] not in names:
            message = Words(f"the table names a scenario {row['scenario']!r}", f"表中有情景 {row['scenario']!r}")
            said.append(Fault(place_of(("design", "file"), document), message, suggestion(str(row["scenario"]), names)))
            return
        for path in row:
            if path != "scenario":
                tried.setdefault(path, [row[path]])
    for path, values in tried.items():
        where = place_of(("factors", path), document) if path in plan.factors else place_of(("design", "file"), document)
        where = document.keys.get(("factors", path), where)
        for scenario in plan.told:
            found = _no_such_path(path, scenario)
            if found is not None:
                said.append(Fault(where, *found))
                break
            ranged = plan.factors.get(path)
            as_asked = [int(value) if isinstance(ranged, Range) and ranged.whole else value for value in values]
            faults = [fault for value in as_asked for fault in _refusals(scenario, path, value)]
            if faults:
                said += [replace(fault, place=where) for fault in faults[:MOST_SHOWN]]
                break


def _refusals(scenario: Scenario, path: str, value: object) -> tuple[Fault, ...]:
    try:
        scenario.vary(path, value)
    except SpecError as error:
        return error.faults
    return ()


def _no_such_path(path: str, scenario: Scenario) -> tuple[Words, Words] | None:
    """What is wrong with the path of a factor, and what to write instead; None if it leads somewhere."""
    known = [f"parameters.{name}" for name in catalogue()]
    known += [key for key in scenario.to_dict() if key not in FIXED]
    for name, policy in scenario.policies.items():
        keys = [info.alias or key for key, info in type(policy).model_fields.items()]
        known += [f"policies.{name}", *(f"policies.{name}.{key}" for key in keys)]
    if path in known:
        return None
    message = Words(f"the scenario {scenario.name!r} has no {path!r}", f"情景 {scenario.name!r} 没有 {path!r}")
    if path in FIXED:
        return Words(f"{path!r} cannot be a factor", f"{path!r} 不能作因素"), Words("Write another scenario", "请另写一个情景")
    close = suggestion(path, known)
    listed = Words("Write policies.POLICY.PARAMETER or parameters.TABLE.NAME", "请写 policies.政策.参数 或 parameters.表.名称")
    return message, close if close.startswith("Did") else listed


def _check_outcomes(plan: Plan, document: Document, said: list[Fault]) -> None:
    """Every outcome and period is there; the one that decides when to stop is a single number that is kept."""
    quarters = plan.told[0].quarters
    for number, text in enumerate(plan.outcomes):
        try:
            kept.columns_of(text, quarters)
        except SpecError as error:
            said += [replace(fault, place=place_of(("outcomes", number), document)) for fault in error.faults]
    if plan.stop is None or said:
        return
    here = place_of(("stop", "outcome"), document)
    try:
        decides = kept.columns_of(plan.stop.outcome, quarters)
    except SpecError as error:
        said += [replace(fault, place=here) for fault in error.faults]
        return
    names = [column.name for column in kept.columns(plan.outcomes, quarters)]
    if len(decides) != 1 or decides[0].name not in names:
        message = Words(f"{plan.stop.outcome!r} is not one number that is kept", f"{plan.stop.outcome!r} 不是所保留的一个数")
        said.append(Fault(here, message, suggestion(plan.stop.outcome, names)))
