"""Reminders that moves could lose: each is due again where its date is, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.engines import Post, an_engine, at, entered, opened, suivi

from jalon import Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url, transport=Post()) as engine:
        yield engine


def _ladder(engine: Engine, case: int, deadline: str) -> list[tuple[str, str, str]]:
    ladder = engine.deadlines.explain(case, deadline).ladder
    return [(rung.rung, rung.day.isoformat(), rung.status) for rung in ladder]


def test_what_fell_while_a_case_was_wrongly_closed_leaves_once_it_is_given_back(engine: Engine) -> None:
    """The visit of 23 January would have been reminded on the 21st, the end of the stay on the 23rd."""
    case = entered(engine).id
    at(engine, "2026-12-21")
    engine.run_due()
    engine.cases.perform(case, "visiter", by="gaia")
    at(engine, "2027-01-20")
    engine.cases.perform(case, "clore", {"motif": "parti"}, by="gaia")
    at(engine, "2027-01-26")
    assert engine.run_due().fired == []
    engine.cases.annul(case, by="gaia", reason="mauvais dossier")
    fired = {(one.deadline, one.rung, one.day.isoformat(), one.late) for one in engine.run_due().fired}
    assert fired == {
        ("visite", "-P2D:notice", "2027-01-21", True), ("sejour", "-P1M:notice", "2027-01-23", True),
    }  # fmt: skip
    assert engine.verify().sound


def test_an_alert_of_this_morning_leaves_although_the_date_was_learnt_later(engine: Engine) -> None:
    """Corrected at ten, the stay ended yesterday: the alert of today, at eight, has not been told to anyone."""
    engine.workflows.register(
        suivi(2, **{"due: {after: P3M*, renewed_by": "due: {anchor: rendez_vous_le, after: P3M*, renewed_by"})
    )
    case = opened(engine, {"rendez_vous_le": "2026-11-23"}).id
    engine.cases.document(case, "attestation", by="gaia")
    engine.cases.perform(case, "entrer", {"logement": "A1"}, by="gaia")
    at(engine, "2027-01-12", 9)
    engine.run_due()
    at(engine, "2027-01-12", 10)
    engine.cases.correct(case, {"rendez_vous_le": "2026-10-11"}, by="gaia", reason="date du contrat")
    assert _ladder(engine, case, "sejour") == [
        ("-P1M:notice", "2026-12-11", "skipped"), ("P1D:notice", "2027-01-12", "pending"),
    ]  # fmt: skip
    assert [(one.deadline, one.rung) for one in engine.run_due().fired] == [("sejour", "P1D:notice")]


def test_a_reminder_before_the_date_that_is_past_for_today_is_skipped(engine: Engine) -> None:
    """Opened at ten, the meeting in two days: its reminder was for eight."""
    case = opened(engine, {"rendez_vous_le": "2026-11-25"}).id
    assert _ladder(engine, case, "rendez_vous") == [("-P2D:notice", "2026-11-23", "skipped")]


def test_what_is_counted_from_the_anchor_moves_as_much_as_the_postponed_date(engine: Engine) -> None:
    engine.workflows.register(suivi(2, **{"- {at: -P3D, shift: aucun}": "- {after: P7D, shift: aucun}"}))
    case = opened(engine).id
    assert _ladder(engine, case, "reponse")[0] == ("+P7D:notice", "2026-11-30", "pending")
    engine.deadlines.postpone(
        case=case, deadline="reponse", to=date(2026, 12, 11), reason="absente", by="chloe"
    )  # eight days later
    assert _ladder(engine, case, "reponse")[0] == ("+P7D:notice", "2026-12-08", "pending")


def test_a_date_postponed_twice_gives_no_other_reason(engine: Engine) -> None:
    case = opened(engine).id
    for day in (11, 18):
        engine.deadlines.postpone(
            case=case, deadline="reponse", to=date(2026, 12, day), reason="absente", by="chloe"
        )
    changes = [line.body["changes"] for line in engine.cases.history(case) if line.kind == "postponement"]
    assert [[change.get("why") for change in line] for line in changes] == [[None], [None]]


def test_a_day_that_is_not_worked_is_shifted_as_the_rule_says(engine: Engine) -> None:
    engine.workflows.register(suivi(2, **{"due: {after: P10D*}": "due: {after: P10D*, shift: suivant}"}))
    case = opened(engine).id
    engine.deadlines.postpone(
        case=case, deadline="reponse", to=date(2026, 12, 12), reason="absente", by="chloe"
    )  # a Saturday
    assert engine.deadlines.explain(case, "reponse").item.due_on == date(2026, 12, 14)


@pytest.mark.parametrize(("late", "again"), [("", False), (", late: send", True)])
def test_a_message_to_be_sent_however_late_leaves_again_with_an_earlier_date(
    engine: Engine, late: str, again: bool
) -> None:
    """It told a date that someone counts on, and which was not right; a mere reminder has reminded."""
    engine.workflows.register(
        suivi(2, **{
            "due: {after: P3M*, renewed_by": "due: {anchor: rendez_vous_le, after: P3M*, renewed_by",
            "{at: -P1M, shift: aucun}": "{at: -P1M, shift: aucun" + late + "}",
        })
    )  # fmt: skip
    case = opened(engine, {"rendez_vous_le": "2026-11-23"}).id
    engine.cases.document(case, "attestation", by="gaia")
    engine.cases.perform(case, "entrer", {"logement": "A1"}, by="gaia")

    def leaves(day: str, met: str) -> list[str]:
        """Correct the day that the stay counts from, and give the dates of its messages that leave then."""
        engine.cases.correct(case, {"rendez_vous_le": met}, by="gaia", reason="date du contrat")
        at(engine, day)
        engine.run_due()
        assert engine.verify().sound
        lines = [line for line in engine.cases.history(case) if line.kind == "notice"]
        return [
            line.effective_on.isoformat() for line in lines
            if (line.body["deadline"], line.body["rung"]) == ("sejour", "-P1M:notice")
        ]  # fmt: skip

    at(engine, "2027-01-24")
    engine.run_due()
    told = ["2027-01-23"]
    assert leaves("2027-01-25", "2026-11-20") == (told := told + ["2027-01-20"] * again)
    assert leaves("2027-01-27", "2026-11-23") == (told := told + ["2027-01-23"] * again)
    engine.cases.correct(case, {"rendez_vous_le": "2026-12-10"}, by="gaia", reason="relu")
    assert leaves("2027-01-28", "2026-11-23") == told
    assert leaves("2027-02-03", "2026-12-02") == [*told, "2027-02-02"]


LETTER = {
    "due: {after: P3M*, renewed_by": "due: {anchor: rendez_vous_le, after: P3M*, renewed_by",
    "{at: -P1M, shift: aucun}": "{at: -P1M, shift: aucun, late: send, notify: rappel_visite, to: famille}",
}


def _letter(engine: Engine, **more: str) -> int:
    """A letter to the household on 23 January of what ends on 23 February, written on a Saturday evening."""
    engine.workflows.register(suivi(2, **LETTER, **more))
    case: int = opened(engine, {"rendez_vous_le": "2026-11-23"}).id
    engine.cases.document(case, "attestation", by="gaia")
    engine.cases.perform(case, "entrer", {"logement": "A1"}, by="gaia")
    at(engine, "2027-01-23", 21)
    engine.run_due()
    return case


def _letters(engine: Engine) -> list[tuple[str, str | None]]:
    return [(one.status, one.error) for one in engine.notices.outbox()
            if (one.rung, one.role) == ("-P1M:notice", "famille")]  # fmt: skip


def _met(engine: Engine, case: int, day: str) -> None:
    engine.cases.correct(case, {"rendez_vous_le": day}, by="gaia", reason="date du contrat")


def test_a_letter_that_waits_leaves_once_its_date_is_moved_and_moved_back(engine: Engine) -> None:
    case = _letter(engine)
    _met(engine, case, "2026-12-23")
    _met(engine, case, "2026-11-23")
    at(engine, "2027-01-25", 9)
    engine.run_due()
    engine.deliver()
    assert _letters(engine) == [("sent", None)]
    assert engine.verify().sound


def test_a_letter_on_paper_that_was_not_handed_over_gives_way_to_the_next(engine: Engine) -> None:
    case = _letter(
        engine,
        **{
            "rappel_visite: {to: [gardien, famille]}": "rappel_visite: {to: [gardien, famille], paper: famille}"
        },
    )
    for day in ("2026-11-20", "2026-11-23"):
        _met(engine, case, day)
        engine.run_due()
    assert _letters(engine) == [("dropped", "deadline_moved"), ("dropped", "deadline_moved"), ("paper", None)]
    assert engine.verify().sound


def test_what_a_letter_told_decides_whether_it_leaves_again(engine: Engine) -> None:
    """Not the day on which it leaves: the same Friday for two dates, another day for the same date."""
    case = _letter(engine, **{"shift: aucun, late: send": "shift: precedent, late: send"})
    assert len(_letters(engine)) == 1  # 23 January is a Saturday: it left on the 22nd
    engine.establishments.add("tilleuls", "Tilleuls", closures=[date(2027, 1, 22)])
    engine.run_due()
    assert len(_letters(engine)) == 1
    _met(engine, case, "2026-11-22")
    engine.run_due()
    assert len(_letters(engine)) == 2
    assert engine.verify().sound
