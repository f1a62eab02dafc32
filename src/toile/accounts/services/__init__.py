"""Every write of accounts, by what is written: people and roles, agreements, what is kept of somebody."""

from .closing import accounts_over, close_unused, reopen
from .consents import consented, give_consent, withdraw_consent
from .erasure import AddressNotRepeated, erase, note_erasures, replay_erasures
from .export import TooManyCopies, export_data
from .people import (
    BACKEND,
    LastAdministrator,
    NotADemo,
    RoleAlreadyHeld,
    RoleNotHeld,
    close_other_sessions,
    grant_role,
    name_from,
    note_sign_in,
    note_sign_up,
    open_account,
    rename,
    sign_in_as,
    take_back_role,
)

__all__ = [
    "BACKEND",
    "AddressNotRepeated",
    "LastAdministrator",
    "NotADemo",
    "RoleAlreadyHeld",
    "RoleNotHeld",
    "TooManyCopies",
    "accounts_over",
    "close_other_sessions",
    "close_unused",
    "consented",
    "erase",
    "export_data",
    "give_consent",
    "grant_role",
    "name_from",
    "note_erasures",
    "note_sign_in",
    "note_sign_up",
    "open_account",
    "rename",
    "reopen",
    "replay_erasures",
    "sign_in_as",
    "take_back_role",
    "withdraw_consent",
]
