"""One factory with rules, solved by every engine: what they say must hold, and must not contradict."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.errors import SchedulerError
from scheduler.planning.build import build
from scheduler.usecases.solve import Options, solve
from tests.generated.factories import Factory
from tests.generated.proof import Proof, alone, together, warm
from tests.generated.rules.factories import ruled
from tests.generated.rules.uses import uses

SMALL = 14
"""Operations up to which the constraint model takes part, unless said otherwise."""
CAP = 4.0
"""Seconds any engine may take at most; the deterministic limit ends it long before."""


@dataclass
class Ruled:
    """What came out of one factory: see Proof. laid: rules drawn; used: rules that its schedules really use."""

    seed: int
    laid: tuple[str, ...]
    operations: int
    proof: Proof
    used: set[str] = field(default_factory=set)

    @property
    def wrong(self) -> list[str]:
        return self.proof.wrong


def prove_ruled(seed: int, limit: float, small: int = SMALL) -> Ruled:
    """Draws the factory of a seed and solves it by every engine: those with the constraint model where it is small."""
    made, laid = ruled(seed)
    return prove_with(seed, made, laid, limit, small)


def prove_with(seed: int, made: Factory, laid: tuple[str, ...], limit: float, small: int = SMALL) -> Ruled:
    proof = Proof(made)
    scenario = made.scenario()
    found = Ruled(seed, laid, len(build(scenario)), proof)
    engines = ("dispatch", "annealing", "cpsat", "auto") if found.operations <= small else ("dispatch", "annealing")
    for name in engines:
        try:
            proof.outcomes[name] = solve(scenario, Options(engine=name, deterministic_limit=limit, workers=1,
                                                           time_limit=CAP))
            proof.wrong += [f"{name}: {what}" for what in alone(scenario, proof, name)]
            found.used |= uses(proof.outcomes[name])
        except SchedulerError as error:
            proof.wrong.append(f"{name}: {type(error).__name__}: {error}")
        except Exception as error:  # every crash is a finding, to be reported with its seed
            proof.wrong.append(f"{name}: crashed: {type(error).__name__}: {error}")
    proof.wrong += together(proof)
    proof.wrong += warm(scenario, proof, limit, tuple(name for name in ("annealing", "cpsat") if name in engines))
    return found
