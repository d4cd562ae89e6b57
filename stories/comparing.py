"""Each expectation beside what is found: nothing where they agree, else what differs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..domain.errors import Reason
from ..domain.explain_dates import long_date
from ..domain.facts import plain, read_fact
from ..engine.deadlines import Why
from .looking import Look
from .story import Expected, Path
from .telling import Moment, Words, moment, same_words, shown


@dataclass(frozen=True, slots=True)
class Gap:
    """What differs: its place, what it is about, what was expected, what was found, and why."""

    path: Path
    about: str
    expected: str
    found: str
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class Told:
    """How far a case was told: the last line of its history, and the instant of its last list of messages."""

    seq: int = 0
    sent: datetime | None = None


def compared(expected: Expected, look: Look, told: Told, words: Words) -> Gap | None:
    """Compare one expectation with a case."""
    if expected.key == "warned":
        return _warned(expected, look, words)
    if expected.key == "history":
        return _history(expected, look, told.seq)
    if expected.key == "all_sent":
        return _all_sent(expected, look, told.sent)
    return _COMPARE[expected.key](expected, look)


def _state(expected: Expected, look: Look) -> Gap | None:
    found = look.case.state
    if found == expected.value:
        return None
    last = next((event for event in reversed(look.history) if event.target), None)
    hint = f"arrivé dans cet état le {last.effective_on} par « {last.action} »" if last is not None else ""
    return Gap(expected.path, "state", expected.value, found, (hint,) if hint else ())


def _moments(expected: Expected, look: Look) -> Gap | None:
    key = expected.key
    for name, wanted in expected.value.items():
        gap = _one_deadline(expected, look, name, sorted(wanted, key=_hour))
        if gap is not None:
            return gap
    if key == "all_due":
        more = sorted({item.name for item in look.open()} - set(expected.value))
        if more:
            found = {name: [moment(one) for one in look.moments(key, name)] for name in more}
            return Gap(expected.path, key, "aucune autre date", shown(found), _dated(look.why(more[0])))
    return None


def _one_deadline(expected: Expected, look: Look, name: str, wanted: list[Moment]) -> Gap | None:
    found = look.moments(expected.key, name)
    if any(hour is None for _, hour in wanted):  # an hour that the story does not say is not compared
        found = [(day, None) for day, _ in found]
    if found == wanted:
        return None
    about = f"{expected.key} › {name}"
    hints = _dated(look.why(name))
    return Gap((*expected.path, name), about, _told(wanted), _told(found), hints)


def _hour(value: Moment) -> tuple[date, str]:
    return value[0], str(value[1] or "")


def _told(moments: Iterable[Moment]) -> str:
    return ", ".join(moment(one) for one in moments) or "aucune"


def _dated(why: Why | None) -> tuple[str, ...]:
    """Say how a date was found: its anchor, its delay, what moved it, and what closed it."""
    if why is None:
        return ("cette échéance n’a encore jamais eu de date dans ce dossier",)
    item, told = (
        why.item,
        [f"{why.label} : à partir du {long_date(why.starts_on)} (« {why.source_label} »)"],
    )
    if why.arithmetic is not None:
        told.append(f"{why.arithmetic.rule()}, soit le {long_date(why.arithmetic.due)}")
        told.extend(why.arithmetic.reasons())
    if item.status != "open" and item.closed_on is not None:
        words = {"met": "tenue", "missed": "manquée", "void": "sans objet"}
        told.append(f"la dernière date, {item.due_on}, est {words[item.status]} depuis le {item.closed_on}")
    return tuple(told)


def _closed(expected: Expected, look: Look) -> Gap | None:
    for name, wanted in expected.value.items():
        items = [item for item in look.occurrences if item.name == name]
        closed = sorted(
            (item for item in items if item.status != "open"), key=lambda item: item.closed_seq or 0
        )
        if isinstance(wanted, Mapping):
            found: Any = {item.due_on: item.status for item in items if item.due_on in wanted}
        else:
            found = closed[-1].status if closed else None
        if found != wanted:
            hints = (f"encore ouverte, pour le {items[-1].due_on}",) if items and not closed else ()
            return Gap((*expected.path, name), f"closed › {name}", shown(wanted), shown(found), hints)
    return None


def _ladder(expected: Expected, look: Look) -> Gap | None:
    for name, wanted in expected.value.items():
        found = look.ladder(name)
        gap = _by_day(expected, name, wanted, {day: tuple(names) for day, names in found.items()})
        if gap is not None:
            return Gap(gap.path, gap.about, gap.expected, gap.found, _dated(look.why(name)))
    return None


def _forecast(expected: Expected, look: Look) -> Gap | None:
    for name, wanted in expected.value.items():
        found = look.forecast(name, max(wanted))
        if sorted(wanted) != found:
            about = f"forecast › {name}"
            return Gap(
                (*expected.path, name), about, shown(sorted(wanted)), shown(found), _dated(look.why(name))
            )
    return None


def _dropped(expected: Expected, look: Look) -> Gap | None:
    for name, wanted in expected.value.items():
        found = look.dropped(name)
        if sorted(wanted) != found:
            return Gap((*expected.path, name), f"dropped › {name}", shown(sorted(wanted)), shown(found))
    return None


def _sent(expected: Expected, look: Look) -> Gap | None:
    left = look.sent(expected.key)
    for name, wanted in expected.value.items():
        found: dict[date, tuple[str, ...]] = {}
        for day, template, role in left:
            if template == name:
                found[day] = tuple(sorted({*found.get(day, ()), role}))
        gap = _by_day(expected, name, wanted, found)
        if gap is not None:
            return gap
    return None


def _by_day(expected: Expected, name: str, wanted: Any, found: Mapping[date, tuple[str, ...]]) -> Gap | None:
    """Compare days alone, or days with their names."""
    path, about = (*expected.path, name), f"{expected.key} › {name}"
    if isinstance(wanted, Mapping):
        asked = {day: tuple(sorted(names)) for day, names in sorted(wanted.items())}
        held = dict(sorted(found.items()))
        return None if asked == held else Gap(path, about, shown(asked), shown(held))
    days = sorted(found)
    return None if sorted(wanted) == days else Gap(path, about, shown(sorted(wanted)), shown(days))


def _not_sent(expected: Expected, look: Look) -> Gap | None:
    for day, template, role in look.sent():
        if template in expected.value:
            return Gap(expected.path, f"not_sent › {template}", "aucun envoi", f"parti le {day} ({role})")
    return None


def _all_sent(expected: Expected, look: Look, after: datetime | None) -> Gap | None:
    """Everything that left since the last list, line by line."""
    found: dict[tuple[date, str], list[str]] = {}
    for day, template, role in look.sent(after=after):
        found.setdefault((day, template), []).append(role)
    lines = sorted((day, template, *sorted(set(roles))) for (day, template), roles in found.items())
    return _listed(expected, list(expected.value), lines)


def _listed(expected: Expected, wanted: list[tuple[Any, Path]], found: list[Any]) -> Gap | None:
    held = list(found)
    for line, place in sorted(wanted, key=lambda one: one[0]):
        if line not in held:
            near = [one for one in held if one[:2] == line[:2]] or [one for one in held if one[1] == line[1]]
            return Gap(place, expected.key, _line(line), _line(near[0]) if near else "rien de tel")
        held.remove(line)
    if held:
        return Gap(expected.path, expected.key, "rien d’autre", _line(held[0]))
    return None


def _line(parts: Iterable[Any]) -> str:
    return " ".join(shown(part) for part in parts)


def _history(expected: Expected, look: Look, since: int) -> Gap | None:
    """The lines are there since the last list, in this order; others may stand between."""
    told = [(event.effective_on, _name(event)) for event in look.history[since:]]
    rest = iter(told)
    for line, place in expected.value:
        if not any(one == line for one in rest):
            near = [one for one in told if one[1] == line[1]]
            found = _line(near[0]) if near else "rien de tel, à cette place"
            return Gap(place, "history", _line(line), found)
    return None


def _name(event: Any) -> str:
    if event.kind == "act":
        return str(event.action)
    body = event.body
    return (
        str(body.get("task") or body.get("deadline") or event.kind)
        if event.kind in ("task", "lapse")
        else str(event.kind)
    )


def _tasks(expected: Expected, look: Look) -> Gap | None:
    wanted = {name: sorted(days) for name, days in sorted(expected.value.items())}
    found = look.tasks()
    if wanted == found:
        return None
    return Gap(expected.path, "tasks", shown(wanted), shown(found))


def _pending(expected: Expected, look: Look) -> Gap | None:
    for bucket, wanted in expected.value.items():
        found = sorted(
            line.name for line in look.pending if line.bucket == bucket and line.kind in ("deadline", "task")
        )
        if sorted(wanted) != found:
            return Gap((*expected.path, bucket), f"pending › {bucket}", shown(sorted(wanted)), shown(found))
    return None


def _who(expected: Expected, look: Look) -> Gap | None:
    for name, wanted in expected.value.items():
        found = sorted({role for line in look.pending if line.name == name for role in line.who})
        if sorted(wanted) != found:
            return Gap((*expected.path, name), f"who › {name}", shown(sorted(wanted)), shown(found))
    return None


def _facts(expected: Expected, look: Look) -> Gap | None:
    workflow = look.workflow
    for name, raw in expected.value.items():
        try:
            wanted = None if raw is None else plain(read_fact(workflow, name, raw))
        except ValueError:
            wanted = raw
        found = plain(look.case.facts.get(name))
        if wanted != found:
            return Gap((*expected.path, name), f"facts › {name}", shown(wanted), shown(found))
    return None


def _warned(expected: Expected, look: Look, words: Words) -> Gap | None:
    """The warnings of the last act, each by its sentence or its code."""
    last = next((event for event in reversed(look.history) if event.kind == "act"), None)
    left = list(last.body.get("warnings", ())) if last is not None else []
    found = [words.reason(Reason(text)) if _is_code(text) else text for text in left]
    for said in expected.value:
        told = next((text for text in left if same_words(said) in _ways(text, words)), None)
        if told is None:
            return Gap(expected.path, "warned", shown(expected.value), shown(found))
        left.remove(told)
    return Gap(expected.path, "warned", shown(expected.value), shown(found)) if left else None


def _ways(warning: str, words: Words) -> tuple[str, ...]:
    """Give the ways in which a story may say a warning: as it was written, and in French where that is a code."""
    said = same_words(warning)
    return (said, same_words(words.reason(Reason(warning)))) if _is_code(warning) else (said,)


def _is_code(text: str) -> bool:
    return text.isascii() and text.isidentifier() and text.islower()


def _linked(expected: Expected, look: Look) -> Gap | None:
    """The state of the last case linked under each role."""
    for role, wanted in expected.value.items():
        found = look.linked(role)
        if found != wanted:
            return Gap((*expected.path, role), f"linked › {role}", shown(wanted), shown(found))
    return None


def _place(expected: Expected, look: Look) -> Gap | None:
    found = look.places()
    if dict(sorted(expected.value.items())) == found:
        return None
    return Gap(expected.path, "place", shown(expected.value), shown(found))


_COMPARE: dict[str, Callable[[Expected, Look], Gap | None]] = {
    "state": _state, "due": _moments, "all_due": _moments, "legal": _moments, "act_by": _moments,
    "printed": _moments, "closed": _closed, "ladder": _ladder, "dropped": _dropped, "forecast": _forecast,
    "sent": _sent, "paper": _sent,
    "linked": _linked, "place": _place,
    "not_sent": _not_sent, "tasks": _tasks, "pending": _pending, "who": _who, "facts": _facts,
}  # fmt: skip
