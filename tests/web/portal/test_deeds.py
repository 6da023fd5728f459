"""A form's word that no page sends does nothing: a slip of the pen must not grant a role."""

import pytest

from tests.web.portal.by_hand import latest, post, said
from tests.web.portal.portal_driver import AtThePortal
from tests.web.portal.test_enterprise import API, PAINTER
from tests.web.portal.test_people import BEN_ID, CAI_ID, GLOBAL, PAINTERS
from tests.web.seats import MULTI, contents

# fmt: off
FORMS = [
    pytest.param(f"/portal/users/{BEN_ID}/roles",        {"id": GLOBAL},                         id="roles of a user"),
    pytest.param(f"/portal/users/{CAI_ID}/groups",       {"id": PAINTERS},                       id="groups of a user"),
    pytest.param(f"/portal/users/{CAI_ID}/applications", {"id": "x"},                            id="applications of a user"),
    pytest.param(f"/portal/users/{CAI_ID}/sign-in",      {},                                     id="sign-in of a user"),
    pytest.param(f"/portal/groups/{PAINTERS}/members",   {"id": CAI_ID},                         id="members of a group"),
    pytest.param(f"/portal/groups/{PAINTERS}/owners",    {"id": CAI_ID},                         id="owners of a group"),
    pytest.param(f"/portal/roles/{GLOBAL}",              {"id": BEN_ID},                         id="holders of a role"),
    pytest.param(f"{API}/owners",                        {"id": BEN_ID},                         id="owners of an application"),
    pytest.param(f"{API}/users",                         {"id": BEN_ID, "role": PAINTER},        id="who is assigned"),
    pytest.param(f"{API}/permissions",                   {"id": "x"},                            id="permissions"),
    pytest.param("/portal/enterprise/new",               {"appId": MULTI},                       id="bring one in"),
    pytest.param("/portal/security",                     {"consent": "none"},                    id="policies"),
    pytest.param("/portal/branding",                     {"signInPageText": "x"},                id="branding"),
]
# fmt: on


@pytest.mark.parametrize("word", ["remvoe", "Add", "add ", "remove\0x"])
@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_an_unknown_word_is_refused(in_process, path, fields, word):
    ada = AtThePortal(in_process)
    before, told = contents(in_process.platform.here.store)["_entities"], latest(in_process)
    page = post(ada, path, do=word, **fields)
    assert page.status == 400
    assert "asks for something this page does not do" in said(page)
    assert contents(in_process.platform.here.store)["_entities"] == before
    assert latest(in_process) == told
