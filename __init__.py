"""jalon: a workflow engine for admission and social accompaniment."""

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
    "NeedsUpgrade",
    "NotFound",
    "NotInitialised",
    "Occurrence",
    "Problem",
    "Reason",
    "Settings",
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
