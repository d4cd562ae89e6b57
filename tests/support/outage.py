"""A house that is visited every fortnight, or that awaits an answer, under a rule for what an outage does.

Someone enters on Monday 23 November 2026 and is visited every fortnight: due on 7 and 21 December, 4 and 18 January,
1 and 15 February, 1, 15 and 29 March, 12 April (the tenth), 26 April. A reminder leaves two days before, a Saturday.
"""

from typing import Any

import sqlalchemy as sa
from support.engines import entered, opened, suivi

from jalon import Case, Engine
from jalon.persistence import schema

DAYS = (
    "2026-12-05", "2026-12-19", "2027-01-02", "2027-01-16", "2027-01-30", "2027-02-13", "2027-02-27", "2027-03-13",
    "2027-03-27", "2027-04-10",
)  # fmt: skip
TENTH = "2027-04-12"  # the tenth reminder is two days late, the eleventh is yet to come
REMINDER = "-P2D:notice"
EITHER = {"label: Répondre\n    while: ouvert": "label: Répondre\n    while: [ouvert, suspendu]"}


def fortnights(engine: Engine, policy: str, **changes: str) -> Case:
    """A household that is visited every fortnight, under a rule; what else is due is the end of its stay."""
    visits = {"every: P1M*": "every: P14D*", "met_by: visiter": f"met_by: visiter\n    catch_up: {policy}"}
    engine.workflows.register(suivi(2, **visits, **changes))
    return entered(engine)


def answers(engine: Engine, policy: str, ladder: str, **changes: str) -> Case:
    """A case that awaits an answer by 3 December 2026, under a rule, with this ladder; the clock acts in the end."""
    if "perform" not in ladder:
        ladder += "\n      - {at: P90D, perform: suspendre}"
    told = {
        "{after: P10D*}\n    met_by: entrer": f"{{after: P10D*}}\n    met_by: entrer\n    catch_up: {policy}",
        "- {at: -P3D, shift: aucun}\n      - {at: P0D, task: rappeler}\n      - {at: P1D, perform: suspendre}": ladder,
    }
    engine.workflows.register(suivi(2, **told, **changes))
    return opened(engine)


def rows(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    """The messages of a deadline: ordinal, day, status, why, and the line that tells it."""
    rungs, deadlines = schema.rungs, schema.deadlines
    statement = (
        sa.select(deadlines.c.ordinal, rungs.c.day, rungs.c.status, rungs.c.error, rungs.c.fired_seq)
        .join(deadlines, deadlines.c.id == rungs.c.deadline_id)
        .where(deadlines.c.name == name, rungs.c.kind == "notice")
        .order_by(deadlines.c.ordinal, rungs.c.day)
    )
    with engine._world.database.read() as connection:
        return [tuple(row) for row in connection.execute(statement).all()]


def lines(engine: Engine, case: Case, name: str, *kinds: str) -> list[Any]:
    return [
        line for line in engine.cases.history(case.id)
        if line.kind in (kinds or ("notice", "dropped")) and line.body["deadline"] == name
    ]  # fmt: skip


def left(engine: Engine, name: str) -> list[str]:
    """The texts of the messages of a template that leave to the person who acts."""
    engine.deliver()
    return [
        one.body for one in engine.notices.outbox(status=("sent",))
        if one.template == name and one.role == "gardien"
    ]  # fmt: skip
