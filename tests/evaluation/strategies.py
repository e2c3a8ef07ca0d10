"""Hypothesis strategies of order books for the tiny factory."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=40)
"""A busy machine must not fail a test."""


@st.composite
def order_books(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to four orders of cabinets in all variants, some in a hurry, some not allowed to leave early."""
    count = draw(st.integers(1, 4))
    found = []
    for i in range(count):
        order: dict[str, Any] = {
            "id": f"O{i}", "family": "cabinet", "quantity": draw(st.integers(1, 6)),
            "choices": {"colour": draw(st.sampled_from(["white", "red", "blue"])),
                        "lock": draw(st.sampled_from(["no", "yes"]))},
            "penalty_per_day": draw(st.integers(0, 90)), "priority": draw(st.integers(1, 4))}
        if draw(st.booleans()):
            order |= {"due": f"2024-01-{draw(st.integers(1, 6)):02d}", "may_leave_early": draw(st.booleans())}
        if draw(st.booleans()) and "due" not in order:
            order["release"] = f"2024-01-0{draw(st.integers(1, 4))}"
        found.append(order)
    return found
