"""A listed place is given once, to whom it suits, the best first; a refusal says why each way is closed."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.lits import (
    HEAD,
    HOUSE,
    MONDAY,
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

from jalon import ActionRefused, Engine

TODAY = date.fromisoformat(MONDAY)
MIXED = "Cette chambre est partagée avec une personne d’un autre genre."
ISOLATED = "Une personne isolée ne partage pas sa chambre."


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine
        sound(engine)


def test_a_place_is_chosen_when_none_is_named_and_the_history_says_which(engine: Engine) -> None:
    case = promised(engine)
    line = engine.cases.history(case.id)[-1]
    assert (line.action, line.facts["lit"], case.facts["lit"]) == ("promettre", "Lit 1", "Lit 1")
    assert states(engine) == {"Lit 1": ("promised", case.id)}


def test_places_are_given_in_the_order_of_their_names_as_people_count(engine: Engine) -> None:
    """Lit 2 comes before Lit 10."""
    for number in (10, 2):
        engine.places.add(HOUSE, f"Chambre {number}", kind="lit")
    assert [promised(engine).facts["lit"] for _ in range(2)] == ["Chambre 2", "Chambre 10"]


def test_a_room_where_someone_is_comes_first_then_the_smallest_place(engine: Engine) -> None:
    housed(engine, "Lit 6")
    engine.places.add(HOUSE, "Alcôve", kind="lit", size=2)
    assert promised(engine).facts["lit"] == "Lit 5"
    assert [promised(engine).facts["lit"] for _ in range(5)] == ["Lit 1", "Lit 2", "Lit 3", "Lit 4", "Alcôve"]


def test_a_double_room_is_opened_last(engine: Engine) -> None:
    """Its beds are as small, but the room is larger: a room for one is given before it."""
    engine.places.add(HOUSE, "Annexe", kind="lit", room="Grande")
    engine.places.add(HOUSE, "Annexe bis", kind="lit", room="Grande")
    assert [promised(engine).facts["lit"] for _ in range(5)][:4] == ["Lit 1", "Lit 2", "Lit 3", "Lit 4"]


def test_a_named_place_is_taken_whatever_the_case_of_its_letters_and_written_as_the_house_does(
    engine: Engine,
) -> None:
    case = promised(engine, " lit  3 ")
    assert case.facts["lit"] == "Lit 3"
    assert states(engine) == {"Lit 3": ("promised", case.id)}


def test_a_place_is_promised_occupied_kept_occupied_to_be_freed_and_freed(engine: Engine) -> None:
    case = promised(engine, "Lit 2")
    for day, action, state in (
        ("2027-02-02", "installer", "occupied"), ("2027-02-05", "hospitaliser", "kept"),
        ("2027-02-09", "revenir", "occupied"), ("2027-02-20", "preparer", "to_free"),
    ):  # fmt: skip
        to(engine, day)
        do(engine, case, action)
        (standing,) = (one for one in engine.places.occupancy(HOUSE).places if one.name == "Lit 2")
        assert (standing.state, standing.case_id, standing.since) == (state, case.id, date.fromisoformat(day))
    to(engine, "2027-02-22")
    do(engine, case, "sortir")
    assert states(engine) == {}


def test_a_place_held_by_another_is_refused_and_says_by_whom(engine: Engine) -> None:
    promised(engine, "Lit 2")
    kept = housed(engine, "Lit 3")
    do(engine, kept, "hospitaliser")
    case = asked(engine)
    assert refusal(engine, case, "promettre", "Lit 2") == [
        ("place_taken", "La place « Lit 2 » est promise au dossier D-0001.")
    ]
    assert refusal(engine, case, "promettre", "Lit 3") == [
        ("place_taken", "La place « Lit 3 » est gardée pour le dossier D-0002.")
    ]


def test_a_place_that_the_house_has_not_listed_is_refused(engine: Engine) -> None:
    case = asked(engine)
    assert refusal(engine, case, "promettre", "Lit 7") == [
        ("place_unknown", "L’établissement n’a pas de place « Lit 7 » : jalon places les montre.")
    ]


def test_a_shared_room_is_for_one_gender(engine: Engine) -> None:
    housed(engine, "Lit 5", genre="femme")
    assert refusal(engine, asked(engine, "homme"), "promettre", "Lit 6") == [("place_misfit", MIXED)]
    assert promised(engine, "Lit 6", genre="femme").facts["lit"] == "Lit 6"


def test_a_couple_shares_a_room_whoever_names_the_other(engine: Engine) -> None:
    first = housed(engine, "Lit 5", genre="femme")
    assert promised(engine, "Lit 6", genre="homme", couple_avec=first.number).facts["lit"] == "Lit 6"
    do(engine, first, "decrire", facts={"couple_avec": "D-0004"})
    do(engine, engine.cases.get(2), "renoncer")
    other = asked(engine, "homme")
    assert refusal(engine, other, "promettre", "Lit 6") == [("place_misfit", MIXED)]
    named = asked(engine, "homme")
    assert named.number == "D-0004"
    assert do(engine, named, "promettre", "Lit 6").facts["lit"] == "Lit 6"


def test_nobody_shares_a_room_with_someone_isolated(engine: Engine) -> None:
    housed(engine, "Lit 5", isolement=True)
    assert refusal(engine, asked(engine), "promettre", "Lit 6") == [("place_misfit", ISOLATED)]


def test_someone_isolated_shares_no_room(engine: Engine) -> None:
    housed(engine, "Lit 5")
    assert refusal(engine, asked(engine, isolement=True), "promettre", "Lit 6") == [
        ("place_misfit", ISOLATED)
    ]
    assert promised(engine, isolement=True).facts["lit"] == "Lit 1"


def test_a_promise_is_looked_at_again_when_the_person_comes(engine: Engine) -> None:
    """Whoever is isolated since does not come into a shared room."""
    housed(engine, "Lit 5")
    case = promised(engine, "Lit 6")
    do(engine, case, "decrire", facts={"isolement": True})
    assert refusal(engine, case, "installer") == [("place_misfit", ISOLATED)]
    assert do(engine, case, "installer", "Lit 2").facts["lit"] == "Lit 2"
    assert states(engine)["Lit 2"] == ("occupied", case.id)
    assert "Lit 6" not in states(engine)


def test_who_uses_a_wheelchair_gets_a_place_made_for_it(engine: Engine) -> None:
    assert refusal(engine, asked(engine, fauteuil=True), "promettre", "Lit 2") == [
        ("place_misfit", "Ce lit ne convient pas à une personne en fauteuil.")
    ]
    assert promised(engine, fauteuil=True).facts["lit"] == "Lit 1"


def test_a_household_needs_a_place_of_its_size(engine: Engine) -> None:
    engine.places.add(HOUSE, "Chambre familiale", kind="lit", size=3)
    persons = [{"name": name} for name in ("A", "B", "C")]
    case = asked(engine, personne={"name": "A", "persons": persons})
    assert refusal(engine, case, "promettre", "Lit 2") == [
        ("place_misfit", "La place « Lit 2 » est prévue pour 1 personne, le ménage compte 3 personnes.")
    ]
    assert do(engine, case, "promettre").facts["lit"] == "Chambre familiale"


def test_a_place_is_kept_for_its_programmes(engine: Engine) -> None:
    engine.workflows.register(lits(**{"workflow: lits": "workflow: urgence"}))
    engine.places.add(HOUSE, "Sas", kind="lit", programmes=["urgence"])
    assert refusal(engine, asked(engine), "promettre", "Sas") == [
        ("place_misfit", "La place « Sas » est réservée à : urgence.")
    ]
    facts = {"personne": {"name": "B"}, "genre": "homme"}
    other = engine.cases.open("urgence", facts, by=HEAD, establishment=HOUSE)
    assert do(engine, other, "promettre", "Sas").facts["lit"] == "Sas"


def test_both_programmes_take_from_the_same_beds(engine: Engine) -> None:
    engine.workflows.register(lits(**{"workflow: lits": "workflow: urgence"}))
    promised(engine, "Lit 1")
    other = engine.cases.open("urgence", {"personne": {"name": "B"}}, by=HEAD, establishment=HOUSE)
    assert do(engine, other, "promettre").facts["lit"] == "Lit 2"


def test_when_nothing_is_free_every_way_is_told(engine: Engine) -> None:
    for name in ("Lit 1", "Lit 2", "Lit 3"):
        promised(engine, name)
    housed(engine, "Lit 5")
    engine.places.out_of_use(HOUSE, "lit", "Lit 4", since=TODAY, until=date(2027, 2, 5), reason="punaises")
    told = (
        "Aucune place n’est libre pour ce dossier. Lit 1 est promise au dossier D-0001 ; "
        "Lit 2 est promise au dossier D-0002 ; Lit 3 est promise au dossier D-0003 ; "
        "Lit 4 est hors service depuis le lundi 1er février 2027 jusqu’au vendredi 5 février 2027 (punaises) ; "
        "Lit 5 est occupée par le dossier D-0004 ; "
        f"Lit 6 : {MIXED.rstrip('.')}."
    )
    assert refusal(engine, asked(engine, "homme"), "promettre") == [("place_none_free", told)]


def test_a_place_is_not_asked_for_again_once_given_back(engine: Engine) -> None:
    """The old name stays among the facts; the next act chooses anew."""
    case = housed(engine, "Lit 3")
    do(engine, case, "hospitaliser")
    do(engine, case, "liberer")
    housed(engine, "Lit 3")
    assert engine.cases.get(case.id).facts["lit"] == "Lit 3"
    assert do(engine, case, "revenir").facts["lit"] == "Lit 1"


def test_moving_to_another_bed_frees_the_first(engine: Engine) -> None:
    case = housed(engine, "Lit 3")
    to(engine, "2027-02-10")
    do(engine, case, "changer", "Lit 4")
    assert states(engine) == {"Lit 4": ("occupied", case.id)}
    assert states(engine, "2027-02-09") == {"Lit 3": ("occupied", case.id)}


def test_a_form_that_asks_for_the_place_is_not_filled_in_by_the_house(engine: Engine) -> None:
    case = housed(engine, "Lit 3")
    assert [code for code, _ in refusal(engine, case, "changer")] == ["fact_missing"]


def test_options_say_whether_a_place_is_free(engine: Engine) -> None:
    for _ in range(6):
        promised(engine)
    case = asked(engine)
    options = {one.action: one for one in engine.cases.options(case.id, by=HEAD)}
    assert [reason.code for reason in options["promettre"].reasons] == ["place_none_free"]
    assert options["attendre"].allowed


def test_nobody_is_made_to_wait_while_a_bed_that_suits_is_free(engine: Engine) -> None:
    for name in ("Lit 1", "Lit 2", "Lit 3", "Lit 4", "Lit 5"):
        housed(engine, name)
    case = asked(engine, "femme")
    assert refusal(engine, case, "attendre") == [("place_free", "Un lit qui convient est libre.")]
    assert do(engine, asked(engine, "homme"), "attendre").state == "liste_attente"


def test_who_waits_first_goes_first_unless_nothing_that_is_free_suits_them(engine: Engine) -> None:
    """A man ahead who can take none of the free beds does not stand in a woman's way."""
    for name in ("Lit 1", "Lit 2", "Lit 3", "Lit 4", "Lit 5", "Lit 6"):
        housed(engine, name)
    man = do(engine, asked(engine, "homme", priorite=1), "attendre")
    woman, other = (do(engine, asked(engine, "femme", priorite=2), "attendre") for _ in range(2))
    do(engine, engine.cases.get(6), "sortir")  # Lit 6, in a room with a woman
    assert [code for code, _ in refusal(engine, man, "promettre")] == ["place_none_free"]
    assert refusal(engine, other, "promettre") == [
        ("queue", "Une autre personne attend depuis plus longtemps.")
    ]
    assert do(engine, woman, "promettre").facts["lit"] == "Lit 6"
    do(engine, engine.cases.get(1), "sortir")  # Lit 1, that anyone can take
    assert [code for code, _ in refusal(engine, other, "promettre")] == ["queue"]
    assert do(engine, man, "promettre").facts["lit"] == "Lit 1"


def test_a_place_freed_on_a_day_was_not_free_the_day_before(engine: Engine) -> None:
    """An act that is dated back takes nothing that someone else had then."""
    first = housed(engine, "Lit 2")
    case = asked(engine)
    to(engine, "2027-02-05")
    do(engine, first, "sortir")
    told = (
        "La place « Lit 2 » est libre depuis le vendredi 5 février 2027 seulement : "
        "le dossier D-0001 l’avait jusque-là."
    )
    assert refusal(engine, case, "promettre", "Lit 2", on=date(2027, 2, 4)) == [("place_taken", told)]
    assert do(engine, case, "promettre", on=date(2027, 2, 4)).facts["lit"] == "Lit 1"
    assert promised(engine, "Lit 2").facts["lit"] == "Lit 2"


def test_a_house_that_has_listed_no_bed_takes_any_name(database_url: str) -> None:
    """As before there were lists: one case, one name."""
    with an_engine(database_url, beds=False) as engine:
        case = promised(engine, "le canapé")
        assert case.facts["lit"] == "le canapé"
        assert refusal(engine, asked(engine), "promettre", "Le Canapé") == [
            ("place_taken", "La place « Le Canapé » est déjà prise par un autre dossier.")
        ]
        assert [code for code, _ in refusal(engine, asked(engine), "promettre")] == ["place_missing"]
        assert states(engine) == {"le canapé": ("promised", case.id)}
        sound(engine)


def test_what_is_named_but_held_by_nobody_stays_free_for_another_kind(engine: Engine) -> None:
    """The lists of two kinds are apart."""
    engine.places.add(HOUSE, "Lit 1", kind="parking")
    promised(engine, "Lit 1")
    kinds = {one.kind: one.state for one in engine.places.occupancy(HOUSE).places if one.name == "Lit 1"}
    assert kinds == {"lit": "promised", "parking": "free"}


def test_a_preview_gives_a_place_and_keeps_none(engine: Engine) -> None:
    case = asked(engine)
    assert engine.cases.preview(case.id, "promettre", by=HEAD).case.facts["lit"] == "Lit 1"
    assert states(engine) == {}


def test_a_retried_command_takes_one_place(engine: Engine) -> None:
    case = asked(engine)
    for _ in range(2):
        assert do(engine, case, "promettre", key="une fois").facts["lit"] == "Lit 1"
    assert states(engine) == {"Lit 1": ("promised", case.id)}


def test_a_correction_names_the_bed_that_it_really_was(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    to(engine, "2027-02-10")
    engine.cases.correct(case.id, {"lit": "Lit 3"}, by=HEAD, reason="erreur de saisie")
    assert states(engine) == {"Lit 3": ("occupied", case.id)}
    assert states(engine, MONDAY) == {"Lit 3": ("occupied", case.id)}


@pytest.mark.parametrize(
    ("lit", "code"), [("Lit 1", "place_taken"), ("Lit 9", "place_unknown"), ("Lit 6", "place_misfit")]
)
def test_a_correction_obeys_the_same_rules(engine: Engine, lit: str, code: str) -> None:
    housed(engine, "Lit 1", genre="homme")
    housed(engine, "Lit 5", genre="homme")
    case = housed(engine, "Lit 2", genre="femme")
    with pytest.raises(ActionRefused) as told:
        engine.cases.correct(case.id, {"lit": lit}, by=HEAD, reason="erreur")
    assert [reason.code for reason in told.value.reasons] == [code]
    assert states(engine)["Lit 2"] == ("occupied", case.id)


def test_a_correction_gives_no_bed_that_another_had_at_the_time(engine: Engine) -> None:
    first = housed(engine, "Lit 2")
    case = housed(engine, "Lit 3")
    to(engine, "2027-02-05")
    do(engine, first, "sortir")
    with pytest.raises(ActionRefused) as told:
        engine.cases.correct(case.id, {"lit": "Lit 2"}, by=HEAD, reason="erreur")
    assert [reason.data for reason in told.value.reasons] == [
        {"place": "Lit 2", "fact": "lit", "case": first.id, "since": MONDAY, "freed_on": "2027-02-05"}
    ]


def test_a_stay_that_is_over_is_put_right_by_the_same_rules(engine: Engine) -> None:
    """The bed it is said to have been exists; who is in it now does not matter."""
    case = housed(engine, "Lit 2")
    to(engine, "2027-02-05")
    do(engine, case, "sortir")
    to(engine, "2027-02-06")
    housed(engine, "Lit 3")
    with pytest.raises(ActionRefused) as told:
        engine.cases.correct(case.id, {"lit": "Lit 9"}, by=HEAD, reason="erreur")
    assert [reason.code for reason in told.value.reasons] == ["place_unknown"]
    engine.cases.correct(case.id, {"lit": "Lit 3"}, by=HEAD, reason="erreur")
    assert states(engine, "2027-02-04") == {"Lit 3": ("occupied", case.id)}


def test_a_day_put_right_moves_when_the_bed_was_held(engine: Engine) -> None:
    first = housed(engine, "Lit 2")
    to(engine, "2027-02-08")
    do(engine, first, "sortir")
    second = housed(engine, "Lit 2")
    engine.cases.correct(first.id, by=HEAD, reason="sortie le vendredi", on=date(2027, 2, 5))
    assert states(engine, "2027-02-06") == {}
    assert states(engine, "2027-02-04") == {"Lit 2": ("occupied", first.id)}
    assert states(engine) == {"Lit 2": ("occupied", second.id)}


def test_a_day_put_right_never_puts_two_in_one_bed(engine: Engine) -> None:
    first = housed(engine, "Lit 2")
    to(engine, "2027-02-08")
    do(engine, first, "sortir")
    second = asked(engine)
    do(engine, second, "promettre", "Lit 2")
    to(engine, "2027-02-10")
    with pytest.raises(ActionRefused) as told:
        engine.cases.correct(first.id, by=HEAD, reason="sortie plus tard", on=date(2027, 2, 9))
    assert [reason.code for reason in told.value.reasons] == ["place_taken"]
    assert states(engine, "2027-02-08") == {"Lit 2": ("promised", second.id)}


def test_an_act_annulled_gives_the_bed_back(engine: Engine) -> None:
    case = promised(engine, "Lit 2")
    engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert states(engine) == {}
    assert promised(engine, "Lit 2").facts["lit"] == "Lit 2"


def test_a_departure_annulled_takes_the_bed_again_unless_another_has_it(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    do(engine, case, "sortir")
    engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert states(engine) == {"Lit 2": ("occupied", case.id)}
    do(engine, case, "sortir")
    promised(engine, "Lit 2")
    with pytest.raises(ActionRefused) as told:
        engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert [reason.code for reason in told.value.reasons] == ["annul_place"]


def test_a_stay_annulled_back_to_its_promise_holds_the_bed_so(engine: Engine) -> None:
    case = housed(engine, "Lit 2")
    do(engine, case, "hospitaliser")
    engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert states(engine) == {"Lit 2": ("occupied", case.id)}
    engine.cases.annul(case.id, by=HEAD, reason="erreur")
    assert states(engine) == {"Lit 2": ("promised", case.id)}


def test_an_act_dated_back_before_another_takes_its_place_in_the_order_of_effect(engine: Engine) -> None:
    """Kept on the 10th, then entered late that the bed was to be freed since the 5th: it is kept."""
    case = housed(engine, "Lit 2")
    to(engine, "2027-02-10")
    do(engine, case, "preparer")
    do(engine, case, "changer", "Lit 3", on=date(2027, 2, 5))
    assert states(engine, "2027-02-04") == {"Lit 2": ("occupied", case.id)}
    assert states(engine, "2027-02-06") == {"Lit 3": ("occupied", case.id)}
    assert states(engine) == {"Lit 3": ("to_free", case.id)}
