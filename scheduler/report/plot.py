"""The frontier as a picture."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from scheduler.domain.quantities import CENTS
from scheduler.domain.scenario import Scenario
from scheduler.report.data import Frontier


def frontier_png(scenario: Scenario, found: Frontier, speed: str) -> bytes:
    """PNG of production cost against speed (axis label `speed`; days, or ticks on an integer axis), the knee marked."""
    scale = 1.0 if scenario.axis.integer else scenario.axis.ticks_per_day
    x = [p.speed / scale for p in found.points]
    y = [p.cost / CENTS for p in found.points]
    figure = Figure(figsize=(8, 5), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(x, y, color="#0072B2", marker="o", drawstyle="default", linewidth=1.5)
    if found.knee is not None:
        axes.plot(x[found.knee], y[found.knee], marker="o", markersize=13, fillstyle="none", color="#D55E00",
                  linestyle="none", label="recommended")
        axes.legend(frameon=False)
    for point, a, b in zip(found.points, x, y):
        axes.annotate(point.label, (a, b), textcoords="offset points", xytext=(6, 6))
    axes.set_xlabel(speed)
    axes.set_ylabel(f"production cost [{scenario.currency}]" if scenario.currency else "production cost")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_title(f"{scenario.name}: cost against speed")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
