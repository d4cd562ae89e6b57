"""Names resolved: groups expanded, each unknown name said once, with the one it resembles."""

from collections.abc import Iterable, Mapping, Sequence

from ..domain.workflow import ANY, START, SYSTEM
from .merge import WAIVE, Merged
from .report import MOVES, Path, Report, shown, suggestion

_FEMININE = ("action", "échéance", "tâche", "dérogation", "saison")


class Names:
    """Looks names up in a merged document. A mistyped name counts for the one it resembles, once told."""

    def __init__(self, merged: Merged, report: Report) -> None:
        self.report = report
        # the kinds of role serve as groups: `by: staff` is everyone of the house
        by_kind = {
            kind: [name for name, (of, _) in merged.roles.items() if of == kind]
            for kind in ("staff", "body", "partner")
        }
        self.groups: Mapping[str, Sequence[str]] = {**by_kind, **merged.flat["groups"]}
        flat = merged.flat
        self.kinds: dict[str, Iterable[str]] = {
            "état": merged.states, "rôle": {**merged.roles, SYSTEM: None}, "fait": flat["facts"],
            "action": {**flat["actions"], **{WAIVE + name: None for name in flat["waivers"]}},
            "document": flat["documents"], "modèle": flat["notices"], "tâche": flat["tasks"],
            "échéance": flat["deadlines"], "dérogation": flat["waivers"], "saison": flat["seasons"],
            "lien": flat["links"],
        }  # fmt: skip
        self._expanded: dict[tuple[str, str], tuple[str, ...]] = {}

    def one(self, kind: str, name: str, path: Path) -> str:
        """Check one name of a kind."""
        if name in self.kinds[kind]:
            return name
        right = self.report.closest(name, self.kinds[kind])
        known = f"{kind} inconnu{'e' if kind in _FEMININE else ''} « {shown(name)} »"
        self.report.add(path, known + suggestion(right), code="unknown_name")
        if right is None and path[0] == "actions" and any(part in MOVES for part in path[2:]):
            self.report.moves_known = False
        return right or name

    def maybe(self, kind: str, name: str | None, path: Path) -> str | None:
        """Check one name of a kind, where there is one."""
        return None if name is None else self.one(kind, name, path)

    def many(self, kind: str, names: Iterable[str], path: Path, extra: Iterable[str] = ()) -> tuple[str, ...]:
        """Expand groups and check every name of a kind; each is kept once, in order."""
        found: dict[str, None] = {}
        for index, name in enumerate(names):
            if name in extra and name not in self.kinds[kind]:
                found[name] = None
            elif name in self.kinds[kind] or name not in self.groups:
                found[self.one(kind, name, (*path, index))] = None
            else:
                found.update(dict.fromkeys(self._members(kind, name, (*path, index))))
        return tuple(found)

    def _members(self, kind: str, group: str, path: Path) -> tuple[str, ...]:
        """Expand a group once for each kind: later uses find the names at hand, faults already told."""
        known = self._expanded.get((kind, group))
        if known is None:
            found: dict[str, None] = {}
            for name in self._leaves(kind, group):
                found[self.one(kind, name, path)] = None
            known = self._expanded[kind, group] = tuple(found)
        return known

    def _leaves(self, kind: str, group: str) -> dict[str, None]:
        """List what a group holds in the end, in order; groups in groups are entered once."""
        found: dict[str, None] = {}
        entered = {group}
        todo = list(reversed(self.groups[group]))
        while todo:
            name = todo.pop()
            if name in self.kinds[kind] or name not in self.groups:
                found[name] = None
            elif name not in entered:
                entered.add(name)
                todo += reversed(self.groups[name])
        return found

    def states(self, names: Iterable[str], path: Path, *, opening: bool = False) -> tuple[str, ...]:
        """Expand the states of an action or a span; `any` is all of them, `start` where a case is opened."""
        wanted = tuple(names)
        if wanted == (ANY,):
            return tuple(self.kinds["état"])
        return self.many("état", wanted, path, extra=(START,) if opening else ())


def group_cycles(groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the groups that contain themselves."""
    inner = {name: [part for part in members if part in groups] for name, members in groups.items()}
    settled: set[str] = set()
    while ready := [
        name for name, parts in inner.items() if name not in settled and settled.issuperset(parts)
    ]:
        settled.update(ready)
    return [name for name in inner if name not in settled and _reaches_itself(name, inner)]


def _reaches_itself(name: str, inner: Mapping[str, Sequence[str]]) -> bool:
    seen: set[str] = set()
    todo = list(inner[name])
    while todo:
        part = todo.pop()
        if part == name:
            return True
        if part not in seen:
            seen.add(part)
            todo += inner[part]
    return False
