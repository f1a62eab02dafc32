"""Webhooks: public facts carried to programs elsewhere, signed, tried again, never to a private network."""
