"""Is what would have been mailed kept whole, and for its owner only?"""

from __future__ import annotations

import smtplib
import threading
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

from grievance.local.mailbox import Mailbox


def test_a_mail_is_kept_as_it_was_sent_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    mailbox = Mailbox(folder)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@exemple.invalid", "b@exemple.invalid", "Un rappel échu"
    mail.set_content("Réf. 7F3Q-82\n")
    address = urlsplit(mailbox.url)

    with smtplib.SMTP(str(address.hostname), int(address.port or 0), timeout=10) as server:
        server.send_message(mail)
        server.send_message(mail)
    mailbox.close()

    kept = sorted(folder.glob("*.eml"))
    assert len(kept) == 2
    read = BytesParser(policy=default).parsebytes(kept[0].read_bytes())
    assert (read["Subject"], read.get_content().split()) == ("Un rappel échu", ["Réf.", "7F3Q-82"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kept[0].stat().st_mode & 0o777 == 0o600


def test_a_mailbox_that_is_closed_at_once_ends_quietly(tmp_path: Path) -> None:
    for _ in range(50):
        Mailbox(tmp_path / "mail").close()  # a thread that fails would fail this test

    assert not [thread for thread in threading.enumerate() if thread.name == "mailbox"]
