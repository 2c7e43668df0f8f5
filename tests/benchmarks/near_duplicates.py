"""What `similar` sees and what it takes for the same by mistake, and what it costs.

    python tests/benchmarks/near_duplicates.py [--data DIR] [--clean 2000] [--events 4000]

1. Adverts written here, and those of labelled sets where DIR (`../shared/data/labelled`) is there, each changed in many
   ways, one at a time and two together: the share of variants that are nearly the same as their advert.
2. All of these in one pool: of the pairs that are taken for nearly the same, the share that are of one advert.
3. Clean messages in the order of their sets, in windows of 1,000: how many of 1,000 have an earlier one that is nearly
   the same, or two; texts that fold to the very same are left out.
4. What an event takes with a rule over `similar`, kept by member and for the whole community, as a ratio to a rule over
   `count` in the same run: over `count(message by member and message.text)` in ordinary talk, and in a flood of one
   advert over `count(message by member)`, which is broken as often.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from communityrules import Engine, event_from_wire, loads
from communityrules.library.fold import fold_text
from communityrules.library.likeness import FEWEST, alike, anchors, sketch

ADVERTS = (
    "Earn $500 a day from home! No experience needed. Contact me on Telegram @quick_cash7 now",
    "Big sale on luxury watches, 80% off today only, free delivery, visit https://watch-sale.example/offer",
    "I was broke until I met this trader. She turned 200 into 4,000 in a week. Message her on WhatsApp +1 555 0134",
    "Looking for people to rate hotels online, 30 USD per hour, paid every evening. Write to jobs@rate-hotels.example",
    "Join our signals group and copy the trades that made 312% last month, first week free: t.me/signals_group",
    "Cheap followers and likes for any network, delivery in 10 minutes, order at followers.example",
    "Your parcel could not be delivered. Confirm your address within 24 hours at https://parcel-check.example/77",
    "New casino with a welcome bonus of 500 free spins, instant payout, register with code WIN2024",
    "兼职日结,每天轻松赚300元,不用出门,有手机就能做,详情加微信abc12345咨询小美",
    "本公司专业办理各类贷款,无抵押,当天放款,利率低至0.3%,联系陈经理13800000000",
    "内部渠道低价出售会员充值卡,全网最低价,量大从优,需要的加QQ123456789",
    "跟着老师做单,日入过千不是梦,昨天带的学员收益58%,进群链接 https://t.me/teacher888",
    "刷单返佣,一单一结,每单5到20元,新手也能做,名额有限,速加客服微信kefu_001",
    "代写论文,代做课程设计,包查重包修改,价格实惠,先写后付,联系方式vx:lunwen66",
    "【限时特惠】正品运动鞋清仓大甩卖,全场99元起,假一赔十,点击 shoes.example 立即抢购",
    "你好,我是平台客服,你购买的商品有质量问题,现在可以三倍赔付,请添加企业微信办理退款",
)
_EMOJI = "🔥💰🎉✨👉📣💎🚀"
_SIGNS = "!。,.~、…!?;—*"
_WORDS = ("今天", "真的", "现在", "全部", "马上", "大家", "特别", "需要的", "朋友", "赶紧"), (
    "really", "today", "now", "just", "guys", "please", "very", "totally", "new", "here",
)  # fmt: skip
_NAMES = ("小丽", "阿强", "王姐", "客服小七"), ("Anna", "Viktor", "Mrs Chan", "coach Lee")
_CONTACT = re.compile(r"https?://\S+|\b[a-zA-Z_]{0,4}:?[a-z_]*\d{3,}\b|@\w+|\bt\.me/\S+|\b\w+\.example\S*")
#: For the class `traditional`: characters that every simplified advert has.
_TRADITIONAL = str.maketrans(
    "个来时为们对说这国过学动现发经见还没给让问话点业书师间里进联络单万",
    "個來時為們對說這國過學動現發經見還沒給讓問話點業書師間裡進聯絡單萬",
)

Change = Callable[[str, random.Random], str]


def han(text: str) -> bool:
    return sum("\u4e00" <= one <= "\u9fff" for one in text) > len(text) * 0.3


def numbers(text: str, luck: random.Random) -> str:
    return re.sub(r"[0-9]", lambda _: str(luck.randrange(10)), text)


def price(text: str, luck: random.Random) -> str:
    return text + luck.choice([" 只要{}元", " ￥{}", " ${}", " only {} USD"]).format(luck.randrange(10, 999))


def emoji(text: str, luck: random.Random) -> str:
    return "".join(one + (luck.choice(_EMOJI) if luck.random() < 0.08 else "") for one in text) + luck.choice(_EMOJI)


def punctuation(text: str, luck: random.Random) -> str:
    changed = "".join(luck.choice(_SIGNS) + " " if one in _SIGNS and luck.random() < 0.7 else one for one in text)
    return changed + luck.choice(["!!!", "。。", "~~", "…"])


def contact(text: str, luck: random.Random) -> str:
    letters = "".join(luck.choice("abcdefghij") for _ in range(7))
    other = luck.choice(
        [f"vx{luck.randrange(10**6)}", f"QQ{luck.randrange(10**8, 10**9)}", f"@deal_{luck.randrange(999)}",
         f"https://t.me/{letters}", f"{letters}.example/{luck.randrange(99)}"]
    )  # fmt: skip
    changed = _CONTACT.sub(other, text)
    return changed if changed != text else f"{text} {other}"


def name(text: str, luck: random.Random) -> str:
    return f"{luck.choice(_NAMES[0])}:{text}" if han(text) else f"{luck.choice(_NAMES[1])} says: {text}"


def inserted(text: str, luck: random.Random) -> str:
    if han(text):
        for _ in range(max(1, len(text) // 20)):
            at = luck.randrange(len(text) + 1)
            text = text[:at] + luck.choice(_WORDS[0]) + text[at:]
        return text
    words = text.split()
    for _ in range(max(1, len(words) // 8)):
        words.insert(luck.randrange(len(words) + 1), luck.choice(_WORDS[1]))
    return " ".join(words)


def dropped(text: str, luck: random.Random) -> str:
    if han(text):
        for _ in range(max(1, len(text) // 20)):
            at = luck.randrange(max(1, len(text) - 2))
            text = text[:at] + text[at + 2 :]
        return text
    words = text.split()
    for _ in range(max(1, len(words) // 8)):
        if len(words) > 3:
            del words[luck.randrange(len(words))]
    return " ".join(words)


def spaces(text: str, luck: random.Random) -> str:
    return "".join(one + (" " if luck.random() < 0.4 else "") for one in text)


def hidden(text: str, luck: random.Random) -> str:
    return "".join(one + ("\u200b" if luck.random() < 0.4 else "") for one in text)


def wide(text: str, _: random.Random) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def capitals(text: str, luck: random.Random) -> str:
    return "".join(one.upper() if luck.random() < 0.5 else one for one in text)


def traditional(text: str, _: random.Random) -> str:
    return text.translate(_TRADITIONAL)


CHANGES: tuple[Change, ...] = (
    numbers, price, emoji, punctuation, contact, name, inserted, dropped, spaces, hidden, wide, capitals, traditional,
)  # fmt: skip


def rows(data: Path, file: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def texts(data: Path, file: str, labels: set[str], most: int) -> list[str]:
    return [one["text"] for one in rows(data, file) if one["label"] in labels][:most]


def recall(adverts: list[str], luck: random.Random) -> list[list[str]]:
    """Prints the share of variants that are nearly the same as their advert; gives some variants of each."""
    found: dict[str, list[bool]] = defaultdict(list)
    variants: list[list[str]] = []
    for text in adverts:
        mine = [text]
        for change in CHANGES:
            other = change(text, luck)
            found[change.__name__].append(alike(sketch(text), sketch(other)))
            mine.append(other)
        for first, second in luck.sample(list(combinations(CHANGES, 2)), 4):
            other = second(first(text, luck), luck)
            found["two of them"].append(alike(sketch(text), sketch(other)))
            mine.append(other)
        variants.append(mine)
    for kind, seen in found.items():
        print(f"  {kind:12} {sum(seen) / len(seen):7.1%} of {len(seen)}")
    return variants


def precision(variants: list[list[str]], clean: list[str]) -> None:
    pool = [(number, text) for number, mine in enumerate(variants) for text in mine]
    pool += [(-1 - number, text) for number, text in enumerate(clean)]
    near = right = 0
    seen: dict[Any, list[tuple[int, bytes]]] = defaultdict(list)
    for number, text in pool:
        mine = sketch(text)
        others = dict.fromkeys(other for anchor in anchors(mine) for other in seen[anchor])
        for other, theirs in others:
            if alike(mine, theirs):
                near += 1
                right += other == number
        for anchor in anchors(mine):
            seen[anchor].append((number, mine))
    print(f"  {right / max(near, 1):.2%} of {near} pairs among {len(pool)} texts are of one advert")


def false_repetition(clean: dict[str, list[str]]) -> None:
    for file, said in clean.items():
        once = twice = short = 0
        for first in range(0, len(said), 1000):
            earlier: list[tuple[bytes, str]] = []
            for text in said[first : first + 1000]:
                mine, folded = sketch(text), fold_text(text).strip()
                short += len(mine) % 4 != 0
                near = {other for theirs, other in earlier if other != folded and alike(mine, theirs)}
                once += bool(near)
                twice += len(near) > 1
                earlier.append((mine, folded))
        per = 1000 / max(len(said), 1)
        print(
            f"  {file:22} {len(said):5} messages ({short / max(len(said), 1):4.0%} under {FEWEST} pieces): "
            f"{once * per:5.1f} of 1,000 resemble an earlier one, {twice * per:5.1f} two"
        )


def cost(talk: list[str], events: int) -> None:
    book = 'rulebook "B"\n  timezone UTC\nrule 1\n  must not\n  on message\n  if {}\n  then delete\n'
    rules = {
        "the same text by member": "count(message by member and message.text within 10 minutes) >= 3",
        "any text by member": "count(message by member within 10 minutes) >= 3",
        "similar by member": "similar(message by member within 10 minutes) >= 3",
        "similar in the community": "similar(message within 10 minutes where message.length >= 15) >= 4",
    }
    luck = random.Random(8)
    advert = ADVERTS[0]
    plain = [luck.choice(talk) for _ in range(events)]
    flood = [inserted(numbers(advert, luck), luck) if luck.random() < 0.9 else luck.choice(talk) for _ in range(events)]
    for kind, said in (("talk", plain), ("a flood of one advert", flood)):
        base = 0.0
        # The rule that a flood breaks, too: what follows from a breach costs the same.
        compared = [
            one for one in rules if one != ("any text by member" if said is plain else "the same text by member")
        ]
        for what, condition in ((one, rules[one]) for one in compared):
            rulebook = loads(book.format(condition))
            made = [event_from_wire(_event(number, text, luck.randrange(40))) for number, text in enumerate(said)]
            with Engine(rulebook) as engine:
                start = time.process_time()
                for one in made:
                    engine.judge(one)
                took = (time.process_time() - start) / events * 1e6
            base = base or took
            print(f"  {kind:22} {what:25} {took:7.1f} µs an event, {took / base:5.2f} times")
    sample = [one for one in talk if len(one) >= 15][:500]
    start = time.process_time()
    for one in sample:
        sketch.__wrapped__(one)
    sketching = time.process_time() - start
    start = time.process_time()
    for one in sample:
        fold_text(one)
    folding = time.process_time() - start
    length = sum(map(len, sample)) / len(sample)
    took = sketching / len(sample) * 1e6
    print(f"  a sketch of {length:.0f} characters: {took:.1f} µs, {sketching / folding:.1f} foldings")


def _event(number: int, text: str, who: int) -> dict[str, Any]:
    minutes, seconds = divmod(number, 60)
    time_ = f"2024-10-{8 + minutes // 1440:02d}T{minutes // 60 % 24:02d}:{minutes % 60:02d}:{seconds:02d}Z"
    return {
        "id": f"m{number}", "time": time_, "type": "message", "community": "c", "member": {"id": f"u{who}"},
        "message": {"id": f"m{number}", "text": text},
    }  # fmt: skip


SPAM = (
    ("zh_telegram_spam", {"spam"}), ("zh_telecom_fraud", {"fraud_loan"}), ("en_sms_spam", {"spam"}),
    ("en_youtube_spam", {"spam"}), ("en_ru_telegram_spam", {"spam"}),
)  # fmt: skip
CLEAN = (
    ("zh_telegram_spam", {"ham"}), ("zh_telecom_fraud", {"normal"}), ("zh_cold_offensive", {"safe"}),
    ("zh_review_variation", {"normal"}), ("en_sms_spam", {"ham"}), ("en_youtube_spam", {"ham"}),
    ("en_ru_telegram_spam", {"ham"}),
)  # fmt: skip
TALK = (
    "hello everyone, does anybody know how to reset my password?", "谢谢大家,今天的活动很不错", "ok", "哈哈哈",
    "the order arrived this morning, thanks a lot", "什么时候可以发货?我已经等了三天了", "thanks", "好的,收到",
    "I think the new version is better than the old one", "周末有没有人一起去图书馆看书",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared" / "data" / "labelled")
    parser.add_argument("--clean", type=int, default=2000, help="clean messages of each set")
    parser.add_argument("--events", type=int, default=4000, help="events of each measurement of cost")
    given = parser.parse_args()
    luck = random.Random(11)
    there = given.data.is_dir()
    print("Adverts written here, changed:")
    variants = recall(list(ADVERTS), luck)
    clean = {file: texts(given.data, file, labels, given.clean) for file, labels in CLEAN} if there else {}
    if there:
        print("Adverts of the labelled sets, changed (those with enough pieces):")
        found = [text for file, labels in SPAM for text in texts(given.data, file, labels, 200)]
        recall([text for text in dict.fromkeys(found) if len(sketch(text)) % 4 == 0], luck)
    print("Pairs that are taken for nearly the same:")
    said = [one for found in clean.values() for one in found[:500]] or list(TALK)
    precision(variants, list(dict.fromkeys(said)))
    print("Clean messages, each compared with those before it in windows of 1,000:")
    false_repetition(clean or {"talk": list(TALK)})
    print("Cost:")
    cost([one for found in clean.values() for one in found] or list(TALK), given.events)


if __name__ == "__main__":
    main()
