from __future__ import annotations
import pytest
pytestmark = pytest.mark.usefixtures("today")
def test_smoke(astu, world):
    for path in ("/students", "/students?status=all", "/students/new", "/students?q=kim","/students/"+world.public_ids["kim"], "/students/"+world.public_ids["kim"]+"/edit", "/students/"+world.public_ids["kim"]+"/orders/new?type=expulsion","/students/"+world.public_ids["orazbayeva"],"/students/export.xlsx"):
        a = astu.get(path)
        print(path, a.status_code, len(a.data))
        assert a.status_code == 200, a.text[:3000]
