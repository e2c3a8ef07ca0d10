"""The schedule: lots, operations and pegs in columns, and the header of the solve it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scheduler.domain.timeaxis import TimeAxis

if TYPE_CHECKING:
    import pandas

STATUSES = ("optimal", "feasible", "infeasible", "not_found")
SOURCES = ("stock", "lot", "buy", "expedite")


@dataclass(frozen=True, eq=False)
class Lots:
    """What is made, in columns of length L.

    id: stable from replan to replan: the order's id for the product itself, 'ORDER/component' for a component lot
    of an order
    (with '#2', '#3' for further ones), the component's name for a lot shared by orders. item: '' for the product
    itself, else the component. order: index into the scenario's orders, -1 for a shared lot. quantity: pieces.
    """

    id: tuple[str, ...]
    item: tuple[str, ...]
    order: np.ndarray
    quantity: np.ndarray


@dataclass(frozen=True, eq=False)
class Pegs:
    """Where each component came from, in columns of length P.

    component; order: whose need it covers; source: index into SOURCES; lot: the lot that supplies it (-1 for stock
    and buy);
    consumer: the lot that uses it; quantity; available: tick from which it is there (for a lot: -1, its completion
    says).
    """

    component: tuple[str, ...]
    order: np.ndarray
    source: np.ndarray
    lot: np.ndarray
    consumer: np.ndarray
    quantity: np.ndarray
    available: np.ndarray


@dataclass(frozen=True, eq=False)
class Carries:
    """Transports by a vehicle, in columns: before, after: rows of the schedule (an operation and the one it goes to);
    start, end: ticks."""

    before: np.ndarray
    after: np.ndarray
    start: np.ndarray
    end: np.ndarray


class OperationRow(NamedTuple):
    """One scheduled operation, for people. leave, team (crews, joined by ', ') and batch as in the schedule; None and
    '' where it has none."""

    order: str
    operation: str
    resource: str
    start: int
    end: int
    lot: str
    mode: int
    configuration: str
    item: str
    reconfiguration_start: int
    reconfiguration_end: int
    position: int
    leave: int | None = None
    team: str = ""
    batch: int | None = None


@dataclass(frozen=True, eq=False)
class Header:
    """The solve a schedule came from. objective and bound are in the unit of the policy's first measure (a list: of
    all levels)."""

    scenario: str
    status: str = "feasible"
    measure: str = "money"
    objective: int | None = None
    bound: float | None = None
    bound_source: str = ""
    engine: str = ""
    seed: int = 0
    wall_seconds: float = 0.0
    trace: tuple[tuple[float, int | None, float | None, str], ...] = ()
    """(seconds, objective or None, bound or None, who) as they came."""
    levels: tuple[dict[str, Any], ...] = ()

    @property
    def gap(self) -> float | None:
        """(objective - bound) / objective; None while either is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return 0.0 if self.objective == 0 else (self.objective - self.bound) / abs(self.objective)


@dataclass(frozen=True, eq=False)
class Schedule:
    """Operations in columns of length n, in any order.

    lot: index into lots; name: index into names; resource: index into Scenario.resources; configuration: index into
    that
    resource's configurations; mode: 0 for the operation as given, k for its k-th alternative; start, end: ticks,
    [start, end); reconfiguration: [rec_start, rec_end) in ticks before it on the resource, equal where there is
    none; position: place in the resource's sequence, from 0 (on a subcontractor: by start).

    Of a plain factory the rest is empty or None. leave: tick at which the lot leaves the resource (after `end` where
    the buffer behind it is full); team: index into `teams`, each the crews chosen for the operation's needs, in their
    order; batch: operations with the same number >= 0 ran as one batch, which has consecutive positions; carries:
    transports by limited vehicles; overtime: opened (calendar, start, end); refused: orders (index) not made. An
    operation that is not needed (of a refused order, of a part of the routing not chosen) has no row.
    """

    header: Header
    lots: Lots
    names: tuple[str, ...]
    lot: np.ndarray
    name: np.ndarray
    resource: np.ndarray
    configuration: np.ndarray
    mode: np.ndarray
    start: np.ndarray
    end: np.ndarray
    rec_start: np.ndarray
    rec_end: np.ndarray
    position: np.ndarray
    pegs: Pegs
    resources: tuple[str, ...] = field(default=())
    configurations: tuple[tuple[str, ...], ...] = field(default=())
    orders: tuple[str, ...] = field(default=())
    leave: np.ndarray | None = None
    team: np.ndarray | None = None
    teams: tuple[tuple[str, ...], ...] = ((),)
    batch: np.ndarray | None = None
    carries: Carries | None = None
    overtime: tuple[tuple[str, int, int], ...] = ()
    refused: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.start)

    def row(self, i: int) -> OperationRow:
        """Operation i as it is stored, in words."""
        lot, resource = int(self.lot[i]), int(self.resource[i])
        order = int(self.lots.order[lot])
        return OperationRow(
            order=self.orders[order] if order >= 0 else "", operation=self.names[self.name[i]],
            resource=self.resources[resource], start=int(self.start[i]), end=int(self.end[i]), lot=self.lots.id[lot],
            mode=int(self.mode[i]), configuration=self.configurations[resource][self.configuration[i]],
            item=self.lots.item[lot], reconfiguration_start=int(self.rec_start[i]),
            reconfiguration_end=int(self.rec_end[i]), position=int(self.position[i]),
            leave=None if self.leave is None else int(self.leave[i]),
            team="" if self.team is None else self._crews(int(self.team[i])),
            batch=None if self.batch is None else int(self.batch[i]))

    def _crews(self, team: int) -> str:
        return ", ".join(dict.fromkeys(self.teams[team]))

    def rows(self) -> list[OperationRow]:
        """All rows by start, then resource and position."""
        return [self.row(int(i)) for i in np.lexsort((self.position, self.resource, self.start))]

    def columns(self) -> dict[str, Any]:
        """The rows as columns of equal length n, sorted as `rows`: names as lists of str, ticks as arrays. leave, team
        and batch only where the schedule has them."""
        rank = np.lexsort((self.position, self.resource, self.start))
        lot, resource = self.lot[rank], self.resource[rank]
        order = self.lots.order[lot]

        def text(names: tuple[str, ...], index: np.ndarray) -> list[str]:
            return [names[i] if i >= 0 else "" for i in index.tolist()]

        found: dict[str, Any] = {
            "order": text(self.orders, order), "operation": text(self.names, self.name[rank]),
            "resource": text(self.resources, resource), "start": self.start[rank], "end": self.end[rank],
            "lot": text(self.lots.id, lot), "mode": self.mode[rank],
            "configuration": [self.configurations[r][c] for r, c in zip(resource.tolist(),
                                                                       self.configuration[rank].tolist())],
            "item": text(self.lots.item, lot), "reconfiguration_start": self.rec_start[rank],
            "reconfiguration_end": self.rec_end[rank], "position": self.position[rank]}
        if self.leave is not None:
            found["leave"] = self.leave[rank]
        if self.team is not None:
            found["team"] = [self._crews(t) for t in self.team[rank].tolist()]
        if self.batch is not None:
            found["batch"] = self.batch[rank]
        return found

    def frame(self, axis: TimeAxis | None = None) -> pandas.DataFrame:
        """The columns as a pandas frame; with an axis that has dates, times become timestamps of its zone."""
        import pandas

        made = pandas.DataFrame(self.columns())
        if axis is not None and not axis.integer:
            for name in ("start", "end", "reconfiguration_start", "reconfiguration_end", "leave"):
                if name not in made:
                    continue
                since = pandas.to_timedelta(made[name] * axis.tick, unit="ms")
                made[name] = (pandas.Timestamp(axis.origin).tz_convert("UTC") + since).dt.tz_convert(axis.zone)
        return made
