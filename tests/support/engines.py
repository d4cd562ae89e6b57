"""A small house for the engine's own tests: a workflow of a page, few people, and every row at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jalon import Case, Engine, Settings, VirtualClock, loads
from jalon.domain.ports import ConnectionLost
from jalon.domain.workflow import Workflow
from jalon.persistence import schema

MONDAY = "2026-11-23"
PARIS = ZoneInfo("Europe/Paris")
HOUSEHOLD = {"name": "Amina K.", "email": "amina@menage.example"}

TEXT = """
workflow: suivi
version: 1
title: Suivi d'essai
kind: parcours
include: [base]
houses: [actif]
referent: gardien
escalation: chef
place: {kind: logement, fact: logement}

roles:
  staff: {gardien: Gardien, chef: Chef}
  partner: {mairie: {label: Mairie, contact: contact_mairie}}
  household: {famille: Famille}

states:
  orientation:
    ouvert: {label: Ouvert, turn: gardien}
    suspendu: {label: Suspendu, turn: gardien, sans_echeance: La maison reprend quand elle peut.}
  sejour:
    actif: {label: Actif, turn: gardien}
  sortie:
    clos: {label: Clos, terminal: true}

parameters:
  prolongations: {label: Prolongations possibles, default: 1, basis: essai}

documents:
  attestation: {label: Attestation, valid: P1Y*}
  carte: {label: Carte}

facts:
  menage: {type: household, label: Ménage, personal: true}
  contact_mairie: {type: contact, label: Mairie}
  rendez_vous_le: {type: date, label: Rendez-vous}
  logement: {type: place, label: Logement}
  loyer: {type: money, label: Loyer}
  mode: {type: choice, label: Mode, choices: {a: Un, b: Deux}}
  motif: {label: Motif, personal: true}
  note: {label: Note}
  visites: {type: count, label: Visites, of: visiter}

waivers:
  sans_attestation: {label: Entrer sans attestation, by: chef}

tasks:
  rappeler: {label: Rappeler, who: gardien, due: P2B*, closed_by: [entrer, clore]}

notices:
  rappel_visite: {to: [gardien, famille]}

actions:
  ouvrir:
    label: Ouvrir
    from: start
    to: ouvert
    by: gardien
    form: menage
    optional: [rendez_vous_le, contact_mairie, note]
  noter: {label: Noter, in: any, by: [gardien, chef], optional: [note, rendez_vous_le, loyer, mode, contact_mairie]}
  entrer:
    label: Entrer
    from: [ouvert, suspendu]
    to: actif
    by: gardien
    form: logement
    optional: loyer
    requires: [{documents: attestation, waiver: sans_attestation}]
    place: occupy
  visiter: {label: Visiter, in: actif, by: gardien, optional: note}
  prolonger:
    label: Prolonger
    in: actif
    by: chef
    form: motif
    requires: [{count: prolonger, below: prolongations, else: Le séjour a déjà été prolongé.}]
  suspendre: {label: Suspendre, from: ouvert, to: suspendu, by: systeme}
  clore: {label: Clore, from: [ouvert, suspendu, actif], to: clos, by: [gardien, famille], form: motif, place: free}

deadlines:
  reponse:
    label: Répondre
    while: ouvert
    due: {after: P10D*}
    met_by: entrer
    ladder:
      - {at: -P3D, shift: aucun}
      - {at: P0D, task: rappeler}
      - {at: P1D, perform: suspendre}
  rendez_vous:
    label: Rendez-vous
    while: ouvert
    due: {anchor: rendez_vous_le}
    met_by: entrer
    ladder: {at: -P2D, shift: aucun}
  sejour:
    label: Fin du séjour
    while: actif
    due: {after: P3M*, renewed_by: prolonger, most: prolongations}
    ladder: [{at: -P1M, shift: aucun}, {at: P1D, shift: aucun}]
  visite:
    label: Visite
    while: actif
    due: {every: P1M*}
    met_by: visiter
    ladder: {at: -P2D, notify: rappel_visite, shift: aucun}
"""


@cache
def suivi(version: int = 1, **changes: str) -> Workflow:
    """The workflow of these tests; `changes` replaces words of its text."""
    text = TEXT.replace("version: 1", f"version: {version}")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return loads(text, "suivi.yaml")


def paris(day: date | str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of the civil day in Paris."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(known, time(hour, minute), PARIS).astimezone(UTC)


def furnish(engine: Engine) -> None:
    """Two houses; gaia and chloe work in the first, luc in the second, nina nowhere."""
    for house in ("tilleuls", "lilas"):
        engine.establishments.add(house, house.title(), phone="01 23 45 67 89")
    for person, role, house in (
        ("gaia", "gardien", "tilleuls"),
        ("chloe", "chef", "tilleuls"),
        ("luc", "gardien", "lilas"),
        ("nina", "", ""),
    ):
        engine.people.add(person, person.title(), address=f"{person}@maison.example")
        if role:
            engine.people.grant(person, role, house)
    engine.workflows.register(suivi())


@contextmanager
def an_engine(
    url: Any, *, on: str = MONDAY, hour: int = 10, transport: Any = None, bare: bool = False, **settings: Any
) -> Iterator[Engine]:
    """An engine over a database, with the house and the workflow of these tests unless it is to be bare."""
    engine = Engine(
        Settings(database=url, **settings), clock=VirtualClock(paris(on, hour)), transport=transport
    )
    try:
        if not bare:
            furnish(engine)
        yield engine
    finally:
        engine.close()


def at(engine: Engine, day: date | str, hour: int = 10, minute: int = 0) -> None:
    """Move the engine's clock."""
    engine._world.clock.set(paris(day, hour, minute))


def opened(engine: Engine, facts: dict[str, Any] | None = None, **options: Any) -> Case:
    """A case just opened."""
    given = {"by": "gaia", "establishment": "tilleuls", **options}
    return engine.cases.open("suivi", {"menage": HOUSEHOLD, **(facts or {})}, **given)


def entered(engine: Engine, place: str = "A1", **options: Any) -> Case:
    """A case whose household has entered."""
    case = opened(engine, **options)
    engine.cases.document(case.id, "attestation", by="gaia")
    return engine.cases.perform(case.id, "entrer", {"logement": place}, by="gaia")


def dump(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, in one order."""
    with engine._world.database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in schema.metadata.sorted_tables
        }


def written(engine: Engine, statement: str, *, triggers: bool = True, **values: Any) -> None:
    """Write straight into the rows, as nobody should; without its triggers where they would refuse."""
    with engine._world.database.write() as connection:
        if not triggers:
            _guard(connection, on=False)
        assert connection.execute(sa.text(statement), values).rowcount > 0
        if not triggers:
            _guard(connection, on=True)


def _guard(connection: sa.Connection, *, on: bool) -> None:
    """Put the triggers of history away, and on PostgreSQL back: another test has this database next."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"ALTER TABLE jalon_events {'ENABLE' if on else 'DISABLE'} TRIGGER USER"))
    elif not on:
        for verb in ("update", "delete"):
            connection.execute(sa.text(f"DROP TRIGGER jalon_events_no_{verb}"))


class Post:
    """A way out that keeps what it was given, and that a test may take down."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.down = False
        self.faults: dict[str, Exception] = {}

    @contextmanager
    def session(self) -> Iterator["Post"]:
        yield self

    def send(self, message: EmailMessage) -> None:
        if self.down:
            raise ConnectionLost("nobody answers")
        fault = self.faults.get(str(message["To"].addresses[0].addr_spec))
        if fault is not None:
            raise fault
        self.sent.append(message)

    @property
    def ids(self) -> list[str]:
        """The numbers of the messages that left, in order."""
        return [str(message["Message-ID"]) for message in self.sent]


def told(engine: Engine, **filters: Any) -> list[tuple[str, str, str]]:
    """The outbox: template, recipient, status."""
    return [(notice.template, notice.recipient, notice.status) for notice in engine.notices.outbox(**filters)]
