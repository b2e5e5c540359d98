"""A certificate authority of a test's own, and what it signed."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """PEM files."""

    authority: Path
    server: Path
    """for localhost and 127.0.0.1; the key is in it"""
    client: Path
    """signed by the authority; the key is in it"""
    stranger: Path
    """signed by somebody else; the key is in it"""

    @property
    def settings(self) -> dict[str, str]:
        """What makes a server speak TLS with clients that show a certificate."""
        return {
            "tls-cert-file": str(self.server),
            "tls-key-file": str(self.server),
            "tls-ca-cert-file": str(self.authority),
            "tls-auth-clients": "yes",
        }


def make_certificates(folder: Path) -> Certificates:
    authority, other = trustme.CA(), trustme.CA()
    made = Certificates(*(folder / f"{name}.pem" for name in ("authority", "server", "client", "stranger")))
    authority.cert_pem.write_to_path(str(made.authority))
    for file, signer, name in (
        (made.server, authority, "localhost"),
        (made.client, authority, "ada@example.org"),
        (made.stranger, other, "eve@example.org"),
    ):
        names = (name, "127.0.0.1") if file == made.server else (name,)
        signer.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(str(file))
    return made
