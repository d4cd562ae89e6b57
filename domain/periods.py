"""Which date a deadline has now: the period of a renewal, the place in a rhythm."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from .case import Occurrence
from .dating import NO_DELAY, Dating, Start
from .deadline import Deadline
from .question import setting
from .remembered import Remembered
from .timeline import Entry
from .tracks import Found, Track, serial


class Periods:
    """Says where each deadline stands, and dates it."""

    def __init__(
        self, case: Remembered, dating: Dating, tracks: Mapping[str, Track], parameters: Mapping[str, Any]
    ) -> None:
        self.case = case
        self.dating = dating
        self.tracks = tracks
        self.parameters = parameters

    def occurrence(self, name: str, rule: Deadline, track: Track, found: Found) -> Occurrence | None:
        """Give the occurrence that an anchor makes as the track stands; none where a fact does not say when."""
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
            rule,
            track.consumed if track.renewals or track.taken_back else self.case.rank(start.source.seq),
        )
        if written is not None:
            track.decided[track.renewals] = written
        counted, base = max(track.decided.items(), default=(-1, start.on))
        most = setting(rule.due.most, self.parameters)
        renewals = track.renewals if most is None else min(track.renewals, max(int(most), counted))
        if base != start.on:
            start = Start(base, start.source, None, start.on, start.pauses, start.stopped_on, start.restarted)
        return start, renewals - counted

    # -- rhythms

    def begun(self, rule: Deadline, track: Track, current: Occurrence, day: date) -> bool:
        """Say whether an act belongs to the open period: a second visit in the same month meets nothing more."""
        if track.k == 1:
            return True
        return day >= self.dating.lapse_day(rule, current.anchor_on, track.k - 1)

    def place(self, rule: Deadline, track: Track, found: Found, entry: Entry) -> None:
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

    def next(self, name: str, rule: Deadline, track: Track, item: Occurrence) -> Occurrence | None:
        """Give the occurrence that follows one of a rhythm."""
        start = Start(item.anchor_on, item.source, item.anchor_at, stopped_on=item.suspended_on)
        return self.occurrence(name, rule, track, Found(start, track.group or ""))
