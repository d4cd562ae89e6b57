"""What a template may read of a case: assembled when the message leaves, so that it says what is true then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.calendars import Calendar, is_working_day
from ..domain.case import Case, Occurrence
from ..domain.dating import printed_on
from ..domain.facts import plain
from ..domain.question import setting
from ..domain.workflow import Workflow
from ..notifications.french import Timed
from .casefile import CaseFile
from .people import Establishment
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything one message needs: its row, its case, its house, and whom it is for."""

    row: Any
    file: CaseFile
    house: Establishment
    name: str
    today: date
    sandbox: bool


def context_of(letter: Letter, settings: Settings) -> dict[str, Any]:
    """Give the names that a template may read; what is not known is absent, never empty."""
    file, workflow = letter.file, letter.file.workflow
    case, state = file.case, _state(letter)
    context: dict[str, Any] = {
        "dossier": {
            "numero": case.number, "programme": workflow.title, "etat": workflow.states[state].label,
            "etat_id": state,
        },
        "etablissement": {
            "nom": letter.house.name, "telephone": letter.house.phone or "", "adresse": letter.house.address or "",
            "horaires": f"de {_hour(letter.house.opens)} à {_hour(letter.house.closes)}",
        },
        "destinataire": _addressee(letter, workflow),
        "faits": _facts(letter, workflow),
        "documents_demandes": _asked(workflow, file),
        "documents_manquants": _missing(workflow, file, letter.today),
        "ordre_du_jour": _agenda(workflow, file),
        "renouvellements": _renewals(workflow, case),
        "renouvellements_possibles": _possible(workflow, file.parameters),
        "lien": f"{settings.link.rstrip('/')}/dossiers/{case.number}" if settings.link else "",
        "bac_a_sable": letter.sandbox,
        "environnement": settings.environment,
    }  # fmt: skip
    dated = _occurrence(letter)
    if dated is not None:
        context["echeance"] = {**dated, **_missed(letter)}
    act = _act(letter, workflow)
    if act is not None:
        context["acte"] = act
    return context


def _state(letter: Letter) -> str:
    """Give the state that a message tells: the one in which its act left the case; of a reminder, the present one.

    What an act has to say stays true when another has followed before the message leaves.
    """
    row, events = letter.row, letter.file.events
    if row.rung is not None:
        return letter.file.case.state
    told = (event.target for event in reversed(events) if event.seq <= row.seq and event.target is not None)
    return next(told, letter.file.case.state)


def _hour(text: str) -> str:
    hour, minute = text.split(":")
    return f"{int(hour)}\u00a0h\u00a0{minute}" if minute != "00" else f"{int(hour)}\u00a0h"


def _addressee(letter: Letter, workflow: Workflow) -> dict[str, Any]:
    role = workflow.roles[letter.row.role]
    household = role.kind == "household"
    first = letter.name.split()[0] if letter.name and role.kind == "staff" else ""
    return {
        "nom": letter.name, "prenom": first, "salutation": f"Bonjour {first}," if first else "Bonjour,",
        "role": role.label, "langue": "fr", "personne": household,
        "partenaire": role.kind == "partner",
    }  # fmt: skip


def _facts(letter: Letter, workflow: Workflow) -> dict[str, Any]:
    """Give the facts as a reader sees them; a partner never reads what touches health."""
    hidden = set(workflow.notices[letter.row.template].withhold.get(letter.row.role, ()))
    outside = workflow.roles[letter.row.role].kind == "partner"
    shown: dict[str, Any] = {}
    for name, value in letter.file.case.facts.items():
        fact = workflow.facts.get(name)
        if fact is None or value is None or name in hidden or (outside and fact.sensitive):
            continue
        shown[name] = _shown(value, fact.choices)
    return shown


def _shown(value: Any, choices: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value in choices:
        return choices[value].label
    return plain(value) if isinstance(value, time) else value


def _asked(workflow: Workflow, file: CaseFile) -> list[str]:
    """List the documents that the next act to ask for some will want."""
    done = {entry.action for entry in file.acts}
    for name, action in workflow.actions.items():
        for part in action.requires:
            if part.documents and name not in done:
                return [workflow.documents[kind].label for kind in part.documents]
    return []


def _missing(workflow: Workflow, file: CaseFile, day: date) -> list[str]:
    """List what was said to be missing and has not come since."""
    held = {document.type for document in file.documents if document.stands(day)}
    for name, fact in workflow.facts.items():
        if fact.type == "documents":
            return [
                workflow.documents[kind].label for kind in file.case.facts.get(name, ()) if kind not in held
            ]
    return []


def _agenda(workflow: Workflow, file: CaseFile) -> list[str]:
    """List the file numbers that a session has still to examine, in order: numbers, never names."""
    if workflow.meeting is None:
        return []
    left: dict[int, None] = {}
    for event in file.events:  # the connection with which the file was read is gone
        if event.kind == "link" and event.body["link"] == workflow.meeting.agenda:
            left.pop(event.body["case"], None)
            if event.body["change"] == "made":
                left[event.body["case"]] = None
    return [f"D-{case:04d}" for case in left]


def _renewals(workflow: Workflow, case: Case) -> int:
    counted = (
        name for name, fact in workflow.facts.items() if fact.type == "count" and "renouveler" in fact.of
    )
    return int(case.facts.get(next(counted, ""), 0) or 0)


def _possible(workflow: Workflow, parameters: Mapping[str, Any]) -> int:
    for rule in workflow.deadlines.values():
        if rule.due.most is not None:
            return int(setting(rule.due.most, parameters))
    return 0


def _occurrence(letter: Letter) -> dict[str, Any] | None:
    """Describe the date that the message is about: its rung's, or the one that its act armed."""
    file = letter.file
    dated = next((one for one in file.dated if one.id == letter.row.deadline_id), None)
    if dated is None:
        armed = _armed_by(letter)
        dated = next((one for one in file.dated if (one.item.name, one.item.ordinal) == armed), None)
    if dated is None:
        return None
    item, rule = dated.item, file.workflow.deadlines[dated.item.name]
    shown: dict[str, Any] = {
        "label": rule.label, "due": _due(item, file.house.timezone), "legal_due": item.legal_on, "k": item.k,
        "days_left": (item.due_on - letter.today).days,
        "working_days_left": _working_days(letter.today, item.due_on, file.house.calendar),
    }  # fmt: skip
    if rule.basis:
        shown["basis"] = rule.basis
    if item.act_by is not None:
        shown["act_by"] = item.act_by
    if rule.printed:
        shown["printed"] = printed_on(item)
    alerts = (step for step in file.steps if step.deadline_id == dated.id and step.kind == "notice")
    following = [step.day for step in alerts if step.status == "pending" and step.day > item.due_on]
    if following:
        shown["next_alert"] = min(following)
    return shown


def _due(item: Occurrence, timezone: str) -> date:
    """Give a date, with its hour in the house where it has one."""
    if item.due_at is None:
        return item.due_on
    return Timed.at(item.due_on, f"{item.due_at.astimezone(ZoneInfo(timezone)):%H:%M}")


def _missed(letter: Letter) -> dict[str, int]:
    """Count the other dates that a late message speaks for, their own messages dropped."""
    event = next((event for event in letter.file.events if event.seq == letter.row.seq), None)
    missed = event.body.get("missed", 0) if event is not None else 0
    return {"missed": missed} if missed else {}


def _armed_by(letter: Letter) -> tuple[str, int] | None:
    event = next((event for event in letter.file.events if event.seq == letter.row.seq), None)
    changes = event.body.get("changes", ()) if event is not None and letter.row.rung is None else ()
    for change in changes:
        rule = letter.file.workflow.deadlines.get(change.get("deadline", ""))
        if change["change"] == "armed" and rule is not None and not rule.due.anchors[0].each:
            return change["deadline"], change["ordinal"]
    return None


def _working_days(start: date, end: date, calendar: Calendar) -> int:
    step = 1 if end >= start else -1
    span = min(abs((end - start).days), 400)
    return step * sum(
        is_working_day(start + timedelta(days=step * day), calendar) for day in range(1, span + 1)
    )


def _act(letter: Letter, workflow: Workflow) -> dict[str, Any] | None:
    if letter.row.rung is not None:
        return None
    event = next((event for event in letter.file.events if event.seq == letter.row.seq), None)
    if event is None or event.action is None:
        return None
    corrected = next((entry.on for entry in letter.file.acts if entry.seq == event.seq), event.effective_on)
    return {"label": workflow.actions[event.action].label, "date": corrected}
