"""From a path to a scenario: a scenario folder, its yaml, a folder of frePPLe's tables, or a public instance."""

from __future__ import annotations

import difflib
from pathlib import Path

from scheduler.domain.assemble import assemble
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.formats.scenario_files import SCENARIO, YAML_ENDINGS, Source, read_scenario
from scheduler.usecases.diagnose import diagnose
from scheduler.usecases.replanning.state import Files

WANTED = "give a scenario folder, its yaml, a public instance file or 'index.json#name'"


def load(path: str | Path) -> Scenario:
    """The scenario of a folder with a scenario.yaml, of such a yaml, of a folder of frePPLe's tables, of a public
    instance (a file, or a folder with its bill of materials) or of `index.json#name`.

    Raises InputError with every mistake of the files, each with its file, line and column.
    """
    if _is_tables(path):
        from scheduler.formats.frepple import read_frepple

        file, entries = read_frepple(Path(path))
        wrong = diagnose(file, entries, ())
        if wrong:
            raise InputError([_unplaced(m, str(path)) for m in wrong])
        return assemble(file, entries)
    if not _is_scenario(path):
        from scheduler.formats.instances import read_instance

        return read_instance(str(path))
    source = read_scenario(Path(path))
    mistakes = _mistakes(source)
    if mistakes or source.file is None:
        raise InputError(mistakes)
    return assemble(source.file, source.entries, floor=source.floor)


def load_files(path: str | Path) -> Files:
    """scenario.yaml, the orders and the entries of floor.csv of a scenario folder, as they are written.

    Raises InputError like `load`, and for anything that is not a scenario folder or its yaml.
    """
    if not _is_scenario(path):
        raise InputError([Mistake((), "this is no scenario folder", "name a folder with a scenario.yaml", str(path))])
    source = read_scenario(Path(path))
    mistakes = _mistakes(source)
    if mistakes or source.file is None:
        raise InputError(mistakes)
    return Files(source.file, tuple(source.entries), tuple(source.floor))


def read_mistakes(path: str | Path) -> list[Mistake]:
    """Every mistake that `load` would raise, in the order of the files."""
    try:
        if not _is_tables(path) and _is_scenario(path):
            return _mistakes(read_scenario(Path(path)))
        load(path)
    except InputError as error:
        return error.mistakes
    return []


def _mistakes(source: Source) -> list[Mistake]:
    computed = diagnose(source.file, source.entries, source.floor) if source.file is not None else []
    return source.all_mistakes(computed)


def _unplaced(mistake: Mistake, folder: str) -> Mistake:
    """A mistake of a scenario made from tables: its path is all that can be said of its place."""
    where = "/".join(map(str, mistake.where))
    return Mistake(mistake.where, mistake.what, mistake.instead, f"{folder} ({where})" if where else folder)


def _is_tables(path: str | Path) -> bool:
    """Whether the path is a folder of frePPLe's tables and no scenario folder."""
    target = Path(path)
    if not _exists(target) or not target.is_dir() or (target / SCENARIO).exists():
        return False
    from scheduler.formats.frepple import is_frepple

    return is_frepple(target)


def _is_scenario(path: str | Path) -> bool:
    """Whether the path is read as a scenario folder or yaml; raises InputError where there is nothing to read."""
    target = Path(path)
    if not _exists(target) and "#" in str(path):
        target = Path(str(path).rpartition("#")[0])
    if not _exists(target):
        folder = target.parent
        siblings = [p.name for p in folder.iterdir()] if _exists(folder) and folder.is_dir() else []
        near = difflib.get_close_matches(target.name, siblings, n=1, cutoff=0.6)
        hint = f"did you mean '{target.parent / near[0]}'?" if near else WANTED
        raise InputError([Mistake((), "there is no such file or folder", hint, str(path))])
    if target.is_dir():
        if not (target / SCENARIO).is_file():
            from scheduler.formats.instances.bom import is_bom

            if is_bom(target):
                return False
            inside = [p.name for p in sorted(target.iterdir()) if (p / SCENARIO).is_file()]
            hint = f"did you mean '{target / inside[0]}'?" if inside else "'scheduler new FOLDER' writes one"
            raise InputError([Mistake((), f"this folder holds no {SCENARIO}", hint, str(path))])
        return True
    return target.suffix.lower() in YAML_ENDINGS


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
