"""Every task of the workshop, in the standard library alone: `python tasks.py TASK`. The Makefile calls this.

setup    make .venv with the pinned packages and the project itself (done by the other tasks when needed)
demo     compare the four packages of the Nantong example with its baseline; results in out/demo
test     run the tests; more words go to pytest: python tasks.py test tests/rules -k voucher
bench    run the benchmarks
lint     check style and types
bundle   make dist/bundle-PLATFORM, a folder that installs ecosim on a machine without network
lock     pin the packages anew (needs uv on the path)
clean    remove caches and dist; keeps .venv and the results in out
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
RUN_PINS = ROOT / "requirements.txt"
WORK_PINS = ROOT / "requirements-dev.txt"
PACKAGING = ROOT / "packaging"


def call(*command):
    """Run one command in the project folder; end with its exit code if it fails."""
    code = subprocess.run([str(word) for word in command], cwd=str(ROOT)).returncode
    if code:
        sys.exit(code)


def pip(*words):
    """Run the environment's own pip."""
    call(PYTHON, "-m", "pip", "--disable-pip-version-check", *words)


def use_a_new_enough_python():
    """Hand over to a newer Python on the path if this one is too old; end with advice if there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            sys.exit(subprocess.run([found, *sys.argv]).returncode)
    sys.exit(
        "ecosim needs Python 3.11 or newer; this is {}. Install one and name it: make PYTHON=python3.12 "
        "... or python3.12 tasks.py ...".format(platform.python_version())
    )


def environment_fits():
    """Whether .venv exists, runs, and was made by this version of Python."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return asked.returncode == 0 and asked.stdout.split() == [b"%d" % part for part in sys.version_info[:2]]


def digest(*paths):
    """One fingerprint of the contents of some files."""
    joined = hashlib.sha256()
    for path in paths:
        joined.update(path.read_bytes())
    return joined.hexdigest()


def prepare(pins=RUN_PINS):
    """Make .venv and install the pinned packages and the project, unless a stamp says it was done."""
    if not environment_fits():
        print("Making {} with Python {}".format(ENVIRONMENT, platform.python_version()), flush=True)
        try:
            venv.create(str(ENVIRONMENT), clear=True, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(str(ENVIRONMENT), ignore_errors=True)
            sys.exit("This Python makes no environments; on Debian or Ubuntu: apt install python3-venv")
    stamp = ENVIRONMENT / (pins.stem + ".stamp")
    wanted = digest(pins, ROOT / "pyproject.toml")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the packages pinned in {}".format(pins.name), flush=True)
    pip("install", "--require-hashes", "--only-binary=:all:", "-r", pins)
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted)


def setup(*words):
    """Prepare for work on the project."""
    prepare(WORK_PINS)


def demo(*words):
    """Compare the packages of the Nantong example; more words go to `ecosim compare`."""
    prepare()
    names = ("baseline", "voucher", "rd_grant", "super_deduction", "no_policy")
    scenarios = [Path("scenarios", "nantong", name + ".yaml") for name in names]
    call(PROGRAMS / "ecosim", "compare", *scenarios, "--out", Path("out", "demo"), "--replace", *words)


def test(*words):
    """Run the tests on two processes; more words go to pytest."""
    prepare(WORK_PINS)
    call(PYTHON, "-m", "pytest", "-n", "2", *words)


def bench(*words):
    """Run the benchmarks; more words go to them."""
    prepare()
    call(PYTHON, Path("benchmarks", "bench.py"), *words)


def lint(*words):
    """Check style and types."""
    prepare(WORK_PINS)
    call(PYTHON, "-m", "ruff", "check", ".")
    call(PYTHON, "-m", "mypy")


def bundle(*words):
    """Gather wheels, scenarios, installers and instructions for one platform and one version of Python."""
    prepare()
    kind = sysconfig.get_platform().replace(".", "_")
    folder = ROOT / "dist" / "bundle-{}-python{}.{}".format(kind, *sys.version_info[:2])
    shutil.rmtree(str(folder), ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    pip("download", "--require-hashes", "--only-binary=:all:", "--dest", wheels, "-r", RUN_PINS)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, ROOT)
    shutil.copytree(str(ROOT / "scenarios"), str(folder / "scenarios"))
    for source in sorted(PACKAGING.iterdir()):
        shutil.copy(str(source), str(folder))
    shutil.copy(str(ROOT / "LICENSE"), str(folder))
    print("Bundle for {}, Python {}.{}: {}".format(kind, sys.version_info[0], sys.version_info[1], folder))


def lock(*words):
    """Pin every package anew, for every platform, with the hashes of all its wheels."""
    common = [
        "uv",
        "pip",
        "compile",
        "--quiet",
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--fork-strategy",
        "fewest",
        "--generate-hashes",
        "--no-build",
        "--no-annotate",
        "--no-emit-index-url",
        "--custom-compile-command",
        "python tasks.py lock",
        "--extra",
        "build",
    ]
    call(*common, *words, "--output-file", RUN_PINS.name)
    call(*common, *words, "--extra", "dev", "--constraint", RUN_PINS.name, "--output-file", WORK_PINS.name)


def clean(*words):
    """Remove what the tools left behind; never results, never the environment."""
    for name in ("dist", "build", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"):
        shutil.rmtree(str(ROOT / name), ignore_errors=True)
    for top in ("src", "tests", "benchmarks"):
        for folder in list((ROOT / top).rglob("__pycache__")):
            shutil.rmtree(str(folder), ignore_errors=True)


TASKS = {task.__name__: task for task in (setup, demo, test, bench, lint, bundle, lock, clean)}


def main():
    """Run the task named by the first word."""
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        sys.exit(__doc__)
    use_a_new_enough_python()
    try:
        TASKS[sys.argv[1]](*sys.argv[2:])
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
