"""The addresses of the path: one module for each part of the room, all under one name."""

from django.urls import include, path

from toile.pathway.views import cases

app_name = "pathway"
urlpatterns = [
    path("", cases.home, name="home"),
    path("dossiers/<uuid:pk>/", cases.case, name="case"),
    path("", include("toile.pathway.urls.cases")),
    path("", include("toile.pathway.urls.reception")),
    path("", include("toile.pathway.urls.orientation")),
    path("", include("toile.pathway.urls.stages")),
    path("", include("toile.pathway.urls.followup")),
    path("", include("toile.pathway.urls.planning")),
]
