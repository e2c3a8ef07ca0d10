"""Tables and plots from raw lines alone: `python -m benchmarks table FILE...`, and the end of `run`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.figures import (
    Cell,
    Grid,
    about,
    behind,
    best_of_run,
    contradictions,
    families_of,
    grid,
    mean,
    refused,
    solvers_of,
    summed,
)
from benchmarks.plots import draw
from benchmarks.process import text_of
from benchmarks.raw import Line, latest, read_lines

LEGEND = (
    "Values are of schedules that `benchmarks/check.py` accepted; `*`: proved optimal. In brackets: behind a value its "
    "deviation from the best known value (`ub_solver` for naderi_bv, the recalled optimum for weighted tardiness), "
    "behind a bound the gap |value - bound| / value. Several seeds: median of values and bounds, mean of deviations. "
    "`above best of run`: mean deviation from the best value that any solver found in the same run. The protocol is "
    "in docs/benchmarking.md.")


def make(files: Sequence[Path], folder: Path, name: str) -> Path:
    """Writes <name>.md and its plots to `folder`, one section for each time limit and number of workers; the path of
    the table. Raises SystemExit without a line."""
    lines = latest(read_lines(files))
    if not lines:
        raise SystemExit("there are no runs in " + ", ".join(file.name for file in files))
    groups: dict[tuple[float, int], list[Line]] = {}
    for line in lines:
        groups.setdefault((line["limit"], line["workers"]), []).append(line)
    text = [f"# {name}", ""]
    for (limit, workers), own in groups.items():
        stem = name if len(groups) == 1 else f"{name}-{limit:g}s-{workers}w"
        text += section(own, limit, workers, len(groups) > 1)
        text += [*(f"![{what}]({file.name})" for what, file in draw(own, folder, stem)), ""]
    text += [LEGEND, ""]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.md"
    file.write_text("\n".join(text), encoding="utf-8")
    return file


def section(lines: Sequence[Line], limit: float, workers: int, titled: bool) -> list[str]:
    """Heading, provenance, summary, comparison, what contradicts, and the table by instance."""
    table, solvers = grid(lines), solvers_of(lines)
    searching = [solver for solver in solvers if not solver.endswith(":bound")]
    seeds = len({line["seed"] for line in lines})
    text = [f"## {limit:g} s, {workers} workers", ""] if titled else []
    how = f"{limit:g} s, {workers} worker{'s' * (workers > 1)}, {seeds} seed{'s' * (seeds > 1)}"
    text += [f"{how}; {provenance(lines)}", ""]
    text += [*markdown(SUMMARY, summary(table, solvers)), ""]
    if len(searching) > 1:
        text += [*markdown(PAIRS, pairs(table, searching)), ""]
        text += [*lagging(table, searching), ""]
    if len(solvers) > 1:
        text += [*weaker(table, solvers), ""]
    wrong = [f"- {name}: {sentence}" for name, cells in table.items() for sentence in contradictions(cells)]
    text += ["Contradictions, crashes, refusals and runs over the limit:" + ("" if wrong else " none."), *wrong, ""]
    head = ["instance", "operations", "best known", *(c for s in solvers for c in (s, "bound"))]
    return [*text, *markdown(head, (by_instance(name, cells, solvers) for name, cells in table.items())), ""]


def provenance(lines: Sequence[Line]) -> str:
    """Machine, commits, versions and commands of the runs."""
    said = []
    for solver in solvers_of(lines):
        own = [line for line in lines if line["solver"] == solver]
        codes = sorted({line["code"] or line["commit"] for line in own})
        versions = sorted({", ".join(f"{k} {v}" for k, v in line["versions"].items()) for line in own} - {""})
        said.append(f"{solver}: commit {', '.join(codes)}" + (f" ({'; '.join(versions)})" if versions else ""))
    first = lines[0]
    commands = " ".join(f"`{c}`" for c in dict.fromkeys(line["command"] for line in lines))
    return (f"{first['cores']} cores, {first['machine']}, Python {first['python']}. " + ". ".join(said)
            + f". {commands}")


SUMMARY = ("family", "solver", "instances", "solved", "proofs", "above best known", "worst", "in sum",
           "above best of run", "mean gap", "strongest bound")


def summary(table: Grid, solvers: Sequence[str]) -> list[list[str]]:
    """A row for each family and solver, and for all."""
    families = families_of(table)
    rows = []
    for family, names in [*families.items(), *([("all", list(table))] if len(families) > 1 else [])]:
        for solver in solvers:
            able = [name for name in names if solver in table[name] and table[name][solver].applies]
            if able:
                rows.append([family, solver, str(len(able)), *_figures(table, able, solver)])
    return rows


def _figures(table: Grid, names: Sequence[str], solver: str) -> list[str]:
    cells = {name: table[name][solver] for name in names}
    deviations = {name: cell.deviation(about(table[name])["reference"]) for name, cell in cells.items()}
    told = [(value, name) for name, value in deviations.items() if value is not None]
    worst = max(told, default=None)
    first = sum(_strongest(table[name], solver) for name in names)
    return [str(sum(cell.value is not None for cell in cells.values())), str(sum(c.proved for c in cells.values())),
            percent(mean(deviations.values()), True) + ("" if len(told) in (0, len(names)) else f" of {len(told)}"),
            f"{percent(worst[0], True)} {worst[1]}" if worst else "-", percent(summed(table, names, solver), True),
            percent(mean(cell.deviation(best_of_run(table[name])) for name, cell in cells.items()), True),
            percent(mean(cell.gap for cell in cells.values())), str(first)]


def _strongest(cells: dict[str, Cell], solver: str) -> bool:
    """No other solver of the run has a stronger bound."""
    sign = -1 if about(cells)["sense"] == "max" else 1
    own = cells[solver].bound
    bounds = [cell.bound for cell in cells.values() if cell.bound is not None]
    return own is not None and sign * own >= max(sign * bound for bound in bounds) - 1e-6


PAIRS = ("solver", "against", "better", "equal", "worse", "worst", "mean", "proofs")


def pairs(table: Grid, solvers: Sequence[str]) -> list[list[str]]:
    """The first solver against each other, over the instances that both can express; then against the best of
    them all."""
    first, *others = solvers
    groups = [[other] for other in others] + ([others] if len(others) > 1 else [])
    rows = []
    for group in groups:
        able = {name: cells for name, cells in table.items() if first in cells and cells[first].applies
                and any(other in cells and cells[other].applies for other in group)}
        found = {name: behind(cells, first, group) for name, cells in able.items()}
        # where none of the others has a schedule and we have one, that is a win
        wins = sum(1 for name, b in found.items()
                   if (b is None and able[name][first].value is not None) or (b is not None and b[0] < 0))
        losses = [(b[0], name) for name, b in found.items() if b is not None and b[0] > 0]
        both = [b[0] for b in found.values() if b is not None and b[0] != float("inf")]
        own = sum(cells[first].proved for cells in able.values())
        theirs = max((sum(other in cells and cells[other].proved for cells in able.values()) for other in group),
                     default=0)
        worst = max(losses, default=None)
        rows.append([first, group[0] if len(group) == 1 else "best of all", str(wins),
                     str(len(able) - wins - len(losses)), str(len(losses)),
                     f"{percent(worst[0], True)} {worst[1]}" if worst else "-", percent(mean(both), True),
                     f"{own} : {theirs}"])
    return rows


def lagging(table: Grid, solvers: Sequence[str]) -> list[str]:
    """Where the first solver is behind the best of the others."""
    first, *others = solvers
    found = []
    for name, cells in table.items():
        gap = behind(cells, first, others) if first in cells and cells[first].applies else None
        if gap is not None and gap[0] > 0:
            found.append((gap[0], f"- {name}: {first} {text_of(cells[first].value)}, {gap[1]} "
                                  f"{text_of(cells[gap[1]].value)} ({percent(gap[0], True)})"))
    return [f"{first} is behind on {len(found)} of {len(table)} instances" + (":" if found else "."),
            *([""] if found else []), *(text for _, text in sorted(found, reverse=True))]


def weaker(table: Grid, solvers: Sequence[str]) -> list[str]:
    """Where the bound of the first solver is weaker than the strongest of the others."""
    first, *others = solvers
    found = []
    for name, cells in table.items():
        told = [(cells[other].bound, other) for other in others if other in cells]
        bounds = [(bound, other) for bound, other in told if bound is not None]
        if first not in cells or not cells[first].applies or not bounds:
            continue
        best, other = min(bounds) if about(cells)["sense"] == "max" else max(bounds)
        if not _strongest(cells, first):
            found.append(f"- {name}: {first} {text_of(cells[first].bound)}, {other} {text_of(best)}")
    return [f"The bound of {first} is weaker on {len(found)} of {len(table)} instances" + (":" if found else "."),
            *([""] if found else []), *found]


def by_instance(name: str, cells: dict[str, Cell], solvers: Sequence[str]) -> list[str]:
    known = about(cells)
    row = [name, text_of(known.get("operations")), best_known(known)]
    for solver in solvers:
        cell = cells.get(solver)
        row += ["", ""] if cell is None else [value_text(cell, known), bound_text(cell)]
    return row


def best_known(known: Line) -> str:
    """Lower to upper bound of the index; the reference where it is another."""
    lower, upper, reference = known["lb"], known["ub"], known["reference"]
    said = text_of(upper) if lower == upper else f"{text_of(lower)} to {text_of(upper)}"
    return said if reference == upper else f"{said}, reference {text_of(reference)}"


def value_text(cell: Cell, known: Line) -> str:
    if cell.value is None:
        line = cell.lines[0]
        return "refused" if refused(line) else {"not_found": "none"}.get(line["status"], line["status"])
    deviation = cell.deviation(known["reference"])
    unchecked = "" if all(line["check"] in ("ok", "none") for line in cell.lines) else " unchecked"
    return text_of(cell.value) + ("*" if cell.proved else "") + unchecked \
        + (f" ({percent(deviation, True)})" if deviation is not None else "")


def bound_text(cell: Cell) -> str:
    return text_of(cell.bound) + (f" ({percent(cell.gap)})" if cell.gap is not None else "")


def percent(share: float | None, signed: bool = False) -> str:
    if share is None:
        return "-"
    if share == float("inf"):
        return "no schedule"
    return f"{share:+.2%}" if signed and share else f"{share:.2%}"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head),
            *("| " + " | ".join(row) + " |" for row in rows)]
