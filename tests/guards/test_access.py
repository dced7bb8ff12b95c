"""Is it written down for every address of the app who is answered what?"""

from __future__ import annotations

from tests.access import matrix
from tests.fixtures import Town


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
