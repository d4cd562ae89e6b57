"""LHSS: what leaves the house about someone who is cared for, whatever the story (DOMAIN §1.6, §1.7, §2.3, A23)."""

from jalon import load
from jalon.notifications.renderer import Renderer

LHSS = load("lhss")
HOUSEHOLD = {name for name, role in LHSS.roles.items() if role.kind == "household"}
STAFF = {name for name, role in LHSS.roles.items() if role.kind == "staff"}
WORDS = {"who", "escalation", "referent"}  # staff, by the rules of this programme


def test_the_person_is_told_on_paper_and_never_by_mail() -> None:
    """A23: reminders go to the staff; what the person is told, she holds in her hand."""
    told = {name: HOUSEHOLD & {*notice.to} for name, notice in LHSS.notices.items()}
    assert {name for name, roles in told.items() if roles} == {
        "decision_admission", "decision_renouvellement", "decision_sortie",
    }  # fmt: skip
    assert all(roles <= {*LHSS.notices[name].paper} for name, roles in told.items())
    reminded = [step for rule in LHSS.deadlines.values() for step in rule.ladder if step.kind == "notice"]
    assert reminded
    assert not any(HOUSEHOLD & {*step.to} for step in reminded)
    assert not any(HOUSEHOLD & {*rule.who} for rule in LHSS.deadlines.values())


def test_what_touches_health_is_written_in_no_message_to_a_third_party() -> None:
    sensitive = {name for name, fact in LHSS.facts.items() if fact.sensitive == "health"}
    assert sensitive == {"isolement", "sens_avis", "motifs", "hopital"}
    for name, notice in LHSS.notices.items():
        third = {*notice.to} - HOUSEHOLD - STAFF - WORDS
        read = Renderer().mentions(name)
        shown = {path.removeprefix("faits.") for path in read if path.startswith("faits.")}
        assert not third or not read & {"dossier.programme", "dossier.etat"}, name  # they would say it too
        for role in third:
            assert not (shown & sensitive) - {*notice.withhold.get(role, ())}, name


def test_no_fact_holds_a_diagnosis() -> None:
    """DOMAIN §1.7: that an opinion exists, its direction and its day; a text about health would become one."""
    texts = {name for name, fact in LHSS.facts.items() if fact.sensitive == "health" and fact.type == "text"}
    assert texts == {"motifs", "hopital"}  # why a request is refused; where someone is
    assert LHSS.actions["rendre_avis"].form == ("objet_avis", "sens_avis")
