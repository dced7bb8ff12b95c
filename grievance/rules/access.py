"""Who may come in where, and open what? Two tables; whatever is not in them is refused."""

from __future__ import annotations

from enum import StrEnum

from grievance.terms import Lane, Role
from grievance.vocabulary import DataClass


class Thing(StrEnum):
    """What can be opened. `DIRECTORY` is the names of organisations and sites, `REGISTRY` changing them."""

    CASE = "case"
    IDENTITY = "identity"
    THREAD = "thread"
    EVIDENCE = "evidence"
    NOTES = "notes"
    REFERRAL = "referral"
    TASKS = "tasks"
    JOURNAL = "journal"
    STATISTICS = "statistics"
    DIRECTORY = "directory"
    REGISTRY = "registry"
    DEADLINES = "deadlines"
    CHANNELS = "channels"
    MEMBERS = "members"
    LANES = "lanes"
    DUTY_ROSTER = "duty_roster"


class Relation(StrEnum):
    """What the thing is to the one who asks.

    `BACKUP_HIDDEN` lasts until the third step of the ladder or a hand-over makes it `BACKUP_SHOWN`.
    `ADDRESSED`: the referral was made to one's organisation; `CLIENT_OF_PROVIDER`: to one's guard company.
    `REACHED`: a case climbed to ICoCA, as workflow only. `APPEALED_TO`: the complainant asked one's body to
    look again, `APPEALED_WITH_EVIDENCE`: and ticked that the evidence goes too. `OWN` and `OTHER` speak of
    what belongs to an organisation rather than to a case; `NONE` is no relation at all.
    """

    OWN_CASE = "own_case"
    OWN_DESK = "own_desk"
    BACKUP_SHOWN = "backup_shown"
    BACKUP_HIDDEN = "backup_hidden"
    ADDRESSED = "addressed"
    CLIENT_OF_PROVIDER = "client_of_provider"
    REACHED = "reached"
    APPEALED_TO = "appealed_to"
    APPEALED_WITH_EVIDENCE = "appealed_with_evidence"
    OWN = "own"
    OTHER = "other"
    NONE = "none"


def _things(*things: Thing) -> frozenset[Thing]:
    return frozenset(things)


_WHOLE_CASE = _things(
    Thing.CASE, Thing.IDENTITY, Thing.THREAD, Thing.EVIDENCE, Thing.NOTES, Thing.REFERRAL, Thing.TASKS,
    Thing.JOURNAL,
)  # fmt: skip
_APPEAL = _things(Thing.CASE, Thing.THREAD, Thing.TASKS, Thing.JOURNAL)
_NOTHING = _things()

TABLE: dict[tuple[Role, Relation], frozenset[Thing]] = {
    # The complainant: stage and thread of their own case. Evidence is not read back to a phone.
    (Role.COMPLAINANT, Relation.OWN_CASE): _things(Thing.CASE, Thing.THREAD),
    # The desk.
    (Role.CASE_WORKER, Relation.OWN_DESK): _WHOLE_CASE,
    (Role.CASE_WORKER, Relation.BACKUP_SHOWN): _WHOLE_CASE,
    (Role.CASE_WORKER, Relation.BACKUP_HIDDEN): _NOTHING,
    (Role.CASE_WORKER, Relation.APPEALED_TO): _APPEAL,
    (Role.CASE_WORKER, Relation.APPEALED_WITH_EVIDENCE): _APPEAL | {Thing.EVIDENCE},
    (Role.CASE_WORKER, Relation.OWN): _things(
        Thing.TASKS, Thing.STATISTICS, Thing.DIRECTORY, Thing.DEADLINES, Thing.DUTY_ROSTER
    ),
    (Role.CASE_WORKER, Relation.OTHER): _things(Thing.DIRECTORY),
    # Its lead, who also keeps its people, lanes, roster and the lines of its own journal.
    (Role.CASE_LEAD, Relation.OWN_DESK): _WHOLE_CASE,
    (Role.CASE_LEAD, Relation.BACKUP_SHOWN): _WHOLE_CASE,
    (Role.CASE_LEAD, Relation.BACKUP_HIDDEN): _NOTHING,
    (Role.CASE_LEAD, Relation.APPEALED_TO): _APPEAL,
    (Role.CASE_LEAD, Relation.APPEALED_WITH_EVIDENCE): _APPEAL | {Thing.EVIDENCE},
    (Role.CASE_LEAD, Relation.OWN): _things(
        Thing.TASKS, Thing.STATISTICS, Thing.DIRECTORY, Thing.DEADLINES, Thing.DUTY_ROSTER,
        Thing.MEMBERS, Thing.LANES, Thing.JOURNAL,
    ),
    (Role.CASE_LEAD, Relation.OTHER): _things(Thing.DIRECTORY),
    # A company: the referral made to it, never the case; a mine does not read its guard company's.
    (Role.COMPANY, Relation.ADDRESSED): _things(Thing.REFERRAL),
    (Role.COMPANY, Relation.CLIENT_OF_PROVIDER): _NOTHING,
    (Role.COMPANY, Relation.OWN): _things(Thing.TASKS, Thing.MEMBERS, Thing.JOURNAL),
    # ICoCA: what reached it, as workflow; content by referral, consent or appeal; never identity or notes.
    (Role.OVERSEER, Relation.REACHED): _things(Thing.CASE, Thing.TASKS, Thing.JOURNAL),
    (Role.OVERSEER, Relation.ADDRESSED): _things(Thing.CASE, Thing.REFERRAL, Thing.TASKS, Thing.JOURNAL),
    (Role.OVERSEER, Relation.APPEALED_TO): _APPEAL,
    (Role.OVERSEER, Relation.APPEALED_WITH_EVIDENCE): _APPEAL | {Thing.EVIDENCE},
    (Role.OVERSEER, Relation.OWN): _things(
        Thing.TASKS, Thing.STATISTICS, Thing.DIRECTORY, Thing.DEADLINES, Thing.MEMBERS, Thing.JOURNAL
    ),
    (Role.OVERSEER, Relation.OTHER): _things(Thing.STATISTICS, Thing.DIRECTORY),
    # The host: who there is, what covers what; no case, no statistics, no roster (it holds numbers).
    (Role.ADMINISTRATOR, Relation.OWN): _things(
        Thing.DIRECTORY, Thing.REGISTRY, Thing.DEADLINES, Thing.CHANNELS, Thing.MEMBERS, Thing.JOURNAL,
        Thing.TASKS,
    ),
    (Role.ADMINISTRATOR, Relation.OTHER): _things(
        Thing.DIRECTORY, Thing.REGISTRY, Thing.CHANNELS, Thing.MEMBERS
    ),
    # The clock moves by workflow alone.
    (Role.CLOCK, Relation.OTHER): _things(Thing.CASE, Thing.TASKS, Thing.DEADLINES, Thing.STATISTICS),
    # The SMS worker passes texts on; it holds no key of a case.
    (Role.SMS_WORKER, Relation.OTHER): _things(Thing.CASE, Thing.TASKS, Thing.CHANNELS, Thing.DUTY_ROSTER),
}  # fmt: skip



class Entrance(StrEnum):
    """What an address asks of everybody alike, where it asks for no role."""

    OPEN = "open"  # nothing: the pages that must be reachable by anybody
    PROOF = "proof"  # no session: what calls there proves itself in the call
    SAMPLE = "sample"  # nothing either, but only where all data is fictional


STAFF = frozenset({Role.CASE_WORKER, Role.CASE_LEAD, Role.COMPANY, Role.OVERSEER, Role.ADMINISTRATOR})
_DESK = frozenset({Role.CASE_WORKER, Role.CASE_LEAD})
_VISITOR = frozenset({Role.COMPLAINANT})

# A room's name covers all of its pages; `room.page` is one page, which then goes by its own line alone.
ENTRANCES: dict[str, Entrance | frozenset[Role]] = {
    "static": Entrance.OPEN,
    "bootstrap": Entrance.OPEN,
    "health": Entrance.OPEN,  # `/metrics` answers this machine only
    "hooks": Entrance.PROOF,
    "journal": Entrance.OPEN,  # hashes and times, for whoever holds us to them
    "api": Entrance.OPEN,  # to send a report, to read what a form offers
    "api.overseen": frozenset({Role.OVERSEER}),
    "phone": Entrance.SAMPLE,
    "public": Entrance.OPEN,
    **{
        f"public.{page}": _VISITOR
        for page in (
            "own_page", "add", "consent", "settle", "judge_remedy", "ask_call", "withdraw", "resume",
            "add_file", "appeal", "begin_file", "choose_word", "dispute", "end_file", "files_page",
            "how_are_you", "proof", "take_back", "take_piece", "taken_back",
        )
    },
    "doors": Entrance.OPEN,
    "doors.room": STAFF,
    "doors.sign_out": STAFF,
    "doors.language": STAFF,
    "account": STAFF,
    "step_up": STAFF,
    "members": STAFF,
    "key_changes": STAFF,
    "members.fingerprint_list": frozenset({Role.OVERSEER}),
    "members.confirm_fingerprint": frozenset({Role.OVERSEER}),
    "desk": _DESK,
    "offline": _DESK,
    # A browser asks for these without a cookie; they tell nothing of anybody.
    "offline.worker": Entrance.OPEN,
    "offline.manifest": Entrance.OPEN,
    "company": frozenset({Role.COMPANY}),
    "oversight": frozenset({Role.OVERSEER}),
    "admin": frozenset({Role.ADMINISTRATOR}),
    "confirmations": frozenset({Role.OVERSEER, Role.CASE_LEAD}),
}  # fmt: skip


# Where a member comes in who must have a passkey and has none yet: to make it, or to leave.
WITHOUT_PASSKEY = frozenset({
    "account.own", "account.add_passkey", "step_up.prove", "doors.sign_out", "doors.language",
})  # fmt: skip


def entrance(endpoint: str) -> Entrance | frozenset[Role]:
    """Who comes in at this address (`room.page`): nobody, when neither it nor its room is in the table."""
    return ENTRANCES.get(endpoint, ENTRANCES.get(endpoint.partition(".")[0], frozenset()))


CLASS_OF: dict[Thing, DataClass] = {
    Thing.IDENTITY: DataClass.IDENTITY,
    Thing.THREAD: DataClass.THREAD,
    Thing.EVIDENCE: DataClass.EVIDENCE,
    Thing.NOTES: DataClass.NOTES,
    Thing.REFERRAL: DataClass.SUMMARY,
}


def _open_in_lane(role: Role, thing: Thing, lane: Lane, in_lane: bool) -> bool:
    """The lane's own wall: of a restricted case only workflow is outside of it."""
    if lane is Lane.GENERAL or in_lane or role is Role.COMPLAINANT or thing not in CLASS_OF:
        return True
    # A survivor's referral is read by the one person she accepts. A child's is sealed to one person too; only
    # what waits for its ladder goes to a company as any other does, where that company names nobody.
    return role is Role.COMPANY and lane is Lane.CHILD


def may(
    role: Role, thing: Thing, relation: Relation, lane: Lane = Lane.GENERAL, in_lane: bool = False
) -> bool:
    """Whether this role may open this thing.

    `in_lane`: at a desk, a member of that lane; at a company or ICoCA, the person the survivor accepted.
    """
    return thing in TABLE.get((role, relation), _NOTHING) and _open_in_lane(role, thing, lane, in_lane)


def who_may(thing: Thing, relation: Relation) -> frozenset[Role]:
    """The roles that may open this thing in this relation."""
    return frozenset(role for (role, known), things in TABLE.items() if known is relation and thing in things)


def reads(role: Role) -> frozenset[DataClass]:
    """The classes of content that this role can open in any relation at all."""
    reachable = {thing for (who, _), things in TABLE.items() if who is role for thing in things}
    return frozenset(CLASS_OF[thing] for thing in reachable if thing in CLASS_OF)


def reads_of(
    role: Role, relation: Relation, lane: Lane = Lane.GENERAL, in_lane: bool = False
) -> frozenset[DataClass]:
    """The classes of one case's content that this role may open in this relation."""
    return frozenset(found for thing, found in CLASS_OF.items() if may(role, thing, relation, lane, in_lane))
