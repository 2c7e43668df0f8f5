/* Stretches of a text cut into their pieces, and the shape of what was cut: the twin of `language.shapes`. */

#ifndef COMMUNITYRULES_MOULDS_CUTTING_H
#define COMMUNITYRULES_MOULDS_CUTTING_H

#include "_moulds_pieces.h"
#include "holding.h"

/* What builds declarations: of which text, and what is remembered. */
typedef struct {
    PyObject_HEAD
    Text text;
    PyObject *source, *values, *layouts, *plain, *span, *harmless, *is_harmless, *kinds, *numbers;
    Py_ssize_t long_text, long_number, long_name;
    int busy;
    /* What the steps have made and nothing has taken yet; and the places that they gave. Both are held. */
    PyObject **made, **spans;
    Py_ssize_t made_count, spans_count, room;
    Cut cut;
} Builder;

/* Adds what stands for a piece. */
static int
put(Cut *cut, const Text *from, Py_ssize_t start, Py_ssize_t end)
{
    if (cut->shape_length + (end - start) + 1 > ROOM) {
        PyErr_SetString(PyExc_ValueError, "what stands for a piece is too long");
        return -1;
    }
    Py_UCS4 *to = cut->shape + cut->shape_length;
    for (Py_ssize_t at = start; at < end; at++)
        *to++ = letter_at(from, at);
    *to = SEPARATOR;
    cut->shape_length += end - start + 1;
    return 0;
}

/* The same for what is no part of the text. */
static int
put_text(Cut *cut, PyObject *kind)
{
    if (!PyUnicode_CheckExact(kind)) {
        PyErr_SetString(PyExc_TypeError, "a text is wanted for a piece");
        return -1;
    }
    Text from = {.kind = PyUnicode_KIND(kind), .letters = PyUnicode_DATA(kind), .length = PyUnicode_GET_LENGTH(kind)};
    return put(cut, &from, 0, from.length);
}

static int
put_letters(Cut *cut, const char *letters, Py_ssize_t count)
{
    Text from = {.kind = PyUnicode_1BYTE_KIND, .letters = letters};
    return put(cut, &from, 0, count);
}

/* What a mapping has for a key, which it may make then. */
static PyObject *
asked(PyObject *mapping, PyObject *key)
{
    PyObject *found = look_in(mapping, key);
    if (found != NULL)
        return found;
    return PyErr_Occurred() ? NULL : PyObject_GetItem(mapping, key);
}

/* Adds what stands for a word, which is given in `word`. */
static int
put_word(Builder *self, Py_ssize_t start, Py_ssize_t end, PyObject **word)
{
    *word = PyUnicode_Substring(self->text.whole, start, end);
    PyObject *kind = *word == NULL ? NULL : asked(self->kinds, *word);
    int done = kind == NULL ? -1 : put_text(&self->cut, kind);
    Py_XDECREF(kind);
    return done;
}

/* Adds what stands for the piece at a place: its end, -1 with an exception. `Kinds` says what that is. */
static Py_ssize_t
put_piece(Builder *self, Py_ssize_t start, Py_ssize_t end, PyObject **word)
{
    PieceKind kind;
    Py_ssize_t stop = after_piece(&self->text, start, end, &kind);
    int done;
    *word = NULL;
    if (kind == WORD_PIECE)
        done = put_word(self, start, stop, word);
    else if (kind == SIGN_PIECE)
        done = put_letters(&self->cut, "\0<", 2);
    else if (kind == NUMBER_PIECE && stop - start <= self->long_number)
        done = put_letters(&self->cut, "\0" "0", 2);
    else
        done = put(&self->cut, &self->text, start,
                   kind == QUOTED_PIECE && stop - start <= self->long_text ? start + 1 : stop);
    return done < 0 ? -1 : stop;
}

static void
let_go(Builder *self)
{
    for (int one = 0; one < self->cut.count; one++)
        Py_CLEAR(self->cut.words[one]);
    self->cut.count = 0;
}

/* Cuts a stretch into pieces: 1, 0 where there are too many, -1 with an exception. */
static int
cut(Builder *self, Py_ssize_t start, Py_ssize_t end)
{
    Cut *cut = &self->cut;
    cut->shape_length = 0;
    while (start < end) {
        if (cut->count == LONGEST)
            return 0;
        cut->places[cut->count] = start;
        start = put_piece(self, start, end, &cut->words[cut->count]);
        cut->count++;
        if (start < 0)
            return -1;
    }
    cut->places[cut->count] = end;
    if (put_letters(cut, "\0", 1) < 0)
        return -1;
    Py_ssize_t near = end + NEAR < self->text.length ? end + NEAR : self->text.length;
    for (int one = 0; one < AHEAD && start < near; one++) {
        PyObject *word;
        start = put_piece(self, start, near, &word);
        Py_XDECREF(word);
        if (start < 0)
            return -1;
    }
    return 1;
}

static PyObject *
shape_of(const Cut *cut)
{
    /* Nothing separates from what would follow the last. */
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, cut->shape, cut->shape_length - 1);
}

#endif
