"""Who may do what in the directory."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, SIGNED_IN, Who, permission
from toile.kernel.readers import Role

CORRECT = permission(
    "directory.organisation.correct", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("corriger une fiche")
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
REASONS = permission("directory.organisation.read", Who.ANYONE, label=_("voir une fiche"))

PERMISSIONS = [CORRECT, JUDGE, IMPORT, APPOINT, REASONS]
ROUTES = {
    "directory:list": PUBLIC.code,
    "directory:organisation": REASONS.code,
    "directory:mine": SIGNED_IN.code,
    "directory:correct": CORRECT.code,
    "directory:imports": IMPORT.code,
    "directory:import_new": IMPORT.code,
    "directory:import_mapping": IMPORT.code,
    "directory:import_report": IMPORT.code,
    "directory:import_report_json": IMPORT.code,
}
