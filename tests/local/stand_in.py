"""What does a supervisor look like from outside? A small one for tests: `python -m tests.local.stand_in VAR`.

Real PostgreSQL, Valkey and supervisor; for web and workers two programs that only sleep.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from grievance.local.folders import ServerUser, locked, make_var, run_folder
from grievance.local.postgres import Postgres
from grievance.local.problems import CannotStart
from grievance.local.processes import Interrupted, Program, Supervisor
from grievance.local.valkey import Valkey

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
STOP_AT_ONCE = (sys.executable, "-c", "raise SystemExit(3)")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: Path) -> int:
    supervisor = Supervisor(tell)
    try:
        with ExitStack() as held:
            with supervisor.starting():
                var = make_var(folder)
                held.enter_context(locked(var))
                held.callback(supervisor.stop)
                user = ServerUser.choose()
                run = run_folder(var, user)
                supervisor.run("PostgreSQL", Postgres(var, run, user, "stand-in"))
                supervisor.run("Valkey", Valkey(var, run, user, "stand-in"))
                for name, command in (("web", SLEEP), ("worker", SLEEP), ("broken", STOP_AT_ONCE)):
                    supervisor.run(name, Program(name, command, {}, var, var / "logs"))
            tell("Ready")
            supervisor.wait()
    except Interrupted:
        return 130
    except CannotStart as problem:
        tell(f"Cannot start: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
