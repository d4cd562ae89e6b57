"""More people for the small house: samir is a warden too, rosa may be; lea and ines work nowhere of their own."""

from datetime import date
from typing import Any

from support.engines import at, opened

from jalon import Case, Engine

TOOK_OVER = "Samir est en congé."


def hire(engine: Engine) -> None:
    """Add them; samir is a second warden of the first house."""
    for person in ("samir", "rosa", "lea", "ines"):
        engine.people.add(person, person.title(), address=f"{person}@maison.example")
    engine.people.grant("samir", "gardien", "tilleuls")


def day(text: str) -> date:
    return date.fromisoformat(text)


def away(engine: Engine, person: str, since: str, until: str | None = None, deputy: str | None = None) -> Any:
    """Say that someone is away."""
    last = None if until is None else day(until)
    return engine.people.absent(person, day(since), last, deputy=deputy, by="chloe")


def followed(engine: Engine, person: str = "samir", **options: Any) -> Case:
    """A case that someone follows."""
    return opened(engine, referent=person, **options)


def reminded(engine: Engine, on: str = "2026-11-30", hour: int = 9) -> None:
    """Let the pass of a day go: the reminder of a case opened on 23 November is due on Monday the 30th."""
    at(engine, on, hour)
    engine.run_due()


def readers(engine: Engine, **filters: Any) -> list[tuple[str, str | None, str]]:
    """The outbox: for whom, who reads it in their place, what became of it."""
    return [(one.recipient, one.deputy, one.status) for one in engine.notices.outbox(**filters)]
