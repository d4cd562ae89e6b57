"""Who finds and sees which cases, and on which version of a workflow they stand, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import an_engine, at, dump, entered, opened, suivi

from jalon import Engine, NotFound, VersionFrozen


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def test_find_filters_newest_first(engine: Engine) -> None:
    first, second = opened(engine, referent="gaia"), entered(engine)
    assert [case.id for case in engine.cases.find()] == [second.id, first.id]
    assert [case.id for case in engine.cases.find(state="actif")] == [second.id]
    assert [case.id for case in engine.cases.find(referent="gaia")] == [first.id]
    assert [case.id for case in engine.cases.find(limit=1)] == [second.id]
    assert [case.id for case in engine.cases.find(text="amina")] == [second.id, first.id]
    assert [case.id for case in engine.cases.find(text=first.number)] == [first.id]
    engine.cases.perform(second.id, "clore", {"motif": "fini"}, by="gaia")
    assert [case.id for case in engine.cases.find(open_only=True)] == [first.id]


def test_a_person_sees_only_the_cases_of_their_establishments(engine: Engine) -> None:
    mine, theirs = opened(engine), opened(engine, by="luc", establishment="lilas")
    at(engine, "2026-12-10")
    engine.run_due()
    notices = {notice.case_id: notice.id for notice in engine.notices.outbox()}
    assert [case.id for case in engine.cases.find(by="luc")] == [theirs.id]
    assert {item.case_id for item in engine.deadlines.pending(by="luc")} == {theirs.id}
    assert {notice.case_id for notice in engine.notices.outbox(by="luc")} == {theirs.id}
    assert engine.cases.find(by="nina") == engine.notices.outbox(by="nina") == ()
    for look in (
        lambda: engine.cases.get(mine.id, by="luc"),
        lambda: engine.cases.history(mine.id, by="luc"),
        lambda: engine.cases.dates(mine.id, by="luc"),
        lambda: engine.cases.documents(mine.id, by="luc"),
        lambda: engine.deadlines.explain(mine.id, "reponse", by="luc"),
        lambda: engine.deadlines.pending(by="luc", establishment="tilleuls"),
        lambda: engine.notices.explain(notices[mine.id], by="luc"),
        lambda: engine.notices.read(notices[mine.id], by="luc"),
    ):
        with pytest.raises(NotFound):
            look()
    assert {case.id for case in engine.cases.find()} == {mine.id, theirs.id}  # the host sees all


def test_who_left_the_house_sees_nothing_and_does_nothing(engine: Engine) -> None:
    case = opened(engine)
    engine.people.add("gaia", active=False)
    for look in (
        lambda: engine.cases.find(by="gaia"),
        lambda: engine.cases.get(case.id, by="gaia"),
        lambda: engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia"),
    ):
        with pytest.raises(NotFound):
            look()


def test_a_version_is_registered_once_and_its_content_never_changes(engine: Engine) -> None:
    engine.workflows.register(suivi())
    before = dump(engine)
    with pytest.raises(VersionFrozen):
        engine.workflows.register(suivi(1, P10D="P11D"))
    assert dump(engine) == before
    assert [(one.workflow, one.version) for one in engine.workflows.list()] == [("suivi", 1)]


def test_a_case_stays_on_the_version_it_was_opened_with(engine: Engine) -> None:
    old = opened(engine)
    engine.workflows.register(suivi(2, P10D="P20D"))
    new = opened(engine)
    assert (old.version, new.version) == (1, 2)
    assert opened(engine, version=1).version == 1
    engine.cases.perform(old.id, "noter", {"note": "x"}, by="gaia")
    due = {case: engine.cases.dates(case)[0].due_on for case in (old.id, new.id)}
    assert due == {old.id: date(2026, 12, 3), new.id: date(2026, 12, 13)}
