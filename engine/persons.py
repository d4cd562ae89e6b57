"""The people of a case, recognised from one file to another by keyed digests; an adult is housed by one at a time."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..domain.case import Actor, Case
from ..domain.civil_dates import due
from ..domain.contacts import members
from ..domain.delay import Delay
from ..domain.errors import ActionRefused, InputError, Reason
from ..domain.linked import Other
from ..domain.timeline import Entry
from ..domain.workflow import SYSTEM, Workflow
from ..persistence import cases as rows
from ..persistence import persons as kept
from .casefile import CaseFile
from .people import seen_by
from .world import Unit

CARE = "soin"
"""The family whose stays may overlap with a room that is kept: said, never refused."""
MAJORITY = Delay.parse("P18Y")


@dataclass(frozen=True, slots=True)
class Known:
    """One way in which someone of a case is recognised; `sure` where it is more than the name."""

    person: str
    sure: bool
    adult_on: date | None
    housed: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another case that houses one of the same people; `adult` where they are known to be one, None if unknown."""

    other: Other
    establishment: str
    adult: bool | None


# -- who they are


def people_facts(workflow: Workflow) -> tuple[str, ...]:
    """Name the facts that say who the people of a case are."""
    return tuple(name for name, fact in workflow.facts.items() if fact.type in ("household", "person"))


def recognised(key: str, value: Mapping[str, Any] | None) -> dict[str, Known]:
    """Give every way in which the people of one fact are recognised; nobody recognises someone anonymous."""
    found: dict[str, Known] = {}
    for person in members(value):
        for one in _ways(key, person):
            before = found.get(one.person)
            found[one.person] = one if before is None or before.adult_on is None else before
    return found


def _ways(key: str, person: Mapping[str, Any]) -> Iterator[Known]:
    """A reference, or a name with a birth date, is sure; a name alone is not."""
    if person.get("anonymous"):
        return
    born, name = person.get("born"), _same_name(str(person.get("name", "")))
    adult_on = _adult_on(born)
    if person.get("ref"):
        yield Known(_digest(key, "ref", " ".join(str(person["ref"]).split()).casefold()), True, adult_on)
    if name and born:
        yield Known(_digest(key, "born", f"{born} {name}"), True, adult_on)
    if name:
        yield Known(_digest(key, "name", name), False, adult_on)


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


def _key(unit: Unit) -> str:
    if unit.postmark is not None:
        return unit.postmark.database
    return rows.read_meta(unit.connection, "database") or ""


# -- whom a case houses


def houses_people(workflow: Workflow) -> bool:
    """Say whether a workflow gives someone a home: a stay for care is none."""
    return bool(workflow.houses) and workflow.family != CARE


def people_of(key: str, workflow: Workflow, acts: Sequence[Entry]) -> dict[str, Known]:
    """Give how the people of a case are recognised, and which adults it houses, as its acts stand.

    Someone is an adult or not on the day they came: when the stay began, or when they were named, if later.
    """
    since = _housed_since(workflow, acts) if houses_people(workflow) else None
    found: dict[str, Known] = {}
    for name in people_facts(workflow):
        setter = next((entry for entry in reversed(acts) if name in entry.facts), None)
        if setter is None:
            continue
        for digest, one in recognised(key, setter.facts[name]).items():
            adult = one.sure and one.adult_on is not None
            housed = since is not None and adult and (one.adult_on or date.max) <= max(since, setter.on)
            before = found.get(digest, one)
            found[digest] = replace(
                one, adult_on=one.adult_on or before.adult_on, housed=housed or before.housed
            )
    return found


def _housed_since(workflow: Workflow, acts: Iterable[Entry]) -> date | None:
    since: date | None = None
    for entry in acts:
        if entry.target:
            since = (since or entry.on) if entry.target in workflow.houses else None
    return since


def keep_people(file: CaseFile, action: str, before: Case | None = None, *, entering: bool = False) -> None:
    """Make the rows say who the people of a case are, and whom it houses. Raises ActionRefused.

    With `before`, nothing is read where the step changed neither the people nor whether they are housed. Whoever
    was housed twice already, unless they are `entering`, does not stand in the way of putting the case right.
    """
    names = people_facts(file.workflow)
    if not names or (before is not None and not _changed(file, before, names)):
        return
    wanted = people_of(_key(file.unit), file.workflow, file.acts)
    known = {row.person: row for row in kept.read_persons(file.connection, file.case.id)}
    if not entering:
        wanted = _as_before(file, wanted, known)
    new = [_row(file, one) for digest, one in wanted.items() if digest not in known]
    gone = [{"case_id": file.case.id, "person": digest} for digest in known if digest not in wanted]
    changed = [
        _row(file, one) for digest, one in wanted.items()
        if digest in known and (known[digest].sure, known[digest].adult_on, known[digest].housed)
        != (one.sure, one.adult_on, one.housed)
    ]  # fmt: skip
    if not kept.write_persons(file.connection, gone, changed, new):
        raise ActionRefused(action, [_already([], elsewhere=True)])


def _as_before(file: CaseFile, wanted: dict[str, Known], known: Mapping[str, Any]) -> dict[str, Known]:
    twice = [
        digest
        for digest, one in wanted.items()
        if one.housed and digest in known and not known[digest].housed
    ]
    taken = kept.housed_elsewhere(file.connection, twice, file.case.id) if twice else ()
    return {digest: replace(one, housed=False) if digest in taken else one for digest, one in wanted.items()}


def _changed(file: CaseFile, before: Case, names: Sequence[str]) -> bool:
    if before.seq == 0 or any(file.case.facts.get(name) != before.facts.get(name) for name in names):
        return True
    return (file.case.state in file.workflow.houses) is not (before.state in file.workflow.houses)


def _row(file: CaseFile, one: Known) -> dict[str, Any]:
    return {
        "case_id": file.case.id, "person": one.person, "sure": one.sure, "adult_on": one.adult_on,
        "housed": one.housed,
    }  # fmt: skip


# -- where else they are


def elsewhere(file: CaseFile, facts: Mapping[str, Any], day: date) -> Sequence[Elsewhere]:
    """Find the other active cases that house the people of a case, those of children apart."""
    mine: dict[str, Known] = {}
    key = _key(file.unit)
    for name in people_facts(file.workflow):
        mine |= recognised(key, facts.get(name))
    asked = (frozenset(mine), day)
    if asked not in file.elsewhere:
        file.elsewhere[asked] = tuple(_matches(file, mine, day)) if mine else ()
    found: Sequence[Elsewhere] = file.elsewhere[asked]
    return found


def _matches(file: CaseFile, mine: Mapping[str, Known], day: date) -> Iterator[Elsewhere]:
    by_case: dict[int, list[Any]] = {}
    for row in kept.cases_with(file.connection, mine, file.case.id):
        by_case.setdefault(row.case_id, []).append(row)
    for number, found in by_case.items():
        row = found[0]
        workflow = file.known_workflow(row.workflow, row.version)
        if row.state not in workflow.houses:
            continue
        sure = [one for one in found if one.sure]
        named = [one for one in found if not one.sure and None in (one.adult_on, mine[one.person].adult_on)]
        ages = [one.adult_on or mine[one.person].adult_on for one in sure or named]
        if not ages or all(age is not None and age > day for age in ages):
            continue  # nobody in common, or children only: they may have two homes
        adult = True if any(age is not None and age <= day for age in ages) else None
        other = Other(number, row.workflow, workflow.family, row.state, bool(sure))
        yield Elsewhere(other, row.establishment_id, adult)


def others_of(file: CaseFile, facts: Mapping[str, Any], day: date) -> tuple[Other, ...]:
    """Give the other active cases that house the same people, for the conditions that count them."""
    return tuple(found.other for found in elsewhere(file, facts, day))


def overlaps(
    file: CaseFile, actor: Actor, target: str | None, facts: Mapping[str, Any], day: date, at: datetime
) -> tuple[list[Reason], list[Reason]]:
    """Say why people cannot come to live here, and what is only worth saying: they are housed elsewhere.

    `target` is the state to which the step leads, `facts` those it leaves. Asked where someone begins to live here.
    """
    houses = file.workflow.houses
    if (target or file.case.state) not in houses:
        return [], []
    names = people_facts(file.workflow)
    staying = file.case.state in houses
    if staying and all(facts.get(name) == file.case.facts.get(name) for name in names):
        return [], []
    found = elsewhere(file, facts, day)
    if staying and found:  # those that were there already were judged when they came
        judged = {one.other.case_id for one in elsewhere(file, file.case.facts, day)}
        found = [one for one in found if one.other.case_id not in judged]
    refused = [one for one in found if _refused(file, one)]
    care = any(one.other.sure and one not in refused and _for_care(file, one) for one in found)
    name = any(one not in refused and not (one.other.sure and _for_care(file, one)) for one in found)
    warnings = [Reason("overlap_care")] if care else []
    warnings += [Reason("overlap_name")] if name else []
    return ([_told(file, actor, refused, at)] if refused else []), warnings


def _for_care(file: CaseFile, one: Elsewhere) -> bool:
    return CARE in (file.workflow.family, one.other.family)


def _refused(file: CaseFile, one: Elsewhere) -> bool:
    return one.other.sure and one.adult is True and not _for_care(file, one)


def _told(file: CaseFile, actor: Actor, refused: Sequence[Elsewhere], at: datetime) -> Reason:
    """Name the other files only to whom may see them."""
    seen = () if SYSTEM in actor.roles else seen_by(file.connection, actor.id, at) or ()
    visible = {file.house.id, *seen}
    numbers = [f"D-{one.other.case_id:04d}" for one in refused if one.establishment in visible]
    return _already(numbers, elsewhere=len(numbers) < len(refused))


def _already(numbers: Sequence[str], *, elsewhere: bool) -> Reason:
    return Reason("already_housed", {"cases": list(numbers), "elsewhere": elsewhere})
