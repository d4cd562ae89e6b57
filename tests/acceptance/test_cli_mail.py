"""Messages from the command line: they leave once, in order; what cannot leave is said and can be mended."""

import signal
import socket
import sqlite3
import subprocess
import sys
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from support.shell import MEETING, ORIENTATION, Shell, furnished, opened

BROKEN = "Objet : Entretien\n\nBonjour, {{ faits.inexistant }}\n"


@pytest.fixture
def shell(tmp_path) -> Shell:
    """An interview is fixed: two messages wait."""
    shell = furnished(tmp_path)
    opened(shell)
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=2027-01-20", *MEETING),
    )
    return shell


class Kept:
    """A mail server that keeps what it is given, and refuses one address for good."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("ccas"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        message = message_from_bytes(envelope.original_content)
        self.subjects.append(str(make_header(decode_header(message["Subject"]))))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_messages_leave_once_to_a_maildir(shell):
    first = shell.tick("2027-01-05T11:00")
    assert first.lines[0] == "Rien n’était dû ; 2 messages partis."
    assert {letter["To"] for letter in shell.letters()} == {
        '"Amina K." <amina@menage.example>',
        "CCAS <ccas@ccas.example>",
    }
    assert shell.tick("2027-01-05T12:00").lines[0] == "Rien n’était dû ; aucun message à envoyer."
    assert len(shell.letters()) == 2


def test_a_tick_says_what_it_fired_and_where_messages_wait_without_a_way_out(shell):
    answer = shell("tick", on="2027-01-13")
    assert answer.lines == [
        "1 rappel.",
        "  D-0001  rappel : Entretien de préadmission, du mercredi 13 janvier 2027",
        "Aucune adresse d’envoi : les messages attendent (--smtp, ou JALON_SMTP).",
    ]
    assert {one["status"] for one in shell.json("outbox", on="2027-01-13")} == {"waiting"}


def test_a_tick_may_keep_the_messages(shell):
    assert shell.tick("2027-01-05T11:00", "--no-deliver").out == "Rien n’était dû.\n"
    assert shell.letters() == []


def test_a_delivery_stops_at_its_limit(shell):
    way_out = ("deliver", "--smtp", f"maildir:{shell.mail}")
    assert shell(*way_out, "--limit", "1", on="2027-01-05T11:00").out == "1 message parti.\n"
    assert shell.json(*way_out, on="2027-01-05T11:00")["delivered"]["sent"] == [2]


def test_a_server_that_is_down_loses_nothing_and_one_that_refuses_is_said(shell):
    """Down: everything waits, exit 1. Up: it leaves; the address refused for good is named, with what to do."""
    port = free_port()
    way_out = ("deliver", "--smtp", f"smtp://127.0.0.1:{port}?starttls=none")
    down = shell(*way_out, on="2027-01-05T11:00", code=1)
    assert down.out == "2 messages attendent.\n"
    assert (
        down.err
        == "Le serveur de messagerie ne répond pas : les messages attendent, ils partiront plus tard.\n"
    )
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        up = shell(*way_out, on="2027-01-05T12:00", code=1)
    finally:
        server.stop()
    assert up.out == "1 message parti et 1 refusé.\n"
    assert up.err == "Message n° 2 : il est refusé par le serveur de messagerie (jalon outbox show 2).\n"
    assert kept.subjects == ["Votre entretien du mercredi 20 janvier 2027"]
    stuck = shell("pending", on="2027-01-05T12:00", code=1)
    assert "  D-0001  Message n° 2 à Travailleur social prescripteur, en échec : " in stuck.out
    assert "jalon outbox retry 2" in stuck.out
    assert (
        shell("outbox", "retry", "2", on="2027-01-05T13:00").out
        == "Message n° 2 : partira au prochain envoi, 1 essai sans succès.\n"
    )
    assert shell.tick("2027-01-05T13:00").lines[0].endswith("1 message parti.")
    assert shell("pending", on="2027-01-05T13:00").code == 0


def test_a_server_that_refuses_the_sender_is_quoted(shell):
    class Closed:
        async def handle_MAIL(self, _server, _session, _envelope, _address, _options):
            return "550 5.7.1 sender not allowed"

    port = free_port()
    server = Controller(Closed(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        way_out = f"smtp://127.0.0.1:{port}?starttls=none"
        answer = shell("deliver", "--smtp", way_out, on="2027-01-05T11:00", code=1)
    finally:
        server.stop()
    assert answer.out == "2 messages attendent.\n"
    assert answer.err == (
        "Le serveur de messagerie refuse l’expéditeur (550 5.7.1 sender not allowed) : "
        "les messages attendent, ils partiront plus tard.\n"
    )


@pytest.mark.parametrize("words", [("show",), ("retry",), ("handed",)])
@pytest.mark.parametrize("who", ["intrus", "inconnu"])
def test_a_stranger_does_not_learn_that_a_message_exists(shell, words, who):
    shell("people", "add", "intrus", "--name", "Intrus")
    answers = [
        shell("outbox", *words, number, on="2027-01-05T11:00", by=who, code=1).err.replace(number, "N")
        for number in ("1", "999")
    ]
    assert answers[0] == answers[1]


def test_a_template_that_fails_blocks_no_case_and_is_mended(shell, tmp_path, monkeypatch):
    house = tmp_path / "modeles"
    house.mkdir()
    (house / "convocation_preadmission.txt.j2").write_text(BROKEN, "utf-8")
    failed = shell.tick("2027-01-05T11:00", "--templates", str(house), code=1)
    assert failed.err.startswith("Message n° 1 : il n’a pas pu être écrit (jalon outbox show 1).")
    assert shell.json("show", "1", on="2027-01-05")["state"] == "preadmission_planifiee"
    stuck = shell.json("pending", on="2027-01-05T12:00", code=1)
    assert [(item["notice"], bool(item["error"])) for item in stuck if item["kind"] == "message"] == [
        (1, True),
        (2, True),
    ]
    monkeypatch.setenv("JALON_TEMPLATES", str(house))
    assert shell("outbox", "show", "1", on="2027-01-05T12:00", code=1).err.startswith(
        "Le message « convocation_"
    )
    monkeypatch.delenv("JALON_TEMPLATES")
    for number in ("1", "2"):
        shell("outbox", "retry", number, on="2027-01-05T12:00")
    assert shell.tick("2027-01-05T12:00").lines[0].endswith("2 messages partis.")


def test_a_message_on_paper_is_printed_then_handed_over(tmp_path):
    """A household without an address: its sheet waits for someone to hand it over."""
    shell = furnished(tmp_path)
    shell("open", "rs_temporaire", "-e", "ophis", on="2027-01-04", by="claire", facts=(
        "ref_siao=1", "date_demande_siao=2026-12-15", "menage=Amina K.", "prescripteur=ccas@ccas.example"))  # fmt: skip
    shell(
        "perform",
        "1",
        "planifier_entretien",
        on="2027-01-05",
        by="claire",
        facts=("date_rdv=2027-01-20", *MEETING),
    )
    shell.tick("2027-01-05T11:00")
    shown = shell("outbox", "show", "1", on="2027-01-05T11:00").lines
    assert shown[:3] == [
        "Pour : Candidat",
        "État : à remettre sur papier",
        "Objet : Votre entretien du mercredi 20 janvier 2027",
    ]
    assert any(line.endswith("Bureau 2") for line in shown)
    listed = shell("pending", on="2027-01-06").lines
    assert "  D-0001  Message n° 1 à Candidat, à remettre sur papier" in listed
    handed = shell("outbox", "handed", "1", on="2027-01-06", by="claire")
    assert handed.out == "Message n° 1 : remis le 06/01/2027 à 10:00.\n"
    assert "sur papier" not in shell("pending", on="2027-01-06").out
    again = shell("outbox", "handed", "1", on="2027-01-06", by="claire", code=1)
    assert "Ce message est déjà parti" in again.err


def test_the_outbox_lists_what_each_message_became(shell):
    shell.tick("2027-01-05T11:00")
    lines = shell("outbox", "--status", "sent", on="2027-01-05T11:00").lines
    assert lines[0].split() == ["n°", "dossier", "objet", "pour", "état"]
    assert lines[1].startswith("1   D-0001   Votre entretien du mercredi 20 janvier 2027")
    assert lines[1].endswith("parti le 05/01/2027 à 11:00")
    assert shell("outbox", "--status", "failed", on="2027-01-05T11:00").out == "Aucun message.\n"


def test_a_paper_without_object_is_dropped_for_a_reason_that_the_history_keeps(tmp_path):
    """The candidate has no address and died: nobody will be handed the letter, and the list no longer asks for it."""
    shell = furnished(tmp_path)
    named = tuple(fact for fact in ORIENTATION if not fact.startswith("menage.email"))
    shell("open", "rs_temporaire", "-e", "ophis", on="2027-01-04", by="claire", facts=named)
    meeting = ("date_rdv=2027-01-20", *MEETING)
    shell("perform", "1", "planifier_entretien", on="2027-01-05", by="claire", facts=meeting)
    shell.tick("2027-01-05T11:00")
    waits = "jalon outbox show 1, puis jalon outbox handed 1 ; ou jalon outbox drop 1 s’il n’a plus d’objet"
    assert waits in shell("pending", on="2027-01-07", by="claire").out
    dropped = shell(
        "outbox", "drop", "1", "--reason", "La personne est décédée", on="2027-01-07", by="claire"
    )
    assert dropped.out == "Message n° 1 : abandonné : déclaré sans objet.\n"
    assert "outbox" not in shell("pending", on="2027-01-07", by="claire").out
    told = shell("history", "1", on="2027-01-07").lines
    line = next(place for place, text in enumerate(told) if "Message n° 1 déclaré sans objet" in text)
    assert told[line].endswith("Message n° 1 déclaré sans objet, pour : Candidat")
    assert told[line + 1].strip() == "Claire Martin ; saisi le 07/01/2027 à 10:00"
    assert told[line + 2].strip() == "Motif : La personne est décédée"
    again = shell("outbox", "drop", "1", "--reason", "Encore", on="2027-01-07", by="claire", code=1)
    assert again.err.splitlines()[-1] == "- Ce message est abandonné : cela ne s’applique pas à lui."


def test_a_link_and_a_sender_are_written_in_the_messages(tmp_path):
    """The reminder to Claire leads to the case; it leaves from the house's own address."""
    shell = furnished(tmp_path)
    opened(shell)
    words = ("--sender", "Les Tilleuls <tilleuls@ophis.example>", "--link", "https://ophis.example")
    shell.tick("2027-01-12T09:00", *words)
    letter = next(letter for letter in shell.letters() if "claire" in letter["To"])
    assert letter["From"] == "Les Tilleuls <tilleuls@ophis.example>"
    assert "https://ophis.example/dossiers/D-0001" in letter.get_body(("plain",)).get_content()


def test_a_case_that_cannot_be_played_is_set_aside_and_the_others_are(shell):
    """Its row is damaged: the pass says so, the list keeps it before the eyes, the other case has its reminder."""
    opened(shell, "2027-01-05")
    connection = sqlite3.connect(shell.database)
    connection.execute("UPDATE jalon_cases SET facts = json_set(facts, '$.menage', 'x') WHERE id = 1")
    connection.commit()
    connection.close()
    answer = shell("tick", "--no-deliver", on="2027-01-13", code=1)
    assert answer.err == "D-0001 : mis de côté, il sera repris plus tard (AttributeError).\n"
    assert "  D-0002  rappel : Contacter le candidat, du mercredi 13 janvier 2027" in answer.lines
    listed = shell("pending", on="2027-01-13", code=1).out
    assert (
        "  D-0001  Mis de côté, l’horloge n’a pas pu faire : Entretien de préadmission (AttributeError)"
        in listed
    )
    told = shell.json("tick", "--no-deliver", on="2027-01-13")
    assert (told["fired"], told["set_aside"]) == ([], [])


def test_a_worker_tells_each_tick_and_stops_when_it_is_asked(tmp_path):
    shell = furnished(tmp_path, sandbox=False)
    words = [
        "worker",
        "--every",
        "60",
        "--database",
        shell.database,
        "--smtp",
        f"maildir:{Path(tmp_path) / 'courriels'}",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "jalon", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("À l’œuvre, un passage toutes les 60 secondes")
        assert process.stdout.readline().endswith(" : rien n’était dû ; aucun message à envoyer\n")
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "Arrêté.\n"
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
