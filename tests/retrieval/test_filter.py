"""The table of a catalogue's values admits the items that the definition of a constraint admits."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.constraints import satisfies_all
from retrieval.filter import satisfying
from retrieval.items import Catalogue, Constraint, Item, Variant

words = st.sampled_from(
    [
        "red",
        "Red",
        " blue ",
        "red, blue",
        "red and green",
        "L",
        "12",
        "12 left",
        "",
        "500 g",
        "1.2 kg",
        "2–5 years",
        "3+",
        "38, 40-42",
        '27"',
        "68.58 cm",
        "2016-05-01",
    ]
)
names = st.sampled_from(["colour", "size", "stock"])
variants = st.builds(
    Variant,
    code=st.just("v"),
    options=st.dictionaries(st.sampled_from(["colour", "size"]), words, max_size=2),
    price=st.none() | st.sampled_from([0.0, 10.0, 400.0]),
    stock=st.none() | st.sampled_from([0.0, 12.0]),
)
items = st.builds(
    Item,
    id=st.sampled_from([f"i{n}" for n in range(8)]),
    title=words,
    category=words,
    brand=words,
    price=st.none() | st.sampled_from([0.0, 9.99, 10.0, 400.0]),
    currency=st.sampled_from(["", "EUR", "USD", "CUP"]),
    attributes=st.dictionaries(names, words, max_size=3),
    variants=st.lists(variants, max_size=3).map(tuple),
)
catalogues = st.lists(items, max_size=8).map(lambda all_: Catalogue("c", {i.id: i for i in all_}))
fields = st.sampled_from(["id", "title", "category", "brand", "colour", "size", "stock", "nowhere"])
values = words | st.sampled_from(["i1", "i2"])
constraints = st.one_of(
    st.builds(
        Constraint,
        st.sampled_from(["price", "stock", "size"]),
        st.sampled_from(["<=", ">=", "="]),
        st.sampled_from([0.0, 0.5, 3.0, 10.0, 12.0, 27.0, 41.0, 500.0, 1000.0, 2016.0]),
        unit=st.sampled_from(["", "g", "kg", "in", "cm", "year"]),
        strict=st.booleans(),
    ),
    st.builds(
        Constraint,
        st.sampled_from(["price", "stock", "size"]),
        st.sampled_from(["in", "not in", "!="]),
        st.sampled_from([(10.0, 41.0), (3.0,), (500.0, 27.0)]),
        unit=st.sampled_from(["", "g", "in"]),
    ),
    st.builds(Constraint, fields, st.sampled_from(["=", "!="]), values, recorded=st.booleans()),
    st.builds(
        Constraint,
        st.just("price"),
        st.sampled_from(["<=", ">=", "="]),
        st.sampled_from([0.0, 9.99, 10.0, 400.0]),
        unit=st.sampled_from(["", "EUR", "USD", "CUP", "GBP"]),
    ),
    st.builds(
        Constraint,
        fields,
        st.sampled_from(["in", "not in"]),
        st.lists(values, max_size=3).map(tuple),
    ),
)


@given(catalogues, st.lists(constraints, max_size=4))
def test_the_table_of_values_agrees_with_the_definition(catalogue, asked):
    read = {i.id for i in catalogue.items.values() if satisfies_all(i, asked)}
    assert satisfying(catalogue, asked) == read
