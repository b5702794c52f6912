"""Answers on their way to the sender: by e-mail with attachments, or dropped into a folder.

Protects two rules: an answer goes out once (who sends it has claimed it), and a contact's address
comes from the vault for the moment of the sending: it stands in no table, log or error.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from shopnow.deliverables import Attachment, Mail, MailRefusedError, send_mail
from shopnow.journal import Event, record_event
from shopnow.kernel import ShopnowError, UsageError
from shopnow.pipeline.answering import answer_delivery, write_answer
from shopnow.pipeline.context import Context
from shopnow.pipeline.following import find_delivery
from shopnow.pipeline.letters import letter_to
from shopnow.privacy import find_subjects, open_values
from shopnow.sources import Secrets, open_store
from shopnow.staging import AnswerDue, answers_due, claim_answer, keep_answer

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock, Settings
    from shopnow.pipeline.following import DeliveryFacts
    from shopnow.sources import AnswerRoute, Source
    from shopnow.staging import Channel

# Answers are news: a source that gets a route does not send what is older.
_RECENT: Final = timedelta(days=7)
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(days=1)
_ATTEMPTS: Final = 8
# What many mail servers still take; attachments grow by a third on the way.
_MAIL_BYTES: Final = 10 << 20
_TEXT_BYTES: Final = 1 << 20
_KINDS: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_SMTP_SECRET: Final = "smtp"  # noqa: S105 — the name of the secret


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """What became of one answer: sent, failed or nothing to say; texts are French."""

    delivery_key: int
    source: str
    channel: Channel
    state: str
    error: str = ""
    hint: str = ""


def send_answers(settings: Settings, clock: Clock) -> list[SentAnswer]:
    """Send every answer that is due; what fails is told and tried again later."""
    with Context.open(settings, clock) as context:
        return send_answers_of(context)


def send_answers_of(
    context: Context, delivery_key: int | None = None, *, again: bool = False
) -> list[SentAnswer]:
    """As `send_answers`; of one delivery only, of any age, and once more where `again`.

    Raises UsageError when that delivery's source says nowhere to send it.
    """
    now = context.clock.now()
    with context.connection("answers") as conn:
        if delivery_key is not None:
            found = _due_of(context, conn, delivery_key)
        else:
            wanted = [
                (name, channel)
                for name, source in context.sources.items()
                for channel in _channels(source.answer)
            ]
            found = answers_due(conn, wanted, now=now, since=now - _RECENT)
        sent = [_sent(context, conn, due, again=again) for due in found]
    return [one for one in sent if one is not None]


def _due_of(context: Context, conn: psycopg.Connection, key: int) -> list[AnswerDue]:
    facts = find_delivery(conn, key)
    channels = _channels(context.source(facts.source).answer)
    if not channels:
        raise UsageError(
            f"la source {facts.source} ne dit pas où va la réponse",
            "Ajoutez-lui `answer:` (email ou drop), ou donnez `shopnow delivery report` à la main.",
        )
    if facts.state not in ("published", "refused", "held"):
        raise UsageError(f"la livraison {key} n'est pas encore jugée", "`shopnow run` la charge.")
    about = "held" if facts.state == "held" else "settled"
    return [AnswerDue(key, facts.source, channel, about, 0) for channel in channels]


def _channels(route: AnswerRoute | None) -> list[Channel]:
    if route is None:
        return []
    channels: list[Channel] = []
    if route.email is not None:
        channels.append("email")
    if route.drop is not None:
        channels.append("drop")
    return channels


def _sent(
    context: Context, conn: psycopg.Connection, due: AnswerDue, *, again: bool
) -> SentAnswer | None:
    now = context.clock.now()
    wait = min(_FIRST_WAIT * 2**due.attempts, _LONGEST_WAIT)
    if not claim_answer(conn, due, now=now, next_at=now + wait, again=again):
        return None
    source = context.source(due.source)
    facts = find_delivery(conn, due.delivery_key)
    route = source.answer
    if route is None or (route.when == "findings" and not again and not _has_findings(facts)):
        keep_answer(conn, due, "nothing to say")
        return SentAnswer(due.delivery_key, due.source, due.channel, "nothing to say")
    try:
        if due.channel == "email":
            _mail(context, conn, source, route, facts)
        else:
            _drop(context, conn, route, facts)
    except ShopnowError as error:
        return _failed(context, conn, due, error, now + wait)
    keep_answer(conn, due, "sent")
    _journal(context, conn, facts, due, "INFO")
    return SentAnswer(due.delivery_key, due.source, due.channel, "sent")


def _failed(
    context: Context, conn: psycopg.Connection, due: AnswerDue, error: ShopnowError, then: datetime
) -> SentAnswer:
    is_last = due.attempts + 1 >= _ATTEMPTS
    text = f"{error.message} — {error.hint}" if error.hint else error.message
    keep_answer(conn, due, "failed", next_at=None if is_last else then, error=text)
    facts = find_delivery(conn, due.delivery_key)
    _journal(context, conn, facts, due, "ERROR" if is_last else "WARNING")
    return SentAnswer(
        due.delivery_key, due.source, due.channel, "failed", error.message, error.hint
    )


def _mail(
    context: Context, conn: psycopg.Connection, source: Source, route: AnswerRoute,
    facts: DeliveryFacts,
) -> None:  # fmt: skip
    to = route.email if route.email != "contact" else _contact(context, conn, source, facts)
    files = [_packed(one) for one in _files(context, conn, route, facts)]
    total = sum(len(one.content) for one in files)
    if total > _MAIL_BYTES:
        files = []
    subject, text = letter_to(facts, route.language, left_out=total if not files else 0)
    secrets = Secrets(context.settings.home)
    password = secrets.read(_SMTP_SECRET) if "@" in context.settings.smtp_url else None
    about = "retenue" if facts.state == "held" else "reponse"
    key = f"{about}-{facts.delivery_key}-{facts.sha256[:16]}"
    send_mail(
        context.settings, Mail(to or "", subject, text, files, key, context.clock.now()), password
    )


def _drop(
    context: Context, conn: psycopg.Connection, route: AnswerRoute, facts: DeliveryFacts
) -> None:
    assert route.drop is not None  # noqa: S101 — its channel says so
    files = _files(context, conn, route, facts)
    with open_store(route.drop, Secrets(context.settings.home)) as store:
        for one in files:
            store.write(one.name, io.BytesIO(one.content))


def _files(
    context: Context, conn: psycopg.Connection, route: AnswerRoute, facts: DeliveryFacts
) -> list[Attachment]:
    """The answer in each format that the route asks for."""
    name = "reponse" if route.language == "fr" else "answer"
    files = []
    for form in route.formats:
        answer = answer_delivery(context, conn, facts.delivery_key, language=route.language)
        buffer = io.BytesIO()
        write_answer(answer, buffer, form, context.settings.tz)
        files.append(
            Attachment(f"{name}-{facts.delivery_key}.{form}", _KINDS[form], buffer.getvalue())
        )
    return files


def _packed(file: Attachment) -> Attachment:
    """A long text goes as a zip: it is a tenth of it."""
    if len(file.content) <= _TEXT_BYTES or file.name.endswith(".xlsx"):
        return file
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file.name, file.content)
    return Attachment(f"{file.name}.zip", _KINDS["zip"], buffer.getvalue())


def _contact(
    context: Context, conn: psycopg.Connection, source: Source, facts: DeliveryFacts
) -> str:
    """The address of the seller's contact person, read from the vault for this one mail."""
    lookups = context.pseudonyms.subject_lookups(
        source.system, "seller_contact", pl.Series([source.sender])
    )
    with conn.transaction():
        numbers = find_subjects(conn, lookups)["subject_no"].drop_nulls().to_list()
    found = open_values(conn, context.keystore, numbers)
    address = next((values["email"] for values in found.values() if values.get("email")), "")
    record_event(
        conn,
        Event(
            ts=context.clock.now(), source="answer", type="securite", level="INFO",
            message="the contact of a seller was read from the vault to send an answer",
            error_code="contact_read", seller_no=facts.sender_no, delivery_key=facts.delivery_key,
        ),
    )  # fmt: skip
    if not address:
        raise MailRefusedError(
            f"adresse du contact du vendeur {source.sender} attendue, absente du coffre",
            "Le flux des vendeurs la donne (`contact_email`) ; sinon, mettez une adresse de service"
            " dans `answer: {email: …}`.",
        )
    return address


def _has_findings(facts: DeliveryFacts) -> bool:
    return facts.state != "published" or bool(facts.rejected or facts.unreadable or facts.held)


def _journal(
    context: Context,
    conn: psycopg.Connection,
    facts: DeliveryFacts,
    due: AnswerDue,
    level: Literal["INFO", "WARNING", "ERROR"],
) -> None:
    code = "answer_sent" if level == "INFO" else "answer_failed"
    record_event(
        conn,
        Event(
            ts=context.clock.now(),
            source="answer",
            type="fonctionnel",
            level=level,
            message=f"answer to delivery {facts.delivery_key}: {code} by {due.channel}",
            error_code=code,
            seller_no=facts.sender_no,
            delivery_key=facts.delivery_key,
            payload={"channel": due.channel, "about": due.about, "attempts": due.attempts + 1},
        ),
    )
