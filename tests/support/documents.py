"""A small workflow that is right, for tests that spoil it in one place."""

SMALL = """\
workflow: essai
version: 1
title: Essai
kind: parcours
houses: loge
escalation: chef
referent: agent

roles:
  staff:
    agent: Agent
    chef: {label: Chef}
  household:
    candidat: {label: Candidat, contact: menage}

groups:
  vivant: [recu, loge]

states:
  orientation:
    recu: {label: Reçu, turn: agent}
  sejour:
    loge: {label: Logé, turn: agent}
  sortie:
    sorti: {label: Sorti, terminal: true}
    classe: {label: Classé, terminal: true}

parameters:
  fois: {label: Fois, default: 2}
  long: {label: Long, default: P2M}
  fermer: {label: Fermer, default: false}

documents:
  identite: {label: Pièce d'identité, valid: P1Y*}

facts:
  menage: {label: Ménage, type: household}
  motif: {label: Motif, type: choice, choices: {voeu: Vœu, autre: Autre}}
  note: {label: Note}
  venu: {label: Venu, type: yesno}
  somme: {label: Somme, type: money}
  le: {label: Le, type: date}
  visites: {label: Visites, type: count, of: visiter}
  unite: {label: Unité, type: place}

place:
  kind: logement
  fact: unite

waivers:
  sans_piece: {label: Sans pièce, by: chef}

tasks:
  relire: {label: Relire, who: agent, due: P5B*, closed_by: visiter}

notices:
  rappel_echeance: {to: who}
  echeance_depassee: {to: escalation}
  nouvelle: {to: [candidat, agent], withhold: {agent: note}}

ladders:
  attente: {at: [-P7D, P0D, P1D]}

actions:
  recevoir:
    label: Recevoir
    from: start
    to: recu
    by: agent
    form: [menage, motif]
    notify: nouvelle
  entrer:
    label: Entrer
    from: recu
    to: loge
    by: agent
    form: [unite, le]
    optional: venu
    requires:
      - {documents: identite, waiver: sans_piece}
      - {fact: motif, equals: voeu, else: Il faut un vœu.}
    place: occupy
  visiter:
    label: Visiter
    in: vivant
    by: agent
    optional: note
    task: relire
  classer:
    label: Classer
    from: recu
    to: classe
    by: [agent, systeme]
    set: {motif: autre}
  sortir:
    label: Sortir
    from: loge
    to: sorti
    by: agent
    requires:
      - {count: visiter, at_least: 1*, else: Pas encore de visite.}
    place: free

deadlines:
  premiere:
    label: Première visite
    while: recu
    due: {after: P8D*, shift: suivant}
    met_by: [visiter, entrer]
    ladder:
      - {at: -P2D}
      - {at: P1D, perform: classer, when: {param: fermer, is: true}}
  rythme:
    label: Visite
    while: loge
    due: {anchor: le, every: P1M*}
    met_by: visiter
    ladder: attente
  bilan:
    label: Bilan
    due: {anchor: {each: visiter}, after: P5D*}
    who: agent
    met_by: visiter
    meets: all
    ladder: {after: P3D, task: relire}
"""


def spoiled(old: str, new: str, text: str = SMALL) -> str:
    """Give the small workflow with one place changed; the place is written once."""
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return text.replace(old, new)


def place(text: str, needle: str) -> tuple[int, int]:
    """Give the line and column, from 1, at which something is written, once."""
    assert text.count(needle) == 1, f"{text.count(needle)} times: {needle}"
    before = text[: text.index(needle)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
