"""OpenLineage events of a run and of its steps, as pure values (specification 2-0-2).

Each step is a run of its own, child of the run it belongs to: START, then COMPLETE, FAIL or ABORT,
with the datasets that it reads and writes.  Identifiers follow from the journal's numbers, so an
event that is told twice is the same event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from shopnow.journal import STEPS_FR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    # What is read, what is written.
    Data = tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]

PRODUCER: Final = "https://shopnow.example/warehouse"
_SPEC: Final = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS: Final = "https://openlineage.io/spec/facets"
_ENDS: Final = {"END": "COMPLETE", "FAIL": "FAIL", "ABANDONED": "ABORT",
                "done": "COMPLETE", "failed": "FAIL", "abandoned": "ABORT"}  # fmt: skip
_JOBS: Final = {1: "ingest", 2: "quality", 3: "normalise", 4: "dimensions", 5: "facts",
                6: "publish"}  # fmt: skip
# What each feed writes, in the order of the steps: rows as delivered, dimensions with their change
# logs, facts.
_STAGED: Final = {
    "sellers": ("seller_row",),
    "products": ("product_row",),
    "offers": ("offer_row",),
    "customers": ("customer_row",),
    "orders": ("order_row", "item_row", "payment_row"),
    "clickstream": ("click_row",),
}
_DIMENSIONS: Final = {
    "sellers": ("seller",),
    "products": ("product",),
    "offers": ("product",),
    "customers": ("customer",),
    "orders": ("seller", "product", "customer"),
    "clickstream": ("seller", "product", "customer"),
}
_FACTS: Final = {
    "offers": ("fact_offer",),
    "orders": ("fact_order", "fact_order_header", "fact_payment"),
    "clickstream": ("fact_clickstream",),
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the journal has it."""

    run_id: int
    kind: str
    started_at: datetime
    ended_at: datetime | None
    status: str
    code_version: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the journal has it, with its feed and the sealed files of its delivery."""

    step_no: int
    step: int
    started_at: datetime
    ended_at: datetime | None
    status: str
    rows_in: int | None
    rows_out: int | None
    delivery_key: int | None
    feed: str | None
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Which warehouse speaks: server as `host:port`, database, and the marts it keeps."""

    server: str
    database: str
    marts: Sequence[str] = ()

    def table(self, schema: str, name: str) -> dict[str, Any]:
        """A table as a dataset."""
        return {
            "namespace": f"postgres://{self.server}",
            "name": f"{self.database}.{schema}.{name}",
        }

    def file(self, path: str) -> dict[str, Any]:
        """A sealed file as a dataset; its name says nothing of its content."""
        return {"namespace": "file", "name": f"landing/{path}"}

    def uuid(self, kind: str, number: int) -> str:
        """The identifier of a run or a step: always the same."""
        return str(
            uuid5(NAMESPACE_URL, f"{PRODUCER}/{self.server}/{self.database}/{kind}/{number}")
        )


def run_events(place: Place, run: RunRow, steps: Sequence[StepRow]) -> Iterator[dict[str, Any]]:
    """Yield the events of a run that ended, in the order in which things happened."""
    job = f"etl.{run.kind}"
    own = {"runId": place.uuid("run", run.run_id)}
    yield _event("START", run.started_at, own, job)
    told = [event for step in steps for event in _step_events(place, run, job, step)]
    yield from sorted(told, key=lambda event: str(event["eventTime"]))
    ended_at = run.ended_at or run.started_at
    yield _event(_ENDS[run.status], ended_at, own, job)


def datasets(place: Place, step: StepRow) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what a step reads and what it writes."""
    feed = step.feed or ""
    staged = [place.table("staging", name) for name in _STAGED.get(feed, ())]
    kinds = _DIMENSIONS.get(feed, ())
    dimensions = [place.table("dwh", f"dim_{name}") for name in kinds]
    facts = [place.table("dwh", name) for name in _FACTS.get(feed, ())]
    verdicts = [place.table("quality", name) for name in ("reject", "cleaning")]
    changes = [place.table("history", f"{name}_change") for name in kinds]
    marts = [place.table("mart", name) for name in place.marts]
    return {
        1: ([place.file(path) for path in step.files], staged),
        2: (staged, verdicts),
        3: (staged, staged),
        4: (staged, [*changes, *dimensions]),
        5: ([*staged, *dimensions], facts),
        6: ([*dimensions, *facts], marts),
    }[step.step]


def _step_events(place: Place, run: RunRow, job: str, step: StepRow) -> Iterator[dict[str, Any]]:
    inputs, outputs = datasets(place, step)
    parent = {"run": {"runId": place.uuid("run", run.run_id)},
              "job": {"namespace": "shopnow", "name": job}}  # fmt: skip
    facets = {"parent": _facet("1-0-1/ParentRunFacet.json", parent)}
    name = f"{job}.{_JOBS[step.step]}"
    own = {"runId": place.uuid("step", step.step_no), "facets": facets}
    yield _event("START", step.started_at, own, name, (inputs, outputs))
    if step.status not in _ENDS:
        return
    end = _ENDS[step.status]
    if end == "FAIL":
        said = {"message": f"étape « {STEPS_FR[step.step]} » en échec",
                "programmingLanguage": "Python"}  # fmt: skip
        failed = {"errorMessage": _facet("1-0-1/ErrorMessageRunFacet.json", said)}
        own = own | {"facets": facets | failed}
    ended_at = step.ended_at or step.started_at
    if end == "COMPLETE":
        inputs = _counted(inputs, "inputFacets", "inputStatistics",
                          "1-0-0/InputStatisticsInputDatasetFacet.json", step.rows_in)  # fmt: skip
        outputs = _counted(outputs, "outputFacets", "outputStatistics",
                           "1-0-2/OutputStatisticsOutputDatasetFacet.json",
                           step.rows_out)  # fmt: skip
    yield _event(end, ended_at, own, name, (inputs, outputs))


def _counted(
    found: list[dict[str, Any]], key: str, name: str, schema: str, rows: int | None
) -> list[dict[str, Any]]:
    """Say how many rows went through, where one dataset stands for all of them."""
    if rows is None or len(found) != 1:
        return found
    return [found[0] | {key: {name: _facet(schema, {"rowCount": rows})}}]


def _event(
    kind: str, at: datetime, run: dict[str, Any], job: str, data: Data = ((), ())
) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": _SPEC,
        "run": run,
        "job": {"namespace": "shopnow", "name": job},
        "inputs": list(data[0]),
        "outputs": list(data[1]),
    }


def _facet(schema: str, content: dict[str, Any]) -> dict[str, Any]:
    name = schema.rpartition("/")[2].removesuffix(".json")
    return {"_producer": PRODUCER, "_schemaURL": f"{_FACETS}/{schema}#/$defs/{name}", **content}
