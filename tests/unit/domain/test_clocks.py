"""Every clock of the language on one made workflow; each date counted by hand."""

from datetime import UTC, date, datetime

import pytest
from support.clocks import Clocks

from jalon import Calendar
from jalon.domain.context import House

TAKEN = (("2027-01-04", "recevoir"), ("2027-01-11", "prendre", {"date_contrat": "2027-01-11"}))

# -- hours


def test_hours_run_from_the_instant_of_the_act():
    clocks = Clocks(("2026-12-24T21:40", "recevoir"))  # 22:40 in Paris
    item = clocks.one("en_heures", "2026-12-24")
    assert item.due_at == datetime(2026, 12, 26, 21, 40, tzinfo=UTC)
    assert (item.legal_on, item.due_on) == (
        date(2026, 12, 26),
        date(2026, 12, 26),
    )  # a Saturday: open every day
    assert clocks.ladder("en_heures", "2026-12-24") == [
        "2026-12-25T02:40 +PT4H:task", "2026-12-26T20:40 -PT2H:notice", "2026-12-27T08:00 P1D:notice",
    ]  # fmt: skip


def test_hours_run_from_an_instant_that_was_told_and_through_a_clock_change():
    clocks = Clocks(("2027-03-27T18:00", "recevoir", {"signale_le": "2027-03-27T19:00"}))
    # 48 hours pass, one of which the clocks of Paris skip in the night of the 28th
    assert clocks.one("en_heures", "2027-03-27").due_at == datetime(2027, 3, 29, 18, 0, tzinfo=UTC)
    assert clocks.ladder("en_heures", "2027-03-27")[1] == "2027-03-29T18:00 -PT2H:notice"


def test_an_act_dated_to_another_day_counts_from_its_midnight():
    clocks = Clocks(("2027-01-05", "recevoir"))
    assert clocks.one("en_heures", "2027-01-05").due_at == datetime(2027, 1, 6, 23, 0, tzinfo=UTC)


def test_a_house_counts_hours_by_its_own_clock():
    island = House("ile", "Île", Calendar("la-reunion"), "Indian/Reunion")
    clocks = Clocks(("2027-01-05", "recevoir", {"signale_le": "2027-01-05T10:00"}), house=island)
    assert clocks.one("en_heures", "2027-01-05").due_at == datetime(2027, 1, 7, 6, 0, tzinfo=UTC)


def test_a_date_with_an_hour_is_an_instant_and_its_reminders_follow():
    clocks = Clocks(*TAKEN, ("2027-01-12", "fixer_rdv", {"date_rdv": "2027-03-29", "heure_rdv": "14:30"}))
    assert clocks.one("a_l_heure", "2027-01-12").due_at == datetime(
        2027, 3, 29, 12, 30, tzinfo=UTC
    )  # summer time
    assert clocks.ladder("a_l_heure", "2027-01-12") == [
        "2027-03-22T08:00 -P7D:notice", "2027-03-25T08:00 -P2B:notice", "2027-03-29T11:30 -PT3H:notice",
    ]  # fmt: skip


# -- rhythms


def test_the_first_thursday_rests_in_august_and_ends_with_the_measure():
    clocks = Clocks(*TAKEN)  # the measure ends on 2027-07-11
    assert clocks.told("chaque_mois", "2027-12-31") == [
        "2027-02-04 missed", "2027-03-04 missed", "2027-04-01 missed", "2027-05-06 missed", "2027-06-03 missed",
        "2027-07-01 missed",
    ]  # fmt: skip
    clocks.do("2027-07-05", "renouveler")  # until 2028-01-11: after July comes September
    assert clocks.told("chaque_mois", "2027-12-31")[6:] == [
        "2027-09-02 missed", "2027-10-07 missed", "2027-11-04 missed", "2027-12-02 missed", "2028-01-06 open",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2027-02-04", ["2027-02-04 met", "2027-03-04 open"]),
        ("2027-02-05", ["2027-02-04 missed", "2027-03-04 met", "2027-04-01 open"]),
        ("2027-03-04", ["2027-02-04 missed", "2027-03-04 met", "2027-04-01 open"]),
    ],
)
def test_by_its_period_an_act_belongs_to_the_first_date_on_or_after_its_day(day, told):
    assert Clocks(*TAKEN, (day, "reunir")).told("chaque_mois", "2027-03-04") == told


def test_a_fortnight_gives_way_half_way_and_a_holiday_does_not_move_the_series():
    clocks = Clocks(("2027-01-04", "recevoir"), ("2027-03-01", "prendre", {"date_contrat": "2027-03-01"}))
    # 29 March is Easter Monday (R12); each gives way a week after its date
    assert clocks.told("chaque_quinzaine", "2027-04-26") == [
        "2027-03-15 missed", "2027-03-30 missed", "2027-04-12 missed", "2027-04-26 open",
    ]  # fmt: skip
    clocks.do("2027-04-26", "visiter").do("2027-04-27", "visiter")  # a second visit meets nothing more
    assert clocks.told("chaque_quinzaine", "2027-04-28")[3:] == ["2027-04-26 met", "2027-05-10 open"]


def test_where_the_oldest_is_met_nothing_lapses():
    clocks = Clocks(*TAKEN)
    # the dates come one after another and stay open; 15 May 2027 is the Saturday of Whitsun
    late = ["2027-02-15", "2027-03-15", "2027-04-15", "2027-05-18"]
    assert clocks.told("le_quinze", "2027-05-20") == ["2027-01-15 open", *(f"{day} open" for day in late)]
    clocks.do("2027-05-20", "payer")
    assert clocks.told("le_quinze", "2027-05-20") == ["2027-01-15 met", *(f"{day} open" for day in late)]
    clocks.do("2027-05-21", "payer")
    assert clocks.told("le_quinze", "2027-05-21")[1:3] == ["2027-02-15 met", "2027-03-15 open"]
    clocks.do("2027-06-01", "clore")
    assert {line.split()[1] for line in clocks.told("le_quinze", "2027-07-01")[2:]} == {"void"}


def test_an_act_may_meet_all_up_to_its_day():
    clocks = Clocks(*TAKEN, ("2027-03-30", "declarer"))
    # five working days before the ends of January (Sunday 31st), February (Sunday 28th) and March (Easter Monday)
    assert clocks.told("avant_la_fin_du_mois", "2027-03-30") == [
        "2027-01-25 met", "2027-02-22 met", "2027-03-23 met", "2027-04-23 open",
    ]  # fmt: skip


def test_a_step_may_fall_on_a_day_of_the_month():
    clocks = Clocks(*TAKEN)
    assert clocks.ladder("avant_la_fin_du_mois", "2027-01-11")[:2] == [
        "2026-12-31T08:00 ~le-1er:notice", "2027-01-04T08:00 ~premier-lundi:notice",
    ]  # fmt: skip  # 1 January is a holiday: the reminder leaves the day before


def test_the_act_that_starts_an_average_renews_nothing():
    from jalon import loads
    from jalon.domain.schedule import schedule
    from jalon.domain.timeline import Entry

    workflow = loads(AVERAGE)
    days = ["2027-03-01", "2027-03-15", "2027-03-30", "2027-04-12"]
    acts = [Entry(1, date(2027, 2, 22), "ouvrir", "samir", target="cours")]
    acts += [Entry(2 + index, date.fromisoformat(day), "voir", "samir") for index, day in enumerate(days)]
    (item,) = [
        one for one in schedule(workflow, acts, date(2027, 4, 12), {}, Calendar()) if one.status == "open"
    ]
    assert item.due_on == date(2027, 5, 4)  # 16 days a meeting, four meetings: DOMAIN, S9


AVERAGE = """
workflow: moyenne
version: 1
title: Moyenne
kind: mesure
roles: {staff: {cesf: CESF}}
states:
  ouverture: {cours: {label: En cours, turn: cesf}}
  cloture:   {fini: {label: Finie, terminal: true}}
actions:
  ouvrir: {label: Ouvrir, from: start, to: cours, by: cesf}
  voir:   {label: Voir, in: cours, by: cesf}
  clore:  {label: Clore, from: cours, to: fini, by: cesf}
deadlines:
  rythme:
    label: Plus de seize jours en moyenne
    while: cours
    due: {anchor: {first: voir}, after: P16D, renewed_by: voir}
    basis: seed:003
"""


# -- suspension and interruption


def test_a_suspension_keeps_the_remainder():
    clocks = Clocks(*TAKEN)
    assert clocks.one("suspendue_et_reprise", "2027-01-11").due_on == date(2027, 3, 11)
    clocks.do("2027-02-01", "suspendre")
    stopped = clocks.one("suspendue_et_reprise", "2027-06-01")
    assert (stopped.suspended_on, stopped.due_on) == (date(2027, 2, 1), date(2027, 3, 11))
    assert clocks.ladder("suspendue_et_reprise", "2027-06-01") == []
    clocks.do("2027-02-15", "reprendre")  # fourteen days
    running = clocks.one("suspendue_et_reprise", "2027-02-15")
    assert (running.suspended_on, running.paused, running.due_on) == (None, 14, date(2027, 3, 25))
    clocks.do("2027-03-25", "suspendre").do("2027-03-27", "reprendre")  # on its last day it still runs
    assert clocks.one("suspendue_et_reprise", "2027-03-27").due_on == date(2027, 3, 27)
    clocks.do("2027-03-29", "suspendre").do("2027-04-29", "reprendre")  # one that has ended is not lengthened
    assert clocks.one("suspendue_et_reprise", "2027-04-29").due_on == date(2027, 3, 27)
    assert len(clocks.all("suspendue_et_reprise", "2027-04-29")) == 1


def test_an_interruption_wipes_out_the_time_elapsed():
    clocks = Clocks(*TAKEN, ("2027-01-12", "noter_dette", {"date_dette": "2026-02-28"}))
    first = clocks.one("interrompue", "2027-01-12")
    assert (first.due_on, first.restarted) == (date(2031, 2, 28), None)
    clocks.do("2027-06-30", "reconnaitre")
    again = clocks.one("interrompue", "2027-06-30")
    assert (again.due_on, again.restarted, again.key) == (date(2032, 6, 30), "reconnaitre", first.key)
    assert (again.anchor_on, again.source.name) == (date(2027, 6, 30), "reconnaitre")
    clocks.do("2027-07-01", "solder").do("2027-07-02", "reconnaitre")  # nothing runs any more
    assert clocks.told("interrompue", "2027-07-02") == ["2032-06-30 met"]


# -- caps, rules that changed, seasons, dates to act by


def test_renewals_never_go_beyond_the_cap():
    clocks = Clocks(*TAKEN)
    days = ["2027-07-11", "2028-01-11", "2028-07-11", "2029-01-11", "2029-07-11", "2030-01-11", "2030-07-11"]
    for day in days:
        assert str(clocks.one("avec_plafond", day).due_on) == day
        assert clocks.one("avec_plafond", day).cap_on == date(2031, 1, 11)
        clocks.do(day, "renouveler")
    last = clocks.one("avec_plafond", "2030-07-11")
    assert (last.due_on, last.last) == (date(2031, 1, 11), True)
    clocks.do("2030-12-01", "renouveler")
    assert clocks.one("avec_plafond", "2030-12-01").due_on == date(2031, 1, 11)


def test_a_written_date_does_not_go_beyond_the_cap_either():
    clocks = Clocks(*TAKEN, ("2027-07-01", "renouveler", {"fin_decidee": "2040-01-01"}))
    assert clocks.one("avec_plafond", "2027-07-01").due_on == date(2031, 1, 11)


@pytest.mark.parametrize(
    ("judged", "due"),
    [("2024-12-31", "2025-02-28"), ("2025-01-01", "2025-02-12"), ("2026-06-30", "2026-08-11"),
     ("2026-07-01", "2026-08-01"), ("2027-01-31", "2027-02-28")],
)  # fmt: skip
def test_a_rule_that_changed_keeps_what_began_before(judged, due):
    clocks = Clocks(*TAKEN, ("2027-02-01", "juger", {"date_jugement": judged}))
    assert str(clocks.one("selon_la_date", "2027-02-01").due_on) == due


@pytest.mark.parametrize(
    ("judged", "legal", "due"),
    [
        ("2029-09-17", "2030-04-01", "2030-04-01"),  # 17 November is in the truce: DOMAIN, S16
        ("2028-08-31", "2028-10-31", "2028-10-31"),  # the eve of the truce
        ("2028-02-28", "2028-04-28", "2028-04-28"),
        ("2029-11-01", "2030-04-01", "2030-04-01"),
    ],
)
def test_a_date_waits_for_the_end_of_the_truce(judged, legal, due):
    clocks = Clocks(*TAKEN, ("2030-01-01", "juger", {"date_jugement": judged}))
    item = clocks.one("apres_la_treve", "2030-01-01")
    assert (str(item.legal_on), str(item.due_on)) == (legal, due)


def test_the_legal_date_stands_beside_the_day_to_act_by():
    clocks = Clocks(*TAKEN, ("2027-01-12", "notifier", {"decision_le": "2026-12-28"}))
    item = clocks.one("agir_avant", "2027-01-12")  # 28 February 2027 is a Sunday
    assert (item.legal_on, item.due_on, item.act_by) == (
        date(2027, 2, 28),
        date(2027, 2, 28),
        date(2027, 2, 26),
    )
    assert clocks.ladder("agir_avant", "2027-01-12") == [
        "2027-02-12T08:00 =-P15D:notice", "2027-03-01T08:00 =P1D:notice",
    ]  # fmt: skip


# -- postponing


def test_a_postponed_date_holds_until_the_facts_put_it_later():
    plain = Clocks(*TAKEN).one("suspendue_et_reprise", "2027-01-11")
    postponed = {("suspendue_et_reprise", plain.key): date(2027, 3, 20)}
    item = Clocks(*TAKEN, postponed=postponed).one("suspendue_et_reprise", "2027-01-11")
    assert (item.due_on, item.legal_on, item.postponed_from) == (
        date(2027, 3, 20), date(2027, 3, 11), date(2027, 3, 11),
    )  # fmt: skip
    later = Clocks(*TAKEN, ("2027-02-01", "suspendre"), ("2027-02-15", "reprendre"), postponed=postponed)
    moved = later.one("suspendue_et_reprise", "2027-02-15")
    assert (moved.due_on, moved.postponed_from) == (date(2027, 3, 25), None)


def test_postponing_one_date_of_a_rhythm_does_not_move_the_others():
    clocks = Clocks(*TAKEN)
    key = clocks.one("chaque_quinzaine", "2027-01-12").key
    postponed = Clocks(*TAKEN, postponed={("chaque_quinzaine", key): date(2027, 1, 28)})
    assert postponed.told("chaque_quinzaine", "2027-02-16") == [
        "2027-01-28 missed", "2027-02-08 missed", "2027-02-22 open",
    ]  # fmt: skip
