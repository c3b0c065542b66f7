"""What is read off a region, declared once: key, unit, kind, label in two languages, the statistic it
mirrors, and how it is read.

A *flow* adds up over the year, a *stock* stands at the end of the year, a *ratio* divides two others after
they have been added up. Firm-level outcomes count firms in business at the end of the quarter, and may be
broken down (`survey.BREAKDOWNS`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from . import survey as of
from .quantity import quarter_label, year_of
from .region import Region
from .survey import Census

Kind = Literal["flow", "stock", "ratio"]
Floats = np.ndarray


class Outcome(NamedTuple):
    """One thing that is reported. `measure`: the survey's sum it equals (-1: none); `parts`: numerator and
    denominator of a ratio.
    """

    key: str
    unit: str
    kind: Kind
    label_en: str
    label_zh: str
    mirrors: str = ""
    read: Callable[[Census], float] | None = None
    measure: int = -1
    parts: tuple[str, str] | None = None

    def label(self, language: Literal["zh", "en"]) -> str:
        """The name in one of the two languages."""
        return self.label_zh if language == "zh" else self.label_en


def of_firms(kind: Kind, measure: int, key: str, unit: str, labels: tuple[str, str], mirrors: str = "") -> Outcome:
    """An outcome that adds up over firms; `labels` in English and Chinese."""
    return Outcome(key, unit, kind, *labels, mirrors, lambda census: census.total(measure), measure)


def counted(key: str, unit: str, labels: tuple[str, str], mirrors: str = "", name: str = "") -> Outcome:
    """A flow that the stages count under the same key, or under another `name`."""
    return Outcome(key, unit, "flow", *labels, mirrors, lambda census: census.count(name or key))


def ratio(key: str, unit: str, labels: tuple[str, str], parts: tuple[str, str], mirrors: str = "") -> Outcome:
    """One outcome over another."""
    return Outcome(key, unit, "ratio", *labels, mirrors, parts=parts)


def read_by(
    kind: Kind,
    key: str,
    unit: str,
    labels: tuple[str, str],
    read: Callable[[Census], float],
    mirrors: str = "",
) -> Outcome:
    """An outcome with a reader of its own."""
    return Outcome(key, unit, kind, *labels, mirrors, read)


def contract_value(census: Census) -> float:
    """Value of the quarter's technology contracts, yuan: services with their support, joint projects,
    licences.
    """
    services = census.paid("firm", "institute", "research services") + census.count("supported_services")
    return services + census.count("joint_project_value") + census.count("licence_value")


def contract_count(census: Census) -> float:
    """Technology contracts of the quarter: contract research, joint projects and licences; tests and
    instruments are not.
    """
    return research_contracts(census) + census.count("licences")


def research_contracts(census: Census) -> float:
    """Contract research and joint projects of the quarter."""
    return census.count("research_services") + census.count("joint_projects")


def city_rd(census: Census) -> float:
    """R&D of the quarter as statistics see it, yuan: firms with what they relabel, and local institutes."""
    return census.total(of.FIRM_RD) + census.count("institute_rd")


def rd_concentration(census: Census) -> float:
    """Share of the top tenth of performers in real R&D."""
    return of.top_share(census.region.firms.research.rd[census.performers])


def patent_concentration(census: Census) -> float:
    """Share of the top tenth of performers in inventions in force."""
    return of.top_share(census.region.firms.knowledge.inventions[census.performers])


def award_inequality(census: Census) -> float:
    """Gini coefficient of project awards won so far over performers."""
    return of.gini(census.region.firms.ventures.awards[census.performers])


CATALOGUE: tuple[Outcome, ...] = (
    of_firms("flow", of.APPLIED, "inventions_applied", "patents", ("Invention applications", "发明专利申请"),
        "CNIPA, city yearbook"),
    of_firms("flow", of.GRANTED, "inventions_granted", "patents", ("Inventions granted", "发明专利授权"),
        "CNIPA, city yearbook"),
    of_firms("stock", of.VALID, "inventions_valid", "patents", ("Inventions in force", "有效发明专利"),
        "CNIPA, per 10,000 people"),
    of_firms("flow", of.APPLIED_UTILITY, "utility_applied", "patents",
        ("Utility models filed", "实用新型申请"), "CNIPA"),
    of_firms("stock", of.VALID_UTILITY, "utility_valid", "patents",
        ("Utility models in force", "有效实用新型"), "CNIPA"),
    of_firms("stock", of.PATENT_VALUE, "patent_value", "yuan",
        ("Value of inventions in force", "有效发明专利价值")),
    counted("instrument_services", "services", ("Instrument and testing services", "仪器检测服务"),
        "shared-instrument platform"),
    counted("research_services", "contracts", ("Contract research", "委托研发合同"),
        "technology contract register"),
    counted("joint_projects", "contracts", ("Joint projects with institutes", "产学研合作项目"),
        "Science and Technology Bureau, new contracts"),
    counted("joint_project_value", "yuan", ("Value of joint projects", "产学研合作金额"),
        "technology contract register"),
    counted("licences", "contracts", ("Licences", "专利许可与转让"), "technology contract register"),
    counted("licence_value", "yuan", ("Value of licences", "许可与转让金额"), "technology contract register"),
    read_by("flow", "research_contracts", "contracts",
        ("Contract research and joint projects", "委托研发与合作项目"), research_contracts,
        "technology contract register"),
    read_by("flow", "contracts", "contracts", ("Technology contracts", "技术合同"), contract_count,
        "technology contract register"),
    read_by("flow", "contract_value", "yuan", ("Value of technology contracts", "技术合同成交额"),
        contract_value, "technology contract register"),
    of_firms("flow", of.SALES, "sales", "yuan", ("Sales of all firms", "企业销售收入"),
        "revenue, city yearbook"),
    of_firms("stock", of.EMPLOYEES, "employees", "persons", ("Employees", "从业人员"), "city yearbook"),
    ratio("productivity", "ln", ("Competitiveness over other regions", "相对外地的竞争力"),
        ("edge_sales", "sales")),
    of_firms("stock", of.FIRMS, "firms", "firms", ("Firms", "企业数"),
        "register of firms with technology or above scale"),
    of_firms("stock", of.FIRST_STRATUM, "firms_industrial", "firms",
        ("Above-scale industrial firms", "规上工业企业"), "statistical communique"),
    of_firms("stock", of.FIRST_STRATUM + 1, "firms_other", "firms",
        ("Other above-scale firms", "其他规上企业"), "economic census"),
    of_firms("stock", of.FIRST_STRATUM + 2, "firms_sme", "firms", ("Technology SMEs", "科技型中小企业")),
    of_firms("stock", of.FIRST_STRATUM + 3, "firms_tenant", "firms", ("Tenant firms", "在孵企业"),
        "Torch statistics"),
    of_firms("stock", of.FIRST_STRATUM + 4, "teams", "firms", ("Teams", "创业团队"), "Torch statistics"),
    counted("entries", "firms", ("Entries", "新设企业")),
    counted("exits_above_scale", "firms", ("Exits above scale", "规上企业退出")),
    counted("exits_small", "firms", ("Exits of small firms and teams", "小企业与团队退出")),
    counted("newly_above_scale", "firms", ("Net rise to above scale", "净升规企业"),
        "net of firms falling below the line"),
    of_firms("stock", of.PERFORMERS, "performers", "firms", ("Firms with R&D", "有研发活动企业"),
        "R&D communique"),
    of_firms("stock", of.BOUND, "bound_firms", "firms",
        ("Firms whose R&D is held down by money", "研发受资金约束企业")),
    of_firms("stock", of.CERTIFIED, "certified", "firms", ("Certified high-tech firms", "高新技术企业"),
        "Science and Technology Bureau, year end"),
    counted("certified_new", "firms", ("Newly certified", "新认定高新技术企业"), "certification lists"),
    counted("certified_renewed", "firms", ("Renewed certificates", "重新认定高新技术企业"),
        "certification lists"),
    of_firms("flow", of.CERTIFIED_SALES, "certified_sales", "yuan",
        ("Sales of certified firms", "高新技术企业收入"), "Jiangsu Tax Service, 2020"),
    of_firms("stock", of.REGISTERED, "registered_smes", "firms",
        ("Registered technology SMEs", "入库科技型中小企业"), "reply letter of 2020"),
    of_firms("flow", of.REAL_RD, "real_rd", "yuan",
        ("Real R&D, 2019 prices", "企业真实研发（2019年价）")),
    of_firms("flow", of.FIRM_RD, "firm_rd", "yuan", ("Reported R&D of firms", "企业研发（统计口径）"),
        "R&D communique, firms"),
    counted("institute_rd", "yuan", ("R&D of the city's institutes", "本地院所研发")),
    read_by("flow", "statistical_rd", "yuan", ("R&D of the city, as reported", "全社会研发投入"), city_rd,
        "R&D communique, city"),
    counted("claimed_rd", "yuan", ("R&D claimed for the tax deduction", "加计扣除申报研发费"),
        "Jiangsu Tax Service, 2020", "claimed"),
    counted("claimants", "firms", ("Firms claiming the deduction", "加计扣除申报企业"),
        "Jiangsu Tax Service, 2020"),
    of_firms("flow", of.RELABELLED, "relabelled", "yuan", ("Costs relabelled as R&D", "包装为研发的支出")),
    ratio("relabelled_share", "share", ("Relabelled share of reported R&D", "统计研发中的包装占比"),
        ("relabelled", "firm_rd")),
    read_by("flow", "gdp", "yuan", ("GDP (given from outside)", "地区生产总值（外生）"),
        lambda c: c.region.gdp[c.region.quarter] * c.region.traits.market.step, "city yearbook"),
    ratio("rd_to_gdp", "share", ("R&D / GDP", "研发投入占GDP比重"), ("statistical_rd", "gdp"),
        "R&D communique"),
    of_firms("stock", of.KNOWLEDGE, "knowledge", "yuan", ("Knowledge stock of firms", "企业知识存量")),
    read_by("stock", "research_price", "index", ("Price of research, 2019 = 1", "研发价格指数（2019=1）"),
        lambda c: c.price),
    read_by("stock", "tenants", "firms", ("Tenants of incubators", "孵化载体在孵数"),
        lambda c: float(c.region.incubators.tenants.sum()), "Torch statistics"),
    counted("graduates", "firms", ("Graduates of incubators", "毕业企业"), "Torch statistics"),
    counted("converted_teams", "firms", ("Teams turned into firms", "团队转化为企业")),
    counted("venture_rounds", "rounds", ("Venture rounds", "创投轮次")),
    counted("venture_money", "yuan", ("Venture money raised", "创投金额")),
    counted("venture_exits", "exits", ("Exits of investors", "创投退出")),
    read_by("stock", "rd_top_share", "share", ("Share of the top tenth in R&D", "前10%企业研发占比"),
        rd_concentration),
    read_by("stock", "patents_top_share", "share",
        ("Share of the top tenth in inventions", "前10%企业发明占比"), patent_concentration),
    read_by("stock", "award_gini", "index", ("Inequality of project awards (Gini)", "项目资助基尼系数"),
        award_inequality),
    of_firms("stock", of.TIED, "tied_firms", "firms",
        ("Firms with standing ties to institutes", "有稳定院所合作的企业"),
        "alliances, reply letter of 2020"),
    ratio("tied_share", "share", ("Performers with a standing tie", "研发企业中有稳定合作的占比"),
        ("tied_firms", "performers")),
    of_firms("stock", of.TIES, "ties", "yuan", ("Strength of ties to institutes", "院所合作关系强度")),
    ratio("mean_tie", "yuan", ("Mean tie of a performer", "研发企业平均合作强度"), ("ties", "performers")),
    read_by("flow", "public_outlay", "yuan", ("Public outlay", "财政支出"),
        lambda census: census.public('outlay')),
    read_by("flow", "tax_forgone", "yuan", ("Tax forgone", "减免税"),
        lambda census: census.public('forgone')),
    counted("tax_paid", "yuan", ("Corporate income tax paid", "企业所得税"), "tax service"),
    of_firms("flow", of.EDGE, "edge_sales", "yuan", ("Competitiveness times sales", "竞争力与销售之积")),
)  # fmt: skip

KEYS = tuple(outcome.key for outcome in CATALOGUE)
BY_KEY = {outcome.key: outcome for outcome in CATALOGUE}
"""Key -> Outcome; its order is the order of every array of outcomes."""

RATIOS, ABOVE, BELOW = np.array(
    [(KEYS.index(outcome.key), *map(KEYS.index, outcome.parts)) for outcome in CATALOGUE if outcome.parts is not None]
).T
"""Places of the ratios, and of what they divide, in KEYS; no ratio divides another."""

FLOWS = np.array([outcome.kind == "flow" for outcome in CATALOGUE])

HEADLINES = (
    "inventions_applied", "inventions_granted", "inventions_valid", "contracts", "joint_projects", "licences",
    "sales", "productivity", "certified", "performers", "real_rd", "firm_rd", "relabelled_share", "rd_to_gdp",
    "knowledge", "entries", "graduates", "venture_money",
)  # fmt: skip
"""What a comparison shows first."""


def read_quarter(region: Region, price: float, stocks: bool = True) -> Floats:
    """Every outcome of the quarter just lived, in the order of KEYS; ratios from the quarter's parts. Without `stocks` these and
    the ratios are nan, which is enough in quarters of which only yearly figures are wanted.
    """
    census = Census(region, price, stocks)
    found = np.array([each.read(census) if each.read and (stocks or each.kind == "flow") else np.nan for each in CATALOGUE])
    return with_ratios(found) if stocks else found


def read_groups(region: Region, price: float, breakdowns: Sequence[str]) -> dict[tuple[str, str], Floats]:
    """(breakdown, group) -> sums by measure of the survey, for the quarter just lived."""
    census = Census(region, price)
    found: dict[tuple[str, str], Floats] = {}
    for breakdown in breakdowns:
        group, names = of.groups_of(region, breakdown, census.certified)
        sums = census.by_group(group, len(names))
        found |= {(breakdown, name): sums[number] for number, name in enumerate(names)}
    return found


def with_ratios(values: Floats) -> Floats:
    """The same outcomes (last axis) with every ratio worked out; nan where the denominator is zero."""
    done = values.copy()
    below = done[..., BELOW]
    done[..., RATIOS] = done[..., ABOVE] / np.where(below == 0.0, np.nan, below)
    return done


def years_in(quarters: range) -> tuple[int, ...]:
    """Calendar years of which all four quarters are there."""
    return tuple(
        year for year in range(year_of(quarters.start), year_of(quarters.stop) + 1)
        if 4 * year in quarters and 4 * year + 3 in quarters
    )  # fmt: skip


def yearly(values: Floats, quarters: range) -> Floats:
    """(..., quarters, outcomes) -> (..., years, outcomes): flows added up, stocks at the end, then ratios."""
    years = years_in(quarters)
    found = np.full((*values.shape[:-2], len(years), len(KEYS)), np.nan)
    for place, year in enumerate(years):
        first = quarters.index(4 * year)
        four = values[..., first : first + 4, :]
        found[..., place, :] = np.where(FLOWS, four[..., 0, :] + four[..., 1, :] + four[..., 2, :] + four[..., 3, :], four[..., 3, :])
    return with_ratios(found)


def whole(values: Floats) -> Floats:
    """(..., quarters, outcomes) -> (..., outcomes): flows over all quarters; nan for stocks and ratios."""
    return np.where(FLOWS, values.sum(axis=-2), np.nan)


def whole_label(quarters: range) -> str:
    """The name of the whole period: 2020-2025, or 2020Q2-2021Q1 where it is not made of years."""
    first, last = quarters[0], quarters[-1]
    if first % 4 == 0 and last % 4 == 3:
        return f"{year_of(first)}-{year_of(last)}"
    return f"{quarter_label(first)}-{quarter_label(last)}"
