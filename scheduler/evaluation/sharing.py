"""Who uses a shared lot, and how its costs are split."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule


def users(scenario: Scenario, schedule: Schedule, shop: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """(lot, order) pairs, each once, sorted: orders that use a shared lot by pegs, also through another shared lot.

    A shared lot that nothing uses (in a damaged schedule) counts as used by all orders, so that the total still holds;
    with a `shop` beyond the plain one it is the plant's, and refused orders use nothing.
    """
    lots, pegs, count = schedule.lots, schedule.pegs, max(1, len(scenario.orders))
    made = pegs.lot
    consumer = lots.order[pegs.consumer]
    shared = (made >= 0) & (lots.order[made] < 0) & ~np.isin(consumer, schedule.refused)
    direct = shared & (consumer >= 0)
    pairs = np.unique(made[direct] * count + consumer[direct])
    onward = shared & (consumer < 0) & (made != pegs.consumer)
    links = np.unique(np.stack((pegs.consumer[onward], made[onward])), axis=1).T.tolist()
    for _ in range(len(links)):
        first = np.searchsorted(pairs, np.arange(len(lots.id) + 1) * count).tolist()
        grown = np.unique(np.concatenate([pairs, *(
            pairs[first[user]:first[user + 1]] + (lot - user) * count for user, lot in links)]))
        if len(grown) == len(pairs):
            break
        pairs = grown
    if shop:
        return pairs // count, pairs % count
    idle = np.setdiff1d(np.flatnonzero(lots.order < 0), pairs // count)
    every = np.arange(len(scenario.orders), dtype=np.int64)
    pairs = np.sort(np.concatenate((pairs, (idle[:, None] * count + every).ravel())))
    return pairs // count, pairs % count


def weights(scenario: Scenario, schedule: Schedule, lot: np.ndarray, user: np.ndarray) -> np.ndarray:
    """How much each of the users [U] counts: an order's quantity, of a pooled lot the pieces that go to the order.

    What goes through another shared lot counts as that lot is shared, to a thousandth of a piece.
    """
    found = scenario.orders.quantity[user].copy()
    components, lots, pegs = scenario.catalog.components, schedule.lots, schedule.pegs
    if not any(part.pool is not None for part in components.values()):
        return np.asarray(found)
    shares: dict[int, dict[int, int]] = {}

    def of(wanted: int) -> dict[int, int]:
        if wanted not in shares:
            sums: dict[int, int] = {}
            shares[wanted] = sums
            part = components.get(lots.item[wanted])
            if part is not None and part.kind == "tool":
                mine = slice(*np.searchsorted(lot, (wanted, wanted + 1)).tolist())
                sums.update(zip(user[mine].tolist(), found[mine].tolist()))
                return sums
            for p in np.flatnonzero(pegs.lot == wanted).tolist():
                consumer, pieces = int(pegs.consumer[p]), int(pegs.quantity[p]) * 1000
                order = int(lots.order[consumer])
                others = {order: 1} if order >= 0 else of(consumer)
                for j, part_of in others.items():
                    sums[j] = sums.get(j, 0) + max(1, pieces * part_of // sum(others.values()))
        return shares[wanted]

    return np.array([of(k).get(j, 1) for k, j in zip(lot.tolist(), user.tolist())], dtype=np.int64)


def split(amounts: np.ndarray, lot: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Whole shares of amounts [L, T] for sorted users: lot [U], weight [U] (> 0) -> [U, T].

    In proportion to the weights by largest remainder, ties to the earlier user; shares add up to the lot's amount.
    """
    if not len(lot):
        return np.zeros((0, amounts.shape[1]), dtype=np.int64)
    first = np.concatenate(([True], lot[1:] != lot[:-1]))
    group = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    total = np.add.reduceat(weight, starts)[group]
    shares = np.empty((len(lot), amounts.shape[1]), dtype=np.int64)
    for term in range(amounts.shape[1]):
        product = amounts[lot, term] * weight
        share, rest = product // total, product % total
        missing = amounts[lot[starts], term] - np.add.reduceat(share, starts)
        ranked = np.lexsort((np.arange(len(lot)), -rest, group))
        place = np.empty(len(lot), dtype=np.int64)
        place[ranked] = np.arange(len(lot)) - starts[group]
        shares[:, term] = share + (place < missing[group])
    return shares
