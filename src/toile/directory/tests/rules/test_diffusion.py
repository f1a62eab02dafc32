"""What may be shown of a unit that is only partly diffusible."""

import pytest

from toile.directory.rules.diffusion import diffusion


@pytest.mark.parametrize("status", ["P", "N", "?"])
def test_a_natural_person_under_partial_diffusion_shows_neither_name_nor_street(status):
    for category in ("1000", "", None):
        shown = diffusion(status, category)
        assert (shown.name, shown.street) == (False, False)
        assert shown.note_fr


def test_a_legal_person_under_partial_diffusion_keeps_its_name():
    shown = diffusion("P", "9220")
    assert (shown.name, shown.street) == (True, False)
    assert shown.note_fr


@pytest.mark.parametrize("status", ["O", None, ""])
def test_full_diffusion_or_a_source_without_status_shows_all(status):
    assert diffusion(status, "1000") == (True, True, None)
