"""What `--json` writes: plain data with English keys, dates in ISO, instants in UTC. Shapes in reference/json.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from .. import Case, Document, Event, Occurrence, Reason
from ..domain.facts import plain
from ..domain.workflow import Workflow
from .words import reason_words

Data = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    """Write an instant in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """Write a date; one beyond the calendar is unknown."""
    return None if value is None or value == date.max else value.isoformat()


def case_data(case: Case, workflow: Workflow) -> Data:
    """Describe a case as it stands."""
    state = workflow.states[case.state]
    return {
        "id": case.id, "number": case.number, "workflow": case.workflow, "version": case.version,
        "establishment": case.establishment, "state": case.state, "state_label": state.label, "phase": state.phase,
        "terminal": state.terminal, "state_since": day(case.state_since), "opened_on": day(case.opened_on),
        "closed_on": day(case.closed_on), "turn": list(state.turn), "referent": case.referent,
        "revision": case.revision, "seq": case.seq, "head": case.head,
        "facts": {name: plain(value) for name, value in case.facts.items()},
    }  # fmt: skip


def event_data(event: Event) -> Data:
    """Describe one line of a history."""
    body = {name: value for name, value in event.body.items() if name not in ("facts", "sealed", "changes")}
    return {
        "seq": event.seq, "at": instant(event.at), "effective_on": day(event.effective_on), "kind": event.kind,
        "actor": event.actor, "on_behalf": event.on_behalf, "action": event.action, "source": event.source,
        "target": event.target, "facts": {name: plain(value) for name, value in event.facts.items()},
        "changes": [dict(change) for change in event.body.get("changes", ())], "details": body,
        "erased": sorted(event.erased), "digest": event.digest,
    }  # fmt: skip


def date_data(item: Occurrence, workflow: Workflow) -> Data:
    """Describe one occurrence of a deadline."""
    return {
        "name": item.name, "label": workflow.deadlines[item.name].label, "occurrence": item.ordinal, "k": item.k,
        "status": item.status, "anchor_on": day(item.anchor_on), "legal_on": day(item.legal_on),
        "due_on": day(item.due_on), "due_at": instant(item.due_at), "act_by": day(item.act_by),
        "suspended_on": day(item.suspended_on), "paused": item.paused, "restarted": item.restarted,
        "postponed_from": day(item.postponed_from), "cap_on": day(item.cap_on), "closed_on": day(item.closed_on),
        "last": item.last,
    }  # fmt: skip


def document_data(document: Document, label: str) -> Data:
    """Describe a document of a file."""
    return {
        "type": document.type, "label": label, "received_on": day(document.received_on),
        "valid_until": day(document.valid_until), "signed_on": day(document.signed_on),
        "not_applicable": document.not_applicable,
    }  # fmt: skip


def link_data(link: Any) -> Data:
    """Describe a case linked to another, as that one sees it."""
    return {
        "role": link.role, "label": link.label, "direction": link.direction, "case": link.case_id,
        "number": link.number, "workflow": link.workflow, "title": link.title, "establishment": link.establishment,
        "state": link.state, "state_label": link.state_label, "terminal": link.terminal, "since": day(link.since),
        "ended_on": day(link.ended_on),
    }  # fmt: skip


def reasons_data(reasons: Iterable[Reason]) -> list[Data]:
    """Describe reasons: a stable code, its data, and the French sentence."""
    return [{"code": one.code, "data": dict(one.data), "text": reason_words(one)} for one in reasons]


def option_data(option: Any) -> Data:
    """Describe an action as someone may take it, or not."""
    return {
        "action": option.action, "label": option.label, "allowed": option.allowed,
        "target": option.target, "reasons": reasons_data(option.reasons), "warnings": reasons_data(option.warnings),
        "form": [
            {"name": field.name, "label": field.label, "type": field.type, "required": field.required,
             "choices": dict(field.choices)}
            for field in option.form
        ],
    }  # fmt: skip


def pending_data(item: Any) -> Data:
    """Describe one thing that is awaited."""
    return {
        "kind": item.kind, "case": item.case_id, "number": item.number, "establishment": item.establishment,
        "workflow": item.workflow, "state": item.state, "state_label": item.state_label, "since": day(item.since),
        "name": item.name, "label": item.label, "occurrence": item.ordinal, "due_on": day(item.due_on),
        "legal_on": day(item.legal_on), "act_by": day(item.act_by), "due_at": instant(item.due_at),
        "suspended_on": day(item.suspended_on), "remaining": item.remaining,
        "postponed_from": day(item.postponed_from), "day": day(item.day), "bucket": item.bucket, "days": item.days,
        "who": list(item.who), "who_labels": list(item.who_labels), "actions": list(item.actions),
        "action_labels": list(item.action_labels), "referent": item.referent, "informative": item.informative,
        "error": item.error, "id": item.id, "notice": item.id if item.kind in ("message", "paper") else None,
        "referent_absent_since": day(item.referent_absent_since),
        "referent_absent_until": day(item.referent_absent_until), "deputy": item.deputy,
    }  # fmt: skip


def notice_data(notice: Any) -> Data:
    """Describe one message of the outbox, without its text."""
    return {
        "id": notice.id, "case": notice.case_id, "number": notice.number, "template": notice.template,
        "role": notice.role, "recipient": notice.recipient, "status": notice.status,
        "created_at": instant(notice.created_at), "not_before": instant(notice.not_before),
        "next_attempt_at": instant(notice.next_attempt_at), "attempts": notice.attempts,
        "message_id": notice.message_id, "address": notice.address, "subject": notice.subject,
        "sent_at": instant(notice.sent_at), "error": notice.error, "event": notice.seq, "rung": notice.rung,
        "generation": notice.generation, "deputy": notice.deputy,
    }  # fmt: skip


def why_data(why: Any, rule: Mapping[str, Any], workflow: Workflow) -> Data:
    """Describe why a date is what it is."""
    told = why.arithmetic
    return {
        "case": why.case_id, "number": why.number, "id": why.id, "date": date_data(why.item, workflow),
        "rule": rule["rule"], "clauses": list(rule["clauses"]), "basis": why.basis, "anchor": {
            "on": day(why.starts_on), "at": instant(why.item.anchor_at), "kind": why.item.source.kind,
            "name": why.item.source.name, "label": why.source_label, "event": why.item.source.seq,
            "action": why.origin.action, "actor": why.origin.actor, "occurrence": why.origin.ordinal,
            "corrected": [
                {"event": one.seq, "at": instant(one.at), "actor": one.actor, "reason": one.reason}
                for one in why.origin.corrected
            ],
        },
        "delay": why.item.delay, "reasons": list(told.reasons()) if told else [],
        "skipped": moves_data(told.skipped) if told else [],
        "notes": [{"code": note.code, "data": dict(note.data)} for note in why.notes],
        "shifted": moves_data(why.shifted.moves) if why.shifted else [],
        "before": moves_data(why.before.moves) if why.before else [],
        "printed": day(why.printed), "moves": [dict(move) for move in why.moves],
        "ladder": [rung_data(rung) for rung in why.ladder],
    }  # fmt: skip


def rung_data(rung: Any) -> Data:
    """Describe one step of a ladder and what became of it."""
    return {
        "rung": rung.rung, "generation": rung.generation, "kind": rung.kind, "day": day(rung.day),
        "fire_at": instant(rung.fire_at), "status": rung.status, "does": list(rung.does), "error": rung.error,
        "event": rung.fired_seq, "reasons": reasons_data(rung.reasons),
        "dropped": None if rung.dropped is None else dict(rung.dropped),
        "notices": [{**notice, "sent_at": instant(notice["sent_at"])} for notice in rung.notices],
    }  # fmt: skip


def moves_data(moves: Sequence[Any]) -> list[Data]:
    """Describe days passed over, each with its reason."""
    return [{"date": move.day.isoformat(), "reason": move.reason} for move in moves]
