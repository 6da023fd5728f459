"""The application under test, made with Django: its views."""

from django.contrib.admin import site
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from entrada.django import admin_login, require, require_roles, require_scopes, session, user
from entrada.django.person import token
from tests.web_sign_in.authority import READ, WRITE


def home(request):
    return HttpResponse(user(request).name if request.user.is_authenticated else "nobody")


@login_required
def reports(request):
    return HttpResponse(request.user.first_name)


@require_roles("Admin")
def admin(request):
    return HttpResponse(user(request).name)


@require_scopes(WRITE)
def writers(request):
    return HttpResponse("ink" if token(request, WRITE) else "")


@require(max_age=600)
def vault(request):
    return HttpResponse("gold")


@login_required
def groups(request):
    known = user(request).known_groups
    return HttpResponse("unknown" if known is None else " ".join(sorted(known)))


@login_required
def colors(request):
    assert token(request, READ)
    return HttpResponse(", ".join(session(request, "colors").get("colors").json()["colors"]))


@csrf_exempt  # these tests post without Django's token
@login_required
def paint(request):
    session(request, "colors").post("paint", json={})
    return HttpResponse("painted")


@login_required
def data(request):
    return JsonResponse({"name": request.user.first_name})


# ---- what a project does beside the sign-in ----


@csrf_exempt
def bye(request):
    logout(request)
    return HttpResponse("bye" if user(request) is None else "still there")


@csrf_exempt
def local(request):
    ours, _ = User.objects.get_or_create(username=request.POST["name"])
    login(request, ours, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse(ours.username)


def ink(request):
    return HttpResponse(token(request, READ))


@csrf_exempt
def hook(request):
    return HttpResponse(request.body)


@csrf_exempt
def upload(request):
    request.upload_handlers.insert(0, MemoryFileUploadHandler(request))
    return HttpResponse(request.FILES["f"].read())


OWN = (bye, local, ink, hook, upload)
urlpatterns = [
    *(path(f"own/{view.__name__}", view) for view in OWN),
    path("admin", admin),
    path("admin/login/", admin_login),
    path("admin/", site.urls),
    path("", home),
    *(path(view.__name__, view) for view in (reports, writers, vault, groups, colors, paint, data)),
    path("auth/", include("entrada.django.urls")),
]
