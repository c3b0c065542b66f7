"""Results arrive whole or not at all, and never in place of a user's own files."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from ecosim.errors import OutputError
from ecosim.report.output import SEAL, check_output, output_folder


def write_results(path: Path, text: str = "first", replace: bool = False) -> None:
    with output_folder(path, replace) as folder:
        (folder / "plots").mkdir()
        (folder / "effects.csv").write_text(text, encoding="utf-8")
        (folder / "plots" / "效果.svg").write_text(text, encoding="utf-8")


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_results_go_into_a_new_folder_with_a_list_of_fingerprints(tmp_path):
    write_results(tmp_path / "out" / "run1")

    assert everything(tmp_path / "out") == [
        "run1",
        "run1/ecosim.sha256",
        "run1/effects.csv",
        "run1/plots",
        "run1/plots/效果.svg",
    ]
    assert len((tmp_path / "out" / "run1" / SEAL).read_text(encoding="utf-8").splitlines()) == 2


def test_an_empty_folder_receives_results(tmp_path):
    (tmp_path / "run").mkdir()

    write_results(tmp_path / "run")

    assert (tmp_path / "run" / "effects.csv").read_text() == "first"


def test_earlier_results_are_replaced_only_when_asked(tmp_path):
    write_results(tmp_path / "run")
    with pytest.raises(OutputError, match=r"earlier results; add --replace"):
        write_results(tmp_path / "run", "second")
    assert (tmp_path / "run" / "effects.csv").read_text() == "first"

    write_results(tmp_path / "run", "second", replace=True)

    assert (tmp_path / "run" / "effects.csv").read_text() == "second"
    assert everything(tmp_path)[0] == "run"
    assert not [name for name in everything(tmp_path) if name.startswith(".")]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("stranger", ["thesis.docx", "plots/mine.png", "plots/.notes"])
def test_a_folder_with_a_file_of_someone_else_is_refused_and_the_file_named(tmp_path, stranger, replace):
    write_results(tmp_path / "run")
    (tmp_path / "run" / stranger).write_text("years of work")

    with pytest.raises(OutputError, match=stranger):
        check_output(tmp_path / "run", replace)
    assert (tmp_path / "run" / stranger).read_text() == "years of work"


def test_results_that_were_edited_count_as_the_users_own(tmp_path):
    write_results(tmp_path / "run")
    (tmp_path / "run" / "effects.csv").write_text("with my remarks")

    with pytest.raises(OutputError, match=r"effects.csv \(changed since\)"):
        check_output(tmp_path / "run", replace=True)


def test_files_of_a_file_browser_are_no_hindrance(tmp_path):
    write_results(tmp_path / "run")
    (tmp_path / "run" / ".DS_Store").write_text("")

    write_results(tmp_path / "run", "second", replace=True)

    assert (tmp_path / "run" / "effects.csv").read_text() == "second"


def test_a_long_list_of_strangers_is_counted(tmp_path):
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("")

    with pytest.raises(OutputError, match=r"0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 4 more"):
        check_output(tmp_path)


def test_a_file_and_the_current_folder_and_its_parents_are_refused(tmp_path, monkeypatch):
    (tmp_path / "results.txt").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "results.txt")
    with pytest.raises(OutputError, match="no permission in|is a file|cannot be written"):
        check_output(tmp_path / "results.txt" / "run")

    (tmp_path / "work" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work" / "deep")
    for place in (Path(), Path("..")):
        with pytest.raises(OutputError, match="cannot be replaced as a whole"):
            check_output(place)


def test_a_place_without_permission_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != tmp_path)

    with pytest.raises(OutputError, match=f"no permission in {tmp_path}"):
        check_output(tmp_path / "new" / "run")
    assert everything(tmp_path) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_nothing_new_and_earlier_results_as_they_were(tmp_path, fault):
    write_results(tmp_path / "run")
    before = everything(tmp_path)

    with pytest.raises(fault), output_folder(tmp_path / "run", replace=True) as folder:
        (folder / "effects.csv").write_text("half")
        raise fault

    assert everything(tmp_path) == before
    assert (tmp_path / "run" / "effects.csv").read_text() == "first"


def test_results_that_find_their_place_taken_at_the_end_are_kept_beside_it(tmp_path):
    with pytest.raises(OutputError, match="run-2"), output_folder(tmp_path / "run") as folder:
        (folder / "effects.csv").write_text("mine")
        write_results(tmp_path / "run", "a quicker colleague")

    assert (tmp_path / "run" / "effects.csv").read_text() == "a quicker colleague"
    assert (tmp_path / "run-2" / "effects.csv").read_text() == "mine"


def test_finished_results_are_as_open_to_others_as_any_new_folder(tmp_path):
    (tmp_path / "plain").mkdir()

    write_results(tmp_path / "run")

    assert (tmp_path / "run").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_importing_the_report_loads_no_plotting_library():
    code = "import sys, ecosim.report.plots, ecosim.report.output; print('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_disk_that_is_full_leaves_nothing_behind_and_is_named_in_either_language(tmp_path):
    with pytest.raises(OutputError) as caught, output_folder(tmp_path / "out") as folder:
        (folder / "half.csv").write_text("1,")
        raise OSError(errno.ENOSPC, "No space left on device")

    assert "out cannot be written: No space left on device" in str(caught.value)
    assert "磁盘已满" in caught.value.told("zh")
    assert list(tmp_path.iterdir()) == []
