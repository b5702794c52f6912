"""Mail with attachments: encrypted on the way, or not sent.

Protects what is written to a seller: outside the loopback nothing goes out without TLS and a
certificate that we trust, and no header is made of what a sender wrote without looking at it.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from shopnow.kernel import TerminalError, TransientError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.kernel import Settings

_SECONDS: Final = 30.0
_SUBJECT: Final = 150
_PORTS: Final = {"smtp": 587, "smtps": 465}
# Replies of the 500s are for good, those of the 400s until later (RFC 5321).
_FOR_GOOD: Final = 500


class MailRefusedError(TerminalError):
    """Mail that will not go out until somebody changes something; French."""


class MailDelayedError(TransientError):
    """Mail that may go out later; French."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `kind`: its media type."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `key` makes it recognisable when it is sent again."""

    to: str
    subject: str
    text: str
    attachments: Sequence[Attachment]
    key: str
    at: datetime


def send_mail(settings: Settings, mail: Mail, password: str | None) -> None:
    """Send one mail through `smtp_url`; raises MailRefusedError or MailDelayedError (French)."""
    parts = urlsplit(settings.smtp_url)
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host:
        raise MailRefusedError(
            "aucun serveur de courrier : `smtp_url` attendu, absent des réglages",
            'Mettez `smtp_url = "smtp://robot@serveur:587"` dans shopnow.toml ; le mot de passe'
            " par `shopnow source secret smtp`.",
        )
    if parts.password is not None:
        raise MailRefusedError(
            "le réglage `smtp_url` contient un mot de passe",
            "Retirez-le et changez-le : `shopnow source secret smtp` garde le nouveau.",
        )
    where = f"{host}:{parts.port or _PORTS[parts.scheme]}"
    message = _message(settings, mail)
    try:
        with _server(settings, where) as server:
            if parts.username and password is not None:
                server.login(unquote(parts.username), password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise MailRefusedError(
            f"{where} : identification refusée", "Changez le secret : `shopnow source secret smtp`."
        ) from None
    except smtplib.SMTPRecipientsRefused:
        raise MailRefusedError(
            f"{where} : destinataire refusé", "Vérifiez l'adresse de la source ou du contact."
        ) from None
    except smtplib.SMTPResponseException as error:
        raise _of_reply(error, where) from None
    except ssl.SSLCertVerificationError:
        raise MailRefusedError(
            f"{where} : certificat refusé", "Donnez à `smtp_ca_file` les certificats attendus."
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailDelayedError(
            f"{where} : envoi impossible ({type(error).__name__})",
            "Le serveur de courrier est absent ou coupe ; l'envoi sera retenté.",
        ) from None


def _server(settings: Settings, where: str) -> smtplib.SMTP:
    """The server, reached and encrypted."""
    host, _, port = where.rpartition(":")
    context = ssl.create_default_context(cafile=settings.smtp_ca_file)
    if settings.smtp_url.startswith("smtps:"):
        return smtplib.SMTP_SSL(host, int(port), timeout=_SECONDS, context=context)
    server = smtplib.SMTP(host, int(port), timeout=_SECONDS)
    try:
        _encrypt(server, context, where)
    except BaseException:
        server.close()
        raise
    return server


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext, where: str) -> None:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif not _is_loopback(where.rpartition(":")[0]):
        raise MailRefusedError(
            f"{where} : le serveur de courrier ne chiffre pas (STARTTLS absent)",
            "Rien n'est envoyé en clair. Prenez un serveur qui chiffre, ou `smtps://`.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _message(settings: Settings, mail: Mail) -> EmailMessage:
    sender = settings.mail_from or f"shopnow@{urlsplit(settings.smtp_url).hostname}"
    message = EmailMessage()
    message["From"] = _one_line(sender)
    message["To"] = _one_line(mail.to)
    message["Subject"] = _one_line(mail.subject)[:_SUBJECT]
    message["Date"] = formatdate(mail.at.timestamp())
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2].strip('<> ')}>"
    # No holiday reply to a robot.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    for one in mail.attachments:
        main, _, sub = one.kind.partition("/")
        message.add_attachment(
            one.content, maintype=main, subtype=sub, filename=_one_line(one.name)
        )
    return message


def _one_line(text: str) -> str:
    """A text that cannot end its header: what no one prints becomes a space."""
    return "".join(mark if mark.isprintable() else " " for mark in text).strip()


def _of_reply(error: smtplib.SMTPResponseException, where: str) -> TerminalError | TransientError:
    said = f"{where} : courrier refusé (code {error.smtp_code})"
    if error.smtp_code >= _FOR_GOOD:
        return MailRefusedError(said, "Voyez la taille, l'expéditeur (`mail_from`), l'adresse.")
    return MailDelayedError(said, "Le serveur de courrier est plein ou occupé ; on retentera.")
