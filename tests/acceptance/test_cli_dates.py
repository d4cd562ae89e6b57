"""`jalon date` and `jalon holidays`, as they are typed."""

import pytest
from support.cli import jalon


def test_the_reviews_of_a_stay_that_began_on_31_december():
    answer = jalon("date", "2026-12-31", "P2M", "--times", "4", "--shift", "precedent")
    assert answer.code == 0
    assert answer.lines == [
        "2 mois, 4 fois, à compter du jeudi 31 décembre 2026 ; si le jour n’est pas ouvré, le précédent (metropole).",
        "",
        "1  2027-02-26  vendredi 26 février 2027",
        "               le 31 février 2027 n’existe pas, dernier jour du mois",
        "               le dimanche 28 février 2027 et le samedi 27 février 2027 ne sont pas ouvrés : avancé",
        "2  2027-04-30  vendredi 30 avril 2027",
        "               le 31 avril 2027 n’existe pas, dernier jour du mois",
        "3  2027-06-30  mercredi 30 juin 2027",
        "               le 31 juin 2027 n’existe pas, dernier jour du mois",
        "4  2027-08-31  mardi 31 août 2027",
    ]


def test_29_february_comes_back_after_four_years():
    dates = [
        one["date"] for one in jalon("date", "2028-02-29", "P1Y", "--times", "4", "--json").json()["dates"]
    ]
    assert dates == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_easter_2027_names_its_monday():
    answer = jalon("date", "2027-03-27", "P1D", "--shift", "suivant")
    easter = "le lundi 29 mars 2027 (lundi de Pâques, férié)"
    assert answer.lines[2:] == [
        "2027-03-30  mardi 30 mars 2027",
        f"            le dimanche 28 mars 2027 et {easter} ne sont pas ouvrés : reporté",
    ]


def test_la_reunion_rests_on_20_december():
    command = ("date", "2027-12-19", "P1D", "--shift", "suivant")
    assert "2027-12-20" in jalon(*command).lines[2]
    there = jalon(*command, "--zone", "la-reunion")
    assert "2027-12-21" in there.lines[2]
    assert "abolition de l’esclavage, férié" in there.lines[3]


def test_a_delay_may_count_backwards_although_it_begins_as_an_option_does():
    answer = jalon("date", "31/12/2026", "-P4M", "--json")
    assert answer.json()["dates"][0]["date"] == "2026-08-31"
    assert jalon("date", "2026-12-31", "--shift", "precedent", "-P4M").lines[2].startswith("2026-08-31")


def test_the_closures_of_a_house_are_not_worked():
    answer = jalon("date", "2026-12-23", "P1B", "--closed", "2026-12-24", "--closed", "28/12/2026")
    assert answer.lines[2].startswith("2026-12-29")
    assert "jeudi 24 décembre 2026, fermeture de l’établissement" in answer.lines[3]


def test_one_later_date_may_be_asked_for():
    assert jalon("date", "2026-12-31", "P2M", "--k", "2").lines == [
        "4 mois après le jeudi 31 décembre 2026.",
        "",
        "2027-04-30  vendredi 30 avril 2027",
        "            le 31 avril 2027 n’existe pas, dernier jour du mois",
    ]


def test_json_says_each_move_and_its_reason():
    answer = jalon("date", "2027-02-08", "P2M", "--franc", "--shift", "suivant", "--json").json()
    assert answer == {
        "anchor": "2027-02-08", "delay": "P2M", "shift": "suivant", "zone": "metropole", "franc": True,
        "dates": [{
            "k": 1, "date": "2027-04-09", "unshifted": "2027-04-09", "clamped": False, "skipped": [], "moves": [],
            "reasons": ["délai franc, un jour de plus"],
        }],
    }  # fmt: skip
    moved = jalon("date", "2027-03-27", "P1D", "--shift", "suivant", "--json").json()["dates"][0]
    assert moved["moves"][1] == {"date": "2027-03-29", "reason": "lundi de Pâques (férié)"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2026-13-01", "P2M"), "Le jour « 2026-13-01 » n’existe pas dans le calendrier."),
        (("hier", "P2M"), "« hier » n’est pas une date : écrivez 2026-12-31 ou 31/12/2026."),
        (("2026-12-31", "P2X"), "« P2X » n’est pas un délai"),
        (("2026-12-31", "PT48H"), "Un délai en heures se compte d’un instant"),
        (("2026-12-31", "P9000Y"), "Le calcul sort des années 1 à 9999."),
        (("2026-12-31", "P2M", "--shift", "x"), "« x » n’est pas un report : aucun, suivant ou precedent."),
        (
            ("2026-12-31", "P2M", "--zone", "paris"),
            "« paris » n’est pas une zone de jours fériés : metropole,",
        ),
        (("2026-12-31", "P2M", "--times", "0"), "Le nombre de dates (--times) va de 1 à 10 000"),
        (
            ("2026-12-31", "P2M", "--times", "x"),
            "Le nombre de dates (--times) : « x » n’est pas un nombre entier.",
        ),
        (
            ("2026-12-31", "P2M", "--times", "2", "--k", "2"),
            "--k donne une seule date, --times les premières",
        ),
        (("2026-12-31", "P2M", "--closed", "lundi"), "« lundi » n’est pas une date"),
        (("2026-12-31",), "Il manque DÉLAI."),
        (("2026-12-31", "P2M", "P3M"), "Argument en trop : P3M."),
        (("2026-12-31", "P2M", "--times"), "L’option --times attend une valeur."),
        (("2026-12-31", "P2M", "--tims", "4"), "L’option --tims n’existe pas ; vouliez-vous dire --times ?"),
    ],
)
def test_a_value_that_makes_no_sense_gets_one_sentence(arguments, sentence):
    answer = jalon("date", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(sentence)


def test_the_holidays_of_a_year_are_named():
    answer = jalon("holidays", "2027", "--zone", "la-reunion")
    assert len(answer.lines) == 13
    assert "2027-12-20  lundi 20 décembre 2027     abolition de l’esclavage" in answer.lines
    assert jalon("holidays", "2027", "--json").json()[0] == {"date": "2027-01-01", "name": "jour de l’An"}


def test_holidays_are_not_known_before_the_calendar():
    answer = jalon("holidays", "1500")
    assert (answer.code, answer.err) == (2, "Les jours fériés sont connus de 1583 à 9999.\n")
