"""At which address does a provider call for a channel? As it signs it: under our public address."""

from __future__ import annotations

from grievance.vocabulary import GatewayKind

PATHS = {
    GatewayKind.TWILIO: "/hooks/twilio/sms",
    GatewayKind.SMSGATE: "/hooks/smsgate",
    # These providers sign nothing: the path itself is the secret.
    GatewayKind.AFRICASTALKING: "/hooks/africastalking/{secret}",
    GatewayKind.GENERIC: "/hooks/sms/{secret}",
}


def webhook_url(kind: GatewayKind, secret: str, public_url: str) -> str:
    """The whole address to give to the provider."""
    return public_url + PATHS[kind].format(secret=secret)
