/* Counts: an event fed to them, and what they answer. Twins of `engine.count.Count.observe` and `answer`. */

#ifndef COMMUNITYRULES_COUNTING_H
#define COMMUNITYRULES_COUNTING_H

#include "histories.h"

/* What is left to Python. */
enum { FAILED = -1, LEFT = 0, DONE = 1 };

#define MOST_KEYS 4
#define MOST_COUNTS 16

/* What a part of a key is read from. */
typedef enum { OF_EVENT, OF_SUBJECT, OF_SUBJECT_OR_SENDER, OF_SENDER, OF_MESSAGE, OF_MESSAGE_OR_OWN } Root;

typedef struct {
    Root root;
    Py_ssize_t at;
} Part;

typedef struct {
    PyObject *count;
    int width;
    Part parts[MOST_KEYS];
} Meter;

/* The counts that events of one type feed, and where their keys are. */
typedef struct {
    PyObject_HEAD
    int size;
    Meter meters[MOST_COUNTS];
} Fed;

/* The object that a part of a key is read from, borrowed; None where there is none; NULL where it is of no known class. */
static PyObject *root_of(const State *state, Root root, PyObject *event)
{
    PyObject *found;
    switch (root) {
    case OF_EVENT:
        return event;
    case OF_SUBJECT:
    case OF_SUBJECT_OR_SENDER:
    case OF_SENDER:
        found = root == OF_SENDER ? Py_None : READ(state, Event, subject, event);
        if (root == OF_SENDER || (root == OF_SUBJECT_OR_SENDER && found == Py_None))
            found = READ(state, Event, member, event);
        return found == Py_None || Py_TYPE(found) == state->Member ? found : NULL;
    default:
        found = READ(state, Event, subject_message, event);
        if (root == OF_MESSAGE_OR_OWN && found == Py_None)
            found = READ(state, Event, message, event);
        return found == Py_None || Py_TYPE(found) == state->Message ? found : NULL;
    }
}

/* The key of an event for a count: *key stays NULL where a part of it is absent, and the event does not count. */
static int key_of(const State *state, const Meter *meter, PyObject *event, PyObject **key)
{
    PyObject *parts[MOST_KEYS];
    *key = NULL;
    for (int one = 0; one < meter->width; one++) {
        PyObject *from = root_of(state, meter->parts[one].root, event);
        if (from == NULL)
            return LEFT;
        if (from == Py_None)
            return DONE;
        PyObject *part = filled(*(PyObject **)((char *)from + meter->parts[one].at));
        if (part == Py_None)
            return DONE;
        if (!is_text(part))
            return LEFT;
        parts[one] = part;
    }
    PyObject *made = PyTuple_New(meter->width);
    if (made == NULL)
        return FAILED;
    for (int one = 0; one < meter->width; one++)
        PyTuple_SET_ITEM(made, one, Py_NewRef(parts[one]));
    /* Texts alone are in no cycle: what the collector would find out when it first comes by. */
    if (meter->width)
        PyObject_GC_UnTrack(made);
    *key = made;
    return DONE;
}

static int call_away(PyObject *made)
{
    if (made == NULL)
        return FAILED;
    Py_DECREF(made);
    return DONE;
}

/* Notes for a roll-back that a cell has grown or, where it is None, is new; where no store need hear of it. */
static int note_fed(PyObject *tallied, PyObject *key, PyObject *cell, PyObject *count)
{
    PyObject *all = PyTuple_Pack(3, key, cell, count);
    if (all == NULL)
        return FAILED;
    int failed = PyList_Append(tallied, all);
    Py_DECREF(all);
    return failed ? FAILED : DONE;
}

/* Notes for a roll-back, and for a store, that a cell is new or has grown. */
static int note_done(PyObject *done, PyObject *count, PyObject *key, PyObject *cell)
{
    PyObject *all = PyTuple_Pack(4, count, key, cell, Py_None);
    if (all == NULL)
        return FAILED;
    int failed = PyList_Append(done, all);
    Py_DECREF(all);
    return failed ? FAILED : DONE;
}

/* `Measure.sweep`, of which the frequent case is that there are too few cells to look. */
static int sweep(const State *state, PyObject *count, PyObject *home)
{
    int64_t settled, turn, patience, margin;
    PyObject *span = SLOT(state, Count, span, count);
    PyObject *cells = SLOT(state, Count, cells, count);
    if (!whole(SLOT(state, Home, settled, home), &settled) || !whole(SLOT(state, Count, turn, count), &turn)
        || !whole(SLOT(state, Count, _patience, count), &patience) || span == NULL || !IS(state, Span, span)
        || !whole(SLOT(state, Span, margin, span), &margin))
        return call_away(PyObject_CallMethodNoArgs(count, state->word_sweep));
    if (settled < turn)
        return DONE;
    if (PyDict_GET_SIZE(cells) < patience)
        return put_whole(&SLOT(state, Count, turn, count), settled + margin) ? FAILED : DONE;
    return call_away(PyObject_CallMethodNoArgs(count, state->word_sweep));
}

/* Whether `Count.let_go` would find nothing in a history that may go. False where that cannot be told here. */
static int is_all_needed(const State *state, PyObject *count, PyObject *home, Instants *cell)
{
    int64_t settled, margin, keep, horizon, end;
    PyObject *span = SLOT(state, Count, span, count), *limit = READ(state, Count, keep, count);
    if (span == NULL || !IS(state, Span, span) || !whole(SLOT(state, Span, margin, span), &margin)
        || !whole(SLOT(state, Home, settled, home), &settled)
        || (limit != Py_None && (!whole(limit, &keep) || (int64_t)cell->size > keep)))
        return 0;
    settled -= margin;
    if (!whole(SLOT(state, Count, length, count), &horizon)) {
        /* The unit that the settled instant is in, where that is the one at hand. */
        if (Py_TYPE(span) != state->Calendar || !whole(SLOT(state, Span, first, span), &horizon)
            || !whole(SLOT(state, Span, end, span), &end) || settled < horizon || settled >= end)
            return 0;
    } else {
        horizon = settled - horizon;
    }
    return cell->size == 0 || stamps_of(cell)[0] >= horizon;
}

/* One more instant for a history. */
static int append(const State *state, PyObject *count, PyObject *home, Instants *cell, int64_t time)
{
    if (!(cell->size & 15) && !is_all_needed(state, count, home, cell)
        && call_away(PyObject_CallMethodOneArg(count, state->word_let_go, (PyObject *)cell)) < 0)
        return FAILED;
    return add_stamp(cell, time) ? FAILED : DONE;
}

/* `Count._history`: the history of a key that has had one event. A new reference. */
static PyObject *history_of(const State *state, PyObject *count, PyObject *key, PyObject *only)
{
    int64_t time;
    PyObject *dirty = READ(state, Count, dirty, count), *told = NULL;
    if (PyDict_CheckExact(dirty)) {
        told = PyDict_GetItemWithError(dirty, key);
        if (told == NULL && PyErr_Occurred())
            return NULL;
    }
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
    /* Of one that waits for the next commit as an instant, no store has been told. */
    ((Instants *)made)->stored = told == NULL || !PyLong_Check(told);
    /* There is always room for the first. */
    add_stamp((Instants *)made, time);
    return made;
}

/* `Measure.load`: a cell that is not at hand, a new reference in *cell; that stays NULL where there is none. */
static int load(const State *state, PyObject *count, PyObject *key, PyObject **cell)
{
    PyObject *dirty = READ(state, Count, dirty, count), *home = SLOT(state, Count, home, count);
    if (PyDict_CheckExact(dirty) && PyDict_GET_SIZE(dirty)) {
        *cell = Py_XNewRef(PyDict_GetItemWithError(dirty, key));
        if (*cell != NULL || PyErr_Occurred())
            return *cell == NULL ? FAILED : DONE;
    }
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
    PyObject *cells = SLOT(state, Count, cells, count), *older = SLOT(state, Count, older, count);
    *cell = Py_XNewRef(PyDict_GetItemWithError(cells, key));
    if (*cell != NULL)
        return DONE;
    if (PyErr_Occurred())
        return FAILED;
    if (PyDict_GET_SIZE(older)) {
        *cell = Py_XNewRef(PyDict_GetItemWithError(older, key));
        if (*cell == NULL && PyErr_Occurred())
            return FAILED;
        if (*cell != NULL && PyDict_DelItem(older, key))
            return FAILED;
    }
    if (*cell == NULL && READ(state, Count, dirty, count) != Py_None && load(state, count, key, cell) == FAILED)
        return FAILED;
    return *cell != NULL && PyDict_SetItem(SLOT(state, Count, cells, count), key, *cell) ? FAILED : DONE;
}

/* `Count.observe` of the newest event of a community. */
static int observe_one(const State *state, PyObject *count, PyObject *home, PyObject *key, PyObject *time, int64_t now)
{
    PyObject *cell = NULL, *noted = SLOT(state, Home, done, home);
    int done = sweep(state, count, home);
    if (done == DONE)
        done = look_up(state, count, key, &cell);
    if (done == DONE && cell == NULL)
        return PyDict_SetItem(SLOT(state, Count, cells, count), key, time) ? FAILED : note_done(noted, count, key, time);
    if (done == DONE && PyLong_CheckExact(cell)) {
        PyObject *history = history_of(state, count, key, cell);
        if (history == NULL)
            done = FAILED;
        else {
            Py_SETREF(cell, history);
            done = PyDict_SetItem(SLOT(state, Count, cells, count), key, cell) ? FAILED : DONE;
        }
    }
    if (done == DONE && !IS(state, History, cell)) {
        PyErr_SetString(PyExc_TypeError, "a cell of a count is an instant or a history");
        done = FAILED;
    }
    if (done == DONE)
        done = append(state, count, home, (Instants *)cell, now);
    if (done == DONE)
        done = note_done(noted, count, key, cell);
    Py_XDECREF(cell);
    return done;
}

/* The cell of a key that generated observers leave to `Count.observe`, a borrowed reference: it was among the older ones,
   or has had one event only, and is as that would leave it. NULL with an error. */
static PyObject *make_ready(const State *state, PyObject *count, PyObject *key, PyObject *cell)
{
    PyObject *cells = SLOT(state, Count, cells, count);
    if (IS(state, History, cell))
        return PyDict_SetItem(cells, key, cell) ? NULL : cell;
    PyObject *history = history_of(state, count, key, cell);
    if (history == NULL)
        return NULL;
    int failed = PyDict_SetItem(cells, key, history);
    Py_DECREF(history);
    return failed ? NULL : history;
}

/* What generated observers do with a count themselves: nearly always a cell is new, or grows by one instant. */
static int observe_quickly(const State *state, PyObject *count, PyObject *home, PyObject *key, PyObject *time, int64_t now)
{
    int64_t turn;
    PyObject *cells = SLOT(state, Count, cells, count), *older = SLOT(state, Count, older, count);
    PyObject *tallied = SLOT(state, Home, tallied, home);
    if (READ(state, Count, dirty, count) != Py_None)
        return LEFT;
    /* One look finds a cell or adds one, where one may be added. Only then, too, is there nothing to sweep. */
    int may_add = whole(SLOT(state, Count, turn, count), &turn) && now < turn;
    Py_ssize_t before = PyDict_GET_SIZE(cells);
    PyObject *cell = may_add ? PyDict_SetDefault(cells, key, time) : PyDict_GetItemWithError(cells, key);
    if (cell != NULL && !may_add && (!IS(state, History, cell) || !(((Instants *)cell)->size & 15)))
        return LEFT;
    if (cell == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    if (PyDict_GET_SIZE(cells) > before) {
        cell = PyDict_GET_SIZE(older) ? PyDict_GetItemWithError(older, key) : NULL;
        if (cell == NULL)
            return PyErr_Occurred() ? FAILED : note_fed(tallied, key, Py_None, count);
        cell = make_ready(state, count, key, cell);
        if (cell == NULL || PyDict_DelItem(older, key))
            return FAILED;
    } else if (!IS(state, History, cell)) {
        cell = make_ready(state, count, key, cell);
        if (cell == NULL)
            return FAILED;
    }
    Py_INCREF(cell);
    int done = append(state, count, home, (Instants *)cell, now);
    if (done == DONE)
        done = note_fed(tallied, key, cell, count);
    Py_DECREF(cell);
    return done;
}

static int is_whole_count(const State *state, PyObject *count)
{
    PyObject *cells = SLOT(state, Count, cells, count), *older = SLOT(state, Count, older, count);
    return cells != NULL && older != NULL && PyDict_CheckExact(cells) && PyDict_CheckExact(older);
}

/* Has a count whose cells are in a store as well load the cell of a key. LEFT where that fails: a store may raise
 * anything, and some of that harms one measure only. */
static int fetch(const State *state, PyObject *count, PyObject *home, PyObject *key)
{
    PyObject *cell = NULL;
    if (READ(state, Count, dirty, count) == Py_None)
        return DONE;
    int done = sweep(state, count, home);
    if (done == DONE)
        done = look_up(state, count, key, &cell);
    Py_XDECREF(cell);
    if (done == FAILED && PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_Clear();
        return LEFT;
    }
    return done;
}

/* What the parts of a generated observer do for an event whose time is the clock of its community. */
static int observe_all(const State *state, Fed *fed, PyObject *event, PyObject *home, int64_t now)
{
    PyObject *keys[MOST_COUNTS];
    PyObject *time = SLOT(state, Event, time, event), *tallied = SLOT(state, Home, tallied, home);
    int done = tallied != NULL && PyList_CheckExact(tallied) && time != NULL ? DONE : LEFT;
    int made = 0;
    /* All is looked at before anything is changed. */
    for (; done == DONE && made < fed->size; made++) {
        keys[made] = NULL;
        done = is_whole_count(state, fed->meters[made].count) ? key_of(state, &fed->meters[made], event, &keys[made]) : LEFT;
    }
    for (int one = 0; done == DONE && one < fed->size; one++)
        if (keys[one] != NULL)
            done = fetch(state, fed->meters[one].count, home, keys[one]);
    for (int one = 0; done == DONE && one < fed->size; one++)
        if (keys[one] != NULL) {
            done = observe_quickly(state, fed->meters[one].count, home, keys[one], time, now);
            if (done == LEFT)
                done = observe_one(state, fed->meters[one].count, home, keys[one], time, now);
        }
    for (int one = 0; one < made; one++)
        Py_XDECREF(keys[one]);
    return done;
}

/* --- answers ---------------------------------------------------------------------------------------------------- */

/* The first instant of a count's window at an instant. */
static int first_of(const State *state, PyObject *count, PyObject *now, int64_t time, int64_t *first)
{
    int64_t length, end;
    PyObject *span = SLOT(state, Count, span, count);
    if (whole(SLOT(state, Count, length, count), &length)) {
        *first = time - length;
        return DONE;
    }
    if (span == NULL || !IS(state, Span, span))
        return LEFT;
    if (whole(SLOT(state, Span, first, span), first) && whole(SLOT(state, Span, end, span), &end) && *first <= time
        && time < end)
        return DONE;
    PyObject *found = PyObject_CallMethodOneArg(span, state->word_start, now);
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

/* Whether two keys are of the very same parts. Others may be equal all the same. */
static int is_same_key(PyObject *key, PyObject *other)
{
    if (key == other)
        return 1;
    if (!PyTuple_CheckExact(other) || PyTuple_GET_SIZE(key) != PyTuple_GET_SIZE(other))
        return 0;
    for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(key); one++)
        if (PyTuple_GET_ITEM(key, one) != PyTuple_GET_ITEM(other, one))
            return 0;
    return 1;
}

/* The cell that the event at hand has fed, borrowed: None where that is new; NULL where it is to be looked for. */
static PyObject *just_fed(const State *state, PyObject *home, PyObject *count, PyObject *key)
{
    PyObject *tallied = READ(state, Home, tallied, home), *done = READ(state, Home, done, home);
    /* What was done otherwise came after it, and may have changed that. */
    if (!PyList_CheckExact(tallied) || !PyList_CheckExact(done) || PyList_GET_SIZE(done))
        return NULL;
    for (Py_ssize_t one = 0; one < PyList_GET_SIZE(tallied); one++) {
        PyObject *fed = PyList_GET_ITEM(tallied, one);
        if (PyTuple_CheckExact(fed) && PyTuple_GET_SIZE(fed) == 3 && PyTuple_GET_ITEM(fed, 2) == count
            && PyTuple_CheckExact(PyTuple_GET_ITEM(fed, 0)) && is_same_key(PyTuple_GET_ITEM(fed, 0), key))
            return PyTuple_GET_ITEM(fed, 1);
    }
    return NULL;
}

/* The answer of a count for a key that has a cell at hand, as of the latest instant. */
static int answer_of(const State *state, PyObject *count, PyObject *key, PyObject *now, int64_t *found)
{
    int64_t time, clock, only, first;
    PyObject *home = SLOT(state, Count, home, count);
    if (home == NULL || !IS(state, Home, home) || !is_whole_count(state, count) || !whole(now, &time))
        return LEFT;
    if (SLOT(state, Home, clock, home) != now && (!whole(SLOT(state, Home, clock, home), &clock) || time != clock))
        return LEFT;
    PyObject *cell = just_fed(state, home, count, key);
    if (cell == NULL)
        cell = PyDict_GetItemWithError(SLOT(state, Count, cells, count), key);
    if (cell == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    if (cell == now || cell == Py_None) {
        *found = 1;
        return DONE;
    }
    int is_only = whole(cell, &only);
    if (is_only && only == time) {
        *found = 1;
        return DONE;
    }
    if (!is_only && !IS(state, History, cell))
        return LEFT;
    Py_INCREF(cell);
    int done = first_of(state, count, now, time, &first);
    if (done == DONE) {
        if (is_only)
            *found = only >= first;
        else
            done = count_from(state, count, (Instants *)cell, first, found);
    }
    Py_DECREF(cell);
    return done;
}

/* --- the type --------------------------------------------------------------------------------------------------- */

static int fed_traverse(Fed *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (int one = 0; one < self->size; one++)
        Py_VISIT(self->meters[one].count);
    return 0;
}

static int fed_clear(Fed *self)
{
    int size = self->size;
    self->size = 0;
    for (int one = 0; one < size; one++)
        Py_CLEAR(self->meters[one].count);
    return 0;
}

static void fed_dealloc(Fed *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    fed_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot fed_slots[] = {
    {Py_tp_traverse, fed_traverse},
    {Py_tp_clear, fed_clear},
    {Py_tp_dealloc, fed_dealloc},
    {0, NULL},
};

static PyType_Spec fed_spec = {
    .name = "communityrules.kernel._turning.Fed",
    .basicsize = sizeof(Fed),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = fed_slots,
};

#define NAMED(object, text) (is_text(object) && PyUnicode_CompareWithASCIIString((object), (text)) == 0)

/* Where a part of a key is, from its description: what it is read from, and the name there. */
static int part_of(const State *state, PyObject *said, Part *part)
{
    static const struct {
        const char *name;
        Root root;
    } roots[] = {
        {"event", OF_EVENT}, {"subject", OF_SUBJECT}, {"subject or sender", OF_SUBJECT_OR_SENDER},
        {"sender", OF_SENDER}, {"message", OF_MESSAGE}, {"message or own", OF_MESSAGE_OR_OWN},
    };
    const struct {
        Root first, last;
        const char *name;
        Py_ssize_t at;
    } places[] = {
        {OF_EVENT, OF_EVENT, "id", state->Event_id},
        {OF_EVENT, OF_EVENT, "type", state->Event_type},
        {OF_EVENT, OF_EVENT, "community", state->Event_community},
        {OF_EVENT, OF_EVENT, "channel", state->Event_channel},
        {OF_EVENT, OF_EVENT, "place", state->Event_place},
        {OF_SUBJECT, OF_SENDER, "id", state->Member_id},
        {OF_SUBJECT, OF_SENDER, "name", state->Member_name},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "id", state->Message_id},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "text", state->Message_text},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "reply_to", state->Message_reply_to},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "topic", state->Message_topic},
    };
    if (!PyTuple_CheckExact(said) || PyTuple_GET_SIZE(said) != 2)
        return LEFT;
    for (size_t root = 0; root < sizeof roots / sizeof *roots; root++) {
        if (!NAMED(PyTuple_GET_ITEM(said, 0), roots[root].name))
            continue;
        for (size_t one = 0; one < sizeof places / sizeof *places; one++) {
            if (places[one].first <= roots[root].root && roots[root].root <= places[one].last
                && NAMED(PyTuple_GET_ITEM(said, 1), places[one].name)) {
                part->root = roots[root].root;
                part->at = places[one].at;
                return DONE;
            }
        }
    }
    return LEFT;
}

static int meter_of(const State *state, PyObject *count, PyObject *said, Meter *meter)
{
    if (!PyTuple_CheckExact(said) || PyTuple_GET_SIZE(said) > MOST_KEYS || Py_TYPE(count) != state->Count)
        return LEFT;
    meter->width = (int)PyTuple_GET_SIZE(said);
    for (int one = 0; one < meter->width; one++) {
        int done = part_of(state, PyTuple_GET_ITEM(said, one), &meter->parts[one]);
        if (done != DONE)
            return done;
    }
    meter->count = Py_NewRef(count);
    return DONE;
}

/* `fed(counts, keys)`: what observes events that feed these counts and nothing else; None where that is left to Python. */
static PyObject *make_fed(PyObject *module, PyObject *args)
{
    State *state = PyModule_GetState(module);
    PyObject *counts, *keys;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &counts, &PyTuple_Type, &keys))
        return NULL;
    if (state->Event == NULL || state->Count == NULL || PyTuple_GET_SIZE(counts) > MOST_COUNTS
        || PyTuple_GET_SIZE(counts) != PyTuple_GET_SIZE(keys))
        Py_RETURN_NONE;
    Fed *fed = (Fed *)state->Fed->tp_alloc(state->Fed, 0);
    if (fed == NULL)
        return NULL;
    for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(counts); one++) {
        int done = meter_of(state, PyTuple_GET_ITEM(counts, one), PyTuple_GET_ITEM(keys, one), &fed->meters[one]);
        if (done != DONE) {
            Py_DECREF(fed);
            if (done == FAILED)
                return NULL;
            Py_RETURN_NONE;
        }
        fed->size++;
    }
    return (PyObject *)fed;
}

#endif
