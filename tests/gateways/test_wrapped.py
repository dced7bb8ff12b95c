"""A body in base64 is opened, and nothing else is taken for one."""

from __future__ import annotations

import base64

import pytest

from grievance.gateways.wrapped import unwrapped

STORY = "Les gardes ont frappé mon frère près du portail, il est blessé"


@pytest.mark.parametrize("story", [STORY, "Mbwa ya walinzi imeniuma", "Walinzi\nwalipiga watu wawili jana"])
def test_a_wrapped_body_is_opened(story: str) -> None:
    wrapped = base64.b64encode(story.encode()).decode()
    assert unwrapped(wrapped) == story
    assert unwrapped(f"{wrapped[:20]}\r\n{wrapped[20:]}\n") == story


@pytest.mark.parametrize(
    "text",
    [
        STORY, "", "MALALAMIKO", "anticonstitutionnellementxxx", "0" * 40, "7F3Q-82",
        base64.b64encode(bytes(range(60))).decode(), "Les gardes\nont battu\nmon frere",
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert unwrapped(text) == text
