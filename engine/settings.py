"""What a host decides once: where the rows are, who signs the messages, where links lead."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.errors import InputError
from ..domain.texts import email_address, one_line

LONGEST_LINK = 2_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an engine, checked when they are made. Raises InputError.

    `database` is a URL (sqlite:///path or postgresql://…) or a SQLAlchemy Engine of the host. A database that
    holds no table yet is given them at first use, unless `create` is false; an older one is never changed
    without being asked. `link` is the start of the links in messages, `environment` a prefix of their subject
    outside production, `templates` a folder of the house's own templates.
    """

    database: Any
    create: bool = True
    sender: str = "ne-pas-repondre@localhost"
    sender_name: str = "jalon"
    reply_to: str | None = None
    link: str = ""
    environment: str = ""
    templates: Path | None = None

    def __post_init__(self) -> None:
        if isinstance(self.database, str) and not self.database:
            raise InputError("a database is wanted: sqlite:///jalon.db or postgresql://host/name")
        email_address(self.sender, "sender")
        if self.reply_to is not None:
            email_address(self.reply_to, "reply_to")
        one_line(self.sender_name, "sender_name")
        one_line(self.environment, "environment")
        one_line(self.link, "link", LONGEST_LINK)
        if self.link and not self.link.lower().startswith(("https://", "http://")):
            raise InputError(
                "a link begins with https:// or http://",
                argument="link",
                value=self.link[:80],
                problem="form",
            )

    @property
    def mail_domain(self) -> str:
        """Give the domain under which message numbers are made."""
        return self.sender.rpartition("@")[2]

    def link_to(self, number: str) -> str:
        """Give the address of a file, by its number; empty where links lead nowhere."""
        return f"{self.link.rstrip('/')}/dossiers/{number}" if self.link else ""
