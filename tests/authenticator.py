"""What does a passkey do? A security key in a few lines: it makes one pair and signs what a page asks."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as written

USER_PRESENT, HAS_CREDENTIAL = 0x01, 0x40
ES256, EC2, P256 = -7, 2, 1


@dataclass
class Authenticator:
    """One passkey at one site."""

    site: str = "localhost"
    origin: str = "http://localhost:8000"
    uses: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    id: bytes = field(default_factory=lambda: os.urandom(32))

    def make(self, challenge: str) -> str:
        """What a browser answers when a page asks for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        public = {
            1: EC2, 3: ES256, -1: P256, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32),
        }  # fmt: skip
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        kept = {"fmt": "none", "attStmt": {}, "authData": self._data(HAS_CREDENTIAL) + credential}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", challenge), attestationObject=cbor2.dumps(kept)
        )

    def sign(self, challenge: str) -> str:
        """What a browser answers when a page asks for proof."""
        self.uses += 1
        data, client = self._data(0), self._client("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, more: int) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([USER_PRESENT | more]) + self.uses.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        return json.dumps({
            "id": written(self.id), "rawId": written(self.id), "type": "public-key",
            "response": {name: written(part) for name, part in parts.items()},
            "clientExtensionResults": {},
        })  # fmt: skip
