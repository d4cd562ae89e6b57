"""A workflow kept and read back is the same one."""

from xml.etree import ElementTree as ET

import pytest
from support.documents import SMALL
from support.timely import HORLOGES

from jalon import load, loads
from jalon.workflows.compile import digest
from jalon.workflows.compiled import dump, restore
from jalon.workflows.diagram import mermaid, svg

KEPT = [loads(SMALL), load("rs_temporaire"), load(HORLOGES)]


@pytest.mark.parametrize("workflow", KEPT, ids=lambda one: one.workflow)
def test_what_is_kept_comes_back_equal(workflow):
    kept = dump(workflow)
    back = restore(kept)
    assert back == workflow
    assert dump(back) == kept
    assert back.deadline_order == workflow.deadline_order
    assert digest(back) == workflow.digest == back.digest


def test_the_digest_follows_the_content_and_not_its_layout():
    workflow = loads(SMALL)
    assert loads(SMALL.replace("\n\n", "\n# remarque\n\n")).digest == workflow.digest
    assert loads(SMALL.replace("title: Essai", "title: Essais")).digest != workflow.digest


def test_a_starred_value_is_a_setting_named_after_its_element():
    workflow = loads(SMALL)
    assert workflow.parameters["premiere.after"].default == "P8D"
    assert workflow.parameters["sortir.at_least"].default == 1
    assert workflow.parameters["relire.due"].default == "P5B"
    assert workflow.parameters["identite.valid"].default == "P1Y"


def test_a_starred_rung_of_a_shared_ladder_is_one_setting_for_all():
    text = SMALL.replace("at: [-P7D, P0D, P1D]", "at: [-P7D*, P0D, P1D]")
    workflow = loads(text.replace("    ladder:\n      - {at: -P2D}\n", "    ladder:\n      - attente\n"))
    assert [name for name in workflow.parameters if name.startswith("attente")] == ["attente.at"]
    assert workflow.deadlines["premiere"].ladder[0].id == "attente.at:notice"
    assert workflow.deadlines["premiere"].ladder[0].shift == "precedent"


def test_deadlines_are_ordered_after_those_they_hang_on():
    workflow = load("rs_temporaire")
    order = workflow.deadline_order
    assert sorted(order) == sorted(workflow.deadlines)
    assert order.index("preavis_conditions") > order.index("echeance_sejour")
    assert order.index("sortie") > max(order.index("fin_conge"), order.index("fin_preavis"))


def test_a_cycle_of_deadlines_is_cut_rather_than_followed_for_ever():
    workflow = loads(SMALL)
    rule = workflow.deadlines["premiere"]
    anchor = rule.due.anchors[0]

    def on(name):
        due = rule.due.model_copy(
            update={"anchors": (anchor.model_copy(update={"kind": "deadline", "names": (name,)}),)}
        )
        return rule.model_copy(update={"due": due})

    chain = {f"d{number}": on(f"d{(number + 1) % 5000}") for number in range(5000)}
    looped = workflow.model_copy(update={"deadlines": chain})
    assert sorted(looped.deadline_order) == sorted(chain)


def test_a_picture_is_well_formed_and_shows_every_state():
    text = SMALL.replace("Reçu,", 'Reçu & <vu> "là",').replace("title: Essai", "title: A & B")
    text = text.replace('{label: Reçu & <vu> "là",', "{label: 'Reçu & <vu>',")
    workflow = loads(text)
    root = ET.fromstring(svg(workflow))
    written = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for word in ("Reçu", "<vu>", "Logé", "Sorti", "Classé", "Entrer"):
        assert word in written
    doubled = [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("rx") == "6"]
    assert len(doubled) == 2


def test_a_mermaid_diagram_holds_every_move():
    drawn = mermaid(loads(SMALL))
    assert drawn.startswith("stateDiagram-v2\n")
    assert "    [*] --> recu : Recevoir\n" in drawn
    assert "    recu --> loge : Entrer\n" in drawn
    assert "    sorti --> [*]\n" in drawn
    assert 'state "Séjour" as etape_sejour {' in drawn


def test_one_role_that_follows_is_kept_as_it_always_was_and_several_as_a_list():
    one = loads(SMALL)
    assert one.referent == ("agent",)
    assert '"referent":"agent"' in dump(one)
    several = loads(SMALL.replace("referent: agent", "referent: [agent, chef]"))
    assert several.referent == ("agent", "chef")
    assert '"referent":["agent","chef"]' in dump(several)
    assert restore(dump(several)) == several
    assert several.digest != one.digest


def test_a_group_of_roles_may_follow():
    text = SMALL.replace("referent: agent", "referent: staff")
    assert loads(text).referent == tuple(
        name for name, role in loads(text).roles.items() if role.kind == "staff"
    )
