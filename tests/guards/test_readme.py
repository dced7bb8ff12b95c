"""Does the README lead to what it names, and does its page on numbers say what nobody there can guess?"""

from __future__ import annotations

import re

import pytest

from tests.source import ROOT

NUMBER = "docs/a-number-in-drc.md"
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PAGES = ("README.md", "SECURITY.md", "CHANGELOG.md", "docs/on-a-server.md", NUMBER)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(page: str) -> None:
    links = LINK.findall((ROOT / page).read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_readme_has_a_page_on_setting_up_a_number_in_drc() -> None:
    assert f"[Setting up a number in DRC]({NUMBER})" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "said",
    [
        "Twilio does not carry two-way SMS for +243", "Android telephone with the app SMSGate", "screen lock",
        "a telephone used for nothing else", "one SIM for each operator", "81-83 Vodacom",
        "80, 84, 85, 89 Orange", "97-99 Airtel", "90-91 Africell", "sms:received", "system:ping",
    ],
)  # fmt: skip
def test_that_page_says_what_nobody_there_can_guess(said: str) -> None:
    text = (ROOT / NUMBER).read_text(encoding="utf-8").replace("*", "").replace("`", "")

    assert said in " ".join(text.split())
