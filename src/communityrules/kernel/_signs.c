/* What a text has that links, names and numbers need, told in one pass: see library/signs.py, which says what each sign
   is. A sign may be told where nothing follows from it, and is never left out where something could. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* For how many characters there is a class; all others are of the first. */
#define CHARACTERS 0x20000

/* Classes of characters, in the order of library/signs.py. */
enum {
    OTHER, SPACE, LETTER, LETTER_A, LETTER_D, LETTER_F, DIGIT, NUMERAL, SCALE, GREAT, DOT, SLASH, COLON, SIGN_AT,
    OPENING, CLOSING, POINT, STOP, MARK, UNSEEN, HYPHEN, UNDERSCORE, COMMA, CURRENCY, MONEY, GROUP, CODE, ADDRESS, TE, CYRILLIC,
    PLUS, ODD_LETTER, CLASSES
};

_Static_assert(CLASSES <= 32, "a bit for each");

/* And what stands in its place, above them. */
#define LINK (UINT64_C(1) << 32)
#define DIGITS_10 (UINT64_C(1) << 33)
#define DIGITS_14 (UINT64_C(1) << 34)
#define DIGITS_17 (UINT64_C(1) << 35)
#define SPOKEN_AT (UINT64_C(1) << 36)
#define WORD_CODE (UINT64_C(1) << 37)
#define WORD_OF_4 (UINT64_C(1) << 38)
#define AT_HOST (UINT64_C(1) << 39)
#define WORD_DOT (UINT64_C(1) << 40)
#define SPOKEN_SUM (UINT64_C(1) << 41)

#define OF(class) (1u << (class))
#define PLAIN_LETTERS (OF(LETTER) | OF(LETTER_A) | OF(LETTER_D) | OF(LETTER_F))
#define LETTERS (PLAIN_LETTERS | OF(ODD_LETTER))
#define NAMED (LETTERS | OF(DIGIT))
#define DIGITS (OF(DIGIT) | OF(NUMERAL))
/* Behind these it is looked at what stands around them. */
#define LOOKED                                                                                                           \
    (OF(DOT) | OF(SLASH) | OF(OPENING) | OF(POINT) | OF(STOP) | OF(MARK) | OF(LETTER_A) | OF(LETTER_D) | OF(LETTER_F) |  \
     OF(TE) | OF(MONEY))

typedef struct {
    int kind;
    const void *letters;
    Py_ssize_t length;
    const unsigned char *table;
} Text;

/* The class of what stands somewhere, as a bit; none beyond the ends. */
static inline uint32_t
class_at(const Text *text, Py_ssize_t at)
{
    if (at < 0 || at >= text->length)
        return 0;
    Py_UCS4 letter = PyUnicode_READ(text->kind, text->letters, at);
    return OF(letter < CHARACTERS ? text->table[letter] : OTHER);
}

/* A Latin letter as a small one, whatever its width: 0 for what is none, 1 for one in another disguise. */
static Py_UCS4
letter_at(const Text *text, Py_ssize_t at)
{
    if (!(class_at(text, at) & LETTERS))
        return 0;
    Py_UCS4 letter = PyUnicode_READ(text->kind, text->letters, at);
    if (letter >= 0xff21 && letter <= 0xff5a)
        letter -= 0xfee0;
    return letter < 0x80 ? letter | 0x20 : 1;
}

/* Whether a word of small letters stands there, or letters in disguise that may be one. */
static int
says(const Text *text, Py_ssize_t at, const char *word)
{
    for (; *word; word++, at++) {
        Py_UCS4 letter = letter_at(text, at);
        if (letter == 1)
            return 1;
        if (letter != (Py_UCS4)*word)
            return 0;
    }
    return 1;
}

/* Whether one of the endings of hosts in disguise stands there, and no letter or digit behind it. */
static int
is_ending(const Text *text, Py_ssize_t at)
{
    static const char *const endings[] = {"com", "net", "org", "cn",  "cc", "xyz", "vip", "top", "info", "shop", "club",
                                          "site", "online", "icu", "io", "app", "tv", "co",  "me",  "gg", "ly", "link"};
    Py_ssize_t length = 0;
    while (length < 7) {
        Py_UCS4 letter = letter_at(text, at + length);
        if (letter == 1)
            return 1;
        if (!letter)
            break;
        length++;
    }
    if (length < 2 || length > 6 || class_at(text, at + length) & OF(DIGIT))
        return 0;
    for (size_t one = 0; one < sizeof endings / sizeof *endings; one++)
        if ((Py_ssize_t)strlen(endings[one]) == length && says(text, at, endings[one]))
            return 1;
    return 0;
}

/* Past one space, if there is one, forwards or back. */
static inline Py_ssize_t
past_space(const Text *text, Py_ssize_t at, int step)
{
    return class_at(text, at) & OF(SPACE) ? at + step : at;
}

/* Whether what stands around a mark that may be a dot makes it one of a host spelt letter by letter: `e v . c o`. */
static int
is_spelt(const Text *text, Py_ssize_t at)
{
    return class_at(text, at - 1) & OF(SPACE) && class_at(text, at - 2) & (NAMED | OF(HYPHEN)) &&
           class_at(text, at - 3) & OF(SPACE) && class_at(text, at - 4) & (NAMED | OF(HYPHEN)) &&
           class_at(text, at + 1) & OF(SPACE) && class_at(text, at + 2) & LETTERS && class_at(text, at + 3) & OF(SPACE);
}

/* Whether what is inside of a bracket begins like a dot. */
static int
is_dot(const Text *text, Py_ssize_t inside)
{
    uint32_t first = class_at(text, inside);
    return first & (OF(DOT) | OF(COMMA) | OF(STOP) | OF(POINT)) || (first & OF(LETTER_D) && says(text, inside, "dot"));
}

/* Whether a name stands there and something behind it that may be the dot of a host. */
static int
is_host(const Text *text, Py_ssize_t at)
{
    Py_ssize_t end = at;
    while (end - at < 63 && class_at(text, end) & (NAMED | OF(HYPHEN)))
        end++;
    if (end == at)
        return 0;
    Py_ssize_t mark = past_space(text, end, 1);
    uint32_t class = class_at(text, mark);
    if (class & OF(OPENING))
        return is_dot(text, past_space(text, mark + 1, 1));
    return class & (OF(DOT) | OF(POINT) | OF(STOP) | OF(MARK)) || (class & OF(LETTER_D) && says(text, mark, "dot"));
}

/* What follows from one character and from what stands around it; `dots`: how many stood between digits so far. */
static uint64_t
looked(const Text *text, Py_ssize_t at, uint32_t class, int *dots)
{
    uint32_t before = class_at(text, at - 1), behind = class_at(text, at + 1);
    switch (class) {
    case OF(SLASH):
        return before & (OF(SLASH) | OF(COLON)) ? LINK : 0;
    case OF(DOT):
        if (before & NAMED && behind & NAMED) {
            if (behind & LETTERS)
                return class_at(text, at + 2) & LETTERS ? LINK : 0;
            return before & OF(DIGIT) && ++*dots == 3 ? LINK : 0;
        }
        /* With a space before it, behind it, or both. */
        if ((before | behind) & OF(SPACE) && class_at(text, past_space(text, at - 1, -1)) & NAMED &&
            is_ending(text, past_space(text, at + 1, 1)))
            return LINK;
        return is_spelt(text, at) ? LINK : 0;
    case OF(POINT):
        if (class_at(text, past_space(text, at - 1, -1)) & NAMED && is_ending(text, past_space(text, at + 1, 1)))
            return LINK;
        return is_spelt(text, at) ? LINK : 0;
    case OF(STOP):
    case OF(MARK):
        return (before & NAMED && is_ending(text, at + 1)) || is_spelt(text, at) ? LINK : 0;
    case OF(OPENING): {
        Py_ssize_t inside = past_space(text, at + 1, 1);
        uint32_t first = class_at(text, inside);
        if (first & OF(LETTER_A)) {
            inside += 1 + (letter_at(text, inside + 1) == 't' || letter_at(text, inside + 1) == 1);
            return class_at(text, past_space(text, inside, 1)) & OF(CLOSING) ? SPOKEN_AT : 0;
        }
        if (!(class_at(text, past_space(text, at - 1, -1)) & NAMED))
            return 0;
        return is_dot(text, inside) ? LINK : 0;
    }
    case OF(LETTER_A):
        if (!(before & OF(SPACE)) || !says(text, at + 1, "t") || !(class_at(text, at + 2) & OF(SPACE)))
            return 0;
        return is_host(text, at + 3) ? AT_HOST : 0;
    case OF(LETTER_D):
        if (before & OF(SPACE) && says(text, at + 1, "ot") && class_at(text, at + 3) & OF(SPACE))
            return class_at(text, at - 2) & NAMED && is_ending(text, at + 4) ? LINK | WORD_DOT : WORD_DOT;
        return says(text, at - 2, "co") && says(text, at + 1, "e") ? WORD_CODE : 0;
    case OF(MONEY):
        /* A word may stand between. */
        return (before | class_at(text, at - 2)) & (OF(NUMERAL) | OF(SCALE) | OF(GREAT)) ? SPOKEN_SUM : 0;
    case OF(TE): {
        Py_UCS4 ai = at ? PyUnicode_READ(text->kind, text->letters, at - 1) : 0;
        return ai == 0x827e || ai == 0x7231 ? SPOKEN_AT : 0;
    }
    default:
        return says(text, at + 1, "erral") ? WORD_CODE : 0;
    }
}

static uint64_t
signs_in(const Text *text)
{
    uint64_t signs = 0;
    uint32_t classes = 0;
    Py_ssize_t digits = 0, most = 0, word = 0;
    int gap = 0, dots = 0;
    for (Py_ssize_t at = 0; at < text->length; at++) {
        uint32_t class = class_at(text, at);
        classes |= class;
        if (class & DIGITS) {
            digits = gap <= 3 ? digits + 1 : 1;
            gap = 0;
            if (digits > most)
                most = digits;
        }
        else if (class & PLAIN_LETTERS)
            digits = 0;
        else if (!(class & OF(UNSEEN)))
            gap++;
        if (!(class & (NAMED | OF(UNDERSCORE))))
            word = 0;
        else if (++word == 4)
            signs |= WORD_OF_4;
        if (class & LOOKED)
            signs |= looked(text, at, class, &dots);
    }
    if (most >= 10)
        signs |= DIGITS_10;
    if (most >= 14)
        signs |= DIGITS_14;
    if (most >= 17)
        signs |= DIGITS_17;
    return signs | classes;
}

PyDoc_STRVAR(signs_of_doc, "signs_of(text, table)\n\nThe signs of a text. `table`: for each of the first 131072 "
                           "characters its class.");

static PyObject *
signs_of(PyObject *module, PyObject *const *args, Py_ssize_t number)
{
    (void)module;
    if (number != 2 || !PyUnicode_Check(args[0]) || !PyBytes_CheckExact(args[1]))
        return PyErr_Format(PyExc_TypeError, "takes a text and a table");
    if (PyBytes_GET_SIZE(args[1]) != CHARACTERS)
        return PyErr_Format(PyExc_ValueError, "a table of another size");
    Text text = {PyUnicode_KIND(args[0]), PyUnicode_DATA(args[0]), PyUnicode_GET_LENGTH(args[0]),
                 (const unsigned char *)PyBytes_AS_STRING(args[1])};
    return PyLong_FromUnsignedLongLong(signs_in(&text));
}

static PyMethodDef methods[] = {
    {"signs_of", (PyCFunction)(void (*)(void))signs_of, METH_FASTCALL, signs_of_doc}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "_signs", .m_size = 0, .m_methods = methods,
                                        .m_doc = "What a text has that links, names and numbers need."};

PyMODINIT_FUNC
PyInit__signs(void)
{
    return PyModuleDef_Init(&definition);
}
