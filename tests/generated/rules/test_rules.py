"""Generated factories with any mix of the rules: solved by every engine, judged, priced, and nothing contradicts.

`python -m tests.generated --rules` does the same with as many as are wanted.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.generated.rules.factories import RULES, ruled
from tests.generated.rules.proof import prove_ruled

FIRST, COUNT = 20_000, 100
AGAIN = (6, 246, 306, 431, 773, 847)
"""Seeds of factories in which something was wrong once."""


@pytest.mark.parametrize("seed", [*AGAIN, *range(FIRST, FIRST + COUNT)])
def test_every_engine_keeps_the_rules(seed: int) -> None:
    assert prove_ruled(seed, limit=0.01, small=8).wrong == []


def test_all_rules_are_drawn() -> None:
    drawn = Counter(name for seed in range(FIRST, FIRST + 40) for name in ruled(seed)[1])
    assert set(drawn) == set(RULES)
