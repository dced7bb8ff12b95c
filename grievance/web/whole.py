"""What is asked for by its head alone, and is it one of those whose reading leaves a trace?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import request
from werkzeug.exceptions import MethodNotAllowed

P = ParamSpec("P")
R = TypeVar("R")
WHOLE = ("GET", "OPTIONS")


def read_whole(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that writes down that it was read: HEAD hands out nothing, so it is refused.

    Raises MethodNotAllowed.
    """

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method == "HEAD":
            raise MethodNotAllowed(WHOLE)
        return view(*args, **kwargs)

    return wrapper
