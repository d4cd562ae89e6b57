"""What the demonstration tells: the timeline of each house, how full it was, who waits for what, what left."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from .. import Engine, Event
from ..dates import long_date
from .demo import AWAY, Line, lines
from .demo_houses import BEDS, HOMES, NAMES, Home
from .demo_stories import FIRST_DAY, LAST_DAY
from .french import listed, plural, short_date

MARKS = {
    "armed": "+ {label} : pour le {due}",
    "resumed": "+ {label} : reprend, pour le {due}",
    "moved": "> {label} : du {before} au {due}",
    "met": "v {label} : tenu (c’était pour le {due})",
    "missed": "x {label} : date manquée (c’était pour le {due})",
    "void": "- {label} : sans objet",
    "suspended": "= {label} : suspendu (c’était pour le {due})",
    "running": "+ {label} : repris, pour le {due}",
}
BARS = " ▁▂▃▄▅▆▇█"
SHOWN_PENDING = 5
WATCHED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("claire", "coordinatrice", {"referent": "claire"}),
    ("henri", "directeur", {"establishment": BEDS, "role": "directeur_lhss"}),
    ("samir", "CESF", {"referent": "samir"}),
)


# -- the timeline


def timeline(engine: Engine, home: Home, *, everything: bool = False) -> Iterator[str]:
    """Tell a house day by day: what moved, what the clock did, what was missed; or every line."""
    day: date | None = None
    for line in lines(engine, home.id):
        told = list(_told(engine, line, everything=everything))
        if not told:
            continue
        if day != line.day:
            day = line.day
            yield ""
            yield long_date(day).capitalize()
        first, *rest = told
        yield f"  {line.case.number}  {first}"
        yield from (f"          {text}" for text in rest)


def _told(engine: Engine, line: Line, *, everything: bool) -> Iterator[str]:
    workflow, event = engine.workflows.get(line.case.workflow, line.case.version), line.event
    changes = [
        _change(workflow, change) for change in event.body.get("changes", ())
        if everything or change["change"] == "missed" or (event.target and change["change"] == "armed")
    ]  # fmt: skip
    if event.kind == "act" and event.action is not None and (everything or event.target or _by_clock(event)):
        target = f" → {workflow.states[event.target].label}" if event.target else ""
        yield f"{workflow.actions[event.action].label} ({_who(workflow, event)}){target}"
        yield from (f"! {text}" for text in event.body.get("warnings", ()))
    elif event.kind == "task":
        task = workflow.tasks[event.body["task"]].label
        due = short_date(date.fromisoformat(event.body["due_on"]))
        yield f"Tâche ouverte : {task}, pour le {due} ({_who(workflow, event)})"
    elif everything and event.kind == "document":
        yield f"Reçu : {workflow.documents[event.body['document']].label}"
    yield from changes


def _by_clock(event: Event) -> bool:
    return event.actor.startswith("echeance:")


def _who(workflow: Any, event: Event) -> str:
    if _by_clock(event):
        return f"automatique, règle : {workflow.deadlines[event.actor.partition(':')[2]].label}"
    name: str = NAMES.get(event.actor, event.actor)
    if event.on_behalf:
        return f"{name}, pour : {workflow.roles[event.on_behalf].label}"
    return name


def _change(workflow: Any, change: Any) -> str:
    known = workflow.tasks[change["task"]] if "task" in change else workflow.deadlines[change["deadline"]]
    due = short_date(date.fromisoformat(change["due_on"]))
    before = short_date(date.fromisoformat(change["from"])) if "from" in change else ""
    return MARKS[change["change"]].format(label=known.label, due=due, before=before)


# -- how full


def occupancy(engine: Engine, home: Home) -> Iterator[str]:
    """Draw how full a house was on the first of each month, by kind of place."""
    months = list(_months())
    for kind in dict.fromkeys(room.kind for room in home.rooms):
        counts = []
        for day in months:
            places = engine.places.occupancy(home.id, on=day, kind=kind).places
            counts.append((sum(place.case_id is not None for place in places), len(places)))
        bars = "".join(BARS[(len(BARS) - 1) * held // total] for held, total in counts)
        held, total = counts[-1]
        yield f"{kind.capitalize():<9} {bars}  {held} sur {total} le {short_date(months[-1])}"


def _months() -> Iterator[date]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    yield LAST_DAY


# -- who waits for what


def worklists(engine: Engine) -> Iterator[str]:
    """Tell what a coordinator, a director and a CESF see that day."""
    for person, title, asked in WATCHED:
        found = engine.deadlines.pending(**asked)
        pending = [item for item in found if item.kind in ("deadline", "task", "warning")]
        late = sum(item.bucket == "late" for item in pending)
        yield ""
        yield f"{NAMES[person]}, {title} : {plural(len(pending), 'ligne', 'lignes')}, dont {late} en retard"
        yield from (
            f"  {item.number}  {item.label}, pour le {short_date(item.day)}"
            for item in pending[:SHOWN_PENDING]
        )
        if len(pending) > SHOWN_PENDING:
            yield f"  … et {plural(len(pending) - SHOWN_PENDING, 'autre', 'autres')}."


# -- what left


def messages(engine: Engine) -> Iterator[str]:
    """Count what left from each house, and show the messages that went to who replaced someone."""
    sent = engine.notices.outbox(status=("sent",))
    paper = engine.notices.outbox(status=("paper",))
    yield (
        f"Messages : {plural(len(sent), 'courriel parti', 'courriels partis')}, "
        f"{plural(len(paper), 'message reste', 'messages restent')} à remettre sur papier."
    )
    for home in HOMES:
        left = engine.notices.outbox(establishment=home.id, status=("sent",))
        usual = listed(
            f"{name} ({number})" for name, number in Counter(one.template for one in left).most_common(3)
        )
        yield f"  {home.name} : {plural(len(left), 'courriel', 'courriels')}{f', surtout {usual}' if usual else ''}"
    yield from _replaced(sent)


def _replaced(sent: Iterable[Any]) -> Iterator[str]:
    """Show what left to a deputy while someone was away."""
    person, since, until, deputy = AWAY
    found = [one for one in sent if one.deputy == deputy]
    away = f"{NAMES[person]} était absent du {short_date(since)} au {short_date(until)}"
    yield f"  {away} : {plural(len(found), 'message', 'messages')} à {NAMES[deputy]}, qui le remplaçait."
    yield from (f"    « {notice.subject} » -> {notice.address}" for notice in found[:2])
