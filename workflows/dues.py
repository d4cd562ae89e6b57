"""Due dates compiled: how each follows from its anchor, and which keys go together."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..domain.deadline import Cases, Dated, Due
from ..domain.model import Setting
from ..domain.rhythms import MONTHS
from .amounts import Amounts
from .anchors import ENTRY, Anchors
from .conditions import Conditions
from .grammar_dates import AnchorText, CasesText, DatedText, DueText
from .lengths import ONWARD, Wanted
from .names import Names
from .report import Path, shown, suggestion
from .values import HOUR

_HOUR = re.compile(HOUR)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Dues:
    """Compiles the due dates of one document's deadlines."""

    def __init__(self, names: Names, amounts: Amounts, conditions: Conditions) -> None:
        self.names = names
        self.amounts = amounts
        self.conditions = conditions
        self.anchors = Anchors(names, conditions)

    def compile(self, due: DueText, path: Path, label: str) -> Due:
        """Resolve one due date."""
        anchors = tuple(
            self.anchors.compile(one, (*path, "anchor", index), label) for index, one in enumerate(due.anchor)
        )
        names, amounts = self.names, self.amounts
        for key, text in _contradictions(due):
            names.report.add((*path, key), text, code="due", key=True)
        decided = names.maybe("fait", due.decided, (*path, "decided"))
        self.anchors.check_type(decided, ("date",), (*path, "decided"))
        hour, hour_of = self._hour(due.hour, (*path, "hour"))
        return Due(
            anchors=anchors or (ENTRY,), franc=due.franc, shift=due.shift, act_by=due.act_by, decided=decided,
            calendar=due.calendar, hour=hour, hour_of=hour_of, not_in=self._months(due.not_in, (*path, "not_in")),
            after=self._after(due, (*path, "after"), label),
            every=None if due.every is None else amounts.rhythm(due.every, (*path, "every"), label),
            until=names.maybe("échéance", due.until, (*path, "until")),
            renewed_by=names.many("action", due.renewed_by, (*path, "renewed_by")),
            taken_back_by=names.many("action", due.taken_back_by, (*path, "taken_back_by")),
            most=None if due.most is None else amounts.times(due.most, (*path, "most"), label),
            cap=None if due.cap is None else amounts.delay(due.cap, (*path, "cap"), label, ONWARD),
            not_before=names.maybe("saison", due.not_before, (*path, "not_before")),
        )  # fmt: skip

    # -- how long

    def _after(self, due: DueText, path: Path, label: str) -> str | Setting | Cases | Dated | None:
        written, wanted = due.after, Wanted(hours=True, forward=bool(due.renewed_by))
        if written is None:
            return None
        if isinstance(written, DatedText):
            return self._dated(written, path, label, wanted)
        if not isinstance(written, CasesText):
            return self.amounts.delay(written, path, label, wanted)
        by = self.names.one("fait", written.by, (*path, "by"))
        cases = {
            value: self.amounts.delay(delay, (*path, "cases", value), f"{label} ({value})", wanted)
            for value, delay in written.cases.items()
        }
        self._check_cases(by, cases, path)
        return Cases(by=by, cases=cases)

    def _check_cases(self, by: str, cases: Mapping[str, Any], path: Path) -> None:
        known = self.conditions.facts.get(by)
        if known is None:
            return
        for value in dict.fromkeys((*cases, *known.choices)):
            if value in cases and value in known.choices:
                continue
            text = f"« {shown(value)} » : les cas de la durée sont exactement les choix de « {by} »"
            self.names.report.add((*path, "cases", value), text, code="unknown_choice", key=True)

    def _dated(self, written: DatedText, path: Path, label: str, wanted: Wanted) -> Dated:
        """Put the delays that a rule had in the order of the dates on which they ended."""
        until: dict[str, str | Setting] = {}
        for day in sorted(written.until):
            where = (*path, "until", day)
            if not _is_day(day):
                text = f"« {shown(day)} » n’est pas une date : l’écrire 2025-01-01 (année, mois, jour)"
                self.names.report.add(where, text, code="date", key=True)
                continue
            until[day] = self.amounts.delay(written.until[day], where, f"{label} (avant le {day})", wanted)
        if not written.until:
            text = "dire jusqu’à quelle date valait l’ancien délai (until: {2025-01-01: P2M})"
            self.names.report.add((*path, "until"), text, code="date", key=True)
        return Dated(until=until, then=self.amounts.delay(written.then, (*path, "then"), label, wanted))

    # -- when in the year, when in the day

    def _months(self, written: tuple[str, ...], path: Path) -> tuple[int, ...]:
        found: set[int] = set()
        for index, name in enumerate(written):
            close = name if name in MONTHS else self.names.report.closest(name, MONTHS)
            if name not in MONTHS:
                text = f"mois inconnu « {shown(name)} »{suggestion(close)}"
                self.names.report.add((*path, index), text, code="unknown_value")
            if close is not None:
                found.add(MONTHS.index(close) + 1)
        if len(found) == len(MONTHS):
            self.names.report.add(path, "« not_in » ne laisse aucun mois", code="due", key=True)
        return tuple(sorted(found))

    def _hour(self, written: str | None, path: Path) -> tuple[str | None, str | None]:
        """Tell an hour from the name of the fact that gives it."""
        if written is None or _HOUR.fullmatch(written):
            return written, None
        if not written[:1].isalpha():
            text = "une heure s’écrit 08:00, entre guillemets"
            self.names.report.add(path, text, code="value")
            return None, None
        fact = self.names.one("fait", written, path)
        self.anchors.check_type(fact, ("time",), path)
        return None, fact


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _contradictions(due: DueText) -> Iterator[tuple[str, str]]:
    """A rhythm, a period that is renewed and a date for each act are three things, each with keys of its own."""
    each = any(isinstance(one, AnchorText) and one.each for one in due.anchor)
    rhythm, renewed, shifted = due.every is not None, bool(due.renewed_by), due.shift != "aucun"
    always = due.calendar == "continu"
    faults = [
        ("renewed_by", rhythm and renewed, "un rythme (every) ne se renouvelle pas"),
        ("decided", rhythm and due.decided, "un rythme (every) n’a pas de date décidée"),
        ("taken_back_by", due.taken_back_by and not renewed, "« taken_back_by » va avec renewed_by"),
        ("taken_back_by", set(due.taken_back_by) & set(due.renewed_by),
         "le même acte ne peut pas prolonger et retirer ce qui prolonge"),
        ("most", due.most is not None and not renewed, "« most » va avec renewed_by"),
        ("cap", due.cap is not None and not renewed, "« cap » va avec renewed_by"),
        ("after", renewed and due.after is None, "dire de combien chaque renouvellement prolonge (after)"),
        ("not_in", due.not_in and not rhythm, "« not_in » va avec un rythme (every)"),
        ("until", due.until is not None and not rhythm, "« until » va avec un rythme (every)"),
        ("not_before", due.not_before is not None and rhythm,
         "« not_before » va avec une seule date : un rythme se repose par not_in"),
        ("act_by", due.act_by and shifted, "« act_by » laisse la date où elle est : sans shift"),
        ("shift", shifted and always, "tous les jours sont ouvrés (calendar: continu) : « shift » n’y change rien"),
        ("act_by", due.act_by and always,
         "tous les jours sont ouvrés (calendar: continu) : « act_by » n’y change rien"),
        ("franc", due.franc and rhythm, "un rythme (every) n’a pas de délai franc"),
        ("anchor", each and len(due.anchor) > 1, "« each » est la seule ancre de son échéance"),
        ("anchor", each and (rhythm or renewed or due.decided),
         "« each » donne une date à chaque acte : sans every, renewed_by ni decided"),
    ]  # fmt: skip
    return ((key, text) for key, wrong, text in faults if wrong)
