"""The other ways to leave (DOMAIN §2.1): notices given and withdrawn, grounds, procedure, exits, deaths."""

from collections.abc import Callable

import pytest
from support.house import MOVING_OUT, STAY, Story, a_case, end_of_stay
from support.tales import Recorded, act, dates_of, lines, open_dates, play, refusal, sent, told

from jalon import Engine

Open = Callable[..., Engine]
DIRECTION = "direction"
SIGNED = {"signature_resident": "2027-03-04", "signature_gestion": "2027-03-04"}
RENEWAL = {"motifs": "Le relogement avance.", "avenant_signe": True}
EMPTYING = (
    ("inventorier", {"inventaire": "inventaire.pdf", "temoins": "gaston, victor"}),
    ("mettre_en_garde", {"lieu_garde": "Cave n° 4"}),
    ("vider_logement", {"cles_rendues": True}),
)


# -- the resident's notice


@pytest.mark.parametrize(
    ("received", "end", "inventory"),
    [
        ("2026-12-01", "2026-12-09", "2026-12-09"),
        ("2026-12-18", "2026-12-26", "2026-12-24"),  # a Saturday is not moved; the inventory comes before it
    ],
)
def test_the_residents_notice_lasts_eight_days_and_is_never_moved(
    engine: Engine, received: str, end: str, inventory: str
) -> None:
    story = a_case(engine, "en_sejour")
    story.do(received, "donner_conge", {"conge_recu_le": received}, by="gaston")
    dates = open_dates(engine, story.case.id)
    assert (dates["fin_conge"], dates["sortie"]) == (end, inventory)
    assert "echeance_sejour" not in dates


def test_a_notice_withdrawn_leaves_the_stay_as_it_was(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    steps = [
        act("2027-03-01", "donner_conge", {"conge_recu_le": "2027-03-01"}, by="gaston",
            void={"echeance_sejour": "2027-11-24", "preavis_conditions": "2027-08-24"},
            armed={"fin_conge": "2027-03-09", "sortie": "2027-03-09"}),
        act("2027-03-04", "retirer_conge", SIGNED, by="gaston",
            void={"fin_conge": "2027-03-09", "sortie": "2027-03-09"},
            resumed={"echeance_sejour": "2027-11-24", "preavis_conditions": "2027-08-24"}),
    ]  # fmt: skip
    play(story, steps)
    assert [line for line in told(engine, story.case.id) if line[1].endswith("_conge")] == lines(steps)
    assert engine.cases.get(story.case.id).state == "en_sejour"


@pytest.mark.parametrize(
    "state", ["renouvellement_a_instruire", "depassement", "fin_de_sejour_notifiee", "procedure_judiciaire"]
)
def test_a_notice_withdrawn_gives_back_the_state_before(engine: Engine, state: str) -> None:
    story = a_case(engine, state)
    day = story.today.isoformat()
    before = open_dates(engine, story.case.id)
    story.do(day, "donner_conge", {"conge_recu_le": day}, by="gaston")
    signed = {"signature_resident": day, "signature_gestion": day}
    assert story.do(day, "retirer_conge", signed, by="gaston").state == state
    assert open_dates(engine, story.case.id) == before


# -- the end that the manager notifies


@pytest.mark.parametrize(
    ("ground", "received", "legal", "due"),
    [
        ("conditions", "2027-02-01", "2027-05-01", "2027-05-03"),  # 1 May is a Saturday and a holiday
        ("impaye", "2027-01-29", "2027-02-28", "2027-03-01"),  # no 29 February; the 28th is a Sunday
        ("manquement", "2027-01-16", "2027-02-16", "2027-02-16"),
        ("cessation", "2027-01-15", "2027-04-15", "2027-04-15"),
    ],
)
def test_each_legal_ground_has_its_notice_from_the_day_it_was_received(
    engine: Engine, ground: str, received: str, legal: str, due: str
) -> None:
    story = a_case(engine, "en_sejour")
    story.do("2027-02-01", "declarer_impaye", {"montant_du": "1237.50", "termes_impayes": 3}, by="gaston")
    story.do("2027-02-01", "notifier_fin", end_of_stay(ground, received), by="gaston")
    end = engine.deadlines.explain(story.case.id, "fin_preavis")
    assert (str(end.item.legal_on), str(end.item.due_on)) == (legal, due)
    assert end.basis == "law:CCH R633-3 II"


def test_an_unclaimed_registered_letter_starts_no_notice(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    letter = end_of_stay("manquement", "2026-11-24", mode_notification="lrar")
    unclaimed = [
        "Une lettre non retirée ne fait pas courir le préavis : la faire signifier par commissaire de justice."
    ]
    for given in (letter, {**letter, "remise_effective": False}):
        assert refusal(story, "2026-11-24", "notifier_fin", given, by="gaston") == unclaimed
    served = {**letter, "mode_notification": "commissaire_justice"}
    assert story.do("2026-11-24", "notifier_fin", served, by="gaston").state == "fin_de_sejour_notifiee"


def test_a_registered_letter_handed_over_starts_the_notice(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    letter = end_of_stay("manquement", "2026-11-24", mode_notification="lrar", remise_effective=True)
    story.do("2026-11-24", "notifier_fin", letter, by="gaston")
    assert open_dates(engine, story.case.id)["fin_preavis"] == "2026-12-24"


@pytest.mark.parametrize(
    ("owed", "terms", "enough"),
    [("500", 2, False), ("824.99", 2, False), ("825", 2, True), ("100", 3, True)],  # the redevance is 412.50
)
def test_arrears_end_a_stay_from_three_terms_or_twice_the_redevance(
    engine: Engine, owed: str, terms: int, enough: bool
) -> None:
    story = a_case(engine, "en_sejour")
    notice = end_of_stay("impaye", "2026-11-24")
    [undeclared] = refusal(story, "2026-11-24", "notifier_fin", notice, by="gaston")
    assert undeclared.startswith("Aucun impayé n’a été déclaré dans ce dossier")
    story.do("2026-11-24", "declarer_impaye", {"montant_du": owed, "termes_impayes": terms}, by="gaston")
    if enough:
        assert story.do("2026-11-24", "notifier_fin", notice, by="gaston").state == "fin_de_sejour_notifiee"
    else:
        [too_low] = refusal(story, "2026-11-24", "notifier_fin", notice, by="gaston")
        assert too_low.startswith("Le seuil de la résiliation pour impayé n’est pas atteint")


def test_at_the_end_of_the_notice_a_task_awaits_the_manager(engine: Engine) -> None:
    story = a_case(engine, "fin_de_sejour_notifiee", passes=True)
    story.to("2027-02-25")
    case = story.case.id
    assert dates_of(engine, case)["fin_preavis"] == [("2027-02-24", "open")]
    tasks = [line for line in engine.deadlines.pending(case=case) if line.kind == "task"]
    assert [(task.name, str(task.due_on), task.who) for task in tasks] == [
        ("suite_du_preavis", "2027-03-05", ("gestionnaire_residences",))
    ]
    story.do("2027-02-26", "assigner", by="gaston")
    assert [line.name for line in engine.deadlines.pending(case=case) if line.kind == "task"] == []


def test_a_procedure_is_reviewed_every_three_months(opened: Open, sqlite_url: str) -> None:
    engine = opened(sqlite_url, transport=Recorded())
    story = a_case(engine, "procedure_judiciaire")
    case = story.case.id
    assert open_dates(engine, case)["procedure"] == "2027-03-03"
    story.do("2027-03-02", "faire_le_point", by="gaston")
    assert open_dates(engine, case)["procedure"] == "2027-06-03"
    story.passes = True
    story.to("2027-06-05")
    reviews = [
        line for line in sent(engine, case) if line[2] == "gestionnaire_residences" and line[0] > "2027-04"
    ]
    assert reviews == [("2027-05-27", "rappel_echeance", "gestionnaire_residences"),
                       ("2027-06-03", "rappel_echeance", "gestionnaire_residences")]  # fmt: skip
    assert ("2027-06-04", "echeance_depassee", DIRECTION) in sent(engine, case)


# -- the ends


@pytest.mark.parametrize("state", STAY.split())
def test_someone_may_leave_from_every_state_of_the_stay(engine: Engine, state: str) -> None:
    story = a_case(engine, state)
    left = {**MOVING_OUT, "motif_sortie": "relogement_prive", "nouvelle_adresse": "1 rue des Lilas"}
    case = story.do(story.today, "sortir", left, by="victor")
    assert (case.state, case.facts["motif_sortie"]) == ("sorti", "relogement_prive")
    assert set(open_dates(engine, case.id)) <= {"suites_siao", "notification"}
    assert a_case(engine, "admis").case.id != case.id  # the unit is free


def test_keys_that_will_not_come_back_do_not_apply_and_say_why(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    lost = {**MOVING_OUT, "motif_sortie": "abandon", "cles_rendues": False}
    assert refusal(story, "2026-11-24", "sortir", lost, by="victor") == ["Il manque « Clés rendues »."]
    lost["cles_rendues"] = {"non_applicable": "Logement abandonné, serrure changée."}
    case = story.do("2026-11-24", "sortir", lost, by="victor")
    assert case.facts["cles_rendues"] == {"non_applicable": "Logement abandonné, serrure changée."}


def test_a_rehousing_that_nobody_engaged_is_said_and_does_not_block(engine: Engine) -> None:
    warned = a_case(engine, "en_sejour", unit="B-1")
    silent = a_case(engine, "en_sejour", unit="B-2", facts={"menage": {"name": "Boris L."}})
    silent.do("2026-11-24", "engager_relogement", {"numero_unique": "063112233"})
    [search] = engine.cases.find(workflow="relogement")
    not_yet = refusal(
        silent, "2026-11-24", "sortir", {**MOVING_OUT, "motif_sortie": "relogement_social"}, by="victor"
    )
    assert not_yet == [
        "La recherche de logement engagée n'a pas encore abouti : le relogement se constate d'abord dans son dossier."
    ]
    engine.cases.perform(search.id, "reloger", {"voie_relogement": "bailleur"}, by="claire")
    for story in (warned, silent):
        story.do("2026-11-24", "sortir", {**MOVING_OUT, "motif_sortie": "relogement_social"}, by="victor")
    said = [engine.cases.history(story.case.id)[-1].body.get("warnings") for story in (warned, silent)]
    assert said == [["Aucun relogement n'a été engagé dans ce dossier."], None]


@pytest.mark.parametrize("state", STAY.split())
def test_a_death_opens_its_tasks_and_keeps_the_unit_until_it_is_emptied(engine: Engine, state: str) -> None:
    story = a_case(engine, state)
    case = story.do(story.today, "declarer_deces", {"date_deces": str(story.today)}, by="victor")
    assert (case.state, case.facts["motif_sortie"]) == ("decede", "deces")
    assert tasks(story) == {"tenir_veille_deces"}
    [succession] = engine.cases.find(workflow="succession")
    assert (succession.state, succession.facts["date_deces"]) == ("ouverte", story.today)
    assert open_dates(engine, succession.id).keys() == {"proches", "inventaire", "soutien"}
    assert "suites_siao" in open_dates(engine, case.id)
    other = a_case(engine, "liste_attente")
    day = story.today
    taken = ["La place « B-12 » est déjà prise par un autre dossier."]
    assert refusal(other, day, "proposer_place", {"logement": "B-12"}, by="gaston") == taken
    story.do(day, "tenir_veille", by="claire")
    assert tasks(story) == set()
    full = ["Le logement n'est pas encore vidé de ses biens."]
    assert refusal(story, day, "liberer_logement", by="gaston") == full
    for action, facts in EMPTYING:
        engine.cases.perform(succession.id, action, facts, by="gaston")
    story.do(day, "liberer_logement", by="gaston")
    assert other.do(day, "proposer_place", {"logement": "B-12"}, by="gaston").state == "admis"


def test_the_tasks_of_a_death_have_their_days(engine: Engine) -> None:
    story = a_case(engine, "decede")
    due = {
        line.name: str(line.due_on)
        for line in engine.deadlines.pending(case=story.case.id)
        if line.kind == "task"
    }
    assert due == {"tenir_veille_deces": "2026-11-26"}
    [succession] = engine.cases.find(workflow="succession")
    assert open_dates(engine, succession.id) == {
        "proches": "2026-11-26", "inventaire": "2026-12-02", "soutien": "2026-12-01",
    }  # fmt: skip


def tasks(story: Story) -> set[str]:
    return {line.name for line in story.engine.deadlines.pending(case=story.case.id) if line.kind == "task"}
