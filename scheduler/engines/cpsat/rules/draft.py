"""The model of a problem with rules while it is being built: variables by meaning, small logic, loads of pools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.rules.clocks import Group, Groups, Pattern
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.spans import Spans
from scheduler.problem.problem import Solution

Expr = Any
"""A linear expression, a variable or an int, as CP-SAT takes them."""
Ranges = list[tuple[int, int]]
Part = tuple[Any, Group, Ranges]
"""(literal, the relation between start and end that holds with it, the starts it is for)."""


@dataclass(frozen=True)
class Load:
    """`quantity` on a pool during [start, end) where `literal` holds; size: ticks where they are constant."""

    quantity: int
    start: Expr
    end: Expr
    literal: Any
    size: int | None = None


@dataclass(eq=False)
class Draft:
    """One CP-SAT model.

    there: presence literal per operation; made, branch, bought: literals; mode: literal per live mode; start, end,
    prepare, leave: per operation; runs: per live mode its parts; lead: per live mode on limited resources, literal that
    it takes a place in the sequence; follow: {(mode, mode of the leader): literal}; turn: per resource with a circuit
    {(mode before, mode after): literal}, -1 for none; preparing: per mode its parts with the ticks of open time;
    carry: per arc index (time, literal); loads, fixed: per pool, of what may still move and of facts (quantity, start,
    end).
    restricted: the model leaves something out, so that nothing may be claimed from it.
    """

    shop: Shop
    spans: Spans
    start_from: Solution | None
    levels: tuple[str, ...]
    stopped: Callable[[], bool] = lambda: False
    restricted: bool = False
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    there: list[Any] = field(default_factory=list)
    made: list[Any] = field(default_factory=list)
    branch: list[Any] = field(default_factory=list)
    bought: list[Any] = field(default_factory=list)
    mode: dict[int, Any] = field(default_factory=dict)
    live: list[list[int]] = field(default_factory=list)
    groups: dict[int, Groups] = field(default_factory=dict)
    runs: dict[int, list[Part]] = field(default_factory=dict)
    start: list[Expr] = field(default_factory=list)
    end: list[Expr] = field(default_factory=list)
    prepare: list[Expr] = field(default_factory=list)
    leave: list[Expr] = field(default_factory=list)
    lead: dict[int, Any] = field(default_factory=dict)
    follow: dict[tuple[int, int], Any] = field(default_factory=dict)
    turn: dict[int, dict[tuple[int, int], Any]] = field(default_factory=dict)
    preparing: dict[int, list[tuple[int, Part]]] = field(default_factory=dict)
    carry: dict[int, tuple[Expr, Any]] = field(default_factory=dict)
    loads: dict[int, list[Load]] = field(default_factory=dict)
    fixed: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    entering: list[list[tuple[int, Any]]] = field(default_factory=list)
    measures: dict[str, Expr] = field(default_factory=dict)
    delivery: dict[int, Expr] = field(default_factory=dict)
    tardiness: dict[int, Expr] = field(default_factory=dict)
    stay: dict[int, Expr] = field(default_factory=dict)
    hints: dict[int, int] = field(default_factory=dict)
    _always: Any = field(default=None, init=False)
    _both: dict[tuple[int, ...], Any] = field(default_factory=dict, init=False)
    _order: dict[tuple[str, int, int], Any] = field(default_factory=dict, init=False)

    @property
    def horizon(self) -> int:
        """No time of the model is later."""
        return self.spans.end + 1

    def literal(self) -> Any:
        """A new literal."""
        return self.cp.new_bool_var("")

    def integer(self, low: int, high: int) -> Any:
        """A new integer variable."""
        return self.cp.new_int_var(low, max(low, high), "")

    def within(self, ranges: Iterable[tuple[int, int]]) -> Any:
        """A new integer variable with several intervals as domain."""
        return self.cp.new_int_var_from_domain(domain(ranges), "")

    def always(self) -> Any:
        """The literal that is true."""
        if self._always is None:
            self._always = self.cp.new_constant(1)
        return self._always

    def never(self) -> Any:
        """The literal that is false."""
        return ~self.always()

    def is_always(self, literal: Any) -> bool:
        """Whether it is that very literal."""
        return self._always is not None and literal.index == self._always.index

    def hint(self, variable: Any, value: int) -> None:
        """The value of a variable (no negation, no constant) in the start."""
        if self.start_from is not None and variable.index >= 0 and not self.is_always(variable):
            self.hints[variable.index] = int(value)

    def both(self, literals: Sequence[Any]) -> Any:
        """The literal that all of these hold."""
        known = {x.index: x for x in literals if not self.is_always(x)}
        if not known:
            return self.always()
        if len(known) == 1:
            return next(iter(known.values()))
        key = tuple(sorted(known))
        if key not in self._both:
            made = self.literal()
            self.cp.add_bool_and(list(known.values())).only_enforce_if(made)
            self.cp.add_bool_or([made, *(~x for x in known.values())])
            self._both[key] = made
        return self._both[key]

    def any_of(self, literals: Sequence[Any]) -> Any:
        """The literal that one of these exclusive literals holds."""
        if len(literals) == 1:
            return literals[0]
        if not literals:
            return self.never()
        made = self.literal()
        self.cp.add(sum(literals) == made)
        return made

    def opened(self, ids: Sequence[int]) -> Any:
        """The literal that all these overtimes are bought."""
        return self.both([self.bought[k] for k in ids])

    def at_most(self, key: tuple[str, int], time: Expr, tick: int) -> Any:
        """The literal time <= tick; key: names the time."""
        name = (*key, tick)
        if name not in self._order:
            made = self.literal()
            self.cp.add(time <= tick).only_enforce_if(made)
            self.cp.add(time > tick).only_enforce_if(~made)
            self._order[name] = made
        return self._order[name]

    def only_if(self, constraint: Any, *literals: Any) -> None:
        """Enforces a constraint only where all literals hold."""
        needed = [x for x in literals if not self.is_always(x)]
        if needed:
            constraint.only_enforce_if(*needed)

    def demand(self, pattern: Pattern, literal: Any) -> None:
        """What must be bought, or not, where the literal holds."""
        for ids, on in pattern:
            known = self.opened(ids)
            self.only_if(self.cp.add_bool_and([known if on else ~known]), literal)

    def relate(self, group: Group, start: Expr, end: Expr, *literals: Any) -> None:
        """The end belongs to the start."""
        if group.scale_end == 1:
            self.only_if(self.cp.add(end == group.scale_start * start + group.shift), *literals)
            return
        least = group.scale_start * start + group.shift
        self.only_if(self.cp.add(group.scale_end * end >= least), *literals)
        self.only_if(self.cp.add(group.scale_end * end <= least + group.scale_end - 1), *literals)

    def select(self, groups: Groups, start: Expr, literal: Any) -> list[Part]:
        """One literal per group, exactly one of them where `literal` holds; start in its ranges, its pattern bought."""
        parts: list[Part] = []
        for group, ranges in groups.items():
            mine = literal if len(groups) == 1 else self.literal()
            self.only_if(self.cp.add_linear_expression_in_domain(start, domain(ranges)), mine)
            self.demand(group.pattern, mine)
            parts.append((mine, group, ranges))
        if len(parts) > 1:
            self.cp.add(sum(x for x, _, _ in parts) == literal)
        if not parts:
            self.cp.add_bool_or([~literal])
        return parts

    def load(self, pool: int, quantity: int, start: Expr, end: Expr, literal: Any, size: int | None = None) -> None:
        """Puts a load on a pool."""
        if pool >= 0 and quantity and size != 0:
            self.loads.setdefault(pool, []).append(Load(quantity, start, end, literal, size))

    def load_fact(self, pool: int, quantity: int, start: int, end: int) -> None:
        """Puts a load that already happened on a pool."""
        if quantity and end > start:
            self.fixed.setdefault(pool, []).append((quantity, start, end))


def domain(ranges: Iterable[tuple[int, int]]) -> cp_model.Domain:
    """Several intervals as a domain."""
    return cp_model.Domain.from_intervals([list(r) for r in ranges])
