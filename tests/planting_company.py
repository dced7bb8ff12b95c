"""What does a company write about a referral? An answer, a question, a remedy, its proof, why it is late."""

from __future__ import annotations

from tests.planted import Garden, done
from tests.web.desk_pages import Desk, sit


def reads(garden: Garden, referral: str) -> Desk:
    """The guards' company with one referral open, which it has acknowledged."""
    company = sit(garden.town, garden.town.world.provider.members[0])
    done(opened(company, referral), "acknowledge")
    return opened(company, referral)


def opened(company: Desk, referral: str) -> Desk:
    """The page of a referral, as it is now."""
    return company.get(f"/company/referrals?code={referral}")


def asks(garden: Garden, company: Desk) -> None:
    """It wants more time, and to know more."""
    plant = garden.planted
    done(company, "extend", days="1", reason=plant.word("why more time"))
    done(company, "ask", text=plant.word("question"))


def answers(garden: Garden, company: Desk) -> None:
    """It answers."""
    done(company, "answer", text=garden.planted.word("answer"))


def puts_right(garden: Garden, company: Desk, referral: str) -> None:
    """It promises something, and says that it was done."""
    plant = garden.planted
    done(opened(company, referral), "promise_remedy", kind="apology", text=plant.word("remedy"))
    done(opened(company, referral), "deliver_remedy", proof=plant.word("proof of a remedy"))


def is_not_theirs(garden: Garden, referral: str) -> None:
    """It says whose matter it is instead."""
    done(reads(garden, referral), "not_ours", text=garden.planted.word("not ours"))
