"""What would follow on a case: dates counted by hand, each with what it rests on."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from support.house import programme
from support.timely import HORLOGES

from jalon import load
from jalon.domain.calendars import Calendar
from jalon.domain.context import House
from jalon.domain.forecast import MOST_FORESEEN, foresee, repeats
from jalon.domain.future import Foreseen, Standing
from jalon.domain.ladder import plan
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry
from jalon.domain.workflow import Workflow

HOUSE = House("ophis", "Résidence des Tilleuls", Calendar())


def day(text: str) -> date:
    return date.fromisoformat(text)


def standing(
    workflow: Workflow, today: str, *acts: tuple[Any, ...], played: str | None = None, **changed: Any
) -> Standing:  # fmt: skip
    """A case as its acts leave it: (day, action, source, target, facts); its rows say what the fold says.

    `played` is the day up to which the clock has acted, today unless it is said.
    """
    entries = [
        Entry(seq, day(on), action, "claire", source, target, facts[0] if facts else {})
        for seq, (on, action, source, target, *facts) in enumerate(acts, 1)
    ]
    parameters = {name: one.default for name, one in workflow.parameters.items()} | changed
    now = day(today)
    items = schedule(workflow, entries, now, parameters, HOUSE.calendar)
    opened = tuple(item for item in items if item.status == "open")
    awaited = frozenset(
        (item.name, item.key, rung.id)
        for item in opened
        for rung in plan(workflow.deadlines[item.name], item, HOUSE, parameters, now)
        if rung.kind == "act" and rung.day > day(played or today)
    )
    return Standing(workflow, entries, opened, awaited, HOUSE, parameters, now)


def ophis(today: str = "2026-12-20", *more: tuple[Any, ...], played: str | None = None) -> Standing:
    """The stay of S1: a contract of one year from 15 December 2026, renewed once at most."""
    return standing(
        programme(), today,
        ("2026-12-15", "signer", "admis", "contrat_signe", {"date_effet": day("2026-12-15")}),
        ("2026-12-15", "entrer", "contrat_signe", "en_sejour"),
        *more,
        played=played,
    )  # fmt: skip


def of(case: Standing, until: str, name: str) -> list[Foreseen]:
    return [one for one in foresee(case, day(until)).found if one.item.name == name]


def dates(found: list[Foreseen]) -> list[str]:
    return [one.item.due_on.isoformat() for one in found]


def rests_on(one: Foreseen) -> list[tuple[str, str | None]]:
    return [(assumption.code, assumption.data.get("on")) for assumption in one.assumptions]


def steps(one: Foreseen) -> list[tuple[str, str]]:
    return [(rung.day.isoformat(), rung.kind) for rung in one.rungs]


def test_a_renewal_on_its_date_gives_the_second_year_and_its_whole_ladder():
    """S1, step 6: E2 = 2028-12-15; each reminder that falls on a closed day leaves before it, the alert after."""
    case = ophis()
    assert [item.due_on for item in case.opened if item.name == "echeance_sejour"] == [day("2027-12-15")]
    (second,) = of(case, "2036-12-20", "echeance_sejour")
    assert (second.item.due_on, second.item.k, second.item.last) == (day("2028-12-15"), 2, True)
    assert rests_on(second) == [("renewed", "2027-12-15")]
    assert second.assumptions[0].data["action_label"] == "Renouveler le séjour"
    assert steps(second) == [
        ("2028-06-15", "notice"), ("2028-08-14", "notice"), ("2028-08-15", "act"), ("2028-10-13", "notice"),
        ("2028-11-15", "notice"), ("2028-12-08", "notice"), ("2028-12-15", "notice"), ("2028-12-16", "act"),
        ("2028-12-18", "notice"),
    ]  # fmt: skip


def test_a_date_that_hangs_on_a_renewed_one_follows_it():
    """S1: the last day on which a notice of three months is of use is 2028-09-15, said a fortnight before."""
    (last_day,) = of(ophis(), "2036-12-20", "preavis_conditions")
    assert last_day.item.due_on == day("2028-09-15")
    assert rests_on(last_day) == [("renewed", "2027-12-15")]
    assert steps(last_day) == [("2028-09-01", "notice"), ("2028-09-15", "notice")]


def test_nothing_is_renewed_more_often_than_the_house_allows():
    """One renewal: two periods in all; two: three, the third ending on 2029-12-15."""
    assert dates(of(ophis(), "2036-12-20", "echeance_sejour")) == ["2028-12-15"]
    twice = standing(
        programme(), "2026-12-20",
        ("2026-12-15", "signer", "admis", "contrat_signe", {"date_effet": day("2026-12-15")}),
        ("2026-12-15", "entrer", "contrat_signe", "en_sejour"), renouvellements=2,
    )  # fmt: skip
    second, third = of(twice, "2036-12-20", "echeance_sejour")
    assert (second.item.due_on, third.item.due_on) == (day("2028-12-15"), day("2029-12-15"))
    assert rests_on(third) == [("renewed", "2027-12-15"), ("renewed", "2028-12-15")]
    assert not of(ophis(), "2027-12-14", "echeance_sejour")  # the day of the renewal is beyond the horizon


def test_the_monthly_visits_of_a_year_are_those_of_the_calendar():
    """Anchored on 15 December; a visit moved by a weekend, Whit Monday or the Assumption moves no other (R12)."""
    found = of(ophis("2027-01-10"), "2028-01-10", "visite")
    assert dates(found) == [
        "2027-02-15", "2027-03-15", "2027-04-15", "2027-05-18", "2027-06-15", "2027-07-15", "2027-08-16",
        "2027-09-15", "2027-10-15", "2027-11-15", "2027-12-15",
    ]  # fmt: skip
    reminded = [step for one in found for step, kind in steps(one) if kind == "notice"]
    assert reminded == [
        "2027-02-11", "2027-03-11", "2027-04-13", "2027-05-13", "2027-06-11", "2027-07-12", "2027-08-12",
        "2027-09-13", "2027-10-13", "2027-11-10", "2027-12-13",
    ]  # fmt: skip
    assert {code for one in found for code, _ in rests_on(one)} == {"rhythm_continues"}
    assert found[0].assumptions[0].data == {
        "deadline": "visite",
        "label": "Visite à domicile",
        "every": "P1M",
    }


def test_the_acts_of_the_clock_are_played_and_what_they_bring_is_told():
    """Nobody renews: the overstay is stated on 2027-12-16; a month later, a Sunday, direction must have decided."""
    case = ophis()
    first, second = of(case, "2029-02-01", "decision_depassement")
    assert (first.item.due_on, first.state) == (day("2028-01-17"), "depassement")
    assert rests_on(first) == [("clock_acts", "2027-12-16")]
    assert first.assumptions[0].data["action"] == "constater_depassement"
    assert steps(first)[:3] == [("2028-01-10", "notice"), ("2028-01-17", "notice"), ("2028-01-18", "notice")]
    assert (second.item.due_on, rests_on(second)) == (
        day("2029-01-16"),
        [("renewed", "2027-12-15"), ("clock_acts", "2028-12-16")],
    )


def test_what_the_clock_brings_whatever_people_do_is_told_once():
    """Not played since the end of the stay, the clock will state the overstay as of 16 December; that is all."""
    review = ("2027-08-15", "ouvrir_revue", "en_sejour", "renouvellement_a_instruire")
    case = ophis("2027-12-20", review, played="2027-12-01")
    (decision,) = of(case, "2028-03-01", "decision_depassement")
    assert (decision.item.due_on, rests_on(decision)) == (day("2028-01-17"), [("clock_acts", "2027-12-16")])
    assert not of(case, "2029-01-01", "echeance_sejour")  # nobody can say when a stay that is over is renewed


def test_the_review_that_the_clock_opens_does_not_stop_the_renewal():
    """`ouvrir_revue` moves the case four months before; the renewal is possible from there."""
    case = ophis("2027-09-01", ("2027-08-15", "ouvrir_revue", "en_sejour", "renouvellement_a_instruire"))
    assert dates(of(case, "2029-01-01", "echeance_sejour")) == ["2028-12-15"]


def test_a_case_that_leaves_the_stay_is_renewed_no_more():
    case = ophis("2027-02-05", ("2027-02-01", "donner_conge", "en_sejour", "preavis_resident"))
    assert not of(case, "2029-01-01", "echeance_sejour")


def test_an_alert_that_repeats_is_told_as_long_as_the_state_lasts():
    """The overstay of 2027-12-16 was due on 2028-01-17: an alert the day after, then every week."""
    case = ophis("2028-01-20", ("2027-12-16", "constater_depassement", "en_sejour", "depassement"))
    (item,) = [one for one in case.opened if one.name == "decision_depassement"]
    found = list(repeats(case, item, day("2028-02-20")))
    assert [rung.day for rung, _ in found] == [
        day("2028-01-25"), day("2028-02-01"), day("2028-02-08"), day("2028-02-15"),
    ]  # fmt: skip
    assert {remains.code for _, remains in found} == {"state_remains"}
    assert found[0][1].data["state"] == "depassement"


# -- every kind of clock


def horloges(today: str = "2027-01-10", *more: tuple[Any, ...]) -> Standing:
    """A request taken up on Friday 1 January 2027, under a contract of that day."""
    return standing(
        load(HORLOGES), today,
        ("2027-01-01", "recevoir", None, "recue"),
        ("2027-01-01", "prendre", "recue", "en_cours", {"date_contrat": day("2027-01-01")}),
        *more,
    )  # fmt: skip


def test_renewals_end_with_their_cap():
    """Six months, renewed up to four years from the first contract: the last date is 2031-01-01."""
    found = of(horloges(), "2036-12-20", "avec_plafond")
    assert dates(found) == [
        "2028-01-01", "2028-07-01", "2029-01-01", "2029-07-01", "2030-01-01", "2030-07-01", "2031-01-01",
    ]  # fmt: skip
    assert found[-1].item.last
    assert rests_on(found[0]) == [("renewed", "2027-07-01")]


def test_a_rhythm_of_the_calendar_rests_in_august_and_stops_with_the_measure():
    """First Thursdays: 7 January is past; unless renewed, the measure ends on 1 July."""
    alone = [one for one in of(horloges(), "2027-12-31", "chaque_mois") if len(one.assumptions) == 1]
    assert dates(alone) == ["2027-03-04", "2027-04-01", "2027-05-06", "2027-06-03", "2027-07-01"]
    renewed = [one for one in of(horloges(), "2027-12-31", "chaque_mois") if len(one.assumptions) > 1]
    assert dates(renewed) == ["2027-09-02", "2027-10-07", "2027-11-04", "2027-12-02"]
    assert {tuple(code for code, _ in rests_on(one)) for one in renewed} == {("renewed", "rhythm_continues")}


def test_a_rhythm_whose_dates_all_wait_goes_on_as_each_is_met():
    """Payments on the 15th, the oldest first: 15 January is open; each next one supposes the one before made."""
    found = of(horloges(), "2027-05-31", "le_quinze")
    assert dates(found) == ["2027-02-15", "2027-03-15", "2027-04-15", "2027-05-18"]
    assert {code for one in found for code, _ in rests_on(one)} == {"rhythm_continues"}


def test_what_stands_still_brings_nothing():
    """A suspended clock has no date to come; nor have its reminders."""
    case = horloges("2027-02-10", ("2027-02-01", "suspendre", "en_cours", "suspendue"))
    (item,) = [one for one in case.opened if one.name == "suspendue_et_reprise"]
    assert item.suspended_on == day("2027-02-01")
    assert not of(case, "2030-01-01", "suspendue_et_reprise")
    assert not list(repeats(case, item, day("2030-01-01")))


def test_too_many_dates_are_cut_and_said():
    """A rhythm of a fortnight has 260 dates and 520 reminders in ten years: some hundreds are kept, the nearest."""
    found = foresee(horloges(), day("2037-01-10"))
    assert "chaque_quinzaine" in found.truncated
    assert "avec_plafond" not in found.truncated
    kept = [one for one in found.found if one.item.name == "chaque_quinzaine"]
    assert sum(1 + len(one.rungs) for one in kept) == MOST_FORESEEN
    assert kept[0].item.due_on == day("2027-01-29")
    apart = {b.item.legal_on - a.item.legal_on for a, b in pairwise(kept)}
    assert apart == {timedelta(days=14)}
    assert not foresee(horloges(), day("2028-01-10")).truncated
