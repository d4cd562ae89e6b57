"""What is pending, in four blocks: late, today, within seven days, later."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.explain_dates import long_date
from ..engine.place_unsuited import NAME as UNSUITED
from .french import days_away, listed, plural, short_date
from .reading import PARIS
from .telling import FAR

BLOCKS = (
    ("late", "En retard"),
    ("today", "Aujourd’hui"),
    ("week", "Sous sept jours"),
    ("later", "Plus tard"),
)
INNER = "          "


def pending_lines(
    items: Sequence[Any], names: Mapping[str, str], zones: Mapping[str, str]
) -> Iterator[str]:  # fmt: skip
    """Tell each block that holds something, what is stuck in the outbox included. `zones` are those of the houses."""
    first = True
    for bucket, heading in BLOCKS:
        found = [item for item in items if item.bucket == bucket]
        if found:
            if not first:
                yield ""
            first = False
            yield f"{heading} ({len(found)})"
            for item in found:
                yield from _item(item, names, zones)
    if first:
        yield "Rien en attente."


def _item(item: Any, names: Mapping[str, str], zones: Mapping[str, str]) -> Iterator[str]:
    """Tell one thing: what, by when and who, since when, what can be done."""
    yield f"  {item.number}  {_what(item)}"
    who = listed(item.who_labels, "ou") or "personne n’est attendu"
    yield f"{INNER}{_when(item, zones.get(item.establishment, PARIS))} ; au tour de : {who}"
    if item.postponed_from is not None:
        yield f"{INNER}reportée : c’était pour le {long_date(item.postponed_from)}"
    yield f"{INNER}{item.state_label} depuis le {short_date(item.since)}{_followed(item, names)}"
    do = _do(item)
    if do:
        yield f"{INNER}à faire : {do}"


def _followed(item: Any, names: Mapping[str, str]) -> str:
    """Say who follows the case, and who stands in while they are away."""
    if not item.referent:
        return ""
    by = f" ; suivi par {names.get(item.referent, item.referent)}"
    if item.referent_absent_since is None:
        return by
    until = item.referent_absent_until
    when = (
        f"depuis le {short_date(item.referent_absent_since)}"
        if until is None
        else f"jusqu’au {short_date(until)}"
    )
    stands = f", remplacement : {names.get(item.deputy, item.deputy)}" if item.deputy else ", sans remplaçant"
    return f"{by}, en absence {when}{stands}"


def _what(item: Any) -> str:
    """Say what is awaited; what is stuck says why."""
    if item.kind == "warning":
        return f"Attention : {item.label}"
    if item.kind == "message":
        return f"Message n° {item.id} à {item.label}, en échec : {item.error or 'sans motif'}"
    if item.kind == "paper":
        return f"Message n° {item.id} à {item.label}, à remettre sur papier"
    if item.kind == "aside":
        return f"Mis de côté, l’horloge n’a pas pu faire : {item.label} ({item.error})"
    label = f"Tâche : {item.label}" if item.kind == "task" else item.label
    note = " (pour information)" if item.informative else ""
    if item.suspended_on is not None:
        return f"{label}{note}, suspendue"
    if item.due_on == date.max:
        return label + note
    late_today = item.bucket == "late" and item.days >= 0
    return f"{label}{note}, {'en retard' if late_today else days_away(item.days)}"


def _when(item: Any, zone: str) -> str:
    """Say by when, at what hour where there is one; the date that counts beside the day by which to act."""
    if item.kind == "warning":
        return "à régler aujourd’hui"
    if item.suspended_on is not None:
        return stands_still(item.suspended_on, item.remaining)
    if item.due_on == date.max:
        return FAR
    if item.kind in ("message", "paper", "aside"):
        return f"depuis le {long_date(item.due_on)}"
    hour = "" if item.due_at is None else f" à {item.due_at.astimezone(ZoneInfo(zone)):%H:%M}"
    if item.act_by not in (None, item.due_on):
        return f"à faire pour le {long_date(item.act_by)} ; la date elle-même est le {long_date(item.due_on)}{hour}"
    if item.legal_on in (None, item.due_on) or item.postponed_from is not None:
        return f"pour le {long_date(item.due_on)}{hour}"
    return f"pour le {long_date(item.due_on)}{hour} (la règle donne le {short_date(item.legal_on)})"


def stands_still(since: date, remaining: int) -> str:
    """Say that the clock of a date is stopped, and what will be left of it."""
    return f"suspendue depuis le {short_date(since)}, il restera {plural(remaining, 'jour', 'jours')}"


def _do(item: Any) -> str:
    if item.kind == "message":
        return f"jalon outbox show {item.id}, puis jalon outbox retry {item.id}"
    if item.kind == "paper":
        handed = f"jalon outbox show {item.id}, puis jalon outbox handed {item.id}"
        return f"{handed} ; ou jalon outbox drop {item.id} s’il n’a plus d’objet"
    if item.kind == "warning" and item.name == UNSUITED:
        return f"une autre place, si l’on peut : jalon places -e {item.establishment}"
    if item.kind == "warning":
        return f"jalon assign {item.case_id} PERSONNE"
    if item.kind == "aside":
        return f"rien, il sera repris ; jalon why {item.case_id} {item.name} dit où il en est"
    acts = (f"{label} ({name})" for name, label in zip(item.actions, item.action_labels, strict=True))
    return listed(acts, "ou", most=4)
