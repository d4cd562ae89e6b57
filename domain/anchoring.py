"""Where a clock starts: which anchor of a deadline is there, what it dates, and which occurrence it makes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from .case import Source
from .dating import Start
from .deadline import Anchor, Deadline
from .remembered import Remembered
from .timeline import Entry
from .tracks import Found, Track


class Anchors:
    """Finds anchors in the case as the acts fed so far leave it."""

    def __init__(self, case: Remembered, tracks: Mapping[str, Track], parameters: Mapping[str, Any]) -> None:
        self.case = case
        self.tracks = tracks
        self.settle(parameters)

    def settle(self, parameters: Mapping[str, Any]) -> None:
        """Take the settings into account: whether some delay of the house is in hours."""
        self._hours = any(isinstance(value, str) and "T" in value for value in parameters.values())

    def find(self, rule: Deadline, track: Track) -> Found | None:
        """Find where a clock starts: the first of its anchors that is there."""
        for anchor in rule.due.anchors:
            found = self._look(rule, anchor, track)
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

    def _look(self, rule: Deadline, anchor: Anchor, track: Track) -> Found | None:
        if anchor.when is not None and not self.case.satisfies(anchor.when):
            return None
        floor = self.case.floor(anchor)
        if floor is None:
            return None
        if anchor.kind == "entry":
            entered = track.entered
            return self.act(rule, "entry", self.case.state or "", entered) if entered else None
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
        return self.act(rule, "act", name, act) if act else None

    def act(self, rule: Deadline, kind: Literal["act", "entry"], name: str, entry: Entry) -> Found:
        """Give the clock that an act starts."""
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
                track.renewals, track.decided, track.restart = 0, {}, None
                track.taken_back = False
            track.group = found.group
        elif track.group is None:
            track.group = found.group
        return found if found.group == track.group else Found(found.start, track.group)
