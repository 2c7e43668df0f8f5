/* The pieces of a stretch of text, and its shape: the twin of `language.shapes`, which says what they are. */

#ifndef COMMUNITYRULES_MOULDS_PIECES_H
#define COMMUNITYRULES_MOULDS_PIECES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* As in `language.shapes`: pieces of a declaration that may have a mould, letters of what is cut, what is looked at
   of what follows, in pieces and in letters. */
#define LONGEST 2000
#define LONGEST_TEXT (4 * LONGEST)
#define AHEAD 3
#define NEAR 60
/* A letter of a shape for each of the text, as many between them, and as what stands for a piece of one letter is two
   that many once more. */
#define ROOM (3 * (LONGEST_TEXT + NEAR) + 8)

#define SEPARATOR 0x1f
#define TEXT_FIRST 0xe000
#define TEXT_REST 0xe001
#define REGEX_FIRST 0xe002
#define REGEX_REST 0xe003

typedef struct {
    PyObject *whole;
    int kind;
    const void *letters;
    Py_ssize_t length;
} Text;

typedef enum { PLAIN_PIECE, QUOTED_PIECE, NUMBER_PIECE, SIGN_PIECE, WORD_PIECE } PieceKind;

/* A stretch cut into pieces. */
typedef struct {
    int count;
    /* Where each piece begins, and where the last one ends. */
    Py_ssize_t places[LONGEST + 1];
    /* The words among them; NULL for what is none. */
    PyObject *words[LONGEST];
    Py_ssize_t shape_length;
    Py_UCS4 shape[ROOM];
} Cut;

static inline Py_UCS4
letter_at(const Text *text, Py_ssize_t at)
{
    return PyUnicode_READ(text->kind, text->letters, at);
}

static inline int
is_digit(Py_UCS4 letter)
{
    return letter >= '0' && letter <= '9';
}

static inline int
is_ascii_letter(Py_UCS4 letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/* A letter, a digit or an underscore, as `\w` of Python. */
static inline int
is_word_letter(Py_UCS4 letter)
{
    if (letter < 128)
        return is_ascii_letter(letter) || is_digit(letter) || letter == '_';
    return Py_UNICODE_ISALNUM(letter);
}

static inline int
is_name_letter(Py_UCS4 letter)
{
    return letter < 128 && is_word_letter(letter);
}

static inline int
is_han(Py_UCS4 letter)
{
    return letter >= 0x4e00 && letter <= 0x9fff;
}

/* Spaces, line ends, and the mark before the first word of a line. */
static inline int
is_gap(Py_UCS4 letter)
{
    return letter == ' ' || (letter >= '\t' && letter <= '\r') || letter == 2;
}

static inline int
is_angle(Py_UCS4 letter)
{
    return letter == '<' || letter == '>' || letter == '=';
}

/* Where a run of letters of a kind ends. */
#define RUN(is, text, at, end) \
    while ((at) < (end) && is(letter_at((text), (at)))) \
        (at)++

/* From the first digit on: a number, or a date, a time and the like. */
static Py_ssize_t
after_digits(const Text *text, Py_ssize_t at, Py_ssize_t end, PieceKind *kind)
{
    *kind = NUMBER_PIECE;
    RUN(is_digit, text, at, end);
    for (;;) {
        Py_UCS4 letter = at < end ? letter_at(text, at) : 0;
        if (letter == 0x5e74 && *kind == NUMBER_PIECE) { /* 年 */
            *kind = PLAIN_PIECE;
            at++;
            RUN(is_word_letter, text, at, end);
            return at;
        }
        if ((letter != '.' && letter != ':' && letter != '/' && letter != '-') || at + 1 >= end
            || !is_digit(letter_at(text, at + 1)))
            return at;
        *kind = PLAIN_PIECE;
        at++;
        RUN(is_digit, text, at, end);
    }
}

/* From `<` or `>` on: a comparison, where no other sign of one is beside it; else the sign alone. */
static Py_ssize_t
after_angle(const Text *text, Py_ssize_t at, Py_ssize_t end)
{
    Py_UCS4 before = at > 0 ? letter_at(text, at - 1) : 0;
    Py_UCS4 second = at + 1 < end ? letter_at(text, at + 1) : 0;
    Py_UCS4 third = at + 2 < end ? letter_at(text, at + 2) : 0;
    int alone = !is_angle(before) && before != '!';
    return at + (alone && second == '=' && !is_angle(third) ? 2 : 1);
}

/* Where the piece that begins at a place ends, and what it is. */
static Py_ssize_t
after_piece(const Text *text, Py_ssize_t at, Py_ssize_t end, PieceKind *kind)
{
    Py_UCS4 letter = letter_at(text, at++);
    *kind = PLAIN_PIECE;
    if (is_gap(letter)) {
        RUN(is_gap, text, at, end);
    }
    else if (is_ascii_letter(letter)) {
        *kind = WORD_PIECE;
        RUN(is_name_letter, text, at, end);
    }
    else if (is_digit(letter)) {
        at = after_digits(text, at, end, kind);
    }
    else if (letter == TEXT_FIRST || letter == REGEX_FIRST) {
        *kind = QUOTED_PIECE;
        while (at < end && letter_at(text, at) == letter + 1)
            at++;
    }
    else if (letter == '<' || letter == '>') {
        *kind = SIGN_PIECE;
        at = after_angle(text, at - 1, end);
    }
    else if (is_han(letter)) {
        *kind = WORD_PIECE;
        if (letter != 0x6bcf) /* 每 */
            RUN(is_han, text, at, end);
    }
    else if (is_word_letter(letter)) {
        RUN(is_word_letter, text, at, end);
    }
    return at;
}

#endif
