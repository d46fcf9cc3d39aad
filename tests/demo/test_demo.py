import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.generate import write_styles
from demo.names import brands
from demo.products import FIRST_ID, SMALLEST_CELL, palettes, products, quota, type_sizes
from demo.statistics import MARGINALS, TYPES
from mpsr.catalogue.colours import COLOURS, hex_of
from mpsr.catalogue.types import COLUMNS
from mpsr.demo import DEMO_PRODUCTS, DEMO_SEED, demo_folder

MADE = products(DEMO_SEED, DEMO_PRODUCTS)


def committed_rows() -> list[list[str]]:
    lines = (demo_folder() / "styles.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    return [[*row[:9], ",".join(row[9:])] for row in rows]


def total_variation(counts: Counter[str], shares: dict[str, float]) -> float:
    total = sum(counts.values())
    return sum(abs(counts[key] / total - shares.get(key, 0.0)) for key in {*counts, *shares}) / 2


class TestCommittedCatalogue:
    def test_has_the_ten_columns_and_the_products_of_its_seed(self):
        header, *rows = committed_rows()
        assert tuple(header) == COLUMNS
        assert len(rows) == DEMO_PRODUCTS
        assert [tuple(row) for row in rows] == [p.row() for p in MADE]

    def test_has_more_than_thirty_types_over_four_categories(self):
        _, *rows = committed_rows()
        assert len({row[4] for row in rows}) >= 30
        assert {row[2] for row in rows} == {"Apparel", "Footwear", "Accessories", "Personal Care"}

    def test_ids_are_unique_and_count_up(self):
        _, *rows = committed_rows()
        assert [int(row[0]) for row in rows] == list(range(FIRST_ID, FIRST_ID + DEMO_PRODUCTS))

    def test_every_picture_opens_at_its_size(self):
        _, *rows = committed_rows()
        listed = {f"{row[0]}.jpg" for row in rows}
        found = {path.name: path for path in (demo_folder() / "images").iterdir()}
        assert found.keys() <= listed
        assert len(listed - found.keys()) == 2
        for path in found.values():
            with Image.open(path) as image:
                image.load()
                assert (image.size, image.mode, image.format) == ((240, 320), "RGB", "JPEG")

    def test_fits_into_ten_megabytes(self):
        assert sum(path.stat().st_size for path in demo_folder().rglob("*") if path.is_file()) <= 10_000_000

    def test_pictures_are_on_white_and_filled(self):
        for path in sorted((demo_folder() / "images").iterdir())[::50]:
            pixels = np.asarray(Image.open(path).convert("RGB"), dtype=float)
            corners = pixels[[2, 2, -3, -3], [2, -3, 2, -3]]
            assert corners.min() > 235, path.name
            assert (pixels.min(axis=2) < 235).mean() > 0.02, path.name


class TestStatistics:
    """The demo's shares against the real ones, as total variation: half the sum of absolute differences."""

    @pytest.mark.parametrize(
        ("column", "attribute", "distance"),
        [
            ("gender", "gender", 0.07),
            ("season", "season", 0.06),
            ("year", "year", 0.08),
            ("usage", "usage", 0.06),
            ("baseColour", "colour", 0.18),
        ],
    )
    def test_marginals_are_near_the_measured_ones(self, column, attribute, distance):
        assert total_variation(Counter(getattr(p, attribute) for p in MADE), MARGINALS[column]) <= distance

    def test_master_categories_are_near(self):
        counts = Counter(TYPES[p.article].master for p in MADE)
        assert total_variation(counts, MARGINALS["masterCategory"]) <= 0.11

    def test_values_agree_within_a_type_as_they_do_really(self):
        for p in MADE:
            kind = TYPES[p.article]
            assert p.season in kind.season or p.season == ""
            assert p.year in kind.year
            assert p.usage in kind.usage

    def test_black_leads_and_most_colours_occur(self):
        counts = Counter(p.colour for p in MADE)
        assert max(counts, key=counts.__getitem__) == "Black"
        assert {colour for colour, _ in counts.most_common(5)} <= {
            "Black",
            "White",
            "Blue",
            "Brown",
            "Grey",
            "Red",
            "Pink",
            "Green",
        }
        assert len(counts) >= 40

    def test_most_products_have_neighbours_of_their_type_and_colour(self):
        cells = Counter((p.article, p.colour) for p in MADE)
        lonely = sum(size for size in cells.values() if size < SMALLEST_CELL - 1)
        assert lonely <= 0.02 * DEMO_PRODUCTS

    def test_shares_in_the_tables_sum_to_one(self):
        for name, kind in TYPES.items():
            for shares in (kind.gender, kind.season, kind.year, kind.usage, kind.colour):
                assert sum(shares.values()) == pytest.approx(1.0, abs=0.06), name


class TestFamiliesAndFlaws:
    def test_some_products_share_a_name(self):
        names = Counter(p.name for p in MADE)
        shared = sum(count for count in names.values() if count > 1) / DEMO_PRODUCTS
        assert 0.2 <= shared <= 0.4

    def test_families_come_in_several_colours(self):
        colours: dict[int, set[str]] = {}
        for p in MADE:
            colours.setdefault(p.family, set()).add(p.colour)
        assert sum(len(found) > 1 for found in colours.values()) >= 100

    def test_reshoots_repeat_a_product_but_not_its_picture(self):
        again = [p for p in MADE if p.reshoot and p.pictured]
        assert len(again) >= 20
        twin = next(
            q
            for q in MADE
            if not q.reshoot
            and (q.family, q.colour, q.name)
            == (
                again[0].family,
                again[0].colour,
                again[0].name,
            )
        )
        images = demo_folder() / "images"
        assert (images / f"{twin.id}.jpg").read_bytes() != (images / f"{again[0].id}.jpg").read_bytes()

    def test_the_honest_flaws(self):
        assert sum(p.season == "" for p in MADE) == 2
        assert sum("," in p.name for p in MADE) == 2
        assert sum('"' in p.name for p in MADE) == 1
        assert sum(p.colour == "NA" for p in MADE) == 2
        assert sum(not p.pictured for p in MADE) == 2

    def test_names_with_commas_are_not_quoted(self, tmp_path):
        write_styles(tmp_path / "styles.csv", MADE)
        rows = list(csv.reader(io.StringIO((tmp_path / "styles.csv").read_text()), quoting=csv.QUOTE_NONE))
        assert {len(row) for row in rows} > {10, 11}


class TestSeeds:
    def test_the_same_seed_makes_the_same_rows(self):
        assert products(DEMO_SEED, DEMO_PRODUCTS) == MADE

    def test_another_seed_makes_other_products_of_other_brands(self):
        other = products(DEMO_SEED + 6, DEMO_PRODUCTS)
        assert len(other) == DEMO_PRODUCTS
        names = {p.name for p in MADE}
        assert sum(p.name in names for p in other) < 0.05 * DEMO_PRODUCTS
        one, two = ({b.name for trade in brands(seed).values() for b in trade} for seed in (1, 7))
        assert len(one & two) < len(one) / 2

    @pytest.mark.parametrize("count", [1, 40, 300, 6000])
    def test_any_count_comes_out_exactly(self, count):
        assert len(products(3, count)) == count

    def test_quotas_add_up(self):
        assert quota({"a": 0.5, "b": 0.3, "c": 0.2}, 7) == {"a": 4, "b": 2, "c": 1}
        sizes = type_sizes(DEMO_PRODUCTS)
        assert {name: sum(cells.values()) for name, cells in palettes(sizes).items()} == sizes


class TestDrawing:
    def test_importing_the_demo_does_not_import_skia(self):
        code = "import sys, demo.generate, demo.products; sys.exit('skia' in sys.modules)"
        root = Path(__file__).resolve().parents[2]
        assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0

    def test_every_type_has_a_drawing(self):
        pytest.importorskip(
            "skia", exc_type=ImportError, reason="drawing needs skia-python (the extra mpsr[demo])"
        )
        from demo.drawing.shot import DRAWINGS

        assert DRAWINGS.keys() == TYPES.keys()

    def test_a_sample_redrawn_equals_the_committed_pictures(self):
        """Skia picks its code by the processor, and a rounding may differ: hence a small tolerance."""
        pytest.importorskip(
            "skia", exc_type=ImportError, reason="drawing needs skia-python (the extra mpsr[demo])"
        )
        from demo.drawing.shot import photograph

        for p in [p for p in MADE if p.pictured][::37]:
            again = np.asarray(Image.open(io.BytesIO(photograph(p, DEMO_SEED))), dtype=float)
            kept = np.asarray(Image.open(demo_folder() / "images" / f"{p.id}.jpg"), dtype=float)
            assert np.abs(again - kept).mean() < 0.5, p.id


class TestColours:
    def test_the_table_covers_the_real_catalogue(self):
        assert set(MARGINALS["baseColour"]) - {"NA"} == set(COLOURS)
        assert len(COLOURS) == 46

    def test_hex_of(self):
        assert hex_of("navy blue") == COLOURS["Navy Blue"]
        assert hex_of("NA") is None
        assert hex_of("No such colour") is None
