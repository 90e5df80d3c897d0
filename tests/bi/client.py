"""Superset's REST API, as a script uses it: a JWT to be somebody, a CSRF token to write."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from decimal import Decimal
from http.cookiejar import CookieJar
from typing import Any

_PATIENCE = 120


class Client:
    """Somebody who is logged in; for one thread.

    Raises:
        RuntimeError: Superset refused; of every method, with its words.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url
        # the CSRF token belongs to a session
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._headers = {"Referer": url}
        who = {"username": user, "password": password, "provider": "db", "refresh": False}
        self._headers["Authorization"] = f"Bearer {self.post('security/login', who)['access_token']}"
        self._headers["X-CSRFToken"] = self.get("security/csrf_token/")["result"]

    def get(self, path: str) -> dict[str, Any]:
        """Answer of `/api/v1/<path>`; numbers are whole or decimal, never floats."""
        return self._json(self.raw("GET", path))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer to a body sent to `/api/v1/<path>`."""
        return self._json(self.raw("POST", path, body))

    def raw(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        """The bytes of an answer."""
        headers = dict(self._headers)
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/api/v1/{path}", data, headers, method=method)
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            words = error.read().decode(errors="replace")
            raise RuntimeError(f"{method} {path}: {error.code} {words[:2000]}") from error
        return content

    @staticmethod
    def _json(content: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(content, parse_float=Decimal)
        return answer
