"""Prepare an environment to work in: `python3 scripts/prepare.py [FOLDER]` (make dev).

Any Python 3.8 or later may start it; it goes on under one that jalon supports.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from environment import (
    ROOT,
    SUPPORTED,
    SetupError,
    any_python,
    dependency_group,
    install,
    interpreter,
    make_environment,
    version_of,
)


def prepare(folder: Path) -> None:
    """Make the environment where there is none, then install jalon in it, editable, with the tools."""
    python = interpreter(folder)
    if version_of(str(python)) not in SUPPORTED:
        print(f"jalon: making {folder} with Python {version_of(sys.executable)}", flush=True)
        python = make_environment(folder, sys.executable)
    print("jalon: installing jalon and its tools (a minute or two the first time)", flush=True)
    install(python, "-e", ".", *dependency_group("dev"))
    link_view()


def link_view() -> None:
    """Make `.view/jalon -> ..`, by which type checkers see the root folder as the package jalon."""
    link = ROOT / ".view" / "jalon"
    link.parent.mkdir(exist_ok=True)
    if not link.is_symlink():
        link.symlink_to("..", target_is_directory=True)


def main() -> int:
    """Prepare the folder named on the command line, `.venv` by default; 1 with a sentence where it fails."""
    try:
        python = any_python()
        if version_of(sys.executable) not in SUPPORTED:
            os.execv(python, [python, *sys.argv])
        started = time.monotonic()
        prepare(ROOT / (sys.argv[1] if len(sys.argv) > 1 else ".venv"))
    except SetupError as failure:
        print(f"jalon: {failure}", file=sys.stderr)
        return 1
    print(f"jalon: ready in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
