"""A workflow drawn: as a Mermaid diagram, or as an SVG picture that stands alone."""

import textwrap
from collections.abc import Iterator
from xml.sax.saxutils import escape

from ..domain.workflow import START, Workflow
from .layout import BOX, LINE, Arrow, Box, Picture, lay_out
from .moves import Moves

_PHASES = {
    "preadmission": "Préadmission", "entree": "Entrée", "sejour": "Séjour", "duree": "Durée", "cloture": "Clôture",
}  # fmt: skip
_COLOURS = {"next": "#1f5f99", "same": "#1f5f99", "over": "#5a6b7b", "back": "#a3581a"}
_MERMAID_WORDS = frozenset(
    {"state", "note", "end", "direction", "class", "click", "style", "default", "hide", "as"}
)
_FONT = "font-family='DejaVu Sans, Liberation Sans, Arial, sans-serif'"


def phase_label(phase: str) -> str:
    """Write the name of a phase for people."""
    return _PHASES.get(phase, phase.replace("_", " ").capitalize())


# -- Mermaid


def mermaid(workflow: Workflow) -> str:
    """Draw a workflow as a Mermaid state diagram: phases as composite states, acts as labelled arrows."""
    return (
        "\n".join(
            ["stateDiagram-v2", "    direction LR", *_mermaid_states(workflow), *_mermaid_moves(workflow)]
        )
        + "\n"
    )


def _mermaid_states(workflow: Workflow) -> Iterator[str]:
    for phase in dict.fromkeys(state.phase for state in workflow.states.values()):
        yield f'    state "{_mermaid_text(phase_label(phase))}" as etape_{phase} {{'
        for name, state in workflow.states.items():
            if state.phase == phase:
                yield f'        state "{_mermaid_text(state.label)}" as {_mermaid_id(name)}'
        yield "    }"


def _mermaid_moves(workflow: Workflow) -> Iterator[str]:
    moves = Moves(workflow)
    labels: dict[tuple[str, str], list[str]] = {}
    for name, action in workflow.actions.items():
        for source in action.sources:
            for target in sorted(moves.targets(name)):
                labels.setdefault((source, target), []).append(_mermaid_text(action.label))
    for (source, target), acts in labels.items():
        start = "[*]" if source == START else _mermaid_id(source)
        yield f"    {start} --> {_mermaid_id(target)} : {', '.join(acts)}"
    for name, state in workflow.states.items():
        if state.terminal:
            yield f"    {_mermaid_id(name)} --> [*]"


def _mermaid_id(name: str) -> str:
    """Give a state a name that is not one of Mermaid's own words."""
    return f"{name}_" if name in _MERMAID_WORDS else name


def _mermaid_text(text: str) -> str:
    """Write what Mermaid would read as its own marks by their numbers."""
    plain = " ".join(text.split())
    return "".join(f"#{ord(char)};" if char in '"#;:<>{}[]`' else char for char in plain)


# -- SVG


def svg(workflow: Workflow) -> str:
    """Draw a workflow as an SVG picture: a column for each phase, ends in a double frame, other acts listed below."""
    picture = lay_out(workflow)
    listed = [line for text in picture.listed for line in _hanging(text, picture.width)]
    height = picture.height + 44 + 17 * len(listed)
    width = max(picture.width, 480)
    title = f"{workflow.title} ({workflow.workflow}, version {workflow.version})"
    parts = [
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' width='{width:.0f}'"
            f" height='{height:.0f}' role='img' {_FONT}>"
        ),
        f"<title>{escape(title)}</title>",
        _markers(),
        "<rect width='100%' height='100%' fill='#ffffff'/>",
        *_phases(picture),
        *(part for arrow in picture.arrows for part in _line(arrow)),
        *(part for box in picture.boxes for part in _box(box)),
        *(part for arrow in picture.arrows for part in _words(arrow)),
        *_list(picture, listed),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _hanging(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, max(60, int(width / 7)), subsequent_indent="\u2003\u2003")


def _markers() -> str:
    return "<defs>" + "".join(
        f"<marker id='{way}' viewBox='0 0 8 8' refX='7.5' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0,0 L8,4 L0,8 z' fill='{colour}'/></marker>"
        for way, colour in _COLOURS.items()
    ) + "</defs>"  # fmt: skip


def _phases(picture: Picture) -> Iterator[str]:
    for phase, x in picture.phases:
        yield (
            f"<rect x='{x - 7:.1f}' y='6' width='{BOX + 14}' height='{picture.height - 12:.1f}' rx='8'"
            " fill='#f3f6f9'/>"
        )
        yield _text(x + BOX / 2, 26, phase_label(phase), "13", "#33475b", anchor="middle", weight="bold")
    for arrow in picture.arrows:
        if arrow.source.name == START:
            x, y = arrow.points[0]
            yield f"<circle cx='{x - 5:.1f}' cy='{y:.1f}' r='5' fill='#222222'/>"


def _line(arrow: Arrow) -> Iterator[str]:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in arrow.points)
    dashes = " stroke-dasharray='5 3'" if arrow.way == "back" else ""
    for colour, width, marker in (
        ("#ffffff", "4", ""),
        (_COLOURS[arrow.way], "1.3", f" marker-end='url(#{arrow.way})'"),
    ):
        yield (
            f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='{width}'"
            f" stroke-linejoin='round'{dashes if marker else ''}{marker}/>"
        )


def _words(arrow: Arrow) -> Iterator[str]:
    x, y = arrow.label_at
    top = y - 4 - LINE * (len(arrow.lines) - 1)
    for index, line in enumerate(arrow.lines):
        yield _text(x, top + LINE * index, line, "10.5", _COLOURS[arrow.way], halo=True)


def _box(box: Box) -> Iterator[str]:
    frame = f"x='{box.x:.1f}' y='{box.y:.1f}' width='{BOX}' height='{box.height:.1f}' rx='9'"
    yield f"<rect {frame} fill='{'#eceff2' if box.terminal else '#ffffff'}' stroke='#33475b' stroke-width='1.4'/>"
    if box.terminal:
        yield (
            f"<rect x='{box.x + 3.5:.1f}' y='{box.y + 3.5:.1f}' width='{BOX - 7}' height='{box.height - 7:.1f}' rx='6'"
            " fill='none' stroke='#33475b' stroke-width='1'/>"
        )
    middle = box.x + BOX / 2
    y = box.y + (box.height - 15 * len(box.title) - 12 * len(box.under)) / 2 + 11
    for line in box.title:
        yield _text(middle, y, line, "12", "#111111", anchor="middle", weight="bold")
        y += 15
    for line in box.under:
        yield _text(middle, y - 1, line, "9.5", "#5a6b7b", anchor="middle")
        y += 12


def _list(picture: Picture, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    y = picture.height + 18
    yield _text(14, y, "Actes possibles depuis plusieurs états", "12", "#33475b", weight="bold")
    for index, line in enumerate(lines):
        yield _text(14, y + 18 + 17 * index, line, "11.5", "#222222")


def _text(
    x: float,
    y: float,
    text: str,
    size: str,
    fill: str,
    *,
    anchor: str = "start",
    weight: str = "",
    halo: bool = False,
) -> str:
    bold = f" font-weight='{weight}'" if weight else ""
    around = " stroke='#ffffff' stroke-width='3' paint-order='stroke' stroke-linejoin='round'" if halo else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{fill}' text-anchor='{anchor}'{bold}{around}>"
        f"{escape(text)}</text>"
    )
