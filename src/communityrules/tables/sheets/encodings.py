"""In which encoding a text is: found from the bytes alone, the same every time."""

from __future__ import annotations

import codecs
from typing import Final

from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import UNKNOWN_ENCODING

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
#: Names for people.
_NAMES: Final = {
    "utf-8": "UTF-8", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "gb18030": "GB18030", "big5hkscs": "Big5", "cp1252": "Windows-1252",
}  # fmt: skip

#: Characters that Chinese texts of rules are full of. A text decoded wrongly has next to none of them.
_SIMPLE: Final = frozenset(
    "的一是不在有人这中大为上个国和我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里"
    "如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利"
    "比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统"
    "接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认"
    "六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段"
    "研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维"
    "划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底液官德随病苏失尔死讲配女黄推显谈罪神艺"
    "呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远字材排供河态封另施减树溶怎止案言士均武固叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某"
    "练差致板田降黑犯负击范继兴似余坚曲输修故城夫够送笔船占右财吃富春职觉汉画功巴跟虽杂飞检吸助升阳互初创抗考投坏策古径换未跑留钢曾端责站简述钱副尽帝射草"
    "冲承独令限阿宣环双请超微让控州良轴找否纪益依优顶础载倒房突坐粉敌略客袁冷胜绝析块剂测丝协诉念陈仍罗盐友洋错苦夜刑移频逐靠混母短皮终聚汽村云哪既距卫停"
    "烈央察烧迅境若印洲刻括激孔搞甚室待核校散侵吧甲游久菜味旧模湖货损预阻毫普稳乙妈植息扩银语挥酒守拿序纸医缺雨吗针刘啊急唱误训愿审附获茶鲜粮斤孩脱硫肥善"
    "龙演父渐血欢械掌歌沙刚攻谓盾讨晚粒乱燃矛乎杀药宁鲁贵钟煤读班伯香介迫句丰培握兰担弦蛋沉假穿执答乐谁顺烟缩征脸喜松脚困异免背星福买染井概慢怕磁倍祖皇促"
    "静补评翻肉践尼衣宽扬棉希伤操垂秋宜氢套督振架亮末宪庆编牛触映雷销诗座居抓裂胞呼娘景威绿晶厚盟衡鸡孙延危胶屋乡临陆顾掉呀灯岁措束耐剧玉赵跳哥季课凯胡额"
    "款绍卷齐伟蒸殖永宗苗川炉岩弱零杨奏沿露杆探滑镇饭浓航怀赶库夺伊灵税途灭赛归召鼓播盘裁险康唯录菌纯借糖盖横符私努堂域枪润幅哈竟熟虫泽脑壤碳欧遍侧寨敢彻"
    "禁广告群聊辱骂刷屏违规警封禁垃圾泄露隐私链接频繁适用范围称"
)
_FULL: Final = frozenset(
    "個們這來時為國會學對發動產種後說過還進經點機體業開關長實現與應當動無讓從問題規則編號稱內適用對象範圍時間實施員禁廣告罵隱私資料處罰違責任聯絡優先級類別"
    "權限響應決標準備註說明請參與論壇頻道訊息連結並須將條項單報審核變"
)
#: Characters that are looked at.
_SAMPLE: Final = 50_000
_COMMON: Final = _SIMPLE | _FULL
#: Signs between them; digits and signs of full width.
_SIGNS: Final = frozenset("。、《》“”·…—「」【】") | {chr(code) for code in range(0xFF01, 0xFF5F)}


def decoded(data: bytes, file: str) -> tuple[str, str]:
    """The text, and the name of its encoding. `Refused` when it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data[len(mark) :], encoding, file), _NAMES[encoding]
    if b"\0" in data:
        wide = _wide(data)
        if wide is None:
            raise refused(UNKNOWN_ENCODING, file=file)
        return _as(data, wide, file), _NAMES[wide]
    try:
        return data.decode("utf-8"), _NAMES["utf-8"]
    except UnicodeDecodeError:
        pass
    best: tuple[float, str, str] | None = None
    for encoding in ("gb18030", "big5hkscs", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _score(text, latin=encoding == "cp1252")
        if best is None or score > best[0]:
            best = (score, text, encoding)
    # Below this the letters make no words in any of them.
    if best is None or best[0] < 0.2:
        raise refused(UNKNOWN_ENCODING, file=file)
    return best[1], _NAMES[best[2]]


def _as(data: bytes, encoding: str, file: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refused(UNKNOWN_ENCODING, file=file) from None
    if "\0" in text:
        raise refused(UNKNOWN_ENCODING, file=file)
    return text


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: the one of the two that gives writing; None when neither does."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data[:100_000].decode(encoding)
        except UnicodeDecodeError:
            continue
        plain = sum(char in "\n\r\t" or " " <= char <= "~" for char in text)
        if "\0" not in text and (plain * 2 > len(text) or (plain and _score(text, latin=False) > 0.3)):
            return encoding
    return None


def _score(text: str, *, latin: bool) -> float:
    """How much the letters beyond ASCII look like writing, from 0 to 1."""
    strange = [char for char in text[:_SAMPLE] if char > "\x7f"]
    if not strange:
        return 0.0
    if latin:
        # A letter with an accent stands among plain letters; two or three in a row are another encoding.
        letters = sum(char.isalpha() for char in strange)
        share = len(strange) / max(min(len(text), _SAMPLE), 1)
        return 0.5 * letters / len(strange) if share < 0.15 else 0.0
    known = sum(char in _COMMON or char in _SIGNS for char in strange)
    private = sum("\ue000" <= char <= "\uf8ff" for char in strange)
    return (known - 3 * private) / len(strange)
