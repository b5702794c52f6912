"""One HTTP exchange after the other: paced, retried, authorised, bounded.

Protects the secret (it goes to the declared host alone, never along a redirect elsewhere) and
both sides: no more requests a second than declared, waits as long as the other side asks, never
holds more than a page.
"""

from __future__ import annotations

import contextlib
import random
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import httpx

from shopnow.sources.connectors.model import PullBrokenError, PullRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from shopnow.sources.connectors.model import Auth, RestConnector
    from shopnow.sources.connectors.secrets import Secrets

PAGE_BYTES: Final = 64 << 20
_LONGEST_WAIT: Final = 300.0
_REDIRECTS: Final = 5
_BLOCK: Final = 256 << 10
_TOO_MANY: Final = 429
_UNAUTHORISED: Final = 401
_REDIRECT: Final = range(300, 400)
_GOOD: Final = range(200, 300)
_NAMES: Final = {
    400: "requête refusée", 401: "identification refusée", 403: "accès refusé",
    404: "adresse inconnue", 405: "méthode refusée", 410: "adresse disparue",
    429: "trop de requêtes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its bytes, where it came from, the Link to the next page."""

    body: bytes
    link: str | None


class Http:
    """The client of one pull; close it, or use it in a `with`."""

    def __init__(
        self,
        connector: RestConnector,
        secrets: Secrets,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Read the secret now: a pull that lacks it asks nothing of anybody."""
        self._connector = connector
        self._origin = _origin(connector.url)
        self._sleep = sleep
        self._secret = secrets.read(connector.auth.secret) if connector.auth else ""
        self._token: str | None = None
        self._last = 0.0
        self.retries = 0
        self._client = httpx.Client(
            headers=dict(connector.headers),
            timeout=connector.timeout_seconds,
            verify=_trusting(connector.ca_file),
            follow_redirects=False,
            trust_env=True,
        )

    def get(self, url: str | None, params: Mapping[str, str], where: str) -> Answer:
        """One answer; `url` None is the declared one, `where` names the request in errors.

        Raises PullBrokenError when the other side stayed away, PullRefusedError when somebody has
        to change something.
        """
        with self.opened(url, params, where) as blocks:
            body = bytearray()
            for block in blocks:
                body += block
                if len(body) > PAGE_BYTES:
                    raise PullRefusedError(
                        f"{where} : la réponse dépasse {PAGE_BYTES >> 20} Mio",
                        "Demandez des pages plus petites (`size:` et `size_param:`).",
                    )
            return Answer(bytes(body), self._link)

    @contextlib.contextmanager
    def opened(
        self, url: str | None, params: Mapping[str, str], where: str
    ) -> Iterator[Iterator[bytes]]:
        """Give the blocks of one answer; what breaks while they are read raises too."""
        response = self._answered(self._absolute(url, where), params, where)
        try:
            self._link = response.links.get("next", {}).get("url")
            yield _read(response, where)
        finally:
            response.close()

    def _answered(self, url: httpx.URL, params: Mapping[str, str], where: str) -> httpx.Response:
        """An answer of the 200s, its body not read yet; retried as declared."""
        trouble, hint = "", ""
        renewed = False
        for attempt in range(1, self._connector.attempts + 1):
            wait = 0.0
            try:
                response = self._sent(url, params, where)
            except httpx.TransportError as error:
                self._refuse_stranger(error, where)
                trouble, hint = _of_transport(error), "La source est injoignable ou coupe."
            else:
                if response.status_code in _GOOD:
                    return response
                response.close()
                trouble = _said(response.status_code)
                is_busy = response.status_code == _TOO_MANY
                hint = "Baissez `rate:`." if is_busy else "La source est en panne."
                wait = _asked_to_wait(response.headers.get("Retry-After"))
                if response.status_code == _UNAUTHORISED and self._token and not renewed:
                    self._token, renewed = None, True
                    continue
                if not (is_busy or response.status_code >= 500):  # noqa: PLR2004 — their side
                    raise self._refused(response.status_code, where)
            if attempt < self._connector.attempts:
                self._wait(attempt, wait, where, trouble)
        raise PullBrokenError(
            f"{where} : {trouble}, après {self._connector.attempts} essais",
            f"{hint} Rien n'est pris ; le prochain appel reprend au même endroit.",
        )

    def _sent(self, url: httpx.URL, params: Mapping[str, str], where: str) -> httpx.Response:
        for _ in range(_REDIRECTS):
            self._pace()
            merged = url.copy_merge_params(dict(params))
            request = self._client.build_request("GET", merged, headers=self._authority(where))
            auth = self._connector.auth
            basic = (auth.user, self._secret) if auth and auth.kind == "basic" else None
            response = self._client.send(request, stream=True, auth=basic)
            if response.status_code not in _REDIRECT:
                return response
            response.close()
            target = merged.join(response.headers.get("Location", ""))
            self._refuse_elsewhere(target, where)
            url, params = target, {}
        raise PullRefusedError(
            f"{where} : plus de {_REDIRECTS} redirections", "Donnez l'adresse finale (`url:`)."
        )

    def _authority(self, where: str) -> dict[str, str]:
        auth = self._connector.auth
        if auth is None or auth.kind == "basic":
            return {}
        if auth.kind == "header":
            return {auth.name: self._secret}
        token = self._secret if auth.kind == "bearer" else self._asked_token(auth, where)
        return {"Authorization": f"Bearer {token}"}

    def _asked_token(self, auth: Auth, where: str) -> str:
        if self._token is None:
            form = {"grant_type": "client_credentials"} | (
                {"scope": auth.scope} if auth.scope else {}
            )
            response = self._client.post(auth.token_url, data=form, auth=(auth.user, self._secret))
            if response.status_code >= 500:  # noqa: PLR2004 — their side: worth another attempt
                raise httpx.NetworkError(_said(response.status_code))
            try:
                self._token = str(response.json()["access_token"])
            except (ValueError, KeyError, TypeError):
                raise PullRefusedError(
                    f"{where} : jeton attendu de {_origin(auth.token_url)},"
                    f" reçu {_said(response.status_code)}",
                    f"Vérifiez le client et le secret « {auth.secret} ».",
                ) from None
        return self._token

    def _absolute(self, url: str | None, where: str) -> httpx.URL:
        if url is None:
            return httpx.URL(self._connector.url)
        target = httpx.URL(self._connector.url).join(url)
        self._refuse_elsewhere(target, where)
        return target

    def _refuse_elsewhere(self, target: httpx.URL, where: str) -> None:
        """Keep the secret at home: an answer may not send us to another host."""
        found = _origin(str(target))
        if found != self._origin:
            raise PullRefusedError(
                f"{where} : la source renvoie vers {found}, seul {self._origin} est déclaré",
                "Le secret n'y est pas envoyé. Si c'est voulu, déclarez cette adresse (`url:`).",
            )

    def _refuse_stranger(self, error: httpx.TransportError, where: str) -> None:
        """A certificate that is not trusted is no passing trouble: somebody may stand between."""
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise PullRefusedError(
                f"{where} : certificat de {self._origin} refusé",
                "Rien n'est envoyé. Si c'est bien lui, donnez son autorité avec `ca_file:`.",
            ) from None

    def _refused(self, status: int, where: str) -> PullRefusedError:
        auth = self._connector.auth
        hint = "Vérifiez `url:`, `params:` et `headers:`."
        if status in (_UNAUTHORISED, 403):
            name = f"le secret « {auth.secret} »" if auth else "`auth:`, qui n'est pas déclaré"
            hint = f"Vérifiez {name} : expiré, changé, ou sans droit sur cette adresse."
        return PullRefusedError(f"{where} : {_said(status)} par {self._origin}", hint)

    def _pace(self) -> None:
        missing = self._last + 1 / self._connector.rate - time.monotonic()
        if missing > 0:
            self._sleep(missing)
        self._last = time.monotonic()

    def _wait(self, attempt: int, asked: float, where: str, trouble: str) -> None:
        if asked > _LONGEST_WAIT:
            raise PullBrokenError(
                f"{where} : {trouble}, la source demande d'attendre {asked:.0f} s",
                "Rien n'est pris ; le prochain appel reprend au même endroit.",
            )
        self.retries += 1
        # Spread, so that many who were refused together do not come back together.
        spread = self._connector.wait_seconds * 2 ** (attempt - 1) * random.uniform(0.5, 1)  # noqa: S311
        self._sleep(min(max(asked, spread), _LONGEST_WAIT))

    def __enter__(self) -> Self:
        """Use in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._client.close()


def _read(response: httpx.Response, where: str) -> Iterator[bytes]:
    try:
        yield from response.iter_bytes(_BLOCK)
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise PullBrokenError(
            f"{where} : la réponse s'arrête en route ({_of_transport(error)})",
            "Rien n'est pris ; le prochain appel reprend au même endroit.",
        ) from None


def _trusting(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise PullRefusedError(
            f"certificats attendus dans {ca_file}, illisibles",
            "Donnez à `ca_file:` le chemin d'un fichier PEM.",
        ) from None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _said(status: int) -> str:
    return f"HTTP {status} ({_NAMES.get(status, 'panne' if status >= 500 else 'refus')})"  # noqa: PLR2004


def _of_transport(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "pas de réponse à temps"
    if isinstance(error, httpx.ConnectError):
        return "connexion impossible"
    return "connexion coupée"


def _asked_to_wait(header: str | None) -> float:
    """Seconds that a Retry-After asks for; 0 when it says nothing that we understand."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
