/* What counts answer: the twin of `engine.count.Count.answer`. */

#ifndef COMMUNITYRULES_TURNING_ANSWERING_H
#define COMMUNITYRULES_TURNING_ANSWERING_H

#include "_turning_counting.h"

/* The first instant of a count's window at an instant. */
static int first_of(const State *state, PyObject *count, PyObject *now, int64_t time, int64_t *first)
{
    int64_t length, end;
    PyObject *span = READ(state, Count, span, count);
    if (whole(SLOT(state, Count, length, count), &length)) {
        *first = time - length;
        return DONE;
    }
    if (!IS(state, Span, span))
        return LEFT;
    if (whole(SLOT(state, Span, first, span), first) && whole(SLOT(state, Span, end, span), &end) && *first <= time
        && time < end)
        return DONE;
    Py_INCREF(span);
    PyObject *found = PyObject_CallMethodOneArg(span, state->word_start, now);
    Py_DECREF(span);
    if (found == NULL)
        return FAILED;
    int done = whole(found, first) ? DONE : LEFT;
    Py_DECREF(found);
    return done;
}

static int count_from(const State *state, PyObject *count, Instants *cell, int64_t first, int64_t *found)
{
    int64_t keep;
    const int64_t *all = stamps_of(cell);
    Py_ssize_t size = cell->size;
    PyObject *limit = READ(state, Count, keep, count);
    if (limit != Py_None && !whole(limit, &keep))
        return LEFT;
    if (limit == Py_None || size < keep)
        *found = not_before(all, 0, size, first);
    else if (keep > 0 && all[size - keep] >= first)
        *found = keep;
    else
        *found = not_before(all, keep > 0 ? size - keep : size, size, first);
    return DONE;
}

/* The cell that the event at hand has fed in memory, a new reference: None where that is new; NULL where it is to be looked for.
   An event is fed when it is the latest of its community; its instant goes to *time. */
static PyObject *just_fed(const State *state, PyObject *home, PyObject *count, PyObject *key, PyObject *now, int64_t *time)
{
    PyObject *tallied = READ(state, Home, tallied, home), *done = READ(state, Home, done, home);
    /* What was done otherwise came after it, and may have changed that. */
    if (Py_TYPE(tallied) != state->Notes || ((Notes *)tallied)->time != now || !PyList_CheckExact(done)
        || PyList_GET_SIZE(done))
        return NULL;
    const Note *note = note_of((Notes *)tallied, count, key);
    *time = ((Notes *)tallied)->now;
    return note == NULL ? NULL : Py_NewRef(filled(note->cell));
}

/* The cell of a key, a new reference; NULL where it is not at hand, or with an error. */
static PyObject *cell_for(const State *state, PyObject *count, PyObject *key)
{
    if (!is_in_memory(state, count))
        return is_kept(state, count) ? look_in(SLOT(state, Count, cells, count), key) : NULL;
    if (!PyTuple_CheckExact(key))
        return NULL;
    Cells *cells = (Cells *)HELD(state, Count, cells, count);
    const Entry *entry = find_tuple(cells, key);
    PyObject *cell = entry == NULL ? NULL : Py_NewRef(entry->cell);
    Py_DECREF(cells);
    return cell;
}

/* Whether it is an instant that nothing of its community is after; it goes to *time. */
static int is_latest(const State *state, PyObject *home, PyObject *now, int64_t *time)
{
    int64_t clock;
    return whole(now, time)
        && (SLOT(state, Home, clock, home) == now || (whole(SLOT(state, Home, clock, home), &clock) && *time == clock));
}

/* The answer of a count for a key that has a cell at hand, as of the latest instant. The caller holds all of it. */
static int answer_of(const State *state, PyObject *count, PyObject *key, PyObject *now, int64_t *found)
{
    int64_t time, only, first = 0;
    PyObject *home = SLOT(state, Count, home, count);
    if (home == NULL || !IS(state, Home, home))
        return LEFT;
    PyObject *cell = just_fed(state, home, count, key, now, &time);
    if (cell == NULL && is_latest(state, home, now, &time))
        cell = cell_for(state, count, key);
    if (cell == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    int is_only = whole(cell, &only), done;
    if (cell == now || cell == Py_None || (is_only && only == time)) {
        *found = 1;
        done = DONE;
    } else if (!is_only && !IS(state, History, cell)) {
        done = LEFT;
    } else {
        done = first_of(state, count, now, time, &first);
        if (done == DONE && is_only)
            *found = only >= first;
        else if (done == DONE)
            done = count_from(state, count, (Instants *)cell, first, found);
    }
    Py_DECREF(cell);
    return done;
}

#endif
