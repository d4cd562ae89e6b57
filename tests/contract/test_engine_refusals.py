"""What makes no sense is refused with its reasons, and leaves every row as it was, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from support.engines import MONDAY, an_engine, at, dump, entered, opened, written

from jalon import ActionRefused, Engine, InputError, NotFound, TooRecent


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _refused(engine: Engine, act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The reasons of a refusal, after a look at every row."""
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        act()
    assert dump(engine) == before
    return [(reason.code, reason.data.get("fact")) for reason in refusal.value.reasons]


def _raises(engine: Engine, error: type[Exception], act: Callable[[], Any]) -> dict[str, Any]:
    before = dump(engine)
    with pytest.raises(error) as raised:
        act()
    assert dump(engine) == before
    return raised.value.data


WRONG: list[tuple[str, Any]] = [
        ("loyer", "beaucoup"), ("loyer", "1.234"), ("loyer", True), ("loyer", float("nan")), ("loyer", [1]),
        ("rendez_vous_le", "31/12/2026"), ("rendez_vous_le", "2026-02-30"), ("rendez_vous_le", 3),
        ("rendez_vous_le", datetime(2026, 12, 1, tzinfo=UTC)),
        ("mode", "c"), ("mode", 1), ("note", 12), ("note", "\x00"), ("note", {"a": 1}), ("note", "x" * 20_001),
        ("contact_mairie", {"email": "a@b.example", "role": "maire"}), ("contact_mairie", 5),
        ("contact_mairie", {"name": "A\nBcc: b"}),
]  # fmt: skip


def test_a_value_of_the_wrong_type_is_refused(engine: Engine) -> None:
    case = opened(engine)
    for fact, value in WRONG:
        act = partial(engine.cases.perform, case.id, "noter", {fact: value}, by="gaia")
        assert _refused(engine, act) == [("fact_type", fact)], value


def test_every_reason_comes_at_once(engine: Engine) -> None:
    case = opened(engine)
    facts = {"inconnu": 1, "loyer": "x", "mode": "a", "logement": " "}
    reasons = _refused(engine, lambda: engine.cases.perform(case.id, "entrer", facts, by="chloe"))
    assert reasons == [
        ("role", None), ("fact_unknown", "inconnu"), ("fact_type", "loyer"), ("fact_unexpected", "mode"),
        ("fact_missing", "logement"), ("documents_missing", None),
    ]  # fmt: skip


def test_a_derived_fact_is_never_given(engine: Engine) -> None:
    case = opened(engine)
    assert _refused(engine, lambda: engine.cases.perform(case.id, "noter", {"visites": 3}, by="gaia")) == [
        ("fact_unexpected", "visites")
    ]


def test_an_opening_that_is_refused_leaves_no_case(engine: Engine) -> None:
    assert _refused(
        engine, lambda: engine.cases.open("suivi", {"loyer": 1}, by="luc", establishment="tilleuls", key="k")
    ) == [("role", None), ("fact_unexpected", "loyer"), ("fact_missing", "menage")]


@pytest.mark.parametrize(
    ("on", "code"), [("2026-11-22", "effective_before_change"), ("2026-11-26", "effective_future")]
)
def test_an_act_before_the_last_change_or_to_come_is_refused(engine: Engine, on: str, code: str) -> None:
    case = opened(engine)
    at(engine, "2026-11-25")
    day = date.fromisoformat(on)
    assert _refused(engine, lambda: engine.cases.perform(case.id, "noter", {}, by="gaia", on=day)) == [
        (code, None)
    ]


def test_an_opening_to_come_is_refused(engine: Engine) -> None:
    assert _refused(engine, lambda: opened(engine, on=date(2026, 11, 24))) == [("effective_future", None)]


def test_a_renewal_beyond_the_limit_is_refused(engine: Engine) -> None:
    case = entered(engine)
    engine.cases.perform(case.id, "prolonger", {"motif": "suite"}, by="chloe")
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(case.id, "prolonger", {"motif": "encore"}, by="chloe")
    assert [reason.text for reason in refusal.value.reasons] == ["Le séjour a déjà été prolongé."]
    assert dump(engine) == before


def test_a_role_held_elsewhere_is_not_held_here(engine: Engine) -> None:
    """luc is a warden of the other house; in this one he is of the town hall, which sees and does nothing of this."""
    engine.people.grant("luc", "mairie", "tilleuls")
    case = opened(engine)
    for verb in (
        lambda: engine.cases.perform(case.id, "noter", {"note": "x"}, by="luc"),
        lambda: engine.cases.document(case.id, "carte", by="luc"),
        lambda: engine.cases.correct(case.id, {"note": "x"}, by="luc", reason="r"),
        lambda: engine.cases.assign(case.id, "gaia", by="luc"),
        lambda: engine.cases.assign(case.id, "luc", by="gaia"),
        lambda: engine.cases.assign(case.id, "nina", by="gaia"),
    ):
        assert _refused(engine, verb) == [("role", None)]


def test_a_role_taken_back_is_no_longer_held(engine: Engine) -> None:
    case = opened(engine)
    engine.people.grant("gaia", "mairie", "tilleuls")
    engine.people.revoke("gaia", "gardien", "tilleuls")
    assert _refused(engine, lambda: engine.cases.perform(case.id, "noter", {}, by="gaia")) == [("role", None)]
    engine.people.revoke("gaia", "mairie", "tilleuls")
    found = _raises(engine, NotFound, lambda: engine.cases.perform(case.id, "noter", {}, by="gaia"))
    assert found == {"kind": "case", "name": case.id}


def test_what_only_the_clock_does_nobody_does(engine: Engine) -> None:
    case = opened(engine)
    assert _refused(engine, lambda: engine.cases.perform(case.id, "suspendre", by="chloe")) == [
        ("role", None)
    ]


def test_an_unknown_action_is_refused(engine: Engine) -> None:
    case = opened(engine)
    assert _refused(engine, lambda: engine.cases.perform(case.id, "voler", by="gaia")) == [
        ("action_unknown", None)
    ]
    assert _refused(engine, lambda: opened(engine, action="voler")) == [("action_unknown", None)]


def test_an_act_of_the_opening_does_not_open_twice(engine: Engine) -> None:
    case = opened(engine)
    facts = {"menage": {"name": "B"}}
    assert _refused(engine, lambda: engine.cases.perform(case.id, "ouvrir", facts, by="gaia")) == [
        ("state", None)
    ]


UNKNOWN: list[tuple[str, Callable[[Engine, int], Any]]] = [
        ("actor", lambda engine, case: engine.cases.perform(case, "noter", by="personne")),
        ("actor", lambda engine, case: engine.cases.perform(case, "noter", by=None)),
        ("actor", lambda engine, case: engine.cases.options(case, by="personne")),
        ("actor", lambda engine, case: engine.cases.preview(case, "noter", by="personne")),
        ("actor", lambda engine, case: engine.cases.document(case, "carte", by="personne")),
        ("actor", lambda engine, case: engine.cases.assign(case, "personne", by="gaia")),
        ("actor", lambda engine, case: engine.cases.history(case, by="personne")),
        ("actor", lambda engine, case: engine.people.grant("personne", "gardien", "tilleuls")),
        ("actor", lambda engine, case: opened(engine, referent="personne")),
        ("establishment", lambda engine, case: opened(engine, establishment="ailleurs")),
        ("establishment", lambda engine, case: engine.people.grant("nina", "gardien", "ailleurs")),
        ("workflow", lambda engine, case: engine.cases.open("autre", by="gaia", establishment="tilleuls")),
        ("workflow", lambda engine, case: opened(engine, version=9)),
        ("case", lambda engine, case: engine.cases.perform(case + 1, "noter", by="gaia")),
        ("case", lambda engine, case: engine.cases.document(case + 1, "carte", by="gaia")),
        ("case", lambda engine, case: engine.cases.correct(case + 1, {"note": "x"}, by="gaia", reason="r")),
        ("case", lambda engine, case: engine.cases.assign(case + 1, "gaia", by="gaia")),
        ("case", lambda engine, case: engine.cases.options(case + 1, by="gaia")),
        ("case", lambda engine, case: engine.cases.preview(case + 1, "noter", by="gaia")),
        ("case", lambda engine, case: engine.cases.history(case + 1)),
        ("case", lambda engine, case: engine.cases.get("douze")),
        ("case", lambda engine, case: engine.cases.get("9" * 40)),
        ("case", lambda engine, case: engine.cases.get(True)),
        ("notice", lambda engine, case: engine.notices.explain(99)),
        ("notice", lambda engine, case: engine.notices.retry(99)),
        ("notice", lambda engine, case: engine.notices.read(99)),
        ("deadline", lambda engine, case: engine.deadlines.explain(case, "autre")),
        ("parameter", lambda engine, case: engine.establishments.set_parameter("tilleuls", "suivi", "x", 1)),
]  # fmt: skip


def test_what_is_unknown_is_said_to_be(engine: Engine) -> None:
    case = opened(engine).id
    for kind, act in UNKNOWN:
        assert _raises(engine, NotFound, partial(act, engine, case))["kind"] == kind


SENSELESS: list[tuple[str, Callable[[Engine, int], Any]]] = [
        ("on", lambda engine, case: engine.cases.perform(case, "noter", by="gaia", on=MONDAY)),
        ("on", lambda engine, case: engine.cases.preview(case, "noter", by="gaia", on=datetime.now(UTC))),
        ("on", lambda engine, case: opened(engine, on=MONDAY)),
        ("on", lambda engine, case: engine.cases.correct(case, by="gaia", reason="r", on=MONDAY)),
        ("received_on", lambda engine, case: engine.cases.document(case, "carte", by="gaia", received_on=MONDAY)),
        ("facts", lambda engine, case: engine.cases.perform(case, "noter", ["note"], by="gaia")),
        ("key", lambda engine, case: engine.cases.perform(case, "noter", by="gaia", key="")),
        ("key", lambda engine, case: engine.cases.perform(case, "noter", by="gaia", key="k" * 201)),
        ("key", lambda engine, case: engine.cases.perform(case, "noter", by="gaia", key=7)),
        ("person", lambda engine, case: engine.people.add("Ana Dupont")),
        ("person", lambda engine, case: engine.people.add("systeme")),
        ("address", lambda engine, case: engine.people.add("ana", address="ana\n@x.example")),
        ("establishment", lambda engine, case: engine.establishments.add("Les Lilas")),
        ("opens", lambda engine, case: engine.establishments.add("x", opens="20:00", closes="08:00")),
        ("role", lambda engine, case: engine.people.grant("nina", "systeme", "tilleuls")),
        ("value", lambda engine, case: engine.establishments.set_parameter(
            "tilleuls", "suivi", "prolongations", "beaucoup")),
        ("value", lambda engine, case: engine.establishments.set_parameter(
            "tilleuls", "suivi", "prolongations", -1)),
]  # fmt: skip


def test_an_argument_that_makes_no_sense_is_named(engine: Engine) -> None:
    case = opened(engine).id
    for argument, act in SENSELESS:
        assert _raises(engine, InputError, partial(act, engine, case))["argument"] == argument


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"kind": "passeport"}, ["document_unknown"]),
        ({"received_on": date(2026, 11, 24)}, ["document_future"]),
        ({"signed_on": date(2026, 11, 24)}, ["document_future"]),
        ({"valid_until": date(2026, 11, 1)}, ["document_backwards"]),
        ({"not_applicable": "  "}, ["reason_missing"]),
        ({"by": "nina", "not_applicable": ""}, ["role", "reason_missing"]),
    ],
)
def test_a_document_that_cannot_be_is_refused(
    engine: Engine, options: dict[str, Any], codes: list[str]
) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    case = opened(engine)
    given = {"kind": "carte", "by": "gaia", **options}
    found = _refused(engine, lambda: engine.cases.document(case.id, given.pop("kind"), **given))
    assert [code for code, _ in found] == codes


def test_the_unit_of_another_open_case_is_refused(engine: Engine) -> None:
    first = entered(engine, "A1")
    second = opened(engine)
    engine.cases.document(second.id, "attestation", by="gaia")
    enter = lambda: engine.cases.perform(second.id, "entrer", {"logement": " A1 "}, by="gaia")  # noqa: E731
    assert _refused(engine, enter) == [("place_taken", "logement")]
    engine.cases.perform(first.id, "clore", {"motif": "parti"}, by="gaia")
    assert enter().state == "actif"


def test_the_same_unit_in_another_house_is_another_unit(engine: Engine) -> None:
    entered(engine, "A1")
    other = opened(engine, by="luc", establishment="lilas")
    engine.cases.document(other.id, "attestation", by="luc")
    assert engine.cases.perform(other.id, "entrer", {"logement": "A1"}, by="luc").state == "actif"


def test_a_database_from_a_newer_jalon_is_left_alone(engine: Engine, database_url: str) -> None:
    written(engine, "UPDATE jalon_alembic_version SET version_num = 'jalon_9999'")
    before = dump(engine)
    with an_engine(database_url, bare=True) as later, pytest.raises(TooRecent):
        opened(later)
    assert dump(engine) == before
