"""What the make targets share: finding a Python, making an environment, installing into it.

Only the standard library is used, because these scripts run before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPPORTED = ("3.13", "3.12", "3.11")
BIN = "Scripts" if os.name == "nt" else "bin"

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


class SetupError(Exception):
    """What stops the set-up, as a sentence for the person who typed `make`."""


def version_of(python: str) -> str | None:
    """Say which version `python` is, such as `3.12`; None where it does not run.

    A pyenv shim exists for versions that it then refuses to start, so it is run, not only found.
    """
    try:
        answer = subprocess.run([python, "-c", _VERSION], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def find_python(version: str) -> str | None:
    """Find a Python of that version: the one running, one on PATH, or one that uv knows."""
    on_path = [sys.executable, shutil.which(f"python{version}"), shutil.which("python3")]
    for python in on_path:
        if python and version_of(python) == version:
            return python
    return _known_to_uv(version)


def _known_to_uv(version: str) -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    answer = subprocess.run([uv, "python", "find", version], capture_output=True, text=True, check=False)
    python = answer.stdout.strip()
    return python if answer.returncode == 0 and version_of(python) == version else None


def any_python() -> str:
    """Find a supported Python, the one running first; raises SetupError where there is none."""
    running = version_of(sys.executable)
    wanted = [running] if running in SUPPORTED else []
    for version in [*wanted, *SUPPORTED]:
        found = find_python(version)
        if found:
            return found
    msg = (
        f"jalon needs Python 3.11, 3.12 or 3.13; this one is {running}. "
        "Install one of them, so that python3.11, python3.12 or python3.13 is on PATH."
    )
    raise SetupError(msg)


def make_environment(folder: Path, python: str) -> Path:
    """Make a new virtual environment in `folder` and return its interpreter; raises SetupError."""
    shutil.rmtree(folder, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--python", python, str(folder))
    else:
        try:
            run(python, "-m", "venv", str(folder))
        except SetupError as failure:
            shutil.rmtree(folder, ignore_errors=True)
            msg = f"{failure} On Debian and Ubuntu, `apt install python3-venv` adds what is missing."
            raise SetupError(msg) from failure
    return interpreter(folder)


def install(python: Path, *requirements: str) -> None:
    """Install requirements (pip's own syntax, `-e .` included), by uv where there is one, else by pip."""
    uv = shutil.which("uv")
    if uv:
        run(uv, "pip", "install", "--quiet", "--python", str(python), *requirements)
    else:
        run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements)


def dependency_group(name: str) -> list[str]:
    """Read a dependency group of pyproject.toml: pip knows `--group` only since 25.1."""
    import tomllib  # here, because this file is also read by the older Pythons that look for a newer one

    with (ROOT / "pyproject.toml").open("rb") as file:
        groups = tomllib.load(file)["dependency-groups"]
    lines: list[str] = []
    for item in groups[name]:
        lines += [item] if isinstance(item, str) else dependency_group(item["include-group"])
    return lines


def interpreter(folder: Path) -> Path:
    """Say where the interpreter of an environment is."""
    return folder / BIN / "python"


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a command; raises SetupError with the command where it fails."""
    done = subprocess.run(command, cwd=cwd, check=False)
    if done.returncode:
        msg = f"This command failed ({done.returncode}): {' '.join(command)}"
        raise SetupError(msg)
