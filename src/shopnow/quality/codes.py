"""Every rule code with its French words: what is wrong, and what the sender does about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleCode:
    """A code that rejects and warnings carry; `what_fr` and `fix_fr` are read by shopkeepers."""

    code: str
    what_fr: str
    fix_fr: str


_ALL = (
    RuleCode("missing_value", "valeur obligatoire absente", "Renseignez la colonne."),
    RuleCode(
        "left_empty", "valeur attendue que cette source n'a pas : laissée vide", "Rien à faire."
    ),
    RuleCode("unknown_word", "mot inconnu pour cette colonne", "Utilisez un mot admis."),
    RuleCode("not_a_number", "ce n'est pas un nombre", "Écrivez par exemple 12.50."),
    RuleCode("not_an_integer", "ce n'est pas un nombre entier", "Écrivez par exemple 3."),
    RuleCode("out_of_range", "valeur hors des bornes admises", "Corrigez la valeur."),
    RuleCode("negative_value", "valeur négative", "Écrivez une valeur positive ou nulle."),
    RuleCode(
        "erased_person",
        "personne effacée à sa demande : rien n'est enregistré d'elle",
        "Retirez cette personne de vos envois.",
    ),
    RuleCode("zero_quantity", "quantité nulle", "Retirez la ligne ou corrigez la quantité."),
    RuleCode("bad_timestamp", "date illisible", "Écrivez par exemple 2026-01-31 14:05:00."),
    RuleCode(
        "ambiguous_local_time",
        "heure locale ambiguë (passage à l'heure d'hiver)",
        "Ajoutez le décalage, par exemple +02:00.",
    ),
    RuleCode(
        "nonexistent_local_time",
        "heure locale inexistante (passage à l'heure d'été)",
        "Corrigez l'heure ou ajoutez le décalage.",
    ),
    RuleCode(
        "timestamp_out_of_bounds",
        "date avant 2000 ou dans le futur",
        "Vérifiez l'année et l'unité (secondes ou millisecondes).",
    ),
    RuleCode("bad_format", "forme de l'identifiant non admise", "Retirez espaces et caractères."),
    RuleCode("too_long", "texte trop long", "Raccourcissez le texte."),
    RuleCode("bad_gtin", "code-barres faux (clé de contrôle)", "Recopiez le code-barres."),
    RuleCode(
        "number_cut_by_spreadsheet",
        "votre tableur a tronqué ce nombre",
        "Mettez la colonne au format texte et exportez à nouveau.",
    ),
    RuleCode("unknown_currency", "devise inconnue", "Utilisez un code ISO 4217, par exemple EUR."),
    RuleCode("unknown_country", "pays inconnu", "Utilisez un code ISO 3166, par exemple FR."),
    RuleCode(
        "bad_legal_id",
        "numéro d'entreprise faux (SIREN, SIRET ou TVA : clé de contrôle)",
        "Recopiez le numéro de l'extrait Kbis ou du registre.",
    ),
    RuleCode("unknown_category", "catégorie inconnue", "Choisissez une catégorie de ShopNow."),
    RuleCode(
        "ambiguous_commission",
        "commission entre 0 et 1 : pourcentage ou fraction ?",
        "Écrivez la commission en pourcentage.",
    ),
    RuleCode(
        "foreign_seller",
        "identifiant d'un autre vendeur",
        "N'envoyez que vos propres produits.",
    ),
    RuleCode("items_missing", "commande sans article", "Envoyez les articles avec la commande."),
    RuleCode("items_not_a_list", "les articles ne sont pas une liste", "Envoyez une liste [ … ]."),
    RuleCode("item_not_an_object", "article illisible", "Envoyez un objet { … } par article."),
    RuleCode(
        "parent_rejected",
        "l'enregistrement qui le porte est rejeté",
        "Corrigez la ligne et renvoyez-la.",
    ),
    RuleCode(
        "conflicting_duplicate",
        "même clé deux fois avec des valeurs différentes",
        "Gardez une seule ligne par clé.",
    ),
    RuleCode(
        "price_conflict",
        "deux prix différents pour un article ; unit_price est retenu",
        "Envoyez un seul prix.",
    ),
    RuleCode("total_mismatch", "total déclaré différent de la somme", "Vérifiez le total."),
    RuleCode(
        "dates_out_of_order",
        "dates dans le désordre (expédié avant d'être commandé…)",
        "Vérifiez les deux dates et leur fuseau.",
    ),
    RuleCode("missing_customer", "commande sans client", "Envoyez l'identifiant du client."),
    RuleCode("unknown_seller", "vendeur pas encore connu", "Envoyez d'abord le vendeur."),
    RuleCode("bad_email", "adresse électronique mal formée", "Corrigez l'adresse."),
    RuleCode("missing_session", "visite sans session", "Envoyez l'identifiant de session."),
    RuleCode("missing_url", "visite sans page", "Envoyez l'adresse de la page."),
    RuleCode("bad_ip", "adresse IP mal formée", "Vérifiez l'adresse."),
    RuleCode("missing_time", "date absente : celle de la livraison est retenue", "Datez la ligne."),
    RuleCode(
        "look_alike_letters",
        "lettres d'alphabets différents qui se ressemblent (а cyrillique, a latin)",
        "Retapez le mot avec un seul alphabet.",
    ),
    RuleCode(
        "near_duplicate",
        "identifiant connu à la casse près : un autre membre est ouvert",
        "Écrivez l'identifiant toujours de la même façon.",
    ),
    RuleCode(
        "near_duplicate_product",
        "même titre et même marque, ou même code-barres, qu'un autre de vos produits",
        "Gardez une seule référence, ou distinguez les titres.",
    ),
    RuleCode(
        "schema_drift",
        "colonne attendue qui n'est plus dans le fichier : dernière valeur gardée",
        "Remettez la colonne, ou signalez qu'elle disparaît.",
    ),
    RuleCode(
        "new_column",
        "colonne nouvelle, que votre source ne lit pas",
        "Signalez-la si elle doit être lue ; sinon, rien à faire.",
    ),
    RuleCode(
        "retyped_column",
        "colonne dont les valeurs ont changé de nature (nombre, date, texte)",
        "Vérifiez l'export de cette colonne.",
    ),
    RuleCode(
        "ambiguous_order",
        "deux contenus pour une même date, sans numéro d'ordre : le contenu a départagé",
        "Numérotez vos envois, ou donnez-leur des dates différentes.",
    ),
    RuleCode(
        "another_company",
        "identifiant légal différent de celui qui est connu : retenu",
        "Confirmez qu'il s'agit d'une autre société, ou corrigez l'identifiant.",
    ),
    RuleCode(
        "absence_unproven",
        "fichier complet lu en partie : rien n'est retiré",
        "Corrigez les lignes rejetées et renvoyez le fichier complet.",
    ),
    RuleCode("whitespace", "espaces superflus retirés", "Rien à faire."),
    RuleCode("decimal_comma", "virgule décimale lue comme un point", "Rien à faire."),
    RuleCode("rounded", "décimales en trop arrondies", "Rien à faire."),
    RuleCode("letter_case", "majuscules ou minuscules normalisées", "Rien à faire."),
    RuleCode("leading_apostrophe", "apostrophe de tableur retirée", "Rien à faire."),
    RuleCode("identifier_grouping", "espaces ou points retirés d'un numéro", "Rien à faire."),
    RuleCode("gtin_padded", "zéros de tête du code-barres remis", "Rien à faire."),
    RuleCode("html_removed", "balises HTML retirées", "Rien à faire."),
    RuleCode("category_alias", "votre mot, traduit en catégorie de ShopNow", "Rien à faire."),
    RuleCode("translated", "mot de votre fichier traduit", "Rien à faire."),
    # What the readers say of a line or a file.
    RuleCode(
        "ragged_line", "nombre de colonnes différent de l'en-tête", "Vérifiez les séparateurs."
    ),
    RuleCode("unclosed_quote", "guillemet jamais refermé", "Refermez ou doublez le guillemet."),
    RuleCode("stray_cr", "retour chariot isolé", "Utilisez des fins de ligne LF ou CRLF."),
    RuleCode("nul_byte", "octet nul dans la ligne", "Exportez à nouveau le fichier en texte."),
    RuleCode("line_too_long", "ligne trop longue", "Raccourcissez la ligne."),
    RuleCode("undecodable", "caractères illisibles", "Envoyez le fichier en UTF-8."),
    RuleCode("invalid_json", "JSON invalide", "Envoyez un objet JSON par ligne."),
    RuleCode("not_an_object", "la ligne n'est pas un objet JSON", "Envoyez { … } sur la ligne."),
    RuleCode("unknown_shape", "aucun champ connu", "Envoyez un objet de la forme convenue."),
    RuleCode("delivery_refused", "livraison refusée", "Voyez le motif de la livraison."),
    # What the readers say of a file as a whole: nothing of it is loaded.
    RuleCode("empty_file", "fichier vide", "Vérifiez l'export et renvoyez le fichier."),
    RuleCode("binary_file", "fichier binaire au lieu de texte", "Exportez en CSV ou en NDJSON."),
    RuleCode("bad_header", "en-tête illisible", "Vérifiez la ligne des noms de colonnes."),
    RuleCode(
        "wrong_delimiter",
        "autre séparateur que celui déclaré",
        "Exportez avec le séparateur déclaré.",
    ),
    RuleCode(
        "missing_column",
        "colonne obligatoire absente",
        "Remettez la colonne sous son nom convenu.",
    ),
    RuleCode("duplicate_column", "deux colonnes du même nom", "Renommez ou retirez l'une d'elles."),
    RuleCode("cut_in_the_middle", "fichier coupé", "Renvoyez le fichier entier."),
    RuleCode("corrupt_file", "fichier abîmé", "Refaites le fichier et renvoyez-le."),
    RuleCode(
        "decompression_bomb",
        "fichier qui grossit démesurément à l'ouverture",
        "Envoyez-le sans compression, ou en plusieurs parties.",
    ),
    RuleCode(
        "wrong_encoding",
        "fichier qui n'est pas dans l'encodage déclaré",
        "Envoyez le fichier en UTF-8.",
    ),
    RuleCode("invalid_xml", "XML invalide", "Faites le fichier avec un outil qui écrit du XML."),
    RuleCode(
        "doctype_refused", "XML avec une déclaration DOCTYPE", "Exportez le fichier sans DOCTYPE."
    ),
    RuleCode("record_too_long", "enregistrement trop long", "Un enregistrement par article."),
    RuleCode(
        "no_records",
        "document sans l'élément attendu",
        "Vérifiez que c'est le bon export.",
    ),
    RuleCode("unfit_archive", "archive ZIP non conforme", "Un seul fichier, sans mot de passe."),
    RuleCode("missing_sheet", "feuille absente du classeur", "Remettez la feuille attendue."),
    RuleCode(
        "lookup_too_large",
        "fichier de référence trop gros",
        "Envoyez-le comme un flux à part.",
    ),
)

RULE_CODES: dict[str, RuleCode] = {rule.code: rule for rule in _ALL}
