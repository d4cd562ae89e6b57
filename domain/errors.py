"""Every error jalon raises on purpose.

JalonError
├── DefinitionError        a workflow document that cannot be used; see .problems
├── InputError             an argument that makes no sense (a date, a delay, a zone, a name)
├── NotFound               no such case, actor, establishment, workflow or document
├── ActionRefused          the step may not be taken; see .reasons, all of them
├── StaleCase              someone else moved the case first
├── KeyReused              the idempotency key already answers another command
├── VersionFrozen          this version of the workflow is registered with other content
├── StorageError           the database cannot be used as it is
│   ├── NotInitialised     it holds no jalon tables
│   ├── NeedsUpgrade       it comes from an older jalon
│   ├── TooRecent          it comes from a newer jalon
│   ├── StaleSnapshot      a host's transaction read before jalon could lock
│   └── HistoryBroken      a history row is not what was written
└── TemplateError          a message that cannot be rendered

Each carries a stable `code` and `data` for machines, and an English sentence for developers;
`interfaces/` words them in French for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


class JalonError(Exception):
    """Root of every error jalon raises on purpose."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", **data: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.data: dict[str, Any] = data


class InputError(JalonError):
    """An argument makes no sense."""

    code = "input"


class NotFound(JalonError):
    """Nothing is known under this name."""

    code = "not_found"

    def __init__(self, kind: str, name: object) -> None:
        super().__init__(f"no {kind} is known as {name!r}", kind=kind, name=name)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a document: where it stands, and a French sentence for its author."""

    file: str
    line: int
    column: int
    text: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class DefinitionError(JalonError):
    """A workflow document cannot be used."""

    code = "definition"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step may not be taken: a stable code, its data, and the French sentence of the workflow if it has one."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""


class ActionRefused(JalonError):
    """The step may not be taken."""

    code = "refused"

    def __init__(self, action: str, reasons: Sequence[Reason]) -> None:
        self.action = action
        self.reasons = tuple(reasons)
        codes = ", ".join(reason.code for reason in self.reasons)
        super().__init__(f"{action} was refused: {codes}", action=action)


class StaleCase(JalonError):
    """Someone else moved the case first."""

    code = "stale_case"


class KeyReused(JalonError):
    """The idempotency key already answers another command."""

    code = "key_reused"


class VersionFrozen(JalonError):
    """This version of the workflow is registered with other content."""

    code = "version_frozen"


class StorageError(JalonError):
    """The database cannot be used as it is."""

    code = "storage"


class NotInitialised(StorageError):
    """The database holds no jalon tables."""

    code = "not_initialised"


class NeedsUpgrade(StorageError):
    """The database comes from an older jalon."""

    code = "needs_upgrade"


class TooRecent(StorageError):
    """The database comes from a newer jalon."""

    code = "too_recent"


class StaleSnapshot(StorageError):
    """The host's transaction read the database before jalon could lock it, and what it read has changed."""

    code = "stale_snapshot"


class HistoryBroken(StorageError):
    """A history row is not what was written."""

    code = "history_broken"


class TemplateError(JalonError):
    """A message cannot be rendered."""

    code = "template"
