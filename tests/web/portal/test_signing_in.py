from tests.web.portal.portal_driver import ADA, BEN, EVA, AtThePortal


def test_whoever_comes_signs_in_and_sees_their_directory(in_process):
    for name, tenant in ((ADA, "Colors"), (BEN, "Colors"), (EVA, "Petals")):
        page = AtThePortal(in_process, name).home
        assert page.status == 200, page.text
        assert page.url.endswith("/portal")
        assert name in page.text
        assert f"directory of <bdi>{tenant}</bdi>" in page.text
