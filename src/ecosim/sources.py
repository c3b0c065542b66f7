"""Where the parameters of a run come from: the posterior that its region ships, the priors, or one point.

*posterior*: draw k is row k of the pack's posterior. *prior*: draw k is number k of the sequence of prior
draws. *point*: every draw is one vector, central in every parameter: the posterior median of those that were
free, the central prior of the others. A region that ships no posterior has its priors instead, and results
say so. What a scenario fixes under `parameters` always wins. A run without a number of a draw takes the point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from . import parameters, regions
from .errors import DataError, Fault, SpecError
from .wording import Words, suggestion

Source = Literal["posterior", "prior", "point"]
SOURCES: tuple[Source, ...] = get_args(Source)

LARGEST_DRAW = 10**6
USUAL_DRAWS = 16
"""Draws taken where nobody says how many; of a point there is one."""
UNCALIBRATED = "uncalibrated: priors"
DATA_CHANGED = "the data have changed since"
HASH_SHOWN = 12


def values(region: str, draw: int | None, fixed: Mapping[str, float], source: Source = "posterior") -> dict[str, float]:
    """All parameters, yearly, of one draw in one region. draw: its number, None for the point of the source.

    fixed: what the scenario says; it wins. Raises SpecError for a draw that is not there, DataError for a
    posterior of another model.
    """
    shipped = posterior_in_use(region, source)
    if shipped is None:
        return parameters.values(None if source == "point" else draw, fixed)
    if draw is None or source == "point":
        return parameters.values(None, {**shipped.middle, **fixed})
    if not 0 <= draw < len(shipped.values):
        raise SpecError([_no_such_draw(draw, len(shipped.values))])
    return parameters.values(shipped.prior_draws[draw], {**shipped.values[draw], **fixed})


def posterior_in_use(region: str, source: Source) -> regions.Posterior | None:
    """The posterior a run would draw from; None if it has priors. Raises DataError if it is of another model."""
    shipped = None if source == "prior" else regions.posterior(region)
    if shipped is not None:
        refuse_foreign(shipped)
    return shipped


def refuse_foreign(shipped: regions.Posterior) -> None:
    """Raise DataError for a posterior of another model or of other priors, with how to renew it."""
    theirs, ours = (shipped.about["model"], shipped.about["priors_sha256"]), (parameters.MODEL, parameters.priors_hash())
    strangers = [name for name in shipped.values[0] if name not in parameters.catalogue()]
    if theirs != ours or strangers:
        made, here = (
            Words(f"model {model} with priors {str(priors)[:HASH_SHOWN]}", f"模型 {model}，先验 {str(priors)[:HASH_SHOWN]}")
            for model, priors in (theirs, ours)
        )
        remedy = f"`ecosim calibrate {shipped.region} --install`"
        raise DataError(
            Words(
                f"{shipped.file} was made for {made}, and this is {here}. Make it anew with {remedy}, or take the priors where a command "
                "has them (--parameters prior)",
                f"{shipped.file} 属于另一版本的模型（{made.zh}；当前为 {here.zh}）。请用 {remedy} 重新生成；"
                "有此选项的命令也可改用先验（--parameters=prior）",
            )
        )


def calibration(region: str, source: Source) -> str:
    """The state of calibration of a run, as results and their manifest say it."""
    shipped = posterior_in_use(region, source)
    if shipped is None:
        return UNCALIBRATED
    said = f"posterior of {region}, {shipped.about['date']}, {shipped.sha256[:HASH_SHOWN]}"
    return said if shipped.about["data_sha256"] == regions.load(region).sha256 else f"{said}; {DATA_CHANGED}"


def draws_of(source: Source, asked: int | None) -> int:
    """How many draws to take: as many as were asked for, else the usual number, or the one of a point."""
    return (1 if source == "point" else USUAL_DRAWS) if asked is None else asked


def draw_faults(region: str, draws: int, source: Source) -> list[Fault]:
    """What is wrong with asking for the draws 0 to draws - 1."""
    if source not in SOURCES:
        return [Fault("parameters", Words(f"there is no source {source!r}", f"没有参数来源 {source!r}"), suggestion(source, SOURCES))]
    if not 1 <= draws <= LARGEST_DRAW:
        remedy = Words(f"Give a whole number from 1 to {LARGEST_DRAW}", f"请给出 1 至 {LARGEST_DRAW} 的整数")
        return [Fault("draws", Words(f"{draws} is out of range", f"{draws} 超出范围"), remedy)]
    if source == "point":
        message = Words(f"a point is one draw, not {draws}", f"点参数只有一组，不是 {draws} 组")
        remedy = Words("Leave draws out, or take another source", "请去掉 draws，或改用其他参数来源")
        return [] if draws == 1 else [Fault("draws", message, remedy)]
    shipped = posterior_in_use(region, source)
    if shipped is not None and draws > len(shipped.values):
        return [_no_such_draw(draws - 1, len(shipped.values))]
    return []


def _no_such_draw(draw: int, rows: int) -> Fault:
    """A draw beyond those shipped."""
    message = Words(f"there is no posterior draw {draw}; the region ships {rows}", f"没有第 {draw} 组后验参数；该地区附带 {rows} 组")
    remedy = Words(f"Take draws 0 to {rows - 1}, or the priors (--parameters prior)", f"请用第 0 至 {rows - 1} 组，或改用先验")
    return Fault("draw", message, remedy)
