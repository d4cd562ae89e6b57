"""The places from the command line: what the house lists, who holds what at three dates, who waits."""

import re
from pathlib import Path

import pytest
import time_machine
from support import lits
from support.cli import Answer, jalon


class House:
    """Types commands on a house of beds, a sandbox whose day is said."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "lits.db")
        with lits.an_engine(f"sqlite:///{self.path}", furnished=False) as engine:
            engine.upgrade(sandbox=True)
            lits.furnish(engine)

    def __call__(
        self, *words: str, on: str | None = lits.MONDAY, by: str | None = None, code: int = 0
    ) -> Answer:
        said = (*(("--now", on) if on else ()), *(("--by", by) if by else ()))
        answer = jalon(*words, *said, "--database", self.path)
        assert answer.code == code, (words, answer.out, answer.err)
        assert "Traceback" not in answer.out + answer.err
        return answer

    def asked(self, genre: str = "femme", on: str = lits.MONDAY) -> None:
        facts = ("--fact", "personne.name=A. K.", "--fact", f"genre={genre}")
        self("open", "lits", "-e", lits.HOUSE, *facts, on=on, by=lits.HEAD)

    def does(self, case: int, action: str, *words: str, on: str = lits.MONDAY) -> Answer:
        by = lits.NURSE if action in lits.NURSED else lits.HEAD
        return self("perform", str(case), action, *words, on=on, by=by)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_places_are_shown_at_three_dates(house: House) -> None:
    """Past, present and planned; a departure that is expected frees nothing."""
    house.asked()
    house.does(1, "promettre")
    house.does(1, "installer", on="2027-02-03")
    house(
        "places",
        "out",
        "Lit 6",
        "-e",
        "lhss",
        "--kind",
        "lit",
        "--since",
        "2027-03-01",
        "--reason",
        "peinture",
    )
    today = house("places", "-e", "lhss", on="2027-02-10").lines
    assert today == [
        "Lits halte, lit, mercredi 10 février 2027",
        "unité  chambre         place  état     dossier  depuis      attendu",
        "Étage                  Lit 1  occupée  D-0001   03/02/2027  départ le 03/04/2027  pmr",
        "Étage                  Lit 2  libre",
        "Étage                  Lit 3  libre",
        "Étage                  Lit 4  libre",
        "Étage  Chambre double  Lit 5  libre",
        "Étage  Chambre double  Lit 6  libre",
        "Total : 6 places ; 5 libres, 1 occupée.",
    ]
    past = house("places", "--on", "02/02/2027", on="2027-02-10").lines
    assert past[2] == "Étage                  Lit 1  promise  D-0001   01/02/2027           pmr"
    assert past[-1] == "Total : 6 places ; 5 libres, 1 promise."
    planned = house("places", "--on", "2027-05-01", on="2027-02-10").lines
    assert (
        planned[2]
        == "Étage                  Lit 1  occupée       D-0001   03/02/2027  départ le 03/04/2027  pmr"
    )
    out = re.split("  +", planned[-2])
    assert out == ["Étage", "Chambre double", "Lit 6", "hors service", "depuis le 01/03/2027 (peinture)"]
    assert planned[-1] == "Total : 5 places ; 4 libres, 1 occupée ; 1 hors service."


def test_a_place_is_listed_changed_and_what_is_not_said_is_kept(house: House) -> None:
    added = house("places", "add", "Lit 7", "-e", "lhss", "--kind", "lit", "--unit", "Annexe", "--size", "2")
    assert added.out == "Place déclarée : Lit 7 (lit).\n"
    changed = house(
        "places",
        "add",
        "lit 7",
        "-e",
        "lhss",
        "--kind",
        "lit",
        "--attribute",
        "pmr",
        "--attribute",
        "etage=2",
    )
    assert changed.out == "Place modifiée : lit 7 (lit).\n"
    (place,) = (one for one in house("places", "--json").json()["places"] if one["name"] == "lit 7")
    assert (place["unit"], place["size"], place["attributes"]) == ("Annexe", 2, {"pmr": True, "etage": "2"})


def test_a_kind_that_no_workflow_takes_is_said(house: House) -> None:
    answer = house("places", "add", "Place 1", "-e", "lhss", "--kind", "parking")
    assert (
        answer.err == "Attention : aucun programme enregistré ne prend de place « parking ». Sortes : lit.\n"
    )
    assert "aucune" not in house("places", "--kind", "parking").out


@pytest.mark.parametrize("where", [(), ("-e", "lhss"), ("--by", "ines")])
def test_a_kind_that_nobody_knows_is_no_empty_house(house: House, where: tuple[str, ...]) -> None:
    """A kind typed wrongly is said; one of a programme, or that the house has listed, has no place to show that day."""
    house("places", "add", "P 1", "-e", "lhss", "--kind", "parking", "--opened", "2028-01-01")
    answer = house("places", *where, "--kind", "lot", code=2)
    assert answer.err == "« lot » n’est pas une sorte de place connue ici. Sortes : lit et parking.\n"
    assert house("places", *where, "--kind", "parking").out == "Aucune place.\n"
    assert house("places", *where, "--kind", "parking", "--json").json()["places"] == []


def test_a_kind_of_a_programme_is_known_before_any_place(tmp_path: Path) -> None:
    with lits.an_engine(f"sqlite:///{tmp_path / 'nu.db'}", beds=False):
        pass
    words = ("--database", str(tmp_path / "nu.db"))
    assert jalon("places", "--kind", "lit", *words).out == "Aucune place.\n"
    assert jalon("places", "--kind", "lits", *words).err.endswith("Sortes : lit.\n")


def test_a_bed_that_suits_no_more_is_said_and_shown(house: House) -> None:
    """An act says it at once, before and after; the places say why, and beside whom."""
    for number in (1, 2):
        house.asked()
        house.does(number, "promettre", "--fact", f"lit=Lit {number + 4}")
        house.does(number, "installer")
    said = (
        "  Attention : La place que tient ce dossier ne lui convient plus, jalon places dit pourquoi : "
        "voir s’il faut en changer."
    )
    before = house("preview", "1", "decrire", "--fact", "isolement=oui", by=lits.HEAD)
    assert said in before.lines
    assert said in house.does(1, "decrire", "--fact", "isolement=oui").lines
    why = "ne convient plus (une personne isolée ne partage pas sa chambre, D-000{})"
    shown = house("places", "-e", "lhss").lines
    assert [line.rpartition("  ")[2] for line in shown if "D-000" in line] == [why.format(2), why.format(1)]
    (bed,) = (one for one in house("places", "--json").json()["places"] if one["name"] == "Lit 5")
    assert bed["unsuited"] == {
        "code": "place_misfit", "data": {"place": "Lit 5", "fact": "isolement", "case": 2},
        "text": "Une personne isolée ne partage pas sa chambre.",
    }  # fmt: skip
    assert (
        "          à faire : une autre place, si l’on peut : jalon places -e lhss" in house("pending").lines
    )


def test_whoever_is_there_stays(house: House) -> None:
    house.asked()
    house.does(1, "promettre", "--fact", "lit=Lit 2")
    house.does(1, "installer")
    kept = "Le dossier D-0001 la tient : la personne reste, la place ne sera pas donnée à un autre."
    out = house(
        "places", "out", "Lit 2", "-e", "lhss", "--kind", "lit", "--since", "2027-02-01", "--reason", "fuite"
    )
    assert out.lines == ["Place hors service : Lit 2 (lit).", kept]
    assert house("places", "-e", "lhss").lines[-1] == (
        "Total : 5 places ; 5 libres, 1 occupée ; 1 hors service ; 1 tenue au-delà."
    )
    back = house("places", "back", "Lit 2", "-e", "lhss", "--kind", "lit", "--on", "2027-02-01")
    assert back.out == "Place remise en service : Lit 2 (lit).\n"
    closed = house("places", "close", "Lit 2", "-e", "lhss", "--kind", "lit", "--on", "2027-03-01")
    assert closed.lines == ["Place fermée : Lit 2 (lit).", kept]


def test_the_waiting_list_says_why_and_what_is_free(house: House) -> None:
    assert house("places", "waiting", "-e", "lhss").out == "Personne n’attend.\n"
    for number in range(6):
        house.asked()
        house.does(number + 1, "promettre")
    house.asked("homme")
    house.asked("homme")
    house.does(7, "attendre")
    house.does(8, "attendre")
    house.does(2, "renoncer")
    assert [re.split("  +", line) for line in house("places", "waiting", "-e", "lhss").lines] == [
        ["En liste d’attente, Lits d'essai"],
        ["rang", "dossier", "depuis", "pourquoi ce rang", "libre et convient"],
        [
            "1",
            "D-0007",
            "01/02/2027",
            "Premier par son numéro de dossier : rien d’autre n’est renseigné.",
            "Lit 2",
        ],
        [
            "2",
            "D-0008",
            "01/02/2027",
            "Après D-0007 : tout est égal, son numéro de dossier vient ensuite.",
            "Lit 2",
        ],
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("close", "Lit 1", "-e", "lhss", "--kind", "lt", "--on", "2027-03-01"), 2, "Sortes : "),
        (("back", "Lit 1", "-e", "lhss", "--kind", "lt", "--on", "2027-03-01"), 2, "Sortes : "),
        (("add", "Lit 9", "-e", "lhss", "--kind", "lit", "--size", "-1"), 2, "une place est pour 1 à 100 personnes"),
        (("add", "Lit 9", "-e", "lhss", "--kind", "lit", "--size", "deux"), 2, "n’est pas un nombre entier"),
        (("add", "", "-e", "lhss", "--kind", "lit"), 2, "Il manque le nom."),
        (("add", "Lit\t9", "-e", "lhss", "--kind", "lit"), 2, "Le nom"),
        (("add", "Lit 9", "-e", "lhss", "--kind", "Le Lit"), 2, "n’est pas une sorte de place"),
        (("add", "Lit 9", "-e", "lhss"), 2, "Il manque l’option --kind."),
        (("add", "Lit 9", "-e", "inconnue", "--kind", "lit"), 1, "Aucun établissement n’est connu"),
        (("add", "Lit 9", "-e", "lhss", "--kind", "lit", "--workflow", "autre"), 1, "n’est pas enregistré"),
        (("add", "Lit 9", "-e", "lhss", "--kind", "lit", "--attribute", "a b"), 2, "n’est pas un nom"),
        (("out", "Lit 2", "-e", "lhss", "--kind", "lit", "--since", "2027-02-30", "--reason", "x"), 2, "n’existe pas"),
        (("out", "Lit 2", "-e", "lhss", "--kind", "lit", "--since", "2027-02-10", "--until", "2027-02-09",
          "--reason", "x"), 2, "Le dernier jour (mardi 9 février 2027) précède le premier."),
        (("out", "Lit 2", "-e", "lhss", "--kind", "lit", "--since", "2027-02-10", "--reason", " "), 2, "le motif"),
        (("out", "Lit 9", "-e", "lhss", "--kind", "lit", "--since", "2027-02-10", "--reason", "x"), 1,
         "Aucune place ne porte le nom « Lit 9 »"),
        (("back", "Lit 2", "-e", "lhss", "--kind", "lit", "--on", "2027-02-10"), 2, "n’est pas hors service le"),
        (("close", "Lit 2", "-e", "lhss", "--kind", "lit", "--on", "jamais"), 2, "n’est pas une date"),
        (("--on", "jamais"), 2, "n’est pas une date"),
        (("--kind", "L"), 2, "n’est pas une sorte de place"),
        (("-e", "inconnue"), 1, "Aucun établissement n’est connu"),
        (("waiting", "-e", "lhss", "--workflow", "autre"), 1, "n’est pas enregistré"),
    ],
)  # fmt: skip
def test_a_command_typed_wrongly_says_what_is_wrong(
    house: House, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = house("places", *words, code=code)
    assert said in answer.err or said.lower() in answer.err.lower()


def test_a_sandbox_that_is_ahead_of_the_machine_says_so(tmp_path: Path) -> None:
    """A reader who gives no day would read the present of another time."""
    path = str(tmp_path / "lits.db")
    with lits.an_engine(f"sqlite:///{path}", furnished=False) as engine:
        engine.upgrade(sandbox=True)
        assert engine.written_until is None
        lits.furnish(engine)
        lits.housed(engine, lits.ALONE[0])
        assert engine.written_until == engine.now()
    for words in (("places", "-e", "lhss"), ("pending",)):
        with time_machine.travel("2026-11-24", tick=False):
            assert "choisissez le jour avec --now" in jalon(*words, "--database", path).err
        assert jalon(*words, "--database", path, "--now", lits.MONDAY).err == ""
