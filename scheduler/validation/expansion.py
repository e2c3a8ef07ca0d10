"""Templates beyond the plain shop: sub-plans and split lots written out beside the operations they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple

from scheduler.domain.catalog import Hold, SubPlan
from scheduler.validation.templates import Detail, Draft, Held, Template, filled


class Mark(NamedTuple):
    """Where an operation belongs: branch of a choice, part (i, k) of a split, and the name it has in the catalog."""

    choice: int
    branch: int
    part: tuple[int, int]
    origin: str


def expanded(draft: Draft, sub_plans: Iterable[SubPlan], holds: Iterable[Hold], chosen: tuple[tuple[str, str], ...],
             material: int) -> Template:
    """The template with every branch of every choice. Arcs, links and holds count where both operations are there."""
    marks: dict[str, Mark] = {}
    choices = _sub_plans(draft, sub_plans, marks)
    _splits(draft, marks, choices)
    plain = draft.finished(chosen, material)
    number = {name: i for i, name in enumerate(plain.names)}
    details, links = [], []
    for name in plain.names:
        asked, mark = draft.asks.get(name), marks.get(name, Mark(-1, -1, (1, 1), name))
        detail = Detail(origin=mark.origin, part=mark.part, choice=mark.choice, branch=mark.branch)
        if asked is not None:
            detail = detail._replace(
                pausing=asked.pausing, loading=asked.loading, unloading=asked.unloading, places=asked.places,
                batch=filled(asked.batch, chosen) if asked.batch is not None else None, same=asked.same_resource_as,
                other=asked.other_resource_than, together=asked.start_with,
                minimum=asked.split.minimum if asked.split else 1)
        details.append(detail)
    for place, (first, then) in enumerate(plain.arcs):
        later = draft.asks.get(plain.names[then])
        said = later.links.get(details[first].origin) if later else None
        if said is not None:
            links.append((place, said))
    held = tuple(Held(h.fixture, h.number, number[h.from_], number[h.to]) for h in holds
                 if h.from_ in number and h.to in number)
    return plain._replace(details=tuple(details), links=tuple(links), holds=held)


def _sub_plans(draft: Draft, sub_plans: Iterable[SubPlan], marks: dict[str, Mark]) -> int:
    """Writes the sub-plans behind the operations; the number of choices. A part of which nothing is left has none."""
    groups: dict[frozenset[str], list[SubPlan]] = {}
    for plan in sub_plans:
        groups.setdefault(frozenset(name for name in plan.replaces if name in draft.ways), []).append(plan)
    groups.pop(frozenset(), None)
    for choices, (part, plans) in enumerate(groups.items()):
        earlier = set().union(*(draft.before[name] for name in part)) - part
        later = [name for name, before in draft.before.items() if name not in part and before & part]
        marks.update({name: Mark(choices, 0, (1, 1), name) for name in part})
        for branch, plan in enumerate(plans, start=1):
            roots, followed, previous = [], set[str](), tuple[str, ...]()
            for name, operation in plan.operations.items():
                own = previous if operation.after is None else operation.after
                draft.put(name, operation, own or earlier)
                marks[name] = Mark(choices, branch, (1, 1), name)
                roots += [] if own else [name]
                followed |= set(own)
                previous = (name,)
            for name in later:
                draft.before[name] |= plan.operations.keys() - followed
            _wait_too(draft, part, roots)
    return len(groups)


def _splits(draft: Draft, marks: dict[str, Mark], choices: int) -> None:
    """Writes the parts of every operation that may be split, for every number of parts."""
    for name, operation in list(draft.asks.items()):
        if operation.split is None or name in marks:
            continue
        marks[name] = Mark(choices, 0, (1, 1), name)
        later = [other for other, before in draft.before.items() if name in before]
        parts = []
        for k in range(2, operation.split.parts + 1):
            for i in range(1, k + 1):
                part = f"{name} ({i} of {k})"
                draft.ways[part], draft.before[part] = draft.ways[name], set(draft.before[name])
                draft.asks[part] = operation
                marks[part] = Mark(choices, k - 1, (i, k), name)
                parts.append(part)
        for other in later:
            draft.before[other] |= set(parts)
        _wait_too(draft, {name}, parts)
        choices += 1


def _wait_too(draft: Draft, replaced: Set[str], alternatives: list[str]) -> None:
    """What is needed at a replaced operation is needed at the first ones of its alternatives too."""
    draft.uses = [(component, quantity, at + alternatives if replaced & set(at) else at)
                  for component, quantity, at in draft.uses]
