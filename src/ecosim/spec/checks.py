"""What a scenario's values must be beyond their types: known names, and dates that fit together."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from .. import policies, regions
from ..policies.contract import FrozenMapping, Policy, refused
from ..quantity import Dated, quarter_label
from .faults import nearest

REMOVED = "off"
"""`policies: {rd_grant: off}` removes an inherited policy; there is no other way to write it."""


def known_region(name: str) -> str:
    """The name of a region that has a pack. Raises PydanticCustomError for any other."""
    known = regions.names()
    if name not in known:
        raise refused("there is no such region", _suggestion(name, dict.fromkeys(known, "")))
    return name


def known_policies(given: object) -> FrozenMapping[Policy]:
    """Each policy checked by its class; `off` leaves one out. Raises ValidationError with all faults."""
    if not isinstance(given, Mapping):
        raise refused("it should list policies by name", "Write 'policies: {}' for none")
    found: dict[str, Policy] = {}
    wrong: list[InitErrorDetails] = []
    for name in sorted(given, key=str):
        if name not in policies.names():
            wrong.append(InitErrorDetails(type="extra_forbidden", loc=(name,), input=given[name]))
        elif given[name] != REMOVED:
            try:
                found[name] = policies.model(name).model_validate(given[name])
            except ValidationError as error:
                wrong.extend(_lifted(error, name))
    if wrong:
        raise ValidationError.from_exception_data("policies", wrong)
    return FrozenMapping(found)


def known_parameters(given: object) -> FrozenMapping[float]:
    """Each parameter checked against the catalogue. Raises ValidationError with all faults."""
    if not isinstance(given, Mapping):
        raise refused("it should list parameters by name", "Write 'parameters: {}' for none")
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
                message = f"there is no value before {first}, but {wanted} needs one"
                error = refused(message, f"Add a value from {wanted}, or 'from: {first}' to the policy")
                wrong.append(InitErrorDetails(type=error, loc=("policies", name, field), input=value.plain()))
    if wrong:
        raise ValidationError.from_exception_data("dates", wrong)


def _parameter_fault(name: str, value: object) -> InitErrorDetails | None:
    from ..parameters import (
        catalogue,
    )  # reads the tables of every agent, which a scenario without parameters can spare

    known = catalogue()
    if name not in known:
        suggestion = _suggestion(name, {other: prior.description for other, prior in known.items()})
        return InitErrorDetails(type=refused("there is no such parameter", suggestion), loc=(name,), input=value)
    prior = known[name]
    if isinstance(value, int | float) and not isinstance(value, bool) and prior.low <= value <= prior.high:
        return None
    reason = f"it should be a number from {prior.low:g} to {prior.high:g}"
    remedy = f"Give {prior.description} ({prior.unit})"
    return InitErrorDetails(type=refused(reason, remedy), loc=(name,), input=value)


def _lifted(error: ValidationError, name: str) -> list[InitErrorDetails]:
    """The faults of one policy with its name put before their locations."""
    lifted = []
    for detail in error.errors(include_url=False):
        words = {"message": detail["msg"], **{key: str(word) for key, word in detail.get("ctx", {}).items()}}
        kind = PydanticCustomError(detail["type"], "{message}", words)
        lifted.append(InitErrorDetails(type=kind, loc=(name, *detail["loc"]), input=detail["input"]))
    return lifted


def _suggestion(word: str, known: Mapping[str, str]) -> str:
    close = nearest(word, known)
    if close:
        return f"Did you mean {close!r} ({known[close]})?" if known[close] else f"Did you mean {close!r}?"
    return f"Known are {', '.join(sorted(known))}"
