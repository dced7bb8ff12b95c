"""What came after the first version, as it was first stored: does it open for ever? And is nothing forgotten?

As in `test_old_values_open`: a new form is added beside the old one; none of these is ever replaced.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import pytest

from grievance.actions import apart_sealing
from grievance.store import files, journal
from grievance.store.config_values import unfinished_label
from grievance.store.heads import Anchor, signed
from grievance.store.models import Apart, Evidence, EvidencePiece, JournalLine
from grievance.store.receipts import Pepper
from grievance.store.sealing import open_box, open_pair, pair_of, unpad, unseal_whole
from tests.columns import sealed
from tests.store import test_keyring as people
from tests.store.test_old_values_open import CASE, KEY, OLD, PAIR, ROW

# Under which name each sealed column has its old value, here or beside; of a member's keys, the value itself.
OF_COLUMN: dict[tuple[str, str], str | bytes] = {
    ("capsule", "sealed"): "capsule", ("channel", "secret_hidden"): "channel",
    ("dialogue", "sealed_state"): "dialogue", ("duty", "number_hidden"): "duty",
    ("entry", "sealed_key"): "entry", ("entry", "sealed_body"): "entry",
    ("evidence", "sealed_key"): "evidence_key", ("evidence", "sealed_label"): "evidence_label",
    ("evidence_piece", "sealed"): "evidence_piece", ("inbound", "sealed"): "inbound",
    ("member", "private_by_password"): people.OLD_BY_PASSWORD,
    ("member", "private_by_recovery"): people.OLD_BY_RECOVERY, ("member", "totp_hidden"): "totp",
    ("member_key", "wrapped"): "member_key", ("outbox", "sealed_text"): "outbox_text",
    ("outbox", "sealed_to"): "outbox_to", ("quarantine", "lookup_hidden"): "quarantine_lookup",
    ("quarantine", "public_hidden"): "quarantine_public", ("quarantine", "same_hidden"): "quarantine_same",
    ("quarantine", "sealed"): "quarantine", ("receipt", "lookup_hidden"): "receipt_lookup",
    ("receipt", "public_hidden"): "receipt_public", ("receipt", "wraps_hidden"): "receipt_wraps",
    ("referral_message", "sealed_key"): "referral_message",
    ("referral_message", "sealed_body"): "referral_message",
    ("staff_session", "private_hidden"): people.OLD_IN_SESSION,
    ("unfinished_report", "lookup_hidden"): "unfinished_lookup",
    ("unfinished_report", "sealed_hidden"): "unfinished",
    ("visitor_session", "private_hidden"): people.OLD_IN_SESSION, ("wrap", "wrapped"): "wrap",
}  # fmt: skip
NOT_STORED = {"slip"}  # it comes from a browser that was without network

LATER = {
    "evidence_key": (
        "27788c896c2016f6f7bccd955a5e14497d41ab4bb1dfd5c65f73f3b05cbed014df29a78a95f67ce38fd252ad"
        "e13d1faa56390c9838f57951e061aab27b2502ef498f57340a7b60c3445ff7c94e38eed9"
    ),
    "evidence_label": (
        "a678b18695bb70990041fe30adae599e6345ac106eb9cacf3b29df95a3548bdc9734cfb53c90dd6b5bd9391d"
        "2c2a1eb450db6565c4ab14627601dfbd67b8f970cd6a5abc5935c4932be7330433536056fa3b0b1e9477321e"
        "4e9592d80f98e335650853bfe4ad2303b1a36333f2f0534202f2c26b16855914265223374d6691c343653763"
        "f172f45b471ede612e69726e338878771cf030b7bfdecc0422af8bf012373ff2e94192ba6bbc34f5bb8ba87b"
        "a9a81dd97f0afc593e22b1796ef810a8b60989292857deaec80f8432116d48e7e9760a1773c335e1cab05f41"
        "0a1d2d34564b7720251809309c33c04d04a3459b3679ddce3f80e35ec6a379a5bc8ba04588511e8da0f81d89"
        "bd604bec58deb865e7a286a3966ad6b30fe03b657c52d9244742280db90f008d"
    ),
    "evidence_piece": (
        "75992426416817529cc3e3d57bb7eb4630661aad20d48315d1c8ceb459db26dd8cefb3c0dfb595a1d981423d"
        "22c40779782a33cd63827fd9c7145a53e3fb776a67a63d255bc9380ad8c84bce4e2714acf8512f5e7f72d5ec"
        "18e55e53b640a67a3486eee7f00320f839c4489daa5452ec66e6d86656d1dc7f5ce5d67b889ed7348446a4c5"
        "5843b84cc6e6d42d0e9748467448ef38a38d767edf3e85445a3ea3fd955e8ade4bbc32f6190c139b9157f3b7"
        "cd180d4e4e7fb6f0e3366c25290f77f6ef27e25728a5bf38c99f76637d7d7c470dfab814fab744d0fb873fe6"
        "5c9f9a030d745c1bc026e62a35d2a4f7dc036d888612e5404db1e5d68b21571723cd9b6a5bdf02afba36a10a"
        "bb442b50999a2f51601dae8f0ec8dd5186714b9e14c1b23e01474c993b17321f"
    ),
    "quarantine": (
        "44fc765a8d2cc4b80cf53e8cf6100a8d858cf51108dcb0f11b907bbd24e2352d45dfa3b406085dc069df4354"
        "015a0fa66d0ab530723964bee1d15cec0359e370735c2f472880cb103b02406078bfe8ce01bfe90072c6fac3"
        "6c8bffaf9cea8cbd043f2265152d414d0889e6b4f2c7dfbe2760a2aece1932c35ea09356d37694b63ee87eb6"
        "1e3bb5ea410dfc1b595cf0fcb876cfba3997071a6c782041fa3197d414aa996c95076e7c0c858e47e20a7810"
        "32e9015d115b6fc420e2a2b1cf5454357de0006acf3d4b5eac84ac47610a18deb24231683893662d38e086e3"
        "46540e72ce95e41d1283aa8ac1a50b4a44123da2971a101bb91cef1e3e25e3b914596c8e7fc1984ea1819fee"
        "2080691c951f57dbd33d5fb7fb6088cda66b1acd0bc72b3b86b4f4f8e84d2bd42a581a01abcd75bf2296233f"
        "c57fae3fd2c6b150ff20ee4533c717b6634205af6fc8c151344c78fbf130b078244a785d4088a12a1fca5c84"
        "074afa7aeaa81acffe62deebc76ed2071fc49c5bead552934e"
    ),
    "quarantine_lookup": (
        "00013e97e00157801a5f3d57148967b3c904d252e9f56e2caa6925dcf8ea683101a2d880e899251c96d75d68"
        "d97d18574a04"
    ),
    "quarantine_public": (
        "00014178a8b81ec865263f7fa9c213166955a68e18c61e81add2e2ca12b468cc5f5718cd13bc10ee0053985c"
        "488aec0e9322"
    ),
    "quarantine_same": (
        "000177baf4d6ebff1492d475a346293531d8e8e35787f1a94828de305710a5f8dbc009ea5c2d78254d2c4085"
        "51f77329046a"
    ),
    "unfinished_lookup": (
        "00013a476497cad0a96866bf9a60bed78ce447077d0e63374cb77176182375621368cfbdedac93586445db92"
        "cdd0ce904e61"
    ),
    "unfinished": (
        "000157fc806640cbbda786b295087dec29036162013f361eac5017a2bdff52648a0820d6482ac37fc14ccda6"
        "5ff03072d3ca592f0fb95489769f5dcbcec5e1843e8ffcdf9750dbf5f1c17f172a540beb83398d3729e81d9a"
        "2844166c9d6cc716a2ab6a85ccfb2f1b142ea8eb581a3a017c8a1f51cd30591208ba88c9a3a5fb6a6e07e972"
        "fdc07d4c0bb0122a6502b21b753743bd5c869231b9ed93378f8ee72cbb25883e35335a35b51764e31f36c182"
        "d0f08bfb60f44438963931841a40f8d47061cd111b46aa7f17a8b95ea7b2e2149de33474150a5b55c3f4c1cb"
        "b7fa42e1a00462bc924c29e68a495f40982814d1a13a5c6bd1c22d7b52f9e243a50f688f31fab0c01be71c9b"
        "5bc3e23c0d18052e2ea1b335a9f92cb5dd37657efd8dca006957f69e9b8ae9e99dc6e83c6e4b6df8e6387c01"
        "45facf569003f8b560648c5a39c69d280e69481a3e0ee0394e480e784575ded053ec91a24724e801d436d9fb"
        "fc05dedc1304e07aa5a56bbef79072b3f153be49c38a6cbd8fbe2ebeccc06b6b19a8dcbcfb9c0593df81b6"
    ),
    "member_key": (
        "62acd7fdf72803656a0c0843b87d2741893c96164590b29b34db4423650d4e1ecd677dc9c021051c7633f7ea"
        "49377c6b8beee6c1038fb96e9ad4285ef0f83d95ad3779e6f7c5bb7b040deb69171691b2"
    ),
    "slip": (
        "e042329f85cd1cadee2b1bba2704130336328ded9b34392934d583cb807165678dcf91b119ad0f5e3653ae95"
        "d0d111d978604c9bf99e46a986805aa2fefa1cca0d35b89407f03a6ebc48804e4dd11c465292e449e64d3499"
        "e659af21f9fdc912aa25a0cd0ea6e0068d6810831152479e0f3aeaeedaf62d1744ffb1a5256b2577ac2cc6ab"
        "0177991d00f5768d014b386980976e5e2aea1934b92cb97216f16b8641f9c03a3c6be376532d394c023e4060"
        "243465f962ff9eeb17c04586fb87057ce9f34ad1be786e5178ec7067f8f362247e36854b2913fb97fbc57062"
        "d36d7cab22095e0fa3395edb9d46e24f7170ebf363ce993bfa354a08523f0aed4b9ea792e89db644de26017b"
        "dc8ff5c8b3e11e6cfd56a96a5a688f7262fdd5fbbbb52a10975888f7fe594e1a9f66093d6a3fb3cc"
    ),
}
WORDS = b'{"story":"Mbwa"}'
AT = datetime(2026, 3, 3, 9, 0, 0, 123456, tzinfo=UTC)


def value(name: str) -> bytes:
    return bytes.fromhex("".join(LATER[name]))


def evidence() -> files.OpenFile:
    row = Evidence(
        id=ROW, case_id=CASE, sealed_key=value("evidence_key"), sealed_label=value("evidence_label")
    )
    return files.opened(row, PAIR)


def apart() -> Apart:
    return Apart(
        id=ROW, reader_public=PAIR.public, sealed=value("quarantine"),
        lookup_hidden=value("quarantine_lookup"), public_hidden=value("quarantine_public"),
        same_hidden=value("quarantine_same"),
    )  # fmt: skip


def test_a_file_its_label_and_its_pieces_open() -> None:
    file = evidence()
    assert (file.label.name, file.label.size, file.label.copy_size) == ("bras.jpg", 1234, 999)
    first = EvidencePiece(
        evidence_id=ROW, is_copy=False, number=0, case_id=CASE, sealed=value("evidence_piece")
    )
    assert files.open_piece(file, first) == b"une image"


def test_a_report_in_quarantine_opens_with_what_its_receipt_left() -> None:
    words = apart_sealing.opened(apart(), {PAIR.public: PAIR.private})
    assert words == WORDS
    half = apart_sealing.half_of(apart(), WORDS, Pepper(KEY))
    assert (half.lookup, half.public) == (b"l" * 32, b"p" * 32)


def test_a_report_that_was_put_down_opens() -> None:
    label = unfinished_label(ROW)
    assert Pepper(KEY).reveal(value("unfinished_lookup")) == b"u" * 32
    assert unseal_whole(Pepper(KEY).reveal(value("unfinished"), label), PAIR, label) == b"Je continue demain."


def test_an_organisation_s_key_opens_for_its_member() -> None:
    key = pair_of(bytes(range(64, 96)))
    assert open_pair(value("member_key"), key.public, PAIR) == key


def test_a_slip_that_a_browser_sealed_opens() -> None:
    assert json.loads(unpad(open_box(value("slip"), PAIR))) == {"id": "x"}


def test_a_line_of_the_journal_has_the_same_bytes_and_hash_for_ever() -> None:
    line = JournalLine(
        chain=ROW, seq=7, at=AT, actor="m-0123456789ab", move="triage", subject=CASE,
        from_state="in_triage", to_state="open", commitment=b"c" * 32,
    )  # fmt: skip
    parts = ["line-1", str(ROW), "7", "1772528400123456", "m-0123456789ab", "triage", str(CASE)]
    assert journal.canonical(line) == "\x1f".join([*parts, "in_triage", "open", "63" * 32]).encode()
    assert hashlib.sha256(b"p" * 32 + journal.canonical(line)).hexdigest() == (
        "9b7966af6442be538cd27a620a21b4344ed7cdc4f5778b6a520a4f0ebfa51754"
    )


def test_an_anchor_that_was_signed_holds_for_ever() -> None:
    key = bytes.fromhex("be5d019ceffefb6ca82f532cadc11e55c429e598f81a73cfc3aa33c84a62637a")
    signature = bytes.fromhex(
        "8ef1974119f841e171d6a32e2e21a13c0f679c173fb5ab6b9ba9a361bf2f80d8"
        "13475e058ef5f8e7a78d59ed6890b6d2f140d0c3c71e094009bd68953b300c0e"
    )
    kept = Anchor(date(2026, 3, 3), 5, AT, b"h" * 32, key, signature)
    assert kept.holds()
    assert not Anchor(date(2026, 3, 3), 6, AT, b"h" * 32, key, signature).holds()
    assert signed(date(2026, 3, 3), 5, AT, b"h" * 32, KEY) == kept


@pytest.mark.parametrize("place", sealed(), ids=".".join)
def test_each_sealed_column_has_an_old_value(place: tuple[str, str]) -> None:
    name = OF_COLUMN[place]
    assert isinstance(name, bytes) or name in OLD.keys() | LATER.keys()


def test_no_old_value_belongs_to_a_column_that_is_gone() -> None:
    assert set(OF_COLUMN) == set(sealed())
    named = {name for name in OF_COLUMN.values() if isinstance(name, str)}
    assert set(OLD) | set(LATER) == named | NOT_STORED
