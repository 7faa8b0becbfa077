"""The lock files: made from pyproject.toml (write), and checked against it without any network (check).

They hold versions and hashes, and no address: whoever installs may use any index, and gets the same files or an error.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
RUN, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
ADDRESS = re.compile(r"://|--index-url|--extra-index-url|--find-links|--trusted-host")
OURS = re.compile(r"#\s+(?:via )?exchange \(pyproject\.toml|#\s+(?:via )?exchange:dev")


@dataclass
class Pin:
    """One line of a lock file: a version that holds where its marker does."""

    version: Version
    hashes: int = 0
    asked_by_us: bool = False


@dataclass
class Lock:
    """What a lock file says."""

    path: Path
    pins: dict[NormalizedName, list[Pin]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Lock:
        lock, pin = cls(path), None
        for line in path.read_text().splitlines():
            if start := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
                pin = Pin(Version(start[2]))
                lock.pins.setdefault(canonicalize_name(start[1]), []).append(pin)
            elif pin and line.lstrip().startswith("--hash="):
                pin.hashes += 1
            elif pin and OURS.search(line):
                pin.asked_by_us = True
        return lock


def asked(project: dict[str, object], group: str | None) -> list[Requirement]:
    """What pyproject.toml asks for: the project itself, or one of its groups."""
    if group is None:
        lines = project["project"]["dependencies"]  # type: ignore[index]
    else:
        lines = project["dependency-groups"][group]  # type: ignore[index]
    return [Requirement(line) for line in lines]


def problems() -> list[str]:
    """Why the lock files can't be trusted: one sentence for each reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    running, development = asked(project, None), asked(project, "dev")
    found = []
    for path, requirements in ((RUN, running), (DEVELOPMENT, [*running, *development])):
        if addressed := [n for n, line in enumerate(path.read_text().splitlines(), 1) if ADDRESS.search(line)]:
            found.append(f"{path.name} names an address in line {addressed[0]}.")
        lock = Lock.read(path)
        wanted = {canonicalize_name(r.name) for r in requirements}
        for requirement in requirements:
            pins = lock.pins.get(canonicalize_name(requirement.name), [])
            if not any(requirement.specifier.contains(pin.version) for pin in pins):
                found.append(f"{path.name} has no version for {requirement}.")
        for name, pins in lock.pins.items():
            if not all(pin.hashes for pin in pins):
                found.append(f"{path.name} has no hash for {name}.")
            if name not in wanted and any(pin.asked_by_us for pin in pins):
                found.append(f"{path.name} still holds {name}, which pyproject.toml no longer asks for.")
    small, large = Lock.read(RUN).pins, Lock.read(DEVELOPMENT).pins
    found += [
        f"{name} is of another version in {RUN.name} than in {DEVELOPMENT.name}."
        for name, pins in small.items()
        if {p.version for p in pins} != {p.version for p in large.get(name, [])}
    ]
    return found


def write() -> int:
    """Resolves anew with uv, for every system and every Python from 3.11 on; keeps versions unless asked: --upgrade."""
    common = [
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-header", "--no-emit-index-url", *sys.argv[2:], "pyproject.toml"),
    ]
    for path, group in ((DEVELOPMENT, ["--group", "dev"]), (RUN, [])):
        done = subprocess.run([*common, *group, "--output-file", path.name], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


def main() -> int:
    if sys.argv[1:2] == ["write"]:
        return write()
    found = problems()
    for sentence in found:
        print(sentence, file=sys.stderr)
    if found:
        print("Run `make lock`.", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
