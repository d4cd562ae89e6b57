"""What is pending, in four blocks: late, today, within seven days, later."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..domain.explain_dates import long_date
from .french import listed, plural, short_date
from .telling import FAR

BLOCKS = (
    ("late", "En retard"),
    ("today", "Aujourd’hui"),
    ("week", "Sous sept jours"),
    ("later", "Plus tard"),
)
INNER = "          "


def pending_lines(items: Sequence[Any], names: Mapping[str, str]) -> Iterator[str]:
    """Tell each block that holds something, what is stuck in the outbox included."""
    first = True
    for bucket, heading in BLOCKS:
        found = [item for item in items if item.bucket == bucket]
        if found:
            if not first:
                yield ""
            first = False
            yield f"{heading} ({len(found)})"
            for item in found:
                yield from _item(item, names)
    if first:
        yield "Rien en attente."


def _item(item: Any, names: Mapping[str, str]) -> Iterator[str]:
    yield f"  {item.number}  {_what(item)}"
    who = listed(item.who_labels, "ou") or "personne n’est attendu"
    by = f", suivi par {names.get(item.referent, item.referent)}" if item.referent else ""
    yield f"{INNER}au tour de : {who}{by} ; {item.state_label} depuis le {short_date(item.since)}"
    do = _do(item)
    if do:
        yield f"{INNER}à faire : {do}"


def _what(item: Any) -> str:
    """Say what is awaited and by when; what is stuck in the outbox says why."""
    if item.kind == "message":
        return f"Message n° {item.id} à {item.label}, en échec : {item.error or 'sans motif'}"
    if item.kind == "paper":
        return (
            f"Message n° {item.id} à remettre sur papier à {item.label}, depuis le {short_date(item.due_on)}"
        )
    label = f"Tâche : {item.label}" if item.kind == "task" else item.label
    if item.due_on == date.max:
        return f"{label}, {FAR}"
    note = " (pour information)" if item.informative else ""
    legal = ""
    if item.legal_on not in (None, item.due_on):
        legal = f" ; la règle donne le {short_date(item.legal_on)}"
    return f"{label}{note}, pour le {long_date(item.due_on)}, {_far(item.days)}{legal}"


def _far(days: int) -> str:
    near = {-1: "en retard d’un jour", 0: "aujourd’hui", 1: "demain"}
    return near.get(days) or (f"dans {days} jours" if days > 0 else f"en retard de {-days} jours")


def _do(item: Any) -> str:
    if item.kind == "message":
        return f"jalon outbox show {item.id}, puis jalon outbox retry {item.id}"
    if item.kind == "paper":
        return f"jalon outbox show {item.id}, puis jalon outbox handed {item.id}"
    acts = (f"{label} ({name})" for name, label in zip(item.actions, item.action_labels, strict=True))
    return listed(acts, "ou", most=4)


def summary(items: Sequence[Any]) -> str:
    """Count the blocks in one line."""
    late = sum(item.bucket == "late" for item in items)
    return f"{plural(len(items), 'ligne', 'lignes')}, {late} en retard"
