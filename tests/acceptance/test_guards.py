"""Each guard of the shipped workflow refuses in a story of its own, in its own words (DOMAIN §2.1).

The conditions are listed from the workflow as it is compiled: one that no story refuses here fails the last tests.
"""

from collections.abc import Callable

import pytest
from support.house import (
    ASKED,
    FAVOURABLE,
    MOVING_OUT,
    SIGNED,
    UNFAVOURABLE,
    Story,
    a_case,
    contract,
    end_of_stay,
    programme,
    rendez_vous,
)
from support.tales import refusal

from jalon import Engine
from jalon.domain.condition import Condition

DAY = "2026-11-24"
ALONE = ["La personne qui a mené l'entretien ne décide pas seule."]
RENEWAL = {"motifs": "Le relogement avance.", "avenant_signe": True}

Refusal = Callable[[Engine], list[str]]
STORIES: dict[str, tuple[Refusal, list[str]]] = {}


def refuses(condition: str, *sentences: str) -> Callable[[Refusal], Refusal]:
    """Say which condition a story sees refused, and in which words."""

    def keep(story: Refusal) -> Refusal:
        STORIES[condition] = (story, list(sentences))
        return story

    return keep


def interviewed_by_a_member(engine: Engine) -> Story:
    """Claire holds the interview; she also sits at the commission."""
    engine.people.grant("claire", "commission_interne", "ophis")
    return a_case(engine, "en_commission")


@refuses("constater_non_presentation/count:absence", "Il faut deux absences avant de classer.")
def one_absence_is_not_two(engine: Engine) -> list[str]:
    story = a_case(engine, "preadmission_planifiee")
    story.do(DAY, "absence", rendez_vous("2026-12-01"))
    return refusal(story, DAY, "constater_non_presentation")


@refuses(
    "constater_caducite/deadline:caducite open",
    "La personne a été jointe : l'orientation ne devient plus caduque.",
)
def an_orientation_does_not_lapse_once_the_person_was_reached(engine: Engine) -> list[str]:
    story = a_case(engine, "orientation_recue")
    story.do(DAY, "contacter", {"resultat_contact": "joint"})
    return refusal(story, "2027-03-01", "constater_caducite")


@refuses("constater_caducite/deadline:caducite passed", "L'orientation n'est pas encore caduque.")
def an_orientation_lapses_after_its_last_day(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "orientation_recue"), "2027-02-24", "constater_caducite")


@refuses(
    "inscrire_commission/documents",
    "Pièces manquantes : Avis d'imposition et Attestation de Complémentaire santé solidaire.",
)
def two_documents_have_not_come(engine: Engine) -> list[str]:
    story = a_case(engine, "preadmission_realisee")
    story.documents(*(kind for kind in ASKED if kind not in ("avis_imposition", "attestation_c2s")))
    return refusal(story, DAY, "inscrire_commission")


@refuses("decider_favorable/apart_from:tenir_entretien", *ALONE)
def who_held_the_interview_does_not_admit(engine: Engine) -> list[str]:
    return refusal(
        interviewed_by_a_member(engine), DAY, "decider_favorable", {**FAVOURABLE, "logement": "B-12"}
    )


@refuses("decider_defavorable/apart_from:tenir_entretien", *ALONE)
def who_held_the_interview_does_not_refuse(engine: Engine) -> list[str]:
    return refusal(interviewed_by_a_member(engine), DAY, "decider_defavorable", UNFAVOURABLE)


@refuses("mettre_en_attente/apart_from:tenir_entretien", *ALONE)
def who_held_the_interview_does_not_put_on_the_list(engine: Engine) -> list[str]:
    return refusal(interviewed_by_a_member(engine), DAY, "mettre_en_attente", {**FAVOURABLE, "priorite": 1})


@refuses("mettre_en_attente/place:none", "Un logement est libre.")
def nobody_waits_for_a_dwelling_that_is_free(engine: Engine) -> list[str]:
    engine.places.add("ophis", "B-12", kind="logement")
    story = a_case(engine, "en_commission")
    return refusal(story, DAY, "mettre_en_attente", {**FAVOURABLE, "priorite": 1}, by="colette")


@refuses("decider_favorable/place", "La place « B-12 » est déjà prise par un autre dossier.")
def the_unit_is_promised_to_someone_else(engine: Engine) -> list[str]:
    a_case(engine, "admis", unit="B-12")
    story = a_case(engine, "en_commission")
    return refusal(story, DAY, "decider_favorable", {**FAVOURABLE, "logement": "B-12"}, by="colette")


@refuses("proposer_place/place", "La place « B-12 » est déjà prise par un autre dossier.")
def the_unit_offered_is_lived_in(engine: Engine) -> list[str]:
    a_case(engine, "en_sejour", unit="B-12")
    return refusal(a_case(engine, "liste_attente"), DAY, "proposer_place", {"logement": "B-12"}, by="gaston")


@refuses("proposer_place/queue", "Une autre personne attend depuis plus longtemps.")
def someone_waits_since_longer(engine: Engine) -> list[str]:
    a_case(engine, "liste_attente", facts={"date_demande_siao": "2026-09-01"})
    return refusal(a_case(engine, "liste_attente"), DAY, "proposer_place", {"logement": "B-12"}, by="gaston")


@refuses("declarer_deces/between:entrer,date_deces", "Le décès ne précède pas l'entrée.")
def nobody_dies_before_they_enter(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "en_sejour"), DAY, "declarer_deces", {"date_deces": "2020-02-29"})


@refuses("notifier_decision/count", "Aucune décision n'a encore été prise.")
def nothing_is_decided_yet(engine: Engine) -> list[str]:
    received = {"mode_remise": "courrier", "decision_recue_le": DAY}
    return refusal(a_case(engine, "en_commission"), DAY, "notifier_decision", received)


@refuses(
    "notifier_decision/guard:recue_apres_decision",
    "La décision ne peut pas avoir été reçue avant d’avoir été prise.",
)
def the_decision_came_before_it_was_taken(engine: Engine) -> list[str]:
    received = {"mode_remise": "courrier", "decision_recue_le": "2020-01-01"}
    return refusal(a_case(engine, "admis"), DAY, "notifier_decision", received)


@refuses("informer_siao/count", "Il n'y a encore aucune suite à faire connaître.")
def there_is_nothing_to_tell_the_siao(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "preadmission_realisee"), DAY, "informer_siao")


@refuses("signer/documents", "Pièces manquantes : Notice du détecteur de fumée et Reçu du dépôt de garantie.")
def all_the_documents_are_signed_for_or_none(engine: Engine) -> list[str]:
    story = a_case(engine, "admis")
    story.documents(*(kind for kind in SIGNED if kind not in ("notice_daaf", "recu_depot")))
    [sentence] = refusal(story, DAY, "signer", contract(DAY), by="gaston")
    head, _, names = sentence.rstrip(".").partition(" : ")
    return [f"{head} : {' et '.join(sorted(names.split(' et ')))}."]


@refuses(
    "renouveler/deadline:echeance_sejour reminded",
    "Aucun rappel de l'échéance n'est encore parti : il est trop tôt pour renouveler.",
)
def it_is_too_early_to_renew(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "en_sejour"), "2027-07-22", "renouveler", RENEWAL, by="colette")


@refuses("renouveler/count:renouveler", "Le séjour a déjà été renouvelé une fois.")
def a_stay_is_renewed_once(engine: Engine) -> list[str]:
    story = a_case(engine, "renouvellement_a_instruire")
    story.do("2027-08-02", "renouveler", RENEWAL, by="colette")
    return refusal(story, "2028-08-01", "renouveler", RENEWAL, by="colette")


@refuses(
    "notifier_fin/fact:remise_effective",
    "Une lettre non retirée ne fait pas courir le préavis : la faire signifier par commissaire de justice.",
)
def the_letter_was_not_claimed(engine: Engine) -> list[str]:
    unclaimed = end_of_stay("conditions", DAY, mode_notification="lrar", remise_effective=False)
    return refusal(a_case(engine, "en_sejour"), DAY, "notifier_fin", unclaimed, by="gaston")


@refuses(
    "notifier_fin/guard:envoi_avant_reception",
    "La notification ne peut pas avoir été reçue avant d’avoir été envoyée.",
)
def the_letter_came_before_it_left(engine: Engine) -> list[str]:
    backwards = end_of_stay("conditions", "2026-11-23", date_envoi=DAY)
    return refusal(a_case(engine, "en_sejour"), DAY, "notifier_fin", backwards, by="gaston")


@refuses(
    "notifier_fin/guard:seuil_resiliation_impaye",
    "Le seuil de la résiliation pour impayé n’est pas atteint : il faut trois termes mensuels consécutifs "
    "entièrement impayés, ou au moins deux fois la redevance mensuelle "
    "(ici 500,00 € dus pour une redevance de 412,50 €).",
)
def the_arrears_are_too_low(engine: Engine) -> list[str]:
    story = a_case(engine, "en_sejour")
    story.do(DAY, "declarer_impaye", {"montant_du": "500", "termes_impayes": 2}, by="gaston")
    return refusal(story, DAY, "notifier_fin", end_of_stay("impaye", DAY), by="gaston")


@refuses("assigner/deadline:fin_preavis,fin_conge passed", "Aucun préavis n'est arrivé à son terme.")
def the_notice_still_runs_on_its_last_day(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "fin_de_sejour_notifiee"), "2027-02-24", "assigner", by="gaston")


@refuses("engager_relogement/linked:relogement", "Une recherche de logement est déjà ouverte.")
def a_search_is_open_already(engine: Engine) -> list[str]:
    story = a_case(engine, "en_sejour")
    story.do(DAY, "engager_relogement", {"numero_unique": "063112233"})
    return refusal(story, DAY, "engager_relogement", {"numero_unique": "063112233"})


@refuses(
    "sortir/linked:relogement",
    "La recherche de logement engagée n'a pas encore abouti : le relogement se constate d'abord dans son dossier.",
)
def the_search_has_not_come_to_its_end(engine: Engine) -> list[str]:
    story = a_case(engine, "en_sejour")
    story.do(DAY, "engager_relogement", {})
    return refusal(story, DAY, "sortir", {**MOVING_OUT, "motif_sortie": "relogement_social"}, by="victor")


def leaving(story: Story, day: str, reason: str, **more: object) -> list[str]:
    return refusal(story, day, "sortir", {**MOVING_OUT, "motif_sortie": reason, **more}, by="victor")


@refuses(
    "sortir/fact:motif_sortie", "Ce motif n'est pas celui d'une sortie de résidence ; un décès a son acte."
)
def a_death_is_not_an_exit(engine: Engine) -> list[str]:
    story = a_case(engine, "en_sejour")
    for other in ("exclusion_reglement", "glissement_bail", "fin_prise_en_charge"):
        assert leaving(story, DAY, other) == leaving(story, DAY, "deces")
    return leaving(story, DAY, "deces")


@refuses("sortir/any fact:motif_fin", "Aucune fin de séjour n'a été notifiée pour ce motif.")
def a_contract_is_not_terminated_for_what_was_not_notified(engine: Engine) -> list[str]:
    story = a_case(engine, "fin_de_sejour_notifiee")
    for other in ("resiliation_impaye", "resiliation_manquement", "cessation_activite"):
        assert leaving(story, DAY, other) == ["Aucune fin de séjour n'a été notifiée pour ce motif."]
    stays = a_case(engine, "en_sejour", unit="B-14", facts={"menage": {"name": "Boris L."}})
    assert leaving(stays, DAY, "resiliation_conditions") == leaving(story, DAY, "cessation_activite")
    return leaving(story, DAY, "cessation_activite")


@refuses(
    "sortir/state:procedure_judiciaire",
    "Une expulsion ne se constate qu'au terme d'une procédure judiciaire.",
)
def nobody_is_evicted_without_a_judge(engine: Engine) -> list[str]:
    return leaving(a_case(engine, "en_sejour"), DAY, "expulsion", relogement_assure=True)


@refuses(
    "sortir/any season:treve_hivernale",
    "Pendant la trêve hivernale, personne n'est expulsé sans un relogement assuré.",
)
def nobody_is_evicted_in_winter(engine: Engine) -> list[str]:
    return leaving(a_case(engine, "procedure_judiciaire"), "2027-03-31", "expulsion")


@refuses("liberer_logement/linked:succession", "Le logement n'est pas encore vidé de ses biens.")
def the_dwelling_is_not_empty(engine: Engine) -> list[str]:
    return refusal(a_case(engine, "decede"), DAY, "liberer_logement", by="gaston")


def conditions() -> dict[str, Condition | None]:
    """Every condition that the shipped workflow can refuse on: its action, what it asks, of what."""
    found: dict[str, Condition | None] = {}
    for name, action in programme().actions.items():
        for condition in action.requires:
            if condition.warn is None:
                found[f"{name}/{_asked(condition)}"] = condition
        if action.place in ("promise", "occupy") and programme().place.fact in action.form:
            found[f"{name}/place"] = None
    return found


def _asked(condition: Condition) -> str:
    """The subject of a condition, with the names it asks about where they are few."""
    if condition.any or condition.all:
        return f"any {_asked(condition.any[0])}" if condition.any else _asked(condition.all[-1])
    for subject in (
        "fact", "state", "season", "count", "deadline", "documents", "queue", "linked", "place", "apart_from", "guard",
        "between",
    ):  # fmt: skip
        asked = getattr(condition, subject)
        if asked:
            names = (asked,) if isinstance(asked, str) else asked
            few = len(names) <= 2 and subject != "queue"
            said = f"{subject}:{','.join(names)}" if few else subject
            return f"{said} {condition.is_}" if subject == "deadline" else said
    raise AssertionError(condition)


@pytest.mark.parametrize("condition", STORIES)
def test_the_guard_refuses_in_its_own_words(engine: Engine, condition: str) -> None:
    story, sentences = STORIES[condition]
    assert story(engine) == sentences


def test_every_condition_of_the_workflow_has_its_story() -> None:
    assert sorted(STORIES) == sorted(conditions())


def test_a_sentence_of_the_workflow_is_the_one_that_is_heard() -> None:
    for name, condition in conditions().items():
        if condition is not None and condition.otherwise:
            assert STORIES[name][1] == [condition.otherwise]
