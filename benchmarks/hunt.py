"""The long unattended run over the open instances: `python -m benchmarks hunt`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.race import Plan, measured, progress, shown
from benchmarks.raw import Line, append, code_of, read_lines
from benchmarks.record import command, machine
from benchmarks.records import keep_records

FIRST = ("behnke", "naderi_bv", "dauzere", "brandimarte", "hurink_edata", "hurink_rdata", "hurink_vdata", "jsp_ta",
         "jsp_dmu", "fjsp_w")
"""Of instances equally neglected, those of these sets come first, in this order."""


def open_ones(bench: Bench) -> list[str]:
    """The instances that the index calls open."""
    order = {name: i for i, name in enumerate(FIRST)}
    return sorted((name for name, entry in bench.index.items() if entry.get("status") == "open"),
                  key=lambda name: order.get(bench.index[name]["set"], len(order)))


def next_run(names: Sequence[str], solvers: Sequence[str], lines: Sequence[Line]) -> tuple[str, str, int]:
    """(instance, solver, seed) of the run that was neglected longest: the pair with the fewest runs, of these the one
    run longest ago (never, first of all). Its seed is the first it has not had."""
    done: dict[tuple[str, str], int] = {}
    last: dict[tuple[str, str], int] = {}
    seeds: dict[tuple[str, str], set[int]] = {}
    for i, line in enumerate(lines):
        pair = (line["instance"], line["solver"])
        done[pair] = done.get(pair, 0) + 1
        last[pair] = i
        seeds.setdefault(pair, set()).add(line["seed"])
    name, solver = min(((name, solver) for name in names for solver in solvers),
                       key=lambda pair: (done.get(pair, 0), last.get(pair, -1)))
    used = seeds.get((name, solver), set())
    return name, solver, next(seed for seed in range(1, len(used) + 2) if seed not in used)


def hunt(bench: Bench, plan: Plan, file: Path, hours: float) -> None:
    """Runs until the hours are over; no run begins that could not end by then. Records are written as they are
    found."""
    names = bench.names(plan.suite) if plan.suite != "open" else open_ones(bench)
    lines = read_lines([file])
    where = {**machine(), "command": shown(command())}
    ends = time.monotonic() + 3600 * hours
    print(f"{len(names)} instances, {len(lines)} runs so far", flush=True)
    while time.monotonic() + plan.limit < ends:
        name, solver, seed = next_run(names, plan.solvers, lines)
        line = measured(bench, plan, name, solver, seed, code_of(solver), where)
        append(file, line)
        lines.append(line)
        print(f"{len(lines)} {progress(line)}; {max(0.0, ends - time.monotonic()) / 3600:.1f} h left", flush=True)
        for sentence in keep_records(bench, [line]):
            print(f"RECORD {sentence}", flush=True)
