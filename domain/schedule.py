"""Which dates a case has: every occurrence of every deadline, derived from its acts and nothing else.

`schedule` folds the acts, in order of effect, into occurrences: open, met, missed or void. It is the one
function behind arming, moving, cancelling, correcting and explaining; the engine only writes the difference
between what it says and what the rows say. It reads no clock: `today` is the civil day up to which a rhythm's
periods have run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .calendars import Calendar
from .case import Occurrence, Source, Status
from .conditions import matches, setting
from .dating import NO_DELAY, Dating
from .remembered import Remembered
from .timeline import Entry
from .workflow import Anchor, Deadline, Workflow

MOST_PERIODS = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """An anchor as found: its day, where it came from, and the name of the group it belongs to."""

    on: date
    source: Source
    group: str


@dataclass(slots=True)
class Track:
    """What the fold remembers of one deadline."""

    current: Occurrence | None = None
    done: dict[str, Occurrence] = field(default_factory=dict)
    consumed: int = 0
    consumed_key: str = ""
    group: str | None = None
    entered: Entry | None = None
    renewals: int = 0
    decided: tuple[date, int] | None = None
    k: int = 1


class Schedule:
    """The fold itself: made for one case, fed its acts one by one, asked for its occurrences."""

    def __init__(self, workflow: Workflow, parameters: Mapping[str, Any], calendar: Calendar) -> None:
        self.workflow = workflow
        self.parameters = parameters
        self.case = Remembered(workflow, parameters)
        self.dating = Dating(parameters, calendar, self.case.facts)
        self.tracks = {name: Track() for name in workflow.deadline_order}
        self._rules = [(name, workflow.deadlines[name], track) for name, track in self.tracks.items()]
        self._rhythms = [known for known in self._rules if known[1].due.every is not None]

    def feed(self, entry: Entry) -> None:
        """Take one more act into account."""
        self._lapse(entry.on)
        self.case.feed(entry)
        for name, rule, track in self._rules:
            self._step(name, rule, track, entry)

    def finish(self, today: date) -> tuple[Occurrence, ...]:
        """Let rhythms run up to a day, and give every occurrence there ever was."""
        self._lapse(today)
        found: list[Occurrence] = []
        for track in self.tracks.values():
            found.extend(track.done.values())
            if track.current is not None:
                found.append(track.current)
        return tuple(found)

    # -- one deadline, one act

    def _step(self, name: str, rule: Deadline, track: Track, entry: Entry) -> None:
        each = rule.due.anchors[0].each
        if rule.span and self.case.state not in rule.span and track.current is None and not each:
            track.entered = None  # most deadlines of most cases: they have yet to begin, or are over
            self._renew(rule, track, entry)
            return
        alive = self._alive(rule)
        if each:
            self._step_each(name, rule, track, entry, alive=alive)
            return
        inside = not rule.span or self.case.state in rule.span
        if inside and track.entered is None:
            track.entered = entry
        elif not inside:
            track.entered = None
        self._meet(rule, track, entry)
        self._renew(rule, track, entry)
        found = self._anchor(rule, track) if alive else None
        if found is None:
            self._leave(rule, track, entry)
        else:
            self._hold(name, rule, track, found, entry)

    def _alive(self, rule: Deadline) -> bool:
        if rule.span and self.case.state not in rule.span:
            return False
        return rule.when is None or self.case.satisfies(rule.when)

    def _meet(self, rule: Deadline, track: Track, entry: Entry) -> None:
        current = track.current
        if current is None or not self._meets(rule, entry):
            return
        if rule.due.every is not None and not self._in_period(rule, track, current, entry.on):
            return
        self._close(track, current, "met", entry.on, entry.seq)
        track.consumed, track.consumed_key = entry.seq, current.key
        if rule.due.every is not None:
            track.k += 1
        else:
            track.group = None

    @staticmethod
    def _meets(rule: Deadline, entry: Entry) -> bool:
        return any(meet.act == entry.action and matches(meet.where, entry.facts) for meet in rule.met_by)

    def _renew(self, rule: Deadline, track: Track, entry: Entry) -> None:
        """A renewal meets its period; a date written in the decision replaces the anchor (R9)."""
        if entry.action not in rule.due.renewed_by:
            return
        if track.current is not None:
            self._close(track, track.current, "met", entry.on, entry.seq)
        track.renewals += 1
        track.consumed = entry.seq
        waiver = self.case.waiver(rule)
        if waiver is not None and waiver in entry.waived:
            track.decided = (self.case.facts[rule.due.decided or ""], track.renewals)

    def _leave(self, rule: Deadline, track: Track, entry: Entry) -> None:
        if track.current is None:
            return
        current = track.current
        status = "met" if entry.action in rule.leaving else self._cause_status(current)
        self._close(track, current, status, entry.on, entry.seq)
        if status == "met":
            track.consumed, track.consumed_key, track.group = entry.seq, current.key, None

    def _cause_status(self, current: Occurrence) -> Status:
        """Say how to close an occurrence that nobody met: as the deadline it hung on, else as void.

        One that has acts of its own was not met because another was: no exit inventory is made by seizing the judge.
        """
        if self.workflow.deadlines[current.name].met_by:
            return "void"
        parent, _, cause = current.key.partition(":")
        closed = self.tracks[parent].done.get(cause) if cause else None
        return closed.status if closed else "void"

    def _close(self, track: Track, occurrence: Occurrence, status: Status, on: date, seq: int) -> None:
        track.done[occurrence.key] = replace(occurrence, status=status, closed_on=on, closed_seq=seq)
        track.current = None

    # -- anchors

    def _anchor(self, rule: Deadline, track: Track) -> Found | None:
        for anchor in rule.due.anchors:
            found = self._find(anchor, track)
            if found is not None:
                return self._grouped(rule, track, found)
        return None

    def _find(self, anchor: Anchor, track: Track) -> Found | None:
        if anchor.when is not None and not self.case.satisfies(anchor.when):
            return None
        floor = self.case.floor(anchor)
        if floor is None:
            return None
        if anchor.kind == "entry":
            entered = track.entered
            return _found("entry", self.case.state or "", entered.on, entered.seq) if entered else None
        for name in anchor.names:
            found = self._named(anchor, name, floor)
            if found is not None:
                return found
        return None

    def _named(self, anchor: Anchor, name: str, floor: int) -> Found | None:
        if anchor.kind == "deadline":
            parent = self.tracks[name].current
            if parent is None:
                return None
            return Found(parent.due_on, Source("deadline", name, 0), f"{name}:{parent.key}")
        if anchor.kind == "fact":
            held = self.case.dated_fact(name, floor)
            return _found("fact", name, *held) if held else None
        act = self.case.act(name, floor, first=anchor.first)
        return _found("act", name, act.on, act.seq) if act else None

    def _grouped(self, rule: Deadline, track: Track, found: Found) -> Found | None:
        """Name the occurrence that an anchor makes: a date set again moves it, unless it was met in between."""
        if found.source.kind == "deadline":
            return None if found.group == track.consumed_key else found
        repeats = bool(rule.due.renewed_by or rule.due.every)
        if found.source.seq < track.consumed and not repeats:
            return None
        if found.source.kind == "entry":
            if track.group != found.group:
                track.k, track.renewals, track.decided = 1, 0, None
            track.group = found.group
        elif track.group is None:
            track.group = found.group
        return found if found.group == track.group else replace(found, group=track.group)

    # -- occurrences

    def _hold(self, name: str, rule: Deadline, track: Track, found: Found, entry: Entry) -> None:
        """Open, resume or move the occurrence that should now exist."""
        if rule.due.every is not None and track.current is None:
            self._skip_past(rule, track, found.on, entry.on)
        wanted = self._occurrence(name, rule, track, found)
        current = track.current
        if wanted is None:
            self._leave(rule, track, entry)
            return
        if current is not None and current.key != wanted.key:
            self._close(track, current, self._cause_status(current), entry.on, entry.seq)
        closed = track.done.get(wanted.key)
        if closed is not None and closed.status != "void":
            return
        track.done.pop(wanted.key, None)
        track.current = wanted

    def _occurrence(self, name: str, rule: Deadline, track: Track, found: Found) -> Occurrence | None:
        base, k, key, number = found.on, 1, found.group, 1
        if rule.due.renewed_by:
            number = track.renewals + 1
            base, k = self._period(rule, track, found)
            key = f"{found.group}.{number}"
        elif rule.due.every is not None:
            number = k = track.k
            key = f"{found.group}.{k}"
        elif (written := self.case.written(rule, found.source.seq)) is not None:
            return self.dating.occurrence(name, rule, written, found.source, NO_DELAY, key=key, k=1)
        delay = self.dating.delay(rule, number if rule.due.every is not None else k)
        if delay is None:
            return None
        return self.dating.occurrence(name, rule, base, found.source, delay, key=key, k=number)

    def _period(self, rule: Deadline, track: Track, found: Found) -> tuple[date, int]:
        """Give what the present period counts from, and how many times.

        A date written since the period began ends it, and the next ones count from it (R9). Renewals beyond
        `most` lengthen nothing, unless a date was decided.
        """
        written = self.case.written(rule, track.consumed if track.renewals else found.source.seq)
        if written is not None:
            track.decided = (written, track.renewals)
        base, counted = track.decided or (found.on, -1)
        most = setting(rule.due.most, self.parameters)
        renewals = track.renewals if most is None else min(track.renewals, max(int(most), counted))
        return base, renewals - counted

    # -- rhythms

    def _in_period(self, rule: Deadline, track: Track, current: Occurrence, day: date) -> bool:
        """Say whether an act belongs to the open period: a second visit in the same month meets nothing more."""
        return track.k == 1 or day >= self.dating.lapse_day(rule, current.anchor_on, track.k - 1)

    def _skip_past(self, rule: Deadline, track: Track, base: date, day: date) -> None:
        """Resume a rhythm at the period of the day: those that ran while nobody was there are not missed."""
        for _ in range(MOST_PERIODS):
            if self.dating.lapse_day(rule, base, track.k) > day:
                break
            track.k += 1

    def _lapse(self, day: date) -> None:
        for name, rule, track in self._rhythms:
            for _ in range(MOST_PERIODS):
                current = track.current
                if current is None or current.lapses_on is None or current.lapses_on > day:
                    break
                self._close(track, current, "missed", current.lapses_on, 0)
                track.k += 1
                found = Found(current.anchor_on, current.source, track.group or "")
                track.current = self._occurrence(name, rule, track, found)

    # -- one occurrence for each act

    def _step_each(self, name: str, rule: Deadline, track: Track, entry: Entry, *, alive: bool) -> None:
        opened = {key: item for key, item in track.done.items() if item.status == "open"}
        if not alive:
            for key, item in opened.items():
                track.done[key] = replace(item, status="void", closed_on=entry.on, closed_seq=entry.seq)
            return
        if self._meets(rule, entry):
            for item in _chosen(rule, tuple(opened.values()), entry.on):
                track.done[item.key] = replace(item, status="met", closed_on=entry.on, closed_seq=entry.seq)
        if entry.action in rule.due.anchors[0].names:
            key = f"a{entry.seq}"
            source = Source("act", entry.action, entry.seq)
            delay = self.dating.delay(rule, 1) or NO_DELAY
            track.done[key] = self.dating.occurrence(
                name, rule, entry.on, source, delay, key=key, k=len(track.done) + 1
            )


def _found(kind: Any, name: str, on: date, seq: int) -> Found:
    return Found(on, Source(kind, name, seq), f"{kind[0]}{seq}")


def _chosen(rule: Deadline, opened: Sequence[Occurrence], day: date) -> Sequence[Occurrence]:
    """Choose which open occurrences an act meets."""
    if rule.meets == "all" or not opened:
        return opened
    if rule.meets == "oldest":
        return [min(opened, key=lambda item: item.due_on)]
    return [min(opened, key=lambda item: (abs((item.due_on - day).days), item.due_on))]


def schedule(
    workflow: Workflow,
    entries: Sequence[Entry],
    today: date,
    parameters: Mapping[str, Any],
    calendar: Calendar,
) -> tuple[Occurrence, ...]:
    """Give every occurrence of every deadline of a case, as its acts leave them on a day. Pure."""
    fold = Schedule(workflow, parameters, calendar)
    for entry in entries:
        fold.feed(entry)
    return fold.finish(today)
