"""The store: what was acknowledged stays, a second writer is refused, damage and full disks are said plainly."""

import os
import sqlite3

import pytest

from ecosim.errors import EcosimError, OutputError, SpecError
from ecosim.experiments.store import FILE, Ended, Store, differences

NOBODY = 65534
ABOUT = {"plan": {"seeds": 2, "factors": {"a": [1, 2]}}, "origin": {"sandbox": "x"}}


def rows(count, size=8):
    return [Ended(f"{number:04d}", os.urandom(size), "", 0.1) for number in range(count)]


def test_what_was_recorded_is_there_after_the_store_is_opened_again(tmp_path):
    written = rows(5)
    with Store.create(tmp_path / "a", ABOUT) as store:
        store.record(written[:3])
        store.record([*written[3:], Ended("9999", None, "ValueError", 0.0)])

    with Store.look(tmp_path / "a") as store:
        assert list(store.ended().values()) == [*written, Ended("9999", None, "ValueError", 0.0)]
        assert store.about() == ABOUT


def test_every_run_is_a_transaction_of_its_own_and_the_last_one_waits_for_the_disk(tmp_path):
    """Nothing but begin, insert and commit, run by run; full synchronisation from before the last until the next."""
    said = []
    with Store.create(tmp_path, ABOUT) as store:
        store._connection.set_trace_callback(said.append)
        store.record(rows(3))
        store._connection.set_trace_callback(None)
        waits = store._connection.execute("pragma synchronous").fetchone()[0]

    assert [line.split()[0].lower() for line in said] == ["pragma", "begin", "insert", "commit"] * 3
    assert [line.split()[-1] for line in said[::4]] == ["normal", "normal", "full"]
    assert waits == 2


def test_a_second_process_is_refused_and_a_reader_is_not(tmp_path):
    with Store.create(tmp_path, ABOUT) as store:
        store.record(rows(2))
        for second in (lambda: Store.create(tmp_path, ABOUT), lambda: Store.resume(tmp_path, ABOUT, ABOUT)):
            with pytest.raises(OutputError, match="another process is filling"):
                second()
        with Store.look(tmp_path) as reader:
            assert len(reader.ended()) == 2

    Store.resume(tmp_path, ABOUT, ABOUT).close()


def test_a_store_is_not_begun_twice_nor_among_other_files(tmp_path):
    Store.create(tmp_path / "a", ABOUT).close()
    with pytest.raises(OutputError, match="add --resume"):
        Store.create(tmp_path / "a", ABOUT)

    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.docx").touch()
    with pytest.raises(OutputError, match=r"holds other files \(thesis.docx\)"):
        Store.create(tmp_path / "b", ABOUT)
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["thesis.docx"]


def test_a_plan_that_changed_under_a_store_is_refused_and_shown_as_a_difference(tmp_path):
    Store.create(tmp_path, ABOUT).close()
    changed = {"plan": {"seeds": 3, "factors": {"a": [1, 2], "b": [0]}}, "origin": {"sandbox": "x"}}

    with pytest.raises(SpecError) as error:
        Store.resume(tmp_path, changed, changed)

    assert "plan.seeds was 2 and is 3; plan.factors.b was null and is [0]" in str(error.value)
    Store.resume(tmp_path, ABOUT, ABOUT).close()


def test_differences_name_only_what_differs():
    assert differences("plan", {"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 2}}) == []
    line = str(differences("p", {"a": list(range(99))}, {"a": 1})[0])
    assert line.startswith("p.a was [0, 1, 2,")
    assert line.endswith("... and is 1")
    assert len(line) < 90


def test_on_a_full_disk_the_runs_acknowledged_before_are_kept(tmp_path):
    with Store.create(tmp_path, ABOUT) as store:
        store.record(rows(3))
        store._connection.execute("pragma max_page_count = 8")
        with pytest.raises(OutputError, match=r"the disk is full .* make room and go on with --resume"):
            store.record([Ended("0003", b"", "", 0.1), Ended("big", os.urandom(200_000), "", 0.1)])

    with Store.look(tmp_path) as store:
        assert list(store.ended()) == ["0000", "0001", "0002", "0003"]


@pytest.mark.parametrize("content", [b"", b"not a database" * 999, None])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path, content):
    with Store.create(tmp_path, ABOUT) as store:
        store.record(rows(400, 64))
    path = tmp_path / FILE
    if content is None:
        whole = path.read_bytes()
        path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    else:
        path.write_bytes(content)

    with pytest.raises(OutputError, match=r"damaged|no such table"), Store.look(tmp_path) as store:
        store.ended()


@pytest.fixture
def locked(tmp_path):
    """A folder that may not be written, to somebody who is not root, for root may write everywhere."""
    folder, was = tmp_path / "locked", os.geteuid()
    folder.mkdir(mode=0o500)
    if was == 0:
        os.seteuid(NOBODY)
    yield folder
    os.seteuid(was)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_folder_that_cannot_be_written_is_refused(locked):
    with pytest.raises(OutputError, match="cannot be written"):
        Store.create(locked / "a", ABOUT)


def test_a_path_through_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(OutputError, match="cannot be written"):
        Store.create(tmp_path / "file" / "a", ABOUT)


def test_what_holds_no_sweep_is_refused(tmp_path):
    for begin in (Store.look, lambda folder: Store.resume(folder, ABOUT, ABOUT)):
        with pytest.raises(EcosimError, match="holds no sweep"):
            begin(tmp_path)


def test_an_error_of_the_database_names_the_file(tmp_path, monkeypatch):
    with Store.create(tmp_path, ABOUT) as store:
        store._connection.close()
        store._connection = sqlite3.connect(f"{(tmp_path / FILE).as_uri()}?mode=ro", uri=True, isolation_level=None)
        with pytest.raises(OutputError, match=r"sweep.sqlite: it is read-only"):
            store.record(rows(1))
