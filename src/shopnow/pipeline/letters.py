"""The letter that goes with an answer: what came of a delivery, in a shopkeeper's words.

It says counts and what to do, never a value of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopnow.pipeline.answering import Language
    from shopnow.pipeline.following import DeliveryFacts

_MIB: Final = 1 << 20
_WORDS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "refused": "refusée", "held": "en attente de vérification", "good": "chargée",
        "mend": "chargée, {bad} à corriger",
        "subject": "ShopNow : livraison {key} {state} ({file})",
        "hello": "Bonjour,\n\nNous avons reçu votre fichier {file} (livraison {key}).",
        "counts": "Enregistrements lus : {records}. Acceptés : {accepted}, rejetés : {rejected},"
                  " déjà connus : {duplicate}. Lignes illisibles : {unreadable}.",
        "why": "Motif : {reason}",
        "todo_held": "Rien n'est perdu : une personne de ShopNow la vérifie. Vous n'avez rien à"
                     " faire, sauf si le motif vous apprend une erreur ; renvoyez alors le fichier"
                     " corrigé.",
        "todo_refused": "Aucune ligne n'est chargée. Corrigez le fichier et renvoyez-le en entier.",
        "todo_mend": "La pièce jointe reprend vos lignes, avec pour chacune la colonne, ce qui ne"
                     " va pas et comment le corriger. Renvoyez ensuite le fichier corrigé : les"
                     " lignes déjà bonnes ne sont pas chargées deux fois.",
        "todo_good": "Vous n'avez rien à faire.",
        "left_out": "Le rapport complet ({size} Mio) est trop gros pour un courriel : demandez-le"
                    " à votre interlocuteur ShopNow.",
        "bye": "Ce message est automatique.\nShopNow Marketplace",
    },
    "en": {
        "refused": "refused", "held": "waiting for a check", "good": "loaded",
        "mend": "loaded, {bad} to correct",
        "subject": "ShopNow: delivery {key} {state} ({file})",
        "hello": "Hello,\n\nWe received your file {file} (delivery {key}).",
        "counts": "Records read: {records}. Accepted: {accepted}, rejected: {rejected},"
                  " known already: {duplicate}. Unreadable lines: {unreadable}.",
        "why": "Reason: {reason}",
        "todo_held": "Nothing is lost: somebody at ShopNow checks it. You need not do anything,"
                     " unless the reason tells you of a mistake; then send the corrected file.",
        "todo_refused": "No line was loaded. Correct the file and send it again, whole.",
        "todo_mend": "The attachment holds your lines, each with the column, what is wrong and how"
                     " to correct it. Then send the corrected file: lines that were good are not"
                     " loaded twice.",
        "todo_good": "You need not do anything.",
        "left_out": "The whole report ({size} MiB) is too large for an e-mail: ask your contact at"
                    " ShopNow for it.",
        "bye": "This message is automatic.\nShopNow Marketplace",
    },
}  # fmt: skip


def letter_to(facts: DeliveryFacts, language: Language, *, left_out: int = 0) -> tuple[str, str]:
    """Subject and text of the letter; `left_out`: bytes of a report too large to go with it."""
    words = _WORDS[language]
    bad = facts.rejected + facts.unreadable
    kind = facts.state if facts.state in ("refused", "held") else "mend" if bad else "good"
    values = {
        "key": facts.delivery_key,
        "file": facts.file_name or facts.feed,
        "records": facts.records,
        "accepted": facts.accepted,
        "rejected": facts.rejected,
        "duplicate": facts.duplicate,
        "unreadable": facts.unreadable,
        "bad": bad,
        "reason": (facts.reason or "").partition(" : ")[2] or facts.reason or "",
        "size": -(-left_out // _MIB),
    }
    values["state"] = words[kind].format(**values)
    lines = ["hello"]
    lines += ["why"] if kind in ("refused", "held") else ["counts"]
    lines += [f"todo_{kind}"] + (["left_out"] if left_out else []) + ["bye"]
    text = "\n\n".join(words[name].format(**values) for name in lines)
    return words["subject"].format(**values), text + "\n"
