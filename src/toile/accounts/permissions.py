"""Who may open which page of an account, each page of django-allauth included."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, SIGNED_IN, Route, Who, permission
from toile.kernel.readers import Role

MINE = permission("accounts.account.manage", Who.SIGNED_IN, label=_("gérer un compte"))
PEOPLE = permission("accounts.person.read", Role.ADMINISTRATOR, label=_("voir les comptes et leurs rôles"))
GRANT = permission("accounts.role.grant", Role.ADMINISTRATOR, label=_("donner et reprendre les rôles"))
OWN_DATA = permission("accounts.data.own", Who.SELF, label=_("disposer de ses propres données"))

PERMISSIONS = [MINE, PEOPLE, GRANT, OWN_DATA]

_RETURN = "le fournisseur d’identité renvoie ici par un GET : c’est là que la connexion se fait"

_SHOWN = "la première lecture des codes de secours note qu’ils ont été montrés"

ROUTES = {
    "accounts:mine": MINE.code,
    "accounts:rename": MINE.code,
    "accounts:close_sessions": MINE.code,
    "accounts:people": PEOPLE.code,
    "accounts:person": PEOPLE.code,
    "accounts:grant_role": GRANT.code,
    "accounts:take_back_role": GRANT.code,
    "accounts:own_data": OWN_DATA.code,
    "accounts:export_data": OWN_DATA.code,
    "accounts:consent": OWN_DATA.code,
    "accounts:erase": OWN_DATA.code,
    "accounts:erase_link": OWN_DATA.code,
    "accounts:erase_now": OWN_DATA.code,
    "accounts:erased": PUBLIC.code,
    "accounts:signed_out": PUBLIC.code,
    # Entering: one is not signed in yet. These pages tell apart by themselves who stands at which step.
    "account_login": PUBLIC.code,
    "account_logout": PUBLIC.code,
    "account_signup": PUBLIC.code,
    "account_inactive": PUBLIC.code,
    "account_request_login_code": PUBLIC.code,
    "account_confirm_login_code": PUBLIC.code,
    "account_email_verification_sent": PUBLIC.code,
    "account_reset_password": PUBLIC.code,
    "account_confirm_password_reset_code": PUBLIC.code,
    "account_complete_password_reset": PUBLIC.code,
    "account_password_reset_completed": PUBLIC.code,
    "mfa_authenticate": PUBLIC.code,
    "openid_connect_login": PUBLIC.code,
    "openid_connect_callback": Route(PUBLIC.code, writes_on_get=_RETURN),
    "socialaccount_login_cancelled": PUBLIC.code,
    "socialaccount_login_error": PUBLIC.code,
    "socialaccount_signup": PUBLIC.code,
    # One's own account.
    "account_email": SIGNED_IN.code,
    "account_reauthenticate": SIGNED_IN.code,
    "account_change_password": SIGNED_IN.code,
    "account_set_password": SIGNED_IN.code,
    "socialaccount_connections": SIGNED_IN.code,
    "mfa_index": SIGNED_IN.code,
    "mfa_reauthenticate": SIGNED_IN.code,
    "mfa_activate_totp": SIGNED_IN.code,
    "mfa_deactivate_totp": SIGNED_IN.code,
    "mfa_view_recovery_codes": Route(SIGNED_IN.code, writes_on_get=_SHOWN),
    "mfa_generate_recovery_codes": SIGNED_IN.code,
    "mfa_download_recovery_codes": Route(SIGNED_IN.code, writes_on_get=_SHOWN),
}
