"""Calendar files read back: by hand as RFC 5545 says, and by a library that jalon does not write with."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import vobject
from support.engines import opened

from jalon import Case, Engine

Line = tuple[str, dict[str, str], str]


@dataclass(frozen=True)
class Read:
    """An event as the other library reads it."""

    uid: str
    summary: str
    start: date | datetime
    end: date | datetime | None
    sequence: int
    status: str
    stamp: datetime


def calendar(engine: Engine, **wanted: Any) -> list[Read]:
    """What an engine writes of something, as the other library reads it."""
    return read(engine.deadlines.agenda(**wanted).content)


def dated(engine: Engine, **options: Any) -> Case:
    """A case just opened, with an appointment."""
    return opened(engine, {"rendez_vous_le": "2026-12-01"}, **options)


def read(content: bytes) -> list[Read]:
    """Every event, once the file is found valid."""
    valid(content)
    for _, _, zone in (line for line in unfolded(content) if line[0] == "TZID"):
        getattr(vobject.icalendar, "__tzidMap").pop(
            zone, None
        )  # it would read by the zone of an earlier file
    calendar = vobject.readOne(content.decode("utf-8"))
    return [_read(event) for event in calendar.contents.get("vevent", ())]


def _read(event: Any) -> Read:
    end = event.contents.get("dtend")
    return Read(
        event.uid.value, event.summary.value, event.dtstart.value, end[0].value if end else None,
        int(event.sequence.value), event.status.value, event.dtstamp.value,
    )  # fmt: skip


def unfolded(content: bytes) -> list[Line]:
    """The lines of a file: name, parameters, value (RFC 5545, 3.1)."""
    text = content.decode("utf-8").replace("\r\n ", "")
    found = []
    for line in text.split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        found.append((name, dict(one.split("=", 1) for one in parameters), value))
    return found


def blocks(content: bytes, kind: str) -> list[list[Line]]:
    """The lines of each component of a kind, those of what it holds included."""
    found: list[list[Line]] = []
    inside: list[Line] | None = None
    for line in unfolded(content):
        if line == ("BEGIN", {}, kind):
            inside = []
        elif line == ("END", {}, kind):
            assert inside is not None
            found.append(inside)
            inside = None
        elif inside is not None:
            inside.append(line)
    assert inside is None
    return found


def valid(content: bytes) -> None:
    """What RFC 5545 and 5546 ask of a published calendar, and that the library that wrote it reads it too."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (whole,) = blocks(content, "VCALENDAR")
    _once(_own(whole), "PRODID", "VERSION", "METHOD", "CALSCALE")
    assert ("VERSION", {}, "2.0") in whole
    assert ("METHOD", {}, "PUBLISH") in whole
    zones, events = blocks(content, "VTIMEZONE"), blocks(content, "VEVENT")
    assert zones or events, "a calendar holds at least one component (3.6)"
    for zone in zones:
        _zone(zone)
    told = [one for zone in zones for name, _, one in zone if name == "TZID"]
    assert len(told) == len(set(told))
    for event in events:
        _event(event, told)
    uids = [value for event in events for name, _, value in event if name == "UID"]
    assert len(uids) == len(set(uids))
    assert len(list(icalendar.Calendar.from_ical(content).walk("VEVENT"))) == len(events)


def _own(lines: list[Line]) -> list[Line]:
    """The lines of a component without those of the components it holds."""
    depth, found = 0, []
    for line in lines:
        depth += line[0] == "BEGIN"
        if not depth:
            found.append(line)
        depth -= line[0] == "END"
    return found


def _once(lines: list[Line], *names: str) -> None:
    count = Counter(name for name, _, _ in lines)
    assert {name: count[name] for name in names} == dict.fromkeys(names, 1)


def _zone(lines: list[Line]) -> None:
    _once(_own(lines), "TZID")
    observances = [name for name, _, value in lines if name == "BEGIN" and value in ("STANDARD", "DAYLIGHT")]
    assert observances
    for needed in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
        assert [name for name, _, _ in lines].count(needed) == len(observances)
    starts = [value for name, _, value in lines if name == "DTSTART"]
    assert not any(value.endswith("Z") for value in starts), "an onset is local (3.6.5)"


def _event(lines: list[Line], zones: list[str]) -> None:
    _once(lines, "UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED", "TRANSP")
    known = {name: (parameters, value) for name, parameters, value in lines}
    assert known["DTSTAMP"][1].endswith("Z")
    assert known["STATUS"][1] in ("CONFIRMED", "TENTATIVE", "CANCELLED")
    parameters, value = known["DTSTART"]
    if parameters.get("VALUE") == "DATE":
        assert datetime.strptime(known["DTEND"][1], "%Y%m%d") - datetime.strptime(
            value, "%Y%m%d"
        ) == timedelta(1)
    else:
        assert value.endswith("Z") or parameters["TZID"] in zones
    assert {name for name, _, _ in lines} <= {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED", "TRANSP", "URL",
    }  # fmt: skip


def onsets_of(content: bytes, zone: str) -> list[tuple[datetime, timedelta]]:
    """The onsets of a zone by the file alone, and the offset from each."""
    (lines,) = [one for one in blocks(content, "VTIMEZONE") if ("TZID", {}, zone) in one]
    onsets, current = [], {}
    for name, _, value in lines:
        current[name] = value
        if name == "END":
            onsets.append(
                (datetime.strptime(current["DTSTART"], "%Y%m%dT%H%M%S"), _offset(current["TZOFFSETTO"]))
            )
            current = {}
    return sorted(onsets)


def by_the_file(onsets: list[tuple[datetime, timedelta]], wall: datetime) -> datetime:
    """Turn a wall time into an instant: the offset is that of the last onset before it (3.6.5)."""
    before = [one for one in onsets if one[0] <= wall]
    return (wall - before[-1][1]).replace(tzinfo=UTC)


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
