"""Checks a file: `python check.py FILE`. Ends with 1 where something keeps it from being proved.

In a notebook: `from check import check`, then `check(Engine(), "mine.pathway").findings`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from onward import Engine, Finding, Report, sources


def check(engine: Engine, file: str | Path) -> Report:
    """Everything that is found in a file, and in what it uses."""
    return engine.check(sources(file))


def shown(finding: Finding) -> str:
    """A finding, with where it is and what to do about it."""
    place = finding.at.place
    where = f"{os.path.relpath(place.file)}:{place.line}:{place.column}"
    lines = [f"{where}: {finding.severity}: {finding.message} [{finding.kind}]"]
    for label in finding.others:
        at = f"{os.path.relpath(label.place.file)}:{label.place.line}:{label.place.column}"
        lines.append(f"  see {at}{': ' + label.text if label.text else ''}")
    if finding.help:
        lines.append(f"  help: {finding.help}")
    if finding.suggestion:
        lines.append(f"  write: {finding.suggestion.text.strip()}")
    return "\n".join(lines)


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: python check.py FILE", file=sys.stderr)
        return 2
    file = sys.argv[1]
    try:
        report = check(Engine(), file)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for finding in report.findings:
        print(shown(finding))
    for it in report.allowed:
        print(f"allowed until {it.until} by {it.by}, because {it.because}: {it.finding.message}")
    grave = len(report.stands_against)
    print(f"{file}: {grave} to mend" if grave else f"{file}: nothing stands against it")
    return 1 if grave else 0


if __name__ == "__main__":
    sys.exit(main())
