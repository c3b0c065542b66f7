"""The region at the start: one agent per real organisation, in five strata, matched to the published margins.

What a figure of the pack fixes is met by construction (quotas, scaling); what the pack does not know is drawn from a stated distribution.
`population_firms` draws the firms, `population_research` their R&D, `population_certificates` who is certified,
`population_knowledge` what they know and have patented.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .agents import incubator, institute, market
from .agents.fund import Funds
from .agents.incubator import Incubators
from .agents.institute import Institutes
from .agents.transfer_agency import Agencies
from .arithmetic import power
from .chance import Stream
from .columns import allocate
from .draws import quota, uniforms
from .parameters import Traits
from .policies.contract import Policy
from .population_certificates import certificates
from .population_firms import SHARE_COLUMNS, class_mix, draw_firms
from .population_research import draw_research, rd_outside_firms
from .region import Region

INSTITUTE_IDS = 1 << 50
CARRIER_IDS = 2 << 50
AGENCY_IDS = 3 << 50
FUND_IDS = 4 << 50


def start(
    pack: Any,
    policies: dict[str, Policy],
    traits: Traits,
    seed: int,
    first: int,
    last: int,
    scale: float = 1.0,
    path: int | None = None,
) -> Region:
    """A region at the end of the pack's initial quarter, ready to live its first one.

    first, last: first and last quarter that will be lived (for the path of GDP); scale: size of the population against the real one;
    path: number of the path of GDP, the seed's own if None.
    """
    firms = draw_firms(pack, seed, scale)
    region = Region(pack, policies, traits, seed, first, firms, draw_others(pack, seed, scale))
    region.relatedness = relatedness_matrix(pack)
    region.growth_weight = np.asarray(pack.table("sectors")["growth_weight"], np.float64)
    region.class_ladder = np.cumsum(class_mix(pack), axis=1)
    region.sector_ladder = np.cumsum(np.stack([pack.table("sectors")[column] for column in SHARE_COLUMNS]), axis=1)
    region.district_ladder = np.cumsum(pack.table("districts")["firm_share"])
    region.gdp = economy(pack, traits, seed if path is None else path, max(last, first), scale)
    region.age_hazard = age_hazards(pack)
    draw_research(region)
    certificates(region)
    house_tenants(region)
    identity = firms.identity
    region.rd_first = max(1.0, float(np.floor(firms.research.plan).sum()))
    region.small_first = float(((identity.stratum >= 2) & (identity.alive == 1)).sum())
    region.large_first = float(((identity.stratum <= 1) & (identity.alive == 1)).sum())
    region.held = opening = region.holdings()
    for sector, amount in opening.items():
        region.ledger.balance[sector] = amount
    region.ledger.balance["bank"] = -sum(opening.values())
    return region


def economy(pack: Any, traits: Traits, path: int, last: int, scale: float) -> dict[int, float]:
    """Quarter -> nominal GDP at a yearly pace, yuan, on one of its paths, from the pack's initial quarter to `last`."""
    found = market.gdp_path(pack, path, pack.initial_quarter, last, traits.environment.gdp_noise)
    return {quarter: scale * gdp for quarter, gdp in found.items()}


def relatedness_matrix(pack: Any) -> np.ndarray:
    """Relatedness of technology classes, classes x classes, between 0 and 1, the diagonal 1."""
    keys = [str(key) for key in pack.table("classes")["key"]]
    table = pack.table("relatedness")
    matrix = np.eye(len(keys))
    place = {key: number for number, key in enumerate(keys)}
    for one, other, value in zip(table["class_i"], table["class_j"], table["relatedness"], strict=True):
        matrix[place[str(one)], place[str(other)]] = float(value)
    return matrix


def age_hazards(pack: Any) -> np.ndarray:
    """Chance of closing in a quarter by year of life (registry of domestic firms), for years 1 to 12; the last holds on."""
    yearly = [pack["exit_hazard_year_1"], pack["exit_hazard_year_2"], pack["exit_hazard_year_3"]]
    yearly += [pack["exit_hazard_year_4_to_7"]] * 4 + [pack["exit_hazard_year_8_to_10"]] * 3 + [pack["exit_hazard_year_over_10"]]
    return np.array([1.0 - power(1.0 - hazard, 0.25) for hazard in yearly])


def class_index(pack: Any) -> dict[str, int]:
    """Key of a technology class -> its number."""
    return {str(key): number for number, key in enumerate(pack.table("classes")["key"])}


def main_class(listed: tuple[str, ...], classes: dict[str, int], row: int) -> int:
    """The class an organisation is strongest in: the first listed, or one by turns for a generalist."""
    return classes[listed[0]] if listed and listed[0] in classes else row % len(classes)


def draw_others(pack: Any, seed: int, scale: float) -> tuple[Institutes, Incubators, Funds, Agencies]:
    """Institutes, incubators, investors and agencies of the pack, one row each; places and capital follow the scale."""
    classes = class_index(pack)
    return (
        draw_institutes(pack, seed, classes, scale),
        draw_incubators(pack, classes, scale),
        draw_funds(pack, scale),
        draw_agencies(pack, classes),
    )


def draw_institutes(pack: Any, seed: int, classes: dict[str, int], scale: float) -> Institutes:
    """Universities and institutes; local ones share the city's R&D outside firms in proportion to their research stock."""
    source = pack.table("institutes")
    table = allocate(Institutes, len(source["id"]))
    table.id[:] = INSTITUTE_IDS + np.arange(len(table.id))
    table.kind[:] = [institute.KINDS.index(str(kind)) for kind in source["kind"]]
    table.tech_class[:] = [main_class(listed, classes, row) for row, listed in enumerate(source["classes"])]
    table.local[:] = [
        1 if str(place) == pack.name or kind == "new_type" else 0 for place, kind in zip(source["place"], source["kind"], strict=True)
    ]
    table.distance[:] = source["distance_km"]
    table.stock[:] = np.asarray(source["research_stock"], np.float64)
    table.first_stock[:] = table.stock
    table.slots[:] = np.asarray(source["capacity"], np.float64) * scale + uniforms(seed, Stream.OPENING, table.id)
    table.capacity[:] = np.asarray(source["capacity"], np.float64) * scale
    table.office[:] = source["office_strength"]
    local = table.local == 1
    own = rd_outside_firms(pack) * scale
    table.block[:] = np.where(local, own * table.stock / max(float(table.stock[local].sum()), 1.0), 0.15 * scale * table.stock)
    table.inventions[:] = np.floor(0.5 + 2.0 * table.block / 1e7 * (0.5 + table.office))
    return table


def draw_incubators(pack: Any, classes: dict[str, int], scale: float) -> Incubators:
    """Carriers and maker spaces with their places."""
    source = pack.table("carriers")
    districts = [str(key) for key in pack.table("districts")["key"]]
    table = allocate(Incubators, len(source["id"]))
    table.id[:] = CARRIER_IDS + np.arange(len(table.id))
    table.stage[:] = [incubator.STAGES.index(str(stage)) for stage in source["stage"]]
    table.level[:] = [{"national": 0, "provincial": 1}.get(str(level), 2) for level in source["level"]]
    table.district[:] = [districts.index(str(district)) for district in source["district"]]
    table.focus[:] = [classes.get(str(focus), -1) for focus in source["focus_class"]]
    table.places[:] = np.floor(np.asarray(source["places"], np.float64) * scale + 0.5)
    table.quality[:] = source["quality"]
    table.area[:] = source["area_m2"]
    return table


def draw_funds(pack: Any, scale: float) -> Funds:
    """Angels, venture funds and the guidance fund."""
    source = pack.table("investors")
    table = allocate(Funds, len(source["id"]))
    table.id[:] = FUND_IDS + np.arange(len(table.id))
    table.kind[:] = [0 if str(kind).startswith("angel") else 2 if "guidance" in str(kind) else 1 for kind in source["kind"]]
    table.committed[:] = np.asarray(source["committed"], np.float64) * scale
    table.called[:] = np.asarray(source["called"], np.float64) * scale
    table.public_share[:] = source["public_share"]
    return table


def draw_agencies(pack: Any, classes: dict[str, int]) -> Agencies:
    """Transfer organisations."""
    source = pack.table("agencies")
    table = allocate(Agencies, len(source["id"]))
    table.id[:] = AGENCY_IDS + np.arange(len(table.id))
    table.tech_class[:] = [main_class(listed, classes, row) for row, listed in enumerate(source["classes"])]
    table.reach[:] = source["reach"]
    table.fee[:] = source["fee_share"]
    return table


def house_tenants(region: Region) -> None:
    """Give every tenant firm and team a carrier: teams in maker spaces first, in proportion to places."""
    identity, ventures, carriers = region.firms.identity, region.firms.ventures, region.incubators
    for stratum, stages in ((4, (incubator.MAKER_SPACE,)), (3, (incubator.INCUBATOR, incubator.ACCELERATOR, incubator.PARK))):
        rows = np.flatnonzero((identity.alive == 1) & (identity.stratum == stratum))
        chances = uniforms(region.seed, Stream.POPULATION_R, identity.id[rows])
        open_places = np.where(np.isin(carriers.stage, stages), carriers.places - carriers.tenants, 0.0)
        if open_places.sum() < len(rows):
            open_places = np.maximum(0.0, carriers.places - carriers.tenants)
        chosen = quota(np.maximum(open_places, 1e-9), chances)
        ventures.carrier[rows] = chosen
        stay = uniforms(region.seed, Stream.POPULATION_S, identity.id[rows])
        ventures.admitted[rows] = np.maximum(identity.born[rows], region.pack.initial_quarter - np.floor(stay * 13).astype(np.int64))
        carriers.tenants[:] += np.bincount(chosen, minlength=len(carriers.places))
