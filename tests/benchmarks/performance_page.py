"""The words and tables of `docs/explanation/performance.md`, made from measured figures."""

# ruff: noqa: E501  # its lines are those of a page

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from peers import PEERS
from scaling import EVALUATE, JUDGE, STRAIGHT

_ABOUT = {
    "attributes": "Comparisons of the member's rank, days and links, the channel, the hour, the length: two to four a rule.",
    "words": "A list of twenty words a rule, half Chinese and half Latin, looked for anywhere in the text.",
    "patterns": "One regular expression a rule, of eight kinds: addresses, telephone numbers, ids behind a word, repeated"
    " characters.",
    "mixed": "Of ten rules four ask attributes, four look for a list of twenty words (two of these ask attributes too), two"
    " fit a pattern (one asks attributes too).",
    "stateful": "The mixed rules and two windows, from a dictionary to a decision, beside straight-line Python that only matches.",
}
_PROCESSES = {
    "python -c pass": "Python that does nothing",
    "import communityrules": "`import communityrules`",
    "check": "`communityrules check` of a small rulebook",
}
_HEAD = """# Performance

<!-- Made by `python tests/benchmarks/performance.py`. Do not edit: measure again, or change tests/benchmarks/performance_page.py. -->

The cost of a message follows what the message touches and not how many rules there are. This page shows how far that holds,
beside Python that somebody would write or generate, and beside other engines. [How it works](how-it-works.md) tells what happens to a
message, and [an index of guards](../decisions/0023-an-index-of-guards.md) why most rules are never asked.

![Time for one message against the number of rules, both axes logarithmic](performance.svg)
"""
_METHOD = """
## How it is measured

One command runs everything on one core, one measurement after another, each in a process of its own:

```sh
python tests/benchmarks/performance.py --peers
```

- **Work.** Rules and 6,000 messages from fixed seeds, the same on every machine: Chinese and English mixed, 5 to 200 characters,
  plain text without disguise; about one in thirty holds something that a rule may look for.
- **Straight-line Python** is one generated function with an `if` for each rule, regular expressions compiled beforehand. It is the
  measure of everything else: times differ from machine to machine, ratios much less.
- **Other engines** get the same rules in their own language, each in the quickest form that its documentation shows, and the same
  dictionaries; what they need in another form is made within the time measured. Engines that cannot say a kind of rule are left
  out of it, and so is one that was not done after 20 seconds of processor time, building included.
- **The same answers.** Before anything is timed, the first 300 messages must match the same rules everywhere (of slow engines fewer
  are compared, at least three). What gives other rules has no figures here.
- **Seeing through disguise.** The lists look for words as they stand, anywhere, because that is what the others can do. The line that sees through
  disguise has them as a rulebook does if it says no more than `anywhere`: they must find all that the others find, and find more.
- **Times** are microseconds of processor time for one message, the best of three rounds. p50 and p99 are of single calls; they are told
  where there were at least a hundred of them. Of engines that take a large part of a second for a message three are measured once.
- **`Engine.judge`** starts from a dictionary as a host sends it and ends with a whole decision: the event is read and checked, two windows
  are kept and asked (messages of a member today, and the same words within ten minutes), state is committed in memory. Straight-line
  Python does none of that: it only matches.
"""


class Goal(NamedTuple):
    said: str
    #: What was measured, or "" when it was not.
    measured: str
    reached: bool


def page(results: dict[str, Any]) -> str:
    """The whole page."""
    parts = [_HEAD, *_summary(results), _METHOD, *_machine(results), *_scaling(results["scaling"])]
    parts += [*_windows(results), *_loading(results), _goals(list(goals(results)))]
    return "\n".join(one.strip("\n") + "\n" for one in parts)


# --- the figures ---------------------------------------------------------------------------------------------


def _figure(rows: list[dict[str, Any]], kind: str, number: int, name: str, which: str = "mean") -> float:
    """A figure, or 0 when it was not measured."""
    for one in rows:
        if (one["kind"], one["rules"], one["name"]) == (kind, number, name):
            return float(one.get(which, 0.0))
    return 0.0


def _ratio(one: float, other: float) -> float:
    return one / other if one and other else 0.0


def _best_peer(rows: list[dict[str, Any]], kind: str, number: int) -> tuple[float, str]:
    found = [(_figure(rows, kind, number, name), name) for name in PEERS]
    return min((one for one in found if one[0]), default=(0.0, ""))


def goals(results: dict[str, Any]) -> Iterator[Goal]:
    """What the project sets out to reach, beside what was measured."""
    rows = results["scaling"]

    def at_least(said: str, found: float, least: float, unit: str) -> Goal:
        return Goal(
            said, f"{found:,.0f}{unit}" if found >= 10 else f"{found:.1f}{unit}" if found else "", found >= least
        )

    def at_most(said: str, found: float, most: float, unit: str) -> Goal:
        return Goal(said, f"{_short(found)}{unit}" if found else "", found <= most)

    def mixed(number: int, name: str, which: str = "mean") -> float:
        return _figure(rows, "mixed", number, name, which)

    straight, evaluate, judge = (mixed(1_000, name) for name in (STRAIGHT, EVALUATE, JUDGE))
    yield at_least(
        "matching, 1,000 mixed rules: at least 100 × straight-line Python", _ratio(straight, evaluate), 100, " ×"
    )
    zen, ours = (_figure(rows, "attributes", 1_000, name) for name in ("zen-engine", EVALUATE))
    yield at_least("matching, 1,000 attribute rules: at least 40 × zen-engine", _ratio(zen, ours), 40, " ×")
    kinds = list(dict.fromkeys(one["kind"] for one in rows))
    beside = [(kind, *_best_peer(rows, kind, 1_000), _figure(rows, kind, 1_000, EVALUATE)) for kind in kinds]
    beside = [one for one in beside if one[1]]
    yield Goal(
        "matching, 1,000 rules: ahead of every other engine on every kind that it can do",
        "; ".join(f"{kind}: {_short(best / mine)} × {name}" for kind, best, name, mine in beside),
        all(best > mine for _, best, _, mine in beside),
    )
    yield at_least(
        "`Engine.judge` with two windows, 1,000 mixed rules: at least 40 × the bare matching of straight-line Python",
        _ratio(straight, judge), 40, " ×",
    )  # fmt: skip
    for name, what in ((EVALUATE, "matching"), (JUDGE, "`Engine.judge`")):
        for number, most in ((1_000, 1.5), (10_000, 3.5)):
            yield at_most(
                f"{what}, mixed: from 10 to {number:,} rules the mean grows by at most {most} ×",
                _ratio(mixed(number, name), mixed(10, name)), most, " ×",
            )  # fmt: skip
        yield at_most(
            f"{what}, 1,000 mixed rules: p99 at most 8 × p50",
            _ratio(mixed(1_000, name, "p99"), mixed(1_000, name, "p50")), 8, " ×",
        )  # fmt: skip
    yield at_least(
        "two windows over 10,000 members: at least 1,000,000 updates a second", 1e6 / results["windows"]["windows"],
        1e6, "",
    )  # fmt: skip
    for store, least in (("memory", 60_000), ("sqlite clock", 15_000)):
        where = "in memory" if store == "memory" else "on SQLite, sanctions durable"
        yield at_least(
            f"`communityrules judge`, 1,000 rules, {where}: at least {least:,} events a second",
            1e6 / results["judge"][store], least, "",
        )  # fmt: skip
    for number, which, most, said in (
        ("1000", "cold", 0.5, "load 1,000 rules cold"), ("10000", "cold", 5, "load 10,000 rules cold"),
        ("10000", "the same again", 0.6, "load 10,000 rules that are held already"),
        ("10000", "kept in a folder", 0.6, "load 10,000 rules that were kept in a folder"),
        ("10000", "of that, checking", 0.03, "check 10,000 rules again of which one has changed"),
        ("10000", "swap", 0.5, "swap them in"),
    ):  # fmt: skip
        found = results["loading"].get(number, {}).get(which, 0.0)
        yield at_most(f"{said}: at most {1000 * most:,.0f} ms", 1000 * found, 1000 * most, " ms")
    grown = results["loading"].get("10000", {}).get("grown", 0.0)
    yield at_most("growth of the process by 10,000 mixed rules: under 60 MB", grown, 60, " MB")
    for which, most in (("import communityrules", 150), ("check", 400)):
        yield at_most(
            f"{_PROCESSES[which]}, a whole process: under {most} ms", 1000 * results["processes"][which], most, " ms"
        )


# --- the parts -----------------------------------------------------------------------------------------------


def _summary(results: dict[str, Any]) -> Iterator[str]:
    rows = results["scaling"]
    sizes = _sizes(rows)
    most = sizes[-1]
    evaluate = [_figure(rows, "mixed", number, EVALUATE) for number in sizes]
    straight = [_figure(rows, "mixed", number, STRAIGHT) for number in sizes]
    yield (
        f"\nWith {sizes[0]:,} mixed rules straight-line Python takes {_short(straight[0])} µs for one message and"
        f" `communityrules` {_short(evaluate[0])} µs to match it;\nwith {most:,} rules it is {_short(straight[-1])} µs"
        f" beside {_short(evaluate[-1])} µs. With few rules there is little to leave out, and straight-line code is as quick or quicker.\n"
    )
    if results["quick"]:
        yield "\n**These figures are of a quick trial run and show only that everything runs.**\n"


def _machine(results: dict[str, Any]) -> Iterator[str]:
    one = results["machine"]
    least, most = one["loop"]
    date = f", {results['date']}" if results.get("date") else ""
    speed = f", {one['mhz']:,} MHz" if one["mhz"] else ""
    versions = ", ".join(f"{name} {said}" for name, said in one["versions"].items() if said)
    missing = [name for name, said in one["versions"].items() if not said]
    yield f"\n## The machine\n\n{one['cpu']}{speed}, {one['cores']} cores of which one is used; {one['system']}; {one['python']}{date}.\n"
    yield (
        f"\nOne turn of `for one in range(n): total += one` takes {least:g} to {most:g} ns of processor time, told again between the"
        " measurements:\nthe nearer the two, the quieter the machine was.\n"
    )
    absent = f" Not installed: {', '.join(missing)}." if missing else ""
    yield f"\nInstalled: {versions}.{absent}\n"
    kernel = "in use" if one["kernel"] else "not in use, so that all is done in Python"
    yield f"\nThe [kernel](../decisions/0027-an-optional-kernel-in-c.md), which a C compiler builds along with the package, was {kernel}.\n"


def _scaling(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "\n## By number of rules\n\nMicroseconds for one message; the last columns are of 1,000 rules.\n"
    for kind in dict.fromkeys(one["kind"] for one in rows):
        names = dict.fromkeys(one["name"] for one in rows if one["kind"] == kind)
        yield f"\n### {kind.capitalize()}\n\n{_ABOUT[kind]}\n"
        yield _measured(rows, kind, [name for name in names if name != JUDGE])
        left = dict.fromkeys(_left_out(one, rows) for one in rows if one["kind"] == kind and "mean" not in one)
        if left:
            yield f"\nWithout figures: {'; '.join(left)}.\n"
        if JUDGE in names:
            yield f"\n### Stateful\n\n{_ABOUT['stateful']}\n"
            yield _measured(rows, kind, [STRAIGHT, JUDGE])


def _measured(rows: list[dict[str, Any]], kind: str, names: list[str]) -> str:
    """A table of those that have any figure."""
    sizes = _sizes(rows)
    return "\n" + _table(
        ["", *(f"{number:,} rules" for number in sizes), "p50", "p99", "× Python"],
        [_line(rows, kind, name, sizes) for name in names if any(_figure(rows, kind, n, name) for n in sizes)],
    )


def _left_out(one: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """An engine without figures, where it has some with how many rules, and why."""
    some = any("mean" in other for other in rows if (other["kind"], other["name"]) == (one["kind"], one["name"]))
    where = f" with {one['rules']:,} rules" if some else ""
    return f"{one['name']}{where} ({one['why']})"


def _line(rows: list[dict[str, Any]], kind: str, name: str, sizes: list[int]) -> list[str]:
    enough = _figure(rows, kind, 1_000, name, "calls") >= 100
    times = _ratio(_figure(rows, kind, 1_000, STRAIGHT), _figure(rows, kind, 1_000, name))
    return [
        f"**{name}**" if name in (EVALUATE, JUDGE) else name,
        *(_cell(_figure(rows, kind, number, name)) for number in sizes),
        *(_cell(_figure(rows, kind, 1_000, name, which) if enough else 0) for which in ("p50", "p99")),
        f"{times:,.0f}" if times >= 10 else f"{times:.2g}" if times else "–",
    ]


def _windows(results: dict[str, Any]) -> Iterator[str]:
    each = results["windows"]
    judge = results["judge"]
    yield (
        "\n## Windows\n\nOne update is a message that is fed to two windows, over 10,000 members, and both are asked for it. By hand:"
        " two dictionaries of\ndeques in Python that find the same. The engine judges the same messages by the two rules, and by a rule"
        " without a window instead.\n"
    )
    kinds = (("by hand", "by hand, in Python"), ("windows", "windows"), ("engine with", "`Engine.run`, two windows"),
             ("engine without", "`Engine.run`, no window"))  # fmt: skip
    yield "\n" + _table(
        ["", "µs a message", "messages a second"],
        [[said, _cell(each[kind]), f"{1e6 / each[kind]:,.0f}"] for kind, said in kinds],
    )
    yield (
        "\n## From JSON Lines to decisions\n\n`communityrules judge` as a whole process, 1,000 mixed rules and two windows, without what starting"
        " and loading take.\nOne rule in ten mutes. On SQLite a sanction is on the disk before its decision is written; waiting for the disk counts by the"
        " clock only.\nBeside it: the same lines in and out through Python's own `json`.\n"
    )
    kinds = (("json", "`json` in and out"), ("memory", "`judge`, in memory"), ("sqlite", "`judge`, on SQLite"),
             ("sqlite clock", "`judge`, on SQLite, by the clock"))  # fmt: skip
    yield "\n" + _table(
        ["", "µs an event", "events a second"],
        [[said, _cell(judge[kind]), f"{1e6 / judge[kind]:,.0f}"] for kind, said in kinds],
    )


def _loading(results: dict[str, Any]) -> Iterator[str]:
    loaded, processes = results["loading"], results["processes"]
    yield (
        "\n## Loading\n\nFrom text to evaluator, mixed rules, milliseconds of processor time. Beside it: Python's own compiler on straight-line"
        " code.\nGrowth is that of the whole process when the syntax tree is let go.\n"
    )
    kinds = (("straight", "straight-line Python"), ("cold", "cold"), ("the same again", "again while it is held"),
             ("kept in a folder", "again, kept in a folder"),
             ("one rule changed", "again with one rule changed"), ("of that, checking", "of that, checking"), ("swap", "swapped into an engine"))  # fmt: skip
    lines = [
        [said, *(_cell(1000 * one[kind]) for one in loaded.values())]
        for kind, said in kinds
        if all(kind in one for one in loaded.values())
    ]
    lines.append(["growth, MB", *(f"{one['grown']:.0f}" for one in loaded.values())])
    yield "\n" + _table(["", *(f"{int(number):,} rules" for number in loaded)], lines)
    yield "\nWhole processes, milliseconds, the best of several:\n"
    yield "\n" + _table(
        ["", "ms"],
        [[_PROCESSES[one], f"{1000 * seconds:.0f}"] for one, seconds in processes.items()],
    )


def _goals(known: list[Goal]) -> str:
    lines = [[one.said, one.measured or "not measured", _answer(one)] for one in known]
    missed = [one.said for one in known if one.measured and not one.reached]
    text = "\n## Goals\n\nWhat the project sets out to reach, and what this run shows.\n\n"
    text += _table(["goal", "measured", "reached"], lines)
    if missed:
        text += "\nNot reached in this run:\n\n" + "".join(f"- {one}\n" for one in missed)
    else:
        text += "\nAll that was measured is reached.\n"
    return text + (
        "\nNot of this page, as it is not a matter of time: that memory stays flat over millions of events (`tests/soak/flat_memory.py`),"
        " that\nreloading under load drops no event (`tests/engine/test_reloads.py`), and that all decisions are those of the evaluator"
        " without an index\nand of the plain interpreter (`tests/oracle`).\n"
    )


def _answer(one: Goal) -> str:
    return ("yes" if one.reached else "**no**") if one.measured else "–"


# --- form ----------------------------------------------------------------------------------------------------


def _sizes(rows: list[dict[str, Any]]) -> list[int]:
    return sorted({one["rules"] for one in rows})


def _table(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---", *["---:"] * (len(head) - 1)], *lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _cell(value: float) -> str:
    return _short(value) if value else "–"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
