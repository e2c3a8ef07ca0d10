"""python -m benchmarks stories | public FOLDER | outside FOLDER | scale | shop | replan | money | plain | parts
python -m benchmarks run SUITE | table FILE... | records FILE... | hunt | peers"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks import against, money, outside, parts, plain, public, scale, shop, stories

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="question", required=True)
    story = commands.add_parser("stories", help="each story against its best dispatching rule")
    story.add_argument("--time-limit", type=float, default=30.0)
    story.add_argument("--workers", type=int, default=2)
    instances = commands.add_parser("public", help="20 public instances of 8 sets")
    instances.add_argument("folder", type=Path, help="folder with index.json and the instance files")
    instances.add_argument("--time-limit", type=float, default=20.0)
    instances.add_argument("--workers", type=int, default=2)
    others = commands.add_parser("outside", help="workers, printing, acceptance, modules, bills of material")
    others.add_argument("folder", type=Path, help="folder with index.json, suites.json and the instance files")
    others.add_argument("--time-limit", type=float, default=60.0)
    others.add_argument("--workers", type=int, default=2)
    others.add_argument("--only", nargs="+", default=[], help="names of the index instead of the samples")
    size = commands.add_parser("scale", help="a month of 2,000 and of 20,000 orders by dispatching alone")
    size.add_argument("--orders", type=int, nargs="+", default=[2000, 20000])
    size.add_argument("--repeat", type=int, default=3)
    for name, text in (("shop", "a workshop of 1,000 operations with every rule: dispatching against the portfolio"),
                       ("replan", "the same workshop after a breakdown")):
        floor = commands.add_parser(name, help=text)
        floor.add_argument("--orders", type=int, default=235)
        floor.add_argument("--time-limit", type=float, default=60.0)
        floor.add_argument("--workers", type=int, default=2)
        floor.add_argument("--seeds", type=int, default=3 if name == "shop" else 1)
    _add_generated(commands)
    against.add_commands(commands)
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    if given.question == "stories":
        stories.run(RESULTS, given.time_limit, given.workers)
    elif given.question == "public":
        public.run(RESULTS, given.folder, given.time_limit, given.workers)
    elif given.question == "outside":
        outside.run(RESULTS, given.folder, given.time_limit, given.workers, given.only)
    elif given.question == "shop":
        shop.run(RESULTS, given.orders, given.time_limit, given.workers, given.seeds)
    elif given.question == "money":
        money.run(RESULTS, given.operations, given.time_limit, given.workers, given.seeds, given.prototypes)
    elif given.question == "plain":
        plain.run(RESULTS, given.jobs, given.resources, given.length, given.time_limit, given.workers, given.seeds)
    elif given.question == "parts":
        parts.run(RESULTS, given.operations, given.time_limit, given.workers, given.seeds)
    elif given.question in against.QUESTIONS:
        against.answer(given, RESULTS)
    elif given.question == "replan":
        shop.moving(RESULTS, given.orders, given.time_limit, given.workers)
    else:
        scale.run(RESULTS, given.orders, given.repeat)


def _add_generated(commands: Any) -> None:
    cost = commands.add_parser("money", help="generated factories of 300 to 10,000 operations for the money objective")
    cost.add_argument("--operations", type=int, nargs="+", default=[300, 1000, 5000, 10000])
    cost.add_argument("--prototypes", default="", help="folder of the prototypes, for a comparison on their factories")
    wide = commands.add_parser("plain", help="a plain flexible job shop of 100,000 operations for the makespan")
    wide.add_argument("--jobs", type=int, nargs="+", default=[1000])
    wide.add_argument("--resources", type=int, default=1000)
    wide.add_argument("--length", type=int, default=100, help="operations of a job")
    pieces = commands.add_parser("parts", help="large generated factories annealed in parts, or by independent runs")
    pieces.add_argument("--operations", type=int, nargs="+", default=[10000, 40000])
    for parser, seconds, workers in ((cost, 60.0, 1), (wide, 300.0, 2), (pieces, 60.0, 2)):
        parser.add_argument("--time-limit", type=float, default=seconds)
        parser.add_argument("--workers", type=int, default=workers)
        parser.add_argument("--seeds", type=int, default=1, help="how many, from 1")


if __name__ == "__main__":
    main()
