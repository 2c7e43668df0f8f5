/* Whether signs may stand for letters in a plain text: the twin of what `library.disguise` tells of them. */

#ifndef COMMUNITYRULES_SIFTING_SIGNING_H
#define COMMUNITYRULES_SIFTING_SIGNING_H

/* What the characters of ASCII are, for telling whether signs stand for letters. */
enum {
    DIGIT = 1,
    LETTER = 2,
    ALONE = 4,    /* a letter that by itself is no word */
    BESIDE = 8,   /* a sign that stands for a letter beside one: `@$!|` */
    BEHIND = 16,  /* one that does so behind a letter: `@$|` */
    BETWEEN = 32, /* one that does so between letters: `(<` */
    ALWAYS = 64,  /* `+` */
};
#define ALNUM (DIGIT | LETTER)
#define ANY_SIGN (BESIDE | BETWEEN)

static uint8_t
sort_of(Py_UCS4 one)
{
    if (one >= '0' && one <= '9')
        return DIGIT;
    if ((one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z'))
        return one == 'a' || one == 'A' || one == 'I' ? LETTER : LETTER | ALONE;
    switch (one) {
    case '@':
    case '$':
    case '|':
        return BESIDE | BEHIND;
    case '!':
        return BESIDE;
    case '(':
    case '<':
        return BETWEEN;
    case '+':
        return ALWAYS;
    default:
        return 0;
    }
}

static uint8_t
sort_at(PyObject *text, Py_ssize_t length, Py_ssize_t at)
{
    return at >= 0 && at < length ? sort_of(PyUnicode_READ_CHAR(text, at)) : 0;
}

/* Whether a sign stands for a letter: see `library.disguise.reading`. */
static int
is_signed_at(PyObject *text, Py_ssize_t length, Py_ssize_t at, uint8_t sign)
{
    uint8_t before = sort_at(text, length, at - 1), after = sort_at(text, length, at + 1);
    if (sign & ALWAYS || (sign & BESIDE && after & (ALNUM | BESIDE)) || (sign & BEHIND && before & ALNUM) ||
        (sign & BETWEEN && before & (ALNUM | BESIDE) && after & (ALNUM | BESIDE)))
        return 1;
    /* A letter by itself, apart by up to three characters that are neither letters nor signs. */
    Py_ssize_t first = at - 1, last = at + 1;
    while (first >= 0 && at - first <= 3 && !(sort_at(text, length, first) & (ALNUM | ANY_SIGN)))
        first--;
    while (last < length && last - at <= 3 && !(sort_at(text, length, last) & (ALNUM | ANY_SIGN)))
        last++;
    return (at - first > 1 && sort_at(text, length, first) & ALONE && !(sort_at(text, length, first - 1) & ALNUM)) ||
           (last - at > 1 && sort_at(text, length, last) & (ALONE | DIGIT) &&
            !(sort_at(text, length, last + 1) & ALNUM));
}

/* Whether signs may stand for letters in a text. */
static int
is_signed(PyObject *text, Py_ssize_t length)
{
    for (Py_ssize_t at = 0; at < length; at++) {
        uint8_t sign = sort_of(PyUnicode_READ_CHAR(text, at));
        if (sign & (ANY_SIGN | ALWAYS) && is_signed_at(text, length, at, sign))
            return 1;
    }
    return 0;
}

#endif
