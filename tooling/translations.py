"""The catalogues of translations: brought up to date with the sources (update), compiled (compile), checked (check).

Russian is the language of the sources; a catalogue may have holes, it then shows Russian. `check` refuses a sentence
of the sources that a catalogue does not know of, and a translation that would break the page (lost placeholders).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
PLACEHOLDER = re.compile(r"%\((\w+)\)")
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")


def catalogues() -> dict[str, Path]:
    return {path.parent.parent.name: path for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))}


def read(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def babel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=ROOT, check=True)


def extract(into: Path) -> None:
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    babel(
        *("extract", "-F", "pyproject.toml", *keywords, "--no-location", "--sort-output", "--no-wrap"),
        *("--omit-header", "--add-comments", "NOTE:", "-o", str(into), "."),
    )


def update() -> int:
    """Carries new sentences of the sources into every catalogue; what is no longer said is dropped."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        extract(template)
        for language in catalogues():
            babel(
                *("update", "-i", str(template), "-d", str(FOLDER), "-l", language, "--no-wrap"),
                *("--no-fuzzy-matching", "--ignore-obsolete", "--omit-header"),
            )
    return 0


def compile_all() -> int:
    """Writes the .mo files that the site reads, where they are older than their catalogues."""
    for language, path in catalogues().items():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime:
            catalogue, part = read(path, language), compiled.with_suffix(".part")
            with part.open("wb") as file:
                write_mo(file, catalogue)
            part.replace(compiled)
    return 0


def broken(message: Message) -> str:
    """Why a translation would break the page: it names a value that the sentence does not have, or forgets one."""
    said = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    for string in filter(None, strings):
        wanted, named = set(PLACEHOLDER.findall(said[-1])), set(PLACEHOLDER.findall(string))
        if wrong := (named - wanted) or (wanted - named):
            return f"%({min(wrong)}) is in one of the two only"
    return ""


def check() -> int:
    """Says what is wrong with the catalogues, and how full they are."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        extract(template)
        said = {(message.context, message.id) for message in read(template) if message.id}
    found = []
    for language, path in catalogues().items():
        catalogue = read(path, language)
        known = {(message.context, message.id): message for message in catalogue if message.id}
        found += [f"{language}: does not know “{sentence}”" for _, sentence in sorted(said - set(known), key=str)]
        found += [f"{language}: “{key[1]}”: {fault}" for key in known if (fault := broken(known[key]))]
        holes = sum(1 for key in said if key in known and (not _filled(known[key].string) or known[key].fuzzy))
        print(f"Translations: {language} has {len(said) - holes} of {len(said)} sentences.")
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("Run `make translations`, and translate what is new.", file=sys.stderr)
    return bool(found)


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


if __name__ == "__main__":
    sys.exit({"update": update, "compile": compile_all, "check": check}[sys.argv[1]]())
