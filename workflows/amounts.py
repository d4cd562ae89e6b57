"""Delays and numbers resolved: a literal, a named parameter, or a starred default lifted into a parameter."""

from collections.abc import Mapping
from typing import Any

from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.workflow import Parameter, Setting
from .grammar import ParameterText, ParamRef
from .report import Path, Report, shown, suggestion

NO_DELAY = "P0D"
LIFTED = ("due", "requires", "cases")
"""Keys that the name of a lifted setting does without."""


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

    def delay(self, value: Any, path: Path, label: str, *, forward: bool = False) -> str | Setting:
        """Resolve a delay; with `forward`, one that moves on (a rhythm, a validity)."""
        return self._resolved(value, path, label, "delay", forward=forward) or NO_DELAY

    def number(self, value: Any, path: Path, label: str) -> int | Setting:
        """Resolve a whole number."""
        return self._resolved(value, path, label, "number") or 0

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

    def _resolved(self, value: Any, path: Path, label: str, kind: str, *, forward: bool = False) -> Any:
        if isinstance(value, ParamRef):
            return self._named(value.param, (*path, "param"), kind, forward=forward)
        if isinstance(value, str) and value.endswith("*"):
            found = default(value)
            ok = self._fits(found, path, kind, forward=forward)
            return self._lift(path, label, found) if ok else None
        if isinstance(value, str) and value in self.parameters:
            return self._named(value, path, kind, forward=forward)
        return value if self._fits(value, path, kind, forward=forward) else None

    def _named(self, name: str, path: Path, kind: str, *, forward: bool) -> Setting | None:
        found = self.known(name, path)
        if found is None:
            return None
        where = ("parameters", name, "default") if name in self._written else path
        return Setting(param=name) if self._fits(found.default, where, kind, forward=forward) else None

    def _fits(self, value: Any, path: Path, kind: str, *, forward: bool) -> bool:
        text = number_fault(value) if kind == "number" else delay_fault(value, forward=forward)
        if text is None:
            return True
        known = value if isinstance(value, str) else ""
        close = self.report.closest(known, self.parameters) if known and path[0] != "parameters" else None
        self.report.add(path, text + suggestion(close), code=kind)
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


def delay_fault(value: Any, *, forward: bool = False) -> str | None:
    """Say what keeps a value from being a delay; with `forward`, one that moves on."""
    try:
        delay = Delay.parse(value)
    except InputError:
        return f"délai illisible « {shown(value)} » : on attend par exemple P8D, P2M, P1Y, P5B ou -P4M"
    if delay.hours:
        return f"« {value} » : un délai ne se compte pas encore en heures ; l’écrire en jours"
    if forward and (min(delay.parts) < 0 or not any(delay.parts)):
        return f"« {value} » n’avance pas : il faut ici une durée d’au moins un jour"
    return None


def number_fault(value: Any) -> str | None:
    """Say what keeps a value from being a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return None
    return f"il faut un nombre entier ici, pas « {shown(value)} »"
