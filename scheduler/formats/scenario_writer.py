"""Writes a scenario folder such that reading it gives the same scenario."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.quantities import CENTS, format_duration
from scheduler.domain.scenario import ScenarioFile
from scheduler.formats import floor_csv, orders_csv
from scheduler.formats.atomic import staged
from scheduler.formats.csv_table import PREFIX
from scheduler.formats.scenario_files import FLOOR_CSV, ORDERS_CSV, ORDERS_YAML, SCENARIO

Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
WIDTH = 120


class _Plain(Dumper):  # type: ignore[misc]
    """Writes values that stand at several places at each of them: the reader counts what aliases repeat."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _number(dumper: Any, value: float) -> Any:
    """Money comes as a float, also where it is whole."""
    return dumper.represent_int(int(value)) if value.is_integer() else dumper.represent_float(value)


_Plain.add_representer(float, _number)
_Plain.add_representer(datetime, lambda dumper, value: dumper.represent_str(_moment(value)))


def write_scenario(folder: Path, file: ScenarioFile, entries: Iterable[OrderEntry],
                   floor: Iterable[FloorEntry] = ()) -> list[Path]:
    """Writes scenario.yaml, the orders, and what happened on the floor (that of the file, then `floor`).

    Arguments are those of `assemble`, and reading the folder gives the scenario that they make. Orders stand in
    orders.csv, or in orders.yaml where one has a routing of its own or a text that a CSV cell cannot hold; the floor
    stands in floor.csv, or for such a text in scenario.yaml. Files of these names that would contradict the new ones
    are removed. Returns the files written. Raises InputError for a folder that cannot be written.
    """
    folder, orders, floor = Path(folder), list(entries), [*(file.floor or ()), *floor]
    tables = {ORDERS_CSV: _orders_csv(orders), FLOOR_CSV: _floor_csv(floor) if floor else None}
    inside = file.model_copy(update={"orders": None, "floor": None if tables[FLOOR_CSV] else tuple(floor) or None})
    with staged(folder) as stage:
        stage.text(folder / SCENARIO, _yaml(inside))
        for name, text in tables.items():
            if text is not None:
                stage.text(folder / name, text)
        if tables[ORDERS_CSV] is None:
            stage.text(folder / ORDERS_YAML, _dump({"orders": [_data(entry) for entry in orders]}))
        written = stage.commit()
    for name in (ORDERS_CSV, ORDERS_YAML, FLOOR_CSV):
        if folder / name not in written:
            (folder / name).unlink(missing_ok=True)
    return written


def _data(model: BaseModel) -> dict[str, Any]:
    """What is not as by default, in the order of the fields."""
    return model.model_dump(by_alias=True, exclude_defaults=True)


def _yaml(file: ScenarioFile) -> str:
    return _dump(_data(file))


def _dump(data: dict[str, Any]) -> str:
    text: str = yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=WIDTH,
                          default_flow_style=None)
    return text


def _orders_csv(entries: Sequence[OrderEntry]) -> str | None:
    """The text of orders.csv; None where it cannot say the same."""
    if any(entry.routing is not None or entry.family is None for entry in entries):
        return None
    options = list(dict.fromkeys(option for entry in entries for option in entry.choices))
    fields = [name for name in orders_csv.FIELDS if name in orders_csv.NEEDED or name == "quantity"
              or any(getattr(entry, name) != OrderEntry.model_fields[name].default for entry in entries)]
    columns = [*fields, *(PREFIX + option if option in orders_csv.FIELDS or option.startswith(PREFIX) else option
                          for option in options)]
    write = {name: _WRITE.get(name, _text) for name in fields}
    return _table(columns, ([*(write[name](getattr(entry, name)) for name in fields),
                             *(entry.choices.get(option) for option in options)] for entry in entries))


def _floor_csv(entries: Sequence[FloorEntry]) -> str | None:
    """The text of floor.csv; None where it cannot say the same."""
    fields = [name for name in floor_csv.FIELDS if name in floor_csv.NEEDED
              or any(getattr(entry, name) is not None for entry in entries)]
    write = {name: _WRITE.get(name, _text) for name in fields}
    return _table(fields, ([write[name](getattr(entry, name)) for name in fields] for entry in entries))


def _table(header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str | None:
    """A CSV text; None where a text is empty or has blanks around it, which reading would lose."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in ([*header], *rows):
        if any(cell is not None and (cell != cell.strip() or not cell) for cell in row):
            return None
        writer.writerow(["" if cell is None else cell for cell in row])
    return out.getvalue()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _moment(value: datetime | date | None) -> str | None:
    if not isinstance(value, datetime):
        return None if value is None else value.isoformat()
    return value.isoformat(" ", "minutes" if not (value.second or value.microsecond) else "auto")


def _money(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // CENTS}.{cents % CENTS:02d}"


_WRITE: dict[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("release", "due", "deadline", "start", "end"), _moment),
    **dict.fromkeys(("price", "penalty_per_day"), _money),
    **dict.fromkeys(("may_leave_early", "must_make"), lambda value: str(value).lower()),
    "remaining": lambda millis: None if millis is None else format_duration(millis)}
