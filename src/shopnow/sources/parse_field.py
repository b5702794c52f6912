"""YAML of one field of a record into the model; an unknown key is refused."""

from __future__ import annotations

import re
from typing import Any, get_args

from shopnow.sources.model import Field, TimeForm
from shopnow.sources.parse_layout import SourceError, known, mapping

_KEYS = {
    "path", "const", "lookup", "by", "take", "words", "time", "only_when", "inside", "part",
    "cents", "join",
}  # fmt: skip
_TIME_FORMS = get_args(TimeForm)


def read_field(raw: object, where: str) -> Field:
    """The field that a path, a list of paths or a mapping declares."""
    if isinstance(raw, str):
        return Field(paths=(raw,))
    if isinstance(raw, list):
        return Field(paths=tuple(str(path) for path in raw))
    spec = mapping(raw, where)
    known(spec, _KEYS, where)
    path = spec.get("path", ())
    when = spec.get("only_when")
    return Field(
        paths=(path,) if isinstance(path, str) else tuple(path),
        const=None if spec.get("const") is None else str(spec["const"]),
        lookup=spec.get("lookup"),
        by=spec.get("by"),
        take=spec.get("take"),
        words=tuple((str(k).lower(), str(v)) for k, v in (spec.get("words") or {}).items()),
        times=_times(spec.get("time", ("iso", "local")), where),
        only_when=None if not when else (str(when["path"]), tuple(map(str, when["in"]))),
        inside=tuple(str(spec["inside"]).split(".")) if "inside" in spec else (),
        part=_part(spec.get("part"), where),
        cents=bool(spec.get("cents", False)),
        join=None if spec.get("join") is None else str(spec["join"]),
    )


def _times(value: str | list[str] | tuple[str, ...], where: str) -> tuple[str, ...]:
    forms = (value,) if isinstance(value, str) else tuple(value)
    for form in forms:
        if form not in _TIME_FORMS and "%" not in form:
            wanted = ", ".join(_TIME_FORMS)
            raise SourceError(f"{where}: time {form!r}, wanted one of {wanted}, or a form with %")
    return forms


def _part(value: Any, where: str) -> str | None:  # noqa: ANN401 — whatever stands in the file
    if value is None:
        return None
    try:
        groups = re.compile(str(value)).groups
    except re.error as error:
        raise SourceError(f"{where}: part {value!r} is no regular expression: {error}") from error
    if groups != 1:
        raise SourceError(f"{where}: part {value!r} needs one group, found {groups}")
    return str(value)
