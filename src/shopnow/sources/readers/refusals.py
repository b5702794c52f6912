"""The French refusals of whole files: wanted, found, where, and what to do.

One place for the wording, so that two readers say the same thing of the same defect. No value
of a data cell ever stands in a message; column names do.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from shopnow.sources.readers.model import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from shopnow.sources.readers.model import CsvDialect

DELIMITER_NAMES = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}
SHOWN_NAMES = 20
LONGEST_NAME = 64
_DIGITS = re.compile(r"\d{5}")


def delimiter_name(delimiter: str) -> str:
    """Name a separator for a reader of French.

    >>> delimiter_name(";")
    '« ; » (point-virgule)'
    """
    shown = repr(delimiter)[1:-1]
    name = DELIMITER_NAMES.get(delimiter)
    return f"« {shown} » ({name})" if name else f"« {shown} »"


def listed(names: Iterable[str]) -> str:
    """List column names, quoted, at most twenty of them."""
    all_names = [f"« {name} »" for name in names]
    rest = len(all_names) - SHOWN_NAMES
    tail = f" et {rest} autres" if rest > 0 else ""
    return ", ".join(all_names[:SHOWN_NAMES]) + tail


def empty_file() -> UnreadableFile:
    """The file holds nothing, or nothing but blanks."""
    return UnreadableFile(
        "empty_file",
        "fichier vide : une ligne d'en-tête ou des enregistrements étaient attendus, "
        "aucun caractère lisible n'a été trouvé",
        "vérifiez que l'export s'est terminé, puis déposez de nouveau le fichier",
    )


def binary_file(found: str) -> UnreadableFile:
    """The file is no text."""
    return UnreadableFile(
        "binary_file",
        f"fichier binaire : du texte était attendu, le début du fichier est {found}",
        "exportez les données en texte (CSV ou NDJSON), éventuellement compressé avec gzip",
    )


def bad_header(line: int, found: str) -> UnreadableFile:
    """The line of the column names cannot be read as such."""
    return UnreadableFile(
        "bad_header",
        f"en-tête illisible : les noms de colonnes étaient attendus à la ligne {line}, {found}",
        "vérifiez la première ligne du fichier, ou `header_line` dans la source",
    )


def wrong_delimiter(
    dialect: CsvDialect, line: int, wanted: Collection[str], guess: str | None
) -> UnreadableFile:
    """The header does not fall into columns with the declared separator."""
    seems = f" ; le séparateur semble être {delimiter_name(guess)}" if guess else ""
    return UnreadableFile(
        "wrong_delimiter",
        f"séparateur inattendu : {delimiter_name(dialect.delimiter)} était attendu, mais avec lui "
        f"l'en-tête (ligne {line}) ne donne pas les {len(wanted)} colonnes voulues{seems}",
        "exportez avec le séparateur déclaré, ou corrigez `dialect.delimiter` dans la source",
    )


def missing_columns(
    missing: Sequence[str], found: Sequence[str], line: int | None, known: Collection[str] = ()
) -> UnreadableFile:
    """Columns that the mapping needs are not in the file.

    `known`: the names that the mapping asks for.  Where none of them stands in the line, it may
    well be a record of a file without header: its cells are counted, not quoted.
    """
    where = f" (ligne {line})" if line is not None else ""
    one = len(missing) == 1
    message = (
        f"{'colonne obligatoire absente' if one else 'colonnes obligatoires absentes'} : "
        f"{listed(missing)} {'était attendue' if one else 'étaient attendues'}, "
    )
    hint = "ajoutez la colonne à l'export, ou corrigez la correspondance de la source"
    if line is not None and not _lowered(found) & _lowered(known):
        message += f"aucun des noms attendus ne figure parmi les {len(found)} champs{where}"
        hint = f"l'en-tête manque-t-il ? Sinon, {hint}"
        return UnreadableFile("missing_column", message, hint)
    near = []
    for name in missing:
        close = difflib.get_close_matches(name.lower(), [f.lower() for f in found], n=1)
        same = [_shown(f) for f in found if close and f.lower() == close[0]]
        near += [f"« {f} » pour « {name} »" for f in same[:1]]
    if near:
        hint = f"est-ce {', '.join(near)} ? Sinon, {hint}"
    return UnreadableFile(
        "missing_column",
        f"{message}l'en-tête{where} contient {listed(map(_shown, found)) or 'aucun nom'}",
        hint,
    )


def _lowered(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _shown(name: str) -> str:
    """The column name, unless it looks like somebody's address, number or sentence."""
    is_value = "@" in name or len(name) > LONGEST_NAME or _DIGITS.search(name)
    return "…" if is_value else name


def duplicate_columns(names: Sequence[str], line: int) -> UnreadableFile:
    """A wanted name stands more than once in the header."""
    return UnreadableFile(
        "duplicate_column",
        f"colonne en double : {listed(names)} figure plusieurs fois dans l'en-tête (ligne {line}), "
        "on ne peut savoir laquelle lire",
        "renommez ou retirez la colonne en trop",
    )


def cut_in_quotes(line: int) -> UnreadableFile:
    """The file ends inside an open quote."""
    return UnreadableFile(
        "cut_in_the_middle",
        f"fichier coupé : le guillemet ouvert dans l'enregistrement de la ligne {line} n'est pas "
        "fermé à la fin du fichier",
        "l'envoi est sans doute incomplet : déposez de nouveau le fichier entier",
    )


def cut_in_line(line: int, found: int, wanted: int) -> UnreadableFile:
    """The last line has too few fields and no line end."""
    return UnreadableFile(
        "cut_in_the_middle",
        f"fichier coupé : la dernière ligne ({line}) s'arrête au champ {found} sur {wanted}, "
        "sans fin de ligne",
        "l'envoi est sans doute incomplet : déposez de nouveau le fichier entier "
        "(un pied de page doit se terminer par une fin de ligne)",
    )


def cut_gzip() -> UnreadableFile:
    """The compressed stream stops before its end mark."""
    return UnreadableFile(
        "cut_in_the_middle",
        "fichier gzip coupé : la marque de fin de la compression n'a pas été trouvée",
        "l'envoi est sans doute incomplet : déposez de nouveau le fichier entier",
    )


def corrupt_file(kind: str, found: str) -> UnreadableFile:
    """The container (gzip, Parquet) is damaged."""
    return UnreadableFile(
        "corrupt_file",
        f"fichier {kind} endommagé : {found}",
        "produisez de nouveau le fichier et comparez sa taille après l'envoi",
    )


def decompression_bomb(taken: int, given: int, limit: str, kind: str = "gzip") -> UnreadableFile:
    """The compressed file would become too large."""
    return UnreadableFile(
        "decompression_bomb",
        f"fichier {kind} refusé : {taken:_} octets compressés donnent déjà {given:_} octets "
        f"(rapport {given // max(taken, 1)}), limite : {limit}".replace("_", " "),
        "découpez le fichier, ou déposez-le sans compression",
    )


def wrong_encoding(encoding: str, line: int, byte: int, declared: bool) -> UnreadableFile:
    """A byte that the encoding does not know."""
    said = "déclaré" if declared else "reconnu au début du fichier"
    other = "cp1252 (Windows)" if encoding.startswith("utf") else "utf-8"
    return UnreadableFile(
        "wrong_encoding",
        f"encodage inattendu : {encoding} {said}, mais l'octet 0x{byte:02X} de la ligne {line} "
        "ne se lit pas dans cet encodage",
        f"exportez en {encoding}, ou corrigez `dialect.encoding` dans la source "
        f"(par exemple {other})",
    )


def unknown_encoding(name: str) -> UnreadableFile:
    """The document names an encoding that is not read."""
    return UnreadableFile(
        "wrong_encoding",
        f"encodage inconnu : le document se dit en « {_shown(name)} »",
        "exportez en UTF-8, ou déclarez l'encodage dans la source (`dialect.encoding`)",
    )


def cut_document(kind: str, line: int) -> UnreadableFile:
    """A JSON or XML document ends before what it opened is closed."""
    return UnreadableFile(
        "cut_in_the_middle",
        f"fichier coupé : le document {kind} s'arrête à la ligne {line} sans que tout ce qui est "
        "ouvert soit refermé",
        "l'envoi est sans doute incomplet : déposez de nouveau le fichier entier",
    )


def invalid_document(kind: str, line: int, column: int, found: str) -> UnreadableFile:
    """A JSON or XML document breaks the rules of its format: what follows cannot be trusted."""
    return UnreadableFile(
        f"invalid_{kind.lower()}",
        f"document {kind} invalide : ligne {line}, colonne {column}, {found}",
        f"produisez le fichier avec un outil qui écrit du {kind}, plutôt qu'en assemblant du texte",
    )


def record_too_long(line: int, longest: int) -> UnreadableFile:
    """One record of a document does not end within the limit."""
    return UnreadableFile(
        "record_too_long",
        f"enregistrement trop long : celui qui commence à la ligne {line} dépasse "
        f"{longest:_} octets".replace("_", " "),
        "vérifiez que le document n'est pas fait d'un seul enregistrement",
    )


def no_records(record: str, line: int) -> UnreadableFile:
    """The place where the records were said to stand is not in the document."""
    return UnreadableFile(
        "no_records",
        f"aucun enregistrement : « {record} » était attendu, le document de {line} lignes "
        "ne l'a pas",
        "vérifiez l'export, ou corrigez `dialect.record` dans la source",
    )


def refused_doctype(name: str, line: int) -> UnreadableFile:
    """The XML brings a DOCTYPE of its own, the usual way of attacks."""
    return UnreadableFile(
        "doctype_refused",
        f"DOCTYPE refusé : « {_shown(name)} » (ligne {line}) ; une telle déclaration peut faire "
        "lire d'autres fichiers ou gonfler sans fin",
        "exportez sans DOCTYPE ; s'il ne déclare rien lui-même, la source peut l'admettre "
        "(`dialect.doctype`)",
    )


def unfit_archive(found: str) -> UnreadableFile:
    """A zip that does not hold one plain file."""
    return UnreadableFile(
        "unfit_archive",
        f"archive ZIP refusée : un seul fichier, sans mot de passe, était attendu, {found}",
        "déposez le fichier seul dans l'archive, ou sans archive",
    )


def missing_sheet(name: str, found: Sequence[str]) -> UnreadableFile:
    """The workbook has no such sheet."""
    return UnreadableFile(
        "missing_sheet",
        f"feuille absente : « {name} » était attendue, le classeur contient {listed(found)}",
        "renommez la feuille, ou corrigez `dialect.sheet` dans la source",
    )
