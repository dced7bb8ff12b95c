"""Do mails leave whole, never in clear where a password goes, and are refusals taken rightly?"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from grievance.gateways.contract import SendError, SendFailed
from grievance.gateways.mail import send_mail

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TO = "desk@ong.example"


class Box:
    """What a real mail server took, and how it should answer."""

    def __init__(self, recipient: str = "250 OK", data: str = "250 OK") -> None:
        self.letters: list[EmailMessage] = []
        self.secure: list[bool] = []
        self._recipient, self._data = recipient, data

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.secure.append(
                session.ssl is not None
                or bool(server.transport and server.transport.get_extra_info("sslcontext"))
            )
        return self._data


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Post:
    """A running mail server; `url` is where it listens, without its scheme."""

    def __init__(self, box: Box, **options: Any) -> None:
        self._controller = Controller(box, hostname="127.0.0.1", port=_free_port(), **options)
        self.url = f"127.0.0.1:{self._controller.port}"

    def __enter__(self) -> Post:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trust(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def _mail(url: str, to: str = TO, subject: str = "Un délai approche", **more: Any) -> None:
    send_mail(
        url, "Plaintes <ne-pas-repondre@plainte.example>", to, subject, "Dossier 7F3Q-82: à faire.\n",
        now=NOW, message_id="own-7", timeout=more.pop("timeout", 5.0), **more,
    )  # fmt: skip


def _failure(url: str, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        _mail(url, **more)
    assert caught.value.__context__ is None
    assert TO not in repr(caught.value)
    return caught.value


def test_a_mail_arrives_whole_and_dated_by_its_decision() -> None:
    with Post(box := Box()) as post:
        _mail(f"smtp://{post.url}")
    (letter,) = box.letters
    assert (letter["Subject"], letter["To"], letter["Message-ID"]) == (
        "Un délai approche", TO, "<own-7@plainte.example>",
    )  # fmt: skip
    assert letter["Date"].datetime == NOW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == ["Dossier 7F3Q-82: à faire."]


def test_a_second_copy_carries_the_same_id() -> None:
    with Post(box := Box()) as post:
        _mail(f"smtp://{post.url}")
        _mail(f"smtp://{post.url}")
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_a_password_travels_only_inside_tls(server_tls: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    seen: list[object] = []

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        seen.append(data)
        return AuthResult(success=True)

    options = {
        "tls_context": server_tls,
        "require_starttls": True,
        "authenticator": check,
        "auth_required": True,
    }
    with Post(box := Box(), **options) as post:
        _mail(f"smtp+starttls://desk%40ong:p%2Fw@{post.url}", trust=trust)
    assert seen == [LoginPassword(login=b"desk@ong", password=b"p/w")]
    assert box.secure == [True]


def test_smtps_speaks_tls_from_the_first_word(server_tls: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with Post(box := Box(), ssl_context=server_tls) as post:
        _mail(f"smtps://{post.url}", trust=trust)
    assert box.secure == [True]


@pytest.mark.parametrize("start", ["smtp+starttls://", "smtp+starttls://a:b@", "smtp://a:b@"])
def test_a_server_without_tls_gets_neither_mail_nor_password_in_clear(start: str) -> None:
    with Post(box := Box()) as post:
        failed = _failure(f"{start}{post.url}")
    assert (failed.error, failed.code, box.letters) == (SendError.RETRY, "no_tls", [])


def test_a_certificate_nobody_vouches_for_gets_nothing(server_tls: ssl.SSLContext) -> None:
    with Post(box := Box(), tls_context=server_tls) as post:
        failed = _failure(f"smtp+starttls://{post.url}")
    assert (failed.error, failed.code, box.letters) == (SendError.RETRY, "certificate", [])


def test_nor_does_one_that_speaks_tls_from_the_first_word(server_tls: ssl.SSLContext) -> None:
    with Post(box := Box(), ssl_context=server_tls) as post:
        failed = _failure(f"smtps://{post.url}")
    assert (failed.error, failed.code, box.letters) == (SendError.RETRY, "certificate", [])


@pytest.mark.parametrize(
    ("recipient", "data", "error", "code"),
    [
        ("550 no such box", "250 OK", SendError.PERMANENT, "smtp_550"),
        ("451 greylisted", "250 OK", SendError.RETRY, "smtp_451"),
        ("250 OK", "554 refused", SendError.PERMANENT, "smtp_554"),
        ("250 OK", "452 full", SendError.RETRY, "smtp_452"),
    ],
)
def test_each_refusal_has_its_consequence(recipient: str, data: str, error: SendError, code: str) -> None:
    with Post(Box(recipient, data)) as post:
        failed = _failure(f"smtp://{post.url}")
    assert (failed.error, failed.code, failed.uncertain) == (error, code, False)


def test_a_wrong_password_waits_for_the_host(server_tls: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    def refuse(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with Post(Box(), tls_context=server_tls, authenticator=refuse) as post:
        failed = _failure(f"smtp+starttls://a:b@{post.url}", trust=trust)
    assert (failed.error, failed.code) == (SendError.RETRY, "smtp_535")


def test_nobody_there_is_tried_again() -> None:
    failed = _failure(f"smtp://127.0.0.1:{_free_port()}")
    assert (failed.error, failed.code) == (SendError.RETRY, "no_answer")


def test_a_silent_server_does_not_hold_us() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        failed = _failure(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
    assert (failed.error, failed.code) == (SendError.RETRY, "no_answer")


@pytest.mark.parametrize("url", ["", "http://a.example", "smtp://", "smtp://a:notaport", "mail.example:25"])
def test_an_address_of_no_server_waits_for_the_host(url: str) -> None:
    failed = _failure(url)
    assert (failed.error, failed.code) == (SendError.RETRY, "not_configured")


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "é@b.example"]
)
def test_a_mail_goes_to_one_plain_address_or_to_nobody(to: str) -> None:
    with Post(box := Box()) as post:
        failed = _failure(f"smtp://{post.url}", to=to)
    assert (failed.error, failed.code, box.letters) == (SendError.PERMANENT, "unwritable", [])


def test_a_subject_cannot_smuggle_a_header() -> None:
    with Post(box := Box()) as post:
        assert _failure(f"smtp://{post.url}", subject="Délai\nBcc: c@d.example").error is SendError.PERMANENT
    assert box.letters == []
