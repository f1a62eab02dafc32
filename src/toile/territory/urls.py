"""The territory's addresses."""

from django.urls import path

from . import views

app_name = "territory"
urlpatterns = [
    path("", views.communes, name="communes"),
    path("perimetres/", views.perimeters, name="perimeters"),
    path("perimetres/nouveau/", views.perimeter_new, name="perimeter_new"),
    path("perimetres/<slug:code>/", views.perimeter, name="perimeter"),
    path("perimetres/<slug:code>/corriger/", views.perimeter_edit, name="perimeter_edit"),
]
