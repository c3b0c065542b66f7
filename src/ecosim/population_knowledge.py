"""Knowledge at the start: its steady state, the patents held, and the projects, needs and ties under way."""

from __future__ import annotations

import numpy as np

from .agents.firm import TEAM
from .agents.firm_patents import worths
from .arithmetic import exp, log
from .chance import Stream
from .draws import exps, logs, normals, uniforms
from .population_firms import real_size
from .population_projects import begin_projects, usual_projects
from .region import Region

MILLION = 1e6


def accumulate(region: Region, living: np.ndarray) -> None:
    """Knowledge at its steady state, patents at the level the city is believed to hold, projects and needs under way."""
    usual = usual_projects(region, region.firms.research.plan)
    fill_knowledge(region, living, usual.research)
    fill_patents(region, living)
    begin_projects(region, living, usual)
    meet_needs(region, living)


def fill_knowledge(region: Region, living: np.ndarray, in_projects: np.ndarray) -> None:
    """Stocks at which R&D, projects and spill-overs make up for what fades, in step with R&D that grows as in the years before.

    in_projects: research in projects, yuan a year, by row.
    """
    firms, know, pack = region.firms, region.traits.knowledge, region.pack
    rate = (firms.research.rd + in_projects)[living] * know.step
    growth = 0.25 * know.step * log(pack["rd_2019"] / pack["rd_2015"])
    stock = np.maximum(know.floor, rate / (know.fade + growth))
    for _ in range(4):
        capacity = stock / (stock + know.absorption)
        stock = np.maximum(know.floor, rate / np.maximum(0.01, know.fade + growth - know.spill * capacity))
    stock = np.maximum(know.floor, stock * exps(0.3 * normals(region.seed, Stream.POPULATION_D, firms.identity.id[living], 1)))
    firms.knowledge.knowledge[living] = stock
    firms.knowledge.reference[living] = stock


def fill_patents(region: Region, living: np.ndarray) -> None:
    """Patents in force and pending, in proportion to each firm's usual filings; inventions add up to those firms hold in the city."""
    firms, patents, pack = region.firms, region.traits.patents, region.pack
    knowledge, ids = firms.knowledge, firms.identity.id[living]
    lean = leanings(region, ids)
    level = usual_filings(region, living, lean)
    held_share = 0.85
    in_force = pack["invention_stock_2019"] * held_share * living.size / real_size(region) * exp(patents.level)
    flow = patents.invention_part * level * patents.step
    stocks = flow * patents.grant_rate / (patents.lapse + 0.04)
    offset = log(in_force / float(stocks.sum())) - patents.level
    region.patent_offset = offset
    knowledge.propensity[living] = lean + offset
    factor = exp(offset + patents.level)
    jitter = exps(0.3 * normals(region.seed, Stream.PATENT_COUNT, ids, 1) - 0.045)
    knowledge.inventions[living] = np.floor(stocks * factor * jitter + uniforms(region.seed, Stream.PATENT_GRANT, ids, 1))
    knowledge.pending[living] = np.floor(flow * factor / patents.conclusion + uniforms(region.seed, Stream.PATENT_NOISE, ids, 1))
    models = level * factor * (1.0 - patents.invention_part) * patents.step / (patents.lapse_utility + 0.04)
    knowledge.utility[living] = np.floor(models * jitter + uniforms(region.seed, Stream.UTILITY_COUNT, ids, 1))
    knowledge.value[living] = worths(knowledge.inventions[living], ids, patents, region.seed, 0)
    holds = np.flatnonzero((firms.books.pursues[living] == 1) & (knowledge.inventions[living] + knowledge.utility[living] < 0.5))
    knowledge.utility[living[holds]] = 1.0


def leanings(region: Region, ids: np.ndarray) -> np.ndarray:
    """How much more or less than others with the same R&D each firm files, ln; one in five keeps its inventions secret."""
    secret = uniforms(region.seed, Stream.POPULATION_E, ids, 1) < 0.20
    found: np.ndarray = 0.9 * normals(region.seed, Stream.POPULATION_F, ids, 1) - 3.0 * secret
    return found


def usual_filings(region: Region, living: np.ndarray, lean: np.ndarray) -> np.ndarray:
    """Filings a year expected from R&D, knowledge and leaning, up to a factor common to all firms."""
    patents, research = region.traits.patents, region.firms.research
    stock = region.firms.knowledge.knowledge[living]
    spent = np.maximum(research.rd[living], patents.idle_rd)
    return exps(
        patents.rd_power * logs(spent / MILLION) + patents.stock_power * logs(stock / MILLION) + lean + 0.5 * patents.noise * patents.noise
    )


def meet_needs(region: Region, living: np.ndarray) -> None:
    """Needs for research services, fees known, and connections and ties to institutes."""
    firms, traits = region.firms, region.traits.services
    ventures, ids = firms.ventures, firms.identity.id[living]
    performs, not_team = firms.research.performer[living] == 1, firms.identity.stratum[living] != TEAM
    ventures.connection[living] = normals(region.seed, Stream.POPULATION_G, ids, 1)
    needs = (uniforms(region.seed, Stream.NEED_ARRIVES, ids, 1) < np.where(performs, 0.5, 0.25)) & not_team
    size = exps(traits.size_power * logs(np.maximum(1.0, firms.research.plan[living] / traits.million)))
    value = size * traits.value * exps(traits.value_spread * normals(region.seed, Stream.NEED_VALUE, ids, 1))
    ventures.need[living] = np.where(needs, value, 0.0)
    ventures.fee[living] = size * traits.fee
    ventures.need_kind[living] = uniforms(region.seed, Stream.NEED_KIND, ids, 1) >= traits.instruments_part
    tied = (uniforms(region.seed, Stream.SEARCH, ids, 1) < 0.2) & performs
    ventures.tie[living] = np.where(tied, 200_000.0 * exps(0.8 * normals(region.seed, Stream.MATCH_TASTE, ids, 1)), 0.0)
