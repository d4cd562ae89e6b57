"""S1 (DOMAIN §7): the nominal path, from the SIAO's orientation to a rehousing, steps 1 to 8 and 10."""

import mailbox
from collections.abc import Callable
from datetime import date
from pathlib import Path

from support.house import MOVING_OUT, Story, patient
from support.stay import (
    ADMISSION,
    ADMISSION_MESSAGES,
    FIRST_PERIOD_MESSAGES,
    RENEWAL,
    SECOND_RENEWAL,
    in_order,
    reminders,
    visits,
)
from support.tales import (
    Recorded,
    act,
    beside,
    dates_of,
    last_word,
    lines,
    messages,
    picture,
    play,
    refused,
    sent,
    told,
)

from jalon import Engine

Open = Callable[..., Engine]

LAST_DAY = "2028-07-13"
NOT_YET = "La recherche de logement engagée n'a pas encore abouti : le relogement se constate d'abord dans son dossier."

LEAVING = [
    SECOND_RENEWAL,
    act("2027-11-19", "engager_relogement", {"numero_unique": "063112233", "dalo": True}),
    beside("2028-01-10", "relogement", "deposer_recours", {"type_recours": "dalo", "recours_recu_le": "2028-01-10"}),
    beside("2028-04-10", "relogement", "reconnaitre"),
    beside("2028-06-26", "relogement", "recevoir_offre_prefet",
           {"logement_propose": "Un T2 à Chamalières"}),
    beside("2028-06-28", "relogement", "accepter_offre_prefet"),
    refused("2028-07-03", "sortir", {**MOVING_OUT, "motif_sortie": "relogement_social"}, NOT_YET, by="victor"),
    beside("2028-07-03", "relogement", "reloger", {"voie_relogement": "dalo"}),
    act("2028-07-03", "donner_conge", {"conge_recu_le": "2028-07-03"}, by="gaston",
        void={"echeance_sejour": "2028-12-15", "preavis_conditions": "2028-09-15"},
        armed={"fin_conge": "2028-07-11", "sortie": "2028-07-11"}),
    act("2028-07-11", "sortir", {**MOVING_OUT, "motif_sortie": "relogement_social", "dalo": True}, by="victor",
        met={"fin_conge": "2028-07-11", "sortie": "2028-07-11"},
        void={"visite": "2028-07-17", "visite_tardive": "2028-07-29", "bilan": "2028-09-15"},
        armed={"suites_siao": "2028-07-19"}),
    act("2028-07-12", "informer_siao", met={"suites_siao": "2028-07-19"}),
]  # fmt: skip

S1 = in_order(ADMISSION, visits("2028-07-03"), RENEWAL, LEAVING)

MESSAGES = f"""
{ADMISSION_MESSAGES}
{reminders("2028-07-03")}
{FIRST_PERIOD_MESSAGES}
2028-06-15  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2028-07-04  rappel_echeance               gestionnaire_residences
2028-07-04  rendez_vous_sortie            resident charge_vie_residentielle
2028-07-07  rendez_vous_sortie            resident charge_vie_residentielle
2028-07-11  rappel_echeance               gestionnaire_residences
2028-07-13  retour_siao                   siao
"""

# The search beside the stay: its review every three months, the commission, the préfet's offer.
BESIDE = """
2028-02-14  rappel_echeance         coordinatrice_actions_sociales
2028-02-21  rappel_echeance         coordinatrice_actions_sociales
2028-04-03  rappel_echeance         coordinatrice_actions_sociales
2028-04-10  rappel_echeance         coordinatrice_actions_sociales
2028-05-12  rappel_echeance         coordinatrice_actions_sociales
2028-05-19  rappel_echeance         coordinatrice_actions_sociales
2028-06-27  proposition_relogement  menage_accompagne
"""
REHOUSING = {
    "comed": [("2028-04-10", "met")],
    "proposition_prefet": [("2028-07-10", "met")],
    "point": [("2028-02-21", "missed"), ("2028-05-19", "void")],
    "reponse_prefet": [("2028-07-06", "met")],
}


def day_by_day(engine: Engine) -> Story:
    story = Story(engine)
    play(story, S1).to(LAST_DAY)
    return story


def test_every_date_and_every_message_of_the_nominal_path(
    opened: Open, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "courriels"
    story = day_by_day(opened(database_url, transport=f"maildir:{folder}"))
    engine, case = story.engine, story.engine.cases.get(story.case.id)
    assert told(engine, case.id) == lines(S1)
    assert dates_of(engine, case.id) == last_word(S1)
    assert sent(engine, case.id) == messages(MESSAGES)
    assert (case.state, case.closed_on) == ("sorti", date(2028, 7, 11))
    assert (case.facts["motif_sortie"], case.facts["dalo"]) == ("relogement_social", True)
    [search] = engine.cases.find(workflow="relogement")
    assert (search.state, search.facts["numero_unique"]) == ("reloge", "063112233")
    assert dates_of(engine, search.id) == REHOUSING
    assert engine.deadlines.pending() == ()
    assert engine.verify().faults == ()
    left = [str(message["Subject"]) for message in mailbox.Maildir(str(folder), create=False)]
    assert len(left) == sum(len(roles.split()) for _, _, roles in messages(MESSAGES) + messages(BESIDE))
    assert not [subject for subject in left if "Amina" in subject]


def test_the_contract_prints_the_eve_of_the_echeance(engine: Engine) -> None:
    story = play(Story(engine, passes=False), ADMISSION)
    why = story.engine.deadlines.explain(story.case.id, "echeance_sejour")
    assert (why.item.due_on, why.printed) == (date(2027, 12, 15), date(2027, 12, 14))


def test_with_no_pass_but_those_that_acts_bring_the_history_is_the_same(opened: Open, tmp_path: Path) -> None:
    first, second = (
        opened(f"sqlite:///{tmp_path / f'{way}.db'}", transport=Recorded(), workflow=patient())
        for way in ("daily", "lazy")
    )
    daily = day_by_day(first)
    lazy = play(Story(second, passes=False), S1)
    lazy.to(LAST_DAY, 9)
    lazy.engine.tick()
    assert picture(lazy.engine, lazy.case.id) == picture(daily.engine, daily.case.id)
