/* An event fed to counts: the twin of `engine.count.Count.observe`.
 *
 * Counts in memory have their cells in a table of our own, and what is done to them is noted in `Home.tallied`; those of
 * which a store hears as well have them in dictionaries, by the tuples that it knows them by, and note it in `Home.done`.
 */

#ifndef COMMUNITYRULES_TURNING_COUNTING_H
#define COMMUNITYRULES_TURNING_COUNTING_H

#include "_turning_feeding.h"
#include "_turning_histories.h"

/* Where counts are fed: all of it held, whatever becomes of the slots that it was in. */
typedef struct {
    PyObject *home;
    /* What is noted of counts in memory, and of others. */
    Notes *tallied;
    PyObject *done;
    /* The instant of the event, as it has it and as a number. */
    PyObject *time;
    int64_t now;
} Feeding;

static int call_away(PyObject *made)
{
    if (made == NULL)
        return FAILED;
    Py_DECREF(made);
    return DONE;
}

/* How many cells of a count there are, without the older ones; -1 where Python is to say. */
static Py_ssize_t number_of_cells(const State *state, PyObject *count)
{
    PyObject *cells = READ(state, Count, cells, count);
    if (Py_TYPE(cells) == state->Cells)
        return ((Cells *)cells)->used;
    return PyDict_CheckExact(cells) ? PyDict_GET_SIZE(cells) : -1;
}

/* `Measure.sweep`, of which the frequent case is that there are too few cells to look. */
static int sweep(const State *state, PyObject *count, PyObject *home)
{
    int64_t settled, turn, patience, margin;
    PyObject *span = SLOT(state, Count, span, count);
    if (!whole(SLOT(state, Home, settled, home), &settled) || !whole(SLOT(state, Count, turn, count), &turn)
        || !whole(SLOT(state, Count, _patience, count), &patience) || span == NULL || !IS(state, Span, span)
        || !whole(SLOT(state, Span, margin, span), &margin))
        return call_away(PyObject_CallMethodNoArgs(count, state->word_sweep));
    if (settled < turn)
        return DONE;
    Py_ssize_t number = number_of_cells(state, count);
    if (number >= 0 && number < patience)
        return put_whole(&SLOT(state, Count, turn, count), settled + margin) ? FAILED : DONE;
    return call_away(PyObject_CallMethodNoArgs(count, state->word_sweep));
}

/* The first instant that any event from one on may need of a count, to *horizon. False where that cannot be told here. */
static int kept_from(const State *state, PyObject *count, PyObject *span, int64_t settled, int64_t *horizon)
{
    int64_t length, end;
    if (whole(SLOT(state, Count, length, count), &length)) {
        *horizon = settled - length;
        return 1;
    }
    /* The unit that the settled instant is in, where that is the one at hand. */
    return Py_TYPE(span) == state->Calendar && whole(SLOT(state, Span, first, span), horizon)
        && whole(SLOT(state, Span, end, span), &end) && *horizon <= settled && settled < end;
}

/* How many instants in front of a history no answer can need: what `Count.let_go` lets go of. `keep` is below 0 where
 * answers have no limit. */
static int64_t over_in_front(Instants *cell, int64_t horizon, int64_t settled, int64_t keep)
{
    const int64_t *all = stamps_of(cell);
    int64_t size = cell->size;
    if (keep >= 0 && size > keep) {
        int64_t beyond = size - not_before(all, 0, cell->size, settled + 1) - keep;
        if (beyond > 0 && all[beyond - 1] >= horizon)
            return beyond;
    }
    return size == 0 || all[0] >= horizon ? 0 : size - not_before(all, 0, cell->size, horizon);
}

/* `Count.let_go`. LEFT before anything was changed: where pieces that a store has are to be counted. */
static int let_go(const State *state, PyObject *count, PyObject *home, Instants *cell)
{
    int64_t settled, margin, keep = -1, horizon;
    PyObject *span = SLOT(state, Count, span, count), *limit = READ(state, Count, keep, count);
    if (cell->size > PIECE || span == NULL || !IS(state, Span, span) || !whole(SLOT(state, Span, margin, span), &margin)
        || !whole(SLOT(state, Home, settled, home), &settled)
        || (limit != Py_None && (!whole(limit, &keep) || keep < 0))
        || !kept_from(state, count, span, settled - margin, &horizon))
        return LEFT;
    int64_t over = over_in_front(cell, horizon, settled - margin, keep);
    if (over == 0)
        return DONE;
    int in_memory = READ(state, Count, dirty, count) == Py_None;
    cell->saved = 0;
    cut_stamps(cell, 0, (size_t)over);
    /* No store is ever told of what is in memory alone. */
    if (in_memory)
        Py_CLEAR(cell->gone);
    return DONE;
}

/* One more instant for a history, which the caller holds. */
static int append(const State *state, PyObject *count, PyObject *home, Instants *cell, int64_t time)
{
    if (!(cell->size & 15)) {
        int done = let_go(state, count, home, cell);
        if (done == LEFT)
            done = call_away(PyObject_CallMethodOneArg(count, state->word_let_go, (PyObject *)cell));
        if (done == FAILED)
            return FAILED;
    }
    return add_stamp(cell, time) ? FAILED : DONE;
}

/* The history of a key that has had one event, and of which a store has something if `stored`. A new reference. */
static PyObject *history_of(const State *state, PyObject *only, int stored)
{
    int64_t time;
    if (!whole(only, &time)) {
        PyErr_SetString(PyExc_TypeError, "a cell of a count is an instant or a history");
        return NULL;
    }
    PyObject *made = state->History->tp_alloc(state->History, 0);
    if (made == NULL)
        return NULL;
    /* It is in no cycle: what the collector would otherwise look for each time. */
    if (PyObject_IS_GC(made))
        PyObject_GC_UnTrack(made);
    ((Instants *)made)->stored = (char)stored;
    /* There is always room for the first. */
    add_stamp((Instants *)made, time);
    return made;
}

/* --- counts in memory ------------------------------------------------------------------------------------------- */

/* Whether all that there is of a count is in memory. */
static int is_in_memory(const State *state, PyObject *count)
{
    PyObject *cells = SLOT(state, Count, cells, count), *older = SLOT(state, Count, older, count);
    return cells != NULL && older != NULL && Py_TYPE(cells) == state->Cells && Py_TYPE(older) == state->Cells
        && READ(state, Count, dirty, count) == Py_None;
}

/* Whether nothing can be to sweep, or a cell grows as most do: then that is not looked at. */
static int is_early(const State *state, PyObject *count, const Entry *entry, int64_t now)
{
    int64_t turn;
    return (entry != NULL && Py_TYPE(entry->cell) == state->History && ((Instants *)entry->cell)->size & 15)
        || (whole(SLOT(state, Count, turn, count), &turn) && now < turn);
}

/* The cells of a count in memory, a new reference; NULL with an error where they are there no longer. */
static Cells *hold_cells(const State *state, PyObject *count)
{
    if (is_in_memory(state, count))
        return (Cells *)HELD(state, Count, cells, count);
    PyErr_SetString(PyExc_RuntimeError, "cells of a count were moved while they were fed");
    return NULL;
}

/* Moves the older cell of a key to the newer ones, which have none: its entry there; NULL where there is none, or with an
   error. */
static Entry *move_older(const State *state, PyObject *count, Cells *cells, const Key *key)
{
    Cells *older = (Cells *)HELD(state, Count, older, count);
    Entry *before = Py_TYPE(older) == state->Cells && older != cells ? find_entry(older, key) : NULL;
    Entry *entry = before == NULL ? NULL : add_entry(cells, key, before->cell);
    if (entry != NULL) {
        uint64_t moves = cells->moves;
        Py_DECREF(take_entry(older, before));
        if (!still_stands(cells, entry, moves))
            entry = find_entry(cells, key);
    }
    Py_DECREF(older);
    return entry;
}

/* A cell of a count in memory grows, or is new where there is no entry. */
static int grow(const State *state, PyObject *count, const Feeding *into, Cells *cells, Entry *entry, const Key *key)
{
    if (room_for_note(into->tallied))
        return FAILED;
    if (entry == NULL)
        return add_entry(cells, key, into->time) == NULL || add_note(into->tallied, count, key, NULL) ? FAILED : DONE;
    PyObject *cell = Py_NewRef(entry->cell);
    if (!IS(state, History, cell)) {
        uint64_t moves = cells->moves;
        Py_SETREF(cell, history_of(state, cell, 1));
        if (cell != NULL && still_stands(cells, entry, moves))
            put_slot(&entry->cell, Py_NewRef(cell));
        else if (cell == NULL || put_entry(cells, key, cell)) {
            Py_XDECREF(cell);
            return FAILED;
        }
    }
    int done = append(state, count, into->home, (Instants *)cell, into->now);
    if (done == DONE && add_note(into->tallied, count, key, cell))
        done = FAILED;
    Py_DECREF(cell);
    return done;
}

/* Feeds one count, when what is over has been swept. */
static int feed(const State *state, PyObject *count, const Feeding *into, const Key *key)
{
    Cells *cells = hold_cells(state, count);
    Entry *entry = cells == NULL ? NULL : find_entry(cells, key);
    if (entry == NULL && PyErr_Occurred()) {
        Py_XDECREF(cells);
        return FAILED;
    }
    if (!is_early(state, count, entry, into->now)) {
        Py_DECREF(cells);
        if (sweep(state, count, into->home) == FAILED || (cells = hold_cells(state, count)) == NULL)
            return FAILED;
        entry = find_entry(cells, key);
    }
    if (entry == NULL && !PyErr_Occurred())
        entry = move_older(state, count, cells, key);
    int done = entry == NULL && PyErr_Occurred() ? FAILED : grow(state, count, into, cells, entry, key);
    Py_DECREF(cells);
    return done;
}

static int feed_all(const State *state, const Fed *fed, const Feeding *into, const Parts *read)
{
    PyObject *parts[MOST_COUNTS][MOST_KEYS];
    Key keys[MOST_COUNTS];
    int done = DONE;
    note_time(into->tallied, into->time, into->now);
    /* What one count waits for in memory, the others do not wait for once more. */
    for (int one = 0; one < fed->size; one++) {
        PyObject *count = fed->meters[one].count;
        if (key_of(&fed->meters[one], read, parts[one], &keys[one])) {
            fetch_spot((Cells *)SLOT(state, Count, cells, count), &keys[one]);
            fetch_spot((Cells *)SLOT(state, Count, older, count), &keys[one]);
        }
    }
    for (int one = 0; one < fed->size; one++)
        if (keys[one].parts != NULL)
            fetch_entry((Cells *)SLOT(state, Count, cells, fed->meters[one].count), &keys[one]);
    for (int one = 0; one < fed->size; one++)
        if (keys[one].parts != NULL)
            fetch_rest((Cells *)SLOT(state, Count, cells, fed->meters[one].count), &keys[one]);
    for (int one = 0; done == DONE && one < fed->size; one++)
        if (keys[one].parts != NULL)
            done = feed(state, fed->meters[one].count, into, &keys[one]);
    return done;
}

/* --- counts of which a store hears ------------------------------------------------------------------------------ */

/* Whether all that is at hand of a count is in dictionaries. */
static int is_kept(const State *state, PyObject *count)
{
    PyObject *cells = SLOT(state, Count, cells, count), *older = SLOT(state, Count, older, count);
    return cells != NULL && older != NULL && PyDict_CheckExact(cells) && PyDict_CheckExact(older);
}

/* Whether it still is, after Python ran; sets an error where it is not. */
static int is_still_kept(const State *state, PyObject *count)
{
    if (is_kept(state, count))
        return 1;
    PyErr_SetString(PyExc_RuntimeError, "cells of a count were moved while they were fed");
    return 0;
}

/* Puts a cell of a count among those at hand. */
static int keep(const State *state, PyObject *count, PyObject *key, PyObject *cell)
{
    return is_still_kept(state, count) && !put_in(SLOT(state, Count, cells, count), key, cell) ? DONE : FAILED;
}

/* Notes for a roll-back, and for the store, that a cell is new or has grown. */
static int note_done(PyObject *done, PyObject *count, PyObject *key, PyObject *cell)
{
    PyObject *all = PyTuple_Pack(4, count, key, cell, Py_None);
    if (all == NULL)
        return FAILED;
    int failed = PyList_Append(done, all);
    Py_DECREF(all);
    return failed ? FAILED : DONE;
}

/* `Measure.load`: a cell that is not at hand, a new reference in *cell; that stays NULL where there is none. */
static int load(const State *state, PyObject *count, PyObject *key, PyObject **cell)
{
    PyObject *dirty = READ(state, Count, dirty, count);
    if (PyDict_CheckExact(dirty) && PyDict_GET_SIZE(dirty)) {
        *cell = look_in(dirty, key);
        if (*cell != NULL || PyErr_Occurred())
            return *cell == NULL ? FAILED : DONE;
    }
    PyObject *home = SLOT(state, Count, home, count);
    if (home != NULL && IS(state, Home, home) && READ(state, Home, store, home) == Py_None)
        return DONE;
    *cell = PyObject_CallMethodOneArg(count, state->word_load, key);
    if (*cell == NULL)
        return FAILED;
    if (*cell == Py_None)
        Py_CLEAR(*cell);
    return DONE;
}

/* The cell of a key as `Count.observe` looks for it, a new reference in *cell; that stays NULL where there is none. */
static int look_up(const State *state, PyObject *count, PyObject *key, PyObject **cell)
{
    if (!is_still_kept(state, count))
        return FAILED;
    *cell = look_in(SLOT(state, Count, cells, count), key);
    if (*cell != NULL)
        return DONE;
    if (PyErr_Occurred() || !is_still_kept(state, count))
        return FAILED;
    PyObject *older = HELD(state, Count, older, count);
    int failed = 0;
    if (PyDict_GET_SIZE(older)) {
        *cell = look_in(older, key);
        failed = *cell == NULL ? PyErr_Occurred() != NULL : PyDict_DelItem(older, key);
    }
    Py_DECREF(older);
    if (failed)
        return FAILED;
    if (*cell == NULL && READ(state, Count, dirty, count) != Py_None && load(state, count, key, cell) == FAILED)
        return FAILED;
    return *cell == NULL ? DONE : keep(state, count, key, *cell);
}

/* `Count._history`. A new reference. */
static PyObject *kept_history_of(const State *state, PyObject *count, PyObject *key, PyObject *only)
{
    PyObject *dirty = READ(state, Count, dirty, count), *told = NULL;
    if (PyDict_CheckExact(dirty)) {
        told = look_in(dirty, key);
        if (told == NULL && PyErr_Occurred())
            return NULL;
    }
    /* Of one that waits for the next commit as an instant, no store has been told. */
    int stored = told == NULL || !PyLong_Check(told);
    Py_XDECREF(told);
    return history_of(state, only, stored);
}

/* `Count.observe` of the newest event of a community, whose cell has been fetched: NULL where the key is new. */
static int observe_kept(const State *state, PyObject *count, const Feeding *into, PyObject *key, PyObject *fetched)
{
    PyObject *cell = Py_XNewRef(fetched);
    int done = DONE;
    if (cell == NULL) {
        done = keep(state, count, key, into->time);
        return done == DONE ? note_done(into->done, count, key, into->time) : done;
    }
    if (PyLong_CheckExact(cell)) {
        PyObject *history = kept_history_of(state, count, key, cell);
        if (history == NULL)
            done = FAILED;
        else {
            Py_SETREF(cell, history);
            done = keep(state, count, key, cell);
        }
    }
    if (done == DONE && !IS(state, History, cell)) {
        PyErr_SetString(PyExc_TypeError, "a cell of a count is an instant or a history");
        done = FAILED;
    }
    if (done == DONE)
        done = append(state, count, into->home, (Instants *)cell, into->now);
    if (done == DONE)
        done = note_done(into->done, count, key, cell);
    Py_DECREF(cell);
    return done;
}

/* The cell of a key, loaded where the store has it, a new reference in *cell. LEFT where that fails: a store may raise
 * anything, and some of that harms one measure only. */
static int fetch(const State *state, PyObject *count, PyObject *home, PyObject *key, PyObject **cell)
{
    int done = sweep(state, count, home);
    if (done == DONE)
        done = look_up(state, count, key, cell);
    if (done == FAILED && PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_Clear();
        return LEFT;
    }
    return done;
}

/* Feeds counts of which a store hears. All is fetched before anything is changed. */
static int observe_all_kept(const State *state, const Fed *fed, const Feeding *into, const Parts *read)
{
    PyObject *keys[MOST_COUNTS], *cells[MOST_COUNTS];
    int done = DONE, made = 0;
    for (; done == DONE && made < fed->size; made++) {
        PyObject *parts[MOST_KEYS];
        Key key;
        int counts = key_of(&fed->meters[made], read, parts, &key);
        cells[made] = NULL;
        keys[made] = counts ? tuple_of_parts(parts, key.width) : NULL;
        done = counts && keys[made] == NULL ? FAILED : DONE;
    }
    for (int one = 0; done == DONE && one < fed->size; one++)
        if (keys[one] != NULL)
            done = fetch(state, fed->meters[one].count, into->home, keys[one], &cells[one]);
    for (int one = 0; done == DONE && one < fed->size; one++)
        if (keys[one] != NULL)
            done = observe_kept(state, fed->meters[one].count, into, keys[one], cells[one]);
    for (int one = 0; one < made; one++) {
        Py_XDECREF(cells[one]);
        Py_XDECREF(keys[one]);
    }
    return done;
}

/* --- either ----------------------------------------------------------------------------------------------------- */

/* What the parts of a generated observer do for an event whose time is the clock of its community, of which nothing has
   been noted yet. LEFT before anything was changed. */
static int observe_all(const State *state, const Fed *fed, PyObject *event, const Feeding *into)
{
    int in_memory = 0, kept = 0;
    for (int one = 0; one < fed->size; one++) {
        if (is_in_memory(state, fed->meters[one].count))
            in_memory++;
        else if (is_kept(state, fed->meters[one].count))
            kept++;
    }
    if (in_memory != fed->size && kept != fed->size)
        return LEFT;
    Parts read;
    int done = read_parts(state, fed, event, &read);
    if (done == DONE && in_memory == fed->size)
        done = feed_all(state, fed, into, &read);
    else if (done == DONE)
        done = observe_all_kept(state, fed, into, &read);
    let_go_of_parts(&read);
    return done;
}

#endif
