"""What becomes of each labelled line of the ShopNow event files, each decision with its reason.

A label that is not in this table fails the test, and so does a decision that no line uses.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    """What became of a record: accepted, rejected, duplicate or superseded, and what was said."""

    outcome: str
    codes: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    cleanings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """Fates of a line's own record (None: none can be made of it) and of what hangs on it.

    `children`: an order's items, a product line's offer; `first` is the first of them, where a
    label speaks of one item only.
    """

    why: str
    record: Fate | None
    children: Fate
    first: Fate


def ok(*warnings: str, cleaned: tuple[str, ...] = ()) -> Fate:
    """Accepted, with these warnings and cleanings."""
    # Words are logged by pair, not by record (quality.translation).
    told = frozenset(cleaned) - {"translated"}
    return Fate("accepted", warnings=frozenset(warnings), cleanings=told)


def no(*codes: str) -> Fate:
    """Rejected for these reasons."""
    return Fate("rejected", frozenset(codes))


GOOD = ok()
ORPHAN = no("parent_rejected")
DUPLICATE = Fate("duplicate")
SUPERSEDED = Fate("superseded")


def decide(
    why: str, record: Fate = GOOD, children: Fate | None = None, first: Fate | None = None
) -> Decision:
    """Give children the fate of their record, unless told otherwise."""
    kept = children or (ORPHAN if record.outcome == "rejected" else GOOD)
    return Decision(why, record, kept, first or kept)


def unreadable(code: str, why: str) -> Decision:
    """Decide on a line that is no record: one reject for the line."""
    return Decision(why, None, no(code), no(code))


def _item(why: str, first: Fate) -> Decision:
    return decide(why, first=first)


_BAD_TIME = "timestamp_out_of_bounds"
_NO_ORDER = "Une commande sans identifiant ne peut être ni retrouvée, ni corrigée."
_NO_ITEMS = "Une commande de ce flux porte ses articles ; sans eux il manque la vente."
_NO_BUYER = "La vente est réelle : client inconnu (-1), avertissement, rien n'est perdu."
_ALONE = "L'article est rejeté seul ; la commande reste, marquée incomplète."
_TRUNCATED = "Le JSON s'arrête au milieu : la ligne est illisible, un rejet."
_HOUSE = "Vendeur absent ou vide : ShopNow lui-même (0), ce n'est pas un inconnu (T13)."
_SECONDS = "La source compte en secondes : jamais devinée d'après la taille (S57)."

ORDERS: dict[str, Decision] = {
    "normal/A": decide("Forme P2 : `price` seul, sans vendeur, donc la maison (T1, T13)."),
    "normal/B": decide("Forme P3 : un vendeur par article, prix identiques."),
    "normal/C": decide("Forme P1 : `unit_price`."),
    "normal/D": decide("Forme P4 : de l'article on ne retient du vendeur que le nom."),
    "normal/E": decide("Forme P7 : client à plat, heure ISO, clés d'un autre système (T10)."),
    "changed_later": decide(
        "L'événement suivant de la commande redit ses articles : ceux-ci sont dépassés.",
        children=SUPERSEDED,
    ),
    "same_order_new_event_status_change": decide(
        "Nouvel énoncé de la même commande : le statut change, les lignes sont remplacées."
    ),
    "exact_replay_same_event_id": decide(
        "Même événement deux fois : des deux lignes la seconde est le doublon.",
        record=DUPLICATE, children=DUPLICATE,
    ),
    "order_id_null": decide(_NO_ORDER, no("missing_value"), no("missing_value", "parent_rejected")),
    "order_id_missing": decide(
        _NO_ORDER, no("missing_value"), no("missing_value", "parent_rejected")
    ),
    "order_id_empty_string": decide(
        "Un identifiant vide vaut absent.",
        no("missing_value"), no("missing_value", "parent_rejected"),
    ),
    "customer_null": decide(_NO_BUYER, ok("missing_customer")),
    "customer_missing": decide(_NO_BUYER, ok("missing_customer")),
    "customer_id_null": decide(_NO_BUYER, ok("missing_customer")),
    "items_missing": decide(_NO_ITEMS, no("items_missing")),
    "items_empty": decide(_NO_ITEMS, no("items_missing")),
    "items_object_instead_of_array": decide(
        "Un objet au lieu d'une liste : on ne devine pas s'il en manque.", no("items_not_a_list")
    ),
    "item_quantity_zero": _item(_ALONE, no("zero_quantity")),
    "item_quantity_negative": _item(
        f"La source n'annonce pas de retours. {_ALONE}", no("negative_value")
    ),
    "item_quantity_fraction": _item(f"On ne vend pas 1,5 article. {_ALONE}", no("not_an_integer")),
    "item_quantity_string": decide("« 2 » se lit 2 sans rien deviner."),
    "item_no_price_at_all": decide(_ALONE, children=no("missing_value")),
    "item_price_negative": _item(
        f"Un prix négatif n'est pas un rabais ici. {_ALONE}", no("negative_value")
    ),
    "item_price_string": _item(
        "« 19.90 » est un nombre ; il diffère de `price` : `unit_price` l'emporte (T1).",
        ok("price_conflict"),
    ),
    "item_price_decimal_comma": _item(
        "La virgule se corrige sans ambiguïté (deux décimales) et la correction se note.",
        ok("price_conflict", cleaned=("decimal_comma",)),
    ),
    "item_price_and_unit_price_differ": _item(
        "`unit_price` l'emporte, l'écart est signalé (T1).", ok("price_conflict")
    ),
    "item_product_id_null": _item(_ALONE, no("missing_value")),
    "product_twice_in_one_order": decide("Deux lignes d'un même produit sont deux lignes."),
    "total_amount_mismatch": decide("Le total est un contrôle, pas une source (T7)."),
    "vendor_id_null": decide(_HOUSE),
    "vendor_id_missing": decide(_HOUSE),
    "vendor_id_lower_case": _item(
        "La source déclare que la casse ne compte pas : même vendeur, correction notée (S47).",
        ok(cleaned=("letter_case",)),
    ),
    "vendor_id_unknown": decide(
        "Rien n'est rejeté pour ce que l'entrepôt ignore : numéro neuf, membre déduit (S20)."
    ),
    "timestamp_iso_string": decide("L'ISO 8601 avec décalage ne laisse aucun doute."),
    "timestamp_zero": decide(
        "1970 : une horloge à zéro n'est pas une date de vente (S60).",
        no(_BAD_TIME), no(_BAD_TIME, "parent_rejected"),
    ),
    "timestamp_far_future": decide(
        "2100 : au-delà d'un jour d'avance (S60).",
        no(_BAD_TIME), no(_BAD_TIME, "parent_rejected"),
    ),
    "timestamp_milliseconds": decide(
        _SECONDS, no(_BAD_TIME), no(_BAD_TIME, "parent_rejected")
    ),
    "timestamp_missing": decide(
        "Sans heure, la vente n'a pas de jour : la dater de la réception fausserait les ventes.",
        no("missing_value"),
    ),
    "status_unknown": decide(
        "« SHIPPD » : un mot inconnu ne se devine pas, même proche (S48).", no("unknown_word")
    ),
    "currency_unknown": decide(
        "XXX est « sans devise » : un montant sans devise ne s'additionne à rien (T6).",
        no("unknown_currency"), no("unknown_currency", "parent_rejected"),
    ),
    "email_malformed": decide(
        "L'adresse ne sert qu'au coffre : avertissement, la vente compte.", ok("bad_email")
    ),
    "extra_unknown_fields": decide("Un champ de plus reste dans le fichier scellé."),
    "invalid_json_truncated": unreadable("invalid_json", _TRUNCATED),
    "invalid_json_single_quotes": unreadable("invalid_json", "Ce n'est pas du JSON."),
    "json_nan_literal": unreadable("invalid_json", "NaN n'est pas du JSON (RFC 8259)."),
    "json_array_not_object": unreadable("not_an_object", "Une liste n'est pas un événement."),
}  # fmt: skip

CLICKS: dict[str, Decision] = {
    "normal/A": decide("Forme P9."),
    "normal/D": decide("Forme P10 : vendeur et produit, dits ou lus dans l'adresse."),
    "normal/E": decide("Forme P11 : `action` dit le geste, `event_type` ne dit que le flux."),
    "normal_anonymous_user_id_null/A": decide(
        "Une visite anonyme est du trafic normal (T5) : client -2, et non un rejet."
    ),
    "normal_anonymous_user_id_null/D": decide(
        "Une visite anonyme est du trafic normal (T5) : client -2, et non un rejet."
    ),
    "exact_replay_same_event_id": decide(
        "Même événement deux fois : des deux lignes la seconde est le doublon.", record=DUPLICATE
    ),
    "event_id_missing": decide("Sans identifiant, la clé vient du contenu : un rejeu reste un."),
    "event_type_unknown": decide("`page_view` est dans le vocabulaire du contrat : view_page."),
    "session_id_null": decide("La visite compte, sans session.", ok("missing_session")),
    "timestamp_missing": decide("Un clic sans heure n'a pas de jour.", no("missing_value")),
    "timestamp_milliseconds": decide(_SECONDS, no(_BAD_TIME)),
    "timestamp_string_seconds": decide("Un nombre entre guillemets reste le même nombre."),
    "url_absolute": decide("L'hôte est retiré, la page reste."),
    "url_empty": decide("La visite compte, sans page.", ok("missing_url")),
    "url_product_unknown": decide("Produit inconnu : membre #unknown du vendeur de la page."),
    "very_long_url": decide("L'adresse est réduite à sa route : sa longueur ne gêne personne."),
    "ip_malformed": decide("L'adresse IP n'est pas gardée : avertissement.", ok("bad_ip")),
    "ip_v6": decide("Une adresse IPv6 est une adresse."),
    "invalid_json_truncated": unreadable("invalid_json", _TRUNCATED),
    "invalid_json_plain_text": unreadable("invalid_json", "« hello » n'est pas du JSON."),
}

VENDORS: dict[str, Decision] = {
    "normal/B": decide("Forme P14 : tout le profil à son heure."),
    "exact_replay": decide("Même énoncé, même heure : doublon (S11).", record=DUPLICATE),
    "vendor_id_null": decide("Un vendeur sans identifiant n'est personne.", no("missing_value")),
    "vendor_id_missing": decide("Un vendeur sans identifiant n'est personne.", no("missing_value")),
    "vendor_name_null": decide("Le contrat exige le nom.", no("missing_value")),
    "vendor_name_empty": decide("Un nom vide vaut absent.", no("missing_value")),
    "status_unknown": decide("`inactive` est dans le vocabulaire : suspended (T9)."),
    "commission_out_of_range": decide("140 % est hors de 0 à 100 (T8).", no("out_of_range")),
    "commission_string_comma": decide(
        "« 12,5 » se lit 12.5 ; la correction est notée.", ok(cleaned=("decimal_comma",))
    ),
    "timestamp_missing": decide(
        "Un profil vaut à l'heure de la livraison, et on le dit.", ok("missing_time")
    ),
    "email_malformed": decide("Va au coffre tel quel, avec avertissement.", ok("bad_email")),
    "scd2_change_commission": decide("Nouvelle version à son heure (type 2)."),
    "scd2_change_status": decide("Nouvelle version à son heure (type 2)."),
    "scd2_no_change_later_event": decide("Accepté, sans nouvelle version (S06)."),
    "scd2_late_arriving_older_event": decide(
        "Étend l'histoire vers le passé ; son nom ne remplace pas le plus récent (S08, S36)."
    ),
    "scd2_change_name_only_case": decide("Le nom est corrigé sur toutes les versions (type 1)."),
    "invalid_json_truncated": unreadable("invalid_json", _TRUNCATED),
}

PRODUCTS: dict[str, Decision] = {
    "normal/F": decide("Forme P17 : une ligne dit un produit et son offre."),
    "changed_later": decide(
        "Les lignes 49 et 50 parlent plus tard du même produit : la ligne 1 est dépassée.",
        record=SUPERSEDED, children=SUPERSEDED,
    ),
    "price_change_of_line_1": decide(
        "Le prix change ; le titre, lui, est redit autrement une ligne plus bas (S12).",
        record=SUPERSEDED, children=GOOD,
    ),
    "name_change_of_line_1": decide(
        "Le titre change ; l'offre répète celle de la ligne 49.", children=DUPLICATE
    ),
    "product_id_empty": decide("Un produit sans identifiant n'est pas retrouvable.",
                               no("missing_value"), no("missing_value", "parent_rejected")),
    "product_id_null": decide("Un produit sans identifiant n'est pas retrouvable.",
                              no("missing_value"), no("missing_value", "parent_rejected")),
    "name_empty": decide("Le contrat exige un titre.", no("missing_value")),
    "price_word": decide("« gratuit » : l'offre est rejetée seule.", children=no("not_a_number")),
    "price_negative": decide("L'offre est rejetée seule.", children=no("negative_value")),
    "stock_negative": decide("L'offre est rejetée seule.", children=no("negative_value")),
    "stock_outlier": decide("10 000 pièces : la taille du stock est l'affaire du vendeur."),
    "stock_missing": decide("Absent n'est pas zéro : l'offre ne dit que son prix (R4)."),
    "category_not_of_seller": decide("Mots du vendeur, sans arbre de la maison : gardés tels."),
    "seller_id_empty": decide(_HOUSE),
    "seller_id_null": decide(_HOUSE),
    "seller_unknown": decide("Numéro neuf, membre déduit, avertissement (S20)."),
    "vendor_id_instead_of_seller_id": decide("La source lit les deux noms du vendeur."),
    "price_key_instead_of_unit_price": decide("La source lit les deux noms du prix (T1)."),
}  # fmt: skip

# The lines that first name a seller of whom no accepted record has spoken (S20): of the others
# no warning is repeated.
FIRST_NAMED = {
    "products": {1, 2, 3, 4, 6, 8, 9, 11, 18, 19, 34, 45},
    "orders": {12, 27, 47, 91},
}
TABLE = {"vendors": VENDORS, "products": PRODUCTS, "orders": ORDERS, "clickstream": CLICKS}
