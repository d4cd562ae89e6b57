"""Rules told in French: how a date follows, what moves it, what a step of a ladder does. Pure."""

from collections.abc import Iterator
from datetime import date

from ..domain.deadline import Anchor, Cases, Dated, Deadline, Due, Rung
from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.explain_dates import long_date, told_day, told_rhythm
from ..domain.model import Setting
from ..domain.rhythms import Rhythm
from .words_conditions import ConditionWords, listed, month_name

_SHIFTS = {
    "suivant": " ; reportée au jour ouvré suivant",
    "precedent": " ; avancée au jour ouvré précédent",
    "aucun": "",
}
_MEETS = {
    "period": "un acte compte pour la première date qui n’est pas passée",
    "oldest": "un acte compte pour la plus ancienne des dates encore ouvertes",
    "all": "un acte compte pour toutes les dates encore ouvertes",
}
_CATCH_UPS = {
    "latest": "après un arrêt du service, seul le dernier message part",
    "none": "après un arrêt du service, aucun message ne part en retard",
}
_BASES = {"due": "l’échéance", "anchor": "le point de départ", "legal": "la date légale"}


class Words(ConditionWords):
    """Says the rules of one workflow, by the labels of what they name."""

    # -- dates

    def due(self, due: Due, span: tuple[str, ...] = ()) -> str:
        """Say how a due date follows from what starts it."""
        anchor = self._anchors(due, span)
        said = f"{self._after(due)} {anchor}" if due.every is None else self._rhythm(due, anchor)
        if isinstance(due.after, Dated):
            said += f" ({self._formerly(due.after)})"
        if due.hour is not None or due.hour_of is not None:
            said += (
                f", à {_hour(due.hour)}"
                if due.hour
                else f", à l’heure de {self.label('facts', due.hour_of or '')}"
            )
        if due.renewed_by:
            said += f" ; renouvelée par {self.labels('actions', due.renewed_by)}"
            if due.taken_back_by:
                said += f", sauf retrait par {self.labels('actions', due.taken_back_by)}"
            if due.most is not None:
                said += f", {self.amount(due.most)} fois au plus"
            if due.cap is not None:
                said += f", jamais au-delà de {self.delay(due.cap)} depuis {anchor}"
        if due.decided is not None:
            said += f" ; ou la date écrite dans {self.label('facts', due.decided)}"
        return said + (" ; délai franc" if due.franc else "") + self._moved(due)

    def _moved(self, due: Due) -> str:
        """Say what moves a date once it is found."""
        said = f" ; au plus tôt après {self.season(due.not_before)}" if due.not_before is not None else ""
        said += _SHIFTS[due.shift]
        if due.act_by is not None:
            said += " ; si ce jour n’est pas ouvré, agir le jour ouvré précédent"
        return said + (" ; tous les jours comptent comme ouvrés" if due.calendar == "continu" else "")

    def _after(self, due: Due) -> str:
        if due.after is None:
            return "le jour même de"
        if isinstance(due.after, Cases):
            by = due.after.by
            cases = (
                f"{self.delay(delay)} ({self.value(by, value)})" for value, delay in due.after.cases.items()
            )
            return f"selon {self.label('facts', by)}, {listed(cases)} {_side('')}"
        after = due.after.then if isinstance(due.after, Dated) else due.after
        return f"{self.delay(after)} {_side(self._text(after))}"

    def _formerly(self, after: Dated) -> str:
        """Say the delays that a rule had before it changed."""
        return ", ".join(
            f"{self.delay(delay)} si le délai a commencé avant le {_long_day(day)}"
            for day, delay in after.until.items()
        )

    def _rhythm(self, due: Due, anchor: str) -> str:
        every = due.every if due.every is not None else ""
        rhythm = _rhythm(self._text(every))
        if rhythm is None:
            said = f"une fois par période de {self.delay(every)}"
        else:
            said = told_rhythm(rhythm) + (f" (réglage {every.param})" if isinstance(every, Setting) else "")
        if due.not_in:
            said += f", sauf {listed(f'en {month_name(number)}' for number in due.not_in)}"
        if due.after is not None:
            said += f", la première fois {self._after(due)} {anchor}"
        else:
            said += f"{',' if due.not_in else ''} à partir de {anchor}"
        return said + (f", jusqu’à {self.label('deadlines', due.until)}" if due.until is not None else "")

    def _text(self, value: str | Setting) -> str:
        known = self.workflow.parameters.get(value.param) if isinstance(value, Setting) else None
        return str(known.default) if known else str(value)

    def _anchors(self, due: Due, span: tuple[str, ...]) -> str:
        return ", à défaut ".join(self._anchor(anchor, span) for anchor in due.anchors)

    def _anchor(self, anchor: Anchor, span: tuple[str, ...]) -> str:
        if anchor.kind == "entry":
            return f"l’arrivée dans {self.labels('states', span)}" if span else "l’ouverture du dossier"
        section = {"fact": "facts", "act": "actions", "deadline": "deadlines"}[anchor.kind]
        which = "le premier acte " if anchor.first else "chaque acte " if anchor.each else ""
        said = which + self.labels(section, anchor.names)
        if anchor.since:
            said += f" (depuis {self.labels('actions', anchor.since)})"
        return said + (f", si {self.condition(anchor.when)}" if anchor.when is not None else "")

    # -- what else a deadline says

    def clauses(self, rule: Deadline) -> tuple[str, ...]:
        """Say what stops a clock, makes it run again, which date an act meets, what an outage drops, who postpones."""
        return tuple(self._clauses(rule))

    def _clauses(self, rule: Deadline) -> Iterator[str]:
        for pause in rule.pauses:
            yield f"suspendue dans l’état {self.labels('states', pause.states)} : {pause.because}"
        for restart in rule.restarts:
            yield f"recommence entière à {self.labels('actions', restart.by)} : {restart.because}"
        if rule.reopened_by:
            yield f"court de nouveau après {self.labels('actions', rule.reopened_by)}"
        if rule.meets in _MEETS:
            yield _MEETS[rule.meets]
        if rule.catch_up.mode in _CATCH_UPS:
            yield _CATCH_UPS[rule.catch_up.mode]
        if rule.catch_up.within is not None:
            most = self.delay(rule.catch_up.within)
            yield f"après un arrêt du service, un message part avec {most} de retard au plus"
        if rule.postponed_by:
            yield f"peut être reportée, avec un motif, par {self.labels('roles', rule.postponed_by)}"

    # -- ladders

    def rung(self, rung: Rung) -> str:
        """Say one step of a ladder: when, and what leaves or is done."""
        when = self.when(rung)
        if rung.every is not None:
            when += f", puis tous les {self.delay(rung.every)}"
        if rung.only is not None:
            when += (
                " (la dernière fois seulement)" if rung.only == "last" else " (la première fois seulement)"
            )
        if rung.when is not None:
            when += f", si {self.condition(rung.when)}"
        return f"{when} : {self._effect(rung)}"

    def when(self, rung: Rung) -> str:
        """Say when a step of a ladder comes, by its rule."""
        text = self._text(rung.delay)
        rhythm = _rhythm(text) if rung.base == "month" else None
        if rhythm is not None:
            return f"{told_day(rhythm)} du mois de l’échéance"
        base = _BASES[rung.base]
        if not any(char in "123456789" for char in text):
            return "le jour du point de départ" if rung.base == "anchor" else f"le jour de {base}"
        return f"{self.delay(rung.delay)} {_side(text)} {base}"

    def _effect(self, rung: Rung) -> str:
        if rung.perform is not None:
            dated = ", à effet du jour de l’échéance" if rung.effective == "due" else ""
            return f"acte {self.label('actions', rung.perform)}{dated}"
        if rung.task is not None:
            return f"tâche {self.label('tasks', rung.task)}"
        to = f" à {listed(self.recipient(name) for name in rung.to)}" if rung.to else ""
        return f"message {listed(f'« {name} »' for name in rung.notify)}{to}"


def _side(text: str) -> str:
    try:
        return "avant" if Delay.parse(text).backwards else "après"
    except InputError:
        return "après"


def _rhythm(text: str) -> Rhythm | None:
    try:
        return Rhythm.parse(text)
    except InputError:
        return None


def _long_day(day: str) -> str:
    """Write a day in French, the day of the week apart: `1er janvier 2025`."""
    return long_date(date.fromisoformat(day)).partition(" ")[2]


def _hour(hour: str) -> str:
    """Write an hour of the day in French: `18 h 30`, `9 h`."""
    known, _, minutes = hour.partition(":")
    return f"{int(known)} h{'' if minutes == '00' else f' {minutes}'}"
