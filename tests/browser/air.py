"""How long does the air take? A slow network, as Chromium plays it, and what each page cost on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# 2G on a bad day: 50 kbit/s each way, 600 ms until the first byte.
BYTES_PER_SECOND, ROUND_TRIP = 50_000 / 8, 600


@dataclass
class Cost:
    """One page: requests that left the telephone, bytes that came, seconds from the first to the last."""

    name: str
    requests: int = 0
    bytes: int = 0
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """The time the network took, the server's included; none of the browser's own."""
        return self.ended - self.began


@dataclass
class Meter:
    """Listens to one window over the protocol of Chromium's own tools."""

    page: Page = field(repr=False)
    pages: list[Cost] = field(default_factory=list)
    _asked_by: dict[str, Cost] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        tools = self.page.context.new_cdp_session(self.page)
        tools.send("Network.enable")
        tools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False, "latency": ROUND_TRIP, "downloadThroughput": BYTES_PER_SECOND,
                "uploadThroughput": BYTES_PER_SECOND,
            },
        )  # fmt: skip
        tools.on("Network.requestWillBeSent", self._sent)
        tools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        tools.on("Network.loadingFinished", self._finished)

    def next(self, name: str) -> None:
        """What is asked for from now on belongs to this page."""
        self.pages.append(Cost(name))

    def _sent(self, event: dict[str, Any]) -> None:
        if self.pages and event["request"]["url"].startswith("http"):
            cost = self._asked_by[event["requestId"]] = self.pages[-1]
            cost.began = cost.began or event["timestamp"]

    def _finished(self, event: dict[str, Any]) -> None:
        cost = self._asked_by.get(event["requestId"])
        if cost is None or event["requestId"] in self._cached:
            return
        cost.requests += 1
        cost.bytes += int(event["encodedDataLength"])
        cost.ended = max(cost.ended, event["timestamp"])
