"""Where is every door tried? In one played world, which can be had anew as it was in the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests import apps, make
from tests.access.matrix import Cell
from tests.access.people import Person, everybody
from tests.access.played import Played, play
from tests.fixtures import Town
from tests.services import Services


@dataclass
class Stage:
    """The app over a world that can be had anew in a tenth of a second."""

    services: Services
    town: Town
    played: Played
    people: dict[str, Person]
    kept: str

    @classmethod
    def build(cls, services: Services, name: str, redis_url: str, folder: Path) -> Stage:
        """Plays the world in a database of its own and keeps a copy of it."""
        database, keys = services.clone(name), apps.TestKeys()
        superuser = services.url("postgres", name)
        world = make.world(superuser, keys.config)
        app = apps.make_app(database, redis_url, keys, folder)
        town = Town(app, world, keys, database, redis_url, folder)
        with app.app_context():
            played = play(town, superuser)
            found = everybody(app, world, played.receipts)
        apps.close(app)
        kept = f"{name}_kept"
        services.clone(kept, template=name)
        return cls(services, town, played, found, kept)

    def again(self) -> None:
        """As it was in the beginning."""
        apps.close(self.town.app)
        self.services.clone(self.town.database.name, template=self.kept)
        self.prove_anew()

    def prove_anew(self) -> None:
        """Everybody proved this instant who they are, however long the play took."""
        with self.services.connect(self.town.database.name) as superuser:
            superuser.execute("update staff_session set proved_at = now() where ended_at is null")

    def address(self, cell: Cell) -> str:
        """Where a cell of the matrix is tried, query and all."""
        adapter = self.town.app.url_map.bind("127.0.0.1")
        values = self.named({**cell.path, **cell.query})
        return adapter.build(cell.endpoint, values, method=cell.method)

    def named(self, values: dict[str, str]) -> dict[str, str]:
        """The values of a cell, with the ids of this world's things in them."""
        things = self.played.things
        return {
            name: things[value[1:]] if value.startswith("$") else value for name, value in values.items()
        }

    def end(self) -> None:
        """Leaves nothing behind."""
        apps.close(self.town.app)
        for name in (self.town.database.name, self.kept):
            with self.services.connect() as superuser:
                superuser.execute(f'drop database if exists "{name}" with (force)')
