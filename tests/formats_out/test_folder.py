"""The output folder: what stands in its files, and that they are whole or not there."""

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.domain.policy import TERMS
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.formats import writers
from scheduler.formats.atomic import staged
from scheduler.formats.instances import read_instance
from scheduler.formats.schedule_json import read_schedule
from scheduler.formats.tables import file_names
from scheduler.formats.writers import check_out_folder, write_all, write_bytes, write_frontier
from tests.formats_out import sample

DATA = Path(__file__).parent.parent / "data" / "instances"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, made_for: Scenario | None = None, report: str | None = None) -> list[Path]:
    made_for = made_for or sample.scenario()
    return write_all(folder, made_for, sample.schedule(made_for), sample.costs(), sample.kpis(), report)


def test_files(tmp_path: Path) -> None:
    found = write(tmp_path / "out" / "tiny", report="<p>")
    names = sorted(str(path.relative_to(tmp_path / "out" / "tiny")) for path in found)
    assert names == ["deliveries.csv", "dispatch/bench1.csv", "dispatch/bench2.csv", "dispatch/booth1.csv",
                     "dispatch/booth2.csv", "dispatch/press1.csv", "kpis.json", "report.html", "schedule.csv",
                     "schedule.json"]
    assert sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file()) == sorted(found)
    assert (tmp_path / "out" / "tiny" / "report.html").read_text() == "<p>"
    assert read_schedule(tmp_path / "out" / "tiny" / "schedule.json").orders == ("A1", "A2")


def test_schedule_csv(tmp_path: Path) -> None:
    write(tmp_path)
    lines = (tmp_path / "schedule.csv").read_text().splitlines()
    assert lines == [
        "order,operation,resource,start,end,lot,mode,configuration,item,quantity,reconfiguration_start,"
        "reconfiguration_end,position",
        ",mill,press1,2024-01-01T06:00+00:00,2024-01-01T08:00+00:00,mould,0,standard,mould,1,2024-01-01T06:00+00:00,"
        "2024-01-01T06:00+00:00,0",
        "A1,press,press1,2024-01-01T08:00+00:00,2024-01-01T08:14+00:00,A1/body,0,standard,body,2,"
        "2024-01-01T08:00+00:00,2024-01-01T08:00+00:00,1",
        "A1,paint,booth1,2024-01-01T08:20+00:00,2024-01-01T08:45+00:00,A1,0,white,,2,2024-01-01T08:20+00:00,"
        "2024-01-01T08:20+00:00,0",
        "A2,paint,booth1,2024-01-01T10:00+00:00,2024-01-01T10:15+00:00,A2,0,red,,1,2024-01-01T09:55+00:00,"
        "2024-01-01T10:00+00:00,1",
        "A1,test,bench1,2024-01-01T15:00+00:00,2024-01-01T15:10+00:00,A1,1,standard,,2,2024-01-01T15:00+00:00,"
        "2024-01-01T15:00+00:00,0"]


def test_rows_at_one_time_are_by_resource_and_position(tmp_path: Path) -> None:
    made_for = sample.scenario()
    made = sample.schedule(made_for)
    made = replace(made, start=made.start * 0)
    write_all(tmp_path, made_for, made, sample.costs(), sample.kpis())
    assert [(row["resource"], row["position"]) for row in rows(tmp_path / "schedule.csv")] == [
        ("press1", "0"), ("press1", "1"), ("booth1", "0"), ("booth1", "1"), ("bench1", "0")]


def test_deliveries(tmp_path: Path) -> None:
    write(tmp_path)
    first, second = rows(tmp_path / "deliveries.csv")
    assert first == {
        "order": "A1", "customer": "ACME", "family": "cabinet", "quantity": "2", "release": "2024-01-01T00:00+00:00",
        "due": "2024-01-04T00:00+00:00", "promised": "2024-01-01T15:10+00:00", "lateness_hours": "0.00", "late": "no",
        "deadline": "", "priority": "3", "price": "600.00", "standard": "3.10", "customization": "-0.10",
        "reconfiguration": "0.00", "lateness_cost": "0.00", "holding": "0.05", "total": "3.05"}
    assert (second["due"], second["promised"]) == ("2024-01-04T12:00+00:00", "2024-01-05T04:00+00:00")
    assert (second["lateness_hours"], second["late"], second["lateness_cost"], second["total"]) == (
        "16.00", "yes", "12.34", "14.44")


def test_what_only_some_schedules_have(tmp_path: Path) -> None:
    made_for, costs = sample.scenario(), sample.costs()
    costs.terms[1, TERMS.index("refusal")] = 50_000
    full = sample.full(made_for)
    assert full.team is not None
    crews = tuple(((), tuple(dict.fromkeys(full.teams[t]))) for t in full.team.tolist())
    write_all(tmp_path, made_for, full, costs, replace(sample.kpis(), crews=crews))
    found = rows(tmp_path / "schedule.csv")
    assert [(row["lot"], row["crews"], row["batch"], row["leave"][11:16]) for row in found] == [
        ("mould", "", "", "08:00"), ("A1/body", "", "", "08:14"), ("A1", "Ann", "1", "08:45"), ("A2", "", "1", "10:30"),
        ("A1", "Ann, Bo", "", "15:10")]
    first, second = rows(tmp_path / "deliveries.csv")
    assert (first["late"], first["refusal"]) == ("no", "0.00")
    assert (second["promised"], second["late"], second["refusal"], second["total"]) == ("", "", "500.00", "514.44")
    assert "overtime" not in first
    assert [(row["operation"], row["crews"], row["batch"]) for row in rows(tmp_path / "dispatch" / "booth1.csv")] == [
        ("paint", "Ann", "1"), ("paint", "", "1"), ("paint", "", "1")]
    assert (tmp_path / "transports.csv").read_text().splitlines() == [
        "lot,operation,resource,to_lot,to_operation,to_resource,start,end",
        "A1/body,press,press1,A1,paint,booth1,2024-01-01T08:14+00:00,2024-01-01T08:20+00:00",
        "A1,paint,booth1,A1,test,bench1,2024-01-01T08:45+00:00,2024-01-01T08:55+00:00"]
    assert (tmp_path / "overtime.csv").read_text().splitlines() == [
        "calendar,start,end", "day,2024-01-01T16:00+00:00,2024-01-01T17:00+00:00",
        "long,2024-01-01T22:00+00:00,2024-01-01T23:00+00:00"]
    write(tmp_path)
    assert not (tmp_path / "transports.csv").exists()
    assert not (tmp_path / "overtime.csv").exists()


def test_an_order_without_delivery(tmp_path: Path) -> None:
    made_for = sample.scenario()
    write_all(tmp_path, made_for, sample.schedule(made_for), sample.costs((-1, 6000)), sample.kpis())
    first, second = rows(tmp_path / "deliveries.csv")
    assert (first["promised"], first["lateness_hours"], first["late"]) == ("", "", "")
    assert second["late"] == "yes"


def test_dispatch_lists(tmp_path: Path) -> None:
    write(tmp_path)
    assert (tmp_path / "dispatch" / "booth1.csv").read_text().splitlines() == [
        "kind,start,end,order,operation,item,quantity,from_configuration,to_configuration",
        "operation,2024-01-01T08:20+00:00,2024-01-01T08:45+00:00,A1,paint,,2,white,white",
        "reconfiguration,2024-01-01T09:55+00:00,2024-01-01T10:00+00:00,A2,paint,,1,white,red",
        "operation,2024-01-01T10:00+00:00,2024-01-01T10:15+00:00,A2,paint,,1,red,red"]
    assert [row["operation"] for row in rows(tmp_path / "dispatch" / "press1.csv")] == ["mill", "press"]
    assert rows(tmp_path / "dispatch" / "booth2.csv") == []


def test_a_reconfiguration_without_time_is_a_row(tmp_path: Path) -> None:
    made_for = sample.scenario()
    made = sample.schedule(made_for)
    made = replace(made, rec_start=made.start, rec_end=made.start)
    write_all(tmp_path, made_for, made, sample.costs(), sample.kpis())
    assert [row["kind"] for row in rows(tmp_path / "dispatch" / "booth1.csv")] == [
        "operation", "reconfiguration", "operation"]


def test_dispatch_lists_of_resources_that_are_no_more(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "dispatch" / "old.csv").write_bytes((tmp_path / "dispatch" / "booth1.csv").read_bytes())
    (tmp_path / "dispatch" / "mine.csv").write_text("a,b\n")
    write(tmp_path)
    assert not (tmp_path / "dispatch" / "old.csv").exists()
    assert (tmp_path / "dispatch" / "mine.csv").exists()


def test_file_names() -> None:
    assert file_names(["press 1", "press/1", "PRESS_1", "../etc", "", "Säge.2", "x" * 300]) == [
        "press_1", "press_1~2", "PRESS_1~3", "_etc", "_", "Säge.2", "x" * 60]


def test_kpis(tmp_path: Path) -> None:
    write(tmp_path)
    data = json.loads((tmp_path / "kpis.json").read_text())
    head = [data[name] for name in ("format", "version", "scenario", "objective")]
    assert head == ["scheduler-kpis", 1, "tiny", 12345]
    assert data["units"] == {"time": "ticks of 1 min", "money": "hundredths of EUR"}
    assert data["values"] == {"makespan": 910, "on_time_share": 0.5, "load": {"booth1": 0.25, "press1": None},
                              "series": [1, 2]}


def test_an_integer_axis_has_integers(tmp_path: Path) -> None:
    made_for = read_instance(str(DATA / "fattahi2.fjs"))
    made = sample.schedule(made_for)
    made = replace(made, resource=made.resource % 2, configuration=made.configuration * 0,
                   lots=replace(made.lots, order=sample.ints(0, 1, 0, 1)))
    write_all(tmp_path, made_for, made, sample.costs(), sample.kpis())
    assert [(row["start"], row["resource"], row["order"]) for row in rows(tmp_path / "schedule.csv")] == [
        ("360", "0", "1"), ("480", "0", "0"), ("500", "1", "0"), ("600", "1", "1"), ("900", "1", "0")]
    assert rows(tmp_path / "deliveries.csv")[0]["lateness"] == "0"


def test_a_folder_with_a_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("")
    for call in (lambda: check_out_folder(tmp_path), lambda: write(tmp_path), lambda: write_frontier(tmp_path, [])):
        with pytest.raises(InputError, match=r"holds a scenario\.yaml"):
            call()
    assert os.listdir(tmp_path) == ["scenario.yaml"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="is a file"):
        check_out_folder(tmp_path / "out")
    with pytest.raises(InputError, match="cannot be written"):
        write(tmp_path / "out" / "below")


def test_a_run_that_fails_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in write(tmp_path)}

    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(writers, "kpis_text", fail)
    made_for = sample.scenario(name="other")
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, made_for)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_nothing_has_its_name_before_all_are_whole(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.text(tmp_path / "a.txt", "a")
        stage.table(tmp_path / "b.csv", ["x"], [[1]])
        assert not any(name.endswith((".txt", ".csv")) for name in os.listdir(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.csv"]


def test_frontier(tmp_path: Path) -> None:
    path = write_frontier(tmp_path, [{"point": "A", "cost": 3}, {"point": "B"}])
    assert path.read_text() == "point,cost\nA,3\nB,\n"


def test_bytes(tmp_path: Path) -> None:
    assert write_bytes(tmp_path / "plot" / "a.png", b"png").read_bytes() == b"png"
