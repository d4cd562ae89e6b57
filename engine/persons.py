"""The people of a case as its rows have them, and whom it houses: an adult has one home, and one bed for care."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from ..domain.case import Case
from ..domain.errors import ActionRefused, Reason
from ..domain.timeline import Entry
from ..domain.workflow import Workflow
from ..persistence import persons as kept
from .casefile import CaseFile
from .recognising import Known, key_of, newcomers, people_facts, recognised

FAMILY_OF_CARE: Final = "soin"
HOME, CARE = "home", "care"
"""As what a case houses people; one of each overlaps: said, never refused."""
COLUMNS = ("sure", "adult_on", "ref", "housed", "adult")
"""What the history says of someone; whether they are `counted` depends on the other cases."""


def kind_of(family: str | None) -> str:
    """Say as what the workflows of a family house people."""
    return CARE if family == FAMILY_OF_CARE else HOME


def people_of(key: str, workflow: Workflow, acts: Sequence[Entry]) -> dict[str, Known]:
    """Give how the people of a case are recognised, and whom it houses, as its acts stand.

    Someone is an adult or not on the day they came: when the stay began, or when they were named, if later.
    """
    since = housed_since(workflow, acts)
    found: dict[str, Known] = {}
    for name in people_facts(workflow):
        setter = next((entry for entry in reversed(acts) if name in entry.facts), None)
        if setter is None:
            continue
        for digest, one in recognised(key, setter.facts[name]).items():
            if since is not None and one.sure:
                adult = one.adult_on is None or one.adult_on <= max(since, setter.on)
                one = replace(one, housed=kind_of(workflow.family), adult=adult)
            found[digest] = one.with_(found[digest]) if digest in found else one
    return found


def housed_since(workflow: Workflow, acts: Iterable[Entry]) -> date | None:
    """Give the day on which the stay that the acts leave began."""
    since: date | None = None
    for entry in acts:
        if entry.target:
            since = (since or entry.on) if entry.target in workflow.houses else None
    return since


def keep_people(file: CaseFile, action: str, before: Case | None = None, *, entering: bool = False) -> None:
    """Make the rows say who the people of a case are, and whom it houses. Raises ActionRefused.

    With `before`, nothing is read where the step changed neither the people nor whether they are housed. Only who
    comes to live here must have no other home: whoever is `entering`, or joins those who are there. What is put right
    is the truth, and someone who turns out to be housed twice is not counted here as long as they are there.
    """
    names = people_facts(file.workflow)
    if not names or (before is not None and not _changed(file, before, names)):
        return
    key = key_of(file.unit)
    wanted = people_of(key, file.workflow, file.acts)
    known = {row.person: row for row in kept.read_persons(file.connection, file.case.id)}
    coming: Collection[str] = wanted if entering else ()
    if before is not None and not entering:
        coming = newcomers(key, *([case.facts.get(name) for name in names] for case in (before, file.case)))
    counted = _counted(file, action, wanted, known, coming)
    rows = {digest: row_of(file.case.id, one, digest in counted) for digest, one in wanted.items()}
    new = [row for digest, row in rows.items() if digest not in known]
    changed = [row for digest, row in rows.items() if digest in known and _differs(known[digest], row)]
    gone = [{"case_id": file.case.id, "person": digest} for digest in known if digest not in wanted]
    if not kept.write_persons(file.connection, gone, changed, new):
        raise ActionRefused(action, [already_housed(file, [], elsewhere=True)])
    free = [
        (digest, row.housed) for digest, row in known.items()
        if row.counted and not (digest in counted and wanted[digest].housed == row.housed)
    ]  # fmt: skip
    kept.hand_on(file.connection, free)


def _counted(
    file: CaseFile,
    action: str,
    wanted: Mapping[str, Known],
    known: Mapping[str, Any],
    coming: Collection[str],
) -> set[str]:
    """Name those who count as housed here: one case counts for each adult. Raises ActionRefused."""
    adults = {digest for digest, one in wanted.items() if one.housed and one.adult}
    asked = {
        digest for digest in adults
        if not (digest in known and known[digest].counted and known[digest].housed == wanted[digest].housed)
    }  # fmt: skip
    if not asked:
        return adults
    taken = kept.counted_elsewhere(file.connection, asked, kind_of(file.workflow.family), file.case.id)
    if any(wanted[digest].may_be(ref) for digest, ref in taken.items() if digest in coming):
        raise ActionRefused(action, [already_housed(file, [], elsewhere=True)])
    return adults - set(taken)


def _changed(file: CaseFile, before: Case, names: Sequence[str]) -> bool:
    if before.seq == 0 or any(file.case.facts.get(name) != before.facts.get(name) for name in names):
        return True
    return (file.case.state in file.workflow.houses) is not (before.state in file.workflow.houses)


def row_of(case_id: int, one: Known, counted: bool) -> dict[str, Any]:
    """Give the row of someone of a case."""
    values = {name: getattr(one, name) for name in COLUMNS}
    return {"case_id": case_id, "person": one.person, **values, "counted": counted}


def _differs(known: Any, row: Mapping[str, Any]) -> bool:
    return any(getattr(known, name) != row[name] for name in (*COLUMNS, "counted"))


def already_housed(file: CaseFile, numbers: Sequence[str], *, elsewhere: bool) -> Reason:
    """Refuse someone who is housed: the other files, where they may be named, or in another house."""
    data = {"cases": list(numbers), "elsewhere": elsewhere, "kind": kind_of(file.workflow.family)}
    return Reason("already_housed", data)
