"""What is said wrongly of a place is refused with a clear error, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import dump, written
from support.lits import HEAD, HOUSE, MONDAY, an_engine, asked, do, housed, refusal

from jalon import ActionRefused, Engine, InputError, JalonError, NotFound
from jalon.interfaces.words_errors import ERRORS
from jalon.interfaces.words_input import input_words
from jalon.persistence import schema

TODAY = date.fromisoformat(MONDAY)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _add(**changes: Any) -> Callable[[Engine], Any]:
    house, name = changes.pop("establishment", HOUSE), changes.pop("name", "Lit 9")
    return lambda engine: engine.places.add(house, name, **{"kind": "lit", **changes})


def _out(**changes: Any) -> Callable[[Engine], Any]:
    kind, name = changes.pop("kind", "lit"), changes.pop("name", "Lit 2")
    return lambda engine: engine.places.out_of_use(
        HOUSE, kind, name, **{"since": TODAY, "reason": "travaux", **changes}
    )


WRONG: tuple[tuple[Callable[[Engine], Any], type[JalonError], str], ...] = (
    (_add(establishment="inconnue"), NotFound, "establishment"),
    (_add(establishment="\x00"), NotFound, "establishment"),
    (_add(name=""), InputError, "name"),
    (_add(name="   "), InputError, "name"),
    (_add(name="Lit\n9"), InputError, "name"),
    (_add(name="Lit\x00"), InputError, "name"),
    (_add(name="x" * 201), InputError, "name"),
    (_add(name=9), InputError, "name"),
    (_add(kind="Lit"), InputError, "kind"),
    (_add(kind="lit'; DROP TABLE jalon_places --"), InputError, "kind"),
    (_add(kind=None), InputError, "kind"),
    (_add(size=0), InputError, "size"),
    (_add(size=-1), InputError, "size"),
    (_add(size=101), InputError, "size"),
    (_add(size=1.5), InputError, "size"),
    (_add(size=True), InputError, "size"),
    (_add(unit="\u2028"), InputError, "unit"),
    (_add(room=4), InputError, "room"),
    (_add(programmes=["inconnu"]), NotFound, "workflow"),
    (_add(programmes="lits"), InputError, "programmes"),
    (_add(programmes=[3]), NotFound, "workflow"),
    (_add(attributes=["pmr"]), InputError, "attributes"),
    (_add(attributes={"pas un nom": True}), InputError, "attributes"),
    (_add(attributes={"pmr": object()}), InputError, "attributes"),
    (_add(attributes={"pmr": "\x00"}), InputError, "attributes"),
    (_add(opened_on="2027-02-01"), InputError, "opened_on"),
    (_add(opened_on=datetime(2027, 2, 1)), InputError, "opened_on"),
    (_add(opened_on=date(1800, 1, 1)), InputError, "opened_on"),
    (_out(name="Lit 99"), NotFound, "place"),
    (_out(name="\ud800"), NotFound, "place"),
    (_out(kind="chambre"), NotFound, "place"),
    (_out(kind="\x00"), NotFound, "place"),
    (_out(until=date(2027, 1, 31)), InputError, "until"),
    (_out(since=None), InputError, "since"),
    (_out(reason=""), InputError, "reason"),
    (_out(reason="a\nb"), InputError, "reason"),
    (_out(reason=None), InputError, "reason"),
    (lambda engine: engine.places.close(HOUSE, "lit", "Lit 2", on="demain"), InputError, "on"),  # type: ignore[arg-type]
    (lambda engine: engine.places.close(HOUSE, "lit", "Lit 99", on=TODAY), NotFound, "place"),
    (lambda engine: engine.places.back(HOUSE, "lit", "Lit 2", on=TODAY), InputError, "on"),
    (lambda engine: engine.places.occupancy("inconnue"), NotFound, "establishment"),
    (lambda engine: engine.places.occupancy(kind="L I T"), InputError, "kind"),
    (lambda engine: engine.places.occupancy(on="hier"), InputError, "on"),  # type: ignore[arg-type]
    (lambda engine: engine.places.occupancy(by="personne"), NotFound, "actor"),
    (lambda engine: engine.places.list("inconnue"), NotFound, "establishment"),
    (lambda engine: engine.places.waiting("inconnue"), NotFound, "establishment"),
)  # fmt: skip


def test_what_makes_no_sense_is_refused_and_changes_nothing(engine: Engine) -> None:
    """Each is an error that says what is wrong, and that the command line words in French."""
    before = dump(engine)
    for number, (wrong, kind, argument) in enumerate(WRONG):
        with pytest.raises(kind) as told:
            wrong(engine)
        assert told.value.data.get("argument", told.value.data.get("kind")) == argument, number
        words = (
            input_words(told.value)
            if isinstance(told.value, InputError)
            else ERRORS["not_found"](told.value.data)
        )
        assert "détail en anglais" not in words, number
    assert dump(engine) == before


def test_an_outage_over_another_is_refused(engine: Engine) -> None:
    _out(since=date(2027, 2, 10), until=date(2027, 2, 20))(engine)
    for since, until in (("2027-02-20", None), ("2027-02-01", "2027-02-10"), ("2027-02-12", "2027-02-13")):
        with pytest.raises(InputError) as told:
            _out(since=date.fromisoformat(since), until=until and date.fromisoformat(until))(engine)
        assert input_words(told.value) == (
            "Cette place est déjà hors service ces jours-là, depuis le mercredi 10 février 2027."
        )
    _out(since=date(2027, 2, 21))(engine)


def test_a_place_is_not_closed_before_it_opens(engine: Engine) -> None:
    _add(opened_on=date(2027, 3, 1))(engine)
    with pytest.raises(InputError) as told:
        engine.places.close(HOUSE, "lit", "Lit 9", on=date(2027, 2, 1))
    assert input_words(told.value) == "La place n’est pas encore ouverte le lundi 1er février 2027."


@pytest.mark.parametrize(
    "name", ["Lit 2'; DROP TABLE jalon_places; --", "%", "_", "Lit 2 ", "🛏️ double", "Ⅻ", "1" * 200]
)
def test_a_hostile_name_is_a_name(engine: Engine, name: str) -> None:
    engine.places.add(HOUSE, name, kind="lit", size=2)
    persons = [{"name": "A"}, {"name": "B"}]
    case = asked(engine, personne={"name": "A", "persons": persons})
    assert do(engine, case, "promettre", name).facts["lit"] == name.strip()
    found = engine.places.occupancy(HOUSE).places
    assert [one.name for one in found if one.case_id == case.id] == [name.strip()]


@pytest.mark.parametrize("lit", ["Lit\x002", "\ud800", "x" * 501, 12, ["Lit 2"], {"lit": "Lit 2"}])
def test_a_place_that_is_no_name_is_a_value_of_the_wrong_type(engine: Engine, lit: Any) -> None:
    case = asked(engine)
    with pytest.raises(ActionRefused) as told:
        engine.cases.perform(case.id, "promettre", {"lit": lit}, by=HEAD)
    assert [reason.code for reason in told.value.reasons] == ["fact_type"]


def test_rows_that_no_longer_say_what_the_history_tells_are_a_fault(engine: Engine) -> None:
    """Each way of writing straight into the rows is found."""
    case = housed(engine, "Lit 2")
    for change, back in (
        ("place = 'LIT 3'", "place = 'LIT 2'"), ("status = 'kept'", "status = 'occupied'"),
        ("since = '2027-01-01'", f"since = '{MONDAY}'"), ("freed_on = '2027-02-02'", "freed_on = NULL"),
        ("kind = 'chambre'", "kind = 'lit'"),
    ):  # fmt: skip
        assert engine.verify().sound
        written(engine, f"UPDATE jalon_occupancies SET {change}")
        assert [(fault.case_id, fault.what) for fault in engine.verify().faults] == [(case.id, "places")], (
            change
        )
        written(engine, f"UPDATE jalon_occupancies SET {back}")
    written(engine, "DELETE FROM jalon_occupancies")
    assert [fault.what for fault in engine.verify().faults] == ["places"]


def test_a_place_taken_twice_is_refused_by_the_database_itself(engine: Engine) -> None:
    """Whatever the engine thinks, the constraint has the last word."""
    housed(engine, "Lit 2")
    other = asked(engine)
    row = {"establishment_id": HOUSE, "kind": "lit", "place": "LIT 2", "case_id": other.id, "status": "promised",
           "since": TODAY}  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), engine._world.database.write() as connection:
        connection.execute(sa.insert(schema.occupancies), row)


@pytest.mark.parametrize(
    ("kept", "asked_for"),
    [("É 1", "E\u0301 1"), ("e\u0301 1", "É 1"), ("Lit １２", "lit 12"), ("Ⅻ", "xii"), ("🛏️", "🛏")],
)
def test_names_that_unicode_holds_to_be_one_are_one(engine: Engine, kept: str, asked_for: str) -> None:
    """Two keyboards write an accent in two ways, and digits in two widths."""
    engine.places.add(HOUSE, kept, kind="lit")
    assert do(engine, asked(engine), "promettre", asked_for).facts["lit"] == kept
    before = len(engine.places.list(HOUSE))
    assert engine.places.add(HOUSE, asked_for, kind="lit").case_id is not None
    assert len(engine.places.list(HOUSE)) == before
    assert engine.verify().faults == ()


@pytest.mark.parametrize(
    "name", ["Lit\u200b1", "Lit 1\u2060", "\u202e1 tiL", "Lit\u00ad 1", "\u3164", "Lit\ufeff1"]
)
def test_an_invisible_sign_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(InputError) as told:
        engine.places.add(HOUSE, name, kind="lit")
    assert input_words(told.value) == "Ce nom contient un caractère invisible : retapez-le."
    assert [code for code, _ in refusal(engine, asked(engine), "promettre", name)] == ["fact_type"]
