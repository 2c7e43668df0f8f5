"""Every message of the syntax, `CR1xx`."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual, Message


def _error(code: str, title: tuple[str, str], text: tuple[str, str], hint: tuple[str, str]) -> Message:
    return Message(code, "error", Bilingual(*title), Bilingual(*text), Bilingual(*hint))


UNEXPECTED = _error(
    "CR101",
    ("Unexpected word", "意外的内容"),
    ("`{found}` cannot stand here.", "此处不能写 `{found}`。"),
    ("Expected here: {expected}.", "此处可以写:{expected}。"),
)
UNCLOSED_TEXT = _error(
    "CR102",
    ("Text without a closing quote", "引号没有闭合"),
    ("This quote has no closing {quote} on its line; a text may not cross a line end.",
     "这个引号在本行内没有对应的 {quote};文字不能跨行。"),
    ("Close the text with {quote} on the same line; write a line break inside a text as `\\n`.",
     "在同一行写上 {quote};文字中的换行写作 `\\n`。"),
)  # fmt: skip
GLUED = _error(
    "CR103",
    ("A space is missing", "缺少空格"),
    ("`{word}` and `{rest}` are written together.", "`{word}` 与 `{rest}` 连写在一起。"),
    ("Put a space between them: `{mended}`.", "在中间加一个空格:`{mended}`。"),
)
NAME_OF_SEVERAL = _error(
    "CR104",
    ("A name of several words", "名称不是一个词"),
    ("A name is one word of letters, digits and `_`, but `{found}` has {sign} in it.",
     "名称是一个词,只用文字、数字和 `_`,而 `{found}` 中有{sign}。"),
    ("Write it as `{mended}`.", "写成 `{mended}`。"),
)  # fmt: skip
UNKNOWN_WORD = _error(
    "CR105",
    ("Unknown word", "不认识的词"),
    ("`{found}` is not a word of the language here.", "`{found}` 在此处不是本语言的词。"),
    ("Did you mean `{suggestion}`?", "是否想写 `{suggestion}`?"),
)
RESERVED = _error(
    "CR106",
    ("A word of the language used as a name", "用关键词作名称"),
    ("`{found}` is a word of the language and cannot be a name.", "`{found}` 是本语言的关键词,不能作名称。"),
    ("Choose another name, such as `{mended}`.", "换一个名称,例如 `{mended}`。"),
)
TOO_DEEP = _error(
    "CR107",
    ("Nested too deeply", "嵌套过深"),
    ("This condition is nested more than {limit} levels deep.", "这个条件的嵌套超过 {limit} 层。"),
    ("Give its parts names with `define`.", "用 `定义` 给各部分起名字。"),
)
TOO_LARGE = _error(
    "CR108",
    ("File too large", "文件过大"),
    ("The file has {size} characters; at most {limit} are read.", "文件有 {size} 个字符;最多读取 {limit} 个。"),
    ("Split it into several files joined by `use`, or keep long lists in a file of their own.",
     "拆成几个文件并用 `引用` 合起来,或把长词表放进单独的文件。"),
)  # fmt: skip
UNCLOSED_PARENTHESIS = _error(
    "CR109",
    ("Parenthesis without a partner", "括号不成对"),
    ("This `{found}` has no partner.", "这个 `{found}` 没有与之成对的括号。"),
    ("{action}", "{action}"),
)
BAD_DATE = _error(
    "CR110",
    ("Not a date", "不是日期"),
    ("`{found}` is not a day of the calendar.", "日历中没有 `{found}` 这一天。"),
    ("Write dates as `2024-10-04`.", "日期写作 `2024-10-04` 或 `2024年10月4日`。"),
)
BAD_TIME = _error(
    "CR111",
    ("Not a time of day", "不是时刻"),
    ("`{found}` is not a time of day.", "`{found}` 不是一天中的时刻。"),
    ("Write times from `00:00` to `24:00`, with two digits for the minutes.",
     "时刻写作 `00:00` 到 `24:00`,分钟写两位。"),
)  # fmt: skip
BAD_NUMBER = _error(
    "CR112",
    ("Not a number", "不是数字"),
    ("`{found}` cannot be read as a number.", "`{found}` 不能读作数字。"),
    ("Write a number with at most {limit} digits, such as `3`, `0.5` or `5%`.",
     "写不超过 {limit} 位的数字,例如 `3`、`0.5` 或 `5%`。"),
)  # fmt: skip
BAD_UNIT = _error(
    "CR113",
    ("Not a unit of time", "不是时间单位"),
    ("`{found}` is not a length of time.", "`{found}` 不是一段时间。"),
    ("Write a number and a unit, such as `{suggestion}`.", "写数字和单位,例如 `{suggestion}`。"),
)
BAD_REGEX = _error(
    "CR114",
    ("Pattern that is not closed", "格式没有闭合"),
    ("This pattern is not closed: {problem}.", "这个格式没有闭合:{problem}。"),
    ("{action}", "{action}"),
)
BAD_LETTER = _error(
    "CR115",
    ("Unexpected sign", "意外的符号"),
    ("The sign `{found}` has no meaning here.", "符号 `{found}` 在此处没有意义。"),
    ("Remove it, or put the text that it belongs to in quotes.", "删去它,或把它所属的文字放进引号。"),
)
INCOMPLETE = _error(
    "CR116",
    ("Something is missing", "缺少内容"),
    ("After `{after}` something is missing.", "`{after}` 之后缺少内容。"),
    ("Expected here: {expected}.", "此处可以写:{expected}。"),
)
BAD_COLUMN = _error(
    "CR117",
    ("Not a column of a table", "表中没有这样的列"),
    ("`{found}` is not the head of a column.", "`{found}` 不能作列名。"),
    ("Heads of columns are: {expected}.", "列名可以是:{expected}。"),
)
BAD_ROW = _error(
    "CR118",
    ("A row does not fit its table", "行与表头不符"),
    (
        "Cells in this row: {count}; columns in the head of the table: {columns}.",
        "这一行有 {count} 格,表头有 {columns} 列。",
    ),
    ("Give every row one cell for each column, between `|` signs.", "每一行的每一列都写一格,以 `|` 隔开。"),
)
NO_RULE_COLUMN = _error(
    "CR119",
    ("A table without rule numbers", "表中没有规则编号"),
    ("Every row of a table is a rule and needs a number, but {what}.", "表的每一行都是一条规则,需要编号,但{what}。"),
    ("Give the table a column `rule` and fill it in every row.", "给表加上 `规则` 一列,并在每一行填写编号。"),
)
REPEATED = _error(
    "CR120",
    ("Written twice", "重复书写"),
    ("`{found}` stands here for the second time.", "`{found}` 在此处第二次出现。"),
    ("Keep one of the two.", "两处只保留一处。"),
)
TOO_LONG = _error(
    "CR121",
    ("Too long", "过长"),
    ("This {what} has {size} characters; at most {limit} are allowed.", "这个{what}有 {size} 个字符;最多 {limit} 个。"),
    ("Shorten it.", "请缩短。"),
)
TOO_MANY = _error(
    "CR122",
    ("Too many errors", "错误过多"),
    ("Reading stopped here after {limit} errors.", "报告 {limit} 处错误后,在此处停止阅读。"),
    ("Mend the errors above and check again.", "改正以上错误后再检查一次。"),
)
NOT_TEXT = _error(
    "CR123",
    ("Not a text", "不是文字"),
    ("The file holds bytes that no text has.", "文件中有文字里不会出现的字节。"),
    ("Save the rulebook as plain text in UTF-8.", "把规则手册保存为 UTF-8 纯文本。"),
)
MISSING_QUOTES = _error(
    "CR124",
    ("Quotes are missing", "缺少引号"),
    ("`{found}` is a text and needs quotes.", "`{found}` 是文字,需要引号。"),
    ("Write it as `{mended}`.", "写成 `{mended}`。"),
)
FORGOTTEN = _error(
    "CR125",
    ("A word is missing", "漏了一个词"),
    ("`{word}` is missing before `{found}`.", "`{found}` 之前漏了 `{word}`。"),
    ("Write `{word}` before it.", "在它前面写上 `{word}`。"),
)
SECONDS = _error(
    "CR126",
    ("Seconds in a rule", "规则中的秒"),
    ("`{found}` has seconds; a time of day in a rule has hours and minutes only.",
     "`{found}` 写到了秒;规则中的时刻只写时与分。"),
    ("Write it as `{mended}`. The lines of tests may have seconds.", "写成 `{mended}`。测试的各行可以写到秒。"),
)  # fmt: skip
NUMBER_IN_WORDS = _error(
    "CR127",
    ("A number in words", "数字写成了文字"),
    ("`{found}` writes a number in words.", "`{found}` 中的数字写成了文字。"),
    ("Write it in digits: `{mended}`.", "请用阿拉伯数字:`{mended}`。"),
)
SURPLUS = _error(
    "CR128",
    ("Something too much", "多余的内容"),
    ("`{found}` is too much here.", "此处多了 `{found}`。"),
    ("Leave it out.", "请删去它。"),
)
#: Numbered with what the checker reports: it finds the lists whose files or texts are empty.
EMPTY_LIST = _error(
    "CR601",
    ("Empty list", "空词表"),
    ("The list `{name}` has no words, so nothing is ever found by it.", "词表 `{name}` 没有词,什么也匹配不到。"),
    ("Add words, or remove the list and what uses it.", "请添加词语,或删去词表及其用处。"),
)

#: In the order of their codes.
MESSAGES: tuple[Message, ...] = (
    UNEXPECTED, UNCLOSED_TEXT, GLUED, NAME_OF_SEVERAL, UNKNOWN_WORD, RESERVED, TOO_DEEP, TOO_LARGE,
    UNCLOSED_PARENTHESIS, BAD_DATE, BAD_TIME, BAD_NUMBER, BAD_UNIT, BAD_REGEX, BAD_LETTER, INCOMPLETE, BAD_COLUMN,
    BAD_ROW, NO_RULE_COLUMN, REPEATED, TOO_LONG, TOO_MANY, NOT_TEXT,
    MISSING_QUOTES, FORGOTTEN, SECONDS, NUMBER_IN_WORDS, SURPLUS, EMPTY_LIST,
)  # fmt: skip
