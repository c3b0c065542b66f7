"""K5: what a firm's R&D earns for all firms against what it earns for itself, and whether rivals lose by it.

The study: listed firms of the United States, about 1980 to 2001, state tax credits as instrument for R&D; output and value explained by a
firm's own R&D, that of its neighbours in technology and that of its rivals in the market. Gross social returns at least twice the private
ones (55 against 21 per cent), rivals' R&D lowers a firm's value.

Here a lever does what their instrument stands for. A quarter of the firms that do most R&D, by lot, pay 2% less of their R&D bill for ten
years, in a world otherwise the same with every draw shared. Over all other performers the change in log knowledge, and that in log sales,
is explained by the further R&D in the technology classes related to theirs and in their sector, each as a share of the R&D done there; the
constant takes what is common to all, as the study's dummies do, among it the pay of researchers. Private gain: the output that the treated
firms' own further knowledge adds (change in log knowledge x sales of the world without; one learning weight for all, which drops out);
social gain: that, and what the coefficient of related classes adds in the others. Rivals: the coefficient of the sector in sales. Firms of
one class or sector meet the same further R&D, so the regressions are on means of classes and of sectors. The listed firms' value is not
known, sales stand for it; what flows to other cities is in no sum, for the model does not follow it.

The truth beside the ratio is the plain sum over all firms, in which the others also pay more for researchers.

Control: a world without spill-overs and without rivals in the city. There social and private gain are the same (their ratio less one is
given as control) and nobody is stolen from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import statsmodels.api as sm
from scipy.stats import t

from ... import parameters
from ...policies.contract import Policy
from ..estimators import UNKNOWN, Estimate
from ..lab import Diary, Lab, live, lots
from ..study import INFINITY, NAN, Reading, Row, Source

if TYPE_CHECKING:
    from ...levers import Levers
    from ...region import Region

SOURCE = Source(
    "Bloom, Schankerman & Van Reenen (2013), Identifying technology spillovers and product market rivalry, Econometrica 81(4)",
    "United States, listed firms, about 1980-2001",
    "panel, R&D instrumented by state tax prices",
    "abstract; 55 and 21 per cent second-hand",
)

ROWS = (
    Row(
        "K5.ratio", "Social over private return to R&D", "研发的社会收益与私人收益之比", "band", 2.6, 2.0, 3.3, "ratio",
        "lower end from the abstract, upper end proposed, 55/21 second-hand; control: ratio less one without spill-overs",
    ),
    Row("K5.rivals", "Sales of rivals per log point of R&D", "竞争者营业收入的变化", "sign", NAN, -INFINITY, 0.0, "ln per ln"),
)  # fmt: skip

SCALE = 0.5
LARGEST = 400
"""Firms with most R&D, at full scale, among which a quarter is treated, so that most sectors and classes have some."""
TREATED = 0.25
RELIEF = 0.02
"""Part of the R&D bill taken off."""
QUARTERS = 40
"""Ten years: knowledge of the first is by then forgotten."""
ALONE: Mapping[str, float] = {"knowledge.spill": 0.0, "environment.city_weight": 0.0, "environment.imitation": 0.0}
"""The control world: nobody learns from others, and no firm of the city is another's rival."""


class CheaperResearch(Policy):
    """The experiment's lever: some firms pay a part less of their R&D bill. No government could choose firms so."""

    label_en: ClassVar[str] = "Cheaper research"
    label_zh: ClassVar[str] = "研发降价"
    letter: ClassVar[str] = ""
    dose: ClassVar[str] = "relief"

    relief: float
    chosen: frozenset[int]

    def dose_at(self, quarter: int) -> float:
        """Part of the bill taken off."""
        return self.relief

    def members(self, region: Region) -> Any:
        """The firms chosen that are in business."""
        identity = region.firms.identity
        return (identity.alive == 1) & np.isin(identity.id, sorted(self.chosen))

    def offer(self, levers: Levers, region: Region) -> None:
        """A lower price of R&D."""
        levers.offer("rd_price", 1.0 - self.relief, "cheaper_research", self.members(region))


class World(NamedTuple):
    """Ten years of a world. treated, ids: identities of the firms treated and of those in business at the end."""

    treated: np.ndarray
    ids: np.ndarray
    diary: Diary
    relatedness: np.ndarray

    def last(self, ids: np.ndarray, column: str) -> np.ndarray:
        """A column at the end."""
        return self.diary.of(ids, column)[:, -1]


def lived(lab: Lab, relief: float, otherwise: Mapping[str, float]) -> World:
    """Ten years in which the treated firms pay so much less of their R&D bill; `otherwise`: parameters of the control world."""
    region = lab.region({}, QUARTERS, scale=SCALE)
    region.traits = parameters.traits(lab.yearly(otherwise))
    firms = region.firms
    largest = firms.identity.id[np.argsort(-firms.research.plan, kind="stable")[: int(LARGEST * SCALE)]]
    treated = largest[lots(lab.seed, largest, 1) < TREATED]
    if relief > 0.0:
        region.policies["cheaper_research"] = CheaperResearch(**{"from": None}, relief=relief, chosen=frozenset(map(int, treated)))
    diary = Diary("research.rd", "knowledge.knowledge", "market.sales", "identity.sector", "identity.tech_class")
    live(region, QUARTERS, diary)
    ids = np.sort(region.firms.identity.id[region.alive])
    return World(treated, ids, diary, region.relatedness)


def exposure(further: np.ndarray, before: np.ndarray, groups: np.ndarray, relatedness: np.ndarray) -> np.ndarray:
    """Further R&D that each firm meets in its own and related groups, as a share of the R&D done there."""
    met, done = (relatedness @ np.bincount(groups, amounts, len(relatedness)) for amounts in (further, before))
    return np.asarray((met / np.maximum(done, 1.0))[groups])


def between(outcome: np.ndarray, design: np.ndarray, place: int, groups: np.ndarray) -> Estimate:
    """One coefficient by least squares on means of groups, where all of a group meet the same (Donald & Lang 2007).

    The error is widened as Student's t is for so few groups, so that 1.96 of them make the 95% interval.
    """
    members = np.unique(groups, return_inverse=True)[1]
    means = np.column_stack([np.bincount(members, column) for column in (outcome, *design.T)]) / np.bincount(members)[:, None]
    fitted = sm.OLS(means[:, 0], means[:, 1:]).fit()
    if fitted.df_resid < 1 or np.linalg.matrix_rank(means[:, 1:]) < design.shape[1]:
        return UNKNOWN
    return Estimate(float(fitted.params[place]), float(fitted.bse[place]) * float(t.ppf(0.975, fitted.df_resid)) / 1.96)


class Returns(NamedTuple):
    """Social over private gain as the study would find it, the plain sum of all gains over the private one, and rivals' response."""

    ratio: Estimate
    plain: float
    rivals: Estimate


def returns(without: World, relieved: World) -> Returns:
    """What the treated firms' further R&D earned, from two worlds that differ in nothing else."""
    ids = np.intersect1d(without.ids, relieved.ids)
    before, after = (np.nansum(world.diary.of(ids, "research.rd"), axis=1) for world in (without, relieved))
    treated = np.isin(ids, without.treated)
    further = np.where(treated, after - before, 0.0)
    sector, tech_class = (without.last(ids, f"identity.{name}").astype(np.int64) for name in ("sector", "tech_class"))
    in_sector = exposure(further, before, sector, np.eye(int(sector.max()) + 1))
    in_reach = exposure(further, before, tech_class, without.relatedness)
    sales = without.last(ids, "market.sales")
    learned = np.log(relieved.last(ids, "knowledge.knowledge") / without.last(ids, "knowledge.knowledge"))
    grown = np.log(relieved.last(ids, "market.sales") / sales)
    others = ~treated & (before > 0.0)
    design = np.column_stack([np.ones(len(ids)), in_reach, in_sector])
    private = float((learned * sales)[treated].sum())
    if private <= 0.0 or np.linalg.matrix_rank(design[others]) < 3:
        return Returns(UNKNOWN, NAN, UNKNOWN)
    spill = between(learned[others], design[others], 1, tech_class[others])
    rivals = between(grown[others], design[others], 2, sector[others])
    reach = float((in_reach * sales)[others].sum()) / private
    plain = float((learned * sales).sum()) / private
    return Returns(Estimate(1.0 + spill.value * reach, spill.error * reach), plain, rivals)


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """Ten years with and without relief, in the model and in the control world."""
    found, alone = (returns(lived(lab, 0.0, values), lived(lab, RELIEF, values)) for values in ({}, ALONE))
    return {
        "K5.ratio": Reading(*found.ratio, found.plain, alone.ratio.value - 1.0, alone.ratio.error),
        "K5.rivals": Reading(*found.rivals, found.rivals.value, *alone.rivals),
    }
