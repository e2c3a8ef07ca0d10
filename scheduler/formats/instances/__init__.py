"""Public scheduling instances as scenarios: job shops, flexible job shops (with setups), assembly DAGs."""

from __future__ import annotations

from collections.abc import Callable
from os.path import exists
from pathlib import Path

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.formats.instances.build import build
from scheduler.formats.instances.dag import read_dag
from scheduler.formats.instances.index import Entry, read_entry
from scheduler.formats.instances.jobs import read_flexible, read_job_shop
from scheduler.formats.instances.model import Instance
from scheduler.formats.instances.text import Text

READERS: dict[str, Callable[[Text], Instance]] = {"flexible": read_flexible, "job shop": read_job_shop, "dag": read_dag}
LARGEST_FILE = 200_000_000


def read_instance(path: str) -> Scenario:
    """The scenario of an instance file, or of `index.json#name`.

    The format is recognised by the content; the ending and the index decide only what is tried first. Orders,
    operations (within their job) and resources are named by their index in the file, counted from 0; operations of
    assembly DAGs by the file's number.
    Raises InputError with file:line:column and what would be right.
    """
    file, sign, name = path.rpartition("#")
    if sign and not exists(path):
        entry = read_entry(file, name)
        return build(name, entry.apply(_read(str(entry.file), entry)))
    return build(Path(path).stem, _read(path, None))


def _read(path: str, entry: Entry | None) -> Instance:
    text = Text(path, _content(path))
    first = _first_guess(text, Path(path).suffix.lower(), entry)
    failed: dict[str, InputError] = {}
    for name in (first, *(other for other in READERS if other != first)):
        try:
            return READERS[name](text)
        except InputError as error:
            failed[name] = error
    raise failed[first]


def _first_guess(text: Text, suffix: str, entry: Entry | None) -> str:
    """The format whose mistakes are told if the file has none of them."""
    if entry and entry.format:
        return entry.format
    if suffix == ".fjs" or len(text.rows) < 2:
        return "flexible"
    head, second = (row.text.split() for row in text.rows[:2])
    if len(head) == 3 and len(second) == 2:
        return "dag"
    pairs = len(second) / 2
    nearly = len(head) == 2 and head[1].isdecimal() and abs(int(head[1][:9]) - pairs) < 1
    return "job shop" if nearly else "flexible"


def _content(path: str) -> str:
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise _bad(path, "is too large", f"an instance file has at most {LARGEST_FILE} bytes")
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(path, f"is not a text file (byte {error.start})", "name an instance file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _bad(path, f"cannot be read: {reason}", "name an instance file, or index.json#name") from error


def _bad(path: str, what: str, instead: str) -> InputError:
    return InputError([Mistake((), what, instead, path)])
