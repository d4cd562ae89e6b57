"""S3 (DOMAIN §7): a no-show, a missing document, a reasoned refusal; and its variant, two no-shows."""

from collections.abc import Callable
from pathlib import Path

from support.house import ASKED, INTERVIEW, UNFAVOURABLE, Story, patient, rendez_vous
from support.tales import (
    Recorded,
    Step,
    act,
    dates_of,
    documents,
    last_word,
    lines,
    messages,
    open_dates,
    picture,
    play,
    refused,
    sent,
    told,
)

from jalon import Engine

Open = Callable[..., Engine]

FIRST_DAY, LAST_DAY = "2027-01-04", "2027-04-12"

NO_SHOW = [
    act("2027-01-04", "recevoir_orientation",
        armed={"contact": "2027-01-12", "entretien": "2027-02-04", "caducite": "2027-04-04"}),  # a Sunday, not moved
    act("2027-01-04", "planifier_entretien", rendez_vous("2027-01-14"),
        met={"contact": "2027-01-12"},
        armed={"rendez_vous": "2027-01-14"}),
    act("2027-01-14", "absence", rendez_vous("2027-01-28"),
        met={"rendez_vous": "2027-01-14"},
        armed={"rendez_vous": "2027-01-28"}),
    refused("2027-01-14", "constater_non_presentation", {}, "Il faut deux absences avant de classer."),
]  # fmt: skip

NO_SHOW_MESSAGES = """
2027-01-05  convocation_preadmission  candidat travailleur_social_referent
2027-01-07  rappel_entretien          candidat
2027-01-12  rappel_entretien          candidat
2027-01-13  rappel_entretien          candidat
2027-01-15  absence_entretien         candidat travailleur_social_referent
2027-01-19  rappel_echeance           coordinatrice_actions_sociales
2027-01-21  rappel_entretien          candidat
2027-01-26  rappel_entretien          candidat
2027-01-27  rappel_entretien          candidat
"""

UNREASONED = {**UNFAVOURABLE, "motifs": "  "}

S3 = [
    *NO_SHOW,
    documents("2027-01-28", *(kind for kind in ASKED if kind != "avis_imposition")),
    act("2027-01-28", "tenir_entretien", INTERVIEW,
        met={"rendez_vous": "2027-01-28", "entretien": "2027-02-04", "caducite": "2027-04-04"},
        armed={"commission": "2027-02-12"}),
    refused("2027-01-28", "inscrire_commission", {}, "Pièce manquante : Avis d'imposition."),
    act("2027-01-28", "constater_manque", {"documents_manquants": "avis_imposition"},
        void={"commission": "2027-02-12"},
        armed={"pieces": "2027-02-12"}),
    documents("2027-02-02", "avis_imposition"),
    act("2027-02-02", "completer",
        met={"pieces": "2027-02-12"},
        resumed={"commission": "2027-02-12"}),
    act("2027-02-03", "inscrire_commission"),
    refused("2027-02-04", "decider_defavorable", UNREASONED, "La décision doit être motivée.", by="colette"),
    act("2027-02-04", "decider_defavorable", UNFAVOURABLE, by="colette",
        met={"commission": "2027-02-12"},
        armed={"notification": "2027-02-11", "suites_siao": "2027-02-11"}),
    act("2027-02-04", "informer_siao", met={"suites_siao": "2027-02-11"}),
]  # fmt: skip

S3_MESSAGES = f"""
{NO_SHOW_MESSAGES}
2027-01-29  documents_manquants   candidat travailleur_social_referent
2027-02-05  decision_defavorable  candidat travailleur_social_referent siao
2027-02-05  retour_siao           siao
"""

RECEIVED = {"mode_remise": "lrar", "decision_recue_le": "2027-02-08"}
NOTIFIED = act("2027-02-08", "notifier_decision", RECEIVED,
               met={"notification": "2027-02-11"})  # fmt: skip
NOTIFIED_PUBLIC = act("2027-02-08", "notifier_decision", RECEIVED,
                      met={"notification": "2027-02-11"},
                      armed={"recours": "2027-04-09"})  # fmt: skip

VARIANT = [
    *NO_SHOW,
    act("2027-01-28", "absence",
        met={"rendez_vous": "2027-01-28"}),
    act("2027-01-28", "constater_non_presentation",
        void={"entretien": "2027-02-04", "caducite": "2027-04-04"},
        armed={"suites_siao": "2027-02-04"}),
    act("2027-01-28", "informer_siao", met={"suites_siao": "2027-02-04"}),
]  # fmt: skip

# Closed the same day: nobody is told any more to call for another date.
VARIANT_MESSAGES = f"""
{NO_SHOW_MESSAGES}
2027-01-29  retour_siao  siao
"""


def day_by_day(engine: Engine, steps: list[Step]) -> Story:
    story = play(Story(engine), steps)
    story.to(LAST_DAY)
    return story


def public(engine: Engine) -> Engine:
    engine.establishments.set_parameter("ophis", "rs_temporaire", "decision_publique", True)
    return engine


def test_every_date_and_every_message_of_a_reasoned_refusal(opened: Open, sqlite_url: str) -> None:
    steps = [*S3, NOTIFIED_PUBLIC]
    story = day_by_day(public(opened(sqlite_url, on=FIRST_DAY, transport=Recorded())), steps)
    engine, case = story.engine, story.case.id
    assert told(engine, case) == lines(steps)
    assert dates_of(engine, case) == last_word(steps)
    assert sent(engine, case) == messages(S3_MESSAGES)
    assert engine.cases.get(case).state == "refuse"


def test_the_appeal_date_is_shown_where_the_refusal_is_a_public_decision(
    opened: Open, sqlite_url: str
) -> None:
    engine = public(opened(sqlite_url, on=FIRST_DAY))
    story = play(Story(engine, passes=False), [*S3, NOTIFIED_PUBLIC])
    shown = engine.deadlines.pending(case=story.case.id)
    assert [(line.name, line.due_on.isoformat(), line.informative) for line in shown] == [
        ("recours", "2027-04-09", True)
    ]
    story.to(LAST_DAY)
    assert engine.deadlines.pending(case=story.case.id) == ()  # it calls for nothing once past


def test_no_appeal_date_is_shown_where_the_refusal_is_not_a_public_decision(
    opened: Open, sqlite_url: str
) -> None:
    steps = [*S3, NOTIFIED]
    story = day_by_day(opened(sqlite_url, on=FIRST_DAY, transport=Recorded()), steps)
    engine, case = story.engine, story.case.id
    assert told(engine, case) == lines(steps)
    assert dates_of(engine, case) == last_word(steps)
    assert sent(engine, case) == messages(S3_MESSAGES)
    assert open_dates(engine, case) == {}


def test_two_absences_end_without_a_refusal(opened: Open, sqlite_url: str) -> None:
    story = day_by_day(opened(sqlite_url, on=FIRST_DAY, transport=Recorded()), VARIANT)
    engine, case = story.engine, story.engine.cases.get(story.case.id)
    assert told(engine, case.id) == lines(VARIANT)
    assert dates_of(engine, case.id) == last_word(VARIANT)
    assert sent(engine, case.id) == messages(VARIANT_MESSAGES)
    assert (case.state, case.facts["motif_sans_suite"]) == ("sans_suite", "non_presentation")
    assert "motif_refus" not in case.facts
    assert not {"notification", "recours"} & set(dates_of(engine, case.id))


def test_with_no_pass_but_those_that_acts_bring_the_history_is_the_same(opened: Open, tmp_path: Path) -> None:
    for number, steps in enumerate(([*S3, NOTIFIED_PUBLIC], VARIANT)):
        daily, lazy = (
            public(
                opened(
                    f"sqlite:///{tmp_path / f'{way}{number}.db'}",
                    on=FIRST_DAY,
                    transport=Recorded(),
                    workflow=patient(),
                )
            )
            for way in ("daily", "lazy")
        )
        played = day_by_day(daily, steps)
        story = play(Story(lazy, passes=False), steps)
        story.to(LAST_DAY, 9)
        lazy.tick()
        assert picture(lazy, story.case.id) == picture(daily, played.case.id)
