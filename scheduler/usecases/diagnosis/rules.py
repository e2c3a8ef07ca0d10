"""Rules between choices: which of them a configuration breaks, and what would keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.domain.catalog import Family

Wanted = str | tuple[str, ...]


def default_choices(family: Family) -> dict[str, str]:
    return {name: option.default for name, option in family.options.items()}


def broken_rules(family: Family, choices: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(option at fault, what is wrong, what would be right) of each broken rule. `choices`: one of every option."""
    for rule in family.rules:
        if not all(_holds(choices, o, w) for o, w in rule.when.items()):
            continue
        because = " with ".join(f"{o} '{choices.get(o)}'" for o in rule.when)
        reason = f" ({rule.reason})" if rule.reason else ""
        for option, wanted in rule.requires.items():
            if not _holds(choices, option, wanted):
                yield (option, f"{because} requires {option} {_words(wanted)}, not '{choices.get(option)}'{reason}",
                       f"choose {option} {_words(wanted)}")
        for option, wanted in rule.excludes.items():
            if _holds(choices, option, wanted):
                others = tuple(c for c in family.options[option].choices if not _is(c, wanted))
                yield (option, f"{because} excludes {option} '{choices.get(option)}'{reason}",
                       f"choose {option} {_words(others)}" if others else f"choose another {next(iter(rule.when))}")


def _is(choice: str | None, wanted: Wanted) -> bool:
    return choice == wanted if isinstance(wanted, str) else choice in wanted


def _holds(choices: Mapping[str, str], option: str, wanted: Wanted) -> bool:
    return _is(choices.get(option), wanted)


def _words(wanted: Wanted) -> str:
    return f"'{wanted}'" if isinstance(wanted, str) else " or ".join(f"'{w}'" for w in wanted)
