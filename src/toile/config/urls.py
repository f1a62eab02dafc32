"""Every address of the site: one include per room; what is not content lives under `/-/`."""

from django.urls import include, path

from toile.config.api import api, reuse
from toile.kernel.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("toile.kernel.urls")),
    path("fil/", include("toile.thread.urls")),
    path("territoire/", include("toile.territory.urls")),
    path("compte/", include("toile.accounts.urls")),
    path("annuaire/", include("toile.directory.urls")),
    path("actualites/", include("toile.directory.urls_news")),
    path("lettre/", include("toile.directory.urls_letters")),
    path("panorama/", include("toile.panorama.urls")),
    path("parcours/", include("toile.pathway.urls")),
    path("demo/", include("toile.demo.urls")),
    path("api/", reuse, name="reuse"),
    path("api/v1/", api.urls),
    path("", include("toile.kernel.lists.urls")),
]

handler400 = "toile.kernel.views.bad_request"
handler403 = "toile.kernel.views.forbidden"
handler404 = "toile.kernel.views.not_found"
handler500 = "toile.kernel.views.server_error"
