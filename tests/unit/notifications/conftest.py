"""What the engine gives a template, and a mail server that answers as it is told."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from jalon.domain.ports import DeliveryError, Session
from jalon.notifications.message import Address, Rendered, build, message_id

Context = dict[str, Any]


def sample(**changes: Any) -> Context:
    context: Context = {
        "dossier": {
            "numero": "D-0012",
            "programme": "Résidence sociale, public temporaire",
            "etat": "Entretien fixé",
            "etat_id": "preadmission_planifiee",
        },
        "etablissement": {
            "nom": "Résidence Les Tilleuls",
            "telephone": "01 23 45 67 89",
            "adresse": "3 rue de l'Hôtel-Dieu, 63000 Clermont-Ferrand",
            "horaires": "du lundi au vendredi",
        },
        "destinataire": {
            "nom": "Martin",
            "prenom": "Claire",
            "salutation": "Bonjour Claire,",
            "role": "Coordinatrice d'actions sociales",
            "langue": "fr",
            "personne": False,
            "partenaire": False,
        },
        "faits": {
            "date_rdv": date(2027, 2, 1),
            "heure_rdv": "14:30",
            "lieu_rdv": "Accueil, 2e étage",
            "date_commission": date(2027, 2, 4),
            "date_signature": date(2027, 3, 1),
            "derniere_rencontre": date(2027, 4, 12),
            "date_seance": date(2027, 2, 4),
            "heure_seance": "09:30",
            "lieu_seance": "Salle du rez-de-chaussée",
            "motifs": "Le projet de logement n'est pas encore précisé ; une autre orientation est proposée.",
            "complement_demande": "L'avis d'imposition",
            "ref_siao": "SIAO-2026-118",
        },
        "documents_demandes": pieces(5),
        "documents_manquants": pieces(2),
        "ordre_du_jour": ["D-0003", "D-0007"],
        "echeance": {
            "label": "Tenir l'entretien",
            "due": date(2027, 12, 15),
            "legal_due": date(2027, 12, 15),
            "act_by": date(2027, 12, 15),
            "days_left": 30,
            "working_days_left": 21,
            "basis": "seed:000 un an renouvelable une fois",
            "printed": date(2027, 12, 14),
            "k": 1,
            "next_alert": date(2027, 12, 22),
        },
        "renouvellements": 0,
        "renouvellements_possibles": 1,
        "acte": {"label": "Noter une absence", "date": date(2027, 1, 14)},
        "lien": "https://jalon.example/dossiers/D-0012?vue=d'ensemble",
        "bac_a_sable": False,
        "environnement": "",
    }
    return context | changes


def pieces(count: int) -> list[str]:
    return [f"Justificatif d'identité n° {number}" for number in range(1, count + 1)]


@pytest.fixture
def context() -> Callable[..., Context]:
    return sample


@pytest.fixture
def documents() -> Callable[[int], list[str]]:
    return pieces


@pytest.fixture
def letter() -> Callable[..., Any]:
    """A message to send, told apart by its key."""

    def make(key: str = "un", to: str = "claire@exemple.fr") -> Any:
        return build(
            Rendered("Réexamen à préparer – dossier D-0012", f"Notice {key}.\n", f"<p>Notice {key}.</p>"),
            to=Address("Claire Élie", to),
            sender=Address("Les Tilleuls", "notices@tilleuls.example"),
            message_id=message_id(key, "tilleuls.example"),
            date=datetime(2026, 11, 24, 9, tzinfo=UTC),
        )

    return make


class Postbox:
    """An aiosmtpd handler: keeps what it accepts, and answers each address as it was told."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.connections: set[tuple[str, int]] = set()
        self.encrypted: list[bool] = []
        self.answers: dict[str, list[str]] = {}
        self.logins: list[tuple[bytes, bytes]] = []

    def authenticator(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret", handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.connections.add(session.peer)
        answers = self.answers.get(f"rcpt {address}", [])
        if answers:
            return self._answer(server, answers.pop(0))
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answers = self.answers.get(f"data {envelope.rcpt_tos[0]}", [])
        if answers:
            return self._answer(server, answers.pop(0))
        self.received.append(envelope.content.decode())
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answers = self.answers.get("mail", [])
        if answers:
            return self._answer(server, answers.pop(0))
        envelope.mail_from = address
        return "250 OK"

    @staticmethod
    def _answer(server: Any, answer: str) -> str:
        if answer == "drop":
            server.transport.abort()
        return answer


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def serve(postbox: Postbox) -> Iterator[Callable[..., Controller]]:
    """Start a server on a free port of this machine; every one started is stopped."""
    started: list[Controller] = []

    def start(**options: Any) -> Controller:
        controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        started.append(controller)
        return controller

    yield start
    for controller in started:
        if not controller.loop.is_closed():
            controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    """A port on which nothing listens."""
    return free_port()


@pytest.fixture
def send() -> Callable[[Session, Any], str]:
    """Send a message and name what came of it."""

    def attempt(session: Session, message: Any) -> str:
        try:
            session.send(message)
        except DeliveryError as fault:
            return type(fault).__name__
        return "accepted"

    return attempt
