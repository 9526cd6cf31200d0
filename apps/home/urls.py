"""Addresses of the home page, sign-in and health."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from apps.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "accounts/sign-in/",
        LoginView.as_view(template_name="accounts/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("accounts/sign-out/", LogoutView.as_view(), name="sign-out"),
    path("health/live", views.live),
    path("health/ready", views.ready),
]
