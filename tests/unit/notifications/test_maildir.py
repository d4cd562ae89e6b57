"""The mail folder: closed to others, each message once, and complete or absent."""

import email
import stat
from email import policy
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.ports import ConnectionLost, PermanentFailure
from jalon.notifications.maildir import Maildir


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def new(path: Path) -> list[Path]:
    return sorted((path / "new").iterdir())


def test_a_message_is_written_as_it_is_sent(tmp_path: Path, letter: Any) -> None:
    message = letter()
    with Maildir(tmp_path / "courriels").session() as session:
        session.send(message)
    [file] = new(tmp_path / "courriels")
    assert file.read_bytes() == message.as_bytes()
    assert email.message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == message["Subject"]


def test_the_folder_and_its_files_are_closed_to_others(tmp_path: Path, letter: Any) -> None:
    folder = tmp_path / "a" / "courriels"
    with Maildir(folder).session() as session:
        session.send(letter())
    assert {mode(path) for path in (folder, *folder.iterdir())} == {0o700}
    assert {mode(path) for path in new(folder)} == {0o600}


def test_nothing_is_created_before_the_first_message(tmp_path: Path) -> None:
    with Maildir(tmp_path / "courriels").session():
        pass
    assert not (tmp_path / "courriels").exists()


def test_the_same_notice_sent_again_adds_nothing(tmp_path: Path, letter: Any) -> None:
    for _ in range(2):
        with Maildir(tmp_path).session() as session:
            session.send(letter("un"))
            session.send(letter("deux"))
    assert len(new(tmp_path)) == 2
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_notice_already_read_is_not_written_again(tmp_path: Path, letter: Any) -> None:
    """A mail reader moves what was seen to cur/, with flags after a colon."""
    with Maildir(tmp_path).session() as session:
        session.send(letter())
        [file] = new(tmp_path)
        file.rename(tmp_path / "cur" / f"{file.name}:2,S")
        session.send(letter())
    assert new(tmp_path) == []


def test_a_draft_left_by_a_crash_does_not_count(tmp_path: Path, letter: Any) -> None:
    """Killed between the draft and its place in new/: the message is sent again, whole."""
    with Maildir(tmp_path).session() as session:
        session.send(letter())
        [file] = new(tmp_path)
        file.rename(tmp_path / "tmp" / f"{file.name}.1.1")
        again = letter()
        session.send(again)
    assert [path.read_bytes() for path in new(tmp_path)] == [again.as_bytes()]


def test_a_folder_that_cannot_be_written_stops_the_pass(tmp_path: Path, letter: Any) -> None:
    (tmp_path / "courriels").write_text("a file stands there")
    with Maildir(tmp_path / "courriels").session() as session, pytest.raises(ConnectionLost):
        session.send(letter())


def test_a_message_without_identifier_is_refused_for_good(tmp_path: Path, letter: Any) -> None:
    message = letter()
    del message["Message-ID"]
    with Maildir(tmp_path).session() as session, pytest.raises(PermanentFailure):
        session.send(message)
