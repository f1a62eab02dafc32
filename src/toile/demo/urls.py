"""The demo's one address."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [path("entrer/<slug:persona>/", views.enter, name="enter")]
