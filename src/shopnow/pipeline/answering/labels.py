"""Headings, states and sentences of an answer, in French and English."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {
    "fr": ("Ligne", "Statut", "Colonne", "Valeur lue", "Ce qui ne va pas", "Attendu",
           "Que faire", "Proposition", "Code"),
    "en": ("Line", "Status", "Column", "Value read", "What is wrong", "Expected",
           "What to do", "Suggestion", "Code"),
}  # fmt: skip
FILE: Final = {"fr": "Fichier", "en": "File"}
STATUS: Final = {
    "fr": {
        "rejected": "rejetée",
        "warned": "acceptée, à vérifier",
        "cleaned": "acceptée, corrigée à la lecture",
        "accepted": "acceptée",
    },
    "en": {
        "rejected": "rejected",
        "warned": "accepted, to be checked",
        "cleaned": "accepted, corrected while reading",
        "accepted": "accepted",
    },
}
OF_LEVEL: Final = {"reject": "rejected", "warn": "warned", "clean": "cleaned"}
PAGES: Final = {"fr": ("À lire d'abord", "Ligne par ligne"), "en": ("Read this first", "By line")}
STATES: Final = {
    "fr": {
        "published": "chargée",
        "refused": "refusée : rien n'a été chargé",
        "held": "en attente d'une vérification par ShopNow",
        "failed": "en attente : un incident technique est en cours de résolution",
        "tried": "essai : rien n'a été chargé",
    },
    "en": {
        "published": "loaded",
        "refused": "refused: nothing was loaded",
        "held": "waiting for somebody of ShopNow to look at it",
        "failed": "waiting: a technical incident is being solved",
        "tried": "a trial: nothing was loaded",
    },
}
OTHER_STATE: Final = {"fr": "en cours", "en": "in progress"}
WORDS: Final = {
    "fr": {
        "title": "Réponse de ShopNow à votre livraison {key}",
        "trial": "Essai de votre fichier par ShopNow",
        "file": "Fichier",
        "received": "Reçu le",
        "state": "Livraison",
        "records": "Enregistrements lus",
        "accepted": "dont acceptés",
        "rejected": "dont rejetés",
        "duplicate": "dont déjà connus ou en double",
        "unreadable": "Lignes illisibles",
        "but": ", sauf les lignes rejetées",
        "todo": "Que faire",
        "fix": (
            "Corrigez les lignes rejetées (feuille « Ligne par ligne ») dans votre logiciel ou"
            " dans votre fichier, puis renvoyez-le. Ce qui est accepté est déjà chargé : le"
            " renvoyer ne gêne pas."
        ),
        "fix_refused": "Corrigez le fichier puis renvoyez-le : rien n'en a été chargé.",
        "fix_trial": "Corrigez, puis recommencez l'essai : rien n'a été chargé.",
        "check": "Rien n'est rejeté. Regardez les lignes « à vérifier » quand vous le pourrez.",
        "nothing": "Rien : tout est en ordre.",
        "whole": "Sur le fichier entier",
        "reasons": "Motifs, du plus fréquent au plus rare",
        "times": "Fois",
        "lines": "Premières lignes",
        "masked": (
            "Les valeurs qui parlent d'une personne ne sont pas répétées ici : retrouvez-les dans"
            " votre fichier par le numéro de ligne (la première ligne du fichier est la 1)."
        ),
        "cut": "Cette feuille s'arrête à {most} lignes ; le rapport CSV les a toutes.",
    },
    "en": {
        "title": "ShopNow's answer to your delivery {key}",
        "trial": "ShopNow's trial of your file",
        "file": "File",
        "received": "Received on",
        "state": "Delivery",
        "records": "Records read",
        "accepted": "accepted",
        "rejected": "rejected",
        "duplicate": "already known or repeated",
        "unreadable": "Unreadable lines",
        "but": ", but for the rejected lines",
        "todo": "What to do",
        "fix": (
            "Correct the rejected lines (sheet “By line”) in your software or in your file, then"
            " send it again. What is accepted is loaded already: sending it again does no harm."
        ),
        "fix_refused": "Correct the file and send it again: nothing of it was loaded.",
        "fix_trial": "Correct it and try again: nothing was loaded.",
        "check": "Nothing is rejected. Look at the lines “to be checked” when you can.",
        "nothing": "Nothing: all is well.",
        "whole": "About the file as a whole",
        "reasons": "Reasons, the most frequent first",
        "times": "Times",
        "lines": "First lines",
        "masked": (
            "Values that speak of a person are not repeated here: find them in your file by the"
            " number of the line (the first line of the file is 1)."
        ),
        "cut": "This sheet ends after {most} lines; the CSV report has them all.",
    },
}
