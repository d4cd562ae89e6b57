"""What a terminal is shown: columns where there is room, lines where there is none, and no broken character."""

import io
from collections.abc import Callable

import pytest

from jalon.interfaces import output

HEADS = ("n°", "objet", "")
ROWS = [("1", "Votre visite à domicile", "à régler"), ("2", "", "en retard")]
Shown = Callable[[int], str]


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The table, as a terminal of some width shows it."""

    def show(columns: int) -> str:
        screen = Terminal()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sys.stdout", screen)
        output.show_table(HEADS, ROWS)
        return screen.getvalue().replace("\u00a0", " ")

    return show


@pytest.mark.parametrize("columns", [40, 59])
def test_a_narrow_terminal_shows_a_line_for_each_cell_that_holds_something(
    shown: Shown, columns: int
) -> None:
    assert shown(columns).splitlines() == [
        "N° : 1",
        "Objet : Votre visite à domicile",
        "  à régler",
        "",
        "N° : 2",
        "  en retard",
    ]


def test_a_wider_terminal_shows_columns(shown: Shown) -> None:
    assert "Objet :" not in shown(60)


def test_a_byte_that_is_no_text_is_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("d\udce9jà \ud800 été")
    written = capsys.readouterr().out
    assert not any("\ud800" <= character <= "\udfff" for character in written)
    output.say("d\udce9jà")
    assert capsys.readouterr().out == "d\\xe9jà\n"
