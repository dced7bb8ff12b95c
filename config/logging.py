"""What may a log line say? Only what is on this list: codes and counts, never what anybody wrote, nor names.

One JSON object a line on standard error. Libraries log through the same door: their messages may quote an
address, a number or a statement with its values, so of them only the logger's name and the place remain.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    {
        *("at", "level", "process", "event", "logger", "place", "error", "trace"),
        *(
            "endpoint",
            "method",
            "status",
            "ms",
            "job",
            "queue",
            "kind",
            "step",
            "count",
            "tries",
            "chain",
            "seq",
        ),
        *("outbox_id", "inbound_id", "case_id", "referral_id", "clock_id", "channel_id", "member_id"),
    }
)
DEEPEST = 12  # places of a traceback that are told, from the innermost
LIBRARIES_AT = logging.WARNING
HERE = Path(__file__).resolve().parents[1]


def configure(process: str, level: int = logging.INFO) -> None:
    """Sends all that this process logs to standard error, as JSON lines; `process` names it in each."""
    structlog.configure(
        processors=[_level, _clock, _process(process), _exception, _allowed_only, _in_order, _json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Door()]
    root.setLevel(LIBRARIES_AT)
    for name in ("gunicorn.error", "gunicorn.access", "werkzeug", "rq", "rq.worker", "sqlalchemy", "alembic"):
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.propagate = True
        library.setLevel(LIBRARIES_AT)
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    threading.excepthook = _last_words_of_thread
    if sys.unraisablehook is sys.__unraisablehook__:  # who runs tests has a hook of their own
        sys.unraisablehook = _last_words_of_nobody


class _Door(logging.Handler):
    """Takes what libraries log and lets through who spoke, from where, and which class of error."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().log(
            record.levelno,
            "library",
            logger=record.name,
            place=f"{_short(record.pathname)}:{record.lineno} {record.funcName}",
            exc_info=error,
        )


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What Python prints of an exception that nobody caught: its class and places, not its message."""
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("stopped", exc_info=(kind, error, trace))


def _last_words_of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _last_words(told.exc_type, told.exc_value, told.exc_traceback)


def _last_words_of_nobody(told: sys.UnraisableHookArgs) -> None:
    """What Python prints of an error while something is cleared away: it would quote object and message."""
    if told.exc_value is not None:
        structlog.get_logger().error(
            "unraisable", exc_info=(told.exc_type, told.exc_value, told.exc_traceback)
        )


def _level(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["level"] = method
    return event


_clock = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")
_json = structlog.processors.JSONRenderer(default=lambda value: type(value).__name__)


def _process(name: str) -> structlog.typing.Processor:
    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["process"] = name
        return event

    return add


def _exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turns an exception into its class and the places it passed, innermost last."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["trace"] = list(_places(error.__traceback__))[-DEEPEST:]
    elif isinstance(event.get("error"), BaseException):
        event["error"] = type(event["error"]).__name__
    return event


def _places(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _short(path: str) -> str:
    """A path from the program's own folder, or the last two parts of a library's."""
    full = Path(path)
    if full.is_relative_to(HERE) and "site-packages" not in full.parts:
        return str(full.relative_to(HERE))
    return "/".join(full.parts[-2:])


def _allowed_only(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if key in ALLOWED}


def _in_order(_: WrappedLogger, __: str, event: MutableMapping[str, Any]) -> EventDict:
    first = {key: event[key] for key in ("at", "level", "process", "event") if key in event}
    return first | dict(event)
