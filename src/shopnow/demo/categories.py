"""The category tree of the demo marketplace, written for this product.

Every file of the demo names a category by its French path; the tree must therefore be loaded as
reference data before the first delivery, else the category rule rejects what it was not told of.
"""

from __future__ import annotations

from dataclasses import dataclass

SEPARATOR = " > "


@dataclass(frozen=True)
class Category:
    """A node of the tree. Level 1 has no parent; only the lowest nodes are used by products."""

    category_id: str
    parent_id: str | None
    path_fr: str
    path_en: str
    level: int


@dataclass(frozen=True)
class Leaf:
    """A lowest node with what is needed to invent goods: nouns, materials, prices in euros."""

    path_fr: str
    path_en: str
    nouns: tuple[str, ...]
    materials: tuple[str, ...]
    price: tuple[int, int]


_WOOD = ("en chêne", "en hêtre", "en noyer", "en bambou")
_CLOTH = ("en lin", "en coton", "en laine", "en velours")
_EARTH = ("en grès", "en porcelaine", "en faïence", "en verre soufflé")
_METAL = ("en acier", "en fonte", "en cuivre", "en laiton")
_TECH = ("sans fil", "de poche", "de bureau", "de voyage")
_CARE = ("à la lavande", "au calendula", "à l'amande", "au miel")
_FOOD = ("de printemps", "à l'ancienne", "de montagne", "du matin")
_BOOK = ("de poche", "grand format", "illustré par l'auteur", "en coffret")

# One line a leaf: French path | English path | nouns | materials | lowest and highest price.
_ROWS: tuple[tuple[str, str, str, tuple[str, ...], tuple[int, int]], ...] = (
    ("Maison > Cuisine > Casseroles et poêles", "Home > Kitchen > Cookware",
     "Casserole,Poêle,Cocotte,Sauteuse", _METAL, (18, 140)),
    ("Maison > Cuisine > Couteaux", "Home > Kitchen > Knives",
     "Couteau d'office,Couteau à pain,Éminceur", _METAL, (9, 90)),
    ("Maison > Cuisine > Vaisselle", "Home > Kitchen > Tableware",
     "Assiette,Bol,Saladier,Tasse", _EARTH, (4, 45)),
    ("Maison > Cuisine > Petit électroménager", "Home > Kitchen > Small appliances",
     "Bouilloire,Grille-pain,Moulin à café", _METAL, (25, 160)),
    ("Maison > Décoration > Bougies", "Home > Decoration > Candles",
     "Bougie,Photophore,Bougeoir", _EARTH, (6, 40)),
    ("Maison > Décoration > Cadres et affiches", "Home > Decoration > Frames and posters",
     "Cadre,Affiche,Miroir", _WOOD, (8, 85)),
    ("Maison > Décoration > Vases", "Home > Decoration > Vases",
     "Vase,Soliflore,Cache-pot", _EARTH, (10, 95)),
    ("Maison > Linge > Draps", "Home > Linen > Sheets",
     "Drap housse,Housse de couette,Taie d'oreiller", _CLOTH, (12, 130)),
    ("Maison > Linge > Serviettes", "Home > Linen > Towels",
     "Serviette de bain,Gant de toilette,Peignoir", _CLOTH, (5, 70)),
    ("Maison > Luminaires > Lampes de table", "Home > Lighting > Table lamps",
     "Lampe de chevet,Lampe de bureau,Veilleuse", _WOOD, (19, 150)),
    ("Maison > Luminaires > Suspensions", "Home > Lighting > Pendant lamps",
     "Suspension,Lustre,Abat-jour", _METAL, (29, 260)),
    ("Maison > Meubles > Chaises", "Home > Furniture > Chairs",
     "Chaise,Tabouret,Fauteuil", _WOOD, (39, 390)),
    ("Maison > Meubles > Rangements", "Home > Furniture > Storage",
     "Étagère,Commode,Patère", _WOOD, (25, 420)),
    ("Jardin > Outils > Outils à main", "Garden > Tools > Hand tools",
     "Sécateur,Transplantoir,Râteau", _METAL, (7, 60)),
    ("Jardin > Plantation > Graines", "Garden > Planting > Seeds",
     "Graines de tomates,Graines de basilic,Mélange fleuri", _FOOD, (2, 12)),
    ("Jardin > Plantation > Pots et jardinières", "Garden > Planting > Pots",
     "Pot,Jardinière,Coupe", _EARTH, (6, 90)),
    ("Jardin > Plein air > Mobilier d'extérieur", "Garden > Outdoor > Furniture",
     "Banc,Table pliante,Transat", _WOOD, (45, 380)),
    ("Mode > Femme > Robes", "Fashion > Women > Dresses",
     "Robe longue,Robe chemise,Robe droite", _CLOTH, (29, 180)),
    ("Mode > Femme > Vestes", "Fashion > Women > Jackets",
     "Veste,Blazer,Gilet", _CLOTH, (39, 240)),
    ("Mode > Homme > Chemises", "Fashion > Men > Shirts",
     "Chemise,Surchemise,Polo", _CLOTH, (25, 120)),
    ("Mode > Homme > Pulls", "Fashion > Men > Sweaters",
     "Pull,Cardigan,Col roulé", _CLOTH, (35, 160)),
    ("Mode > Enfant > Bodies", "Fashion > Children > Bodysuits",
     "Body,Barboteuse,Grenouillère", _CLOTH, (9, 45)),
    ("Mode > Accessoires > Écharpes", "Fashion > Accessories > Scarves",
     "Écharpe,Étole,Bonnet", _CLOTH, (12, 95)),
    ("Mode > Accessoires > Sacs", "Fashion > Accessories > Bags",
     "Sac cabas,Besace,Pochette", _CLOTH, (15, 190)),
    ("High-tech > Audio > Casques", "Electronics > Audio > Headphones",
     "Casque audio,Écouteurs,Micro-casque", _TECH, (25, 290)),
    ("High-tech > Audio > Enceintes", "Electronics > Audio > Speakers",
     "Enceinte,Barre de son,Radio", _TECH, (29, 340)),
    ("High-tech > Informatique > Claviers", "Electronics > Computing > Keyboards",
     "Clavier,Pavé numérique,Ensemble clavier-souris", _TECH, (19, 150)),
    ("High-tech > Informatique > Souris", "Electronics > Computing > Mice",
     "Souris,Trackball,Souris verticale", _TECH, (12, 110)),
    ("High-tech > Téléphonie > Chargeurs", "Electronics > Phones > Chargers",
     "Chargeur,Batterie externe,Station de charge", _TECH, (9, 80)),
    ("Beauté > Soins > Crèmes", "Beauty > Care > Creams",
     "Crème de jour,Baume,Lait corporel", _CARE, (6, 55)),
    ("Beauté > Soins > Savons", "Beauty > Care > Soaps",
     "Savon,Shampoing solide,Pain surgras", _CARE, (3, 18)),
    ("Beauté > Parfums > Eaux de toilette", "Beauty > Fragrances > Eau de toilette",
     "Eau de toilette,Brume parfumée,Eau fraîche", _CARE, (19, 110)),
    ("Épicerie > Boissons > Thés et infusions", "Grocery > Drinks > Tea",
     "Thé vert,Infusion,Rooibos", _FOOD, (4, 28)),
    ("Épicerie > Boissons > Cafés", "Grocery > Drinks > Coffee",
     "Café en grains,Café moulu,Chicorée", _FOOD, (5, 34)),
    ("Épicerie > Sucré > Confitures et miels", "Grocery > Sweet > Jams and honey",
     "Confiture de mûres,Miel,Pâte à tartiner", _FOOD, (4, 22)),
    ("Livres > Jeunesse > Albums", "Books > Children > Picture books",
     "Album,Imagier,Conte", _BOOK, (6, 24)),
    ("Livres > Littérature > Romans", "Books > Literature > Novels",
     "Roman,Recueil de nouvelles,Récit", _BOOK, (5, 29)),
    ("Jouets > Éveil > Jeux en bois", "Toys > Early years > Wooden toys",
     "Puzzle,Cubes,Petit train", _WOOD, (8, 65)),
    ("Jouets > Société > Jeux de plateau", "Toys > Games > Board games",
     "Jeu de plateau,Jeu de cartes,Dominos", _BOOK, (9, 60)),
    ("Sport > Plein air > Randonnée", "Sports > Outdoor > Hiking",
     "Gourde,Sac à dos,Bâton de marche", _TECH, (9, 140)),
    ("Sport > Forme > Yoga", "Sports > Fitness > Yoga",
     "Tapis de yoga,Brique,Sangle", _CLOTH, (8, 75)),
)  # fmt: skip

LEAVES: tuple[Leaf, ...] = tuple(
    Leaf(path_fr, path_en, tuple(nouns.split(",")), materials, price)
    for path_fr, path_en, nouns, materials, price in _ROWS
)

SECTIONS: tuple[str, ...] = tuple(
    dict.fromkeys(leaf.path_fr.split(SEPARATOR)[0] for leaf in LEAVES)
)


def _tree() -> tuple[Category, ...]:
    """Number every node of every path once, parents before children."""
    nodes: dict[str, Category] = {}
    for leaf in LEAVES:
        french, english = leaf.path_fr.split(SEPARATOR), leaf.path_en.split(SEPARATOR)
        parent: Category | None = None
        for level in range(1, len(french) + 1):
            path = SEPARATOR.join(french[:level])
            if path not in nodes:
                nodes[path] = Category(
                    category_id=f"demo-{len(nodes) + 1:03d}",
                    parent_id=None if parent is None else parent.category_id,
                    path_fr=path,
                    path_en=SEPARATOR.join(english[:level]),
                    level=level,
                )
            parent = nodes[path]
    return tuple(nodes.values())


CATEGORIES: tuple[Category, ...] = _tree()
