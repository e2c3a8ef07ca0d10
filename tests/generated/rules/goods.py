"""Rules of operations, lots, materials and orders."""

from __future__ import annotations

from tests.generated.rules.mix import Json, Mix

MADE = ("bar", "lid", "frame")


def lags(m: Mix) -> None:
    """Minimum and maximum lags; some operations may not wait at all."""
    for routing, before, after in list(m.pairs()):
        if m.draw.maybe(60):
            link: Json = {"minimum": f"{m.draw.pick(0, 0, 20, 90)} min"}
            if m.draw.maybe(50):
                link["maximum"] = f"{m.draw.pick(90, 300, 3000)} min"
            elif m.draw.maybe(20):
                link = {"maximum": 0}
            link_of(routing, after)[before] = link


def transfer(m: Mix) -> None:
    """The next operation begins before the last piece is done."""
    for routing, before, after in list(m.pairs()):
        if m.draw.maybe(60):
            links = link_of(routing, after)
            kind: Json = {"transfer": m.draw.choose(1, 2)} if m.draw.maybe(60) else {"overlap": m.draw.pick(30, 50, 90)}
            links[before] = {"minimum": links.get(before, {}).get("minimum", 0), **kind}


def link_of(routing: Json, operation: str) -> Json:
    return routing["operations"][operation].setdefault("links", {})  # type: ignore[no-any-return]


def resources(m: Mix) -> None:
    """Operations on the same resource as the one before, or on another."""
    for routing, before, after in list(m.pairs()):
        if m.draw.maybe(50):
            routing["operations"][after][m.draw.pick("same_resource_as", "other_resource_than")] = [before]


def together(m: Mix) -> None:
    """Operations side by side that start together."""
    for routing in m.routings():
        names = list(routing["operations"])
        if len(names) > 1 and m.draw.maybe(60):
            first, second = names[-2:]
            before = routing["operations"][first].get("after")
            routing["operations"][second]["after"] = before if before is not None else names[-3:-2]
            routing["operations"][second].pop("links", None)
            routing["operations"][second]["start_with"] = [first]


def sub_plans(m: Mix) -> None:
    """Another way to do one or two operations, of one or two operations of its own."""
    for n, routing in enumerate(m.routings()):
        names = list(routing["operations"])
        if not m.draw.maybe(50):
            continue
        at = m.draw.choose(0, len(names) - 1)
        replaced = names[at: at + m.draw.choose(1, 2)]
        model = routing["operations"][replaced[0]]
        made = {key: model[key] for key in ("capability", "needs", "resources") if key in model}
        routing["sub_plans"] = {"another way": {"replaces": replaced, "operations": {
            f"way {n}.{k}": {**made, "work": {"fixed": f"{m.draw.choose(0, 90)} min"}, "cost": m.draw.pick(0, 4)}
            for k in range(m.draw.choose(1, 2))}}}


def splits(m: Mix) -> None:
    for operation in m.some(40):
        if not {"batch", "start_with", "same_resource_as", "other_resource_than"} & set(operation):
            operation["split"] = {"parts": m.draw.choose(2, 3), "minimum": m.draw.pick(1, 1, 2)}
            operation["work"] = {**operation.get("work", {}), "per_piece": f"{m.draw.choose(5, 40)} min"}
    for entry in m.orders:
        if m.draw.maybe(50):
            entry["quantity"] = m.draw.choose(2, 5)


def pools(m: Mix) -> None:
    """Component lots for several orders, whose operations no choice of one order changes."""
    for family in m.file["catalog"]["families"].values():
        for option in family.get("options", {}).values():
            for choice in option["choices"].values():
                choice.pop("change_operations", None)
                choice.pop("remove_operations", None)
    for name, part in m.components.items():
        if name in MADE and "operations" in part:
            part["pool"] = {"within": f"{m.draw.choose(0, 3)} d", "minimum": m.draw.choose(1, 4),
                            "multiple": m.draw.choose(1, 3)}


def arrivals(m: Mix) -> None:
    """What is bought comes into stock on a date, too; or may be had sooner."""
    for part in m.components.values():
        if part.get("kind") != "tool" and "operations" not in part and "buy" in part:
            kinds = m.draw.some(("arrivals", "expedite"), 1)
            if "arrivals" in kinds:
                part["arrivals"] = [{"at": m.at(m.draw.choose(0, 1500)), "quantity": m.draw.choose(1, 6)}
                                    for _ in range(m.draw.choose(1, 2))]
            if "expedite" in kinds and part["buy"]["lead_time"] in ("90 min", "5 h", "1 d"):
                part["buy"]["expedite"] = {"lead_time": f"{m.draw.pick(0, 30, 60)} min", "price": m.draw.pick(3, 90)}


def refusal(m: Mix) -> None:
    """Orders may be refused, where money comes first."""
    m.file["policy"]["objective"] = m.draw.pick("money", "money", ["money", "makespan"])
    m.file["policy"]["refuse_orders"] = True
    for entry in m.orders:
        entry["price"] = m.draw.pick(60, 999, 5000, 20_000)
        entry["must_make"] = m.draw.maybe(30)


def deadlines(m: Mix) -> None:
    for entry in m.orders:
        if m.draw.maybe(60):
            entry["deadline"] = m.at(m.draw.choose(1500, 6000))
