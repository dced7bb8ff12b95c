"""How does a mail leave, and what does a refusal mean?"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from grievance.gateways.contract import SendError, SendFailed

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SUBMISSION = 587


@dataclass(frozen=True)
class _Post:
    """Where mail is handed in, as its URL says."""

    scheme: str
    host: str
    port: int
    username: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def upgrades(self) -> bool:
        """Neither a password nor the submission port is ever used in clear, whatever the URL says."""
        if self.scheme == "smtps":
            return False
        return self.scheme == "smtp+starttls" or self.port == SUBMISSION or bool(self.username)


@dataclass(frozen=True)
class Enclosure:
    """A small file of JSON that goes with a mail."""

    name: str
    text: str = field(repr=False)


def send_mail(
    smtp_url: str,
    sender: str,
    to: str,
    subject: str,
    body: str,
    *,
    now: datetime,
    message_id: str,
    enclosed: Enclosure | None = None,
    timeout: float = 20.0,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Hands one plain-text mail to the server, with one small file when `enclosed`. Raises SendFailed.

    `smtp_url`   smtp:// (as it is), smtp+starttls:// (so is port 587, or a password), smtps://; user and
                 password, percent-encoded, when the server wants them.
    `message_id` ours. A second copy carries the same Message-ID, so that readers' programs show one mail:
                 a lost answer is never uncertain.
    `trust`      which certificates to believe; the system's when absent.
    """
    letter = _letter(sender, to, subject, body, now, message_id)
    if enclosed is not None:
        letter.add_attachment(enclosed.text, subtype="json", filename=enclosed.name)
    failed: SendFailed
    try:
        _hand_in(_post(smtp_url), letter, timeout, trust or ssl.create_default_context())
        return
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        failed = _refusal(error)
    # Raised outside the `except`: the server's own words, kept as context, would show the address.
    raise failed


def _letter(sender: str, to: str, subject: str, body: str, now: datetime, message_id: str) -> EmailMessage:
    letter = EmailMessage()
    try:
        letter["From"], letter["To"], letter["Subject"] = sender, to, subject
        letter["Date"] = format_datetime(now)
        letter["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
        # So that no automatic answer comes back.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(body, charset="utf-8", cte="quoted-printable")
        recipients = letter["To"].addresses
    except (ValueError, MessageError, IndexError):
        recipients = ()
    if len(recipients) != 1 or not recipients[0].domain or not recipients[0].addr_spec.isascii():
        raise SendFailed(SendError.PERMANENT, "unwritable")
    return letter


def _post(smtp_url: str) -> _Post:
    try:
        parts = urlsplit(smtp_url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = "", 0
    if not host:
        raise SendFailed(SendError.RETRY, "not_configured")
    return _Post(parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))


def _hand_in(post: _Post, letter: EmailMessage, timeout: float, trust: ssl.SSLContext) -> None:
    server = _connect(post, timeout, trust)
    try:
        if post.upgrades:
            server.starttls(context=trust)
        if post.username:
            server.login(post.username, post.password)
        server.send_message(letter)
    finally:
        _take_leave(server)


def _connect(post: _Post, timeout: float, trust: ssl.SSLContext) -> smtplib.SMTP:
    if post.scheme == "smtps":
        return smtplib.SMTP_SSL(post.host, post.port, timeout=timeout, context=trust)
    return smtplib.SMTP(post.host, post.port, timeout=timeout)


def _take_leave(server: smtplib.SMTP) -> None:
    # The mail is accepted or not by now: a bad goodbye must not look like a failure and send it again.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _refusal(error: Exception) -> SendFailed:
    """A refused recipient or content is final; what the host can repair, or is unclear, is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return SendFailed(SendError.PERMANENT if code >= 500 else SendError.RETRY, f"smtp_{code}")
    if isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        return SendFailed(SendError.PERMANENT if code >= 500 else SendError.RETRY, f"smtp_{code}")
    if isinstance(error, smtplib.SMTPResponseException):
        return SendFailed(SendError.RETRY, f"smtp_{error.smtp_code}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SendFailed(SendError.RETRY, "no_tls")
    if isinstance(error, ssl.SSLError):
        return SendFailed(SendError.RETRY, "certificate")
    return SendFailed(SendError.RETRY, "no_answer")
