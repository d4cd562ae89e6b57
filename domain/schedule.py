"""Which dates a case has: every occurrence of every deadline, derived from its acts and nothing else.

`schedule` folds the acts, in order of effect, into occurrences: open, met, missed or void. It is the one
function behind arming, moving, cancelling, correcting and explaining; the engine only writes the difference
between what it says and what the rows say. It reads no clock: `today` is the civil day up to which a rhythm's
periods have run.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from .calendars import Calendar
from .case import Occurrence, Source, Status
from .conditions import matches, setting
from .dating import NO_DELAY, Dating, Start
from .remembered import Remembered
from .timeline import Entry
from .tracks import PILE_UP, Changed, Found, Track, chosen, overdue, serial
from .workflow import Anchor, Deadline, Workflow

NOTHING: Mapping[tuple[str, str], date] = MappingProxyType({})


class Schedule:
    """The fold itself: made for one case, fed its acts one by one, asked for its occurrences."""

    def __init__(
        self, workflow: Workflow, parameters: dict[str, Any], calendar: Calendar,
        timezone: str = "Europe/Paris", postponed: Mapping[tuple[str, str], date] = NOTHING,
    ) -> None:  # fmt: skip
        self.workflow = workflow
        self.parameters = parameters
        self.case = Remembered(workflow, parameters, timezone)
        self.dating = Dating(workflow, parameters, calendar, self.case.facts, timezone, postponed)
        self.tracks = {name: Track() for name in workflow.deadline_order}
        self._hours = any(isinstance(value, str) and "T" in value for value in parameters.values())
        self._rules = [(name, workflow.deadlines[name], track) for name, track in self.tracks.items()]
        self._rhythms = {name: rule for name, rule, _ in self._rules if rule.due.every is not None}

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

    def change(self, change: Changed, value: Any) -> None:
        """Let a setting change: the dates that are over stay, those that are open are reckoned again."""
        self._lapse(change.on)
        self.parameters[change.name] = value
        passing = Entry(change.seq, change.on, "", "")
        touched: set[str] = set()
        for name, rule, track in self._rules:
            parents = {rule.due.until, *(parent for anchor in rule.due.anchors for parent in anchor.names)}
            if change.name in rule.settings:
                track.found = None
            elif touched.isdisjoint(parents):
                continue
            touched.add(name)
            if rule.due.anchors[0].each:
                self._reckon_each(name, rule, track)
            else:
                self._settle(name, rule, track, passing, alive=self._alive(rule))

    # -- one deadline, one act

    def _step(self, name: str, rule: Deadline, track: Track, entry: Entry) -> None:
        each = rule.due.anchors[0].each
        if rule.span and self.case.state not in rule.span and track.current is None and not each:
            track.entered = None  # most deadlines of most cases: they have yet to begin, or are over
            self._renew(rule, track, entry)
            self._stop_and_go(rule, track, entry)
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
        self._stop_and_go(rule, track, entry)
        self._settle(name, rule, track, entry, alive=alive)

    def _settle(self, name: str, rule: Deadline, track: Track, entry: Entry, *, alive: bool) -> None:
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
        if rule.due.every is not None and rule.meets in PILE_UP:
            begun = rule.meets == "oldest" or self._in_period(rule, track, current, entry.on)
            for item in chosen(rule, (*overdue(track), *([current] if begun else ())), entry.on):
                self._met(rule, track, item, entry)
        elif rule.due.every is None or self._in_period(rule, track, current, entry.on):
            self._met(rule, track, current, entry)

    def _met(self, rule: Deadline, track: Track, item: Occurrence, entry: Entry) -> None:
        if item is not track.current:
            track.done[item.key] = replace(item, status="met", closed_on=entry.on, closed_seq=entry.seq)
            return
        self._close(track, item, "met", entry.on, entry.seq)
        track.consumed, track.consumed_key, track.restart = self.case.rank(entry.seq), item.key, None
        if rule.due.every is not None:
            track.k, track.serial = track.k + 1, track.serial + 1
        else:
            track.group = None

    @staticmethod
    def _meets(rule: Deadline, entry: Entry) -> bool:
        return any(meet.act == entry.action and matches(meet.where, entry.facts) for meet in rule.met_by)

    def _renew(self, rule: Deadline, track: Track, entry: Entry) -> None:
        """A renewal meets its period; a date written in the decision replaces the anchor (R9).

        The act from which the clock starts renews nothing yet.
        """
        if entry.action not in rule.due.renewed_by or (track.group is None and self._starts(rule, entry)):
            return
        if track.current is not None:
            self._close(track, track.current, "met", entry.on, entry.seq)
        track.renewals += 1
        track.consumed = self.case.rank(entry.seq)
        waiver = self.case.waiver(rule)
        if waiver is not None and waiver in entry.waived:
            track.decided = (self.case.facts[rule.due.decided or ""], track.renewals)

    @staticmethod
    def _starts(rule: Deadline, entry: Entry) -> bool:
        return any(anchor.kind == "act" and entry.action in anchor.names for anchor in rule.due.anchors)

    def _stop_and_go(self, rule: Deadline, track: Track, entry: Entry) -> None:
        """A suspension stops the clock while the case is in certain states; an interruption starts it again."""
        if rule.pauses:
            stopped = any(self.case.state in pause.states for pause in rule.pauses)
            running = not track.pauses or track.pauses[-1][1] is not None
            if stopped and running:
                track.pauses.append((entry.on, None))
            elif not stopped and not running:
                track.pauses[-1] = (track.pauses[-1][0], entry.on)
        if track.current is not None and any(entry.action in restart.by for restart in rule.restarts):
            track.restart = entry

    def _leave(self, rule: Deadline, track: Track, entry: Entry) -> None:
        if track.current is None:
            return
        current = track.current
        for item in overdue(track):
            track.done[item.key] = replace(item, status="void", closed_on=entry.on, closed_seq=entry.seq)
        status = "met" if entry.action in rule.leaving else self._cause_status(current)
        self._close(track, current, status, entry.on, entry.seq)
        if status == "met":
            track.consumed, track.consumed_key, track.group = self.case.rank(entry.seq), current.key, None
            track.restart = None

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
            found = self._find(rule, anchor, track)
            if found is not None:
                grouped = self._grouped(rule, track, found)
                return None if grouped is None else self._restarted(rule, track, grouped)
        return None

    def _restarted(self, rule: Deadline, track: Track, found: Found) -> Found:
        """Count from the act that interrupted the clock, unless its date was set again since; add its pauses."""
        start, again = found.start, track.restart
        if again is not None and self.case.rank(again.seq) > self.case.rank(start.source.seq):
            source = Source("act", again.action, again.seq)
            start = Start(again.on, source, self._instant(rule, again), restarted=again.action)
        if track.pauses:
            start = replace(start, pauses=tuple(track.pauses))
        return found if start is found.start else Found(start, found.group)

    def _find(self, rule: Deadline, anchor: Anchor, track: Track) -> Found | None:
        if anchor.when is not None and not self.case.satisfies(anchor.when):
            return None
        floor = self.case.floor(anchor)
        if floor is None:
            return None
        if anchor.kind == "entry":
            entered = track.entered
            return self._act(rule, "entry", self.case.state or "", entered) if entered else None
        for name in anchor.names:
            found = self._named(rule, anchor, name, floor)
            if found is not None:
                return found
        return None

    def _named(self, rule: Deadline, anchor: Anchor, name: str, floor: int) -> Found | None:
        if anchor.kind == "deadline":
            parent = self.tracks[name].current
            if parent is None:
                return None
            source = Source("deadline", name, 0)
            start = Start(parent.due_on, source, parent.due_at, stopped_on=parent.suspended_on)
            return Found(start, f"{name}:{parent.key}")
        if anchor.kind == "fact":
            held = self.case.dated_fact(name, floor)
            if held is None:
                return None
            at = self.case.instant_of_fact(name) if self._by_the_hour(rule) else None
            return Found(Start(held[0], Source("fact", name, held[1]), at), f"f{held[1]}")
        act = self.case.act(name, floor, first=anchor.first)
        return self._act(rule, "act", name, act) if act else None

    def _act(self, rule: Deadline, kind: Literal["act", "entry"], name: str, entry: Entry) -> Found:
        start = Start(entry.on, Source(kind, name, entry.seq), self._instant(rule, entry))
        return Found(start, f"{kind[0]}{entry.seq}")

    def _instant(self, rule: Deadline, entry: Entry) -> datetime | None:
        return self.case.instant_of_act(entry) if self._by_the_hour(rule) else None

    def _by_the_hour(self, rule: Deadline) -> bool:
        """Say whether the instant of an anchor counts: most dates count whole days."""
        return self._hours if rule.by_the_hour is None else rule.by_the_hour

    def _grouped(self, rule: Deadline, track: Track, found: Found) -> Found | None:
        """Name the occurrence that an anchor makes: a date set again moves it, unless it was met in between."""
        source = found.start.source
        if source.kind == "deadline":
            return None if found.group == track.consumed_key else found
        repeats = bool(rule.due.renewed_by or rule.due.every)
        if self.case.rank(source.seq) < track.consumed and not repeats:
            return None
        if source.kind == "entry":
            if track.group != found.group:
                track.renewals, track.decided, track.restart = 0, None, None
            track.group = found.group
        elif track.group is None:
            track.group = found.group
        return found if found.group == track.group else Found(found.start, track.group)

    # -- occurrences

    def _hold(self, name: str, rule: Deadline, track: Track, found: Found, entry: Entry) -> None:
        """Open, resume or move the occurrence that should now exist."""
        if track.current is not None and rule.due.settled and found == track.found:
            return
        if rule.due.every is not None:
            self._place(rule, track, found, entry)
        track.found = found
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
        start, k, key, number = found.start, 1, found.group, 1
        if rule.due.renewed_by:
            number = track.renewals + 1
            start, k = self._period(rule, track, start)
            key = f"{found.group}.{number}"
        elif rule.due.every is not None:
            number = track.k
            key = f"{found.group}.{track.serial}"
            if self._over(rule, start.on, number):
                return None
        elif (written := self.case.written(rule, self.case.rank(start.source.seq))) is not None:
            start, k = replace(start, on=written, since=start.on), 0
        delay = self.dating.delay(rule, k, start.since or start.on) if k else NO_DELAY
        if delay is None:
            return None
        return self.dating.occurrence(name, rule, start, delay, key=key, k=number)

    def _period(self, rule: Deadline, track: Track, start: Start) -> tuple[Start, int]:
        """Give what the present period counts from, and how many times.

        A date written since the period began ends it, and the next ones count from it (R9). Renewals beyond
        `most` lengthen nothing, unless a date was decided.
        """
        written = self.case.written(
            rule, track.consumed if track.renewals else self.case.rank(start.source.seq)
        )
        if written is not None:
            track.decided = (written, track.renewals)
        base, counted = track.decided or (start.on, -1)
        most = setting(rule.due.most, self.parameters)
        renewals = track.renewals if most is None else min(track.renewals, max(int(most), counted))
        if base != start.on:
            start = Start(base, start.source, None, start.on, start.pauses, start.stopped_on, start.restarted)
        return start, renewals - counted

    # -- rhythms

    def _in_period(self, rule: Deadline, track: Track, current: Occurrence, day: date) -> bool:
        """Say whether an act belongs to the open period: a second visit in the same month meets nothing more."""
        if track.k == 1:
            return True
        return day >= self.dating.lapse_day(rule, current.anchor_on, track.k - 1)

    def _place(self, rule: Deadline, track: Track, found: Found, entry: Entry) -> None:
        """Say where a rhythm stands: counted anew where its anchor is another, resumed at the period of the day."""
        known = track.found
        over = [
            item for key, item in track.done.items() if serial(key, found.group) and item.status != "void"
        ]
        if known is None or known.group != found.group:
            track.k, track.serial = 1, 1 + max((serial(item.key, found.group) for item in over), default=0)
        elif known.start.on != found.start.on:
            track.k = 1
        elif track.current is not None:
            return
        self._skip_past(rule, track, found.start.on, entry.on)
        while over and self.dating.nth(rule, found.start.on, track.k) <= over[-1].legal_on != date.max:
            track.k += 1  # a period that changed does not give again a date that is over

    def _over(self, rule: Deadline, base: date, k: int) -> bool:
        """Say whether a rhythm has no date any more: it ends with another deadline, be it met."""
        if rule.due.until is None:
            return False
        ends = self.tracks[rule.due.until]
        bound = ends.current or next(
            (item for item in reversed(ends.done.values()) if item.status != "void"), None
        )
        return bound is not None and self.dating.nth(rule, base, k) > bound.due_on

    def _skip_past(self, rule: Deadline, track: Track, base: date, day: date) -> None:
        """Resume a rhythm at the period of the day: those that ran while nobody was there are not missed."""
        first = track.k
        reach = 1
        while self.dating.lapse_day(rule, base, first + reach - 1) <= day:
            reach *= 2
        track.k += bisect_right(
            range(reach), day, key=lambda more: self.dating.lapse_day(rule, base, first + more)
        )

    def _lapse(self, day: date) -> None:
        """Let the periods that are over by a day be missed, the earliest first, and what hangs on them follow.

        Where an act meets the oldest date, or all, they are not missed: they stay open beside the next one.
        """
        while (name := self._first_over(day)) is not None:
            rule, track = self._rhythms[name], self.tracks[name]
            current = track.current
            if current is None or current.lapses_on is None:
                return
            if rule.meets in PILE_UP:
                track.done[current.key], track.current = current, None
            else:
                self._close(track, current, "missed", current.lapses_on, 0)
            track.k, track.serial = track.k + 1, track.serial + 1
            track.current = self._next(name, rule, track, current)
            for follower in self.workflow.followers[name]:
                followed = self.workflow.deadlines[follower]
                passing = Entry(0, current.lapses_on, "", "")
                self._settle(follower, followed, self.tracks[follower], passing, alive=self._alive(followed))

    def _first_over(self, day: date) -> str | None:
        """Name the rhythm whose period is over first; one whose clock stands still waits."""
        over = [
            (item.lapses_on, name)
            for name in self._rhythms
            if (item := self.tracks[name].current) is not None
            and item.lapses_on is not None
            and item.lapses_on <= day
            and item.suspended_on is None
        ]
        return min(over)[1] if over else None

    def _next(self, name: str, rule: Deadline, track: Track, item: Occurrence) -> Occurrence | None:
        """Give the occurrence that follows one of a rhythm."""
        start = Start(item.anchor_on, item.source, item.anchor_at, stopped_on=item.suspended_on)
        return self._occurrence(name, rule, track, Found(start, track.group or ""))

    # -- one occurrence for each act

    def _reckon_each(self, name: str, rule: Deadline, track: Track) -> None:
        for key, item in track.done.items():
            if item.status == "open":
                start = Start(item.anchor_on, item.source, item.anchor_at)
                delay = self.dating.delay(rule, 1, item.anchor_on) or NO_DELAY
                track.done[key] = self.dating.occurrence(name, rule, start, delay, key=key, k=item.k)

    def _step_each(self, name: str, rule: Deadline, track: Track, entry: Entry, *, alive: bool) -> None:
        opened = {key: item for key, item in track.done.items() if item.status == "open"}
        if not alive:
            for key, item in opened.items():
                track.done[key] = replace(item, status="void", closed_on=entry.on, closed_seq=entry.seq)
            return
        if self._meets(rule, entry):
            for item in chosen(rule, tuple(opened.values()), entry.on):
                track.done[item.key] = replace(item, status="met", closed_on=entry.on, closed_seq=entry.seq)
        if entry.action in rule.due.anchors[0].names:
            key = f"a{entry.seq}"
            start = self._act(rule, "act", entry.action, entry).start
            delay = self.dating.delay(rule, 1, entry.on) or NO_DELAY
            number = len(track.done) + 1
            track.done[key] = self.dating.occurrence(name, rule, start, delay, key=key, k=number)


def folded(
    workflow: Workflow, entries: Sequence[Entry], parameters: Mapping[str, Any], calendar: Calendar, timezone: str,
    postponed: Mapping[tuple[str, str], date], changed: Sequence[Changed],
) -> Schedule:  # fmt: skip
    """Feed acts, and the settings that changed between them, to a fold; what came before a change keeps the old one."""
    known, left = dict(parameters), []
    for change in reversed(changed):
        left.append((change, known[change.name]))  # another may have changed it since, without a word here
        known[change.name] = change.before
    fold = Schedule(workflow, known, calendar, timezone, postponed)
    for entry in entries:
        while left and (left[-1][0].on, left[-1][0].seq) < (entry.on, entry.seq):
            fold.change(*left.pop())
        fold.feed(entry)
    while left:
        fold.change(*left.pop())
    return fold


def schedule(
    workflow: Workflow,
    entries: Sequence[Entry],
    today: date,
    parameters: Mapping[str, Any],
    calendar: Calendar,
    timezone: str = "Europe/Paris",
    postponed: Mapping[tuple[str, str], date] = NOTHING,
    changed: Sequence[Changed] = (),
) -> tuple[Occurrence, ...]:
    """Give every occurrence of every deadline of a case, as its acts leave them on a day. Pure.

    `postponed` gives the day to which people postponed an occurrence, by deadline and key; `timezone` the zone of
    the house, for dates that have an hour; `changed` the settings that changed since the case was opened, of which
    `parameters` are the last.
    """
    return folded(workflow, entries, parameters, calendar, timezone, postponed, changed).finish(today)
