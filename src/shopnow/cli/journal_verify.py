"""Commands about the proof of the journal: journal seal, verify, resume."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from shopnow.cli.french import moment, number, paper, plural, prose
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.journal import JOURNAL_FINDINGS, note_restore, seal_minutes, verify_journal
from shopnow.kernel import SystemClock

if TYPE_CHECKING:
    from shopnow.journal import JournalFinding, JournalReport
    from shopnow.kernel import Settings


@click.command()
@json_option
@with_settings
def verify(settings: Settings, *, as_json: bool) -> int:
    """Compare the journal with its seals and their file outside; exit 1 on findings.

    Finds any event changed, removed or slipped in since its minute was sealed, any seal changed
    or removed, and a file of seals or a chained ledger that was altered. Changes nothing.
    """
    open_existing(settings)
    report = verify_journal(settings, SystemClock())
    facts = {**asdict(report), "good": not report.findings}
    show(facts, as_json, lambda: _tell(report, settings))
    return 1 if report.findings else 0


@click.command()
@json_option
@with_settings
def seal(settings: Settings, *, as_json: bool) -> int:
    """Seal the minutes that are closed; exit 1 when an event was slipped into a sealed one.

    The scheduler does this every minute.
    """
    open_existing(settings)
    sealed = seal_minutes(settings, SystemClock())
    facts = {
        "sealed_until": sealed.sealed_until,
        "seals": len(sealed.seals),
        "events": sealed.events,
        "slipped_in": sealed.slipped_in,
    }

    def tell() -> None:
        minutes = plural(len(sealed.seals), "minute scellée", "minutes scellées")
        paper().print(f"{minutes}, {plural(sealed.events, 'événement')}")

    show(facts, as_json, tell)
    return 1 if sealed.slipped_in else 0


@click.command()
@click.option("--reason", required=True, help="Why the warehouse went back in time.")
@click.option("--apply", "is_applied", is_flag=True, help="Do it; without, only the plan.")
@json_option
@with_settings
def resume(settings: Settings, *, as_json: bool, reason: str, is_applied: bool) -> int:
    """Go on sealing after a restore: note in the file of seals where the warehouse stands.

    Seals later than the restored state become void; the file keeps them and says so.
    """
    open_existing(settings)
    clock = SystemClock()
    if not is_applied:
        report = verify_journal(settings, clock)
        void = [found for found in report.findings if found.kind == "seal_missing"]
        facts = {"applied": False, "void_seals": len(void), "reason": reason}
        words = f"{plural(len(void), 'scellé')} deviendraient caducs ; faire avec --apply"
        show(facts, as_json, lambda: paper().print(words))
        return 0
    last = note_restore(settings, clock, reason)
    facts = {"applied": True, "last_seal_no": last, "reason": reason}
    show(facts, as_json, lambda: paper().print(f"repris après le scellé {number(last)}"))
    return 0


def _tell(report: JournalReport, settings: Settings) -> None:
    page = paper()
    for finding in report.findings:
        page.print(f"[bold red]{escape(_sentence(finding, settings))}[/bold red]")
    done = (
        f"{plural(report.events, 'événement')}, {plural(report.seals, 'scellé')}, "
        f"{number(report.open_events)} pas encore scellés"
    )
    if report.findings:
        page.print(f"\n[bold]{plural(len(report.findings), 'constat')}[/bold], {done}")
        prose(page, "Ne rien corriger à la main : garder le fichier des scellés, prévenir le DPO.")
    else:
        page.print(f"[bold]Le journal est intact[/bold] : {done}")


def _sentence(finding: JournalFinding, settings: Settings) -> str:
    parts = [JOURNAL_FINDINGS[finding.kind]]
    if finding.minute_at is not None:
        parts.append(f"minute du {moment(finding.minute_at, settings.tz)}")
    if finding.seal_no is not None:
        parts.append(f"scellé {finding.seal_no}")
    if finding.event_nos:
        parts.append("événements " + ", ".join(map(str, finding.event_nos)))
    if finding.detail:
        parts.append(finding.detail)
    return " · ".join(parts)
