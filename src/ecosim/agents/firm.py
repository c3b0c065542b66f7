"""The firm's state: what one row of the firm tables holds. The rules are in the files firm_*.py, one decision each."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from ..columns import Codes, Flags, Floats, Ints, Quarters, code, flag, identity, moment, number, trait

INDUSTRIAL, OTHER, SME, TENANT, TEAM = range(5)
STRATA = ("industrial", "other_above_scale", "technology_sme", "tenant", "team")

INSTRUMENTS, CONTRACT_RESEARCH = range(2)
SERVICE_KINDS = ("instruments", "contract_research")


class Identity(NamedTuple):
    """Who the firm is and where it stands."""

    id: Annotated[Ints, identity("identity, never used again")]
    alive: Annotated[Flags, flag("in business")]
    stratum: Annotated[Codes, code("0 above-scale industrial, 1 other above-scale, 2 technology SME, 3 tenant firm, 4 team")]
    sector: Annotated[Codes, code("sector of the region pack")]
    tech_class: Annotated[Codes, code("main technology class")]
    second_class: Annotated[Codes, code("second technology class")]
    district: Annotated[Codes, code("district of the region pack")]
    manufacturing: Annotated[Flags, flag("more than half of income from manufacturing")]
    registered: Annotated[Flags, flag("on the register of technology SMEs")]
    born: Annotated[Quarters, moment("quarter of foundation")]


class Market(NamedTuple):
    """What the firm sells and how it stands against others."""

    sales: Annotated[Floats, number("yuan/year", "sales at this quarter's pace")]
    anchor: Annotated[Floats, trait("ln yuan/year", "log of the size its sales are drawn back to")]
    fitness: Annotated[Floats, trait("ln", "passing competitiveness that does not come from knowledge")]
    vintage: Annotated[Floats, trait("ln", "competitiveness that the technology of its founding gives it, 0 for those there at the start")]
    edge: Annotated[Floats, trait("ln", "competitiveness over that of its sector")]
    profit: Annotated[Floats, trait("yuan/year", "operating profit before R&D, at this quarter's pace")]
    markup: Annotated[
        Floats, trait("share of sales", "margin beyond the common one, by which research-intensive products pay for research")
    ]
    employees: Annotated[Floats, trait("persons", "staff")]
    staffing: Annotated[Floats, trait("ln persons", "log of the staff it wants beyond research, at a sale of one yuan and par knowledge")]


class Money(NamedTuple):
    """What the firm has and owes."""

    cash: Annotated[Floats, number("yuan", "deposit at the bank")]
    debt: Annotated[Floats, number("yuan", "bank loans")]
    working_capital: Annotated[Floats, number("yuan", "receivables and stocks, financed by the firm")]
    net: Annotated[Floats, number("yuan", "payments received less payments made this quarter, settled at its end")]
    losses: Annotated[Floats, number("yuan", "tax losses carried forward")]
    loss_age: Annotated[Floats, trait("years", "mean age of the tax losses carried forward")]
    stake: Annotated[Floats, number("share", "share of the firm that investors hold")]


class Research(NamedTuple):
    """What the firm spends to find out."""

    performer: Annotated[Flags, flag("does R&D")]
    startup: Annotated[Flags, flag("technology start-up: plans R&D in money, not as a share of sales")]
    intensity: Annotated[Floats, trait("share of sales", "R&D it would choose at the reference user cost")]
    start_taste: Annotated[Floats, trait("ln", "lasting inclination to do R&D")]
    start_shift: Annotated[Floats, trait("ln", "passing inclination to do R&D")]
    plan: Annotated[Floats, number("yuan/year", "R&D plan, at this year's prices")]
    rd: Annotated[Floats, number("yuan/year", "real R&D at this quarter's pace, without projects")]
    relabelled: Annotated[Floats, number("yuan/year", "other costs reported as R&D")]
    raised: Annotated[Floats, trait("yuan/year", "R&D above the plan, done for the certificate and let go slowly")]
    topup: Annotated[Floats, trait("share of sales", "real R&D added to reach the certificate's threshold")]
    relabel_share: Annotated[Floats, trait("share of sales", "costs relabelled to reach the certificate's threshold")]
    bound: Annotated[Flags, flag("R&D held down by money this quarter")]
    centre: Annotated[Flags, flag("runs an R&D centre: 0 none, 1 city, 2 provincial, 3 national")]


class Books(NamedTuple):
    """The year's books, as tax office, certification and statistics see them; year 1 is the last closed one."""

    sales_year: Annotated[Floats, number("yuan", "sales of the year so far")]
    profit_year: Annotated[Floats, number("yuan", "profit after R&D and interest of the year so far, before tax")]
    rd_year: Annotated[Floats, number("yuan", "real R&D of the year so far")]
    reported_year: Annotated[Floats, number("yuan", "statistical R&D of the year so far: real plus relabelled")]
    claimed_year: Annotated[Floats, number("yuan", "R&D claimed for the tax deduction, last settled year")]
    sales_1: Annotated[Floats, number("yuan", "sales, last year")]
    sales_2: Annotated[Floats, number("yuan", "sales, two years ago")]
    reported_1: Annotated[Floats, number("yuan", "statistical R&D, last year")]
    reported_2: Annotated[Floats, number("yuan", "statistical R&D, two years ago")]
    taxable: Annotated[Floats, number("yuan", "taxable income of the last settled year before the R&D deduction")]
    expected: Annotated[Floats, trait("share of sales", "taxable income after all deductions that it expects, from the years settled")]
    income_share: Annotated[Floats, trait("share", "high-tech products in income")]
    staff_share: Annotated[Floats, trait("share", "science and technology staff")]
    relabel_cost: Annotated[Floats, trait("1", "steepness of the cost of relabelling")]
    certify_cost: Annotated[Floats, trait("yuan", "cost of preparing a certification file")]
    considered: Annotated[Flags, flag("has ever considered a certificate")]
    pursues: Annotated[Flags, flag("works towards a certificate")]


class Knowledge(NamedTuple):
    """What the firm knows and has protected."""

    knowledge: Annotated[Floats, number("yuan", "knowledge stock")]
    reference: Annotated[Floats, number("yuan", "knowledge stock at which it stands level with its sector")]
    learning: Annotated[Floats, number("yuan/year", "knowledge bought or absorbed beyond own R&D at this quarter's pace")]
    propensity: Annotated[Floats, trait("ln", "inclination to patent")]
    pending: Annotated[Floats, trait("patents", "invention applications under examination")]
    inventions: Annotated[Floats, trait("patents", "invention patents in force")]
    utility: Annotated[Floats, trait("patents", "utility models in force")]
    value: Annotated[Floats, number("yuan", "private value of the invention patents in force")]
    applied: Annotated[Floats, trait("patents", "invention applications of this quarter")]
    applied_utility: Annotated[Floats, trait("patents", "utility models filed this quarter")]
    granted: Annotated[Floats, trait("patents", "invention patents granted this quarter")]


class Ventures(NamedTuple):
    """Projects, needs for outside research, ties and tenancy."""

    project: Annotated[Floats, number("yuan", "cost of the indivisible project that waits or runs; 0 is none")]
    project_left: Annotated[Floats, number("yuan", "what the rest of the running project costs; 0 where none runs")]
    project_worth: Annotated[Floats, trait("1", "value of that project to the firm over its cost")]
    project_rd: Annotated[Floats, number("yuan", "research done in the running project this quarter")]
    awards: Annotated[Floats, trait("awards", "project awards won so far")]
    connection: Annotated[Floats, trait("1", "acquaintance with those who award")]
    need: Annotated[Floats, number("yuan", "value of the research service it could use; 0 is none")]
    need_kind: Annotated[Flags, flag("kind of service: 0 instruments and testing, 1 contract research")]
    fee: Annotated[Floats, number("yuan", "fee of that service")]
    service: Annotated[Floats, number("yuan", "service bought this quarter, value")]
    tie: Annotated[Floats, number("yuan", "strength of ties to institutes: past contract value, fading")]
    partner: Annotated[Codes, code("institute it last worked with")]
    received: Annotated[Floats, number("yuan", "project grants received this quarter")]
    begun: Annotated[Quarters, moment("quarter in which a project was last begun")]
    done: Annotated[Quarters, moment("quarter in which a project was last carried out")]
    carrier: Annotated[Codes, code("incubator it is housed in")]
    admitted: Annotated[Quarters, moment("quarter of admission to the incubator")]
    funded: Annotated[Quarters, moment("quarter of the last venture round")]


class Firms(NamedTuple):
    """All firm tables, row by row the same firm."""

    identity: Identity
    market: Market
    money: Money
    research: Research
    books: Books
    knowledge: Knowledge
    ventures: Ventures


TABLES = (Identity, Market, Money, Research, Books, Knowledge, Ventures)
"""The tables in the order of `Firms`."""
