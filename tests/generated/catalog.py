"""Generated catalogs: families with options and effects, components over several levels, tools, routings."""

from __future__ import annotations

from typing import Any

from tests.generated.draw import Draw
from tests.generated.plant import COLOURS, SIZES, SKILLS, minutes

Json = dict[str, Any]
MAKES = {"frame": ("weld", "grind"), "bar": ("saw",), "lid": ("bend",), "mould": ("mill",)}
"""Components that are made, with all operations they may have."""


class CatalogMaker:
    """Draws a catalog for a plant. `resources` are the names operations may be narrowed to; `lean`: as few operations
    as can be."""

    def __init__(self, draw: Draw, cells: dict[str, Json], lean: bool) -> None:
        self.draw, self.lean, self.cells = draw, lean, cells
        self.components: dict[str, Json] = {}
        self.able = [(r, set(_skills(cell))) for cell in cells.values() for r in cell["resources"]]

    def catalog(self) -> Json:
        families = {name: self.family() for name in ("box", "table", "rack")[: self.draw.pick(1, 1, 2, 3)]}
        return {"families": families, "components": self.components}

    def work(self) -> Json:
        found = {"fixed": minutes(self.draw, 90 if not self.lean else 120)}
        if self.draw.maybe(50):
            found["per_piece"] = minutes(self.draw, 25)
        return found

    def operation(self, skill: str | None = None, options: Json | None = None) -> Json:
        """An operation for one of the skills; painting and forming need an attribute, by choice or by word."""
        draw = self.draw
        found: Json = {"capability": skill or draw.pick(*SKILLS, "paint"), "work": self.work()}
        if found["capability"] == "paint":
            found["needs"] = {"colour": "{colour}" if "colour" in (options or {}) else draw.pick(*COLOURS)}
        if draw.maybe(15):
            found["work"] = {}
        if draw.maybe(25):
            found["cost"] = draw.pick(1, 7.77, 30)
        able = [r for r, skills in self.able if found["capability"] in skills]
        if draw.maybe(10) and found["capability"] not in ("paint",):
            found["resources"] = draw.some(able, 1)
            if draw.maybe(30):
                del found["capability"]
        if draw.maybe(25 if self.lean else 35):
            found["alternatives"] = [self.alternative() for _ in range(draw.choose(1, 1 if self.lean else 2))]
        return found

    def alternative(self) -> Json:
        draw = self.draw
        found: Json = {}
        if draw.maybe(70):
            found["work"] = self.work()
        if draw.maybe(50):
            found["cost"] = draw.pick(0, 3.33, 40)
        if draw.maybe(25):
            found |= {"capability": draw.pick(*SKILLS), "needs": {}, "resources": [r for r, _ in self.able]}
        return found or {"cost": 5}

    def operations(self, names: tuple[str, ...], options: Json | None = None) -> Json:
        """Operations in a line, or as a DAG."""
        found = {}
        for n, name in enumerate(names):
            made = self.operation(name if name in (*SKILLS, "paint") else None, options)
            if n and self.draw.maybe(35):
                made["after"] = self.draw.some(names[:n])
            found[name] = made
        return found

    def family(self) -> Json:
        draw = self.draw
        options: Json = {}
        names = tuple(draw.some((*SKILLS, "paint"), 1 if self.lean else 2, 1 if self.lean else 4))
        if "paint" in names or draw.maybe(20):
            options["colour"] = {"default": draw.pick(*COLOURS), "choices": {c: self.plain() for c in COLOURS}}
        uses = self.uses(names, 1 if self.lean else 3)
        if draw.maybe(30):
            options["size"] = {"default": "small", "choices": {s: self.plain() for s in SIZES}}
            uses.append({"component": "{size} foot", "quantity": draw.choose(1, 4)})
            for size in SIZES:
                self.component(f"{size} foot")
        found: Json = {"price": draw.pick(0, 90, 333.33), "material_cost": draw.pick(0, 12.5), "components": uses,
                       "operations": self.operations(names, options)}
        if not self.lean and draw.maybe(60):
            options["extra"] = {"default": "no", "choices": {"no": {}, "yes": self.effects(names, uses, options),
                                                             "more": self.effects(names, uses, options)}}
        return {**found, "options": options, "rules": self.rules(options)}

    def plain(self) -> Json:
        """A choice that only costs."""
        return {"price": self.draw.pick(0, 25), "cost": self.draw.pick(0, 1.11, -2)} if self.draw.maybe(50) else {}

    def uses(self, names: tuple[str, ...], most: int) -> list[Json]:
        """Uses of components, which are put into the catalog."""
        draw, found = self.draw, []
        for name in draw.some(("bar", "lid", "frame", "mould", "gauge"), 0, most):
            self.component(name)
            use: Json = {"component": name, "quantity": 1 if draw.maybe(60) else draw.choose(1, 3)}
            if names and draw.maybe(50):
                use["at"] = draw.pick(*names)
            found.append(use)
        return found

    def component(self, name: str) -> None:
        """Puts a component with all it needs into the catalog, once."""
        draw = self.draw
        if name in self.components:
            return
        tool = name in ("mould", "gauge")
        buy = {"lead_time": draw.pick("0 min", "90 min", "5 h", "1 d"), "price": draw.pick(0, 2.5, 80)}
        found: Json = {"kind": "tool"} if tool else {"stock_value": draw.pick(0, 3.21)}
        found["stock"] = draw.pick(0, 0, 1) if tool else draw.pick(0, 0, draw.choose(1, 6))
        self.components[name] = found
        if name in MAKES and not (name in ("bar", "lid") and draw.maybe(50)):
            ops = MAKES[name][: 1 if self.lean else draw.choose(1, len(MAKES[name]))]
            found |= {"material_cost": draw.pick(0, 4.5), "operations": self.operations(ops)}
            below = {"frame": ["bar", "mould"], "bar": ["ore"], "mould": ["ore"]}.get(name, [])
            chosen = draw.some(below, 0, 1 if self.lean else 2)
            found["components"] = [{"component": b, "quantity": draw.choose(1, 2)} for b in chosen]
            for part in chosen:
                self.component(part)
        if "operations" not in found or draw.maybe(20):
            found["buy"] = buy

    def effects(self, names: tuple[str, ...], uses: list[Json], options: Json) -> Json:
        """A choice that adds, removes and changes."""
        draw = self.draw
        found: Json = {"cost": draw.pick(0, 2.22, -1), "price": draw.pick(0, 15)}
        if draw.maybe(40):
            found["add_components"] = self.uses(names, 2)
        if uses and draw.maybe(25):
            found["remove_components"] = [draw.pick(*uses)["component"]]
        if draw.maybe(45):
            at = draw.choose(0, len(names) - 1)
            sides = {"after": list(names[at: at + 1]) if draw.maybe(50) else [], "before": list(names[at + 1: at + 2])}
            added = self.operation(options=options)
            found["add_operations"] = {f"polish {draw.choose(1, 1000)}": added | (sides if draw.maybe(60) else {})}
        reach = [*names, *(f"{c}/{o}" for c in self.components for o in self.components[c].get("operations", {}))]
        if draw.maybe(20):
            found["remove_operations"] = [draw.pick(*reach)]
        if draw.maybe(60):
            found["change_operations"] = {name: self.change() for name in draw.some(reach, 1, 2)}
        return found

    def change(self) -> Json:
        draw = self.draw
        found: Json = {"add_work": self.work()} if draw.maybe(50) else {"work": self.work()}
        if draw.maybe(40):
            found["duration_percent"] = draw.pick(33, 50, 150)
        if draw.maybe(30):
            found["add_cost"] = draw.pick(5, 0.01)
        return found

    def rules(self, options: Json) -> list[Json]:
        draw = self.draw
        others = [o for o in ("colour", "size") if o in options]
        if "extra" not in options or not others or not draw.maybe(50):
            return []
        other = draw.pick(*others)
        wanted = draw.some(list(options[other]["choices"]), 1, 2)
        kind = draw.pick("requires", "excludes")
        return [{"when": {"extra": "yes"}, kind: {other: wanted if draw.maybe(50) else wanted[0]}, "reason": "fit"}]


def _skills(cell: Json) -> list[str]:
    named = [s for c in cell.get("configurations", {}).values() for s in c["capabilities"]]
    return [*cell.get("capabilities", []), *named]
