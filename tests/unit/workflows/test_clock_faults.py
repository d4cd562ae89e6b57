"""Each rule of the clocks, broken once in a workflow that is otherwise right: where it is told, and how."""

import pytest
from support.documents import SMALL, place, spoiled
from support.timely import HORLOGES

from jalon import DefinitionError, loads
from jalon.domain.rhythms import MONTHS

TIMELY = HORLOGES.read_text(encoding="utf-8")
DATED = "{until: {2008-06-19: P30Y}, then: P5Y}"
SUSPENDS = "suspends: {while: suspendue, because: La personne est à l'hôpital.}"
INTERRUPTS = "interrupts: {by: reconnaitre, because: La dette a été reconnue.}"
ANOTHER = "interrupts: {by: reconnaitre, because: Non}"
HOURS = "due: {anchor: [signale_le, recevoir], after: PT48H*, calendar: continu}"
CAPPED = (
    "due: {anchor: date_contrat, after: P6M, renewed_by: renouveler, taken_back_by: retirer, cap: P4Y, "
    "decided: fin_decidee}"
)

# what is spoiled, by what, where the fault is told, and words of the sentence
LENGTHS = [
    (DATED, "{untill: {2008-06-19: P30Y}, then: P5Y}", "untill", "vouliez-vous dire « until » ?"),
    (DATED, "{until: {2008-06-19: P30Y}}", "after: {until: {2008-06-19", "il manque la clé « then »"),
    (DATED, "{until: {}, then: P5Y}", "until: {}", "dire jusqu’à quelle date"),
    (DATED, "{until: {19/06/2008: P30Y}, then: P5Y}", "19/06/2008", "« 19/06/2008 » n’est pas une date"),
    (DATED, "{until: {2008-06-31: P30Y}, then: P5Y}", "2008-06-31", "« 2008-06-31 » n’est pas une date"),
    (DATED, "{until: {2008-06-19: 30 ans}, then: P5Y}", "30 ans", "délai illisible « 30 ans »"),
    (DATED, "{until: {2008-06-19: P30Y}, then: 5}", "5}}\n    who", "délai illisible « 5 »"),
    ("cap: P4Y", "cap: PT48H", "PT48H, decided", "en jours, pas en heures"),
    ("cap: P4Y", "cap: P0D", "P0D, decided", "n’avance pas"),
    ("cap: P4Y", "cap: P3M", "cap: P3M", "plus court que la première période"),
    ("cap: P4Y", "cap: quatre ans", "quatre ans,", "délai illisible"),
    ("due: P1D*", "due: PT4H*", "PT4H*", "en jours, pas en heures"),
    ("after: PT48H*", "after: P2BT4H*", "P2BT4H*", "des heures et des jours ouvrés ne se comptent pas ensemble"),
    ("within: P3M*", "within: PT48H*", "PT48H*, at_least", "en jours, pas en heures"),
    ("within: P3M*", "within: -P3M*", "-P3M*", "n’avance pas"),
    ("{within: P1D}", "{within: P1M}", "P1M}\n    ladder: {at: [-P7D, -P2B", "en jours ou en semaines"),
    ("{within: P1D}", "{within: -P1D}", "-P1D}", "n’avance pas"),
    ("{within: P1D}", "{within: PT4H}", "PT4H}\n", "en jours, pas en heures"),
    ("{within: P1D}", "{witin: P1D}", "witin", "vouliez-vous dire « within » ?"),
    ("{within: P1D}", "tous", "tous\n    ladder", "valeurs possibles : all, latest, none"),
]  # fmt: skip

RHYTHMS = [
    ("default: premier jeudi", "default: premier jour", "premier jour}", "rythme illisible « premier jour »"),
    ("every: le 15*", "every: le 32*", "le 32*", "rythme illisible « le 32 »"),
    ("every: le 15*", "every: PT48H*", "PT48H*, shift", "en jours, pas en heures"),
    ("every: le 15*", "every: le 15", "due: {anchor: prendre, every: le 15,", "d’où vient la durée"),
    ("not_in: aout", "not_in: août", "août", "mois inconnu « août » ; vouliez-vous dire « aout » ?"),
    ("not_in: aout", "not_in: [aout, vacances]", "vacances", "mois inconnu « vacances »"),
    ("not_in: aout", f"not_in: [{', '.join(MONTHS)}]", "not_in", "ne laisse aucun mois"),
    ("until: avec_plafond", "until: avec_plafon", "avec_plafon,", "échéance inconnue « avec_plafon »"),
    ("until: avec_plafond", "until: chaque_quinzaine", "until: chaque_quinzaine", "« Visite » a plusieurs dates"),
    ("until: avec_plafond", "until: chaque_mois", "until: chaque_mois", "dépend d’elle-même"),
    ('hour: "18:30"', "hour: 18h30", "18h30", "une heure s’écrit 08:00"),
    ('hour: "18:30"', 'hour: "24:30"', '"24:30"', "une heure s’écrit 08:00"),
    ('hour: "18:30"', "hour: date_rdv", "date_rdv}\n    who", "« date_rdv » n’est pas de type time, mais date"),
    ("hour: heure_rdv", "hour: heure_rv", "heure_rv}", "fait inconnu « heure_rv »"),
    ("after: P2M*", "after: P2M*, not_in: aout", "not_in: aout}", "« not_in » va avec un rythme"),
    ("after: P2M*", "after: P2M*, until: avec_plafond", "until: avec_plafond}", "« until » va avec un rythme"),
    ("every: P14D*", "every: P14D*, not_before: ete", "not_before: ete", "un rythme se repose par not_in"),
    ("every: P14D*", "every: P14D*, franc: true", "franc", "n’a pas de délai franc"),
    ("after: P2M*}", "after: P2M*}\n    meets: period", "meets: period\n    who: agent\n    met_by: instruire",
     "« period » va avec un rythme"),
    ("after: P2M*}", "after: P2M*}\n    meets: oldest", "meets: oldest\n    who: agent\n    met_by: instruire",
     "« oldest » choisit entre plusieurs dates"),
]  # fmt: skip

HOUR = [
    (HOURS, "due: {anchor: [date_rdv, recevoir], after: PT48H*}", "date_rdv, recevoir",
     "« date_rdv » n’a pas d’heure"),
    (HOURS, "due: {anchor: avec_plafond, after: PT48H*}", "anchor: avec_plafond", "n’a pas d’heure"),
    (HOURS, "due: {after: PT48H*, franc: true}", "franc", "« franc » ne va pas avec un délai en heures"),
    (HOURS, 'due: {after: PT48H*, hour: "08:00"}', 'hour: "08:00"', "« hour » ne va pas avec un délai en heures"),
    (HOURS, "due: {after: PT48H*, every: P7D*}", "every: P7D*", "« every » ne va pas avec un délai en heures"),
    ("after: P6M, renewed_by: renouveler", "after: PT48H, renewed_by: renouveler", "cap: P4Y", "« cap » ne va pas"),
    ("after: P2M*}", "after: PT48H*}", "suspends: {while: suspendue", "en heures ne se suspend pas"),
    (HOURS, "due: {after: P2D*}", "{at: [-PT2H, P1D]}", "la date de « Rappeler dans les 48 heures » n’a pas d’heure"),
    ("due: {anchor: date_contrat, after: P6M,", "due: {anchor: date_contrat, after: P6M, hour: 8h,", "8h,", "08:00"),
    ("ladder: {at: [-P1M, P0D]}", "ladder: [{at: -P1M}, {after: PT4H}]", "{after: PT4H}]", "le point de départ"),
    ("ladder: {at: [-P1M, P0D]}", "ladder: [{at: -P1M}, {at: -PT4H}]", "{at: -PT4H}", "n’a pas d’heure"),
    ("ladder: {at: [-P1M, P0D]}", "ladder: [{at: -P1M}, {legal: -PT4H}]", "-PT4H", "en jours, pas en heures"),
    ("{after: PT4H, task: rappeler}", '{after: PT4H, notify: rappel_echeance, hour: "09:00"}', 'hour: "09:00"',
     "sans « hour »"),
    ("{after: PT4H, task: rappeler}", "{after: PT4H, task: rappeler, shift: suivant}", "shift: suivant}\n      - {at",
     "sans « shift »"),
]  # fmt: skip

MOVED = [
    (", cap: P4Y", "", "is: capped", "« Fin de la mesure » n’atteint jamais de plafond"),
    ("after: P2M*}", "after: P2M*, taken_back_by: retirer}", "taken_back_by: retirer}", "va avec renewed_by"),
    ("taken_back_by: retirer", "taken_back_by: renouveler", "taken_back_by: renouveler", "prolonger et retirer"),
    ("after: P2M*}", "after: P2M*, cap: P1Y*}", "cap: P1Y*", "« cap » va avec renewed_by"),
    ("act_by: precedent", "act_by: precedent, shift: suivant", "act_by", "la date où elle est : sans shift"),
    ("act_by: precedent", "act_by: precedent, calendar: continu", "act_by: precedent", "« act_by » n’y change rien"),
    ("act_by: precedent", "act_by: suivant", "suivant}\n    who: agent\n    met_by: contester", "valeur"),
    ("calendar: continu", "calendar: continu, shift: suivant", "shift: suivant}\n    met_by: prendre",
     "« shift » n’y change rien"),
    ("calendar: continu", "calendar: zone", "zone}", "valeurs possibles : maison, continu"),
    ("not_before: treve_hivernale", "not_before: treve_hivernal", "treve_hivernal}", "saison inconnue"),
    (SUSPENDS, "suspends: {while: recue, because: Non}", "while: recue, because", "ne court pas dans l’état « recue »"),
    (SUSPENDS, "suspends: {while: suspendu, because: Non}", "suspendu, because", "état inconnu « suspendu »"),
    (SUSPENDS, "suspends: {while: suivie, because: Non}", "suspends: {while: suivie",
     "suspendue partout où elle court"),
    (SUSPENDS, "suspends: [{while: suspendue, because: A}, {while: suspendue, because: B}]",
     "while: suspendue, because: B", "« suspendue » suspend déjà"),
    (SUSPENDS, "suspends: {while: suspendue}", "suspends: {while: suspendue}", "il manque la clé « because »"),
    ("every: le 15*, shift: suivant}",
     "every: le 15*, shift: suivant}\n    suspends: {while: suspendue, because: Non}",
     "suspends: {while: suspendue, because: Non}", "à plusieurs dates (every)"),
    ("anchor: date_rdv, hour: heure_rdv}", f"anchor: date_rdv, hour: heure_rdv}}\n    {ANOTHER}", ANOTHER,
     "cette échéance n’en a pas (after)"),
    (INTERRUPTS, "interrupts: {by: solder, because: Non}", "by: solder, because", "« solder » éteint"),
    (INTERRUPTS, "interrupts: {by: recevoir, because: Non}", "by: recevoir, because",
     "n’est pas possible tant que court"),
    ("due: {anchor: date_dette,", "due: {anchor: reconnaitre,", "by: reconnaitre, because", "fait déjà courir"),
    (CAPPED, f"{CAPPED}\n    {ANOTHER}", ANOTHER, "every, each, renewed_by"),
    ("postponed_by: [agent, direction]", "postponed_by: [agent, chef]", "chef]", "rôle inconnu « chef »"),
    ("postponed_by: [agent, direction]", "postponed_by: systeme", "postponed_by", "l’automate ne reporte rien"),
    (INTERRUPTS, f"{INTERRUPTS}\n    postponed_by: direction", "postponed_by: direction",
     "la loi fixe cette date (law:Code civil 2224)"),
    ("hour: heure_rdv}", "hour: heure_rdv}\n    postponed_by: direction", "postponed_by: direction",
     "pas de délai à elle"),
    ("    ladder: {month: [le 1, premier lundi]}", "    catch_up: latest", "catch_up: latest\n\n", "aucun message"),
    ("ladder: {month: [le 1, premier lundi]}", "ladder: {month: [le 1, lundi]}", "lundi]}",
     "jour du mois illisible « lundi »"),
    ("ladder: {month: [le 1, premier lundi]}", "ladder: {month: le 1, every: P7D}", "every: P7D",
     "un jour du mois ne se répète pas"),
    ("ladder: {month: [le 1, premier lundi]}", "ladder: {month: P5D}", "P5D}", "jour du mois illisible « P5D »"),
]  # fmt: skip

FIFTEEN = "every: le 15*, shift: suivant}\n    who: agent\n    met_by: payer\n    meets: oldest"
PERIOD = FIFTEEN.replace("oldest", "period")
NEAREST = FIFTEEN.replace("oldest", "nearest")
SOON = "ladder: {at: [P0D, P1D]}"
REST = "\n    catch_up: none\n    "
WEEKLY = "every: P14D*, shift: suivant}\n    who: agent\n    met_by: visiter\n    catch_up: latest\n    "

STEPS = [
    (FIFTEEN, PERIOD, "at: [P0D, P1D]", "prend la place dès le lendemain : ce barreau ne se fait jamais"),
    (FIFTEEN + REST + SOON, PERIOD + REST + "ladder: {at: P0D, shift: suivant, every: P1D}", "every: P1D}\n\n  avant",
     "ce barreau ne se répète jamais"),
    (FIFTEEN + REST + SOON, PERIOD + REST + "ladder: {at: PT24H}", "at: PT24H", "ce barreau ne se fait jamais"),
    ("shift: suivant}\n    who: agent\n    met_by: payer\n    meets: oldest" + REST + SOON,
     "hour: \"18:30\"}\n    who: agent\n    met_by: payer\n    meets: period" + REST + "ladder: {legal: P1D}",
     "legal: P1D}", "ce barreau ne se fait jamais"),
    (FIFTEEN + REST + SOON, NEAREST + REST + "ladder: {at: [P0D, P1D, P16D]}", "at: [P0D, P1D, P16D]",
     "prend la place à mi-chemin : ce barreau ne se fait jamais"),
    (WEEKLY + "ladder: {at: [-P2B, P0D]}", WEEKLY + "ladder: {at: [P7D, P8D]}", "at: [P7D, P8D]", "à mi-chemin"),
    (WEEKLY + "ladder: {at: [-P2B, P0D]}",
     WEEKLY.replace("P14D*", "lundi*") + "ladder: {at: [P3D, P4D]}", "at: [P3D, P4D]", "à mi-chemin"),
    (SOON, "ladder: {at: [P1D, P1D]}", "P1D]}\n\n  avant", "« P1D » et « P1D » : deux barreaux identiques"),
    (SOON, "ladder: [{at: P7D}, {at: P1W, notify: echeance_depassee}]", "P1W", "« P7D » et « P1W »"),
    (SOON, "ladder: [{at: P7D, every: P7D}, {at: P1W, every: P1W}]", "P1W, every", "« P7D » et « P1W »"),
    (SOON, "ladder: {at: P0D, after: P1D}", "after: P1D}\n\n  avant", "(at ou after)"),
    ("ladder: {month: [le 1, premier lundi]}", "ladder: {month: [le 1, le 1er]}", "le 1er]", "barreaux identiques"),
    (FIFTEEN + REST + SOON, NEAREST + REST + "ladder: {at: P1B, every: P100000B}", "every: P100000B",
     "ce barreau ne se répète jamais"),
    ("every: P5B avant la fin du mois*", "every: P25B avant la fin du mois*", "P25B", "jours ouvrés (15 au plus)"),
    ("every: P5B avant la fin du mois*", "every: P40D avant la fin du mois*", "P40D", "des jours (27 au plus)"),
    ("month: [le 1, premier lundi]", "month: P30D avant la fin du mois", "P30D avant", "des jours (27 au plus)"),
    ("cap: P4Y", "most: -1", "-1, decided", "« -1 » : un nombre de fois ne descend pas sous 0"),
    ("cap: P4Y", "most: -2*", "-2*, decided", "« -2 » : un nombre de fois ne descend pas sous 0"),
]  # fmt: skip

ASKED = [
    ("from: 11-01", "from: 1er novembre", "1er novembre", "un jour de l’année s’écrit 11-01"),
    ("from: 11-01", "from: 13-01", "13-01", "un jour de l’année s’écrit 11-01"),
    ("from: 11-01", "from: 02-30", "02-30", "le jour 02-30 n’existe dans aucune année"),
    ("to: 03-31", "to: 04-31", "04-31", "le jour 04-31 n’existe"),
    ("to: 03-31", "to: 10-31", "to: 10-31", "couvre toute l’année"),
    ("from: 07-01, to: 08-31", "from: 01-01, to: 12-31", "to: 12-31", "couvre toute l’année"),
    (", basis: usage}", "}", "ete:             {label: Été", "il manque la clé « basis »"),
    ("season: treve_hivernale, is: outside", "season: treve, is: outside", "treve, is", "saison inconnue « treve »"),
    ("season: treve_hivernale, is: outside", "season: treve_hivernale", "{season", "dire ce que « season »"),
    ("season: treve_hivernale, is: outside", "season: treve_hivernale, is: passed", "passed, else",
     "possible : inside, outside"),
    ("season: treve_hivernale, is: outside", "season: treve_hivernale, equals: 1", "equals: 1",
     "« equals » ne va pas avec « season »"),
    ("at_most: 14*, else", "equals: 14, else", "equals: 14", "« equals » ne va pas avec « average »"),
    ("at_most: 14*, else", "distinct: date_rdv, at_most: 14*, else", "distinct", "« distinct » ne va pas"),
    ("since: prendre, at_most: 14*", "since: prendre", "{average", "dire ce que « average » doit satisfaire"),
    ("at_most: 14*", "at_most: P14D*", "P14D*, else", "nombre entier"),
    ("average: visiter, since", "average: visiter, where: {date_rdv: x}, since", "where: {date_rdv",
     "aucun de ces actes ne demande « date_rdv »"),
    ("within: P3M*, at_least", "within: P3M*, per: mois, at_least", "per: mois, at_least", "pas les deux"),
    ("per: mois", "per: an", "an, below", "valeur inconnue « an »"),
    ("deadline: avec_plafond, is: capped", "fact: fin_decidee, within: P3M, is: set", "within: P3M, is",
     "« within » ne va pas avec « fact »"),
    ("deadline: chaque_quinzaine, is: missed", "deadline: chaque_quinzaine, is: capped", "is: capped, else: Aucune",
     "« Visite » n’atteint jamais de plafond"),
    ("    who: agent\n    met_by: visiter\n", "    who: agent\n    informative: true\n", "is: missed",
     "« Visite » informe : personne ne la manque"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "needle", "words"),
    [
        pytest.param(*case, id=f"{case[3][:30]}-{case[1].strip()[:40]}")
        for table in (LENGTHS, RHYTHMS, HOUR, MOVED, STEPS, ASKED)
        for case in table
    ],
)
def test_a_fault_of_a_clock_is_told_where_it_stands_in_french(old, new, needle, words):
    text = spoiled(old, new, TIMELY)
    with pytest.raises(DefinitionError) as caught:
        loads(text, "horloges.yaml")
    told = [(problem.line, problem.column) for problem in caught.value.problems if words in problem.text]
    assert told, "\n".join(map(str, caught.value.problems))
    assert place(text, needle) in told


def test_a_state_in_which_every_clock_stands_still_says_why():
    text = spoiled("    loge: {label: Logé, turn: agent}", "    loge: {label: Logé, turn: agent}\n"
                   "    absent: {label: Absent, turn: agent}")  # fmt: skip
    text = spoiled("  visiter:\n    label", "  partir: {label: Partir, from: loge, to: absent, by: agent}\n"
                   "  rentrer: {label: Rentrer, from: absent, to: loge, by: agent}\n  visiter:\n    label",
                   text)  # fmt: skip
    text = spoiled("    due: {anchor: le, every: P1M*}\n    met_by: visiter\n",
                   "    due: {anchor: le, after: P1M*}\n    met_by: visiter\n", text)  # fmt: skip
    paused = spoiled("    while: loge\n", "    while: [loge, absent]\n"
                     "    suspends: {while: absent, because: La personne est à l'hôpital.}\n", text)  # fmt: skip
    with pytest.raises(DefinitionError) as caught:
        loads(paused)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place(paused, "absent: {label")
    assert "attend quelqu’un sans échéance" in problem.text
    said = spoiled("label: Absent, turn: agent", "label: Absent, turn: agent, sans_echeance: Soins", paused)
    assert loads(said).deadlines["rythme"].pauses[0].states == ("absent",)


def test_two_deadlines_that_wait_for_each_other_are_both_told():
    text = spoiled("decided: fin_decidee}", "decided: fin_decidee, shift: suivant}", TIMELY)
    text = spoiled(
        "due: {anchor: date_contrat, after: P6M", "due: {anchor: [a, date_contrat], after: P6M", text
    )
    text = spoiled("  avec_plafond:\n", "  a:\n    label: A\n    due: {anchor: chaque_mois, after: P1D*}\n"
                   "    informative: true\n\n  avec_plafond:\n", text)  # fmt: skip
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    told = {(problem.line, problem.column) for problem in caught.value.problems if problem.code == "cycle"}
    assert told == {
        place(text, "anchor: chaque_mois"), place(text, "until: avec_plafond"), place(text, "anchor: [a, date"),
    }  # fmt: skip


def test_a_fault_of_a_shared_ladder_is_told_at_the_deadline_that_uses_it():
    text = spoiled("attente: {at: [-P7D, P0D, P1D]}", "attente: {at: [-PT2H, P0D]}", SMALL)
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place(text, "ladder: attente")
    assert "n’a pas d’heure" in problem.text


@pytest.mark.parametrize(
    ("due", "meets", "ladder"),
    [
        ("every: P1M*, shift: suivant", "period", "{at: [-P7D, P0D]}"),
        (
            "every: P1M*, shift: suivant",
            "period",
            "{legal: P1D}",
        ),  # a Saturday is due on Monday: Sunday is not over
        ("every: vendredi*", "period", "{at: P1D, shift: precedent}"),  # leaves on the Friday itself
        ("every: P1M*, hour: '18:30'", "period", "{at: PT2H}"),
        ("every: P1M*", "period", "{after: P5D}"),  # counted from the start, in no period
        ("every: P1M*", "nearest", "{at: [P1D, P15D]}"),
        ("every: P2M*", "nearest", "{at: P1M}"),  # 1 March, of a date of 1 February that gives way on the 3rd
        ("every: P1Y*", "nearest", "{at: P183D}"),
        ("every: lundi*", "nearest", "{at: P3D}"),
        ("every: premier jeudi*", "nearest", "{at: P17D}"),  # 35 days from a first Thursday to the next
        ("every: le 15*, not_in: aout", "nearest", "{at: P20D}"),  # from July to September
        ("every: le 15*, shift: precedent", "nearest", "{at: P17D}"),
        ("every: P1D*", "oldest", "{at: P30D}"),
        ("every: P1M*", "all", "{at: P40D, every: P7D}"),
        ("every: P1M*", "nearest", "[{at: P1D}, {legal: P1D}, {at: P1D, only: first, notify: nouvelle}]"),
        (
            "every: P1M*",
            "nearest",
            "[{at: P1D, notify: nouvelle, hour: '09:00'}, {at: P1D, notify: nouvelle}]",
        ),
    ],
)
def test_a_step_that_may_be_taken_is_not_refused(due, meets, ladder):
    text = spoiled("due: {anchor: le, every: P1M*}", f"due: {{anchor: le, {due}}}", SMALL)
    text = spoiled("    ladder: attente\n", f"    meets: {meets}\n    ladder: {ladder}\n", text)
    assert loads(text).deadlines["rythme"].ladder


def test_a_shared_ladder_used_twice_is_told_where_it_is_used():
    text = spoiled("    ladder: attente\n", "    ladder: [attente, attente]\n", SMALL)
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    assert {(one.line, one.column) for one in caught.value.problems} == {place(text, "ladder: [attente")}
    assert [one.text for one in caught.value.problems] == [
        f"« {day} » et « {day} » : deux barreaux identiques, un seul suffit" for day in ("-P7D", "P0D", "P1D")
    ]


def test_twins_of_a_shared_ladder_are_told_in_it():
    text = spoiled("attente: {at: [-P7D, P0D, P1D]}", "attente: {at: [-P7D, P0D, -P1W]}", SMALL)
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place(text, "-P1W")


def test_a_delay_that_cannot_be_read_has_no_twin():
    text = spoiled("attente: {at: [-P7D, P0D, P1D]}", "attente: {at: [-P7X, P0D, P1X]}", SMALL)
    with pytest.raises(DefinitionError) as caught:
        loads(text)
    assert ["illisible" in one.text for one in caught.value.problems] == [True, True]
