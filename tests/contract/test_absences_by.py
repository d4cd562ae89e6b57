"""Who may say that someone is away, or back: themself, or whoever may give their cases to another in each house."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.engines import an_engine, dump, opened, suivi
from support.staff import away, day, hire

from jalon import ActionRefused, Engine, NotFound


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        hire(engine)
        engine.people.grant("ines", "gardien", "tilleuls")
        yield engine


def absent(
    engine: Engine, person: str, by: str | None, deputy: str | None = "ines", since: str = "2026-11-24"
) -> Any:
    return engine.people.absent(person, day(since), day("2026-11-30"), deputy=deputy, by=by)


def refused(engine: Engine, verb: Any) -> list[tuple[str | None, list[str]]]:
    """The houses for which the role is missing, each with the roles that have it; nothing is written."""
    before = dump(engine)
    with pytest.raises(ActionRefused) as refusal:
        verb()
    assert dump(engine) == before
    assert {reason.code for reason in refusal.value.reasons} == {"role"}
    return [(one.data.get("establishment"), one.data["roles"]) for one in refusal.value.reasons]


@pytest.mark.parametrize("by", [None, "samir", "chloe", "gaia"])
def test_oneself_the_host_and_the_staff_of_the_house_say_it(engine: Engine, by: str | None) -> None:
    assert absent(engine, "samir", by).entered_by == by


@pytest.mark.parametrize("by", ["luc", "nina", "lea"])
def test_nobody_else_takes_a_role_through_an_absence(engine: Engine, by: str) -> None:
    """luc is a warden of the other house; neither nina nor lea works anywhere."""
    case = opened(engine).id
    assert refused(engine, lambda: absent(engine, "samir", by, deputy="ines")) == [
        ("tilleuls", ["chef", "gardien"])
    ]
    assert refused(engine, lambda: absent(engine, "chloe", by, deputy=by, since="2026-11-23")) == [
        ("tilleuls", ["chef"])
    ]
    with pytest.raises(NotFound):
        engine.cases.perform(case, "noter", {"note": "x"}, by=by)


def test_a_partner_of_the_house_is_not_of_its_staff(engine: Engine) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    assert refused(engine, lambda: absent(engine, "samir", "nina")) == [("tilleuls", ["chef", "gardien"])]
    assert absent(engine, "nina", "chloe").person == "nina"


@pytest.mark.parametrize(("person", "deputy"), [("samir", "lea"), ("chloe", "samir"), ("nina", "samir")])
def test_who_supervises_gives_a_role_that_the_deputy_does_not_hold(
    engine: Engine, person: str, deputy: str
) -> None:
    """A warden says who of the wardens stands in for another; not that someone else does, nor for the head."""
    engine.people.grant("nina", "mairie", "tilleuls")
    assert refused(engine, lambda: absent(engine, person, "gaia", deputy)) == [("tilleuls", ["chef"])]
    assert absent(engine, person, "chloe", deputy).deputy == deputy


def test_only_who_supervises_names_themself_in_a_role_they_do_not_hold(engine: Engine) -> None:
    """A warden stands in for another by their own word, never for the head; the head does for a warden."""
    assert refused(engine, lambda: absent(engine, "chloe", "gaia", deputy="gaia")) == [("tilleuls", ["chef"])]
    assert absent(engine, "samir", "gaia", deputy="gaia").deputy == "gaia"
    assert absent(engine, "gaia", "chloe", deputy="chloe").deputy == "chloe"


def test_an_absence_is_of_every_house_in_which_someone_works(engine: Engine) -> None:
    """samir works in two: gaia may say it for one, luc for the other, ines, of both, for both."""
    engine.people.grant("samir", "gardien", "lilas")
    for house in ("tilleuls", "lilas"):
        engine.people.grant("ines", "gardien", house)
    assert refused(engine, lambda: absent(engine, "samir", "gaia")) == [("lilas", ["chef", "gardien"])]
    assert refused(engine, lambda: absent(engine, "samir", "luc")) == [("tilleuls", ["chef", "gardien"])]
    assert refused(engine, lambda: absent(engine, "samir", "nina")) == [
        ("lilas", ["chef", "gardien"]), ("tilleuls", ["chef", "gardien"]),
    ]  # fmt: skip
    assert absent(engine, "samir", "ines").entered_by == "ines"


def test_the_roles_that_someone_holds_for_another_are_at_stake_too(engine: Engine) -> None:
    """lea works nowhere, but for samir these days: her own absence gives his role to who stands in for her."""
    away(engine, "samir", "2026-11-20", "2026-11-26", "lea")
    take = lambda: absent(engine, "lea", "luc", deputy="luc")  # noqa: E731
    assert refused(engine, take) == [("tilleuls", ["chef"])]
    assert refused(engine, lambda: absent(engine, "lea", "gaia", deputy="nina")) == [("tilleuls", ["chef"])]
    assert absent(engine, "lea", "gaia").deputy == "ines"


def test_a_deputy_who_is_away_does_not_give_the_roles_that_were_lent_to_them(engine: Engine) -> None:
    """samir stands in for the head, and falls ill: his own role goes to ines by his word, not that of the head."""
    absent(engine, "chloe", "chloe", "samir")
    assert refused(engine, lambda: absent(engine, "samir", "samir")) == [("tilleuls", ["chef"])]
    assert absent(engine, "samir", None).deputy == "ines"
    assert absent(engine, "gaia", "gaia").deputy == "ines"


def test_who_supervises_a_role_does_so_in_every_workflow_that_has_it(engine: Engine) -> None:
    """samir supervises in another workflow, where there are wardens too: it makes him no head of the wardens here."""
    other = suivi(
        1, **{"workflow: suivi": "workflow: autre", "escalation: chef": "escalation: [chef, gardien]"}
    )
    engine.workflows.register(other)
    assert refused(engine, lambda: absent(engine, "gaia", "samir", "lea")) == [("tilleuls", ["chef"])]
    assert absent(engine, "gaia", "chloe", "lea").deputy == "lea"


def test_nobody_names_themself_through_another_who_is_away(engine: Engine) -> None:
    """gaia is away and samir stands in for her: to name her deputy of the head would be to name himself."""
    absent(engine, "gaia", "gaia", deputy="samir")
    assert refused(engine, lambda: absent(engine, "chloe", "samir", deputy="gaia")) == [
        ("tilleuls", ["chef"])
    ]
    assert absent(engine, "chloe", "chloe", deputy="gaia").deputy == "gaia"


def test_a_deputy_says_it_as_whom_they_stand_in_for_would(engine: Engine) -> None:
    absent(engine, "chloe", "chloe", "lea", since="2026-11-23")
    assert absent(engine, "samir", "lea", deputy="rosa").entered_by == "lea"


def test_a_role_of_no_workflow_still_lets_see_the_house(engine: Engine) -> None:
    engine.people.grant("rosa", "veilleur", "tilleuls")
    assert refused(engine, lambda: absent(engine, "rosa", "luc")) == [("tilleuls", ["chef", "gardien"])]
    assert refused(engine, lambda: absent(engine, "rosa", "gaia", "lea")) == [("tilleuls", ["chef"])]
    assert absent(engine, "rosa", "gaia").deputy == "ines"


def test_of_someone_who_works_nowhere_the_staff_of_any_house_say_it(engine: Engine) -> None:
    engine.people.grant("nina", "mairie", "tilleuls")
    for by in ("nina", "lea"):
        assert refused(engine, lambda by=by: absent(engine, "rosa", by)) == [(None, [])]
    assert absent(engine, "rosa", "luc").entered_by == "luc"


def test_nothing_is_told_of_other_absences_to_who_may_not_say_one(engine: Engine) -> None:
    away(engine, "samir", "2026-11-24", "2026-11-25")
    assert refused(engine, lambda: absent(engine, "samir", "luc")) == [("tilleuls", ["chef", "gardien"])]


def test_who_says_it_is_known_and_active(engine: Engine) -> None:
    engine.people.add("gaia", active=False)
    for by in ("gaia", "nul"):
        with pytest.raises(NotFound):
            absent(engine, "samir", by)
        with pytest.raises(NotFound):
            engine.people.back("samir", day("2026-11-24"), by=by)


@pytest.mark.parametrize("by", [None, "samir", "chloe"])
def test_the_same_people_say_that_someone_is_back(engine: Engine, by: str | None) -> None:
    away(engine, "samir", "2026-11-23", None, "lea")
    back = lambda by: engine.people.back("samir", day("2026-11-25"), by=by)  # noqa: E731
    for other in ("luc", "nina"):
        assert refused(engine, lambda other=other: back(other)) == [("tilleuls", ["chef", "gardien"])]
    found = back(by)
    assert found is not None
    assert found.until == day("2026-11-24")
