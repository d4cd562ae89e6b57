"""What is learnt of someone may make their place unsuited: it is recorded, said, and shown where people look."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.lits import HEAD, HOUSE, NURSE, an_engine, asked, do, housed, promised, sound, states, to

from jalon import Case, Engine, Reason
from jalon.interfaces.words import reason_words, warning_words

MIXED = "Cette chambre est partagée avec une personne d’un autre genre."
ISOLATED = "Une personne isolée ne partage pas sa chambre."
WHEELCHAIR = "Ce lit ne convient pas à une personne en fauteuil."
UNSUITED = ["place_unsuited"]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine
        sound(engine)


def _said(engine: Engine, case: Case) -> list[str]:
    """The warnings of the last line of a history."""
    return list(engine.cases.history(case.id)[-1].body.get("warnings", ()))


def _shown(engine: Engine, **options: Any) -> dict[str, tuple[str, int | None]]:
    """The beds that do not suit who holds them: why, and beside whom."""
    found = engine.places.occupancy(HOUSE, **options).places
    return {
        one.name: (one.unsuited.text, one.unsuited.data.get("case"))
        for one in found
        if one.unsuited is not None
    }


def test_an_act_that_makes_a_bed_unsuited_is_recorded_and_said(engine: Engine) -> None:
    """Isolation becomes necessary in a double room; the preview says what the act then does."""
    case, mate = housed(engine, "Lit 5"), housed(engine, "Lit 6")
    foreseen = engine.cases.preview(case.id, "decrire", {"isolement": True}, by=HEAD)
    assert (list(foreseen.warnings), _shown(engine)) == (UNSUITED, {})
    do(engine, case, "decrire", facts={"isolement": True})
    assert (engine.cases.get(case.id).facts["isolement"], _said(engine, case)) == (True, UNSUITED)
    assert states(engine) == {"Lit 5": ("occupied", case.id), "Lit 6": ("occupied", mate.id)}
    assert _shown(engine) == {"Lit 5": (ISOLATED, mate.id), "Lit 6": (ISOLATED, case.id)}


def test_the_sentence_sends_to_the_places(engine: Engine) -> None:
    assert warning_words("place_unsuited") == (
        "La place que tient ce dossier ne lui convient plus, jalon places dit pourquoi : voir s’il faut en changer."
    )


def test_a_correction_that_makes_a_bed_unsuited_is_recorded_and_said(engine: Engine) -> None:
    """The gender was wrong: it is put right, and both who share the room are shown."""
    case, mate = housed(engine, "Lit 5"), housed(engine, "Lit 6")
    engine.cases.correct(case.id, {"genre": "homme"}, by=NURSE, reason="erreur")
    assert (engine.cases.get(case.id).facts["genre"], _said(engine, case)) == ("homme", UNSUITED)
    assert _shown(engine) == {"Lit 5": (MIXED, mate.id), "Lit 6": (MIXED, case.id)}


def test_a_couple_that_is_one_no_more_shares_no_room(engine: Engine) -> None:
    """The fact that lets two share a room counts as much as the one that forbids it."""
    mate = housed(engine, "Lit 5")
    case = housed(engine, "Lit 6", "homme", couple_avec=mate.number)
    assert _shown(engine) == {}
    engine.cases.correct(case.id, {"couple_avec": "D-0099"}, by=NURSE, reason="erreur")
    assert (_said(engine, case), _shown(engine)["Lit 6"]) == (UNSUITED, (MIXED, mate.id))


def test_an_act_annulled_that_made_a_bed_suit_is_said(engine: Engine) -> None:
    case = housed(engine, "Lit 5", isolement=True)
    do(engine, case, "decrire", facts={"isolement": False})
    mate = housed(engine, "Lit 6")
    engine.cases.annul(case.id, by=HEAD, reason="toujours isolée")
    assert (_said(engine, case), _shown(engine)["Lit 5"]) == (UNSUITED, (ISOLATED, mate.id))


def test_a_bed_that_has_not_what_is_needed_any_more_is_said(engine: Engine) -> None:
    """A condition on the bed itself; a bed only promised is one too, and is not given as it stands."""
    case, other = housed(engine, "Lit 2"), promised(engine, "Lit 3")
    do(engine, case, "decrire", facts={"fauteuil": True})
    do(engine, other, "decrire", facts={"fauteuil": True})
    assert (_said(engine, case), _said(engine, other)) == (UNSUITED, UNSUITED)
    assert _shown(engine) == {"Lit 2": (WHEELCHAIR, None), "Lit 3": (WHEELCHAIR, None)}


def test_what_changes_nothing_of_the_bed_is_not_said(engine: Engine) -> None:
    """Alone in the room, with no bed, with another fact, or unsuited already for another reason."""
    case, waits = housed(engine, "Lit 5"), asked(engine)
    do(engine, case, "decrire", facts={"isolement": True, "genre": "homme"})
    do(engine, waits, "decrire", facts={"fauteuil": True})
    assert (_said(engine, case), _said(engine, waits), _shown(engine)) == ([], [], {})
    do(engine, case, "decrire", facts={"fauteuil": True})
    assert _said(engine, case) == UNSUITED
    do(engine, case, "decrire", facts={"priorite": 2})
    do(engine, case, "decrire", facts={"fauteuil": True, "genre": "femme"})
    assert (_said(engine, case), list(_shown(engine))) == ([], ["Lit 5"])


def test_a_move_or_a_departure_that_tells_it_says_nothing(engine: Engine) -> None:
    """The bed that is taken is judged as any other, and who leaves has none."""
    case = housed(engine, "Lit 2")
    engine.cases.correct(case.id, {"fauteuil": True, "lit": "Lit 1"}, by=NURSE, reason="erreur")
    assert (_said(engine, case), _shown(engine)) == ([], {})
    to(engine, "2027-02-05")
    do(engine, case, "sortir")
    engine.cases.correct(case.id, {"fauteuil": False}, by=NURSE, reason="erreur")
    engine.cases.correct(case.id, {"fauteuil": True}, by=NURSE, reason="erreur")
    assert _said(engine, case) == []


def test_a_house_that_lists_nothing_judges_nothing(database_url: str) -> None:
    with an_engine(database_url, beds=False) as engine:
        case = housed(engine, "Ailleurs")
        do(engine, case, "decrire", facts={"fauteuil": True})
        assert (_said(engine, case), _shown(engine)) == ([], {})


def test_a_past_day_is_not_judged_by_what_is_known_today(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    to(engine, "2027-02-05")
    do(engine, case, "decrire", facts={"fauteuil": True})
    days = ["2027-02-04", "2027-02-05", "2027-03-01"]
    shown = [list(_shown(engine, on=date.fromisoformat(day))) for day in days]
    assert shown == [[], ["Lit 2"], ["Lit 2"]]


def test_a_bed_whose_house_changed_what_it_says_of_it_is_shown(engine: Engine) -> None:
    """Nothing was learnt of the case: the bed is not what it was, and only the list can say so."""
    case = housed(engine, "Lit 1", fauteuil=True)
    engine.places.add(HOUSE, "Lit 1", kind="lit", unit="Étage")
    assert _shown(engine) == {"Lit 1": (WHEELCHAIR, None)}
    assert _said(engine, case) == []


def test_before_the_act_the_sentence_names_the_bed_and_who_is_beside() -> None:
    told = Reason("place_unsuited", {"place": "Lit 5", "fact": "isolement", "case": 2, "why": ISOLATED})
    assert reason_words(told) == (
        "La place « Lit 5 » ne convient plus. Une personne isolée ne partage pas sa chambre (dossier D-0002)."
    )


# -- what is pending


def _pending(engine: Engine, **options: Any) -> list[tuple[int, str, str]]:
    found = engine.deadlines.pending(**options)
    return [(one.case_id, one.bucket, one.label) for one in found if one.name == "place_inadaptee"]


def test_a_bed_that_suits_no_more_is_pending_as_long_as_it_is_so(engine: Engine) -> None:
    """For those who supervise, on the cases of both who share the room."""
    case, mate, other = housed(engine, "Lit 5"), housed(engine, "Lit 6"), housed(engine, "Lit 2")
    assert _pending(engine) == []
    do(engine, case, "decrire", facts={"isolement": True})
    label = "Place qui ne convient plus : une personne isolée ne partage pas sa chambre"
    assert _pending(engine) == [(case.id, "today", label), (mate.id, "today", label)]
    assert _pending(engine, case=mate.id) == [(mate.id, "today", label)]
    assert _pending(engine, case=other.id) == []
    assert (_pending(engine, role="directeur"), _pending(engine, role="infirmiere")) == (_pending(engine), [])
    do(engine, mate, "sortir")
    assert _pending(engine) == []


def test_a_house_that_lists_nothing_awaits_nothing(database_url: str) -> None:
    with an_engine(database_url, beds=False) as engine:
        case = housed(engine, "Ailleurs")
        do(engine, case, "decrire", facts={"fauteuil": True})
        assert _pending(engine) == []
