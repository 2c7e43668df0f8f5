/* What a store that outlives the process is to hear of counts. Twins of `engine.count.Count.settle`, `tell` and
 * `let_go_of_older`.
 */

#ifndef COMMUNITYRULES_TURNING_KEEPING_H
#define COMMUNITYRULES_TURNING_KEEPING_H

#include "_turning_counting.h"
#include "_turning_logging.h"

/* --- after an event --------------------------------------------------------------------------------------------- */

/* Whether it is a count that a store is told of. */
static int notes_changes(const State *state, PyObject *count)
{
    return state->Count != NULL && Py_TYPE(count) == state->Count && state->History != NULL
        && is_kept(state, count) && PyDict_CheckExact(READ(state, Count, dirty, count));
}

/* Whether it is noted as it should be that a count was fed. */
static int is_of_count(const State *state, PyObject *noted)
{
    return PyTuple_CheckExact(noted) && PyTuple_GET_SIZE(noted) == 4 && notes_changes(state, PyTuple_GET_ITEM(noted, 0));
}

/* Whether all that an event did was to feed counts. */
static int only_counts(const State *state, PyObject *done)
{
    for (Py_ssize_t one = 0; one < PyList_GET_SIZE(done); one++)
        if (!is_of_count(state, PyList_GET_ITEM(done, one)))
            return 0;
    return 1;
}

/* `Count.settle` of what is noted of a count, which the caller holds. */
static int settle_one(const State *state, PyObject *noted)
{
    PyObject *count = PyTuple_GET_ITEM(noted, 0), *key = PyTuple_GET_ITEM(noted, 1), *cell = PyTuple_GET_ITEM(noted, 2);
    PyObject *there = NULL;
    if (PyLong_Check(cell)) {
        there = look_in(SLOT(state, Count, cells, count), key);
        if (there == NULL && !PyErr_Occurred() && is_still_kept(state, count))
            there = look_in(SLOT(state, Count, older, count), key);
        if (there == NULL) {
            if (!PyErr_Occurred())
                no_such_key(key);
            return FAILED;
        }
    } else {
        there = Py_NewRef(cell);
    }
    int failed = put_in(READ(state, Count, dirty, count), key, there);
    Py_DECREF(there);
    return failed ? FAILED : DONE;
}

/* `Windows.settle` of an event that only fed counts. LEFT before anything was changed. */
static int settle_counts(const State *state, PyObject *done)
{
    if (!only_counts(state, done))
        return LEFT;
    for (Py_ssize_t one = 0; one < PyList_GET_SIZE(done); one++) {
        PyObject *noted = Py_NewRef(PyList_GET_ITEM(done, one));
        int settled = DONE;
        if (!is_of_count(state, noted)) {
            PyErr_SetString(PyExc_RuntimeError, "what was done changed while it was settled");
            settled = FAILED;
        } else if (PyTuple_GET_ITEM(noted, 2) != Py_None) {
            settled = settle_one(state, noted);
        }
        Py_DECREF(noted);
        if (settled == FAILED)
            return FAILED;
    }
    return PyList_SetSlice(done, 0, PyList_GET_SIZE(done), NULL) ? FAILED : DONE;
}

/* --- for a commit ----------------------------------------------------------------------------------------------- */

/* Where pieces of one measure are gathered: the lists of a `WindowChanges`. */
typedef struct {
    PyObject *keys, *parts, *newest, *data;
} Pieces;

/* Whether a text stands in JSON as it is. */
static int is_bare(PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *at = PyUnicode_DATA(text);
    for (Py_ssize_t one = 0; one < PyUnicode_GET_LENGTH(text); one++) {
        Py_UCS4 found = PyUnicode_READ(kind, at, one);
        if (found < 0x20 || found == '"' || found == '\\' || (found >= 0xd800 && found < 0xe000))
            return 0;
    }
    return 1;
}

/* `stores.codec.write_key`, which is asked where a key is not of bare texts. A new reference. */
static PyObject *write_key(PyObject *key, PyObject *otherwise)
{
    Py_ssize_t size = 1, width = PyTuple_CheckExact(key) ? PyTuple_GET_SIZE(key) : 0;
    Py_UCS4 most = 127;
    for (Py_ssize_t one = 0; one < width; one++) {
        PyObject *part = PyTuple_GET_ITEM(key, one);
        if (!is_text(part) || !is_bare(part))
            return PyObject_CallOneArg(otherwise, key);
        size += PyUnicode_GET_LENGTH(part) + 3;
        if (PyUnicode_MAX_CHAR_VALUE(part) > most)
            most = PyUnicode_MAX_CHAR_VALUE(part);
    }
    PyObject *made = width ? PyUnicode_New(size, most) : NULL;
    if (made == NULL)
        return width ? NULL : PyObject_CallOneArg(otherwise, key);
    Py_ssize_t to = 0;
    for (Py_ssize_t one = 0; one < width; one++) {
        PyObject *part = PyTuple_GET_ITEM(key, one);
        if (PyUnicode_WriteChar(made, to++, one ? ',' : '[') < 0 || PyUnicode_WriteChar(made, to++, '"') < 0
            || PyUnicode_CopyCharacters(made, to, part, 0, PyUnicode_GET_LENGTH(part)) < 0)
            goto failed;
        to += PyUnicode_GET_LENGTH(part);
        if (PyUnicode_WriteChar(made, to++, '"') < 0)
            goto failed;
    }
    if (PyUnicode_WriteChar(made, to, ']') == 0)
        return made;
failed:
    Py_DECREF(made);
    return NULL;
}

/* `WindowChanges.add`; the last two references are taken. */
static int add_piece(const Pieces *into, PyObject *key, PyObject *part, PyObject *newest, PyObject *data)
{
    int failed = newest == NULL || data == NULL || PyList_Append(into->keys, key) || PyList_Append(into->parts, part)
        || PyList_Append(into->newest, newest) || PyList_Append(into->data, data);
    Py_XDECREF(newest);
    Py_XDECREF(data);
    return failed ? FAILED : DONE;
}

/* The instant of a cell that no store has been told of. */
static int add_only(const Pieces *into, PyObject *key, PyObject *only)
{
    int64_t time;
    if (!whole(only, &time))
        return LEFT;
    PyObject *part = PyLong_FromLong(0), *data = PyBytes_FromStringAndSize(NULL, 8);
    if (data != NULL)
        write_number((unsigned char *)PyBytes_AS_STRING(data), (uint64_t)time, 8);
    int done = part == NULL ? FAILED : add_piece(into, key, part, Py_NewRef(only), Py_XNewRef(data));
    Py_XDECREF(part);
    Py_XDECREF(data);
    return done;
}

/* `History.changes` of one that is a single piece and has let go of nothing. LEFT before anything was changed. */
static int add_history(const Pieces *into, PyObject *key, Instants *cell)
{
    Py_ssize_t size = cell->size;
    if (cell->gone != NULL && cell->gone != Py_None)
        return LEFT;
    if (cell->saved >= PIECE || size == 0 || size > PIECE)
        return LEFT;
    const int64_t *all = stamps_of(cell);
    PyObject *part = PyLong_FromSsize_t(cell->base), *data = PyBytes_FromStringAndSize(NULL, size * 8);
    int done = FAILED;
    if (part != NULL && data != NULL) {
        unsigned char *to = (unsigned char *)PyBytes_AS_STRING(data);
        for (Py_ssize_t one = 0; one < size; one++)
            to = write_number(to, (uint64_t)all[one], 8);
        done = add_piece(into, key, part, PyLong_FromLongLong(all[size - 1]), Py_NewRef(data));
    }
    Py_XDECREF(part);
    Py_XDECREF(data);
    if (done == DONE) {
        cell->stored = 1;
        cell->saved = size;
    }
    return done;
}

static int add_cell(const State *state, const Pieces *into, PyObject *key, PyObject *cell)
{
    if (PyLong_CheckExact(cell))
        return add_only(into, key, cell);
    return Py_TYPE(cell) == state->History ? add_history(into, key, (Instants *)cell) : LEFT;
}

/* What is said of every cell that has changed. */
static int add_all(const State *state, PyObject *count, PyObject *changes, const Pieces *into, PyObject *otherwise)
{
    PyObject *dirty = Py_NewRef(SLOT(state, Count, dirty, count)), *key, *cell;
    Py_ssize_t at = 0, size = PyDict_GET_SIZE(dirty);
    int done = DONE;
    while (done == DONE && PyDict_Next(dirty, &at, &key, &cell)) {
        Py_INCREF(key);
        Py_INCREF(cell);
        PyObject *said = write_key(key, otherwise);
        done = said == NULL ? FAILED : is_text(said) ? add_cell(state, into, said, cell) : LEFT;
        if (done == LEFT)
            done = call_away(PyObject_CallMethodObjArgs(count, state->word_cell_changes, cell, said, changes, NULL));
        Py_XDECREF(said);
        Py_DECREF(key);
        Py_DECREF(cell);
        if (done == DONE && PyDict_GET_SIZE(dirty) != size) {
            PyErr_SetString(PyExc_RuntimeError, "cells changed while they were told of");
            done = FAILED;
        }
    }
    Py_DECREF(dirty);
    return done;
}

static PyObject *list_of(PyObject *changes, const char *name)
{
    PyObject *found = PyObject_GetAttrString(changes, name);
    if (found != NULL && !PyList_CheckExact(found)) {
        PyErr_Format(PyExc_TypeError, "%s is to be a list", name);
        Py_CLEAR(found);
    }
    return found;
}

/* `changes(count, into, write_key)`: add to a `WindowChanges` what a store has not been told of a count. False where that
 * is left to Python.
 */
static PyObject *tell_changes(PyObject *module, PyObject *args)
{
    const State *state = PyModule_GetState(module);
    PyObject *count, *changes, *otherwise;
    if (!PyArg_ParseTuple(args, "OOO", &count, &changes, &otherwise))
        return NULL;
    if (!notes_changes(state, count))
        Py_RETURN_FALSE;
    Pieces into = {list_of(changes, "keys"), NULL, NULL, NULL};
    int done = FAILED;
    if (into.keys != NULL && (into.parts = list_of(changes, "parts")) != NULL
        && (into.newest = list_of(changes, "newest")) != NULL && (into.data = list_of(changes, "data")) != NULL)
        done = add_all(state, count, changes, &into, otherwise);
    Py_XDECREF(into.keys);
    Py_XDECREF(into.parts);
    Py_XDECREF(into.newest);
    Py_XDECREF(into.data);
    return done == FAILED ? NULL : Py_NewRef(Py_True);
}

/* --- cells that are let go of ----------------------------------------------------------------------------------- */

/* `History.is_one_piece`. */
static int is_one_piece(const State *state, PyObject *cell)
{
    const Instants *here = (Instants *)cell;
    return Py_TYPE(cell) == state->History && here->base == 0 && (here->gone == NULL || here->gone == Py_None)
        && here->size <= PIECE;
}

/* `Count.let_go_of_older` of one cell; what is unusual is asked of `Count.emptied`. */
static int let_go_of(const State *state, PyObject *count, PyObject *dirty, PyObject *key, PyObject *cell)
{
    PyObject *emptied = PyLong_CheckExact(cell) || is_one_piece(state, cell)
        ? Py_NewRef(Py_None) : PyObject_CallMethodOneArg(count, state->word_emptied, cell);
    if (emptied == NULL)
        return FAILED;
    int failed = emptied != Py_None ? PyDict_SetItem(dirty, key, emptied) : PyDict_Contains(dirty, key);
    if (emptied == Py_None && failed > 0)
        failed = PyDict_DelItem(dirty, key);
    Py_DECREF(emptied);
    return failed ? FAILED : DONE;
}

/* `let_go(count)`: have a store hear that the older cells of a count hold nothing any more. False where that is left to
 * Python.
 */
static PyObject *let_go_older(PyObject *module, PyObject *count)
{
    const State *state = PyModule_GetState(module);
    if (!notes_changes(state, count))
        Py_RETURN_FALSE;
    PyObject *older = Py_NewRef(SLOT(state, Count, older, count)), *dirty = Py_NewRef(SLOT(state, Count, dirty, count));
    PyObject *key, *cell;
    Py_ssize_t at = 0, size = PyDict_GET_SIZE(older);
    int done = DONE;
    while (done == DONE && PyDict_Next(older, &at, &key, &cell)) {
        Py_INCREF(key);
        Py_INCREF(cell);
        done = let_go_of(state, count, dirty, key, cell);
        Py_DECREF(key);
        Py_DECREF(cell);
        if (done == DONE && PyDict_GET_SIZE(older) != size) {
            PyErr_SetString(PyExc_RuntimeError, "cells changed while they were let go of");
            done = FAILED;
        }
    }
    Py_DECREF(older);
    Py_DECREF(dirty);
    return done == FAILED ? NULL : Py_NewRef(Py_True);
}

#endif
