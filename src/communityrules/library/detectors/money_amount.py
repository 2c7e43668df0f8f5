"""`money_amount` / `金额`: sums of money.

A number with the sign of a currency (`¥500`, `$1.5k`, `500€`), with its name or code (`500元`, `300块`, `50 USDT`,
`20 dollars`), in Chinese numerals (`三千块`, `五万元`), or a round number beside a word for earning and paying
(`月入3万`, `日赚500+`, `工资8k`). `3万人`, `一块去`, `2023元旦` and `$1` of a program are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.narrow import narrow
from communityrules.library.signs import MONEY_AMOUNTS, worth_looking

_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,12}(?:\.[0-9]{1,4})?"
_CHINESE: Final = r"[一二三四五六七八九十百千万亿两几数零〇壹贰叁肆伍陆柒捌玖拾佰仟萬億兩]"
_NUMERIC: Final = frozenset("0123456789一二三四五六七八九十百千万亿两几数零〇壹贰叁肆伍陆柒捌玖拾佰仟萬")
_RANGE: Final = rf"(?:[ ]?[-~—–到至][ ]?(?:{_NUMBER}))?"
_SCALE: Final = r"(?:[十百千万亿萬億wWkKmM]{1,2}(?![A-Za-z]))"
#: What `元` and `块` begin that is no money.
_NOT_YUAN: Final = r"(?!旦|素|气|宵|首|老|件|宝|神|年|代|朝|组|祖|月|宇宙)"
_NOT_PIECE: Final = r"(?![儿头状地石肉屏砖板表布糖木骨牌去走来吃玩看上]|蛋糕|电池|手表|硬盘|玻璃)"
_NAMES: Final = "块钱 人民币 美元 美金 欧元 港币 港元 日元 台币 新台币 泰铢 卢布 英镑".replace(" ", "|")
_UNIT: Final = rf"(?:{_NAMES}|元{_NOT_YUAN}|[圆円圓](?=[整/每 ,，。!！]|$)|[块塊]{_NOT_PIECE}|刀(?![片具]))"
_LATIN_UNIT: Final = (
    r"(?:(?:rmb|cny|usdt?|usdc|eur|gbp|hkd|jpy|krw|twd|dollars?|bucks|euros?|yuan|rub(?:les?)?|руб(?:лей|ля|\.)?)(?![A-Za-z])"
    r"|[₽€£₩¥$])"
)
#: One of these is in every sum, kind by kind: signs, units in Chinese, units in letters, the same after Chinese
#: numerals, round numbers.
_SIGNS: Final = (
    frozenset("$¥￥€£₩₽"),
    frozenset("元块塊刀币镑铢布圆円圓金"),
    frozenset("dDbByYsSpPкКрР$€£₩₽tTrRkK"),
    frozenset("元块美"),
    frozenset("百千万亿wWkK+"),
)
_EARNING: Final = "|".join(
    (
        *(
            "月入",
            "日入",
            "年入",
            "日赚",
            "月赚",
            "赚到?",
            "收入",
            "收益",
            "工资",
            "月薪",
            "年薪",
            "日薪",
            "时薪",
            "底薪",
            "薪资",
        ),
        *(
            "佣金",
            "返现",
            "返利",
            "返",
            "奖金",
            "补贴",
            "补助",
            "红包",
            "押金",
            "保证金",
            "定金",
            "订金",
            "转账",
            "充值",
            "提现",
        ),
        *(
            "到账",
            "额度",
            "贷款",
            "借款",
            "借",
            "欠",
            "卖",
            "售价",
            "价格",
            "原价",
            "现价",
            "只要",
            "仅需",
            "一天",
            "一单",
            "一小时",
        ),
        *("每单", "每天", "每月", "每人", "保底", "本金", "投资", "下注", "充", "奖"),
    )
)
#: What a round number counts that is no money.
_COUNTED: Final = "(?!人|次|条|个|份|名|家|户|件|分|一|元|块)"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    number = rf"(?:{_NUMBER}){_RANGE}"
    apart = r"(?<![0-9A-Za-z.:])"
    round_number = (
        rf"(?:{number})\+?[ ]?(?:[千万亿]{_COUNTED}|[wWkK](?![A-Za-z0-9]))(?:\+|以上)?|(?:{number})\+(?![0-9A-Za-z])"
        rf"|{_CHINESE}{{0,6}}[百千万亿]{_COUNTED}"
    )
    return (
        re.compile(rf"(?:[A-Z]{{2}})?[$¥￥€£₩₽][ ]?(?:{number})(?:[ ]?{_SCALE})?\+?"),
        re.compile(rf"{apart}(?:{number})\+?(?:[多余来几]|[ ]?{_SCALE})?[多余]?[ ]?{_UNIT}"),
        re.compile(rf"{apart}(?:{number})\+?(?:[ ]?{_SCALE})?[ ]?{_LATIN_UNIT}", re.IGNORECASE),
        re.compile(
            rf"(?<!第)(?=[^一几]|一[十百千万亿]|几[十百千万]|一块钱){_CHINESE}{{1,9}}[多来余]?"
            rf"(?:元{_NOT_YUAN}|块钱|美元|美金|块(?=[钱,，。！!？?)） \n、;；]|$))"
        ),
        re.compile(rf"(?:{_EARNING})[ :：是为]?(?:了|到|高达|最高|可达|约)?[ ]?(?P<sum>{round_number})"),
    )


def find_money_amounts(text: str) -> Iterator[Match]:
    """Sums of a text in order."""
    worth = worth_looking(text, MONEY_AMOUNTS)
    if True not in worth:
        return
    plain = narrow(text)
    letters = set(plain)
    if letters.isdisjoint(_NUMERIC):
        return
    found = []
    for is_worth, signs, pattern in zip(worth, _SIGNS, _patterns(), strict=True):
        if not is_worth or letters.isdisjoint(signs):
            continue
        for one in pattern.finditer(plain):
            start, end = one.span("sum" if "sum" in pattern.groupindex else 0)
            if not _is_code(plain, start, end):
                found.append(Match(start, end))
    taken = 0
    for match in sorted(found, key=lambda one: (one.start, -one.end)):
        if match.start >= taken:
            taken = match.end
            yield match


def _is_code(plain: str, start: int, end: int) -> bool:
    """`$1` of a program: one digit, or beside what programs have."""
    if plain[start] != "$":
        return False
    before, after = plain[max(0, start - 1) : start], plain[end : end + 1]
    return (end - start == 2 and not (before in ("", " ") and after in ("", " ", ",", ".", "!", "?", "/"))) or (
        before in ("'", '"', "`", "\\", "{", "=", "$") or after in ("'", '"', "`", "_", "(", "{", "}")
    )


MONEY_AMOUNT = Detector(
    Names("money_amount", "金额"),
    Bilingual("Sums of money: `¥500`, `300块`, `50 USDT`, `月入3万`.", "金额:`¥500`、`300块`、`50 USDT`、`月入3万`。"),
    find_money_amounts,
)
