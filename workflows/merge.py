"""A workflow with its fragments: one set of sections, each name written once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..domain.errors import DefinitionError
from ..domain.workflow import ANY, PREVIOUS, START, SYSTEM
from .grammar import FragmentText, RoleLine, Sections, StateText, WorkflowText
from .reader import Document
from .report import Path, Report, shown, suggestion
from .validate import validate
from .values import NAME

Finder = Callable[[str], Document | None]
"""Finds a fragment by its name."""

MOST_ELEMENTS = {"states": 300, "actions": 600}
MOST_OTHERS = 1_000
"""A section longer than this is refused: nobody could read it, and the checks would take too long."""

FLAT = (
    "groups", "parameters", "documents", "facts", "seasons", "waivers", "links", "tasks", "notices", "ladders",
    "actions", "deadlines",
)  # fmt: skip
RECIPIENTS = ("who", "escalation", "household", "referent")
WAIVE = "deroger_"
WAIVER_REASON = "motif_derogation"
IMPLICIT_FACTS = ("signature_", "preuve_signature_")

_RESERVED = {
    "states": (START, PREVIOUS, ANY),
    "roles": (SYSTEM, "staff", "body", "partner", *RECIPIENTS),
    "groups": (START, PREVIOUS, ANY, SYSTEM, "staff", "body", "partner", *RECIPIENTS),
    "facts": (WAIVER_REASON,),
}
_NAME = re.compile(NAME)


@dataclass(slots=True)
class Merged:
    """The sections of a workflow and its fragments, put together."""

    head: WorkflowText
    roles: dict[str, tuple[str, RoleLine]] = field(default_factory=dict)
    states: dict[str, tuple[str, StateText]] = field(default_factory=dict)
    flat: dict[str, dict[str, Any]] = field(default_factory=lambda: {section: {} for section in FLAT})
    needs: list[tuple[Document, str, str, Path]] = field(default_factory=list)


def merge(document: Document, find: Finder, report: Report) -> Merged | None:
    """Validate a document and the fragments it includes, and put their sections together.

    None where too much is missing to go on.
    """
    head = validate(document, WorkflowText, report)
    if head is None:
        return None
    merged = Merged(head)
    _take(merged, head, document, report)
    for index, name in enumerate(dict.fromkeys(head.include)):
        fragment = _found(name, find, report, ("include", index))
        part = None if fragment is None else validate(fragment, FragmentText, report)
        if fragment is None or part is None:
            continue
        _take(merged, part, fragment, report)
        for kind, names in part.needs.items():
            merged.needs += [
                (fragment, kind, needed, ("needs", kind, place)) for place, needed in enumerate(names)
            ]
    _check_sizes(merged, report)
    if report.fatal:
        return None
    _check_needs(merged, report)
    _check_groups(merged, report)
    return merged


def _found(name: str, find: Finder, report: Report, path: Path) -> Document | None:
    try:
        fragment = find(name)
    except DefinitionError as error:
        report.take(error.problems)
        fragment = None
    else:
        if fragment is None:
            report.add(path, f"fragment inconnu « {shown(name)} »", code="unknown_name")
    report.fatal |= fragment is None
    return fragment


def _take(merged: Merged, part: Sections, document: Document, report: Report) -> None:
    for kind, roles in part.roles.items():
        for name, role in roles.items():
            if _fresh("roles", name, merged.roles, document, ("roles", kind, name), report):
                merged.roles[name] = (kind, role)
    for phase, states in part.states.items():
        for name, state in states.items():
            if _fresh("states", name, merged.states, document, ("states", phase, name), report):
                merged.states[name] = (phase, state)
    for section in FLAT:
        for name, element in getattr(part, section).items():
            if _fresh(section, name, merged.flat[section], document, (section, name), report):
                merged.flat[section][name] = element


def _fresh(
    section: str, name: str, taken: dict[str, Any], document: Document, path: tuple[str, ...], report: Report
) -> bool:
    """Say whether a name is written for the first time; a second time is a fault, where it is written."""
    if name in taken:
        first = report.origins[(section, name)]
        text = f"« {shown(name)} » est déjà défini dans {first.file}"
        report.add_in(document, path, text, code="duplicate_name", key=True)
        return False
    report.came_from(section, name, document)
    if not _NAME.fullmatch(name):
        text = f"« {shown(name)} » : un nom s’écrit en minuscules, chiffres et _, et commence par une lettre"
        report.add_in(document, path, text, code="name", key=True)
    elif _is_reserved(section, name):
        text = f"« {shown(name)} » est un nom réservé"
        report.add_in(document, path, text, code="reserved", key=True)
    return True


def _is_reserved(section: str, name: str) -> bool:
    implicit = {"facts": IMPLICIT_FACTS, "actions": (WAIVE,)}.get(section)
    return name in _RESERVED.get(section, ()) or (implicit is not None and name.startswith(implicit))


def _check_sizes(merged: Merged, report: Report) -> None:
    sizes = {section: len(held) for section, held in merged.flat.items()}
    for section, size in {"states": len(merged.states), "roles": len(merged.roles), **sizes}.items():
        most = MOST_ELEMENTS.get(section, MOST_OTHERS)
        if size > most:
            report.add((section,), f"plus de {most} éléments dans « {section} »", code="size", key=True)
            report.fatal = True


def _check_needs(merged: Merged, report: Report) -> None:
    for document, kind, name, path in merged.needs:
        known = dict.fromkeys(_known(merged, kind))
        if name not in known:
            text = f"ce fragment attend « {shown(name)} » ({kind}), que le document ne définit pas"
            report.add_in(document, path, text + suggestion(report.closest(name, known)), code="unknown_name")


def _known(merged: Merged, kind: str) -> Iterator[str]:
    yield from merged.flat["groups"]
    if kind == "states":
        yield from merged.states
    elif kind == "roles":
        yield from merged.roles
    else:
        yield from merged.flat[kind]


def _check_groups(merged: Merged, report: Report) -> None:
    """A group has a name of its own, and its members are known."""
    named = ("documents", "facts", "tasks", "notices", "actions", "deadlines")
    elements = {*merged.states, *merged.roles, *(name for kind in named for name in merged.flat[kind])}
    groups = merged.flat["groups"]
    reserved = {"staff", "body", "partner", SYSTEM}
    for name, members in groups.items():
        if name in elements:
            text = f"« {shown(name)} » est aussi le nom d’un élément : un groupe a un nom à lui"
            report.add(("groups", name), text, code="ambiguous", key=True)
        for index, member in enumerate(members):
            if member not in elements and member not in groups and member not in reserved:
                close = report.closest(member, [*elements, *groups])
                text = f"membre inconnu « {shown(member)} »{suggestion(close)}"
                report.add(("groups", name, index), text, code="unknown_name")
