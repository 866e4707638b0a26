"""The drawing of the floors in the documentation is what the contract checks."""

import pathlib
import re

import pytest

tomllib = pytest.importorskip("tomllib", reason="part of Python 3.11 and later")

ROOT = pathlib.Path(__file__).parents[1]


def contract(name):
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == name)


def test_the_documentation_draws_the_floors_of_the_contract():
    page = (ROOT / "docs" / "extending.rst").read_text()
    drawn = re.findall(r"^   (\d)  (\w+(?: \| \w+)*)  ", page, re.MULTILINE)
    assert [int(number) for number, _ in drawn] == list(range(len(drawn) - 1, -1, -1))
    layers = [layer for layer in contract("floors")["layers"] if "__main__" not in layer]
    assert [folders for _, folders in drawn] == layers


def test_every_folder_says_its_floor():
    layers = [layer for layer in contract("floors")["layers"] if "__main__" not in layer]
    for number, layer in zip(range(len(layers) - 1, -1, -1), layers, strict=True):
        for folder in layer.split(" | "):
            text = (ROOT / "neo_currentscape" / folder / "__init__.py").read_text()
            assert text.startswith(f'"""Floor {number}: '), folder


@pytest.mark.parametrize("name", ["floors", "no-circles"])
def test_the_contract_has_no_exception(name):
    assert "ignore_imports" not in contract(name)
