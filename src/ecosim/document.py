"""The tables of the model document, written from the code.

`python -m ecosim.document docs/odd.md` brings them up to date. A table stands between `<!-- table: NAME -->`
and `<!-- end of table -->`; the text around it is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from . import explain, levers, outcomes, parameters, policies, regions
from .agents import firm, fund, incubator, institute, transfer_agency
from .chance import Stream
from .columns import Column, columns_of
from .entitlements import Entitlements
from .errors import DataError
from .population_firms import stratum_counts
from .spec.faults import expected

MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
STATE: dict[str, tuple[type[Any], ...]] = {
    "Firm": firm.TABLES,
    "University or institute": (institute.Institutes,),
    "Incubator": (incubator.Incubators,),
    "Investor": (fund.Funds,),
    "Transfer agency": (transfer_agency.Agencies,),
    "Entitlement": (Entitlements,),
}
"""Entity -> the tables of columns that are its state."""
TYPES = {"f8": "real", "f4": "real (32 bits)", "i1": "flag", "i2": "code", "i4": "quarter", "i8": "identity"}
REGION = "nantong"


def filled(text: str, tables: Mapping[str, Callable[[], str]] | None = None) -> str:
    """The document with every marked table written anew. Raises DataError for a table that does not exist."""
    known = TABLES if tables is None else tables
    for _, name, _ in MARKED.findall(text):
        if name not in known:
            raise DataError(f"the model document asks for a table {name!r}; there are {', '.join(known)}")
    return MARKED.sub(lambda found: found[1] + known[found[2]]() + found[3], text)


def markdown(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown, one line a row."""
    lines = [list(headings), ["---"] * len(list(headings)), *rows]
    return "".join(f"| {' | '.join(cell(item) for item in line)} |\n" for line in lines)


def cell(item: object) -> str:
    """One cell: figures short, nothing that would end the cell or the line."""
    written = f"{item:,g}" if isinstance(item, int | float) and abs(item) < 1e6 else str(item)
    if isinstance(item, int | float) and abs(item) >= 1e6:
        written = f"{item / 1e6:,g} million"
    return " ".join(written.replace("|", "\\|").split())


def entities() -> str:
    """How many of each kind of agent the first region starts with."""
    pack = regions.load(REGION)
    counts = dict(zip(firm.STRATA, stratum_counts(pack, 1.0), strict=True))
    firms = [(f"Firm: {name.replace('_', ' ')}", count) for name, count in counts.items()]
    others = {"University or institute": "institutes", "Incubator": "carriers", "Investor": "investors"}
    others["Transfer agency"] = "agencies"
    rows = [*firms, *((entity, len(pack.table(name)["id"])) for entity, name in others.items())]
    return markdown(("entity", "at the start"), rows)


def declared_columns(table: Any) -> Iterable[tuple[str, Column]]:
    """Name and meaning of every column of a table."""
    return columns_of(table).items()


def state() -> str:
    """State variables of every entity."""
    parts = []
    for entity, tables in STATE.items():
        rows = [
            (f"`{name}`", TYPES[column.dtype], column.unit, column.meaning) for table in tables for name, column in declared_columns(table)
        ]
        parts.append(f"**{entity}** ({len(rows)} variables)\n\n{markdown(('name', 'type', 'unit', 'meaning'), rows)}")
    return "\n".join(parts)


def schedule() -> str:
    """The stages of a quarter with what they read and write."""
    rows = [
        (place, f"`{row['stage']}`", row["agents"], row["meaning"], row["reads"] or "-", row["writes"] or "-")
        for place, row in enumerate(explain.schedule_table("en"), start=1)
    ]
    return markdown(("", "stage", "who acts", "what happens", "reads", "writes"), rows)


def priors() -> str:
    """Parameters with their priors; `grows`: the power of the size of the economy that an amount of money grows with."""
    rows = [
        (
            f"`{name}`",
            prior.value,
            f"{cell(prior.low)} to {cell(prior.high)}",
            prior.unit,
            prior.per,
            prior.money or "-",
            prior.meaning,
            prior.source,
        )
        for name, prior in parameters.catalogue().items()
    ]
    return markdown(("parameter", "central", "90% range", "unit", "per", "grows", "meaning", "source (grade)"), rows)


def instruments() -> str:
    """Instruments with their parameters."""
    parts = []
    for name in policies.names():
        kind = policies.model(name)
        rows = [
            (f"`{key}`{' (dose)' if key == kind.dose else ''}", expected(described))
            for key, described in kind.model_json_schema()["properties"].items()
        ]
        heading = f"**`{name}`** {kind.label_en} ({kind.label_zh}). {(inspect.getdoc(kind) or '').splitlines()[0]}"
        parts.append(f"{heading}\n\n{markdown(('parameter', 'meaning'), rows)}")
    return "\n".join(parts)


def lever_table() -> str:
    """Levers with their neutral values and combining rules."""
    rows = [
        (f"`{name}`", scope, lever.neutral, lever.combine, lever.unit, lever.meaning)
        for scope, table in (("firm", levers.FirmLevers), ("city", levers.CityLevers))
        for name, lever in levers.declared(table).items()
    ]
    return markdown(("lever", "for", "neutral", "combined by", "unit", "meaning"), rows)


def outcome_table() -> str:
    """Outcomes with the statistics they mirror."""
    rows = [(f"`{o.key}`", o.label_en, o.label_zh, o.kind, o.unit, o.mirrors or "-") for o in outcomes.CATALOGUE]
    return markdown(("outcome", "label", "label in Chinese", "kind", "unit", "statistic it mirrors"), rows)


def streams() -> str:
    """Streams of chance, with the sentence under each in the source."""
    tree = ast.parse(inspect.getsource(Stream))
    body = [part for kind in tree.body if isinstance(kind, ast.ClassDef) for part in kind.body]
    told = {}
    for statement, after in pairwise([*body, ast.Pass()]):
        if isinstance(statement, ast.Assign):
            said = ast.literal_eval(after.value) if isinstance(after, ast.Expr) else "the starting population"
            told[ast.unparse(statement.targets[0])] = said
    rows = [(f"`{stream.name}`", int(stream), told[stream.name]) for stream in Stream]
    return markdown(("stream", "number", "decides"), rows)


def sources() -> str:
    """How well the figures of the first region are known, by grade."""
    meaning = {
        "A": "official page",
        "B": "press, university or journal",
        "C": "second-hand copy, no address kept",
        "D": "derived, with the formula in the note",
        "assumed": "no source; a range and a reason",
    }
    found = Counter(figure.grade for figure in regions.load(REGION).figures.values())
    return markdown(("grade", "meaning", "figures"), [(grade, told, found[grade]) for grade, told in meaning.items()])


TABLES: dict[str, Callable[[], str]] = {
    "entities": entities,
    "state": state,
    "schedule": schedule,
    "parameters": priors,
    "instruments": instruments,
    "levers": lever_table,
    "outcomes": outcome_table,
    "streams": streams,
    "sources": sources,
}
"""Name in a mark -> what writes the table."""


def main(words: list[str]) -> None:
    """Bring the documents named on the command line up to date."""
    for word in words:
        path = Path(word)
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
