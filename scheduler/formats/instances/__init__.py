"""Public scheduling instances as scenarios: job shops of many kinds, a printing shop, order acceptance, assembly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os.path import exists
from pathlib import Path

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.formats.instances.acceptance import read_acceptance
from scheduler.formats.instances.bom import is_bom, read_bom
from scheduler.formats.instances.build import build
from scheduler.formats.instances.content import bad, content
from scheduler.formats.instances.dag import read_dag
from scheduler.formats.instances.index import Entry, read_entry
from scheduler.formats.instances.jobs import read_flexible, read_job_shop
from scheduler.formats.instances.model import Instance
from scheduler.formats.instances.modules import read_modules
from scheduler.formats.instances.printing import read_printing
from scheduler.formats.instances.text import Text
from scheduler.formats.instances.tree import Tree
from scheduler.formats.instances.workers import read_workers

READERS: dict[str, Callable[[Text], Instance]] = {
    "flexible": read_flexible, "job shop": read_job_shop, "dag": read_dag, "workers": read_workers}
"""Readers of lines of numbers, which stand for the same problem with more or fewer rules."""


def read_instance(path: str) -> Scenario:
    """The scenario of an instance file (or folder), or of `index.json#name`.

    The format is recognised by the content; the ending and the index decide only what is tried first. Where the file
    has no names, orders, operations (within their job) and resources are named by their index, counted from 0;
    operations of assembly DAGs by the file's number. Files may be packed with gzip. Raises InputError with
    file:line:column and what would be right.
"""
    file, sign, name = path.rpartition("#")
    if sign and not exists(path):
        entry = read_entry(file, name)
        return _scenario(name, str(entry.file), entry)
    return _scenario(Path(path).name.removesuffix(".gz").rpartition(".")[0] or Path(path).name, path, None)


def _scenario(name: str, path: str, entry: Entry | None) -> Scenario:
    read: Callable[[], Scenario]
    if is_bom(Path(path)):
        read = partial(read_bom, name, Path(path))
    else:
        said = content(path)
        text = Text(path, said)
        if said.lstrip().startswith("{"):
            tree = Tree(path, said)
            read = partial(read_modules if "instance" in tree.names else read_printing, name, tree)
        elif text.rows and "," in text.rows[0].text:
            read = partial(read_acceptance, name, text)
        else:
            instance = _lines(text, Path(path.removesuffix(".gz")).suffix.lower(), entry)
            return build(name, entry.apply(instance) if entry else instance)
    if entry and not entry.plain:
        raise bad(f"{entry.place}#{name}", "weights, due_dates or use_first_jobs with such a file",
                  "only job shops take these from the index")
    return read()


def _lines(text: Text, suffix: str, entry: Entry | None) -> Instance:
    first = _first_guess(text, suffix, entry)
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
    if suffix == ".fjsw":
        return "workers"
    if suffix == ".fjs" or len(text.rows) < 2:
        return "flexible"
    head, second = (row.text.split() for row in text.rows[:2])
    if len(head) == 3 and len(second) == 2:
        return "dag"
    pairs = len(second) / 2
    nearly = len(head) == 2 and head[1].isdecimal() and abs(int(head[1][:9]) - pairs) < 1
    return "job shop" if nearly else "flexible"
