"""The law of a region as dated numbers: what no city budget can change. Instruments stand in scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DataError, SpecError
from ..quantity import Dated, parse_quarter
from ..spec.reading import read


@dataclass(frozen=True)
class Provision:
    """One dated number of the law; quarters are counted as year * 4 + (quarter - 1)."""

    dated: Dated[float]
    unit: str
    grade: str
    note: str = ""

    @property
    def source(self) -> str:
        """The law or notice."""
        return self.dated.source

    def at(self, quarter: int) -> float:
        """The number in force. Raises ValueError before the first date."""
        return self.dated.at(quarter)


@dataclass(frozen=True)
class FeeScale:
    """Fees to keep a patent, yuan a year, by year of its life; the last entry is its last year."""

    yuan_by_year: tuple[float, ...]
    unit: str
    grade: str
    source: str
    note: str = ""

    def in_year(self, year_of_life: int) -> float:
        """Yuan due in this year of life, counted from 1. Raises ValueError outside the patent's life."""
        if not 1 <= year_of_life <= len(self.yuan_by_year):
            raise ValueError(f"such a patent lives 1 to {len(self.yuan_by_year)} years, not {year_of_life}")
        return self.yuan_by_year[year_of_life - 1]


@dataclass(frozen=True)
class Statute:
    """Taxes, loss rules and patent fees.

    `reference` holds the enacted dates of instruments that scenarios set themselves.
    """

    general_rate: Provision
    """Corporate income tax, share of taxable profit."""
    small_rate_first: Provision
    """Small low-profit firm: effective rate on taxable profit up to `small_first_limit`."""
    small_rate_second: Provision
    """Small low-profit firm: effective rate from `small_first_limit` to `small_profit_limit`."""
    small_first_limit: Provision
    """Yuan a year."""
    small_profit_limit: Provision
    """Highest taxable profit of a small low-profit firm, yuan a year."""
    small_staff_limit: Provision
    """Most employees of a small low-profit firm."""
    small_assets_limit: Provision
    """Largest assets of a small low-profit firm, yuan."""
    loss_years_general: Provision
    """Years a loss is carried forward."""
    loss_years_certified: Provision
    """The same for certified high-tech firms and registered technology SMEs."""
    central_tax_share: Provision
    """Share of corporate income tax that goes to the centre."""
    local_tax_share: Provision
    """The rest."""
    patent_filing_fee: Provision
    """Invention: filing and printing, yuan."""
    patent_examination_fee: Provision
    """Invention: examination in substance, yuan."""
    patent_registration_fee: Provision
    """Invention: registration at grant, yuan."""
    utility_filing_fee: Provision
    """Utility model: filing, yuan."""
    small_applicant_relief: Provision
    """Share of fees forgone for a small applicant."""
    small_applicant_relief_years: Provision
    """Annual fees to which the relief applies, counted from grant."""
    invention_annual_fee: FeeScale
    utility_annual_fee: FeeScale
    reference: Mapping[str, Provision]


def read_statute(path: Path) -> Statute:
    """Read statute.yaml. Raises DataError if a provision is missing, unknown or torn."""
    try:
        document = read(path)
        if document.faults:
            raise SpecError(document.faults)
    except SpecError as error:
        raise DataError(str(error)) from error
    wanted = {field.name: field.type for field in fields(Statute)}
    if document.values.keys() != wanted.keys():
        wrong = ", ".join(sorted(document.values.keys() ^ wanted.keys()))
        raise DataError(f"{path.name}: these provisions are missing or not known: {wrong}")
    entries = document.values.items()
    return Statute(**{name: _entry(path, name, entry, wanted[name]) for name, entry in entries})


def _entry(path: Path, name: str, entry: Any, kind: Any) -> Any:
    """A provision, a scale of fees, or the mapping of reference provisions."""
    try:
        if kind is FeeScale:
            fees = tuple(float(fee) for fee in entry["value"])
            return FeeScale(fees, *_origin(entry, "unit", "grade", "source", "note"))
        if kind is not Provision:
            return MappingProxyType({key: _provision(part) for key, part in entry.items()})
        return _provision(entry)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path.name}: {name}: {error!r}; give value, unit, grade, source") from error


def _provision(entry: Mapping[str, Any]) -> Provision:
    steps = tuple((parse_quarter(first), float(value)) for first, value in entry["value"].items())
    (source,) = _origin(entry, "source")
    return Provision(Dated(steps, source), *_origin(entry, "unit", "grade", "note"))


def _origin(entry: Mapping[str, Any], *names: str) -> list[str]:
    """The texts beside a number; only the note may be left out."""
    return [str(entry[name]) if name in entry or name != "note" else "" for name in names]
