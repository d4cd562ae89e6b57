"""Each rule of the language, broken once in a workflow that is otherwise right: where it is told, and how."""

import pytest
from support.documents import place, spoiled

from jalon import DefinitionError, loads

LADDER = "      - {at: -P2D}\n"

# what is spoiled, by what, where the fault is told, and words of the sentence
SHAPE = [
    ("tasks:\n", "taches:\n", "taches:", "clé inconnue « taches »"),
    ("{label: Reçu, turn: agent}", "{label: Reçu, turm: agent}",
     "turm:", "clé inconnue « turm » ; vouliez-vous dire « turn » ?"),
    ("    label: Recevoir\n    from", "    label: Recevoir\n    fron", "fron:", "vouliez-vous dire « from » ?"),
    ("version: 1", "version: un", "un\ntitle", "version"),
    ("version: 1", 'version: "1"', '"1"', "version"),
    ("version: 1", "version: 0", "0\ntitle", "version"),
    ("version: 1", "version: true", "true\ntitle", "version"),
    ("title: Essai", "title: 12", "12", "texte"),
    ("title: Essai", 'title: " "', '" "', "vide"),
    ("title: Essai", "title:", "title:", "il manque une valeur à « title »"),
    ("kind: parcours", "kind: balade", "balade", "valeurs possibles : parcours"),
    ("{label: Logé, turn: agent}", "{turn: agent}", "loge: {turn", "il manque la clé « label »"),
    ("    label: Visiter\n", "", "visiter:\n    in", "il manque la clé « label »"),
    ("terminal: true}\n    classe", "terminal: oui}\n    classe", "oui}", "true ou false"),
    ("workflow: essai", "workflow: Essai 2", "Essai 2", "minuscules"),
    ("    form: [menage, motif]", "    form: {a: b}", "{a: b}", "texte"),
    ("set: {motif: autre}", "set: {motif: [autre]}", "[autre]}\n", "un texte"),
    ("at_least: 1*", "at_least: .inf", ".inf", "un texte, un nombre"),
    ("equals: voeu", "equals: .nan", ".nan", "nombre fini"),
    ("{at: -P2D}", "{at: -P2D, hour: 8h}", "8h", "08:00"),
    ("{at: -P2D}", '{at: -P2D, hour: "25:00"}', '"25:00"', "08:00"),
    ("type: money", "type: argent", "argent", "valeur inconnue « argent »"),
    ("shift: suivant", "shift: apres", "apres", "valeurs possibles : aucun, suivant, precedent"),
    ("{to: who}", "{to: who, urgent: oui}", "oui}", "true ou false"),
    ("place: free", "place: rendre", "rendre", "valeur inconnue"),
    ("{label: Long, default: P2M}", "{label: Long, default: [1]}", "[1]", "un texte, un nombre"),
]  # fmt: skip

NAMES = [
    ("by: chef}", "by: cheff}", "cheff", "rôle inconnu « cheff » ; vouliez-vous dire « chef » ?"),
    ("to: loge\n", "to: logee\n", "logee", "état inconnu « logee »"),
    ("form: [menage, motif]", "form: [menage, motiv]", "motiv", "fait inconnu « motiv »"),
    ("[visiter, entrer]", "[visiter, sauter]", "sauter", "action inconnue « sauter »"),
    ("documents: identite", "documents: identit", "identit,", "document inconnu « identit »"),
    ("notify: nouvelle", "notify: nouvele", "nouvele", "modèle inconnu « nouvele »"),
    ("    task: relire\n", "    task: reliire\n", "reliire", "tâche inconnue « reliire »"),
    ("ladder: attente", "ladder: attentes", "attentes", "échelle inconnue « attentes »"),
    ("waiver: sans_piece", "waiver: sans_papier", "sans_papier", "dérogation inconnue"),
    ("{param: fermer, is", "{param: fermmer, is", "fermmer", "réglage inconnu « fermmer »"),
    ("anchor: le,", "anchor: la,", "la,", "ancre inconnue « la »"),
    ("contact: menage", "contact: menag", "menag}", "fait inconnu"),
    ("contact: menage", "contact: note", "note}\n\n", "adresse"),
    ("escalation: chef", "escalation: chefe", "chefe", "rôle inconnu"),
    ("vivant: [recu, loge]", "vivant: [recu, loge, ailleurs]", "ailleurs", "membre inconnu « ailleurs »"),
    ("vivant: [recu, loge]", "vivant: [recu, loge]\n  agent: [chef]", "agent: [chef]", "un groupe a un nom à lui"),
    ("vivant: [recu, loge]", "vivant: [recu, loge]\n  un: deux\n  deux: un", "un: deux", "se contient lui-même"),
    ("  note: {label", "  signature_agent: {label: S}\n  note: {label", "signature_agent", "nom réservé"),
    ("  note: {label", "  motif_derogation: {label: S}\n  note: {label", "motif_derogation", "nom réservé"),
    ("  note: {label", "  Une note: {label: S}\n  note: {label", "Une note", "minuscules"),
    ("    sorti: {", "    any: {label: A, terminal: true}\n    sorti: {", "any:", "nom réservé"),
    ("  visiter:\n", "  deroger_a:\n    label: D\n    in: recu\n    by: agent\n  visiter:\n",
     "deroger_a", "nom réservé"),
    ("escalation: chef", "escalation: chef\ninclude: rien", "rien\nreferent", "fragment inconnu « rien »"),
    ("in: vivant", "in: start", "start\n    by: agent\n    optional", "état inconnu « start »"),
    ("{to: escalation}", "{to: escalade}", "escalade", "rôle inconnu"),
    ("place:\n  kind: logement\n  fact: unite", "place: {kind: logement, fact: note}",
     "note}\n\nwaivers", "type place"),
    ("withhold: {agent: note}", "withhold: {chef: note}", "chef: note", "rien à lui taire"),
    ("to: [candidat, agent]", "to: [candidat, agent], about: jour", "jour, withhold", "fait inconnu « jour »"),
    ("to: [candidat, agent]", "to: [candidat, agent], about: note", "note, withhold", "n’est pas une date"),
]  # fmt: skip

MOVES = [
    ("    loge: {", "    perdu: {label: Perdu, turn: agent, sans_echeance: Test}\n    loge: {",
     "perdu:", "ne peut jamais être atteint"),
    ("    from: loge\n    to: sorti", "    in: loge", "loge: {", "impasse"),
    ("    sorti: {label: Sorti, terminal: true}", "    sorti: {label: Sorti, turn: chef, sans_echeance: Non}",
     "sorti: {", "impasse"),
    ("    from: loge\n", "    from: [loge, classe]\n", "classe: {", "peut être quitté"),
    ("    from: start\n    to: recu", "    in: recu", "actions:", "n’ouvre de dossier"),
    ("{label: Reçu, turn: agent}", "{label: Reçu}", "recu: {", "de qui est-ce le tour"),
    ("    while: loge\n", "    while: recu\n", "loge: {", "attend quelqu’un sans échéance"),
    ("met_by: [visiter, entrer]", "informative: true", "recu: {", "attend quelqu’un sans échéance"),
]  # fmt: skip

ACTS = [
    ("    from: recu\n    to: classe\n", "    from: recu\n    in: recu\n    to: classe\n",
     "in: recu", "quitte et garde"),
    ("    in: vivant\n", "", "visiter:\n    label", "ni from ni in"),
    ("    in: vivant\n", "    from: recu\n", "visiter:\n    label", "sans état d’arrivée"),
    ("    in: vivant\n", "    in: vivant\n    to: loge\n",
     "to: loge\n    by: agent\n    optional: note", "sans état de départ"),
    ("    to: recu\n", "    to: previous\n", "to: previous", "il n’y en a pas"),
    ("    in: vivant\n    by: agent", "    in: vivant\n    by: systeme", "by: systeme", "aucune échéance ne l’exécute"),
    ("    in: vivant\n    by: agent", "    in: vivant\n    by: []", "by: []", "personne ne peut faire"),
    ("    set: {motif: autre}", "    form: motif", "by: [agent, systeme]", "formulaire"),
    ("    optional: note", "    optional: visites", "optional: visites", "se déduit des actes"),
    ("    optional: note", "    optional: note\n    effective: note", "effective: note", "n’est pas une date passée"),
    ("    optional: note", "    optional: note\n    effective: le", "effective: le", "n’est pas une date passée"),
    ("    optional: note", "    optional: note\n    effective: nul", "nul\n", "fait inconnu « nul »"),
    ("    optional: venu", "    optional: le", "optional: le", "déjà dans le formulaire"),
    ("waiver: sans_piece}", "else: Non}", "sans_piece: {", "ne sert à aucune action"),
    ("count: visiter, at_least", "count: visiter, where: {venu: true}, at_least",
     "where: {venu", "ne demande « venu »"),
    ("met_by: visiter\n    ladder: attente", "met_by: {act: visiter, where: {venu: true}}\n    ladder: attente",
     "met_by: {act", "ne demande pas « venu »"),
    ("to: [candidat, agent]", "to: [candidat, agent], urgent: true", "urgent: true",
     "« candidat » n’est pas de la maison"),
    ("to: [candidat, agent], withhold: {agent: note}", "to: household, urgent: true", "urgent: true",
     "« household » n’est pas de la maison"),
    ("closed_by: visiter", "closed_by: []", "closed_by: []", "rien ne clôt"),
    ("place:\n  kind: logement\n  fact: unite\n\n", "", "place: occupy", "quelle place"),
]  # fmt: skip

VALUES = [
    ("equals: voeu", "equals: voeux", "voeux", "n’est pas un choix de « motif » : voeu, autre"),
    ("equals: voeu", "in: [voeu, rien]", "rien],", "n’est pas un choix"),
    ("set: {motif: autre}", "set: {motif: rien}", "rien}", "n’est pas un choix"),
    ("set: {motif: autre}", "set: {venu: Oui}", "Oui", "de type yesno"),
    ("set: {motif: autre}", "set: {le: demain}", "demain", "de type date"),
    ("fact: motif, equals: voeu", "fact: motif, is: true", "true, else", "pas oui/non"),
    ("fact: motif, equals: voeu", "fact: motif, at_least: 2", "at_least: 2", "pas un nombre"),
    ("fact: motif, equals: voeu", "fact: motif", "{fact: motif", "dire ce que « fact » doit satisfaire"),
    ("fact: motif, equals: voeu", "fact: motif, state: recu, equals: voeu", "{fact: motif", "une seule chose"),
    ("fact: motif, equals: voeu,", "", "{ else", "porte sur quelque chose"),
    ("fact: motif, equals: voeu", "state: recu, equals: voeu", "equals: voeu", "ne va pas avec « state »"),
    ("fact: motif, equals: voeu", "deadline: premiere, is: set", "set, else",
     "possible : passed, open, met, missed, reminded"),
    ("fact: motif, equals: voeu", "param: long, is: true", "is: true, else", "ne se compare pas"),
    (", else: Il faut un vœu.", "", "{fact: motif", "dire pourquoi on refuse"),
    (", else: Il faut un vœu.", ", else: Non, warn: Attention", "warn:", "avertissement"),
    ("at_least: 1*", "at_least: beaucoup", "beaucoup", "nombre entier"),
    ("at_least: 1*", "at_least: long", "P2M}", "nombre entier"),
    ("type: choice, choices: {voeu: Vœu, autre: Autre}", "choices: {voeu: Vœu, autre: Autre}",
     "choices:", "type choice"),
    ("choices: {voeu: Vœu,", "choices: {Un vœu: Vœu, voeu: Vœu,", "Un vœu:", "minuscules"),
    ("type: count, of: visiter", "type: count", "type: count", "dire lesquels"),
    ("type: count, of: visiter", "type: text, of: visiter", "of: visiter", "date ou count"),
    ("type: money", "type: money, from: today", "from: today", "n’est pas une date"),
    ("when: {param: fermer, is: true}", "when: {fact: venu, is: true}",
     "{fact: venu", "ici une condition porte sur param"),
    ("    while: recu\n", "    while: recu\n    when: {count: visiter, at_least: 1}\n",
     "{count: visiter, at_least: 1}", "fact ou param ou state"),
    ("    while: recu\n", "    while: recu\n    when: {fact: somme, at_least: 1}\n", "at_least: 1}", "ne va pas avec"),
]  # fmt: skip

DATES = [
    ("after: P8D*", "after: 8 jours*", "8 jours*", "délai illisible"),
    ("after: P8D*", "after: 8", "8, shift", "délai illisible"),
    ("due: P5B*", "due: PT48H*", "PT48H*", "en jours, pas en heures"),
    ("after: P8D*", "after: P8D", "due: {after: P8D", "d’où vient la durée"),
    ("after: P8D*", "after: fois", "2}\n  long", "délai illisible « 2 »"),
    ("every: P1M*", "every: P0D*", "P0D*", "n’avance pas"),
    ("every: P1M*", "every: -P1M*", "-P1M*", "n’avance pas"),
    ("every: P1M*", "every: P1M*, renewed_by: visiter, after: P1Y*", "renewed_by", "ne se renouvelle pas"),
    ("every: P1M*", "after: P1M*, most: fois", "most:", "renewed_by"),
    ("every: P1M*", "renewed_by: visiter", "due: {anchor: le", "prolonge"),
    ("every: P1M*", "after: P1Y*, renewed_by: visiter, most: long", "P2M}", "nombre entier"),
    ("every: P1M*", "after: P1M*, decided: note", "note}\n    met_by", "n’est pas de type date"),
    ("anchor: le,", "anchor: motif,", "motif, every", "n’est pas de type date"),
    ("anchor: le,", "anchor: {is: le, first: entrer},", "{is: le", "une ancre dit une chose"),
    ("anchor: le,", "anchor: {since: entrer},", "{since: entrer}", "une ancre dit une chose"),
    ("anchor: {each: visiter}", "anchor: [{each: visiter}, le]", "anchor: [{each", "seule ancre"),
    ("anchor: {each: visiter}", "anchor: {each: visiter, since: entrer}", "{each: visiter, since", "sans since"),
    ("anchor: le, every: P1M*", "anchor: rythme, every: P1M*", "anchor: rythme", "dépend d’elle-même"),
    ("after: P8D*,", "after: {by: motif, cases: {voeu: P8D*}},", "cases: {voeu", "« autre » : les cas"),
    ("met_by: [visiter, entrer]", "met_by: sortir", "met_by: sortir\n    ladder:", "n’est possible tant que court"),
    ("    met_by: visiter\n    meets: all\n    ladder: {after: P3D, task: relire}", "",
     "bilan:\n    label", "rien n’éteint"),
    ("    due: {anchor: {each: visiter}, after: P5D*}", "    due: {after: P5D*}", "bilan:\n    label", "ni son ancre"),
    (LADDER, "      - {perform: classer}\n", "{perform: classer}", "un barreau dit quand"),
    (LADDER, "      - {every: P7D}\n", "{every: P7D}", "un barreau dit quand"),
    (LADDER, "      - {at: -P2D, only: last}\n", "only: last", "une dernière fois"),
    (LADDER, "      - {at: -P2D, to: agent, task: relire}\n", "to: agent, task", "« to » va avec un message"),
    ("perform: classer, when", "perform: classer, hour: \"08:00\", when", "hour:", "début de son jour"),
    ("perform: classer, when", "perform: classer, shift: suivant, when", "shift: suivant, when", "jamais reporté"),
    ("perform: classer, when", "perform: classer, every: P1D, when", "every: P1D", "ne se répète pas"),
    ("perform: classer, when: {param: fermer, is: true}", "perform: classer", "perform: classer", "clôt le dossier"),
    ("{label: Fermer, default: false}", "{label: Fermer, default: true}", "perform: classer", "clôt le dossier"),
    ("by: [agent, systeme]", "by: agent", "perform: classer", "n’est pas ouvert à systeme"),
    ("    from: recu\n    to: classe", "    from: loge\n    to: classe", "perform: classer", "partir quelqu’un"),
    ("    from: recu\n    to: classe", "    in: vivant\n    place: free", "perform: classer", "partir quelqu’un"),
    ("houses: loge", "houses: [loge, sorti]", "houses:", "n’habite plus là"),
    ("escalation: chef\n", "", "ladder: attente", "qui encadre"),
]  # fmt: skip


def cases(*tables):
    return [
        pytest.param(*case, id=f"{case[3][:30]}-{case[1].strip()[:30]}") for table in tables for case in table
    ]


@pytest.mark.parametrize(("old", "new", "needle", "words"), cases(SHAPE, NAMES, MOVES, ACTS, VALUES, DATES))
def test_a_fault_is_told_where_it_stands_in_french(old, new, needle, words):
    text = spoiled(old, new)
    with pytest.raises(DefinitionError) as caught:
        loads(text, "essai.yaml")
    told = [(problem.line, problem.column) for problem in caught.value.problems if words in problem.text]
    assert told, "\n".join(map(str, caught.value.problems))
    assert place(text, needle) in told


def test_an_act_is_of_a_day_that_its_form_asks():
    dated = spoiled("  le: {label: Le, type: date}", "  le: {label: Le, type: date, until: today}")
    text = dated.replace("    optional: note", "    optional: note\n    effective: le", 1)
    with pytest.raises(DefinitionError) as caught:
        loads(text, "essai.yaml")
    (problem,) = caught.value.problems
    assert problem.text.endswith("ne demande pas « le »")
    assert (problem.line, problem.column) == place(text, "effective: le")
    asked = text.replace("    optional: note", "    optional: [note, le]", 1)
    assert any(action.effective == "le" for action in loads(asked, "essai.yaml").actions.values())


def test_a_message_to_those_who_work_there_may_be_urgent():
    known = loads(
        spoiled("{to: escalation}", "{to: [escalation, agent], urgent: true}"), "essai.yaml"
    ).notices
    assert [name for name, notice in known.items() if notice.urgent] == ["echeance_depassee"]
