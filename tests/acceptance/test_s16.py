"""S16 (DOMAIN §7): the person stays beyond the last renewal, to the end of the notice. Nobody is made to leave."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.house import Story, a_case, an_engine, end_of_stay, paris, patient
from support.stay import (
    ADMISSION,
    ADMISSION_MESSAGES,
    FIRST_PERIOD_MESSAGES,
    RENEWAL,
    in_order,
    reminders,
    visits,
)
from support.tales import (
    Recorded,
    act,
    clock,
    dates_of,
    last_word,
    lines,
    messages,
    picture,
    play,
    refused,
    sent,
    told,
)

from jalon import Engine

Open = Callable[..., Engine]

LAST_DAY = "2029-04-17"

OVERSTAY = [
    clock("2028-08-15", "ouvrir_revue"),                             # 15 August: the act is not shifted
    refused("2028-09-18", "renouveler", {"motifs": "Encore une année.", "avenant_signe": True},
            "Le séjour a déjà été renouvelé une fois.", by="colette"),
    clock("2028-12-16", "constater_depassement",                     # a Saturday
          armed={"decision_depassement": "2029-01-16"}),
    act("2029-01-15", "notifier_fin", end_of_stay("conditions", "2029-01-15"), by="gaston",
        met={"decision_depassement": "2029-01-16"},
        void={"echeance_sejour": "2028-12-15", "preavis_conditions": "2028-09-15"},
        armed={"fin_preavis": "2029-04-16", "sortie": "2029-04-16"}),    # Sunday 15, rolled to Monday
    refused("2029-04-16", "assigner", {}, "Aucun préavis n'est arrivé à son terme.", by="gaston"),
    clock("2029-04-17", "tâche suite_du_preavis pour le 2029-04-25"),
    act("2029-04-17", "assigner", by="gaston",
        met={"fin_preavis": "2029-04-16"},
        void={"sortie": "2029-04-16"},
        armed={"procedure": "2029-07-17"}),
]  # fmt: skip

S16 = in_order(ADMISSION, visits("2029-04-16"), RENEWAL, OVERSTAY)

MESSAGES = f"""
{ADMISSION_MESSAGES}
{reminders("2029-04-16")}
{FIRST_PERIOD_MESSAGES}
2028-06-15  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2028-08-14  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2028-09-01  echeance_preavis_trois_mois   gestionnaire_residences direction
2028-09-15  echeance_preavis_trois_mois   gestionnaire_residences direction
2028-10-13  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2028-10-13  echeance_contrat_resident     resident
2028-11-15  echeance_contrat_preparation  coordinatrice_actions_sociales gestionnaire_residences
2028-11-15  echeance_contrat_resident     resident
2028-12-08  rappel_echeance               coordinatrice_actions_sociales
2028-12-15  rappel_echeance               coordinatrice_actions_sociales
2028-12-18  echeance_depassee             direction
2029-01-09  rappel_echeance               direction
2029-04-09  rappel_echeance               gestionnaire_residences
2029-04-09  rendez_vous_sortie            resident charge_vie_residentielle
2029-04-13  rendez_vous_sortie            resident charge_vie_residentielle
2029-04-16  rappel_echeance               gestionnaire_residences
2029-04-17  echeance_depassee             direction
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story played day by day, once for the tests that look at it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('s16') / 'daily.db'}"
    with closing(an_engine(url, transport=Recorded())) as engine:
        yield play(Story(engine), S16)


def test_every_date_and_every_message_of_an_overstay(played: Story) -> None:
    engine, case = played.engine, played.case.id
    assert told(engine, case) == lines(S16)
    assert dates_of(engine, case) == last_word(S16)
    assert sent(engine, case) == messages(MESSAGES)
    assert engine.cases.get(case).state == "procedure_judiciaire"
    assert engine.verify().faults == ()


def test_no_clock_makes_the_person_leave(opened: Open, sqlite_url: str) -> None:
    """Three years after the échéance, with nobody acting, the person still lives there."""
    story = a_case(opened(sqlite_url), "en_sejour")
    story.to("2030-12-02", 9)
    story.engine.run_due()
    assert story.engine.cases.get(story.case.id).state == "depassement"


def test_with_no_pass_but_those_that_acts_bring_the_history_is_the_same(
    played: Story, opened: Open, sqlite_url: str
) -> None:
    lazy = opened(sqlite_url, transport=Recorded(), workflow=patient())
    story = play(Story(lazy, passes=False), S16)
    lazy.tick()
    assert picture(lazy, story.case.id) == picture(played.engine, played.case.id)


def test_one_pass_after_four_hundred_days_is_four_hundred_daily_passes(opened: Open, tmp_path: Path) -> None:
    """From the day of entry, nobody acting: reviews open, visits are missed, the échéance passes."""
    daily, lazy = (
        opened(f"sqlite:///{tmp_path / f'{way}.db'}", transport=Recorded(), workflow=patient())
        for way in ("daily", "lazy")
    )
    case = _left_alone(daily, lazy)
    assert picture(lazy, case) == picture(daily, case)
    assert daily.cases.get(case).state == "depassement"


def test_what_four_hundred_days_without_a_pass_drop_is_messages_and_each_is_told(
    opened: Open, tmp_path: Path
) -> None:
    """The dates, the tasks and the acts are the same; a message left, or the history says that it did not."""
    daily, lazy = (
        opened(f"sqlite:///{tmp_path / f'{way}.db'}", transport=Recorded()) for way in ("daily", "lazy")
    )
    case = _left_alone(daily, lazy)
    assert dates_of(lazy, case) == dates_of(daily, case)
    assert picture(lazy, case)["tasks"] == picture(daily, case)["tasks"]
    assert _acts(lazy, case) == _acts(daily, case)
    left, dropped = _messages(lazy, case)
    assert ("visite", 1, "-P2B:notice") in dropped
    assert ("visite", 13, "-P2B:notice") in left
    assert left | dropped == set().union(*_messages(daily, case))


def _left_alone(daily: Engine, lazy: Engine) -> int:
    """Admit someone in both; then let days pass, each with its pass in the first, one pass in all in the second."""
    for engine in (daily, lazy):
        play(Story(engine, passes=False), ADMISSION)
    Story(daily).to("2028-01-21")
    lazy._world.clock.set(paris("2028-01-21", 9))
    lazy.tick()
    return daily.cases.find()[0].id


def _acts(engine: Engine, case: int) -> list[tuple[date, str | None]]:
    return [(event.effective_on, event.action) for event in engine.cases.history(case) if event.kind == "act"]


def _messages(engine: Engine, case: int) -> tuple[set[Any], set[Any]]:
    """The steps whose message left, and those that the history says were dropped: deadline, occurrence, step."""
    left: set[Any] = set()
    dropped: set[Any] = set()
    for body in (event.body for event in engine.cases.history(case)):
        if body.get("notices") and "rung" in body:
            left.add((body["deadline"], body["ordinal"], body["rung"]))
        dropped.update((body["deadline"], one["ordinal"], one["rung"]) for one in body.get("dropped", ()))
    return left, dropped
