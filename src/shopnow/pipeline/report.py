"""What a run did, as its door tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from shopnow.pipeline.retying import RetieReport


@dataclass
class RunReport:
    """What a run did: deliveries published, refused, held and failed, facts bound anew."""

    run_id: int = 0
    published: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    records: int = 0
    # Statements about the future whose time had come.
    due: int = 0
    retied: RetieReport = field(default_factory=RetieReport)

    def add(self, later: RunReport) -> None:
        """Take in what a run right after this one did; what it did not hold again is held no more.

        The number stays that of the first run.
        """
        self.published += later.published
        self.refused |= later.refused
        self.failed |= later.failed
        self.held |= later.held
        for key in (*later.published, *later.refused, *later.failed):
            self.held.pop(key, None)
        self.records += later.records
        self.due += later.due
        self.retied = RetieReport(
            months=self.retied.months + later.retied.months,
            facts=self.retied.facts + later.retied.facts,
        )
