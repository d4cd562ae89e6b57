"""What the verbs on cases do, on both databases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.engines import HOUSEHOLD, MONDAY, an_engine, at, dump, entered, opened, suivi, told

from jalon import ActionRefused, Engine, NotFound, StaleCase, VersionFrozen


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
    option = _option(engine, case.id, "entrer", by="luc")
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
    assert kinds == ["act", "notice", "document"][: len(kinds)]
    assert "notice" in kinds


# -- documents, waivers, referents


def test_a_document_is_valid_as_long_as_its_kind_says(engine: Engine) -> None:
    case = opened(engine)
    kept = engine.cases.document(case.id, "attestation", by="gaia", received_on=date(2026, 11, 2))
    assert kept.valid_until == date(2027, 11, 2)
    own = engine.cases.document(case.id, "attestation", by="gaia", valid_until=date(2026, 12, 31))
    assert (own.received_on, own.valid_until) == (date.fromisoformat(MONDAY), date(2026, 12, 31))
    assert engine.cases.document(case.id, "carte", by="gaia").valid_until is None
    assert [document.type for document in engine.cases.documents(case.id)] == [
        "attestation", "attestation", "carte",
    ]  # fmt: skip
    assert engine.cases.history(case.id)[-1].body == {"document": "carte", "received_on": MONDAY}


def test_the_validity_of_a_document_is_a_setting_of_the_house(engine: Engine) -> None:
    name = next(
        one.name for one in engine.establishments.parameters("tilleuls", "suivi") if one.default == "P1Y"
    )
    engine.establishments.set_parameter("tilleuls", "suivi", name, "P3M")
    case = opened(engine)
    assert engine.cases.document(case.id, "attestation", by="gaia").valid_until == date(2027, 2, 23)


def test_a_document_out_of_date_no_longer_counts(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia", valid_until=date(2026, 11, 25))
    at(engine, "2026-11-26")
    with pytest.raises(ActionRefused, match="documents_missing"):
        engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert engine.cases.perform(
        case.id, "entrer", {"logement": "A1"}, by="gaia", on=date(2026, 11, 25)
    ).state == "actif"  # fmt: skip


def test_a_document_that_does_not_apply_counts_with_its_reason(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.document(case.id, "attestation", by="gaia", not_applicable="sans ressources")
    assert engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia").state == "actif"
    line = engine.cases.history(case.id)[1]
    assert line.body["not_applicable"] == "sans ressources"
    assert "not_applicable" in line.body["sealed"]  # it says something of a person


def test_a_waiver_lets_its_case_pass_and_no_other(engine: Engine) -> None:
    case = opened(engine)
    engine.cases.perform(case.id, "deroger_sans_attestation", {"motif_derogation": "urgence"}, by="chloe")
    engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
    assert engine.cases.history(case.id)[-1].body["waived"] == ["sans_attestation"]
    other = opened(engine)
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(other.id, "entrer", {"logement": "A2"}, by="gaia")
    assert refusal.value.reasons[0].data["waiver"] == "sans_attestation"


def test_a_waiver_used_does_not_serve_again(database_url: str) -> None:
    waived = "label: Visiter, requires: [{documents: attestation, waiver: sans_attestation}],"
    again = suivi(2, **{"label: Visiter,": waived})
    with an_engine(database_url) as engine:
        engine.workflows.register(again)
        case = opened(engine)
        for turn in range(2):
            engine.cases.perform(case.id, "deroger_sans_attestation", {"motif_derogation": "u"}, by="chloe")
            if turn == 0:
                engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia")
                with pytest.raises(ActionRefused, match="documents_missing"):
                    engine.cases.perform(case.id, "visiter", by="gaia")
        engine.cases.perform(case.id, "visiter", by="gaia")
        with pytest.raises(ActionRefused, match="documents_missing"):
            engine.cases.perform(case.id, "visiter", by="gaia")


def test_reminders_go_to_the_referent_of_the_case(engine: Engine) -> None:
    engine.people.add("gilles", address="gilles@maison.example")
    engine.people.grant("gilles", "gardien", "tilleuls")
    case = opened(engine)
    assert engine.cases.assign(case.id, "gilles", by="gaia").referent == "gilles"
    at(engine, "2026-11-30")
    engine.run_due()
    assert told(engine) == [("rappel_echeance", "actor:gilles", "waiting")]


# -- finding


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


# -- versions


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
