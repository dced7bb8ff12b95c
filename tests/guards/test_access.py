"""Is it written down for every address of the app who is answered what?"""

from __future__ import annotations

from tests.access import matrix
from tests.fixtures import Town

# What weighs more than the rest of a session: names, numbers, what is carried away, members, keys, coverage.
WEIGHS_MORE = {
    "account.add_passkey", "account.change_password", "account.new_recovery_key",
    "account.remove_passkey", "admin.invite", "api.overseen", "confirmations.confirm",
    "confirmations.end", "desk.agree_reveal", "desk.give_receipt", "desk.identity", "desk.letter",
    "desk.look", "desk.open_way", "desk.refuse_reveal", "key_changes.agree", "key_changes.start",
    "members.change_role", "members.confirm_fingerprint", "members.disable", "members.grant",
    "members.invite", "members.invite_again", "members.print_recovery", "members.reset",
    "members.restore", "members.take_back", "oversight.table_file",
}  # fmt: skip


def test_every_route_and_method_stands_in_the_matrix(town: Town) -> None:
    assert matrix.served(town.app) - matrix.declared() == set(), "add it to tests/guards/access.yaml"
    assert matrix.declared() - matrix.served(town.app) == set(), "tests/guards/access.yaml names what is gone"


def test_every_pattern_of_an_address_is_tried(town: Town) -> None:
    adapter = town.app.url_map.bind("127.0.0.1")
    tried = set()
    for cell in matrix.cells():
        plain = {name: "0" * 8 + "-0000-4000-8000-" + "0" * 12 if value.startswith("$") else value
                 for name, value in cell.path.items()}  # fmt: skip
        address = adapter.build(cell.endpoint, plain, method=cell.method)
        rule, _ = adapter.match(address, method=cell.method, return_rule=True)
        tried.add(rule.rule)

    assert {rule.rule for rule in town.app.url_map.iter_rules()} - tried == set()


def test_what_weighs_more_asks_again_who_it_is_and_nothing_else_does(town: Town) -> None:
    views = town.app.view_functions
    assert {name for name, view in views.items() if getattr(view, "asks_for_proof", False)} == WEIGHS_MORE
