"""The other ways to the commission (DOMAIN §2.1): missing documents, lapsed, withdrawn, put off."""

from collections.abc import Callable
from datetime import date

import pytest
from support.house import (
    ASKED,
    BEFORE_ENTRY,
    INTERVIEW,
    Story,
    a_case,
    rendez_vous,
)
from support.tales import Recorded, dates_of, open_dates, refusal, sent, told

from jalon import Engine

Open = Callable[..., Engine]
CLAIRE, GASTON, DIRECTION = "coordinatrice_actions_sociales", "gestionnaire_residences", "direction"


# -- the orientation


def test_an_orientation_says_who_is_oriented_by_whom_and_since_when(engine: Engine) -> None:
    """The orientation was received on Monday and entered on Tuesday: dates count from Monday."""
    story = Story(engine)
    case = story.open("2026-11-24", by="siao63", on=date(2026, 11, 23))
    assert (case.opened_on, case.facts["date_demande_siao"]) == (date(2026, 11, 23), date(2026, 10, 1))
    assert case.facts["menage"]["persons"] == [{"name": "Amina K.", "born": "1988-04-02"}]
    assert (case.facts["ref_siao"], case.facts["prescripteur"]["name"]) == ("S-1", "CCAS")
    assert open_dates(engine, case.id) == {
        "contact": "2026-12-01", "entretien": "2026-12-23", "caducite": "2027-02-23",
    }  # fmt: skip


# -- missing documents


def test_missing_documents_are_recalled_twice_then_told_to_the_direction(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "dossier_incomplet", passes=True)
    story.to("2026-12-11")
    left = [
        line
        for line in sent(engine, story.case.id)
        if line[1] in ("documents_manquants", "echeance_depassee")
    ]
    both = "candidat travailleur_social_referent"
    assert left == [
        ("2026-11-25", "documents_manquants", both),
        ("2026-12-01", "documents_manquants", both),
        ("2026-12-07", "documents_manquants", both),
        ("2026-12-10", "echeance_depassee", DIRECTION),
    ]


def test_a_document_that_does_not_apply_says_why_and_is_not_missing(engine: Engine) -> None:
    story = a_case(engine, "preadmission_realisee")
    story.documents(*(kind for kind in ASKED if kind != "attestation_france_travail"))
    missing = ["Pièce manquante : Attestation France Travail."]
    assert refusal(story, "2026-11-24", "inscrire_commission") == missing
    engine.cases.document(
        story.case.id, "attestation_france_travail", by="claire", not_applicable="En emploi depuis 2024."
    )
    assert story.do("2026-11-24", "inscrire_commission").state == "en_commission"


def test_optional_documents_are_kept_and_never_missing(engine: Engine) -> None:
    story = a_case(engine, "preadmission_realisee")
    story.documents(
        "titre_sejour", "rib", "justificatifs_ressources", "attestation_demande_logement", "assurance"
    )
    assert len(engine.cases.documents(story.case.id)) == 5
    story.documents(*ASKED)
    assert story.do("2026-11-24", "inscrire_commission").state == "en_commission"


def test_a_document_whose_validity_has_passed_is_missing(engine: Engine) -> None:
    story = a_case(engine, "preadmission_realisee")
    story.documents(*ASKED)
    engine.cases.document(
        story.case.id, "avis_imposition", by="claire", received_on=story.today.replace(year=2025)
    )
    held = engine.cases.documents(story.case.id)
    assert {str(document.valid_until) for document in held if document.type == "avis_imposition"} == {
        "2027-11-24", "2026-11-24",
    }  # fmt: skip
    assert refusal(story, "2027-11-25", "inscrire_commission") == ["Pièce manquante : Avis d'imposition."]


def test_the_direction_may_send_an_incomplete_file_to_the_commission_in_writing(engine: Engine) -> None:
    story = a_case(engine, "preadmission_realisee")
    assert len(refusal(story, "2026-11-24", "inscrire_commission")) == 1
    story.do("2026-11-24", "deroger_pieces_manquantes", {"motif_derogation": "Papiers volés."}, by="diane")
    assert story.do("2026-11-24", "inscrire_commission").state == "en_commission"


# -- the orientation lapses


def test_a_lapsed_orientation_is_a_task_and_closes_nothing_by_itself(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "orientation_recue", passes=True)
    case = story.case.id
    assert open_dates(engine, case)["caducite"] == "2027-02-24"
    too_soon = ["L'orientation n'est pas encore caduque."]
    assert refusal(story, "2027-02-24", "constater_caducite") == too_soon
    assert ("2027-01-22", "rappel_echeance", CLAIRE) in sent(engine, case)  # 24 January is a Sunday
    story.to("2027-02-26")
    assert engine.cases.get(case).state == "orientation_recue"
    tasks = [
        (task.name, str(task.due_on)) for task in engine.deadlines.pending(case=case) if task.kind == "task"
    ]
    assert tasks == [("examiner_caducite", "2027-03-05")]
    assert story.do("2027-03-01", "constater_caducite").facts["motif_sans_suite"] == "injoignable"
    assert [line for line in engine.deadlines.pending(case=case) if line.kind == "task"] == []


def test_a_contact_made_in_time_ends_the_lapse(engine: Engine) -> None:
    story = a_case(engine, "orientation_recue")
    story.do("2026-11-25", "contacter", {"resultat_contact": "message"})
    assert dates_of(engine, story.case.id)["caducite"] == [("2027-02-24", "open")]
    story.do("2026-11-26", "contacter", {"resultat_contact": "joint"})
    assert dates_of(engine, story.case.id)["caducite"] == [("2027-02-24", "met")]


def test_the_clock_closes_a_lapsed_orientation_only_where_the_house_says_so(engine: Engine) -> None:
    engine.establishments.set_parameter("ophis", "rs_temporaire", "caducite_automatique", True)
    story = a_case(engine, "orientation_recue", passes=True)
    story.to("2027-02-24")
    assert engine.cases.get(story.case.id).state == "orientation_recue"
    story.to("2027-02-25", 9)
    case = engine.cases.get(story.case.id)
    assert (case.state, case.facts["motif_sans_suite"], str(case.closed_on)) == (
        "sans_suite",
        "injoignable",
        "2027-02-25",
    )
    closing = next(event for event in engine.cases.history(case.id) if event.action == "constater_caducite")
    assert closing.actor == "echeance:caducite"
    assert open_dates(engine, case.id) == {"suites_siao": "2027-03-04"}


# -- withdrawals


@pytest.mark.parametrize("state", BEFORE_ENTRY.split())
@pytest.mark.parametrize(
    ("action", "facts", "why"),
    [
        ("desister", {"raison": "Un logement ailleurs."}, "desistement_candidat"),
        (
            "annuler_orientation",
            {"motif_sans_suite": "orientation_annulee_siao", "raison": "Doublon."},
            "orientation_annulee_siao",
        ),
    ],
)
def test_a_candidate_or_the_siao_may_withdraw_until_the_entry(
    engine: Engine, state: str, action: str, facts: dict[str, str], why: str
) -> None:
    story = a_case(engine, state)
    case = story.do("2026-11-24", action, facts, by="siao63" if action == "annuler_orientation" else "claire")
    assert (case.state, case.facts["motif_sans_suite"]) == ("sans_suite", why)
    dates = open_dates(engine, case.id)
    assert dates.pop("suites_siao") == "2026-12-01"
    assert not dates or set(dates) == {"notification"}  # a decision already taken is still to be notified
    assert a_case(engine, "admis").case.id != case.id  # the unit is free again


# -- the appointment


def test_a_postponed_interview_moves_its_reminders_and_recalls_again_what_had_been_recalled(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = Story(engine)
    case = story.open("2026-11-24").id
    story.do("2026-11-24", "planifier_entretien", rendez_vous("2026-12-10"))
    story.do("2026-12-04", "reporter", rendez_vous("2026-12-17"))
    assert told(engine, case)[-1][2] == {"moved": {"rendez_vous": "2026-12-10 → 2026-12-17"}}
    story.do("2026-12-17", "tenir_entretien", INTERVIEW)
    story.to("2026-12-18")
    both = "candidat travailleur_social_referent"
    assert sent(engine, case) == [
        ("2026-11-25", "convocation_preadmission", both),
        ("2026-12-03", "rappel_entretien", "candidat"),
        ("2026-12-07", "convocation_preadmission", both),
        ("2026-12-09", "rappel_echeance", CLAIRE),
        ("2026-12-10", "rappel_entretien", "candidat"),
        ("2026-12-15", "rappel_entretien", "candidat"),
        ("2026-12-16", "rappel_entretien", "candidat"),
    ]


def test_the_contact_and_the_interview_are_recalled_to_whoever_must_make_them(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "orientation_recue", passes=True)
    story.to("2026-12-22")
    assert sent(engine, story.case.id) == [
        ("2026-11-27", "rappel_echeance", CLAIRE),  # J+5 is a Sunday
        ("2026-12-02", "rappel_echeance", CLAIRE),
        ("2026-12-09", "rappel_echeance", CLAIRE),
        ("2026-12-18", "rappel_echeance", CLAIRE),  # J+25 is a Saturday
    ]
    late = [line.name for line in engine.deadlines.pending(case=story.case.id) if line.bucket == "late"]
    assert late == ["contact"]
