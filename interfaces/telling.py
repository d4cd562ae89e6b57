"""What several commands say of a case, in the words of its workflow: values, people, dates that change, messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .. import Case, Engine, Event
from ..domain.explain_dates import long_date
from ..domain.figures import figure, plain_words
from ..domain.workflow import Fact, Workflow
from .french import how_far, listed, plural, quoted, short_date
from .telling_rungs import Bases, bases_at, said

SYSTEM = "echeance:"
LINK = "lien:"
HOUSE = "systeme"  # a setting that changed, when nobody is named
FAR = "trop loin pour être calculée"
LONGEST = 300  # characters of a text that a list shows

STATUSES = {
    "waiting": "en attente", "sent": "parti", "failed": "en échec", "paper": "à remettre sur papier",
    "refused": "refusé par le serveur", "dropped": "abandonné",
}  # fmt: skip
DROPPED = {
    "deadline_met": "ce qu’il rappelait est fait", "deadline_missed": "la date est passée",
    "deadline_void": "la date n’a plus d’objet", "deadline_moved": "la date a changé",
    "annulled": "l’acte est annulé", "already_told": "la personne qui l’aurait lu l’a déjà",
    "case_ended": "le dossier est terminé", "date_replaced": "un message plus récent annonce ce rendez-vous",
    "date_held": "ce qu’il annonçait a eu lieu", "date_passed": "le jour qu’il annonce est passé",
    "no_purpose": "déclaré sans objet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Teller:
    """What is needed to tell one case: its workflow, the names of people, the zone of its house, the present."""

    workflow: Workflow
    names: Mapping[str, str]
    timezone: str
    now: datetime
    _described: dict[str, Any] = field(default_factory=dict)
    _bases: dict[int, Bases] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Give the civil day in the house."""
        return self.day_of(self.now)

    def clock(self, at: datetime) -> str:
        """Write an instant as the house reads it: `04/01/2027 à 10:00`."""
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{short_date(local.date())} à {local:%H:%M}"

    def day_of(self, at: datetime) -> date:
        """Give the civil day of an instant in the house."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def rule(self, deadline: str) -> Mapping[str, Any]:
        """Give a deadline as the description of the workflow tells it."""
        if not self._described:
            from ..engine.documents import describe

            self._described.update({one["name"]: one for one in describe(self.workflow)["deadlines"]})
        found: Mapping[str, Any] = self._described[deadline]
        return found

    def rung(self, deadline: str, rung: str, day: date, bases: Bases | None) -> str:
        """Say a step of a ladder that comes on a day: `7 jours avant l’échéance : message…`."""
        step = rung.partition("#")[0]
        told = next((one for one in self.rule(deadline)["ladder"] if one["id"] == step), None)
        rule = next((one for one in self.workflow.deadlines[deadline].ladder if one.id == step), None)
        if told is None or rule is None:
            return rung
        defaults = {name: one.default for name, one in self.workflow.parameters.items()}
        return told["says"] if bases is None else said(told["says"], told["when"], rule, day, bases, defaults)

    def remember(self, events: Iterable[Event], dates: Iterable[Any]) -> None:
        """Take the history of the case into account, whole, and its dates: what its steps say hangs on them."""
        self._bases.update(bases_at(events, dates))

    def reminder(self, event: Event) -> str:
        """Say when the step that a line of history tells came: `7 jours avant l’échéance`."""
        body = event.body
        bases = self._bases.get(event.seq)
        return self.rung(body["deadline"], body["rung"], event.effective_on, bases).partition(" : ")[0]

    def person(self, name: str | None) -> str:
        """Name a person."""
        return self.names.get(name or "", name or "personne")

    def who(self, event: Event) -> str:
        """Say who did something, and in whose place; the clock says its rule."""
        if event.actor.startswith(SYSTEM):
            rule = self.workflow.deadlines.get(event.actor.removeprefix(SYSTEM))
            return f"Automatique (règle : {rule.label if rule else event.actor})"
        if event.actor.startswith(LINK):
            return "Automatique (dossier lié)"
        if event.actor == HOUSE:
            return "Automatique (réglage de la maison)"
        found = self.person(event.actor)
        absent = event.body.get("deputy_for", ())
        if absent:
            found += f", qui remplace {listed(map(self.person, absent))}"
        if event.on_behalf and event.on_behalf in self.workflow.roles:
            return f"{found}, pour : {self.workflow.roles[event.on_behalf].label}"
        return found

    def role(self, name: str) -> str:
        """Name a role."""
        known = self.workflow.roles.get(name)
        return known.label if known else name

    def roles(self, names: Iterable[str]) -> str:
        """Name roles, one or the other of which must act."""
        return listed((self.role(name) for name in names), "ou")

    def fact(self, name: str) -> str:
        """Name a fact."""
        known = self.workflow.facts.get(name)
        return known.label if known else name

    def value(self, name: str, value: Any) -> str:
        """Write a value as people read it."""
        known = self.workflow.facts.get(name)
        return _shown(self, known, value) if known is not None else plain_words(value)


def teller(engine: Engine, case: Case) -> Teller:
    """Gather what is needed to tell a case."""
    house = engine.establishments.get(case.establishment)
    workflow = engine.workflows.get(case.workflow, case.version)
    return Teller(workflow, names_of(engine), house.timezone, engine.now())


def names_of(engine: Engine) -> dict[str, str]:
    """Give the names of everyone who may act, by identifier."""
    return {person.id: person.name for person in engine.people.list()}


def _shown(told: Teller, known: Fact, value: Any) -> str:
    if isinstance(value, bool):
        return ("fait" if value else "non fait") if known.type == "done" else ("oui" if value else "non")
    if known.type == "choice" and value in known.choices:
        return known.choices[value].label
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        labels = {name: paper.label for name, paper in told.workflow.documents.items()}
        return listed((labels.get(one) or told.names.get(one, str(one)) for one in value), most=None)
    return _plain_value(told, known, value)


def _plain_value(told: Teller, known: Fact, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{long_date(value.date())} à {value:%H:%M}"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if known.type == "money" and isinstance(value, Decimal):
        return f"{figure(value)} €"
    if known.type == "actor":
        return told.person(str(value))
    if isinstance(value, int | float):
        return figure(value)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _mapping(value: Mapping[str, Any]) -> str:
    """Write a household or a contact, or why something does not apply."""
    if "non_applicable" in value:
        return f"non applicable : {value['non_applicable']}"
    if value.get("anonymous"):
        return "personne anonyme"
    parts = [str(value[key]) for key in ("name", "email", "phone") if value.get(key)]
    if value.get("born"):
        parts.append(_born(value["born"]))
    if value.get("ref"):
        parts.append(f"réf. {value['ref']}")
    persons = value.get("persons", ())
    if persons:
        parts.append(f"{plural(len(persons), 'personne', 'personnes')} ({listed(map(_person, persons))})")
    if value.get("consent") is False:
        parts.append("ne veut pas de courriel")
    return ", ".join(parts)


def _person(person: Mapping[str, Any]) -> str:
    more = [_born(person["born"])] if person.get("born") else []
    if person.get("ref"):
        more.append(f"réf. {person['ref']}")
    return ", ".join([str(person["name"]), *more])


def _born(born: str) -> str:
    return f"né ou née le {short_date(date.fromisoformat(born))}"


# -- dates


def due_day(due: date) -> str:
    """Write a due date in full."""
    return FAR if due == date.max else long_date(due)


def by_when(due: date, today: date) -> str:
    """Write a due date and how far it is."""
    return FAR if due == date.max else f"pour le {long_date(due)} ({how_far(due, today)})"


# -- messages


def message_line(told: Teller, notice: Any, subject: str | None = None) -> str:
    """Say one message: its number, its subject or its template, for whom, and what became of it."""
    what = quoted(notice.subject or subject or notice.template)
    return f"Message n° {notice.id} : {what}, à {recipient(told, notice)} : {fate(told, notice)}"


def recipient(told: Teller, notice: Any) -> str:
    """Say to whom a message goes: the role, and the address or the person where known; who stands in for whom."""
    kind, _, ref = notice.recipient.partition(":")
    if notice.deputy is not None:
        return f"{told.person(notice.deputy)}, qui remplace {told.person(ref)}"
    whom = notice.address or (told.names.get(ref) if kind == "actor" else None)
    return f"{told.role(notice.role)} ({whom})" if whom else told.role(notice.role)


def fate(told: Teller, notice: Any) -> str:
    """Say what became of a message."""
    status = STATUSES.get(notice.status, str(notice.status))
    if notice.status == "sent":
        how = "remis" if notice.address is None else status
        return f"{how} le {told.clock(notice.sent_at)}"
    if notice.status == "waiting":
        tried = (
            f", {plural(notice.attempts, 'essai sans succès', 'essais sans succès')}"
            if notice.attempts
            else ""
        )
        earliest = max(notice.not_before, notice.next_attempt_at)
        when = f"le {told.clock(earliest)} au plus tôt" if earliest > told.now else "au prochain envoi"
        return f"partira {when}{tried}"
    if notice.error:
        return f"{status} : {DROPPED.get(notice.error, notice.error)}"
    return status


def subjects(engine: Engine, notices: Sequence[Any]) -> dict[int, str]:
    """Give the subjects of messages that have none yet, as they would read now; those that cannot be are left out."""
    from .. import TemplateError

    found: dict[int, str] = {}
    for notice in notices:
        if notice.subject is None and notice.status in ("waiting", "paper"):
            try:
                found[notice.id] = engine.notices.read(notice.id).subject
            except TemplateError:
                continue
    return found
