/* JSON in the one form whose digest tells bodies apart: as `wire.events.canonical` writes it. */

#ifndef COMMUNITYRULES_CANONICAL_H
#define COMMUNITYRULES_CANONICAL_H

#include <Python.h>
#include <stdint.h>
#include <string.h>

#define BEYOND_ASCII 0x8080808080808080U

/* What came of a step: BROKEN with an exception set; UNUSUAL is left to Python. */
typedef enum { BROKEN = -1, UNUSUAL = 0, FINE = 1 } Step;

/* What is written, on the stack while it is short. */
typedef struct {
    char *start;
    char *at;
    char *end;
    char own[2048];
} Out;

static inline void
out_begin(Out *out)
{
    out->start = out->at = out->own;
    out->end = out->own + sizeof out->own;
}

static inline void
out_end(Out *out)
{
    if (out->start != out->own) {
        PyMem_Free(out->start);
    }
}

static Step
out_grow(Out *out, size_t more)
{
    size_t used = (size_t)(out->at - out->start), size = (size_t)(out->end - out->start);
    if (more > SIZE_MAX / 4 - used) {
        PyErr_NoMemory();
        return BROKEN;
    }
    size = size * 2 > used + more ? size * 2 : used + more;
    int first = out->start == out->own;
    char *start = PyMem_Realloc(first ? NULL : out->start, size);
    if (start == NULL) {
        PyErr_NoMemory();
        return BROKEN;
    }
    if (first) {
        memcpy(start, out->own, used);
    }
    out->start = start;
    out->at = start + used;
    out->end = start + size;
    return FINE;
}

/* Room for so many more bytes. */
static inline Step
out_room(Out *out, size_t more)
{
    return (size_t)(out->end - out->at) >= more ? FINE : out_grow(out, more);
}

/* The bytes go where there is room for them. */
static inline void
out_bytes(Out *out, const char *bytes, size_t size)
{
    memcpy(out->at, bytes, size);
    out->at += size;
}

static inline Step
out_put(Out *out, const char *bytes, size_t size)
{
    if (out_room(out, size) != FINE) {
        return BROKEN;
    }
    out_bytes(out, bytes, size);
    return FINE;
}

/* --- texts ------------------------------------------------------------------------------------------------------ */

/* Bits of the bytes of a word that JSON spells in another way: quotes, backslashes and control characters leave their
   high bit. Of several the lowest is exact; what it does to those above it does not count. */
static inline uint64_t
spelt_otherwise(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;
    uint64_t quote = word ^ (ones * '"'), back = word ^ (ones * '\\');
    return (((quote - ones) & ~quote) | ((back - ones) & ~back) | ((word - ones * 0x20) & ~word)) & highs;
}

/* How many bytes from the beginning on stand in JSON as they are. `*high` gets bits where a byte is beyond ASCII. */
static inline size_t
plain_run(const char *bytes, size_t size, uint64_t *high)
{
    size_t i = 0;
    uint64_t seen = 0;
    for (; size - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        uint64_t found = spelt_otherwise(word);
        if (found) {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            *high |= (seen | (word & ((found & -found) - 1))) & BEYOND_ASCII;
            return i + (size_t)(__builtin_ctzll(found) >> 3);
#else
            break;
#endif
        }
        seen |= word;
    }
    for (; i < size; i++) {
        unsigned char one = (unsigned char)bytes[i];
        if (one == '"' || one == '\\' || one < 0x20) {
            break;
        }
        seen |= one;
    }
    *high |= seen & BEYOND_ASCII;
    return i;
}

/* A character that JSON spells in another way; at most six bytes. */
static inline char *
put_escaped(char *at, unsigned one)
{
    static const char digits[] = "0123456789abcdef";
    char letter = 0;
    switch (one) {
    case '"': letter = '"'; break;
    case '\\': letter = '\\'; break;
    case '\b': letter = 'b'; break;
    case '\t': letter = 't'; break;
    case '\n': letter = 'n'; break;
    case '\f': letter = 'f'; break;
    case '\r': letter = 'r'; break;
    default: break;
    }
    *at++ = '\\';
    if (letter) {
        *at++ = letter;
        return at;
    }
    memcpy(at, "u00", 3);
    at[3] = digits[one >> 4 & 15];
    at[4] = digits[one & 15];
    return at + 5;
}

/* The characters of a text of one width, at most six bytes each; NULL when one of them is half of a pair alone. */
static inline char *
put_characters(char *at, int width, const void *characters, Py_ssize_t length)
{
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 one = PyUnicode_READ(width, characters, i);
        if (one - 0x20 < 0x60 && one != '"' && one != '\\') {
            *at++ = (char)one;
        }
        else if (one < 0x80) {
            at = put_escaped(at, one);
        }
        else if (one < 0x800) {
            *at++ = (char)(0xc0 | one >> 6);
            *at++ = (char)(0x80 | (one & 0x3f));
        }
        else if (one < 0x10000) {
            if (one >= 0xd800 && one < 0xe000) {
                return NULL;
            }
            *at++ = (char)(0xe0 | one >> 12);
            *at++ = (char)(0x80 | (one >> 6 & 0x3f));
            *at++ = (char)(0x80 | (one & 0x3f));
        }
        else {
            *at++ = (char)(0xf0 | one >> 18);
            *at++ = (char)(0x80 | (one >> 12 & 0x3f));
            *at++ = (char)(0x80 | (one >> 6 & 0x3f));
            *at++ = (char)(0x80 | (one & 0x3f));
        }
    }
    return at;
}

/* A text in its quotes. UNUSUAL when JSON cannot hold it. */
static Step
out_text(Out *out, PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (out_room(out, (size_t)length * 6 + 2) != FINE) {
        return BROKEN;
    }
    const void *data = PyUnicode_DATA(text);
    char *at = out->at;
    *at++ = '"';
    if (PyUnicode_IS_ASCII(text)) {
        uint64_t high = 0;
        size_t plain = plain_run(data, (size_t)length, &high);
        memcpy(at, data, plain);
        at = put_characters(at + plain, PyUnicode_1BYTE_KIND, (const char *)data + plain, length - (Py_ssize_t)plain);
    }
    else {
        switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND: at = put_characters(at, PyUnicode_1BYTE_KIND, data, length); break;
        case PyUnicode_2BYTE_KIND: at = put_characters(at, PyUnicode_2BYTE_KIND, data, length); break;
        default: at = put_characters(at, PyUnicode_4BYTE_KIND, data, length); break;
        }
    }
    if (at == NULL) {
        return UNUSUAL;
    }
    *at++ = '"';
    out->at = at;
    return FINE;
}

/* A whole number. */
static Step
out_number(Out *out, long long number)
{
    char digits[20];
    char *at = digits + sizeof digits;
    unsigned long long rest = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) {
        *--at = '-';
    }
    return out_put(out, at, (size_t)(digits + sizeof digits - at));
}

/* A binary fraction of which the shortest text has no exponent. */
static inline Step
out_fraction(Out *out, double number)
{
    char *text = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (text == NULL) {
        return BROKEN;
    }
    Step step = out_put(out, text, strlen(text));
    PyMem_Free(text);
    return step;
}

#endif
