"""One self-contained HTML file from report data: styles, scripts and data inline, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from scheduler.report.data import ReportData

SCRIPTS = ("vendor/echarts.min.js", "base.js", "rows.js", "draw.js", "gantt.js", "panel.js", "tables.js", "charts.js",
           "main.js")
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(data: ReportData) -> str:
    """The report as an HTML page.

    Texts are escaped by the template. The data stands in a JSON script element in which no character can end the
    element, and a content security policy lets only the page's own scripts run and nothing be loaded.
    """
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _environment().get_template("report.html.j2").render(
        data=data, style=_asset("report.css"), script=script, digest=digest,
        columns=safe_json(data.columns))


def safe_json(value: object) -> str:
    """Compact JSON that may stand inside a script element whatever its strings contain."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return text


def _asset(name: str) -> str:
    return files("scheduler.report").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _script() -> str:
    return "\n".join(_asset(name) for name in SCRIPTS)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=PackageLoader("scheduler.report", "assets"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
