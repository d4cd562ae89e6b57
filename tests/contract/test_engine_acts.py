"""What the verbs on cases do, on both databases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.engines import HOUSEHOLD, MONDAY, an_engine, at, dump, entered, opened, suivi, told

from jalon import ActionRefused, Engine, StaleCase


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _option(engine: Engine, case: int, action: str, by: str = "gaia"):
    return next(option for option in engine.cases.options(case, by=by) if option.action == action)


def test_a_case_opens_in_its_state_with_its_facts_and_its_dates(engine: Engine) -> None:
    case = opened(engine, {"note": " à rappeler "}, referent="gaia")
    assert (case.state, case.revision, case.seq, case.referent) == ("ouvert", 1, 1, "gaia")
    assert case.facts == {"menage": HOUSEHOLD, "note": "à rappeler", "visites": 0}
    assert engine.cases.get(case.id) == case
    assert [(item.name, item.due_on) for item in engine.cases.dates(case.id)] == [
        ("reponse", date(2026, 12, 3))
    ]


def test_a_case_is_known_by_its_number_too(engine: Engine) -> None:
    case = opened(engine)
    assert engine.cases.get(f"D-{case.id:04d}").id == engine.cases.get(str(case.id)).id == case.id


def test_an_act_takes_effect_on_its_day_and_is_entered_on_another(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2026-11-27")
    engine.cases.perform(case.id, "noter", {"note": "vu"}, by="gaia", on=date(2026, 11, 25))
    line = engine.cases.history(case.id)[-1]
    assert line.effective_on == date(2026, 11, 25)
    assert line.at.date() == date(2026, 11, 27)
    assert (line.kind, line.actor, line.action, line.source, line.target) == (
        "act", "gaia", "noter", "ouvert", None,
    )  # fmt: skip


def test_deadlines_count_from_the_day_of_effect(engine: Engine) -> None:
    at(engine, "2026-11-27")
    case = opened(engine, on=date.fromisoformat(MONDAY))
    assert case.opened_on == case.state_since == date.fromisoformat(MONDAY)
    assert engine.cases.dates(case.id)[0].due_on == date(2026, 12, 3)


def test_an_act_may_be_dated_back_to_the_last_change_of_state(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia")
    at(engine, "2026-11-30")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia", on=date(2026, 11, 26))
    engine.cases.perform(case.id, "visiter", by="gaia", on=date(2026, 11, 26))
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(case.id, "visiter", by="gaia", on=date(2026, 11, 25))
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.data) == (
        "effective_before_change", {"on": "2026-11-25", "since": "2026-11-26"},
    )  # fmt: skip


def test_values_keep_their_types(engine: Engine) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-12-01"})
    engine.cases.perform(case.id, "noter", {"loyer": "412,50", "mode": "a"}, by="gaia")
    facts = engine.cases.get(case.id).facts
    assert facts["rendez_vous_le"] == date(2026, 12, 1)
    assert facts["loyer"] == Decimal("412.50")
    assert engine.cases.history(case.id)[-1].facts == {"loyer": Decimal("412.50"), "mode": "a"}


def test_what_the_household_does_is_entered_by_the_house_on_its_behalf(engine: Engine) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    case = opened(engine)
    with pytest.raises(ActionRefused):
        engine.cases.perform(case.id, "clore", {"motif": "fini"}, by="nina")
    engine.cases.perform(case.id, "clore", {"motif": "fini"}, by="chloe")
    line = engine.cases.history(case.id)[-1]
    assert (line.actor, line.on_behalf) == ("chloe", "famille")
    assert engine.cases.get(case.id).closed_on == date.fromisoformat(MONDAY)


# -- options and preview


def test_options_say_every_reason_at_once_with_the_form(engine: Engine) -> None:
    case = opened(engine)
    option = _option(engine, case.id, "entrer", by="chloe")
    assert not option.allowed
    assert [reason.code for reason in option.reasons] == ["role", "documents_missing"]
    assert option.reasons[1].data["labels"] == ["Attestation"]
    assert [(field.name, field.type, field.required) for field in option.form] == [
        ("logement", "place", True), ("loyer", "money", False),
    ]  # fmt: skip
    choice = next(field for field in _option(engine, case.id, "noter").form if field.name == "mode")
    assert choice.choices == {"a": "Un", "b": "Deux"}


def test_options_show_every_action_that_people_may_take_allowed_or_not(engine: Engine) -> None:
    case = entered(engine)
    found = {option.action: option.allowed for option in engine.cases.options(case.id, by="gaia")}
    assert found == {
        "noter": True, "visiter": True, "clore": True, "entrer": False, "prolonger": False,
        "deroger_sans_attestation": False,
    }  # fmt: skip
    assert [reason.code for reason in _option(engine, case.id, "entrer").reasons] == ["state"]


def test_options_never_have_an_effect(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2027-06-01")  # though much is due
    before = dump(engine)
    engine.cases.options(case.id, by="gaia")
    assert dump(engine) == before


def test_a_preview_tells_what_the_act_then_does_and_writes_nothing(engine: Engine) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-12-01"})
    engine.cases.document(case.id, "attestation", by="gaia")
    at(engine, "2026-12-02")  # a reminder is due: it is played first, in the preview too
    before = dump(engine)
    preview = engine.cases.preview(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert dump(engine) == before
    after = engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert (preview.case.state, preview.case.facts, preview.case.revision, preview.case.seq) == (
        after.state, after.facts, after.revision, after.seq,
    )  # fmt: skip
    assert list(preview.changes) == engine.cases.history(case.id)[-1].body["changes"]
    assert [change["change"] for change in preview.changes] == ["met", "met", "armed", "armed"]


def test_a_preview_tells_the_messages_of_an_act(database_url: str) -> None:
    changed = suivi(2, **{"label: Visiter,": "label: Visiter, notify: rappel_visite,"})
    with an_engine(database_url) as engine:
        engine.workflows.register(changed)
        case = entered(engine)
        preview = engine.cases.preview(case.id, "visiter", by="gaia")
        assert [(one.template, one.role, one.on_paper) for one in preview.notices] == [
            ("rappel_visite", "gardien", False), ("rappel_visite", "famille", False),
        ]  # fmt: skip
        assert told(engine) == []
        engine.cases.perform(case.id, "visiter", by="gaia")
        assert told(engine) == [
            ("rappel_visite", "actor:gaia", "waiting"), ("rappel_visite", "fact:menage", "waiting"),
        ]  # fmt: skip


def test_a_preview_that_is_refused_gives_the_same_reasons(engine: Engine) -> None:
    case = opened(engine)
    before = dump(engine)
    codes = []
    for verb in (engine.cases.preview, engine.cases.perform):
        with pytest.raises(ActionRefused) as refusal:
            verb(case.id, "prolonger", {"inconnu": 1}, by="gaia", on=date(2030, 1, 1))
        codes.append([reason.code for reason in refusal.value.reasons])
    assert codes[0] == codes[1] == ["role", "state", "effective_future", "fact_unknown", "fact_missing"]
    assert dump(engine) == before


# -- one case, two people


def test_who_saw_an_older_revision_is_told_that_the_case_moved(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "noter", {"note": "1"}, by="gaia", revision=case.revision)
    before = dump(engine)
    late: dict[str, Any] = {"by": "chloe", "revision": case.revision}
    for verb in (
        lambda: engine.cases.perform(case.id, "noter", {"note": "2"}, **late),
        lambda: engine.cases.correct(case.id, {"note": "2"}, reason="r", **late),
    ):
        with pytest.raises(StaleCase) as stale:
            verb()
        assert (stale.value.data["revision"], stale.value.data["seen"]) == (2, 1)
    assert dump(engine) == before


def test_what_is_due_is_played_before_a_person_acts(engine: Engine) -> None:
    case = opened(engine)
    at(engine, "2026-12-10")
    engine.cases.perform(case.id, "noter", {"note": "tard"}, by="gaia")
    lines = engine.cases.history(case.id)
    assert [(line.kind, line.action, line.effective_on.isoformat()) for line in lines] == [
        ("act", "ouvrir", "2026-11-23"), ("notice", None, "2026-11-30"), ("task", None, "2026-12-03"),
        ("act", "suspendre", "2026-12-04"), ("act", "noter", "2026-12-10"),
    ]  # fmt: skip
    assert engine.cases.get(case.id).state == "suspendu"


@pytest.mark.parametrize("verb", ["document", "assign"])
def test_what_is_due_is_played_before_any_other_verb_too(engine: Engine, verb: str) -> None:
    case = opened(engine)
    at(engine, "2026-12-01")
    if verb == "document":
        engine.cases.document(case.id, "carte", by="gaia")
    else:
        engine.cases.assign(case.id, "chloe", by="gaia")
    kinds = [line.kind for line in engine.cases.history(case.id)]
    assert kinds == ["act", "notice", "document" if verb == "document" else "referent"]
    assert "notice" in kinds
