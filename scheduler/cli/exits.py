"""Exit codes, as decided in the design."""

from __future__ import annotations

OF_STATUS = {"optimal": 0, "feasible": 0, "infeasible": 3, "not_found": 4}
VIOLATIONS, BAD_INPUT, INTERNAL, INTERRUPTED = 1, 2, 70, 130
