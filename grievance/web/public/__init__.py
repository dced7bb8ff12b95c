"""What does anybody see without an account? The report, the way back with a receipt, the quick way out."""

from grievance.web.public import entrance, evidence, follow, listening, report
from grievance.web.public.room import blueprint

__all__ = ["blueprint", "entrance", "evidence", "follow", "listening", "report"]
