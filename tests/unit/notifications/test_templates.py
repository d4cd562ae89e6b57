"""Every packaged template, whatever the data: it renders, in good French, and keeps what it must keep."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jalon.domain.errors import TemplateError
from jalon.notifications.message import Rendered
from jalon.notifications.renderer import Renderer

RENDERER = Renderer()
KEYS = sorted(RENDERER.names())
SPACES = "\u00a0\u202f"
# what an object never tells (DOMAIN §1.6): health, debt, a stay that reveals them, a measure, a name
UNSAID = (
    r"sant[ée]|soin|m[ée]dic|infirm|malad|h[oô]pit|patholog|diagnos|psych|addict|handicap"
    r"|lhss|chrs|masp|rsa|impay|dette|loyer|expuls|refus|d[ée]c[èe]s|martin|claire"
)
MANY = ("aucun", 0), ("un", 1), ("deux", 2), ("beaucoup", 12)

pytestmark = pytest.mark.filterwarnings("error")


def every_rendering(context: Callable[..., Any], documents: Callable[[int], list[str]]) -> list[Rendered]:
    return [
        RENDERER.render(key, context(**shape))
        for key in KEYS
        for shape in shapes(context, documents)
        if all(given(path, context(**shape)) for path in RENDERER.variables(key))
    ]


def given(path: str, context: dict[str, Any]) -> bool:
    root, _, name = path.partition(".")
    return root in context and (not name or name in context[root])


def shapes(context: Callable[..., Any], documents: Callable[[int], list[str]]) -> list[dict[str, Any]]:
    base = context()
    found = []
    for personne in (True, False):
        destinataire = base["destinataire"] | {"personne": personne}
        for _, count in MANY:
            lists = {"documents_demandes": documents(count), "documents_manquants": documents(count)}
            for days in (30, 1, 0, -3):
                echeance = base["echeance"] | {"days_left": days}
                found.append({"destinataire": destinataire, "echeance": echeance, **lists})
    return found


def test_the_programme_has_all_its_templates() -> None:
    assert set(KEYS) == {
        "bilan_chrs",
        "decision_hebergement",
        "decision_prolongation",
        "dossier_prefet",
        "prolongation_chrs",
        "prolongation_prefet",
        "refus_prefet",
        "proposition_orientation",
        "rendez_vous_sejour",
        "absence_entretien",
        "convocation_evaluation",
        "retour_attendu",
        "revue_annuelle",
        "accuse_demande",
        "courrier_rendez_vous",
        "diagnostic_a_rendre",
        "fin_mesure",
        "proposition_relogement",
        "rapport_diagnostic",
        "rapport_final",
        "rythme_visites",
        "suite_recours",
        "compte_rendu_a_diffuser",
        "compte_rendu_disponible",
        "convocation_seance",
        "convocation_urgente",
        "convocation_preadmission",
        "contrat_sejour_a_remettre",
        "contrat_sejour_a_signer",
        "decision_admission",
        "decision_ajournee",
        "decision_defavorable",
        "decision_favorable",
        "decision_renouvellement",
        "decision_sortie",
        "documents_manquants",
        "echeance_contrat_preparation",
        "echeance_contrat_resident",
        "echeance_depassee",
        "echeance_preavis_trois_mois",
        "rappel_echeance",
        "rappel_entretien",
        "rappel_visite",
        "rendez_vous_entree",
        "rendez_vous_signature",
        "rendez_vous_sortie",
        "retour_siao",
        "revue_lhss",
        "seance_annulee",
        "seance_deplacee",
        "sortie_lhss",
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_packaged_template_obeys_the_rules_set_for_houses(key: str) -> None:
    assert RENDERER.check(key) == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("_label", "count"), MANY)
@pytest.mark.parametrize("personne", [True, False])
def test_a_template_renders_with_no_item_one_two_and_many(
    key: str, _label: str, count: int, personne: bool, context: Any, documents: Any
) -> None:
    destinataire = context()["destinataire"] | {"personne": personne}
    lists = {"documents_demandes": documents(count), "documents_manquants": documents(count)}
    rendered = RENDERER.render(key, context(destinataire=destinataire, **lists))
    items = rendered.text.count("Justificatif d’identité")
    assert items in {0, min(count, 7)}
    assert ("et 5 autres" in rendered.text) == (items == 7)
    assert "None" not in rendered.text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", rendered.text), "an ISO date reached a person"


@pytest.mark.parametrize("key", KEYS)
def test_a_template_needs_only_what_every_case_gives_and_its_own_facts(key: str, context: Any) -> None:
    """A bare house and a bare case: empty coordinates, no fact but those the template cannot do without."""
    full = context()
    needed = {path.partition(".")[2] for path in RENDERER.variables(key) if path.startswith("faits.")}
    bare = context(
        etablissement=dict.fromkeys(full["etablissement"], ""),
        faits={name: value for name, value in full["faits"].items() if name in needed},
        lien="",
    )
    if not any(path.startswith("echeance.") for path in RENDERER.variables(key)):
        del bare["echeance"]
    if "acte.date" not in RENDERER.variables(key):
        del bare["acte"]
    rendered = RENDERER.render(key, bare)
    assert "D-0012" in rendered.subject + rendered.text


@pytest.mark.parametrize("key", KEYS)
def test_optional_keys_of_a_deadline_may_be_absent(key: str, context: Any) -> None:
    full = context()
    echeance = {
        k: v for k, v in full["echeance"].items() if k not in {"printed", "next_alert", "basis", "act_by"}
    }
    assert RENDERER.render(key, context(echeance=echeance)).text


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_fact_is_an_error_with_its_name(key: str, context: Any) -> None:
    for path in RENDERER.variables(key):
        if path.startswith("faits."):
            name = path.removeprefix("faits.")
            facts = {k: v for k, v in context()["faits"].items() if k != name}
            with pytest.raises(TemplateError) as caught:
                RENDERER.render(key, context(faits=facts))
            assert caught.value.data == {"key": key, "reason": "undefined", "detail": path}


def test_the_french_of_every_message(context: Any, documents: Any) -> None:
    for rendered in every_rendering(context, documents):
        text = f"{rendered.subject}\n{rendered.text}"
        prose = re.sub(r"\S+://\S+", "", text)
        assert not re.search(r"[^\s\u00a0\u202f:/]:(?!\d)", prose), f"no space before a colon: {text}"
        assert not re.search(rf"(?<![{SPACES}])[;!?»]", prose), f"no no-break space before a sign: {text}"
        assert not re.search(rf"(?<![{SPACES}]):(?!\d)", prose), f"no no-break space before a colon: {text}"
        assert not re.search(rf"«(?![{SPACES}])", prose), text
        assert "'" not in prose, f"a straight apostrophe: {text}"
        assert "·" not in prose
        assert "(e)" not in prose
        assert "  " not in prose, f"a double space: {text}"
        assert not re.search(
            r"\b1 (janvier|février|mars|avril|mai|juin|juillet|août|sept|oct|nov|déc)", prose
        )
        assert not re.search(r"\b(tu|ton|ta|tes|te|toi)\b", prose), "vouvoiement"
        assert not re.search(r"\n{3}| \n", rendered.text)
        assert "courriel" not in prose, "one word for mail: e-mail"
        assert not re.search(r"\b(cet|aucun) e-mail", prose, re.IGNORECASE), "it may be printed: ce message"


def test_the_object_of_every_message(context: Any, documents: Any) -> None:
    for rendered in every_rendering(context, documents):
        assert 0 < len(rendered.subject) <= 78, rendered.subject
        assert not re.search(UNSAID, rendered.subject, re.IGNORECASE), rendered.subject
        assert not re.search("[!\n]", rendered.subject)
        assert rendered.subject[0].isupper()
        assert "D-0012" in rendered.subject + rendered.text


def test_every_message_opens_with_its_greeting_and_closes_once(context: Any, documents: Any) -> None:
    for rendered in every_rendering(context, documents):
        assert rendered.text.startswith("Bonjour Claire,\n\n")
        last = rendered.text.rstrip().rpartition("\n\n")[2]
        assert last.startswith(("Cordialement,\n", "Résidence Les Tilleuls – "))
        assert rendered.text.count("Cordialement") <= 1


def test_the_words_of_a_dossier_never_name_the_person(context: Any, documents: Any) -> None:
    for rendered in every_rendering(context, documents):
        assert "Martin" not in rendered.text


@pytest.mark.parametrize("key", KEYS)
def test_a_professional_is_told_why_the_message_came(key: str, context: Any) -> None:
    if key in ("echeance_contrat_resident", "convocation_evaluation"):
        return  # written to the person, and to nobody else
    text = RENDERER.render(key, context()).text
    assert (
        "Pourquoi ce message\u202f? Il est destiné au rôle «\u00a0Coordinatrice d’actions sociales\u00a0»"
        in text
    )


@pytest.mark.parametrize("key", KEYS)
def test_a_message_has_one_link_at_most_alone_on_its_line(key: str, context: Any) -> None:
    lines = [line for line in RENDERER.render(key, context()).text.split("\n") if "://" in line]
    assert len(lines) <= 1
    assert all(line.startswith("Ouvrir le dossier\u00a0: https://") for line in lines)


@pytest.mark.parametrize("key", ["decision_favorable", "decision_defavorable"])
def test_withheld_reasons_are_not_in_the_message(key: str, context: Any) -> None:
    """DOMAIN §2.1: the SIAO receives the decision without its reasons."""
    facts = {name: value for name, value in context()["faits"].items() if name != "motifs"}
    assert "Motifs" in RENDERER.render(key, context()).text
    assert "Motifs" not in RENDERER.render(key, context(faits=facts)).text


def test_a_favourable_decision_without_a_place_promises_none(context: Any) -> None:
    waiting = context()["dossier"] | {"etat_id": "liste_attente"}
    assert "liste d’attente" in RENDERER.render("decision_favorable", context(dossier=waiting)).text
    assert "une place est proposée" in RENDERER.render("decision_favorable", context()).text


def test_what_leaves_a_house_of_care_by_mail_says_neither_the_decision_nor_why(context: Any) -> None:
    """DOMAIN §2.3: never in clear to third parties; the person, on paper, reads the decision and its reasons."""
    refused = context()["dossier"] | {
        "etat_id": "refuse",
        "programme": "Lits halte soins santé",
        "etat": "Refusé",
    }
    person = context()["destinataire"] | {"personne": True}
    facts = context()["faits"] | {"orientation_sortie": "Établissement de soins"}
    for key in ("accuse_demande", "decision_admission", "sortie_lhss", "revue_lhss"):
        text = RENDERER.render(key, context(dossier=refused, faits=facts)).text
        assert not re.search("soins|santé|refus|retenue|projet de logement|favorable", text, re.IGNORECASE)
    told = RENDERER.render(
        "decision_admission", context(dossier=refused, faits=facts, destinataire=person)
    ).text
    assert "n’a pas été retenue" in told
    assert "Motifs" in told


def test_a_missed_interview_proposes_the_new_date_when_there_is_one(context: Any) -> None:
    later = RENDERER.render("absence_entretien", context())
    assert "Nouvelle proposition\u00a0: le lundi 1er février 2027" in later.text
    same_day = context()["faits"] | {"date_rdv": date(2027, 1, 14)}
    assert "Nouvelle proposition" not in RENDERER.render("absence_entretien", context(faits=same_day)).text


def test_a_second_message_about_documents_says_it_is_a_reminder(context: Any) -> None:
    first = RENDERER.render("documents_manquants", context())
    reminder = context()
    del reminder["acte"]
    assert first.subject.startswith("Documents à fournir au plus tard le 15/12/2027")
    assert RENDERER.render("documents_manquants", reminder).subject.startswith(
        "Rappel\u00a0: documents à fournir"
    )


def test_the_last_term_asks_for_an_exit_not_a_renewal(context: Any) -> None:
    first = RENDERER.render("echeance_contrat_preparation", context())
    last = RENDERER.render("echeance_contrat_preparation", context(renouvellements=1))
    assert "(0/1 renouvellement)" in first.subject
    assert "renouvellement par la commission" in first.text
    assert "(1/1 renouvellement)" in last.subject
    assert "renouvellement par la commission" not in last.text
    assert "relogement" in last.text


@pytest.mark.parametrize(
    "key",
    [
        "echeance_contrat_preparation",
        "echeance_depassee",
        "echeance_contrat_resident",
        "revue_lhss",
        "decision_renouvellement",
    ],
)
def test_no_date_is_written_as_an_order_to_leave(key: str, context: Any) -> None:
    """DOMAIN §1.2: a deadline never makes a person leave."""
    text = RENDERER.render(key, context()).text
    assert re.search("reste dans son logement|ne met fin à aucun séjour|ne vous oblige pas à partir", text)


def test_an_overdue_alert_says_since_when(context: Any) -> None:
    echeance = context()["echeance"] | {"days_left": -3, "due": date(2027, 12, 15)}
    rendered = RENDERER.render("echeance_depassee", context(echeance=echeance))
    assert rendered.subject == "Échéance dépassée depuis le 15/12/2027 – dossier D-0012"
    assert "mercredi 15 décembre 2027, il y a 3\u00a0jours" in rendered.text


@pytest.mark.parametrize("key", ["rappel_echeance", "rappel_visite", "echeance_depassee", "rappel_entretien"])
@pytest.mark.parametrize("personne", [True, False])
@pytest.mark.parametrize(
    ("missed", "said"),
    [
        (1, "1\u00a0manquée, dont le rappel n’a pas pu partir."),
        (9, "9\u00a0manquées, dont les rappels n’ont pas pu partir."),
    ],
)
def test_a_message_that_speaks_for_others_says_so_once(
    key: str, personne: bool, missed: int, said: str, context: Any
) -> None:
    """In its own place, or below the text of a template that does not read the name."""
    about = {
        "echeance": context()["echeance"] | {"missed": missed},
        "destinataire": context()["destinataire"] | {"personne": personne},
    }
    rendered = RENDERER.render(key, context(**about))
    assert rendered.text.count(said) == rendered.html.count(said) == 1
    assert "manqué" not in rendered.subject
    assert "manquée" not in RENDERER.render(key, context(destinataire=about["destinataire"])).text


def test_all_days_of_four_years_are_written(context: Any) -> None:
    day = date(2027, 1, 1)
    while day < date(2031, 1, 1):
        echeance = context()["echeance"] | {"due": day}
        text = RENDERER.render("rappel_echeance", context(echeance=echeance)).text
        assert re.search(rf"le [a-z]+ {'1er' if day.day == 1 else day.day} \S+ {day.year}", text)
        day += timedelta(days=1)
