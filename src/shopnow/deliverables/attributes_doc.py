"""The French page of every attribute with its SCD type and why it has it, out of the contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.deliverables.diagrams import SCD_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.sources import Contracts, RecordContract

_INTRO: Final = """# Attributs, types d'historisation, justifications

Page produite par `shopnow docs` à partir des contrats (`contracts/*.yaml`) : c'est la déclaration
même que lisent le chargement, les tests et la commande `shopnow dimension types`.

Chaque attribut a un seul type, choisi selon ce que l'on veut pouvoir dire plus tard :

| type | ce qui arrive quand la valeur change |
|---|---|
"""
_WHAT: Final = {
    0: "rien : la première valeur connue reste, une autre est retenue et signalée",
    1: "elle est corrigée sur toutes les versions ; l'ancienne reste dans le journal",
    2: "une nouvelle version commence ; les faits gardent celle de leur moment",
    3: "elle change sur toutes les versions, la valeur d'avant reste dans la colonne voisine",
}
_ENTITIES: Final = {
    "dwh.dim_seller": "Vendeur",
    "dwh.dim_product": "Produit",
    "dwh.dim_customer": "Client",
    "dwh.fact_offer": "Offre (un fait dont chaque version est gardée)",
    "dwh.fact_order_header": "Commande (un fait qui se complète)",
}


def attributes_document(contracts: Contracts) -> str:
    """The page as Markdown; the same contracts give the same bytes."""
    lines = [_INTRO.rstrip("\n")]
    lines += [
        f"| **{scd}** {SCD_MEANINGS[scd].partition(' :')[0]} | {_WHAT[scd]} |" for scd in _WHAT
    ]
    lines.append("")
    records = {record.table: record for record in contracts.kinds.values() if record.historised}
    for table, name in _ENTITIES.items():
        if table in records:
            lines += _entity(name, records[table])
    return "\n".join(lines).rstrip() + "\n"


def _entity(name: str, record: RecordContract) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield f"Table `{record.table}`."
    yield ""
    yield "| attribut | nom | type | pourquoi |"
    yield "|---|---|---|---|"
    for one in record.historised:
        why = one.justification_fr or one.justification or ""
        # Reclassified (scd.md S74): what was before that day is the last value of then, no history.
        since = one.historised_since
        dated = f" depuis le {since:%Y-%m-%d} (avant : non historisé)" if since else ""
        yield f"| `{one.name}` | {one.label} | {one.scd}{dated} | {why} |"
    yield ""
