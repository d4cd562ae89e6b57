"""jalon: a workflow engine for admission and social accompaniment.

Each name is loaded when it is first asked for: a program that only counts dates loads no database.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain.calendars import Calendar
    from .domain.case import Actor, Case, Document, Event, Occurrence
    from .domain.context import Context
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
    from .domain.future import Assumption
    from .domain.places import Place
    from .domain.ports import (
        Clock,
        ConnectionLost,
        DeliveryError,
        PermanentFailure,
        TransientFailure,
        Transport,
    )
    from .engine import Engine, Settings, SystemClock, Tick, VirtualClock
    from .engine.acts import Preview
    from .engine.agenda import Agenda
    from .engine.deadlines import Why
    from .engine.expected import Cut, Expected
    from .engine.forecast import Forecast
    from .engine.links import Link
    from .engine.meeting_points import Awaiting, Point
    from .engine.meetings import Meeting
    from .engine.notices import Notice
    from .engine.options import Option
    from .engine.pending import Pending
    from .engine.place_report import Occupancy
    from .engine.world import Happening
    from .notifications.maildir import Maildir
    from .notifications.smtp import Smtp
    from .stories.running import Outcome, play_stories
    from .stories.telling import Difference
    from .workflows.opening import load, loads

__version__ = "0.1.0"

_HOMES = {
    ".domain.calendars": ("Calendar",),
    ".domain.case": ("Actor", "Case", "Document", "Event", "Occurrence"),
    ".domain.delay": ("Delay",),
    ".domain.errors": (
        "ActionRefused",
        "DefinitionError",
        "HistoryBroken",
        "InputError",
        "JalonError",
        "KeyReused",
        "NeedsUpgrade",
        "NotFound",
        "NotInitialised",
        "Problem",
        "Reason",
        "StaleCase",
        "StaleSnapshot",
        "StorageError",
        "TemplateError",
        "TooRecent",
        "VersionFrozen",
    ),
    ".domain.context": ("Context",),
    ".domain.ports": (
        "Clock",
        "ConnectionLost",
        "DeliveryError",
        "PermanentFailure",
        "TransientFailure",
        "Transport",
    ),
    ".engine": ("Engine", "Settings", "SystemClock", "Tick", "VirtualClock"),
    ".engine.acts": ("Preview",),
    ".engine.agenda": ("Agenda",),
    ".engine.deadlines": ("Why",),
    ".domain.future": ("Assumption",),
    ".engine.expected": ("Cut", "Expected"),
    ".engine.forecast": ("Forecast",),
    ".engine.links": ("Link",),
    ".engine.meeting_points": ("Awaiting", "Point"),
    ".engine.meetings": ("Meeting",),
    ".engine.pending": ("Pending",),
    ".engine.notices": ("Notice",),
    ".engine.place_report": ("Occupancy",),
    ".domain.places": ("Place",),
    ".engine.options": ("Option",),
    ".engine.world": ("Happening",),
    ".notifications.maildir": ("Maildir",),
    ".notifications.smtp": ("Smtp",),
    ".stories.running": ("Outcome", "play_stories"),
    ".stories.telling": ("Difference",),
    ".workflows.opening": ("load", "loads"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name from where it lives, and keep it."""
    if name == "dates":
        return import_module(".dates", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOME[name], __name__), name)
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*globals(), *_HOME])


__all__ = [
    "ActionRefused",
    "Actor",
    "Agenda",
    "Assumption",
    "Awaiting",
    "Calendar",
    "Case",
    "Clock",
    "ConnectionLost",
    "Context",
    "Cut",
    "DefinitionError",
    "Delay",
    "DeliveryError",
    "Difference",
    "Document",
    "Engine",
    "Event",
    "Expected",
    "Forecast",
    "Happening",
    "HistoryBroken",
    "InputError",
    "JalonError",
    "KeyReused",
    "Link",
    "Maildir",
    "Meeting",
    "NeedsUpgrade",
    "NotFound",
    "NotInitialised",
    "Notice",
    "Occupancy",
    "Occurrence",
    "Option",
    "Outcome",
    "Pending",
    "PermanentFailure",
    "Place",
    "Point",
    "Preview",
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
    "TransientFailure",
    "Transport",
    "VersionFrozen",
    "VirtualClock",
    "Why",
    "load",
    "loads",
    "play_stories",
]
