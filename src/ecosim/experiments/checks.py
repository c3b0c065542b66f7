"""What a plan must be beyond the types of its values: scenarios that are there, factors they have, designs that can be made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from .kept import Column
from .plan import FACTORS, MOST_POINTS, SCENARIOS, Plan, Range, ValidPart
from .table import read_table

FIXED = ("schema", "name", "name_zh", "description", "region", "start", "end", "policies", "parameters")
"""Keys of a scenario that no factor changes as a whole."""
MOST_SHOWN = 5


def scenarios_of(plan: Plan, document: Document, folder: Path, part: ValidPart[Plan]) -> tuple[Scenario, ...]:
    """The scenarios of a plan in `folder` that can be read, ending where it says; `part` takes the faults of all files."""
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
            part.refused.add("until")
            told.append(found)
        if plan.until is None and told[-1].region != told[0].region:
            faults.append(replace(frame_faults([told[0], told[-1]])[0], place=place_of((SCENARIOS, number), document)))
    faults += [replace(fault, place=place_of((SCENARIOS,), document)) for fault in (frame_faults(told) if told and not faults else ())]
    part.faults.extend(faults)
    if faults and "until" not in part.refused:
        part.refused.add(SCENARIOS)
    return tuple(told)


def file_of(name: str, folder: Path) -> Path:
    """The file of a scenario: a path from the folder, or a name within the nearest folder `scenarios` above, such as nantong/voucher."""
    if name.endswith((".yaml", ".yml")):
        return folder / name
    above = [root / SCENARIOS / f"{name}.yaml" for root in (folder, *folder.resolve().parents)]
    near = (found for found in above if found.parent.is_dir())
    return next((found for found in above if found.is_file()), next(near, folder / f"{name}.yaml"))


def with_table(plan: Plan, document: Document, folder: Path, part: ValidPart[Plan]) -> Plan:
    """The plan with the rows of its file, where the design is a table; `part` takes the faults of the file."""
    if plan.design.kind != "table" or not plan.design.file:
        return plan
    try:
        rows = read_table(folder, plan.design.file, place_of(("design", "file"), document))
    except SpecError as error:
        part.faults.extend(error.faults)
        part.refused.add("design")
        return plan
    return plan.model_copy(update={"design": plan.design.model_copy(update={"rows": tuple(FrozenMapping(row) for row in rows)})})


def faults_in(plan: Plan, document: Document, refused: Collection[str]) -> list[Fault]:
    """Everything that makes a plan impossible, each at its place in the document. refused: keys of which the plan says nothing, for
    what was written there cannot stand; what hangs on them is not asked.
    """
    said: list[Fault] = []

    def at(address: Address, message: Words, remedy: Words) -> None:
        said.append(Fault(place_of(address, document), message, remedy))

    def sound(*keys: str) -> bool:
        return not set(keys) & set(refused)

    if plan.told and sound("draws", "parameters"):
        said += [
            replace(fault, place=place_of((fault.place,) if isinstance(fault.place, str) else (), document))
            for fault in draw_faults(plan.told[0].region, draws_of(plan.parameters, plan.draws), plan.parameters)
        ]
    if sound("design", FACTORS):
        _check_design(plan, at)
    _check_factors(plan, document, said, sound(SCENARIOS))
    _check_outcomes(plan, document, said, bool(plan.told) and sound("until"), sound("outcomes"))
    if plan.stop is not None and sound("seeds") and plan.stop.at_most < plan.seeds:
        message = Words(
            f"at_most is {plan.stop.at_most}, below the {plan.seeds} seeds", f"at_most 为 {plan.stop.at_most}，少于种子数 {plan.seeds}"
        )
        at(("stop", "at_most"), message, Words("Raise it, or ask for fewer seeds", "请提高它，或减少种子数"))
    if not said and sound("design", FACTORS) and design.size(plan) > MOST_POINTS:
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


def _check_factors(plan: Plan, document: Document, said: list[Fault], all_told: bool) -> None:
    """Every factor leads to something in every scenario, which takes each of its values; a table's columns do, too. all_told: whether
    every scenario could be read.
    """
    names = [scenario.name for scenario in plan.told]
    written = document.values.get(FACTORS)
    tried: dict[str, Sequence[Any]] = {str(path): () for path in written} if isinstance(written, Mapping) else {}
    tried |= {path: [values.low, values.high] if isinstance(values, Range) else values for path, values in plan.factors.items()}
    rows = plan.design.rows if plan.design.kind == "table" else ()
    for name in dict.fromkeys(row["scenario"] for row in rows if "scenario" in row and all_told):
        if name not in names:
            message = Words(f"the table names a scenario {name!r}", f"表中有情景 {name!r}")
            said.append(Fault(place_of(("design", "file"), document), message, suggestion(str(name), names)))
    for row in rows:
        for path in row:
            if path != "scenario":
                tried.setdefault(path, [row[path]])
    for path, values in tried.items():
        where = document.keys.get((FACTORS, path), place_of((FACTORS, path) if path in plan.factors else ("design", "file"), document))
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


def _check_outcomes(plan: Plan, document: Document, said: list[Fault], dated: bool, all_known: bool) -> None:
    """Every outcome and period is there; the one that decides when to stop is a single number that is kept. dated: whether it is known
    which quarters are lived; all_known: whether every outcome could be read.
    """

    def columns(text: str, address: Address) -> list[Column] | None:
        try:
            return kept.columns_of(text, plan.told[0].quarters) if dated else [Column(*kept.parted(text), 0)]
        except SpecError as error:
            said.extend(replace(fault, place=place_of(address, document)) for fault in error.faults)
            return None

    found = [columns(text, ("outcomes", number)) for number, text in enumerate(plan.outcomes or kept.USUAL)]
    if plan.stop is None:
        return
    decides = columns(plan.stop.outcome, ("stop", "outcome"))
    if decides is None or None in found or not (dated and all_known):
        return
    names = [column.name for each in found for column in each or ()]
    if len(decides) != 1 or decides[0].name not in names:
        here = place_of(("stop", "outcome"), document)
        message = Words(f"{plan.stop.outcome!r} is not one number that is kept", f"{plan.stop.outcome!r} 不是所保留的一个数")
        said.append(Fault(here, message, suggestion(plan.stop.outcome, names)))
