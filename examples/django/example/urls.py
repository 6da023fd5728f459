"""The pages, and the routes of the sign-in below /auth/."""

from django.urls import include, path

from example import views

urlpatterns = [
    path("", views.home, name="home"),
    path("painters", views.painters, name="painters"),
    path("renew", views.renew, name="renew"),
    path("auth/", include("entrada.django.urls")),
]
