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
IMPORT = permission(
    "directory.import.run", Role.OFFICER, Role.ADMINISTRATOR, label=_("importer une liste de structures")
)
APPOINT = permission(
    "directory.member.appoint", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire qui représente une structure")
)
READ = permission("directory.organisation.read", Who.ANYONE, label=_("voir une fiche"))

PERMISSIONS = [CORRECT, DECIDE, JUDGE, IMPORT, APPOINT, READ]
ROUTES = {
    "directory:list": PUBLIC.code,
    "directory:organisation": READ.code,
    "directory:mine": SIGNED_IN.code,
    "directory:correct": CORRECT.code,
    "directory:decide": DECIDE.code,
    "directory:imports": IMPORT.code,
    "directory:import_new": IMPORT.code,
    "directory:import_mapping": IMPORT.code,
    "directory:import_report": IMPORT.code,
    "directory:import_report_json": IMPORT.code,
}
