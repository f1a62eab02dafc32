"""The addresses of the observatory."""

from django.urls import include, path

from toile.panorama.views import public, public_places, public_tables

app_name = "panorama"
urlpatterns = [
    path("", public.home, name="home"),
    path("publies/", public.published, name="published"),
    path("atelier/", include("toile.panorama.urls_workbench")),
    path("<uuid:pk>/", public.edition, name="edition"),
    path("<uuid:pk>/communes/", public_places.choose, name="choose"),
    path("<uuid:pk>/communes/<str:commune>/", public_places.commune, name="commune"),
    path("<uuid:pk>/comparer/", public_places.compare, name="compare"),
    path("<uuid:pk>/chiffres/<slug:indicator>/", public_tables.indicator, name="indicator"),
    path("<uuid:pk>/chiffres/<slug:indicator>.<str:suffix>", public_tables.indicator_file, name="indicator_file"),
    path("<uuid:pk>/contribution/", public.contribution, name="contribution"),
    path("<uuid:pk>/methode/", public.method, name="method"),
    path("<uuid:pk>/fichiers/<str:key>/", public_tables.output, name="output"),
    path("<uuid:pk>/figures/<slug:indicator>/", public_places.figure, name="figure"),
    path("<uuid:pk>/figures/<slug:indicator>/integrer/", public_places.embed, name="embed"),
]
