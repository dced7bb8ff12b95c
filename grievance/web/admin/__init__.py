"""Which pages has the administrator? Registers, channels, deadlines; and a telephone to try it with."""

from __future__ import annotations

from grievance.web.admin import channels, confirmations, phone, registers, room, sheets, words

__all__ = ["blueprint", "blueprints", "channels", "registers", "sheets"]

blueprint = room.blueprint
# Each lets in its own people: the administrator, newcomers in sample mode, overseers and leads.
blueprints = (room.blueprint, phone.blueprint, confirmations.blueprint)
blueprint.add_app_template_global(words.status_name, "icoca_status_name")
blueprint.add_app_template_global(words.step_name, "step_name")
