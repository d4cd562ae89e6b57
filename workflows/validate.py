"""From a read document to its authored form, every fault of shape said in French where it stands."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .faults import faults_of
from .mend import Mender
from .reader import Document
from .report import Path, Report, shown

Form = TypeVar("Form", bound=BaseModel)

MOST_MENDINGS = 6
MOST_ITEMS = 1_000
"""A list or a table longer than this is refused: nobody could read it, and checking it would take too long."""


def validate(document: Document, form: type[Form], report: Report) -> Form | None:
    """Read a document as one of the authored forms, its faults in the report; None where it cannot be mended.

    A document at fault is mended just enough to be read on, so that what else is wrong is told at the same time.
    """
    if not _is_bounded(document, report):
        report.fatal = True
        return None
    mender = Mender(document, form, report)
    for path in reversed(list(_empty(document.data, ()))):
        mender.leave_empty(path)
    for _ in range(MOST_MENDINGS):
        try:
            return form.model_validate(mender.data)
        except ValidationError as error:
            mender.mend(faults_of(error, mender.data))
        if report.full:
            break
    report.fatal = True
    return None


def _empty(data: Any, path: Path) -> Iterator[Path]:
    """Find the values that are missing, in the order of the document."""
    for part, value in _items(data):
        if value is None:
            yield (*path, part)
        elif isinstance(value, dict | list):
            yield from _empty(value, (*path, part))


def _is_bounded(document: Document, report: Report) -> bool:
    todo: list[tuple[Path, Any]] = [((), document.data)]
    for path, data in todo:
        if len(data) > MOST_ITEMS:
            where = f"« {shown(path[-1])} »" if path else "ce document"
            report.add_in(
                document, path, f"plus de {MOST_ITEMS} éléments dans {where}", code="size", key=True
            )
            return False
        todo += [((*path, part), value) for part, value in _items(data) if isinstance(value, dict | list)]
    return True


def _items(data: Any) -> Any:
    return data.items() if isinstance(data, dict) else enumerate(data)
