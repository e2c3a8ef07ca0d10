"""How the kernels are compiled: functions that only kernels call get no way in from Python, which halves the time."""

from __future__ import annotations

from numba import njit

outer = njit(cache=True, nogil=True, error_model="numpy")
"""A kernel that Python calls."""
inner = njit(cache=True, nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""A function that only kernels call."""
