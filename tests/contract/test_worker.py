"""A worker ticks by itself: what is overdue is done as it starts."""

import threading
from datetime import timedelta

from support.house import HOUSEHOLD, PRESCRIBER, furnish

from jalon import Engine, Settings, SystemClock

PATIENCE = 20.0


def test_it_fires_what_came_due_while_nobody_was_there(database_url):
    """An orientation received four months ago has lapsed: its task is opened as soon as a worker starts."""
    clock = SystemClock()
    engine = Engine(Settings(database=database_url), clock=clock)
    furnish(engine)
    received = {
        "ref_siao": "S-9",
        "date_demande_siao": "2026-01-02",
        "menage": HOUSEHOLD,
        "prescripteur": PRESCRIBER,
    }
    long_ago = (clock.now() - timedelta(days=125)).date()
    case = engine.cases.open("rs_temporaire", received, by="claire", establishment="ophis", on=long_ago)
    ticked = threading.Event()
    worker = engine.worker(every=timedelta(hours=1), told=lambda _: ticked.set())
    worker.start()
    try:
        assert ticked.wait(PATIENCE)
    finally:
        worker.stop()
    tasks = [item for item in engine.deadlines.pending(case=case.id) if item.kind == "task"]
    assert [task.name for task in tasks] == ["examiner_caducite"]
    assert engine.cases.get(case.id).state == "orientation_recue"
    engine.close()
