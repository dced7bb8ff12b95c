"""Does an unfinished report come back whole to the person who wrote it, and tell nothing on its way?"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievance.store.tokens import LONGEST_TOKEN, DraftToken
from grievance.terms import CannotOpen

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(hours=24)
FIRST, SECOND = (1, bytes(32)), (2, bytes([2]) * 32)
DRAFT = {"recit": "Un chien m'a mordu", "langue": "fr"}
TOKENS = DraftToken((FIRST, SECOND))

# A page that somebody opened with the first version of this system.
OLD_TOKEN = (
    "AAIGrGLK9XOddsrEojYzQZbaKcNVY-lE4Tv9D3RFsEGVmyUyQn44Ndxo8zVckYApZVirndp-3fdT6vHRQhgV5o0cgcBtUz9j"
    "BtI-NVATwxWW75BLYfUdQWEj4x0qqVBBnp3mWejxb3HclNaoSb1PRxMh3z-1Op4tbUhbnjFoNBr2VLHdIDRlvYjcvM9IHxod"
    "7e5gdf5UW2-eb37zfP_m-4chEJD8lRmN3GXFF84KMSZYwa0vBE9KuMckafSLwgBTEVPA3MiaNLI4L_3yRIRDqHvo063LXoya"
    "tAKQdHOuV0yrgvHTO5N-OtpeKxrhz4etlkn78XaFBJlTZ2GqHAF34oVNVwU5MnACMWed1evyb0_lPgmp8cGqTru6tJDPH41h"
    "eJ8hPiciCuJPbL5p2s-ZK1vIPLzeXCdYHqE-zNj_iWQYR8EBAfqYtYrMGwQxLJEkQtjVK8a_70CirpYoNduQizT0z3xqyUpQ"
    "POWXeNPtHfb3u5vz85hINB5b42um8PI4SSswKPOPkZkoVn_82NWMvWT8w4UhKwENIr_EEg_nd4aTlGsmQz0I7GCYOJ09k9lm"
    "L06eBtp4jsjBOQeOu5KBBiIK1cM7T_0FSINQryWX1ukqejkeJPzlZdIoJAiAenwnoBDK8BxqUz2FvYGdBpjRCUfEt70v4nhN"
    "JYDdJNOfVL428wC-8uCoEy9M3m4swL8yK3wjqqVyoIBShS4ez1qUJgtZrcfsHn3zTXB8-6BhHM8MFiB7tX1wgRq9nuOSYrW2"
    "Hrx2Mw3RGh4ZZL4W-4cXvUodwwquVtz5oS-lNhbc8OV2bHaEPkPI296KA4xd0qc8D0vGN6QXCL0gUM1cgODTDgqC-R6KGh8D"
    "e5mD3eBIOoUOSE9rWW7XLy_ZncmL_KlgbRyzflJbdTIgvyetRSJjGV2Yyr6xhpMPt7u_apL-CpuAV9Hxc5_Vj_VY9_IB8SeT"
    "oFIYgVznXyG5A0sBpMFHip8_8A2K_GyqeYcatrabJ-HczVl57baTEiRtAR9UypKLDnJ9qxyhabQgE28VM3xIwZQMoO7hxndD"
    "jYREt0tYE-yU1QPDk39MVilc9iOYhY-yPHo5qP9CcvhFhvaowLv-hbMtAlY8PyloGMm5yytrdPIPUJ8i-rZ1E4MGPYfVnBtk"
    "DKWhZ-gFR8X59Rfl06L8SA74oP7yaHyRD0Hs-YWyxeZF7FVKQSVva9QPOwOqluyi4R5RqdJj2F4idhpgAoCEhnVUrc6Zhdj4"
    "Ue2umUzzbdv4zvPp4GYGXCP1h8mAjm8U_5z66VipsSvBr0yb28iDqpCpy8TYKCTwleRVic14H08RNajEP66pVOPslst3wV1J"
    "IgSp1AX7ch_0CreWAcWraxqAVWfi9GgrLjbkr-EWmKgU8rhNOEe5gwHq_2KxlI1WMc5LSaVTdESjVQ"
)


def test_a_page_opened_under_the_first_version_is_still_understood() -> None:
    assert TOKENS.unpack(OLD_TOKEN, NOW, DAY) == DRAFT


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=20),
        st.text() | st.none() | st.booleans() | st.integers() | st.lists(st.text(), max_size=4),
        max_size=12,
    )
)
def test_whatever_was_answered_comes_back(data: dict[str, Any]) -> None:
    assert TOKENS.unpack(TOKENS.pack(data, NOW), NOW, DAY) == data


def test_the_longest_story_comes_back() -> None:
    for story in ("🐕" * 16_000, "\\" * 16_000, "é\n" * 8_000, "\ud83d" * 16_000):
        packed = TOKENS.pack({"recit": story, "souhait": story}, NOW)
        assert len(packed) < LONGEST_TOKEN
        assert TOKENS.unpack(packed, NOW, DAY) == {"recit": story, "souhait": story}


def test_a_token_goes_into_a_form_as_it_is() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", TOKENS.pack(DRAFT, NOW))


def test_the_same_answers_never_look_the_same_and_are_nowhere_readable() -> None:
    first, second = TOKENS.pack(DRAFT, NOW), TOKENS.pack(DRAFT, NOW)
    assert first[4:] != second[4:]
    assert b"chien" not in base64.urlsafe_b64decode(first + "==")


def test_the_size_does_not_tell_a_yes_from_a_no_nor_one_word_from_another() -> None:
    answers: list[dict[str, Any]] = [
        {}, {"danger": True}, {"danger": False, "qui": "gardien"}, {"recit": "a" * 700},
        {"recit": "abcdefg" * 100},
    ]  # fmt: skip
    assert len({len(TOKENS.pack(data, NOW)) for data in answers}) == 1
    assert len(TOKENS.pack({"recit": "a" * 2000}, NOW)) == len(TOKENS.pack({"recit": "xyzzy" * 700}, NOW))


def test_a_page_left_open_longer_than_allowed_is_refused() -> None:
    token = TOKENS.pack(DRAFT, NOW)
    assert TOKENS.unpack(token, NOW + DAY, DAY) == DRAFT
    with pytest.raises(CannotOpen):
        TOKENS.unpack(token, NOW + DAY + timedelta(seconds=1), DAY)


def test_a_server_whose_clock_is_behind_still_understands_it() -> None:
    token = TOKENS.pack(DRAFT, NOW)
    assert TOKENS.unpack(token, NOW - timedelta(minutes=5), DAY) == DRAFT
    with pytest.raises(CannotOpen):
        TOKENS.unpack(token, NOW - timedelta(minutes=6), DAY)


def test_a_page_opened_before_the_key_changed_is_understood_until_the_old_key_goes() -> None:
    token = DraftToken((FIRST,)).pack(DRAFT, NOW)
    assert TOKENS.unpack(token, NOW, DAY) == DRAFT
    with pytest.raises(CannotOpen):
        DraftToken((SECOND,)).unpack(token, NOW, DAY)
    with pytest.raises(CannotOpen):
        DraftToken(((1, bytes([9]) * 32),)).unpack(token, NOW, DAY)


@pytest.mark.parametrize("at", [0, 1, 2, 3, 20, 40, 700, -2])
def test_an_altered_token_is_refused(at: int) -> None:
    token = TOKENS.pack(DRAFT, NOW)
    at %= len(token)
    altered = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
    with pytest.raises(CannotOpen) as refusal:
        TOKENS.unpack(altered, NOW, DAY)
    assert refusal.value.args == ()


@pytest.mark.parametrize(
    "text", ["", "A", "AA", "AAI", "é", "a b", "<script>", "=" * 8, "A" * 200, "A" * 600_000]
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(CannotOpen):
        TOKENS.unpack(text, NOW, DAY)


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        TOKENS.pack(DRAFT, NOW.replace(tzinfo=None))


def test_a_token_maker_shows_no_key_when_printed() -> None:
    assert repr(TOKENS) == "DraftToken(versions=[1, 2])"
