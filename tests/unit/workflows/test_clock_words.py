"""The clocks told in French, as `jalon why` and `jalon workflows show` say them."""

import pytest
from support.documents import spoiled
from support.timely import HORLOGES

from jalon import load, loads
from jalon.domain.condition import Condition
from jalon.workflows.show import describe
from jalon.workflows.words import Words

TIMELY = HORLOGES.read_text(encoding="utf-8")
TRUCE = "« Trêve hivernale » (du 1er novembre au 31 mars)"


@pytest.fixture(scope="module")
def told():
    return {one["name"]: one for one in describe(load(HORLOGES))["deadlines"]}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("en_heures", ("48 heures (réglage en_heures.after) après « Signalée le », à défaut « Recevoir la demande »"
                      " ; tous les jours comptent comme ouvrés")),
        ("a_l_heure", "le jour même de « Date du rendez-vous », à l’heure de « Heure du rendez-vous »"),
        ("chaque_mois", ("chaque premier jeudi du mois (réglage jour_reunion), sauf en août, à partir de"
                        " « Prendre en charge », jusqu’à « Fin de la mesure », à 18 h 30")),
        ("avant_la_fin_du_mois", ("5 jours ouvrés avant la fin de chaque mois (réglage avant_la_fin_du_mois.every)"
                                 " à partir de « Prendre en charge »")),
        ("avec_plafond", ("6 mois après « Date du contrat » ; renouvelée par « Renouveler », sauf retrait par"
                             " « Retirer le dernier renouvellement », jamais au-delà de 4 ans"
                         " depuis « Date du contrat » ; ou la date écrite dans « Fin écrite dans la décision »")),
        ("interrompue", "5 ans après « Date de la dette » (30 ans si le délai a commencé avant le 19 juin 2008)"),
        ("selon_la_date", ("1 mois après « Date du jugement » (2 mois si le délai a commencé avant le 1er janvier 2025,"
                          " 42 jours si le délai a commencé avant le 1er juillet 2026)")),
        ("agir_avant", "2 mois après « Décision reçue le » ; si ce jour n’est pas ouvré, agir le jour ouvré précédent"),
        ("apres_la_treve", (f"2 mois après « Date du jugement » ; au plus tôt après {TRUCE}"
                           " ; reportée au jour ouvré suivant")),
    ],
)  # fmt: skip
def test_a_rule_is_told_whole(told, name, rule):
    assert told[name]["rule"] == rule


@pytest.mark.parametrize(
    ("every", "said"),
    [
        ("lundi", "chaque lundi"), ("2e mardi", "chaque deuxième mardi du mois"),
        ("dernier vendredi", "chaque dernier vendredi du mois"), ("le 1", "le 1er de chaque mois"),
        ("le 15", "le 15 de chaque mois"), ("le 31", "le 31 de chaque mois, ou son dernier jour s’il est plus court"),
        ("fin de mois", "le dernier jour de chaque mois"),
        ("P1B avant la fin du mois", "1 jour ouvré avant la fin de chaque mois"),
        ("P14D", "une fois par période de 14 jours"),
    ],
)  # fmt: skip
def test_a_rhythm_is_told_as_people_say_it(every, said):
    written = f"every: {every}, not_in: [juillet, aout, fevrier]}}\n    basis: usage"
    rule = loads(spoiled("every: le 15*, shift: suivant}", written, TIMELY)).deadlines["le_quinze"]
    months = "sauf en février, en juillet et en août"
    assert Words(load(HORLOGES)).due(rule.due) == f"{said}, {months}, à partir de « Prendre en charge »"


@pytest.mark.parametrize(("hour", "said"), [("09:00", "9 h"), ("18:05", "18 h 05"), ("00:30", "0 h 30")])
def test_an_hour_is_told_as_people_write_it(hour, said):
    workflow = loads(spoiled('hour: "18:30"', f'hour: "{hour}"', TIMELY))
    assert Words(workflow).due(workflow.deadlines["chaque_mois"].due).endswith(f", à {said}")


def test_a_rhythm_says_when_it_begins():
    text = spoiled("every: le 15*, shift: suivant}", "every: le 15*, after: P3M*}", TIMELY)
    rule = loads(text).deadlines["le_quinze"]
    assert Words(loads(text)).due(rule.due) == (
        "le 15 de chaque mois (réglage le_quinze.every), la première fois 3 mois (réglage le_quinze.after) après"
        " « Prendre en charge »"
    )


@pytest.mark.parametrize(
    ("name", "clauses"),
    [
        ("a_l_heure", ["après un arrêt du service, un message part avec 1 jour de retard au plus"]),
        ("chaque_mois", [
            "un acte compte pour la première date qui n’est pas passée",
            "après un arrêt du service, seul le dernier message part",
            "peut être reportée, avec un motif, par « Direction »",
        ]),
        ("le_quinze", [
            "un acte compte pour la plus ancienne des dates encore ouvertes",
            "après un arrêt du service, aucun message ne part en retard",
            "peut être reportée, avec un motif, par « Direction »",
        ]),
        ("avant_la_fin_du_mois", [
            "un acte compte pour toutes les dates encore ouvertes",
            "peut être reportée, avec un motif, par « Direction »",
        ]),
        ("suspendue_et_reprise", [
            "suspendue dans l’état « Suspendue » : La personne est à l'hôpital.",
            "peut être reportée, avec un motif, par « Agent » ou « Direction »",
        ]),
        ("interrompue", ["recommence entière à « Reconnaître la dette » : La dette a été reconnue."]),
        ("avec_plafond", []),
    ],
)  # fmt: skip
def test_what_else_moves_a_date_is_told_beside_the_rule(told, name, clauses):
    assert told[name]["clauses"] == clauses


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("en_heures", ["4 heures après le point de départ : tâche « Rappeler la personne »",
                       "2 heures avant l’échéance : message « rappel_echeance »",
                       "1 jour après l’échéance : message « echeance_depassee »"]),
        ("avant_la_fin_du_mois", ["le 1er du mois de l’échéance : message « rappel_echeance »",
                                  "le premier lundi du mois de l’échéance : message « rappel_echeance »"]),
        ("agir_avant", ["15 jours avant la date légale : message « rappel_echeance »",
                        "1 jour après la date légale : message « echeance_depassee »"]),
        ("apres_la_treve", ["15 jours avant l’échéance : message « rappel_echeance »",
                            "le jour de la date légale : message « rappel_echeance »"]),
    ],
)  # fmt: skip
def test_each_step_says_what_it_counts_from(told, name, steps):
    assert [step["says"] for step in told[name]["ladder"]] == steps


def test_conditions_are_told():
    workflow = load(HORLOGES)
    words = Words(workflow)
    said = [words.condition(part) for name in ("executer", "evaluer", "reorienter", "signaler")
            for part in workflow.actions[name].requires]  # fmt: skip
    assert said == [
        f"on est hors de {TRUCE}",
        ("nombre moyen de jours d’un acte « Faire une visite » au suivant, depuis « Prendre en charge »"
        " : au plus 14 (réglage evaluer.at_most)"),
        "nombre d’actes « Faire une visite », en remontant de 3 mois (réglage evaluer.within) : au moins 2",
        "nombre d’actes « Évaluer le suivi », dans le mois : moins de 1",
        "l’échéance « Fin de la mesure » a atteint son plafond",
        "l’échéance « Visite » a été manquée",
    ]  # fmt: skip


def test_the_seasons_are_described():
    assert describe(load(HORLOGES))["seasons"][0] == {
        "name": "treve_hivernale", "label": "Trêve hivernale", "from": "11-01", "to": "03-31",
        "basis": "law:CPCE L412-6",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({}, ""),
        ({"franc": True}, " (délai franc)"),
        ({"shift": "precedent"}, " (reporté au jour ouvré précédent)"),
        ({"franc": True, "shift": "suivant"}, " (délai franc, reporté au jour ouvré suivant)"),
    ],
)
def test_the_time_between_two_days_is_told_with_the_way_it_is_counted(counted, said):
    condition = Condition(between=("a", "today"), at_most="P2M", **counted)
    told = Words(load(HORLOGES)).condition(condition)
    assert told == f"le temps entre « a » et le jour de l’acte : au plus 2 mois{said}"


def test_a_step_of_the_very_day_says_of_which() -> None:
    for base, said in (("after", "le jour du point de départ"), ("at", "le jour de l’échéance")):
        text = spoiled("    ladder: {after: P3D, task: relire}", f"    ladder: {{{base}: P0D, task: relire}}")
        told = describe(loads(text, "essai.yaml"))["deadlines"]
        assert any(step["says"].startswith(said) for rule in told for step in rule["ladder"])
