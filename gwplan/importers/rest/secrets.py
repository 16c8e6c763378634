"""What must not leave: the secrets of a session, struck from every text, and the private things in an answer."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

_SECRET = (
    "credential", "password", "passphrase", "secret", "token", "accesskey", "thumb", "thump", "fingerprint",
    "handshake", "encryptionkey", "username", "registration", "private",
)  # fmt: skip
"""A key that contains one of these, anywhere in an answer, holds a secret, or the name of an account or a key."""
_PRIVATE_BLOCKS = frozenset({"guestprocessing", "notifications", "scripts", "emailnotifications"})
"""Settings that people write commands and addresses into, and that no inventory needs."""
_ACCOUNT = re.compile(r"created by|(?<![\\\w])[\w.-]+\\[\w.$-]+|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)
"""What names an account in a description: VBR's own "Created by …", DOMAIN\\name, name@domain."""
_TOO_SHORT = 8
"""A shorter password may be a part of any name: it is struck from messages only, and what is read stays as it is."""


class Secrets:
    """The secrets of one session; it learns the tokens as they come."""

    def __init__(self, password: str) -> None:
        self._words: list[str] = []
        self._long: list[str] = []
        self.learn([password])

    def learn(self, secrets: Iterable[object]) -> None:
        """Strike these from now on, as they are and as a page, an address or JSON would spell them."""
        for secret in secrets:
            if isinstance(secret, str) and secret:
                spellings = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), html.escape(secret),
                             json.dumps(secret)[1:-1]}  # fmt: skip
                self._words = sorted({*self._words, *spellings}, key=len, reverse=True)
                self._long = [word for word in self._words if len(word) >= _TOO_SHORT]

    def struck(self, text: str) -> str:
        """A message without them."""
        return _without(self._words, text)

    def struck_from(self, value: Any) -> Any:
        """An answer without them, in its keys and in its texts."""
        if isinstance(value, dict):
            return {_without(self._long, key): self.struck_from(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.struck_from(item) for item in value]
        return _without(self._long, value) if isinstance(value, str) else value


def without_secrets(value: Any) -> Any:
    """The same answer without what is secret or private."""
    if isinstance(value, dict):
        return {key: without_secrets(item) for key, item in value.items() if not _is_secret(key, item)}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def _is_secret(key: str, value: Any) -> bool:
    word = key.lower()
    if word == "description":
        return isinstance(value, str) and _ACCOUNT.search(value) is not None
    return word in _PRIVATE_BLOCKS or any(part in word for part in _SECRET)


def _without(words: list[str], text: str) -> str:
    for word in words:
        text = text.replace(word, "…")
    return text
