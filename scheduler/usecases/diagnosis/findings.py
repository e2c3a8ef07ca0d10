"""Where the checks put what they find, and the words they share."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from scheduler.errors import Location, Mistake

MAX_MONEY = 10**12
"""Hundredths of currency that one order, rate or penalty may amount to; its millionths then fit 64 bits."""


@dataclass
class Findings:
    """The mistakes found so far, each once."""

    mistakes: dict[Mistake, None] = field(default_factory=dict)

    def add(self, where: Location, what: str, instead: str) -> None:
        self.mistakes.setdefault(Mistake(where, what, instead))

    def unknown(self, where: Location, kind: str, name: str, known: Collection[str], inside: str = "") -> None:
        """Notes that nothing is called `name`."""
        self.add(where, f"unknown {kind} '{name}'{inside}", instead(name, known, kind))

    def __len__(self) -> int:
        return len(self.mistakes)


def instead(name: str, known: Collection[str], kind: str) -> str:
    """The nearest known name, or what is known."""
    lower = {k.lower(): k for k in known}
    near = [lower[name.lower()]] if name.lower() in lower else difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {listed(known)}" if known else f"there is no {kind} yet: define it, or take the name out"


def listed(names: Iterable[str], limit: int = 8) -> str:
    """The first names, and how many more there are."""
    found = list(names)
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more


def chain(names: Iterable[str]) -> str:
    return " -> ".join(names)
