"""A scenario file may state only what differs from another file of its folder."""

import pytest

from ecosim.errors import SpecError
from ecosim.quantity import parse_quarter
from ecosim.scenario import load

CHILD = "schema: 1\nextends: base.yaml\nname: child\n"


def refusal(path):
    with pytest.raises(SpecError) as caught:
        load(path)
    return str(caught.value).replace(str(path.parent) + "/", "")


def test_what_is_not_said_is_inherited(write, valid):
    write(valid.replace("name: trial", "name: trial\nname_zh: 试验\ndescription: the base"), "base.yaml")

    child = load(write(CHILD + "policies: {innovation_voucher: {budget: 5}}\n"))

    voucher = child.policies["innovation_voucher"]
    assert voucher.budget.at(child.start) == 5
    assert voucher.cap.source == "city notice"
    assert "super_deduction" in child.policies
    assert (child.name, child.name_zh, child.description) == ("child", "", "")


def test_a_dated_value_replaces_the_inherited_one_as_a_whole(write, valid):
    write(valid, "base.yaml")

    child = load(write(CHILD + "policies: {innovation_voucher: {subsidy_rate: {2020Q1: 0.9}, cap: 3}}\n"))

    voucher = child.policies["innovation_voucher"]
    assert voucher.subsidy_rate.at(parse_quarter("2021Q4")) == 0.9
    assert (voucher.cap.at(child.start), voucher.cap.source) == (3, "")


def test_off_removes_an_inherited_policy_and_a_grandchild_may_bring_it_back(write, valid):
    write(valid, "base.yaml")
    write(CHILD + "policies: {super_deduction: off}\n", "without.yaml")
    rates = "{general: 1, manufacturing: 1, technology_sme: 1, claim_paperwork: 0}"
    again = write(f"schema: 1\nextends: without.yaml\nname: again\npolicies: {{super_deduction: {rates}}}\n")

    assert list(load(again.parent / "without.yaml").policies) == ["innovation_voucher"]
    assert load(again).policies["super_deduction"].general.at(parse_quarter("2020Q1")) == 1


def test_a_child_that_repeats_its_parent_is_the_same_scenario(write, valid):
    base = load(write(valid, "base.yaml"))

    assert load(write("extends: base.yaml\nname: trial\n")) == base


def test_a_file_that_extends_nothing_is_told_of_this_and_of_what_cannot_be_read_in_reading_order(write):
    said = refusal(write(CHILD + "policies: {rd_grant: off, rd_grant: off}\n")).splitlines()

    assert [line.partition(":")[2].partition(":")[0] for line in said] == ["2", "4"]


def test_a_fault_names_the_file_that_holds_the_value(write, valid):
    write(valid.replace("30_000_000", "-1"), "base.yaml")
    text = refusal(write(CHILD + "policies: {innovation_voucher: {cap: -2}}\n"))

    assert "trial.yaml:4:38: policies.innovation_voucher.cap is -2" in text
    assert "base.yaml:10:13: policies.innovation_voucher.budget is -1" in text
    assert text.index("trial.yaml") < text.index("base.yaml")


def test_a_fault_that_the_child_mends_is_no_fault(write, valid):
    write(valid.replace("30_000_000", "-1"), "base.yaml")

    assert load(write(CHILD + "policies: {innovation_voucher: {budget: 1}}\n")).name == "child"


def test_a_child_that_is_nameless_is_refused(write, valid):
    write(valid, "base.yaml")

    assert "trial.yaml:1:1: the scenario has no 'name'" in refusal(write("extends: base.yaml\n"))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nowhere.yaml", ["'nowhere.yaml'", "no such file", "baseline.yaml"]),
        ("trial.yaml", ["'trial.yaml'", "leads back", "Remove one"]),
        ("../trial.yaml", ["'../trial.yaml'", "out of the scenario's folder", "same folder"]),
        ("/etc/hostname", ["'/etc/hostname'", "out of the scenario's folder", "same folder"]),
        ("inner", ["'inner'", "no such file", "same folder"]),
        ("[a, b]", ["['a', 'b']", "not the name of a file", "same folder"]),
        ('""', ["extends is ''", "not the name of a file", "same folder"]),
        ("7", ["7", "not the name of a file", "same folder"]),
        ("x" * 5000, ["'xxx", "same folder"]),
        ("loop.yaml", ["'loop.yaml'", "same folder"]),
        ("outside.yaml", ["'outside.yaml'", "out of the scenario's folder", "same folder"]),
    ],
)
def test_a_parent_that_may_not_be_read_is_refused(target, words, write, valid):
    path = write(valid.replace("name:", f"extends: {target}\nname:"), "here/trial.yaml")
    write(valid, "outside/other.yaml")
    write(valid, "here/inner/base.yaml")
    (path.parent / "loop.yaml").symlink_to(path.parent / "loop.yaml")
    (path.parent / "outside.yaml").symlink_to(path.parent.parent / "outside" / "other.yaml")

    text = refusal(path)

    assert text.startswith("trial.yaml:2:10: ")
    assert all(word in text for word in words), text


@pytest.mark.parametrize("parent", ["nowhere.yaml", "broken.yaml", "trial.yaml"])
def test_where_extends_is_wrong_the_files_own_values_are_judged_and_nothing_is_missed_that_could_be_inherited(parent, write):
    write("name: [\n", "broken.yaml")
    said = refusal(
        write(f"""schema: 2
extends: {parent}
policies:
  innovation_voucher:
    subsidy_rate: 3
    subsidy_rat: 0.5
  rd_grant: off
end: 2020Q9
parameters: {{research.elasticity: -1}}
""")
    ).splitlines()

    own = [line.split(":") for line in said if line.startswith("trial.yaml")]
    places = [1, 1, *([2] if parent != "broken.yaml" else []), 5, 6, 8, 9]
    assert [int(line) for _, line, *_ in own] == places
    assert len(said) - len(own) == (parent == "broken.yaml")
    assert [line for line in said if "has no" in line] == [said[0], next(line for line in said if "'subsidy_rat'" in line)]


def test_where_a_parents_extends_is_wrong_the_child_is_judged_with_what_could_be_read(write, valid):
    write("schema: 1\nextends: nowhere.yaml\nname: middle\npopulation_scale: 99\n", "middle.yaml")
    said = refusal(write("extends: middle.yaml\nname: ''\n")).splitlines()

    assert [line.partition(": ")[0] for line in said] == ["trial.yaml:2:7", "middle.yaml:2:10", "middle.yaml:4:19"]


def test_a_circle_of_files_is_refused(write):
    for name, target in (("a", "b"), ("b", "c"), ("c", "a")):
        path = write(f"schema: 1\nextends: {target}.yaml\nname: {name}\n", f"{name}.yaml")

    assert "b.yaml:2:10: extends 'c.yaml' leads back" in refusal(path)


def test_a_parent_that_cannot_be_parsed_is_named(write):
    write("name: [\n", "base.yaml")

    assert "base.yaml:2:1: this is not YAML" in refusal(write(CHILD))
