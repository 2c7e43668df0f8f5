"""What seeing through disguise finds, what it finds wrongly, and what it costs.

    python tests/benchmarks/disguise.py [--data DIR] [--words N]

Four parts, each a table: recall for each class of disguise and for pairs of them, on words disguised mechanically;
messages labelled harmless that are flagged only because disguise is seen through; of messages that a list of insults
flags, the share still flagged in each cloaked variant; and microseconds a message, beside a bare scan in the same run.
The second and third need data: a directory with `labelled/*.jsonl.gz` and `evasion/zh_toxicloak.jsonl.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import timeit
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "library")]

# ruff: noqa: E402  # the path to the test helpers comes first
from ahocorasick_rs import AhoCorasick
from disguises import CHINESE, CLASSES, ENGLISH, SOUNDS, disguised, pairs, sounded, words

from communityrules.library.disguise.steps import USUAL, Seeing
from communityrules.library.fold import fold
from communityrules.library.matching import WordMatcher

#: Words as lists of advertising, fraud and insults have them, besides those that are disguised.
MORE = words(
    "微信 加我 加v vx qq 发财 现金 提现 资金 股票 理财 投资 推荐 优惠 福利 免费 赚钱 日赚 月入 招聘 代练 "
    "代购 代刷 代写 发票 办理 套现 信用 额度 下款 黑户 征信 赌博 彩票 棋牌 老虎机 外围 菠菜 会员 客服 "
    "点击 链接 扫码 二维码 群主 进群 拉群 私信 free win winner click earn money income bonus bet promo "
    "discount wallet trade profit offer deal"
)
INSULTS = words(
    "傻逼 傻子 傻瓜 笨蛋 蠢货 白痴 脑残 废物 垃圾 人渣 畜生 混蛋 滚蛋 去死 智障 变态 妈的 他妈 贱人 "
    "狗东西 猪头 恶心 有病 神经病 不要脸 王八蛋 狗屁 渣男 丑 蠢 滚 猪 狗 idiot moron stupid loser fool "
    "jerk dumb crap trash"
)
SAFE = ("safe", "ham", "normal")
HEARD = Seeing(USUAL | {"homophones"})


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def recall(number: int) -> None:
    every = [*CHINESE, *ENGLISH]
    usual, heard = WordMatcher(every), WordMatcher(every, seeing=HEARD)
    exact = WordMatcher(every, exactly=True)
    print("Recall, and spans that quote the word as it was disguised", "", sep="\n")
    print(f"{'class':34}{'words':>6}{'found':>9}{'exact span':>12}{'exactly':>9}")
    low: list[tuple[float, str]] = []
    for classes in [*((one,) for one in CLASSES), *pairs()]:
        made = list(disguised(classes, random.Random(str(classes)), number))
        if made:
            found = _row(classes, made, usual, exact, show=len(classes) == 1)
            if len(classes) == 2:
                low.append((found, " + ".join(classes)))
    for name in SOUNDS:
        _row((f"homophones: {name}",), list(sounded(name, random.Random(name), number)), heard, exact, show=True)
    low.sort()
    print(f"pairs: {len(low)}, at least 95%: {sum(1 for share, _ in low if share >= 0.95)}; the lowest:")
    for share, name in low[:5]:
        print(f"  {name:32}{share:9.1%}")


def _row(
    classes: tuple[str, ...], made: list[tuple[str, str, str]], seeing: WordMatcher, exact: WordMatcher, show: bool
) -> float:
    found = spans = plain = 0
    for word, out, text in made:
        hits = {text[one.start : one.end] for one in seeing.find(text) if one.word == word}
        found += bool(hits)
        spans += out in hits
        plain += any(one.word == word for one in exact.find(text))
    if show:
        print(
            f"{' + '.join(classes):34}{len(made):>6}{found / len(made):>9.1%}{spans / len(made):>12.1%}"
            f"{plain / len(made):>9.1%}"
        )
    return found / len(made)


def false_positives(data: Path) -> None:
    listed = [*CHINESE, *ENGLISH, *MORE, *INSULTS]
    off = WordMatcher(listed, seeing=Seeing(frozenset(("invisible", "width", "case", "marks"))))
    print("", f"Harmless messages flagged only through disguise, of a list of {len(listed)} words", "", sep="\n")
    totals: Counter[str] = Counter()
    for name, seeing in (("usual steps", Seeing()), ("with homophones", HEARD)):
        on = WordMatcher(listed, seeing=seeing)
        print(f"{name:34}{'messages':>9}{'flagged':>9}{'new':>6}{'share':>8}")
        totals.clear()
        how: Counter[str] = Counter()
        for path in sorted((data / "labelled").glob("*.jsonl.gz")):
            count: Counter[str] = Counter()
            for row in rows(path):
                if row["label"] not in SAFE:
                    continue
                count["messages"] += 1
                if off.contains(row["text"]):
                    count["flagged"] += 1
                elif on.contains(row["text"]):
                    count["new"] += 1
                    how[on.find(row["text"])[0].seen] += 1
            totals.update(count)
            if count["messages"]:
                _counted(path.name.partition(".")[0], count)
        _counted("all", totals)
        print(f"  by step: {', '.join(f'{step} {number}' for step, number in how.most_common())}")


def _counted(name: str, count: Counter[str]) -> None:
    share = count["new"] / count["messages"]
    print(f"  {name:32}{count['messages']:>9}{count['flagged']:>9}{count['new']:>6}{share:>8.2%}")


def cloaked(data: Path) -> None:
    path = data / "evasion" / "zh_toxicloak.jsonl.gz"
    variants: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(path):
        variants[row["base"]][row["variant"]] = row["text"]
    matchers = {
        "exactly": WordMatcher(INSULTS, exactly=True),
        "usual steps": WordMatcher(INSULTS),
        "with homophones": WordMatcher(INSULTS, seeing=HEARD),
    }
    flagged = [texts for texts in variants.values() if matchers["exactly"].contains(texts.get("base", ""))]
    print("", f"Of {len(flagged)} base texts that a list of insults flags, still flagged", "", sep="\n")
    print(f"{'variant':34}" + "".join(f"{name:>17}" for name in matchers))
    for variant in sorted({one for texts in flagged for one in texts} - {"base"}):
        texts = [one[variant] for one in flagged if variant in one]
        shares = [sum(map(matcher.contains, texts)) / len(texts) for matcher in matchers.values()]
        print(f"{variant:34}" + "".join(f"{share:>17.1%}" for share in shares))


#: A hundred characters each. The disguised ones hold one word.
PLAIN = {
    "plain Chinese": (
        "今天的天气真不错，我们一起去公园散步吧！听说那边新开了一家面包店，环境特别好，"
        "价格也不贵，周末可以约上朋友坐坐。对了，你上次说的那本书我看完了，写得很有意思，"
        "下次带给你，记得提醒我一下啊。好的，明天见，早点休息吧"
    ),
    "plain English": (
        "Hello everyone, does anybody know how to change my address? I tried twice, and it still does not go on."
    ),
    # The list has a word that stands within another here.
    "plain, a word in another": (
        "Hello everyone, does anybody know how to reset my password? I tried twice, and it still does not go on."
    ),
}
WRITTEN = {
    "separators": ("加.微~信", "c.a.s.i.n.o"), "traditional, lookalikes": ("刷單", "саsіnо"),
    "parts, spelled": ("力口微信", "l o t t e r y"), "standins, leet": ("➕微信", "1d10t"),
    "width": ("ＶＸ", "ｉｄｉｏｔ"),
    "marks": ("加\u0336微\u0336信\u0336", "i\u0336d\u0336iot"), "repeats": ("加加微微信信", "idioooot"),
}  # fmt: skip


def cost(rounds: int = 12) -> None:
    listed = [*CHINESE, *ENGLISH, *MORE, *INSULTS]
    seeing, bare = WordMatcher(listed), AhoCorasick([one.lower() for one in listed])
    print("", "Microseconds a message of 100 characters, the best of many tries", "", sep="\n")
    print(f"{'message':34}{'bare scan':>10}{'pipeline':>10}{'adds':>8}{'ratio':>8}")
    messages = {name: text[:100] for name, text in PLAIN.items()}
    for step, (chinese, english) in WRITTEN.items():
        for name, word in (("Chinese", chinese), ("English", english)):
            text = PLAIN[f"plain {name}"]
            messages[f"{step}: {name}"] = f"{text[:50]} {word} {text[50:]}"[:100]
    alone: dict[str, float] = {}
    whole: dict[str, float] = {}
    for _ in range(rounds):
        for name, text in messages.items():
            scan = _best(lambda text=text: bare.find_matches_as_indexes(text, overlapping=True))
            look = _best(lambda text=text: seeing.contains(fold(text)))
            alone[name] = min(scan, alone.get(name, scan))
            whole[name] = min(look, whole.get(name, look))
    for name in messages:
        adds = whole[name] - alone[name]
        print(f"{name:34}{alone[name]:>10.2f}{whole[name]:>10.2f}{adds:>8.2f}{whole[name] / alone[name]:>8.1f}")


def _best(call: Any) -> float:
    # Short tries, in rounds far apart: on a busy machine some of them are left alone.
    call()
    return min(timeit.repeat(call, number=10, repeat=100)) / 10 * 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=HERE.parents[2] / "shared" / "data")
    options.add_argument("--words", type=int, default=300, help="disguised words for each class (default: 300)")
    chosen = options.parse_args()
    recall(chosen.words)
    if (chosen.data / "labelled").is_dir():
        false_positives(chosen.data)
        cloaked(chosen.data)
    else:
        print("", f"No data in {chosen.data}: false positives and cloaked texts are left out.", sep="\n")
    cost()


if __name__ == "__main__":
    main()
