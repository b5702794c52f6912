"""Answers on their way: by real mail with TLS or into a folder, once, to the right one."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests import marketplace
from tests.mailbox import Mailbox, Tls, open_mailbox
from tests.rest_source import record
from tests.sftp_drop import PASSWORD, USER, dropping

from shopnow.deliverables import Mail, MailRefusedError, send_mail
from shopnow.pipeline import pull_source, send_answers_of
from shopnow.sources import Secrets, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.intake.conftest import Desk

    from shopnow.pipeline import SentAnswer
    from shopnow.sources import Source

pytestmark = pytest.mark.integration
BAD = (
    '{"sku": "X1", "title": "Sans prix", "price": "gratuit", "currency": "EUR", "stock": 1,'
    ' "updated_at": "2025-03-01T10:00:00Z"}'
)
ADDRESS = "flux@atelier.example"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    """Give a mailbox that wants TLS and a log-in."""
    with open_mailbox(tmp_path / "mailbox") as running:
        yield running


def with_mail(desk: Desk, box: Mailbox, scheme: str = "smtp") -> Desk:
    """The desk, its settings leading to the mailbox."""
    Secrets(desk.settings.home).keep("smtp", box.password)
    url = f"{scheme}://{box.user}@{box.host}:{box.port}"
    settings = replace(
        desk.settings,
        smtp_url=url,
        smtp_ca_file=box.ca_file,
        mail_from="ShopNow <flux@shop.example>",
    )
    return replace(desk, settings=settings)


def delivered(desk: Desk, folder: Path, *lines: str, **answer: Any) -> Source:  # noqa: ANN401
    """A source that answers so, and its first delivery, loaded."""
    folder.mkdir(exist_ok=True)
    source = desk.source({"kind": "files", "url": str(folder), "settle": "0 s"},
                         file_pattern="*.ndjson", answer=answer)  # fmt: skip
    (folder / "articles.ndjson").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    later = replace(desk, later=timedelta(days=36500))
    with later.context(source) as context:
        pull_source(context, source)
    desk.run(source)
    return source


def sent(desk: Desk, source: Source, key: int | None = None, **how: bool) -> list[SentAnswer]:
    """Send what is due of a source."""
    with desk.context(source) as context:
        found = send_answers_of(context, key, **how)
    return [one for one in found if one.source == source.name]


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp"), ("implicit", "smtps")])
def test_a_seller_gets_the_answer_by_mail(
    desk: Desk,
    tmp_path: Path,
    tls: Tls,
    scheme: str,
) -> None:
    with open_mailbox(tmp_path / "mailbox", tls=tls) as box:
        posting = with_mail(desk, box, scheme)
        source = delivered(posting, tmp_path / "in", record(1), BAD, email=ADDRESS,
                           formats=["xlsx", "csv"])  # fmt: skip
        key = desk.deliveries(source)[0][0]
        assert [one.state for one in sent(posting, source)] == ["sent"]
        assert sent(posting, source) == []
        mail = box.messages[0]
    assert (mail.recipients, mail.was_encrypted, mail.was_authenticated) == ((ADDRESS,), True, True)
    assert mail.parsed["Subject"] == (
        f"ShopNow : livraison {key} chargée, 1 à corriger (articles.ndjson)"
    )
    assert mail.parsed["Message-ID"].startswith(f"<reponse-{key}-")
    body = mail.parsed.get_body(("plain",))
    assert body is not None
    assert "lus : 4. Acceptés : " in body.get_content()
    assert "rejetés : 1," in body.get_content()
    report = mail.attachments[f"reponse-{key}.csv"].decode("utf-8-sig")
    assert "gratuit" in report
    with zipfile.ZipFile(io.BytesIO(mail.attachments[f"reponse-{key}.xlsx"])) as workbook:
        assert workbook.testzip() is None


def test_a_contact_is_found_in_the_vault_and_nowhere_else(
    desk: Desk, box: Mailbox, tmp_path: Path
) -> None:
    posting = with_mail(desk, box)
    source = delivered(posting, tmp_path / "in", record(2), BAD, email="contact")
    assert [one.state for one in sent(posting, source)] == ["sent"]
    assert box.messages[0].recipients == ("cleo@s5.test",)
    key = desk.deliveries(source)[0][0]
    said = desk.rows("SELECT error_code FROM journal.event WHERE delivery_key = %s"
                     " AND source = 'answer' ORDER BY event_no", key)  # fmt: skip
    assert ("contact_read",) in said
    assert ("answer_sent",) in said
    for statement in ("SELECT to_jsonb(t)::text FROM journal.event AS t",
                      "SELECT to_jsonb(t)::text FROM staging.answer_sent AS t"):  # fmt: skip
        assert not any("cleo@" in row[0] for row in desk.rows(statement))


def test_only_findings_are_told_where_that_was_asked(
    desk: Desk, box: Mailbox, tmp_path: Path
) -> None:
    posting = with_mail(desk, box)
    source = delivered(posting, tmp_path / "in", record(3), email=ADDRESS, when="findings")
    assert [one.state for one in sent(posting, source)] == ["nothing to say"]
    assert sent(posting, source) == []
    assert box.messages == []
    key = desk.deliveries(source)[0][0]
    assert [one.state for one in sent(posting, source, key, again=True)] == ["sent"]


def test_a_refused_file_is_explained(desk: Desk, box: Mailbox, tmp_path: Path) -> None:
    posting = with_mail(desk, box)
    source = delivered(posting, tmp_path / "in", "\x00\x01\x02" * 3000, email=ADDRESS,
                       language="en")  # fmt: skip
    assert desk.deliveries(source)[0][1] == "refused"
    assert [one.state for one in sent(posting, source)] == ["sent"]
    body = box.messages[0].parsed.get_body(("plain",))
    assert body is not None
    assert "No line was loaded" in body.get_content()


def test_what_cannot_be_sent_is_tried_again(desk: Desk, box: Mailbox, tmp_path: Path) -> None:
    posting = with_mail(desk, box)
    box.refusing = "452 4.2.2 mailbox full"
    source = delivered(posting, tmp_path / "in", record(4), BAD, email=ADDRESS)
    first = sent(posting, source)
    assert [(one.state, "code 452" in one.error) for one in first] == [("failed", True)]
    assert "on retentera" in first[0].hint
    box.refusing = None
    # Not at once, but when it is due.
    assert sent(posting, source) == []
    assert [one.state for one in sent(replace(posting, later=timedelta(minutes=6)), source)] == [
        "sent"
    ]
    assert len(box.messages) == 1


def test_an_answer_is_sent_by_one_process_only(desk: Desk, box: Mailbox, tmp_path: Path) -> None:
    posting = with_mail(desk, box)
    source = delivered(posting, tmp_path / "in", record(5), BAD, email=ADDRESS)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: sent(posting, source), range(4)))
    assert sum(len(one) for one in results) == 1
    assert len(box.messages) == 1


def test_nothing_goes_out_in_clear_or_to_a_stranger(
    desk: Desk, box: Mailbox, tmp_path: Path
) -> None:
    posting = with_mail(desk, box)
    mail = Mail(ADDRESS, "Sujet\r\nBcc: voleur@mal.example", "texte", [], "k", marketplace.NOON)
    send_mail(posting.settings, mail, box.password)
    assert box.messages[0].recipients == (ADDRESS,)
    assert box.messages[0].parsed["Bcc"] is None
    for change, said in (
        ({"smtp_ca_file": None}, "certificat refusé"),
        ({"smtp_url": f"smtp://{box.user}:{box.password}@{box.host}:{box.port}"}, "mot de passe"),
        ({"smtp_url": ""}, "aucun serveur de courrier"),
    ):
        with pytest.raises(MailRefusedError, match=said):
            send_mail(replace(posting.settings, **change), mail, box.password)
    with pytest.raises(MailRefusedError, match="identification refusée"):
        send_mail(posting.settings, mail, "un autre mot de passe")
    assert len(box.messages) == 1


def test_an_answer_is_dropped_by_sftp(desk: Desk, tmp_path: Path) -> None:
    back = tmp_path / "back"
    back.mkdir()
    with dropping(back) as drop:
        route = {"url": f"sftp://127.0.0.1:{drop.port}/reponses", "user": USER,
                 "host_key": drop.host_key, "secret": desk.secret(PASSWORD)}  # fmt: skip
        source = delivered(desk, tmp_path / "in", record(6), BAD, drop=route, formats=["csv"])
        key = desk.deliveries(source)[0][0]
        assert [(one.channel, one.state) for one in sent(desk, source)] == [("drop", "sent")]
    files = list((back / "reponses").iterdir())
    assert [path.name for path in files] == [f"reponse-{key}.csv"]
    assert "gratuit" in files[0].read_text("utf-8-sig")


@pytest.mark.parametrize("answer", [
    {}, {"email": "personne"}, {"email": "a@b.fr", "formats": ["pdf"]},
    {"email": "a@b.fr\nBcc: c@d.fr"}, {"drop": "sftp://host/x"},
])  # fmt: skip
def test_a_route_that_leads_nowhere_is_refused(desk: Desk, answer: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        desk.source({"kind": "files", "url": "/srv"}, file_pattern="*", answer=answer)
