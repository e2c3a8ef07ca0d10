"""From when on a lot has room in a buffer."""

from __future__ import annotations

import pytest

from scheduler.encoding.leaving import _room_from


@pytest.mark.parametrize(("others", "most", "until", "since"), [
    ([], 0, 9, 0), ([], -1, 9, 9), ([(2, 5)], 0, 9, 5), ([(2, 5)], 1, 9, 0), ([(2, 5), (4, 7)], 1, 9, 5),
    ([(2, 5), (5, 7)], 0, 9, 7), ([(2, 12)], 0, 9, 9)])
def test_room(others: list[tuple[int, int]], most: int, until: int, since: int) -> None:
    assert _room_from(others, most, until) == since
