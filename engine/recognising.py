"""People recognised from one file to another by keyed digests, which say nothing of them."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.civil_dates import due
from ..domain.contacts import members
from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.workflow import Workflow
from ..persistence import cases as rows
from .world import Unit

MAJORITY = Delay.parse("P18Y")


@dataclass(frozen=True, slots=True)
class Known:
    """One way in which someone of a case is recognised; `sure` where it is more than the name.

    `ref` is the digest of their reference, if they have one. `housed` says as what the case houses them (`home` or
    `care`), `adult` that they were one when they came, or that nobody knows.
    """

    person: str
    sure: bool
    adult_on: date | None
    ref: str | None = None
    housed: str | None = None
    adult: bool = False

    def may_be(self, ref: str | None) -> bool:
        """Say whether someone recognised in the same way may be the same: two references decide."""
        return self.ref is None or ref is None or self.ref == ref

    def with_(self, other: "Known") -> "Known":
        """Give the same way met twice in a case: what one of them leaves out, the other says."""
        ref = (self.ref or other.ref) if self.may_be(other.ref) else None
        return replace(
            self, adult_on=self.adult_on or other.adult_on, ref=ref, housed=self.housed or other.housed,
            adult=self.adult or other.adult,
        )  # fmt: skip


def people_facts(workflow: Workflow) -> tuple[str, ...]:
    """Name the facts that say who the people of a case are."""
    return tuple(name for name, fact in workflow.facts.items() if fact.type in ("household", "person"))


def recognised(key: str, value: Mapping[str, Any] | None) -> dict[str, Known]:
    """Give every way in which the people of one fact are recognised; nobody recognises someone anonymous."""
    return _together(one for person in members(value) for one in _ways(key, person))


def newcomers(key: str, before: Iterable[Any], after: Iterable[Any]) -> dict[str, Known]:
    """Give how those are recognised who were not there before, by name, by birth date or by reference."""
    there = {digest for value in before for digest in recognised(key, value)}
    new = (tuple(_ways(key, person)) for value in after for person in members(value))
    return _together(one for ways in new if not any(way.person in there for way in ways) for one in ways)


def _together(ways: Iterable[Known]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for one in ways:
        found[one.person] = found[one.person].with_(one) if one.person in found else one
    return found


def _ways(key: str, person: Mapping[str, Any]) -> Iterator[Known]:
    """A reference, or a name with a birth date, is sure; a name alone is not."""
    if person.get("anonymous"):
        return
    born, name = person.get("born"), _same_name(str(person.get("name", "")))
    adult_on, ref = _adult_on(born), None
    if person.get("ref"):
        ref = _digest(key, "ref", " ".join(str(person["ref"]).split()).casefold())
        yield Known(ref, True, adult_on, ref)
    if name and born:
        yield Known(_digest(key, "born", f"{born} {name}"), True, adult_on, ref)
    if name:
        yield Known(_digest(key, "name", name), False, adult_on, ref)


def _same_name(name: str) -> str:
    """Give the form under which a name is compared: `Léa MARTIN` and `Martin, Lea` are the same."""
    bare = (sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in bare).casefold().split()
    return " ".join(sorted(words))


def _adult_on(born: str | None) -> date | None:
    if born is None:
        return None
    try:
        return due(date.fromisoformat(born), MAJORITY)
    except InputError:  # beyond the calendar
        return date.max


def _digest(key: str, kind: str, text: str) -> str:
    """Under the identity of the database, so that the same person has another digest in another one."""
    hashed = hashlib.blake2b(
        key=key.encode()[: hashlib.blake2b.MAX_KEY_SIZE], person=b"jalon person", digest_size=16
    )
    hashed.update(f"{kind} {text}".encode())
    return hashed.hexdigest()


def key_of(unit: Unit) -> str:
    """Give the key of the digests: the identity of the database."""
    if unit.postmark is not None:
        return unit.postmark.database
    return rows.read_meta(unit.connection, "database") or ""
