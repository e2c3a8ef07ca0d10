"""How the kernels are compiled.

Functions that only kernels call get no way in from Python, which saves a third of the time to compile. No kernel
counts references: they make no arrays, and counting would take ten times as long as the work itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


KERNEL: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
HIDDEN: dict[str, Any] = {**KERNEL, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def outer(function: F) -> F:
    """A kernel that Python calls."""
    return cast(F, njit(**KERNEL)(function))


def inner(function: F) -> F:
    """A function that only kernels call."""
    return cast(F, njit(**HIDDEN)(function))
