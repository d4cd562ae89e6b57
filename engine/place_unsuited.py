"""A place that a case holds and that suits it no more: the truth is recorded, and said; nobody is put out for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..domain.beyond import Fit, PlaceKind
from ..domain.errors import Reason
from ..domain.facts import derived_facts, plain
from ..domain.texts import place_key
from ..domain.timeline import Entry, facts_of
from ..domain.workflow import Action, Workflow
from ..persistence import places as rows
from ..persistence.database import Connection
from .casefile import CaseFile
from .place_choice import seeker, unsuited
from .place_sight import TAKING, load_stock, with_roommates
from .place_spans import holding

NAME = "place_inadaptee"


def matters(workflow: Workflow, names: Iterable[str]) -> bool:
    """Say whether some facts decide which place suits."""
    kind = workflow.place
    return kind is not None and not asked_by(kind.fits).isdisjoint(names)


def by_act(file: CaseFile, rule: Action, facts: Mapping[str, Any]) -> list[Reason]:
    """Say that the place of a case suits it no more with the facts that an act would leave; one it takes is judged."""
    return [] if rule.place == "free" else _held_still(file, facts, moves=rule.place in TAKING)


def by_correction(file: CaseFile, values: Mapping[str, Any]) -> list[Reason]:
    """Say that the place of a case suits it no more as things are put right; one that it moves to is judged."""
    kind = file.workflow.place
    if kind is None or not matters(file.workflow, values):
        return []
    return _held_still(file, {**file.case.facts, **values}, moves=kind.fact in values)


def by_annulment(file: CaseFile, undone: Sequence[Entry]) -> list[Reason]:
    """Say that the place that a case would have suits it no more with what it was known to be."""
    kind = file.workflow.place
    span = holding(file.workflow, undone) if kind is not None and kind.fits else None
    if kind is None or span is None:
        return []
    facts = {**facts_of(undone), **derived_facts(file.workflow, undone)}
    return _found(file, kind, facts, place_key(span.place))


def unsuited_now(
    connection: Connection, workflow: Workflow, house: str, cases: Collection[int]
) -> dict[int, Reason]:
    """Say why the places that some cases of a house hold suit them no more, by case."""
    if workflow.place is None or not workflow.place.fits:
        return {}
    stock = load_stock(connection, house, workflow.place.kind)
    mine = {key: taken.case_id for key, taken in stock.taken.items() if taken.case_id in cases}
    facts = rows.facts_of_cases(connection, list(mine.values())) if stock.places else {}
    seekers = {key: seeker(workflow, case, facts.get(case, {})) for key, case in mine.items()}
    known = {key: seeking for key, seeking in seekers.items() if seeking is not None}
    stock = with_roommates(connection, stock, list(known.values()))
    found = ((seeking.case_id, unsuited(stock, seeking, key)) for key, seeking in known.items())
    return {case: reason for case, reason in found if reason is not None}


def unsuited_words(reason: Reason) -> str:
    """Say in a line that a place suits no more, in the words of the workflow."""
    text = reason.text.rstrip(".")
    return f"Place qui ne convient plus : {text[:1].lower()}{text[1:]}"


def asked_by(fits: Iterable[Fit]) -> set[str]:
    """Name the facts that conditions on a place ask."""
    return {name for fit in fits for name in (fit.fact, fit.unless) if name is not None}


def _held_still(file: CaseFile, facts: Mapping[str, Any], *, moves: bool) -> list[Reason]:
    """Ask about the place that a case goes on holding."""
    kind, held = file.workflow.place, rows.held_place(file.connection, file.case.id)
    if kind is None or held is None:
        return []
    named = facts.get(kind.fact)
    if moves and isinstance(named, str) and place_key(named) != held.place:
        return []
    return _found(file, kind, facts, held.place)


def _found(file: CaseFile, kind: PlaceKind, facts: Mapping[str, Any], key: str) -> list[Reason]:
    """Ask what the facts that change decide, and nothing else: who was unsuited already is not told again."""
    known = file.case.facts
    changed = {name for name in asked_by(kind.fits) if plain(facts.get(name)) != plain(known.get(name))}
    fits = tuple(fit for fit in kind.fits if changed & asked_by((fit,)))
    seeking = seeker(file.workflow, file.case.id, facts, kind.model_copy(update={"fits": fits}))
    if not fits or seeking is None:
        return []
    stock = load_stock(file.connection, file.house.id, kind.kind)
    reason = unsuited(with_roommates(file.connection, stock, [seeking]), seeking, key)
    return [] if reason is None else [Reason("place_unsuited", {**reason.data, "why": reason.text})]
