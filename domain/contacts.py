"""People in a file: a contact, a household and its members, one person, someone who gives no name. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .arguments import EARLIEST
from .civil_dates import due
from .delay import Delay
from .texts import is_clean

MOST = 500
MOST_MEMBERS = 100
_REACHED = ("name", "email", "phone", "language")
_ACCEPTED = {
    "contact": {*_REACHED, "consent", "persons"},
    "household": {*_REACHED, "consent", "persons", "anonymous"},
    "person": {*_REACHED, "consent", "born", "ref", "anonymous"},
}
_UNNAMED = {"anonymous", "language"}


def read_contact(raw: Any, kind: str) -> dict[str, Any]:
    """Read a name, an address, or a mapping; someone anonymous has no contact data. Raises ValueError."""
    if isinstance(raw, str) and raw.strip():
        return {"email" if "@" in raw else "name": read_line(raw)}
    if not isinstance(raw, Mapping) or not raw or set(raw) - _ACCEPTED[kind]:
        raise ValueError
    kept: dict[str, Any] = {key: read_line(raw[key]) for key in (*_REACHED, "ref") if raw.get(key)}
    for key in ("consent", "anonymous"):
        if key in raw:
            if not isinstance(raw[key], bool):
                raise ValueError
            kept[key] = raw[key]
    if raw.get("born"):
        kept["born"] = _born(raw["born"])
    if "persons" in raw:
        kept["persons"] = _persons(raw["persons"])
    if kept.pop("anonymous", False):
        if set(kept) - _UNNAMED:
            raise ValueError
        return {**kept, "anonymous": True}
    if not kept:
        raise ValueError
    return kept


def _persons(raw: Any) -> list[dict[str, str]]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > MOST_MEMBERS:
        raise ValueError
    return [_member(person) for person in raw]


def _member(raw: Any) -> dict[str, str]:
    if isinstance(raw, str):
        return {"name": read_line(raw)}
    if not isinstance(raw, Mapping) or set(raw) - {"name", "born", "ref"} or "name" not in raw:
        raise ValueError
    person = {"name": read_line(raw["name"])}
    if raw.get("born"):
        person["born"] = _born(raw["born"])
    if raw.get("ref"):
        person["ref"] = read_line(raw["ref"])
    return person


def _born(raw: Any) -> str:
    if isinstance(raw, datetime):
        raise ValueError
    born = raw if isinstance(raw, date) else date.fromisoformat(raw)
    if born < EARLIEST:
        raise ValueError
    return born.isoformat()


def read_line(raw: Any) -> str:
    """Read a text of one line. Raises ValueError."""
    if not isinstance(raw, str) or len(raw) > MOST or not raw.strip() or not is_clean(raw):
        raise ValueError
    return raw.strip()


def members(value: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Give the members of a household, or the one person; someone unknown is one all the same."""
    if not value:
        return []
    return list(value.get("persons") or [value])


def age(person: Mapping[str, Any], day: date) -> int | None:
    """Give the age of a person in years on a day; someone born on 29 February turns on the 28th (R3)."""
    born = person.get("born")
    if born is None:
        return None
    birth = date.fromisoformat(born)
    years = day.year - birth.year
    return years if due(birth, Delay.parse(f"P{years}Y")) <= day or years <= 0 else years - 1
