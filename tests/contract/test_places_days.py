"""Who holds which place on a day: past, as the histories now tell it; to come, as what is planned makes it."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.lits import (
    HEAD,
    HOUSE,
    MONDAY,
    NURSE,
    an_engine,
    asked,
    do,
    housed,
    lits,
    promised,
    refusal,
    sound,
    states,
    to,
)

from jalon import Engine, NotFound

TODAY = date.fromisoformat(MONDAY)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine
        sound(engine)


def _place(engine: Engine, name: str, on: str | None = None):
    day = None if on is None else date.fromisoformat(on)
    return next(one for one in engine.places.occupancy(HOUSE, on=day).places if one.name == name)


def _counts(engine: Engine, on: str | None = None) -> dict[str, int]:
    day = None if on is None else date.fromisoformat(on)
    (whole,) = engine.places.occupancy(HOUSE, on=day).whole()
    names = ("capacity", "free", "promised", "occupied", "kept", "to_free", "out_of_use", "beyond")
    return {name: getattr(whole, name) for name in names if getattr(whole, name)}


def test_a_stay_is_told_day_by_day(engine: Engine) -> None:
    """Promised, come on the 3rd, in hospital on the 10th, back on the 15th, leaving, then gone on the 22nd."""
    case = promised(engine, "Lit 2")
    for day, action in (
        ("2027-02-03", "installer"), ("2027-02-10", "hospitaliser"), ("2027-02-15", "revenir"),
        ("2027-02-20", "preparer"), ("2027-02-22", "sortir"),
    ):  # fmt: skip
        to(engine, day)
        do(engine, case, action)
    told = {
        day: states(engine, day).get("Lit 2", ("free",))[0]
        for day in (
            "2027-01-31", "2027-02-01", "2027-02-02", "2027-02-03", "2027-02-09", "2027-02-10", "2027-02-14",
            "2027-02-15", "2027-02-19", "2027-02-20", "2027-02-21", "2027-02-22",
        )
    }  # fmt: skip
    assert told == {
        "2027-01-31": "free", "2027-02-01": "promised", "2027-02-02": "promised", "2027-02-03": "occupied",
        "2027-02-09": "occupied", "2027-02-10": "kept", "2027-02-14": "kept", "2027-02-15": "occupied",
        "2027-02-19": "occupied", "2027-02-20": "to_free", "2027-02-21": "to_free", "2027-02-22": "free",
    }  # fmt: skip
    assert _place(engine, "Lit 2", "2027-02-12").since == date(2027, 2, 10)


def test_totals_count_by_unit_and_for_the_house(engine: Engine) -> None:
    engine.places.add(HOUSE, "Lit 7", kind="lit", unit="Annexe")
    housed(engine, "Lit 1")
    promised(engine, "Lit 7")
    found = engine.places.occupancy(HOUSE)
    assert [
        (one.unit, one.capacity, one.free, one.promised, one.occupied, one.on) for one in found.totals
    ] == [
        ("Annexe", 1, 0, 1, 0, TODAY),
        ("Étage", 6, 5, 0, 1, TODAY),
    ]
    assert [(one.unit, one.capacity, one.free) for one in found.whole()] == [(None, 7, 5)]


def test_shared_flats_and_rooms_are_listed_in_the_order_of_their_names(engine: Engine) -> None:
    """34 places over 20 units: 14 flats of two private rooms, and 6 studios."""
    for number in range(1, 21):
        for room in ("A", "B")[: 2 if number <= 14 else 1]:
            engine.places.add(
                HOUSE, f"{number}{room}", kind="logement", unit=f"Appartement {number}", room=room
            )
    found = engine.places.occupancy(HOUSE, kind="logement")
    assert [one.name for one in found.places][:5] == ["1A", "1B", "2A", "2B", "3A"]
    assert [one.unit for one in found.totals][-2:] == ["Appartement 19", "Appartement 20"]
    assert (len(found.totals), found.whole()[0].capacity) == (20, 34)


def test_a_place_out_of_use_with_someone_in_it_keeps_them(engine: Engine) -> None:
    """Capacity goes down, nobody goes out: the bed is not given again."""
    case = housed(engine, "Lit 2")
    change = engine.places.out_of_use(HOUSE, "lit", "Lit 2", since=TODAY, reason="fuite")
    assert (change.place.name, change.case_id) == ("Lit 2", case.id)
    standing = _place(engine, "Lit 2")
    assert (standing.state, standing.case_id, standing.beyond) == ("occupied", case.id, True)
    assert standing.outage is not None
    assert _counts(engine) == {"capacity": 5, "free": 5, "occupied": 1, "out_of_use": 1, "beyond": 1}
    do(engine, case, "hospitaliser")
    do(engine, case, "revenir")
    do(engine, case, "sortir")
    assert _place(engine, "Lit 2").state == "out_of_use"
    assert refusal(engine, asked(engine), "promettre", "Lit 2") == [
        ("place_out", "La place « Lit 2 » est hors service depuis le lundi 1er février 2027 (fuite).")
    ]


def test_a_promised_bed_that_breaks_is_not_moved_into(engine: Engine) -> None:
    case = promised(engine, "Lit 2")
    engine.places.out_of_use(HOUSE, "lit", "Lit 2", since=TODAY, reason="fuite")
    assert [code for code, _ in refusal(engine, case, "installer")] == ["place_out"]
    assert do(engine, case, "installer", "Lit 3").facts["lit"] == "Lit 3"


def test_a_place_closed_with_someone_in_it_keeps_them_too(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    engine.places.close(HOUSE, "lit", "Lit 2", on=date(2027, 2, 10))
    to(engine, "2027-02-12")
    standing = _place(engine, "Lit 2")
    assert (standing.state, standing.exists, standing.beyond) == ("occupied", False, True)
    assert _counts(engine) == {"capacity": 5, "free": 5, "occupied": 1, "beyond": 1}
    do(engine, case, "sortir")
    assert "Lit 2" not in {one.name for one in engine.places.occupancy(HOUSE).places}
    assert refusal(engine, asked(engine), "promettre", "Lit 2") == [
        ("place_out", "La place « Lit 2 » n’existe plus depuis le mercredi 10 février 2027.")
    ]


def test_what_is_planned_of_the_places_is_seen_on_its_day(engine: Engine) -> None:
    """An outage, an opening and a closing to come; who is there now is supposed to stay."""
    case = housed(engine, "Lit 1")
    engine.places.out_of_use(
        HOUSE, "lit", "Lit 3", since=date(2027, 3, 1), until=date(2027, 3, 5), reason="peinture"
    )
    engine.places.add(HOUSE, "Lit 7", kind="lit", opened_on=date(2027, 4, 1))
    engine.places.close(HOUSE, "lit", "Lit 4", on=date(2027, 5, 1))
    assert _counts(engine) == {"capacity": 6, "free": 5, "occupied": 1}
    assert _counts(engine, "2027-03-05") == {"capacity": 5, "free": 4, "occupied": 1, "out_of_use": 1}
    assert _counts(engine, "2027-03-06") == {"capacity": 6, "free": 5, "occupied": 1}
    assert _counts(engine, "2027-04-01") == {"capacity": 7, "free": 6, "occupied": 1}
    assert _counts(engine, "2027-05-01") == {"capacity": 6, "free": 5, "occupied": 1}
    assert refusal(engine, asked(engine), "promettre", "Lit 7") == [
        ("place_out", "La place « Lit 7 » n’ouvre que le jeudi 1er avril 2027.")
    ]
    assert states(engine, "2027-05-01") == {"Lit 1": ("occupied", case.id)}


def test_an_expected_departure_is_said_and_frees_nothing(engine: Engine) -> None:
    """Two months from 1 February: 1 April. The person is still counted there a month later."""
    case = housed(engine, "Lit 1")
    assert _place(engine, "Lit 1").departure == date(2027, 4, 1)
    later = _place(engine, "Lit 1", "2027-05-01")
    assert (later.state, later.case_id, later.departure) == ("occupied", case.id, date(2027, 4, 1))
    to(engine, "2027-02-10")
    assert _place(engine, "Lit 1", "2027-02-03").departure is None


def test_an_expected_arrival_is_the_date_that_coming_in_meets(engine: Engine) -> None:
    """Three days from the promise of 1 February: 4 February."""
    promised(engine, "Lit 1")
    assert _place(engine, "Lit 1").arrival == date(2027, 2, 4)
    do(engine, engine.cases.get(1), "installer")
    assert _place(engine, "Lit 1").arrival is None


def test_a_past_day_follows_what_was_put_right_since(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    to(engine, "2027-02-10")
    do(engine, case, "sortir")
    to(engine, "2027-02-12")
    engine.cases.correct(case.id, {"lit": "Lit 3"}, by=HEAD, reason="erreur de lit")
    assert states(engine, "2027-02-05") == {"Lit 3": ("occupied", case.id)}
    engine.cases.correct(case.id, by=HEAD, reason="sortie le 8", on=date(2027, 2, 8))
    assert states(engine, "2027-02-07") == {"Lit 3": ("occupied", case.id)}
    assert states(engine, "2027-02-08") == {}
    engine.cases.annul(case.id, by=NURSE, reason="n’est pas sortie")
    assert states(engine, "2027-02-09") == {"Lit 3": ("occupied", case.id)}
    assert states(engine) == {"Lit 3": ("occupied", case.id)}


def test_a_promise_annulled_was_never_one(engine: Engine) -> None:
    case = promised(engine, "Lit 2")
    to(engine, "2027-02-05")
    engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert states(engine, "2027-02-03") == {}


def test_a_place_back_in_use_earlier_than_planned(engine: Engine) -> None:
    engine.places.out_of_use(
        HOUSE, "lit", "Lit 2", since=date(2027, 2, 1), until=date(2027, 2, 20), reason="peinture"
    )
    engine.places.back(HOUSE, "lit", "Lit 2", on=date(2027, 2, 10))
    assert _place(engine, "Lit 2", "2027-02-09").state == "out_of_use"
    assert _place(engine, "Lit 2", "2027-02-10").state == "free"
    engine.places.out_of_use(HOUSE, "lit", "Lit 3", since=date(2027, 3, 1), reason="jamais commencé")
    assert engine.places.back(HOUSE, "lit", "Lit 3", on=date(2027, 3, 1)).place.outages == ()


def test_a_closed_place_that_opens_again_was_out_of_use_in_between(engine: Engine) -> None:
    engine.places.close(HOUSE, "lit", "Lit 2", on=date(2027, 2, 10))
    engine.places.add(HOUSE, "Lit 2", kind="lit", size=2)
    assert _place(engine, "Lit 1", "2027-02-11").name == "Lit 1"
    assert "Lit 2" not in {one.name for one in engine.places.occupancy(HOUSE, on=date(2027, 2, 11)).places}
    change = engine.places.add(HOUSE, "Lit 2", kind="lit", opened_on=date(2027, 2, 20))
    assert (change.place.closed_on, change.place.opened_on) == (None, None)
    told = {
        day: _place(engine, "Lit 2", day).state
        for day in ("2027-02-09", "2027-02-10", "2027-02-19", "2027-02-20")
    }
    assert told == {
        "2027-02-09": "free",
        "2027-02-10": "out_of_use",
        "2027-02-19": "out_of_use",
        "2027-02-20": "free",
    }


def test_adding_a_place_again_changes_it(engine: Engine) -> None:
    engine.places.add(HOUSE, "LIT 2", kind="lit", unit="Annexe", size=2, programmes=["lits"])
    (place,) = (one for one in engine.places.list(HOUSE) if one.name == "LIT 2")
    assert (place.unit, place.size, place.programmes, dict(place.attributes)) == ("Annexe", 2, ("lits",), {})
    assert len(engine.places.list(HOUSE, kind="lit")) == 6


def test_a_free_text_house_shows_what_is_held_and_has_no_capacity(database_url: str) -> None:
    with an_engine(database_url, beds=False) as engine:
        case = housed(engine, "le canapé")
        (standing,) = engine.places.occupancy(HOUSE).places
        assert (standing.name, standing.state, standing.case_id, standing.listed) == (
            "le canapé", "occupied", case.id, False,
        )  # fmt: skip
        assert _counts(engine) == {"occupied": 1, "beyond": 1}


def test_someone_sees_the_places_of_their_houses_only(engine: Engine) -> None:
    engine.establishments.add("ailleurs", "Ailleurs")
    engine.places.add("ailleurs", "Lit 1", kind="lit")
    assert {one.establishment for one in engine.places.occupancy(by=NURSE).places} == {HOUSE}
    assert {one.establishment for one in engine.places.occupancy().places} == {HOUSE, "ailleurs"}
    with pytest.raises(NotFound):
        engine.places.occupancy("ailleurs", by=NURSE)
    with pytest.raises(NotFound):
        engine.places.waiting("ailleurs", by=NURSE)


def test_a_bed_that_is_personal_data_is_read_from_beside_the_chain(engine: Engine) -> None:
    """Its name is sealed in the history and kept apart, so that it can be erased."""
    sealed = {"{type: place, label: Lit}": "{type: place, label: Lit, personal: true}"}
    engine.workflows.register(lits(**{"workflow: lits": "workflow: discret"}, **sealed))
    case = engine.cases.open("discret", {"personne": {"name": "B"}}, by=HEAD, establishment=HOUSE)
    do(engine, case, "promettre", "Lit 4")
    assert states(engine) == {"Lit 4": ("promised", case.id)}


# -- who waits


def test_the_waiting_list_says_why_each_has_its_rank_and_what_is_free(engine: Engine) -> None:
    for name in ("Lit 1", "Lit 2", "Lit 3", "Lit 4", "Lit 5"):
        housed(engine, name)
    third = do(engine, asked(engine, "homme", priorite=2, demande_le="2027-01-20"), "attendre")
    first = do(engine, asked(engine, "homme", priorite=1, demande_le="2027-01-25"), "attendre")
    second = do(engine, asked(engine, "homme", priorite=2, demande_le="2027-01-15"), "attendre")
    last = do(engine, asked(engine, "homme"), "attendre")
    found = engine.places.waiting(HOUSE)
    later = "mercredi 20 janvier 2027 ; avant lui, vendredi 15 janvier 2027"
    assert [(one.rank, one.case_id, one.because) for one in found] == [
        (1, first.id, "Premier : « Priorité », 1."),
        (2, second.id, f"Après {first.number} : « Priorité », 2 ; avant lui, 1."),
        (3, third.id, f"Après {second.number} : « Date de la demande », {later}."),
        (4, last.id, f"Après {third.number} : « Priorité », non renseigné ; avant lui, 2."),
    ]  # fmt: skip
    assert {(one.listed, one.free, len(one.closed)) for one in found} == {(True, (), 6)}
    do(engine, engine.cases.get(2), "sortir")
    assert {one.free for one in engine.places.waiting(HOUSE, "lits")} == {("Lit 2",)}


def test_equal_in_everything_the_file_number_decides(engine: Engine) -> None:
    for name in ("Lit 1", "Lit 2", "Lit 3", "Lit 4", "Lit 5", "Lit 6"):
        housed(engine, name)
    one, other = (do(engine, asked(engine, priorite=3), "attendre") for _ in range(2))
    assert [line.because for line in engine.places.waiting(HOUSE)] == [
        "Premier : « Priorité », 3.",
        f"Après {one.number} : tout est égal, son numéro de dossier vient ensuite.",
    ]
    do(engine, one, "renoncer")
    assert [(line.case_id, line.because) for line in engine.places.waiting(HOUSE)] == [
        (other.id, "Seul dossier à attendre.")
    ]


def test_nobody_waits(engine: Engine) -> None:
    promised(engine)
    assert engine.places.waiting(HOUSE) == ()
    with pytest.raises(NotFound):
        engine.places.waiting(HOUSE, "inconnu")


def test_a_place_made_smaller_than_its_household_is_beyond(engine: Engine) -> None:
    """Who lives there stays; the totals say that there are more people than the place is for."""
    engine.places.add(HOUSE, "Studio", kind="lit", size=3)
    persons = [{"name": "A. K."}, {"name": "B. K."}]
    family = do(engine, asked(engine, personne={"name": "A. K.", "persons": persons}), "promettre")
    do(engine, family, "installer")
    assert (_place(engine, "Studio").beyond, _place(engine, "Studio").people) == (False, 2)
    engine.places.add(HOUSE, "Studio", kind="lit", size=1)
    assert _place(engine, "Studio").beyond
    (whole,) = engine.places.occupancy(HOUSE).whole()
    assert (whole.occupied, whole.beyond) == (1, 1)
    do(engine, family, "hospitaliser")
    assert do(engine, family, "revenir").state == "en_sejour"
