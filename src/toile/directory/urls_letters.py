"""The letter's addresses, under `/lettre/`."""

from django.urls import path

from toile.directory.views import letters, receiving
from toile.kernel.lists.views import list_view

app_name = "letters"
urlpatterns = [
    path("", list_view("letters"), name="archive"),
    path("<int:number>/", receiving.letter, name="letter"),
    path("s-abonner/", receiving.subscribe, name="subscribe"),
    path("s-abonner/demande/", receiving.asked, name="asked"),
    path("confirmer/<str:token>/", receiving.confirm, name="confirm"),
    path("arreter/<uuid:secret>/", receiving.stop, name="stop"),
    path("preparer/", letters.drafts, name="drafts"),
    path("preparer/<uuid:pk>/", letters.edit, name="edit"),
    path("preparer/<uuid:pk>/apercu/", letters.preview, name="preview"),
    path("preparer/<uuid:pk>/courriel/", letters.mail, name="mail"),
    path("preparer/<uuid:pk>/essai/", letters.try_it, name="try"),
    path("preparer/<uuid:pk>/envoyer/", letters.send, name="send"),
    path("preparer/<uuid:pk>/supprimer/", letters.remove, name="remove"),
]
