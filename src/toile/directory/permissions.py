"""Who may do what in the directory."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, SIGNED_IN, Who, permission
from toile.kernel.readers import Role

CORRECT = permission(
    "directory.organisation.correct", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("corriger une fiche")
)
DECIDE = permission(
    "directory.membership.decide", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire si une structure est de l’ESS")
)
JUDGE = permission(
    "directory.judgement.make", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire si deux structures sont la même")
)
ADD = permission(
    "directory.organisation.add", Role.OFFICER, Role.ADMINISTRATOR, label=_("ajouter une structure à l’annuaire")
)
IMPORT = permission(
    "directory.import.run", Role.OFFICER, Role.ADMINISTRATOR, label=_("importer une liste de structures")
)
APPOINT = permission(
    "directory.member.appoint", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire qui représente une structure")
)
PREFER = permission(
    "directory.field.prefer", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("préférer une valeur à une autre")
)
TREAT = permission("directory.report.treat", Role.OFFICER, Role.ADMINISTRATOR, label=_("traiter les erreurs signalées"))
READ = permission("directory.organisation.read", Who.ANYONE, label=_("voir une fiche"))

PERMISSIONS = [CORRECT, DECIDE, JUDGE, ADD, IMPORT, APPOINT, PREFER, TREAT, READ]
ROUTES = {
    "api:organisations": PUBLIC.code,
    "api:facets": PUBLIC.code,
    "api:suggest": PUBLIC.code,
    "api:organisation": READ.code,
    "api:thread": READ.code,
    "directory:list": PUBLIC.code,
    "directory:organisation": READ.code,
    "directory:mine": SIGNED_IN.code,
    "directory:correct": CORRECT.code,
    "directory:decide": DECIDE.code,
    "directory:prefer": PREFER.code,
    "directory:qr": READ.code,
    "directory:contact": READ.code,
    "directory:contact_sent": READ.code,
    "directory:report": READ.code,
    "directory:report_received": READ.code,
    "directory:reports": TREAT.code,
    "directory:report_treat": TREAT.code,
    "directory:add": ADD.code,
    "directory:alike": ADD.code,
    "directory:pairs": JUDGE.code,
    "directory:sure_pairs": JUDGE.code,
    "directory:judgements": JUDGE.code,
    "directory:take_back": JUDGE.code,
    "directory:pair": JUDGE.code,
    "directory:duplicate_of": JUDGE.code,
    "directory:imports": IMPORT.code,
    "directory:import_new": IMPORT.code,
    "directory:import_mapping": IMPORT.code,
    "directory:import_report": IMPORT.code,
    "directory:import_report_json": IMPORT.code,
}
