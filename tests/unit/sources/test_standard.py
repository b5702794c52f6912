"""Contracts are checked against the ODCS model once for each text of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shopnow.sources import ContractError, load_contracts

CONTRACTS = Path(__file__).parents[3] / "contracts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the contracts that may be changed."""
    copy = tmp_path / "contracts"
    copy.mkdir()
    for path in CONTRACTS.glob("*.yaml"):
        shutil.copy(path, copy)
    return copy


def _change(folder: Path, old: str, new: str) -> None:
    path = folder / "orders.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_passed_is_noted_and_the_model_is_not_asked_again(
    folder: Path, tmp_path: Path
) -> None:
    noted = tmp_path / "checked" / "contracts"
    first = load_contracts(folder, noted)
    assert len(noted.read_text(encoding="ascii").split()) == len(first.feeds)
    code = (
        "import sys; from pathlib import Path; from shopnow.sources import load_contracts\n"
        "load_contracts(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "sys.exit('open_data_contract_standard' in sys.modules)"
    )
    call = [sys.executable, "-c", code, str(folder), str(noted)]
    assert subprocess.run(call, check=False).returncode == 0
    assert load_contracts(folder, noted) == first == load_contracts(folder)


def test_a_changed_contract_is_checked_again(folder: Path, tmp_path: Path) -> None:
    noted = tmp_path / "checked" / "contracts"
    load_contracts(folder, noted)
    before = noted.read_text(encoding="ascii")
    _change(folder, "kind: DataContract", "kind: [DataContract]")
    for _ in range(2):
        with pytest.raises(ContractError, match=r"orders\.yaml is no ODCS 3.1 contract"):
            load_contracts(folder, noted)
    assert noted.read_text(encoding="ascii") == before


def test_only_what_is_in_use_stays_noted(folder: Path, tmp_path: Path) -> None:
    noted = tmp_path / "checked" / "contracts"
    load_contracts(folder, noted)
    before = set(noted.read_text(encoding="ascii").split())
    _change(folder, "kind: DataContract", "kind: DataContract  # as ever")
    load_contracts(folder, noted)
    after = set(noted.read_text(encoding="ascii").split())
    assert len(before - after) == len(after - before) == 1
