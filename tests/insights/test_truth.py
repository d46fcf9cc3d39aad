"""Every sentence, on random catalogues and random filters, against plain pandas: what it says is so, of what is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpsr.catalogue.coded import MISSING
from mpsr.insights.listings import DIMENSIONS, Selection, listings_of
from mpsr.insights.statistics import LEAST_EXPECTED, association, difference_interval, simultaneous_z
from mpsr.insights.views import VIEWS, Insight, Options
from mpsr.insights.views.over_time import SMALL_PERIOD

VALUES = {
    "season": ["Spring", "Summer", "Fall", "Winter"],
    "year": ["2010", "2011", "2012", "2014"],
    "gender": ["Men", "Women", "Unisex"],
    "masterCategory": ["Apparel", "Footwear", "Accessories", *(f"Cat{n}" for n in range(7))],
    "subCategory": ["Topwear"],
    "articleType": [f"Type{n}" for n in range(14)],
    "usage": ["Casual", "Sports"],
    "baseColour": ["Red", "Blue", "Multi", "Green"],
}


@st.composite
def tables(draw: Callable) -> pd.DataFrame:
    """A catalogue of few or many products, its values as uneven as a shop's, some missing."""
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows = draw(st.sampled_from([1, 2, 7, 40, 300, 900]))
    columns = {}
    for column, values in VALUES.items():
        kept = values[: draw(st.integers(1, len(values)))]
        weights = random.dirichlet(np.full(len(kept), draw(st.sampled_from([0.3, 2.0]))))
        missing = draw(st.sampled_from([0.0, 0.005, 0.2]))
        columns[column] = np.where(random.random(rows) < missing, None, random.choice(kept, rows, p=weights))
    frame = pd.DataFrame(columns, dtype="object")
    kinds = pd.factorize(frame["articleType"])[0]
    frame["gender"] = frame["gender"].where((kinds + random.integers(0, 3, rows)) % 3 > 0, "Men")
    return frame.assign(id=[str(n) for n in range(rows)])


@st.composite
def selections(draw: Callable) -> Selection:
    where = {
        column: draw(st.lists(st.sampled_from([*VALUES[column], MISSING]), min_size=1, max_size=4))
        for column in draw(st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True))
    }
    return Selection.of(where)


OPTIONS = st.builds(
    Options,
    as_=st.sampled_from(["count", "share", "association"]),
    column=st.sampled_from(["articleType", "masterCategory", "baseColour", "gender", "usage"]),
    step=st.sampled_from(["year", "season"]),
    by=st.sampled_from(["year", "season"]),
    every=st.booleans(),
)


def plain(products: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The selected products, missing values as text, by plain pandas."""
    table = products[list(DIMENSIONS)].fillna(MISSING)
    for column, accepted in selection.where:
        table = table[table[column].isin(accepted)]
    return table


@pytest.mark.parametrize("view", VIEWS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), selections(), OPTIONS)
def test_what_a_sentence_says_is_so(view: str, products, selection: Selection, options: Options) -> None:
    found = VIEWS[view].answer(listings_of(products), selection, options)
    rows, whole = plain(products, selection), plain(products, Selection.of({}))
    said = found.finding.replace("\u00a0", " ")
    assert found.chosen == len(rows)
    if rows.empty:
        assert said == "No product passes these filters."
        return
    assert not re.search(
        r"\b1 (?:selected )?(?:listings|products|combinations|types|colours)\b", said + found.notes
    )
    if view != "apart" and "listings" in said and not said.startswith("There are no"):
        assert ("selected listings" in said) == (len(rows) < len(whole)), said
    CHECKS[view](said, rows, found, whole)


def percent(share: float) -> str:
    return "under 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def names_of(text: str) -> list[str]:
    """ "A and B alike" → A, B; "each of 12 types alike" → []."""
    text = text.removesuffix(" alike")
    return [] if text.startswith("each of") else re.split(r", | and ", text)


def in_season(rows: pd.DataFrame, season: str) -> pd.DataFrame:
    return rows[rows["season"] == (MISSING if season.startswith("products") else season)]


SEASON = r"(Spring|Summer|Fall|Winter|products without a season)"


def check_leaders(column: str, said: str, rows: pd.DataFrame, found: Insight) -> None:
    if said.startswith("No product"):
        assert (rows[column] == MISSING).all() or not len(seasoned(rows))
        return
    told = {}
    for part in re.sub(r"^The most frequent \w+ is |\.$", "", said).split("; "):
        names, places = re.match(rf"(.+?) in ({SEASON}.*)", part).group(1, 2)
        for season, amount in re.findall(rf"{SEASON} \(([^)]*)\)", places):
            told[season] = (names, amount)
    for season, (names, amount) in told.items():
        part = in_season(rows, season)
        counts = part.loc[part[column] != MISSING, column].value_counts()
        best = set(counts[counts == counts.max()].index)
        assert (
            set(names_of(names)) == best
            if len(best) <= 3
            else names == f"each of {len(best)} {names.split()[3]} alike"
        )
        numbers = amount.replace(",", "")
        if found.options.share:
            assert numbers.startswith(percent(counts.max() / len(part)))
        else:
            assert re.match(r"(\d+) of (\d+)", numbers).groups() == (str(counts.max()), str(len(part)))
        assert numbers.endswith(" each") == (len(best) > 1)
    drawn = seasoned(rows)
    assert {s if s in VALUES["season"] else MISSING for s in told} == set(
        drawn.loc[drawn[column] != MISSING, "season"]
    )


def seasoned(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the products that have no season, where they are fewer than one in a hundred."""
    missing = rows["season"] == MISSING
    return rows[~missing] if missing.sum() < 0.01 * len(rows) else rows


def category_shares(rows: pd.DataFrame, found: Insight) -> pd.DataFrame:
    """Season × drawn category → share of everything in the season."""
    mark = found.chart.panels[0].mark
    drawn = [series.name for series in mark.series if not series.name.startswith(("other", MISSING))]
    shares = pd.crosstab(seasoned(rows)["season"], seasoned(rows)["masterCategory"], normalize="index")
    return shares.reindex(columns=drawn, fill_value=0.0)


def check_restricted(said: str, shares: pd.DataFrame, rows: pd.DataFrame) -> None:
    """A superlative of some categories says of how many."""
    there = set(seasoned(rows)["masterCategory"]) - {MISSING}
    restricted = re.search(r"of the (\d+) categories drawn", said, re.IGNORECASE)
    assert bool(restricted) == (len(there - set(shares.columns)) > 0 and len(shares.columns) > 1), said
    assert not restricted or int(restricted.group(1)) == len(shares.columns)


def check_categories(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    if said.startswith(("No product", "There are no")):
        return
    shares = category_shares(rows, found)
    if not found.options.share:
        counts = pd.crosstab(seasoned(rows)["masterCategory"], seasoned(rows)["season"])
        told = re.findall(rf"(\w+) ({SEASON}(?:(?:, | and ){SEASON})*) \(([\d,]+)( each)?\)", said)
        assert {name for name, *_ in told} == set(shares.columns)
        for name, seasons, *_, number, each in told:
            best = counts.loc[name][counts.loc[name] == counts.loc[name].max()]
            assert {MISSING if s.startswith("products") else s for s in re.findall(SEASON, seasons)} == set(
                best.index
            )
            assert (int(number.replace(",", "")), bool(each)) == (best.iloc[0], len(best) > 1)
        there = set(seasoned(rows)["masterCategory"]) - {MISSING}
        assert ("each category drawn" in said) == bool(there - set(shares.columns))
        return
    check_restricted(said, shares, rows)
    spread = (shares.max() - shares.min()).round(9)
    best = set(spread.index[spread == spread.max()])
    if one := re.search(
        rf"(\w+) varies(?: most)?: (.*?) of the .*?listings of {SEASON}, (.*?) of {SEASON}\.", said
    ):
        name, low, low_season, high, high_season = one.groups()
        assert best == {name}
        assert low == percent(shares[name].min()) == percent(share_in(shares, low_season, name))
        assert high == percent(shares[name].max()) == percent(share_in(shares, high_season, name))
    elif " vary most" in said:
        assert len(best) > 1
        assert f"by {100 * spread.max():.1f} points each" in said
    elif "makes up most" in said or "make up most" in said:
        assert len(shares) == 1
        assert percent(shares.iloc[0].max()) in said
        top = shares.columns[np.isclose(shares.iloc[0], shares.iloc[0].max())]
        assert all(name in said for name in top) or len(top) > 3
    else:
        assert "none varies" in said.lower()
        assert spread.max() == 0


def share_in(shares: pd.DataFrame, season: str, category: str) -> float:
    return float(shares.loc[MISSING if season.startswith("products") else season, category])


def check_shares(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    if said.startswith(("No product", "There are no")):
        return
    shares = category_shares(rows, found)
    check_restricted(said, shares, rows) if len(shares) > 1 else None
    best = shares.max(axis=1)[shares.max(axis=1) > 0]
    told = re.findall(rf"{SEASON}(?:: |, | \()(\d[\d.]* %|under 0.1 %) (\w+)", said, re.IGNORECASE)
    assert told
    for season, share, category in told:
        key = MISSING if season.lower().startswith("products") else season
        assert share == percent(shares.loc[key, category]) == percent(best[key])
    values = [best[MISSING if s.lower().startswith("products") else s] for s, *_ in told]
    assert max(values) == pytest.approx(best.max())
    assert min(values) == pytest.approx(best.min())
    if "equally" in said:
        assert len(told) == len(best)
    elif "most one-sided" in said:
        first, second = said.split("; ")
        assert len(re.findall(SEASON, first)) == np.isclose(best, best.max()).sum()
        assert len(re.findall(SEASON, second)) == np.isclose(best, best.min()).sum()


def check_time(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    column, step = found.options.column, found.options.step
    keys = ["year"] if step == "year" else ["year", "season"]
    dated = rows[(rows[keys] != MISSING).all(axis=1)]
    if said == "No product of this selection has a date.":
        assert dated.empty or (dated[column] == MISSING).all()
        return
    period = dated["year"] if step == "year" else dated["season"] + " " + dated["year"]
    counts = pd.crosstab(period, dated[column])
    order = found.chart.panels[0].mark.labels
    assert sorted(order) == sorted(counts.index)
    totals = counts.sum(axis=1).loc[list(order)]
    lines = [line.name for line in found.chart.panels[0].mark.lines]
    drawn = counts.loc[list(order), lines]
    others = set(counts.columns) - {MISSING, *lines}
    restricted = re.search(r"of the (\d+) \w+ drawn", said, re.IGNORECASE)
    solid = totals.index[totals >= SMALL_PERIOD]
    if not found.options.share:
        assert bool(restricted) == bool(others and len(lines) > 1)
        highest = drawn.to_numpy().max()
        where = re.search(r" is ([\d,]+) (?:selected )?listings? \((.*?)\)", said)
        assert int(where.group(1).replace(",", "")) == highest
        marks = {f"{name} in {p}" for p in drawn.index for name in lines if drawn.loc[p, name] == highest}
        assert (
            set(re.split(r", | and ", where.group(2))) == marks
            if len(marks) <= 3
            else f"{len(marks)} marks" in said
        )
        if later := re.search(r"; in (.*) (\w+) has ([\d,]+)\.", said):
            assert later.group(1) == order[-1]
            assert int(later.group(3).replace(",", "")) == drawn.loc[order[-1], later.group(2)]
        return
    if len(solid) < 2:
        assert said.startswith(f"Fewer than two {step}s")
        return
    assert bool(restricted) == bool(others and len(lines) > 1)
    shares = drawn.div(totals, axis=0).loc[[solid[0], solid[-1]]]
    change = (shares.iloc[1] - shares.iloc[0]).round(9)
    for word, measure in (("rose", change), ("fell", -change)):
        part = re.search(rf"(?:^|, |; )([\w, ]+?) {word}(?: most)?(?: from (.*?) to (.*?))? \((.*?)\)", said)
        assert bool(part) == (measure.max() > 0), said
        if not part:
            continue
        names, first, last, amount = part.groups()
        best = [name for name in lines if measure[name] == measure.max()]
        assert first is None or (first, last) == (solid[0], solid[-1])
        if len(best) == 1:
            assert names.split(", ")[-1] == best[0]
            assert amount.startswith(" to ".join(percent(value) for value in shares[best[0]]))
        else:
            assert amount == f"by {100 * measure.max():.1f} points each"
    ends = (order[0], order[-1]) == (solid[0], solid[-1])
    assert (f"with at least {SMALL_PERIOD} products" in said) == (not ends)


def check_gender(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    if found.options.as_ == "association":
        check_association(said, rows, found)
        return
    known = rows[(rows["articleType"] != MISSING) & (rows["gender"] != MISSING)]
    known = known[known["articleType"].isin(found.chart.panels[0].mark.rows)]
    if known.empty:
        assert said == "No product of this selection has a type and a gender."
        return
    share = pd.crosstab(known["articleType"], known["gender"], normalize="index")
    if len(share.columns) == 1:
        assert said.startswith("All ")
        assert said.endswith(f"have one gender: {share.columns[0]}.")
        return
    best = share.max(axis=1)
    if len(best) == 1:
        assert f"{best.index[0]}, the only type: {percent(best.iloc[0])}" in said
        return
    one, all_types = re.match(r"(\d+) of the (\d+) types shown ha", said).groups()
    assert (int(one), int(all_types)) == ((best >= 0.9 - 1e-12).sum(), len(best))
    least = best.index[np.isclose(best, best.min())]
    assert f"at most {percent(best.min())} for one gender" in said
    assert len(least) > 3 or all(name in said.split("; ")[1] for name in least)
    if len(least) == 1:
        gender = re.search(r"\((\w+)\)\.$", said).group(1)
        assert share.loc[least[0], gender] == best.min()


def check_association(said: str, rows: pd.DataFrame, found: Insight) -> None:
    counts = pd.crosstab(rows["articleType"], rows["gender"])
    if min(counts.shape) < 2:
        assert "no association to measure" in said
        return
    plain_v = association(counts.to_numpy())
    if np.isnan(plain_v.v):
        assert said.startswith("There are too few ")
        return
    assert f"Cramér's V = {plain_v.v:.2f} " in said
    assert re.search(rf"computed from (?:all )?{len(counts)} types?\)", said)
    residuals = pd.DataFrame(plain_v.residuals, counts.index, counts.columns)
    drawn = residuals.loc[list(found.chart.panels[0].mark.rows)]
    assert ("Of the" in said) == (len(drawn) < len(residuals))
    for word, value in (("above", drawn.to_numpy().max()), ("below", drawn.to_numpy().min())):
        for kind, gender, count in re.findall(
            rf"([\w()]+) for ([\w()]+) \((\d+) (?:selected )?listings?, [\d.]+ expected\) lies furthest {word}",
            said,
        ):
            assert drawn.loc[kind, gender] == pytest.approx(value)
            assert int(count) == counts.loc[kind, gender]


def two_groups(rows: pd.DataFrame, options: Options) -> tuple[pd.DataFrame, pd.DataFrame, str, str] | None:
    counts = rows.loc[rows[options.by] != MISSING, options.by].value_counts()
    if len(counts) < 2:
        return None
    order = VALUES[options.by]
    large = sorted(counts.index, key=lambda value: (-counts[value], -order.index(value)))[:2]
    before, after = sorted(large, key=order.index)
    return rows[rows[options.by] == before], rows[rows[options.by] == after], before, after


def check_changes(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    groups = two_groups(rows, found.options)
    if groups is None:
        assert said.startswith("There are not two")
        return
    first, last, before, after = groups
    plural = ["listing" if len(group) == 1 else "listings" for group in (first, last)]
    ends = [rf"{len(g):,} (?:selected )?{p}" for g, p in zip((first, last), plural, strict=True)]
    assert re.match(rf"From {before} \({ends[0]}\) to {after} \({ends[1]}\)", said), said
    counts = pd.DataFrame(
        {
            "first": first[found.options.column].value_counts(),
            "last": last[found.options.column].value_counts(),
        }
    ).fillna(0)
    if not found.options.share:
        change = counts["last"] - counts["first"]
        for word, measure in (("rose", change), ("fell", -change)):
            part = re.search(
                rf"([\w(), ]+?) {word} most in count, (?:from ([\d,]+) to ([\d,]+)|by ([\d,]+) each)", said
            )
            assert bool(part) == (measure.max() > 0)
            if part and part.group(2):
                best = measure.idxmax()
                assert part.group(1).strip() == best
                told = [int(part.group(n).replace(",", "")) for n in (2, 3)]
                assert told == counts.loc[best, ["first", "last"]].tolist()
            elif part:
                assert int(part.group(4).replace(",", "")) == measure.max()
                assert (measure == measure.max()).sum() > 1
        return
    shares, clear = compared(counts, len(first), len(last))
    if len(counts) == 1:
        assert "the only" in said
        assert "did not clearly change" in said
    elif not clear:
        assert f"none of the {len(counts):,} " in said
    else:
        assert f"{len(clear)} of {len(counts)} " in said
        check_extremes(said, shares, clear)


def counted(first: pd.DataFrame, last: pd.DataFrame, column: str) -> pd.DataFrame:
    return pd.DataFrame({"first": first[column].value_counts(), "last": last[column].value_counts()}).fillna(
        0
    )


def compared(counts: pd.DataFrame, n_first: int, n_last: int) -> tuple[pd.DataFrame, list[str]]:
    """The two shares of each value, and the values whose interval excludes 0."""
    shares = counts / [n_first, n_last]
    z = simultaneous_z(len(counts))
    low, high = difference_interval(shares["first"], n_first, shares["last"], n_last, z)
    return shares, list(counts.index[(low > 0) | (high < 0)])


def check_extremes(said: str, shares: pd.DataFrame, clear: list[str]) -> None:
    change = (shares["last"] - shares["first"]).loc[clear]
    drawn = change.loc[change.abs().sort_values(ascending=False, kind="stable").index[:10]].round(9)
    for word, measure in (("grew", drawn), ("shrank", -drawn)):
        part = re.search(rf"([\w() ]+) {word} most, from (.*?) to (.*?) \(([+−][\d.]+) points", said)
        if part:
            best = measure.idxmax()
            assert part.group(1).strip() == best
            assert (part.group(2), part.group(3)) == tuple(percent(value) for value in shares.loc[best])
            assert part.group(4).replace("−", "-") == f"{100 * change[best]:+.1f}"
        else:
            assert measure.max() <= 0 or (measure == measure.max()).sum() > 1


def check_apart(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    rest = whole.drop(rows.index)
    if rest.empty:
        assert "is the whole catalogue" in said
        return
    column = found.options.column
    counts = pd.DataFrame({"first": rest[column].value_counts(), "last": rows[column].value_counts()}).fillna(
        0
    )
    shares, clear = compared(counts, len(rest), len(rows))
    assert f"({len(rest):,} listing" in said
    assert f"({len(rows):,} listing" in said
    told = re.findall(r"a clearly (larger|smaller) share of (.*?) \((.*?) against (.*?)\)", said)
    assert bool(told) == bool(clear)
    for word, name, after, before in told:
        assert name in clear
        assert (shares.loc[name, "last"] > shares.loc[name, "first"]) == (word == "larger")
        if found.options.share:
            assert (before, after) == tuple(percent(value) for value in shares.loc[name])
        else:
            assert after == f"{int(counts.loc[name, 'last']):,} of {len(rows):,}"
            assert before == f"{int(counts.loc[name, 'first']):,} of {len(rest):,}"


def check_under_represented(said: str, rows: pd.DataFrame, found: Insight, whole: pd.DataFrame) -> None:
    looked_at, rare = 0, []
    cells = []
    for (gender, category), stratum in rows.groupby(["gender", "masterCategory"]):
        kinds, colours = stratum["articleType"].value_counts(), stratum["baseColour"].value_counts()
        for kind, of_kind in kinds.items():
            for colour, of_colour in colours.items():
                expected = of_kind * of_colour / len(stratum)
                variance = expected * (1 - of_kind / len(stratum)) * (1 - of_colour / len(stratum))
                if (
                    MISSING not in (gender, category, kind, colour)
                    and expected >= LEAST_EXPECTED
                    and variance > 0
                ):
                    both = int(((stratum["articleType"] == kind) & (stratum["baseColour"] == colour)).sum())
                    cells.append((gender, category, kind, colour, both, expected, variance, of_kind))
    looked_at = len(cells)
    z = simultaneous_z(looked_at)
    rare = [cell for cell in cells if (cell[4] - cell[5]) / cell[6] ** 0.5 < -z]
    if not looked_at:
        assert said.startswith("No combination has enough products")
    elif not rare:
        assert re.match(rf"None of {looked_at:,} combinations? compared has clearly fewer", said)
    else:
        assert said.startswith(f"{len(rare):,} of {looked_at:,} combination")
        largest = max(cell[5] - cell[4] for cell in rare)
        colour, kind, gender, category = re.search(
            r" in listings is (\w+) (\w+) for (\w+) \((\w+)\):", said
        ).groups()
        (cell,) = [cell for cell in rare if cell[:4] == (gender, category, kind, colour)]
        assert cell[5] - cell[4] == pytest.approx(largest)
        told = said.split("): ")[1]
        assert told.startswith(percent(cell[4] / cell[7]) if found.options.share else f"{cell[4]:,} ")


CHECKS = {
    "types": lambda said, rows, found, whole: check_leaders("articleType", said, rows, found),
    "colours": lambda said, rows, found, whole: check_leaders("baseColour", said, rows, found),
    "categories": check_categories,
    "shares": check_shares,
    "time": check_time,
    "gender": check_gender,
    "changes": check_changes,
    "underrepresented": check_under_represented,
    "apart": check_apart,
}


def test_every_view_has_a_check() -> None:
    assert CHECKS.keys() == VIEWS.keys()


def test_two_products_are_too_few_for_an_association() -> None:
    two = pd.DataFrame(
        {
            "id": ["0", "1"],
            "season": ["Spring", "Spring"],
            "year": ["2014", "2012"],
            "gender": ["Women", "Men"],
            "masterCategory": ["Apparel", "Apparel"],
            "subCategory": ["Topwear", "Topwear"],
            "articleType": ["Type0", "Type1"],
            "usage": ["Casual", "Casual"],
            "baseColour": ["Red", "Red"],
        }
    )
    found = VIEWS["gender"].answer(listings_of(two), Selection.of({}), Options(as_="association"))
    assert found.finding == "There are too few listings to measure an association of types and genders."
