"""What leaves and what does not (DOMAIN §1.6): on paper, without names, without reasons for the SIAO, at open hours."""

from collections.abc import Callable

import pytest
from support.house import FAVOURABLE, HOUSEHOLD, Story, a_case, programme, rendez_vous
from support.tales import Recorded

from jalon import Engine

Open = Callable[..., Engine]
REASONS = "Une prise en charge de santé est à organiser avant."
HEALTH = "Suivi au centre hospitalier."


@pytest.fixture
def post() -> Recorded:
    return Recorded()


@pytest.fixture
def house(opened: Open, sqlite_url: str, post: Recorded) -> Engine:
    return opened(sqlite_url, transport=post)


def bodies(engine: Engine, case: int, template: str) -> dict[str, str]:
    """The text of each message of a kind, by the role that reads it."""
    return {
        notice.role: engine.notices.read(notice.id).text.replace("\u00a0", " ")
        for notice in engine.notices.outbox(case=case)
        if notice.template == template
    }


def test_a_household_without_an_address_is_told_on_paper(house: Engine, post: Recorded) -> None:
    story = Story(house)
    case = story.open("2026-11-24", {"menage": {"name": "Amina K."}}).id
    story.do("2026-11-24", "planifier_entretien", rendez_vous("2026-12-03"))
    story.to("2026-11-26")
    invited = [
        notice for notice in house.notices.outbox(case=case) if notice.template == "convocation_preadmission"
    ]
    by_role = {notice.role: notice for notice in invited}
    letter = by_role["candidat"]
    assert (letter.status, by_role["travailleur_social_referent"].status) == ("paper", "sent")
    assert "Merci de venir avec" in house.notices.read(letter.id).text
    to_do, reminder = (line for line in house.deadlines.pending(case=case) if line.kind == "paper")
    assert (to_do.name, reminder.name) == ("convocation_preadmission", "rappel_entretien")
    assert (to_do.id, to_do.who) == (letter.id, ("coordinatrice_actions_sociales",))
    assert house.notices.handed_over(letter.id, by="claire").status == "sent"
    left = [line.id for line in house.deadlines.pending(case=case) if line.kind == "paper"]
    assert left == [reminder.id]
    assert [message["To"] for message in post.messages] == ["CCAS <prescripteur@ccas.example>"]


def test_someone_who_does_not_agree_to_be_written_to_is_told_on_paper(house: Engine) -> None:
    story = Story(house)
    case = story.open("2026-11-24", {"menage": {**HOUSEHOLD, "consent": False}}).id
    story.do("2026-11-24", "planifier_entretien", rendez_vous("2026-12-03"))
    story.to("2026-11-26")
    assert {notice.status for notice in house.notices.outbox(case=case) if notice.role == "candidat"} == {
        "paper"
    }


def test_a_reasoned_refusal_gives_its_reasons_to_the_person_and_none_to_the_partners(house: Engine) -> None:
    story = a_case(house, "en_commission", passes=True)
    refusing = {"motifs": REASONS, "motif_refus": "autre_orientation", "membres": "diane"}
    story.do("2026-11-24", "decider_defavorable", refusing, by="colette")
    story.do("2026-11-24", "informer_siao")
    story.to("2026-11-26")
    read = bodies(house, story.case.id, "decision_defavorable")
    assert set(read) == {"candidat", "travailleur_social_referent", "siao"}
    assert f"Motifs : {REASONS}" in read["candidat"]
    assert "mardi 24 novembre 2026" in read["candidat"]
    assert "n’a pas retenu votre demande" in read["candidat"]
    told = bodies(house, story.case.id, "retour_siao")
    for text in (
        read["siao"],
        read["travailleur_social_referent"],
        *told.values(),
    ):
        assert "santé" not in text
        assert "Motifs" not in text
    assert "situation : Refusé" in told["siao"]


def test_a_favourable_decision_gives_its_reasons_and_conditions(house: Engine) -> None:
    story = a_case(house, "en_commission", passes=True)
    given = {
        **FAVOURABLE,
        "motifs": "Le projet convient.",
        "conditions": "Suivi mensuel.",
        "logement": "B-12",
    }
    story.do("2026-11-24", "decider_favorable", given, by="colette")
    story.to("2026-11-26")
    read = bodies(house, story.case.id, "decision_favorable")
    assert "Motifs : Le projet convient." in read["candidat"]
    assert "Conditions : Suivi mensuel." in read["candidat"]
    assert "une place est proposée" in read["candidat"]
    for partner in ("siao", "travailleur_social_referent"):
        assert "a donné une suite favorable" in read[partner]
        assert "Le projet convient." not in read[partner]
        assert "Suivi mensuel." not in read[partner]


def test_a_favourable_decision_without_a_place_says_that_one_waits(house: Engine) -> None:
    story = a_case(house, "liste_attente", passes=True)
    story.to("2026-11-26")
    assert "inscrite en liste d’attente" in bodies(house, story.case.id, "decision_favorable")["candidat"]


def test_no_message_to_a_partner_holds_what_touches_health(house: Engine, post: Recorded) -> None:
    story = a_case(house, "en_sejour", passes=True)
    story.do("2026-11-24", "consigner_bilan", {"compte_rendu_bilan": "Bilan.", "axe_sante": HEALTH})
    story.do("2026-11-24", "informer_siao")
    story.to("2028-02-01")
    assert post.to("siao63@ophis.example")
    assert not [message for message in post.messages if HEALTH in message.get_body(("plain",)).get_content()]


def test_no_subject_bears_a_name(house: Engine, post: Recorded) -> None:
    """A file left alone in each of these states, for a year."""
    for state in [
        "orientation_recue",
        "dossier_incomplet",
        "ajourne",
        "contrat_signe",
        "refuse",
        "en_sejour",
        "preavis_resident",
    ]:
        a_case(house, state, unit=f"U-{state}", facts={"menage": {**HOUSEHOLD, "persons": ["Amina K."]}})
    Story(house, passes=False).to("2027-11-29", 9)
    house.tick()
    assert {notice.status for notice in house.notices.outbox()} <= {"sent", "dropped"}
    subjects = [str(message["Subject"]) for message in post.messages]
    assert len(subjects) > 50
    assert not [subject for subject in subjects if "Amina" in subject or "K." in subject]
    assert not [subject for subject in subjects if "impay" in subject.lower() or "santé" in subject.lower()]
    assert not [subject for subject in subjects if "\n" in subject or len(subject) > 78]


def test_every_template_of_the_workflow_leaves_in_some_story(house: Engine) -> None:
    """A notice that no path sends would be dead text."""
    story = a_case(house, "preadmission_planifiee", passes=True)
    house.deliver()  # an appointment of the day is announced that day, or not at all
    story.do("2026-11-24", "absence", rendez_vous("2026-12-10"))
    story.to("2026-12-10")
    a_case(house, "dossier_incomplet", passes=True)
    a_case(house, "refuse").do("2026-12-10", "informer_siao")
    a_case(house, "ajourne")
    signing = a_case(house, "admis", unit="B-1")
    signing.do("2026-12-10", "fixer_signature", {"date_signature": "2026-12-14"}, by="gaston")
    a_case(house, "contrat_signe", unit="B-4")
    house.deliver()
    staying = a_case(house, "en_sejour", unit="B-2", passes=True)
    elsewhere = {"menage": {"name": "B. L.", "email": "bl@menage.example"}}
    leaving = a_case(house, "preavis_resident", unit="B-3", passes=True, facts=elsewhere)
    leaving.to("2026-12-21")
    staying.to("2027-12-15")
    assert {notice.template for notice in house.notices.outbox(status=("sent",))} == set(programme().notices)


def test_an_act_of_a_friday_evening_is_told_on_monday_morning(house: Engine, post: Recorded) -> None:
    story = Story(house)
    case = story.open("2026-11-27").id
    story.to("2026-11-27", 21)
    story.engine.cases.perform(case, "planifier_entretien", rendez_vous("2026-12-10"), by="claire")
    story.engine.tick()
    assert post.messages == []
    story.to("2026-11-29", 15)
    assert post.messages == []
    story.to("2026-11-30", 9)
    assert len(post.messages) == 2


def test_a_reminder_of_what_is_done_before_it_leaves_is_dropped_and_says_why(house: Engine) -> None:
    story = a_case(house, "orientation_recue")
    story.to("2026-12-02", 9)
    house.run_due()  # the reminders of J+5 and J+8 are written, nothing has delivered them
    story.do("2026-12-02", "contacter", {"resultat_contact": "joint"})
    house.deliver()
    left = [
        (notice.template, notice.status, notice.error) for notice in house.notices.outbox(case=story.case.id)
    ]
    assert left == [("rappel_echeance", "dropped", "deadline_met")] * 2


def test_the_referent_of_the_case_is_told_rather_than_every_colleague(house: Engine) -> None:
    house.people.add("carole", "Carole", address="carole@ophis.example")
    house.people.grant("carole", "coordinatrice_actions_sociales", "ophis")
    ours, theirs = Story(house), Story(house)
    ours.open("2026-11-24", referent="carole")
    theirs.open("2026-11-24")
    theirs.to("2026-12-03")
    told = [
        {notice.recipient for notice in house.notices.outbox(case=story.case.id)} for story in (ours, theirs)
    ]
    assert told == [{"actor:carole"}, {"actor:carole", "actor:claire"}]
