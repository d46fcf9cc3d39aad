"""What the real catalogue looks like in figures: the shares the demo is drawn from.

Measured on the `styles.csv` of Kaggle's "Fashion Product Images (Small)": 44,446 rows, long rows repaired by
joining the tail of the name. Shares only, rounded; no row of that catalogue is here. Shares below 0.03 within
a type (0.012 for colours) are left out and the rest is scaled to one, so the shares of a type can miss one by
the rounding.

`MARGINALS` holds the whole catalogue, `TYPES` each article type that the demo draws.
"""

from __future__ import annotations

from dataclasses import dataclass

Shares = dict[str, float]


@dataclass(frozen=True)
class TypeShares:
    """One article type of the real catalogue.

    Attributes:
        master: its master category.
        sub: its subcategory.
        share: its share of all products.
        gender: share of each gender within the type; the four below likewise.
        season: of each season.
        year: of each year.
        usage: of each usage.
        colour: of each base colour.
    """

    master: str
    sub: str
    share: float
    gender: Shares
    season: Shares
    year: Shares
    usage: Shares
    colour: Shares

MARGINALS: dict[str, Shares] = {
    "gender": {"Men": 0.4987, "Women": 0.4192, "Unisex": 0.0487, "Boys": 0.0187, "Girls": 0.0147},
    "masterCategory": {
        "Apparel": 0.4815, "Accessories": 0.254, "Footwear": 0.2075, "Personal Care": 0.0541,
        "Free Items": 0.0024, "Sporting Goods": 0.0006,
    },
    "season": {"Summer": 0.4832, "Fall": 0.2575, "Winter": 0.1917, "Spring": 0.0672},
    "year": {
        "2012": 0.3665, "2011": 0.308, "2016": 0.1352, "2017": 0.0656, "2015": 0.0625, "2013": 0.0273,
        "2010": 0.019, "2018": 0.0091, "2014": 0.0053, "2019": 0.0007, "2009": 0.0004, "2008": 0.0002,
    },
    "usage": {
        "Casual": 0.7743, "Sports": 0.0906, "Ethnic": 0.0722, "Formal": 0.0531, "NA": 0.0071,
        "Smart Casual": 0.0015, "Party": 0.0007, "Travel": 0.0006,
    },
    "baseColour": {
        "Black": 0.219, "White": 0.1246, "Blue": 0.1107, "Brown": 0.0786, "Grey": 0.0617, "Red": 0.0553,
        "Green": 0.0476, "Pink": 0.0419, "Navy Blue": 0.0403, "Purple": 0.037, "Silver": 0.0245,
        "Yellow": 0.0175, "Beige": 0.0169, "Gold": 0.0142, "Maroon": 0.0131, "Orange": 0.0119,
        "Olive": 0.0092, "Multi": 0.0089, "Cream": 0.0088, "Steel": 0.0071, "Charcoal": 0.0051,
        "Peach": 0.0044, "Off White": 0.0041, "Skin": 0.004, "Lavender": 0.0036, "Grey Melange": 0.0033,
        "Khaki": 0.0031, "Magenta": 0.0029, "Teal": 0.0027, "Tan": 0.0026, "Mustard": 0.0022,
        "Bronze": 0.0021, "Copper": 0.0019, "Turquoise Blue": 0.0016, "Rust": 0.0015, "Burgundy": 0.001,
        "Metallic": 0.001, "Coffee Brown": 0.0007, "Mauve": 0.0007, "Rose": 0.0006, "Nude": 0.0005,
        "Sea Green": 0.0005, "Mushroom Brown": 0.0004, "NA": 0.0003, "Taupe": 0.0002, "Lime Green": 0.0001,
        "Fluorescent Green": 0.0001,
    },
}

SHARED_NAMES = 0.41
"""Share of products whose name another product bears too."""

TYPES: dict[str, TypeShares] = {
    "Tshirts": TypeShares(
        "Apparel", "Topwear", 0.1591,
        gender={"Men": 0.76, "Women": 0.16, "Boys": 0.08},
        season={"Summer": 0.64, "Fall": 0.36},
        year={"2011": 0.61, "2012": 0.34, "2010": 0.05},
        usage={"Casual": 0.86, "Sports": 0.14},
        colour={
            "White": 0.17, "Black": 0.16, "Blue": 0.16, "Grey": 0.09, "Red": 0.09, "Green": 0.09,
            "Navy Blue": 0.07, "Yellow": 0.05, "Purple": 0.04, "Pink": 0.04, "Orange": 0.02, "Brown": 0.02,
            "Maroon": 0.01,
        },
    ),
    "Shirts": TypeShares(
        "Apparel", "Topwear", 0.0724,
        gender={"Men": 0.91, "Women": 0.09},
        season={"Fall": 0.57, "Summer": 0.43},
        year={"2011": 0.65, "2012": 0.35},
        usage={"Casual": 0.73, "Formal": 0.27},
        colour={
            "Blue": 0.26, "White": 0.17, "Black": 0.1, "Red": 0.09, "Purple": 0.08, "Green": 0.08,
            "Navy Blue": 0.06, "Grey": 0.06, "Pink": 0.03, "Brown": 0.03, "Maroon": 0.02, "Yellow": 0.02,
        },
    ),
    "Tops": TypeShares(
        "Apparel", "Topwear", 0.0396,
        gender={"Women": 0.87, "Girls": 0.13},
        season={"Summer": 0.73, "Fall": 0.27},
        year={"2012": 0.6, "2011": 0.4},
        usage={"Casual": 1.0},
        colour={
            "White": 0.16, "Pink": 0.14, "Black": 0.14, "Blue": 0.11, "Purple": 0.07, "Green": 0.07,
            "Red": 0.06, "Grey": 0.06, "Yellow": 0.04, "Peach": 0.03, "Navy Blue": 0.03, "Brown": 0.02,
            "Magenta": 0.02, "Beige": 0.02, "Cream": 0.02, "Orange": 0.02,
        },
    ),
    "Sweaters": TypeShares(
        "Apparel", "Topwear", 0.0062,
        gender={"Men": 0.68, "Women": 0.32},
        season={"Fall": 0.87, "Summer": 0.08, "Winter": 0.05},
        year={"2011": 0.92, "2012": 0.05, "2016": 0.03},
        usage={"Casual": 1.0},
        colour={
            "Grey": 0.2, "Black": 0.19, "Blue": 0.15, "Navy Blue": 0.09, "Red": 0.08, "Green": 0.07,
            "Purple": 0.07, "White": 0.05, "Pink": 0.03, "Charcoal": 0.02, "Maroon": 0.02, "Magenta": 0.01,
            "Brown": 0.01,
        },
    ),
    "Sweatshirts": TypeShares(
        "Apparel", "Topwear", 0.0064,
        gender={"Men": 0.79, "Women": 0.21},
        season={"Fall": 0.9, "Summer": 0.1},
        year={"2011": 0.92, "2012": 0.08},
        usage={"Casual": 0.88, "Sports": 0.12},
        colour={
            "Black": 0.24, "Grey": 0.22, "Blue": 0.13, "Navy Blue": 0.08, "Green": 0.07, "Purple": 0.06,
            "White": 0.06, "Red": 0.04, "Olive": 0.03, "Pink": 0.03, "Brown": 0.02, "Maroon": 0.01,
        },
    ),
    "Jackets": TypeShares(
        "Apparel", "Topwear", 0.0058,
        gender={"Men": 0.78, "Women": 0.22},
        season={"Fall": 0.61, "Summer": 0.39},
        year={"2011": 0.74, "2012": 0.23, "2015": 0.04},
        usage={"Casual": 0.7, "Sports": 0.3},
        colour={
            "Black": 0.37, "Blue": 0.14, "Navy Blue": 0.11, "Grey": 0.09, "Red": 0.07, "White": 0.07,
            "Olive": 0.04, "Pink": 0.03, "Purple": 0.02, "Green": 0.02, "Cream": 0.02, "Khaki": 0.02,
            "Beige": 0.02,
        },
    ),
    "Innerwear Vests": TypeShares(
        "Apparel", "Innerwear", 0.0054,
        gender={"Men": 1.0},
        season={"Summer": 0.91, "Winter": 0.09},
        year={"2016": 0.96, "2012": 0.04},
        usage={"Casual": 1.0},
        colour={
            "White": 0.26, "Black": 0.17, "Grey": 0.14, "Red": 0.09, "Navy Blue": 0.08, "Grey Melange": 0.05,
            "Green": 0.05, "Maroon": 0.03, "Blue": 0.03, "Charcoal": 0.03, "Yellow": 0.02, "Orange": 0.02,
            "Beige": 0.01, "Pink": 0.01, "Olive": 0.01,
        },
    ),
    "Kurtas": TypeShares(
        "Apparel", "Topwear", 0.0415,
        gender={"Women": 0.96, "Men": 0.04},
        season={"Summer": 0.63, "Fall": 0.37},
        year={"2012": 0.62, "2011": 0.38},
        usage={"Ethnic": 1.0},
        colour={
            "Blue": 0.14, "White": 0.13, "Green": 0.13, "Black": 0.09, "Pink": 0.07, "Red": 0.07,
            "Brown": 0.06, "Purple": 0.06, "Multi": 0.04, "Beige": 0.04, "Cream": 0.03, "Maroon": 0.03,
            "Orange": 0.03, "Grey": 0.02, "Navy Blue": 0.02, "Yellow": 0.01, "Off White": 0.01,
        },
    ),
    "Dresses": TypeShares(
        "Apparel", "Dress", 0.0104,
        gender={"Women": 0.84, "Girls": 0.16},
        season={"Summer": 0.72, "Fall": 0.28},
        year={"2012": 0.8, "2011": 0.2},
        usage={"Casual": 0.96, "Party": 0.04},
        colour={
            "Black": 0.24, "Blue": 0.14, "Pink": 0.12, "White": 0.09, "Navy Blue": 0.06, "Purple": 0.05,
            "Red": 0.05, "Grey": 0.04, "Cream": 0.04, "Green": 0.03, "Multi": 0.03, "Brown": 0.02,
            "Orange": 0.02, "Beige": 0.02, "Magenta": 0.02, "Peach": 0.02, "Off White": 0.02,
        },
    ),
    "Sarees": TypeShares(
        "Apparel", "Saree", 0.0096,
        gender={"Women": 1.0},
        season={"Fall": 0.69, "Summer": 0.31},
        year={"2012": 1.0},
        usage={"Ethnic": 1.0},
        colour={
            "Multi": 0.16, "Green": 0.16, "Blue": 0.08, "Purple": 0.08, "Red": 0.07, "Beige": 0.06,
            "Black": 0.05, "Pink": 0.05, "Maroon": 0.05, "Yellow": 0.04, "White": 0.04, "Mustard": 0.03,
            "Brown": 0.03, "Grey": 0.02, "Rust": 0.02, "Orange": 0.02, "Cream": 0.02, "Navy Blue": 0.02,
            "Magenta": 0.01, "Olive": 0.01,
        },
    ),
    "Night suits": TypeShares(
        "Apparel", "Loungewear and Nightwear", 0.0032,
        gender={"Women": 0.55, "Men": 0.45},
        season={"Summer": 0.96, "Winter": 0.04},
        year={"2017": 0.45, "2016": 0.45, "2012": 0.06, "2015": 0.04},
        usage={"Casual": 1.0},
        colour={
            "Pink": 0.16, "White": 0.15, "Black": 0.15, "Grey": 0.12, "Blue": 0.1, "Navy Blue": 0.1,
            "Grey Melange": 0.06, "Green": 0.04, "Purple": 0.04, "Red": 0.03, "Brown": 0.01, "Lavender": 0.01,
            "Cream": 0.01, "Maroon": 0.01,
        },
    ),
    "Jeans": TypeShares(
        "Apparel", "Bottomwear", 0.0137,
        gender={"Men": 0.56, "Women": 0.39, "Boys": 0.05},
        season={"Summer": 0.6, "Fall": 0.36, "Winter": 0.04},
        year={"2012": 0.52, "2011": 0.37, "2013": 0.06, "2016": 0.05},
        usage={"Casual": 1.0},
        colour={"Blue": 0.75, "Black": 0.13, "Navy Blue": 0.08, "Grey": 0.04},
    ),
    "Trousers": TypeShares(
        "Apparel", "Bottomwear", 0.0119,
        gender={"Men": 0.82, "Women": 0.18},
        season={"Summer": 0.56, "Fall": 0.44},
        year={"2012": 0.5, "2011": 0.44, "2013": 0.06},
        usage={"Casual": 0.55, "Formal": 0.45},
        colour={
            "Black": 0.26, "Grey": 0.17, "Brown": 0.13, "Beige": 0.11, "Navy Blue": 0.1, "Charcoal": 0.06,
            "Khaki": 0.06, "Olive": 0.06, "Blue": 0.02, "Cream": 0.02, "Green": 0.02,
        },
    ),
    "Shorts": TypeShares(
        "Apparel", "Bottomwear", 0.0123,
        gender={"Men": 0.71, "Women": 0.13, "Boys": 0.1, "Girls": 0.07},
        season={"Summer": 0.65, "Fall": 0.3, "Winter": 0.05},
        year={"2012": 0.58, "2011": 0.38, "2010": 0.04},
        usage={"Casual": 0.65, "Sports": 0.35},
        colour={
            "Black": 0.25, "Blue": 0.18, "Navy Blue": 0.13, "White": 0.11, "Grey": 0.11, "Beige": 0.04,
            "Brown": 0.03, "Pink": 0.03, "Red": 0.03, "Green": 0.03, "Purple": 0.02, "Grey Melange": 0.02,
            "Olive": 0.02,
        },
    ),
    "Track Pants": TypeShares(
        "Apparel", "Bottomwear", 0.0068,
        gender={"Men": 0.72, "Women": 0.28},
        season={"Summer": 0.51, "Fall": 0.49},
        year={"2011": 0.53, "2012": 0.31, "2010": 0.12, "2013": 0.04},
        usage={"Sports": 0.62, "Casual": 0.38},
        colour={
            "Black": 0.4, "Grey": 0.25, "Navy Blue": 0.17, "Blue": 0.08, "Charcoal": 0.03, "White": 0.02,
            "Cream": 0.01, "Grey Melange": 0.01, "Brown": 0.01,
        },
    ),
    "Capris": TypeShares(
        "Apparel", "Bottomwear", 0.0039,
        gender={"Women": 0.74, "Girls": 0.19, "Boys": 0.07},
        season={"Summer": 0.79, "Fall": 0.21},
        year={"2012": 0.68, "2011": 0.28, "2010": 0.04},
        usage={"Casual": 0.72, "Sports": 0.28},
        colour={
            "Black": 0.31, "Blue": 0.26, "Pink": 0.11, "Grey": 0.11, "White": 0.07, "Navy Blue": 0.04,
            "Yellow": 0.04, "Purple": 0.04, "Green": 0.02,
        },
    ),
    "Leggings": TypeShares(
        "Apparel", "Bottomwear", 0.0040,
        gender={"Women": 0.88, "Girls": 0.12},
        season={"Summer": 0.56, "Fall": 0.39, "Winter": 0.06},
        year={"2012": 0.73, "2011": 0.22, "2015": 0.06},
        usage={"Casual": 0.83, "Ethnic": 0.17},
        colour={
            "Black": 0.16, "Blue": 0.12, "Pink": 0.11, "Purple": 0.07, "White": 0.07, "Red": 0.07,
            "Green": 0.07, "Navy Blue": 0.06, "Brown": 0.05, "Cream": 0.05, "Grey": 0.04, "Beige": 0.04,
            "Maroon": 0.04, "Rust": 0.02, "Yellow": 0.02,
        },
    ),
    "Skirts": TypeShares(
        "Apparel", "Bottomwear", 0.0029,
        gender={"Women": 0.81, "Girls": 0.19},
        season={"Summer": 0.75, "Fall": 0.25},
        year={"2012": 0.58, "2011": 0.42},
        usage={"Casual": 0.77, "Formal": 0.1, "Ethnic": 0.09, "Sports": 0.04},
        colour={
            "Blue": 0.27, "Black": 0.18, "Pink": 0.12, "Grey": 0.1, "Red": 0.07, "Navy Blue": 0.07,
            "White": 0.03, "Cream": 0.03, "Brown": 0.03, "Green": 0.02, "Charcoal": 0.02, "Beige": 0.02,
            "Off White": 0.02, "Purple": 0.02,
        },
    ),
    "Bra": TypeShares(
        "Apparel", "Innerwear", 0.0107,
        gender={"Women": 1.0},
        season={"Summer": 0.65, "Winter": 0.31, "Fall": 0.04},
        year={"2017": 0.35, "2015": 0.33, "2014": 0.16, "2012": 0.06, "2018": 0.05, "2016": 0.04},
        usage={"Casual": 0.95, "Sports": 0.05},
        colour={
            "Black": 0.24, "White": 0.21, "Pink": 0.12, "Purple": 0.07, "Skin": 0.06, "Beige": 0.05,
            "Red": 0.04, "Maroon": 0.03, "Blue": 0.03, "Grey": 0.03, "Lavender": 0.02, "Nude": 0.02,
            "Cream": 0.02, "Peach": 0.02, "Rose": 0.01, "Brown": 0.01,
        },
    ),
    "Briefs": TypeShares(
        "Apparel", "Innerwear", 0.0191,
        gender={"Men": 0.66, "Women": 0.34},
        season={"Summer": 0.82, "Winter": 0.18},
        year={"2016": 0.68, "2015": 0.14, "2017": 0.09, "2012": 0.07, "2014": 0.03},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.18, "White": 0.15, "Grey": 0.11, "Navy Blue": 0.11, "Blue": 0.09, "Red": 0.07,
            "Grey Melange": 0.06, "Pink": 0.05, "Charcoal": 0.05, "Brown": 0.03, "Green": 0.02,
            "Maroon": 0.02, "Purple": 0.02, "Multi": 0.02, "Olive": 0.01,
        },
    ),
    "Trunk": TypeShares(
        "Apparel", "Innerwear", 0.0031,
        gender={"Men": 1.0},
        season={"Summer": 0.81, "Winter": 0.19},
        year={"2016": 1.0},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.22, "Navy Blue": 0.14, "Grey": 0.14, "White": 0.1, "Blue": 0.09, "Charcoal": 0.09,
            "Grey Melange": 0.08, "Red": 0.04, "Brown": 0.04, "Green": 0.03, "Olive": 0.02, "Maroon": 0.01,
        },
    ),
    "Casual Shoes": TypeShares(
        "Footwear", "Shoes", 0.0640,
        gender={"Men": 0.8, "Women": 0.12, "Unisex": 0.08},
        season={"Summer": 0.5, "Fall": 0.31, "Winter": 0.15, "Spring": 0.04},
        year={"2012": 0.44, "2011": 0.34, "2013": 0.08, "2018": 0.06, "2015": 0.04, "2010": 0.03},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.33, "Brown": 0.19, "White": 0.16, "Grey": 0.07, "Blue": 0.07, "Navy Blue": 0.05,
            "Red": 0.05, "Green": 0.03, "Olive": 0.02, "Beige": 0.02, "Khaki": 0.02,
        },
    ),
    "Sports Shoes": TypeShares(
        "Footwear", "Shoes", 0.0458,
        gender={"Men": 0.8, "Women": 0.2},
        season={"Summer": 0.59, "Fall": 0.36, "Spring": 0.04},
        year={"2011": 0.55, "2012": 0.4, "2010": 0.05},
        usage={"Sports": 1.0},
        colour={
            "White": 0.46, "Black": 0.29, "Grey": 0.11, "Blue": 0.05, "Silver": 0.04, "Navy Blue": 0.02,
            "Red": 0.02, "Brown": 0.01,
        },
    ),
    "Formal Shoes": TypeShares(
        "Footwear", "Shoes", 0.0143,
        gender={"Men": 1.0},
        season={"Summer": 0.45, "Fall": 0.3, "Winter": 0.25},
        year={"2012": 0.4, "2011": 0.31, "2018": 0.17, "2013": 0.12},
        usage={"Formal": 0.97, "Casual": 0.03},
        colour={"Black": 0.63, "Brown": 0.35, "Tan": 0.02},
    ),
    "Heels": TypeShares(
        "Footwear", "Shoes", 0.0298,
        gender={"Women": 1.0},
        season={"Winter": 0.79, "Summer": 0.17, "Fall": 0.04},
        year={"2012": 0.52, "2015": 0.38, "2016": 0.07, "2013": 0.03},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.28, "Brown": 0.16, "Gold": 0.09, "Blue": 0.08, "Beige": 0.07, "White": 0.06,
            "Silver": 0.06, "Red": 0.05, "Multi": 0.03, "Grey": 0.03, "Bronze": 0.03, "Pink": 0.03,
            "Yellow": 0.02, "Green": 0.02,
        },
    ),
    "Flats": TypeShares(
        "Footwear", "Shoes", 0.0112,
        gender={"Women": 1.0},
        season={"Winter": 0.66, "Summer": 0.18, "Fall": 0.16},
        year={"2012": 0.64, "2015": 0.15, "2011": 0.13, "2013": 0.05, "2010": 0.04},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.33, "Brown": 0.16, "White": 0.08, "Gold": 0.07, "Silver": 0.06, "Beige": 0.05,
            "Blue": 0.04, "Red": 0.04, "Pink": 0.04, "Grey": 0.03, "Maroon": 0.03, "Purple": 0.02,
            "Green": 0.02, "Bronze": 0.02, "Yellow": 0.01, "Tan": 0.01,
        },
    ),
    "Sandals": TypeShares(
        "Footwear", "Sandal", 0.0202,
        gender={"Men": 0.85, "Unisex": 0.11, "Girls": 0.04},
        season={"Summer": 0.51, "Fall": 0.31, "Winter": 0.13, "Spring": 0.05},
        year={"2012": 0.42, "2011": 0.33, "2013": 0.12, "2018": 0.07, "2015": 0.03, "2010": 0.03},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.41, "Brown": 0.28, "Grey": 0.06, "Blue": 0.04, "Navy Blue": 0.03, "Olive": 0.03,
            "Red": 0.03, "Green": 0.03, "Pink": 0.02, "White": 0.02, "Tan": 0.02, "Khaki": 0.02,
        },
    ),
    "Flip Flops": TypeShares(
        "Footwear", "Flip Flops", 0.0206,
        gender={"Men": 0.56, "Women": 0.28, "Unisex": 0.17},
        season={"Summer": 0.51, "Fall": 0.29, "Winter": 0.16, "Spring": 0.04},
        year={"2012": 0.55, "2011": 0.38, "2013": 0.08},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.27, "Blue": 0.13, "Red": 0.13, "Navy Blue": 0.08, "Brown": 0.07, "White": 0.07,
            "Green": 0.07, "Pink": 0.05, "Grey": 0.04, "Yellow": 0.04, "Purple": 0.04, "Orange": 0.02,
        },
    ),
    "Handbags": TypeShares(
        "Accessories", "Bags", 0.0396,
        gender={"Women": 0.96, "Unisex": 0.04},
        season={"Summer": 0.57, "Winter": 0.37, "Fall": 0.06},
        year={"2012": 0.52, "2015": 0.37, "2011": 0.06, "2016": 0.05},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.21, "Brown": 0.18, "Blue": 0.08, "Purple": 0.07, "Red": 0.07, "Beige": 0.06,
            "Pink": 0.06, "Green": 0.06, "Grey": 0.06, "White": 0.04, "Olive": 0.02, "Orange": 0.02,
            "Maroon": 0.02, "Yellow": 0.02, "Teal": 0.01, "Navy Blue": 0.01, "Multi": 0.01,
        },
    ),
    "Backpacks": TypeShares(
        "Accessories", "Bags", 0.0163,
        gender={"Unisex": 0.87, "Men": 0.08, "Women": 0.05},
        season={"Summer": 0.5, "Winter": 0.26, "Fall": 0.18, "Spring": 0.06},
        year={"2011": 0.35, "2012": 0.27, "2015": 0.27, "2013": 0.06, "2016": 0.05},
        usage={"Casual": 0.88, "Sports": 0.12},
        colour={
            "Black": 0.42, "Blue": 0.16, "Grey": 0.1, "Red": 0.1, "Navy Blue": 0.06, "Green": 0.04,
            "Pink": 0.03, "Olive": 0.03, "Brown": 0.03, "Purple": 0.02, "Orange": 0.02,
        },
    ),
    "Clutches": TypeShares(
        "Accessories", "Bags", 0.0065,
        gender={"Women": 1.0},
        season={"Summer": 0.67, "Winter": 0.26, "Fall": 0.07},
        year={"2012": 0.71, "2015": 0.25, "2010": 0.04},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.3, "Gold": 0.1, "Red": 0.08, "Purple": 0.07, "Brown": 0.06, "Silver": 0.06,
            "Grey": 0.06, "Green": 0.05, "Blue": 0.05, "Maroon": 0.05, "Beige": 0.04, "Pink": 0.04,
            "Copper": 0.02, "Bronze": 0.02, "White": 0.02,
        },
    ),
    "Wallets": TypeShares(
        "Accessories", "Wallets", 0.0211,
        gender={"Women": 0.51, "Men": 0.49},
        season={"Summer": 0.54, "Winter": 0.35, "Fall": 0.12},
        year={"2012": 0.49, "2015": 0.22, "2016": 0.16, "2011": 0.13},
        usage={"Casual": 0.97, "Formal": 0.03},
        colour={
            "Black": 0.36, "Brown": 0.33, "Purple": 0.07, "Red": 0.05, "Pink": 0.05, "Blue": 0.04,
            "Green": 0.03, "Grey": 0.03, "Beige": 0.02, "White": 0.02,
        },
    ),
    "Duffel Bag": TypeShares(
        "Accessories", "Bags", 0.0020,
        gender={"Unisex": 0.88, "Women": 0.08, "Men": 0.05},
        season={"Summer": 0.51, "Winter": 0.34, "Fall": 0.15},
        year={"2012": 0.47, "2015": 0.28, "2011": 0.26},
        usage={"Casual": 0.93, "Travel": 0.03, "Sports": 0.03},
        colour={
            "Black": 0.33, "Blue": 0.15, "Olive": 0.08, "Grey": 0.07, "Green": 0.07, "Brown": 0.06,
            "Beige": 0.06, "Red": 0.05, "Navy Blue": 0.05, "Mustard": 0.03, "Khaki": 0.03, "Orange": 0.02,
        },
    ),
    "Laptop Bag": TypeShares(
        "Accessories", "Bags", 0.0018,
        gender={"Unisex": 0.67, "Men": 0.21, "Women": 0.12},
        season={"Summer": 0.52, "Fall": 0.31, "Winter": 0.17},
        year={"2012": 0.52, "2011": 0.23, "2015": 0.19, "2016": 0.05},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.63, "Brown": 0.16, "Grey": 0.04, "Orange": 0.02, "Purple": 0.02, "Navy Blue": 0.02,
            "Beige": 0.02, "Red": 0.01, "Pink": 0.01, "Yellow": 0.01, "White": 0.01, "Lavender": 0.01,
            "Cream": 0.01,
        },
    ),
    "Watches": TypeShares(
        "Accessories", "Watches", 0.0572,
        gender={"Men": 0.58, "Women": 0.36, "Unisex": 0.06},
        season={"Winter": 1.0},
        year={"2016": 1.0},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.42, "White": 0.25, "Silver": 0.12, "Steel": 0.06, "Blue": 0.05, "Grey": 0.03,
            "Pink": 0.02, "Gold": 0.02, "Brown": 0.02,
        },
    ),
    "Sunglasses": TypeShares(
        "Accessories", "Eyewear", 0.0241,
        gender={"Men": 0.56, "Women": 0.3, "Unisex": 0.14},
        season={"Winter": 1.0},
        year={"2016": 1.0},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.37, "Brown": 0.24, "Grey": 0.06, "Gold": 0.05, "Purple": 0.04, "Steel": 0.04,
            "Blue": 0.03, "Green": 0.03, "Copper": 0.03, "White": 0.03, "Metallic": 0.03, "Silver": 0.02,
            "Red": 0.01, "Pink": 0.01,
        },
    ),
    "Belts": TypeShares(
        "Accessories", "Belts", 0.0183,
        gender={"Men": 0.67, "Women": 0.33},
        season={"Summer": 0.68, "Winter": 0.2, "Fall": 0.12},
        year={"2012": 0.54, "2011": 0.2, "2015": 0.14, "2016": 0.06, "2013": 0.06},
        usage={"Casual": 0.83, "Formal": 0.17},
        colour={
            "Black": 0.42, "Brown": 0.32, "Red": 0.04, "White": 0.03, "Beige": 0.03, "Purple": 0.03,
            "Blue": 0.02, "Olive": 0.02, "Grey": 0.02, "Tan": 0.02, "Navy Blue": 0.02, "Green": 0.02,
            "Pink": 0.02,
        },
    ),
    "Ties": TypeShares(
        "Accessories", "Ties", 0.0059,
        gender={"Men": 1.0},
        season={"Summer": 0.84, "Fall": 0.16},
        year={"2012": 0.68, "2011": 0.29, "2017": 0.03},
        usage={"Formal": 0.66, "Casual": 0.34},
        colour={
            "Black": 0.22, "Blue": 0.19, "Red": 0.11, "Maroon": 0.1, "Grey": 0.09, "Navy Blue": 0.07,
            "Purple": 0.07, "Brown": 0.04, "Lavender": 0.04, "White": 0.02, "Yellow": 0.02, "Cream": 0.02,
        },
    ),
    "Caps": TypeShares(
        "Accessories", "Headwear", 0.0064,
        gender={"Unisex": 0.51, "Men": 0.4, "Women": 0.09},
        season={"Summer": 0.53, "Fall": 0.43, "Winter": 0.05},
        year={"2012": 0.51, "2011": 0.44, "2010": 0.05},
        usage={"Casual": 0.73, "Sports": 0.27},
        colour={
            "Black": 0.3, "Blue": 0.18, "Red": 0.11, "White": 0.1, "Navy Blue": 0.1, "Grey": 0.07,
            "Purple": 0.04, "Green": 0.04, "Pink": 0.02, "Beige": 0.02, "Orange": 0.01, "Olive": 0.01,
        },
    ),
    "Scarves": TypeShares(
        "Accessories", "Scarves", 0.0027,
        gender={"Women": 0.61, "Men": 0.35, "Unisex": 0.04},
        season={"Summer": 0.58, "Fall": 0.25, "Winter": 0.17},
        year={"2012": 0.61, "2011": 0.24, "2015": 0.15},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.19, "Grey": 0.14, "Blue": 0.11, "Brown": 0.08, "Red": 0.07, "White": 0.07,
            "Purple": 0.06, "Yellow": 0.05, "Pink": 0.05, "Green": 0.05, "Maroon": 0.04, "Navy Blue": 0.04,
            "Off White": 0.03, "Peach": 0.02,
        },
    ),
    "Socks": TypeShares(
        "Accessories", "Socks", 0.0154,
        gender={"Men": 0.78, "Women": 0.12, "Unisex": 0.1},
        season={"Summer": 0.83, "Fall": 0.17},
        year={"2016": 0.58, "2011": 0.2, "2012": 0.15, "2017": 0.04, "2010": 0.03},
        usage={"Casual": 0.73, "Sports": 0.2, "Formal": 0.06},
        colour={
            "Black": 0.29, "White": 0.25, "Grey": 0.13, "Navy Blue": 0.1, "Brown": 0.07, "Blue": 0.05,
            "Beige": 0.03, "Multi": 0.02, "Pink": 0.02, "Cream": 0.02, "Red": 0.02,
        },
    ),
    "Cufflinks": TypeShares(
        "Accessories", "Cufflinks", 0.0024,
        gender={"Men": 1.0},
        season={"Summer": 0.79, "Fall": 0.21},
        year={"2012": 0.72, "2011": 0.2, "2017": 0.08},
        usage={"Casual": 0.59, "Formal": 0.41},
        colour={
            "Steel": 0.6, "Black": 0.13, "Blue": 0.1, "Gold": 0.05, "Copper": 0.04, "Red": 0.04,
            "Silver": 0.02, "Pink": 0.02,
        },
    ),
    "Earrings": TypeShares(
        "Accessories", "Jewellery", 0.0094,
        gender={"Women": 1.0},
        season={"Summer": 0.47, "Winter": 0.28, "Fall": 0.25},
        year={"2012": 0.55, "2016": 0.28, "2013": 0.18},
        usage={"Casual": 0.72, "Ethnic": 0.28},
        colour={
            "Silver": 0.57, "Gold": 0.23, "Green": 0.05, "White": 0.04, "Red": 0.03, "Black": 0.02,
            "Maroon": 0.02, "Purple": 0.01, "Pink": 0.01,
        },
    ),
    "Pendant": TypeShares(
        "Accessories", "Jewellery", 0.0040,
        gender={"Women": 0.95, "Men": 0.05},
        season={"Summer": 0.6, "Winter": 0.22, "Fall": 0.18},
        year={"2012": 0.35, "2013": 0.34, "2016": 0.19, "2015": 0.12},
        usage={"Casual": 0.94, "Ethnic": 0.06},
        colour={"Silver": 0.72, "Gold": 0.18, "Steel": 0.05, "Blue": 0.03, "White": 0.02},
    ),
    "Necklace and Chains": TypeShares(
        "Accessories", "Jewellery", 0.0036,
        gender={"Women": 1.0},
        season={"Fall": 0.54, "Winter": 0.32, "Summer": 0.14},
        year={"2012": 0.61, "2015": 0.18, "2016": 0.15, "2013": 0.06},
        usage={"Casual": 0.96, "Ethnic": 0.04},
        colour={
            "Gold": 0.22, "Silver": 0.15, "Blue": 0.12, "Red": 0.09, "Brown": 0.07, "Black": 0.07,
            "Green": 0.05, "Multi": 0.05, "Pink": 0.04, "Orange": 0.04, "White": 0.03, "Turquoise Blue": 0.03,
            "Cream": 0.02, "Bronze": 0.01, "Grey": 0.01,
        },
    ),
    "Ring": TypeShares(
        "Accessories", "Jewellery", 0.0027,
        gender={"Women": 0.78, "Men": 0.22},
        season={"Summer": 0.74, "Fall": 0.26},
        year={"2012": 0.5, "2013": 0.39, "2015": 0.1},
        usage={"Casual": 1.0},
        colour={"Silver": 0.72, "Steel": 0.22, "Black": 0.03, "Gold": 0.03},
    ),
    "Bracelet": TypeShares(
        "Accessories", "Jewellery", 0.0015,
        gender={"Women": 0.76, "Men": 0.24},
        season={"Winter": 0.52, "Summer": 0.48},
        year={"2012": 0.42, "2016": 0.28, "2013": 0.17, "2015": 0.14},
        usage={"Casual": 1.0},
        colour={
            "Gold": 0.38, "Steel": 0.24, "Silver": 0.18, "Black": 0.09, "Bronze": 0.02, "Purple": 0.02,
            "Beige": 0.02, "Cream": 0.02, "Navy Blue": 0.02, "Red": 0.02, "Green": 0.02,
        },
    ),
    "Bangle": TypeShares(
        "Accessories", "Jewellery", 0.0019,
        gender={"Women": 0.84, "Men": 0.16},
        season={"Summer": 0.58, "Winter": 0.33, "Fall": 0.08},
        year={"2012": 0.49, "2016": 0.24, "2013": 0.16, "2015": 0.11},
        usage={"Casual": 0.91, "Ethnic": 0.09},
        colour={
            "Gold": 0.3, "Steel": 0.18, "Silver": 0.17, "Black": 0.09, "White": 0.08, "Green": 0.06,
            "Yellow": 0.04, "Red": 0.03, "Purple": 0.03, "Blue": 0.03,
        },
    ),
    "Perfume and Body Mist": TypeShares(
        "Personal Care", "Fragrance", 0.0138,
        gender={"Men": 0.55, "Women": 0.45},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 1.0},
        colour={
            "Blue": 0.18, "Black": 0.17, "White": 0.15, "Pink": 0.08, "Green": 0.07, "Silver": 0.06,
            "Red": 0.06, "Brown": 0.05, "Grey": 0.04, "Gold": 0.04, "Orange": 0.04, "Purple": 0.03,
            "Cream": 0.02, "Yellow": 0.02,
        },
    ),
    "Deodorant": TypeShares(
        "Personal Care", "Fragrance", 0.0078,
        gender={"Men": 0.62, "Women": 0.38},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 1.0},
        colour={
            "Black": 0.21, "Blue": 0.15, "Red": 0.09, "White": 0.08, "Green": 0.07, "Pink": 0.07,
            "Grey": 0.07, "Brown": 0.05, "Gold": 0.05, "Silver": 0.05, "Purple": 0.04, "Orange": 0.03,
            "Yellow": 0.02, "Lavender": 0.01,
        },
    ),
    "Nail Polish": TypeShares(
        "Personal Care", "Nails", 0.0074,
        gender={"Women": 1.0},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 0.84, "NA": 0.16},
        colour={
            "Pink": 0.24, "Brown": 0.12, "Red": 0.12, "Purple": 0.08, "Maroon": 0.05, "Blue": 0.04,
            "White": 0.04, "Silver": 0.04, "Green": 0.03, "Gold": 0.03, "Orange": 0.03, "Peach": 0.03,
            "Lavender": 0.02, "Black": 0.02, "Bronze": 0.02, "Mauve": 0.02, "Magenta": 0.02, "Metallic": 0.02,
            "Copper": 0.02, "Beige": 0.01,
        },
    ),
    "Lipstick": TypeShares(
        "Personal Care", "Lips", 0.0071,
        gender={"Women": 1.0},
        season={"Spring": 0.97, "Summer": 0.03},
        year={"2017": 0.97, "2019": 0.03},
        usage={"Casual": 0.83, "NA": 0.17},
        colour={
            "Brown": 0.33, "Pink": 0.18, "Purple": 0.16, "Red": 0.15, "Maroon": 0.09, "Burgundy": 0.02,
            "Rose": 0.02, "Peach": 0.02, "Mauve": 0.02, "Magenta": 0.01,
        },
    ),
    "Lip Gloss": TypeShares(
        "Personal Care", "Lips", 0.0032,
        gender={"Women": 1.0},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 0.76, "NA": 0.24},
        colour={
            "Pink": 0.33, "Brown": 0.23, "Purple": 0.15, "Red": 0.09, "Maroon": 0.05, "Peach": 0.04,
            "White": 0.03, "Rose": 0.02, "Mauve": 0.02, "Copper": 0.01, "Skin": 0.01,
        },
    ),
    "Kajal and Eyeliner": TypeShares(
        "Personal Care", "Makeup", 0.0023,
        gender={"Women": 1.0},
        season={"Spring": 0.96, "Summer": 0.04},
        year={"2017": 0.96, "2019": 0.04},
        usage={"Casual": 0.92, "NA": 0.08},
        colour={
            "Black": 0.36, "Blue": 0.22, "Green": 0.1, "Purple": 0.09, "Brown": 0.06, "Grey": 0.04,
            "Olive": 0.03, "Copper": 0.03, "White": 0.02, "Bronze": 0.02, "Teal": 0.02,
        },
    ),
    "Face Moisturisers": TypeShares(
        "Personal Care", "Skin", 0.0014,
        gender={"Women": 1.0},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 0.79, "NA": 0.21},
        colour={
            "White": 0.45, "Cream": 0.13, "Gold": 0.1, "Silver": 0.1, "Green": 0.08, "Black": 0.07,
            "Blue": 0.02, "Beige": 0.02, "Yellow": 0.02, "Pink": 0.02,
        },
    ),
    "Compact": TypeShares(
        "Personal Care", "Makeup", 0.0011,
        gender={"Women": 1.0},
        season={"Spring": 0.9, "Summer": 0.1},
        year={"2017": 0.9, "2019": 0.1},
        usage={"Casual": 0.8, "NA": 0.2},
        colour={"Skin": 0.82, "Beige": 0.08, "Pink": 0.04, "Nude": 0.02, "Gold": 0.02, "Peach": 0.02},
    ),
    "Foundation and Primer": TypeShares(
        "Personal Care", "Makeup", 0.0017,
        gender={"Women": 1.0},
        season={"Spring": 0.89, "Summer": 0.11},
        year={"2017": 0.89, "2019": 0.11},
        usage={"Casual": 0.91, "NA": 0.09},
        colour={"Skin": 0.92, "Beige": 0.05, "Peach": 0.03},
    ),
    "Eyeshadow": TypeShares(
        "Personal Care", "Makeup", 0.0009,
        gender={"Women": 1.0},
        season={"Spring": 1.0},
        year={"2017": 1.0},
        usage={"Casual": 0.76, "NA": 0.24},
        colour={
            "Green": 0.17, "Multi": 0.14, "Pink": 0.12, "Blue": 0.12, "Brown": 0.1, "Purple": 0.1,
            "Bronze": 0.07, "Copper": 0.05, "Gold": 0.05, "Black": 0.02, "Turquoise Blue": 0.02, "Nude": 0.02,
            "Silver": 0.02,
        },
    ),
}
