"""The text of an instance file, packed with gzip or not."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from scheduler.errors import InputError, Mistake

LARGEST_FILE = 200_000_000
_GZIP = b"\x1f\x8b"


def content(path: str) -> str:
    """The text of the file at `path`. Raises InputError where it cannot be read, is too large or no text."""
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise bad(path, "is too large", f"an instance file has at most {LARGEST_FILE} bytes")
        raw = Path(path).read_bytes()
        if raw[:2] == _GZIP:
            raw = _unpacked(path, raw)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad(path, f"is not a text file (byte {error.start})", "name an instance file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise bad(path, f"cannot be read: {reason}", "name an instance file, or index.json#name") from error


def bad(path: str, what: str, instead: str) -> InputError:
    return InputError([Mistake((), what, instead, path)])


def _unpacked(path: str, raw: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            found = packed.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise bad(path, f"is not a whole gzip file: {error}", "pack it again, or name a text file") from error
    if len(found) > LARGEST_FILE:
        raise bad(path, "is too large once unpacked", f"an instance file has at most {LARGEST_FILE} bytes")
    return found
