"""`jalon demo`: the two stories, told day by day, in a sandbox that stays."""

import mailbox
import stat
from datetime import date

import pytest

from jalon import Engine, Settings
from jalon.interfaces.cli import run


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


def of_day(text: str, day: str) -> str:
    """What was told of one day."""
    return text.split(f"\n{day}\n", 1)[1].split("\n\n", 1)[0]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("Mardi 24 novembre 2026", "+ Contacter le candidat : pour le 02/12/2026"),
        ("Mardi 24 novembre 2026", "+ Tenir l'entretien : pour le 24/12/2026"),
        ("Jeudi 10 décembre 2026", "+ Notifier la décision : pour le 17/12/2026"),
        ("Vendredi 11 décembre 2026", "+ Réponse du candidat : pour le 21/12/2026"),
        ("Mardi 15 décembre 2026", "+ Échéance du séjour : pour le 15/12/2027"),
        ("Vendredi 13 août 2027", "@ « Échéance du 15/12/2027"),
        (
            "Dimanche 15 août 2027",
            "Ouvrir la revue de fin de période (automatique, règle : Échéance du séjour)",
        ),
        ("Mercredi 1er septembre 2027", "préavis de 3 mois"),
        ("Jeudi 18 novembre 2027", "+ Échéance du séjour : pour le 15/12/2028"),
        ("Mardi 11 juillet 2028", "Constater la sortie (Victor Roche)"),
        ("Samedi 16 décembre 2028", "Constater le dépassement (automatique, règle : Échéance du séjour)"),
        ("Lundi 18 décembre 2028", "Direction <diane@tilleuls.example>"),
        ("Lundi 15 janvier 2029", "+ Fin du préavis notifié : pour le 16/04/2029"),
    ],
)
def test_the_dates_are_those_of_the_scenarios(told, day, wanted):
    """Each date of S1 and S16 is told on its day."""
    assert wanted in of_day(told[1], day).replace("\u00a0", " ").replace("\u202f", " ")


def test_nobody_leaves_on_a_date(told):
    """The second household is still there after the last period ends, and no clock made it leave."""
    folder, _ = told
    engine = Engine(Settings(database=f"sqlite:///{folder / 'jalon.db'}", create=False))
    stays, leaves = engine.cases.get(2), engine.cases.get(1)
    assert (leaves.state, leaves.closed_on) == ("sorti", date(2028, 7, 11))
    assert (stays.state, stays.closed_on) == ("fin_de_sejour_notifiee", None)
    assert all(
        event.target not in ("sorti", "decede", "sans_suite")
        for case in (1, 2) for event in engine.cases.history(case) if event.actor.startswith("echeance:")
    )  # fmt: skip
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
    assert not any("Amina" in subject or "Boris" in subject for _, subject in found)


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
