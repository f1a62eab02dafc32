"""What the index is given: the same documents whether ids are asked one by one, packed, or scattered among others."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from toile.directory.searched import MANY, documents

from .structures import make_all


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("step", [1, 3], ids=["packed", "scattered"])
def test_many_documents_are_those_of_each_id(step: int) -> None:
    made = sorted(one.pk for one in make_all(*[{"name": f"Atelier {n}"} for n in range((MANY + 10) * step)]))
    ids = [*made[::step], uuid4()]
    with CaptureQueriesContext(connection) as asked:
        found = list(documents(ids))
    assert [document.id for document in sorted(found, key=lambda document: document.id)] == made[::step]
    in_one_go = {document.id: document for document in found}
    for pk in made[:: step * 40]:
        assert list(documents([pk])) == [in_one_go[pk]]
    sql = " ".join(statement["sql"] for statement in asked.captured_queries)
    listed = ids[5].hex in sql.replace("-", "")
    assert listed == (step > 1), "packed ids are asked for by their first and their last"
