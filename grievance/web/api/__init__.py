"""What may machines ask? To send a report, to read what a form offers, and the overseer's figures."""

from __future__ import annotations

from grievance.web.api import lists, reports, statistics
from grievance.web.api.described import register as register

__all__ = ["lists", "register", "reports", "statistics"]
