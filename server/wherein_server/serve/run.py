"""The server's life: it listens, says so, answers until it is told to end, and ends what it was doing."""

import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from wherein.config.settings import Settings
from wherein.errors import ConfigError
from wherein.measured.recording import record_as
from wherein.quick_dataclass import dataclass
from wherein_server.farm.farmfile import read_farm_file
from wherein_server.http_server import END_SECONDS, HttpServer
from wherein_server.serve.access import Access
from wherein_server.serve.api.request import Desk
from wherein_server.serve.app import application
from wherein_server.serve.caller import networks
from wherein_server.serve.connections import LONGEST_HEAD, bound
from wherein_server.serve.farm import FarmOfTheStore
from wherein_server.serve.forges import forges
from wherein_server.serve.guard import Rules
from wherein_server.serve.library import Library
from wherein_server.serve.metrics import Metrics
from wherein_server.serve.sites import LOOPBACK_NAMES, Sites

MOST_CONNECTIONS = 512
IDLE_SECONDS = 30
"""That a connection without a request stays open."""

FILES = 4_096
"""Open files that are asked of the system: each index takes three."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    host: str = "127.0.0.1"
    port: int = 9950
    names: Sequence[str] = ()
    proxies: Sequence[str] = ()
    user_header: str = ""
    login: bool = False
    forges: Sequence[str] = ()
    certificate: Path | None = None
    key: Path | None = None
    webhook_secrets: Sequence[str] = ()
    """by which forges sign; without any no webhook is taken"""


def serve(settings: Settings, options: Options, say: Callable[[str], object]) -> None:
    """Answer until a signal. Raises ConfigError if the port, or the certificate, cannot be had."""
    record_as("serve")
    loopback = is_loopback(options.host)
    proxies = networks(options.proxies)
    if options.user_header and not proxies:
        raise ConfigError(
            "A header names users only where a proxy is trusted.", remedy="wherein serve --proxy ADDRESS"
        )
    rules = Rules(
        open=loopback and not options.login and not proxies, proxies=proxies, user_header=options.user_header
    )
    access = Access(settings.data_dir)
    metrics = Metrics()
    secrets = options.webhook_secrets
    farm = FarmOfTheStore(settings, read_farm_file(None) if secrets else None)
    answers = settings.llm.base_url is not None
    desk = Desk(Library(settings, metrics, farm), forges(options.forges), answers, farm)
    sites = Sites((options.host, *options.names), loopback=loopback)
    listening = _listening(options)
    _more_files()
    configuration = uvicorn.Config(
        application(desk, rules, access, sites, metrics, secrets),
        http=bound(proxies),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what clients send is no news
    _load(configuration, options)
    scheme = "https" if options.certificate else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    address = f"{scheme}://{host}:{listening.getsockname()[1]}/"
    say(f"Serving {address} ({_whom(rules, access)}).")
    if secrets:
        say(f"Accepting webhooks at {address}webhooks/github, …/gitlab, …/gitea and …/forgejo.")
    if not loopback and not options.certificate and not proxies:
        say(
            "Tokens travel unencrypted: put an encrypting proxy in front of it, or give --certificate and --key."
        )
    HttpServer(configuration).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    if host in LOOPBACK_NAMES:
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


def _whom(rules: Rules, access: Access) -> str:
    if rules.open:
        return "open to everybody on this machine"
    known = access.contents()
    if not known.tokens and not (rules.user_header and known.users):
        return "nobody is let in yet: wherein serve token new NAME"
    return "for those with a token, or named by the proxy" if rules.user_header else "for those with a token"


def _listening(options: Options) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "no such address"
        raise ConfigError(
            f"Cannot listen on {options.host}, port {options.port}: {why}.",
            remedy="wherein serve --port 0",
        ) from None
    return listening


def _load(configuration: uvicorn.Config, options: Options) -> None:
    if (options.certificate is None) != (options.key is None):
        raise ConfigError("A certificate and its key must be given together.", remedy="wherein serve --help")
    try:
        configuration.load()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The certificate or its key cannot be used: {error.strerror or error}.") from None


def _more_files() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource  # which Windows has not

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
