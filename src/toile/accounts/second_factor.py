"""The step of the second factor, made to survive a form that does not hold the field it expects."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView


class SecondFactorView(AuthenticateView):
    """allauth takes a form without `code` for a security key's, which this site does not offer: it is an empty code."""

    def _build_forms(self) -> Any:
        if self.request.method == "POST" and "code" not in self.request.POST:
            self.request.POST = self.request.POST.copy()
            self.request.POST["code"] = ""
        return super()._build_forms()


authenticate = SecondFactorView.as_view()
