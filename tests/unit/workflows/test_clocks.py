"""The keys of the clocks, compiled: what the core reads is what the author wrote."""

import pytest
from support.documents import SMALL, spoiled
from support.timely import HORLOGES

from jalon import load, loads
from jalon.domain.deadline import Anchor, CatchUp, Dated, Pause, Restart
from jalon.domain.workflow import Season, Setting
from jalon.workflows.compiled import dump, restore
from jalon.workflows.load import examine

TIMELY = HORLOGES.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rules():
    return load(HORLOGES).deadlines


def test_every_clock_at_once_is_without_fault():
    workflow, problems = examine(HORLOGES)
    assert problems == []
    assert workflow.workflow == "horloges"


def test_hours_run_from_an_instant(rules):
    due = rules["en_heures"].due
    assert due.anchors == (
        Anchor(kind="fact", names=("signale_le",)), Anchor(kind="act", names=("recevoir",)),
    )  # fmt: skip
    assert (due.after, due.calendar) == (Setting(param="en_heures.after"), "continu")
    assert load(HORLOGES).parameters["en_heures.after"].default == "PT48H"


@pytest.mark.parametrize("after", ["P1DT12H*", "-PT2H*", "{until: {2026-01-01: PT24H*}, then: PT48H*}"])
def test_hours_are_taken_in_each_form_of_a_delay(after):
    text = spoiled("after: PT48H*, calendar", f"after: {after}, calendar", TIMELY)
    assert loads(text).deadlines["en_heures"].due.after is not None


def test_an_hour_is_written_or_comes_from_a_fact(rules):
    assert (rules["chaque_mois"].due.hour, rules["chaque_mois"].due.hour_of) == ("18:30", None)
    assert (rules["a_l_heure"].due.hour, rules["a_l_heure"].due.hour_of) == (None, "heure_rdv")


def test_steps_are_named_after_what_they_count_from(rules):
    names = ("en_heures", "avant_la_fin_du_mois", "agir_avant", "apres_la_treve")
    ladders = [rung for name in names for rung in rules[name].ladder]
    told = [(rung.id, rung.base, rung.delay, rung.shift) for rung in ladders]
    assert told == [
        ("+PT4H:task", "anchor", "PT4H", "aucun"), ("-PT2H:notice", "due", "-PT2H", "aucun"),
        ("P1D:notice", "due", "P1D", "suivant"),
        ("~le-1er:notice", "month", "le 1er", "precedent"),
        ("~premier-lundi:notice", "month", "premier lundi", "precedent"),
        ("=-P15D:notice", "legal", "-P15D", "precedent"), ("=P1D:notice", "legal", "P1D", "suivant"),
        ("-P15D:notice", "due", "-P15D", "precedent"), ("=P0D:notice", "legal", "P0D", "precedent"),
    ]  # fmt: skip
    late, early = rules["agir_avant"].ladder[1], rules["agir_avant"].ladder[0]
    assert (early.notify, late.notify) == (("rappel_echeance",), ("echeance_depassee",))


def test_a_step_of_the_month_has_a_name_that_anything_may_carry():
    text = spoiled(
        "month: [le 1, premier lundi]", "month: [2E  Mardi, P5B avant la fin du mois, fin de mois]", TIMELY
    )
    ladder = loads(text).deadlines["avant_la_fin_du_mois"].ladder
    assert [(rung.id, rung.delay) for rung in ladder] == [
        ("~deuxieme-mardi:notice", "deuxième mardi"),
        ("~p5b-avant-la-fin-du-mois:notice", "P5B avant la fin du mois"),
        ("~fin-de-mois:notice", "fin de mois"),
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("lundi", "lundi"), ("1er jeudi", "premier jeudi"), ("2e mardi", "deuxième mardi"), ("le 1", "le 1er"),
        ("le 31", "le 31"), ("dernier vendredi", "dernier vendredi"), ("fin de mois", "fin de mois"),
        ("P5B avant la fin du mois", "P5B avant la fin du mois"), ("P14D", "P14D"),
    ],
)  # fmt: skip
def test_a_rhythm_is_kept_in_its_canonical_words(written, kept):
    text = spoiled(
        "every: le 15*, shift: suivant}", f"every: {written}, shift: suivant}}\n    basis: usage", TIMELY
    )
    assert loads(text).deadlines["le_quinze"].due.every == kept
    starred = loads(spoiled("every: le 15*", f"every: {written}*", TIMELY))
    assert starred.deadlines["le_quinze"].due.every == Setting(param="le_quinze.every")
    assert starred.parameters["le_quinze.every"].default == written


def test_a_rhythm_may_be_a_parameter_rest_in_some_months_and_end_with_a_deadline(rules):
    due = rules["chaque_mois"].due
    assert (due.every, due.not_in, due.until) == (Setting(param="jour_reunion"), (8,), "avec_plafond")
    assert rules["chaque_mois"].meets == "period"
    text = spoiled("not_in: aout", "not_in: [decembre, aout, juillet, aout]", TIMELY)
    assert loads(text).deadlines["chaque_mois"].due.not_in == (7, 8, 12)


def test_a_delay_that_changed_is_kept_in_the_order_of_its_dates(rules):
    assert rules["interrompue"].due.after == Dated(until={"2008-06-19": "P30Y"}, then="P5Y")
    text = spoiled("{2025-01-01: P2M, 2026-07-01: P6W}, then: P1M}", "{2026-07-01: P6W*, 2025-01-01: P2M}, then: P1M*}",
                   TIMELY)  # fmt: skip
    workflow = loads(text)
    after = workflow.deadlines["selon_la_date"].due.after
    assert list(after.until.items()) == [
        ("2025-01-01", "P2M"), ("2026-07-01", Setting(param="selon_la_date.after.2026-07-01")),
    ]  # fmt: skip
    assert after.then == Setting(param="selon_la_date.after.then")
    assert restore(dump(workflow)) == workflow


def test_caps_seasons_and_days_to_act_by(rules):
    assert rules["avec_plafond"].due.cap == "P4Y"
    assert rules["agir_avant"].due.act_by == "precedent"
    assert rules["apres_la_treve"].due.not_before == "treve_hivernale"
    assert load(HORLOGES).seasons["treve_hivernale"] == Season(
        label="Trêve hivernale", start="11-01", end="03-31", basis="law:CPCE L412-6"
    )
    leap = loads(spoiled("from: 07-01, to: 08-31", "from: 02-29, to: 02-29", TIMELY))
    assert leap.seasons["ete"].start == "02-29"


def test_what_stops_a_clock_or_makes_it_run_again_says_why(rules):
    assert rules["suspendue_et_reprise"].pauses == (
        Pause(states=("suspendue",), because="La personne est à l'hôpital."),
    )
    assert rules["interrompue"].restarts == (
        Restart(by=("reconnaitre",), because="La dette a été reconnue."),
    )


def test_what_an_outage_drops_is_all_unless_said(rules):
    assert rules["en_heures"].catch_up == CatchUp()
    assert rules["le_quinze"].catch_up == CatchUp(mode="none")
    assert rules["chaque_quinzaine"].catch_up == CatchUp(mode="latest")
    assert rules["a_l_heure"].catch_up == CatchUp(mode="within", within="P1D")
    text = spoiled("catch_up: {within: P1D}", "catch_up: {within: P2B*}", TIMELY)
    assert loads(text).parameters["a_l_heure.catch_up.within"].default == "P2B"


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("en_heures", ["direction"]),  # a star
        ("chaque_mois", ["direction"]),  # a parameter
        ("suspendue_et_reprise", ["agent", "direction"]),  # as written
        ("a_l_heure", []),  # no delay of its own
        ("avec_plafond", []),  # not a setting
        ("interrompue", []),  # the law
    ],
)
def test_who_supervises_may_postpone_what_the_house_chose(rules, name, roles):
    assert list(rules[name].postponed_by) == roles


def test_nobody_postpones_where_the_document_says_so_nor_what_the_law_sets():
    nobody = spoiled("postponed_by: [agent, direction]", "postponed_by: []", TIMELY)
    assert loads(nobody).deadlines["suspendue_et_reprise"].postponed_by == ()
    law = spoiled("postponed_by: [agent, direction]", "basis: law:CASF L1", TIMELY)
    assert loads(law).deadlines["suspendue_et_reprise"].postponed_by == ()
    written = "due: {anchor: le, after: P1D, every: P1M*}\n    basis: usage"
    mixed = spoiled("due: {anchor: le, every: P1M*}", written, SMALL)
    assert loads(mixed).deadlines["rythme"].postponed_by == ()


def test_conditions_on_averages_spans_and_seasons():
    actions = load(HORLOGES).actions
    average, recent, monthly = actions["evaluer"].requires
    assert (average.average, average.since) == (("visiter",), ("prendre",))
    assert average.at_most == Setting(param="evaluer.at_most")
    assert (recent.count, recent.within) == (("visiter",), Setting(param="evaluer.within"))
    assert (monthly.per, monthly.below) == ("mois", 1)
    (truce,) = actions["executer"].requires
    assert (truce.season, truce.is_) == ("treve_hivernale", "outside")
    assert actions["reorienter"].requires[0].is_ == "capped"
    assert actions["signaler"].requires[0].is_ == "missed"


def test_only_the_last_time_goes_with_a_cap_too():
    text = spoiled("    ladder: {at: [-P1M, P0D]}", "    ladder: {at: -P1M, only: last}", TIMELY)
    assert loads(text).deadlines["avec_plafond"].ladder[0].only == "last"
