"""Exit by age of Chinese firms (SAIC 2013): a hazard that peaks in the third year, and the ages of firms.

The register: 13.2 million domestic firms set up 2000-2012. Here: life table of technology SMEs and tenant firms over five years;
exit rate, share within five years of life and mean age at exit of all firms; ages of technology SMEs, as tenants, more than half of the
small firms here and hardly any of the register's, are young by the rules of carriers. The hazards by age and the ages at the start entered
the rules.
A regularity needs no control.
"""

from __future__ import annotations

from ..lab import Lab
from ..study import Reading, Row, Source
from ..watched import readings

SOURCE = Source(
    "State Administration for Industry and Commerce (2013), report on the survival of domestic firms",
    "China 2000-2012",
    "register",
    "second-hand press reports, consistent with each other",
)

ASSUMED = "band assumed in the region's moments"
ROWS = (
    Row("S8", "Exit in the third year", "企业第3年退出率", "band", 0.095, 0.08, 0.105, "share a year", "register; band proposed"),
    Row("S8.first_year", "Exit in the first year", "企业第1年退出率", "band", 0.016, 0.012, 0.02, "share a year", ASSUMED),
    Row("S8.second_year", "Exit in the second year", "企业第2年退出率", "band", 0.063, 0.055, 0.07, "share a year", ASSUMED),
    Row("S8.later", "Exit in years 4 to 7", "企业第4-7年退出率", "band", 0.085, 0.08, 0.095, "share a year", ASSUMED),
    Row("S8.all", "Exit rate of all firms", "企业总退出率", "band", 0.0775, 0.062, 0.093, "share a year", "2008 and 2012 as ends"),
    Row("S8.within_five", "Exits within five years of life", "五年内退出占比", "band", 0.591, 0.53, 0.65, "share of exits", ASSUMED),
    Row("S8.mean_age", "Mean age at exit", "退出企业平均寿命", "band", 6.09, 5.3, 6.9, "years", ASSUMED),
    Row("S8.under_five", "Firms younger than 5 years", "5年以下企业占比", "band", 0.494, 0.424, 0.564, "share of firms", ASSUMED),
    Row("S8.five_to_ten", "Firms of 5 to 10 years", "5-10年企业占比", "band", 0.329, 0.269, 0.389, "share of firms", ASSUMED),
    Row("S8.over_ten", "Firms older than 10 years", "10年以上企业占比", "band", 0.177, 0.127, 0.227, "share of firms", ASSUMED),
)

MEASURES = {
    "S8": "exit_hazard_year_3",
    "S8.first_year": "exit_hazard_year_1",
    "S8.second_year": "exit_hazard_year_2",
    "S8.later": "exit_hazard_year_4_to_7",
    "S8.all": "exit_rate_all",
    "S8.within_five": "exit_share_within_5_years",
    "S8.mean_age": "exit_age_mean",
    "S8.under_five": "age_share_under_5",
    "S8.five_to_ten": "age_share_5_to_10",
    "S8.over_ten": "age_share_over_10",
}


def experiment(lab: Lab) -> dict[str, Reading]:
    """All rows from one history."""
    return readings(lab, MEASURES)
