"""The table agrees with the machine, and both with the document."""

from itertools import product

import pytest
from support.documents import SMALL

from jalon import load, loads
from jalon.domain.workflow import PREVIOUS, START
from jalon.workflows.rulebook import Rulebook

WORKFLOWS = {"small": loads(SMALL), "rs_temporaire": load("rs_temporaire")}


def expected(workflow, state, name, previous):
    """What the document says, read without the rulebook."""
    action = workflow.actions[name]
    if state not in action.sources or action.target is None:
        return None
    if action.target != PREVIOUS:
        return action.target
    enters = [other for other in workflow.actions.values() if other.target == state]
    came_from = {source for other in enters for source in other.sources} - {*action.sources, START}
    return previous if previous in came_from else None


@pytest.mark.parametrize("key", WORKFLOWS)
def test_the_table_and_the_machine_agree_everywhere(key):
    workflow = WORKFLOWS[key]
    rulebook = Rulebook(workflow)
    places = [START, *workflow.states]
    for state, action, previous, refused in product(places, workflow.actions, [None, *places], (False, True)):
        fired = rulebook.try_move(state, action, previous, refused=refused)
        looked = rulebook.look(state, action, previous, refused=refused)
        told = None if refused else expected(workflow, state, action, previous)
        assert fired == looked == told, (state, action, previous, refused)


def test_an_unknown_act_or_state_leads_nowhere():
    rulebook = Rulebook(WORKFLOWS["small"])
    assert not rulebook.knows("recu", "voler")
    assert rulebook.try_move("ailleurs", "entrer", None, refused=False) is None
    assert rulebook.look("ailleurs", "entrer", None) is None


def test_a_notice_given_back_returns_to_where_one_came_from():
    rulebook = Rulebook(WORKFLOWS["rs_temporaire"])
    assert rulebook.look("preavis_resident", "retirer_conge", "en_sejour") == "en_sejour"
    assert rulebook.look("preavis_resident", "retirer_conge", "depassement") == "depassement"
    assert rulebook.look("preavis_resident", "retirer_conge", "admis") is None
