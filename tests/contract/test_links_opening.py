"""An act opens a linked case in its own transaction: both are written, or nothing is, with every reason."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from support.engines import at, dump
from support.liens import AMINA, a_stay, an_engine, codes, programme, refused

from jalon import ActionRefused, Engine
from jalon.persistence import schema


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def _refused_whole(engine: Engine, action: str, **options):
    before = dump(engine)
    found = refused(lambda: engine.cases.perform(1, action, **{"by": "chloe", **options}))
    assert dump(engine) == before
    return found


def test_an_act_opens_a_linked_case_with_what_the_link_gives(engine: Engine) -> None:
    """Same house, same day, same person acting, same referent; each history names the other case."""
    stay = a_stay(engine, {"fin_le": "2027-03-01"})
    after = engine.cases.perform(stay.id, "engager", by="chloe", on=date(2026, 11, 23))
    opened = engine.cases.get(2)
    assert (opened.workflow, opened.state, opened.establishment) == ("mesure", "ouverte", "tilleuls")
    assert (opened.opened_on, opened.referent) == (date(2026, 11, 23), "gaia")
    assert opened.facts == {"menage": AMINA, "echeance": date(2027, 3, 1)}
    assert engine.cases.history(stay.id)[-1].body["opened"] == [{"link": "mesure", "case": 2}]
    (line,) = engine.cases.history(2)
    assert (line.action, line.actor, line.body["from"]) == ("ouvrir", "chloe", {"case": 1, "link": "mesure"})
    assert [item.due_on for item in engine.cases.dates(2)] == [date(2027, 3, 1)]
    assert (after.state, after.revision) == ("demande", 2)
    assert engine.verify().sound


def test_both_sides_see_the_link(engine: Engine) -> None:
    stay = a_stay(engine, {"fin_le": "2027-03-01"})
    engine.cases.perform(stay.id, "engager", by="chloe")
    (here,), (there,) = engine.cases.links(1), engine.cases.links(2)
    assert (here.role, here.label, here.direction, here.number) == ("mesure", "Mesure", "to", "D-0002")
    assert (here.workflow, here.title, here.establishment) == (
        "mesure",
        "Mesure d'accompagnement",
        "tilleuls",
    )
    assert (here.state, here.state_label, here.terminal) == ("ouverte", "Ouverte", False)
    assert (here.since, here.ended_on, here.case_id) == (date(2026, 11, 23), None, 2)
    assert (there.role, there.label, there.direction, there.number) == ("sejour", "Séjour", "from", "D-0001")


def test_the_role_is_not_asked_again_for_the_linked_opening(engine: Engine) -> None:
    """A measure is opened by a head only; an agent whose act opens one may, through the link."""
    a_stay(engine, {"fin_le": "2027-03-01"})
    assert codes(lambda: engine.cases.open(
        "mesure", {"menage": AMINA, "echeance": "2027-03-01"}, by="gaia", establishment="tilleuls", action="ouvrir"
    )) == ["role"]  # fmt: skip
    engine.cases.perform(1, "tout_engager", by="gaia")
    assert [engine.cases.get(number).workflow for number in (2, 3)] == ["mesure", "aide"]


def test_each_refusal_of_the_linked_opening_is_a_reason_of_the_whole_act(engine: Engine) -> None:
    a_stay(engine)
    (found,) = _refused_whole(engine, "engager")
    assert found == ("fact_condition", {"fact": "echeance", "linked": "Mesure d'accompagnement"})
    with pytest.raises(ActionRefused) as refusal:
        engine.cases.perform(1, "engager", by="chloe")
    (reason,) = refusal.value.reasons
    assert reason.text == "Mesure d'accompagnement : Une mesure a une date de fin."


def test_the_reasons_of_the_act_and_of_what_it_opens_are_said_together(engine: Engine) -> None:
    a_stay(engine)
    assert [code for code, _ in _refused_whole(engine, "engager", by="gaia")] == ["role", "fact_condition"]
    found = _refused_whole(engine, "engager", facts={"fin_le": "bientôt"})
    assert [code for code, _ in found] == ["fact_type", "fact_condition"]


def test_what_the_act_itself_gives_is_given_on(engine: Engine) -> None:
    a_stay(engine)
    engine.cases.perform(1, "engager", {"fin_le": "2027-04-01"}, by="chloe")
    assert engine.cases.get(2).facts["echeance"] == date(2027, 4, 1)


def test_one_of_two_linked_openings_refused_refuses_both(engine: Engine) -> None:
    a_stay(engine)
    assert [code for code, _ in _refused_whole(engine, "tout_engager", by="gaia")] == ["fact_condition"]


def test_opening_twice_under_the_same_link_is_allowed(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    for _ in range(2):
        engine.cases.perform(1, "engager", by="chloe")
    assert [link.case_id for link in engine.cases.links(1)] == [2, 3]


def test_a_workflow_that_is_not_registered_refuses_the_act(engine: Engine) -> None:
    a_stay(engine)
    (found,) = _refused_whole(engine, "aller_ailleurs", by="gaia")
    assert found == ("link_unregistered", {"link": "inconnu", "label": "Ailleurs", "workflow": "ailleurs"})


def test_the_latest_version_that_is_registered_is_opened(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    engine.workflows.register(programme("mesure", 2))
    engine.cases.perform(1, "engager", by="chloe")
    assert engine.cases.get(2).version == 2


def test_a_link_that_does_not_say_which_act_opens_is_refused(engine: Engine) -> None:
    """The workflow has two opening acts and the link names none."""
    text = {"mesure, opens_by: ouvrir,": "mesure,"}
    engine.workflows.register(programme("sejour", 2, **text))
    a_stay(engine, {"fin_le": "2027-03-01"})
    ((code, data),) = _refused_whole(engine, "engager")
    assert (code, data["actions"]) == ("link_ambiguous", ["ouvrir", "ouvrir_autrement"])


def test_an_opening_that_would_open_itself_for_ever_is_refused(engine: Engine) -> None:
    assert codes(lambda: engine.cases.open(
        "sejour", {"menage": AMINA}, by="gaia", establishment="tilleuls", action="ouvrir_avec"
    )) == ["link_loop"]  # fmt: skip


def test_a_preview_opens_nothing(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    before = dump(engine)
    found = engine.cases.preview(1, "engager", by="chloe")
    assert [one["link"] for one in found.opened] == ["mesure"]
    assert dump(engine) == before


def test_a_retried_command_opens_once(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    for _ in range(2):
        engine.cases.perform(1, "engager", by="chloe", key="k")
    assert len(engine.cases.find()) == 2


def test_a_conditions_counts_the_linked_cases_in_a_state(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"}, housed=True)
    engine.cases.perform(1, "engager", by="chloe")
    ((code, data),) = refused(lambda: engine.cases.perform(1, "conclure", by="gaia"))
    assert (code, data) == ("linked", {"link": "mesure", "count": 0, "cases": []})
    engine.cases.perform(2, "finir", by="gaia")
    engine.cases.perform(1, "conclure", by="gaia")
    option = next(one for one in engine.cases.options(1, by="gaia") if one.action == "conclure")
    assert option.allowed


def test_a_condition_with_bounds_counts_the_open_ones(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    engine.cases.perform(1, "compter", by="gaia")
    for _ in range(2):
        engine.cases.perform(1, "engager", by="chloe")
    ((code, data),) = refused(lambda: engine.cases.perform(1, "compter", by="gaia"))
    assert (code, data["count"], data["cases"]) == ("linked", 2, [2, 3])
    engine.cases.perform(3, "finir", by="gaia")
    engine.cases.perform(1, "compter", by="gaia")


def test_a_condition_reads_the_link_from_the_other_side(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    engine.cases.perform(1, "engager", by="chloe")
    engine.cases.perform(2, "verifier", by="gaia")
    engine.cases.perform(1, "partir", by="gaia")
    assert codes(lambda: engine.cases.perform(2, "verifier", by="gaia")) == ["linked"]


def test_registering_also_registers_what_it_opens_of_the_shipped_catalogue(database_url: str) -> None:
    """A database that has its own version keeps it; what is not shipped is left to the host."""
    with an_engine(database_url, bare=True) as engine:
        text = {"workflow: ailleurs": "workflow: succession"}
        engine.workflows.register(programme("sejour", 3, **text))
        kept = {(one.workflow, one.version) for one in engine.workflows.list()}
        assert kept == {("sejour", 3), ("succession", engine.workflows.get("succession").version)}
        engine.workflows.register(programme("sejour", 3, **text))
        assert {(one.workflow, one.version) for one in engine.workflows.list()} == kept


def test_a_case_about_to_be_opened_sees_the_one_that_opens_it(engine: Engine) -> None:
    """Its opening act may ask about the link by which it comes, before any row says it."""
    asks = {"requires: [{fact: echeance, is: set, else: Une mesure a une date de fin.}]":
            "requires: [{linked: sejour, is: open, else: Pas de séjour.}]"}  # fmt: skip
    engine.workflows.register(programme("mesure", 2, **asks))
    a_stay(engine)
    engine.cases.perform(1, "engager", by="chloe")
    assert engine.cases.get(2).state == "ouverte"
    assert codes(lambda: engine.cases.open(
        "mesure", {"menage": AMINA}, by="chloe", establishment="tilleuls", action="ouvrir"
    )) == ["linked"]  # fmt: skip


def test_the_clock_opens_a_linked_case_in_the_name_of_the_link(engine: Engine) -> None:
    """Asked for on Monday 23, five days and one: on Sunday 29 an aid is asked for, as of that day."""
    clock = {
        "actions:\n  ouvrir: {label": "deadlines:\n  attente: {label: Attente, while: demande, due: {after: P5D}, "
        "basis: essai, ladder: {at: P1D, perform: aider}}\nactions:\n  ouvrir: {label",
        "by: agent, opens: aide}": "by: [agent, systeme], opens: aide}",
        "sans_echeance: La maison répond quand elle peut.": "row: essai",
    }
    engine.workflows.register(programme("sejour", 2, **clock))
    a_stay(engine)
    at(engine, "2026-12-01")
    engine.run_due()
    opened = engine.cases.get(2)
    assert (opened.workflow, opened.opened_on) == ("aide", date(2026, 11, 29))
    assert [event.actor for event in engine.cases.history(1)][-1] == "echeance:attente"
    assert [event.actor for event in engine.cases.history(2)] == ["lien:aide"]
    assert engine.verify().sound


def test_the_rows_of_links_are_what_the_histories_say(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    engine.cases.perform(1, "engager", by="chloe")
    assert engine.verify().sound
    with engine._world.database.write() as connection:
        connection.execute(sa.update(schema.links).values(name="aide"))
    assert {(fault.case_id, fault.what) for fault in engine.verify().faults} == {(1, "links"), (2, "links")}


NEW = {
    "echeance: {type: date": "terme_le: {type: date", "optional: echeance": "optional: terme_le",
    "{fact: echeance": "{fact: terme_le", "form: echeance": "form: terme_le", "anchor: echeance": "anchor: terme_le",
}  # fmt: skip
"""What the next version of the measure calls what the link gives as `echeance`."""


def test_a_fact_that_the_next_version_lost_is_left_out_and_said(engine: Engine) -> None:
    a_stay(engine, {"fin_le": "2027-03-01"})
    guard = "    requires: [{fact: echeance, is: set, else: Une mesure a une date de fin.}]\n"
    renamed = {old: new for old, new in NEW.items() if old not in guard}
    engine.workflows.register(programme("mesure", 2, **{guard: "", **renamed}))
    option = next(one for one in engine.cases.options(1, by="chloe") if one.action == "engager")
    (warning,) = option.warnings
    assert option.allowed
    assert (warning.code, dict(warning.data)) == (
        "link_left_out", {"link": "mesure", "label": "Mesure", "facts": ["fin_le"], "labels": ["Fin prévue"]},
    )  # fmt: skip
    engine.cases.perform(1, "engager", by="chloe")
    assert engine.cases.get(2).facts == {"menage": AMINA}
    body = engine.cases.history(1)[-1].body
    assert body["warnings"] == ["link_left_out"]
    assert body["opened"] == [{"link": "mesure", "case": 2, "left_out": ["fin_le"]}]
    assert engine.verify().sound


@pytest.mark.parametrize("changes", [NEW, {"  ouvrir:\n": "  commencer:\n"}], ids=["fact", "act"])
def test_a_version_that_cannot_be_opened_any_more_blocks_no_act(engine: Engine, changes) -> None:
    """It asks for a fact that the link cannot give, or lost the act that opens: the version before is opened."""
    a_stay(engine, {"fin_le": "2027-03-01"})
    engine.workflows.register(programme("mesure", 2, **changes))
    option = next(one for one in engine.cases.options(1, by="chloe") if one.action == "engager")
    assert (option.allowed, [warning.code for warning in option.warnings]) == (True, ["link_older"])
    engine.cases.perform(1, "engager", by="chloe")
    opened = engine.cases.get(2)
    assert (opened.version, opened.facts["echeance"]) == (1, date(2027, 3, 1))
    assert engine.cases.history(1)[-1].body["warnings"] == ["link_older"]
    assert engine.verify().sound


def test_options_and_the_act_agree_where_no_version_can_be_opened(engine: Engine) -> None:
    a_stay(engine)  # no date at all: no version of the measure is opened without one
    engine.workflows.register(programme("mesure", 2, **NEW))
    assert [code for code, _ in _refused_whole(engine, "engager")] == ["fact_condition"]


def test_what_the_form_has_yet_to_tell_is_left_open(engine: Engine) -> None:
    """The date of the measure is asked by the act that opens it."""
    a_stay(engine)
    option = next(one for one in engine.cases.options(1, by="chloe") if one.action == "engager")
    assert (option.allowed, option.reasons) == (True, ())
    unregistered = next(one for one in engine.cases.options(1, by="gaia") if one.action == "aller_ailleurs")
    assert [reason.code for reason in unregistered.reasons] == ["link_unregistered"]
