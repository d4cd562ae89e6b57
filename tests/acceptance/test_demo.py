"""`jalon demo`: eighteen months in four houses, told day by day, in a sandbox that stays."""

import mailbox
import stat
from datetime import date

import pytest

from jalon import Engine, Settings
from jalon.interfaces.cli import run
from jalon.interfaces.demo_stories import TALES


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The demonstration played once, and what it printed."""
    import contextlib
    import io

    folder = tmp_path_factory.mktemp("demo") / "demo"
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen):
        assert run(["demo", "--folder", str(folder)]) == 0
    return folder, screen.getvalue()


def of_day(text: str, house: str, day: str) -> str:
    """What was told of one day in one house."""
    timeline = text.split(f"━━ {house}\n", 1)[1].split("━━ ", 1)[0]
    return timeline.split(f"\n{day}\n", 1)[1].split("\n\n", 1)[0]


RESIDENCE, BEDS, SHELTER, MEASURES = (
    "Résidence des Tilleuls", "Lits halte soins santé", "Le Refuge", "Soliha, Grand Valentinois",
)  # fmt: skip


@pytest.mark.parametrize(
    ("house", "day", "wanted"),
    [
        # S1: the dates of the residence
        (RESIDENCE, "Mardi 24 novembre 2026", "+ Contacter le candidat : pour le 02/12/2026"),
        (RESIDENCE, "Mardi 24 novembre 2026", "+ Tenir l'entretien : pour le 24/12/2026"),
        (RESIDENCE, "Jeudi 10 décembre 2026", "+ Notifier la décision : pour le 17/12/2026"),
        (RESIDENCE, "Mardi 15 décembre 2026", "+ Échéance du séjour : pour le 15/12/2027"),
        (RESIDENCE, "Dimanche 15 août 2027", "Ouvrir la revue de fin de période (automatique"),
        (RESIDENCE, "Jeudi 18 novembre 2027", "+ Échéance du séjour : pour le 15/12/2028"),
        (RESIDENCE, "Jeudi 16 décembre 2027", "Constater le dépassement (automatique, règle : Échéance du séjour)"),
        # S5: two months from 31 December, opinions and renewals
        (BEDS, "Jeudi 31 décembre 2026", "+ Échéance des deux mois : pour le 28/02/2027"),
        (BEDS, "Vendredi 26 février 2027", "+ Échéance des deux mois : pour le 30/04/2027"),
        # S7: Christmas Eve, then the préfet's silence, which is an answer on its last day
        (SHELTER, "Jeudi 24 décembre 2026", "Mettre à l'abri"),
        (SHELTER, "Samedi 13 février 2027", "automatique"),
        # S9: a search of four months, a meeting missed
        (MEASURES, "Lundi 22 février 2027", "+ Fin de la mesure : pour le 22/06/2027"),
    ],
)  # fmt: skip
def test_the_dates_are_those_of_the_scenarios(told, house, day, wanted):
    """Each date of the scenarios is told on its day, in its house."""
    assert wanted in of_day(told[1], house, day).replace("\u00a0", " ").replace("\u202f", " ")


def test_it_says_who_waits_for_what_and_how_full_each_house_is(told):
    """A coordinator, a director and a CESF have their list, each kind of place its line, a deputy their messages."""
    _, text = told
    for line in ("Claire Martin, coordinatrice :", "Henri Vidal, directeur :", "Samir Kaci, CESF :"):
        assert line in text
    assert text.count("sur 6 le 24/05/2028") == 3
    assert "sur 8 le 24/05/2028" in text
    assert "à Léa Colin, qui le remplaçait" in text


def test_a_few_dozen_people_live_in_four_houses(told):
    """Every life is in the database, in its house, with the cases that its acts opened."""
    folder, _ = told
    engine = Engine(Settings(database=f"sqlite:///{folder / 'jalon.db'}", create=False))
    by_workflow = {}
    for case in engine.cases.find():
        by_workflow[case.workflow] = by_workflow.get(case.workflow, 0) + 1
    engine.close()
    assert len(TALES) > 30
    assert by_workflow == {
        "rs_temporaire": 7, "rs_permanent": 4, "lhss": 8, "chrs_urgence": 6, "chrs_insertion": 3, "asll_soliha": 7,
        "relogement": 1, "succession": 1,
    }  # fmt: skip


def test_nobody_leaves_on_a_date(told):
    """The second household is still there after its year ended, and no clock made anyone leave."""
    folder, _ = told
    engine = Engine(Settings(database=f"sqlite:///{folder / 'jalon.db'}", create=False))
    assert (engine.cases.get(2).state, engine.cases.get(2).closed_on) == ("depassement", None)
    assert engine.cases.get(2).state_since == date(2027, 12, 16)
    ended = [
        (case.number, event.target) for case in engine.cases.find() for event in engine.cases.history(case.id)
        if event.actor.startswith("echeance:") and event.target in engine.workflows.get(case.workflow).states
        and engine.workflows.get(case.workflow).states[event.target].terminal
    ]  # fmt: skip
    assert ended == []
    assert engine.sandbox
    assert engine.verify().sound
    engine.close()


def test_each_message_is_in_the_mail_folder_once(told):
    """What the outbox says it sent is what the folder holds; nobody's name is in a subject."""
    folder, text = told
    engine = Engine(Settings(database=f"sqlite:///{folder / 'jalon.db'}", create=False))
    sent = {notice.message_id for notice in engine.notices.outbox(status=("sent",))}
    engine.close()
    box = mailbox.Maildir(folder / "courriels", create=False)
    found = [(message["Message-ID"], str(message["Subject"])) for message in box]
    box.close()
    assert sorted(identifier for identifier, _ in found) == sorted(sent)
    assert f"{len(sent)} courriels partis" in text
    names = {tale.who.split()[0] for tale in TALES} - {"Famille", "Mme", "M."}
    assert not [subject for _, subject in found if names & set(subject.replace(",", " ").split())]


def test_what_it_writes_is_private(told):
    """The files are the user's alone."""
    folder, _ = told
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "jalon.db").stat().st_mode) == 0o600


def test_an_earlier_demonstration_is_kept(tmp_path, capsys):
    """Played again, it sets aside the sandbox that someone may have gone on with."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "jalon.db").write_text("mine")
    assert run(["demo", "--folder", str(folder)]) == 0
    assert (folder / "ancienne-1" / "jalon.db").read_text() == "mine"
    assert "ancienne-1" in capsys.readouterr().err
