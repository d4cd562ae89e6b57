"""Which dates a case has: every occurrence of every deadline, derived from its acts and nothing else.

`schedule` folds the acts, in order of effect, into occurrences: open, met, missed or void. It is the one
function behind arming, moving, cancelling, correcting and explaining; the engine only writes the difference
between what it says and what the rows say. It reads no clock: `today` is the civil day up to which a rhythm's
periods have run.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from .anchoring import Anchors
from .calendars import Calendar
from .case import Occurrence, Status
from .dating import NO_DELAY, Dating, Start
from .deadline import Deadline
from .periods import Periods
from .question import matches
from .remembered import Remembered
from .timeline import Entry
from .tracks import PILE_UP, Changed, Found, Track, chosen, overdue
from .workflow import Workflow

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
        self.anchors = Anchors(self.case, self.tracks, parameters)
        self.periods = Periods(self.case, self.dating, self.tracks, parameters)
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
        self.anchors.settle(self.parameters)
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
        if entry.action in rule.reopened_by and track.current is None:
            self._reopen(track, entry)
        each = rule.due.anchors[0].each
        if rule.span and self.case.state not in rule.span and track.current is None and not each:
            track.entered = None  # most deadlines of most cases: they have yet to begin, or are over
            if rule.due.renewed_by:
                self._renew(rule, track, entry)
            if rule.pauses:
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
        found = self.anchors.find(rule, track) if alive else None
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
            begun = rule.meets == "oldest" or self.periods.begun(rule, track, current, entry.on)
            for item in chosen(rule, (*overdue(track), *([current] if begun else ())), entry.on):
                self._met(rule, track, item, entry)
        elif rule.due.every is None or self.periods.begun(rule, track, current, entry.on):
            self._met(rule, track, current, entry)

    def _met(self, rule: Deadline, track: Track, item: Occurrence, entry: Entry) -> None:
        if item is not track.current:
            track.done[item.key] = item.over("met", entry.on, entry.seq)
            return
        self._close(track, item, "met", entry.on, entry.seq)
        track.consumed, track.consumed_key, track.restart = self.case.rank(entry.seq), item.key, None
        if rule.due.every is not None:
            track.k, track.serial = track.k + 1, track.serial + 1
        else:
            track.group = None

    @staticmethod
    def _reopen(track: Track, entry: Entry) -> None:
        """Take back what met the date: it is void until it runs again, the same."""
        met = track.done.get(track.consumed_key)
        if met is not None and met.status == "met":
            track.done[met.key] = met.over("void", entry.on, entry.seq)
            track.consumed, track.consumed_key = 0, ""

    @staticmethod
    def _meets(rule: Deadline, entry: Entry) -> bool:
        return any(meet.act == entry.action and matches(meet.where, entry.facts) for meet in rule.met_by)

    def _renew(self, rule: Deadline, track: Track, entry: Entry) -> None:
        """A renewal meets its period; a date written in the decision replaces the anchor (R9).

        The act from which the clock starts renews nothing yet.
        """
        if entry.action in rule.due.taken_back_by:
            self._take_back(track, entry)
        if entry.action not in rule.due.renewed_by or (track.group is None and self._starts(rule, entry)):
            return
        if track.current is not None:
            self._close(track, track.current, "met", entry.on, entry.seq)
        track.renewals += 1
        track.consumed = self.case.rank(entry.seq)
        waiver = self.case.waiver(rule)
        if waiver is not None and waiver in entry.waived:
            track.decided[track.renewals] = self.case.facts[rule.due.decided or ""]

    def _take_back(self, track: Track, entry: Entry) -> None:
        """Take back the last renewal: its period goes, with the end decided then, and the one before resumes."""
        if not track.renewals:
            return
        track.decided.pop(track.renewals, None)
        for key, item in track.done.items():
            if item.k == track.renewals and item.status == "met":
                track.done[key] = item.over("void", entry.on, entry.seq)
        track.renewals -= 1
        track.consumed, track.taken_back = self.case.rank(entry.seq), True

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
            track.done[item.key] = item.over("void", entry.on, entry.seq)
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
        track.done[occurrence.key] = occurrence.over(status, on, seq)
        track.current = None

    # -- occurrences

    def _hold(self, name: str, rule: Deadline, track: Track, found: Found, entry: Entry) -> None:
        """Open, resume or move the occurrence that should now exist."""
        if track.current is not None and rule.due.settled and found == track.found:
            return
        if rule.due.every is not None:
            self.periods.place(rule, track, found, entry)
        track.found = found
        wanted = self.periods.occurrence(name, rule, track, found)
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

    # -- rhythms

    def _lapse(self, day: date) -> None:
        """Let the periods that are over by a day be missed, the earliest first, and what hangs on them follow.

        Where an act meets the oldest date, or all, they are not missed: they stay open beside the next one.
        """
        while (over := self._first_over(day)) is not None:
            on, name, current = over
            rule, track = self._rhythms[name], self.tracks[name]
            if rule.meets in PILE_UP:
                track.done[current.key] = current
            else:
                self._close(track, current, "missed", on, 0)
            track.k, track.serial = track.k + 1, track.serial + 1
            track.current = self.periods.next(name, rule, track, current)
            for follower in self.workflow.followers[name]:
                followed = self.workflow.deadlines[follower]
                passing = Entry(0, on, "", "")
                self._settle(follower, followed, self.tracks[follower], passing, alive=self._alive(followed))

    def _first_over(self, day: date) -> tuple[date, str, Occurrence] | None:
        """Give the period that is over first: since when, of which rhythm; one whose clock stands still waits."""
        over = [
            (item.lapses_on, name, item)
            for name in self._rhythms
            if (item := self.tracks[name].current) is not None
            and item.lapses_on is not None
            and item.lapses_on <= day
            and item.suspended_on is None
        ]
        return min(over, key=lambda found: found[:2], default=None)

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
                track.done[key] = item.over("void", entry.on, entry.seq)
            return
        if self._meets(rule, entry):
            for item in chosen(rule, tuple(opened.values()), entry.on):
                track.done[item.key] = item.over("met", entry.on, entry.seq)
        if entry.action in rule.due.anchors[0].names:
            key = f"a{entry.seq}"
            start = self.anchors.act(rule, "act", entry.action, entry).start
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
