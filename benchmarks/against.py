"""The commands that measure us against other solvers: run, table, records, hunt, peers."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bench import read_bench
from benchmarks.hunt import hunt
from benchmarks.peers import install
from benchmarks.race import Plan, race
from benchmarks.raw import read_lines
from benchmarks.records import keep_records
from benchmarks.table import make

QUESTIONS = ("run", "table", "records", "hunt", "peers")
OWN = Path("out") / "benchmarks" / "results"
"""Where raw lines and tables go that are not published."""


def add_commands(commands: Any) -> None:
    """Adds the parsers of the commands. commands: what `add_subparsers` returned."""
    run = commands.add_parser("run", help="solvers side by side on instances, with raw lines, a table and plots")
    run.add_argument("suite", help="suites, instances, set:NAMEs; several separated by commas")
    _common(run)
    run.add_argument("--solver", default="ours", help="ours, ours:ENGINE, pyjobshop, cpsat, jobshoplib, prototype, "
                                                      "prototype:bound, without:PART; several separated by commas")
    run.add_argument("--time-limit", type=positive(float), default=60.0, help="seconds of each run (default: 60)")
    run.add_argument("--seeds", type=positive(int), default=1, help="how many, from 1 (default: 1)")
    run.add_argument("--publish", action="store_true", help="raw lines and table go to benchmarks/results, where "
                                                            "those of the repository then count as done")
    run.add_argument("--again", action="store_true", help="also what the raw file already has")
    run.add_argument("--take", type=Path, action="append", default=[], metavar="RAW",
                     help="raw file of another suite whose equal runs are taken over; can be given again")
    run.add_argument("--name", default="", help="of the raw file and the table; default: suite, limit and workers")
    run.add_argument("--prototypes", default="", help="folder of the prototypes")
    run.add_argument("--peer-python", action="append", default=[], metavar="SOLVER=PATH",
                     help="interpreter of a peer, where it is not in build/peers")
    table = commands.add_parser("table", help="makes table and plots again from raw files alone")
    table.add_argument("files", type=Path, nargs="+")
    table.add_argument("--name", default="", help="of the table; default: of the first file")
    records = commands.add_parser("records", help="keeps what beats the best known values of the index")
    records.add_argument("files", type=Path, nargs="+", help="raw files; their schedules are in out/benchmarks")
    records.add_argument("--bench", type=Path, required=True)
    hunt = commands.add_parser("hunt", help="the long run over the open instances, which keeps records as it goes")
    _common(hunt)
    hunt.add_argument("--hours", type=float, required=True)
    hunt.add_argument("--suite", default="", help="instead of all open ones: suites, instances, set:NAMEs")
    hunt.add_argument("--time-limit", type=positive(float), default=300.0, help="seconds of each run (default: 300)")
    hunt.add_argument("--solver", default="ours")
    peers = commands.add_parser("peers", help="makes an environment for each peer in build/peers")
    peers.add_argument("names", nargs="*", default=[])


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bench", type=Path, required=True, help="folder with index.json and suites.json")
    parser.add_argument("--workers", type=positive(int), default=2, help="threads of each solver (default: 2)")
    parser.add_argument("--grace", type=positive(float), default=60.0,
                        help="seconds after the limit until a solver is killed (default: 60)")


def positive(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    """Reads a number above 0."""
    def number(text: str) -> Any:
        value = kind(text)
        if not 0 < value < float("inf"):
            raise ValueError(text)
        return value

    number.__name__ = "number above 0"
    return number


def answer(given: argparse.Namespace, results: Path) -> None:
    """Runs a command. results: folder of the tables; raw lines go to its folder `raw`. Ends with exit code 130 when it
    is interrupted or terminated, after the solver that was running."""
    usual = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _answer(given, results)
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on where it was", file=sys.stderr)
        raise SystemExit(130) from None
    finally:
        signal.signal(signal.SIGTERM, usual)


def _answer(given: argparse.Namespace, results: Path) -> None:
    if given.question == "run":
        pythons = dict(pair.split("=", 1) for pair in given.peer_python)
        plan = Plan(given.suite, given.solver.split(","), given.time_limit, given.workers, given.seeds, given.again,
                    given.prototypes, given.grace, pythons, given.take)
        name = given.name or plan.name
        folder = results if given.publish else OWN
        file = folder / "raw" / f"{name}.jsonl"
        race(read_bench(given.bench), plan, file)
        table = make([file], folder, name)
        print(table.read_text(encoding="utf-8"))
        print(f"written: {table}, its plots beside it, {file}; schedules in out/benchmarks/schedules")
    elif given.question == "table":
        # beside the folder of the raw lines, so that own runs stay apart from published ones
        folder = given.files[0].resolve().parent.parent
        print(make(given.files, folder, given.name or given.files[0].stem).read_text(encoding="utf-8"))
    elif given.question == "records":
        found = keep_records(read_bench(given.bench), read_lines(given.files))
        print("\n".join(found) or "nothing new beats the index")
    elif given.question == "hunt":
        plan = Plan(given.suite or "open", given.solver.split(","), given.time_limit, given.workers, seeds=1,
                    grace=given.grace)
        hunt(read_bench(given.bench), plan, results / "raw" / "hunt.jsonl", given.hours)
    elif given.question == "peers":
        install(given.names)
