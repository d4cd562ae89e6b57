"""The small workflows that are measured, written out as their authors would write them.

Delays are whole weeks from a Tuesday, so that no date is moved and the hand-written limits can say them too.
"""

STATES = 8
FIRST_DELAY = 28  # days, one week more for each state
WEEKS = 12  # the reminders of the second workflow: one a week
TEN = 10  # the deadlines of the third, all open at once

_RING = """
workflow: anneau
version: 1
title: Anneau de mesure
kind: demande
referent: agent
roles: {{staff: {{agent: Agent}}}}
states:
  en_cours:
{states}
  cloture:
    clos: {{label: Clos, terminal: true}}
facts:
  score: {{type: number, label: Score}}
notices:
  rappel_echeance: {{to: who}}
actions:
  ouvrir: {{label: Ouvrir, from: start, to: e0, by: agent, form: score}}
  clore:  {{label: Clore, from: e0, to: clos, by: agent}}
{actions}
deadlines:
{deadlines}
"""

_REMINDERS = """
workflow: rappels
version: 1
title: Rappels de mesure
kind: demande
referent: agent
roles: {{staff: {{agent: Agent}}}}
states:
  en_cours: {{attente: {{label: En attente, turn: agent}}}}
  cloture:  {{clos: {{label: Clos, terminal: true}}}}
notices:
  rappel_echeance: {{to: who}}
actions:
  ouvrir: {{label: Ouvrir, from: start, to: attente, by: agent}}
  clore:  {{label: Clore, from: attente, to: clos, by: agent}}
deadlines:
  relance:
    label: Relancer
    while: attente
    due: {{after: P{days}D}}
    met_by: clore
    ladder: {{at: [{rungs}], notify: rappel_echeance}}
    basis: mesure
"""

_TEN = """
workflow: dix
version: 1
title: Dix échéances de mesure
kind: demande
referent: agent
roles: {{staff: {{agent: Agent}}}}
states:
  en_cours:
    ici: {{label: Ici, turn: agent}}
    ailleurs: {{label: Ailleurs, turn: agent}}
  cloture: {{clos: {{label: Clos, terminal: true}}}}
facts:
  signe_le: {{type: date, label: Signé le}}
notices:
  rappel_echeance: {{to: who}}
actions:
  ouvrir:  {{label: Ouvrir, from: start, to: ici, by: agent, form: signe_le}}
  partir:  {{label: Partir, from: ici, to: ailleurs, by: agent}}
  revenir: {{label: Revenir, from: ailleurs, to: ici, by: agent}}
  clore:   {{label: Clore, from: ici, to: clos, by: agent}}
deadlines:
{deadlines}
"""


def ring() -> str:
    """Eight states in a ring: at each a guard, a deadline with its rung, and a notice."""
    numbers = range(STATES)
    return _RING.format(
        states="\n".join(f"    e{i}: {{label: Étape {i}, turn: agent}}" for i in numbers),
        actions="\n".join(
            f"  avancer_{i}: {{label: Avancer, from: e{i}, to: e{(i + 1) % STATES}, by: agent, form: score,"
            " requires: [{fact: score, at_least: 10, else: Le score est trop bas.}], notify: rappel_echeance}"
            for i in numbers
        ),
        deadlines="\n".join(
            f"  delai_{i}: {{label: Quitter l'étape {i}, while: e{i}, due: {{after: P{FIRST_DELAY + 7 * i}D}},"
            " ladder: {at: P0D, notify: rappel_echeance}, basis: mesure}"
            for i in numbers
        ),
    )


def reminders() -> str:
    """One deadline whose ladder reminds once a week."""
    rungs = ", ".join(f"-P{7 * week}D" if week else "P0D" for week in reversed(range(WEEKS)))
    return _REMINDERS.format(days=7 * WEEKS, rungs=rungs)


def ten() -> str:
    """Ten deadlines that hang on one date and stay open from state to state, each with two reminders."""
    return _TEN.format(
        deadlines="\n".join(
            f"  delai_{i}: {{label: Délai {i}, while: [ici, ailleurs], met_by: clore,"
            f" due: {{anchor: signe_le, after: P{3 + i}M}},"
            " ladder: {at: [-P14D, P0D], notify: rappel_echeance}, basis: mesure}"
            for i in range(TEN)
        )
    )
