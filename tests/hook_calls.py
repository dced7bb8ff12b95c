"""What may reach a webhook? Genuine calls of each gateway, and every way of spoiling one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from hypothesis import strategies as st

from grievance.gateways import GATEWAYS
from grievance.store.config_values import channel_label
from grievance.store.models import ChannelRow
from grievance.store.numbers import hide_config
from grievance.vocabulary import GatewayKind
from tests import make
from tests.apps import PUBLIC_URL
from tests.fixtures import Town
from tests.services import Services

STORY = "Walinzi walinipiga karibu na mine. "
SECRET = "a-secret-of-this-kind-"
ACCOUNT = "AC" + "7" * 32
PATHS = {
    GatewayKind.TWILIO: "/hooks/twilio/sms", GatewayKind.SMSGATE: "/hooks/smsgate",
    GatewayKind.AFRICASTALKING: f"/hooks/africastalking/{SECRET}africastalking",
    GatewayKind.GENERIC: f"/hooks/sms/{SECRET}generic",
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request to a hook, and what it must lead to.

    `genuine`: a text or a report that its gateway really sends, so one row, however often it comes. What is
    not is refused: forged, or signed by the gateway itself but nonsense. `report`: on a text that nobody
    here sent, so no case comes of it.
    """

    kind: GatewayKind
    path: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    genuine: bool = True
    report: bool = False


def open_channels(town: Town, services: Services) -> None:
    """A channel of each kind that there is a gateway for, beside the town's own telephone."""
    build = make.Builder()
    for place, kind in enumerate(sorted(GATEWAYS)):
        if kind is GatewayKind.SMSGATE:
            continue
        channel_id = uuid4()
        hidden = hide_config(town.keys.config, SECRET + kind.value, channel_label(channel_id))
        build.add(
            ChannelRow(
                id=channel_id, desk_id=town.world.desk.id, kind=kind, number=f"+24388000010{place}",
                account=ACCOUNT if kind is GatewayKind.TWILIO else None, secret_hidden=hidden,
                created_at=make.LONG_AGO,
            )
        )  # fmt: skip
    build.store(services.url("postgres", town.database.name))


def genuine(
    town: Town, kind: GatewayKind, number: str, text: str, extra: dict[str, str], base: str = PUBLIC_URL
) -> Call:
    """A text from this number, as its gateway would post it; `extra` fields it may send besides."""
    if kind is GatewayKind.SMSGATE:
        ours = town.world.channel.number
        payload = {"messageId": "m", "message": text, "sender": number, "recipient": ours}
        told = {"deviceId": town.world.channel.account, "event": "sms:received", "id": str(uuid4())}
        return signed_json(town, {**extra, **told, "payload": payload})
    if kind is GatewayKind.TWILIO:
        sid = "SM" + uuid4().hex
        told = {**extra, "MessageSid": sid, "AccountSid": ACCOUNT, "From": number, "Body": text}
        return signed_form(told, base + PATHS[kind])
    own = {"from": number, "text": text, "id": uuid4().hex, "date": datetime.now(UTC).isoformat()}
    return Call(kind, PATHS[kind], _form(own), {"Content-Type": FORM})


FORM = "application/x-www-form-urlencoded"


def signed_json(town: Town, told: Any, at: datetime | None = None) -> Call:
    """What the town's telephone posts, signed at this instant."""
    body, stamp = json.dumps(told).encode(), str(int((at or datetime.now(UTC)).timestamp()))
    secret = town.world.channel_secret.encode()
    signature = hmac.new(secret, body + stamp.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": stamp, "X-Signature": signature, "Content-Type": "application/json"}
    return Call(GatewayKind.SMSGATE, PATHS[GatewayKind.SMSGATE], body, headers)


def signed_form(told: dict[str, str], url: str = PUBLIC_URL + PATHS[GatewayKind.TWILIO]) -> Call:
    """What Twilio posts, signed over an address and every field."""
    whole = url + "".join(name + told[name] for name in sorted(told))
    key = (SECRET + "twilio").encode()
    digest = hmac.new(key, whole.encode("utf-8", "replace"), hashlib.sha1).digest()
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode(), "Content-Type": FORM}
    path = urlsplit(url)._replace(scheme="", netloc="").geturl()
    return Call(GatewayKind.TWILIO, path, _form(told), headers)


def _form(told: dict[str, str]) -> bytes:
    return urlencode({k: v.encode("utf-8", "replace") for k, v in told.items()}).encode()


words = st.text(st.characters(codec="utf-8"), max_size=120)
fields = st.dictionaries(st.text("abcdefghijXYZ_", min_size=4, max_size=12), words, max_size=3)
proxies = st.dictionaries(
    st.sampled_from(["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Original-Url", "Via"]),
    st.sampled_from(["evil.example", "https", "10.0.0.1", "/hooks/smsgate", "1.1 evil"]), max_size=3,
)  # fmt: skip
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
    | st.sampled_from(["\ud800", "\0"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=8,
)  # fmt: skip
SPOILS = (
    "none", "none", "signature", "field", "body", "elsewhere", "stranger", "nonsense", "header", "path",
    "report", "address", "query",
)  # fmt: skip
# What may stand behind the address that an administrator gives to a gateway.
QUERY = "?poste=2&x=%C3%A9"


def spoilt(town: Town, call: Call, how: str, junk: bytes, value: Any) -> Call:
    """The call as it is, or spoilt in one way; what its kind does not know is left as it is."""
    by_path = call.kind in (GatewayKind.AFRICASTALKING, GatewayKind.GENERIC)
    forged = replace(call, genuine=False)
    if how == "none":
        return call
    if how == "nonsense":
        return replace(_nonsense(town, call, value), genuine=False)
    if how == "report":
        return replace(_report(town, call.kind), report=True)
    if how == "address":
        return _with_a_query(call)
    if how == "query":
        # Whoever signs over the address notices what was put behind it on the way; the others do not look.
        return replace(call, path=call.path + QUERY, genuine=call.kind is not GatewayKind.TWILIO)
    if how == "path":
        # Another case, or something behind it: not our hook, or its signature fails.
        return replace(forged, path=call.path + "/x" if by_path else call.path.upper())
    if by_path:
        return replace(forged, path=call.path[:-3] + "xyz")
    return _other_bytes(forged, how, junk) or _elsewhere_or_late(town, call)


def _with_a_query(call: Call) -> Call:
    """The same text, sent to our address with more behind it; Twilio may sign it without the port."""
    if call.kind is not GatewayKind.TWILIO:
        return replace(call, path=call.path + QUERY)
    told = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    return signed_form(told, PUBLIC_URL.rpartition(":")[0] + call.path + QUERY)


def _other_bytes(forged: Call, how: str, junk: bytes) -> Call | None:
    """The same call with another header or body than was signed."""
    match how:
        case "signature":
            headers = {name: told[::-1] if "Sig" in name else told for name, told in forged.headers.items()}
            return replace(forged, headers=headers)
        case "header":
            return replace(forged, headers={"Content-Type": "".join(junk.decode("latin-1").split())})
        case "field":
            return replace(forged, body=forged.body + b"&x=1")
        case "body":
            return replace(forged, body=junk)
        case "stranger":
            return replace(forged, body=forged.body.replace(ACCOUNT.encode(), b"AC" + b"8" * 32) + b" ")
        case _:
            return None


def _elsewhere_or_late(town: Town, call: Call) -> Call:
    if call.kind is GatewayKind.TWILIO:
        told = {"MessageSid": "SM" + uuid4().hex, "AccountSid": ACCOUNT, "From": "+243880000009", "Body": "x"}
        return replace(signed_form(told, "https://evil.example/hooks/twilio/sms"), genuine=False)
    late = datetime.now(UTC) - timedelta(minutes=6)
    return replace(signed_json(town, json.loads(call.body), late), genuine=False)


def _nonsense(town: Town, call: Call, value: Any) -> Call:
    if call.kind is GatewayKind.SMSGATE:
        device = town.world.channel.account
        told = {"deviceId": device, "event": "sms:received", "id": value, "payload": value}
        return signed_json(town, told)
    if call.kind is GatewayKind.TWILIO:
        told = {"AccountSid": ACCOUNT, "From": str(value)[:50], "Body": str(value), "MessageStatus": "sent"}
        told = {name: text.encode("utf-8", "replace").decode() for name, text in told.items()}
        return signed_form(told)
    return replace(call, body=str(value).encode("utf-8", "replace"))


def _report(town: Town, kind: GatewayKind) -> Call:
    """What the gateway says of a text under an id that nothing here has."""
    own_id = str(uuid4())
    if kind is GatewayKind.SMSGATE:
        told = {"deviceId": town.world.channel.account, "event": "sms:delivered", "id": str(uuid4())}
        return signed_json(town, told | {"payload": {"messageId": own_id}})
    if kind is GatewayKind.TWILIO:
        told = {"AccountSid": ACCOUNT, "MessageSid": "SM" + uuid4().hex, "MessageStatus": "delivered"}
        return signed_form(told, f"{PUBLIC_URL}/hooks/twilio/status/{own_id}")
    status = "Success" if kind is GatewayKind.AFRICASTALKING else "delivered"
    return Call(kind, PATHS[kind], _form({"id": own_id, "status": status}), {"Content-Type": FORM})


def number_of(place: int) -> str:
    """A number that no operator has, another for each place."""
    return f"+24388{1_000_000 + place:07d}"


def channel_ids(services: Services, town: Town) -> set[UUID]:
    """Every channel there is."""
    with services.connect(town.database.name) as superuser:
        return {row[0] for row in superuser.execute("select id from channel")}
