"""Broken inputs about the shop floor: edits of the scenario in `full`, which uses every rule."""

from __future__ import annotations

Y, C, F = "scenario.yaml", "orders.csv", "floor.csv"

CASES: dict[str, list[tuple[str, str | None, str | None]]] = {
    # structure of the new fields
    "unknown fields of the shop floor": [
        (Y, "people: 4", "persons: 4"),
        (Y, "unattended: false", "unatended: false"),
        (Y, "capacity: 40", "size: 40"),
        (Y, "{transfer: 4}", "{transferr: 4}"),
        (Y, "freeze: 2 h", "frozen: 2 h"),
    ],
    "missing fields of the shop floor": [
        (Y, "{from: saw, to: oven, size: 2}", "{from: saw, size: 2}"),
        (Y, "join: 100, set-up: 100", ""),
        (Y, ", people: 1}]", "}]"),
        (Y, "earliest: 2026-03-03 06:00, ", ""),
        (Y, "{parts: 3, minimum: 5}", "{minimum: 5}"),
        (Y, "          replaces: [polish]\n", ""),
        (Y, "{lead_time: 4 h, price: 0.50}", "{lead_time: 4 h}"),
    ],
    "values of the shop floor out of bounds": [
        (Y, "vehicles: 1", "vehicles: 0"),
        (Y, "work_in_process: 5", "work_in_process: none"),
        (Y, "people: 4", "people: 0"),
        (Y, "kind: pallet", "kind: palette"),
        (Y, "percent: 80", "percent: 0"),
        (Y, "during: loading", "during: load"),
        (Y, "size: 2", "size: -1"),
        (Y, "{parts: 3,", "{parts: 1,"),
        (Y, "quantity: 100", "quantity: 0"),
        (Y, "places: 2", "places: 0"),
        (Y, "pausing: true", "pausing: often"),
        (Y, "multiple: 5", "multiple: 0"),
        (Y, "per_move: 5", "per_move: -5"),
        (Y, "kind: subcontractor", "kind: firm"),
    ],
    "moments of the shop floor": [
        (Y, "now: 2026-03-03 09:00", "now: Tuesday"),
        (Y, "end: 2026-03-04 18:00", "end: 2026-03-05"),
        (Y, "latest: 2026-03-06 14:00", "latest: 2026-03-06"),
        (Y, "at: 2026-03-04 08:00", "at: 8:00"),
    ],
    # crews, fixtures, modules
    "crews on unknown calendars": [
        (Y, "calendar: late, people: 1", "calendar: lat, people: 1"),
        (Y, "people: 4, calendar: day", "people: 4, calendar: night"),
    ],
    "crew with people and shifts": [
        (Y, "      changes: [{start: 2026-03-05", "      people: 3\n      changes: [{start: 2026-03-05"),
    ],
    "crew that needs no time": [
        (Y, "{join: 150}", "{join: 0}"),
    ],
    "changes backwards and of too many people": [
        (Y, "end: 2026-03-06 06:00, number: 1}", "end: 2026-03-06 06:00, number: 7}"),
        (Y, "end: 2026-03-06 06:00, number: 4}", "end: 2026-03-04 06:00, number: 4}"),
    ],
    "unknown skills": [
        (Y, "crews: [{skill: join, people: 2}", "crews: [{skill: joining, people: 2}"),
        (Y, "crews: [{skill: join}]", "crews: [{skill: glue}]"),
        (Y, "crews: [{skill: set-up,", "crews: [{skill: setup,"),
    ],
    "more people than any crew has": [
        (Y, "{skill: join, people: 2}", "{skill: join, people: 5}"),
    ],
    "people for loading that takes no time": [
        (Y, "          loading: 5 min\n", ""),
    ],
    "people for reconfiguring during the run": [
        (Y, "during: reconfiguration", "during: run"),
    ],
    "unknown fixtures": [
        (Y, "fixture: clamp, number: 2", "fixture: clamps, number: 2"),
        (Y, "{fixture: pallet,", "{fixture: box,"),
    ],
    "more fixtures than there are": [
        (Y, "fixture: clamp, number: 2", "fixture: clamp, number: 4"),
        (Y, "{fixture: pallet,", "{fixture: pallet, number: 5,"),
    ],
    "unknown module and module twice": [
        (Y, "modules: [probe]", "modules: [prob, probe, probe]"),
    ],
    # calendars
    "unattended shifts": [
        (Y, 'unattended: {mon-fri: ["12:00-14:00"]}', 'unattended: {mon-fry: ["12-14"]}'),
    ],
    "overtime when it is open": [
        (Y, "start: 2026-03-04 14:00, end: 2026-03-04 18:00", "start: 2026-03-04 08:00, end: 2026-03-04 14:00"),
    ],
    "overtime twice": [
        (Y, "end: 2026-03-07 12:00, cost: 90}",
         "end: 2026-03-07 12:00, cost: 90}\n"
         "        - {start: 2026-03-07 11:00, end: 2026-03-07 15:00, cost: 9}"),
    ],
    "overtime backwards": [
        (Y, "end: 2026-03-04 18:00", "end: 2026-03-04 13:00"),
    ],
    "speeds at the same time": [
        (Y, "start: 2026-03-04 06:00, end: 2026-03-05 06:00, percent",
         "start: 2026-03-03 12:00, end: 2026-03-05 06:00, percent"),
    ],
    "maintenance without room": [
        (Y, "{duration: 2 h, earliest", "{duration: 40 h, earliest"),
    ],
    "maintenance whose time is over": [
        (Y, "latest: 2026-03-06 14:00", "latest: 2026-03-03 08:00"),
    ],
    "maintenance backwards": [
        (Y, "earliest: 2026-03-03 06:00", "earliest: 2026-03-08 06:00"),
    ],
    # cells
    "buffers between unknown cells and twice": [
        (Y, "rack: {from: saw, to: oven, size: 2}",
         "rack: {from: saw, to: ovn, size: 2}\n"
         "    a: {from: saw, to: bench, size: 1}\n"
         "    b: {from: saw, to: bench, size: 2}"),
    ],
    "subcontractor with what it cannot have": [
        (Y, "      resources: {painter: {}}",
         "      batch: {capacity: 3}\n"
         "      reconfiguration: {minimum_run: 1 h}\n"
         "      resources:\n"
         "        painter: {planned_maintenance: {oil: {duration: 1 h, earliest: 2026-03-03 06:00, "
         "latest: 2026-03-06 14:00}}}"),
    ],
    # links
    "links to operations that do not come before": [
        (Y, "links: {shape: {maximum: 3 d}}", "links: {polish: {maximum: 3 d}, shap: {maximum: 3 d}}"),
        (Y, "links: {join: {minimum: 1 h}}", "links: {jon: {minimum: 1 h}}"),
    ],
    "links that exclude each other": [
        (Y, "{transfer: 4}", "{transfer: 4, maximum: 1 h, overlap: 50}"),
        (Y, "{maximum: 3 d}", "{minimum: 4 d, maximum: 3 d}"),
    ],
    "same, other and together": [
        (Y, "other_resource_than: [polish]",
         "other_resource_than: [join, polis]\n"
         "          same_resource_as: [shape]\n"
         "          start_with: [dry]"),
    ],
    "same and other at once": [
        (Y, "other_resource_than: [polish]", "other_resource_than: [polish]\n          same_resource_as: [polish]"),
    ],
    "other than the only one": [
        (Y, "bench-1: {}, bench-2: {}", "bench-1: {}"),
    ],
    "holds of unknown operations and backwards": [
        (Y, "- {fixture: pallet, from: shape, to: dry}",
         "- {fixture: pallet, from: shpe, to: dry}\n"
         "        - {fixture: pallet, from: dry, to: shape}"),
    ],
    # splits, batches, sub-plans
    "split with what excludes it": [
        (Y, "          places: 2\n", "          places: 2\n          split: {parts: 2}\n"),
        (Y, "polish: {capability: polish, work", "polish: {split: {parts: 2}, capability: polish, work"),
    ],
    "operation named as a part": [
        (Y, "turn: {capability", "saw (1 of 3): {capability: cut}\n        turn: {capability"),
    ],
    "batch class where nothing is batched": [
        (Y, "      batch: {capacity: 40}\n", ""),
    ],
    "unknown option in a batch class": [
        (Y, 'batch: "{wood}"', 'batch: "{wod}"'),
    ],
    "places without a class and too many": [
        (Y, "          places: 2\n", "          places: 50\n"),
        (Y, "polish: {capability: polish, work", "polish: {places: 3, capability: polish, work"),
    ],
    "order that no batch can take": [
        (C, "S-2,stool,8", "S-2,stool,21"),
    ],
    "sub-plan of unknown operations and names that are there": [
        (Y, "replaces: [polish]", "replaces: [polsh]"),
        (Y, "            sand: {capability", "            dry: {split: {parts: 2}, capability"),
    ],
    "sub-plans that overlap": [
        (Y, "      holds:\n",
         "        all in one:\n"
         "          replaces: [join, polish]\n"
         "          operations: {do all: {capability: join}}\n"
         "      holds:\n"),
    ],
    "sub-plan around an operation": [
        (Y, "replaces: [polish]", "replaces: [shape, polish]"),
    ],
    "circle in a sub-plan": [
        (Y, "sand: {capability: polish,", "sand: {after: [varnish], capability: polish,"),
    ],
    "wrong names in a sub-plan": [
        (Y, "sand: {capability: polish,", "sand: {after: [join], crews: [{skill: x}], capability: polsh,"),
    ],
    "operation longer than loading allows": [
        (Y, "          pausing: true\n", "          pausing: true\n          loading: 4 h\n"),
    ],
    "small order shorter than loading and unloading": [
        (Y, "loading: 5 min", "loading: 15 min\n          unloading: 10 min"),
    ],
    "operation longer than the shift of its crew": [
        (Y, "alternatives: [{crews: [{skill: join}], work: {per_piece: 10 min}}]\n          ", ""),
        (Y, "{fixed: 10 min, per_piece: 6 min}", "{fixed: 10 min, per_piece: 48 min}"),
        (Y, "skill: join, people: 2}, {skill: join, during: loading}", "skill: set-up, people: 2}"),
        (Y, "shifts: [{calendar: day, people: 2}", "shifts: [{calendar: short, people: 2}"),
        (Y, "    late:\n", '    short: {weekly: {mon-fri: ["07:00-13:00"]}}\n    late:\n'),
    ],
    # supply
    "arrivals and expediting of what is made": [
        (Y, "      stock: 5\n",
         "      stock: 5\n"
         "      arrivals: [{at: 2026-03-04 08:00, quantity: 5}]\n"
         "      buy: {lead_time: 1 d, expedite: {lead_time: 1 h, price: 3}}\n"),
    ],
    "expediting that is no faster": [
        (Y, "expedite: {lead_time: 4 h", "expedite: {lead_time: 3 d"),
    ],
    "pool of what is bought": [
        (Y, "      stock: 50\n", "      stock: 50\n      pool: {within: 1 d}\n"),
    ],
    "pool of what depends on choices": [
        (Y, "turn: {capability: cut,", 'turn: {needs: {grain: "{wood}"}, capability: cut,'),
        (Y, "coarse: {capabilities: [cut]}", "coarse: {capabilities: [cut], attributes: {grain: oak}}"),
        (Y, "              price: 10\n",
         "              price: 10\n"
         "              change_operations: {leg/turn: {add_cost: 1}}\n"),
    ],
    "too few arrivals": [
        (Y, "      buy: {lead_time: 2 d, price: 0.10, expedite: {lead_time: 4 h, price: 0.50}}\n", ""),
        (C, "S-2,stool,8", "S-2,stool,20"),
    ],
    "component named as maintenance": [
        (Y, "component: screw", "component: maintenance"),
        (Y, "    screw:\n", "    maintenance:\n"),
    ],
    "orders named as other lots": [
        (C, "S-1,stool", "saw-1:oil,stool"),
        (C, "S-2,stool", "leg:2,stool"),
    ],
    # policy and now
    "refusal without money": [
        (Y, "  refuse_orders: true\n", "  refuse_orders: true\n  objective: [makespan, money]\n"),
    ],
    "now before the origin": [
        (Y, "now: 2026-03-03 09:00", "now: 2026-03-01 09:00"),
        (F, None, "lot,operation,state\n"),
    ],
    # what happened
    "floor.csv that cannot be read": [
        (F, "lot,operation,state,resource", "lot,operation,state,resourc"),
        (F, "finished,saw-1", "finish,saw-1"),
        (F, "45 min", "45"),
        (F, ",,S-2/shape", ",,S-2/shape,more"),
        (F, "S-2,shape,announced", ",shape,announced"),
    ],
    "floor.csv without a needed column": [
        (F, "lot,operation,state", "order,operation,state"),
    ],
    "floor in two places": [
        (Y, "policy:\n", "floor: [{lot: S-1, operation: dry, state: pinned, resource: oven-1}]\npolicy:\n"),
    ],
    "floor in the scenario": [
        (F, None, None),
        (Y, "policy:\n",
         "floor:\n"
         "  - {lot: S-2, operation: drey, state: pinned, start: 2026-03-03 15:00}\n"
         "  - {lot: S-1, operation: dry, state: pined}\n"
         "  - {lot: S-9, operation: dry, state: finished}\n"
         "policy:\n"),
    ],
    "unknown names on the floor": [
        (F, "S-1,shape,finished", "S-7,shape,finished"),
        (F, "S-1,dry,", "S-1,drei,"),
        (F, "announced,saw-1", "announced,saw-9"),
        (F, "S-3,screw,", "S-3,screws,"),
        (F, "S-2/shape", "S-2/shap"),
        (F, "leg:1,turn,", "leg:9,turn,"),
    ],
    "ways that are none on the floor": [
        (F, "finished,saw-1,fine", "finished,bench-1,fine"),
        (F, "announced,saw-1,fine,", "announced,saw-1,coarse,"),
        (F, "leg:1,turn,started,saw-2,,", "leg:1,turn,started,saw-2,,4"),
        (F, "S-3,shape,pinned,saw-1", "S-3,dry,pinned,oven-1"),
    ],
    "fields that a state needs or has not": [
        (F, "finished,saw-1,fine,,2026-03-02 06:00,2026-03-02 06:25,,", "finished,,,,,,5 min,"),
        (F, "started,saw-2,,,2026-03-03 08:30", "started,,,,"),
        (F, "announced,saw-1,fine,,2026-03-03 10:00", "announced,,,,"),
        (F, "S-3,screw,material,,,,,2026-03-05 12:00", "S-3,screw,material,saw-1,,,,"),
        (F, "S-1,dry,pinned,,,,2026-03-03 15:00", "S-1,dry,pinned,,,,"),
    ],
    "times on the floor": [
        (F, "2026-03-02 06:00,2026-03-02 06:25", "2026-03-02 06:25,2026-03-02 06:00"),
        (F, "2026-03-02 07:30", "2026-03-03 09:30"),
        (F, "2026-03-03 08:30", "2026-03-03 10:00"),
        (F, "2026-03-03 15:00", "2026-03-03 08:55"),
        (F, "2026-03-03 10:00,,,\nS-3", "2026-03-03 10:02,,,\nS-3"),
    ],
    "what happened before the origin": [
        (F, "2026-03-02 06:00,", "2026-03-01 06:00,"),
    ],
    "started where nobody works any more": [
        (Y, 'late:\n      weekly: {mon-fri: ["14:00-22:00"]}',
         "late:\n"
         "      weekly: {}\n"
         "      overtime: [{start: 2026-03-05 14:00, end: 2026-03-05 18:00, cost: 1}]"),
        (F, "S-1,dry,pinned,,,,2026-03-03 15:00", "S-1,dry,started,oven-1,,,2026-03-03 08:00"),
    ],
    "two at once on a resource": [
        (F, "started,saw-2,,,2026-03-03 08:30", "started,saw-2,,,2026-03-02 07:25"),
    ],
    "one operation twice": [
        (F, "S-1,dry,pinned", "S-1,shape,started,saw-2,,,2026-03-03 07:00,,,\nS-1,dry,pinned"),
    ],
    "two ways of the same at once": [
        (F, "S-1,dry,pinned",
         "leg:1,saw (1 of 2),finished,saw-1,,,2026-03-02 08:00,2026-03-02 08:10,,\n"
         "S-1,dry,pinned"),
    ],
    "behind one that runs elsewhere and in a circle": [
        (F, "S-1,dry,pinned,,,,2026-03-03 15:00,,,",
         "S-1,dry,pinned,,,,,,,S-2/polish\n"
         "S-2,shape,pinned,,,,,,,S-3/shape"),
    ],
}
