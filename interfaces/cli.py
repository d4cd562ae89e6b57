"""The program `jalon`: runs one command and turns whatever happens into a French sentence and an exit code."""

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from .. import JalonError
from .french import quoted
from .output import complain
from .words import BAD_USAGE, REFUSED, error_words, exit_code

DEBUG = "JALON_DEBUG"
INTERRUPTED = 130  # as shells say it: 128 + SIGINT


def main() -> int:
    """Run the program on its command line, and give its exit code."""
    _speak_utf8()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has what it wanted (`| head`)
        return _silenced()
    except OSError as error:  # a full disk is met when the last lines are written
        _refused_by_system(error)
        return _silenced()
    return code


def _silenced() -> int:
    """Let nothing be flushed again at exit, where Python would print a traceback of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return REFUSED


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code: 0 done, 1 refused or failed, 2 bad usage."""
    import typer

    from .app import build

    _quiet_logs()

    # The base of Typer's own complaints, whether Typer carries click or imports it.
    bad_usage: type[Exception] = typer.BadParameter.__bases__[0]
    try:
        code = build(next(iter(arguments), None)).main(
            args=list(arguments), prog_name="jalon", standalone_mode=False
        )
    except BrokenPipeError:
        raise
    except JalonError as error:
        return _tell(error_words(error), exit_code(error))
    except bad_usage as error:
        from .usage import usage_words

        return _tell(usage_words(error), BAD_USAGE)
    except (KeyboardInterrupt, typer.Abort):
        return _tell(["Interrompu."], INTERRUPTED)
    except OSError as error:
        return _refused_by_system(error)
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a user
        return unexpected(error)
    return code if isinstance(code, int) else 0


def _quiet_logs() -> None:
    """Keep the library's logs, tracebacks included, off the screen of people, unless they ask for them."""
    logger = logging.getLogger("jalon")
    if not os.environ.get(DEBUG) and not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _tell(lines: Sequence[str], code: int) -> int:
    for line in lines:
        complain(line)
    return code


def _refused_by_system(error: OSError) -> int:
    from .words_input import system_words

    where = f" {quoted(error.filename)}" if isinstance(error.filename, str) else ""
    return _tell([f"Lecture ou écriture impossible{where} : {system_words(error.errno)}."], REFUSED)


def unexpected(error: Exception) -> int:
    """Say that jalon is at fault, by the type of the error alone: its text may hold personal data."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    name = type(error).__name__
    sentence = f"Erreur inattendue ({name}) : c’est un défaut de jalon."
    return _tell([sentence, f"Pour le signaler, relancez avec {DEBUG}=1 : la trace s’affiche."], REFUSED)


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; a byte that was never text is shown, not fatal."""
    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
