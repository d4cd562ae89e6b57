"""jalon: a workflow engine for admission and social accompaniment."""

from importlib import import_module
from typing import Any

from .domain.calendars import Calendar
from .domain.case import Actor, Case, Document, Event, Occurrence
from .domain.delay import Delay
from .domain.errors import (
    ActionRefused,
    DefinitionError,
    HistoryBroken,
    InputError,
    JalonError,
    KeyReused,
    NeedsUpgrade,
    NotFound,
    NotInitialised,
    Problem,
    Reason,
    StaleCase,
    StaleSnapshot,
    StorageError,
    TemplateError,
    TooRecent,
    VersionFrozen,
)
from .engine import Engine, Happening, Settings, SystemClock, Tick, VirtualClock
from .workflows.load import load, loads

__version__ = "0.1.0"

_LAZY = {"Maildir": ".notifications.maildir", "Smtp": ".notifications.smtp"}


def __getattr__(name: str) -> Any:
    """Load a transport when it is first named: a program that sends nothing never loads it."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ActionRefused",
    "Actor",
    "Calendar",
    "Case",
    "DefinitionError",
    "Delay",
    "Document",
    "Engine",
    "Event",
    "Happening",
    "HistoryBroken",
    "InputError",
    "JalonError",
    "KeyReused",
    "Maildir",
    "NeedsUpgrade",
    "NotFound",
    "NotInitialised",
    "Occurrence",
    "Problem",
    "Reason",
    "Settings",
    "Smtp",
    "StaleCase",
    "StaleSnapshot",
    "StorageError",
    "SystemClock",
    "TemplateError",
    "Tick",
    "TooRecent",
    "VersionFrozen",
    "VirtualClock",
    "load",
    "loads",
]
