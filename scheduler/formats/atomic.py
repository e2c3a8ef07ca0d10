"""Files that are whole or not there: all are written beside their place first, then renamed together."""

from __future__ import annotations

import contextlib
import csv
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scheduler.errors import InputError, Mistake


class Stage:
    """Collects files of one run. Nothing appears under a final name before `commit`, and then only whole files."""

    def __init__(self) -> None:
        self._beside: dict[Path, Path] = {}

    def text(self, path: Path, content: str) -> None:
        """Puts a text file in line, with its folder made where missing."""
        with self._new(path).open("w", encoding="utf-8", newline="") as file:
            file.write(content)

    def binary(self, path: Path, content: bytes) -> None:
        """Puts a binary file in line, with its folder made where missing."""
        self._new(path).write_bytes(content)

    def table(self, path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Puts a CSV file (RFC 4180, but with line feeds) in line."""
        with self._new(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)

    def commit(self) -> list[Path]:
        """Renames all files to their final names; returns these."""
        done = []
        for path, beside in list(self._beside.items()):
            os.replace(beside, path)
            del self._beside[path]
            done.append(path)
        return done

    def drop(self) -> None:
        """Removes what was not committed."""
        for beside in self._beside.values():
            with contextlib.suppress(OSError):
                beside.unlink()
        self._beside.clear()

    def _new(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(6)}.tmp")
        self._beside[path] = beside
        return beside


@contextlib.contextmanager
def staged(target: Path) -> Iterator[Stage]:
    """A stage that commits at the end, or leaves everything as it was. InputError where `target` cannot be written."""
    stage = Stage()
    try:
        yield stage
        stage.commit()
    except OSError as error:
        raise InputError([Mistake((str(target),), f"cannot be written: {error.strerror or error}",
                                  "name a folder that can be written to", place=str(target))]) from error
    finally:
        stage.drop()
