"""The wheel holds the whole package and nothing else; the root is the package, so a list says what ships."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_PACKAGES = {"tests", "docs", "benchmarks", "scripts", "build", "dist", "demo"}
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
DATA = [(package, glob) for package, globs in SETUPTOOLS.get("package-data", {}).items() for glob in globs]


def code_folders() -> list[Path]:
    """The folders of the package, the root first: those that hold Python and are not about it."""
    top = [
        folder
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in NOT_PACKAGES
    ]
    inside = {file.parent for folder in top for file in folder.rglob("*.py")}
    return [ROOT, *sorted(inside)]


def package_name(folder: Path) -> str:
    return ".".join(["jalon", *folder.relative_to(ROOT).parts])


def package_folder(name: str) -> Path:
    return ROOT.joinpath(*name.split(".")[1:])


def test_the_packages_listed_are_those_of_the_tree() -> None:
    assert sorted(SETUPTOOLS["packages"]) == sorted(package_name(folder) for folder in code_folders())


def test_every_package_folder_has_an_init() -> None:
    """A mapped folder without one fails in editable mode, and only there."""
    assert [package_name(folder) for folder in code_folders() if not (folder / "__init__.py").is_file()] == []


def test_nothing_at_the_root_ships_by_accident() -> None:
    assert [name for name in ("conftest.py", "noxfile.py", "setup.py") if (ROOT / name).exists()] == []


def test_the_tests_are_not_a_package() -> None:
    """With an `__init__.py` there and one at the root, pytest takes the parent folder for the package."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize(("package", "glob"), DATA)
def test_each_data_pattern_finds_its_files(package: str, glob: str) -> None:
    assert package in SETUPTOOLS["packages"]
    assert [file for file in package_folder(package).glob(glob) if file.is_file()]


def test_every_data_file_of_the_tree_is_shipped() -> None:
    """A workflow, a template or a schema that no pattern names would be missing from the wheel only."""
    shipped = {file for package, glob in DATA for file in package_folder(package).glob(glob)}
    data = {
        file
        for folder in code_folders()[1:]
        for file in folder.rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"} and "__pycache__" not in file.parts
    }
    assert sorted(str(file.relative_to(ROOT)) for file in data - shipped) == []


def test_the_licence_is_the_one_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
