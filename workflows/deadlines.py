"""Deadlines compiled: anchors told apart, ladders laid out rung by rung."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.workflow import Action, Anchor, Cases, Condition, Deadline, Due, Meet, Rung, Setting
from .conditions import condition
from .grammar import AnchorText, CasesText, DeadlineText, RungText
from .merge import Merged
from .names import Names
from .report import Path

REMINDER = "rappel_echeance"
ALERT = "echeance_depassee"
ENTRY = Anchor(kind="entry")


def compile_deadline(
    name: str, written: DeadlineText, merged: Merged, names: Names, actions: Mapping[str, Action]
) -> Deadline:
    """Resolve one deadline."""
    path: Path = ("deadlines", name)
    span = names.states(written.while_, (*path, "while")) if written.while_ else ()
    met_by = tuple(_meets(written, names, path))
    renewed_by = names.many("action", written.due.renewed_by, (*path, "due", "renewed_by"))
    hangs = any(isinstance(one, str) and one in merged.flat["deadlines"] for one in written.due.anchor)
    silent = bool(met_by or renewed_by or written.informative or hangs)
    leaving = () if silent else _leaving(span, merged, actions)
    return Deadline(
        label=written.label, span=span, met_by=met_by, leaving=leaving, meets=written.meets,
        informative=written.informative, printed=written.printed, basis=written.basis, row=written.row,
        when=None if written.when is None else condition(written.when, names, (*path, "when"), written.label),
        who=names.many("rôle", written.who, (*path, "who")),
        due=_due(name, written, names, renewed_by),
        ladder=tuple(_ladder(name, written, merged, names)),
    )  # fmt: skip


def _leaving(span: tuple[str, ...], merged: Merged, actions: Mapping[str, Action]) -> tuple[str, ...]:
    """Where nothing else is said, what is awaited in a state is met by leaving it for another that goes on."""

    def goes_on(action: Action) -> bool:
        target = action.target
        if target is None or not set(action.sources) & set(span) or target in span:
            return False
        return target == "previous" or target not in merged.states or not merged.states[target][1].terminal

    return tuple(name for name, action in actions.items() if goes_on(action))


def _meets(written: DeadlineText, names: Names, path: Path) -> Iterator[Meet]:
    for index, meet in enumerate(written.met_by):
        where = (*path, "met_by", index)
        if isinstance(meet, str):
            for action in names.many("action", (meet,), where):
                yield Meet(act=action)
        else:
            for action in names.many("action", (meet.act,), where):
                yield Meet(act=action, where={names.one("fait", k, where): v for k, v in meet.where.items()})


def _due(name: str, written: DeadlineText, names: Names, renewed_by: tuple[str, ...]) -> Due:
    path: Path = ("deadlines", name, "due")
    due, label = written.due, written.label
    anchors = tuple(
        _anchor(one, names, (*path, "anchor", index), label) for index, one in enumerate(due.anchor)
    )
    return Due(
        anchors=anchors or (ENTRY,), renewed_by=renewed_by, franc=due.franc, shift=due.shift,
        after=_after(due.after, names, (*path, "after"), label),
        every=None if due.every is None else names.setting(due.every, (*path, "every"), label, delay=True),
        most=None if due.most is None else names.setting(due.most, (*path, "most"), label),
        decided=due.decided and names.one("fait", due.decided, (*path, "decided")),
    )  # fmt: skip


def _after(written: Any, names: Names, path: Path, label: str) -> str | Setting | Cases | None:
    if written is None:
        return None
    if isinstance(written, CasesText):
        cases = {
            value: names.setting(delay, (*path, "cases", value), f"{label} ({value})", delay=True)
            for value, delay in written.cases.items()
        }
        return Cases(by=names.one("fait", written.by, (*path, "by")), cases=cases)
    value: str | Setting = names.setting(written, path, label, delay=True)
    return value


def _anchor(written: str | AnchorText, names: Names, path: Path, label: str) -> Anchor:
    if isinstance(written, str):
        return Anchor(kind=_kind(written, names, path), names=(written,))
    since = names.many("action", written.since, (*path, "since"))
    when: Condition | None = None
    if written.when is not None:
        when = condition(written.when, names, (*path, "when"), label)
    if written.each:
        return Anchor(kind="act", names=names.many("action", written.each, (*path, "each")), each=True)
    if written.first is not None:
        action = names.many("action", (written.first,), (*path, "first"))
        return Anchor(kind="act", names=action, first=True, since=since, when=when)
    name = written.is_ or ""
    return Anchor(kind=_kind(name, names, path), names=(name,), since=since, when=when)


def _kind(name: str, names: Names, path: Path) -> Any:
    """Tell what an anchor names: a fact, an act or another deadline."""
    kinds = {"fact": "fait", "act": "action", "deadline": "échéance"}
    found = [kind for kind, word in kinds.items() if name in names.kinds[word]]
    if len(found) == 1:
        return found[0]
    if found:
        names.report.add(
            path, f"« {name} » est à la fois un fait, une action ou une échéance", code="ambiguous"
        )
    else:
        names.report.add(
            path, f"ancre inconnue « {name} » : ni fait, ni action, ni échéance", code="unknown_name"
        )
    return "entry"


# -- ladders


def _ladder(name: str, written: DeadlineText, merged: Merged, names: Names) -> Iterator[Rung]:
    seen: dict[str, int] = {}
    for path, rung in _written_rungs(name, written, merged, names):
        for one in _rungs(rung, names, path, written.label):
            times = seen[one.id] = seen.get(one.id, 0) + 1
            yield one if times == 1 else one.model_copy(update={"id": f"{one.id}~{times}"})


def _written_rungs(
    name: str, written: DeadlineText, merged: Merged, names: Names
) -> Iterator[tuple[Path, RungText]]:
    ladders = merged.flat["ladders"]
    for index, part in enumerate(written.ladder):
        path: Path = ("deadlines", name, "ladder", index)
        if not isinstance(part, str):
            yield path, part
        elif part in ladders:
            for number, rung in enumerate(ladders[part]):
                yield ("ladders", part, number), rung
        else:
            names.report.add(path, f"échelle inconnue « {part} »", code="unknown_name")


def _rungs(written: RungText, names: Names, path: Path, label: str) -> Iterator[Rung]:
    if not written.at and not written.after:
        names.report.add(
            path, "un barreau dit quand : « at » (depuis l’échéance) ou « after » (depuis l’ancre)"
        )
    for base, key in (("due", "at"), ("anchor", "after")):
        for delay in getattr(written, key):
            yield from _steps(
                written, names, path, label, base, names.setting(delay, (*path, key), label, delay=True)
            )


def _steps(
    written: RungText, names: Names, path: Path, label: str, base: Any, delay: str | Setting
) -> Iterator[Rung]:
    """An act, its message and its task are steps of their own, each with its hour and its shift."""
    text = delay.param if isinstance(delay, Setting) else delay
    stem = text if base == "due" else f"+{text}"
    late_side = base == "due" and not text.startswith("-") and any(char in "123456789" for char in text)
    common = {
        "base": base, "delay": delay, "only": written.only, "late": written.late, "hour": written.hour,
        "when": None if written.when is None else condition(written.when, names, (*path, "when"), label),
        "every": None if written.every is None
        else names.setting(written.every, (*path, "every"), label, delay=True),
    }  # fmt: skip
    shift = written.shift or ("suivant" if late_side else "precedent")
    if written.perform is not None:
        action = names.one("action", written.perform, (*path, "perform"))
        yield Rung(id=f"{stem}:act", kind="act", perform=action, **{**common, "hour": None})
    if written.task is not None:
        task = names.one("tâche", written.task, (*path, "task"))
        yield Rung(id=f"{stem}:task", kind="task", task=task, shift=written.shift or "aucun", **common)
    notify = names.many("modèle", written.notify, (*path, "notify"))
    if not notify and written.perform is None and written.task is None:
        notify = (names.one("modèle", ALERT if late_side else REMINDER, path),)
    if notify:
        to = names.many(
            "rôle", written.to, (*path, "to"), extra=("who", "escalation", "household", "referent")
        )
        yield Rung(id=f"{stem}:notice", kind="notice", notify=notify, to=to, shift=shift, **common)
