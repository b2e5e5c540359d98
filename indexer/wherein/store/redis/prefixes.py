"""The beginnings of the names of everything that is written to Redis, of which ACLs are made (`roles/acl.py`)."""

from hashlib import blake2b

ID_BYTES = 10
"""Of the hash that stands for a repository, whose identity may contain characters that mean something in patterns."""


def repository_id(repository: str) -> str:
    """What stands for a repository's identity in names: hexadecimal digits."""
    return blake2b(repository.encode("utf-8", "surrogateescape"), digest_size=ID_BYTES).hexdigest()


def repository_prefix(tenant: str, repository: str) -> str:
    """What every key, index and alias of a repository begins with.

    The part in braces is what a cluster hashes: a repository lives on one shard.
    """
    return f"wherein:{{{tenant}/{repository_id(repository)}}}:"


def tenant_prefix(tenant: str) -> str:
    """What every repository's prefix of a tenant begins with."""
    return f"wherein:{{{tenant}/"


def quotas(tenant: str) -> str:
    """The key of the hash of what a tenant and its repositories may take (`quota/limits.py`)."""
    return f"wherein:{tenant}:quotas"


def farm_prefix(tenant: str) -> str:
    """What every key of a tenant's farm begins with. All are hashed as one in a cluster."""
    return f"wherein-farm:{{{tenant}}}"


def catalogue(tenant: str) -> str:
    """The key of the hash of a tenant's repositories: id → identity."""
    return f"wherein:{tenant}:repositories"
