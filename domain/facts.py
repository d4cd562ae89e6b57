"""Typed facts: what a form accepts, how a value is kept, and the facts that acts leave by themselves."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from .contacts import members, read_contact, read_line
from .errors import Reason
from .texts import is_address, is_kept, is_name, is_visible
from .timeline import Entry
from .workflow import Fact, Workflow

TEXT_LIMIT = 20_000
_HOUR = re.compile(r"[0-2][0-9]:[0-5][0-9]")
_DAY_AND_HOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-2][0-9]:[0-5][0-9]")
YES = frozenset({"oui", "true", "vrai", "1", "yes"})
NO = frozenset({"non", "false", "faux", "0", "no"})
DERIVED = frozenset({"count"})


def _text(raw: Any, _fact: Fact, _workflow: Workflow) -> str:
    if not isinstance(raw, str) or len(raw) > TEXT_LIMIT or not is_kept(raw):
        raise ValueError
    return raw.strip()


def _date(raw: Any, _fact: Fact, _workflow: Workflow) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and len(raw) == len("2026-11-24"):
        return date.fromisoformat(raw)
    raise ValueError


def _instant(raw: Any, _fact: Fact, _workflow: Workflow) -> datetime:
    """Read a day and its hour by the clock of the house: `2026-12-24T22:40`."""
    if isinstance(raw, str) and _DAY_AND_HOUR.fullmatch(raw):
        return datetime.fromisoformat(raw)
    if isinstance(raw, datetime) and raw.tzinfo is None:
        return raw.replace(second=0, microsecond=0)
    raise ValueError


def _time(raw: Any, _fact: Fact, _workflow: Workflow) -> time:
    if isinstance(raw, time) and raw.tzinfo is None:
        return raw.replace(second=0, microsecond=0)
    if isinstance(raw, str) and _HOUR.fullmatch(raw):
        return time.fromisoformat(raw)
    raise ValueError


def _number(raw: Any, _fact: Fact, _workflow: Workflow) -> int | float:
    if isinstance(raw, bool):
        raise ValueError
    if isinstance(raw, int | float):
        return _finite(raw)
    if isinstance(raw, str) and len(raw) <= 32:
        text = raw.replace(",", ".")
        return _finite(float(text)) if "." in text else int(text)
    raise ValueError


def _finite(number: int | float) -> int | float:
    if abs(number) < 1e15:
        return number
    raise ValueError


def _money(raw: Any, _fact: Fact, _workflow: Workflow) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise ValueError
    try:
        amount = Decimal(str(raw).replace(",", ".").strip())
        rounded = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError from None
    if rounded != amount or abs(amount) > 10**12:
        raise ValueError
    return rounded


def _yesno(raw: Any, _fact: Fact, _workflow: Workflow) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in YES | NO:
        return raw.lower() in YES
    raise ValueError


def _done(raw: Any, fact: Fact, workflow: Workflow) -> Any:
    """Accept "done", or a mapping or text that says why it does not apply."""
    if isinstance(raw, Mapping):
        reason = raw.get("non_applicable")
        if len(raw) == 1 and isinstance(reason, str) and reason.strip():
            return {"non_applicable": _text(reason, fact, workflow)}
        raise ValueError
    if isinstance(raw, str) and raw.startswith("non_applicable:"):
        return _done({"non_applicable": raw.partition(":")[2]}, fact, workflow)
    return _yesno(raw, fact, workflow)


def _choice(raw: Any, fact: Fact, _workflow: Workflow) -> str:
    if isinstance(raw, str) and raw in fact.choices:
        return raw
    raise ValueError


def _contact(raw: Any, fact: Fact, _workflow: Workflow) -> dict[str, Any]:
    return read_contact(raw, fact.type)


def _names(raw: Any) -> list[str]:
    parts = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(parts, Sequence) or not parts:
        raise ValueError
    return [read_line(part) for part in parts]


def _actor(raw: Any, _fact: Fact, _workflow: Workflow) -> str:
    return read_line(raw)


def _place(raw: Any, _fact: Fact, _workflow: Workflow) -> str:
    line = read_line(raw)
    if not is_visible(line):
        raise ValueError
    return " ".join(line.split())


def _actors(raw: Any, _fact: Fact, _workflow: Workflow) -> list[str]:
    return _names(raw)


def _documents(raw: Any, _fact: Fact, workflow: Workflow) -> list[str]:
    names = _names(raw)
    if any(name not in workflow.documents for name in names):
        raise ValueError
    return names


_READERS: dict[str, Callable[[Any, Fact, Workflow], Any]] = {
    "text": _text, "date": _date, "time": _time, "instant": _instant, "number": _number, "money": _money,
    "yesno": _yesno, "done": _done, "choice": _choice, "household": _contact, "person": _contact, "contact": _contact,
    "actor": _actor, "actors": _actors, "place": _place, "file": _text, "documents": _documents,
}  # fmt: skip


def read_fact(workflow: Workflow, name: str, raw: Any) -> Any:
    """Read one value as the type its workflow declares. Raises ValueError when it is of another type."""
    fact = workflow.facts[name]
    try:
        return _READERS[fact.type](raw, fact, workflow)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(name) from error


def read_facts(
    workflow: Workflow, raw: Mapping[str, Any], accepted: Iterable[str]
) -> tuple[dict[str, Any], list[Reason]]:
    """Read the values given to a form, and say everything that is wrong with them."""
    allowed = frozenset(accepted)
    facts: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name, value in raw.items():
        declared = workflow.facts.get(name)
        if declared is None:
            reasons.append(Reason("fact_unknown", {"fact": name}))
        elif name not in allowed:
            reasons.append(Reason("fact_unexpected", {"fact": name, "label": declared.label}))
        elif not is_blank(value):
            try:
                facts[name] = _entered(declared, read_fact(workflow, name, value))
            except ValueError:
                data = {"fact": name, "label": declared.label, "type": declared.type}
                if declared.choices:
                    data["choices"] = ", ".join(declared.choices)
                reasons.append(Reason("fact_type", data))
    return facts, reasons


def _entered(fact: Fact, value: Any) -> Any:
    """Refuse what was once kept but is no longer accepted: an address that no message would reach."""
    if fact.type in ("household", "person", "contact") and not is_address(value.get("email", "a@b")):
        raise ValueError(fact.label)
    return value


def day_told(
    workflow: Workflow, action: str, facts: Mapping[str, Any], acts: Sequence[Entry], today: date
) -> date:
    """Give the day of which an act is by what its form tells, else today.

    Not before the last change of state, nor before the last act that told the same: what is said last holds.
    """
    rule = workflow.actions.get(action) if is_name(action) else None
    if rule is None or rule.effective is None:
        return today
    given = {name: facts[name] for name in (rule.effective,) if name in facts}
    told = read_facts(workflow, given, given)[0].get(rule.effective)
    if type(told) is not date:
        return today
    return told_on(rule.effective, min(told, today), acts)


def told_on(fact: str, day: date, acts: Iterable[Entry]) -> date:
    """Give the day of an act whose fact tells a day, after the acts that were entered before it."""
    return max([day, *(one.on for one in acts if one.target or fact in one.facts)])


def out_of_range(name: str, fact: Fact, value: Any, *, since: date | None, today: date) -> Reason | None:
    """Say that a date is before `since` where it may not be past, or after today where it may not be to come."""
    if fact.type in ("household", "person"):
        born = max((one["born"] for one in members(value) if "born" in one), default="")
        data = {"fact": name, "label": fact.label, "value": born}
        return Reason("fact_future", data) if born > today.isoformat() else None
    if not isinstance(value, date):
        return None
    data = {"fact": name, "label": fact.label, "value": plain(value)}
    value = value.date() if isinstance(value, datetime) else value
    if fact.from_today and since is not None and value < since:
        return Reason("fact_past", data)
    if fact.until_today and value > today:
        return Reason("fact_future", data)
    return None


def is_blank(value: Any) -> bool:
    """Say whether a value given to a form is no value at all."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def plain(value: Any) -> Any:
    """Give a value as JSON can keep it; `read_fact` reads it back."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def derived_facts(workflow: Workflow, entries: Sequence[Entry]) -> dict[str, Any]:
    """Give the facts that are never asked: the day of the last act of a kind, or how many there were."""
    facts: dict[str, Any] = {}
    for name, fact in workflow.facts.items():
        if fact.of:
            matching = [entry for entry in entries if entry.action in fact.of]
            if fact.type == "count":
                facts[name] = len(matching)
            elif matching:
                facts[name] = matching[-1].on
    return facts
