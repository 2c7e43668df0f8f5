/* The tokens of one line of JSON, strictly. What is wrong is UNUSUAL: others say what is wrong with it. */

#ifndef COMMUNITYRULES_READING_LINE_H
#define COMMUNITYRULES_READING_LINE_H

#include "canonical.h"

typedef struct {
    const char *at;
    const char *end;
} Line;

/* A text between its quotes as the line spells it. */
typedef struct {
    const char *start;
    size_t size;
    /* Whether some of it is spelt with a backslash. */
    int escaped;
    /* Whether some byte of it is beyond ASCII. */
    int high;
} Spelt;

static inline void
skip_space(Line *line)
{
    while (line->at < line->end && (*line->at == ' ' || *line->at == '\n' || *line->at == '\r' || *line->at == '\t')) {
        line->at++;
    }
}

/* Whether the next character but blanks is this one, which is then behind. */
static inline int
passes(Line *line, char wanted)
{
    skip_space(line);
    if (line->at < line->end && *line->at == wanted) {
        line->at++;
        return 1;
    }
    return 0;
}

static inline int
passes_word(Line *line, const char *word, size_t size)
{
    if ((size_t)(line->end - line->at) < size || memcmp(line->at, word, size) != 0) {
        return 0;
    }
    line->at += size;
    return 1;
}

/* Takes a text whose first quote is behind. */
static Step
take_spelt(Line *line, Spelt *spelt)
{
    uint64_t high = 0;
    spelt->start = line->at;
    spelt->escaped = 0;
    for (;;) {
        line->at += plain_run(line->at, (size_t)(line->end - line->at), &high);
        if (line->at >= line->end) {
            return UNUSUAL;
        }
        if (*line->at == '"') {
            break;
        }
        /* What follows a backslash may be a quote; what it is, is seen when it is read. */
        if (*line->at != '\\' || line->end - line->at < 2) {
            return UNUSUAL;
        }
        spelt->escaped = 1;
        line->at += 2;
        high |= (uint64_t)(unsigned char)line->at[-1];
    }
    spelt->size = (size_t)(line->at - spelt->start);
    spelt->high = (high & BEYOND_ASCII) != 0;
    line->at++;
    return FINE;
}

/* The value of four hexadecimal digits, or -1. */
static inline int
four_digits(const char *at, const char *end)
{
    if (end - at < 4) {
        return -1;
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int one = (unsigned char)at[i];
        if (one >= '0' && one <= '9') {
            one -= '0';
        }
        else if ((one | 0x20) >= 'a' && (one | 0x20) <= 'f') {
            one = (one | 0x20) - 'a' + 10;
        }
        else {
            return -1;
        }
        value = value << 4 | one;
    }
    return value;
}

/* Writes at `to` in UTF-8 what `\uXXXX` at `at`, behind its `u`, says; where it ends, or NULL. */
static const char *
unescape_code(const char *at, const char *end, char **to)
{
    int code = four_digits(at, end);
    at += 4;
    if (code < 0 || (code >= 0xdc00 && code < 0xe000)) {
        return NULL;
    }
    char *put = *to;
    if (code >= 0xd800 && code < 0xdc00) {
        /* Half of a pair, whose other half must follow. */
        if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
            return NULL;
        }
        int low = four_digits(at + 2, end);
        if (low < 0xdc00 || low >= 0xe000) {
            return NULL;
        }
        at += 6;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        *put++ = (char)(0xf0 | code >> 18);
        *put++ = (char)(0x80 | (code >> 12 & 0x3f));
        *put++ = (char)(0x80 | (code >> 6 & 0x3f));
        *put++ = (char)(0x80 | (code & 0x3f));
    }
    else if (code < 0x80) {
        *put++ = (char)code;
    }
    else if (code < 0x800) {
        *put++ = (char)(0xc0 | code >> 6);
        *put++ = (char)(0x80 | (code & 0x3f));
    }
    else {
        *put++ = (char)(0xe0 | code >> 12);
        *put++ = (char)(0x80 | (code >> 6 & 0x3f));
        *put++ = (char)(0x80 | (code & 0x3f));
    }
    *to = put;
    return at;
}

/* Writes the text without its backslashes at `to`, which has room for all of its bytes: no spelling is shorter than
   what it means. How many bytes it has then, or -1. */
static Py_ssize_t
unescape(const Spelt *spelt, char *to)
{
    const char *at = spelt->start, *end = at + spelt->size;
    char *put = to;
    while (at < end) {
        if (*at != '\\') {
            *put++ = *at++;
            continue;
        }
        if (end - at < 2) {
            return -1;
        }
        char letter = at[1];
        at += 2;
        switch (letter) {
        case '"':
        case '\\':
        case '/': *put++ = letter; break;
        case 'b': *put++ = '\b'; break;
        case 'f': *put++ = '\f'; break;
        case 'n': *put++ = '\n'; break;
        case 'r': *put++ = '\r'; break;
        case 't': *put++ = '\t'; break;
        case 'u':
            at = unescape_code(at, end, &put);
            if (at == NULL) {
                return -1;
            }
            break;
        default: return -1;
        }
    }
    return put - to;
}

/* The text of bytes that must be UTF-8; NULL with no exception set when they are not. */
static PyObject *
text_of(const char *bytes, Py_ssize_t size, int high)
{
    if (!high) {
        PyObject *text = PyUnicode_New(size, 127);
        if (text != NULL && size) {
            memcpy(PyUnicode_1BYTE_DATA(text), bytes, (size_t)size);
        }
        return text;
    }
    PyObject *text = PyUnicode_DecodeUTF8(bytes, size, "strict");
    if (text == NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
    }
    return text;
}

static Step
spelt_text(const Spelt *spelt, PyObject **text)
{
    if (!spelt->escaped) {
        *text = text_of(spelt->start, (Py_ssize_t)spelt->size, spelt->high);
    }
    else {
        char few[512];
        char *room = spelt->size <= sizeof few ? few : PyMem_Malloc(spelt->size);
        if (room == NULL) {
            PyErr_NoMemory();
            return BROKEN;
        }
        Py_ssize_t size = unescape(spelt, room);
        /* What it spells out may be beyond ASCII when the line is not. */
        *text = size < 0 ? NULL : text_of(room, size, 1);
        if (room != few) {
            PyMem_Free(room);
        }
    }
    if (*text != NULL) {
        return FINE;
    }
    return PyErr_Occurred() ? BROKEN : UNUSUAL;
}

/* Takes digits; how many there were. */
static inline size_t
take_digits(Line *line)
{
    const char *start = line->at;
    while (line->at < line->end && *line->at >= '0' && *line->at <= '9') {
        line->at++;
    }
    return (size_t)(line->at - start);
}

/* Takes a number that is written without an exponent: `*whole` tells whether it is `*number` or `*fraction`. Numbers of
   very many digits are UNUSUAL, as `-0` is. */
static Step
take_number(Line *line, long long *number, double *fraction, int *whole)
{
    char digits[40];
    const char *start = line->at;
    int below = line->at < line->end && *line->at == '-';
    const char *first = line->at += below;
    size_t size = take_digits(line);
    if (size == 0 || size > 18 + 1 || (*first == '0' && size > 1)) {
        return UNUSUAL;
    }
    *whole = line->at >= line->end || *line->at != '.';
    if (*whole) {
        unsigned long long value = 0;
        for (size_t i = 0; i < size; i++) {
            value = value * 10 + (unsigned long long)(first[i] - '0');
        }
        if (value > LLONG_MAX || (below && value == 0)) {
            return UNUSUAL;
        }
        *number = below ? -(long long)value : (long long)value;
        return FINE;
    }
    line->at++;
    if (take_digits(line) == 0 || (size = (size_t)(line->at - start)) >= sizeof digits) {
        return UNUSUAL;
    }
    memcpy(digits, start, size);
    digits[size] = 0;
    *fraction = PyOS_string_to_double(digits, NULL, NULL);
    return *fraction == -1.0 && PyErr_Occurred() ? BROKEN : FINE;
}

#endif
