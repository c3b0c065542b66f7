"""The command line: what it says in two languages, what it refuses, what it leaves behind."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ecosim import policies
from ecosim.cli import USER_ERROR, app, language_of
from ecosim.errors import SpecError
from ecosim.units import UNITS

ROOT = Path(__file__).resolve().parents[2]
BASELINE = str(ROOT / "scenarios" / "sandbox" / "baseline.yaml")
VOUCHER = str(ROOT / "scenarios" / "sandbox" / "voucher.yaml")
FILES = {
    "costs.csv", "costs_by_policy.csv", "costs.png", "ecosim.sha256", "effects.csv", "effects.png", "failures.csv",
    "manifest.json", "paths.csv", "paths.png", "per_additional.csv", "results.xlsx", "summary.txt", "targets.csv",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "en")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A comparison in Chinese, written once."""
    folder = tmp_path_factory.mktemp("out") / "demo"
    words = ["compare", BASELINE, VOUCHER, "--seeds", "1", "--draws", "2", "--workers", "1", "--out", str(folder)]
    assert app([*words, "--lang", "zh"]) == 0
    return folder


def test_a_comparison_leaves_tables_figures_and_their_origin(demo):
    assert {path.name for path in demo.iterdir()} == FILES
    effects = pd.read_csv(demo / "effects.csv")
    assert {"outcome", "outcome_label", "unit", "scenario_label", "lo", "hi", "pairs"} <= set(effects.columns)
    assert set(effects["scenario_label"]) == {"沙盒城市：创新券加码"}
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["draws"] == [0, 1]
    assert [scenario["name"] for scenario in manifest["scenarios"]] == ["sandbox", "sandbox_voucher"]


def test_the_workbook_is_headed_in_the_language_and_says_that_nothing_is_calibrated(demo):
    book = openpyxl.load_workbook(demo / "results.xlsx")

    assert [cell.value for cell in book["成效"][1]][:3] == ["指标代码", "指标", "单位"]
    assert {cell.value for cell in book["成效"]["C"][1:]} <= {unit.zh for unit in UNITS.values()}
    assert "创新券" in {cell.value for cell in book["公共成本（按政策）"]["C"]}
    assert "未校准：先验参数" in {cell.value for row in book["说明"].iter_rows() for cell in row}
    assert not [name for name in book.sheetnames if name.isascii()]


def test_the_summary_holds_every_part(demo):
    said = (demo / "summary.txt").read_text(encoding="utf-8-sig")

    for part in ("未校准：先验参数", "发明专利授权", "公共成本", "每多一单位成效的公共成本", "亿元", "不适用（区间含零）"):
        assert part in said


def test_earlier_results_are_replaced_only_when_asked(demo, capsys):
    words = ["run", BASELINE, "--until", "2020Q4", "--out", str(demo)]

    assert app(words) == USER_ERROR
    assert "add --replace" in capsys.readouterr().err
    assert {path.name for path in demo.iterdir()} == FILES


def test_a_folder_with_other_files_is_refused_before_anything_else_is_looked_at(tmp_path, capsys):
    (tmp_path / "thesis.doc").write_text("mine")

    assert app(["run", "nowhere.yaml", "--out", str(tmp_path), "--replace"]) == USER_ERROR
    said = capsys.readouterr().err
    assert "thesis.doc" in said and "nowhere.yaml" not in said
    assert (tmp_path / "thesis.doc").read_text() == "mine"


def test_a_run_prints_and_writes_one_world(tmp_path, capsys):
    assert app(["run", BASELINE, "--until", "2020Q4", "--seed", "5", "--out", str(tmp_path / "one")]) == 0
    said = capsys.readouterr().out
    assert "uncalibrated: priors" in said and "Certified high-tech firms" in said
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        "ecosim.sha256", "manifest.json", "outcomes.csv", "results.xlsx", "yearly.csv",
    }  # fmt: skip
    assert set(pd.read_csv(tmp_path / "one" / "outcomes.csv")["seed"]) == {5}


@pytest.mark.parametrize(
    ("until", "language", "headed", "said"),
    [
        ("2020Q2", "en", ["2020Q1", "2020Q2"], "results by year need all four quarters"),
        ("2020Q2", "zh", ["2020Q1", "2020Q2"], "逐年结果需要完整的四个季度"),
        ("2021Q1", "en", ["2020", "2021Q1"], "Results by year"),
    ],
)
def test_a_run_shows_its_years_and_the_quarters_that_make_no_year(until, language, headed, said, tmp_path, capsys):
    assert app(["run", BASELINE, "--until", until, "--lang", language, "--out", str(tmp_path / "one")]) == 0
    shown = capsys.readouterr().out
    headings = [word.strip("┃ ") for line in shown.splitlines() if line.startswith("┃") for word in line.split("┃")]

    assert [word for word in headings if word.startswith("20")] == headed
    assert "".join(said.split()) in "".join(shown.split()), "a title may be folded"


@pytest.mark.parametrize("words", [["--lang", "zh", "policies"], ["policies", "--lang", "zh"], ["policies", "--lang=zh"]])
def test_the_language_may_stand_anywhere(words, capsys):
    assert app(words) == 0
    assert "创新券" in capsys.readouterr().out


def test_without_a_word_the_environment_decides_the_language(monkeypatch):
    monkeypatch.delenv("ECOSIM_LANG")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language_of(["policies"]) == (["policies"], "zh")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert language_of(["policies"]) == (["policies"], "en")


def test_a_language_that_is_not_there_is_refused_in_the_language_of_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert app(["policies", "--lang", "fr"]) == USER_ERROR
    assert "本程序没有语言 'fr'。请写 zh 或 en" in capsys.readouterr().err
    assert app(["policies", "--lang", "zh", "--lang"]) == USER_ERROR
    assert "没有语言 ''" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--lang", "fr"], ["--lang"], ["policies", "--lang="]])
def test_a_language_that_is_not_there_is_refused(words, monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "")
    if words[-1] == "--lang=":
        assert language_of(words)[0] == ["policies"]
        return
    with pytest.raises(SpecError, match="Write zh or en"):
        language_of(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", BASELINE, VOUCHER, "--seeds", "0", "--draws", "-1"], "seeds: 0 is out of range"),
        (["compare", BASELINE, VOUCHER, "--workers", "0"], "workers: 0 is out of range"),
        (["compare", BASELINE], "only a baseline"),
        (["run", BASELINE, "--seed", "-5"], "seed: -5 is no seed"),
        (["run", BASELINE, "--until", "2099"], "until: end is '2099'"),
        (["run", BASELINE, "--until", "2019Q4"], "until: end is '2019Q4'"),
        (["compare", "nowhere.yaml", "elsewhere.yaml"], "elsewhere.yaml: there is no such file"),
        (["run", BASELINE, "--out", "x" * 300], "cannot be written: File name too long"),
        (["run", BASELINE, "--out", f"{BASELINE}/out"], "baseline.yaml is a file; name another folder"),
        (["run", BASELINE, "--seed", "many"], "--seed"),
        (["run", "nowhere.yaml"], "there is no such file"),
        (["parameters", "certificat"], "the model has no part 'certificat'. Did you mean 'certificate'?"),
        (["policies", "innovation_vouche"], "Did you mean 'innovation_voucher'?"),
        (["explain", "innovation_voucher.subsidy_rat"], "subsidy_rate"),
        (["explain", "research.speed"], "belongs to the model, not to a policy. `ecosim parameters research` shows its prior"),
        (["flyy"], "flyy"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_without_a_traceback(words, said, capsys):
    assert app(words) == USER_ERROR
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["flyy"], "No such command 'flyy'. See 'ecosim --help'", "没有命令 'flyy'。用法见 'ecosim --help'"),
        (["chekc"], "'check'", "没有命令 'chekc'，是否想写 'check'"),
        (["run"], "'SCENARIO'. See 'ecosim run --help'", "缺少 SCENARIO"),
        (["run", "a", "b"], "(b)", "多出了 b"),
        (["run", "a", "--sed", "3"], "--sed", "没有选项 --sed，是否想写 --seed"),
        (["run", "a", "--seed"], "requires an argument", "选项 --seed 后面缺少值"),
        (["run", "a", "--replace=3"], "--replace", "选项 --replace 不带值"),
        (["run", "a", "--seed", "many"], "--seed is 'many': it should be a whole number", "--seed 为 'many'：应为整数"),
        (["run", "a", "--seed=1.5"], "--seed is '1.5'", "--seed 为 '1.5'：应为整数"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_refused_in_one_line_of_either_language(words, english, chinese, capsys):
    for language, said in (("en", english), ("zh", chinese)):
        assert app(["--lang", language, *words]) == USER_ERROR
        error = capsys.readouterr().err
        assert said in error and len(error.splitlines()) == 1


def test_help_is_in_chinese_where_the_reader_is(capsys):
    assert app(["--lang", "zh", "run", "--help"]) == 0
    said = capsys.readouterr().out
    assert "运行一个情景。" in said and "随机种子" in said and "Live one world" not in said
    assert said.startswith("用法：ecosim run") and "选项：" in said and "Show" not in said and "required" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policies", "rd_grant"], "评分中项目质量的权重（至少 0，至多 5；标准差）"),
        (["parameters", "certificate"], "改列研发的成本陡度"),
        (["explain", "innovation_voucher.subsidy_rate"], "创新券支付服务费的比例（比例）"),
        (["schedule"], "企业购买研发服务"),
    ],
)
def test_what_the_program_knows_is_told_in_chinese(words, said, capsys):
    assert app(["--lang", "zh", *words]) == 0
    assert said in capsys.readouterr().out


def test_check_lists_every_fault_of_every_file(tmp_path, capsys):
    for number in (1, 2):
        text = Path(BASELINE).read_text(encoding="utf-8").replace("cap: 100_000", f"cap: -{number}\n    capp: 1")
        (tmp_path / f"bad{number}.yaml").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"bad{number}.yaml") for number in (1, 2)]

    assert app(["check", files[0], BASELINE, files[1]]) == USER_ERROR
    said = capsys.readouterr()
    assert "valid (sandbox)" in said.out
    for file in files:
        assert len([line for line in said.err.splitlines() if file in line]) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_instrument_and_stage_is_listed(language, capsys):
    assert app(["policies", "--lang", language]) == 0
    assert app(["policies", "rd_grant", "--lang", language]) == 0
    assert app(["schedule", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in policies.names())
    assert "merit_weight" in said
    assert ("学习" if language == "zh" else "learn") in said


def test_the_schema_is_json(capsys):
    assert app(["schema"]) == 0
    assert "policies" in json.loads(capsys.readouterr().out)["properties"]
