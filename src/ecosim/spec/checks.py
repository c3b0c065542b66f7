"""What a scenario's values must be beyond their types: known names, and dates that fit together."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from .. import policies, regions
from ..policies.contract import CORRECT_ONE, FrozenMapping, Policy
from ..quantity import Dated, quarter_label
from ..units import UNITS
from ..wording import Words, meant, nearest, refused, suggestion

LONGEST_QUARTERS = 400
FURTHEST_QUARTERS = 100
"""Quarters after its region's data within which a scenario may start."""
REMOVED = "off"
"""`policies: {rd_grant: off}` removes an inherited policy; there is no other way to write it."""


def known_region(name: str) -> str:
    """The name of a region that has a pack. Raises PydanticCustomError for any other."""
    known = regions.names()
    if name not in known:
        raise refused(Words("there is no such region", "没有这个地区"), suggestion(name, sorted(known)))
    return name


def not_blank(text: str) -> str:
    """Text that shows. Raises PydanticCustomError for spaces alone."""
    if text and not text.strip():
        raise refused(Words("it is blank", "全是空格"))
    return text


def check_start(start: int, region: str) -> None:
    """A scenario starts after the quarter its region's data describe, and not long after. Raises PydanticCustomError."""
    known = regions.load(region).initial_quarter
    first, last = quarter_label(known + 1), quarter_label(known + FURTHEST_QUARTERS)
    if not known < start <= known + FURTHEST_QUARTERS:
        end = quarter_label(known)
        raise refused(
            Words(f"the data of {region!r} describe the end of {end}", f"{region!r} 的数据描述 {end} 末"),
            Words(f"Start between {first} and {last}, best in {first}", f"请从 {first} 至 {last} 之间开始，最好是 {first}"),
        )


def check_end(end: int, start: int) -> None:
    """A scenario ends after it starts, within a hundred years. Raises PydanticCustomError."""
    if not start < end <= start + LONGEST_QUARTERS:
        begin = quarter_label(start)
        message = f"it does not come after 'start' {begin} by 1 to {LONGEST_QUARTERS} quarters"
        raise refused(Words(message, f"应比 'start' {begin} 晚 1 至 {LONGEST_QUARTERS} 个季度"), CORRECT_ONE)


def known_policies(given: object) -> FrozenMapping[Policy]:
    """Each policy checked by its class; `off` leaves one out. Raises ValidationError with all faults."""
    if not isinstance(given, Mapping):
        raise refused(
            Words("it should list policies by name", "应按名称列出政策"),
            Words("Write 'policies: {}' for none", "没有政策时请写 'policies: {}'"),
        )
    found: dict[str, Policy] = {}
    wrong: list[InitErrorDetails] = []
    for name in sorted(given, key=str):
        if name not in policies.names():
            wrong.append(InitErrorDetails(type="extra_forbidden", loc=(name,), input=given[name]))
        elif given[name] != REMOVED:
            try:
                found[name] = policies.model(name).model_validate(given[name])
            except ValidationError as error:
                wrong.extend(lifted(error, name))
    if wrong:
        raise ValidationError.from_exception_data("policies", wrong)
    return FrozenMapping(found)


def known_parameters(given: object) -> FrozenMapping[float]:
    """Each parameter checked against the catalogue. Raises ValidationError with all faults."""
    if not isinstance(given, Mapping):
        raise refused(
            Words("it should list parameters by name", "应按名称列出参数"),
            Words("Write 'parameters: {}' for none", "没有参数时请写 'parameters: {}'"),
        )
    wrong = [fault for name in given if (fault := _parameter_fault(name, given[name]))]
    if wrong:
        raise ValidationError.from_exception_data("parameters", wrong)
    return FrozenMapping({name: float(given[name]) for name in sorted(given)})


def check_dates(start: int, in_force: Mapping[str, Policy]) -> None:
    """Every dated value begins by the first quarter that needs it. Raises ValidationError with all faults."""
    wrong = []
    for name, policy in in_force.items():
        needed = start if policy.from_ is None else max(start, policy.from_)
        for field in type(policy).model_fields:
            value = getattr(policy, field)
            if isinstance(value, Dated) and value.steps[0][0] > needed:
                first, wanted = quarter_label(value.steps[0][0]), quarter_label(needed)
                message = Words(f"there is no value before {first}, but {wanted} needs one", f"{first} 之前没有值，而 {wanted} 需要一个")
                remedy = Words(
                    f"Add a value from {wanted}, or 'from: {first}' to the policy",
                    f"请补上自 {wanted} 起的值，或给该政策加上 'from: {first}'",
                )
                error = refused(message, remedy)
                wrong.append(InitErrorDetails(type=error, loc=("policies", name, field), input=value.plain()))
    if wrong:
        raise ValidationError.from_exception_data("dates", wrong)


def _parameter_fault(name: str, value: object) -> InitErrorDetails | None:
    from ..parameters import catalogue  # reads the tables of every agent, which most scenarios can spare

    known = catalogue()
    if name not in known:
        close = nearest(name, known)
        remedy = meant(close, known[close].meaning) if close else suggestion(name, sorted(known))
        error = refused(Words("there is no such parameter", "没有这个参数"), remedy)
        return InitErrorDetails(type=error, loc=(name,), input=value)
    prior = known[name]
    if isinstance(value, int | float) and not isinstance(value, bool) and prior.low <= value <= prior.high:
        return None
    reason = Words(f"it should be a number from {prior.low:g} to {prior.high:g}", f"应为 {prior.low:g} 至 {prior.high:g} 之间的数")
    unit = UNITS[prior.unit]
    remedy = Words(
        f"Give {prior.meaning} ({unit}; {prior.value:g} in the middle)", f"请给出{prior.meaning.zh}（{unit.zh}；中间值 {prior.value:g}）"
    )
    return InitErrorDetails(type=refused(reason, remedy), loc=(name,), input=value)


def lifted(error: ValidationError, name: str) -> list[InitErrorDetails]:
    """The faults of one policy with its name put before their locations."""
    lifted = []
    for detail in error.errors(include_url=False):
        words = {"message": detail["msg"], **detail.get("ctx", {})}
        kind = PydanticCustomError(detail["type"], "{message}", words)
        lifted.append(InitErrorDetails(type=kind, loc=(name, *detail["loc"]), input=detail["input"]))
    return lifted
