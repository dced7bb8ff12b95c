"""What does a company see and do? What was referred to it, and nothing else of the case."""

from grievance.web.company import board
from grievance.web.company.deeds import add_referral_pages
from grievance.web.company.room import blueprint

add_referral_pages(blueprint)

__all__ = ["add_referral_pages", "blueprint", "board"]
