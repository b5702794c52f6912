"""A mailbox of the tests: a real SMTP receiver on the loopback, with TLS and a log-in.

    with open_mailbox(tmp_path) as box:
        ...  # send to box.host, box.port; trust box.ca_file; log in as box.user, box.password
        message = box.messages[0].parsed

`tls`: `starttls` (refuses mail in clear), `implicit` (TLS from the first byte) or `none`.
`refusing`: the reply to every DATA, for a receiver that is full or unwilling.
"""
# ruff: noqa: A005 — always imported as tests.mailbox

from __future__ import annotations

import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

Tls = Literal["starttls", "implicit", "none"]
USER, PASSWORD = "robot", "mot-de-passe-des-tests"


@dataclass(frozen=True)
class Mail:
    """One message as it came in: the envelope, the bytes, and whether the line was encrypted."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    was_encrypted: bool
    was_authenticated: bool

    @property
    def parsed(self) -> EmailMessage:
        """The message with its headers decoded and its parts at hand."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def attachments(self) -> dict[str, bytes]:
        """The attached files by name."""
        return {
            part.get_filename() or "": bytes(part.get_payload(decode=True) or b"")
            for part in self.parsed.iter_attachments()
        }


@dataclass
class Mailbox:
    """Where it listens, what it wants, and what came; `refusing` may change while it runs."""

    host: str
    port: int
    ca_file: Path
    user: str = USER
    password: str = PASSWORD
    refusing: str | None = None
    wants_login: bool = True
    is_encrypted: bool = False
    messages: list[Mail] = field(default_factory=list)

    # These names are the protocol's: aiosmtpd calls them.
    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        session: Any,  # noqa: ANN401
        envelope: Any,  # noqa: ANN401
        address: str,
        options: list[str],
    ) -> str:
        """Let only who is logged in send, where that is wanted."""
        if self.wants_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        """Take a message in, or refuse it."""
        if self.refusing:
            return self.refusing
        self.messages.append(
            Mail(
                envelope.mail_from,
                tuple(envelope.rcpt_tos),
                envelope.original_content,
                self.is_encrypted or session.ssl is not None,
                bool(session.authenticated),
            )
        )
        return "250 OK"


@contextmanager
def open_mailbox(
    folder: Path, *, tls: Tls = "starttls", login: bool = True, refusing: str | None = None
) -> Iterator[Mailbox]:
    """Give a running mailbox; its certificate stands in `folder`."""
    certificate, key = certificate_for("127.0.0.1", folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Mailbox(
        "127.0.0.1",
        0,
        certificate,
        refusing=refusing,
        wants_login=login,
        is_encrypted=tls == "implicit",
    )
    controller = Controller(
        box, hostname=box.host, port=_free_port(),
        ssl_context=context if tls == "implicit" else None,
        tls_context=context if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        auth_require_tls=tls == "starttls",
        authenticator=_checks if login else None,
    )  # fmt: skip
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def certificate_for(host: str, folder: Path) -> tuple[Path, Path]:
    """Files of a certificate that signs itself for `host`, and of its key."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def _checks(
    _server: object, _session: object, _envelope: object, _mechanism: str, data: object
) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(), PASSWORD.encode(),
    )  # fmt: skip
    return AuthResult(success=good, handled=False)


def _free_port() -> int:
    import socket  # noqa: PLC0415 — only here

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
