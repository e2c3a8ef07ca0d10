"""The online printing shop: makespan of a flexible job shop with setups, unavailability and overlap.

Lunardi, Birgin, Laborie, Ronconi and Voos 2020 (Computers & Operations Research 123). Meaning as in the authors'
models (cp_model_4.py in github.com/Willtl/online-printing-shop, and their MILP):

- `availability`: pairs of start and end of each resource's open windows; after the last end it stays open. Operations
  pause over closed time and begin at an open tick.
- Setups on a resource: from a larger to a smaller `size` setup_size[0], from a smaller to a larger one setup_size[1],
  plus setup_color and setup_varnish where these differ; before the first operation max(setup_size) + setup_color +
  setup_varnish. In the paper a setup does not pause and ends when its operation starts.
- `sucessors` (so spelled) form a DAG. After an operation i with `overlap` q < 1 a successor j may start when ceil(q x
  duration of i) units of i have been worked, and ends no earlier than i. `release`: i starts no earlier.
- `starting` >= 0: the operation starts exactly then (its release is void), on its one resource.
- `priority`, `duedate`, `connection` are 0 in all files and mean nothing here; anything else is refused. `rid`
  repeats `id`.

What ours cannot say is in docs/model/instances.md: our reconfiguration may be made earlier and may pause over closed
time.
"""

from __future__ import annotations

from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from scheduler.domain.catalog import Alternative, Buy, Catalog, Component, ComponentUse, Link, Operation, Work
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import Routing
from scheduler.domain.plant import Cell, Closure, Configuration, Plant, Reconfiguration, ResourceSpec
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import Model
from scheduler.domain.scenario import Scenario
from scheduler.errors import Mistake
from scheduler.formats.instances.build import AXIS, own_orders
from scheduler.formats.instances.text import LARGEST
from scheduler.formats.instances.tree import Tree, refuse

Ticks = Annotated[int, Field(ge=0, le=LARGEST)]
Look = tuple[int, int, int]
"""size, color, varnish"""


class Press(Model):
    id: int
    setup_size: tuple[Ticks, Ticks]
    setup_color: Ticks
    setup_varnish: Ticks
    availability: tuple[Ticks, ...] = Field(min_length=2)

    def setup(self, before: Look | None, after: Look) -> int:
        """Ticks from one look to another; None: the first operation."""
        if before is None:
            return max(self.setup_size) + self.setup_color + self.setup_varnish
        size = (before[0] > after[0]) * self.setup_size[0] + (before[0] < after[0]) * self.setup_size[1]
        return size + (before[1] != after[1]) * self.setup_color + (before[2] != after[2]) * self.setup_varnish


class Task(Model):
    id: int
    rid: int = 0
    connection: int = 0
    starting: int = Field(default=-1, ge=-1, le=LARGEST)
    release: Ticks = 0
    overlap: Decimal = Field(default=Decimal(1), gt=0, le=1)
    size: int
    color: int
    varnish: int
    resources: tuple[int, ...] = Field(min_length=1)
    time: tuple[Ticks, ...] = Field(min_length=1)
    sucessors: tuple[int, ...] = ()

    @property
    def look(self) -> Look:
        return self.size, self.color, self.varnish


class PrintJob(Model):
    id: int
    rid: int = 0
    priority: int = 0
    duedate: int = 0
    topology: tuple[Task, ...] = Field(min_length=1)


class PrintingFile(Model):
    resources: tuple[Press, ...] = Field(min_length=1)
    jobs: tuple[PrintJob, ...] = Field(min_length=1)


def read_printing(name: str, tree: Tree) -> Scenario:
    """Orders, operations and resources are named by their `id`. A release becomes a bought component 'paper ID' that
    the operation waits for, a given start a pin."""
    file = tree.model(PrintingFile)
    _check(tree, file)
    papers: dict[str, Component] = {}
    routings = {str(job.id): _routing(job, papers) for job in file.jobs}
    pins = tuple(FloorEntry(lot=str(job.id), operation=str(task.id), state="pinned", resource=str(task.resources[0]),
                            start=AXIS.to_datetime(task.starting))
                 for job in file.jobs for task in job.topology if task.starting >= 0)
    tasks = [task for job in file.jobs for task in job.topology]
    cells = {str(press.id): _cell(press, sorted({t.look for t in tasks if press.id in t.resources}))
             for press in file.resources}
    return Scenario(
        name=name, axis=AXIS, currency="", plant=Plant.model_construct(cells=cells), catalog=Catalog(components=papers),
        value_classes={}, customers={}, policy=Policy(objective="makespan", speed_measure="makespan"),
        orders=own_orders(routings), floor=pins,
        description=f"Public instance: online printing shop, {len(file.jobs)} jobs, {len(tasks)} operations, "
                    f"{len(file.resources)} machines.")


def _routing(job: PrintJob, papers: dict[str, Component]) -> Routing:
    before: dict[int, list[Task]] = {task.id: [] for task in job.topology}
    for task in job.topology:
        for after in dict.fromkeys(task.sucessors):
            before[after].append(task)
    operations, uses = {}, []
    for task in job.topology:
        links = {str(t.id): Link(overlap=int(t.overlap * 100)) for t in before[task.id] if t.overlap < 1}
        first, *others = zip(task.resources, task.time)
        operations[str(task.id)] = Operation(
            needs=dict(zip(("size", "color", "varnish"), map(str, task.look))), resources=(str(first[0]),),
            work=Work.model_construct(fixed=first[1]), after=tuple(str(t.id) for t in before[task.id]), pausing=True,
            links=links, alternatives=tuple(
                Alternative(resources=(str(r),), work=Work.model_construct(fixed=d)) for r, d in others))
        if task.release and task.starting < 0:
            papers[f"paper {task.id}"] = Component(buy=Buy.model_construct(lead_time=task.release))
            uses.append(ComponentUse(component=f"paper {task.id}", at=str(task.id)))
    return Routing(operations=operations, components=tuple(uses))


def _cell(press: Press, looks: list[Look]) -> Cell:
    names = ["-".join(map(str, look)) for look in looks]
    configurations = {"unset": Configuration()}
    for look, name in zip(looks, names):
        configurations[name] = Configuration(
            attributes=dict(zip(("size", "color", "varnish"), map(str, look))))
    rows = [None, *looks]
    matrix = tuple(tuple(0 if b is None or a == b else press.setup(a, b) for b in rows) for a in rows)
    ends = (0, *press.availability[:-1])
    closed = tuple(Closure(start=AXIS.to_datetime(a), end=AXIS.to_datetime(b), reason="unavailable")
                   for a, b in zip(ends[::2], ends[1::2]) if a < b)
    return Cell(
        configurations=configurations,
        reconfiguration=Reconfiguration.model_construct(matrix=matrix),
        resources={str(press.id): ResourceSpec(initial_configuration="unset", maintenance=closed)})


def _check(tree: Tree, file: PrintingFile) -> None:
    found: list[Mistake] = []
    presses = [press.id for press in file.resources]
    ids = [task.id for job in file.jobs for task in job.topology]
    for where, numbers in (("resources", presses), ("jobs", [job.id for job in file.jobs]), ("jobs", ids)):
        twice = next((n for i, n in enumerate(numbers) if n in numbers[:i]), None)
        if twice is not None:
            found.append(tree.wrong((where,), f"the id {twice} stands twice", "give each its own"))
    for i, press in enumerate(file.resources):
        windows = press.availability
        if len(windows) % 2 or any(a >= b for a, b in pairwise(windows)):
            found.append(tree.wrong(("resources", i, "availability"), "availability is no rising list of pairs",
                                    "write start, end, start, end, ..."))
    for j, job in enumerate(file.jobs):
        for field in ("priority", "duedate"):
            if getattr(job, field):
                found.append(tree.wrong(("jobs", j, field), f"{field} is {getattr(job, field)}",
                                        "only 0 has a meaning in this problem"))
        known = {task.id for task in job.topology}
        for t, task in enumerate(job.topology):
            found += _task_mistakes(tree, ("jobs", j, "topology", t), task, known, presses)
        try:
            TopologicalSorter({task.id: task.sucessors for task in job.topology}).prepare()
        except CycleError as error:
            found.append(tree.wrong(("jobs", j, "topology"), "the successors form a cycle: "
                                    + " -> ".join(map(str, error.args[1][::-1])), "remove one of these"))
    refuse(found)


def _task_mistakes(tree: Tree, at: tuple[str | int, ...], task: Task, known: set[int], presses: list[int]
                   ) -> list[Mistake]:
    found = []

    def wrong(field: str, what: str, instead: str) -> None:
        found.append(tree.wrong((*at, field), what, instead))

    if len(task.time) != len(task.resources):
        wrong("time", f"{len(task.time)} times for {len(task.resources)} resources", "one for each")
    for resource in task.resources:
        if resource not in presses:
            wrong("resources", f"there is no resource {resource}", "name one of the file's resources")
    for other in task.sucessors:
        if other not in known:
            wrong("sucessors", f"there is no operation {other} in this job", "name one of the same job")
    if task.connection:
        wrong("connection", f"connection is {task.connection}", "only 0 has a meaning in this problem")
    if task.overlap * 100 != int(task.overlap * 100):
        wrong("overlap", f"overlap {task.overlap} is finer than a hundredth", "round it to two decimals")
    if task.starting >= 0 and len(task.resources) > 1:
        wrong("resources", "an operation with a given start has several resources", "name the one it starts on")
    return found
