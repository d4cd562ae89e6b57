"""What the command line tells of a silence whose date is put right, and of a date written in a decision."""

import pytest
from support.shell import Shell


@pytest.fixture
def shell(tmp_path) -> Shell:
    """An appeal received on 15 July 2027, whose silence was counted on 15 October."""
    shell = Shell(tmp_path)
    shell("db", "init", "--sandbox")
    shell("workflows", "add", "relogement")
    shell("establishment", "add", "maison", "--name", "La Maison")
    shell("people", "add", "ana", "--name", "Ana", "--email", "ana@maison.example")
    shell("role", "add", "ana", "coordinatrice_actions_sociales", "-e", "maison")
    shell("open", "relogement", "-e", "maison", on="2027-07-15", by="ana", facts=("menage=Famille N.",))
    facts = ("type_recours=dalo", "recours_recu_le=2027-07-15")
    shell("perform", "1", "deposer_recours", on="2027-07-15", by="ana", facts=facts)
    shell("tick", on="2027-10-20")
    return shell


def corrected(shell: Shell, received: str) -> list[str]:
    facts = (f"recours_recu_le={received}",)
    return shell(
        "correct", "1", "--reason", "Accusé de réception", on="2027-10-20", by="ana", facts=facts
    ).lines


SILENCE = "« Constater le rejet par le silence de la commission » (ligne 6)"
FOLLOWED = f"{SILENCE} suit « Décision de la commission de médiation » : au 01/10/2027 au lieu du 15/10/2027"
WARNED = (
    f"Attention : {SILENCE} compte du vendredi 15 octobre 2027, mais « Décision de la commission de médiation » finit "
    "maintenant le lundi 1er novembre 2027, qui n’est pas passé : rien n’est encore acquis. Une réponse reçue d’ici là "
    "se note comme apprise après coup ; sinon, une fois ce jour passé, rectifiez le jour de l’acte (ligne 6)."
)


def test_a_correction_tells_the_silence_that_follows_and_the_dates_that_count_from_it(shell):
    lines = [line.strip() for line in corrected(shell, "2027-07-01")]
    assert FOLLOWED in lines
    moved = "Date déplacée : Dernier jour pour saisir le tribunal administratif, du 16/12/2027 au jeudi 2 décembre 2027"
    assert moved in lines
    assert not any(line.startswith("Attention") for line in lines)
    assert FOLLOWED in [line.strip() for line in shell("history", "1", on="2027-10-20").lines]
    why = [line.strip() for line in shell("why", "1", "recours_tribunal", on="2027-10-20").lines]
    assert any(line.startswith("Point de départ : vendredi 1er octobre 2027") for line in why)
    assert "rectifié le 20/10/2027 par Ana (ligne 8) : Accusé de réception" in why


def test_a_correction_warns_of_a_silence_that_is_not_acquired_any_more(shell):
    told = [line.strip() for line in corrected(shell, "2027-08-01") if "Attention" in line]
    assert told == [WARNED]
    assert WARNED in [line.strip() for line in shell("history", "1", on="2027-10-20").lines]
    (line,) = [one for one in shell.json("history", "1", on="2027-10-20") if one["kind"] == "correction"]
    assert (line["details"]["warnings"], line["details"]["kept"][0]["due_on"]) == (
        ["clock_to_come"],
        "2027-11-01",
    )


SEJOUR = """
workflow: sejour
version: 1
title: Un séjour
kind: parcours
roles: {staff: {agent: Agent}}
states:
  sejour:
    present: {label: Présent, turn: agent}
    parti:   {label: Parti, terminal: true}
facts:
  arrivee: {type: date, label: Arrivée, until: today}
  duree:   {type: choice, label: Durée, choices: {court: Court, long: Long}}
  fin:     {type: date, label: Fin écrite}
actions:
  entrer:    {label: Entrer, from: start, to: present, by: agent, form: [arrivee, duree], optional: fin}
  prolonger: {label: Prolonger, in: present, by: agent, optional: fin}
  partir:    {label: Partir, from: present, to: parti, by: agent}
deadlines:
  echeance:
    label: Fin de la période
    while: present
    due: {anchor: arrivee, after: {by: duree, cases: {court: P4M, long: P6M}}, renewed_by: prolonger, decided: fin}
    met_by: partir
    basis: law:six mois
"""


@pytest.fixture
def stay(tmp_path) -> Shell:
    shell = Shell(tmp_path)
    (tmp_path / "sejour.yaml").write_text(SEJOUR, encoding="utf-8")
    shell("db", "init", "--sandbox")
    shell("workflows", "add", str(tmp_path / "sejour.yaml"))
    shell("establishment", "add", "maison", "--name", "La Maison")
    shell("people", "add", "ana", "--name", "Ana", "--email", "ana@maison.example")
    shell("role", "add", "ana", "agent", "-e", "maison")
    return shell


def counted(shell: Shell) -> list[str]:
    """Give what `why` says from the start of the clock to its arithmetic."""
    lines = [line.strip() for line in shell("why", "1", "echeance", on="2027-03-02").lines]
    start = next(at for at, line in enumerate(lines) if line.startswith("Point de départ"))
    end = next(at for at, line in enumerate(lines) if line.startswith("Calcul"))
    return lines[start : end + 1]


START = "Point de départ : lundi 1er mars 2027, donnée « Arrivée », ligne 1 de l’historique (« Entrer »)"


def test_why_tells_the_true_start_of_a_date_written_in_a_decision(stay):
    facts = ("arrivee=2027-03-01", "duree=long", "fin=2027-09-15")
    stay("open", "sejour", "-e", "maison", on="2027-03-01", by="ana", facts=facts)
    chosen = "Délai choisi par « Durée » (Long) : 6 mois"
    written = "Une date écrite (« Fin écrite ») tient lieu de calcul : 15/09/2027"
    assert counted(stay) == [START, chosen, written, "Calcul : la date écrite, mercredi 15 septembre 2027"]
    assert stay.json("why", "1", "echeance", on="2027-03-02")["deadline"]["anchor"]["on"] == "2027-03-01"
    stay("perform", "1", "prolonger", on="2027-03-01", by="ana")
    assert counted(stay) == [
        START, chosen, "Renouvelée une fois", f"{written} ; la suite se compte d’elle",
        "Calcul : 6 mois après le mercredi 15 septembre 2027, soit le mercredi 15 mars 2028",
    ]  # fmt: skip


def test_why_tells_the_delay_that_was_chosen_and_how_often_it_was_renewed(stay):
    stay(
        "open",
        "sejour",
        "-e",
        "maison",
        on="2027-03-01",
        by="ana",
        facts=("arrivee=2027-03-01", "duree=court"),
    )
    stay("perform", "1", "prolonger", on="2027-03-01", by="ana")
    stay("perform", "1", "prolonger", on="2027-03-01", by="ana")
    assert counted(stay) == [
        START, "Délai choisi par « Durée » (Court) : 4 mois",
        "Renouvelée 2 fois : 3 fois 4 mois depuis le point de départ",
        "Calcul : 1 an après le lundi 1er mars 2027, soit le mercredi 1er mars 2028",
    ]  # fmt: skip
