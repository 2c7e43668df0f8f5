/* Where the slots of the engine's classes are, so that C reads and writes them as Python's own descriptors do.
 *
 * Each class is made known once, when the engine is imported: `know(Event=Event, ...)`. The offsets are taken from the
 * descriptors of its slots; a class without one of them is refused.
 */

#ifndef COMMUNITYRULES_TURNING_LAYOUT_H
#define COMMUNITYRULES_TURNING_LAYOUT_H

#include "slots.h"
#include <stdint.h>

#define CLASSES(C) \
    C(Event) C(Member) C(Message) C(Target) C(Home) C(Count) C(History) C(Span) C(Calendar) C(Standing) C(WorkingSet) C(Windows) C(Judging) \
    C(StoredFacts) C(Timers) C(Log) C(Rulebooks) C(Ledger) C(Counts) C(Seen)

#define SLOTS(S) \
    S(Event, id) S(Event, time) S(Event, type) S(Event, community) S(Event, member) S(Event, message) \
    S(Event, target) S(Event, channel) S(Event, place) S(Event, subject) S(Event, subject_message) \
    S(Event, fields) S(Event, described) S(Event, subject_group) S(Event, aimed) S(Event, digest) \
    \
    S(Member, id) S(Member, roles) S(Member, joined) S(Member, name) S(Member, fields) S(Member, labels) S(Member, points) \
    S(Member, roles_said) \
    S(Message, id) S(Message, text) S(Message, reply_to) S(Message, topic) \
    S(Message, attachments) S(Message, labels) S(Message, fields) \
    S(Target, message) S(Target, member) S(Target, case) S(Target, rule) \
    S(Home, clock) S(Home, settled) S(Home, done) S(Home, tallied) S(Home, store) \
    S(Count, home) S(Count, cells) S(Count, older) S(Count, turn) S(Count, keep) S(Count, length) S(Count, span) \
    S(Count, _patience) S(Count, dirty) \
    S(Span, first) S(Span, end) S(Span, margin) \
    S(Standing, clock) S(Standing, events) S(Standing, last) \
    S(WorkingSet, community) S(WorkingSet, now) S(WorkingSet, subject) S(WorkingSet, standing) S(WorkingSet, log) \
    S(WorkingSet, timers) S(WorkingSet, windows) S(WorkingSet, _home) S(WorkingSet, _cells) S(WorkingSet, people) \
    S(WorkingSet, checked) S(WorkingSet, stirred) S(WorkingSet, known) S(WorkingSet, _lists) S(WorkingSet, _store) \
    S(WorkingSet, _changed_cells) S(WorkingSet, _undo) \
    S(WorkingSet, _ids) S(WorkingSet, gone) S(WorkingSet, fresh) S(WorkingSet, seen) \
    S(Windows, measures) S(Windows, held) S(Windows, _observing) S(Windows, home) S(Windows, _persistent) \
    S(Judging, work) S(Judging, _event) S(Judging, _facts) S(Judging, _partial) S(Judging, unanswered) \
    S(Judging, plain) S(Judging, caught_up) \
    S(StoredFacts, _measures) S(StoredFacts, time) S(StoredFacts, _closing) S(StoredFacts, unread) \
    S(Timers, soonest) \
    S(Log, events) S(Log, order) S(Log, _shared) \
    S(Rulebooks, last) S(Rulebooks, last_number) S(Rulebooks, seq) \
    S(Ledger, _seq) S(Ledger, waiting) S(Ledger, _touched) S(Ledger, _entries) S(Ledger, _weighty) \
    S(Counts, read) S(Counts, judged) S(Counts, late) \
    S(Seen, _parts)

/* Attributes, keys and words that are looked up by name. */
#define WORDS(W) \
    W(add_event) W(aggregate) W(allow) W(append) W(begin) W(breach) W(cell_changes) W(community) W(emptied) W(fail) W(fields) W(find) W(heard) W(keep) W(late) W(leave) W(let_go) W(load) W(matched) \
    W(member) W(message) W(observe) W(put) W(rest) W(reply) W(sanctioned) W(self) W(settle) W(silence) W(start) W(sweep) W(owed) \
    W(__copy__) W(_note) W(_turn_to)

/* Methods in Python that methods here stand for. */
#define TWINS(T) T(aggregate) T(begin) T(observe) T(settle) T(_turn_to)

typedef struct {
#define C(name) PyTypeObject *name;
    CLASSES(C)
#undef C
#define S(class, slot) Py_ssize_t class##_##slot;
    SLOTS(S)
#undef S
#define W(word) PyObject *word_##word;
    WORDS(W)
#undef W
    PyTypeObject *Cells;
    PyTypeObject *Fed;
    PyTypeObject *Instants;
    PyTypeObject *Notes;
    PyTypeObject *Turning;
#define T(twin) PyObject *twin_##twin;
    TWINS(T)
#undef T
    /* How a decision that came late is made. */
    PyObject *late_only;
} State;

/* The module, which is put together at the end of `_turning.c`. */
static struct PyModuleDef definition;

/* A slot of an object that is known to be of the class, borrowed: see `holding.h` on how long that lasts. It may be NULL:
   a slot that was never set. */
#define SLOT(state, class, slot, object) (*(PyObject **)((char *)(object) + (state)->class##_##slot))
/* The same as something that can be handed on; a slot that was never set is as good as None. */
#define READ(state, class, slot, object) filled(SLOT(state, class, slot, object))
/* The same as a new reference. */
#define HELD(state, class, slot, object) Py_NewRef(READ(state, class, slot, object))
#define IS(state, class, object) ((state)->class != NULL && PyObject_TypeCheck((object), (state)->class))

static inline PyObject *filled(PyObject *found) { return found == NULL ? Py_None : found; }

static inline int is_text(PyObject *one) { return PyUnicode_CheckExact(one); }

/* Puts a value, whose reference it takes, in a slot. What stood there may have Python run when it is let go of. */
static inline void put_slot(PyObject **slot, PyObject *value)
{
    PyObject *before = *slot;
    *slot = value;
    Py_XDECREF(before);
}

/* `whole` of a number whatever it is. */
static int whole_of_any(PyObject *one, int64_t *found)
{
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(one, &overflow);
    if (overflow || value > INT64_C(1) << 62 || value < -(INT64_C(1) << 62))
        return 0;
    *found = value;
    return 1;
}

/* A whole number, so far within 64 bits that spans may be added or taken. False for whatever is none; no error is
 * set. */
static inline int whole(PyObject *one, int64_t *found)
{
    if (one == NULL || !PyLong_CheckExact(one))
        return 0;
#if PY_VERSION_HEX < 0x030c0000 && defined(PyLong_SHIFT) && PyLong_SHIFT == 30
    /* Instants and counts have two digits at most. */
    const digit *digits = ((PyLongObject *)one)->ob_digit;
    switch (Py_SIZE(one)) {
    case 0: *found = 0; return 1;
    case 1: *found = digits[0]; return 1;
    case 2: *found = (int64_t)digits[1] << PyLong_SHIFT | digits[0]; return 1;
    default: break;
    }
#endif
    return whole_of_any(one, found);
}

/* Makes a slot hold a number. 0, or -1 with an error. */
static inline int put_whole(PyObject **slot, int64_t value)
{
    PyObject *made = PyLong_FromLongLong(value);
    if (made == NULL)
        return -1;
    put_slot(slot, made);
    return 0;
}

#endif
