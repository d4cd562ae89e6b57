"""Who may do what, in which state, with which form (DOMAIN §2.1): the column « who », and what an act asks for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from support.house import INTERVIEW, MOVING_OUT, Story, a_case, programme, rendez_vous
from support.tales import refusal

from jalon import ActionRefused, Engine
from jalon.domain.workflow import SYSTEM
from jalon.interfaces.words import reason_words

DAY = "2026-11-24"

# Staff enter what the household or the SIAO does.

STAFF = "claire gaston victor diane"
WHO = {
    "contacter planifier_entretien reporter absence constater_non_presentation constater_caducite tenir_entretien"
    " constater_manque completer inscrire_commission notifier_decision informer_siao consigner_visite"
    " consigner_bilan engager_relogement": "claire",
    "decider_favorable decider_defavorable ajourner mettre_en_attente": "colette",
    "proposer_place fixer_signature signer notifier_fin assigner declarer_impaye liberer_logement": "gaston",
    "reexaminer_attente": "gaston colette",
    "entrer sortir": "victor",
    "renouveler": "colette diane",
    "faire_le_point": "gaston diane",
    "deroger_pieces_manquantes deroger_passe_avant deroger_sejour_prolonge": "diane",
    "accepter desister donner_conge retirer_conge declarer_deces consigner_incident tenir_veille": STAFF,
    "annuler_orientation": f"{STAFF} siao63",
}  # fmt: skip


def test_each_act_is_refused_to_those_whose_role_it_is_not(engine: Engine) -> None:
    """Étienne works in the house, for another programme: he sees the case, and no act is his."""
    case = a_case(engine, "en_sejour").case.id
    engine.people.add("etienne", "Étienne")
    engine.people.grant("etienne", "travailleur_social_lhss", "ophis")
    allowed = {action: set(people.split()) for actions, people in WHO.items() for action in actions.split()}
    for person in ("claire", "gaston", "victor", "diane", "colette", "siao63", "etienne"):
        for option in engine.cases.options(case, by=person):
            against = [reason for reason in option.reasons if reason.code == "role"]
            assert bool(against) is (person not in allowed[option.action]), (person, option.action)
            assert all(
                f"« {person} » n’a pas ici la fonction qu’il faut" in reason_words(why) for why in against
            )


def test_only_the_siao_and_the_staff_open_a_case(engine: Engine) -> None:
    engine.people.add("etienne", "Étienne")
    assert [Story(engine).open(DAY, by=person).state for person in ("siao63", "claire", "gaston")] == [
        "orientation_recue"
    ] * 3
    for person in ("etienne", "colette"):
        with pytest.raises(ActionRefused) as told:
            Story(engine).open(DAY, by=person)
        assert [reason.code for reason in told.value.reasons] == ["role"]


def test_what_the_clock_alone_does_is_offered_to_nobody(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    clocks = {name for name, action in programme().actions.items() if action.by == (SYSTEM,)}
    assert clocks == {"ouvrir_revue", "constater_depassement"}
    for action in clocks:
        with pytest.raises(ActionRefused) as told:
            story.do(DAY, action, by="diane")
        assert "role" in {reason.code for reason in told.value.reasons}


# -- forms and states


@pytest.mark.parametrize(
    ("state", "action", "by"),
    [
        ("preadmission_planifiee", "tenir_entretien", "claire"),
        ("en_commission", "decider_defavorable", "colette"),
        ("en_commission", "decider_favorable", "colette"),
        ("admis", "notifier_decision", "claire"),
        ("contrat_signe", "entrer", "victor"),
        ("en_sejour", "sortir", "victor"),
        ("en_sejour", "notifier_fin", "gaston"),
        ("preavis_resident", "retirer_conge", "gaston"),
        ("renouvellement_a_instruire", "renouveler", "colette"),
    ],
)
def test_every_missing_fact_is_said_at_once(engine: Engine, state: str, action: str, by: str) -> None:
    story = a_case(engine, state)
    rule = programme().actions[action]
    with pytest.raises(ActionRefused) as told:
        story.do(story.today, action, by=by)
    missing = [reason.data["fact"] for reason in told.value.reasons if reason.code == "fact_missing"]
    assert missing == list(rule.form)


def test_an_act_is_refused_in_a_state_that_does_not_allow_it(engine: Engine) -> None:
    story = a_case(engine, "orientation_recue")
    wrong = ["Le dossier est dans l’état « Orientation reçue », qui ne le permet pas."]
    assert refusal(story, DAY, "tenir_entretien", INTERVIEW) == wrong


def test_an_act_takes_effect_between_the_last_change_of_state_and_today(engine: Engine) -> None:
    story = a_case(engine, "en_sejour")
    leaving: Mapping[str, Any] = {**MOVING_OUT, "motif_sortie": "depart_volontaire"}
    day = story.today
    early = refusal(story, "2026-11-30", "sortir", leaving, by="victor", on=day - timedelta(days=1))
    assert early[0].startswith(
        "La date d’effet (lundi 23 novembre 2026) précède le dernier changement d’état"
    )
    late = refusal(story, "2026-11-30", "sortir", leaving, by="victor", on=day + timedelta(days=7))
    assert late[0].startswith("La date d’effet (mardi 1er décembre 2026) est à venir")
    assert story.do("2026-11-30", "sortir", leaving, by="victor", on=day).closed_on == day


def test_an_appointment_is_not_given_for_a_day_that_is_past(engine: Engine) -> None:
    story = a_case(engine, "orientation_recue")
    [past] = refusal(story, DAY, "planifier_entretien", rendez_vous("2026-11-23"))
    assert "est passé, on attend une date à venir" in past
