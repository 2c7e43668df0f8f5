"""Detectors: what they find, and what only looks like it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communityrules.library.detectors import DETECTORS
from communityrules.library.detectors.bank_card import is_bank_card
from communityrules.library.detectors.digits import luhn
from communityrules.library.detectors.id_card import is_id_card


def found(detector: str, text: str) -> list[str]:
    return [text[one.start : one.end] for one in DETECTORS[detector].find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "138　1234　5678",
        "+86 138 1234 5678",
        "+8613812345678",
        "0086-13812345678",
        "86 13812345678",
        "19912345678",
        "(021)62345678",
        "0755-26123456",
        "+86-10-62345678",
        "+1 (415) 555-2671",
        "(415) 555-2671",
        "415-555-2671",
        "+44 20 7946 0958",
        "+852 2345 6789",
        "+81 90-1234-5678",
        "①③⑧①②③④⑤⑥⑦⑧",
        "一三八一二三四五六七八",
        "幺三八零零一三八零零零",
        "1三8零零1三8零零零",
        "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "⑴⑶⑻⑴⑵⑶⑷⑸⑹⑺⑻",
        "1\u200b38\u200b12345678",
        "1-3-8-1-2-3-4-5-6-7-8",
        "1 3 8 1 2 3 4 5 6 7 8",
        "1*3*8*1*2*3*4*5*6*7*8",
        "138 - 1234 - 5678",
        "138_1234_5678",
        "138 12 34 56 78",
        "(+86)13812345678",
        "0044 20 7946 0958",
        "0912-345-678",
        "+44 (0)20 7946 0958",
        "(852) 9123 4567",
        "0755 2600 1234",
        "010-6234-5678",
    ],
)
@pytest.mark.parametrize("around", ["{}", "电话{}吧", "call {} now", "({})", "tel:{}", "我的号是{},谢谢"])
def test_phone_numbers(text: str, around: str) -> None:
    if around == "({})" and text.startswith("("):
        pytest.skip("a bracket of its own")
    assert found("phone_number", around.format(text)) == [text]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13812345678 13912345678", ["13812345678", "13912345678"]),
        ("13812345678,13912345678", ["13812345678", "13912345678"]),
        ("13812345678/13912345678", ["13812345678", "13912345678"]),
        ("vx13812345678", ["13812345678"]),
        ("https://wa.me/8613812345678", ["8613812345678"]),
        ("a.com 13812345678", ["13812345678"]),
        ("WeChat:13812345678", ["13812345678"]),
    ],
)
def test_several_phone_numbers(text: str, numbers: list[str]) -> None:
    assert found("phone_number", text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "订单20241008123456",
        "订单号 SN13812345678",
        "2024-10-08 12:00:00",
        "2024-10-08T12:00:00+08:00",
        "￥13812345678",
        "13812345678元",
        "1381,234,5678",
        "1,381,234,567",
        "13812345678.5",
        "0.13812345678",
        "138123456789",
        "113812345678",
        "12345678901",
        "1728360000000",
        "1728360000",
        "+500分",
        "+10000000000",
        "400-123-4567",
        "95588",
        "110",
        "192.168.138.123",
        "3.14159265358979",
        "13812345678abc",
        "138 1234 56789",
        "version 2024.10.8",
        "QQ 123456789",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "16:00-18:00",
        "11010519491231002X",
        "139.69170600",
        "https://shop.example.com/13812345678.html",
        "一三五七九十一十三十五十七",
        "一二三四五六七八九十一二三",
        "二〇二四年十月八日十二点三十分",
        "",
    ],
)
def test_no_phone_numbers(text: str) -> None:
    assert found("phone_number", text) == []


def id_card(seventeen: str) -> str:
    return next(seventeen + last for last in "0123456789X" if is_id_card(seventeen + last))


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        "110105 19491231 002X",
        "110105 1949 1231 002X",
        "1-1-0-1-0-5-1-9-4-9-1-2-3-1-0-0-2-X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "一一〇一〇五一九四九一二三一〇〇二X",
    ],
)
@pytest.mark.parametrize("around", ["{}", "身份证{}。", "id {} ok", "{},13812345678"])
def test_id_cards(text: str, around: str) -> None:
    assert found("id_card", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # wrong check character
        "11010519491331002X",  # month 13
        "99010519491231002X",  # no such region
        "11010518491231002X",  # another century
        "110105491231002",  # the old form
        "1101051949123100",
        "011010519491231002X",
        "11010519491231002XY",
        "202410081234567890",
    ],
)
def test_no_id_cards(text: str) -> None:
    assert found("id_card", text) == []


@given(st.dates(), st.integers(0, 999))
def test_one_check_character_is_right(day: object, serial: int) -> None:
    seventeen = f"110105{str(day).replace('-', '')}{serial:03d}"
    right = [last for last in "0123456789X" if is_id_card(seventeen + last)]
    assert len(right) == (1 if "1900" <= seventeen[6:10] <= "2099" else 0)


@pytest.mark.parametrize(
    "text",
    [
        "6222021234567890128",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
        "４１１１１１１１１１１１１１１１",
    ],
)
@pytest.mark.parametrize("around", ["{}", "卡号{}。", "card {} please", "卡号:{}"])
def test_bank_cards(text: str, around: str) -> None:
    assert found("bank_card", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # wrong check digit
        "2024100812345678",  # an order number
        "ORDER4111111111111111",
        "62220212345678901",
        "4111111111111111.00",
        "￥4111111111111111",
        "41111111111111111111111",
        "1728360000000000",
        "1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4",
        "13812345678",
    ],
)
def test_no_bank_cards(text: str) -> None:
    assert found("bank_card", text) == []


@given(
    st.sampled_from(["622202", "436742", "4111", "55", "3528", "6011"]),
    st.integers(0, 10**12 - 1),
    st.sampled_from([16, 19]),
)
def test_one_check_digit_is_right(begins: str, rest: int, length: int) -> None:
    number = (begins + f"{rest:012d}" * 2)[: length - 1]
    right = [last for last in "0123456789" if luhn(number + last)]
    assert len(right) == 1
    if is_bank_card(number + right[0]):
        assert not any(is_bank_card(number + last) for last in "0123456789" if last != right[0])


# No deadline: the first address loads the list of endings.
@settings(deadline=None)
@given(
    st.sampled_from(["phone_number", "id_card", "bank_card", "email", "messenger_id", "group_invite"]),
    st.text("你好吧 ,。!汉字\n", max_size=8),
    st.text("你好吧 ,。!汉字\n", max_size=8),
)
def test_a_find_is_quoted_exactly_wherever_it_stands(detector: str, before: str, after: str) -> None:
    known = {
        "phone_number": ("", "13812345678"),
        "id_card": ("", "11010519491231002X"),
        "bank_card": ("", "6222021234567890128"),
        "email": ("", "first.last@mail.example.com"),
        "messenger_id": ("微信：", "abc_123"),
        "group_invite": ("邀请码：", "AB12CD"),
    }
    word, wanted = known[detector]
    text = before + word + wanted + after
    start = len(before + word)
    assert (start, start + len(wanted)) in [(one.start, one.end) for one in DETECTORS[detector].find(text)]


def test_an_identity_number_is_no_bank_card() -> None:
    numbers = [id_card(f"62010219{year:02d}0101{serial:03d}") for year in range(50, 90) for serial in range(25)]
    fitting = [number for number in numbers if "X" not in number and luhn(number)]
    assert fitting
    assert not any(is_bank_card(number) for number in fitting)


@pytest.mark.parametrize(
    "text",
    [
        "bob (at) host dot com",
        "bob[at]host.com",
        "bob(at)host(dot)com",
        "bob艾特qq点com",
        "123456@qq。com",
        "123456@qq点com",
        "bob99 at host dot com",
    ],
)
@pytest.mark.parametrize("around", ["{}", "邮箱: {}", "mail {}.", "<{}>"])
def test_emails_in_disguise(text: str, around: str) -> None:
    assert found("email", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text", ["a@b.com", "first.last+tag@mail.example.co.uk", "ＡＢ＠ＱＱ．ＣＯＭ", "123456@qq.com", "user_1@163.com"]
)
@pytest.mark.parametrize("around", ["{}", "邮箱{}吧", "mail {}.", "<{}>"])
def test_emails(text: str, around: str) -> None:
    assert found("email", around.format(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "@bob",
        "a@b",
        "logo@2x.png",
        "5 @ 3.50",
        "me@",
        "x@y.nothing",
        "a@b@c",
        "user@1.2",
        "meet at example.com",
        "look at foo dot com",
        "email me at foo dot com",
    ],
)
def test_no_emails(text: str) -> None:
    assert found("email", text) == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("加微信：abc_123", ["abc_123"]),
        ("微信abc12345", ["abc12345"]),
        ("我的微信是 zhang_san99", ["zhang_san99"]),
        ("加 v 信：abc12345", ["abc12345"]),
        ("薇信号wodewx", ["wodewx"]),
        ("ＶＸ：abcdef88", ["abcdef88"]),
        ("WeChat: alice_w", ["alice_w"]),
        ("加V ab12345", ["ab12345"]),
        ("v：qwerty1", ["qwerty1"]),
        ("➕V：abc123", ["abc123"]),
        ("威❤abc123x", ["abc123x"]),
        ("wei信：abcdef1", ["abcdef1"]),
        ("微信👉👉【abc123】", ["abc123"]),
        ("加我v abc12345", ["abc12345"]),
        ("微信同号：13812345678", ["13812345678"]),
        ("my wechat is bob_1", ["bob_1"]),
        ("✈️：@abcdef", ["abcdef"]),
        ("加我微信 13812345678", ["13812345678"]),
        ("13812345678微信同号", ["13812345678"]),
        ("QQ 123456789", ["123456789"]),
        ("qq：１２３４５６", ["１２３４５６"]),
        ("扣扣：1234567", ["1234567"]),
        ("123456789是我qq", ["123456789"]),
        ("TG @abc_def", ["abc_def"]),
        ("telegram: alice99", ["alice99"]),
        ("飞机：abcdef", ["abcdef"]),
        ("客服联系：@abc21497咨询", ["abc21497"]),
        ("t.me/somebody", ["somebody"]),
        ("WhatsApp +1 (415) 555-2671", ["+1 (415) 555-2671"]),
        ("line id: bob.smith", ["bob.smith"]),
        ("discord bob#1234", ["bob#1234"]),
        ("skype: live:bob_1", ["live:bob_1"]),
        # A word for a messenger, and no id.
        ("微信 hello", []),
        ("微信支付100元", []),
        ("微信2024年改版了", []),
        ("微信群已满", []),
        ("telegram channel", []),
        ("the V: drive is full", []),
        ("V:\\node_modules\\x", []),
        ("line 45 of main.py", []),
        ("qq.com", []),
        ("Q群 123456", []),
        ("t.me/somebody/12", []),
        ("https://t.me/+abcdef", []),
        # An id, and no word for a messenger.
        ("abc_123", []),
        ("订单 123456789", []),
        ("@abc_def hi", []),
    ],
)
def test_messenger_ids(text: str, ids: list[str]) -> None:
    assert found("messenger_id", text) == ids


@pytest.mark.parametrize(
    ("text", "invites"),
    [
        ("https://t.me/+AbCd123", ["https://t.me/+AbCd123"]),
        ("进群t.me/joinchat/AAAA速来", ["t.me/joinchat/AAAA"]),
        ("discord.gg/abc", ["discord.gg/abc"]),
        ("看discord点gg/abc", ["discord点gg/abc"]),
        ("https://discord.com/invite/xyz", ["https://discord.com/invite/xyz"]),
        ("chat.whatsapp.com/Abc", ["chat.whatsapp.com/Abc"]),
        ("500Uhttps://t.me/+08wP", ["https://t.me/+08wP"]),
        ("群号：123456789", ["123456789"]),
        ("ＱＱ群 12345678", ["12345678"]),
        ("加群123456", ["123456"]),
        ("邀请码：AB12CD", ["AB12CD"]),
        ("invite code: abcd12", ["abcd12"]),
        ("referral code FREE", ["FREE"]),
        ("t.me/somebody", []),
        ("https://discord.com/channels/1", []),
        ("邀请码是必须的", []),
        ("invitation code please", []),
        ("这个群 2024年建的", []),
        ("群里100000元红包", []),
        ("the error code abc123", []),
    ],
)
def test_group_invites(text: str, invites: list[str]) -> None:
    assert found("group_invite", text) == invites


@pytest.mark.parametrize(
    "text",
    [
        "¥500", "￥1,200.50", "$1.5k", "HK$300", "500元", "３００块", "50 USDT", "20 dollars", "600$", "三千块",
        "五万元", "一百块钱", "一块钱", "2.5万元", "100-200元", "500多元", "3000+元", "几百块", "10刀", "€20",
        "1000 руб",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "只要{}!", "it costs {} now", "({})"])
def test_money_amounts(text: str, around: str) -> None:
    assert found("money_amount", around.format(text)) == [text]


@pytest.mark.parametrize(("text", "sums"), [("月入3万", ["3万"]), ("日赚500+", ["500+"]), ("工资8k左右", ["8k"])])
def test_money_amounts_beside_words_for_earning(text: str, sums: list[str]) -> None:
    assert found("money_amount", text) == sums


@pytest.mark.parametrize(
    "text",
    [
        "3万人", "一块去", "2023元旦", "3元素", "第一元素", "5块蛋糕", "echo $1;", '"$2"', "${HOME}", "64k memory",
        "v1.5k", "16:30 europe", "两人一组", "元", "$", "百万雄师",
    ],
)  # fmt: skip
def test_no_money_amounts(text: str) -> None:
    assert found("money_amount", text) == []


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("我家住北京市朝阳区建国路88号", ["北京市朝阳区建国路88号"]),
        ("地址：上海市浦东新区世纪大道100号2号楼301室", ["上海市浦东新区世纪大道100号2号楼301室"]),
        ("幸福小区3号楼2单元501室", ["幸福小区3号楼2单元501室"]),
        ("寄到江苏省南京市鼓楼区汉口路22号,谢谢", ["江苏省南京市鼓楼区汉口路22号"]),
        ("he lives at 221B Baker Street now", ["221B Baker Street"]),
        ("123 Main St, Apt 4", ["123 Main St, Apt 4"]),
        ("中山路123号", []),
        ("北京市朝阳区", []),
        ("地铁9号线", []),
        ("2号楼", []),
        ("三号选手", []),
        ("I have 3 Main ideas", []),
    ],
)
def test_postal_addresses(text: str, addresses: list[str]) -> None:
    assert found("postal_address", text) == addresses


def test_links() -> None:
    assert found("link", "看Example.com/a和https://b.example") == ["Example.com/a", "https://b.example"]


@pytest.mark.parametrize("detector", DETECTORS)
@given(
    text=st.text(
        st.sampled_from("0123456789Xx+-() .@/:１２a汉w\u200b微信元号路室区点[]dotqQ群码①一三八\ufe0f\u20e3"),
        max_size=60,
    )
)
def test_matches_lie_apart_within_the_text(detector: str, text: str) -> None:
    end = 0
    for one in DETECTORS[detector].find(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "13812345678 ",
        "a",
        "a.",
        "a@",
        "@a.",
        "-",
        "+1 ",
        "(0",
        "1.",
        "1-",
        "汉",
        "://",
        "a://",
        "x@a.com ",
        "[.]a",
        "a点",
        "微信",
        "q:",
        "元",
        "路1号",
        "室",
        "群",
        "一",
        "1️⃣",
        "¥1",
        "a at ",
        " dot ",
        "($t.me/(",
        "a.com/)",
        "-八",
        "区",
    ],
)
def test_long_texts_cost_little(detector: str, piece: str) -> None:
    text = (piece * 70_000)[:70_000]
    before = time.perf_counter()
    for _ in DETECTORS[detector].find(text):
        pass
    assert time.perf_counter() - before < 5


@pytest.mark.parametrize("text", ["400-820-8820", "call 800-810-8888 now", "(877) 555-2671", "1-888-555-2671"])
def test_hot_lines_belong_to_nobody(text: str) -> None:
    assert found("phone_number", text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("电话02162345678", ["02162345678"]),
        ("热线是：075526001234。", ["075526001234"]),
        ("tel: 02162345678", ["02162345678"]),
        ("单号02162345678", []),
        ("电话0216234567890", []),
        ("0755 2600 1234 5678", []),
        ("2026-010-6234-5678", []),
    ],
)
def test_land_lines_without_a_gap_follow_a_word(text: str, numbers: list[str]) -> None:
    assert found("phone_number", text) == numbers


@pytest.mark.parametrize(
    ("detector", "text", "quoted"),
    [
        ("link", "ev\u200bil.com/x", "ev\u200bil.com/x"),
        ("link", "https://ev\u00adil\u2060.com", "https://ev\u00adil\u2060.com"),
        ("email", "bob@ma\u200bil.com", "bob@ma\u200bil.com"),
        ("messenger_id", "微\u200b信:abc12345", "abc12345"),
        ("messenger_id", "微信:abc\u200d12345", "abc\u200d12345"),
        ("group_invite", "群\u200b号:123\u200b456789", "123\u200b456789"),
        ("group_invite", "t.m\ufeffe/+AbCdEf", "t.m\ufeffe/+AbCdEf"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "😀\u200b{}\u200b。", "看 {} 谢谢"])
def test_what_has_no_width_hides_nothing(detector: str, text: str, quoted: str, around: str) -> None:
    assert found(detector, around.format(text)) == [quoted]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("微信號:abc12345", ["abc12345"]),
        ("v➕abc12345", ["abc12345"]),
        ("+❤abc12345", ["abc12345"]),
        ("discord: bob_cash99", ["bob_cash99"]),
        ("discord: release notes", []),
        ("I ❤ abc12345", []),
    ],
)
def test_messengers_in_other_words(text: str, ids: list[str]) -> None:
    assert found("messenger_id", text) == ids


@pytest.mark.parametrize(
    "text",
    ["Q群:{}", "q裙 {}", "扣群{}", "加君羊：{}", "群號:{}", "群 号 {}", "群：{}", "加我的群 {}"],
)
def test_words_for_groups(text: str) -> None:
    assert found("group_invite", text.format(123456789)) == ["123456789"]


def test_invitations_on_other_hosts() -> None:
    assert found("group_invite", "https://ptb.discord.com/invite/abc") == ["https://ptb.discord.com/invite/abc"]
    assert found("group_invite", "群里有123456人, 人群123456") == []


@pytest.mark.parametrize("text", ["500塊", "500萬元", "五百萬元", "500円"])
def test_money_in_traditional_characters(text: str) -> None:
    assert found("money_amount", f"只要{text}!") == [text]


def test_who_opens_a_link_is_no_email() -> None:
    assert found("email", "http://bob:word@host.com/ and https://bob@host.com") == []
    assert found("email", "b@xn--fsqu00a.xn--fiqs8s") == ["b@xn--fsqu00a.xn--fiqs8s"]
