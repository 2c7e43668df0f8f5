/* What a mould makes of the pieces that were cut, step by step, and whether any of them may be misread: the twin of
   `language.filling`. */

#ifndef COMMUNITYRULES_MOULDS_FILLING_H
#define COMMUNITYRULES_MOULDS_FILLING_H

#include "_moulds_cutting.h"
#include <stdint.h>
#include <string.h>

/* As in `language.moulds`. */
enum { CONSTANT, SPAN, AGAIN, WRITTEN, NUMBER, VALUE, LAYOUT, TUPLE, NODE };
#define STEP 3

/* The number at a place of a mould. */
static unsigned
number_at(PyObject *numbers, Py_ssize_t at)
{
    uint16_t number;
    memcpy(&number, PyBytes_AS_STRING(numbers) + 2 * at, 2);
    return number;
}

static int
are_pieces(const Cut *cut, unsigned first, unsigned end)
{
    if (first < end && end <= (unsigned)cut->count)
        return 1;
    PyErr_SetString(PyExc_ValueError, "the mould is of another shape");
    return 0;
}

/* What is written from one piece to another. */
static PyObject *
written(Builder *self, unsigned first, unsigned end)
{
    const Cut *cut = &self->cut;
    if (!are_pieces(cut, first, end))
        return NULL;
    if (end == first + 1 && cut->words[first] != NULL)
        return Py_NewRef(cut->words[first]);
    return PyUnicode_Substring(self->text.whole, cut->places[first], cut->places[end]);
}

static PyObject *
span(Builder *self, unsigned first, unsigned end)
{
    if (!are_pieces(&self->cut, first, end))
        return NULL;
    PyObject *start = PyLong_FromSsize_t(self->cut.places[first]), *stop = PyLong_FromSsize_t(self->cut.places[end]);
    PyObject *given[] = {self->source, start, stop};
    PyObject *made = start == NULL || stop == NULL ? NULL : PyObject_Vectorcall(self->span, given, 3, NULL);
    Py_XDECREF(start);
    Py_XDECREF(stop);
    if (made != NULL)
        /* What is made of it need not hold it: it may be let go of before it is asked for again. */
        self->spans[self->spans_count++] = Py_NewRef(made);
    return made;
}

static PyObject *
number(Builder *self, unsigned first, unsigned end)
{
    PyObject *word = written(self, first, end);
    PyObject *made = word == NULL ? NULL : asked(self->numbers, word);
    Py_XDECREF(word);
    return made;
}

/* What a dictionary has for the place where a piece begins; NULL where it has nothing, or with an exception. */
static PyObject *
of_place(Builder *self, PyObject *from, unsigned first, int take)
{
    if (!are_pieces(&self->cut, first, first + 1))
        return NULL;
    PyObject *place = PyLong_FromSsize_t(self->cut.places[first]);
    PyObject *found = place == NULL ? NULL : PyDict_GetItemWithError(from, place);
    Py_XINCREF(found);
    if (found != NULL && take && PyDict_DelItem(from, place) < 0)
        Py_CLEAR(found);
    Py_XDECREF(place);
    return found;
}

static PyObject *
value(Builder *self, unsigned first)
{
    PyObject *found = of_place(self, self->values, first, 0);
    if (found == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_KeyError, "no text begins there");
    return found;
}

static PyObject *
layout(Builder *self, unsigned first)
{
    if (PyDict_GET_SIZE(self->layouts) == 0)
        return Py_NewRef(self->plain);
    PyObject *found = of_place(self, self->layouts, first, 1);
    return found != NULL || PyErr_Occurred() ? found : Py_NewRef(self->plain);
}

static PyObject *
constant(PyObject *constants, unsigned number)
{
    if ((Py_ssize_t)number < PyTuple_GET_SIZE(constants))
        return Py_NewRef(PyTuple_GET_ITEM(constants, number));
    PyErr_SetString(PyExc_ValueError, "the mould has fewer constants");
    return NULL;
}

/* The last of what was made, as a tuple or, of a class, as a node. */
static PyObject *
joined(Builder *self, PyObject *cls, unsigned count)
{
    if ((Py_ssize_t)count > self->made_count) {
        PyErr_SetString(PyExc_ValueError, "fewer parts were made");
        return NULL;
    }
    PyObject **parts = self->made + self->made_count - count;
    PyObject *whole;
    if (cls != NULL) {
        whole = PyObject_Vectorcall(cls, parts, count, NULL);
    }
    else if ((whole = PyTuple_New(count)) != NULL) {
        for (unsigned one = 0; one < count; one++)
            PyTuple_SET_ITEM(whole, one, Py_NewRef(parts[one]));
    }
    for (unsigned one = 0; one < count; one++)
        Py_DECREF(parts[one]);
    self->made_count -= count;
    return whole;
}

static PyObject *
node(Builder *self, PyObject *constants, unsigned number, unsigned count)
{
    PyObject *cls = constant(constants, number);
    PyObject *made = cls == NULL ? NULL : joined(self, cls, count);
    Py_XDECREF(cls);
    return made;
}

static PyObject *
again(Builder *self, unsigned number)
{
    if ((Py_ssize_t)number < self->spans_count)
        return Py_NewRef(self->spans[number]);
    PyErr_SetString(PyExc_ValueError, "fewer places were given");
    return NULL;
}

static PyObject *
take_step(Builder *self, PyObject *constants, unsigned step, unsigned first, unsigned second)
{
    switch (step) {
    case CONSTANT:
        return constant(constants, first);
    case SPAN:
        return span(self, first, second);
    case AGAIN:
        return again(self, first);
    case WRITTEN:
        return written(self, first, second);
    case NUMBER:
        return number(self, first, second);
    case VALUE:
        return value(self, first);
    case LAYOUT:
        return layout(self, first);
    case TUPLE:
        return joined(self, NULL, second);
    case NODE:
        return node(self, constants, first, second);
    default:
        PyErr_SetString(PyExc_ValueError, "no such step");
        return NULL;
    }
}

/* Room for what so many steps make. */
static int
make_room(Builder *self, Py_ssize_t steps)
{
    if (steps <= self->room)
        return 0;
    PyObject **made = PyMem_Realloc(self->made, steps * sizeof *made);
    if (made != NULL)
        self->made = made;
    PyObject **spans = PyMem_Realloc(self->spans, steps * sizeof *spans);
    if (spans != NULL)
        self->spans = spans;
    if (made == NULL || spans == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->room = steps;
    return 0;
}

/* Lets go of what was made, from the end. */
static void
let_go_of_all(PyObject **all, Py_ssize_t *count)
{
    while (*count)
        Py_DECREF(all[--*count]);
}

static PyObject *
fill(Builder *self, PyObject *steps, PyObject *constants)
{
    Py_ssize_t count = PyBytes_GET_SIZE(steps) / (2 * STEP);
    if (make_room(self, count) < 0)
        return NULL;
    for (Py_ssize_t at = 0; at < STEP * count; at += STEP) {
        PyObject *made =
            take_step(self, constants, number_at(steps, at), number_at(steps, at + 1), number_at(steps, at + 2));
        if (made == NULL)
            break;
        self->made[self->made_count++] = made;
    }
    PyObject *whole = NULL;
    if (!PyErr_Occurred() && self->made_count == 1)
        whole = self->made[--self->made_count];
    else if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a mould makes one thing");
    let_go_of_all(self->spans, &self->spans_count);
    let_go_of_all(self->made, &self->made_count);
    return whole;
}

/* --- words that may be misread -------------------------------------------------------------------------------- */

/* Whether a word needs no second look, which is remembered; then it may be another text that says the same. */
static int
is_plain_word(Builder *self, PyObject **word)
{
    PyObject *known = PyDict_GetItemWithError(self->harmless, *word);
    if (known != NULL) {
        Py_SETREF(*word, Py_NewRef(known));
        return 1;
    }
    if (PyErr_Occurred())
        return -1;
    if (PyUnicode_GET_LENGTH(*word) > self->long_name)
        return 0;
    PyObject *answer = PyObject_CallOneArg(self->is_harmless, *word);
    int harmless = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    if (harmless > 0 && PyDict_SetItem(self->harmless, *word, *word) < 0)
        return -1;
    return harmless;
}

static int
is_plain(Builder *self, PyObject *names)
{
    Cut *cut = &self->cut;
    for (Py_ssize_t at = 0; 4 * at + 4 <= PyBytes_GET_SIZE(names); at++) {
        unsigned first = number_at(names, 2 * at), end = number_at(names, 2 * at + 1);
        PyObject *word = written(self, first, end);
        int plain = word == NULL ? -1 : is_plain_word(self, &word);
        if (plain > 0 && end == first + 1 && PyUnicode_CheckExact(word))
            Py_XSETREF(cut->words[first], Py_NewRef(word));
        Py_XDECREF(word);
        if (plain <= 0)
            return plain;
    }
    return 1;
}

#endif
