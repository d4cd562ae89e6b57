"""The documents of a file: received, valid until, or not applicable."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ..domain.arguments import EARLIEST
from ..domain.case import Actor, Document
from ..domain.civil_dates import due
from ..domain.errors import ActionRefused, Reason
from ..domain.question import setting
from ..domain.texts import paragraph
from ..persistence import cases as rows
from .arming import arm
from .casefile import CaseFile, Line, append


def record_document(
    file: CaseFile, kind: str, actor: Actor, at: datetime, *, received_on: date | None, valid_until: date | None,
    signed_on: date | None, not_applicable: str | None,
) -> Document:  # fmt: skip
    """Record a document in the file. Raises ActionRefused with every reason."""
    today = file.civil_day(at)
    if isinstance(not_applicable, str):
        paragraph(not_applicable, "not_applicable")
    reasons = staff_only(file, actor)
    paper = file.workflow.documents.get(kind)
    if paper is None:
        raise ActionRefused("document", [*reasons, Reason("document_unknown", {"document": kind})])
    why = (not_applicable if isinstance(not_applicable, str) else "").strip() or None
    if not_applicable is not None and why is None:
        reasons.append(Reason("reason_missing", {"document": kind}))
    received = received_on if why is not None else received_on or today
    for name, value in (("received_on", received_on), ("signed_on", signed_on)):
        if value is not None and value > today:
            reasons.append(Reason("document_future", {"field": name, "value": value.isoformat()}))
    for name, value in (("received_on", received_on), ("valid_until", valid_until), ("signed_on", signed_on)):
        if value is not None and value < EARLIEST:
            reasons.append(Reason("effective_too_old", {"field": name, "on": value.isoformat()}))
    if why is None and received is not None and valid_until is not None and valid_until < received:
        reasons.append(Reason("document_backwards", {"received_on": received.isoformat()}))
    if reasons:
        raise ActionRefused("document", reasons)
    if valid_until is None and received is not None and paper.valid is not None:
        valid_until = due(received, str(setting(paper.valid, file.parameters)))
    if signed_on is None and why is None and paper.signed:
        signed_on = received  # a paper that is to be signed is received signed, unless another day is said
    document = Document(kind, received, valid_until, signed_on, why)
    _keep(file, document, actor, at, today)
    return document


def _keep(file: CaseFile, document: Document, actor: Actor, at: datetime, today: date) -> None:
    body: dict[str, Any] = {"document": document.type}
    for name in ("received_on", "valid_until", "signed_on"):
        value = getattr(document, name)
        if value is not None:
            body[name] = value.isoformat()
    # An act that waited for its conditions may now be possible: it is tried again.
    changes = arm(file, at, today, wake=True)
    if changes:
        body["changes"] = changes
    secret = {"not_applicable": document.not_applicable} if document.not_applicable else {}
    event = append(file, Line("document", at, today, actor.id, body=body, secret=secret))
    rows.insert_document(
        file.connection,
        {"case_id": file.case.id, "type": document.type, "received_on": document.received_on,
         "valid_until": document.valid_until, "signed_on": document.signed_on,
         "not_applicable": document.not_applicable, "actor_id": actor.id, "seq": event.seq},
    )  # fmt: skip
    file.documents.append(document)
    file.case = replace(file.case, revision=file.case.revision + 1)


def staff_only(file: CaseFile, actor: Actor) -> list[Reason]:
    """Say that only someone of the house may do this."""
    staff = {name for name, role in file.workflow.roles.items() if role.kind in ("staff", "body")}
    if actor.roles & staff:
        return []
    labels = [file.workflow.roles[name].label for name in sorted(staff)]
    return [Reason("role", {"actor": actor.id, "roles": sorted(staff), "labels": labels})]
