"""Lineage as an option: every step told once, in the published shape, to a file or a collector."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from tests import marketplace
from tests.receivers import open_receiver

from shopnow.jobs import TASKS
from shopnow.journal import open_run
from shopnow.kernel import SystemClock, TerminalError, TransientError, connect
from shopnow.pipeline import tell_lineage

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

URI = {"type": "string", "format": "uri", "pattern": "^https://"}
NAMED: dict[str, Any] = {
    "type": "object",
    "required": ["namespace", "name"],
    "properties": {"namespace": {"type": "string", "minLength": 1},
                   "name": {"type": "string", "minLength": 1}},
}  # fmt: skip
FACETS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["_producer", "_schemaURL"],
        "properties": {"_producer": URI, "_schemaURL": URI},
    },
}


def dataset(facets: str) -> dict[str, Any]:
    own = {"properties": {"facets": FACETS, facets: FACETS}}
    return {"type": "array", "items": {"allOf": [NAMED, own]}}


# The shape of a run event as specification 2-0-2 of OpenLineage says it, in our words; stricter
# where it leaves something open that we always say.
SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs",
                 "outputs"],
    "additionalProperties": False,
    "properties": {
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "eventTime": {"type": "string", "format": "date-time"},
        "producer": URI,
        "schemaURL": URI,
        "run": {
            "type": "object",
            "required": ["runId"],
            "additionalProperties": False,
            "properties": {"runId": {"type": "string", "format": "uuid"}, "facets": FACETS},
        },
        "job": NAMED,
        "inputs": dataset("inputFacets"),
        "outputs": dataset("outputFacets"),
    },
}  # fmt: skip
VALIDATOR = Draft202012Validator(SHAPE, format_checker=FormatChecker())


def told_to(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_step_is_told_once_with_what_it_reads_and_writes(
    first_day: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "lineage" / "events.jsonl"
    settings = replace(first_day, lineage_to=str(target))
    assert tell_lineage(settings) == 1
    assert tell_lineage(settings) == 0
    events = told_to(target)
    for event in events:
        VALIDATOR.validate(event)
    with connect(settings) as conn:
        steps: dict[int, int] = dict(
            conn.execute("SELECT step, count(*) FROM journal.step GROUP BY step")
        )
    kinds = Counter((event["job"]["name"], event["eventType"]) for event in events)
    names = {1: "ingest", 2: "quality", 3: "normalise", 4: "dimensions", 5: "facts", 6: "publish"}
    wanted = Counter({("etl.load", "START"): 1, ("etl.load", "COMPLETE"): 1})
    for step, number in steps.items():
        for kind in ("START", "COMPLETE"):
            wanted[f"etl.load.{names[step]}", kind] += number
    assert kinds == wanted
    # Each is the child of the run, and has its two events.
    whole = next(one["run"]["runId"] for one in events if one["job"]["name"] == "etl.load")
    own: Counter[str] = Counter()
    for event in events[1:-1]:
        assert event["run"]["facets"]["parent"]["run"]["runId"] == whole
        own[event["run"]["runId"]] += 1
    assert set(own.values()) == {2}
    # From the sealed file through staging and facts into the marts: no gap.
    written = {one["name"] for event in events for one in event["outputs"]}
    read = {one["name"] for event in events for one in event["inputs"]}
    tables = {name for name in read if not name.startswith("landing/")}
    assert tables <= written
    assert any(name.endswith(".mart.seller_daily_sales") for name in written)
    assert [name for name in read if name.startswith("landing/")]


def test_every_dataset_that_is_named_is_a_table(first_day: Settings, tmp_path: Path) -> None:
    target = tmp_path / "events.jsonl"
    tell_lineage(replace(first_day, lineage_to=str(target)))
    named = {one["name"].split(".", 1)[1] for event in told_to(target)
             for one in (*event["inputs"], *event["outputs"])
             if one["namespace"].startswith("postgres://")}  # fmt: skip
    with connect(first_day, "shopnow_owner") as conn:
        known = {row[0] for row in conn.execute(
            "SELECT schemaname || '.' || tablename FROM pg_catalog.pg_tables")}  # fmt: skip
    assert named - known == set()


def test_a_collector_that_is_away_is_told_later_and_nothing_twice(
    first_day: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_receiver(tmp_path / "https", answer=503) as receiver:
        monkeypatch.setenv("SSL_CERT_FILE", str(receiver.ca_file))
        settings = replace(first_day, lineage_to=f"https://{receiver.base}")
        token = settings.home / "secrets" / "lineage.token"
        secrets = token.parent.resolve()
        token.parent.unlink()
        token.parent.mkdir(mode=0o700)
        for file in secrets.iterdir():
            (token.parent / file.name).symlink_to(file)
        token.write_text("jeton\n", encoding="utf-8")
        with pytest.raises(TransientError, match="does not take"):
            tell_lineage(settings)
        receiver.calls.clear()
        receiver.answer = 201
        assert tell_lineage(settings) == 1
        assert tell_lineage(settings) == 0
        for call in receiver.calls:
            assert call.path == "/api/v1/lineage"
            assert call.headers["Authorization"] == "Bearer jeton"
            VALIDATOR.validate(call.json)
        ids = Counter((one.json["run"]["runId"], one.json["eventType"]) for one in receiver.calls)
        assert set(ids.values()) == {1}


def test_what_fails_is_told_as_failed_and_what_runs_is_waited_for(
    first_day: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "events.jsonl"
    settings = replace(first_day, lineage_to=str(target))
    with connect(settings) as conn:
        run = open_run(conn, SystemClock(), "load", "essai")
        step = run.start(5)
        # Under way: neither it nor what comes after is told.
        later = open_run(conn, SystemClock(), "load", "essai")
        later.close("done")
        assert tell_lineage(settings) == 1
        run.fail(step)
        run.close("failed")
        assert tell_lineage(settings) == 2
    events = told_to(target)
    [failed] = [one for one in events if one["job"]["name"] == "etl.load.facts"
                and one["eventType"] == "FAIL"]  # fmt: skip
    VALIDATOR.validate(failed)
    assert "« faits »" in failed["run"]["facets"]["errorMessage"]["message"]
    assert [one["eventType"] for one in events if one["job"]["name"] == "etl.load"] == [
        "START", "COMPLETE", "START", "FAIL", "START", "COMPLETE",
    ]  # fmt: skip


def test_it_is_off_until_it_is_set(first_day: Settings) -> None:
    [task] = [one for one in TASKS if one.name == "tell_the_lineage"]
    assert task.does(first_day, SystemClock()) == "option éteinte"
    with pytest.raises(TerminalError, match="without TLS"):
        tell_lineage(replace(first_day, lineage_to="http://collecteur.test"))


def test_the_shape_refuses_what_is_no_event(first_day: Settings, tmp_path: Path) -> None:
    target = tmp_path / "events.jsonl"
    tell_lineage(replace(first_day, lineage_to=str(target)))
    event = told_to(target)[1]
    for name in ("eventTime", "run", "job", "producer", "schemaURL"):
        assert not VALIDATOR.is_valid({key: one for key, one in event.items() if key != name})
    assert not VALIDATOR.is_valid(event | {"eventType": "END"})
    assert marketplace.NOON.isoformat() == event["eventTime"]
