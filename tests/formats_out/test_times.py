"""Many ticks to text at once says the same as one at a time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.orders import NEVER
from scheduler.domain.timeaxis import TimeAxis
from scheduler.formats.times import texts

ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("tick", [60_000, 1000, 250, 900_000])
def test_as_the_axis_says(zone: str, tick: int) -> None:
    axis = TimeAxis(datetime(2011, 12, 25, 7, 30, tzinfo=ZoneInfo(zone)), zone, tick)
    ticks = np.random.default_rng(1).integers(0, 400 * 86_400_000 // tick, 500)
    assert texts(axis, ticks) == [axis.text(t) for t in ticks.tolist()]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), st.lists(st.integers(-10_000_000, 10_000_000), max_size=20))
def test_any_ticks(zone: str, ticks: list[int]) -> None:
    axis = TimeAxis(datetime(2024, 3, 30, 22, tzinfo=ZoneInfo(zone)), zone)
    assert texts(axis, np.array(ticks, dtype=np.int64)) == [axis.text(t) for t in ticks]


def test_both_sides_of_a_clock_change() -> None:
    axis = TimeAxis(datetime(2024, 10, 27, tzinfo=ZoneInfo("Europe/Berlin")), "Europe/Berlin")
    assert texts(axis, np.array([150, 210, 0])) == [
        "2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00", "2024-10-27T00:00+02:00"]


def test_integers_and_never() -> None:
    zone = ZoneInfo("UTC")
    assert texts(TimeAxis(datetime(2000, 1, 1, tzinfo=zone), "UTC", 1, True), np.array([3, NEVER])) == ["3", ""]
    minutes = TimeAxis(datetime(2000, 1, 1, tzinfo=zone), "UTC")
    assert texts(minutes, np.array([3, NEVER])) == ["2000-01-01T00:03+00:00", ""]
