"""Taking in and running with the installed command: verdicts, exit codes, a newcomer's errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import call, called_inside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.acceptance

SOURCE = """\
name: {name}
sender: platform
system: shopnow
feed: sellers
format: csv
file_pattern: "{pattern}"
records:
  seller:
    fields: {{seller_id: id, seller_name: name, status: status}}
"""
SELLERS = "id,name,status\nS1,Comptoir Galet,active\nS2,Atelier Brume,suspendue ?\n"


@pytest.fixture(scope="module")
def home(outside: Path) -> Iterator[Path]:
    """Give the home of a warehouse that these tests share."""
    home = outside / "ingest-home"
    yield home
    call(home, "down")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a source of the platform for sellers."""
    path = tmp_path / "house-sellers.yaml"
    text = SOURCE.format(name="house-sellers", pattern="sellers_*.csv")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def sellers(tmp_path: Path) -> Path:
    """Give a file with a good line and a bad one; each test has its own bytes."""
    path = tmp_path / "sellers_1.csv"
    path.write_text(f"{SELLERS}S3,{tmp_path.name},active\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def learnt(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have the home know a source already."""
    folder = tmp_path_factory.mktemp("learnt")
    text = SOURCE.format(name="house-sellers", pattern="sellers_*.csv")
    (folder / "house-sellers.yaml").write_text(text, encoding="utf-8")
    (folder / "sellers_2.csv").write_text(SELLERS, encoding="utf-8")
    words = (str(folder / "sellers_2.csv"), "--source-file", str(folder / "house-sellers.yaml"))
    assert called_inside(home, "ingest", *words).returncode == 0


def test_nobody_has_to_know_how_to_begin(outside: Path) -> None:
    for words in (("delivery", "list"), ("seller", "list"), ("trace", "order", "1")):
        done = called_inside(outside / "nothing-here", *words)
        assert done.returncode == 2
        assert "no warehouse" in done.stderr
        assert "shopnow up" in done.stderr
        assert "shopnow demo" in done.stderr
    assert not (outside / "nothing-here").exists()


def test_a_file_is_taken_in_run_and_taken_in_once(home: Path, source: Path, sellers: Path) -> None:
    words = ("ingest", str(sellers), "--source-file", str(source), "--json")
    done = call(home, *words)
    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)["receipts"][0]
    assert (receipt["verdict"], receipt["feed"]) == ("new", "sellers")
    again = json.loads(call(home, *words).stdout)["receipts"][0]
    assert (again["verdict"], again["delivery_key"]) == ("duplicate", None)
    ran = call(home, "run", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    report = json.loads(ran.stdout)
    assert receipt["delivery_key"] in report["published"]
    counts = report["deliveries"][report["published"].index(receipt["delivery_key"])]
    assert (counts["records"], counts["accepted"], counts["rejected"]) == (3, 2, 1)
    idle = call(home, "run")
    assert (idle.returncode, idle.stdout) == (0, "Rien à faire : aucune livraison n'attend.\n")


def test_ingest_and_run_at_once_speak_french(home: Path, source: Path, sellers: Path) -> None:
    done = call(home, "ingest", str(sellers), "--source-file", str(source), "--run")
    assert done.returncode == 0, done.stderr
    assert f"{sellers.name} : livraison" in done.stdout
    assert "rejetés" in done.stdout
    assert "Pourquoi des rejets : " in done.stdout
    assert "lecture de sellers_1.csv" in done.stderr


def test_a_source_is_found_by_sender_and_feed(home: Path, source: Path, sellers: Path) -> None:
    assert called_inside(home, "ingest", str(sellers), "--source-file", str(source)).returncode == 0
    by_words = ("--sender", "platform", "--feed", "sellers")
    found = called_inside(home, "ingest", str(sellers), *by_words, "--json")
    assert json.loads(found.stdout)["source"] == "house-sellers"
    called_inside(home, "run")


def test_two_sources_that_fit_are_told_apart_by_the_files_name_or_not_at_all(
    home: Path, source: Path, sellers: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other-sellers.yaml"
    text = SOURCE.format(name="other-sellers", pattern="other_*.csv")
    other.write_text(text, encoding="utf-8")
    for path in (source, other):
        assert (
            called_inside(home, "ingest", str(sellers), "--source-file", str(path)).returncode == 0
        )
    words = ("--sender", "platform", "--feed", "sellers", "--json")
    found = called_inside(home, "ingest", str(sellers), *words)
    assert json.loads(found.stdout)["source"] == "house-sellers"
    strange = tmp_path / "strange.csv"
    strange.write_text(SELLERS, encoding="utf-8")
    refused = called_inside(home, "ingest", str(strange), *words)
    assert refused.returncode == 2
    assert "house-sellers, other-sellers" in refused.stderr
    called_inside(home, "run")


def test_an_unreadable_file_is_refused_with_exit_1_and_the_next_one_loads(
    home: Path, source: Path, sellers: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "sellers_0.csv"
    broken.write_bytes(b"")
    done = call(
        home, "ingest", str(broken), str(sellers), "--source-file", str(source), "--run", "--json"
    )
    assert done.returncode == 1, done.stderr
    facts = json.loads(done.stdout)
    receipts, report = facts["receipts"], facts["run"]
    assert [reason.partition(" ")[0] for reason in report["refused"].values()] == ["empty_file"]
    assert receipts[1]["delivery_key"] in report["published"]
    told = call(home, "delivery", "show", next(iter(report["refused"])))
    assert "refusée" in told.stdout
    assert "Motif" in told.stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("nowhere.csv", "--sender", "platform", "--feed", "sellers"), "Check the path"),
        (("here.csv",), "--source-file"),
        (("here.csv", "--sender", "platform", "--feed", "customers"), "house-sellers"),
        (("here.csv", "--source", "house-seller"), "'house-sellers'"),
        (("here.csv", "--source", "house-sellers", "--feed", "orders"), "--feed"),
        (("here.csv", "--source", "house-sellers", "--sender", "S1"), "--sender"),
        (("here.csv", "--source", "house-sellers", "--effective-at", "hier"), "2026-01-31"),
        (("here.csv", "--source-file", "nowhere.yaml"), "YAML"),
        (("here.csv", "--feed", "vendeurs"), "sellers"),
    ],
)
@pytest.mark.usefixtures("learnt")
def test_a_newcomers_errors_are_wrong_usage_and_say_what_to_do(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    hint: str,
) -> None:
    (tmp_path / "here.csv").write_text(SELLERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = called_inside(home, "ingest", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr


def test_a_sender_that_nobody_registered_is_a_failure_with_advice(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "s9.yaml"
    path.write_text(
        "name: s9-offers\nsender: S9\nsystem: shopnow\nfeed: offers\nformat: csv\n"
        "records:\n  offer:\n    fields: {product_id: id, unit_price: price}\n",
        encoding="utf-8",
    )
    (tmp_path / "offers.csv").write_text("id,price\nA,1\n", encoding="utf-8")
    done = called_inside(home, "ingest", str(tmp_path / "offers.csv"), "--source-file", str(path))
    assert done.returncode == 3
    assert "not registered" in done.stderr
    assert "HINT:" in done.stderr
