"""Every visible string goes through gettext: in templates, in permissions, in the tables of the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src/toile"
# The page of components is for those who write pages: its sample sentences are not translated.
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.html") if "components" not in str(path))
TRANSLATED = re.compile(
    r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{% comment.*?%\}.*?\{% endcomment %\}|<!--.*?-->"
    r"|<(script|style|code|pre)\b.*?</\1>",
    re.DOTALL,
)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN = re.compile(r'\b(?:alt|title|placeholder|aria-label|data-failed|data-offline)="([^"]*)"')
ELEMENT = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
# Names and signs that are the same in every language.
NOT_TRANSLATED = {"toile", "ess", "csv", "json", "xlsx", "nbsp", "amp", "laquo", "raquo", "hellip", "totp", "url"}


def words_left(template: Path) -> set[str]:
    """The words that a reader would see or hear and that no translation tag holds."""
    text = TAGS.sub(" ", TRANSLATED.sub(" ", template.read_text(encoding="utf-8")))
    seen = " ".join([ELEMENT.sub(" ", text), *SPOKEN.findall(text)])
    return {word for word in WORD.findall(seen) if word.lower() not in NOT_TRANSLATED}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_speaks_only_through_gettext(template: Path) -> None:
    assert words_left(template) == set()


def test_the_check_sees_a_forgotten_sentence(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p>{% translate "Bonjour" %}</p><a title="Fermer la page">Au revoir</a>', encoding="utf-8")
    assert words_left(page) == {"Fermer", "la", "page", "Au", "revoir"}
