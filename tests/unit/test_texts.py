"""What a line, a paragraph, an identifier, an address and a place may hold."""

import pytest

from jalon.domain.arguments import checked_limit
from jalon.domain.errors import InputError, NotFound
from jalon.domain.texts import (
    email_address,
    is_address,
    is_clean,
    is_name,
    is_row_id,
    looked_up,
    one_line,
    paragraph,
    place_key,
)


@pytest.mark.parametrize("text", ["a\x00", "a\x1b", "a\x7f", "a\x85", "\ud800", "a\u2028b"])
def test_no_line_holds_a_control_or_half_a_character(text):
    assert not is_clean(text)
    assert not is_name(text)
    with pytest.raises(InputError) as refusal:
        one_line(text, "name")
    assert (refusal.value.data["argument"], refusal.value.data["problem"]) == ("name", "form")


def test_only_a_paragraph_has_several_lines():
    assert paragraph("un\r\ndeux\ttrois", "reason") == "un\r\ndeux\ttrois"
    for text in ("un\ndeux", "un\tdeux"):
        with pytest.raises(InputError):
            one_line(text, "name")
    with pytest.raises(InputError):
        paragraph("x" * 2_001, "reason")
    with pytest.raises(InputError) as refusal:
        paragraph(3, "reason")
    assert refusal.value.data["problem"] == "type"


@pytest.mark.parametrize("text", ["Élodie d’Arc", "a\u00a0b", "岩 👩\u200d👩", ""])
def test_ordinary_writing_is_a_line(text):
    assert one_line(text, "name") == text


@pytest.mark.parametrize(
    "text", ["a@x.example", "a.b+c@sub.x.example", "a@localhost", "a@mairie-été.fr", "A@X.FR"]
)
def test_one_address_is_an_address(text):
    assert email_address(text, "address") == text


@pytest.mark.parametrize(
    "text", ["", "a", "@", "a@", "@x", "a@x, b@x", "A <a@x>", "a@@x", ".a@x", "a@-x", "a@x\n"]
)
def test_anything_else_is_not(text):
    assert not is_address(text)


def test_what_no_identifier_can_be_is_not_found_and_said_in_ascii():
    with pytest.raises(NotFound) as missing:
        looked_up("é\udcff", "actor")
    assert missing.value.data == {"kind": "actor", "name": "'\\xe9\\udcff'"}
    assert looked_up("claire", "actor") == "claire"


def test_the_number_of_a_row_holds_in_64_bits():
    assert [is_row_id(value) for value in (1, 2**63 - 1, 2**63, 0, -1, True, "1")] == [
        True, True, False, False, False, False, False,
    ]  # fmt: skip


def test_a_limit_is_from_one_to_a_billion():
    assert [checked_limit(value) for value in (None, 1, 10**9)] == [None, 1, 10**9]
    for value in (0, -1, 10**9 + 1, "x", True):
        with pytest.raises(InputError):
            checked_limit(value)


def test_a_place_has_one_key():
    assert {place_key(text) for text in ("b 12", " B  12 ", "B\u00a012")} == {"B 12"}
