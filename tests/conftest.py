"""What holds for all tests: no part of a solve may fail unnoticed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from scheduler.usecases import first_run


class Failures(logging.Handler):
    """Keeps what was told of failed parts (see Channel.fail)."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A solve survives a failing part, so a test would not see it: it fails here, unless marked `failing_parts`."""
    failures, log = Failures(), logging.getLogger("scheduler.engines.contract")
    log.addHandler(failures)
    try:
        yield
    finally:
        log.removeHandler(failures)
    if failures.told and item.get_closest_marker("failing_parts") is None:
        pytest.fail("parts of a solve failed: " + "; ".join(failures.told))


@pytest.fixture(autouse=True)
def _waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of everything else find the same on a machine without compiled kernels: they wait for the compiler."""
    monkeypatch.setattr(first_run, "small", lambda problem: False)
