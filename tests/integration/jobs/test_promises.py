"""Each fault injected for real: its alert once, on its channels, in time, its ticket, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.integration.jobs.scene import Fault, Scene
from tests.marketplace_sources import PRODUCTS_YAML
from tests.runbooks import play, runbook

from shopnow.jobs import beat, environment_of, signs_of_life
from shopnow.jobs.watchdog import ROUND_SECONDS
from shopnow.journal import Event, record_event
from shopnow.kernel import connect
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration

MEGABYTE = 1024**2


def test_travailleur_tue(own_scene: Scene) -> None:
    settings = own_scene.settings
    command = [sys.executable, "-m", "shopnow.jobs", "worker"]
    worker = subprocess.Popen(command, env=environment_of(settings), cwd=settings.home)
    try:
        until = time.monotonic() + 40
        while not _alive(own_scene):
            assert time.monotonic() < until
            time.sleep(0.2)
        own_scene.rounds()
        assert sum(own_scene.told("travailleur-arrete").values()) == 0
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    fault = Fault(own_scene, "travailleur-arrete", "Travailleur tué")
    told = fault.is_told()
    fault.is_told_once()
    # Another one is started: it gives signs of life again.
    own_scene.meanwhile = lambda: _beat(own_scene)
    over = fault.is_over()
    fault.write("travailleur-tue", told, over)


def _beat(scene: Scene) -> None:
    with connect(scene.settings) as conn:
        beat(conn, "worker", scene.clock.now(), scene.clock.now())


def _alive(scene: Scene) -> bool:
    with connect(scene.settings) as conn:
        return any(one.process == "worker" for one in signs_of_life(conn))


def test_base_arretee(own_scene: Scene, tmp_path: Path) -> None:
    own_scene.rounds()
    Server(own_scene.settings).kill()
    fault = Fault(own_scene, "base-injoignable", "Base arrêtée (SIGKILL)")
    told = fault.is_told()
    # Nobody is told again, also not by a watchdog that was started anew.
    own_scene.dog = replace(own_scene.dog, judge=None)
    own_scene.rounds(6)
    assert own_scene.told(fault.rule) == own_scene.routed(fault.rule)
    # Its runbook is what starts it again.
    play(runbook("base-injoignable"), own_scene.settings, tmp_path / "work")
    over = fault.is_over()
    fault.write("base-arretee", told, over)


def test_quota_plein(own_scene: Scene) -> None:
    home = own_scene.settings.home
    used = sum(file.lstat().st_blocks * 512 for file in home.rglob("*"))
    own_scene.dog.settings = replace(own_scene.settings, disk_quota=2 * used)
    own_scene.rounds(3)
    assert sum(own_scene.told("disque-plein").values()) == 0
    filler = home / "landing" / "remplissage"
    filler.parent.mkdir(exist_ok=True)
    with filler.open("wb") as stream:
        for _ in range(used // MEGABYTE):
            stream.write(os.urandom(MEGABYTE))
    fault = Fault(own_scene, "disque-plein", "Quota du disque rempli")
    told = fault.is_told()
    fault.is_told_once()
    filler.unlink()
    over = fault.is_over()
    fault.write("quota-plein", told, over)


def test_livraison_corrompue(scene: Scene, tmp_path: Path) -> None:
    scene.rounds()
    corrupt = marketplace.Shipment("bazar-offers", "o.csv", b"\x00\x01\x02corrupt")
    marketplace.deliver(scene.settings, [corrupt], tmp_path / "outbox", at=scene.clock.now())
    report = marketplace.run(scene.settings, at=scene.clock.now())
    assert len(report.refused) == 1
    fault = Fault(scene, "livraison-refusee", "Livraison corrompue")
    told = fault.is_told()
    fault.is_told_once()
    [ticket] = scene.tickets(fault.rule)
    assert ticket.delivery_key == next(iter(report.refused))
    over = fault.is_over()
    fault.write("livraison-corrompue", told, over)


def test_vendeur_a_60_pct(scene: Scene, tmp_path: Path) -> None:
    folder = scene.settings.home / "sources" / "S1"
    folder.mkdir()
    text = PRODUCTS_YAML.replace("bazar-products", "s1-products").replace("platform", "S1")
    (folder / "s1-products.yaml").write_text(text, encoding="utf-8")
    header = "seller,sku,title,brand,ean,category,status,updated_at"
    bad = [f"S1,B{n},,,,Nulle part,perdu,2025-03-06T08:00:00Z" for n in range(12)]
    good = [f"S1,G{n},Titre,Fer,,Maison,active,2025-03-06T08:00:00Z" for n in range(8)]
    scene.rounds()
    _send(scene, marketplace.csv(header, *bad, *good), tmp_path)
    fault = Fault(scene, "vendeur-en-rejet", "Vendeur à 60 % de rejets")
    told = fault.is_told()
    fault.is_told_once()
    [ticket] = scene.tickets(fault.rule)
    assert ticket.title.endswith(": S1")
    # It sends what is right: a share of its lines, then all of them.
    more = [f"S1,H{n},Titre,Fer,,Maison,active,2025-03-07T08:00:00Z" for n in range(40)]
    _send(scene, marketplace.csv(header, *more), tmp_path)
    over = fault.is_over()
    fault.write("vendeur-a-60-pct", told, over)


def _send(scene: Scene, content: bytes, tmp_path: Path) -> None:
    shipment = marketplace.Shipment("s1-products", "products.csv", content)
    marketplace.deliver(scene.settings, [shipment], tmp_path / "outbox", at=scene.clock.now())
    marketplace.run(scene.settings, at=scene.clock.now())


def test_mart_en_retard(scene: Scene, tmp_path: Path) -> None:
    scene.rounds()
    with connect(scene.settings, "shopnow_owner") as owner:
        kept = owner.execute("SELECT count(*) FROM mart.seller_daily_sales").fetchone()
        assert owner.execute("DELETE FROM mart.seller_daily_sales").rowcount
    fault = Fault(scene, "mart-en-retard", "Mart qui ne suit plus")
    told = fault.is_told()
    fault.is_told_once()
    [ticket] = scene.tickets(fault.rule)
    assert ticket.title.endswith(": seller_daily_sales")
    # Its runbook is what builds it anew.
    play(runbook("mart-en-retard"), scene.settings, tmp_path / "work", sections=["Agir"])
    with connect(scene.settings) as conn:
        assert conn.execute("SELECT count(*) FROM mart.seller_daily_sales").fetchone() == kept
    over = fault.is_over()
    fault.write("mart-en-retard", told, over)


def test_smtp_en_panne(scene: Scene) -> None:
    scene.rounds()
    scene.mail.refusing = "451 4.3.0 essai"
    with connect(scene.settings) as conn:
        now = scene.clock.now()
        record_event(conn, Event(now, "essai", "technique", "ERROR", "essai", "load_broken"))
    error = Fault(scene, "erreur-technique", "Erreur, courriel en panne", without="courriel")
    # The other channels have it at once.
    assert error.is_told() <= timedelta(seconds=2 * ROUND_SECONDS)
    fault = Fault(scene, "canal-en-panne", "Serveur de courriel en panne", without="courriel")
    told = fault.is_told()
    fault.is_told_once()
    error.is_told_once()
    scene.mail.refusing = None
    over = fault.is_over()
    fault.write("smtp-en-panne", told, over)
