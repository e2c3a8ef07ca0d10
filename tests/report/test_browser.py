"""The report in a real browser: it opens without errors, and the chart can be used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.report.html import render
from tests.report.samples import HOSTILE, data_of, integer, tiny
from tests.report.shops import bakery_report

pytestmark = pytest.mark.browser
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
MIDDLE_OF_A_BAR = """(bar) => {
    const { bars } = R.data, view = R.gantt.view, box = document.getElementById("gantt").getBoundingClientRect();
    const row = view.rows.findIndex((r) => r.list.includes(bar));
    return [box.left + view.x(bars.start[bar] + bars.length[bar] / 2),
            box.top + R.draw.AXIS + view.rows.top[row] + 12 - document.getElementById("gantt").scrollTop];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium found on the path (looked for chromium, chromium-browser, google-chrome, chrome)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def opened(browser: Any, folder: Path, page_text: str, **options: Any) -> tuple[Any, list[str]]:
    """The page, and the list that gathers its errors and every address it asks for."""
    (folder / "report.html").write_text(page_text, encoding="utf-8")
    page = browser.new_page(**options)
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(r.url))
    page.goto((folder / "report.html").as_uri())
    page.wait_for_function("window.document.querySelectorAll('#legend span').length > 0")
    return page, wrong


def test_switch_search_hover_and_select(browser, tmp_path):
    page, wrong = opened(browser, tmp_path, render(data_of(tiny())), viewport={"width": 1400, "height": 900})
    page.click("#by-order")
    assert page.get_attribute("#by-order", "aria-pressed") == "true"
    page.fill("#search", "A1")
    page.press("#search", "Enter")
    assert page.inner_text("#panel h3") == "Order A1"
    assert "A1 waited for the press." in page.inner_text("#panel")
    assert "the press was busy" in page.inner_text("#panel .chain")
    page.locator("#gantt").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(MIDDLE_OF_A_BAR, 0))
    page.wait_for_selector("#tip:not([hidden])")
    for words in ("Order", "Resource", "Start", "Duration", "Then"):
        assert words in page.inner_text("#tip")
    page.keyboard.press("Escape")
    assert wrong == []
    page.close()


def test_click_zoom_theme_and_table(browser, tmp_path):
    page, wrong = opened(browser, tmp_path, render(data_of(tiny())), viewport={"width": 1400, "height": 900},
                         color_scheme="dark")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click("#theme")
    assert page.get_attribute("html", "data-theme") == "light"
    page.locator("#gantt").scroll_into_view_if_needed()
    page.mouse.click(*page.evaluate(MIDDLE_OF_A_BAR, 1))
    assert page.is_visible("#panel")
    before = page.evaluate("R.gantt.view.to - R.gantt.view.from")
    page.click("#zoom-in")
    assert page.evaluate("R.gantt.view.to - R.gantt.view.from") < before
    page.focus("#gantt")
    page.keyboard.press("0")
    assert page.evaluate("R.gantt.view.to - R.gantt.view.from") >= before
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")
    page.click("#cost-table th:first-child button")
    assert page.inner_text("#cost-table tbody tr:first-child td:first-child") == "A1"
    assert page.locator("#load-map svg").count() == 1
    assert wrong == []
    page.close()


@pytest.mark.parametrize("scenario", [tiny, integer])
def test_a_phone_shows_it_without_sideways_scrolling(browser, tmp_path, scenario):
    page, wrong = opened(browser, tmp_path, render(data_of(scenario())), viewport={"width": 390, "height": 844},
                         is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#gantt").scroll_into_view_if_needed()
    page.touchscreen.tap(*page.evaluate(MIDDLE_OF_A_BAR, 0))
    assert page.is_visible("#panel")
    assert wrong == []
    page.close()


def test_hostile_names_do_nothing(browser, tmp_path):
    scenario = tiny()
    scenario = replace(scenario, name=HOSTILE[0], orders=replace(scenario.orders, id=tuple(HOSTILE),
                                                                 customer=tuple(HOSTILE)))
    page, wrong = opened(browser, tmp_path, render(data_of(scenario)))
    alerts: list[str] = []
    page.on("dialog", lambda d: (alerts.append(d.message), d.dismiss()))
    page.click("#by-order")
    page.fill("#search", "script")
    page.press("#search", "Enter")
    assert page.inner_text("#panel h3") == f"Order {HOSTILE[0]}"
    assert page.locator("img").count() == 0
    assert alerts == []
    assert wrong == []
    page.close()


def test_what_is_beyond_the_plain_shop_can_be_seen_and_pointed_at(browser, tmp_path):
    page, wrong = opened(browser, tmp_path, render(bakery_report()), viewport={"width": 1400, "height": 900})
    legend = page.inner_text("#legend")
    for words in ("pause", "finished, still on the resource", "overtime opened", "maintenance", "announced there",
                  "done so far"):
        assert words in legend
    kinds = page.evaluate("R.gantt.view.rows.filter((row) => row.pool).map((row) => row.pool.title)")
    assert kinds == ["crew bakers", "crew icers", "fixture turntable", "buffer rack"]
    page.locator("#gantt").scroll_into_view_if_needed()
    for words, bar in (("Crew", "B3 decorate"), ("Batch", "B1 bake"), ("Then stood", "B6 knead")):
        number = page.evaluate("""(name) => { const { bars } = R.data; for (let b = 0; b < bars.count; b++)
            if (`${R.lotName(bars.lot[b])} ${bars.names[bars.name[b]]}` === name) return b; return -1; }""", bar)
        page.mouse.move(0, 0)
        page.mouse.move(*page.evaluate(MIDDLE_OF_A_BAR, number))
        page.wait_for_selector("#tip:not([hidden])")
        assert words in page.inner_text("#tip"), bar
    page.select_option("#pool-choice", label="fixture turntable")
    assert "fixture turntable" in page.inner_text("#pool-caption")
    page.fill("#search", "B7")
    page.press("#search", "Enter")
    assert "refused, 35.00 EUR lost" in page.inner_text("#panel")
    assert wrong == []
    page.close()
