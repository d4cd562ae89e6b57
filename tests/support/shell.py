"""A house driven from the command line alone: one database, one Maildir, and the day that the test says it is."""

import atexit
import shutil
import tempfile
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cache
from pathlib import Path
from typing import Any

from support.cli import Answer, jalon

PEOPLE = {
    "claire": ("Claire Martin", "coordinatrice_actions_sociales"),
    "gaston": ("Gaston Petit", "gestionnaire_residences"),
    "victor": ("Victor Simon", "charge_vie_residentielle"),
    "diane": ("Diane Garnier", "direction"),
    "colette": ("Colette Roy", "commission_interne"),
    "siao63": ("SIAO 63", "siao"),
}
ORIENTATION = (
    "ref_siao=63-1204", "date_demande_siao=15/10/2026", "menage.name=Amina K.", "menage.email=amina@menage.example",
    "prescripteur.name=CCAS", "prescripteur.email=ccas@ccas.example",
)  # fmt: skip
MEETING = ("heure_rdv=14:30", "lieu_rdv=Bureau 2")
ASKED = (
    "piece_identite",
    "avis_imposition",
    "attestation_caf",
    "attestation_france_travail",
    "attestation_c2s",
)
SIGNED = ("contrat_residence", "reglement_interieur", "assurance", "recu_depot", "demande_apl", "notice_daaf")
CONTRACT = (
    "signature_resident=2026-12-15", "signature_gestion=2026-12-15", "date_effet=2026-12-15", "redevance=412,50",
    "depot_garantie=412,50", "date_rdv=2026-12-15", "heure_rdv=14:00",
)  # fmt: skip
INTERVIEW = ("compte_rendu=Entretien clair", "projet=Un logement", "besoins=Travail")


class Shell:
    """Types commands for someone on some day; a command that is not expected to fail must not."""

    def __init__(self, folder: Path, *, database: str | None = None) -> None:
        self.database = database or str(folder / "jalon.db")
        self.mail = folder / "courriels"

    def __call__(
        self,
        *words: str,
        on: str | None = None,
        by: str | None = None,
        facts: tuple[str, ...] = (),
        code: int = 0,
    ) -> Answer:
        options = [part for fact in facts for part in ("--fact", fact)]
        options += ["--by", by] if by else []
        options += ["--now", on] if on else []
        answer = jalon(*words, *options, "--database", self.database)
        assert answer.code == code, (words, answer.out, answer.err)
        assert "Traceback" not in answer.out + answer.err
        return answer

    def json(self, *words: str, **options: Any) -> Any:
        return self(*words, "--json", **options).json()

    def tick(self, on: str, *words: str, code: int = 0) -> Answer:
        return self("tick", "--smtp", f"maildir:{self.mail}", *words, on=on, code=code)

    def letters(self) -> list[EmailMessage]:
        """Every message that left, in no order: a Maildir has none."""
        files = (self.mail / "new").iterdir() if self.mail.exists() else ()
        read = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in files]
        return [message for message in read if isinstance(message, EmailMessage)]


def furnished(folder: Path, *, sandbox: bool = True, database: str | None = None) -> Shell:
    """Set up a house as a newcomer does; a file is made once and copied, for the commands take two seconds."""
    shell = Shell(folder, database=database)
    if database is None:
        shutil.copy(_template(sandbox), shell.database)
        return shell
    return _furnish(shell, sandbox)


@cache
def _template(sandbox: bool) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="jalon-house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(_furnish(Shell(folder), sandbox).database)


def _furnish(shell: Shell, sandbox: bool) -> Shell:
    shell("db", "init", *(["--sandbox"] if sandbox else []))
    shell("workflows", "add", "rs_temporaire")
    shell("establishment", "add", "ophis", "--name", "Résidence des Tilleuls", "--phone", "01 23 45 67 89")
    for person, (name, role) in PEOPLE.items():
        shell("people", "add", person, "--name", name, "--email", f"{person}@ophis.example")
        shell("role", "add", person, role, "--establishment", "ophis")
    return shell


def opened(shell: Shell, on: str = "2027-01-04", *words: str) -> Answer:
    """Open a case as Claire does when an orientation comes."""
    return shell("open", "rs_temporaire", "-e", "ophis", *words, on=on, by="claire", facts=ORIENTATION)


def housed(shell: Shell) -> None:
    """Bring a case to a stay that began on 2026-12-15, as in S1."""
    opened(shell, "2026-11-24")
    acts = (
        ("2026-11-26", "claire", "planifier_entretien", ("date_rdv=2026-12-03", *MEETING)),
        ("2026-12-03", "claire", "tenir_entretien", INTERVIEW),
        ("2026-12-03", "claire", "inscrire_commission", ()),
        ("2026-12-10", "colette", "decider_favorable", ("motifs=Projet", "membres=colette,diane", "logement=B-12")),
        ("2026-12-11", "claire", "notifier_decision", ("mode_remise=main_propre", "decision_recue_le=2026-12-11")),
        ("2026-12-14", "claire", "accepter", ()),
        ("2026-12-15", "gaston", "signer", CONTRACT),
        ("2026-12-15", "victor", "entrer", ("etat_des_lieux_entree=oui", "cles_remises=oui", "visite_locaux=oui")),
    )  # fmt: skip
    for day, by, action, facts in acts:
        if action == "inscrire_commission":
            shell("document", "1", *ASKED, on=day, by=by)
        if action == "signer":
            shell("document", "1", *SIGNED, "--signed", day, on=day, by=by)
        shell("perform", "1", action, on=day, by=by, facts=facts)
