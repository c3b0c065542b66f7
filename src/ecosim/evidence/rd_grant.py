"""Grants as other governments awarded them: competitions by topic, flat sums, stamps, recommendations, favoured districts.

The file carries the name of the instrument, so that the model books the awards as those of a project grant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..chance import Stream
from ..draws import logs, normals
from ..levers import PROJECT, Call, Levers
from ..policies.contract import moment_of, parameter
from ..policies.delivery import within_envelope
from ..policies.rd_grant import PATIENCE, RdGrant, standardised
from ..quantity import Share, Yuan
from ..region import Region
from .lab import Diary, Lab, call_of, lots
from .planted import LUCK, planted

NAME = "rd_grant"
Terms = Mapping[str, Any]
"""Parameters of a programme, as in a scenario file."""

FULL_YEAR = 5
"""Least age, quarters, of a firm whose books show a whole year of sales."""
ENDLESS = 1e10
"""An envelope, yuan a year, that never binds: the quota does."""


class Round(NamedTuple):
    """One call: its applicants in the order of identities, and what was known of them when they applied."""

    number: int
    ids: np.ndarray
    margin: np.ndarray
    topic: np.ndarray
    won: np.ndarray
    asked: np.ndarray
    sales: np.ndarray
    age: np.ndarray


Outcome = Callable[[Diary, Round], np.ndarray]
"""One figure for each applicant of a round; nan where it cannot be observed any more."""


@dataclass
class Contest(Call):
    """A call that keeps what was known of its applicants when they applied: rows may have other owners at the quarter's end."""

    round_: Round | None = None


class Competition(RdGrant):
    """A project grant that funds a quota of the applicants of each competition, best score first."""

    label_en: ClassVar[str] = "R&D grant of a study"
    label_zh: ClassVar[str] = "研究所用项目资助"

    quota: Share = parameter("share of a competition's applicants that is funded", "share", 1.0, zh="每个竞争组中获资助的比例")
    favoured_quota: Share = parameter("the same in favoured districts", "share", 0.0, zh="重点地区的获资助比例")
    favoured: tuple[int, ...] = parameter("districts with a quota of their own", "districts", (), zh="单列比例的地区")
    topic_size: int = parameter(
        "applicants of one competition, of related classes; 0: one competition", "applicants", 0, ge=0, zh="每个竞争组的申请数；0 为不分组"
    )
    recommended: Share = parameter(
        "share of the awards that go to the best connected, whatever their score", "share", 0.0, zh="凭关系推荐、不论评分的资助比例"
    )
    lump_sum: Yuan = parameter(
        "flat sum in place of a share of the cost; 0: none", "yuan per project", 0.0, zh="定额资助；0 表示按费用比例"
    )
    unpaid: bool = parameter("whether the award is a stamp of quality without money", "yes or no", False, zh="是否只给荣誉而不拨款")
    startups_only: bool = parameter("whether only technology start-ups may apply", "yes or no", False, zh="是否仅限科技初创企业")
    least_sales: Yuan = parameter("least yearly sales of an eligible firm", "yuan a year", 0.0, zh="符合条件企业的年销售收入下限")
    youngest: int = parameter("least age of an eligible firm", "quarters", 0, zh="企业最低年龄")
    oldest: int = parameter("largest age of an eligible firm", "quarters", 10_000, zh="企业最高年龄")

    def members(self, region: Region) -> Any:
        """Firms that hold no grant, of the sizes, ages and kind asked for."""
        firms = region.firms
        age = region.quarter - firms.identity.born
        allowed = super().members(region) & (age >= self.youngest) & (age <= self.oldest) & (firms.market.sales >= self.least_sales)
        return allowed & (firms.research.startup == 1) if self.startups_only else allowed

    def offer(self, levers: Levers, region: Region) -> Call | None:
        """The call of the instrument, which keeps a record of its applicants."""
        call = super().offer(levers, region)
        return None if call is None else Contest(**vars(call))

    def award(self, call: Call, region: Region) -> np.ndarray:
        """Fund the quota of each competition; a share of the awards goes by recommendation. Notes the distance to the cutoff as score."""
        rows: np.ndarray = call.applicants()
        if len(rows) == 0:
            return rows
        ids = region.firms.identity.id[rows]
        margin, inside = self.places(region, rows, self.marks(region, rows))
        call.score = np.full(region.rows, np.nan)
        call.score[rows] = margin
        if self.lump_sum > 0.0:
            call.request[rows] = self.lump_sum
        chosen: np.ndarray = rows[inside][np.argsort(ids[inside])]
        self.promise(region, call, within_envelope(region, call, chosen) if not self.unpaid else chosen)
        call.winners = chosen
        region.success[NAME] = len(chosen) / len(rows)
        if isinstance(call, Contest):
            call.round_ = self.noted(region, call, rows)
        return np.asarray(chosen)

    def noted(self, region: Region, call: Call, rows: np.ndarray) -> Round:
        """The call as a study's authors would find it in the files, in the order of identities; sales are last year's."""
        firms = region.firms
        topic = topics(region, rows, self.topic_size)
        order = np.argsort(firms.identity.id[rows])
        rows = rows[order]
        return Round(
            0, firms.identity.id[rows].copy(), call.score[rows], topic[order], np.isin(rows, call.winners), call.request[rows],
            np.maximum(firms.books.sales_1[rows], 1.0), region.quarter - firms.identity.born[rows],
        )  # fmt: skip

    def marks(self, region: Region, rows: np.ndarray) -> np.ndarray:
        """What the jury sees: merit, earlier awards, acquaintance and its mood, as in the city's own calls."""
        firms = region.firms
        merit = logs(firms.knowledge.knowledge[rows] / firms.knowledge.reference[rows]) + 0.3 * logs(1.0 + firms.knowledge.inventions[rows])
        mood = normals(region.seed, Stream.JURY, firms.identity.id[rows], moment_of(self, region.quarter))
        found: np.ndarray = (
            self.merit_weight * standardised(merit)
            + self.prior_award_weight * (firms.ventures.awards[rows] > 0)
            + self.connection_weight * firms.ventures.connection[rows]
            + self.noise_weight * mood
        )
        return found

    def places(self, region: Region, rows: np.ndarray, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distance of each mark to the cutoff of its competition, and who is funded: the best marks after those recommended.

        The cutoff is the middle between the last funded for its mark and the first refused.
        """
        firms = region.firms
        favour = np.isin(firms.identity.district[rows], self.favoured)
        group = topics(region, rows, self.topic_size) * 2 + favour
        margin, inside = np.full(len(rows), np.nan), np.zeros(len(rows), bool)
        for number in np.unique(group):
            here = np.flatnonzero(group == number)
            wins = int((self.favoured_quota if number % 2 else self.quota) * len(here) + 0.5)
            known = np.lexsort((firms.identity.id[rows[here]], -firms.ventures.connection[rows[here]].astype(np.float64)))
            friends = here[known[: int(self.recommended * wins)]]
            others = np.setdiff1d(here, friends)
            order = others[np.argsort(-marks[others], kind="stable")]
            scored = wins - len(friends)
            inside[order[:scored]] = True
            inside[friends] = True
            if 0 < scored < len(order):
                margin[here] = marks[here] - 0.5 * (marks[order[scored - 1]] + marks[order[scored]])
        return margin, inside

    def promise(self, region: Region, call: Call, winners: np.ndarray) -> None:
        """Write the winners' entitlements; a stamp without money promises nothing."""
        paid = 0.0 if self.unpaid else 1.0
        left = call.request[winners] * paid
        last = region.quarter + max(self.instalments, PATIENCE) - 1
        region.entitle(NAME, winners, PROJECT, until=last, share=call.share * paid, left=left, instalment=left / self.instalments)


def topics(region: Region, rows: np.ndarray, size: int) -> np.ndarray:
    """Number of each applicant's competition: neighbours in the order of technology classes, by lot within a class."""
    identity = region.firms.identity
    if size == 0:
        return np.zeros(len(rows), np.int64)
    order = np.lexsort((lots(region.seed, identity.id[rows], region.quarter), identity.tech_class[rows]))
    found = np.empty(len(rows), np.int64)
    for number, part in enumerate(np.array_split(order, max(1, round(len(rows) / size)))):
        found[part] = number
    return found


def grant(year: int, calls: int = 1, **terms: Any) -> Mapping[str, Competition]:
    """The programme of a study: yearly calls from the first quarter of `year` on; terms: parameters other than the common ones."""
    common = {
        "budget": ENDLESS, "share": 0.5, "cap": ENDLESS, "call_quarter": 1, "instalments": 4, "delivery": "ranked", "merit_weight": 1.0,
        "prior_award_weight": 0.0, "connection_weight": 0.0, "noise_weight": 0.7, "max_sales": 1e15, "paperwork": 20_000.0,
        "clawback": 0.0, "from": f"{year}Q1", "until": f"{year + calls - 1}Q1",
    }  # fmt: skip
    return {NAME: Competition.model_validate({**common, **terms})}


class Journal:
    """Keeps a diary of all firms and the rounds of the programme."""

    def __init__(self, *columns: str) -> None:
        """columns: such as "research.rd"."""
        self.diary = Diary(*columns)
        self.rounds: list[Round] = []

    def __call__(self, region: Region) -> None:
        """Note the quarter, and the round if one was held."""
        self.diary(region)
        call = call_of(region, NAME)
        if isinstance(call, Contest) and call.round_ is not None:
            self.rounds.append(call.round_._replace(number=len(self.diary.quarters) - 1))


def ranks(round_: Round) -> np.ndarray:
    """Rank in one's competition from the cutoff: 1 the last funded, -1 the first refused, none in between."""
    found = np.full(len(round_.ids), np.nan)
    for group in np.unique(round_.topic):
        here = np.flatnonzero(round_.topic == group)
        order = here[np.argsort(-round_.margin[here], kind="stable")]
        wins = int((round_.margin[here] >= 0.0).sum())
        if 0 < wins < len(here):
            place = wins - np.arange(len(here))
            found[order] = np.where(place > 0, place, place - 1)
    return found


def within(diary: Diary, ids: np.ndarray, column: str, first: int, last: int) -> np.ndarray:
    """Sum of a column over the quarters from first to last (last excluded) for each firm; nothing after it closed."""
    return np.asarray(np.nansum(diary.of(ids, column, first, last), axis=1))


def in_business(diary: Diary, ids: np.ndarray, quarter: int) -> np.ndarray:
    """Whether each firm is in business in a quarter counted from the first one noted."""
    return np.isin(ids, diary.present(quarter))


def column_at(diary: Diary, ids: np.ndarray, column: str, quarter: int) -> np.ndarray:
    """A column in one quarter, counted from the first one noted."""
    return np.asarray(diary.of(ids, column, quarter, quarter + 1)[:, 0])


def project_waits(diary: Diary, ids: np.ndarray, quarter: int) -> np.ndarray:
    """Whether each firm has a project that it has not begun, in one quarter counted from the first one noted."""
    cost, left = (column_at(diary, ids, name, quarter) for name in ("ventures.project", "ventures.project_left"))
    return np.asarray((cost > 0.0) & (left == 0.0))


def liquidity(diary: Diary, ids: np.ndarray, quarter: int) -> np.ndarray:
    """Deposits less debt over yearly sales in one quarter, counted from the first one noted."""
    cash, debt, sales = (column_at(diary, ids, name, quarter) for name in ("money.cash", "money.debt", "market.sales"))
    return np.asarray((cash - debt) / np.maximum(sales, 1e5))


def research_done(diary: Diary, ids: np.ndarray, first: int, quarters: int = 4) -> np.ndarray:
    """Real R&D from a quarter on, yuan a year: running R&D and that of projects; nan for a firm that closed meanwhile."""
    running, projects = (diary.of(ids, name, first, first + quarters) for name in ("research.rd", "ventures.project_rd"))
    return np.asarray(running.mean(axis=1) + projects.sum(axis=1) * 4.0 / quarters)


def own_research(diary: Diary, ids: np.ndarray, first: int, quarters: int = 4) -> np.ndarray:
    """`research_done` less the grants received in the same quarters, yuan a year."""
    received = within(diary, ids, "ventures.received", first, first + quarters)
    return np.asarray(research_done(diary, ids, first, quarters) - received * 4.0 / quarters)


def with_plant(outcome: Outcome, size: float, seed: int) -> Outcome:
    """The outcome with an effect of this size planted in the winners; seed: of the lab."""
    return lambda diary, call: planted(outcome(diary, call), call.won, size, lots(seed, call.ids, LUCK))


def research_part(lab: Lab) -> float:
    """Share of research in the cost of a project of this lab's world."""
    return lab.yearly()["projects.research_part"]
