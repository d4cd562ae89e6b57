"""How late, and why a message was dropped, in French."""

from datetime import timedelta

import pytest

from jalon.interfaces.telling_passes import late_of, lateness, length, why_dropped


@pytest.mark.parametrize(
    ("late_by", "said", "most"),
    [
        (timedelta(minutes=20), "de 1 h", "1 h"),
        (timedelta(hours=3, minutes=59), "de 3 h", "3 h"),
        (timedelta(hours=24), "d’un jour", "1 jour"),
        (timedelta(days=1, hours=23), "d’un jour", "1 jour"),
        (timedelta(days=5, hours=2), "de 5 jours", "5 jours"),
    ],
)
def test_lateness_is_said_in_days_or_in_hours(late_by: timedelta, said: str, most: str) -> None:
    assert (lateness(late_by), length(late_by)) == (said, most)


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ("P1D", "d’un jour"),
        ("P3D", "de 3 jours"),
        ("P2B", "de 2 jours ouvrés"),
        ("P1Y", "d’un an"),
        ("P1M", "d’un mois"),
    ],
)
def test_a_delay_is_said_after_more_than(within: str, said: str) -> None:
    assert late_of(within) == said
    assert why_dropped("within", within, left=False) == f"en retard de plus {said}"


def test_each_rule_has_its_reason() -> None:
    """Where no later message left after all, it is not said that one did."""
    said = {why_dropped("none", None, left=False), why_dropped("latest", None, left=True),
            why_dropped("latest", None, left=False)}  # fmt: skip
    assert said == {
        "la règle ne rattrape pas",
        "seul le dernier part",
        "ce qu’il rappelait a changé entre-temps",
    }
