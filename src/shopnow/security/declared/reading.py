"""Read db/access.yaml; a word that nobody knows is an error, never a right that is not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.kernel import TerminalError, nearest
from shopnow.security.declared.model import (
    ACTIONS,
    RULES,
    AccessRules,
    Declaration,
    Membership,
    Relation,
    Right,
    Traits,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_PREFIX: Final = "shopnow_"
_PARTS: Final = frozenset(
    {
        "bundles",
        "roles",
        "accesses",
        "database",
        "partitions",
        "relations",
        "functions",
        "sequences",
        "definers",
    }
)
_DATABASE_ACTIONS: Final = ("create", "temporary", "connect")
_CALLS: Final = ("execute", "usage", "select", "update")
_TRAITS: Final = ("login", "bypass", "replication")
# How sellers come to an access: by command alone, or each to the pages because this file says so.
_EVERY: Final = ("none", "pages")


def load_declaration(path: Path) -> Declaration:
    """Return what a file declares.

    Raises TerminalError for a file that cannot be read and for a word that is not known.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        message = f"the declaration of accesses {path.name} cannot be read"
        raise TerminalError(message, "It is YAML; a copy is in the repository.") from error
    _known(content, _PARTS, "part")
    return _Reader(content).declaration()


class _Reader:
    """One reading: the roles and bundles that the other parts refer to."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        self._roles: Mapping[str, Any] = content["roles"]
        self._short: dict[str, str] = {name.removeprefix(_PREFIX): name for name in self._roles}
        self._bundles: dict[str, tuple[str, ...]] = {action: (action,) for action in ACTIONS}
        for bundle, actions in content["bundles"].items():
            _known(actions, ACTIONS, "action")
            self._bundles[bundle] = tuple(actions)

    def declaration(self) -> Declaration:
        relations = {item.name: item for item in self._relations()}
        rights = {right for item in relations.values() for right in item.rights}
        rights.update(self._callable("function", "execute", self._content.get("functions", {})))
        rights.update(self._callable("sequence", "usage", self._content.get("sequences", {})))
        # Who may do something inside a schema may enter it.
        rights.update(
            {
                Right("schema", right.target.partition(".")[0], right.role, "usage")
                for right in rights
            }
        )
        rights.update(self._database())
        partitions = self._content.get("partitions", {})
        return Declaration(
            roles={name: self._traits(name) for name in self._roles},
            memberships=frozenset(self._memberships()),
            relations=relations,
            partition_rights=frozenset(
                (self._role(role), action)
                for role, word in partitions.items()
                for action, _ in self._actions(word)
            ),
            rights=frozenset(rights),
            definers=dict(self._content.get("definers", {})),
            functions=_names(self._content.get("functions", {})),
            sequences=_names(self._content.get("sequences", {})),
            accesses=dict(self._accesses()),
        )

    def _accesses(self) -> Iterator[tuple[str, AccessRules]]:
        for kind, said in self._content["accesses"].items():
            words = ("connections", "days", "settings", *(("every",) if kind == "seller" else ()))
            _known(said, words, f"rule of accesses of {kind}")
            every = said.get("every", "none")
            _known([every], _EVERY, "way to let in every seller")
            yield (
                kind,
                AccessRules(
                    connections=int(said["connections"]),
                    days=said.get("days"),
                    settings=tuple(sorted(said.get("settings", {}).items())),
                    is_for_every_seller=every == "pages",
                ),
            )

    def _relations(self) -> Iterator[Relation]:
        for schema, relations in self._content["relations"].items():
            for name, said in relations.items():
                yield self._relation(f"{schema}.{name}", dict(said or {}))

    def _relation(self, name: str, said: dict[str, Any]) -> Relation:
        rule = said.pop("rows", None)
        if rule is not None:
            _known([rule], RULES, f"rule of rows of {name}")
        rights = frozenset(
            Right("relation", name, self._role(role), action, column)
            for role, value in said.items()
            for action, column in self._actions(value)
        )
        return Relation(name, rule, rights)

    def _actions(self, value: object) -> Iterator[tuple[str, str]]:
        """Yield pairs of action and column (empty: all) of one value of the file."""
        if isinstance(value, str):
            _known([value], self._bundles, "bundle or action")
            yield from ((action, "") for action in self._bundles[value])
        elif isinstance(value, list):
            for item in value:
                yield from self._actions(item)
        elif isinstance(value, dict):
            for word, columns in value.items():
                for action, _ in self._actions(word):
                    yield from ((action, column) for column in columns)
        else:
            message = f"the declaration of accesses says {value!r} where a right is due"
            raise TerminalError(message, "Write a bundle, a list, or {bundle: [columns]}.")

    def _callable(
        self, kind: str, action: str, schemas: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Right]:
        for schema, names in schemas.items():
            for name, said in names.items():
                given = said if isinstance(said, dict) else {role: [action] for role in said}
                for role, actions in given.items():
                    _known(actions, _CALLS, f"right on {schema}.{name}")
                    for word in actions:
                        yield Right(kind, f"{schema}.{name}", self._role(role), word)

    def _database(self) -> Iterator[Right]:
        said = self._content["database"]
        _known(said, _DATABASE_ACTIONS, "right on the database")
        for action, roles in said.items():
            for role in roles:
                yield Right("database", "", self._role(role), action)

    def _traits(self, name: str) -> Traits:
        said = self._roles[name] or {}
        _known(said, (*_TRAITS, "member_of", "may_become"), f"trait of {name}")
        return Traits(**{trait: said[trait] for trait in _TRAITS if trait in said})

    def _memberships(self) -> Iterator[Membership]:
        for name, said in self._roles.items():
            for group in (said or {}).get("member_of", ()):
                yield Membership(group, name, inherit=True, become=True)
            for group in (said or {}).get("may_become", ()):
                yield Membership(group, name, inherit=False, become=True)

    def _role(self, short: str) -> str:
        _known([short], self._short, "role")
        return self._short[short]


def _names(schemas: Mapping[str, Iterable[str]]) -> frozenset[str]:
    return frozenset(f"{schema}.{name}" for schema, names in schemas.items() for name in names)


def _known(words: Iterable[str], known: Iterable[str], what: str) -> None:
    allowed = list(known)
    for word in words:
        if word not in allowed:
            close = nearest(str(word), allowed)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(allowed))}."
            raise TerminalError(f"the declaration of accesses has no {what} {word!r}", hint)
