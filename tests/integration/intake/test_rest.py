"""REST pulls against a real HTTP server: pages, moods, secrets, and what is never taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.mailbox import certificate_for
from tests.rest_source import TOKEN, RestSource, basic, record, serving

from shopnow.pipeline import pull_due_of
from shopnow.sources import (
    PullBrokenError,
    PullRefusedError,
    RestConnector,
    Secrets,
    SourceError,
    open_rest,
)
from shopnow.staging import files_of, open_landed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.intake.conftest import Desk

    from shopnow.sources import Source

pytestmark = pytest.mark.integration
PAGINGS: list[dict[str, Any]] = [
    {"kind": "page", "param": "page", "total": "meta.total"},
    {"kind": "page", "param": "page", "size": 250, "size_param": "size"},
    {"kind": "offset", "param": "offset", "size": 3, "size_param": "size"},
    {"kind": "cursor", "param": "after", "next": "meta.next"},
    {"kind": "next_url", "next": "meta.url"},
    {"kind": "link"},
]


@pytest.fixture
def rest() -> Iterator[RestSource]:
    """Give a source of seven products, three a page."""
    with serving([record(number) for number in range(1, 8)]) as source:
        yield source


def connector(rest: RestSource, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A patient connector of the source, whose patience costs no time."""
    base = {"kind": "rest", "url": f"{rest.url}/items", "records": "data", "rate": 1000,
            "wait_seconds": 0.001, "attempts": 3,
            "paging": {"kind": "cursor", "param": "after", "next": "meta.next"}}  # fmt: skip
    return base | more


def content(desk: Desk, source: Source) -> bytes:
    """The bytes of the last delivery of a source, as sealed."""
    with desk.context() as context, context.connection("test") as conn:
        file = files_of(conn, desk.deliveries(source)[-1][0])[0]
        with open_landed(
            desk.settings, context.keystore, file.landing_path, file.landing_ref
        ) as stream:
            return stream.read()


@pytest.mark.parametrize("paging", PAGINGS, ids=lambda one: one["kind"])
def test_all_pages_become_one_sealed_delivery(
    desk: Desk, rest: RestSource, paging: dict[str, Any]
) -> None:
    source = desk.source(connector(rest, paging=paging))
    pulled = desk.pull(source)
    assert [receipt.verdict for receipt in pulled.receipts] == ["new"]
    assert pulled.records == 7
    lines = content(desk, source).decode().splitlines()
    assert [line.replace(" ", "") for line in lines] == [
        one.replace(" ", "") for one in rest.records
    ]
    assert '"price":3.10' in lines[2]


def test_what_was_fetched_is_loaded_like_a_file(desk: Desk, rest: RestSource) -> None:
    source = desk.source(connector(rest))
    desk.pull(source)
    desk.run(source)
    assert desk.deliveries(source)[0][1:] == ("published", 14)
    prices = desk.rows("SELECT product_id, unit_price::text FROM dwh.fact_offer ORDER BY 1 LIMIT 2")
    assert prices == [("R1", "1.100000"), ("R2", "2.100000")]
    # The same pages again are the same bytes: nothing happens.
    assert [receipt.verdict for receipt in desk.pull(source).receipts] == ["duplicate"]
    assert len(desk.deliveries(source)) == 1


def test_a_pull_goes_on_where_the_last_one_ended(desk: Desk, rest: RestSource) -> None:
    resume = {"param": "since", "field": "updated_at", "overlap": "60 s"}
    source = desk.source(connector(rest, resume=resume))
    assert desk.pull(source).records == 7
    assert "since" not in rest.asked[0]
    assert desk.resume(source) == "2025-03-01T10:07:00Z"
    rest.records.append(record(8))
    # A minute back: what was written late over there is asked for again.
    assert desk.pull(source).records == 3
    assert rest.asked[-1]["since"] == "2025-03-01T10:06:00Z"
    assert desk.resume(source) == "2025-03-01T10:08:00Z"
    rest.records.clear()
    quiet = desk.pull(source)
    assert (quiet.receipts, desk.resume(source)) == ([], "2025-03-01T10:08:00Z")


@pytest.mark.parametrize("moment", [0, 1, 2])
@pytest.mark.parametrize("broken", [[500, 502, 503], ["cut", "cut", "cut"]])
def test_a_pull_that_breaks_off_takes_nothing_in(
    desk: Desk, rest: RestSource, broken: list[int | str], moment: int
) -> None:
    source = desk.source(
        connector(rest, resume={"param": "since", "field": "updated_at"}, attempts=1)
    )
    before = desk.landed()
    rest.plan = [*([200] * moment), *broken]
    with pytest.raises(PullBrokenError) as refused:
        desk.pull(source)
    assert f"page {moment + 1}" in refused.value.message
    assert "Rien n'est pris" in refused.value.hint
    assert (desk.deliveries(source), desk.resume(source)) == ([], None)
    assert desk.landed() == before
    rest.plan = []
    assert desk.pull(source).records == 7


def test_a_tired_source_is_asked_again_as_it_wishes(desk: Desk, rest: RestSource) -> None:
    rest.plan = [500, 200, 429, "cut"]
    rest.retry_after = "1"
    source = desk.source(connector(rest, attempts=4))
    with pytest.raises(PullBrokenError, match="s'arrête en route"):
        desk.pull(source)
    rest.plan = [503, 200, 429, 200]
    assert desk.pull(source).records == 7


def test_a_wait_beyond_all_patience_ends_the_pull(desk: Desk, rest: RestSource) -> None:
    rest.plan, rest.retry_after = [429], "4000"
    with pytest.raises(PullBrokenError, match="attendre 4000 s"):
        desk.pull(desk.source(connector(rest)))


def test_requests_are_paced(desk: Desk, rest: RestSource) -> None:
    slept: list[float] = []
    source = desk.source(connector(rest, rate=10))
    with desk.context() as context:
        assert isinstance(source.connector, RestConnector)
        secrets = Secrets(context.settings.home)
        with open_rest(
            source.connector, secrets, since=None, limit=10**6, sleep=slept.append
        ) as pull:
            assert pull.read().count(b"\n") == 7
    assert len(slept) == 2
    assert all(0 < seconds <= 0.1 for seconds in slept)


@pytest.mark.parametrize(("auth", "header", "value"), [
    ({"kind": "bearer"}, "Authorization", f"Bearer {TOKEN}"),
    ({"kind": "header", "name": "X-Api-Key"}, "X-Api-Key", TOKEN),
    ({"kind": "basic", "user": "s1"}, "Authorization", basic("s1", TOKEN)),
    ({"kind": "oauth2", "user": "client", "token_url": "/token"}, "Authorization",
     f"Bearer {TOKEN}-1"),
], ids=lambda one: one.get("kind") if isinstance(one, dict) else "")  # fmt: skip
def test_it_tells_who_it_is(
    desk: Desk, rest: RestSource, auth: dict[str, str], header: str, value: str
) -> None:
    rest.wanted = {header: value}
    auth = auth | {"secret": desk.secret(TOKEN)}
    if "token_url" in auth:
        auth["token_url"] = rest.url + auth["token_url"]
    assert desk.pull(desk.source(connector(rest, auth=auth))).records == 7


def test_a_wrong_secret_is_said_and_not_shown(desk: Desk, rest: RestSource) -> None:
    rest.wanted = {"Authorization": f"Bearer {TOKEN}"}
    name = desk.secret("un-vieux-secret")
    source = desk.source(connector(rest, auth={"kind": "bearer", "secret": name}))
    with pytest.raises(PullRefusedError) as refused:
        desk.pull(source)
    assert "HTTP 401 (identification refusée)" in refused.value.message
    assert f"le secret « {name} »" in refused.value.hint
    kept = desk.rows("SELECT last_error, failures FROM staging.source_pull WHERE source = %s",
                     source.name)  # fmt: skip
    assert kept[0][1] == 1
    assert "un-vieux-secret" not in f"{refused.value} {refused.value.hint} {kept}"
    assert len(rest.asked) == 1


def test_the_secret_goes_to_the_declared_host_alone(desk: Desk, rest: RestSource) -> None:
    auth = {"kind": "header", "name": "X-Api-Key", "secret": desk.secret(TOKEN)}
    with serving([record(1)]) as thief:
        rest.plan = [f"away:{thief.url}/items"]
        with pytest.raises(PullRefusedError, match="renvoie vers"):
            desk.pull(desk.source(connector(rest, auth=auth)))
        # The same lure within a page: a next address on another host.
        rest.url, home = thief.url, rest.url
        source = desk.source(
            connector(rest, url=f"{home}/items", auth=auth,
                      paging={"kind": "next_url", "next": "meta.url"})
        )  # fmt: skip
        with pytest.raises(PullRefusedError, match="renvoie vers"):
            desk.pull(source)
        assert thief.asked == []


def test_a_stranger_with_another_certificate_gets_no_secret(desk: Desk, tmp_path: Path) -> None:
    good = certificate_for("127.0.0.1", tmp_path / "good")
    stranger = certificate_for("127.0.0.1", tmp_path / "stranger")
    auth = {"kind": "bearer", "secret": desk.secret(TOKEN)}
    with serving([record(1)], good) as rest:
        source = desk.source(connector(rest, auth=auth, ca_file=str(good[0])))
        assert desk.pull(source).records == 1
    with serving([record(1)], stranger) as rest:
        for trusted in ({}, {"ca_file": str(good[0])}):
            with pytest.raises(PullRefusedError, match=r"certificat de https://.+ refusé"):
                desk.pull(desk.source(connector(rest, auth=auth, **trusted)))
        assert rest.headers == []


def test_a_redirect_at_home_is_followed(desk: Desk, rest: RestSource) -> None:
    rest.plan = ["away:/elsewhere"]
    assert desk.pull(desk.source(connector(rest))).records == 7


@pytest.mark.parametrize(("change", "said"), [
    ({"stuck": True}, "répète exactement la précédente"),
    ({"plan": [200, "html"]}, "réponse JSON en UTF-8 attendue, reçu du HTML"),
    ({"total": 12}, "12 enregistrements annoncés, 7 reçus"),
], ids=["stuck", "html", "cut short"])  # fmt: skip
def test_pages_that_make_no_sense_are_refused(
    desk: Desk, rest: RestSource, change: dict[str, Any], said: str
) -> None:
    for name, value in change.items():
        setattr(rest, name, value)
    paging = {"kind": "page", "param": "page", "total": "meta.total"}
    source = desk.source(connector(rest, paging=paging))
    with pytest.raises(PullRefusedError, match=said) as refused:
        desk.pull(source)
    assert refused.value.hint
    assert desk.deliveries(source) == []


@pytest.mark.parametrize(("change", "said"), [
    ({"records": "items"}, "avec les clés data, meta"),
    ({"records": None}, "reçu un objet avec les clés data, meta"),
    ({"resume": {"param": "since", "field": "modified"}}, "« modified » attendu"),
    ({"max_pages": 2}, "plus de 2 pages"),
    ({"url": "@/items", "auth": {"kind": "bearer", "secret": "nulle-part"}}, "« nulle-part »"),
], ids=["records", "no records", "resume", "pages", "secret"])  # fmt: skip
def test_a_wrong_declaration_is_told(
    desk: Desk, rest: RestSource, change: dict[str, Any], said: str
) -> None:
    if "url" in change:
        change = change | {"url": f"{rest.url}/items"}
    source = desk.source(connector(rest, **change))
    with pytest.raises(PullRefusedError, match=said) as refused:
        desk.pull(source)
    assert refused.value.hint
    assert desk.deliveries(source) == []


def test_an_empty_full_answer_withdraws_nothing(desk: Desk, rest: RestSource) -> None:
    rest.records.clear()
    source = desk.source(connector(rest), mode="full")
    with pytest.raises(Exception, match="aucun reçu"):
        desk.pull(source)
    assert desk.deliveries(source) == []


def test_an_answer_that_is_a_file_is_taken_as_it_is(desk: Desk, rest: RestSource) -> None:
    rest.size = 100
    plain = {"kind": "rest", "url": f"{rest.url}/items"}
    source = desk.source(plain, format="json", dialect={"record": "data"})
    desk.pull(source)
    desk.run(source)
    assert desk.deliveries(source)[0][1:] == ("published", 14)


def test_due_sources_are_fetched_whatever_becomes_of_the_others(
    desk: Desk, rest: RestSource
) -> None:
    good = desk.source(connector(rest, every="1 h"))
    bad = desk.source(connector(rest, url="http://127.0.0.1:1/items", every="1 h"))
    with desk.context(good, bad) as context:
        first = {one.source: one for one in pull_due_of(context)}
        assert first[good.name].records == 7
        assert "connexion impossible" in first[bad.name].error
        assert pull_due_of(context) == []
    later = replace(desk, later=timedelta(hours=1, minutes=30))
    with later.context(good, bad) as context:
        # What failed is asked later than what did not.
        assert [one.source for one in pull_due_of(context)] == [good.name, bad.name]
    latest = replace(desk, later=timedelta(hours=3))
    with latest.context(good, bad) as context:
        assert [one.source for one in pull_due_of(context)] == [good.name]
    events = desk.rows("SELECT level, payload ->> 'failures' FROM journal.event"
                       " WHERE error_code = 'pull_failed' AND payload ->> 'source' = %s",
                       bad.name)  # fmt: skip
    assert events == [("WARNING", "1"), ("WARNING", "2")]


def test_one_pull_of_a_source_at_a_time(desk: Desk, rest: RestSource) -> None:
    source = desk.source(connector(rest))
    desk.pull(source)
    with desk.context() as context, context.connection("other") as conn, conn.transaction():
        conn.execute("SELECT 1 FROM staging.source_pull WHERE source = %s FOR UPDATE",
                     [source.name])  # fmt: skip
        with pytest.raises(PullBrokenError, match="déjà en cours"):
            desk.pull(source)


@pytest.mark.parametrize("spec", [
    {"url": "http://example.com/items", "auth": {"kind": "bearer", "secret": "x"}},
    {"url": "https://u:p@example.com/items"},
    {"url": "https://example.com/items", "params": {"api_key": "x"}},
    {"url": "https://example.com/items", "headers": {"Authorization": "x"}},
    {"url": "https://example.com/items", "auth": {"kind": "bearer", "secret": "../pgpass"}},
    {"url": "https://example.com/items", "pagging": {}},
    {"url": "file:///etc/passwd"},
], ids=lambda one: one["url"][:5])  # fmt: skip
def test_a_declaration_that_would_leak_is_refused(desk: Desk, spec: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        desk.source({"kind": "rest", **spec})
