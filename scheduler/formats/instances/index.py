"""Entries of an index of instances: `index.json#name`. The file is trusted more than what the index says of it."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from scheduler.errors import InputError, Mistake
from scheduler.formats.instances.model import Instance
from scheduler.formats.instances.text import LARGEST

FORMATS = {"fjsp_w": "workers", "fajsp_dafjs": "dag", "sdst_fattahi_setup": "flexible",
           "sdst_duque_otalora": "flexible",
           **dict.fromkeys(("brandimarte", "hurink_edata", "hurink_rdata", "hurink_vdata", "dauzere", "kacem",
                            "fattahi", "behnke", "naderi_bv"), "flexible")}
OTHER_SETS = ("sm_wtsds",)
"""Sets of problems that these readers do not know."""


class Entry(NamedTuple):
    """What the index says: the file, and for weighted tardiness how many jobs to use, their weights and due dates."""

    place: str
    name: str
    file: Path
    format: str
    first_jobs: int | None
    weights: tuple[int, ...] | None
    due: tuple[int, ...] | None

    @property
    def plain(self) -> bool:
        """The index adds nothing to the file."""
        return self.first_jobs is None and self.weights is None and self.due is None

    def apply(self, instance: Instance) -> Instance:
        """The instance with this entry's jobs, weights and due dates. InputError where they do not fit the file."""
        count = len(instance.jobs) if self.first_jobs is None else self.first_jobs
        if count > len(instance.jobs):
            raise _bad(self.place, self.name, f"use_first_jobs is {count}",
                       f"{self.file} has {len(instance.jobs)} jobs")
        for field, values in (("weights", self.weights), ("due_dates", self.due)):
            if values is not None and len(values) != count:
                raise _bad(self.place, self.name, f"{len(values)} {field}", f"{count}, one for each job")
        return replace(instance, jobs=instance.jobs[:count], weights=self.weights, due=self.due)


def read_entry(path: str, name: str) -> Entry:
    """The entry `name` of the index at `path`. Raises InputError for an unknown name or an entry that is wrong."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(path, "", f"cannot be read: {error.strerror or error}", "name an index.json") from error
    except json.JSONDecodeError as error:
        raise _bad(f"{path}:{error.lineno}:{error.colno}", "", f"is not JSON: {error.msg}",
                   "correct it here") from error
    except (ValueError, RecursionError) as error:
        raise _bad(path, "", f"is not JSON: {error}", "name an index.json") from error
    if not isinstance(data, dict):
        raise _bad(path, "", "is not an index", "an index maps names to entries")
    if not isinstance(data.get(name), dict):
        near = difflib.get_close_matches(name, data, 1)
        raise _bad(path, name, "there is no such instance",
                   f"did you mean '{near[0]}'?" if near else "name one of its keys")
    return _entry(path, name, data[name])


def _entry(path: str, name: str, data: dict[str, Any]) -> Entry:
    kind = data.get("set") if isinstance(data.get("set"), str) else ""
    if kind in OTHER_SETS:
        raise _bad(path, name, f"the set '{kind}' is a kind of problem that cannot be read",
                   "name an instance of another set")
    file = data.get("file")
    if not isinstance(file, str) or not file:
        raise _bad(path, name, "the entry has no 'file'", "name the file, relative to the index")
    first = data.get("use_first_jobs")
    if first is not None and (type(first) is not int or first < 1):
        raise _bad(path, name, f"use_first_jobs is {first!r}", "a number of jobs, at least 1")
    weights, due = _numbers(path, name, data, "weights"), _numbers(path, name, data, "due_dates")
    if weights is not None and due is None:
        raise _bad(path, name, "weights without due_dates", "give both")
    return Entry(path, name, Path(path).parent / file, FORMATS.get(str(kind), ""), first, weights, due)


def _numbers(path: str, name: str, data: dict[str, Any], key: str) -> tuple[int, ...] | None:
    values = data.get(key)
    if values is None:
        return None
    if not isinstance(values, list) or not all(type(value) is int and 0 <= value <= LARGEST for value in values):
        raise _bad(path, name, f"{key} is not a list of whole numbers of zero or more", "a number for each job")
    return tuple(values)


def _bad(place: str, name: str, what: str, instead: str) -> InputError:
    where = f"{place}#{name}" if name else place
    return InputError([Mistake((name,) if name else (), what, instead, where)])
