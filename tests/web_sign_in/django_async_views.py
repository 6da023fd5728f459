"""The same application, with views that await."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from entrada.django import atoken, auser, client, require, require_roles, require_scopes
from tests.web_sign_in.authority import READ, WRITE


async def home(request):
    known = await request.auser()
    return HttpResponse((await auser(request)).name if known.is_authenticated else "nobody")


@login_required
async def reports(request):
    return HttpResponse((await request.auser()).first_name)


@require_roles("Admin")
async def admin(request):
    return HttpResponse((await auser(request)).name)


@require_scopes(WRITE)
async def writers(request):
    return HttpResponse("ink" if await atoken(request, WRITE) else "")


@require(max_age=600)
async def vault(request):
    return HttpResponse("gold")


@login_required
async def groups(request):
    known = (await auser(request)).known_groups
    return HttpResponse("unknown" if known is None else " ".join(sorted(known)))


@login_required
async def colors(request):
    assert await atoken(request, READ)
    return HttpResponse(", ".join((await client(request, "colors").get("colors")).json()["colors"]))


@csrf_exempt  # these tests post without Django's token
@login_required
async def paint(request):
    await client(request, "colors").post("paint", json={})
    return HttpResponse("painted")


@login_required
async def data(request):
    return JsonResponse({"name": (await request.auser()).first_name})


urlpatterns = [
    path("", home),
    *(path(view.__name__, view) for view in (reports, admin, writers, vault, groups, colors, paint, data)),
    path("auth/", include("entrada.django.urls")),
]
