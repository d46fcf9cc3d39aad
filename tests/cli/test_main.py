"""The command line as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mpsr.cli import main as cli
from mpsr.types import LESS
from tests.conftest import picture_bytes


def run(monkeypatch, capfd, *arguments: object) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["mpsr", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capfd.readouterr()
    return ended.value.code or 0, out, err


def test_similar_json_is_one_document_in_the_stated_form(monkeypatch, capfd, tiny_store: Path) -> None:
    code, out, _ = run(
        monkeypatch,
        capfd,
        "similar",
        "101",
        "--store",
        tiny_store,
        "-k",
        3,
        "--where",
        "gender=Men",
        "--json",
    )
    document = json.loads(out)
    assert code == 0
    assert list(document) == [
        "query", "parts", "space", "k", "weights", "where", "hide_variants", "diversity", "at_most", "lexical", "rules",
        "clicks", "store", "match_threshold", "match_percentile", "rules_digest", "neighbours",
    ]  # fmt: skip
    assert list(document["query"]) == ["id", "name"]
    assert document["weights"] == {"text": 0.5, "image": 0.5}
    assert document["where"] == {"gender": ["Men"]}
    assert len(document["neighbours"]) == 3
    for item in document["neighbours"]:
        assert list(item) == [
            "id", "name", "score", "text", "image", "lexical", "rule", "click", "pinned", "percentile",
        ]  # fmt: skip
        assert item["text"] + item["image"] + item["lexical"] + item["click"] + item["rule"] == item["score"]


def test_similar_takes_every_kind_of_filter(monkeypatch, capfd, tiny_store: Path) -> None:
    said = [
        "--not",
        "baseColour=Red",
        "--range",
        "year=2000..",
        "--same",
        "articleType",
        "--at-most",
        "baseColour=1",
    ]
    code, out, err = run(monkeypatch, capfd, "similar", "101", *said, "--json", "--store", tiny_store)
    assert code == 0, err
    document = json.loads(out)
    assert document["where"] == {
        "baseColour": {"not": ["Red"]},
        "year": {"from": 2000.0},
        "articleType": {"same": True},
    }
    assert document["at_most"] == {"baseColour": 1}
    assert document["neighbours"]


def test_similar_takes_words_photos_more_and_less(
    monkeypatch, capfd, tiny_store: Path, tiny_embedded, tmp_path: Path
) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(picture_bytes())
    asked = ["--words", "red shirt", "--photo", photo, "--more", "104", "--less", "105"]
    options = ["--hide-variants", "--diversity", "0.3", "-k", 2, "--json"]
    code, out, err = run(monkeypatch, capfd, "similar", "101", *asked, *options, "--store", tiny_store)
    assert code == 0, err
    document = json.loads(out)
    assert [{name for name in part if name != "weight"} for part in document["parts"]] == [
        {"product"}, {"product"}, {"words"}, {"picture", "bytes"}, {"product"},
    ]  # fmt: skip
    assert [part["weight"] for part in document["parts"]] == [1, 1, 1, 1, LESS]
    assert document["query"] == {"id": "", "name": '101 + 104 + "red shirt" + photo - 105'}
    assert (document["hide_variants"], document["diversity"]) == (True, 0.3)
    assert len(document["neighbours"]) == 2
    assert -1 <= document["match_threshold"] <= 1
    assert all(0 <= item["percentile"] <= 1 for item in document["neighbours"])


def test_similar_says_when_there_is_no_good_match(
    monkeypatch, capfd, tiny_store: Path, tiny_embedded
) -> None:
    from mpsr.search.background import BackgroundDistribution, MatchThreshold

    for threshold, said in ((-1.0, False), (1.5, True)):
        fixed = MatchThreshold(threshold, 0.9)
        monkeypatch.setattr(BackgroundDistribution, "match_threshold", lambda *_, value=fixed: value)
        code, out, _ = run(monkeypatch, capfd, "similar", "--words", "red shirt", "--store", tiny_store)
        assert code == 0
        assert out.startswith('"red shirt"\n')
        assert ("no good match" in out) == said


def test_similar_for_people(monkeypatch, capfd, tiny_store: Path) -> None:
    code, out, _ = run(monkeypatch, capfd, "similar", "101", "--store", tiny_store)
    assert code == 0
    assert out.startswith("101")
    assert len(out.strip().splitlines()) == 3 + 5


def test_build_then_similar_without_naming_the_store(
    monkeypatch, capfd, shop: Path, tiny_embedded, tmp_path: Path
) -> None:
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    code, out, err = run(monkeypatch, capfd, "build", shop, "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["catalogue"]["rows_read"] == document["catalogue"]["rows_kept"] == 30
    assert json.loads(run(monkeypatch, capfd, "info", "--json")[1])["snapshot"] == document["snapshot"]
    assert run(monkeypatch, capfd, "similar", "101")[0] == 0


def test_strict_rows_write_the_cleaned_table(
    monkeypatch, capfd, shop: Path, tiny_embedded, tmp_path: Path
) -> None:
    code, out, err = run(
        monkeypatch, capfd, "build", shop, "--rows", "strict", "--store", tmp_path / "s", "--json"
    )
    assert code == 0, err
    cleaned = Path(json.loads(out)["cleaned"]).read_text(encoding="utf-8").splitlines()
    assert cleaned == (shop / "styles.csv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["similar", "101", "--weights", "text=x"], 2, "weights are"),
        (["similar", "101", "--where", "gender"], 2, "COLUMN=VALUE"),
        (["similar", "101", "--not", "gender"], 2, "COLUMN=VALUE"),
        (["similar", "101", "--range", "year=2012"], 2, "20..50"),
        (["similar", "101", "--range", "year=1..2", "--range", "year=3..4"], 2, "given twice"),
        (["similar", "101", "--at-most", "gender=few"], 2, "COLUMN=N"),
        (["similar", "101", "-k", "0"], 2, "at least 1"),
        (["similar", "101", "--space", "outer"], 2, "no space"),
        (["similar", "100000"], 2, "Similar ids"),
        (["similar"], 2, "nothing to look for"),
        (["similar", "--less", "101"], 2, "nothing to look for"),
        (["similar", "101", "--more", "nobody"], 2, "no product"),
        (["similar", "--words", " "], 2, "are empty"),
        (["similar", "--photo", "no-such-file.jpg"], 2, "cannot be read"),
        (["similar", "--photo", __file__], 2, "not a picture"),
        (["similar", "101", "--diversity", "2"], 2, "from 0 to 1"),
    ],
)
def test_wrong_use_ends_with_two_and_no_traceback(
    monkeypatch, capfd, tiny_store, arguments, code, message
) -> None:
    ended, out, err = run(monkeypatch, capfd, *arguments, "--store", tiny_store)
    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "x", "--rows", "lenient"],
        ["build", "x", "--profile", "clip"],
        ["fetch", "ftp"],
        ["nonsense"],
    ],
)
def test_unknown_choices_end_with_two(monkeypatch, capfd, arguments: list[str]) -> None:
    ended, out, err = run(monkeypatch, capfd, *arguments)
    assert (ended, out) == (2, "")
    assert err


def test_paper_profile_without_weights_names_the_places_and_the_ways_on(
    monkeypatch, capfd, shop: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    code, out, err = run(
        monkeypatch, capfd, "build", shop, "--profile", "paper", "--store", tmp_path / "s", "--offline"
    )
    assert (code, out) == (2, "")
    assert "bert-base-uncased" in err
    assert "resnet50" in err
    assert not (tmp_path / "s").exists()  # nothing was begun
    assert "--weights" in err
    assert "--profile embedded" in err


def test_without_any_store_it_says_how_to_make_one(monkeypatch, capfd, tmp_path: Path) -> None:
    monkeypatch.setenv("MPSR_STORES", str(tmp_path))
    code, _, err = run(monkeypatch, capfd, "info")
    assert code == 2
    assert "mpsr build" in err


def test_demo_catalogue_is_written_once(monkeypatch, capfd, tmp_path: Path) -> None:
    target = tmp_path / "demo"
    assert run(monkeypatch, capfd, "demo", "--to", target)[0] == 0
    assert (target / "styles.csv").is_file()
    code, _, err = run(monkeypatch, capfd, "demo", "--to", target)
    assert code == 2
    assert "not empty" in err


@pytest.mark.parametrize("command", ["", "build", "similar", "info", "fetch", "train-encoder", "demo", "app"])
def test_help_is_there_for_everything(command: str, monkeypatch, capfd) -> None:
    code, out, _ = run(monkeypatch, capfd, *command.split(), "--help")
    assert code == 0
    assert "Usage" in out


def test_the_installed_module_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mpsr", "version"], capture_output=True, text=True, check=True
    )
    import mpsr

    assert done.stdout.strip() == mpsr.__version__


def test_a_store_is_called_by_its_name_or_its_folder(
    monkeypatch, capfd, tmp_path: Path, tiny_store: Path
) -> None:
    monkeypatch.setenv("MPSR_STORES", str(tmp_path))
    monkeypatch.chdir(tmp_path.parent)
    (tmp_path / "shop").symlink_to(tiny_store, target_is_directory=True)
    by_name, by_folder = (
        run(monkeypatch, capfd, "similar", "101", "--store", store, "--json")[1]
        for store in ("shop", tiny_store)
    )
    assert json.loads(by_name)["neighbours"] == json.loads(by_folder)["neighbours"]
    code, _, err = run(monkeypatch, capfd, "similar", "101", "--store", "shed")
    assert code == 2
    assert "shed is not a store" in err


RULES = """
[[rule]]
action = "pin"
products = ["130"]
slot = 2

[[rule]]
action = "boost"
where = { baseColour = ["Green"] }
amount = 1.0
"""


def test_similar_shows_what_rules_do_and_leaves_them_out_when_told(
    monkeypatch, capfd, tiny_store: Path, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    asked = ["similar", "101", "--store", tiny_store, "-k", 4]
    usual = run(monkeypatch, capfd, *asked)[1]
    monkeypatch.setenv("MPSR_RULES", str(tmp_path / "rules.toml"))
    _, ruled, _ = run(monkeypatch, capfd, *asked)
    _, heading, first, second = [line for line in ruled.splitlines() if line][:4]
    assert heading.split() == ["score", "=", "text", "+", "image", "+", "rule", "id", "name"]
    assert "+  1.0000" in first
    assert "Green" in first
    assert "pinned" in second
    assert " 130 " in second
    assert run(monkeypatch, capfd, *asked, "--no-rules")[1] == usual
    document = json.loads(run(monkeypatch, capfd, *asked, "--json")[1])
    assert [item["pinned"] for item in document["neighbours"]] == [False, True, False, False]
    assert len(document["rules_digest"]) == 64


def test_a_wrong_rule_is_told_with_its_file_and_line(
    monkeypatch, capfd, tiny_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f'{RULES}\n[[rule]]\naction = "hide"\nproducts = ["101"]\n')
    code, _, err = run(monkeypatch, capfd, "similar", "101", "--store", tiny_store, "--rules", path)
    assert code == 2
    assert f"{path}, line 12: the action is 'hide'" in err


def test_a_rule_about_what_is_gone_is_told_and_does_nothing(
    monkeypatch, capfd, tiny_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\naction = "exclude"\nproducts = ["777"]\n')
    code, out, err = run(
        monkeypatch, capfd, "similar", "101", "--store", tiny_store, "--rules", path, "--json"
    )
    assert (code, err) == (0, "mpsr: the rule of line 1: there is no product '777'.\n")
    assert len(json.loads(out)["neighbours"]) == 5
