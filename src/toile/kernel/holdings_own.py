"""What the kernel itself holds about people: the work that they asked for, who read what, and counts of attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import ACTIVE, Job
from .personal import Basis, Holding, Someone, declare
from .seen import Seen, why


def _words(someone: Someone) -> list[str]:
    return [str(someone.person), *sorted(someone.emails)]


def _jobs(someone: Someone) -> QuerySet[Job]:
    """The work that someone asked for, or whose arguments name them: a message that they sent, say."""
    said = Concat(
        Cast("args", TextField()), Value(" "), "key", Value(" "), Cast("cursor", TextField()), output_field=TextField()
    )
    named = Q()
    for word in _words(someone):
        named |= Q(said__icontains=word)
    return Job.objects.annotate(said=said).filter(Q(actor=someone.person) | named)


def export_jobs(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for job in _jobs(someone).order_by("-asked_at", "id").iterator(500):
        yield {
            _("Travail"): str(job.label),
            _("Demandé le"): job.asked_at.isoformat(),
            _("État"): str(job.get_state_display()),
            _("Demandé avec"): job.args,
        }


def erase_jobs(someone: Someone) -> None:
    """Stop what runs and forget who asked.

    The lease is taken away: the act that such a work is in is rolled back at its next cursor, so that it writes nothing
    more of the person. What it was asked with goes too.
    """
    mine = list(_jobs(someone).values_list("pk", flat=True))
    stopped: dict[str, Any] = {"state": Job.State.CANCELLED, "lease": None, "lease_until": None, "cancel_asked": True}
    Job.objects.filter(pk__in=mine, state__in=ACTIVE).update(ended_at=timezone.now(), **stopped)
    forgotten: dict[str, Any] = {
        "actor": None,
        "args": {},
        "key": "",
        "cursor": None,
        "message": "",
        "error": "",
        "result_url": "",
    }
    Job.objects.filter(pk__in=mine).update(**forgotten)


def export_seen(someone: Someone) -> Iterable[Mapping[str, Any]]:
    rows = Seen.objects.filter(Q(object=someone.person) | Q(reader=someone.person)).order_by("-at", "-id")
    for row in rows.iterator(500):
        by_me = row.reader == someone.person
        yield {
            _("Heure"): row.at.isoformat(),
            _("Qui a lu"): _("vous") if by_me else _("une autre personne"),
            _("Ce qui concerne"): _("une autre personne") if by_me else _("vous"),
            _("Pour"): str(why(row.purpose)),
        }


def erase_seen(someone: Someone) -> None:
    """What was read of them goes. What they read of others is those others' to know: a number that names nobody."""
    Seen.objects.filter(object=someone.person).delete()


def _counts(someone: Someone, verb: str) -> list[str]:
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    found: list[str] = []
    with connection.cursor() as cursor:
        for word in _words(someone):
            cursor.execute(f"{verb} FROM {table} WHERE cache_key LIKE %s", [f"%{word}%"])
            if cursor.description:
                found += [row[0] for row in cursor.fetchall()]
    return found


def export_counts(someone: Someone) -> Iterable[Mapping[str, Any]]:
    return [{_("Compte"): key} for key in _counts(someone, "SELECT cache_key")]


def erase_counts(someone: Someone) -> None:
    _counts(someone, "DELETE")


def _letters(someone: Someone) -> list[Path]:
    """The letters to someone that lie in a folder, where no server takes them: a demonstration, a trial."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") or not folder.is_dir():
        return []
    words = [word.encode() for word in _words(someone)]
    return [path for path in sorted(folder.iterdir()) if any(word in path.read_bytes().lower() for word in words)]


def export_letters(someone: Someone) -> Iterable[Mapping[str, Any]]:
    return [{_("Fichier"): path.name} for path in _letters(someone)]


def erase_letters(someone: Someone) -> None:
    for path in _letters(someone):
        path.unlink(missing_ok=True)


declare(
    Holding(
        code="kernel.jobs",
        model="kernel.Job",
        columns=("actor", "args", "key", "cursor", "message", "error", "result_url"),
        label=gettext_lazy("travaux demandés : imports, messages, calculs"),
        purpose=gettext_lazy("faire hors de la page ce qu’une personne demande"),
        basis=Basis.CONTRACT,
        seen_by=gettext_lazy("la personne elle-même, l’administration de la plateforme"),
        kept=gettext_lazy("90 jours après la fin du travail"),
        export=export_jobs,
        erase=erase_jobs,
        order=0,
    )
)
declare(
    Holding(
        code="kernel.seen",
        model="kernel.Seen",
        columns=("reader", "object"),
        label=gettext_lazy("journal de qui a lu ce qui concerne une personne"),
        purpose=gettext_lazy("lui dire qui a lu quoi, et pouvoir le prouver"),
        basis=Basis.LEGAL_OBLIGATION,
        seen_by=gettext_lazy("la personne concernée"),
        kept=gettext_lazy(
            "12 mois ; ce qui a été lu d’elle part avec son compte, ce qu’elle a lu d’autres leur reste sous un numéro"
        ),
        export=export_seen,
        erase=erase_seen,
    )
)
declare(
    Holding(
        code="kernel.counts",
        model="toile_cache",
        columns=("cache_key",),
        label=gettext_lazy("compte des essais de connexion"),
        purpose=gettext_lazy("ralentir qui devine des codes ou des mots de passe"),
        basis=Basis.CONTRACT,
        seen_by=gettext_lazy("personne : seul le programme le lit"),
        kept=gettext_lazy("un jour au plus, presque toujours sous une empreinte illisible"),
        export=export_counts,
        erase=erase_counts,
    )
)
declare(
    Holding(
        code="kernel.letters",
        model="",
        columns=(),
        label=gettext_lazy("courriels écrits dans un dossier du serveur, quand aucun serveur d’envoi n’est réglé"),
        purpose=gettext_lazy("essayer le site sans rien envoyer"),
        basis=Basis.CONTRACT,
        seen_by=gettext_lazy("qui tient le serveur"),
        kept=gettext_lazy("jusqu’à l’effacement du compte ; un vrai site n’en garde aucun"),
        export=export_letters,
        erase=erase_letters,
    )
)
