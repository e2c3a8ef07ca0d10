"""How the kernels are compiled.

Functions that only kernels call get no way in from Python, which saves a third of the time to compile. No kernel
counts references: they make no arrays, and counting would take ten times as long as the work itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import config, njit

F = TypeVar("F", bound=Callable[..., Any])


KERNEL: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
HIDDEN: dict[str, Any] = {**KERNEL, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _forget_stale() -> None:
    """Removes compiled kernels made from other sources: the cache looks at the file of the outermost function only."""
    here = Path(__file__).parent
    engines = here.parent / "engines"
    sources = [path for folder, names in ((here / "serial", "*.py"), (here, "timing.py"), (here, "makespan_*.py"),
                                          (engines, "lists_*.py"), (engines, "tabu_*.py"), (engines, "unary_*.py"),
                                          (engines, "annealing_*.py"), (engines, "dispatch_*.py"))
               for path in sorted(folder.glob(names))]
    digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = here / "__pycache__" / "kernels.txt"
    with suppress(OSError):  # where nothing may be written, nothing was cached here either
        if stamp.exists() and stamp.read_text() == digest:
            return
        for folder in {path.parent for path in sources}:
            for index in (folder / "__pycache__").glob("*.nbi"):
                if index.name.startswith(tuple(f"{path.stem}." for path in sources)):
                    index.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest)


_forget_stale()


def outer(function: F) -> F:
    """A kernel that Python calls."""
    return cast(F, njit(**KERNEL)(function))


def inner(function: F) -> F:
    """A function that only kernels call."""
    return cast(F, njit(**HIDDEN)(function))


def woven(function: F) -> F:
    """An inner function written into the kernels that call it: where LLVM leaves a call, many arrays make it slow."""
    return cast(F, njit(**HIDDEN, inline="always")(function))


def seen(array: np.ndarray) -> np.ndarray:
    """An array as kernels take it: where they run as plain Python, its records need fields as attributes."""
    plain = config.DISABLE_JIT  # type: ignore[attr-defined]
    return array.view(np.recarray) if plain and array.dtype.names else array
