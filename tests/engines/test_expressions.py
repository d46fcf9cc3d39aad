"""Filters as Milvus reads them: a product's text is never part of an expression."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpsr.catalogue.coded import MISSING
from mpsr.engines.expressions import expression, quoted
from mpsr.engines.fields import DIGEST, ID, MOST_BYTES, MOST_COLUMNS, VECTOR, Records, fields_of, stored
from mpsr.search.conditions import Condition
from mpsr.search.filters import Filters

pymilvus = pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")

COUNT = 8
NASTY = ('"', "'", "\\", "%", "_", "\n", "\r", "\t", "\\n", "ü", "衣", "😀", "\u2028", "\x00")
INJECTED = ('"] or id in ["0', '" or "" == "', '"; drop', "{brand}")
texts = st.one_of(
    st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join),
    st.sampled_from(INJECTED),
    st.text(min_size=1, max_size=12),
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """The ids of those of these products that pass an expression, as Milvus Lite says."""
    client = pymilvus.MilvusClient(str(tmp_path_factory.mktemp("milvus") / "texts.db"))
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ID, pymilvus.DataType.VARCHAR, max_length=20, is_primary=True)
    schema.add_field(VECTOR, pymilvus.DataType.FLOAT_VECTOR, dim=2)
    schema.add_field(DIGEST, pymilvus.DataType.VARCHAR, max_length=32)
    schema.add_field("brand", pymilvus.DataType.VARCHAR, max_length=MOST_BYTES)
    schema.add_field("price", pymilvus.DataType.DOUBLE, nullable=True)
    index = client.prepare_index_params()
    index.add_index(VECTOR, index_type="FLAT", metric_type="IP")
    client.create_collection("texts", schema=schema, index_params=index, consistency_level="Strong")
    client.load_collection("texts")

    def asked(records: Records, told: str) -> set[str]:
        client.upsert("texts", records.records(range(COUNT)))
        return {one[ID] for one in client.query("texts", filter=told, output_fields=[ID], limit=COUNT)}

    yield asked
    client.close()


def products(values: list, prices: list) -> tuple[Records, Filters]:
    filters = Filters(pd.DataFrame({"brand": values, "price": prices}))
    return Records(
        [str(n) for n in range(len(values))], np.ones((len(values), 2), np.float32), filters
    ), filters


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.lists(st.one_of(st.none(), texts), min_size=2, max_size=3, unique=True),
    of=st.lists(st.integers(0, 2), min_size=COUNT, max_size=COUNT),
    refuse=st.booleans(),
)
def test_an_expression_passes_the_products_of_those_values_and_no_others(ask, values, of, refuse):
    column = [values[n % len(values)] for n in of]
    column[0], column[1] = values[0], values[1]
    records, filters = products(column, [float(n) for n in range(COUNT)])
    asked = MISSING if not values[0] else values[0]
    where = {"brand": Condition(none_of=(asked,)) if refuse else [asked]}
    told = expression(where, (), filters, fields_of(filters))
    assert ask(records, told) == {str(row) for row in np.flatnonzero(filters.mask(where))}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    prices=st.lists(
        st.one_of(st.none(), st.floats(-1e9, 1e9), st.integers(0, 3).map(float)),
        min_size=COUNT,
        max_size=COUNT,
    ),
    least=st.floats(-1e9, 1e9),
)
def test_ranges_pass_the_numbers_inside(ask, prices, least):
    records, filters = products(["a", "b"] * (COUNT // 2), pd.array(prices, dtype="Float64"))
    where = {"price": Condition(least=least)}
    told = expression(where, (), filters, fields_of(filters))
    assert ask(records, told) == {str(row) for row in np.flatnonzero(filters.mask(where))}


def test_a_long_list_of_numbers_is_a_range_and_infinite_ones_are_not_asked_for():
    filters = Filters(pd.DataFrame({"price": [*map(float, range(100)), np.nan]}))
    fields = fields_of(filters)
    assert (
        expression({"price": Condition(least=10)}, (), filters, fields) == "(price >= 10.0 and price <= 99.0)"
    )
    filters = Filters(pd.DataFrame({"price": [1.0, np.inf]}))
    assert expression({"price": Condition(least=0)}, (), filters, fields_of(filters)) == ""


def test_the_shorter_of_two_lists_is_asked_with():
    filters = Filters(pd.DataFrame({"colour": [f"c{n % 50}" for n in range(200)]}))
    fields = fields_of(filters)
    assert expression({"colour": ["c1"]}, (), filters, fields) == 'colour in ["c1"]'
    assert expression({"colour": Condition(none_of=("c1",))}, (), filters, fields) == 'colour not in ["c1"]'
    assert expression({"colour": Condition(same=True)}, [3], filters, fields) == 'colour in ["c3"]'


def test_columns_of_any_name_have_fields_of_their_own():
    names = ["baseColour", "Größe", "id", "in", "column_1", "a b", "vector", "x" * 300, "id "]
    filters = Filters(pd.DataFrame({name: ["a", "b"] * 4 for name in names}))
    fields = fields_of(filters)
    assert {field.column for field in fields} == set(names) - {"id"}
    assert len({field.name for field in fields}) == len(fields)
    assert all(
        field.name.isascii() and field.name.isidentifier() and field.name not in names[1:4]
        for field in fields
    )


def test_filters_on_columns_without_a_field_are_left_out():
    table = {f"column{n}": ["a", "b"] * 4 for n in range(MOST_COLUMNS + 2)}
    filters = Filters(pd.DataFrame({**table, "description": [str(n) for n in range(8)]}))
    fields = fields_of(filters)
    assert len(fields) == MOST_COLUMNS
    assert expression({"description": ["3"]}, (), filters, fields) == ""


def test_texts_that_no_field_holds_are_cut_and_made_valid():
    assert len(stored("ü" * MOST_BYTES).encode()) <= MOST_BYTES
    assert stored("a\ud800b") == "a\\ud800b"
    assert quoted('a"b\\c\n') == '"a\\"b\\\\c\\n"'
