"""Tables saved in the encodings that spreadsheets and shops write."""

from __future__ import annotations

import random

import pytest

from mpsr.catalogue.encodings import decode, encoding_of

from .shop import read_shop

WORDS = {
    "cp1252": "Größe Käse Hose für Mädchen weiß “neu” – été robe à manches écru l’hiver œuvre niño algodón skjorta blå",
    "latin-1": "Größe Käse Hose schwarz für Mädchen weiß",
    "cp1250": "żółty płaszcz męski długi sukienka czerwony krótki dziewczęcy chłopięcy spódnica",
    "cp1254": "kadın ayakkabı kırmızı gömlek çocuk şık yeşil ığdır",
    "cp1251": "платье красное женские белые кроссовки пальто",
    "cp1253": "φόρεμα κόκκινο παπούτσια γυναικεία",
    "cp1255": "חולצה אדומה נשים מעיל",
    "cp1256": "قميص نسائي أحمر معطف",
    "cp932": "レディース 白 スニーカー シャツ 赤 ① ワンピース 長袖 の",
    "euc_jp": "レディース 白 スニーカー シャツ 赤 ワンピース 長袖",
    "gb18030": "女士 白色 运动鞋 红色 连衣裙 长袖 衬衫",
    "big5": "女士 白色 運動鞋 紅色 連衣裙 長袖 襯衫",
    "cp949": "여성 흰색 운동화 빨간 원피스",
    "utf-8": "Größe レディース 女士 قميص",
    "utf-8-sig": "Größe レディース",
    "utf-16": "Größe レディース",
    "utf-16-le": "Größe レディース",
}


@pytest.mark.parametrize("rows", [20, 200])
@pytest.mark.parametrize("encoding", WORDS)
def test_a_table_in_any_usual_encoding_reads_as_it_was_written(tmp_path, encoding, rows):
    chance = random.Random(1)
    names = [" ".join(chance.sample(WORDS[encoding].split(), 2)) for _ in range(rows)]
    table = "sku,title\n" + "".join(f"A{n},{name}\n" for n, name in enumerate(names))
    catalogue = read_shop(tmp_path, table.encode(encoding))
    assert catalogue.products["productDisplayName"].tolist() == names


@pytest.mark.parametrize(
    "title", ["Women’s coat", "Café – Paris", "Jeans “slim” 30 €", "Größe", "Señora", "Blå skjorta", "Œuvre"]
)
def test_one_letter_beyond_ascii_is_enough(title):
    data = f"sku,title\nA1,Plain\nA2,{title}\n".encode("cp1252")
    assert (encoding_of(data), decode(data, "t", None).splitlines()[2]) == ("cp1252", f"A2,{title}")


def test_a_damaged_utf8_table_is_not_taken_for_another_encoding():
    data = "sku,title\nA1,Größe\nA2,Mädchen\n".encode() + b"A3,caf\xe9\n"
    assert encoding_of(data) == "utf-8"
