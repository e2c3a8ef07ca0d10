"""docs/cli.md lists every command, option, exit code, column and figure there is, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from scheduler.cli.exits import BAD_INPUT, INTERNAL, OF_STATUS, VIOLATIONS
from scheduler.cli.main import app
from scheduler.cli.solving import as_json
from scheduler.cli.trading import rows as frontier_rows
from scheduler.evaluation.explain import ADVICE
from scheduler.formats import tables as csv_tables
from scheduler.formats.starter import create
from scheduler.loading import load
from scheduler.usecases.solve import Options, solve
from scheduler.usecases.tradeoff import Tradeoff
from scheduler.validation.judge import RULES
from tests.docs.markdown import DOCS, fences, tables

PAGE = DOCS / "cli.md"
TABLES = tables(PAGE)
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def names(heading: str, page: dict[str, list[list[str]]] = TABLES) -> list[str]:
    """The first cells of a table, without backquotes and without what follows the first word."""
    return [row[0].strip("`").split(" ")[0] for row in page[heading][1:]]


@pytest.mark.parametrize("command", COMMANDS)
def test_options(command: str) -> None:
    options = [p.opts[0] for p in COMMANDS[command].params if p.param_type_name == "option"]
    assert sorted(names(command) if command in TABLES else []) == sorted(options)
    assert f"### {command}\n" in PAGE.read_text(encoding="utf-8")


def test_defaults() -> None:
    for command, table in TABLES.items():
        for option, default, _ in table[1:] if command in COMMANDS else ():
            name = option.strip("`").split(" ")[0]
            [param] = [p for p in COMMANDS[command].params if name in p.opts]
            if param.default not in (None, False):
                value = getattr(param.default, "value", param.default)
                assert default.strip("`") == (f"{value:g}" if isinstance(value, float) else str(value)), (command, name)


def test_exit_codes() -> None:
    assert {int(code) for code in names("Exit codes")} == {*OF_STATUS.values(), VIOLATIONS, BAD_INPUT, INTERNAL, 130}


def test_columns() -> None:
    assert tuple(names("schedule.csv")) == csv_tables.SCHEDULE + csv_tables.SCHEDULE_MORE
    assert tuple(names("deliveries.csv")) == csv_tables.DELIVERIES + csv_tables.DELIVERIES_MORE
    assert tuple(names("dispatch/resource.csv")) == csv_tables.DISPATCH + csv_tables.DISPATCH_MORE
    assert tuple(names("transports.csv")) == csv_tables.TRANSPORTS
    assert tuple(names("overtime.csv")) == csv_tables.OVERTIME


def test_figures(tmp_path: Path) -> None:
    create(tmp_path / "starter")
    scenario = load(tmp_path / "starter")
    outcome = solve(scenario, Options(engine="dispatch"))
    assert outcome.kpis is not None
    assert set(names("kpis.json")) == set(outcome.kpis.values)
    assert set(names("What `--json` prints")) == {*as_json(outcome), "conflict", "missed_deadlines", "stopped", "out"}


def test_frontier_columns(tmp_path: Path) -> None:
    from scheduler.usecases.tradeoff import Point

    create(tmp_path / "starter")
    scenario = load(tmp_path / "starter")
    point = Point("A", 1, 1.0, None, 1, None, solve(scenario, Options(engine="dispatch")))
    assert names("tradeoff.csv") == list(frontier_rows(scenario, Tradeoff("lead_time", (point,), None, ()))[0])


def test_rules_and_causes() -> None:
    rules = tables(DOCS / "model" / "rules.md")["The judge's rules"]
    assert [row[0].strip("`") for row in rules[1:]] == [rule.__name__ for rule in RULES]
    causes = tables(DOCS / "model" / "explanations.md")["Explanations"]
    assert {row[0].strip("`") for row in causes[1:]} == {*ADVICE, "release"}


def test_every_block_says_what_it_is() -> None:
    for page in DOCS.rglob("*.md"):
        for fence in fences(page) if "_build" not in page.parts else ():
            assert fence.info, f"{page}:{fence.line}"
