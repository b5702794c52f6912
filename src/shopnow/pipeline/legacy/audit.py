"""What the old data lack, as figures: counted on the copy itself, before anything is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.pipeline.legacy.dates import first_facts
from shopnow.pipeline.legacy.model import COLUMNS, KEYS, Figure
from shopnow.quality import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOUNS = {"dim_customer": ("customers", "clients"), "dim_product": ("products", "produits")}
_AGAIN_FR = {
    "dim_customer": "clients qui ont commandé encore un autre jour, fiche jamais mise à jour",
    "dim_product": "produits commandés encore un autre jour, fiche jamais mise à jour",
}
_COLUMNS_FR = {
    "name": "nom", "email": "courriel", "address": "adresse", "city": "ville", "country": "pays",
    "category": "catégorie",
}  # fmt: skip


def audit(frames: Mapping[str, pl.DataFrame], times: pl.Series) -> tuple[Figure, ...]:
    """Figures of the four tables (text columns as read); `times`: those of the order lines, UTC."""
    clean = {
        name: frame.select(_emptied(frame[column]) for column in COLUMNS[name])
        for name, frame in frames.items()
    }
    orders, clicks = clean["fact_order"], clean["fact_clickstream"]
    made = [*_lines(orders, times)]
    for name in KEYS:
        made += _dimension(name, clean[name], orders, times)
    made += _clicks(clicks, clean["dim_customer"])
    return tuple(made)


def _emptied(values: pl.Series) -> pl.Series:
    """Clean texts, an empty one as null."""
    text = clean_text(values)
    return text.set((text == "").fill_null(value=False), None)


def _rows(table: str, name: str, value: int, label: str) -> Figure:
    return Figure(name, value, "rows", table, label)


def _share(table: str, name: str, part: int, whole: int, label: str) -> Figure:
    return Figure(name, round(100 * part / whole, 2) if whole else 0.0, "%", table, label)


def _lines(orders: pl.DataFrame, times: pl.Series) -> list[Figure]:
    of = "fact_order"
    unpriced = orders["unit_price"].is_null()
    priced = orders.filter(~unpriced)["order_id"].unique()
    copies = orders.group_by(orders.columns).len(name="copies")
    repeated = copies.group_by("order_id").agg(
        pl.col("copies").min().alias("least"), pl.col("copies").max().alias("most")
    )
    return [
        _rows(of, "order_lines", orders.height, "lignes de commande"),
        _rows(of, "orders", orders["order_id"].n_unique(), "commandes distinctes"),
        _rows(of, "lines_without_price", int(unpriced.sum()), "lignes sans prix"),
        _share(of, "lines_without_price_pct", int(unpriced.sum()), orders.height,
               "part des lignes sans prix"),
        _rows(of, "orders_without_any_price",
              orders.filter(~orders["order_id"].is_in(priced.implode()))["order_id"].n_unique(),
              "commandes dont aucune ligne n'a de prix"),
        _rows(of, "lines_without_seller", orders.height, "lignes sans vendeur (colonne absente)"),
        _rows(of, "lines_without_currency", orders.height, "lignes sans devise (colonne absente)"),
        _rows(of, "lines_without_key", orders.height, "lignes sans clé (aucun numéro de ligne)"),
        _rows(of, "lines_repeated", orders.height - copies.height,
              "lignes répétées à l'identique (rejeux)"),
        _rows(of, "orders_repeated", repeated.filter(pl.col("most") > 1).height,
              "commandes qui ont des lignes répétées"),
        _rows(of, "orders_repeated_whole", repeated.filter(pl.col("least") > 1).height,
              "dont commandes répétées en entier (signature d'un rejeu)"),
        _rows(of, "lines_without_time", times.null_count(), "lignes sans date lisible"),
        _rows(of, "lines_without_customer", orders["customer_id"].null_count(),
              "lignes sans client"),
    ]  # fmt: skip


def _dimension(
    of: str, members: pl.DataFrame, orders: pl.DataFrame, times: pl.Series
) -> list[Figure]:
    key = KEYS[of]
    noun, french = _NOUNS[of]
    named = orders[key].drop_nulls()
    unknown = named.filter(~named.is_in(members[key].implode()))
    first = first_facts(members, orders, times, key)
    # Named on a later day too: whatever changed by then, the row never learnt it.
    again = (
        pl.DataFrame({key: orders[key], "at": times})
        .join(first, on=key, how="inner")
        .filter(pl.col("at").dt.date() > pl.col("first_at").dt.date())[key]
        .n_unique()
    )
    made = [
        _rows(of, noun, members.height, french),
        _rows(of, f"{noun}_repeated", members.height - members[key].n_unique(),
              f"{french} dont la clé se répète"),
        _rows(of, f"{noun}_without_history", members[key].n_unique(),
              f"{french} sans date ni histoire (une seule version)"),
        _rows(of, f"{noun}_never_updated", again, _AGAIN_FR[of]),
        _rows(of, f"{noun}_without_order", members[key].n_unique() - first.height,
              f"{french} qu'aucune commande ne nomme (datés de la copie)"),
        _rows(of, f"lines_of_unknown_{noun}", len(unknown),
              f"lignes de commande orphelines ({french} absents)"),
        _rows(of, f"unknown_{noun}", unknown.n_unique(), f"{french} nommés mais absents"),
    ]  # fmt: skip
    for column in COLUMNS[of][1:]:
        empty = members[column].null_count()
        made.append(
            _rows(of, f"{noun}_without_{column}", empty, f"{french} sans {_COLUMNS_FR[column]}")
        )
    return made


def _clicks(clicks: pl.DataFrame, customers: pl.DataFrame) -> list[Figure]:
    of = "fact_clickstream"
    identified = clicks["user_id"].drop_nulls()
    matching = identified.is_in(customers["customer_id"].drop_nulls().implode())
    sessions = clicks["session_id"].drop_nulls()
    lone = sessions.to_frame().group_by("session_id").len().filter(pl.col("len") == 1).height
    return [
        _rows(of, "clicks", clicks.height, "visites"),
        _rows(of, "clicks_repeated", clicks.height - clicks.unique().height,
              "visites répétées à l'identique"),
        _rows(of, "events_repeated",
              clicks.height - clicks["event_id"].null_count()
              - clicks["event_id"].drop_nulls().n_unique(),
              "visites dont l'identifiant se répète"),
        _rows(of, "clicks_anonymous", clicks["user_id"].null_count(), "visites anonymes"),
        _rows(of, "clicks_identified", len(identified), "visites avec un user_id"),
        _rows(of, "clicks_of_a_customer", int(matching.sum()),
              "visites dont le user_id est un client"),
        _share(of, "clicks_of_a_customer_pct", int(matching.sum()), len(identified),
               "part des user_id qui sont un client"),
        _share(of, "sessions_of_one_event_pct", lone, sessions.n_unique() if len(sessions) else 0,
               "part des sessions d'un seul événement"),
    ]  # fmt: skip
