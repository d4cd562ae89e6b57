"""Where the picture of a workflow puts its states and its acts: a column for each phase, arrows at right angles.

Acts that leave many states are not drawn but listed, so that the picture can be read. Lengths are pixels.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..domain.workflow import START, Workflow
from .moves import Moves

BOX = 150
LABELS = 138
PITCH = 9
LINE = 13
PAD = 10
HEAD = 46
GAP = 26
MOST_DRAWN = 3
"""An act with more pairs of states than this is listed under the picture."""

Point = tuple[float, float]


@dataclass(slots=True)
class Box:
    """One state: its column, its lines of text, its place, and the arrows that leave and reach it."""

    name: str
    column: int
    title: list[str]
    under: list[str]
    terminal: bool = False
    x: float = 0
    y: float = 0
    height: float = 0
    outs: list["Arrow"] = field(default_factory=list)
    from_left: list["Arrow"] = field(default_factory=list)
    from_right: list["Arrow"] = field(default_factory=list)


@dataclass(slots=True)
class Arrow:
    """The acts that lead from one state to another: their words, and the way the line goes."""

    source: Box
    target: Box
    lines: list[str]
    points: list[Point] = field(default_factory=list)
    label_at: Point = (0, 0)

    @property
    def way(self) -> str:
        """Say how the line goes: to the next column, within one, over several, or back."""
        step = self.target.column - self.source.column
        return {0: "same", 1: "next"}.get(step, "over" if step > 0 else "back")

    @property
    def height(self) -> float:
        """Give the room that its words take on the side of the box."""
        return max(1, len(self.lines)) * LINE + 6


@dataclass(slots=True)
class Picture:
    """Everything placed."""

    phases: list[tuple[str, float]]
    boxes: list[Box]
    arrows: list[Arrow]
    listed: list[str]
    width: float
    height: float


class _Gutters:
    """The spaces between columns: each holds words on its left, then the vertical lines side by side."""

    def __init__(self, count: int) -> None:
        self.tracks = [0] * count
        self.words = [False] * count
        self.lefts: list[float] = [0] * count

    def track(self, gutter: int) -> int:
        """Take one more vertical line."""
        self.tracks[gutter] += 1
        return self.tracks[gutter] - 1

    def width(self, gutter: int) -> float:
        """Give the width of a gutter."""
        return (LABELS if self.words[gutter] else 14) + self.tracks[gutter] * PITCH + 22

    def x(self, gutter: int, track: int) -> float:
        """Give the place of a vertical line."""
        return self.lefts[gutter] + (LABELS if self.words[gutter] else 14) + track * PITCH


def lay_out(workflow: Workflow) -> Picture:
    """Place the states and the acts of a workflow."""
    columns = list(dict.fromkeys(state.phase for state in workflow.states.values()))
    boxes = {START: Box(START, -1, [], [])} | {
        name: Box(name, columns.index(state.phase), _wrapped(state.label, 20), _turn(workflow, name), state.terminal)
        for name, state in workflow.states.items()
    }  # fmt: skip
    drawn, listed = _acts(workflow)
    arrows = [Arrow(boxes[source], boxes[target], _lines(acts)) for (source, target), acts in drawn.items()]
    for arrow in sorted(arrows, key=lambda one: (one.target.column, list(boxes).index(one.target.name))):
        arrow.source.outs.append(arrow)
        (arrow.target.from_right if arrow.way == "same" else arrow.target.from_left).append(arrow)
    return _placed(columns, list(boxes.values()), arrows, listed)


def _acts(workflow: Workflow) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    """Tell the acts to draw, by pair of states, from those to list."""
    moves = Moves(workflow)
    drawn: dict[tuple[str, str], list[str]] = {}
    listed: list[str] = []
    for name, action in workflow.actions.items():
        targets = sorted(moves.targets(name)) if action.sources else []
        pairs = [(source, target) for source in action.sources for target in targets]
        if 0 < len(pairs) <= MOST_DRAWN:
            for pair in pairs:
                drawn.setdefault(pair, []).append(action.label)
        elif pairs:
            sources = ", ".join(_label(workflow, source) for source in action.sources)
            target = "l’état précédent" if len(targets) > 1 else _label(workflow, targets[0])
            listed.append(f"{action.label} → {target}. Depuis : {sources}.")
    return drawn, listed


def _lines(acts: list[str]) -> list[str]:
    """Write the acts of one arrow, told apart by a dash where there are several."""
    if len(acts) == 1:
        return _wrapped(acts[0], 24)
    return [line for act in acts for line in _wrapped(f"– {act}", 24)]


def _label(workflow: Workflow, name: str) -> str:
    return workflow.states[name].label if name in workflow.states else "l’ouverture"


def _turn(workflow: Workflow, name: str) -> list[str]:
    labels = [workflow.roles[role].label for role in workflow.states[name].turn if role in workflow.roles]
    return _wrapped(", ".join(labels), 28)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) if text else []


# -- places


def _placed(columns: list[str], boxes: list[Box], arrows: list[Arrow], listed: list[str]) -> Picture:
    gutters = _Gutters(len(columns) + 1)
    for box in boxes:
        box.height = max(_text_height(box), _right_height(box), len(box.from_left) * PITCH + 2 * PAD)
        gutters.words[box.column + 1] |= bool(box.outs)
    over = [arrow for arrow in arrows if arrow.way == "over"]
    back = [arrow for arrow in arrows if arrow.way == "back"]
    top = HEAD + len(over) * PITCH + GAP
    bottom = _stack(columns, boxes, top)
    tracks = {id(arrow): _tracks(arrow, gutters) for arrow in arrows}
    xs = _columns(gutters, len(columns))
    for box in boxes:
        box.x = xs[box.column] if box.column >= 0 else 8
    for arrow in arrows:
        lane = HEAD + PITCH * over.index(arrow) + 8 if arrow.way == "over" else bottom + PITCH * (
            back.index(arrow) + 1 if arrow.way == "back" else 0
        )  # fmt: skip
        _route(arrow, [gutters.x(*track) for track in tracks[id(arrow)]], lane)
    phases = [(phase, xs[index]) for index, phase in enumerate(columns)]
    width = xs[-1] + BOX + gutters.width(len(columns)) if columns else 200
    return Picture(phases, boxes[1:], arrows, listed, width, bottom + len(back) * PITCH + GAP)


def _text_height(box: Box) -> float:
    return len(box.title) * 15 + len(box.under) * 12 + 2 * PAD


def _right_height(box: Box) -> float:
    return sum(arrow.height for arrow in box.outs) + len(box.from_right) * PITCH + 2 * PAD


def _stack(columns: list[str], boxes: list[Box], top: float) -> float:
    """Put the states of each phase under one another; give the place below them all."""
    bottom = top
    for column in range(-1, len(columns)):
        y = top
        for box in (one for one in boxes if one.column == column):
            box.y = y
            y += box.height + GAP
        bottom = max(bottom, y)
    return bottom


def _tracks(arrow: Arrow, gutters: _Gutters) -> list[tuple[int, int]]:
    """Take the vertical lines that an arrow needs: one after its source, another before its target if it is far."""
    first = arrow.source.column + 1
    taken = [(first, gutters.track(first))]
    if arrow.way in ("over", "back"):
        before = arrow.target.column
        taken.append((before, gutters.track(before)))
    return taken


def _columns(gutters: _Gutters, count: int) -> list[float]:
    xs: list[float] = []
    x = 8.0
    for gutter in range(count + 1):
        gutters.lefts[gutter] = x
        x += gutters.width(gutter)
        xs.append(x)
        x += BOX
    return xs[:-1] if count else []


def _route(arrow: Arrow, tracks: list[float], lane: float) -> None:
    """Draw the line: out on the right, along the gutters, in on the side of the target."""
    y = _out_y(arrow)
    start = arrow.source.x + (BOX if arrow.source.column >= 0 else 6)
    end = arrow.target.x + (BOX if arrow.way == "same" else 0)
    into = _in_y(arrow)
    arrow.label_at = (start + 6, y)
    bends: Iterable[Point] = [(tracks[0], y), (tracks[0], into)]
    if len(tracks) > 1:
        bends = [(tracks[0], y), (tracks[0], lane), (tracks[1], lane), (tracks[1], into)]
    arrow.points = [(start, y), *bends, (end, into)]


def _out_y(arrow: Arrow) -> float:
    if arrow.source.column < 0:
        return _in_y(arrow)
    before = _before(arrow, arrow.source.outs)
    return arrow.source.y + PAD + sum(one.height for one in before) + arrow.height - 5


def _in_y(arrow: Arrow) -> float:
    target = arrow.target
    if arrow.way == "same":
        used = sum(one.height for one in target.outs) + PAD
        return target.y + used + PITCH * len(list(_before(arrow, target.from_right))) + 4
    return target.y + PAD + PITCH * len(list(_before(arrow, target.from_left))) + 4


def _before(arrow: Arrow, arrows: list[Arrow]) -> Iterator[Arrow]:
    for one in arrows:
        if one is arrow:
            return
        yield one
