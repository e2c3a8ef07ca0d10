"""What the commands share: the process's age, stopping, the progress display, words for results."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from scheduler.domain.quantities import format_money
from scheduler.domain.scenario import Scenario
from scheduler.usecases.solve import Event

_imported = time.monotonic()


def process_seconds() -> float:
    """Seconds since the process started (where the system tells, else since this module was imported)."""
    try:
        with open("/proc/self/stat", encoding="ascii") as stat, open("/proc/uptime", encoding="ascii") as uptime:
            ticks = float(stat.read().rsplit(")", 1)[1].split()[19])
            return float(uptime.read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return time.monotonic() - _imported


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) sets `stop`, so that the best schedule so far is returned; a second one
    interrupts."""
    def first(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {s: signal.signal(s, first) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def value_text(scenario: Scenario, measure: str, value: float | None) -> str:
    """A value of a measure for people."""
    if value is None:
        return "-"
    if measure == "money":
        return format_money(round(value), scenario.currency)
    if scenario.axis.integer:
        return f"{value:,.0f}"
    days = value / scenario.axis.ticks_per_day
    unit = "days" if measure == "makespan" else "priority-days"
    return f"{days:,.2f} {unit}"


def counted(number: int, word: str) -> str:
    """'1 order', '2 orders'."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


class Progress:
    """A live line on standard error: what is being done, best objective, bound, gap, who found it, time."""

    def __init__(self, scenario: Scenario, seconds: float | None, show: bool) -> None:
        self.scenario, self.seconds = scenario, seconds
        self.measure = scenario.policy.levels[0]
        self.doing = "starting"
        self.event: Event | None = None
        self.opened = time.monotonic()
        self.solving: float | None = None
        self.live = Live(console=Console(stderr=True), refresh_per_second=8, transient=True,
                         get_renderable=self.draw) if show else None

    def __enter__(self) -> Progress:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        if self.live:
            self.live.stop()

    def tell(self, doing: str) -> None:
        """What is being done now. Where no live line can be shown, it is printed."""
        self.doing = doing
        if doing == "solving":
            self.solving = time.monotonic()
        if self.live and not self.live.console.is_terminal:
            self.live.console.print(f"{doing} ...", highlight=False)

    def listen(self, event: Event) -> None:
        self.event = event

    def draw(self) -> Table:
        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        left = ""
        if self.solving is not None and self.seconds:
            part = min(1.0, (now - self.solving) / self.seconds)
            left = "█" * int(part * 24) + "░" * (24 - int(part * 24)) + f" {now - self.solving:.0f}/{self.seconds:g} s"
        line = [Text(self.doing, style="bold"), Text(left or f"{now - self.opened:.0f} s", style="cyan")]
        event = self.event
        if event is not None:
            best, bound = event.objective, event.bound
            line.append(Text(f"best {value_text(self.scenario, self.measure, best)}"))
            line.append(Text(f"bound {value_text(self.scenario, self.measure, bound)}", style="dim"))
            if best and bound is not None:
                line.append(Text(f"gap {(best - bound) / abs(best):.1%}", style="dim"))
            line.append(Text(event.source, style="dim"))
        table.add_row(*line)
        return table


def out_folder(out: Path | None, path: str, scenario: Scenario) -> Path:
    """The folder for results: as given, or out/<name of the scenario folder or instance>."""
    if out is not None:
        return out
    from scheduler.formats.tables import file_names

    base, _, name = path.partition("#")
    place = Path(base).resolve()
    stem = name or (place.name if place.is_dir() else place.parent.name if place.suffix in (".yaml", ".yml")
                    else scenario.name or place.stem)
    return Path("out") / file_names([stem])[0]


def schedule_file(path: Path) -> Path:
    """schedule.json itself or the one in a folder."""
    return path / "schedule.json" if path.is_dir() else path
