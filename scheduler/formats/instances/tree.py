"""JSON instance files as models: every mistake with its line and column."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from scheduler.errors import InputError, Location, Mistake
from scheduler.formats.structure import Built, build
from scheduler.formats.yaml_source import parse_yaml

M = TypeVar("M", bound=BaseModel)
MOST_MISTAKES = 50


class Tree:
    """A JSON text. JSON is read as the YAML it also is, which knows its places."""

    def __init__(self, place: str, content: str):
        self.place = place
        self.root, self.mistakes = parse_yaml(content.replace("\t", " "), place)

    @property
    def names(self) -> set[str]:
        """The names at the top."""
        return set(self.root.value) if self.root is not None and isinstance(self.root.value, dict) else set()

    def model(self, kind: type[M]) -> M:
        """The file as a model. Raises InputError with its mistakes."""
        if self.root is None or self.mistakes:
            raise InputError(self.mistakes[:MOST_MISTAKES])
        built: Built[M] = build(kind, self.root.clone(), self.place)
        if built.mistakes or built.model is None:
            raise InputError(built.mistakes[:MOST_MISTAKES])
        return built.model

    def wrong(self, where: Location, what: str, instead: str) -> Mistake:
        """The mistake at a path into the file."""
        line, column = self.root.position(where) if self.root is not None else (1, 1)
        return Mistake((), what, instead, f"{self.place}:{line}:{column}")


def refuse(mistakes: list[Mistake]) -> None:
    """Raises InputError where there is a mistake."""
    if mistakes:
        raise InputError(mistakes[:MOST_MISTAKES])
