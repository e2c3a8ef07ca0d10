"""One factory, solved by every engine: what they say must hold, and must not contradict."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.domain.policy import TERMS
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header
from scheduler.encoding.decode import decode
from scheduler.encoding.encode import encode
from scheduler.errors import SchedulerError
from scheduler.evaluation.costs import costs, measures
from scheduler.formats.schedule_json import read_schedule, schedule_text
from scheduler.planning.build import build
from scheduler.usecases.explain import explain
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.validation.columns import Columns, columns_of
from scheduler.validation.costs import measured
from scheduler.validation.judge import validate
from scheduler.validation.shop import context_of
from tests.generated.exhaustive import Exhaustive, Levels, Truth
from tests.generated.factories import Factory

ENGINES = ("dispatch", "annealing", "cpsat", "auto")
CAP = 20.0
"""Seconds any engine may take at most; the deterministic limit ends it long before."""
FAR = 1e-6


@dataclass
class Proof:
    """What came out: outcomes by engine, the truth of brute force, and everything that is wrong, in words."""

    factory: Factory
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    truth: Truth | None = None
    wrong: list[str] = field(default_factory=list)

    def levels(self, name: str) -> Levels | None:
        """Value of each measure of the objective in an engine's schedule."""
        found = self.outcomes[name].schedule
        return None if found is None else tuple(int(level["objective"]) for level in found.header.levels)


def prove(factory: Factory, limit: float = 0.3, tries: int = 10_000, beside: float = 0.0) -> Proof:
    """Solves with every engine under a deterministic limit (with `beside` also in two threads for so many seconds)."""
    proof = Proof(factory)
    scenario = factory.scenario()
    runs = {name: Options(engine=name, deterministic_limit=limit, workers=1, time_limit=CAP) for name in ENGINES}
    if beside:
        runs["auto in threads"] = Options(engine="auto", workers=2, time_limit=beside)
    for name, options in runs.items():
        try:
            proof.outcomes[name] = solve(scenario, options)
        except SchedulerError as error:
            proof.wrong.append(f"{name}: {type(error).__name__}: {error}")
            continue
        proof.wrong += [f"{name}: {what}" for what in alone(scenario, proof, name)]
    proof.wrong += together(proof)
    proof.wrong += warm(scenario, proof, limit)
    proof.truth = _truth(scenario, tries)
    proof.wrong += _true(scenario, proof)
    return proof


def alone(scenario: Scenario, proof: Proof, name: str) -> Iterator[str]:
    """What is wrong with one outcome by itself."""
    found = proof.outcomes[name]
    if (found.schedule is not None) != (found.status in ("optimal", "feasible")):
        yield f"status {found.status}, but {'a' if found.schedule else 'no'} schedule"
    if found.schedule is None:
        return
    levels = proof.levels(name) or ()
    priced = costs(scenario, found.schedule)
    evaluated = measures(scenario, found.schedule, priced)
    wanted = tuple(evaluated[m] for m in scenario.policy.levels)
    if levels != wanted or found.objective != wanted[0]:
        yield f"objective {levels}, evaluated {wanted}"
    columns = columns_of(found.schedule)
    judged = measured(context_of(scenario, found.schedule, columns)) if isinstance(columns, Columns) else None
    if judged != evaluated:
        yield f"the judge measures {judged}, the evaluator {evaluated}"
    split = (priced.standard, priced.customization, priced.reconfiguration, priced.lateness, priced.holding,
             priced.terms[:, [TERMS.index(term) for term in ("overtime", "refusal", "moving")]])
    if int(priced.terms.sum()) != sum(int(part.sum()) for part in split):
        yield "the cost split does not add up"
    yield from (f"judge: {v.rule}: {v.message}" for v in validate(scenario, found.schedule)[:3])
    if found.bound is not None and found.bound > levels[0] + FAR:
        yield f"bound {found.bound} above its own objective {levels[0]}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "schedule.json"
        file.write_text(schedule_text(found.schedule), "utf-8")
        if validate(scenario, again := read_schedule(file)) or again.rows() != found.schedule.rows():
            yield "written and read again it is another schedule"
    explain(scenario, found.schedule)
    explain(scenario, found.schedule, range(len(scenario.orders)))


def together(proof: Proof) -> Iterator[str]:
    """Where engines contradict each other."""
    values = {name: levels for name in proof.outcomes if (levels := proof.levels(name)) is not None}
    for name, found in proof.outcomes.items():
        for other, levels in values.items():
            if found.status == "infeasible":
                yield f"{name} proves it infeasible, {other} has a schedule"
            if found.bound is not None and found.bound > levels[0] + FAR:
                yield f"{name} has the bound {found.bound} ({found.bound_source}), {other} reaches {levels[0]}"
            if found.status == "optimal" and values[name] > levels:
                yield f"{name} proves {values[name]} optimal, {other} reaches {levels}"


def warm(scenario: Scenario, proof: Proof, limit: float,
         engines: tuple[str, ...] = ("annealing", "cpsat")) -> Iterator[str]:
    """From a schedule that is given, engines find none that is worse."""
    first = proof.outcomes.get("dispatch")
    if first is None or first.schedule is None:
        return
    for name in engines:
        options = Options(engine=name, deterministic_limit=limit / 10, workers=1, time_limit=CAP)
        try:
            found = solve(scenario, options, first.schedule)
        except SchedulerError as error:
            yield f"{name} from a start: {error}"
            continue
        levels = tuple(level["objective"] for level in found.schedule.header.levels) if (
            found.schedule is not None) else None
        if levels is None or levels > (proof.levels("dispatch") or ()):
            yield f"{name} makes {levels} ({found.status}) of a start of {proof.levels('dispatch')}"


def _truth(scenario: Scenario, tries: int) -> Truth:
    plan = build(scenario)
    return Exhaustive(scenario, plan, encode(scenario, plan), tries).run()


def _true(scenario: Scenario, proof: Proof) -> Iterator[str]:
    """Where engines contradict brute force, whose own best schedule must pass the judge."""
    truth = proof.truth
    if truth is None:
        return
    best = truth.levels
    for name, found in proof.outcomes.items():
        levels = proof.levels(name)
        if best is not None and found.status == "infeasible":
            yield f"{name} proves it infeasible, brute force has {best}"
        if best is not None and found.bound is not None and found.bound > best[0] + FAR:
            yield f"{name} has the bound {found.bound} ({found.bound_source}), brute force reaches {best[0]}"
        if best is not None and levels is not None and found.status == "optimal" and levels > best:
            yield f"{name} proves {levels} optimal, brute force reaches {best}"
        if truth.exact and levels is not None and (best is None or levels < best):
            yield f"{name} reaches {levels}, brute force had {best} for the optimum"
    if truth.solution is not None:
        yield from _judged(scenario, truth)


def _judged(scenario: Scenario, truth: Truth) -> Iterator[str]:
    plan = build(scenario)
    problem = encode(scenario, plan)
    assert truth.solution is not None
    header = Header(scenario.name, measure=scenario.policy.levels[0], objective=(truth.levels or (0,))[0])
    schedule = decode(scenario, plan, problem, truth.solution, header)
    yield from (f"the judge of brute force's schedule: {v.message}" for v in validate(scenario, schedule)[:3])
    evaluated = measures(scenario, schedule, costs(scenario, schedule))
    if truth.levels != (wanted := tuple(evaluated[m] for m in scenario.policy.levels)):
        yield f"brute force measures {truth.levels}, the evaluator {wanted}"


def dump(factory: Factory) -> str:
    """The factory as text; Factory(**json.loads(text)) makes it again."""
    return json.dumps({"file": factory.file, "orders": factory.orders})

