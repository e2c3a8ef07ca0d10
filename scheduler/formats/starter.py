"""Writes the commented starter scenario that ships with the package."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from scheduler.errors import InputError, Mistake
from scheduler.formats.atomic import staged
from scheduler.formats.schemas import SCHEMA_FILE, schema_text

FILES = ("scenario.yaml", "orders.csv", "README.md")


def create(folder: Path) -> list[Path]:
    """Writes scenario.yaml, orders.csv, README.md and the schema for editors into a folder, made where it is not there.

    Returns the files written. Raises InputError where one of them is there already, or the folder is a file.
    """
    folder = Path(folder)
    there = [name for name in (*FILES, SCHEMA_FILE) if (folder / name).exists()]
    if folder.exists() and not folder.is_dir():
        raise InputError([Mistake((), "this is a file", "name a new folder", str(folder))])
    if there:
        raise InputError([Mistake((), f"the folder has a {there[0]} already", "name a new folder", str(folder))])
    template = files("scheduler.formats") / "starter"
    with staged(folder) as stage:
        for name in FILES:
            text = (template / name).read_text("utf-8")
            stage.text(folder / name, _named(text, folder.resolve().name) if name == FILES[0] else text)
        stage.text(folder / SCHEMA_FILE, schema_text("scenario"))
        return stage.commit()


def _named(text: str, name: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII)
    return text.replace("name: starter", f"name: {name if plain else json.dumps(name)}", 1) if name else text
