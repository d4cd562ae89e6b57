"""`decide` is a function of its picture: it repeats itself, leaves the case alone, and agrees with the options."""

import copy
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon import ActionRefused, Actor, Calendar, Case, Document, load
from jalon.domain.context import Context, House
from jalon.domain.timeline import Entry
from jalon.domain.workflow import ANY, START
from jalon.workflows.decide import Rules, decide, judge
from jalon.workflows.guards import GUARDS
from jalon.workflows.rulebook import Rulebook

WORKFLOW = load("rs_temporaire")
RULES = Rules(WORKFLOW, Rulebook(WORKFLOW), GUARDS)
TODAY = date(2027, 3, 15)
HOUSE = House("maison", "Maison", Calendar("metropole"))
DEFAULTS = {name: parameter.default for name, parameter in WORKFLOW.parameters.items()}
STAND = ("state", "role", "effective_future", "effective_before_change")
"""What does not hang on the form: the options and the decision say the same of it."""

VALUES = {
    "text": st.sampled_from(["Parce que.", "", "x" * 30_000]), "date": st.dates(date(2027, 1, 1), date(2027, 6, 1)),
    "time": st.sampled_from(["10:00", "25:61"]), "number": st.integers(-1, 5), "money": st.sampled_from(["400", "x"]),
    "yesno": st.booleans(), "done": st.sampled_from([True, False, {"non_applicable": "sans objet"}]),
    "household": st.just({"name": "A. Dupont"}), "contact": st.just("a@exemple.fr"), "actor": st.just("ana"),
    "actors": st.just(["ana", "luc"]), "place": st.sampled_from(["A1", "A2"]), "file": st.just("preuve.pdf"),
    "documents": st.sampled_from([["rib"], ["inconnu"]]),
}  # fmt: skip


def value_of(name):
    fact = WORKFLOW.facts[name]
    return st.sampled_from([*fact.choices, "autre chose"]) if fact.choices else VALUES[fact.type]


@st.composite
def pictures(draw):
    """A case, an act and its form, an actor, a day, and everything around."""
    state = draw(st.sampled_from([START, *WORKFLOW.states]))
    action = draw(
        st.sampled_from([name for name in WORKFLOW.actions if _near(name, state)] or [*WORKFLOW.actions])
    )
    action = draw(st.sampled_from([action, action, action, *WORKFLOW.actions]))
    rule = WORKFLOW.actions[action]
    asked = [name for name in (*rule.form, *rule.optional) if draw(st.integers(0, 5))]
    form = {name: draw(value_of(name)) for name in asked}
    roles = st.sets(st.sampled_from([*rule.by, *WORKFLOW.roles]), max_size=2)
    actor = Actor("ana", "Ana", frozenset(draw(roles)))
    names = draw(st.lists(st.sampled_from([*WORKFLOW.actions]), max_size=5))
    sources = [draw(st.sampled_from([START, *WORKFLOW.states])) for _ in names]
    acts = [
        Entry(seq, date(2027, 1, seq), name, draw(st.sampled_from(["ana", "luc"])), source, state)
        for seq, (name, source) in enumerate(zip(names, sources, strict=True), 1)
    ]
    held = draw(st.sets(st.sampled_from([*WORKFLOW.documents])))
    context = Context(
        datetime(2027, 3, 15, 9, tzinfo=UTC), TODAY, HOUSE, actor, DEFAULTS, acts,
        documents=[Document(name, date(2027, 1, 1)) for name in sorted(held)],
        rank=draw(st.sampled_from([None, 1, 2])), place_taken_by=draw(st.sampled_from([None, 7])),
    )  # fmt: skip
    facts = {"logement": "A1", "redevance": None} if draw(st.booleans()) else {}
    case = Case(
        1, "rs_temporaire", 1, "maison", state, 3, 3, "", facts, None, date(2027, 1, 1), date(2027, 2, 1)
    )
    on = draw(st.dates(date(2027, 1, 15), date(2027, 4, 1)) | st.just(TODAY))
    return case, action, form, actor, on, context


def _near(name, state):
    action = WORKFLOW.actions[name]
    return action.stays == (ANY,) or state in action.sources or state in action.stays


def outcome(picture):
    case, action, form, actor, on, context = picture
    try:
        return decide(RULES, case, action, form, actor, on, context)
    except ActionRefused as refusal:
        return refusal.reasons


@given(pictures())
@settings(max_examples=150, deadline=None)
def test_the_same_picture_gives_the_same_decision_and_is_left_as_it_was(picture):
    before = copy.deepcopy(picture)
    first = outcome(picture)
    assert picture == before
    assert outcome(picture) == first == outcome(before)


@given(pictures())
@settings(max_examples=200, deadline=None)
def test_the_options_never_allow_what_the_state_or_the_role_refuses(picture):
    case, action, _form, actor, on, context = picture
    seen = judge(RULES, case, action, {}, actor, on, context, asked=False)
    told = outcome(picture)
    reasons = told if isinstance(told, tuple) else ()
    assert [one for one in seen.reasons if one.code in STAND] == [one for one in reasons if one.code in STAND]
    # what the options refuse without the form, no form mends
    assert {one.code for one in seen.reasons} <= {one.code for one in reasons}


@given(pictures())
@settings(max_examples=150, deadline=None)
def test_an_act_that_is_allowed_leads_where_the_document_says(picture):
    case, action, *_ = picture
    told = outcome(picture)
    if isinstance(told, tuple):
        assert told
        return
    rule = WORKFLOW.actions[action]
    assert told.source == case.state
    assert told.target in (rule.target, None) or rule.target == "previous"
    assert (told.target is None) is (case.state not in rule.sources)
    assert set(rule.set.items()) <= set(told.facts.items()) or not rule.set


def test_an_act_nobody_wrote_is_refused():
    actor = Actor("ana", "Ana", frozenset({"direction"}))
    context = Context(datetime(2027, 3, 15, 9, tzinfo=UTC), TODAY, HOUSE, actor, DEFAULTS)
    case = Case(1, "rs_temporaire", 1, "maison", "admis", 1, 1, "", {}, None, TODAY, TODAY)
    with pytest.raises(ActionRefused) as caught:
        decide(RULES, case, "voler", {}, actor, TODAY, context)
    assert [reason.code for reason in caught.value.reasons] == ["action_unknown"]


def test_every_reason_is_given_at_once():
    actor = Actor("ana", "Ana", frozenset({"charge_vie_residentielle"}))
    context = Context(datetime(2027, 3, 15, 9, tzinfo=UTC), TODAY, HOUSE, actor, DEFAULTS)
    case = Case(1, "rs_temporaire", 1, "maison", "orientation_recue", 1, 1, "", {}, None, TODAY, TODAY)
    with pytest.raises(ActionRefused) as caught:
        decide(RULES, case, "signer", {"redevance": "cher", "rien": 1}, actor, date(2027, 3, 16), context)
    codes = {reason.code for reason in caught.value.reasons}
    assert codes == {
        "role", "state", "effective_future", "fact_type", "fact_unknown", "fact_missing", "documents_missing",
    }  # fmt: skip
