"""The other ways of a stay (DOMAIN §2.1): renewals, exceptions, overstay, visits, what is only recorded."""

from collections.abc import Callable
from datetime import date

from support.house import a_case, end_of_stay
from support.tales import Recorded, dates_of, open_dates, refusal, sent

from jalon import Engine

Open = Callable[..., Engine]
DIRECTION = "direction"
SIGNED = {"signature_resident": "2027-03-04", "signature_gestion": "2027-03-04"}
RENEWAL = {"motifs": "Le relogement avance.", "avenant_signe": True}


# -- renewals


def test_a_stay_is_renewed_only_once_a_reminder_of_its_end_has_left(engine: Engine) -> None:
    story = a_case(engine, "en_sejour", passes=True)
    soon = ["Aucun rappel de l'échéance n'est encore parti : il est trop tôt pour renouveler."]
    assert refusal(story, "2027-07-22", "renouveler", RENEWAL, by="colette") == soon
    # E − 4 months is Saturday 24 July 2027: the reminder leaves on Friday, the review opens on the day.
    assert story.do("2027-07-23", "renouveler", RENEWAL, by="colette").state == "en_sejour"
    assert open_dates(engine, story.case.id)["echeance_sejour"] == "2028-11-24"


def test_a_stay_overrun_may_still_be_renewed_from_its_first_anchor(engine: Engine) -> None:
    story = a_case(engine, "depassement")
    assert story.today == date(2027, 11, 25)
    assert story.do("2027-12-20", "renouveler", RENEWAL, by="diane").state == "en_sejour"
    assert open_dates(engine, story.case.id)["echeance_sejour"] == "2028-11-24"


def test_the_direction_alone_may_prolong_beyond_the_last_renewal_until_a_written_date(engine: Engine) -> None:
    story = a_case(engine, "renouvellement_a_instruire")
    case = story.case.id
    story.do("2027-08-02", "renouveler", RENEWAL, by="colette")
    story.to("2028-08-01")
    engine.run_due()
    enough = ["Le séjour a déjà été renouvelé une fois."]
    assert refusal(story, "2028-08-01", "renouveler", RENEWAL, by="diane") == enough
    granted = {"motif_derogation": "Relogement promis pour l'été.", "echeance_decidee": "2029-06-30"}
    [not_hers] = refusal(story, "2028-08-01", "deroger_sejour_prolonge", granted, by="claire")
    assert "Direction" in not_hers
    story.do("2028-08-01", "deroger_sejour_prolonge", granted, by="diane")
    assert story.do("2028-08-02", "renouveler", RENEWAL, by="colette").facts["nb_renouvellements"] == 2
    assert dates_of(engine, case)["echeance_sejour"] == [
        ("2027-11-24", "met"), ("2028-11-24", "met"), ("2029-06-30", "open"),
    ]  # fmt: skip
    assert open_dates(engine, case)["preavis_conditions"] == "2029-03-30"
    story.to("2029-03-01")
    engine.run_due()
    assert engine.cases.get(case).state == "renouvellement_a_instruire"  # reviewed four months before, again
    assert (
        refusal(story, "2029-03-01", "renouveler", RENEWAL, by="diane") == enough
    )  # granted once, used once


# -- beyond the échéance


def test_an_overstay_alerts_the_direction_every_week(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "depassement")
    case = story.case.id
    assert open_dates(engine, case)["decision_depassement"] == "2027-12-27"  # 25 December is a Saturday
    story.passes = True
    story.to("2028-01-19")
    ladder = engine.deadlines.explain(case, "decision_depassement").ladder
    left = [
        (str(rung.day), notice["template"], notice["role"], notice["status"])
        for rung in ladder
        for notice in rung.notices
    ]
    assert left == [
        ("2027-12-20", "rappel_echeance", DIRECTION, "sent"),
        ("2027-12-27", "rappel_echeance", DIRECTION, "sent"),
        ("2027-12-28", "echeance_depassee", DIRECTION, "sent"),
        ("2028-01-04", "echeance_depassee", DIRECTION, "sent"),
        ("2028-01-11", "echeance_depassee", DIRECTION, "sent"),
        ("2028-01-18", "echeance_depassee", DIRECTION, "sent"),
    ]
    assert [(str(rung.day), rung.status) for rung in ladder][-1] == ("2028-01-25", "pending")
    story.do("2028-01-20", "notifier_fin", end_of_stay("conditions", "2028-01-20"), by="gaston")
    assert engine.deadlines.explain(case, "decision_depassement").ladder[-1].status == "cancelled"


def test_too_long_without_a_visit_alerts_the_direction_the_day_after(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "en_sejour", passes=True)
    story.to("2027-01-12")
    case = story.case.id
    assert dates_of(engine, case)["visite_tardive"] == [("2027-01-08", "open")]
    assert ("2027-01-11", "echeance_depassee", DIRECTION) in sent(engine, case)  # the 9th is a Saturday
    assert dates_of(engine, case)["visite"] == [("2026-12-24", "missed"), ("2027-01-25", "open")]
    story.do("2027-01-12", "consigner_visite", {"compte_rendu_visite": "Tout va bien."})
    assert open_dates(engine, case)["visite_tardive"] == "2027-02-26"


# -- what is only recorded


def test_what_happens_during_a_stay_is_recorded_and_moves_nothing(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    sheet = {"compte_rendu_bilan": "Bilan.", "axe_droits": "CAF", "axe_budget": "Épargne", "axe_travail": "Formation",
             "axe_vie_collective": "Atelier", "referent_rsa": True, "contrat_rsa_le": "2026-11-24"}  # fmt: skip
    for action, facts, by in (
        ("consigner_incident", {"incident": "Dégât des eaux."}, "victor"),
        ("declarer_impaye", {"montant_du": "120", "termes_impayes": 1}, "gaston"),
        ("engager_relogement", {"numero_unique": "063112233", "accord_collectif": True}, "claire"),
        ("consigner_bilan", sheet, "claire"),
    ):
        case = story.do("2026-11-24", action, facts, by=by)
        assert case.state == "en_sejour"
        assert set(facts) <= set(case.facts)
