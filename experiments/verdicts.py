"""Run the questions and write what they find into their READMEs: `python experiments/verdicts.py [NAME ...] [--out DIR]`.

Each sweep is kept in DIR/NAME-PLAN (out/NAME-PLAN) and goes on where it stopped. Everything between the marks of a README is written here.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ecosim import document
from ecosim.experiments.comparing import compare_sweep
from ecosim.experiments.discovery import discover
from ecosim.experiments.frames import factors_of, named
from ecosim.experiments.optimisation import optimise
from ecosim.experiments.plan import load_plan
from ecosim.experiments.results import SweepResults
from ecosim.experiments.robustness import robust
from ecosim.experiments.sensitivity import sensitivity
from ecosim.experiments.sweeping import sweep
from ecosim.outcomes import BY_KEY
from ecosim.report.labels import number_text, percent_text, scale_of, signed_text, yuan_text

FOLDER = Path(__file__).resolve().parent
TARGETS = ["rd_gdp@2025 >= 3%", "hightech_firms@2025 >= 4000"]
HUNDRED_MILLION = 1e8
MOST_ROWS = 12

Row = dict[str, object]
Swept = Callable[[str], SweepResults]


def setting(row: Row) -> str:
    """A setting without its scenario."""
    return named(row, [name for name in factors_of(pd.DataFrame([row])) if name.startswith(("policies.", "parameters."))]).partition(", ")[
        2
    ]


def amount(key: str, value: float, signed: bool = True) -> str:
    """A figure of an outcome in a unit that suits it."""
    divisor, unit = scale_of(BY_KEY[key].unit, abs(value), "en")
    words = "" if BY_KEY[key].unit not in ("yuan", "share") else f"{'' if unit == '%' else ' '}{unit}"
    return f"{(signed_text if signed else number_text)(value / divisor)}{words}"


def effect(row: Row) -> str:
    """A difference with its interval, and a star where it is sure after correction."""
    key = str(row["outcome"])
    star = " *" if row["p_adjusted"] < 0.05 else ""
    return f"{amount(key, row['difference'])} ({amount(key, row['lo'])} to {amount(key, row['hi'])}){star}"


def effects_of(gaps: pd.DataFrame, name: Callable[[Row], str] = setting) -> str:
    """Settings by outcomes, each cell a difference."""
    keys = list(dict.fromkeys(gaps["outcome"]))
    rows = {}
    for row in gaps.to_dict("records"):
        rows.setdefault(name(row), {})[row["outcome"]] = effect(row)
    cells = [(words, *(found.get(key, "") for key in keys)) for words, found in list(rows.items())]
    return document.markdown(("setting", *(BY_KEY[key].label_en for key in keys)), cells) + "\n\\* sure after Holm's correction.\n"


def voucher_rate_cap_envelope(swept: Swept) -> str:
    """What rate, cap and envelope do to services bought and inventions."""
    found = compare_sweep(swept("plan"), ["instrument_services@total", "inventions_granted@total", "real_rd@total"])
    said = []
    for key, gaps in found.differences.groupby("outcome", sort=False):
        best = gaps.loc[gaps["difference"].idxmax()].to_dict()
        sure = int((gaps["p_adjusted"] < 0.05).sum())
        said.append(
            f"{BY_KEY[key].label_en}: {sure} of {len(gaps)} settings differ surely from the one in force; "
            f"most at {setting(best)}: {effect(best)}."
        )
    cost = found.prices.drop_duplicates("point").set_index("point")["cost"]
    services = found.differences[found.differences["outcome"] == "instrument_services"].sort_values("difference", ascending=False)
    rows = [(setting(row), effect(row), yuan_text(cost[row["point"]], "en")) for row in services.head(MOST_ROWS).to_dict("records")]
    head = ("setting", BY_KEY["instrument_services"].label_en, "additional public cost, 2020-2025")
    return "\n\n".join([" ".join(said), document.markdown(head, rows) + "\n\\* sure after Holm's correction."]) + "\n"


def next_100_million(swept: Swept) -> str:
    """What 100 million yuan of public cost bring, by the way they are spent."""
    keys = ["inventions_granted@total", "research_contracts@total", "certified@2025", "real_rd@total"]
    found = compare_sweep(swept("plan"), keys)
    rows, best = [], {}
    for point, prices in found.prices.groupby("point", sort=False):
        cost = prices["cost"].iloc[0]
        cells = []
        for row in prices.to_dict("records"):
            for_each = HUNDRED_MILLION / row["per_unit"] if not row["note"] else float("nan")
            best.setdefault(row["outcome"], []).append((for_each, setting(row)))
            cells.append(amount(row["outcome"], for_each) if for_each == for_each else f"n/a ({row['note']})")
        rows.append((point, setting(prices.iloc[0].to_dict()), yuan_text(cost, "en"), *cells))
    leaders = {key: max((each for each in found if each[0] == each[0]), default=None) for key, found in best.items()}
    said = [
        f"{BY_KEY[key].label_en}: {f'most by {leader[1]}, {amount(key, leader[0])}' if leader else 'no way adds to it surely'}."
        for key, leader in leaders.items()
    ]
    head = ("row", "way", "additional public cost, 2020-2025", *(BY_KEY[key.partition("@")[0]].label_en for key in keys))
    return f"For every 100 million yuan of public cost: {' '.join(said)}\n\n{document.markdown(head, rows)}"


def cheapest_mix(swept: Swept) -> str:
    """The cheapest mix that meets both targets, and what the two envelopes do best together."""
    table = robust(swept("plan"), TARGETS).table
    both = table[table["outcome"] == "all"].sort_values(["satisfied", "public_cost"], ascending=[False, True], kind="stable")
    likely = both[both["satisfied"] >= 0.5].sort_values("public_cost")
    shown = likely if len(likely) else both
    first = shown.iloc[0].to_dict()
    chance = f"{percent_text(first['satisfied'])} ({percent_text(first['satisfied_lo'])} to {percent_text(first['satisfied_hi'])})"
    cost = yuan_text(first["public_cost"], "en")
    said = (
        f"{len(likely)} of {len(both)} mixes meet both targets with a chance of a half or more; "
        f"the cheapest costs {cost}: {setting(first)}."
        if len(likely)
        else f"No mix of {len(both)} meets both targets with a chance of a half; the likeliest has {chance}: {setting(first)}."
    )
    rows = [
        (setting(row), percent_text(row["satisfied"]), yuan_text(row["public_cost"], "en"))
        for row in shown.head(MOST_ROWS).to_dict("records")
    ]
    optimum = optimise(FOLDER / "cheapest_mix" / "envelopes.yaml")
    shares = [
        (row["envelope"], *(percent_text(row[name]) for name in ("status_quo", "least", "mean", "most")))
        for row in optimum.near.to_dict("records")
    ]
    near = int(optimum.table["near"].sum())
    best = (
        f"Of {len(optimum.table)} divisions of the two envelopes, {near} cannot be told from the best; the status quo is "
        f"{'one of them' if optimum.table['near'].iloc[0] else 'not among them'}."
    )
    gains = [
        (row["objective"], *(amount(row["objective"].partition("@")[0], row[name]) for name in ("gain", "real_gain", "best_real_gain")))
        for row in optimum.goodhart.to_dict("records")
    ]
    tables = (
        document.markdown(("mix", "both met", "public cost, 2020-2025"), rows),
        document.markdown(("envelope", "status quo", "least", "mean", "most"), shares),
        document.markdown(("objective", "gain on paper", "of it in fact", "gain of the best in fact"), gains),
    )
    return f"{said}\n\n{tables[0]}\n{best}\n\n{tables[1]}\n{tables[2]}"


def what_drives(swept: Swept) -> str:
    """The heaviest factors of each outcome, first roughly, then in shares of the variance."""
    screen, closer = sensitivity(swept("screen")).table, sensitivity(swept("plan")).table
    rows = []
    for key in dict.fromkeys(screen["outcome"]):
        heavy = screen[screen["outcome"] == key].sort_values("mu_star", ascending=False).head(4).to_dict("records")
        shares = closer[closer["outcome"] == key].sort_values("ST", ascending=False).head(3).to_dict("records")
        rough = ", ".join(f"{row['factor'].partition('.')[2]} {amount(key, row['mu'])}" for row in heavy)
        share = ", ".join(f"{row['factor'].partition('.')[2]} {row['ST']:.2f} ({row['ST_lo']:.2f} to {row['ST_hi']:.2f})" for row in shares)
        rows.append((BY_KEY[key].label_en, rough, share))
    first = closer.loc[closer.groupby("outcome", sort=False)["ST"].idxmax()]
    said = " ".join(
        f"{BY_KEY[row.outcome].label_en}: {row.factor.partition('.')[2]}, {row.ST:.0%} of the variance." for row in first.itertuples()
    )
    return f"{said}\n\n{document.markdown(('outcome, 2025', 'Morris: change over the whole range', 'Sobol: ST (95%)'), rows)}"


def when_vouchers_fail(swept: Swept) -> str:
    """In which worlds an enlarged voucher adds least."""
    results = swept("plan")
    gaps = compare_sweep(results, ["inventions_valid@2025"]).differences
    least = float(gaps["difference"].quantile(0.25))
    found = discover(results, f"inventions_valid@2025 <= {least:.0f}", difference=True)
    box = found.tradeoff[found.tradeoff["chosen"]].iloc[0]
    none = float((gaps["difference"] <= 0.0).mean())
    numbers = ("low", "high", "quasi_p_low", "quasi_p_high")
    rows = [
        (row["factor"], *(number_text(row[name]) for name in numbers), percent_text(row["reproduced"]))
        for row in found.limits.to_dict("records")
    ]
    said = (
        f"The voucher adds no invention in {percent_text(none)} of worlds, and adds {least:.0f} or fewer in a quarter of them. "
        f"The box below holds {percent_text(box['coverage'])} of these; {percent_text(box['density'])} of the worlds in it are of the kind."
    )
    return f"{said}\n\n{document.markdown(('factor', 'from', 'to', 'quasi-p, lower', 'quasi-p, upper', 'reproduced'), rows)}"


def allocation(swept: Swept) -> str:
    """Lottery and first come beside merit, under the present envelope and the larger one."""
    keys = ["inventions_granted@total", "real_rd@total", "certified@2025", "rd_top_share@2025", "award_gini@2025"]
    gaps = compare_sweep(swept("plan"), keys, against=0).differences
    sure = gaps[gaps["p_adjusted"] < 0.05]
    said = f"{len(sure)} of {len(gaps)} differences from ranking by merit are sure after Holm's correction."
    return said + "\n\n" + effects_of(gaps, lambda row: f"{row['scenario']}, {setting(row)}")


QUESTIONS = {
    function.__name__: function
    for function in (allocation, cheapest_mix, next_100_million, voucher_rate_cap_envelope, what_drives, when_vouchers_fail)
}


def main() -> None:
    """Answer the questions that are named, or all."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", choices=[*QUESTIONS, []], metavar="NAME")
    words.add_argument("--out", type=Path, default=Path("out"))
    asked = words.parse_args()
    for name in asked.names or QUESTIONS:
        folder = FOLDER / name

        def swept(plan: str, folder: Path = folder) -> SweepResults:
            kept = asked.out / f"{folder.name}-{plan}"
            return sweep(load_plan(folder / f"{plan}.yaml"), kept, resume=kept.exists())

        readme = folder / "README.md"
        verdict = QUESTIONS[name](swept)
        readme.write_text(document.filled(readme.read_text(encoding="utf-8"), {"verdict": lambda text=verdict: text}), encoding="utf-8")


if __name__ == "__main__":
    main()
