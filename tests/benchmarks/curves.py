"""The picture of `docs/explanation/performance.md`: time for one message against the number of rules, as SVG."""

from __future__ import annotations

import math
from html import escape
from typing import Any, NamedTuple

from scaling import EVALUATE, JUDGE, STRAIGHT

_WIDTH, _HEIGHT = 880, 540
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 620, 84, 464
_INK, _PALE, _PAPER, _LINES = "#1f2933", "#52606d", "#ffffff", "#e4e7eb"
#: A label is two lines high.
_STEP = 38
_OURS = {EVALUATE: "#0b63b0", JUDGE: "#c2410c", STRAIGHT: "#1f2933"}
_OTHERS = ("#0f7b5f", "#9b2c86", "#8a6100")


class _Curve(NamedTuple):
    name: str
    colour: str
    dashes: str
    points: list[tuple[int, float]]


def picture(results: dict[str, Any]) -> str:
    """The whole file, with a background of its own: it reads the same on light and dark pages."""
    curves = _curves(results["scaling"])
    sizes = sorted({x for one in curves for x, _ in one.points})
    values = [y for one in curves for _, y in one.points]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def across(number: float) -> float:
        first, last = math.log10(sizes[0]), math.log10(sizes[-1])
        return _LEFT + 16 + (math.log10(number) - first) / (last - first) * (_RIGHT - _LEFT - 32)

    def down(value: float) -> float:
        return _BOTTOM - (math.log10(value) - low) / (high - low) * (_BOTTOM - _TOP)

    said = [
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="8" fill="{_PAPER}" stroke="{_LINES}"/>',
        _text(24, 36, "Time for one message, by number of rules", size=18, weight="bold"),
        _text(24, 58, "Mixed rules on attributes, lists of words and patterns; one core; both axes are logarithmic",
              colour=_PALE),
    ]  # fmt: skip
    for power in range(low, high + 1):
        y = down(10.0**power)
        said += [_line(_LEFT, y, _RIGHT, y, _LINES), _text(_LEFT - 10, y + 4, _time(10.0**power), anchor="end")]
    for number in sizes:
        x = across(number)
        said += [_line(x, _TOP, x, _BOTTOM, _LINES), _text(x, _BOTTOM + 22, f"{number:,}", anchor="middle")]
    middle = (_TOP + _BOTTOM) / 2
    said += [
        _line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, _PALE),
        _line(_LEFT, _TOP, _LEFT, _BOTTOM, _PALE),
        _text((_LEFT + _RIGHT) / 2, _BOTTOM + 50, "rules in the rulebook (number)", anchor="middle", colour=_PALE),
        f'<g transform="rotate(-90 21 {middle:.1f})">'
        + _text(21, middle, "processor time for one message (mean; µs, ms, s)", anchor="middle", colour=_PALE)
        + "</g>",
    ]
    ends = sorted((down(one.points[-1][1]), at) for at, one in enumerate(curves))
    places = _apart([y for y, _ in ends])
    for place, (y, at) in zip(places, ends, strict=True):
        said += _drawn(curves[at], place, y, across, down)
    body = "\n".join(f"  {one}" for one in said)
    names = ", ".join(one.name for one in curves)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
        ' role="img" font-family="system-ui, \'DejaVu Sans\', Arial, sans-serif">\n'
        f"  <title>Time for one message, by number of rules: {escape(names)}</title>\n{body}\n</svg>\n"
    )


def _curves(rows: list[dict[str, Any]]) -> list[_Curve]:
    """Ours, and of the others the three that are quickest at the most rules that all of them were measured with."""
    found: dict[str, list[tuple[int, float]]] = {}
    for one in rows:
        if one["kind"] == "mixed" and "mean" in one:
            found.setdefault(one["name"], []).append((one["rules"], one["mean"]))
    curves = [
        _Curve(name, colour, "7 5" if name == STRAIGHT else "", found[name])
        for name, colour in _OURS.items()
        if name in found
    ]
    others = {name: points for name, points in found.items() if name not in _OURS and "communityrules" not in name}
    others = {name: points for name, points in others.items() if not name.startswith("…") and len(points) > 1}
    if others:
        size = max(set.intersection(*({x for x, _ in points} for points in others.values())))
        best = sorted(others, key=lambda name: dict(others[name])[size])
        curves += [_Curve(name, colour, "2 4", others[name]) for name, colour in zip(best, _OTHERS, strict=False)]
    return curves


def _apart(wanted: list[float]) -> list[float]:
    """Places for labels, in order, as near as may be to where they are wanted and never over each other."""
    places: list[float] = []
    for y in wanted:
        places.append(max(y, places[-1] + _STEP) if places else y)
    lowest = _BOTTOM
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], lowest)
        lowest = places[at] - _STEP
    return places


def _drawn(curve: _Curve, place: float, end: float, across: Any, down: Any) -> list[str]:
    dots = [(across(x), down(y)) for x, y in curve.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    dashed = f' stroke-dasharray="{curve.dashes}"' if curve.dashes else ""
    first, last = (_time(one[1]) for one in (curve.points[0], curve.points[-1]))
    rules = f"{first} at {curve.points[0][0]:,} rules, {last} at {curve.points[-1][0]:,}"
    return [
        f'<polyline points="{path}" fill="none" stroke="{curve.colour}" stroke-width="2.5"{dashed}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{curve.colour}"/>' for x, y in dots),
        _line(dots[-1][0] + 6, end, _RIGHT + 10, place, curve.colour, "0.8"),
        _text(_RIGHT + 14, place - 1, curve.name, size=13, colour=curve.colour, weight="bold"),
        _text(_RIGHT + 14, place + 14, rules, size=11, colour=_PALE),
    ]


def _time(microseconds: float) -> str:
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if microseconds >= size:
            return f"{_short(microseconds / size)} {unit}"
    return f"{_short(microseconds)} µs"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _line(x: float, y: float, x2: float, y2: float, colour: str, width: str = "1") -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _text(
    x: float, y: float, said: str, *, size: int = 13, anchor: str = "start", colour: str = _INK, weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
        f' font-weight="{weight}">{escape(said)}</text>'
    )
