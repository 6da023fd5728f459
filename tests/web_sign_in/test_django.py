"""What is Django's own: who becomes which user, groups and staff by role, the admin, checks, stand-ins in tests."""

import pytest
from attrs import evolve
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client, override_settings

from entrada.client.web_sign_in.web_settings import WebSettings
from tests.web_sign_in.app_under_test import Asked
from tests.web_sign_in.authority import ADA, CLIENT, PETALS, with_claims
from tests.web_sign_in.django_app import PROJECT, DjangoMaker
from tests.web_sign_in.world import Worlds

User, Group = apps.get_model("auth", "User"), apps.get_model("auth", "Group")
ENTRADA = {"CLIENT_ID": CLIENT, "TENANT": "c0105000-0000-4000-8000-000000000001", "PUBLIC_URL": "https://app.example"}


@pytest.fixture
def worlds():
    made = Worlds(DjangoMaker(awaits=False))
    yield made
    made.close()


def mapped(there, **changes):
    from entrada.django.people import Mapped
    from entrada.django.running import running

    running().mapped = Mapped(**changes)


def test_the_same_person_is_the_same_user_whatever_they_are_called(worlds):
    there = worlds.make()
    there.sign_in(there.browser())
    there.authority.person = with_claims(evolve(ADA, name="Ada Lovelace"), preferred_username="another@name.example")
    there.sign_in(there.browser())
    [user] = User.objects.all()
    assert user.first_name == "Ada Lovelace"
    assert not user.has_usable_password()
    assert not user.email


def test_a_local_user_of_the_same_name_and_address_is_somebody_else(worlds):
    there = worlds.make()
    local = User.objects.create_user("ada@colors.example", email="ada@colors.example", password="x")
    there.sign_in(there.browser())
    assert User.objects.exclude(pk=local.pk).count() == 1


def test_the_same_object_id_in_another_tenant_is_another_user(worlds):
    there = worlds.make()
    there.sign_in(there.browser())
    there.authority.person = evolve(ADA, tenant=PETALS)
    there.sign_in(there.browser())
    assert User.objects.count() == 2


def test_roles_stand_for_groups_and_staff_as_long_as_they_last(worlds):
    there = worlds.make()
    mapped(there, groups_by_role={"Editor": "editors", "Reader": "readers"}, staff_roles=frozenset({"Admin"}))
    there.authority.person = with_claims(ADA, roles=["Editor", "Admin"])
    there.sign_in(there.browser())
    user = User.objects.get()
    user.groups.add(Group.objects.get_or_create(name="of our own")[0])
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert set(user.groups.values_list("name", flat=True)) == {"editors", "of our own"}
    there.authority.person = with_claims(ADA, roles=["Reader"])
    there.sign_in(there.browser())
    user.refresh_from_db()
    assert not user.is_staff
    assert set(user.groups.values_list("name", flat=True)) == {"readers", "of our own"}


def test_a_project_may_say_itself_who_is_who(worlds):
    there = worlds.make()
    ours = User.objects.create(username="ours")
    mapped(there, user_from_claims=lambda claims: ours if claims["oid"] == ADA.oid else None)
    browser = there.browser()
    there.sign_in(browser)
    assert browser.fetch("/data").json() == {"name": ""}
    there.authority.person = evolve(ADA, oid="cccccccc-0000-4000-8000-00000000000c")
    stranger = there.browser()
    assert there.sign_in(stranger).status == 403
    assert stranger.open("/").text == "nobody"


@pytest.mark.parametrize("page", ["/reports", "/vault", "/groups"])
def test_a_user_that_django_switched_off_is_out_at_once(worlds, page):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    User.objects.update(is_active=False)
    seen = browser.open(page)
    assert seen.status == 302
    assert browser.answer(there.authority.page(there.leave(browser, seen))).status == 403


def test_the_admin_is_behind_the_authority_and_for_staff_alone(worlds):
    there = worlds.make()
    mapped(there, superuser_roles=frozenset({"Admin"}), staff_roles=frozenset({"Admin"}))
    browser = there.browser()
    assert there.sign_in(browser, "/admin/").location == "/admin/"
    seen = browser.open("/admin/")
    assert browser.open(seen.location).status == 403  # and not round for ever
    there.authority.person = with_claims(ADA, roles=["Admin"])
    there.sign_in(browser, "/auth/login")
    assert browser.open("/admin/").status == 200


def test_a_test_is_somebody_without_signing_in(worlds):
    from entrada.django import as_user

    there = worlds.make()
    with as_user(name="Grace", roles={"Admin"}):
        assert there.browser().open("/admin").text == "Grace"
        assert there.browser().open("/reports").text == "Grace"
    with as_user(roles={"Reader"}):
        assert there.browser().open("/admin").status == 403


# ---- a session of Django that is ended or taken over by others ----

BACKENDS = ["entrada.django.backends.EntradaBackend", "django.contrib.auth.backends.ModelBackend"]


def test_djangos_own_logout_ends_the_sign_in_too(worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/own/ink").status == 200
    before = dict(browser.jar)
    assert browser.post("/own/bye", {}).text == "bye"
    assert browser.open("/own/ink").status == 302
    assert browser.fetch("/auth/me").status == 401
    assert apps.get_model("entrada", "StoredSession").objects.count() == 0
    browser.jar.update(before)
    assert browser.fetch("/auth/me").status == 401


@pytest.mark.parametrize("by_logout", [True, False])
def test_who_signs_in_locally_is_not_who_signed_in_before(worlds, by_logout):
    there = worlds.make()
    there.authority.person = with_claims(ADA, roles=["Admin"])
    browser = there.browser()
    there.sign_in(browser)
    if by_logout:
        browser.post("/own/bye", {})
    with override_settings(AUTHENTICATION_BACKENDS=BACKENDS):
        browser.post("/own/local", {"name": "ben"})
        assert browser.open("/admin").status == 302
        assert browser.open("/own/ink").status == 302
        assert browser.fetch("/auth/me").status == 401
    assert apps.get_model("entrada", "StoredSession").objects.count() == 0


def test_a_sign_in_that_could_not_be_ended_is_believed_no_more(worlds, monkeypatch):
    from entrada.client.errors import StorageError

    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)

    def away(_, key):
        raise StorageError("away")

    with monkeypatch.context() as broken:
        broken.setattr("entrada.django.sessions.DjangoSessions.remove", away)
        assert browser.post("/own/bye", {}).text == "bye"
    with override_settings(AUTHENTICATION_BACKENDS=BACKENDS):
        browser.post("/own/local", {"name": "ben"})
        assert browser.open("/own/ink").status == 302
        assert browser.fetch("/auth/me").status == 401


def test_the_same_user_may_come_again_by_another_backend(worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    with override_settings(AUTHENTICATION_BACKENDS=BACKENDS):
        browser.post("/own/local", {"name": User.objects.get().username})
        assert browser.open("/own/ink").status == 200


UPLOAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc\r\n--x--\r\n'


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(("path", "read"), [("/own/upload", "abc"), ("/own/hook", UPLOAD.decode())])
def test_what_is_posted_to_a_view_is_the_views_to_read(worlds, path, read, signed_in):
    there = worlds.make()
    browser = there.browser()
    if signed_in:
        there.sign_in(browser)
    headers = {"content-type": "multipart/form-data; boundary=x"}
    asked = Asked(
        method="POST", origin=browser.origin, path=path, cookies=browser.sent("/"), body=UPLOAD, headers=headers
    )
    assert there.app.send(asked).text == read


def checked(**changes) -> set[str]:
    told = {name: value for name, value in {**ENTRADA, **changes.pop("entrada", {})}.items() if value is not None}
    project = {**PROJECT, "ROOT_URLCONF": "tests.web_sign_in.django_views", "ENTRADA": told, **changes}
    with override_settings(**project):
        return {str(one.id) for one in run_checks() if str(one.id).startswith("entrada.")}


# fmt: off
CHECKED = [
    pytest.param({},                                                                            set(),             id="all is well"),
    pytest.param({"MIDDLEWARE": PROJECT["MIDDLEWARE"][:3]},                                     {"entrada.E001"},  id="no middleware"),
    pytest.param({"MIDDLEWARE": sorted(PROJECT["MIDDLEWARE"], key=lambda one: "entrada" not in one)}, {"entrada.E001"}, id="middleware too early"),
    pytest.param({"AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"]},    {"entrada.E002"},  id="no backend"),
    pytest.param({"ROOT_URLCONF": "django.contrib.auth.urls"},                                  {"entrada.E003"},  id="no routes"),
    pytest.param({"entrada": {"CLIENT_ID": None}},                                              {"entrada.E004"},  id="no client id"),
    pytest.param({"entrada": {"CLIENT_IDD": "x"}},                                              {"entrada.E004"},  id="a setting that is none"),
    pytest.param({"entrada": {"USER_FROM_CLAIMS": "no.such.function"}},                         {"entrada.E004"},  id="a hook that is none"),
    pytest.param({"entrada": {"TENANT": "common", "STAFF_ROLES": ["Admin"]}},                   {"entrada.E005"},  id="staff from anywhere"),
    pytest.param({"entrada": {"STAFF_ROLES": ["Admin"]}},                                       set(),             id="staff from one directory"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "found"), CHECKED)
def test_a_project_is_told_what_is_wrong_with_it(changes, found):
    assert checked(**dict(changes)) == found


def test_settings_are_read_and_the_prefix_is_where_the_routes_are():
    from entrada.django.configured import configured
    from entrada.django.running import prefix

    with override_settings(**PROJECT, ROOT_URLCONF="tests.web_sign_in.django_views", ENTRADA=ENTRADA):
        web = configured(prefix()).web
        assert isinstance(web, WebSettings)
        assert (web.prefix, web.client_id) == ("/auth", CLIENT)
        assert web.key
        with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["before"]):
            other = configured(prefix()).web
        assert other.key != web.key
        assert len(other.old_keys) == 1


def test_a_browser_of_django_sees_the_way_in():
    with override_settings(**PROJECT, ROOT_URLCONF="tests.web_sign_in.django_views", ENTRADA=ENTRADA):
        seen = Client().get("/reports", headers={"accept": "text/html"})
    assert (seen.status_code, seen.headers["location"]) == (302, "/auth/login?next=/reports")
