"""Each rule of places, links, sessions, people and silences, broken once: where it is told, and how."""

import pytest
from support.documents import place, spoiled
from support.partage import PARTAGE

from jalon import DefinitionError, loads
from jalon.workflows.guards import GUARDS
from jalon.workflows.load import examine

SHARED = PARTAGE.read_text(encoding="utf-8")
SILENCE = "{at: P1D, perform: accorder, effective: due}"
PARENT = "{label: Dossier d'origine, workflow: partage, reverse: suite}"

# what is spoiled, by what, where the fault is told, and words of the sentence
FAULTS = [
    # places
    ("fact: pmr, attribute: pmr", "fact: pmr", "{fact: pmr, else", "attribute) ou à qui la partage (shared)"),
    ("fact: pmr, attribute: pmr", "fact: pmr, attribute: pmr, shared: same", "{fact: pmr, attribute: pmr, shared",
     "l’un ou l’autre"),
    ("fact: pmr, attribute", "fact: pmrr, attribute", "pmrr", "fait inconnu « pmrr » ; vouliez-vous dire « pmr » ?"),
    ("shared: same, unless: couple", "shared: alone, unless: couple", "unless: couple", "« unless » va avec"),
    ("fact: seul, shared", "fact: genre, shared", "fact: genre, shared: alone", "n’est pas oui/non"),
    ("shared: alone", "shared: seul", "seul, else", "valeurs possibles : same, alone"),
    ("attribute: pmr, else: Ce lit n'est pas accessible.", "attribute: pmr", "{fact: pmr, attribute: pmr}",
     "il manque la clé « else »"),
    ("leaves: depart", "leaves: departs", "departs", "échéance inconnue « departs »"),
    ("  fact: lit\n", "  fact: genre\n", "genre\n  fits", "« genre » n’est pas de type place"),
    ("place: keep", "place: garde", "garde}", "valeurs possibles : promise, occupy, keep"),
    ("{place: none, else", "{place: any, else", "any, else", "valeurs possibles : free, none, held"),
    ("{place: none, else", "{place: none, at_least: 1, else", "at_least: 1, else: Un lit", "ne va pas avec « place »"),
    # links
    (PARENT, "{label: Origine, workflow: partage, reverse: suite, ends: ask}", "ends: ask}\n\ntasks", "reverse"),
    (PARENT, "{label: Origine, workflow: partage, reverse: suite, gives: {pmr: pmr}}", "gives: {pmr", "reverse"),
    ("ends: close, closed_by: sortir", "ends: close", "annexe:", "closed_by"),
    ("ends: close, closed_by: sortir", "closed_by: sortir", "closed_by: sortir}\n  parent", "va avec ends: close"),
    ("ends: ask, task: decider", "ends: continue, task: decider", "task: decider}\n  annexe", "va avec ends: ask"),
    ("gives: {ne_le: ne_le}, follows", "follows", "follows: true", "rien ne suit"),
    ("gives: {ne_le: ne_le}", "gives: {ne_le: ne_l}", "ne_l}", "fait inconnu « ne_l »"),
    ("opens: [suite, garde]", "opens: [suite, gardes]", "gardes", "lien inconnu « gardes »"),
    ("opens: [suite, garde]", "opens: parent", "opens: parent", "ne dit pas quel programme ouvrir"),
    ("Suite, workflow: partage,", "Suite, workflow: [partage, autre],", "opens: [suite, garde]", "quel programme"),
    ("ends: close", "ends: fermer", "fermer,", "valeurs possibles : continue, ask, close"),
    # sessions
    ("kind: parcours", "kind: parcours\nmeeting: {body: agent, date: demande_le, agenda: suite}", "meeting: {body",
     "kind: reunion"),
    ("kind: parcours", "kind: reunion\nmeeting: {body: agent, date: genre, agenda: suite}", "date: genre",
     "« genre » n’est pas de type date"),
    ("kind: parcours", "kind: reunion\nmeeting: {body: agent, date: ne_le, members: pmr, agenda: suite}",
     "members: pmr", "« pmr » n’est pas de type actors"),
    ("kind: parcours", "kind: reunion\nmeeting: {body: agent, date: ne_le, agenda: ordre}", "ordre}", "lien inconnu"),
    # conditions
    ("of: {objet: entree}", "of: {objet: sortie}", "sortie}", "n’est pas un choix de « objet »"),
    ("of: {objet: entree}", "of: {genre: femme}", "of: {genre", "aucun de ces actes ne demande « genre »"),
    ("{last: aviser,", "{last: avise,", "avise,", "action inconnue « avise »"),
    ("within: P7D*", "within: -P7D*", "-P7D*", "n’avance pas"),
    ("{between: [ne_le, today]", "{between: [ne_le]", "between: [ne_le]", "deux noms"),
    ("{between: [ne_le, today]", "{between: [genre, today]", "genre, today", "n’est ni un acte ni une date"),
    ("at_least: P18Y*", "at_least: 18", "18, warn", "délai illisible « 18 »"),
    ("{members: accueilli, at_most: 1", "{members: accueilli, franc: true, at_most: 1", "franc: true",
     "« franc » ne va pas avec « members »"),
    ("{members: accueilli, at_most: 1", "{members: accueilli, shift: suivant, at_most: 1", "shift: suivant",
     "« shift » ne va pas avec « members »"),
    ("at_least: P18Y*", "at_least: P18Y, shift: aucun", "aucun, warn", "valeurs possibles : suivant, precedent"),
    ("at_least: P18Y*", "franc: true", "{between", "doit satisfaire"),
    ("{linked: suite, is: open, at_most: 0", "{linked: suites, is: open, at_most: 0", "suites,", "lien inconnu"),
    ("is: open, at_most: 0", "is: passed, at_most: 0", "passed", "ne se demande pas à « linked »"),
    ("{members: accueilli, at_most: 1", "{members: genre, at_most: 1", "members: genre, at_most", "ne nomme personne"),
    ("{members: accueilli, at_most: 1", "{members: accueilli", "{members: accueilli, else", "doit satisfaire"),
    ("aged: {from: public", "aged: {from: publi", "publi,", "nombre entier"),
    ("on: demande_le}", "on: demande}", "demande}", "fait inconnu « demande »"),
    ("[logement_foyer, partage], below: 1", "[logement_foyer, partage]", "{others", "doit satisfaire"),
    ("since: sortir, within", "since: aviser, within", "since: aviser", "n’est jamais postérieur à lui-même"),
    ("[ne_le, today]", "[ne_le, ne_le]", "between: [ne_le, ne_le]", "va d’un jour à un autre"),
    ("{members: accueilli, at_most: 1", "{members: accueilli, at_least: 2, at_most: 1", "at_most: 1, else: Une",
     "rien n’est entre les deux"),
    ("at_least: P18Y*", "at_least: P18Y, at_most: P3Y", "at_most: P3Y", "rien n’est entre les deux"),
    ("aged: {from: public, to: 120", "aged: {from: 30, to: 20", "to: 20", "aucun âge n’est entre les deux"),
    ("aged: {from: public, to: 120", "aged: {from: -3, to: 120", "-3, to", "n’est pas un âge"),
    ("on: demande_le}", "on: accueilli}", "accueilli}, at_least: 1", "« accueilli » n’est pas une date"),
    ("queue: [demande_le]", "queue: [accueilli]", "accueilli], sans", "n’ordonne pas une liste"),
    ("turn: agent, queue: [demande_le], sans", "turn: agent, sans", "queue: first",
     "aucun état n’a de liste d’attente"),
    ("    place: free\n\ndeadlines", "\ndeadlines", "sorti:   {label: Sorti", "garderait sa place"),
    ("{at: P1D, perform: accorder", "{at: P0D, perform: accorder", "P0D, perform", "une fois ce jour passé"),
    ("{at: P1D, perform: accorder", "{at: -P5D, perform: accorder", "-P5D, perform", "une fois ce jour passé"),
    ("objet:      {type: choice,", "objet:      {referent: true, type: choice,", "referent: true",
     "qui suit le dossier est de type actor"),
    # a silence
    (SILENCE, "{at: P1D, effective: due}", "effective: due}", "va avec un acte"),
    (SILENCE, "{after: P1D, perform: accorder, effective: due}", "effective: due}", "fait après l’échéance"),
    (SILENCE, "{at: P1D, perform: accorder, effective: hier}", "hier}", "valeurs possibles : rung, due"),
]  # fmt: skip


def test_the_whole_language_is_right():
    assert loads(SHARED).workflow == "partage"


@pytest.mark.parametrize(("before", "after", "where", "words"), FAULTS)
def test_a_fault_is_told_where_it_stands(before, after, where, words):
    document = spoiled(before, after, SHARED)
    with pytest.raises(DefinitionError) as caught:
        loads(document)
    told = [problem for problem in caught.value.problems if words in problem.text]
    assert told, [(problem.line, problem.column, problem.text) for problem in caught.value.problems]
    assert place(document, where) in {(problem.line, problem.column) for problem in told}


def test_without_a_place_no_act_takes_one():
    start, end = SHARED.index("place:\n"), SHARED.index("links:\n")
    with pytest.raises(DefinitionError) as caught:
        loads(SHARED[:start] + SHARED[end:])
    assert "ne dit pas quelle place on prend" in {problem.text for problem in caught.value.problems}.pop()
    assert {problem.code for problem in caught.value.problems} == {"no_place"}


LINKED = [
    ("opens_by: recevoir, gives", "opens_by: recevoirr, gives", "recevoirr", "ne s’ouvre pas par"),
    ("gives: {accueilli: accueilli,", "gives: {acueilli: accueilli,", "accueilli, demande_le: demande_le}",
     "vouliez-vous dire « accueilli » ?"),
    ("ends: close, closed_by: sortir}", "ends: close, closed_by: admettre}", "admettre}",
     "n’est pas un acte que l’automate fait"),
    ("ends: ask, task: decider}", "ends: ask, task: decide}", "decide}", "n’a pas de tâche « decide »"),
    ("in: [sorti, present]", "in: [sorti, presents]", "presents]", "n’a pas d’état « presents »"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "where", "words"), LINKED)
def test_what_a_link_says_of_a_workflow_that_is_known_is_checked(before, after, where, words, tmp_path):
    document = spoiled(before, after, SHARED)
    file = tmp_path / "partage.yaml"
    file.write_text(document, encoding="utf-8")
    told = [problem for problem in examine(file, GUARDS)[1] if words in problem.text]
    assert told
    assert place(document, where) in {(problem.line, problem.column) for problem in told}


def test_a_link_to_a_workflow_that_stands_elsewhere_is_the_houses_own_affair(tmp_path):
    file = tmp_path / "partage.yaml"
    file.write_text(SHARED.replace("Suite, workflow: partage", "Suite, workflow: ailleurs"), encoding="utf-8")
    assert examine(file, GUARDS)[1] == []
