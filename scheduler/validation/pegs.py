"""The pegs of a schedule, with what they stand for."""

from __future__ import annotations

import numpy as np

from scheduler.validation.columns import Columns
from scheduler.validation.tables import Tables

STOCK, LOT, BUY, EXPEDITE = range(4)
"""Places in schedule.SOURCES."""
MOST_PIECES = 1 << 40
"""More pieces than this are not believed, so that sums stay within 64 bits."""


class Pegs:
    """Columns of length P as in the schedule, and:

    component: index, -1 unknown. sound: everything is in range and speaks of sound lots. tool: the component is
    one. need: number in the tables, -1 where the consumer needs no such thing or the peg is not sound.
    """

    def __init__(self, columns: Columns, tables: Tables, lot_sound: np.ndarray, lot_template: np.ndarray,
                 is_tool: np.ndarray):
        told, lots = columns.pegs, len(lot_sound)
        known = {name: i for i, name in enumerate(tables.components)}
        self.names = columns.peg_component
        self.component = np.array([known.get(name, -1) for name in self.names], dtype=np.int64)
        self.order, self.source, self.lot = told["order"], told["source"], told["lot"]
        self.consumer, self.quantity, self.available = told["consumer"], told["quantity"], told["available"]
        fine = (self.component >= 0) & (self.source >= STOCK) & (self.source <= EXPEDITE)
        fine &= (self.consumer >= 0) & (self.consumer < lots) & (self.lot >= -1) & (self.lot < lots)
        fine &= ((self.source != LOT) | (self.lot >= 0)) & (self.quantity >= 1) & (self.quantity <= MOST_PIECES)
        fine[fine] &= lot_sound[self.consumer[fine]]
        made = fine & (self.source == LOT)
        fine[made] &= lot_sound[self.lot[made]]
        self.sound = fine
        self.tool = np.zeros(len(fine), dtype=bool)
        self.tool[fine] = is_tool[self.component[fine]]
        self.need = np.full(len(fine), -1, dtype=np.int64)
        self.need[fine] = tables.need(lot_template[self.consumer[fine]], self.component[fine])

    def of(self, source: int) -> np.ndarray:
        """Sound pegs of parts from one source."""
        return np.flatnonzero(self.sound & (self.source == source) & ~self.tool)
