"""Two cases linked and parted by hand: checked against the workflow, told in both histories."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from support.engines import dump
from support.liens import AMINA, a_stay, an_engine, codes, refused

from jalon import ActionRefused, Engine, InputError, NotFound


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        a_stay(engine)
        a_measure(engine)
        yield engine


def a_measure(engine: Engine, *, house: str = "tilleuls", by: str = "chloe") -> None:
    facts = {"menage": AMINA, "echeance": "2027-01-04"}
    engine.cases.open("mesure", facts, by=by, establishment=house, action="ouvrir")


def _link(engine: Engine, case=1, other=2, role="suivi", **options):
    return engine.cases.link(case, other, role, **{"by": "gaia", **options})


def _nothing(engine: Engine, call) -> list[str]:
    before = dump(engine)
    found = codes(call)
    assert dump(engine) == before
    return found


def test_a_link_is_told_on_both_sides(engine: Engine) -> None:
    after = _link(engine, on=date(2026, 11, 23))
    assert (after.id, after.revision) == (1, 2)
    here, there = engine.cases.history(1)[-1], engine.cases.history(2)[-1]
    assert here.body == {"change": "made", "link": "suivi", "label": "Suivi", "case": 2, "side": "to"}
    assert there.body == {"change": "made", "link": "suivi", "label": "Suivi", "case": 1, "side": "from"}
    assert {line.kind for line in (here, there)} == {"link"}
    assert [(link.role, link.direction, link.case_id) for link in engine.cases.links(2)] == [
        ("suivi", "from", 1)
    ]
    assert engine.verify().sound


def test_the_other_side_may_make_the_link_under_its_own_name(engine: Engine) -> None:
    _link(engine, 2, 1, "sejour")
    (link,) = engine.cases.links(1)
    assert (link.role, link.direction, link.case_id) == ("mesure", "to", 2)
    assert codes(lambda: _link(engine, 1, 2, "mesure")) == ["link_exists"]
    engine.cases.unlink(2, 1, "sejour", by="gaia", reason="Erreur.")
    assert engine.verify().sound


def test_a_link_ends_with_a_reason_and_may_be_made_again(engine: Engine) -> None:
    _link(engine)
    engine.cases.unlink("D-0001", "D-0002", "suivi", by="gaia", reason="Mauvais dossier.")
    assert [link.ended_on for link in engine.cases.links(1)] == [date(2026, 11, 23)]
    assert {engine.cases.history(number)[-1].body["reason"] for number in (1, 2)} == {"Mauvais dossier."}
    _link(engine)
    assert [link.ended_on for link in engine.cases.links(1)] == [date(2026, 11, 23), None]
    assert engine.verify().sound


def test_many_to_many(engine: Engine) -> None:
    a_measure(engine)
    a_stay(engine, {"menage": {"name": "Bruno"}})
    for case in (1, 4):
        for other in (2, 3):
            _link(engine, case, other)
    assert [len(engine.cases.links(number)) for number in (1, 2, 3, 4)] == [2, 2, 2, 2]
    assert engine.verify().sound


@pytest.mark.parametrize(
    ("other", "role", "wanted"),
    [
        (2, "ailleurs", ["link_unknown"]),
        (2, "", ["link_unknown"]),
        (2, "é" * 300, ["link_unknown"]),
        (2, None, ["link_unknown"]),
        (2, "aide", ["link_workflow"]),
        (1, "suivi", ["link_itself"]),
    ],
)
def test_a_link_that_the_workflow_does_not_have_is_refused(engine: Engine, other, role, wanted) -> None:
    assert _nothing(engine, lambda: _link(engine, 1, other, role)) == wanted


def test_the_same_link_twice_is_refused(engine: Engine) -> None:
    _link(engine)
    assert _nothing(engine, lambda: _link(engine)) == ["link_exists"]


def test_a_link_that_is_not_there_does_not_end(engine: Engine) -> None:
    assert _nothing(
        engine, lambda: engine.cases.unlink(1, 2, "suivi", by="gaia", reason=" ")
    ) == ["link_none", "reason_missing"]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (date(2026, 11, 24), "effective_future"),
        (date(1899, 1, 1), "effective_too_old"),
        (date(2026, 11, 22), "link_before_opening"),
    ],
)
def test_a_day_that_cannot_be_is_refused(engine: Engine, on: date, wanted: str) -> None:
    assert _nothing(engine, lambda: _link(engine, on=on)) == [wanted]


@pytest.mark.parametrize("on", ["2026-11-23", 3, datetime(2026, 11, 23)])
def test_a_day_is_a_date(engine: Engine, on) -> None:
    with pytest.raises(InputError):
        _link(engine, on=on)


@pytest.mark.parametrize("other", [99, 0, -1, "D-", "x", True, None, 10**30])
def test_a_case_that_is_not_there_is_not_found(engine: Engine, other) -> None:
    before = dump(engine)
    with pytest.raises(NotFound):
        _link(engine, 1, other)
    assert dump(engine) == before


@pytest.mark.parametrize("reason", ["x" * 3_000, "\x00", None, 3])
def test_a_reason_is_a_text(engine: Engine, reason) -> None:
    _link(engine)
    before = dump(engine)
    with pytest.raises((InputError, ActionRefused)):
        engine.cases.unlink(1, 2, "suivi", by="gaia", reason=reason)
    assert dump(engine) == before


def test_only_someone_of_the_house_links(engine: Engine) -> None:
    """nina sees the house, and is not one of its people; for luc, of another house, there is no such case."""
    engine.people.add("nina", "Nina")
    engine.people.grant("nina", "menage_loge", "tilleuls")
    assert _nothing(engine, lambda: _link(engine, by="nina")) == ["role"]
    before = dump(engine)
    with pytest.raises(NotFound):
        _link(engine, by="luc")
    assert dump(engine) == before


def test_a_case_of_another_house_is_linked_by_whom_sees_both(engine: Engine) -> None:
    """gaia works in one house only: for her the other case does not exist."""
    a_measure(engine, house="lilas", by="luc")
    with pytest.raises(NotFound):
        _link(engine, 1, 3)
    _link(engine, 1, 3, by="ines")
    assert [link.establishment for link in engine.cases.links(1)] == ["lilas"]
    assert engine.cases.links(1, by="gaia") == ()
    assert [link.case_id for link in engine.cases.links(1, by="ines")] == [3]
    with pytest.raises(NotFound):
        engine.cases.links(1, by="luc")


def test_a_history_does_not_name_a_case_of_a_house_that_one_does_not_see(engine: Engine) -> None:
    """Linked, opened, ended and found twice: the line stays, without number, label or name of the link."""
    a_measure(engine, house="lilas", by="luc")
    _link(engine, 1, 3, by="ines")
    for reader, named in (("gaia", None), ("ines", 3), (None, 3)):
        body = engine.cases.history(1, by=reader)[-1].body
        assert (body["change"], body["side"]) == ("made", "to")
        assert (body["case"], body["label"], body["link"]) == (
            (named, "Suivi", "suivi") if named else (None, None, None)
        )
    (line,) = [event for event in engine.cases.history(3, by="luc") if event.kind == "link"]
    assert (line.body["case"], line.body["label"]) == (None, None)
    engine.cases.unlink(1, 3, "suivi", by="ines", reason="Erreur.")
    last = engine.cases.history(1, by="gaia")[-1]
    assert (last.body["case"], last.body["reason"]) == (None, "Erreur.")
    assert [event.digest for event in engine.cases.history(1, by="gaia")] == [
        event.digest for event in engine.cases.history(1)
    ]


def test_a_line_that_ends_or_opens_a_case_elsewhere_does_not_name_it(engine: Engine) -> None:
    engine.cases.open("aide", {"menage": AMINA}, by="luc", establishment="lilas")
    _link(engine, 1, 3, "aide", by="ines")
    engine.cases.perform(1, "partir", by="gaia")
    assert engine.cases.history(1, by="gaia")[-1].body["ended"] == [
        {"link": None, "case": None, "how": "closed"}
    ]
    assert engine.cases.history(1)[-1].body["ended"] == [{"link": "aide", "case": 3, "how": "closed"}]


def test_the_opening_names_the_case_it_comes_from_to_whom_may_see_it(engine: Engine) -> None:
    from jalon.engine.veiling import veiled

    engine.cases.perform(1, "engager", {"fin_le": "2027-03-01"}, by="chloe")
    with engine._world.database.read() as connection:
        (opening,) = veiled(connection, engine.cases.history(3), ["lilas"])
        assert opening.body["from"] == {"case": None, "link": None}
        line = veiled(connection, engine.cases.history(1), ["lilas"])[-1]
        assert line.body["opened"] == [{"link": None, "case": None}]
        assert veiled(connection, [line], ["tilleuls"]) == (line,)
        assert veiled(connection, engine.cases.history(3), ["tilleuls"])[0].body["from"]["case"] == 1


def test_a_refusal_numbers_only_the_linked_cases_that_are_seen(engine: Engine) -> None:
    """Two open measures of another house are one too many: gaia is told how many, ines, who sees both, which."""
    for _ in range(2):
        a_measure(engine, house="lilas", by="luc")
    for other in (3, 4):
        _link(engine, 1, other, "mesure", by="ines")
    for by, cases in (("gaia", []), ("ines", [3, 4])):
        (refusal,) = refused(lambda by=by: engine.cases.perform(1, "compter", by=by))
        assert refusal == ("linked", {"link": "mesure", "count": 2, "cases": cases})
        assert refused(lambda by=by: engine.cases.preview(1, "compter", by=by)) == [refusal]
        (option,) = [one for one in engine.cases.options(1, by=by) if one.action == "compter"]
        assert [(one.code, one.data) for one in option.reasons] == [refusal]


def test_every_reason_is_given_at_once(engine: Engine) -> None:
    _link(engine)
    engine.people.add("nina", "Nina")
    engine.people.grant("nina", "menage_loge", "tilleuls")
    found = refused(lambda: _link(engine, by="nina", on=date(2026, 12, 1)))
    assert [code for code, _ in found] == ["role", "effective_future", "link_exists"]


def test_a_link_in_the_host_s_transaction_is_undone_with_it(engine: Engine) -> None:
    before = dump(engine)
    with engine._world.database.write() as connection:
        nested = connection.begin_nested()
        _link(engine, session=connection)
        nested.rollback()
    assert dump(engine) == before
