"""A workflow made for the tests of time: one deadline of each kind, and what must hold of the rows of any case."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from hypothesis import reject
from support.engines import HOUSEHOLD, paris

from jalon import Engine, Settings, VirtualClock, loads
from jalon.domain.case import Occurrence
from jalon.domain.errors import ActionRefused
from jalon.domain.workflow import Workflow
from jalon.persistence import schema

TEXT = """
workflow: temps
version: 1
title: Le temps des essais
kind: parcours
include: [base]
referent: cesf
escalation: chef
roles:
  staff: {cesf: CESF, chef: Chef}
states:
  orientation:
    ouvert: {label: Ouvert, turn: cesf}
  sejour:
    actif: {label: Actif, turn: cesf}
    suspendu: {label: Suspendu, turn: cesf, sans_echeance: La personne est ailleurs.}
  sortie:
    clos: {label: Clos, terminal: true}
parameters:
  prolongations: {label: Prolongations possibles, default: 2, basis: essai}
facts:
  menage: {type: household, label: Ménage, personal: true}
  signe_le: {type: date, label: Signé le}
  terme: {type: date, label: Terme écrit}
  rdv_le: {type: date, label: Rendez-vous}
  mode: {type: choice, label: Mode, choices: {court: Court, long: Long}}
  note: {label: Note}
actions:
  ouvrir: {label: Ouvrir, from: start, to: ouvert, by: cesf, form: menage, optional: [signe_le, rdv_le]}
  noter: {label: Noter, in: any, by: cesf, optional: note}
  convoquer: {label: Convoquer, in: any, by: cesf, optional: rdv_le}
  choisir: {label: Choisir, in: any, by: cesf, optional: mode}
  recevoir: {label: Recevoir, in: any, by: cesf}
  entrer: {label: Entrer, from: ouvert, to: actif, by: cesf, optional: signe_le}
  visiter: {label: Visiter, in: actif, by: cesf, optional: note}
  prolonger: {label: Prolonger, in: actif, by: cesf, optional: terme}
  decider: {label: Décider, in: actif, by: cesf}
  notifier: {label: Notifier, in: actif, by: cesf}
  revenir: {label: Revenir, from: actif, to: ouvert, by: cesf}
  suspendre: {label: Suspendre, from: actif, to: suspendu, by: cesf}
  reprendre: {label: Reprendre, from: suspendu, to: actif, by: cesf}
  clore: {label: Clore, from: [ouvert, actif, suspendu], to: clos, by: cesf}
deadlines:
  reponse:
    label: Répondre
    while: ouvert
    due: {after: P10D*, shift: suivant}
    met_by: recevoir
    ladder: [{at: [-P3D, P0D]}, {after: P2B}, {at: P1D, every: P7D}]
  rendez_vous:
    label: Rendez-vous
    while: [ouvert, actif]
    due: {anchor: rdv_le}
    met_by: recevoir
    ladder: {at: [-P7D, -P1D]}
    basis: essai
  cas:
    label: Selon le mode
    while: [ouvert, actif]
    due: {anchor: choisir, after: {by: mode, cases: {court: P1M*, long: P3M*}}, shift: precedent}
    met_by: notifier
    ladder: {at: [-P7D, P0D]}
  fin:
    label: Fin
    while: actif
    due: {anchor: [signe_le, entrer], after: P3M*, renewed_by: prolonger, most: prolongations, decided: terme}
    ladder: [{at: [-P2M, -P1M, -P7D, P0D]}, {at: P1D}]
  preavis:
    label: Préavis
    while: actif
    due: {anchor: fin, after: -P1M, shift: precedent}
    informative: true
    ladder: {at: [-P14D, P0D]}
    basis: essai
  visite:
    label: Visite
    while: actif
    due: {anchor: entrer, every: P1M*, shift: suivant}
    met_by: visiter
    ladder: {at: -P2B}
  quinzaine:
    label: Quinzaine
    while: actif
    due: {every: P14D*}
    met_by: visiter
    ladder: {at: [-P2D, P1D]}
  tardive:
    label: Trop longtemps sans visite
    while: actif
    due: {anchor: [visiter, entrer], after: P45D*}
    met_by: visiter
    ladder: {at: P1D}
  mesure:
    label: Fin de la mesure
    while: [actif, suspendu]
    due: {anchor: entrer, after: P2M*, shift: suivant}
    met_by: notifier
    suspends: {while: suspendu, because: La personne est ailleurs.}
    ladder: {at: [-P14D, P0D, P1D]}
  silence:
    label: Sans nouvelles
    while: [ouvert, actif, suspendu]
    due: {anchor: rdv_le, after: P1M*}
    met_by: decider
    interrupts: {by: recevoir, because: La personne est venue.}
    ladder: {at: [-P7D, P1D]}
  avis:
    label: Rendre un avis
    while: [ouvert, actif]
    due: {anchor: rdv_le, after: P2M*, act_by: precedent}
    met_by: notifier
    ladder: [{at: [-P7D, P0D]}, {legal: P1D}]
  reunion:
    label: Réunion
    while: actif
    due: {anchor: entrer, every: premier jeudi, not_in: aout, until: fin}
    met_by: visiter
    meets: oldest
    ladder: {at: -P2B}
    basis: essai
  suite:
    label: Notifier la suite
    due: {anchor: {each: decider}, after: P5B*, shift: suivant}
    who: cesf
    met_by: notifier
    ladder: {after: [P3B, P8B]}
"""

EACH = frozenset(
    {"suite", "reunion"}
)  # a date for each act, or met the oldest first: several may be open at once


@cache
def temps(version: int = 1, **changes: str) -> Workflow:
    """The workflow; `changes` replaces words of its text."""
    text = TEXT.replace("version: 1", f"version: {version}")
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return loads(text, "temps.yaml")


@contextmanager
def house(url: Any, *, on: str, transport: Any = None, workflow: Workflow | None = None) -> Iterator[Engine]:
    """An engine with one house, one person and the workflow."""
    engine = Engine(Settings(database=url), clock=VirtualClock(paris(on)), transport=transport)
    try:
        engine.establishments.add("tilleuls", "Tilleuls", phone="01 23 45 67 89")
        for person, role in (("ana", "cesf"), ("chloe", "chef")):
            engine.people.add(person, person.title(), address=f"{person}@maison.example")
            engine.people.grant(person, role, "tilleuls")
        engine.workflows.register(workflow or temps())
        yield engine
    finally:
        engine.close()


def begin(engine: Engine, facts: dict[str, Any] | None = None, *, on: date | None = None) -> int:
    """Open a case; give its number."""
    given = {"menage": HOUSEHOLD, **(facts or {})}
    return engine.cases.open("temps", given, by="ana", establishment="tilleuls", on=on).id


@contextmanager
def only_what_is_allowed() -> Iterator[None]:
    """Leave aside a life in which a renewal is refused because it would end before what it renews."""
    try:
        yield
    except ActionRefused as refusal:
        if [reason.code for reason in refusal.reasons] != ["renewal_shortens"]:
            raise
        reject()


def seen(item: Occurrence) -> tuple[Any, ...]:
    """What two cases must agree on of a date: not its name in the rows, nor what the event that caused it is."""
    return (item.name, item.anchor_on, item.legal_on, item.due_on, item.status, item.closed_on)


def rungs(engine: Engine, case: int | None = None) -> list[Any]:
    """Every rung of a case (or of all), with the date it belongs to, as the rows have them."""
    steps, dates = schema.rungs, schema.deadlines
    statement = (
        sa.select(
            steps.c.case_id, dates.c.name, dates.c.ordinal, dates.c.status.label("of"), steps.c.rung,
            steps.c.generation, steps.c.kind, steps.c.day, steps.c.fire_at, steps.c.status, steps.c.fired_seq,
        )
        .join(dates, dates.c.id == steps.c.deadline_id)
        .order_by(steps.c.case_id, dates.c.name, dates.c.ordinal, steps.c.rung, steps.c.generation)
    )  # fmt: skip
    if case is not None:
        statement = statement.where(steps.c.case_id == case)
    with engine._world.database.read() as connection:
        return list(connection.execute(statement).all())


def sound(engine: Engine, case: int, each: frozenset[str] = EACH) -> None:
    """Assert what holds of the dates and the rungs of any case, whatever happened."""
    items = engine.cases.dates(case)
    opened = Counter(item.name for item in items if item.status == "open" and item.name not in each)
    assert all(number == 1 for number in opened.values()), f"several open dates: {opened}"
    for name in {item.name for item in items}:
        ordinals = sorted(item.ordinal for item in items if item.name == name)
        assert ordinals == list(range(1, len(ordinals) + 1)), (name, ordinals)
    keys = Counter((item.name, item.key) for item in items)
    assert all(number == 1 for number in keys.values()), keys
    found = rungs(engine, case)
    for step in found:
        assert step.of == "open" or step.status not in ("pending", "waiting"), f"of a closed date: {step}"
    generations: dict[tuple[str, int, str], list[Any]] = {}
    for step in found:
        generations.setdefault((step.name, step.ordinal, step.rung), []).append(step)
    for steps in generations.values():
        assert [step.generation for step in steps] == list(range(1, len(steps) + 1))
        for before, after in pairwise(steps):
            assert before.status == "fired", f"a new generation of what had not fired: {before}"
            assert after.day > before.day, f"a new generation on no later day: {before} {after}"


def nothing_twice(engine: Engine) -> None:
    """Assert that no rung fired twice in a generation, and that no message was written twice."""
    told = Counter(
        (line.case_id, line.rung, line.generation, line.name, line.ordinal)
        for line in rungs(engine)
        if line.status == "fired"
    )
    assert all(number == 1 for number in told.values()), told
    for case in sorted({line.case_id for line in rungs(engine)}):
        bodies = [(line.kind, line.body) for line in engine.cases.history(case) if "rung" in line.body]
        lines = Counter(
            (kind, body["deadline"], body["ordinal"], body["rung"], body.get("generation", 1))
            for kind, body in bodies
        )
        assert all(number == 1 for number in lines.values()), lines
    written = Counter(
        (one.case_id, one.seq, one.rung, one.generation, one.recipient, one.template)
        for one in engine.notices.outbox()
    )
    assert all(number == 1 for number in written.values()), written


# -- what the history tells of messages, and the rest of it

Told = tuple[str, int, str, date]


def messages(engine: Engine, case: int) -> Counter[Told]:
    """Every message that the history says was sent: its deadline, its ordinal, its rung, its day."""
    return Counter(
        (line.body["deadline"], line.body["ordinal"], line.body["rung"], line.effective_on)
        for line in engine.cases.history(case)
        if line.kind == "notice"
    )


def dropped(engine: Engine, case: int) -> Counter[Told]:
    """Every message that the history says was dropped."""
    return Counter(
        (line.body["deadline"], one["ordinal"], one["rung"], date.fromisoformat(one["day"]))
        for line in engine.cases.history(case)
        for one in line.body.get("dropped", ())
    )


def others(engine: Engine, case: int) -> list[Any]:
    """The acts, the tasks and the ends of periods, in the order of the history."""
    return [
        (line.kind, line.effective_on, line.action, line.target, line.body.get("deadline"), line.body.get("ordinal"))
        for line in engine.cases.history(case)
        if line.kind not in ("notice", "dropped")
    ]  # fmt: skip
