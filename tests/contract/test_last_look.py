"""A case is read once for all its messages of a delivery, and again for whatever changed between two of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.engines import Post, an_engine, at, entered

from jalon import Engine

GAIA, AMINA = "gaia@maison.example", "amina@menage.example"
Change = Callable[[Engine, int], object]


class Interrupted(Post):
    """A way out during which, once the first message is taken, another process changes something."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], object] = lambda: None

    def send(self, message: EmailMessage) -> None:
        super().send(message)
        if len(self.sent) == 1:
            self.then()


@contextmanager
def _reminded(url: str, post: Post, **settings: Any) -> Iterator[tuple[Engine, int]]:
    """A case of which gaia, then the household, are to be reminded of a visit."""
    with an_engine(url, transport=post, **settings) as engine:
        case = entered(engine).id
        at(engine, "2026-12-21", 9)
        engine.run_due()
        yield engine, case


def _delivered(url: str, change: Change, **settings: Any) -> tuple[Engine, Post]:
    """Deliver both reminders while another engine changes something after the first has left."""
    post = Interrupted()
    with (
        _reminded(url, post, **settings) as (engine, case),
        an_engine(url, on="2026-12-21", hour=9, bare=True) as other,
    ):
        post.then = lambda: change(other, case)
        engine.deliver()
        return engine, post


def _to(post: Post) -> list[str]:
    return [str(message["To"].addresses[0].addr_spec) for message in post.sent]


def _text(message: EmailMessage) -> str:
    return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_what_was_done_between_two_messages_drops_the_second(database_url: str) -> None:
    _, post = _delivered(database_url, lambda other, case: other.cases.perform(case, "visiter", by="gaia"))
    assert _to(post) == [GAIA]


def test_a_fact_corrected_between_two_messages_is_in_the_second(database_url: str) -> None:
    menage = {"name": "Amina", "email": "amina@nouveau.example"}
    _, post = _delivered(
        database_url, lambda other, case: other.cases.correct(case, {"menage": menage}, by="gaia", reason="adresse")
    )  # fmt: skip
    assert _to(post) == [GAIA, "amina@nouveau.example"]


def test_a_house_renamed_between_two_messages_signs_the_second(database_url: str) -> None:
    _, post = _delivered(database_url, lambda other, _: other.establishments.add("tilleuls", "Les Érables"))
    assert "Tilleuls" in _text(post.sent[0])
    assert "Les Érables" in _text(post.sent[1])


def test_a_house_that_closes_between_two_messages_puts_off_the_second(database_url: str) -> None:
    _, post = _delivered(
        database_url, lambda other, _: other.establishments.add("tilleuls", "Tilleuls", opens="11:00")
    )
    assert _to(post) == [GAIA]


def test_a_setting_changed_between_two_messages_is_in_the_second(database_url: str, tmp_path: Path) -> None:
    text = "Objet : Visite\n\nEncore {{ renouvellements_possibles }}.\n"
    (tmp_path / "rappel_visite.txt.j2").write_text(text, "utf-8")
    _, post = _delivered(
        database_url, lambda other, _: other.establishments.set_parameter("tilleuls", "suivi", "prolongations", 3),
        templates=tmp_path,
    )  # fmt: skip
    assert ["Encore 1." in _text(post.sent[0]), "Encore 3." in _text(post.sent[1])] == [True, True]


@pytest.mark.parametrize(("change", "times"), [(False, 1), (True, 2)])
def test_a_case_is_read_once_for_its_messages_unless_it_changed(
    database_url: str, change: bool, times: int
) -> None:
    post, asked = Interrupted(), list[str]()
    with (
        _reminded(database_url, post) as (engine, case),
        an_engine(database_url, on="2026-12-21", hour=9, bare=True) as other,
    ):
        if change:
            post.then = lambda: other.cases.perform(case, "noter", {"note": "vue"}, by="gaia")
        core = engine._world.database.engine
        sa.event.listen(core, "before_cursor_execute", lambda *args: asked.append(args[2]))
        engine.deliver()
    assert _to(post) == [GAIA, AMINA]
    assert sum("FROM jalon_events" in statement for statement in asked) == times
