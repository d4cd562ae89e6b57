"""`jalon why` and `jalon pending` on every kind of clock: hours, rhythms, suspensions, seasons, rules that changed."""

import pytest
from support.shell import Shell
from support.timely import HORLOGES


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Shell:
    """A request received on Friday 1 January 2027 at 22:40, suspended from 11 to 21 January."""
    shell = Shell(tmp_path_factory.mktemp("clocks"))
    shell("db", "init", "--sandbox")
    shell("workflows", "add", str(HORLOGES))
    shell("establishment", "add", "maison", "--name", "La Maison")
    for person, role in (("ana", "agent"), ("dora", "direction")):
        shell("people", "add", person, "--name", person.title(), "--email", f"{person}@maison.example")
        shell("role", "add", person, role, "-e", "maison")
    shell("open", "horloges", "-e", "maison", on="2027-01-01T22:40", by="ana", facts=("menage=Bruno L.",))
    for day, action, *facts in (
        ("2027-01-04", "prendre", "date_contrat=2027-01-01"),
        ("2027-01-04", "fixer_rdv", "date_rdv=2027-01-20", "heure_rdv=14:30"),
        ("2027-01-05", "notifier", "decision_le=2026-12-31"),
        ("2027-01-05", "juger", "date_jugement=2026-12-10"),
        ("2027-01-05", "noter_dette", "date_dette=2026-12-15"),
        ("2027-01-08", "reconnaitre"),
        ("2027-01-11", "suspendre"),
    ):
        shell("perform", "1", action, on=day, by="ana", facts=tuple(facts))
    return shell


@pytest.fixture(scope="module")
def resumed(shell) -> Shell:
    """The same, back on 21 January; the next day someone postpones the opinion to 30 March."""
    shell.suspended = {  # what was said while the clock stood still
        "why": shell("why", "1", "suspendue_et_reprise", on="2027-01-15").lines,
        "pending": shell("pending", on="2027-01-15").lines,
        "json": shell.json("pending", on="2027-01-15"),
        "forecast": shell.json("forecast", "--until", "2027-12-31", on="2027-01-15"),
    }
    shell("perform", "1", "reprendre", on="2027-01-21", by="ana")
    words = ("postpone", "1", "suspendue_et_reprise", "--to", "2027-03-30", "--reason", "Attente du médecin")
    shell(*words, on="2027-01-22", by="ana")
    return shell


def line(lines: list[str], start: str) -> str:
    return next(one for one in lines if one.strip().startswith(start))


def test_hours_pass_from_the_instant_of_the_anchor(shell):
    """48 hours from 22:40 on 1 January end at 22:40 on the 3rd, a Sunday: the night shift works."""
    lines = shell("why", "1", "en_heures", on="2027-01-02").lines
    assert "  Calcul : 48 heures après le 01/01/2027 à 22:40, soit le 03/01/2027 à 22:40" in lines
    assert line(lines, "Point de départ").startswith(
        "  Point de départ : vendredi 1er janvier 2027 à 22:40, acte"
    )
    told = shell.json("why", "1", "en_heures", on="2027-01-02")["deadline"]
    assert told["date"]["due_at"] == "2027-01-03T21:40:00Z"


def test_an_appointment_is_late_from_its_hour_on(shell):
    """At 14:29 it is of today; at 14:31 it is late."""
    before = line(shell("pending", on="2027-01-20T14:29").lines, "D-0001  Rendez-vous")
    after = line(shell("pending", on="2027-01-20T14:31").lines, "D-0001  Rendez-vous")
    assert (before, after) == ("  D-0001  Rendez-vous, aujourd’hui", "  D-0001  Rendez-vous, en retard")
    assert (
        "          pour le mercredi 20 janvier 2027 à 14:30 ; au tour de : Agent"
        in shell("pending", on="2027-01-20T14:31").lines
    )
    late = [one["name"] for one in shell.json("pending", on="2027-01-20T14:31") if one["bucket"] == "late"]
    assert "a_l_heure" in late


def test_a_rhythm_of_the_calendar_says_which_of_its_dates_it_is(shell):
    lines = shell("why", "1", "chaque_mois", "--occurrence", "1", on="2027-01-05").lines
    assert (
        "  Calcul : 1re date du rythme « premier jeudi », sauf en août, après le lundi 4 janvier 2027, "
        "soit le jeudi 7 janvier 2027"
    ) in lines


def test_the_legal_date_stands_beside_the_day_by_which_to_act(shell):
    """Two months from 31 December end on 28 February, a Sunday, for there is no 31st: act on Friday the 26th."""
    lines = shell("why", "1", "agir_avant", on="2027-01-05").lines
    assert "  Date : dimanche 28 février 2027, dans 54 jours" in lines
    assert "  Agir pour le vendredi 26 février 2027, dans 52 jours" in lines
    assert "    le 31 février 2027 n’existe pas, dernier jour du mois" in lines
    assert "  La date reste le dimanche 28 février 2027, mais il faut agir avant :" in lines
    assert "    avancé : dimanche 28 février 2027 ; samedi 27 février 2027" in lines
    told = shell.json("why", "1", "agir_avant", on="2027-01-05")["deadline"]
    assert (told["date"]["due_on"], told["date"]["act_by"]) == ("2027-02-28", "2027-02-26")
    assert [day["date"] for day in told["before"]] == ["2027-02-28", "2027-02-27"]


def test_what_is_awaited_is_counted_to_the_day_by_which_to_act(shell):
    names = {
        until: {one["name"] for one in shell.json("pending", "--until", until, on="2027-01-05")}
        for until in ("2027-02-25", "2027-02-26")
    }
    assert names["2027-02-26"] - names["2027-02-25"] == {"agir_avant"}
    (told,) = [one for one in shell.json("pending", on="2027-02-27") if one["name"] == "agir_avant"]
    assert (told["day"], told["bucket"], told["days"]) == ("2027-02-26", "late", -1)
    said = shell("pending", on="2027-02-20").lines
    words = "à faire pour le vendredi 26 février 2027 ; la date elle-même est le dimanche 28 février 2027"
    assert any(words in one for one in said)


def test_a_season_holds_a_date_back(shell):
    """Two months from 10 December end in the winter truce: not before Thursday 1 April."""
    lines = shell("why", "1", "apres_la_treve", on="2027-01-05").lines
    assert "  Calcul : 2 mois après le jeudi 10 décembre 2026, soit le mercredi 10 février 2027" in lines
    assert "  Pas pendant « Trêve hivernale », jusqu’au 31/03/2027 (law:CPCE L412-6)" in lines
    assert "  Date : jeudi 1er avril 2027, dans 86 jours" in lines


def test_a_rule_that_changed_says_which_version_was_taken_and_why(shell):
    lines = shell("why", "1", "selon_la_date", on="2027-01-05").lines
    assert (
        "  La règle a changé : 1 mois pour ce qui commence depuis le 01/07/2026 ; "
        "ce point de départ est le 10/12/2026"
    ) in lines
    (note,) = shell.json("why", "1", "selon_la_date", on="2027-01-05")["deadline"]["notes"]
    assert (note["code"], note["data"]["since"], note["data"]["delay"]) == ("dated", "2026-07-01", "P1M")


def test_an_interruption_starts_the_clock_again(shell):
    """Five years from the debt of 15 December 2026; acknowledged on 8 January 2027: five years from there."""
    lines = shell("why", "1", "interrompue", on="2027-01-09").lines
    words = (
        "  Le délai recommence entier le 08/01/2027, par « Reconnaître la dette » : La dette a été reconnue."
    )
    assert words in lines
    assert any("08/01/2027 : déplacée au jeudi 8 janvier 2032 (avant : 15/12/2031)" in one for one in lines)


def test_a_cap_over_all_renewals_is_said(shell):
    lines = shell("why", "1", "avec_plafond", on="2027-01-09").lines
    assert "  Plafond : 4 ans en tout, soit le 01/01/2031 au plus tard" in lines


def test_a_suspended_clock_says_since_when_and_what_will_be_left(resumed):
    """Two months from 4 January end on 4 March: on 11 January, 52 days were left."""
    said = resumed.suspended
    assert "  Date : suspendue depuis le 11/01/2027, il restera 52 jours" in said["why"]
    assert (
        "  Suspendue depuis le 11/01/2027, il restera 52 jours : La personne est à l'hôpital." in said["why"]
    )
    assert any("11/01/2027 : suspendue ; c’était pour le jeudi 4 mars 2027" in one for one in said["why"])
    assert any("annulé : le délai est suspendu" in one for one in said["why"])
    assert "  D-0001  Avis sur la demande, suspendue" in said["pending"]
    assert any("suspendue depuis le 11/01/2027, il restera 52 jours" in one for one in said["pending"])
    told = said["json"][-1]
    assert (told["name"], told["suspended_on"], told["remaining"], told["bucket"]) == (
        "suspendue_et_reprise", "2027-01-11", 52, "later",
    )  # fmt: skip
    coming = [one for one in said["forecast"]["items"] if one["deadline"] == "suspendue_et_reprise"]
    assert [(one["kind"], one["suspended_on"]) for one in coming] == [("due", "2027-01-11")]


def test_days_of_suspension_are_added_and_a_postponement_keeps_its_reason(resumed):
    """Back after ten days: 14 March; then postponed to 30 March, with who and why."""
    lines = resumed("why", "1", "suspendue_et_reprise", on="2027-01-23").lines
    assert "  10 jours de suspension ajoutés : La personne est à l'hôpital." in lines
    assert "  Reportée par décision : du 14/03/2027 au 30/03/2027" in lines
    moved = [one for one in lines if "déplacée au" in one or "de nouveau en cours" in one]
    assert moved[0].startswith(
        "    21/01/2027 : de nouveau en cours, au dimanche 14 mars 2027 (avant : 04/03/2027)"
    )
    assert moved[0].endswith("« Noter le retour » (10 jours de suspension)")
    assert moved[1].startswith("    22/01/2027 : déplacée au mardi 30 mars 2027 (avant : 14/03/2027)")
    assert moved[1].endswith("reportée par Ana : Attente du médecin")
    assert (
        "          reportée : c’était pour le dimanche 14 mars 2027"
        in resumed("pending", on="2027-01-23").lines
    )
    (told,) = [
        one for one in resumed.json("pending", on="2027-01-23") if one["name"] == "suspendue_et_reprise"
    ]
    assert (told["postponed_from"], told["due_on"]) == ("2027-03-14", "2027-03-30")
    assert told["id"] is not None


def test_what_an_outage_dropped_says_the_rule_that_drops_it(resumed):
    """Nothing was played until 21 January: payments are not reminded late, visits only by the last message."""
    payment = resumed("why", "1", "le_quinze", on="2027-01-23").lines
    assert sum("abandonné après une interruption : la règle ne rattrape pas" in one for one in payment) == 2
    visit = resumed("why", "1", "chaque_quinzaine", "--occurrence", "1", on="2027-01-23").lines
    assert any("abandonné après une interruption : seul le dernier part" in one for one in visit)
    told = resumed.json("why", "1", "a_l_heure", on="2027-01-23")["deadline"]["ladder"]
    dropped = [(rung["day"], rung["dropped"]) for rung in told if rung["status"] == "dropped"]
    assert dropped == [
        ("2027-01-13", {"why": "within", "within": "P1D", "left": False}),
        ("2027-01-18", {"why": "within", "within": "P1D", "left": False}),
    ]
