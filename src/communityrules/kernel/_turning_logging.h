/* The log in memory: the twin of `Ledger.add_event` and `stores.memory.Log.keep`. */

#ifndef COMMUNITYRULES_TURNING_LOGGING_H
#define COMMUNITYRULES_TURNING_LOGGING_H

#include "_turning_counting.h"

#define DIGEST 16
/* `stores.memory._PLAIN`: position, ordinal, previous, time, number of the rulebook, late, digest. */
#define PLAIN (4 * 8 + 4 + 1 + DIGEST)

static unsigned char *write_number(unsigned char *to, uint64_t number, int bytes)
{
    for (int one = 0; one < bytes; one++) {
        *to++ = (unsigned char)(number & 0xff);
        number >>= 8;
    }
    return to;
}

/* A plain decision in few bytes. */
static PyObject *written(int64_t seq, int64_t ordinal, int64_t previous, int64_t time, int64_t number, int late, PyObject *digest)
{
    PyObject *made = PyBytes_FromStringAndSize(NULL, PLAIN);
    if (made == NULL)
        return NULL;
    unsigned char *to = (unsigned char *)PyBytes_AS_STRING(made);
    to = write_number(to, (uint64_t)seq, 8);
    to = write_number(to, (uint64_t)ordinal, 8);
    to = write_number(to, (uint64_t)previous, 8);
    to = write_number(to, (uint64_t)time, 8);
    to = write_number(to, (uint64_t)number, 4);
    to = write_number(to, (uint64_t)late, 1);
    memcpy(to, PyUnicode_1BYTE_DATA(digest), DIGEST);
    return made;
}

/* What a log needs to keep a plain decision here; LEFT where it is to do so itself. */
static int number_of(const State *state, PyObject *log, PyObject *digest, PyObject *rulebook, int64_t *number)
{
    PyObject *shared = READ(state, Log, _shared, log), *events = READ(state, Log, events, log);
    if (!IS(state, Rulebooks, shared) || !PyDict_CheckExact(events) || !is_text(digest)
        || !PyUnicode_IS_ASCII(digest) || PyUnicode_GET_LENGTH(digest) != DIGEST
        || SLOT(state, Rulebooks, last, shared) != rulebook
        || !whole(SLOT(state, Rulebooks, last_number, shared), number) || *number < 0 || *number > UINT32_MAX)
        return LEFT;
    return DONE;
}

/* Keeps what is written of a decision under its id. What was looked at is held, as keeping it may have Python run. */
static int keep_plain(const State *state, PyObject *log, PyObject *id, PyObject *entry, int64_t seq)
{
    PyObject *shared = HELD(state, Log, _shared, log), *order = HELD(state, Log, order, log);
    int failed = put_in(READ(state, Log, events, log), id, entry)
        || call_away(PyObject_CallMethodOneArg(order, state->word_append, id)) < 0
        || put_whole(&SLOT(state, Rulebooks, seq, shared), seq);
    Py_DECREF(shared);
    Py_DECREF(order);
    return failed ? FAILED : DONE;
}

/* `Log.keep` by the log itself. */
static int keep_whole(const State *state, PyObject *log, PyObject *id, PyObject *digest, int64_t seq, int64_t ordinal,
                      int64_t previous, PyObject *decision, int plain)
{
    PyObject *keep = PyObject_GetAttr(log, state->word_keep);
    if (keep == NULL)
        return FAILED;
    PyObject *done = PyObject_CallFunction(keep, "LOOLLOO", (long long)seq, id, digest, (long long)ordinal,
                                           (long long)previous, decision, plain ? Py_True : Py_False);
    Py_DECREF(keep);
    return call_away(done);
}

/* What is decided about an event. */
typedef struct {
    PyObject *decision, *rulebook;
    int64_t time;
    int plain, late;
} Decided;

/* Where an event is logged, all of it held. */
typedef struct {
    PyObject *ledger, *work, *standing, *log, *id, *digest;
} Logging;

static Logging begin_logging(const State *state, PyObject *ledger, PyObject *work, PyObject *event, PyObject *digest)
{
    return (Logging){
        Py_NewRef(ledger), Py_NewRef(work), HELD(state, WorkingSet, standing, work), HELD(state, WorkingSet, log, work),
        HELD(state, Event, id, event), Py_NewRef(digest),
    };
}

static void end_logging(const Logging *at)
{
    Py_DECREF(at->ledger);
    Py_DECREF(at->work);
    Py_DECREF(at->standing);
    Py_DECREF(at->log);
    Py_DECREF(at->id);
    Py_DECREF(at->digest);
}

/* The community has been touched. */
static int touch(const State *state, const Logging *at)
{
    PyObject *community = HELD(state, WorkingSet, community, at->work);
    int failed = put_in(READ(state, Ledger, _touched, at->ledger), community, at->work);
    Py_DECREF(community);
    return failed;
}

/* `Ledger.add_event` over a log in memory: the position goes to *seq. LEFT before anything was changed. */
static int add_event(const State *state, const Logging *at, const Decided *decided, int64_t *seq)
{
    int64_t ordinal, previous, waiting, number;
    PyObject *ledger = at->ledger, *standing = at->standing, *log = at->log;
    if (!IS(state, Standing, standing) || !IS(state, Log, log))
        return LEFT;
    if (!whole(SLOT(state, Standing, events, standing), &ordinal) || !whole(SLOT(state, Standing, last, standing), &previous)
        || !whole(SLOT(state, Ledger, _seq, ledger), seq) || !whole(SLOT(state, Ledger, waiting, ledger), &waiting))
        return LEFT;
    ordinal++, (*seq)++, waiting++;
    if (put_whole(&SLOT(state, Standing, events, standing), ordinal) || put_whole(&SLOT(state, Ledger, _seq, ledger), *seq))
        return FAILED;
    int done = LEFT;
    if (decided->plain && number_of(state, log, at->digest, decided->rulebook, &number) == DONE) {
        PyObject *entry = written(*seq, ordinal, previous, decided->time, number, decided->late, at->digest);
        done = entry == NULL ? FAILED : keep_plain(state, log, at->id, entry, *seq);
        Py_XDECREF(entry);
    }
    if (done == LEFT)
        done = keep_whole(state, log, at->id, at->digest, *seq, ordinal, previous, decided->decision, decided->plain);
    if (done == FAILED || put_whole(&SLOT(state, Standing, last, standing), *seq)
        || put_whole(&SLOT(state, Ledger, waiting, ledger), waiting) || touch(state, at))
        return FAILED;
    return DONE;
}

/* `Ledger.add_event` over a store that is told at the next commit: the position goes to *seq. LEFT before anything was
 * changed. `make` is `stores.protocol.Entry`.
 */
static int add_waiting(const State *state, const Logging *at, const Decided *decided, PyObject *make, int64_t *seq)
{
    int64_t ordinal, previous, waiting;
    PyObject *ledger = at->ledger, *standing = at->standing;
    PyObject *fresh = READ(state, WorkingSet, fresh, at->work), *entries = READ(state, Ledger, _entries, ledger);
    if (!IS(state, Standing, standing) || !PyDict_CheckExact(fresh) || !PyList_CheckExact(entries)
        || !whole(SLOT(state, Standing, events, standing), &ordinal) || !whole(SLOT(state, Standing, last, standing), &previous)
        || !whole(SLOT(state, Ledger, _seq, ledger), seq) || !whole(SLOT(state, Ledger, waiting, ledger), &waiting))
        return LEFT;
    ordinal++, (*seq)++, waiting++;
    Py_INCREF(fresh);
    Py_INCREF(entries);
    PyObject *said[] = {
        NULL, PyLong_FromLongLong(*seq), at->id, at->digest, PyLong_FromLongLong(ordinal),
        HELD(state, Standing, last, standing), decided->decision, decided->plain ? Py_True : Py_False,
    };
    PyObject *entry = said[1] == NULL || said[4] == NULL
        ? NULL : PyObject_Vectorcall(make, said + 1, 7 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    int failed = entry == NULL || put_whole(&SLOT(state, Standing, events, standing), ordinal)
        || put_whole(&SLOT(state, Ledger, _seq, ledger), *seq) || PyList_Append(entries, entry)
        || PyDict_SetItem(fresh, at->id, entry) || put_whole(&SLOT(state, Standing, last, standing), *seq)
        || put_whole(&SLOT(state, Ledger, waiting, ledger), waiting) || touch(state, at);
    if (!failed && !decided->plain)
        put_slot(&SLOT(state, Ledger, _weighty, ledger), Py_NewRef(Py_True));
    Py_XDECREF(said[1]);
    Py_XDECREF(said[4]);
    Py_DECREF(said[5]);
    Py_XDECREF(entry);
    Py_DECREF(fresh);
    Py_DECREF(entries);
    return failed ? FAILED : DONE;
}

#endif
