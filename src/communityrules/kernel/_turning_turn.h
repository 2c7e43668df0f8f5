/* One event on its way, from where it has been read to its entry in the log: the twin of `Engine._take` and of
 * `Judging.event`. What is unusual is left to Python, before anything was changed.
 */

#ifndef COMMUNITYRULES_TURNING_TURN_H
#define COMMUNITYRULES_TURNING_TURN_H

#include "_turning_answering.h"
#include "_turning_logging.h"
#include "_turning_meeting.h"
#include "_turning_seen.h"
#include "_turning_steps.h"

/* How one engine judges by the rulebook in use. */
typedef struct {
    PyObject_HEAD
    State *state;
    People people;
    /* Without `waiting` it is not whole; the module, whose state it uses, is let go of last. */
    PyObject *module, *judgings, *reached, *ledger, *counts, *waiting, *usual, *read, *believe, *types;
    PyObject *prepare, *match, *nothing, *listening, *before, *decision, *entry, *rulebook;
} Turning;

/* One event on its way, all of it held. */
typedef struct {
    PyObject *event, *digest, *judging, *work, *time_object;
    int64_t time;
    int late;
} Turn;

/* Hands the error at hand to the judging, which takes back what the event did. Always FAILED. */
static int undo(const State *state, const Turn *turn)
{
    PyObject *error;
#if PY_VERSION_HEX >= 0x030c0000
    error = PyErr_GetRaisedException();
#else
    PyObject *type, *trace;
    PyErr_Fetch(&type, &error, &trace);
    PyErr_NormalizeException(&type, &error, &trace);
    if (trace != NULL && error != NULL)
        PyException_SetTraceback(error, trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
#endif
    PyObject *done = PyObject_CallMethodObjArgs(turn->judging, state->word_fail, turn->event, error, NULL);
    Py_XDECREF(error);
    if (done != NULL) {
        Py_DECREF(done);
        PyErr_SetString(PyExc_SystemError, "a failed event was not raised");
    }
    return FAILED;
}

/* Whether the slots that are needed hold what they should, before anything is changed. */
static int is_sound(const State *state, PyObject *judging, PyObject *work)
{
    PyObject *windows = READ(state, WorkingSet, windows, work), *undone = READ(state, WorkingSet, _undo, work);
    PyObject *changed = READ(state, WorkingSet, _changed_cells, work), *home = READ(state, WorkingSet, _home, work);
    PyObject *log = READ(state, WorkingSet, log, work);
    return IS(state, Windows, windows) && IS(state, Home, home)
        && IS(state, StoredFacts, READ(state, Judging, _facts, judging))
        && IS(state, Standing, READ(state, WorkingSet, standing, work))
        && IS(state, Timers, READ(state, WorkingSet, timers, work))
        && (log == Py_None || IS(state, Log, log))
        && PyDict_Check(READ(state, WorkingSet, _cells, work)) && PyDict_CheckExact(READ(state, WorkingSet, people, work))
        && PyDict_CheckExact(READ(state, WorkingSet, _ids, work)) && PyList_CheckExact(undone)
        && (changed == Py_None || PyDict_CheckExact(changed)) && PyList_CheckExact(READ(state, Home, done, home))
        && Py_TYPE(READ(state, Home, tallied, home)) == state->Notes && PyList_CheckExact(READ(state, Windows, held, windows))
        && PyDict_CheckExact(READ(state, Windows, _observing, windows))
        && PyList_CheckExact(READ(state, Judging, _partial, judging));
}

static int contains(PyObject *dict, PyObject *key)
{
    Py_INCREF(dict);
    int found = PyDict_Contains(dict, key);
    Py_DECREF(dict);
    return found;
}

/* Whether an id was not judged before; LEFT where it may have been. */
static int is_new(Turning *self, const Turn *turn, PyObject *id)
{
    const State *state = self->state;
    PyObject *log = READ(state, WorkingSet, log, turn->work), *fresh = READ(state, WorkingSet, fresh, turn->work);
    PyObject *standing = READ(state, WorkingSet, standing, turn->work);
    if (log != Py_None) {
        PyObject *known = READ(state, Log, events, log);
        int again = PyDict_CheckExact(known) ? contains(known, id) : 1;
        return again < 0 ? FAILED : again ? LEFT : DONE;
    }
    int64_t events;
    if (!whole(SLOT(state, Standing, events, standing), &events))
        return LEFT;
    if (!events)
        return DONE;
    int known = PyDict_CheckExact(fresh) ? contains(fresh, id) : 1;
    if (known == 0)
        known = may_hold(state, READ(state, WorkingSet, seen, turn->work), id);
    if (known <= 0)
        return known < 0 ? FAILED : DONE;
    PyObject *found = PyObject_CallMethodObjArgs(self->ledger, state->word_find, turn->work, id, turn->time_object, NULL);
    int done = found == NULL ? FAILED : found == Py_None ? DONE : LEFT;
    Py_XDECREF(found);
    return done;
}

/* The judging of an event before which no timer is due, held with what else is needed of it; LEFT where that is not so. */
static int find(Turning *self, int streaming, Turn *turn)
{
    const State *state = self->state;
    PyObject *event = turn->event, *community = HELD(state, Event, community, event);
    if (is_text(community))
        turn->judging = look_in(self->judgings, community);
    Py_DECREF(community);
    if (turn->judging == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    if (!IS(state, Judging, turn->judging))
        return LEFT;
    turn->work = HELD(state, Judging, work, turn->judging);
    turn->time_object = HELD(state, Event, time, event);
    PyObject *message = READ(state, Event, message, event);
    int64_t soonest;
    if (!is_text(READ(state, Event, id, event)) || !is_text(READ(state, Event, type, event))
        || !is_text(READ(state, Event, community, event))
        || !is_text(turn->digest) || PyUnicode_GET_LENGTH(turn->digest) == 0 || !whole(turn->time_object, &turn->time)
        || (message != Py_None && Py_TYPE(message) != state->Message)
        || !IS(state, WorkingSet, turn->work)
        || READ(state, WorkingSet, gone, turn->work) != Py_False
        || (streaming && READ(state, Judging, caught_up, turn->judging) != Py_True)
        || !is_sound(state, turn->judging, turn->work)
        || !whole(SLOT(state, Timers, soonest, SLOT(state, WorkingSet, timers, turn->work)), &soonest)
        || soonest <= turn->time)
        return LEFT;
    return DONE;
}

/* `Event.heard_as`, a new reference; NULL with an error where the event is none of ours any more. */
static PyObject *heard_as(const State *state, PyObject *event)
{
    PyObject *type = READ(state, Event, type, event), *message = READ(state, Event, message, event);
    if (!is_text(type) || (message != Py_None && Py_TYPE(message) != state->Message)) {
        PyErr_SetString(PyExc_TypeError, "an event was changed while it was judged");
        return NULL;
    }
    if (message != Py_None && READ(state, Message, reply_to, message) != Py_None
        && PyUnicode_Compare(type, state->word_message) == 0)
        return Py_NewRef(state->word_reply);
    return Py_NewRef(type);
}

/* `Judging._turn_to`: the facts about the event at hand, a new reference. */
static PyObject *turn_to(const State *state, const Turn *turn)
{
    PyObject *facts = turn_again(state, turn->judging, turn->event);
    if (facts != NULL)
        return facts;
    facts = PyObject_CallMethodOneArg(turn->judging, state->word__turn_to, turn->event);
    if (facts == NULL)
        return NULL;
    Py_DECREF(facts);
    return HELD(state, Judging, _facts, turn->judging);
}

/* `Windows.observe` by the windows themselves; what could not be read is noted. */
static int observe_whole(const State *state, const Turn *turn, PyObject *windows, PyObject *heard, PyObject *facts)
{
    PyObject *unread = PyObject_CallMethodObjArgs(windows, state->word_observe, turn->event, heard, facts, NULL);
    if (unread == NULL)
        return FAILED;
    int done = unread == Py_None
        ? DONE : call_away(PyObject_CallMethodOneArg(turn->judging, state->word__note, unread));
    Py_DECREF(unread);
    return done;
}

static int observe(const State *state, const Turn *turn, PyObject *heard, PyObject *facts)
{
    PyObject *windows = HELD(state, WorkingSet, windows, turn->work);
    int done = IS(state, Windows, windows) ? observe_plain(state, windows, turn->event, heard) : LEFT;
    if (done == LEFT)
        done = observe_whole(state, turn, windows, heard, facts);
    Py_DECREF(windows);
    return done;
}

/* The decision that only allows an event. */
static PyObject *allowed(Turning *self, const Turn *turn)
{
    const State *state = self->state;
    PyObject *said[] = {
        NULL, HELD(state, Event, id, turn->event), turn->time_object, HELD(state, WorkingSet, community, turn->work),
        self->rulebook, state->word_allow, Py_True,
    };
    PyObject *made = PyObject_Vectorcall(self->decision, said + 1, 5 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                         turn->late ? state->late_only : NULL);
    Py_DECREF(said[1]);
    Py_DECREF(said[3]);
    return made;
}

/* Whether nothing was left out that the decision must speak of. */
static int is_whole(const State *state, const Turn *turn)
{
    PyObject *partial = READ(state, Judging, _partial, turn->judging);
    return READ(state, Judging, unanswered, turn->judging) == Py_None && PyList_CheckExact(partial)
        && PyList_GET_SIZE(partial) == 0;
}

/* What the rules answer to a prepared event that is at hand: a new reference, NULL with an error. */
static PyObject *matched(Turning *self, PyObject *event, PyObject *heard, PyObject *facts)
{
    int listening = PySet_Contains(self->listening, heard);
    if (listening <= 0)
        return listening < 0 ? NULL : Py_NewRef(self->nothing);
    PyObject *asked[] = {NULL, event, facts};
    return PyObject_Vectorcall(self->match, asked + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

/* `WorkingSet.settle`, by the object itself where it is unusual by now. */
static int settle_it(const State *state, PyObject *work)
{
    int done = settle(state, work);
    return done == LEFT ? call_away(PyObject_CallMethodNoArgs(work, state->word_settle)) : done;
}

/* `Judging.event` from where the turn has begun. A new reference; NULL with an error, and then all is undone. */
static PyObject *judged(Turning *self, Turn *turn)
{
    const State *state = self->state;
    PyObject *heard = NULL, *facts, *match, *decision = NULL, *late = turn->late ? Py_True : Py_False;
    int ordinary = 0;
    int done = prepare(state, &self->people, turn->work, turn->event, &ordinary);
    if (done == LEFT) {
        PyObject *said = PyObject_CallFunctionObjArgs(self->prepare, turn->work, turn->event, NULL);
        done = said == NULL ? FAILED : DONE;
        ordinary = said == Py_True;
        Py_XDECREF(said);
    }
    int special = done == DONE ? is_among(state, self->before, turn->event) : 0;
    facts = done == FAILED || special < 0 ? NULL : turn_to(state, turn);
    if (facts == NULL || (heard = heard_as(state, turn->event)) == NULL) {
        Py_XDECREF(facts);
        undo(state, turn);
        return NULL;
    }
    if (observe(state, turn, heard, facts) == FAILED) {
        undo(state, turn);
    } else if (!ordinary || special) {
        decision = PyObject_CallMethodObjArgs(turn->judging, state->word_rest, turn->event, heard,
                                              ordinary ? Py_True : Py_False, late, NULL);
    } else if ((match = matched(self, turn->event, heard, facts)) == NULL) {
        undo(state, turn);
    } else {
        if (match != self->nothing || !is_whole(state, turn))
            decision = PyObject_CallMethodObjArgs(turn->judging, state->word_matched, turn->event, match, late, NULL);
        else if (settle_it(state, turn->work) == FAILED)
            undo(state, turn);
        else {
            put_slot(&SLOT(state, Judging, plain, turn->judging), Py_NewRef(Py_True));
            decision = allowed(self, turn);
        }
        Py_DECREF(match);
    }
    Py_DECREF(heard);
    Py_DECREF(facts);
    return decision;
}

static int count_one(PyObject **slot)
{
    int64_t number;
    if (!whole(*slot, &number)) {
        PyErr_SetString(PyExc_TypeError, "a whole number was to be counted up");
        return FAILED;
    }
    return put_whole(slot, number + 1) ? FAILED : DONE;
}

/* `Ledger.add_event` by the ledger itself. */
static int add_whole(Turning *self, const Turn *turn, const Decided *decided, int64_t *seq)
{
    const State *state = self->state;
    PyObject *id = HELD(state, Event, id, turn->event);
    PyObject *place = PyObject_CallMethodObjArgs(self->ledger, state->word_add_event, turn->work, id, turn->digest,
                                                 decided->decision, decided->plain ? Py_True : Py_False, NULL);
    Py_DECREF(id);
    if (place == NULL)
        return FAILED;
    int done = whole(place, seq) ? DONE : LEFT;
    Py_DECREF(place);
    return done;
}

/* Logs a decision and counts it. */
static int log_it(Turning *self, const Turn *turn, PyObject *decision, int streaming)
{
    const State *state = self->state;
    int64_t seq;
    Decided decided = {decision, self->rulebook, turn->time, READ(state, Judging, plain, turn->judging) == Py_True, turn->late};
    Logging at = begin_logging(state, self->ledger, turn->work, turn->event, turn->digest);
    int done = at.log == Py_None
        ? add_waiting(state, &at, &decided, self->entry, &seq) : add_event(state, &at, &decided, &seq);
    if (done == LEFT && at.log == Py_None)
        done = add_whole(self, turn, &decided, &seq);
    end_logging(&at);
    if (done == LEFT)
        PyErr_SetString(PyExc_SystemError, "the log has lost count");
    if (done != DONE || count_one(&SLOT(state, Counts, read, self->counts)) < 0
        || count_one(&SLOT(state, Counts, judged, self->counts)) < 0
        || (turn->late && count_one(&SLOT(state, Counts, late, self->counts)) < 0))
        return FAILED;
    if (!streaming)
        return DONE;
    PyObject *place = PyLong_FromLongLong(seq), *community = HELD(state, WorkingSet, community, turn->work);
    int failed = place == NULL || PyDict_SetItem(self->reached, community, place);
    Py_XDECREF(place);
    Py_DECREF(community);
    return failed ? FAILED : DONE;
}

/* Judges an event that has been read. NULL without an error where it is left to Python, and then nothing was done. */
static PyObject *taken(Turning *self, PyObject *event, PyObject *digest, int streaming)
{
    const State *state = self->state;
    /* Whatever Python is asked for on the way, these are kept. */
    Turn turn = {.event = Py_NewRef(event), .digest = Py_NewRef(digest)};
    PyObject *decision = NULL;
    int done = find(self, streaming, &turn);
    if (done == DONE) {
        PyObject *id = HELD(state, Event, id, event);
        done = is_new(self, &turn, id);
        if (done == DONE)
            done = begin(state, turn.work, turn.time_object, id, &turn.late);
        Py_DECREF(id);
    }
    if (done == DONE) {
        decision = judged(self, &turn);
        if (decision != NULL && log_it(self, &turn, decision, streaming) == FAILED)
            Py_CLEAR(decision);
    }
    Py_DECREF(turn.event);
    Py_DECREF(turn.digest);
    Py_XDECREF(turn.judging);
    Py_XDECREF(turn.work);
    Py_XDECREF(turn.time_object);
    return decision;
}

#endif
