"""Word lists of the invented people, shops and places.

Everything that would be personal is recognisably fictitious: mail domains and telephone ranges
which are reserved for examples, and streets of the name « rue de l'Exemple ».
"""

from __future__ import annotations

FIRST_NAMES = (
    "Camille", "Élodie", "Noé", "Maëlle", "Bruno", "Inès", "Léon", "Aïcha", "Jules", "Zoé",
    "Loïc", "Anaïs", "Karim", "Chloé", "Hugo", "Fatou", "Gaël", "Louise", "Théo", "Yasmine",
)  # fmt: skip
LAST_NAMES = (
    "Exemple", "Modèle", "Specimen", "D'Essai", "Fictif", "Témoin", "O'Sample", "Da Maquette",
    "Prototype", "Échantillon", "Le Factice", "Esquisse", "Patron-Type", "Gabarit", "Ébauche",
)  # fmt: skip

SHOP_HEADS = (
    "Atelier", "Maison", "Comptoir", "Fabrique", "Manufacture", "Échoppe", "Cabane", "Grange",
)  # fmt: skip
SHOP_TAILS = (
    "Brume", "Ocre", "Galet", "Fougère", "Sarrasin", "Tilleul", "Ardoise", "Marée", "Pollen",
    "Roseau", "Givre", "Lichen", "Safran", "Noisette", "Écume", "Mistral", "Bruyère", "Argile",
)  # fmt: skip
COLLECTIONS = (
    "Aube", "Brise", "Cascade", "Dune", "Éclat", "Falaise", "Genêt", "Horizon", "Iris", "Jonc",
    "Lagune", "Mousse", "Nacre", "Onde", "Prairie", "Quartz", "Rivage", "Source", "Terre", "Zénith",
)  # fmt: skip
SENTENCES = (
    "Fabriqué en petite série",
    "Livré dans un emballage recyclé",
    "S'entretient d'un simple coup de chiffon",
    "Une pièce sobre ; elle trouve sa place partout",
    'Surnommé "le fidèle" par nos clients',
    "Pensé pour durer, facile à réparer",
    "Idéal pour offrir | ou pour soi",
    "Le cœur de notre gamme, dès 5 € de port",
)

# City, region, first two digits of the postal code, inhabitants' share.
FRENCH_CITIES = (
    ("Paris", "Île-de-France", "75", 9.0), ("Marseille", "Provence-Alpes-Côte d'Azur", "13", 4.0),
    ("Lyon", "Auvergne-Rhône-Alpes", "69", 3.0), ("Toulouse", "Occitanie", "31", 2.5),
    ("Nice", "Provence-Alpes-Côte d'Azur", "06", 2.0), ("Nantes", "Pays de la Loire", "44", 2.0),
    ("Montpellier", "Occitanie", "34", 1.6), ("Strasbourg", "Grand Est", "67", 1.6),
    ("Bordeaux", "Nouvelle-Aquitaine", "33", 1.5), ("Lille", "Hauts-de-France", "59", 1.4),
    ("Rennes", "Bretagne", "35", 1.3), ("Reims", "Grand Est", "51", 1.1),
    ("Dijon", "Bourgogne-Franche-Comté", "21", 1.0), ("Tours", "Centre-Val de Loire", "37", 0.9),
    ("Rouen", "Normandie", "76", 0.8), ("Quimper", "Bretagne", "29", 0.6),
)  # fmt: skip
# City, country as the shop writes it, postal prefix, share.
FOREIGN_CITIES = (
    ("Bruxelles", "Belgium", "10", 1.6), ("Liège", "Belgium", "40", 0.7),
    ("Köln", "Germany", "50", 0.9), ("Berlin", "Germany", "10", 0.9),
    ("Genève", "Switzerland", "12", 0.8), ("Lausanne", "Switzerland", "10", 0.5),
)  # fmt: skip

USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/119.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.1 Safari",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "curl/8.4.0",
)
# The three ranges that are reserved for documentation.
ADDRESS_PREFIXES = ("192.0.2.", "198.51.100.", "203.0.113.")
