"""YAML of `connector:` and `answer:` into the model; an unknown key or a secret is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

from shopnow.sources.connectors.model import (
    AFTER,
    AnswerRoute,
    Auth,
    AuthKind,
    Connector,
    FilesConnector,
    Paging,
    PagingKind,
    RestConnector,
    Resume,
)
from shopnow.sources.connectors.secrets import SECRET_NAME
from shopnow.sources.parse_layout import SourceError, known, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

_REST = {
    "kind", "url", "every", "params", "headers", "auth", "records", "paging", "resume", "rate",
    "attempts", "wait_seconds", "timeout_seconds", "max_pages", "ca_file",
}  # fmt: skip
_FILES = {
    "kind", "url", "every", "settle", "after", "taken", "time_in_name", "user", "secret",
    "key_secret", "host_key", "options",
}  # fmt: skip
_AUTH = {"kind", "secret", "user", "name", "token_url", "scope"}
_PAGING = {"kind", "param", "next", "first", "size", "size_param", "total"}
_RESUME = {"param", "field", "token", "kind", "start", "overlap"}
_ANSWER = {"email", "drop", "formats", "language", "when"}
_DURATION = re.compile(r"(\d+) *(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
# Each kind of paging and what it cannot do without.
_NEEDS = {"page": "param", "offset": "param", "cursor": "next", "next_url": "next", "link": "kind"}
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
# Names by which a password is often written where none belongs.
_SECRET_WORDS = re.compile(r"pass|secret|token|api_?key|authorization", re.IGNORECASE)


def read_connector(value: object, where: str) -> Connector | None:
    """The connector that a source declares; None where its files are brought by hand."""
    if value is None:
        return None
    place = f"{where}: connector"
    spec = mapping(value, place)
    if spec.get("kind") == "rest":
        return _rest(spec, place)
    if spec.get("kind") == "files":
        return _files(spec, place)
    raise SourceError(f"{place}: kind is {spec.get('kind')!r}, wanted one of rest, files")


def read_answer(value: object, where: str) -> AnswerRoute | None:
    """How the sender of a source is answered; None where the answer is fetched."""
    if value is None:
        return None
    place = f"{where}: answer"
    spec = mapping(value, place)
    known(spec, _ANSWER, place)
    email = None if spec.get("email") is None else str(spec["email"])
    if email not in (None, "contact") and not _ADDRESS.fullmatch(email or ""):
        raise SourceError(f"{place}: email is neither an address nor `contact`")
    drop = spec.get("drop")
    if isinstance(drop, str):
        drop = {"url": drop}
    if email is None and drop is None:
        raise SourceError(f"{place}: neither email nor drop", hint="Say where the answer goes.")
    formats = tuple(map(str, spec.get("formats") or ("xlsx",)))
    for name in formats:
        _one_of(name, ("csv", "xlsx", "json"), f"{place}: formats")
    language = _one_of(spec.get("language", "fr"), ("fr", "en"), f"{place}: language")
    when = _one_of(spec.get("when", "always"), ("always", "findings"), f"{place}: when")
    return AnswerRoute(
        email=email,
        drop=None if drop is None else _files(mapping(drop, f"{place}.drop"), f"{place}.drop"),
        formats=formats,
        language=language,
        when=when,
    )


def _rest(spec: Mapping[str, Any], place: str) -> RestConnector:
    known(spec, _REST, place)
    url = str(spec.get("url", ""))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{place}: url is {url!r}, wanted https://host/path")
    _no_secret_in(url, place)
    auth = None if spec.get("auth") is None else _auth(mapping(spec["auth"], place), place)
    for address in (url, auth.token_url) if auth else ():
        _refuse_plain(address, place)
    params = _texts(spec.get("params"), f"{place}.params")
    headers = _texts(spec.get("headers"), f"{place}.headers")
    for name, _ in (*params, *headers):
        if _SECRET_WORDS.search(name):
            raise SourceError(
                f"{place}: {name!r} looks like a secret",
                hint="Declare it under `auth:`; its value goes into a secret of the home.",
            )
    paging = spec.get("paging")
    resume = spec.get("resume")
    return RestConnector(
        url=url,
        every=_duration(spec.get("every", "1 h"), f"{place}: every"),
        params=params,
        headers=headers,
        auth=auth,
        records=None if spec.get("records") is None else str(spec["records"]),
        paging=None if paging is None else _paging(mapping(paging, place), f"{place}.paging"),
        resume=None if resume is None else _resume(mapping(resume, place), f"{place}.resume"),
        ca_file=None if spec.get("ca_file") is None else str(spec["ca_file"]),
        **_numbers(
            spec, place, rate=float, attempts=int, wait_seconds=float, timeout_seconds=float,
            max_pages=int,
        ),
    )  # fmt: skip


def _auth(spec: Mapping[str, Any], where: str) -> Auth:
    place = f"{where}.auth"
    known(spec, _AUTH, place)
    kind = _one_of(spec.get("kind"), get_args(AuthKind), f"{place}: kind")
    secret = _secret(spec.get("secret"), place)
    needed = {"basic": ("user",), "header": ("name",), "oauth2": ("user", "token_url")}
    for key in needed.get(kind, ()):
        if not spec.get(key):
            raise SourceError(f"{place}: {kind} needs {key!r}")
    return Auth(
        kind=kind,
        secret=secret,
        **{key: str(spec[key]) for key in ("user", "name", "token_url", "scope") if key in spec},
    )


def _paging(spec: Mapping[str, Any], place: str) -> Paging:
    known(spec, _PAGING, place)
    kind = _one_of(spec.get("kind"), get_args(PagingKind), f"{place}: kind")
    needs = _NEEDS[kind]
    if not spec.get(needs) or (kind == "cursor" and not spec.get("param")):
        raise SourceError(f"{place}: {kind} needs {'param' if needs == 'kind' else needs!r}")
    first = spec.get("first", 0 if kind == "offset" else 1)
    if kind == "offset" and not spec.get("size"):
        raise SourceError(f"{place}: offset needs 'size'")
    texts = {key: str(spec[key]) for key in ("param", "next", "size_param", "total") if key in spec}
    return Paging(kind=kind, first=int(first), size=int(spec.get("size", 0)), **texts)


def _resume(spec: Mapping[str, Any], place: str) -> Resume:
    known(spec, _RESUME, place)
    if not spec.get("param") or bool(spec.get("field")) == bool(spec.get("token")):
        raise SourceError(f"{place}: wanted `param:` and one of `field:`, `token:`")
    return Resume(
        param=str(spec["param"]),
        field=str(spec.get("field") or ""),
        token=str(spec.get("token") or ""),
        kind=_one_of(spec.get("kind", "time"), ("time", "number", "text"), f"{place}: kind"),
        start=str(spec.get("start", "")),
        overlap=_duration(spec.get("overlap", "0 s"), f"{place}: overlap"),
    )


def _files(spec: Mapping[str, Any], place: str) -> FilesConnector:
    known(spec, _FILES, place)
    url = str(spec.get("url", ""))
    # A relative path would be another folder for each who runs the command.
    if not url or "::" in url or ("://" not in url and not url.startswith("/")):
        raise SourceError(
            f"{place}: url is {url!r}, wanted one folder by URL or absolute path",
            hint="For instance /srv/depots/s1, sftp://host/depot, s3://bucket/prefix.",
        )
    _no_secret_in(url, place)
    secrets: dict[str, str] = {}
    plain: dict[str, str] = {}
    for name, option in (spec.get("options") or {}).items():
        if isinstance(option, dict):
            known(option, {"secret"}, f"{place}.options.{name}")
            secrets[name] = _secret(option.get("secret"), f"{place}.options.{name}")
        elif _SECRET_WORDS.search(str(name)):
            raise SourceError(
                f"{place}: option {name!r} looks like a secret",
                hint=f"Write `{name}: {{secret: NAME}}`; the value goes into the home.",
            )
        else:
            plain[name] = str(option)
    made = FilesConnector(
        url=url,
        every=_duration(spec.get("every", "15 min"), f"{place}: every"),
        settle=_duration(spec.get("settle", "30 s"), f"{place}: settle"),
        after=_one_of(spec.get("after", "keep"), AFTER, f"{place}: after"),
        taken=str(spec.get("taken", "recu")),
        time_in_name=spec.get("time_in_name"),
        user=str(spec.get("user", "")),
        secret=_secret(spec["secret"], place) if spec.get("secret") else None,
        key_secret=_secret(spec["key_secret"], place) if spec.get("key_secret") else None,
        host_key=spec.get("host_key"),
        options=tuple(plain.items()),
        secret_options=tuple(secrets.items()),
    )
    if "/" in made.taken or made.taken in ("", ".", ".."):
        raise SourceError(f"{place}: taken is {made.taken!r}, wanted the name of a folder")
    if made.protocol in ("sftp", "ssh") and not (made.host_key and made.user):
        raise SourceError(
            f"{place}: an SFTP drop needs user and host_key",
            hint="`ssh-keyscan HOST` prints the key; compare it with what its owner says.",
        )
    return made


def _secret(value: object, place: str) -> str:
    name = str(value or "")
    if not SECRET_NAME.fullmatch(name):
        raise SourceError(
            f"{place}: secret is no name of a secret",
            hint="Small letters, digits, - and _; `shopnow source secret NAME` keeps its value.",
        )
    return name


def _no_secret_in(url: str, place: str) -> None:
    parts = urlsplit(url)
    if parts.password is not None or "@" in parts.netloc:
        raise SourceError(
            f"{place}: the url holds a user or a password",
            hint="Declare the user, and name a secret of the home for the password.",
        )


def _refuse_plain(url: str, place: str) -> None:
    """Refuse an address that would be sent a secret without TLS."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise SourceError(
            f"{place}: {parts.hostname} would get the secret in clear", hint="Use https://."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _duration(value: object, place: str) -> timedelta:
    found = _DURATION.fullmatch(str(value).strip())
    if found is None:
        raise SourceError(f"{place} is {value!r}", hint="For instance 30 s, 15 min, 6 h, 1 d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _texts(value: object, place: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(text)) for key, text in mapping(value or {}, place).items())


def _numbers(spec: Mapping[str, Any], place: str, **kinds: type[int | float]) -> dict[str, Any]:
    found = {}
    for key, kind in kinds.items():
        if key not in spec:
            continue
        try:
            found[key] = kind(spec[key])
        except (TypeError, ValueError):
            raise SourceError(f"{place}: {key} is {spec[key]!r}, wanted a number") from None
        if found[key] <= 0:
            raise SourceError(f"{place}: {key} is {spec[key]!r}, wanted more than 0")
    return found


def _one_of(value: object, words: tuple[str, ...], place: str) -> Any:  # noqa: ANN401 — a Literal
    if value not in words:
        raise SourceError(f"{place} is {value!r}, wanted one of {', '.join(words)}")
    return value
