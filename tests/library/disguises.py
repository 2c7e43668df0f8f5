"""Mechanical disguises of words, for tests and benchmarks: each class takes a word and gives it disguised, or None when
the class has nothing to do with such a word. What they write is typed here, not read from the library's tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Words of two to eight characters, as lists of banned words have them.
CHINESE = words(
    "加群 刷单 兼职 代理 返利 博彩 贷款 办证 私聊 红包 赌场 外挂 加微信 免押金 高佣金 秒到账 包赢钱 "
    "代开票 信用卡 日结兼职 低价代购 内部渠道 稳赚不赔 扫码进群 网上赚钱 傻瓜 笨蛋 废物 垃圾人 "
    "信用卡套现 免费领取红包 无抵押贷款 加微信领福利 轻松日赚三百元"
)
ENGLISH = words(
    "ass scam spam slut loan cash idiot moron loser casino stupid lottery bitcoin jackpot winner viagra "
    "giveaway investor gamble replica sexting refund payday crypto"
)
SEEDS = (
    "今天天气不错，大家出来走走吧，{}，到时候见。",
    "老师好 {} 请问作业什么时候交？",
    "{} 这件事我们明天再说",
    "我昨天买的书到了，内容很有意思{}",
    "hello everyone, {} see you at the meeting tomorrow",
    "the new version is out, {}",
    "{} thanks a lot for your help",
    "does anybody know how it works? {} please tell me",
)
_SEPARATORS = [
    *" .-_*~·•|/\\,、。^=#'`:;",
    "  ",
    "…",
    "❤",
    "😀",
    "🔥",
    "★",
    "→",
    "○",
    "—",
    "【】",
    "♪",
    " . ",
    "\u3000",
    "🌟🌟",
    "︱",
    "▪",
    "☆",
]
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2061\u2063\u180e\u034f\u200e\u202c\ufe0f"
_MARKS = [chr(one) for one in (*range(0x300, 0x345), *range(0x346, 0x34F), 0x20DD, 0x20D7, 0x489, *range(0x350, 0x36F))]
_TRADITIONAL = dict(zip(
    "刷单职赚钱贷证红赌场挂开网内传风险扫码进废圾领费福抵无轻松员亏号财东发车见说话办价购账",
    "刷單職賺錢貸證紅賭場掛開網內傳風險掃碼進廢圾領費福抵無輕鬆員虧號財東發車見說話辦價購賬",
    strict=True,
))  # fmt: skip
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7+", "l": "1|", "b": "8", "g": "9", "z": "2"}
_LOOKALIKE = {
    "a": "аɑαａᴀ", "b": "Ьʙ", "c": "сϲᴄⅽ", "d": "ԁⅾᴅ", "e": "еєҽᴇ", "f": "ſꜰƒ", "g": "ɡցɢ", "h": "һհʜ", "i": "іıɪι",
    "j": "јϳ",
    "k": "κкᴋ", "l": "ⅼӏʟ", "m": "ⅿмᴍ", "n": "ոпɴ", "o": "оοօᴏσ", "p": "рρᴘ", "q": "ԛզ", "r": "гʀ", "s": "ѕꜱ",
    "t": "тᴛτ",
    "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝшᴡ", "x": "хχ", "y": "уγʏ", "z": "ᴢ",
}  # fmt: skip
_PARTS = {
    "加": "力口", "信": "亻言", "群": "君羊", "职": "耳只", "代": "亻弋", "理": "王里", "利": "禾刂", "博": "十尃",
    "彩": "采彡", "贷": "代贝",
    "办": "力八", "证": "讠正", "私": "禾厶", "聊": "耳卯", "红": "纟工", "赌": "贝者", "场": "土昜", "外": "夕卜",
    "挂": "扌圭", "押": "扌甲",
    "佣": "亻用", "秒": "禾少", "到": "至刂", "账": "贝长", "赚": "贝兼", "钱": "钅戋", "结": "纟吉", "低": "亻氐",
    "购": "贝勾", "码": "石马",
    "扫": "扌彐", "稳": "禾急", "款": "士示欠", "刷": "尸巾刂", "渠": "氵巨木", "渠道": "渠辶首", "圾": "土及",
    "垃": "土立", "抵": "扌氐",
    "领": "令页", "福": "礻畐", "轻": "车圣", "松": "木公", "费": "弗贝", "取": "耳又", "和": "禾口", "好": "女子",
    "物": "牛勿", "傻": "亻囟夂",
    "估": "亻古", "股": "月殳", "投": "扌殳", "资": "次贝", "输": "车俞", "明": "日月", "林": "木木", "张": "弓长",
    "李": "木子", "期": "其月",
}  # fmt: skip
_SHAPES = {
    "微": "徽薇",
    "加": "咖茄伽",
    "群": "裙",
    "单": "箪",
    "职": "枳",
    "贷": "货",
    "赚": "嫌",
    "代": "伐",
    "证": "怔",
    "账": "帐",
    "码": "玛",
    "钱": "线",
}

Disguise = Callable[[str, random.Random], str | None]


def _each(word: str, rng: random.Random, table: dict[str, str], share: float = 0.7) -> str | None:
    """Some characters that the table knows, at least one, as one of what it has for them."""
    places = [at for at, char in enumerate(word) if char in table]
    if not places:
        return None
    chosen = [at for at in places if rng.random() < share] or [rng.choice(places)]
    return "".join(rng.choice(table[char]) if at in chosen else char for at, char in enumerate(word))


def width(word: str, rng: random.Random) -> str | None:
    """Full-width and mathematical letters."""
    if not word.isascii():
        return None
    if rng.random() < 0.5:
        return "".join(chr(ord(char) + 0xFEE0) if char != " " else "\u3000" for char in word)
    base = rng.choice((0x1D41A, 0x1D4EA, 0x1D5BA, 0x1D68A, 0x24D0))
    return "".join(chr(base + ord(char) - 97) if "a" <= char <= "z" else char for char in word)


def case(word: str, rng: random.Random) -> str | None:
    if not word.isascii():
        return None
    return "".join(char.upper() if rng.random() < 0.5 else char for char in word[:-1]) + word[-1].upper()


def invisible(word: str, rng: random.Random) -> str | None:
    out = word[0]
    for char in word[1:]:
        out += "".join(rng.choice(_INVISIBLE) for _ in range(rng.randrange(3))) + char
    return out if out != word else word[0] + rng.choice(_INVISIBLE) + word[1:]


def zalgo(word: str, rng: random.Random) -> str | None:
    return "".join(char + "".join(rng.choice(_MARKS) for _ in range(rng.randrange(1, 5))) for char in word)


def separators(word: str, rng: random.Random) -> str | None:
    """One separator between all characters."""
    return rng.choice(_SEPARATORS).join(word)


def separators_mixed(word: str, rng: random.Random) -> str | None:
    """Another separator in each place."""
    return word[0] + "".join(rng.choice(_SEPARATORS) + char for char in word[1:])


def lookalikes(word: str, rng: random.Random) -> str | None:
    return _each(word, rng, _LOOKALIKE) if word.isascii() else None


def traditional(word: str, rng: random.Random) -> str | None:  # noqa: ARG001
    changed = "".join(_TRADITIONAL.get(char, char) for char in word)
    return changed if changed != word else None


def leet(word: str, rng: random.Random) -> str | None:
    if not word.isascii() or sum(char not in _LEET for char in word) == 0:
        return None
    return _each(word, rng, _LEET)


def parts(word: str, rng: random.Random) -> str | None:
    return _each(word, rng, {char: [split] for char, split in _PARTS.items()})  # type: ignore[misc]


def shapes(word: str, rng: random.Random) -> str | None:
    return _each(word, rng, _SHAPES)


def repeats(word: str, rng: random.Random) -> str | None:
    """Characters several times: all of them a few times, or one many times."""
    if rng.random() < 0.5:
        return "".join(char * rng.randrange(1, 4) for char in word[:-1]) + word[-1] * 3
    at = rng.randrange(len(word))
    return word[:at] + word[at] * rng.randrange(3, 7) + word[at + 1 :]


CLASSES: dict[str, Disguise] = {
    one.__name__: one
    for one in (
        width, case, invisible, zalgo, separators, separators_mixed, lookalikes, traditional, leet, parts, shapes,
        repeats,
    )
}  # fmt: skip
#: In which order two classes are done: what changes characters before what stands between or on them.
_ORDER = (
    "traditional",
    "shapes",
    "parts",
    "lookalikes",
    "leet",
    "case",
    "repeats",
    "width",
    "separators",
    "separators_mixed",
    "zalgo",
    "invisible",
)


def pairs() -> list[tuple[str, str]]:
    """Every two classes that can be done one after the other."""
    without = {frozenset(("separators", "separators_mixed")), frozenset(("case", "width"))}
    return [
        (one, other)
        for at, one in enumerate(_ORDER)
        for other in _ORDER[at + 1 :]
        if frozenset((one, other)) not in without
    ]


def disguised(classes: tuple[str, ...], rng: random.Random, number: int) -> Iterator[tuple[str, str, str]]:
    """Words, how they are disguised, and texts that hold them so."""
    made = 0
    for _ in range(number * 20):
        word = rng.choice((*CHINESE, *ENGLISH))
        out: str | None = word
        for name in classes:
            out = CLASSES[name](out, rng) if out is not None else None
        if out is None or out == word:
            continue
        yield word, out, rng.choice(SEEDS).format(f" {out} " if word.isascii() else out)
        made += 1
        if made == number:
            return


#: Characters that sound alike, tones aside; the first of each is in the words.
_ALIKE = words(
    "加家佳嘉 微威薇维 信芯新欣 群裙 刷耍唰 单丹担 兼肩尖 职值直 代袋戴 理里李 返反贩 利力立 博波播 "
    "彩采菜 贷带待 款宽 办半扮 证正政 私思丝 聊辽撩 红宏洪 包胞苞 赌堵睹 场厂 外歪 挂瓜 免勉棉 押压鸭 "
    "金今巾 高糕 佣拥永 秒渺 到道刀 账丈涨 赢盈营 钱前浅 开凯 票漂飘 用佣 卡咖 日曰 结节杰 低滴 价架 "
    "购够沟 内那 渠曲趣 道到 稳吻 赚转 不布 赔陪 扫嫂 码马玛 进近 网往 上尚 傻洒 瓜呱 笨本 蛋旦 废费飞 "
    "物务 垃拉 圾基 人仁 套掏 现线 费飞 领另岭 取曲 无吾 抵底 福服 轻青清 松宋 三叁 百白 元圆"
)
SOUNDS = {
    "every character": lambda word, rng: "".join(_other(char, rng) for char in word),
    "one character": lambda word, rng: _one_other(word, rng),
}


def _other(char: str, rng: random.Random) -> str:
    others = [one[1:] for one in _ALIKE if one[0] == char]
    return rng.choice(others[0]) if others else char


def _one_other(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    return word[:at] + _other(word[at], rng) + word[at + 1 :]


def sounded(name: str, rng: random.Random, number: int) -> Iterator[tuple[str, str, str]]:
    """Chinese words written with others of the same sound, as `disguised`."""
    made = 0
    while made < number:
        word = rng.choice(CHINESE)
        out = SOUNDS[name](word, rng)
        if out != word:
            yield word, out, rng.choice(SEEDS[:4]).format(out)
            made += 1
