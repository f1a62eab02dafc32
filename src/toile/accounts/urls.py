"""Addresses under /compte/: the room's own, then those of django-allauth under their own names."""

from django.urls import include, path

from . import proconnect, second_factor, views, views_own_data

own = [
    path("", views.mine, name="mine"),
    path("nom/", views.rename, name="rename"),
    path("sessions/fermer/", views.close_sessions, name="close_sessions"),
    path("vos-donnees/", views_own_data.own_data, name="own_data"),
    path("vos-donnees/copie.<slug:suffix>", views_own_data.export_data, name="export_data"),
    path("vos-donnees/accords/<str:code>/", views_own_data.consent, name="consent"),
    path("vos-donnees/effacer/", views_own_data.erase, name="erase"),
    path("vos-donnees/effacer/courriel/", views_own_data.erase_link, name="erase_link"),
    path("vos-donnees/effacer/maintenant/", views_own_data.erase_now, name="erase_now"),
    path("efface/", views_own_data.erased, name="erased"),
    path("personnes/", views.people, name="people"),
    path("personnes/<uuid:pk>/", views.person, name="person"),
    path("personnes/<uuid:pk>/roles/<slug:role>/donner/", views.grant_role, name="grant_role"),
    path("personnes/<uuid:pk>/roles/<slug:role>/reprendre/", views.take_back_role, name="take_back_role"),
    path("deconnecte/", views.signed_out, name="signed_out"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("", include("allauth.account.urls")),
    path("second-facteur/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-facteur/", include("allauth.mfa.urls")),
    path("identites/", include("allauth.socialaccount.urls")),
    path("oidc/<slug:provider_id>/login/", proconnect.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", proconnect.callback, name="openid_connect_callback"),
]
