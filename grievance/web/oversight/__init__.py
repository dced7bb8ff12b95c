"""What does ICoCA see? The matters that reached it, and numbers in which nobody is found."""

from grievance.web.company.deeds import add_referral_pages
from grievance.web.oversight import appeals, board, figures
from grievance.web.oversight.room import blueprint

# A matter that climbed to ICoCA is a referral to it: the same page, the same moves.
add_referral_pages(blueprint)

__all__ = ["appeals", "blueprint", "board", "figures"]
