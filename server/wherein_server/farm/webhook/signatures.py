"""Whether a request was signed by a forge that knows the secret."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence

LATE = 300.0
"""Seconds that a signature with a time may be old, or ahead."""

HEX = {
    "x-hub-signature-256": "sha256=",
    "x-gitea-signature": "",
    "x-forgejo-signature": "",
}
"""Header → what stands before the hexadecimal HMAC-SHA256 of the body: GitHub's and Gitea's."""

TOKEN = "x-gitlab-token"  # noqa: S105 - a header's name
"""GitLab sends the secret itself."""


def is_signed(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float | None = None
) -> bool:
    """By one of the secrets. `headers` have small names. Every signature that is there must be right."""
    given = [name for name in (*HEX, TOKEN, "webhook-signature") if name in headers]
    return bool(given) and all(_is_right(name, headers, body, secrets, now) for name in given)


def _is_right(
    name: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float | None
) -> bool:
    value = headers[name].strip()
    if name == "webhook-signature":
        return _is_standard(headers, value, body, secrets, time.time() if now is None else now)
    right = False
    for secret in secrets:
        wanted = secret if name == TOKEN else HEX[name] + _hmac(secret.encode(), body).hexdigest()
        right |= hmac.compare_digest(value.encode("utf-8", "replace"), wanted.encode())
    return right


def _is_standard(
    headers: Mapping[str, str], value: str, body: bytes, secrets: Sequence[str], now: float
) -> bool:
    """As standardwebhooks.com has it, and newer GitLabs."""
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or abs(now - int(stamp)) > LATE:
        return False
    signed = f"{identity}.{stamp}.".encode() + body
    right = False
    for secret in secrets:
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            continue
        wanted = "v1," + base64.b64encode(_hmac(key, signed).digest()).decode("ascii")
        for each in value.split():
            right |= hmac.compare_digest(each.encode("utf-8", "replace"), wanted.encode())
    return right


def _hmac(key: bytes, text: bytes) -> "hmac.HMAC":
    return hmac.new(key, text, hashlib.sha256)
