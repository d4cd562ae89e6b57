"""Help in French: what Typer writes in English around our own texts is translated line by line."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

_FRAME = tuple(
    (re.compile(pattern, re.MULTILINE), french)
    for pattern, french in (
        (r"^Usage: ", "Usage : "),
        (r"^Arguments:$", "Arguments :"),
        (r"^Options:$", "Options :"),
        (r"^Commands:$", "Commandes :"),
        (r"COMMAND \[ARGS\]\.\.\.", "COMMANDE [ARGUMENTS]..."),
        (r"Show this message and exit\.", "Afficher cette aide."),
        (r"\[default: ", "[par défaut : "),
        (r"\s*\[required\]", ""),
        (r"\[env var:(\s)", r"[env. :\1"),
        (r" *\[env(\n *)var:(\s)", r"\1[env. :\2"),
        (r"; required\]", "]"),
        (r"; default:(\s)", r" ; défaut :\1"),
        (r";(\s+)default:(\s)", r" ;\1défaut :\2"),
        (r";(\s+)required\]", "]"),
        (r"\{([^{}\n]+)\}", r"\1"),
    )
)

_TYPES = re.compile(
    r"(?<=\S) <[a-z\[\]]+>(?=  |$)", re.MULTILINE
)  # the types of Python, which say nothing to a person


def french(text: str) -> str:
    """Translate the frame of a help page."""
    for pattern, words in _FRAME:
        text = pattern.sub(words, text)
    return _TYPES.sub(lambda found: " " * len(found[0]), text)


class Command(TyperCommand):
    """A command whose help is in French."""

    def get_help(self, ctx: Any) -> str:
        """Give the help page."""
        return french(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is in French."""

    def get_help(self, ctx: Any) -> str:
        """Give the help page."""
        return french(super().get_help(ctx))


class DelayCommand(Command):
    """A command that takes a delay: `-P4M` is a value, although it begins as an option does."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Set the delays that count backwards behind `--`, where nothing is an option."""
        if "--" not in args:
            delays = [arg for arg in args if re.match(r"-P-?\d", arg)]
            args = [arg for arg in args if arg not in delays] + (["--", *delays] if delays else [])
        return super().parse_args(ctx, args)
