"""Messages about an appointment, and those that an act has made: what they say, and when they leave no more."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.engines import Post, an_engine, at, dump, opened, suivi, written

from jalon import ActionRefused, Engine, NotFound

EVENING = ("2026-11-27", 20)  # a Friday: nothing leaves before Monday
MONDAY = ("2026-11-30", 9)
FIRST, SECOND = {"date_rdv": "2026-12-10"}, {"date_rdv": "2026-12-17"}
ACTS = """
  convoquer: {label: Convoquer, in: any, by: gardien, form: date_rdv, notify: courrier_rendez_vous}
  remettre: {label: Remettre, in: any, by: gardien, form: date_rdv, notify: rendez_vous_sejour}
  changer: {label: Changer, in: any, by: gardien, form: date_rdv}
  relancer: {label: Relancer, in: any, by: gardien, notify: courrier_rendez_vous}
  recevoir: {label: Recevoir, in: any, by: gardien}
  ecrire: {label: Écrire, in: any, by: gardien, form: note, notify: issue}
  alerter: {label: Alerter, in: any, by: gardien, notify: alerte}
"""
DEADLINES = """
  rencontre:
    label: Rencontre
    while: [ouvert, actif]
    due: {anchor: date_rdv}
    met_by: recevoir
    ladder: [{at: [-P1D, P1D], notify: courrier_rendez_vous, shift: aucun}]
  mairie:
    label: Réponse de la mairie
    while: ouvert
    due: {after: P5D*}
    who: mairie
    met_by: noter
    ladder: {at: P0D, notify: alerte, to: [chef, who], shift: aucun}
"""
NOTICES = """
  courrier_rendez_vous: {to: famille, about: date_rdv}
  rendez_vous_sejour: {to: famille, about: date_rdv, paper: famille}
  alerte: {to: gardien, urgent: true}
  issue: {to: [gardien, famille], paper: famille}
"""
CHANGES = {
    "\nwaivers:\n": "\n  date_rdv: {type: date, label: Rendez-vous fixé}\n\nwaivers:\n",
    "notices:\n": f"notices:{NOTICES}",
    "actions:\n": f"actions:{ACTS}",
    "deadlines:\n": f"deadlines:{DEADLINES}",
    "form: motif, place: free}": "form: motif, place: free, notify: issue}",
    "    place: occupy\n": "    place: occupy\n    notify: issue\n",
    "due: {anchor: rendez_vous_le}": 'due: {anchor: rendez_vous_le, hour: "20:00"}',
}


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def engine(database_url: str, post: Post, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "issue.txt.j2").write_text("Objet : Suite\n\nÉtat : {{ dossier.etat }}.\n", encoding="utf-8")
    (tmp_path / "alerte.txt.j2").write_text("Objet : Alerte\n\nVenez.\n", encoding="utf-8")
    with an_engine(database_url, transport=post, templates=tmp_path) as engine:
        engine.workflows.register(suivi(2, **CHANGES))
        at(engine, *EVENING)
        yield engine


def _do(engine: Engine, case: int, *acts: tuple[str, dict[str, Any]]) -> None:
    for action, facts in acts:
        engine.cases.perform(case, action, facts, by="gaia")


def _case(engine: Engine, *acts: tuple[str, dict[str, Any]]) -> int:
    case: int = opened(engine).id
    engine.cases.document(case, "attestation", by="gaia")
    _do(engine, case, *acts)
    return case


def _fates(engine: Engine) -> list[tuple[str, str, str | None]]:
    return [(one.template, one.status, one.error) for one in engine.notices.outbox()]


def _subject(engine: Engine) -> str:
    return engine.notices.outbox()[0].subject or ""


def _texts(post: Post) -> list[str]:
    return [message.get_body(("plain",)).get_content() for message in post.sent]


def test_an_appointment_of_a_case_that_has_ended_is_not_announced(engine: Engine, post: Post) -> None:
    _case(engine, ("convoquer", FIRST), ("remettre", FIRST), ("clore", {"motif": "Décès"}))
    told = [
        ("courrier_rendez_vous", "dropped", "date_replaced"),
        ("rendez_vous_sejour", "dropped", "case_ended"),
    ]
    assert [fate for fate in _fates(engine) if fate[0] != "issue"] == told
    at(engine, *MONDAY)
    engine.deliver()
    assert _texts(post) == ["État : Clos.\n"]
    assert engine.verify().sound


def test_an_appointment_that_is_moved_is_announced_once_with_its_last_date(
    engine: Engine, post: Post
) -> None:
    _case(engine, ("convoquer", FIRST), ("convoquer", SECOND))
    assert [status for _, status, _ in _fates(engine)] == ["dropped", "waiting"]
    at(engine, *MONDAY)
    engine.deliver()
    (text,) = _texts(post)
    assert "jeudi 17 décembre 2026" in text


def test_an_appointment_whose_day_is_over_is_announced_to_nobody(engine: Engine, post: Post) -> None:
    """By e-mail or on paper: it would ask somebody to come yesterday."""
    case = _case(engine, ("convoquer", {"date_rdv": "2026-11-29"}), ("remettre", {"date_rdv": "2026-11-29"}))
    at(engine, *MONDAY)
    engine.deliver()
    assert [error for _, _, error in _fates(engine)] == ["date_replaced", "date_passed"]
    assert post.sent == []
    engine.cases.correct(case, {"date_rdv": "2026-12-10"}, by="gaia", reason="Une faute de frappe")
    engine.deliver()
    assert _fates(engine)[1] == ("rendez_vous_sejour", "paper", None)
    assert "10/12/2026" in str(engine.notices.outbox()[1].subject)


def test_on_the_day_of_the_appointment_it_is_still_announced(engine: Engine, post: Post) -> None:
    _case(engine, ("convoquer", {"date_rdv": "2026-11-30"}))
    at(engine, *MONDAY)
    engine.deliver()
    assert len(post.sent) == 1


def test_what_is_said_of_an_appointment_afterwards_leaves_once_it_is_over(engine: Engine, post: Post) -> None:
    """The act has given no other day: nothing is announced."""
    _case(engine, ("changer", {"date_rdv": "2026-11-28"}), ("relancer", {}))
    at(engine, *MONDAY)
    engine.deliver()
    assert len(post.sent) == 1


def test_an_appointment_that_was_held_is_not_announced_any_more(engine: Engine, post: Post) -> None:
    case = _case(engine, ("convoquer", FIRST), ("noter", {"note": "Vu"}))
    assert [status for _, status, _ in _fates(engine)] == ["waiting"]
    _do(engine, case, ("recevoir", {}))
    assert _fates(engine) == [("courrier_rendez_vous", "dropped", "date_held")]
    engine.cases.annul(case, by="gaia", reason="Une erreur")
    assert _fates(engine) == [("courrier_rendez_vous", "waiting", None)]
    assert engine.verify().sound


def test_the_next_appointment_is_announced_though_the_one_before_is_recorded_afterwards(
    engine: Engine, post: Post
) -> None:
    """The visit of the 10th, typed on the 11th once the next was fixed, keeps the 10th: the 17th is still to tell."""
    case = _case(engine, ("changer", FIRST))
    at(engine, "2026-12-11", 20)
    _do(engine, case, ("convoquer", SECOND))
    engine.cases.perform(case, "recevoir", by="gaia", on=date(2026, 12, 10))
    assert _fates(engine)[-1] == ("courrier_rendez_vous", "waiting", None)
    at(engine, "2026-12-14", 9)
    engine.deliver()
    assert "jeudi 17 décembre 2026" in _texts(post)[-1]


def test_that_an_appointment_was_moved_is_told_though_its_new_day_is_over(engine: Engine, post: Post) -> None:
    """They would come on the day that they were told before."""
    case = _case(engine, ("changer", FIRST))
    _do(engine, case, ("convoquer", {"date_rdv": "2026-11-28"}))
    at(engine, *MONDAY)
    engine.deliver()
    assert _fates(engine) == [("courrier_rendez_vous", "sent", None)]


def test_a_reminder_of_a_day_that_is_over_does_not_leave_late(engine: Engine, post: Post) -> None:
    """Its rung is of before the day; one that follows it still leaves."""
    _case(engine, ("changer", {"date_rdv": "2026-12-02"}))
    at(engine, "2026-12-07", 9)
    engine.tick()
    about = [fate for fate in _fates(engine) if fate[0] == "courrier_rendez_vous"]
    assert about == [
        ("courrier_rendez_vous", "dropped", "date_passed"),
        ("courrier_rendez_vous", "sent", None),
    ]


# -- at any hour


def test_an_urgent_message_leaves_by_night_for_those_who_work_there(engine: Engine, post: Post) -> None:
    at(engine, "2026-11-28", 23)  # a Saturday
    case = _case(engine, ("alerter", {}))
    engine.deliver()
    assert [str(message["To"]) for message in post.sent] == ["Gaia <gaia@maison.example>"]
    _do(engine, case, ("convoquer", FIRST))
    engine.deliver()
    assert len(post.sent) == 1


def test_an_urgent_message_reaches_who_is_outside_in_the_morning(engine: Engine, post: Post) -> None:
    """The checker refuses them by name: they can only be those from whom something is awaited."""
    opened(engine, {"contact_mairie": {"name": "Mairie", "email": "accueil@mairie.example"}})
    at(engine, "2026-12-02", 22)
    engine.tick()
    assert [(one.role, one.status) for one in engine.notices.outbox()][-2:] == [
        ("chef", "sent"),
        ("mairie", "waiting"),
    ]
    at(engine, "2026-12-03", 9)
    engine.deliver()
    assert str(post.sent[-1]["To"]) == "Mairie <accueil@mairie.example>"


def test_what_has_left_or_was_handed_over_is_not_taken_back(engine: Engine) -> None:
    case = _case(engine, ("convoquer", FIRST))
    at(engine, *MONDAY)
    engine.deliver()
    _do(engine, case, ("remettre", FIRST))
    engine.notices.handed_over(2, by="gaia")
    _do(engine, case, ("remettre", SECOND), ("clore", {"motif": "Départ"}))
    assert [status for _, status, _ in _fates(engine)][:3] == ["sent", "sent", "dropped"]


def test_the_act_annulled_what_it_had_dropped_leaves_after_all(engine: Engine, post: Post) -> None:
    case = _case(engine, ("convoquer", FIRST), ("convoquer", SECOND))
    engine.cases.annul(case, by="gaia", reason="Une erreur")
    at(engine, *MONDAY)
    engine.deliver()
    (text,) = _texts(post)
    assert "jeudi 10 décembre 2026" in text
    assert engine.verify().sound


def test_the_end_annulled_a_paper_waits_again(engine: Engine) -> None:
    case = _case(engine, ("remettre", FIRST), ("clore", {"motif": "Décès"}))
    engine.cases.annul(case, by="gaia", reason="Une erreur")
    assert [fate for fate in _fates(engine) if fate[0] != "issue"] == [("rendez_vous_sejour", "paper", None)]


def test_a_date_put_right_is_the_one_that_waits_to_be_told(engine: Engine, post: Post) -> None:
    """Nobody would be told if a correction dropped the message: it leaves, or is printed, with the right date."""
    case = _case(engine, ("remettre", FIRST))
    at(engine, *MONDAY)
    engine.deliver()
    assert "10/12/2026" in _subject(engine)
    engine.cases.correct(case, SECOND, by="gaia", reason="Une faute de frappe")
    engine.deliver()
    assert "17/12/2026" in _subject(engine)
    _do(engine, case, ("changer", FIRST))
    engine.deliver()
    assert "10/12/2026" in _subject(engine)


def test_a_message_tells_the_state_in_which_its_act_left_the_case(engine: Engine, post: Post) -> None:
    """By e-mail as on paper, whatever followed before it left."""
    _case(engine, ("entrer", {"logement": "A1"}), ("visiter", {}), ("clore", {"motif": "Départ"}))
    at(engine, *MONDAY)
    engine.deliver()
    assert _texts(post) == ["État : Actif.\n", "État : Clos.\n"]
    papers = engine.notices.outbox(status=["paper"])
    assert [engine.notices.read(one.id).text for one in papers] == ["État : Actif.\n", "État : Clos.\n"]


def test_a_reminder_of_a_date_that_has_an_hour_says_it(engine: Engine, post: Post) -> None:
    opened(engine, {"rendez_vous_le": "2026-12-03"})
    at(engine, "2026-12-01", 9)
    engine.tick()
    (text,) = _texts(post)
    assert "jeudi 3 décembre 2026 à 20\u00a0h, dans 2\u00a0jours" in text
    assert "03/12/2026 à 20\u00a0h" in str(post.sent[0]["Subject"])


# -- a paper that has no object any more


def test_a_paper_without_object_is_dropped_and_the_history_says_why(engine: Engine) -> None:
    case = _case(engine, ("entrer", {"logement": "A1"}))
    (paper,) = engine.notices.outbox(status=["paper"])
    revision = engine.cases.get(case).revision
    told = engine.notices.drop(paper.id, by="chloe", reason="La personne est décédée")
    assert (told.status, told.error) == ("dropped", "no_purpose")
    line = engine.cases.history(case)[-1]
    assert (line.kind, line.actor, line.body["notice"]) == ("withdrawn", "chloe", paper.id)
    assert line.body["reason"] == "La personne est décédée"
    assert engine.cases.get(case).revision == revision, "who reads the case need not read it again"
    assert [item for item in engine.deadlines.pending() if item.kind == "paper"] == []
    assert engine.verify().sound


def test_only_a_paper_that_waits_is_dropped_with_a_reason_by_who_sees_it(engine: Engine) -> None:
    _case(engine, ("entrer", {"logement": "A1"}))
    mail, paper = engine.notices.outbox()
    with pytest.raises(NotFound):
        engine.notices.drop(paper.id, by="luc", reason="Ailleurs")
    with pytest.raises(ActionRefused, match="reason_missing"):
        engine.notices.drop(paper.id, by="gaia", reason=" ")
    with pytest.raises(ActionRefused, match="notice_status"):
        engine.notices.drop(mail.id, by="gaia", reason="Il partira")
    engine.notices.handed_over(paper.id, by="gaia")
    with pytest.raises(ActionRefused, match="notice_status"):
        engine.notices.drop(paper.id, by="gaia", reason="Trop tard")
    assert [event.kind for event in engine.cases.history(1)].count("withdrawn") == 0


def test_a_drop_is_part_of_the_transaction_of_the_host(engine: Engine) -> None:
    _case(engine, ("entrer", {"logement": "A1"}))
    (paper,) = engine.notices.outbox(status=["paper"])
    before = dump(engine)
    with engine._world.database.engine.connect() as connection:
        engine.notices.drop(paper.id, by="gaia", reason="Sans objet", session=connection)
        connection.rollback()
    assert dump(engine) == before


def test_a_row_dropped_by_nobody_is_found(engine: Engine) -> None:
    _case(engine, ("entrer", {"logement": "A1"}))
    written(engine, "UPDATE jalon_notices SET status='dropped', error='no_purpose' WHERE status='paper'")
    assert [fault.what for fault in engine.verify().faults] == ["notices"]


def test_a_paper_not_handed_over_tells_its_act_as_it_is_put_right(engine: Engine, tmp_path: Path) -> None:
    """Its day, then a fact of it; a paper of another act, or one that was handed over, stays as it was."""
    what = "{{ faits.motif if faits.motif is defined else faits.logement }}"
    text = f"Objet : Suite\n\n{{{{ acte.date|date_longue }}}}, {what}.\n"
    (tmp_path / "issue.txt.j2").write_text(text, encoding="utf-8")
    case = _case(engine, ("entrer", {"logement": "A1"}))
    at(engine, *MONDAY)
    engine.deliver()
    _do(engine, case, ("clore", {"motif": "Départ"}))
    engine.deliver()
    entry, closing = (one.id for one in engine.notices.outbox(status=["paper"]))
    assert engine.notices.read(closing).text == "lundi 30 novembre 2026, Départ.\n"
    last = engine.cases.history(case)[-1].seq
    engine.cases.correct(case, by="gaia", reason="La veille", on=date(2026, 11, 28), act=last)
    engine.cases.correct(case, {"motif": "Relogement"}, by="gaia", reason="Une faute")
    engine.deliver()
    assert engine.notices.read(closing).text == "samedi 28 novembre 2026, Relogement.\n"
    assert engine.notices.read(entry).text == "vendredi 27 novembre 2026, A1.\n"
    engine.notices.handed_over(closing, by="gaia")
    engine.cases.correct(case, {"motif": "Départ"}, by="gaia", reason="Relu")
    engine.deliver()
    assert engine.notices.read(closing).text == "samedi 28 novembre 2026, Relogement.\n"


def test_of_two_papers_that_told_a_fact_the_last_is_the_one_put_right(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "issue.txt.j2").write_text("Objet : Note\n\n{{ faits.note }}\n", encoding="utf-8")
    case = _case(engine)
    for note in ("Une", "Deux"):
        _do(engine, case, ("ecrire", {"note": note}))
        at(engine, *MONDAY)
        engine.deliver()
    engine.cases.correct(case, {"note": "Trois"}, by="gaia", reason="Relu")
    engine.deliver()
    papers = engine.notices.outbox(status=["paper"])
    assert [engine.notices.read(one.id).text for one in papers] == ["Une\n", "Trois\n"]
