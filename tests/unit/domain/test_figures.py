"""Numbers as people read them."""

from decimal import Decimal

import pytest

from jalon.domain.figures import figure, plain_words


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.5, "1,5"),
        (2.0, "2"),
        (-0.25, "-0,25"),
        (12, "12"),
        (0.1 + 0.2, "0,30000000000000004"),
        (1e-7, "0,0000001"),
        (1e14, "100000000000000"),
        (Decimal("412.50"), "412,50"),
        (Decimal("400.00"), "400,00"),
    ],
)
def test_a_number_has_a_comma_and_no_useless_decimals(value, written):
    assert figure(value) == written


def test_a_value_without_a_label_is_written_by_its_type():
    assert [plain_words(value) for value in (True, False, 1.5, Decimal("3.10"), "1.5", "P15D")] == [
        "oui", "non", "1,5", "3,10", "1.5", "P15D",
    ]  # fmt: skip
