"""The hot stages in C: writes what the engine declares as a C header, compiles c_twin.c and calls it through
ctypes.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ecosim.agents import firm, firm_knowledge, firm_market, firm_research, firm_tax
from ecosim.chance import ROOT_12, Stream
from ecosim.columns import columns_of
from ecosim.levers import FirmLevers

SOURCE = Path(__file__).with_name("c_twin.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
"""None of them changes a number: the last two only say that nobody asks why an operation failed."""
C_TYPES = {"f8": "double", "f4": "float", "i8": "int64_t", "i4": "int32_t", "i2": "int16_t", "i1": "int8_t"}
SCALARS = (
    firm_market.MarketTraits,
    firm_research.ResearchTraits,
    firm_knowledge.KnowledgeTraits,
    firm_tax.Law,
)

Loaded = Callable[[str, tuple[Any, ...], int], Callable[[], list[int]]]
"""(stage, arguments of the engine's kernel, number of totals) -> what runs it and returns the totals."""


def compiler() -> str | None:
    """The C compiler: the one named by CC, or cc or gcc on the path; None if there is none."""
    return shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")


def header() -> str:
    """Tables, parameters, constants and streams of the engine as C declarations."""
    lines = ["#include <stdint.h>"]
    for table in firm.TABLES:
        fields = [f"{C_TYPES[column.dtype]} *{name};" for name, column in columns_of(table).items()]
        lines.append(f"typedef struct {{ {' '.join(fields)} }} {table.__name__};")
    levers = " ".join(f"double *{name};" for name in FirmLevers._fields)
    lines.append(f"typedef struct {{ {levers} }} FirmLevers;")
    for scalars in SCALARS:
        fields = [f"double {name};" for name in scalars._fields]
        lines.append(f"typedef struct {{ {' '.join(fields)} }} {scalars.__name__};")
    constants = {
        "MIDDLING": firm_market.MIDDLING, "OWNER_RUN": firm_market.OWNER_RUN, "ROOT_12": ROOT_12,
        "BUDGET": firm_research.BUDGET,
        "LEAST": firm_research.LEAST,
        "RESEARCHER": firm_research.RESEARCHER,
    }  # fmt: skip
    lines += [f"static const double {name} = {value!r};" for name, value in constants.items()]
    numbers = [f"{stream.name} = {stream.value}" for stream in Stream] + [f"TEAM = {firm.TEAM}"]
    lines.append(f"enum {{ {', '.join(numbers)} }};")
    return "\n".join(lines) + "\n"


def load(folder: Path, program: str) -> Loaded:
    """Compile the stages into `folder` with the compiler `program`.

    Returns a function that makes a stage ready to run. Raises CalledProcessError if the compiler fails.
    """
    (folder / "columns.h").write_text(header(), encoding="utf-8")
    library = folder / "c_twin.so"
    command = [program, *FLAGS, "-shared", "-fPIC", f"-I{folder}", str(SOURCE), "-o", str(library), "-lm"]
    subprocess.run(command, check=True)
    compiled = ctypes.CDLL(str(library))

    def bind(stage: str, arguments: tuple[Any, ...], count: int) -> Callable[[], list[int]]:
        function = getattr(compiled, stage)
        totals = (ctypes.c_int64 * count)()
        rows = ctypes.c_int64(len(arguments[0].id))
        passed = [rows, *(c_argument(argument) for argument in arguments), totals]

        def run() -> list[int]:
            function(*passed)
            return list(totals)

        return run

    return bind


def c_argument(value: Any) -> Any:
    """An argument of a kernel as C takes it: a struct of pointers or of doubles, a pointer, or a number."""
    if isinstance(value, tuple):
        if isinstance(value[0], np.ndarray):
            return (ctypes.c_void_p * len(value))(*(column.ctypes.data for column in value))
        return (ctypes.c_double * len(value))(*value)
    if isinstance(value, np.ndarray):
        return ctypes.c_void_p(value.ctypes.data)
    return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_int64(value)
