"""Which way out an address names, what is loaded for it, and when a message is tried again."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jalon.domain.errors import InputError
from jalon.notifications.backoff import next_attempt
from jalon.notifications.maildir import Maildir
from jalon.notifications.smtp import Smtp
from jalon.notifications.transport import transport

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_an_address_names_its_transport() -> None:
    assert isinstance(transport("smtp://h"), Smtp)
    assert isinstance(transport("smtps://h"), Smtp)
    folder = transport("maildir:demo/courriels")
    assert isinstance(folder, Maildir)
    assert folder.path == Path("demo/courriels")


@pytest.mark.parametrize("url", ["", "maildir:", "mail", "http://h", "file:/tmp/x"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        transport(url)


def test_a_mail_folder_loads_no_mail_client() -> None:
    code = (
        "import sys; from jalon.notifications.transport import transport; transport('maildir:x');"
        "print([m for m in ('smtplib', 'ssl', 'jinja2') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_waits_grow_and_stop_growing() -> None:
    waits = [next_attempt(attempts, NOW) - NOW for attempts in range(1, 9)]
    minutes, hours = [1, 5, 15, 60], [4, 12, 12, 12]
    assert waits == [timedelta(minutes=m) for m in minutes] + [timedelta(hours=h) for h in hours]


def test_a_wait_is_counted_in_elapsed_time() -> None:
    """Half an hour before the clocks change in Paris, a wait of an hour is an hour."""
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_attempt(4, now) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "now"), [(0, NOW), (-1, NOW), (1, datetime(2026, 11, 24, 9))])
def test_a_wait_that_makes_no_sense_is_refused(attempts: int, now: datetime) -> None:
    with pytest.raises(InputError):
        next_attempt(attempts, now)
