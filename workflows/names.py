"""Names resolved: groups expanded, starred values made settings, every unknown name said once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.workflow import START, SYSTEM, Parameter, Setting
from .grammar import ParamRef
from .merge import Merged
from .report import Path, Report, nearest

ANY = "any"


class Names:
    """Looks names up in a merged document, and lifts its starred values into parameters."""

    def __init__(self, merged: Merged, report: Report) -> None:
        self.report = report
        # the kinds of role serve as groups: `by: staff` is everyone of the house
        by_kind = {
            kind: [name for name, (of, _) in merged.roles.items() if of == kind]
            for kind in ("staff", "body", "partner")
        }
        self.groups: Mapping[str, Sequence[str]] = {**by_kind, **merged.flat["groups"]}
        self.kinds: dict[str, Iterable[str]] = {
            "état": merged.states, "rôle": {**merged.roles, SYSTEM: None}, "action": merged.flat["actions"],
            "fait": merged.flat["facts"], "document": merged.flat["documents"], "modèle": merged.flat["notices"],
            "tâche": merged.flat["tasks"], "échéance": merged.flat["deadlines"],
        }  # fmt: skip
        self.parameters: dict[str, Parameter] = {}

    # -- names

    def one(self, kind: str, name: str, path: Path) -> str:
        """Check one name of a kind."""
        if name not in self.kinds[kind]:
            text = f"{kind} inconnu{'e' if kind in ('action', 'échéance', 'tâche') else ''} « {name} »"
            self.report.add(path, text + nearest(name, self.kinds[kind]), code="unknown_name")
        return name

    def many(self, kind: str, names: Iterable[str], path: Path, extra: Iterable[str] = ()) -> tuple[str, ...]:
        """Expand groups and check every name of a kind; each is kept once, in order."""
        found: dict[str, None] = {}
        for name in names:
            for single in self._expand(kind, name, path, frozenset()):
                if single not in extra:
                    self.one(kind, single, path)
                found[single] = None
        return tuple(found)

    def _expand(self, kind: str, name: str, path: Path, above: frozenset[str]) -> list[str]:
        if name in self.kinds[kind] or name not in self.groups:
            return [name]
        if name in above:
            self.report.add(path, f"le groupe « {name} » se contient lui-même", code="cycle")
            return []
        return [
            single for part in self.groups[name] for single in self._expand(kind, part, path, above | {name})
        ]

    def states(self, names: Iterable[str], path: Path) -> tuple[str, ...]:
        """Expand the states of an action or a span; `any` is all of them."""
        wanted = list(names)
        if wanted == [ANY]:
            return tuple(self.kinds["état"])
        return self.many("état", wanted, path, extra=(START,))

    # -- settings

    def setting(self, value: Any, path: Path, label: str, *, delay: bool = False) -> Any:
        """Resolve a value: a literal, a named parameter, or a starred default lifted into a parameter."""
        if isinstance(value, ParamRef):
            return self._named(value.param, path, delay=delay)
        if isinstance(value, str) and value.endswith("*"):
            default = _literal(value[:-1])
            if delay:
                self._delay(default, path)
            return Setting(param=self._lift(path, label, default))
        if isinstance(value, str) and value in self.parameters:
            return self._named(value, path, delay=delay)
        if delay:
            self._delay(value, path)
        return value

    def _named(self, name: str, path: Path, *, delay: bool) -> Setting:
        parameter = self.parameters.get(name)
        if parameter is None:
            text = f"paramètre inconnu « {name} »{nearest(name, self.parameters)}"
            self.report.add(path, text, code="unknown_name")
        elif delay:
            self._delay(parameter.default, path)
        return Setting(param=name)

    def _delay(self, value: Any, path: Path) -> None:
        try:
            Delay.parse(value)
        except InputError:
            text = f"délai illisible « {value} » : on attend par exemple P8D, P2M, P1Y, P5B ou -P4M"
            self.report.add(path, text + nearest(str(value), self.parameters), code="delay")

    def _lift(self, path: Path, label: str, default: bool | int | str) -> str:
        """Name the setting after the element it belongs to: `contact.after`, `absences.at_least`."""
        inner = [
            part for part in path[1:-1] if isinstance(part, str) and part not in ("due", "requires", "cases")
        ]
        words = [*inner, str(path[-1])]
        name = base = ".".join(words)
        number = 2
        while name in self.parameters:
            name, number = f"{base}.{number}", number + 1
        self.parameters[name] = Parameter(label=label, default=default, basis=None)
        return name


def _literal(text: str) -> bool | int | str:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.lstrip("-").isdigit() else text
