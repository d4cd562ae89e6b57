"""The e-mail: two parts, fixed headers, one identifier, and no way in for a header of someone else's."""

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from jalon.domain.errors import InputError
from jalon.notifications.message import Address, Rendered, build, message_id

DATE = datetime(2026, 11, 24, 9, tzinfo=UTC)
RENDERED = Rendered(
    "Réexamen à préparer avant le 15/01/2027\u00a0: dossier D-0012 – à l’équipe, très long objet accentué",
    "Bonjour Élise,\n\nÀ faire\u00a0:\n- l’avis\u202f;\n" + "très " * 300 + "\n",
    '<!DOCTYPE html>\n<html lang="fr"><p>À faire</p></html>',
)


def sent(**changes: Any) -> EmailMessage:
    """Build a message and read it again from its bytes, as its recipient would."""
    options: dict[str, Any] = {
        "to": Address("Élise Noël", "elise@exemple.fr"),
        "sender": Address("Résidence Les Tilleuls", "notices@tilleuls.example"),
        "message_id": message_id("clé", "tilleuls.example"),
        "date": DATE,
    }
    raw = build(changes.pop("rendered", RENDERED), **(options | changes)).as_bytes()
    raw.decode("ascii")  # seven bits: any relay takes it
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return email.message_from_bytes(raw, policy=policy.default)


def test_both_parts_are_read_as_they_were_rendered() -> None:
    message = sent()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert text == RENDERED.text
    assert html == RENDERED.html + "\n"


def test_the_headers_are_read_as_they_were_meant() -> None:
    message = sent(reply_to=Address("", "accueil@tilleuls.example"))
    assert message["Subject"] == RENDERED.subject
    assert message["To"].addresses[0].display_name == "Élise Noël"
    assert message["From"].addresses[0].addr_spec == "notices@tilleuls.example"
    assert message["Reply-To"].addresses[0].addr_spec == "accueil@tilleuls.example"
    assert message["Date"].datetime == DATE
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Message-ID"] == message_id("clé", "tilleuls.example")
    assert "Bcc" not in message
    assert "Cc" not in message


def test_a_message_is_the_same_bytes_each_time_its_parts_apart() -> None:
    """Only the boundary between the parts is drawn at random."""
    first, second = sent(), sent()
    headers = [[(k, v) for k, v in m.items() if k != "Content-Type"] for m in (first, second)]
    assert headers[0] == headers[1]


def test_one_notice_has_one_message_id_that_tells_nothing() -> None:
    key = "D-0012/echeance_sejour/1/0/-P2M/claire"
    identifier = message_id(key, "Tilleuls.example")
    assert identifier == message_id(key, "tilleuls.example")
    assert identifier != message_id(key + "x", "tilleuls.example")
    assert identifier.startswith("<")
    assert identifier.endswith("@tilleuls.example>")
    assert not any(word in identifier for word in ("D-0012", "echeance", "claire"))


@pytest.mark.parametrize(
    "domain", ["h.fr", "accompagnement.residences-sociales.exemple.fr", "a." * 100 + "fr"]
)
def test_a_message_id_is_written_whole_however_long_its_domain(domain: str) -> None:
    identifier = message_id("clé", domain)
    raw = build(
        RENDERED, to=Address("", "a@b.fr"), sender=Address("", "a@b.fr"), message_id=identifier, date=DATE
    ).as_bytes()
    assert identifier.encode() in raw


def test_a_domain_may_have_accents() -> None:
    assert sent(to=Address("", "a@société.example"))["To"] == "a@xn--socit-esab.example"
    assert message_id("a", "société.example").endswith("@xn--socit-esab.example>")


@pytest.mark.parametrize(
    "name", ["Dupont, Jean", 'Le "Foyer"', "(A) <b@c.fr>", "Nom;", "Élise @ Tilleuls", "a" * 300]
)
def test_a_name_stays_a_name(name: str) -> None:
    message = sent(to=Address(name, "a@exemple.fr"))
    [address] = message["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "a@exemple.fr")


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\r\nBcc: tous@exemple.fr", "\x00", "\u2028", "\x85", "\u202e", "\x1b"]
)
def test_no_header_can_be_injected(sign: str) -> None:
    with pytest.raises(InputError):
        Address(f"Claire{sign}", "a@exemple.fr")
    with pytest.raises(InputError):
        Address("Claire", f"a{sign}@exemple.fr")
    with pytest.raises(InputError):
        Address("Claire", f"a@exemple.fr{sign}")
    with pytest.raises(InputError):
        sent(rendered=Rendered(f"Objet{sign}", "a\n", "a"))
    with pytest.raises(InputError):
        sent(message_id=f"<a{sign}@b.example>")
    with pytest.raises(InputError):
        message_id("clé", f"exemple.fr{sign}")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@exemple.fr",
        "a b@exemple.fr",
        "a@b@exemple.fr",
        "a@exemple..fr",
        "a@-exemple.fr",
        ".a@exemple.fr",
        "a@exemple.fr, b@exemple.fr",
        "<a@exemple.fr>",
        "é@exemple.fr",
        "a" * 65 + "@exemple.fr",
        "a@" + "b" * 64 + ".fr",
        "a@" + "b." * 10_000 + "fr",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(InputError) as caught:
        Address("", address)
    assert len(address) < 2 or address not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["a@exemple.fr", "prénom".replace("é", "e") + ".nom+dossier@a-b.exemple.fr", "a@localhost"]
)
def test_ordinary_addresses_are_taken(address: str) -> None:
    assert sent(to=Address("", address))["To"] == address


def test_a_naive_date_is_refused() -> None:
    with pytest.raises(InputError):
        sent(date=datetime(2026, 11, 24, 9))


@pytest.mark.parametrize("identifier", ["", "a@b", "<a>", "<a b@c>", "<a@b> <c@d>"])
def test_what_is_no_message_id_is_refused(identifier: str) -> None:
    with pytest.raises(InputError):
        sent(message_id=identifier)
