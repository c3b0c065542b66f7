"""What every region pack must hold, and what the Nantong pack says."""

import subprocess
import sys

import numpy as np
import pytest

from ecosim import regions
from ecosim.errors import DataError, SpecError
from ecosim.quantity import parse_quarter

LAST_YEAR_OF_DATA = 2020
PACKS = [regions.load(name) for name in regions.names()]
every_pack = pytest.mark.parametrize("pack", PACKS, ids=regions.names())


@pytest.fixture
def nantong():
    return regions.load("nantong")


@pytest.fixture
def sandbox():
    return regions.load("sandbox")


def test_an_unknown_region_is_refused_with_the_known_ones():
    with pytest.raises(SpecError, match="Did you mean 'nantong'"):
        regions.load("nantnog")
    with pytest.raises(SpecError, match="Known are nantong, sandbox"):
        regions.load("Atlantis")


@pytest.mark.parametrize("name", ["", "..", "nantong/../nantong", "README.md"])
def test_a_region_is_a_name_and_not_a_path(name):
    with pytest.raises(SpecError, match="no region pack"):
        regions.load(name)


def test_an_unknown_figure_or_table_is_refused_with_the_nearest(nantong):
    with pytest.raises(DataError, match="Did you mean 'hightech_firms_2019'"):
        nantong["hightech_firm_2019"]
    with pytest.raises(DataError, match="Did you mean 'sectors'"):
        nantong.table("sector")


def test_reading_packs_needs_no_pandas():
    code = "import sys, ecosim.regions as r; r.load('sandbox'); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@every_pack
def test_columns_cannot_be_written(pack):
    with pytest.raises(ValueError, match="read-only"):
        pack.table("sectors")["share_sme"][0] = 1
    with pytest.raises(TypeError):
        pack.figures["gdp_2019"] = None


@every_pack
def test_every_figure_says_unit_source_and_both_labels(pack):
    for figure in pack.figures.values():
        assert figure.unit and figure.source and figure.label_en and figure.label_zh, figure.key


@every_pack
def test_every_assumed_number_has_a_range(pack):
    for name, table in pack.tables.items():
        if "grade" not in table:
            origin = pack.origins[name]
            assert origin.unit and origin.source, name
            assert origin.grade != "assumed" or origin.uncertainty > 0, name
            continue
        width = table["uncertainty"] if "uncertainty" in table else _widths(table)
        assumed = np.array([grade == "assumed" for grade in table["grade"]])
        assert (np.asarray(width)[assumed] > 0).all(), name


def _widths(table):
    for stem in ("", "committed_", "nominal_growth_"):
        if f"{stem}low" in table:
            return table[f"{stem}high"] - table[f"{stem}low"]
    return np.zeros(len(table["grade"]))


@every_pack
def test_no_number_is_from_after_2020_except_targets_and_forecasts(pack):
    late = [key for key, figure in pack.figures.items() if figure.year > LAST_YEAR_OF_DATA]
    assert all(key.startswith("target_") for key in late)
    for name, table in pack.tables.items():
        if "year" in table and name != "growth":
            assert table["year"].max() <= LAST_YEAR_OF_DATA, name
    assert max(pack.table("environment")["quarter"]) <= parse_quarter("2020Q4")
    assert all(known <= "2021-03" for known in pack.table("growth")["known_by"])


@every_pack
@pytest.mark.parametrize(
    ("table", "column"),
    [("sectors", column) for column in ("firms_share", "revenue_share", "share_industrial", "share_other")]
    + [("sectors", "share_sme"), ("sectors", "share_tenant"), ("classes", "share_national")]
    + [("districts", "firm_share"), ("districts", "carrier_share")],
)
def test_shares_sum_to_one(pack, table, column):
    shares = pack.table(table)[column]
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1, abs=1e-9)


@every_pack
def test_ratios_to_the_mean_have_mean_one(pack):
    sectors = pack.table("sectors")
    for column in ("rd_intensity_relative", "growth_weight"):
        assert sectors["revenue_share"] @ sectors[column] == pytest.approx(1, abs=1e-5), column


@every_pack
def test_the_mix_of_every_sector_names_every_class_and_sums_to_one(pack):
    mix, classes = pack.table("sector_classes"), pack.table("classes")["key"]
    for sector in pack.table("sectors")["key"]:
        own = np.array([name == sector for name in mix["sector"]])
        assert sorted(np.array(mix["class"])[own]) == sorted(classes)
        assert mix["weight"][own].sum() == pytest.approx(1, abs=1e-9), sector
    assert set(mix["sector"]) == set(pack.table("sectors")["key"])


@every_pack
def test_relatedness_is_complete_symmetric_and_one_with_itself(pack):
    classes, pairs = pack.table("classes")["key"], pack.table("relatedness")
    found = dict(zip(zip(pairs["class_i"], pairs["class_j"], strict=True), pairs["relatedness"], strict=True))
    matrix = np.array([[found[i, j] for j in classes] for i in classes])
    assert len(found) == len(classes) ** 2
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 1).all()
    assert (matrix > 0).all() and matrix.max() == 1
    assert list(pack.table("classes")["index"]) == list(range(len(classes)))


@every_pack
def test_tables_refer_to_rows_that_exist(pack):
    classes = {*pack.table("classes")["key"], "general"}
    for name in ("institutes", "agencies"):
        assert all(found and classes.issuperset(found) for found in pack.table(name)["classes"]), name
    assert classes.issuperset(pack.table("carriers")["focus_class"])
    assert set(pack.table("districts")["key"]).issuperset(pack.table("carriers")["district"])
    assert {pack.name, *pack.table("pools")["place"]}.issuperset(pack.table("institutes")["place"])


@every_pack
def test_tables_have_as_many_rows_as_the_published_counts(pack):
    kinds = list(pack.table("institutes")["kind"])
    levels = list(pack.table("carriers")["level"])
    assert len(kinds) - kinds.count("new_type") == pack["partners"]
    assert kinds.count("new_type") == pack["new_institutes"]
    assert levels.count("national") == pack["carriers_national"]
    assert levels.count("provincial") == pack["carriers_provincial"]
    assert levels.count("platform") == pack["makerspaces"]
    assert len(pack.table("agencies")["id"]) == pack["transfer_agencies"]
    assert list(pack.table("investors")["kind"]).count("guidance") == 1


@every_pack
def test_carriers_fill_the_published_floor_and_have_room_for_all_tenants(pack):
    carriers, districts = pack.table("carriers"), pack.table("districts")
    assert carriers["area_m2"].sum() == pytest.approx(pack["incubation_area"], abs=0.5)
    assert carriers["area_m2"].min() > 0
    assert carriers["places"].sum() >= pack["tenants_and_teams_2019"]
    located = [carriers["district"].count(key) / len(carriers["id"]) for key in districts["key"]]
    assert districts["carrier_share"] == pytest.approx(located, abs=1e-4)


@every_pack
def test_numbers_lie_where_their_units_allow(pack):
    for name, column in (("institutes", "office_strength"), ("carriers", "quality"), ("agencies", "reach"),
                         ("agencies", "fee_share"), ("investors", "public_share")):  # fmt: skip
        assert (pack.table(name)[column] >= 0).all() and (pack.table(name)[column] <= 1).all(), (name, column)
    assert (pack.table("institutes")["capacity"] >= 1).all()
    assert (pack.table("investors")["called"] <= pack.table("investors")["committed"]).all()


@every_pack
def test_demand_of_2019_averages_one(pack):
    environment = pack.table("environment")
    assert list(environment["quarter"]) == list(range(parse_quarter("2019Q1"), parse_quarter("2020Q4") + 1))
    assert environment["demand_index"][:4].mean() == pytest.approx(1, abs=1e-9)


@every_pack
def test_moments_lie_within_their_intervals(pack):
    moments = pack.table("moments")
    assert (moments["low"] < moments["value"]).all() and (moments["value"] < moments["high"]).all()
    assert set(moments["kind"]) == {"stock", "change", "shape"}


@every_pack
def test_strata_add_up(pack):
    assert pack["teams_2019"] + pack["tenant_firms_2019"] == pack["tenants_and_teams_2019"]
    central, local = pack.statute.central_tax_share, pack.statute.local_tax_share
    assert central.at(pack.initial_quarter) + local.at(pack.initial_quarter) == pytest.approx(1)


def agents(pack):
    strata = ("industrial_firms", "other_above_scale_firms", "registered_sme_2019")
    return sum(pack[key] for key in (*strata, "unregistered_technology_firms", "tenants_and_teams_2019"))


def test_nantong_has_171_institutes_159_carriers_and_53_agencies(nantong):
    found = [len(nantong.table(name)["id"]) for name in ("institutes", "carriers", "agencies")]
    assert found == [171, 159, 53]
    assert 10_000 <= agents(nantong) <= 12_000
    assert len(nantong.table("classes")["key"]) == 29


def test_nantong_is_not_fictional_and_the_sandbox_is(nantong, sandbox):
    assert not nantong.fictional
    assert {figure.grade for figure in nantong.figures.values()} == {"A", "B", "C", "D", "assumed"}
    assert sandbox.fictional and "fictional" in sandbox.label_en
    assert {figure.grade for figure in sandbox.figures.values()} == {"fictional"}
    assert agents(sandbox) == 60


def test_the_sandbox_has_every_figure_of_nantong(nantong, sandbox):
    assert sandbox.figures.keys() == nantong.figures.keys()


def test_derived_figures_follow_from_the_published_ones(nantong):
    assert nantong["rd_2019"] == pytest.approx(nantong["rd_2020"] / (1 + nantong["rd_growth_2020"]), rel=1e-3)
    assert nantong["gdp_2019"] == pytest.approx(nantong["rd_2019"] / nantong["rd_gdp_2019"], rel=1e-3)
    assert nantong["rd_gdp_2020"] == pytest.approx(nantong["rd_2020"] / nantong["gdp_2020"], abs=1e-4)
    assert nantong["hightech_change_2020"] == nantong["hightech_firms_2020"] - nantong["hightech_firms_2019"]
    mean = nantong["certified_revenue_median"] * np.exp(nantong["certified_revenue_sigma"] ** 2 / 2)
    assert mean == pytest.approx(nantong["certified_revenue_mean"], rel=0.01)


def test_the_odds_of_research_give_the_assumed_share_of_active_firms(nantong):
    total = 0.0
    for size in ("large", "medium", "small", "micro"):
        active = nantong[f"rd_active_share_{size}"]
        odds = active / (1 - active) * nantong["rd_active_odds_scale"]
        total += nantong[f"size_share_{size}"] * odds / (1 + odds)
    assert total == pytest.approx(nantong["rd_active_share_2019"], abs=1e-3)


def test_demand_of_2020_averages_the_growth_of_gdp(nantong):
    index = nantong.table("environment")["demand_index"]
    assert index[4:].mean() == pytest.approx(nantong["gdp_2020"] / nantong["gdp_2019"], abs=1e-4)
    assert index[4] == index.min()


def test_six_key_industries_have_their_published_shares(nantong):
    sectors = nantong.table("sectors")
    assert sectors["share_industrial"][:6].sum() == pytest.approx(2362 / 5217, abs=0.002)
    industry = sectors["revenue_share"][[kind == "industry" for kind in sectors["kind"]]]
    published = nantong["key_industry_output_share_2017"]
    assert industry[:6].sum() / industry.sum() == pytest.approx(published, abs=0.001)


@pytest.mark.parametrize(
    ("quarter", "first", "second"),
    [("2019Q1", 0.05, 0.10), ("2020Q4", 0.05, 0.10), ("2021Q1", 0.025, 0.10), ("2022Q4", 0.025, 0.05),
     ("2023Q1", 0.05, 0.05), ("2025Q4", 0.05, 0.05)],
)  # fmt: skip
def test_a_small_firm_pays_the_rate_of_its_year(nantong, quarter, first, second):
    assert nantong.statute.small_rate_first.at(parse_quarter(quarter)) == first
    assert nantong.statute.small_rate_second.at(parse_quarter(quarter)) == second


def test_the_small_rates_are_unknown_before_their_first_date(nantong):
    with pytest.raises(ValueError, match="no value before 2019Q1"):
        nantong.statute.small_rate_first.at(parse_quarter("2018Q4"))


def test_an_invention_costs_4605_yuan_to_the_end_of_its_first_year(nantong):
    law, quarter = nantong.statute, nantong.initial_quarter
    fees = (law.patent_filing_fee, law.patent_examination_fee, law.patent_registration_fee)
    assert sum(fee.at(quarter) for fee in fees) + law.invention_annual_fee.in_year(1) == 4605


def test_annual_fees_end_with_the_life_of_the_patent(nantong):
    assert nantong.statute.invention_annual_fee.in_year(20) == 8000
    with pytest.raises(ValueError, match="lives 1 to 10 years, not 11"):
        nantong.statute.utility_annual_fee.in_year(11)


def test_every_provision_of_the_law_names_its_source(nantong):
    provisions = dict(vars(nantong.statute))
    provisions.update(provisions.pop("reference"))
    for name, entry in provisions.items():
        assert entry.unit and entry.source and entry.grade in {"A", "B", "C", "D"}, name
