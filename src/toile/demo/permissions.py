"""Who may enter as a persona: anybody, in the demo only (the service refuses elsewhere)."""

from toile.kernel.permissions import PUBLIC

PERMISSIONS: list[object] = []
ROUTES = {"demo:enter": PUBLIC.code}
