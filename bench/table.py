"""How are results shown? Plain tables that fit a terminal; numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.measure import Line

HEADS = ("what we do", "median", "beside", "median", "ratio", "runs")


def ratios(title: str, lines: Iterable[Line]) -> str:
    """A table of comparisons."""
    rows = [
        (
            line.what,
            duration(line.ours),
            line.against,
            duration(line.plain),
            times(line.ratio),
            str(line.runs),
        )
        for line in lines
    ]
    return table(title, HEADS, rows, words=(0, 2))


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int]) -> str:
    """Columns as wide as they must be; those in `words` stand to the left."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    ruled = [tuple("-" * width for width in widths)]

    def shown(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if column in words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([title, *(shown(row) for row in (heads, *ruled, *rows)), ""])


def duration(seconds: float) -> str:
    """Milliseconds, or microseconds below a tenth of one."""
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-4 else f"{seconds * 1e6:.1f} µs"


def times(ratio: float) -> str:
    """A ratio to two digits or so."""
    return f"{ratio:.0f} x" if ratio >= 10 else f"{ratio:.1f} x"
