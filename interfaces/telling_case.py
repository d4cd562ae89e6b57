"""A case told as it stands, and what an act has just changed."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from .. import Case, Document, Event, Occurrence
from ..domain.explain_dates import long_date
from .french import listed, plural, short_date
from .telling import STATUSES, Teller, by_when, message_line
from .telling_changes import change_line
from .telling_history import changes, details, what
from .telling_links import around_lines, linked_lines, would_lines
from .words import warning_words

CLOSED = {"met": "tenue", "missed": "manquée", "void": "sans objet"}
NEXT = 4  # dates shown after an act


def case_lines(
    told: Teller, case: Case, house: str, documents: Sequence[Document], dates: Sequence[Occurrence],
    notices: Sequence[Any], tasks: Sequence[Any], links: Sequence[Any] = (),
) -> Iterator[str]:  # fmt: skip
    """Tell a case: where it stands, what is known, the documents, the dates, what is to be done."""
    workflow, state = told.workflow, told.workflow.states[case.state]
    yield f"Dossier {case.number} : {workflow.title} ({case.workflow}, version {case.version})"
    yield f"  Établissement : {house} ({case.establishment})"
    yield f"  État : {state.label} ({case.state}), depuis le {long_date(case.state_since)}"
    yield f"  {turn(told, case)}"
    closed = f", fermé le {long_date(case.closed_on)}" if case.closed_on else ""
    yield f"  Ouvert le {long_date(case.opened_on)}{closed}"
    if case.referent:
        yield f"  Suivi par : {told.person(case.referent)} ({case.referent})"
    yield f"  Révision : {case.revision}"
    for heading, lines in (
        ("Données", _facts(told, case)),
        ("Dossiers liés", linked_lines(links)),
        ("Pièces", _papers(told, documents)),
        ("Dates", _dates(told, dates)),
        ("Tâches", (f"{task.label}, {by_when(task.due_on, told.today)}" for task in tasks)),
        ("Messages", _messages(case, notices)),
    ):
        found = list(lines)
        if found:
            yield ""
            yield heading
            yield from (f"  {line}" for line in found)


def turn(told: Teller, case: Case) -> str:
    """Say whose turn it is."""
    state = told.workflow.states[case.state]
    if state.terminal:
        return "Fin du parcours."
    return f"Au tour de : {told.roles(state.turn)}" if state.turn else "Personne n’est attendu."


def _facts(told: Teller, case: Case) -> Iterator[str]:
    for name in told.workflow.facts:
        value = case.facts.get(name)
        if value is not None and not (told.workflow.facts[name].type == "count" and value == 0):
            yield f"{told.fact(name)} ({name}) : {told.value(name, value)}"


def _papers(told: Teller, documents: Sequence[Document]) -> Iterator[str]:
    last = {document.type: document for document in documents}
    for name, document in last.items():
        label = told.workflow.documents[name].label
        yield f"{label} ({name}) : {paper_words(document, told.today)}"


def paper_words(document: Document, today: date) -> str:
    """Say where a document stands."""
    if document.not_applicable:
        return f"non applicable, {document.not_applicable}"
    parts = [f"reçue le {short_date(document.received_on)}"] if document.received_on else []
    if document.signed_on:
        parts.append(f"signée le {short_date(document.signed_on)}")
    if document.valid_until:
        over = document.valid_until < today
        parts.append(
            f"{'périmée depuis le' if over else 'valable jusqu’au'} {short_date(document.valid_until)}"
        )
    return listed(parts)


def _dates(told: Teller, dates: Sequence[Occurrence]) -> Iterator[str]:
    waiting = sorted((item for item in dates if item.status == "open"), key=lambda item: item.due_on)
    for item in waiting:
        rule = told.workflow.deadlines[item.name]
        yield f"{rule.label} ({item.name}) : {by_when(item.due_on, told.today)}"
    done = [item for item in dates if item.status != "open"]
    if done:
        counts = [(word, sum(item.status == status for item in done)) for status, word in CLOSED.items()]
        said = listed(
            plural(count, word, word if word == "sans objet" else f"{word}s")
            for word, count in counts
            if count
        )
        yield f"et avant : {said} (jalon history)"


def _messages(case: Case, notices: Sequence[Any]) -> Iterator[str]:
    counts = [(status, sum(notice.status == status for notice in notices)) for status in STATUSES]
    known = [f"{count} {_many(STATUSES[status], count)}" for status, count in counts if count]
    if known:
        yield f"{listed(known)} (jalon outbox --case {case.id})"


def _many(word: str, count: int) -> str:
    return {"parti": "partis", "abandonné": "abandonnés"}.get(word, word) if count > 1 else word


# -- after an act


def step_lines(
    told: Teller, case: Case, events: Sequence[Event], notices: Sequence[Any], subjects: dict[int, str],
    pending: Sequence[Any],
) -> Iterator[str]:  # fmt: skip
    """Tell what a step did: the new state, the dates, the messages, the warnings, and whose turn it now is.

    Its own line comes first among `events`, then what its links bring to the case.
    """
    event, *after = events
    on = f", le {long_date(event.effective_on)}" if event.effective_on != told.today else ""
    yield f"{case.number} : {what(told, event)}{on}. Enregistré (révision {case.revision})."
    if event.kind == "act":
        yield from (f"  Attention : {warning_words(text)}" for text in event.body.get("warnings", ()))
        yield from (f"  {line}" for line in around_lines(told, event.body))
        action = told.workflow.actions[event.action or ""]
        yield from (f"  Tâche ouverte : {told.workflow.tasks[name].label}" for name in action.task)
    else:
        yield from (f"  {line}" for line in details(told, event))
    yield from (f"  {line}" for line in changes(told, event))
    yield from (f"  {message_line(told, notice, subjects.get(notice.id))}" for notice in notices)
    for one in after:
        yield f"  {what(told, one)}"
        yield from (f"    {line}" for line in (*details(told, one), *changes(told, one)))
    yield from after_lines(told, case, pending)


def after_lines(told: Teller, case: Case, pending: Sequence[Any]) -> Iterator[str]:
    """Say whose turn it now is, and by when."""
    yield turn(told, case)
    state = told.workflow.states[case.state]
    awaited = [item for item in pending if item.kind in ("deadline", "task") and not item.informative]
    for item in awaited[:NEXT]:
        other = item.who_labels and tuple(item.who) != state.turn
        who = f" ; {listed(item.who_labels, 'ou')}" if other else ""
        yield f"  {item.label} : {by_when(item.due_on, told.today)}{who}"
    if len(awaited) > NEXT:
        yield f"  … et {plural(len(awaited) - NEXT, 'autre date', 'autres dates')} (jalon show {case.id})"


def preview_lines(told: Teller, before: Case, preview: Any, label: str) -> Iterator[str]:
    """Say what an act would do."""
    case, workflow = preview.case, told.workflow
    yield f"{case.number} : « {label} » serait possible. Rien n’est enregistré."
    if case.state != before.state:
        yield f"  État : {workflow.states[before.state].label} → {workflow.states[case.state].label}"
    yield from (f"  Attention : {warning_words(text)}" for text in preview.warnings)
    yield from (f"  {line}" for line in would_lines(told, preview))
    yield from (f"  {change_line(told, change, told.today)}" for change in preview.changes)
    for notice in preview.notices:
        how = ", sur papier" if notice.on_paper else ""
        yield f"  Message : « {notice.template} », à {told.role(notice.role)}{how}"
    yield turn(told, case)
