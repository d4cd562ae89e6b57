"""What a condition asks beyond the present act: the last opinion, the time between two days, places, links, people."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon import Actor, Calendar, Case, Reason
from jalon.domain.beyond import Fit, PlaceKind
from jalon.domain.condition import Aged, Condition
from jalon.domain.conditions import fault
from jalon.domain.contacts import age, members, read_contact
from jalon.domain.context import Context, House
from jalon.domain.facts import out_of_range
from jalon.domain.linked import Linked, Other
from jalon.domain.model import Setting
from jalon.domain.places import Outage, Place, Places, Taken, misfit
from jalon.domain.question import Question
from jalon.domain.timeline import Entry
from jalon.domain.workflow import Action, Fact, State, Workflow

TODAY = date(2027, 2, 26)
WORKFLOW = Workflow(
    workflow="essai", version=1, title="Essai", kind="parcours", roles={},
    states={"ici": State(label="Ici", phase="sejour")},
    facts={"ne_le": Fact(label="Né le", type="date"), "menage": Fact(label="Ménage", type="household"),
           "demande_le": Fact(label="Demande", type="date"), "presents": Fact(label="Présents", type="actors")},
    actions={name: Action(label=name) for name in ("avis", "decider", "mandat", "essai")},
)  # fmt: skip


def ask(condition, *, acts=(), facts=None, on=TODAY, **context):
    case = Case(7, "essai", 1, "maison", "ici", 1, 1, "", facts or {}, None, on, on)
    house = House("maison", "Maison", Calendar("metropole"))
    at = datetime.combine(on, datetime.min.time(), UTC)
    seen = Context(at, on, house, Actor("ana", "Ana"), acts=tuple(acts), **context)
    found = fault(Condition(**condition), Question(WORKFLOW, case, case.facts, {}, seen, {}))
    return None if found is None else found.code


def act(seq, on, action, **facts):
    return Entry(seq, on, action, "ana", facts=facts)


# -- the last act

OPINION = {
    "last": ("avis",),
    "of": {"objet": ("renouvellement",)},
    "where": {"sens": ("favorable",)},
    "since": ("decider",),
}


def opinion(seq, on, objet="renouvellement", sens="favorable"):
    return act(seq, on, "avis", objet=objet, sens=sens)


def test_an_opinion_counts_when_it_is_the_last_of_its_kind_and_newer_than_the_decision():
    decided = act(1, date(2026, 12, 31), "decider")
    assert ask(OPINION) == "last_missing"
    assert ask(OPINION, acts=[decided]) == "last_missing"
    assert ask(OPINION, acts=[decided, opinion(2, TODAY)]) is None
    assert (
        ask(OPINION, acts=[opinion(1, date(2026, 12, 30)), act(2, date(2026, 12, 31), "decider")])
        == "last_missing"
    )


def test_an_opinion_on_something_else_neither_serves_nor_hides_another():
    acts = [opinion(1, date(2027, 2, 20)), opinion(2, date(2027, 2, 21), objet="sortie", sens="defavorable")]
    assert ask(OPINION, acts=acts) is None
    assert ask(OPINION, acts=acts[1:]) == "last_missing"


def test_an_unfavourable_opinion_outweighs_the_favourable_one_before_it():
    acts = [opinion(1, date(2027, 2, 20)), opinion(2, date(2027, 2, 21), sens="defavorable")]
    assert ask(OPINION, acts=acts) == "last_other"


@pytest.mark.parametrize(("rendered", "expected"), [
    (date(2027, 2, 19), None), (date(2027, 2, 18), "last_stale"), (date(2027, 2, 26), None),
    (date(2027, 2, 27), "last_missing"),
])  # fmt: skip
def test_an_opinion_is_good_through_its_last_day_and_not_before_it_is_given(rendered, expected):
    assert ask({"last": ("avis",), "within": "P7D"}, acts=[opinion(1, rendered)]) == expected


def test_how_long_it_is_good_may_be_a_setting():
    condition = {"last": ("avis",), "within": Setting(param="valable")}
    acts = [opinion(1, date(2027, 2, 20))]
    assert ask(condition, acts=acts, parameters={"valable": "P5D"}) == "last_stale"
    assert ask(condition, acts=acts, parameters={"valable": "P6D"}) is None


# -- the time between two days


@pytest.mark.parametrize(("born", "expected"), [
    (date(2009, 2, 26), None), (date(2009, 2, 27), "between"), (date(2009, 2, 28), "between"),
    (None, "between_unknown"),
])  # fmt: skip
def test_someone_is_of_age_from_their_birthday_on(born, expected):
    facts = {"ne_le": born} if born else {}
    assert ask({"between": ("ne_le", "today"), "at_least": "P18Y"}, facts=facts) == expected


def test_between_two_acts_the_last_of_each_counts():
    acts = [act(1, date(2027, 1, 11), "mandat"), act(2, date(2027, 1, 21), "essai")]
    condition = {"between": ("mandat", "essai"), "at_least": "P21D"}
    assert ask(condition, acts=acts) == "between"
    assert ask(condition, acts=[*acts, act(3, date(2027, 2, 1), "essai")]) is None
    assert ask(condition, acts=acts[:1]) == "between_unknown"
    assert ask({"between": ("mandat", "essai"), "at_most": "P10D"}, acts=acts) is None
    assert ask({"between": ("mandat", "essai"), "below": "P10D"}, acts=acts) == "between"


@pytest.mark.parametrize(
    ("counted", "last"),
    [
        ({}, date(2027, 6, 12)),
        ({"franc": True}, date(2027, 6, 13)),
        ({"shift": "suivant"}, date(2027, 6, 14)),
        ({"shift": "precedent"}, date(2027, 6, 11)),
        ({"franc": True, "shift": "suivant"}, date(2027, 6, 14)),
    ],
)
def test_the_time_between_two_days_is_counted_as_a_deadline_is(counted, last):
    """Two months from 12 April 2027 end on a Saturday, the franc ones on the Sunday."""
    condition = {"between": ("mandat", "essai"), "at_most": "P2M", **counted}
    for day, expected in ((last, None), (last + timedelta(1), "between")):
        acts = [act(1, date(2027, 4, 12), "mandat"), act(2, day, "essai")]
        assert ask(condition, acts=acts, on=date(2027, 7, 1)) == expected


# -- people


@pytest.mark.parametrize(("born", "day", "years"), [
    ("2008-02-29", date(2026, 2, 27), 17), ("2008-02-29", date(2026, 2, 28), 18),
    ("2008-02-29", date(2028, 2, 28), 19),
    ("2008-02-29", date(2028, 2, 29), 20), ("2000-06-15", date(2027, 6, 14), 26), ("2000-06-15", date(2027, 6, 15), 27),
])  # fmt: skip
def test_an_age_is_counted_on_the_day_itself(born, day, years):
    assert age({"born": born}, day) == years


@given(st.dates(date(1920, 1, 1), date(2020, 1, 1)), st.integers(0, 36_000))
def test_an_age_grows_by_one_a_year_and_never_shrinks(born, days):
    day = born + timedelta(days)
    years = age({"born": born.isoformat()}, day)
    assert years == day.year - born.year - (
        ((day.month, day.day) < (born.month, born.day)) and not _eve(born, day)
    )
    assert age({"born": born.isoformat()}, day + timedelta(1)) - years in (0, 1)


def _eve(born, day):
    """On 28 February of a common year, who was born on the 29th has turned."""
    return (born.month, born.day, day.month, day.day) == (2, 29, 2, 28) and day.year % 4 != 0


HOUSEHOLD = {"name": "Diallo", "persons": [
    {"name": "Awa", "born": "1960-02-27"}, {"name": "Ali", "born": "2009-02-26"}, {"name": "Ismaël"},
]}  # fmt: skip


@pytest.mark.parametrize(("aged", "number"), [
    (None, 3), (Aged(from_=18), 2), (Aged(from_=19), 1), (Aged(from_=67), 0), (Aged(from_=66, to=66), 1),
    (Aged(to=18), 1),
    (Aged(from_=18, on="demande_le"), 1), (Aged(from_=Setting(param="age")), 1),
])  # fmt: skip
def test_members_are_counted_by_age_and_an_unknown_age_counts_for_none(aged, number):
    facts = {"menage": HOUSEHOLD, "demande_le": date(2027, 2, 25)}
    for bound, limit, code in (
        ("at_least", number, None),
        ("above", number, "members"),
        ("at_most", number, None),
    ):
        condition = {"members": "menage", "aged": aged, bound: limit}
        assert ask(condition, facts=facts, parameters={"age": 30}) == code


def test_who_attends_is_counted_too_and_nobody_is_nobody():
    condition = {"members": "presents", "at_least": 2}
    assert ask(condition, facts={"presents": ["ana", "luc"]}) is None
    assert ask(condition, facts={"presents": ["ana"]}) == "members"
    assert ask(condition) == "members"


def test_a_person_alone_is_one_member_and_someone_anonymous_is_one_too():
    assert members({"name": "Awa", "born": "1990-01-01"}) == [{"name": "Awa", "born": "1990-01-01"}]
    assert members(read_contact({"anonymous": True}, "person")) == [{"anonymous": True}]
    assert members(None) == []


@pytest.mark.parametrize("written", [
    {"anonymous": True, "name": "Awa"}, {"anonymous": True, "email": "a@b.fr"}, {"anonymous": True, "phone": "06"},
    {"anonymous": True, "persons": ["Awa"]}, {"anonymous": "oui"}, {"anonymous": True, "ref": "12"},
    {"anonymous": True, "born": "1990-01-01"}, {}, {"age": 12}, {"name": "x" * 501},
    {"name": "A", "born": "1990-02-30"},
])  # fmt: skip
def test_someone_anonymous_has_no_contact_data_and_what_is_unreadable_is_refused(written):
    with pytest.raises(ValueError):
        read_contact(written, "person" if "persons" not in written else "household")


def test_a_household_of_too_many_is_refused():
    with pytest.raises(ValueError):
        read_contact({"name": "Tous", "persons": ["Awa"] * 101}, "household")


# -- links and other cases


def linked(state, terminal=False, number=3):
    return Linked("mesure", number, "asll", state, terminal, TODAY)


def test_a_linked_case_is_asked_for_by_its_state_or_its_end():
    links = {"mesure": (linked("engage"), linked("reloge", terminal=True, number=4))}
    assert ask({"linked": "mesure", "in_": ("reloge",)}, links=links) is None
    assert ask({"linked": "mesure", "in_": ("abandonne",)}, links=links) == "linked"
    assert ask({"linked": "mesure", "is_": "open", "at_most": 0}, links=links) == "linked"
    assert ask({"linked": "mesure", "is_": "closed", "at_least": 1}, links=links) is None
    assert ask({"linked": "mesure", "is_": "unset"}, links=links) == "linked"
    assert ask({"linked": "mesure", "is_": "unset"}) is None
    assert ask({"linked": "mesure"}) == "linked"


def test_other_cases_are_counted_by_family_or_by_workflow():
    others = (Other(3, "chrs_insertion", "hebergement", "en_sejour", True),)
    assert ask({"others": ("hebergement",), "below": 1}, others=others) == "others"
    assert ask({"others": ("chrs_insertion",), "below": 1}, others=others) == "others"
    assert ask({"others": ("soin",), "below": 1}, others=others) is None


# -- places


def test_a_place_is_free_none_is_or_the_case_holds_one():
    full, some = Places(declared=True), Places(declared=True, free={"LIT 3": "Lit 3"})
    held = Places(declared=True, held=Taken("LIT 1", 7, "kept", TODAY))
    for wanted, answers in {"free": (None, "place_none_free"), "none": ("place_free", None)}.items():
        assert (ask({"place": wanted}, places=some), ask({"place": wanted}, places=full)) == answers
        assert ask({"place": wanted}, places=Places(declared=False)) is None, "nothing is known of its places"
    assert ask({"place": "held"}, places=held) is None
    assert ask({"place": "held"}, places=full) == "place_not_held"


RULE = PlaceKind(kind="lit", fact="lit", fits=(
    Fit(fact="mobilite_reduite", attribute="pmr", otherwise="pas accessible"),
    Fit(fact="public", attribute="public", otherwise="pas pour ce public"),
    Fit(fact="genre", shared="same", unless="couple_avec", otherwise="pas le même genre"),
    Fit(fact="isolement", shared="alone", otherwise="isolement"),
))  # fmt: skip
DOUBLE = Place("Lit 5", "lit", room="Double", attributes={"public": "hommes"})


def mate(number, **facts):
    return Taken("LIT 6", number, "occupied", TODAY, facts)


@pytest.mark.parametrize(("facts", "mates", "expected"), [
    ({"genre": "f"}, [], None),
    ({"genre": "f", "mobilite_reduite": True}, [], "pas accessible"),
    ({"public": "femmes"}, [], "pas pour ce public"), ({"public": "hommes"}, [], None),
    ({"genre": "f"}, [mate(9, genre="m")], "pas le même genre"),
    ({"genre": "m"}, [mate(9, genre="m")], None),
    ({"genre": "f", "couple_avec": "D-0009"}, [mate(9, genre="m")], None),
    ({"genre": "f"}, [mate(9, genre="m", couple_avec="d-7")], None),
    ({"genre": "f", "couple_avec": "D-0008"}, [mate(9, genre="m")], "pas le même genre"),
    ({"genre": "m", "isolement": True}, [mate(9, genre="m")], "isolement"),
    ({"genre": "m"}, [mate(9, genre="m", isolement=True)], "isolement"),
    ({"genre": "m", "isolement": True}, [], None),
    ({"genre": "f"}, [mate(7, genre="m")], None),
])  # fmt: skip
def test_a_place_suits_a_case_by_what_it_has_and_by_who_shares_the_room(facts, mates, expected):
    found = misfit(RULE, DOUBLE, facts, 7, mates)
    assert (found.text if isinstance(found, Reason) else None) == expected


def test_a_place_exists_from_a_day_to_a_day_and_may_be_out_of_use():
    out = (Outage(date(2027, 2, 1), date(2027, 2, 3), "peinture"), Outage(date(2027, 2, 20)))
    place = Place("Lit 1", "lit", opened_on=date(2027, 1, 1), closed_on=date(2027, 3, 1), outages=out)
    usable = [day for day in (date(2026, 12, 31) + timedelta(n) for n in range(70)) if place.usable(day)]
    assert usable == [date(2027, 1, 1) + timedelta(n) for n in range(31)] + [
        date(2027, 2, 4) + timedelta(n) for n in range(16)
    ]


@pytest.mark.parametrize("born", [datetime(1990, 1, 1), "1899-12-31", "1990-13-01"])
def test_a_birth_date_is_a_day_of_these_times(born):
    with pytest.raises(ValueError):
        read_contact({"name": "Awa", "born": born}, "person")


def test_nobody_is_born_after_today():
    fact = Fact(label="Ménage", type="household")
    to_come = {
        "name": "A",
        "persons": [{"name": "A", "born": "1990-01-01"}, {"name": "B", "born": "2027-02-27"}],
    }
    assert out_of_range("menage", fact, to_come, since=None, today=TODAY).code == "fact_future"
    assert out_of_range("menage", fact, HOUSEHOLD, since=None, today=TODAY) is None
