"""Who finds and sees which cases, and on which version of a workflow they stand, on both databases."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from support.engines import an_engine, at, dump, entered, opened, suivi

from jalon import ActionRefused, Engine, NotFound, VersionFrozen


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


def _everything(engine: Engine, case: int, other: int, row: int) -> dict[str, Callable[[str], Any]]:
    """Every verb on a case, for someone; `row` is that of one of its dates."""
    day = date(2026, 12, 20)
    cases, dates = engine.cases, engine.deadlines
    return {
        "get": lambda by: cases.get(case, by=by),
        "history": lambda by: cases.history(case, by=by),
        "dates": lambda by: cases.dates(case, by=by),
        "documents": lambda by: cases.documents(case, by=by),
        "links": lambda by: cases.links(case, by=by),
        "options": lambda by: cases.options(case, by=by),
        "preview": lambda by: cases.preview(case, "noter", {"note": "x"}, by=by),
        "perform": lambda by: cases.perform(case, "noter", {"note": "x"}, by=by),
        "perform nonsense": lambda by: cases.perform(case, "voler", {"aile": 2}, by=by),
        "perform stale": lambda by: cases.perform(case, "noter", by=by, revision=99),
        "correct": lambda by: cases.correct(case, {"note": "x"}, by=by, reason="r"),
        "annul": lambda by: cases.annul(case, by=by, reason="r"),
        "document": lambda by: cases.document(case, "carte", by=by),
        "assign": lambda by: cases.assign(case, "chloe", by=by),
        "link": lambda by: cases.link(case, other, "suite", by=by),
        "unlink": lambda by: cases.unlink(case, other, "suite", by=by, reason="r"),
        "explain": lambda by: dates.explain(case, "reponse", by=by),
        "explain row": lambda by: dates.explain(row, by=by),
        "agenda": lambda by: dates.agenda(case=case, by=by),
        "postpone": lambda by: dates.postpone(case=case, deadline="reponse", to=day, reason="r", by=by),
        "postpone row": lambda by: dates.postpone(row, to=day, reason="r", by=by),
    }


@pytest.mark.parametrize("by", ["luc", "nina"])
def test_a_case_of_another_house_answers_every_verb_as_one_that_does_not_exist(
    engine: Engine, by: str
) -> None:
    """Neither an act that cannot be, nor a revision that is not its own, says that it is there; nothing is played."""
    case, mine = opened(engine).id, opened(engine, by="luc", establishment="lilas").id
    (row,) = [item.id for item in engine.deadlines.pending(case=case) if item.name == "reponse"]
    at(engine, "2026-12-10")
    before = dump(engine)
    hidden = _everything(engine, case, mine, row)
    absent = _everything(engine, 99, mine, 9_999)
    for name, verb in hidden.items():
        with pytest.raises(NotFound) as unseen:
            verb(by)
        with pytest.raises(NotFound) as unknown:
            absent[name](by)
        told = unknown.value.data | {"name": row if name.endswith("row") else case}
        assert unseen.value.data == told, name
    assert dump(engine) == before


def test_whoever_holds_any_role_in_the_house_is_told_why_not(engine: Engine) -> None:
    """A partner with an account sees the case: what they may not do is refused with its reasons."""
    case = opened(engine).id
    engine.people.grant("nina", "mairie", "tilleuls")
    assert engine.cases.get(case, by="nina").id == case
    assert not any(option.allowed for option in engine.cases.options(case, by="nina"))
    with pytest.raises(ActionRefused):
        engine.cases.perform(case, "noter", {"note": "x"}, by="nina")


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
