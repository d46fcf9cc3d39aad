"""Product exports of 200 rows each as shops' programs write them, with what makes them hard; the goods are invented."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image


def _columns(text: str) -> list[str]:
    return text.split(",")


COLOURS = ("Blue", "Red", "Green", "Black")
KINDS = ("Shirt", "Coat", "Hat", "Dress", "Belt")

#: The columns of Shopify's export, in its order (the many that say nothing about a product shortened).
SHOPIFY = _columns(
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Image Src,Image Position,"
    "Image Alt Text,SEO Title,Google Shopping / Gender,Google Shopping / Age Group,Variant Image,"
    "Status"
)

GOOGLE = _columns(
    "id,title,description,link,image_link,additional_image_link,availability,price,brand,"
    "item_group_id,color,gender,age_group,size,product_type,google_product_category"
)

WOO = _columns(
    "ID,Type,SKU,Name,Published,Short description,Description,Regular price,Categories,Tags,Images,"
    "Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,"
    "Attribute 2 name,Attribute 2 value(s)"
)

HM = _columns(
    "article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name,"
    "graphical_appearance_name,colour_group_code,colour_group_name,perceived_colour_master_name,"
    "department_name,index_name,index_group_name,section_name,garment_group_name,detail_desc"
)


def photo(name: str) -> bytes:
    """A picture that tells its name: no two of them are near-identical."""
    blocks = np.random.default_rng(zlib.crc32(name.encode())).integers(0, 256, (8, 6, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(blocks).resize((30, 40), Image.Resampling.NEAREST).save(out, "JPEG", quality=90)
    return out.getvalue()


def table(header: Sequence[str], rows: Iterable[dict[str, str]], delimiter: str = ",") -> str:
    """Rows by column name as CSV; what a row does not say is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def shopify() -> list[dict[str, str]]:
    """40 products: a first row, three more variants, and a row that only adds a picture."""
    rows = []
    for number in range(40):
        kind, handle = KINDS[number % 5], f"alder-{KINDS[number % 5].lower()}-{number}"
        shared = {
            "Handle": handle,
            "Title": f"Alder {kind} &amp; Co {number}",
            "Body (HTML)": f"<p>Soft, warm.</p>\n<p>Care: cold wash, dry {'x' * (11_000 if number == 3 else 5)}</p>",
            "Vendor": "Alder",
            "Product Category": f"Apparel & Accessories > Clothing > {kind}s",
            "Type": f"{kind}s",
            "Published": "true",
            "Option1 Name": "Color" if number % 2 else "Colour",
            "Option2 Name": "Size",
            "Google Shopping / Gender": "male",
            "Google Shopping / Age Group": "adult",
            "Status": "active",
        }
        for place, colour in enumerate(COLOURS):
            rows.append(
                {
                    **(shared if place == 0 else {"Handle": handle}),
                    "Option1 Value": colour,
                    "Option2 Value": "M",
                    "Variant SKU": f"{number:03}-{place}" if number % 4 else "",
                    "Variant Price": "19.90",
                    "Variant Inventory Policy": "deny",
                    "Image Src": f"https://cdn.example.com/files/{handle}-{place}.jpg?v=17"
                    if place < 2
                    else "",
                    "Image Position": str(place + 1) if place < 2 else "",
                    "Variant Image": f"https://cdn.example.com/files/{handle}-1.jpg?v=17"
                    if place == 1
                    else "",
                }
            )
        last = f"https://cdn.example.com/files/{handle}-9.jpg?v=17"
        rows.append({"Handle": handle, "Image Src": last, "Image Position": "3"})
    return rows


def google(site: str = "https://shop.example.com") -> list[dict[str, str]]:
    """50 products of four sizes, their pictures at a site."""
    return [
        {
            "id": f"G{number}-{size}",
            "title": f"Birch {KINDS[number % 5]} {number}",
            "description": 'Warm, 3.5" wide',
            "link": f"https://shop.example.com/p/{number}",
            "image_link": f"{site}/media/g{number}.jpg",
            "additional_image_link": f"{site}/media/g{number}b.jpg,{site}/media/g{number}c.jpg",
            "price": "29.00 EUR",
            "brand": "Birch",
            "item_group_id": f"G{number}",
            "color": COLOURS[number % 4],
            "gender": "female",
            "age_group": "kids" if number % 2 else "adult",
            "size": size,
            "product_type": f"Home > Women > {KINDS[number % 5]}s",
            "google_product_category": "212",
        }
        for number in range(50)
        for size in ("S", "M", "L", "XL")
    ]


def woocommerce() -> list[dict[str, str]]:
    """40 variable products of four variations each; every other names its parent by number."""
    rows = []
    for number in range(40):
        kind, sku = KINDS[number % 5], f"W{number}" if number % 2 else ""
        rows.append(
            {
                "ID": str(1000 + number * 10),
                "Type": "variable",
                "SKU": sku,
                "Name": f"Cedar {kind} {number}",
                "Categories": f"Sale, Clothing > {kind}s",
                "Images": f"https://woo.example.com/uploads/w{number}.jpg, https://woo.example.com/uploads/w{number}b.jpg",
                "Attribute 1 name": "Color",
                "Attribute 1 value(s)": ", ".join(COLOURS),
            }
        )
        for place, colour in enumerate(COLOURS):
            rows.append(
                {
                    "ID": str(1001 + number * 10 + place),
                    "Type": "variation",
                    "SKU": f"W{number}-{place}" if number % 2 else "",
                    "Name": f"Cedar {kind} {number} - {colour}",
                    "Parent": sku or f"id:{1000 + number * 10}",
                    "Images": f"https://woo.example.com/uploads/w{number}-2.jpg" if place == 2 else "",
                    "Attribute 1 name": "Color",
                    "Attribute 1 value(s)": colour,
                }
            )
    return rows


def hm() -> list[dict[str, str]]:
    """100 products of two colours; article numbers begin with a zero."""
    return [
        {
            "article_id": f"0{200100 + number}{place:03}",
            "product_code": f"0{200100 + number}",
            "prod_name": f"Dagny {KINDS[number % 5]} {number}",
            "product_type_name": f"{KINDS[number % 5]}",
            "product_group_name": "Garment Upper body",
            "colour_group_name": COLOURS[place],
            "index_group_name": "Ladieswear" if number % 2 else "Menswear",
            "garment_group_name": "Jersey Basic",
            "detail_desc": "Soft, with a round neck.",
        }
        for number in range(100)
        for place in range(2)
    ]
