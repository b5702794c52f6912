"""The digest of the morning: all that is open, in one mail, and nothing where nothing is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shopnow.alerts import Judge, channels_file, load_judge, make_digest, send_digest
from shopnow.desk import NewTicket, TicketEvent
from shopnow.jobs import TASKS
from shopnow.kernel import SystemClock, TransientError

if TYPE_CHECKING:
    from tests.integration.alerts.conftest import Tower

pytestmark = pytest.mark.integration


def judge_of(tower: Tower) -> Judge:
    """Without indicators: those of an empty warehouse are another test's."""
    return replace(load_judge(tower.settings), indicators={})


def test_what_is_open_is_told_in_one_mail(tower: Tower) -> None:
    tower.happens("load_broken")
    tower.happens("foreign_seller", type_="securite", level="WARNING")
    tower.watch()
    desk = load_judge(tower.settings).desk
    new = NewTicket("request", "acces", "Un accès pour la finance", "bas", "bas")
    number = desk.open(tower.conn, new, actor="essai", now=tower.now)
    assert number is not None
    pause = TicketEvent("paused", tower.now, "essai", hold="dpo")
    desk.record(tower.conn, number, pause, tower.now)
    before = len(tower.mail.messages)
    # Five hours later the promise of the P1 is broken.
    said = send_digest(tower.conn, judge_of(tower), tower.after(hours=5).now)
    assert said == "bilan envoyé par courriel"
    assert (len(tower.mail.messages), tower.told["teams"]) == (before + 1, 2)
    mail = tower.mail.messages[-1].parsed
    assert str(mail["Subject"]).endswith(": 2 alertes, 3 tickets, 0 indicateur")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for wanted in ("Alertes en cours : 2", "essai load_broken", "depuis 5 h 00", "EN RETARD",
                   "Un accès pour la finance", "horloge arrêtée", "Depuis hier"):  # fmt: skip
        assert wanted in text
    # Each role finds its own; whose is late comes first.
    assert "Ingénieur de données : 1" in text
    assert "Administrateur DWH : 2" in text
    assert text.index("EN RETARD") < text.index("horloge arrêtée")


def test_a_quiet_day_says_so(tower: Tower) -> None:
    made = make_digest(tower.conn, judge_of(tower), tower.now)
    assert made.title.endswith(": rien à signaler")
    assert (made.alerts, made.tickets, made.indicators) == (0, 0, 0)


def test_indicators_without_data_are_told_of(tower: Tower) -> None:
    made = make_digest(tower.conn, load_judge(tower.settings), tower.now)
    assert "Disque occupé : sans donnée (disque illisible)" in made.body
    assert made.indicators > 5


def test_the_scheduler_sends_it_and_a_refusal_is_a_failure(tower: Tower) -> None:
    [task] = [one for one in TASKS if one.name == "tell_the_morning"]
    assert task.does(tower.settings, SystemClock()) == "bilan envoyé par courriel"
    assert "Bilan du" in tower.subjects[0]
    tower.mail.refusing = "451 4.3.0 essai"
    with pytest.raises(TransientError, match="non envoyé par courriel"):
        task.does(tower.settings, SystemClock())


def test_it_is_off_until_a_channel_is_named(tower: Tower) -> None:
    path = channels_file(tower.settings)
    text = json.loads(path.read_text(encoding="utf-8"))
    del text["digest"]
    path.write_text(json.dumps(text), encoding="utf-8")
    assert "aucun canal" in send_digest(tower.conn, judge_of(tower), tower.now)
    assert tower.told["courriel"] == 0
