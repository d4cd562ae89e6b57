"""A workflow with its fragments: one set of sections, each name written once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .grammar import FragmentText, RoleLine, Sections, StateText, WorkflowText
from .reader import Document
from .report import Report, nearest
from .validate import validate

Finder = Callable[[str], Document | None]
"""Finds a fragment by its name."""

FLAT = (
    "groups", "parameters", "documents", "facts", "waivers", "tasks", "notices", "ladders", "actions", "deadlines",
)  # fmt: skip


@dataclass(slots=True)
class Merged:
    """The sections of a workflow and its fragments, put together."""

    head: WorkflowText
    roles: dict[str, tuple[str, RoleLine]] = field(default_factory=dict)
    states: dict[str, tuple[str, StateText]] = field(default_factory=dict)
    flat: dict[str, dict[str, Any]] = field(default_factory=lambda: {section: {} for section in FLAT})
    needs: list[tuple[Document, str, str, int]] = field(default_factory=list)


def merge(document: Document, find: Finder, report: Report) -> Merged | None:
    """Validate a document and the fragments it includes, and put their sections together."""
    head = validate(document, WorkflowText, report)
    if head is None:
        return None
    merged = Merged(head)
    _take(merged, head, document, report)
    for index, name in enumerate(head.include):
        fragment = find(name)
        if fragment is None:
            report.add(("include", index), f"fragment inconnu « {name} »", code="unknown_name")
            continue
        part = validate(fragment, FragmentText, report)
        if part is None:
            continue
        _take(merged, part, fragment, report)
        for kind, names in part.needs.items():
            merged.needs += [(fragment, kind, needed, index) for index, needed in enumerate(names)]
    _check_needs(merged, report)
    return merged


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
        text = f"« {name} » est déjà défini dans {first.file}"
        report.add_in(document, path, text, code="duplicate_name", key=True)
        return False
    report.came_from(section, name, document)
    return True


def _check_needs(merged: Merged, report: Report) -> None:
    for document, kind, name, index in merged.needs:
        known = set(_known(merged, kind))
        if name not in known:
            text = f"ce fragment attend « {name} » ({kind}), que le document ne définit pas{nearest(name, known)}"
            report.add_in(document, ("needs", kind, index), text, code="unknown_name")


def _known(merged: Merged, kind: str) -> Iterator[str]:
    yield from merged.flat["groups"]
    if kind == "states":
        yield from merged.states
    elif kind == "roles":
        yield from merged.roles
    else:
        yield from merged.flat[kind]
