"""Delays and numbers resolved: a literal, a named parameter, or a starred default lifted into a parameter."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..domain.model import Setting
from ..domain.rhythms import Rhythm
from ..domain.workflow import Parameter
from .grammar import ParameterText
from .grammar_conditions import ParamRef
from .lengths import DAYS, RHYTHM, Wanted, delay_fault, is_delay
from .report import Path, Report, shown, suggestion

NO_DELAY = "P0D"
LIFTED = ("due", "requires", "cases", "until")
"""Keys that the name of a lifted setting does without."""


Fault = Callable[[Any], str | None]
"""Says in French what keeps a value from being what its place wants."""


class Amounts:
    """The settings of a document, and the values that may be one of them."""

    def __init__(self, written: Mapping[str, ParameterText], report: Report) -> None:
        self.report = report
        self.parameters = {
            name: Parameter(label=one.label, default=default(one.default), basis=one.basis)
            for name, one in written.items()
        }
        self._written = frozenset(written)
        self._lifted: dict[Path, Setting] = {}
        self._numbers: dict[str, int] = {}

    def delay(self, value: Any, path: Path, label: str, wanted: Wanted = DAYS) -> str | Setting:
        """Resolve a delay, of the kind that its place wants."""
        fault = partial(delay_fault, wanted=wanted)
        return self._resolved(value, path, label, "delay", fault) or NO_DELAY

    def rhythm(self, value: Any, path: Path, label: str) -> str | Setting:
        """Resolve the period of a rhythm: a delay, or a rhythm of the calendar in its canonical words."""
        found = self._resolved(value, path, label, "delay", partial(delay_fault, wanted=RHYTHM))
        if found is None:
            return NO_DELAY
        return found if isinstance(found, Setting) or is_delay(found) else str(Rhythm.parse(found))

    def number(self, value: Any, path: Path, label: str) -> int | Setting:
        """Resolve a whole number."""
        return self._resolved(value, path, label, "number", number_fault) or 0

    def times(self, value: Any, path: Path, label: str) -> int | Setting:
        """Resolve how many times something may be done."""
        return self._resolved(value, path, label, "number", times_fault) or 0

    def first(self, value: Any) -> Any:
        """Give a value as it is before any house sets it."""
        return self.parameters[value.param].default if isinstance(value, Setting) else value

    def plain(self, value: Any) -> Any:
        """Give a value as it is written where no house can set it, else nothing."""
        starred = isinstance(value, str) and (value.endswith("*") or value in self.parameters)
        return None if starred or isinstance(value, ParamRef) else value

    def known(self, name: str | None, path: Path) -> Parameter | None:
        """Find a named parameter, or say that there is none."""
        if name is None:
            return None
        found = self.parameters.get(name)
        if found is None:
            text = (
                f"réglage inconnu « {shown(name)} »{suggestion(self.report.closest(name, self.parameters))}"
            )
            self.report.add(path, text, code="unknown_name")
        return found

    def _resolved(self, value: Any, path: Path, label: str, code: str, fault: Fault) -> Any:
        if isinstance(value, ParamRef):
            return self._named(value.param, (*path, "param"), code, fault)
        if isinstance(value, str) and value.endswith("*"):
            found = default(value)
            return self._lift(path, label, found) if self._fits(found, path, code, fault) else None
        if isinstance(value, str) and value in self.parameters:
            return self._named(value, path, code, fault)
        return value if self._fits(value, path, code, fault) else None

    def _named(self, name: str, path: Path, code: str, fault: Fault) -> Setting | None:
        found = self.known(name, path)
        if found is None:
            return None
        where = ("parameters", name, "default") if name in self._written else path
        return Setting(param=name) if self._fits(found.default, where, code, fault) else None

    def _fits(self, value: Any, path: Path, code: str, fault: Fault) -> bool:
        text = fault(value)
        if text is None:
            return True
        known = value if isinstance(value, str) else ""
        close = self.report.closest(known, self.parameters) if known and path[0] != "parameters" else None
        self.report.add(path, text + suggestion(close), code=code)
        return False

    def _lift(self, path: Path, label: str, value: bool | int | str) -> Setting:
        """Name the setting after the element it belongs to: `contact.after`, `absences.at_least`."""
        known = self._lifted.get(path)
        if known is not None:
            return known
        steps = [part for part in path[1:] if isinstance(part, str)]
        base = ".".join([*(step for step in steps[:-1] if step not in LIFTED), steps[-1]])
        number = self._numbers[base] = self._numbers.get(base, 0) + 1
        name = base if number == 1 else f"{base}.{number}"
        self.parameters[name] = Parameter(label=label, default=value, basis=None)
        found = self._lifted[path] = Setting(param=name)
        return found


def default(value: bool | int | str) -> bool | int | str:
    """Read a default, its star left out: `2*` is the number 2."""
    if not isinstance(value, str) or not value.endswith("*"):
        return value
    text = value[:-1]
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 19 else text


def number_fault(value: Any) -> str | None:
    """Say what keeps a value from being a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return None
    return f"il faut un nombre entier ici, pas « {shown(value)} »"


def times_fault(value: Any) -> str | None:
    """Say what keeps a value from being a number of times."""
    fault = number_fault(value)
    return f"« {value} » : un nombre de fois ne descend pas sous 0" if fault is None and value < 0 else fault
