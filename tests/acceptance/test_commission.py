"""What the commission decides and what follows (DOMAIN §2.1): adjourned, waiting, admitted, signed, closed."""

from collections.abc import Callable
from datetime import date

from support.house import (
    FAVOURABLE,
    MOVING_IN,
    MOVING_OUT,
    SIGNED,
    Story,
    a_case,
    contract,
)
from support.tales import Recorded, dates_of, open_dates, refusal, sent

from jalon import Engine

Open = Callable[..., Engine]
CLAIRE, GASTON, DIRECTION = "coordinatrice_actions_sociales", "gestionnaire_residences", "direction"
NOT_FIRST = "Une autre personne attend depuis plus longtemps."


def waiting(engine: Engine, asked_on: str, priority: int) -> Story:
    story = a_case(engine, "en_commission", facts={"date_demande_siao": asked_on})
    story.do(story.today, "mettre_en_attente", {**FAVOURABLE, "priorite": priority}, by="colette")
    return story


# -- the waiting list


def test_a_place_is_offered_by_date_of_request_then_by_priority(engine: Engine) -> None:
    urgent, ordinary = waiting(engine, "2026-10-05", 1), waiting(engine, "2026-10-05", 2)
    oldest = waiting(engine, "2026-09-20", 3)
    for story in (urgent, ordinary):
        assert refusal(story, "2026-11-24", "proposer_place", {"logement": "B-1"}, by="gaston") == [NOT_FIRST]
    assert oldest.do("2026-11-24", "proposer_place", {"logement": "B-1"}, by="gaston").state == "admis"
    assert refusal(ordinary, "2026-11-25", "proposer_place", {"logement": "B-2"}, by="gaston") == [NOT_FIRST]
    assert urgent.do("2026-11-25", "proposer_place", {"logement": "B-2"}, by="gaston").state == "admis"
    assert ordinary.do("2026-11-26", "proposer_place", {"logement": "B-3"}, by="gaston").state == "admis"


def test_the_direction_may_let_someone_pass_before_their_rank_once_and_in_writing(engine: Engine) -> None:
    first, second = waiting(engine, "2026-09-20", 1), waiting(engine, "2026-10-05", 1)
    assert refusal(second, "2026-11-24", "deroger_passe_avant", {}, by="diane") == [
        "Il manque « Motif de la dérogation »."
    ]
    second.do("2026-11-24", "deroger_passe_avant", {"motif_derogation": "Sortie de maternité."}, by="diane")
    assert second.do("2026-11-24", "proposer_place", {"logement": "B-1"}, by="gaston").state == "admis"
    assert engine.cases.history(second.case.id)[-1].body["waived"] == ["passe_avant"]
    assert first.do("2026-11-24", "proposer_place", {"logement": "B-2"}, by="gaston").state == "admis"


def test_the_wait_is_reviewed_every_three_months(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "liste_attente")
    assert open_dates(engine, story.case.id)["attente"] == "2027-02-24"
    story.passes = True
    story.do("2027-02-24", "reexaminer_attente", {"priorite": 2}, by="gaston")
    assert open_dates(engine, story.case.id)["attente"] == "2027-05-24"  # anchored on the entry
    story.to("2027-05-26")
    left = [line for line in sent(engine, story.case.id) if line[0] > "2027-01"]
    assert left == [
        ("2027-02-17", "rappel_echeance", GASTON),
        ("2027-02-24", "rappel_echeance", GASTON),
        ("2027-05-14", "rappel_echeance", GASTON),  # 17 May 2027 is Whit Monday
        ("2027-05-24", "rappel_echeance", GASTON),
        ("2027-05-25", "echeance_depassee", DIRECTION),
    ]


# -- adjourned


def test_an_adjourned_file_comes_back_and_the_commission_clock_starts_again(engine: Engine) -> None:
    story = a_case(engine, "en_commission")
    case = story.case.id
    assert open_dates(engine, case)["commission"] == "2026-12-09"
    story.do("2026-11-26", "ajourner", {"complement_demande": "Un garant", "membres": "diane"}, by="colette")
    assert open_dates(engine, case)["complement"] == "2026-12-28"  # 26 December is a Saturday
    assert story.do("2026-12-10", "completer").state == "preadmission_realisee"
    assert open_dates(engine, case)["commission"] == "2026-12-28"  # 10 + 15 is Christmas, then Saturday
    story.do("2026-12-11", "constater_manque", {"documents_manquants": "attestation_caf"})
    story.do("2026-12-14", "completer")
    assert (
        open_dates(engine, case)["commission"] == "2026-12-28"
    )  # only the return from the adjournment counts
    assert dates_of(engine, case)["complement"] == [("2026-12-28", "met")]


def test_the_date_written_for_the_complement_wins_over_the_month(engine: Engine) -> None:
    story = a_case(engine, "en_commission")
    asked = {"complement_demande": "Un garant", "membres": "diane", "complement_avant": "2026-12-11"}
    story.do("2026-11-24", "ajourner", asked, by="colette")
    assert open_dates(engine, story.case.id)["complement"] == "2026-12-11"


def test_a_complement_that_does_not_come_is_recalled_then_told_to_the_direction(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "ajourne", passes=True)
    story.to("2026-12-30")
    assert sent(engine, story.case.id)[-3:] == [
        ("2026-12-17", "rappel_echeance", CLAIRE),
        ("2026-12-24", "rappel_echeance", CLAIRE),
        ("2026-12-28", "echeance_depassee", DIRECTION),  # 25 December, then a week-end
    ]
    told_of = [line for line in sent(engine, story.case.id) if line[1] == "decision_ajournee"]
    assert told_of == [("2026-11-25", "decision_ajournee", "candidat travailleur_social_referent")]


# -- decided, then signed and entered


def test_a_decision_keeps_its_day_who_sat_and_why(engine: Engine) -> None:
    story = a_case(engine, "en_commission")
    case = story.do("2026-12-07", "decider_favorable", {**FAVOURABLE, "logement": "B-12"}, by="colette")
    assert case.facts["date_commission"] == date(2026, 12, 7)
    assert case.facts["membres"] == ["diane", "colette"]
    assert case.facts["motifs"] == "Le projet convient."
    decided = engine.cases.history(case.id)[-1]
    assert (decided.action, decided.actor, decided.target) == ("decider_favorable", "colette", "admis")


def test_a_contract_keeps_its_effect_its_price_and_its_two_signatures(engine: Engine) -> None:
    facts = a_case(engine, "contrat_signe").engine.cases.find()[0].facts
    assert (facts["date_effet"], facts["logement"]) == (date(2026, 11, 24), "B-12")
    assert (str(facts["redevance"]), str(facts["depot_garantie"])) == ("412.50", "400.00")
    assert facts["signature_resident"] == facts["signature_gestion"] == date(2026, 11, 24)


def test_the_stay_counts_from_the_effect_date_of_the_contract_not_from_the_entry(engine: Engine) -> None:
    story = a_case(engine, "admis")
    story.documents(*SIGNED)
    story.do("2026-11-24", "signer", {**contract("2026-11-24"), "date_effet": "2026-12-31"}, by="gaston")
    story.do("2027-01-04", "entrer", MOVING_IN, by="victor")
    dates = open_dates(engine, story.case.id)
    assert (dates["echeance_sejour"], dates["visite"]) == ("2027-12-31", "2027-02-04")


def test_the_decision_its_notification_and_the_siao_are_recalled_to_the_coordinatrice(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "en_commission", passes=True)
    story.do("2026-12-07", "decider_favorable", {**FAVOURABLE, "logement": "B-12"}, by="colette")
    assert open_dates(engine, story.case.id) == {"notification": "2026-12-14", "suites_siao": "2026-12-14"}
    story.to("2026-12-11")
    assert sent(engine, story.case.id) == [
        ("2026-12-04", "rappel_echeance", "commission_interne"),  # J+10
        ("2026-12-08", "decision_favorable", "candidat siao travailleur_social_referent"),
        ("2026-12-10", "rappel_echeance", f"{CLAIRE} {CLAIRE}"),  # J+3 working days: two dates, two messages
    ]


def test_the_answer_of_the_candidate_counts_from_the_day_the_decision_was_received(
    opened: Open, sqlite_url: str
) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "admis", passes=True)
    assert "acceptation" not in open_dates(engine, story.case.id)
    story.do("2026-11-26", "notifier_decision", {"mode_remise": "lecture", "decision_recue_le": "2026-11-25"})
    assert open_dates(engine, story.case.id)["acceptation"] == "2026-12-03"
    story.to("2026-12-01")
    recalled = {(day, role) for day, template, roles in sent(engine, story.case.id) for role in roles.split()
                if template == "rappel_echeance"}  # fmt: skip
    assert ("2026-11-27", "candidat") in recalled  # J+4 is a Sunday
    story.do("2026-12-01", "accepter")
    assert dates_of(engine, story.case.id)["acceptation"] == [("2026-12-03", "met")]


def test_a_signed_contract_waits_for_the_entry_with_its_reminders(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "contrat_signe", passes=True)
    assert open_dates(engine, story.case.id)["entree"] == "2026-12-09"
    story.to("2026-12-11")
    victor = "charge_vie_residentielle"
    entry = [line for line in sent(engine, story.case.id) if line[2] in (victor, DIRECTION)]
    assert entry == [
        ("2026-12-02", "rappel_echeance", victor),
        ("2026-12-09", "rappel_echeance", victor),
        ("2026-12-10", "echeance_depassee", DIRECTION),
    ]


# -- after the end


def test_a_closed_case_is_still_notified_and_told_to_the_siao(engine: Engine) -> None:
    for state in ("refuse", "sans_suite", "sorti", "decede"):
        story = a_case(engine, state, unit=f"U-{state}")
        assert "suites_siao" in open_dates(engine, story.case.id)
        story.do("2026-11-24", "informer_siao")
        assert "suites_siao" not in open_dates(engine, story.case.id)
        if state != "sans_suite":
            received = {"mode_remise": "courrier", "decision_recue_le": "2026-11-24"}
            story.do("2026-11-24", "notifier_decision", received)
            assert "notification" not in open_dates(engine, story.case.id)
        assert engine.cases.get(story.case.id).state == state


def test_one_unit_is_never_held_by_two_open_cases(engine: Engine) -> None:
    holder, other = a_case(engine, "en_sejour", unit="B-12"), a_case(engine, "en_commission")
    taken = ["La place « B-12 » est déjà prise par un autre dossier."]
    wanted = {**FAVOURABLE, "logement": "B-12"}
    assert refusal(other, "2026-11-25", "decider_favorable", wanted, by="colette") == taken
    holder.do("2026-11-25", "sortir", {**MOVING_OUT, "motif_sortie": "depart_volontaire"}, by="victor")
    assert other.do("2026-11-25", "decider_favorable", wanted, by="colette").state == "admis"


def test_the_siao_is_told_at_once_of_all_that_happened_since_the_last_time(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    owed = ("suites_siao", "2026-12-01")
    assert [(item.name, str(item.due_on)) for item in engine.cases.dates(story.case.id) if item.name == owed[0]] == [
        owed, owed,
    ]  # fmt: skip
    story.do("2026-11-25", "informer_siao")
    assert dates_of(engine, story.case.id)["suites_siao"] == [("2026-12-01", "met"), ("2026-12-01", "met")]
