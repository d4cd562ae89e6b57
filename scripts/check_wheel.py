"""Build the wheel, install it alone, and run the acceptance tests on it from another folder (.ci/run).

The tests are copied out of the source tree, so that what they import can only be the installed package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from environment import ROOT, SetupError, dependency_group, install, make_environment, run

STARTED = time.monotonic()

_WHERE = """
import pathlib, sysconfig, jalon
home, found = pathlib.Path(sysconfig.get_path("purelib")).resolve(), pathlib.Path(jalon.__file__).resolve()
assert found.is_relative_to(home), f"jalon was imported from {found}, not from the wheel in {home}"
print(f"jalon: imported from {found.relative_to(home.parent)}")
"""


def built_wheel(folder: Path) -> Path:
    """Build the wheel into `folder`, from a sdist, so that both are whole; raises SetupError."""
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        msg = f"{done.stdout}\nthe wheel could not be built"
        raise SetupError(msg)
    return next(folder.glob("*.whl"))


def installed(folder: Path) -> Path:
    """Install the wheel and what the tests need in a new environment; gives its interpreter."""
    wheel = built_wheel(folder / "dist")
    print(f"{time.monotonic() - STARTED:5.0f} s  built {wheel.name}", flush=True)
    python = make_environment(folder / "environment", sys.executable)
    install(python, f"jalon[postgres] @ {wheel.as_uri()}", *dependency_group("dev"))
    print(f"{time.monotonic() - STARTED:5.0f} s  installed in a clean environment", flush=True)
    return python


def copied_tests(folder: Path) -> Path:
    """Copy the tests and pytest's settings to a folder from which the source tree cannot be imported."""
    bench = folder / "elsewhere"
    shutil.copytree(ROOT / "tests", bench / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", bench)
    return bench


def main() -> int:
    """Give pytest's own exit status, whose closing line comes last."""
    with tempfile.TemporaryDirectory(prefix="jalon-wheel-") as name:
        folder = Path(name)
        try:
            python = installed(folder)
            bench = copied_tests(folder)
            run(str(python), "-c", _WHERE, cwd=bench)
        except SetupError as failure:
            print(f"jalon: {failure}", file=sys.stderr)
            return 1
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        tests = [str(python), "-m", "pytest", "tests/acceptance", *sys.argv[1:]]
        return subprocess.run(tests, cwd=bench, env=clean, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
