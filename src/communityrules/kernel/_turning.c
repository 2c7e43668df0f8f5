/* The engine's way of an ordinary event, from its id to its entry in the log.
 *
 * Twins of what stands in Python: `Engine._take` and `Judging.event` (`Turning.take`), the steps on that way which
 * Python takes itself as well (`_turning_steps.h`), the generated observers where they only count
 * (`_turning_counting.h`, `_turning_answering.h`), `Consequences.prepare` (`_turning_meeting.h`), `body_digest`
 * (`_turning_given.h`), what a store is told of counts (`_turning_keeping.h`) and which ids it may hold
 * (`_turning_seen.h`), `Ledger.add_event` (`_turning_logging.h`), and many lines at a time (`_turning_streaming.h`).
 * They work on the engine's own objects; whatever is unusual is left to Python, before anything was changed.
 */

#include "_turning_answering.h"
#include "_turning_given.h"
#include "_turning_keeping.h"
#include "_turning_logging.h"
#include "_turning_meeting.h"
#include "_turning_seen.h"
#include "_turning_steps.h"

/* --- a turn ----------------------------------------------------------------------------------------------------- */

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

#define EACH(E) \
    E(waiting) E(people.about_others) E(people.telling) E(people.no_target) E(people.no_labels) E(judgings) E(reached) \
    E(ledger) E(counts) E(usual) E(read) E(believe) E(types) E(prepare) E(match) E(nothing) E(listening) E(before) E(decision) \
    E(entry) E(rulebook) E(module)

static int turning_traverse(Turning *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
#define E(slot) Py_VISIT(self->slot);
    EACH(E)
#undef E
    return 0;
}

static int turning_clear(Turning *self)
{
#define E(slot) Py_CLEAR(self->slot);
    EACH(E)
#undef E
    return 0;
}

static void turning_dealloc(Turning *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    turning_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

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

/* `incoming.own`: a copy of a host's event; NULL without an error where that is left to Python. */
static PyObject *own(const State *state, PyObject *given)
{
    PyObject *sender = READ(state, Event, member, given), *digest = READ(state, Event, digest, given);
    if (!is_text(digest))
        return NULL;
    if (sender != Py_None) {
        if (Py_TYPE(sender) != state->Member)
            return NULL;
        PyObject *labels = READ(state, Member, labels, sender), *points = READ(state, Member, points, sender);
        int64_t balance;
        if (!PyDict_CheckExact(labels) || PyDict_GET_SIZE(labels) || !whole(points, &balance) || balance)
            return NULL;
    }
    PyObject *mine = PyObject_CallMethodNoArgs(given, state->word___copy__);
    if (mine == NULL || Py_TYPE(mine) != state->Event)
        return mine;
    put_slot(&SLOT(state, Event, subject, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, subject_message, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, subject_group, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, aimed, mine), Py_NewRef(Py_None));
    return mine;
}

/* The digest of an event of our own: a new reference, NULL without an error where that is left to Python. One that was
   not read from the wire must be believed first. */
static PyObject *digest_of_own(const Turning *self, PyObject *event)
{
    PyObject *digest = READ(self->state, Event, digest, event);
    if (!is_text(digest))
        return NULL;
    if (PyUnicode_GET_LENGTH(digest))
        return Py_NewRef(digest);
    PyObject *asked[] = {NULL, event, self->types};
    PyObject *said = PyObject_Vectorcall(self->believe, asked + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (said == NULL)
        return NULL;
    Py_DECREF(said);
    PyObject *made = NULL;
    return digest_of_event(self->state, event, &made) == FINE ? made : NULL;
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

/* The event of a dictionary. What is none says so only where it is read by all the rules. */
static PyObject *read_body(const Turning *self, PyObject *given)
{
    PyObject *event = PyObject_CallOneArg(self->usual, given);
    if (event != Py_None)
        return event;
    Py_DECREF(event);
    PyObject *asked[] = {NULL, given, self->types};
    return PyObject_Vectorcall(self->read, asked + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

static PyObject *turning_take(Turning *self, PyObject *const *args, Py_ssize_t count)
{
    const State *state = self->state;
    if (count < 2 || count > 3 || self->waiting == NULL) {
        PyErr_SetString(PyExc_TypeError, "take takes an event, whether it is one of a stream, and perhaps its digest");
        return NULL;
    }
    if (count == 3) {
        PyObject *decision = Py_TYPE(args[0]) == state->Event ? taken(self, args[0], args[2], args[1] == Py_True) : NULL;
        return decision == NULL && !PyErr_Occurred() ? Py_NewRef(Py_None) : decision;
    }
    Py_ssize_t waiting = PyObject_Size(self->waiting);
    if (waiting)
        return waiting < 0 ? NULL : Py_NewRef(Py_None);
    PyObject *event, *given = args[0];
    int is_read = PyDict_CheckExact(given);
    if (is_read) {
        event = read_body(self, given);
    } else {
        event = Py_TYPE(given) == state->Event ? own(state, given) : NULL;
    }
    if (event == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    PyObject *decision = NULL, *digest = NULL;
    if (Py_TYPE(event) == state->Event)
        digest = is_read ? Py_NewRef(READ(state, Event, digest, event)) : digest_of_own(self, event);
    if (digest != NULL)
        decision = taken(self, event, digest, args[1] == Py_True);
    Py_XDECREF(digest);
    if (decision == NULL && !PyErr_Occurred())
        decision = Py_NewRef(is_read ? event : Py_None);
    Py_DECREF(event);
    return decision;
}

#include "_turning_streaming.h"

static PyMethodDef turning_methods[] = {
    {"take", (PyCFunction)(void (*)(void))turning_take, METH_FASTCALL,
     PyDoc_STR("The decision of an event, logged; where it is left to Python, None, or the event if it was read.")},
    {"lines", (PyCFunction)turning_lines, METH_VARARGS, PyDoc_STR("Judge the events of lines of a stream.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot turning_slots[] = {
    {Py_tp_traverse, turning_traverse},
    {Py_tp_clear, turning_clear},
    {Py_tp_dealloc, turning_dealloc},
    {Py_tp_methods, turning_methods},
    {0, NULL},
};

static PyType_Spec turning_spec = {
    .name = "communityrules.kernel._turning.Turning",
    .basicsize = sizeof(Turning),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = turning_slots,
};

/* `turning(...)`: see `_turning.pyi`. */
static PyObject *make_turning(PyObject *module, PyObject *args, PyObject *named)
{
    static char *names[] = {"judgings", "reached", "ledger", "counts", "waiting", "usual", "read", "believe", "types", "prepare", "match", "nothing", "listening", "before",
                            "about_others", "telling", "remembers", "no_target", "no_labels", "most", "decision", "entry", "rulebook", NULL};
    State *state = PyModule_GetState(module);
    Turning given = {.state = state};
    if (!PyArg_ParseTupleAndKeywords(args, named, "$O!O!OOOOOOOOOOOOOOpOOnOOO", names, &PyDict_Type, &given.judgings, &PyDict_Type,
                                     &given.reached, &given.ledger, &given.counts, &given.waiting,
                                     &given.usual, &given.read, &given.believe, &given.types, &given.prepare, &given.match,
                                     &given.nothing, &given.listening, &given.before, &given.people.about_others,
                                     &given.people.telling, &given.people.remembers, &given.people.no_target,
                                     &given.people.no_labels, &given.people.most,
                                     &given.decision, &given.entry, &given.rulebook))
        return NULL;
    if (!IS(state, Ledger, given.ledger) || !IS(state, Counts, given.counts) || !PyAnySet_Check(given.listening)
        || !PyAnySet_Check(given.before) || !PyAnySet_Check(given.people.about_others)
        || !PyAnySet_Check(given.people.telling)) {
        PyErr_SetString(PyExc_TypeError, "a ledger, counts and sets of event types are wanted, of classes that are known");
        return NULL;
    }
    Turning *self = (Turning *)state->Turning->tp_alloc(state->Turning, 0);
    if (self == NULL)
        return NULL;
    given.module = module;
    self->state = state;
    self->people.remembers = given.people.remembers;
    self->people.most = given.people.most;
#define E(slot) self->slot = Py_NewRef(given.slot);
    EACH(E)
#undef E
    return (PyObject *)self;
}

/* --- the module ------------------------------------------------------------------------------------------------- */

/* `know(Event=Event, ...)`: the classes of the engine. */
static PyObject *know(PyObject *module, PyObject *args, PyObject *named)
{
    State *state = PyModule_GetState(module);
    if (PyTuple_GET_SIZE(args) || named == NULL) {
        PyErr_SetString(PyExc_TypeError, "classes are given by name");
        return NULL;
    }
    State known = *state;
    PyObject *class;
#define C(name) \
    class = PyDict_GetItemString(named, #name); \
    if (class != NULL && PyType_Check(class)) \
        known.name = (PyTypeObject *)class;
    CLASSES(C)
#undef C
    /* `named` is ours alone, and holds them. */
#define S(class, slot) \
    if (known.class != NULL && (known.class##_##slot = offset_of(known.class, #slot)) < 0) \
        return NULL;
    SLOTS(S)
#undef S
    /* What is at hand was found by the classes that are known. */
#define C(name) \
    if (state->name != NULL && state->name != known.name) { \
        PyErr_SetString(PyExc_TypeError, "another " #name " is known already"); \
        return NULL; \
    }
    CLASSES(C)
#undef C
    if (known.History != NULL && (state->Instants == NULL || !PyType_IsSubtype(known.History, state->Instants))) {
        PyErr_SetString(PyExc_TypeError, "a history is to hold its instants here");
        return NULL;
    }
#define C(name) \
    if (state->name == NULL) \
        state->name = (PyTypeObject *)Py_XNewRef(known.name);
    CLASSES(C)
#undef C
#define S(class, slot) state->class##_##slot = known.class##_##slot;
    SLOTS(S)
#undef S
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"know", (PyCFunction)(void (*)(void))know, METH_VARARGS | METH_KEYWORDS, PyDoc_STR("Take note of the engine's classes.")},
    {"quick", make_quick, METH_O, PyDoc_STR("A class of the engine with its hottest methods in C.")},
    {"body_digest", body_digest, METH_O, PyDoc_STR("The digest of a host's event; None where Python is to write it.")},
    {"changes", tell_changes, METH_VARARGS, PyDoc_STR("Add what a store has not been told of a count.")},
    {"mark", mark_ids, METH_VARARGS, PyDoc_STR("Note ids in a part of what a log may hold.")},
    {"let_go", let_go_older, METH_O, PyDoc_STR("Have a store hear that the older cells of a count are empty.")},
    {"fed", make_fed, METH_VARARGS, PyDoc_STR("What feeds counts whose keys are plain; None where Python is to.")},
    {"turning", (PyCFunction)(void (*)(void))make_turning, METH_VARARGS | METH_KEYWORDS,
     PyDoc_STR("How an engine takes ordinary events.")},
    {NULL, NULL, 0, NULL},
};

static int module_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
#define W(word) \
    if ((state->word_##word = PyUnicode_InternFromString(#word)) == NULL) \
        return -1;
    WORDS(W)
#undef W
    if ((state->late_only = PyTuple_Pack(1, state->word_late)) == NULL
        || (state->Cells = (PyTypeObject *)PyType_FromModuleAndSpec(module, &cells_spec, NULL)) == NULL
        || (state->Notes = (PyTypeObject *)PyType_FromModuleAndSpec(module, &notes_spec, NULL)) == NULL
        || PyModule_AddType(module, state->Cells) || PyModule_AddType(module, state->Notes)
        || (state->Instants = (PyTypeObject *)PyType_FromModuleAndSpec(module, &instants_spec, NULL)) == NULL
        || (state->Fed = (PyTypeObject *)PyType_FromModuleAndSpec(module, &fed_spec, NULL)) == NULL
        || (state->Turning = (PyTypeObject *)PyType_FromModuleAndSpec(module, &turning_spec, NULL)) == NULL)
        return -1;
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
#define C(name) Py_VISIT(state->name);
    CLASSES(C)
#undef C
    Py_VISIT(state->Cells);
    Py_VISIT(state->Fed);
    Py_VISIT(state->Instants);
    Py_VISIT(state->Notes);
    Py_VISIT(state->Turning);
#define T(twin) Py_VISIT(state->twin_##twin);
    TWINS(T)
#undef T
    return 0;
}

static int module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
#define C(name) Py_CLEAR(state->name);
    CLASSES(C)
#undef C
    Py_CLEAR(state->Cells);
    Py_CLEAR(state->Fed);
    Py_CLEAR(state->Instants);
    Py_CLEAR(state->Notes);
    Py_CLEAR(state->Turning);
#define T(twin) Py_CLEAR(state->twin_##twin);
    TWINS(T)
#undef T
    return 0;
}

static void module_free(void *module)
{
    State *state = PyModule_GetState(module);
    module_clear(module);
    /* Texts are in no cycle, and wanted as long as anything of the module is called. */
#define W(word) Py_CLEAR(state->word_##word);
    WORDS(W)
#undef W
    Py_CLEAR(state->late_only);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._turning",
    .m_doc = PyDoc_STR("The engine's way of an ordinary event."),
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__turning(void) { return PyModuleDef_Init(&definition); }
