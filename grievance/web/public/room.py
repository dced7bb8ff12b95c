"""What do all public pages share? Their blueprint, and the two languages in their addresses."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__)

# A page of the public rooms exists in French and in Swahili, nowhere else.
LANG = "<any(fr, sw):lang>"
