"""The command line: thin. Heavy imports stay inside the commands, so that --help answers at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from scheduler.cli.exits import BAD_INPUT, INTERNAL, INTERRUPTED

app = typer.Typer(name="scheduler", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Schedules configure-to-order factories: what runs where, when, after which reconfiguration.")


class EngineName(StrEnum):
    """Engines by name."""

    auto = "auto"
    dispatch = "dispatch"
    annealing = "annealing"
    tabu = "tabu"
    cpsat = "cpsat"


class SchemaName(StrEnum):
    """What has a JSON Schema."""

    scenario = "scenario"
    schedule = "schedule"
    kpis = "kpis"
    deliveries = "deliveries"


PathArg = Annotated[str, typer.Argument(metavar="PATH", help="scenario folder, its yaml, a public instance file, or "
                                                             "index.json#name")]
ScenarioArg = Annotated[str, typer.Argument(metavar="SCENARIO", help="the scenario of the schedule")]
ScheduleArg = Annotated[Path, typer.Argument(metavar="SCHEDULE", help="schedule.json, or the folder that holds it")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR",
                                                help="where results go (default: out/<scenario>/)")]
TimeOption = Annotated[float | None, typer.Option("--time-limit", metavar="S", min=0.05,
                                                  help="seconds to search (default: the scenario's own)")]
GapOption = Annotated[float, typer.Option("--target-gap", min=0.0, max=1.0,
                                          help="stop when the gap is at most this (0.05 = 5 %)")]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="which engine")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=64, help="threads to search with")]
SeedOption = Annotated[int | None, typer.Option("--seed", min=0, max=2**31 - 1,
                                                  help="random seed (default: the scenario's)")]
WorkOption = Annotated[float | None, typer.Option(
    "--deterministic-limit", metavar="N", min=0.0001,
    help="units of work besides time, on one thread: the same schedule every time, unless time ends it")]
JsonOption = Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="no progress display")]


@app.command()
def solve(path: PathArg, out: OutOption = None, time_limit: TimeOption = None, target_gap: GapOption = 0.0,
          engine: EngineOption = EngineName.auto, workers: WorkersOption = 2, seed: SeedOption = None,
          deterministic_limit: WorkOption = None, json: JsonOption = False, quiet: QuietOption = False) -> None:
    """Finds a schedule, writes it with its report, and says how far from optimal it can be at most.

    Ctrl-C returns the best schedule so far.
    """
    from scheduler.cli import solving

    raise typer.Exit(solving.solve(path, out, _options(locals()), json, quiet))


@app.command()
def tradeoff(path: PathArg, out: OutOption = None, time_limit: TimeOption = None,
             points: Annotated[int, typer.Option("--points", min=3, max=26, help="schedules to look for")] = 12,
             target_gap: GapOption = 0.0, engine: EngineOption = EngineName.auto, workers: WorkersOption = 2,
             seed: SeedOption = None, deterministic_limit: WorkOption = None, json: JsonOption = False,
             quiet: QuietOption = False) -> None:
    """Finds the frontier between production cost and speed, recommends a point and writes all its schedules.

    The time limit is shared by all points.
    """
    from scheduler.cli import trading

    raise typer.Exit(trading.tradeoff(path, out, points, _options(locals()), json, quiet))


@app.command()
def replan(path: PathArg, schedule: ScheduleArg,  # noqa: PLR0917
           events: Annotated[Path, typer.Argument(metavar="EVENTS", help="what happened: JSON lines, see the docs")],
           now: Annotated[str, typer.Option("--now", metavar="T", help="local time, such as 2026-03-03T10:30")],
           out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="where results go (default: "
                                                    "out/<scenario>-replan/)")] = None,
           time_limit: TimeOption = None, engine: EngineOption = EngineName.auto, workers: WorkersOption = 2,
           seed: SeedOption = None, deterministic_limit: WorkOption = None,
           from_scratch: Annotated[bool, typer.Option("--from-scratch", help="moving costs nothing, nothing is frozen")]
           = False, json: JsonOption = False, quiet: QuietOption = False) -> None:
    """Finds a new schedule from now on: respects what happened, moves little, and says what moved and why.

    Ctrl-C returns the best schedule so far.
    """
    from scheduler.cli import replanning

    raise typer.Exit(replanning.replan(path, schedule, events, now, out, from_scratch, _options(locals()), json, quiet))


@app.command()
def validate(scenario: ScenarioArg, schedule: ScheduleArg, json: JsonOption = False) -> None:
    """Checks a schedule against its scenario and lists every violation (exit code 1 where there are any)."""
    from scheduler.cli import reading

    raise typer.Exit(reading.validate(scenario, schedule, json))


@app.command()
def explain(scenario: ScenarioArg, schedule: ScheduleArg,
            order: Annotated[str | None, typer.Argument(metavar="[ORDER]", help="one order; without it all late ones")]
            = None, json: JsonOption = False) -> None:
    """Says why orders are late: the chain of what each waited for, and the bottlenecks."""
    from scheduler.cli import reading

    raise typer.Exit(reading.explain(scenario, schedule, order, json))


@app.command()
def compare(schedules: Annotated[list[Path], typer.Argument(metavar="SCHEDULE SCHEDULE...",
                                                            help="schedule.json files, or folders that hold one")],
            scenario: Annotated[str | None, typer.Option("--scenario", metavar="PATH", help="evaluate them again "
                                                         "with this scenario (default: the kpis.json beside each)")]
            = None,
            json: JsonOption = False) -> None:
    """Shows key figures side by side, and what moved from the first schedule to each other one."""
    from scheduler.cli import reading

    raise typer.Exit(reading.compare(schedules, scenario, json))


@app.command()
def expected(path: Annotated[Path, typer.Argument(metavar="PATH", help="scenario folder")],
             accept: Annotated[bool, typer.Option("--accept", help="store the results found as the expected ones")]
             = False, time_limit: TimeOption = None, workers: WorkersOption = 2, quiet: QuietOption = False) -> None:
    """Solves a scenario and compares the results with its expected.json (exit code 1 where they differ)."""
    from scheduler.cli import solving

    raise typer.Exit(solving.expected(path, accept, _options(locals()), quiet))


@app.command()
def schema(name: Annotated[SchemaName, typer.Argument(help="what to describe")]) -> None:
    """Prints a JSON Schema."""
    import json

    from scheduler.formats.schemas import schema as schema_of

    print(json.dumps(schema_of(name.value), indent=2))


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="a folder that does not exist yet")]) -> None:
    """Writes a commented starter scenario to begin from."""
    from scheduler.formats.starter import create

    create(folder)
    print(f"wrote {folder}/; now edit its scenario.yaml and run: scheduler solve {folder}")


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="print the version", is_eager=True)] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        print(installed("flexible-production-scheduler"))
        raise typer.Exit(0)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    names = ("time_limit", "target_gap", "workers", "seed", "deterministic_limit")
    found = {name: given[name] for name in names if name in given}
    if "engine" in given:
        found["engine"] = given["engine"].value
    return found


def run() -> None:
    """Runs the command line. Input mistakes leave with 2 and no traceback, our own failures with 70."""
    from scheduler.errors import InputError, InternalError

    try:
        app(standalone_mode=True)
    except InputError as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except InternalError as error:
        print(f"internal failure, please report it: {error}", file=sys.stderr)
        for detail in (error.details or [])[:20]:
            print(f"  {detail}", file=sys.stderr)
        sys.exit(INTERNAL)
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        import traceback

        print(f"internal failure, please report it: {type(error).__name__}: {error}", file=sys.stderr)
        traceback.print_exc(limit=-3)
        sys.exit(INTERNAL)


if __name__ == "__main__":
    run()
