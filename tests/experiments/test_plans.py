"""What cannot be swept is refused at its place, with the nearest name, before anything is written."""

import zipfile

import pytest
import xlsxwriter

from ecosim.errors import SpecError
from ecosim.experiments.plan import Plan, load_plan
from ecosim.experiments.worlds import count_runs, points, runs

HEAD = """\
schema: 1
name: trial
scenarios: [sandbox/baseline]
parameters: prior
"""
CAP = "policies.innovation_voucher.cap"


@pytest.fixture
def refusal(tmp_path, plan_with):
    """Gives what is said of a plan with these lines below its head."""
    folder = tmp_path / "scenarios" / "sandbox"
    folder.mkdir(parents=True)
    from pathlib import Path

    for path in (Path(__file__).resolve().parents[2] / "scenarios" / "sandbox").glob("*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")

    def said(lines: str, head: str = HEAD) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(head + lines, encoding="utf-8")
        with pytest.raises(SpecError) as error:
            load_plan(path)
        assert error.value.told("zh") != str(error.value)
        return str(error.value).replace(str(tmp_path), ".")

    return said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("factors: {policies.inovation_voucher.cap: [1]}", "plan.yaml:5:11: the scenario 'sandbox' has no 'policies.inovation_voucher"),
        ("factors: {policies.innovation_voucher.capp: [1]}", "Did you mean 'policies.innovation_voucher.cap'"),
        ("factors: {parameters.research.elastisity: [1]}", "Did you mean 'parameters.research.elasticity'"),
        ("factors: {end: [2021Q4]}", "'end' cannot be a factor"),
        ("factors: {parameters.research.elasticity: [0.5, 99]}", "is 99: it should be a number from 0.1 to 1.6"),
        ("factors: {parameters.research.elasticity: {low: 0.5, high: 99}}\ndesign: {kind: sobol, points: 4}", "is 99.0"),
        ("factors: {parameters.research.elasticity: {low: 2, high: 1}}", "'low' is not below 'high'"),
        ("factors: {parameters.research.elasticity: {low: 0, high: 1, scale: log}}", "a logarithmic range begins at or below zero"),
        ("factors: {parameters.research.elasticity: {low: 0.2, hihg: 1}}", "hihg"),
        ("factors: {parameters.research.elasticity: 1}", "it is no list of values and no range"),
        ("factors: {parameters.research.elasticity: {low: 0.2, high: 1}}", "a grid needs levels of this range. Add 'points: 5'"),
        ("factors: [a]", "it should list factors by path"),
        ("sedes: 3", "the plan has no key 'sedes'. Did you mean 'seeds'"),
        ("seeds: 0", "seeds is 0"),
        ("draws: 5\nparameters: point", "stands twice"),
        ("design: {kind: sobl}", "design.kind is 'sobl'"),
        ("design: {kind: sobol, points: 8}", "sobol needs factors"),
        (f"factors: {{{CAP}: [1, 2]}}\ndesign: {{kind: sobol, points: 9}}", "9 is no power of two, which sobol needs. Take 8 or 16"),
        (f"factors: {{{CAP}: [1, 2], policies.rd_grant.share: [0.1]}}\ndesign: {{kind: list}}", "they differ in number"),
        ("design: {kind: table}", "a table needs rows"),
        ("design: {kind: table, file: absent.csv}", "there is no file 'absent.csv'"),
        ("design: {kind: table, file: ../points.csv}", "leads out of the folder of the plan"),
        ("outcomes: [certifed@2021]", "the model has no outcome 'certifed'. Did you mean 'certified'"),
        ("outcomes: [certified@2040]", "'2040' is no period of 'certified' here"),
        ("outcomes: [certified@total]", "'total' is no period"),
        ("outcomes: [certified>3]", "is no outcome. Write KEY"),
        ("until: 2035Q9", "'2035Q9' is not a quarter"),
        ("stop: {outcome: sales, half_width: 1, at_most: 9}", "is not one number that is kept"),
        ("seeds: 4\nstop: {outcome: sales@2021, half_width: 1, at_most: 3}\noutcomes: [sales@2021]", "at_most is 3, below the 4 seeds"),
        ("cap: {seconds: 0}", "cap.seconds is 0"),
        ("cap: {megabytes: 1}", "cap.megabytes is 1"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_with_place_and_remedy(refusal, lines, said):
    found = refusal(lines + "\n")

    assert said in found
    assert "./plan.yaml:" in found


def test_all_faults_of_a_plan_are_told_at_once_in_reading_order(refusal):
    """Faults of writing, of types, of sense and of the files it names; what only follows from another fault is not told."""
    lines = [
        "schema: 1",
        "name: a b",
        "scenarios: [sandbox/baseline, sandbox/vouchre]",
        "factors:",
        f"  {CAP}: {{low: 5, high: 1}}",
        "  policies.inovation_voucher.capp: [1]",
        "  parameters.research.elastisity: {low: 2, high: 1}",
        "  parameters.research.elasticity: [0.5, 99]",
        "design: {kind: sobl, points: 0}",
        "sedes: 3",
        "draws: 0",
        "outcomes: [certifed@2021, certified@2040]",
        "stop: {outcome: salez, half_width: 0, at_most: 1}",
    ]

    found = refusal("\n".join(lines), "").splitlines()

    told = [line.split(": ", 1)[0] for line in found]
    at = [2, 5, 6, 7, 7, 8, 9, 9, 10, 11, 12, 12, 13, 13]
    assert [int(place.split(":")[1]) for place in told[:-1]] == at
    assert told[-1].endswith("vouchre.yaml")
    assert found[-1].endswith("Did you mean 'voucher.yaml'?")


def test_a_plan_of_which_one_key_is_wrong_is_told_of_this_alone(refusal):
    """The points would be too few for this design, and the outcome that decides is kept, if the keys beside them were right."""
    for lines in (
        f"factors: {{{CAP}: {{low: 5, high: 1}}}}\ndesign: {{kind: sobol, points: 4}}",
        "outcomes: [certifed@2021]\nstop: {outcome: sales@2021, half_width: 1, at_most: 9}",
        "seeds: none\nstop: {outcome: certified@2021, half_width: 1, at_most: 2}\noutcomes: [certified]",
        "until: 2025\noutcomes: [certified@2040]",
    ):
        assert len(refusal(lines + "\n").splitlines()) == 1


@pytest.mark.parametrize("name", ["../escape", "a/b", "/tmp/x", ".hidden", "a b", ""])
def test_the_name_of_a_plan_cannot_leave_its_folder(refusal, name):
    assert "plan.yaml:2:7: name" in refusal("", HEAD.replace("trial", f'"{name}"'))


def test_a_scenario_that_is_not_there_is_refused_with_the_nearest_file(refusal):
    assert "Did you mean 'baseline.yaml'" in refusal("", HEAD.replace("sandbox/baseline", "scenarios/sandbox/baselin.yaml"))


def test_a_grid_of_astronomic_size_is_refused_without_being_made(refusal):
    factors = "\n".join(f"  parameters.{name}: {{low: 0.2, high: 0.3}}" for name in ("research.elasticity", "research.speed"))

    assert "the design has 10,000,000,000 points" in refusal(f"design: {{kind: grid, points: 100_000}}\nfactors:\n{factors}\n")


def write_workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_points_may_be_rows_of_a_table(refusal, tmp_path, suffix):
    rows = [[CAP, "policies.rd_grant.share", "policies.rd_grant.delivery"], [50_000, 0.25, "ranked"], [70_000, 0.5, "lottery"]]
    path = tmp_path / f"points.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(str(cell) for cell in row) for row in rows), encoding="utf-8-sig")
    else:
        write_workbook(path, rows)
    (tmp_path / "plan.yaml").write_text(f"{HEAD}design: {{kind: table, file: points.{suffix}}}\n", encoding="utf-8")

    found = points(load_plan(tmp_path / "plan.yaml"))

    assert found.to_numpy().tolist() == [[*row, "sandbox"] for row in rows[1:]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{CAP},{CAP}\n1,2\n", "points.csv:1: the first row does not name every column once"),
        (f"{CAP},policies.rd_grant.share\n1\n", "points.csv:2: this row has 1 values. Give 2"),
        (f"{CAP}\n-5\n", "it should be"),
        ("policies.innovation_voucher.cup\n1\n", "Did you mean 'policies.innovation_voucher.cap'"),
        (f"{CAP},scenario\n1,sandbux\n", "the table names a scenario 'sandbux'. Did you mean 'sandbox'"),
        ("", "the first row does not name"),
    ],
)
def test_a_bad_table_is_refused_at_its_row(refusal, tmp_path, text, said):
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")

    assert said in refusal("design: {kind: table, file: points.csv}\n")


def test_a_workbook_that_unpacks_to_far_more_than_its_size_is_not_opened(refusal, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)

    assert "'bomb.xlsx' unpacks to 60 MB. Save the table as CSV" in refusal("design: {kind: table, file: bomb.xlsx}\n")


def test_what_is_no_workbook_is_refused(refusal, tmp_path):
    (tmp_path / "text.xlsx").write_text("not a workbook", encoding="utf-8")

    assert "'text.xlsx' is no XLSX file" in refusal("design: {kind: table, file: text.xlsx}\n")


def test_a_plan_written_and_read_back_stands_for_the_same_runs(plan_with):
    plan = plan_with()

    again = Plan.restored(plan.to_dict())

    assert again == plan
    assert [run.run_id for run in runs(again)] == [run.run_id for run in runs(plan)]
    assert len(runs(plan)) == count_runs(plan) == 32
