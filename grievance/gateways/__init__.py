"""Through which gateway does a channel speak?"""

from __future__ import annotations

from pathlib import Path

from grievance.gateways.africastalking import AfricasTalking
from grievance.gateways.contract import Gateway
from grievance.gateways.generic import Generic
from grievance.gateways.recording import RecordingGateway
from grievance.gateways.smsgate import SmsGate
from grievance.gateways.twilio import Twilio
from grievance.terms import NotFound
from grievance.vocabulary import GatewayKind

GATEWAYS: dict[GatewayKind, Gateway] = {
    GatewayKind.TWILIO: Twilio(),
    GatewayKind.SMSGATE: SmsGate(),
    GatewayKind.AFRICASTALKING: AfricasTalking(),
    GatewayKind.GENERIC: Generic(),
}


def gateway_for(kind: GatewayKind, recorded: Path | None = None) -> Gateway:
    """The gateway of that kind. Raises NotFound when there is none.

    `recorded`: sample mode's folder; then nothing goes out, it is written to sms.jsonl there instead.
    """
    gateway = GATEWAYS.get(kind)
    if gateway is None:
        raise NotFound(kind.value)
    return gateway if recorded is None else RecordingGateway(gateway, recorded)
