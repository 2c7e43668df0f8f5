/* The people of an event: the twin of `Consequences.prepare` and `members.meet` for events like nearly every one. */

#ifndef COMMUNITYRULES_TURNING_MEETING_H
#define COMMUNITYRULES_TURNING_MEETING_H

#include "_turning_counting.h"

/* What the rulebook in use makes of events. */
typedef struct {
    /* Event types whose subject is not who sent them. */
    PyObject *about_others;
    /* Event types that say more of their sender than stands in `member`. */
    PyObject *telling;
    /* Whether who wrote which message must be remembered. */
    int remembers;
    PyObject *no_target;
    /* What nobody has. */
    PyObject *no_labels;
    /* How many members are kept filled in at most. */
    Py_ssize_t most;
} People;

/* Whether one is equal to the other, as `==` says. -1 with an error. */
static int same(PyObject *one, PyObject *other)
{
    /* What is no number, and what a host makes, need not be equal to itself. */
    if (one == other
        && (one == Py_None || PyUnicode_CheckExact(one) || PyLong_CheckExact(one) || PyTuple_CheckExact(one) || PyDict_CheckExact(one)))
        return 1;
    PyObject *equal = PyObject_RichCompare(one, other, Py_EQ);
    int found = equal == NULL ? -1 : PyObject_IsTrue(equal);
    Py_XDECREF(equal);
    return found;
}

/* Whether an event says of its sender what was said of them last. -1 with an error. */
static int says_the_same(const State *state, PyObject *sender, PyObject *said)
{
    if (READ(state, Member, roles_said, sender) != READ(state, Member, roles_said, said))
        return 0;
    const Py_ssize_t slots[] = {state->Member_fields, state->Member_roles, state->Member_joined, state->Member_name};
    for (size_t one = 0; one < sizeof slots / sizeof *slots; one++) {
        PyObject *left = Py_NewRef(filled(*(PyObject **)((char *)sender + slots[one])));
        PyObject *right = Py_NewRef(filled(*(PyObject **)((char *)said + slots[one])));
        int equal = same(left, right);
        Py_DECREF(left);
        Py_DECREF(right);
        if (equal <= 0)
            return equal;
    }
    return 1;
}

/* A cell of a table that is at hand, a new reference, or NULL. */
static PyObject *cell_of(PyObject *cells, PyObject *table, PyObject *key)
{
    PyObject *rows = look_in(cells, table);
    PyObject *found = rows == NULL || !PyDict_CheckExact(rows) ? NULL : PyDict_GetItemWithError(rows, key);
    Py_XINCREF(found);
    Py_XDECREF(rows);
    return found;
}

/* Whether a value stands for itself in a cell. */
static int is_plain(PyObject *value)
{
    return is_text(value) || PyLong_CheckExact(value) || PyBool_Check(value) || value == Py_None;
}

static int are_plain(PyObject *fields)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(fields, &at, &key, &value))
        if (!is_plain(value))
            return 0;
    return 1;
}

/* Whether a plain value is the one that is known under a name, to *equal; LEFT where none is. The caller holds all. */
static int compare_field(PyObject *known, PyObject *name, PyObject *value, int *equal)
{
    PyObject *before = PyDict_GetItemWithError(known, name);
    if (before == NULL || !is_plain(before))
        return PyErr_Occurred() ? FAILED : LEFT;
    /* Nothing runs where both are plain. */
    *equal = PyObject_RichCompareBool(before, value, Py_EQ);
    return *equal < 0 ? FAILED : DONE;
}

/* Whether the plain values that are said are those that are known under the same names, to *equal. LEFT where the names
 * are others, or values are not plain. The caller holds both.
 */
static int compare_fields(PyObject *known, PyObject *said, int *equal)
{
    PyObject *name, *value, *known_name, *before;
    Py_ssize_t at = 0, known_at = 0;
    *equal = 1;
    if (PyDict_GET_SIZE(known) != PyDict_GET_SIZE(said))
        return LEFT;
    while (PyDict_Next(said, &at, &name, &value)) {
        if (!is_text(name) || !is_plain(value))
            return LEFT;
        /* Nearly always they stand in the same order. */
        int same = -1, done = DONE;
        if (PyDict_Next(known, &known_at, &known_name, &before) && known_name == name && is_plain(before))
            same = PyObject_RichCompareBool(before, value, Py_EQ);
        else {
            /* Names that are no texts may have Python run when one is looked for among them. */
            Py_INCREF(name);
            Py_INCREF(value);
            done = compare_field(known, name, value, &same);
            Py_DECREF(name);
            Py_DECREF(value);
        }
        if (done != DONE || same < 0)
            return done == LEFT ? LEFT : FAILED;
        *equal = *equal && same;
    }
    return DONE;
}

/* Whether a cell may be added to a table here: where all are at hand, and no list of them is kept in order. */
static int may_add(const State *state, PyObject *work, PyObject *cells, PyObject *table, PyObject *key)
{
    PyObject *rows = look_in(cells, table);
    int at_hand = rows != NULL && PyDict_CheckExact(rows);
    Py_XDECREF(rows);
    PyObject *lists = READ(state, WorkingSet, _lists, work);
    if (!at_hand || READ(state, WorkingSet, _store, work) != Py_None || !PyDict_CheckExact(lists)
        || PyUnicode_FindChar(key, '\t', 0, PyUnicode_GET_LENGTH(key), 1) != -1)
        return PyErr_Occurred() ? FAILED : LEFT;
    PyObject *listed = look_in(lists, table);
    if (listed == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    int may = PyDict_CheckExact(listed) && PyDict_GET_SIZE(listed) == 0 ? DONE : LEFT;
    Py_DECREF(listed);
    return may;
}

/* Notes what there was of a cell of a table, and puts it. */
static int put_row(PyObject *undo, PyObject *rows, PyObject *table, PyObject *key, PyObject *value)
{
    PyObject *before = PyDict_GetItemWithError(rows, key);
    if (before == NULL && PyErr_Occurred())
        return FAILED;
    /* Making the note may have the collector run, and what there was be let go of. */
    Py_XINCREF(before);
    PyObject *noted = PyTuple_Pack(3, table, key, filled(before));
    Py_XDECREF(before);
    if (noted == NULL)
        return FAILED;
    int failed = PyList_Append(undo, noted) || PyDict_SetItem(rows, key, value);
    Py_DECREF(noted);
    return failed ? FAILED : DONE;
}

/* `WorkingSet.put` where there is a cell already, or one may be added. The caller holds the key and the value. */
static int put_cell(const State *state, PyObject *work, PyObject *table, PyObject *key, PyObject *value)
{
    PyObject *cells = HELD(state, WorkingSet, _cells, work), *undo = HELD(state, WorkingSet, _undo, work);
    PyObject *rows = PyDict_Check(cells) && PyList_CheckExact(undo) ? PyDict_GetItemWithError(cells, table) : NULL;
    int done = FAILED;
    if (rows != NULL && PyDict_CheckExact(rows)) {
        Py_INCREF(rows);
        done = put_row(undo, rows, table, key, value);
        Py_DECREF(rows);
    } else if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_RuntimeError, "cells of a community were moved while one was put");
    }
    Py_DECREF(cells);
    Py_DECREF(undo);
    if (done == DONE && READ(state, WorkingSet, _changed_cells, work) != Py_None) {
        PyObject *both = PyTuple_Pack(2, table, key);
        done = both == NULL || put_in(READ(state, WorkingSet, _changed_cells, work), both, Py_None) ? FAILED : DONE;
        Py_XDECREF(both);
    }
    return done;
}

/* Counts up what tells that something is known of one more member, or of a member something else. */
static int stir(const State *state, PyObject *work, int one_more)
{
    int64_t stirred, known = 0;
    PyObject *many = READ(state, WorkingSet, known, work);
    if (!whole(SLOT(state, WorkingSet, stirred, work), &stirred) || (many != Py_None && !whole(many, &known)))
        return LEFT;
    if (one_more && many != Py_None && put_whole(&SLOT(state, WorkingSet, known, work), known + 1))
        return FAILED;
    return put_whole(&SLOT(state, WorkingSet, stirred, work), stirred + 1) ? FAILED : DONE;
}

/* Puts the cell of somebody of whom only fields were ever said. The caller holds all. */
static int put_fields(const State *state, PyObject *work, PyObject *name, PyObject *said, PyObject *time, int is_new)
{
    PyObject *fresh = PyDict_New(), *fields = PyDict_Copy(said);
    int done = FAILED;
    if (fresh != NULL && fields != NULL && !PyDict_SetItem(fresh, state->word_fields, fields)
        && !PyDict_SetItem(fresh, state->word_heard, time)) {
        /* Plain values alone are in no cycle: there is nothing for the collector to look through, once for each member. */
        if (!PyObject_GC_IsTracked(fields))
            PyObject_GC_UnTrack(fresh);
        done = stir(state, work, is_new);
        if (done == DONE)
            done = put_cell(state, work, state->word_member, name, fresh);
    }
    Py_XDECREF(fresh);
    Py_XDECREF(fields);
    return done;
}

/* `members._meet_fields` of somebody of whom these very fields have been said before, with other values perhaps. The
 * caller holds all.
 */
static int meet_fields(const State *state, PyObject *work, PyObject *name, PyObject *said, PyObject *cell, PyObject *time)
{
    int64_t heard, now;
    if (!PyDict_CheckExact(cell) || PyDict_GET_SIZE(cell) != 2 || !PyDict_CheckExact(said))
        return LEFT;
    PyObject *known = look_in(cell, state->word_fields), *when = known == NULL ? NULL : look_in(cell, state->word_heard);
    int equal = 1, done = PyErr_Occurred() ? FAILED : LEFT;
    if (when != NULL && PyDict_CheckExact(known) && whole(when, &heard) && whole(time, &now) && heard <= now)
        done = compare_fields(known, said, &equal);
    Py_XDECREF(known);
    Py_XDECREF(when);
    return done != DONE || equal ? done : put_fields(state, work, name, said, time, 0);
}

/* A sender, whom the caller holds, of whom all is said again, as `members._filled` makes one of whom nothing is known. */
static PyObject *alike(const State *state, PyObject *sender, PyObject *labels)
{
    PyObject *zero = PyLong_FromLong(0), *fields = PyDict_New(), *made = NULL;
    if (zero != NULL && fields != NULL) {
        PyObject *said[] = {
            NULL, HELD(state, Member, id, sender), HELD(state, Member, roles, sender), Py_None, Py_None, fields, labels,
            zero, Py_False,
        };
        made = PyObject_Vectorcall((PyObject *)state->Member, said + 1, 8 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
        Py_DECREF(said[1]);
        Py_DECREF(said[2]);
    }
    Py_XDECREF(zero);
    Py_XDECREF(fields);
    return made;
}

/* `members.meet` of a newcomer of whom nothing is said. */
static int meet_silent(const State *state, const People *people, PyObject *work, PyObject *event, PyObject *sender, PyObject *name)
{
    PyObject *known = HELD(state, WorkingSet, people, work);
    PyObject *cell = PyDict_New(), *said = alike(state, sender, people->no_labels);
    PyObject *known_as = alike(state, sender, people->no_labels), *noted = NULL;
    int done = FAILED;
    if (cell != NULL && said != NULL && known_as != NULL && (noted = PyTuple_Pack(3, cell, said, known_as)) != NULL)
        done = stir(state, work, 1);
    if (done == DONE)
        done = put_cell(state, work, state->word_member, name, cell);
    if (done == DONE) {
        put_slot(&SLOT(state, Event, member, event), Py_NewRef(known_as));
        if (PyDict_CheckExact(known) && PyDict_GET_SIZE(known) >= people->most)
            PyDict_Clear(known);
        if (PyDict_SetItem(known, name, noted))
            done = FAILED;
    }
    Py_DECREF(known);
    Py_XDECREF(cell);
    Py_XDECREF(said);
    Py_XDECREF(known_as);
    Py_XDECREF(noted);
    return done;
}

/* Whether the type of an event is among some. -1 with an error. */
static int is_among(const State *state, PyObject *types, PyObject *event)
{
    PyObject *type = HELD(state, Event, type, event);
    int found = PySet_Contains(types, type);
    Py_DECREF(type);
    return found;
}

/* An event's sender, whose name it is: held, as their slots may be filled otherwise meanwhile. */
typedef struct {
    PyObject *member, *name;
} Sender;

/* `members.meet` of somebody never seen of whom nothing is said, or fields alone. */
static int meet_newcomer(
    const State *state, const People *people, PyObject *work, PyObject *event, PyObject *cells, const Sender *from)
{
    PyObject *sender = from->member, *name = from->name;
    int done = may_add(state, work, cells, state->word_member, name);
    if (done != DONE)
        return done;
    PyObject *fields = READ(state, Member, fields, sender), *roles = READ(state, Member, roles, sender);
    if (!PyTuple_CheckExact(roles) || PyTuple_GET_SIZE(roles) || READ(state, Member, roles_said, sender) != Py_False
        || READ(state, Member, joined, sender) != Py_None || READ(state, Member, name, sender) != Py_None
        || !PyDict_CheckExact(fields) || !are_plain(fields))
        return LEFT;
    if (PyDict_GET_SIZE(fields) == 0)
        return meet_silent(state, people, work, event, sender, name);
    PyObject *time = HELD(state, Event, time, event);
    Py_INCREF(fields);
    done = put_fields(state, work, name, fields, time, 1);
    Py_DECREF(fields);
    Py_DECREF(time);
    return done;
}

/* `members.meet` of somebody of whom the very same is said as before; LEFT where it is not. */
static int meet_again(const State *state, PyObject *work, PyObject *event, PyObject *cell, const Sender *from)
{
    PyObject *people = READ(state, WorkingSet, people, work);
    PyObject *before = PyDict_CheckExact(people) ? look_in(people, from->name) : NULL;
    if (before == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    int equal = 0;
    if (PyTuple_CheckExact(before) && PyTuple_GET_SIZE(before) == 3 && PyTuple_GET_ITEM(before, 0) == cell
        && Py_TYPE(PyTuple_GET_ITEM(before, 1)) == state->Member)
        equal = says_the_same(state, from->member, PyTuple_GET_ITEM(before, 1));
    if (equal > 0)
        put_slot(&SLOT(state, Event, member, event), Py_NewRef(PyTuple_GET_ITEM(before, 2)));
    Py_DECREF(before);
    return equal < 0 ? FAILED : equal ? DONE : LEFT;
}

/* `members.meet` of a sender of whom nothing new is said, or fields alone. */
static int meet(const State *state, PyObject *work, PyObject *event, PyObject *cell, const Sender *from)
{
    PyObject *sender = from->member, *roles = NULL;
    int done = meet_again(state, work, event, cell, from);
    if (done != LEFT)
        return done;
    roles = HELD(state, Member, roles, sender);
    int has_roles = PyObject_IsTrue(roles);
    Py_DECREF(roles);
    if (has_roles)
        return has_roles < 0 ? FAILED : LEFT;
    PyObject *fields = READ(state, Member, fields, sender);
    if (!PyDict_CheckExact(fields) || !PyDict_GET_SIZE(fields) || READ(state, Member, roles_said, sender) != Py_False
        || READ(state, Member, joined, sender) != Py_None || READ(state, Member, name, sender) != Py_None)
        return LEFT;
    PyObject *time = HELD(state, Event, time, event);
    Py_INCREF(fields);
    done = meet_fields(state, work, from->name, fields, cell, time);
    Py_DECREF(fields);
    Py_DECREF(time);
    return done;
}

/* `members.meet` of any sender; whether they are silenced goes to *silenced. */
static int meet_sender(
    const State *state, const People *people, PyObject *work, PyObject *event, const Sender *from, int *silenced)
{
    PyObject *cells = HELD(state, WorkingSet, _cells, work);
    PyObject *cell = PyDict_Check(cells) ? cell_of(cells, state->word_member, from->name) : NULL;
    int done = PyErr_Occurred() ? FAILED : LEFT;
    if (done == LEFT) {
        int tells = is_among(state, people->telling, event);
        if (tells)
            done = tells < 0 ? FAILED : LEFT;
        else if (cell == NULL)
            done = PyDict_Check(cells) ? meet_newcomer(state, people, work, event, cells, from) : LEFT;
        else if (PyDict_CheckExact(cell)) {
            *silenced = PyDict_Contains(cell, state->word_silence);
            done = *silenced < 0 ? FAILED : meet(state, work, event, cell, from);
        }
    }
    Py_DECREF(cells);
    Py_XDECREF(cell);
    return done;
}

/* Whether nothing stands in the way of an event's being an ordinary one, as far as its community goes. */
static int is_usual(const State *state, const People *people, PyObject *work, PyObject *event)
{
    PyObject *cells = READ(state, WorkingSet, _cells, work);
    PyObject *known = PyDict_Check(cells) ? cell_of(cells, state->word_community, state->word_self) : NULL;
    if (known == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    int owed = 1;
    if (known == READ(state, WorkingSet, checked, work) && PyDict_CheckExact(known))
        owed = PyDict_Contains(known, state->word_owed);
    Py_DECREF(known);
    if (owed)
        return owed < 0 ? FAILED : LEFT;
    int about = is_among(state, people->about_others, event);
    return about < 0 ? FAILED : about ? LEFT : DONE;
}

/* `Consequences.prepare` of an event that the caller holds: LEFT before anything was changed. Whether it is an ordinary
 * event goes to *ordinary.
 */
static int prepare(const State *state, const People *people, PyObject *work, PyObject *event, int *ordinary)
{
    PyObject *described = READ(state, Event, described, event);
    if (people->remembers || SLOT(state, Event, target, event) != people->no_target || !PyTuple_CheckExact(described)
        || PyTuple_GET_SIZE(described))
        return LEFT;
    int done = is_usual(state, people, work, event), silenced = 0;
    if (done != DONE)
        return done;
    PyObject *sender = READ(state, Event, member, event);
    if (sender != Py_None) {
        if (Py_TYPE(sender) != state->Member || !is_text(READ(state, Member, id, sender)))
            return LEFT;
        Sender from = {Py_NewRef(sender), HELD(state, Member, id, sender)};
        done = meet_sender(state, people, work, event, &from, &silenced);
        Py_DECREF(from.member);
        Py_DECREF(from.name);
        if (done != DONE)
            return done;
    }
    *ordinary = !silenced;
    put_slot(&SLOT(state, Event, subject, event), Py_NewRef(READ(state, Event, member, event)));
    put_slot(&SLOT(state, Event, subject_message, event), Py_NewRef(READ(state, Event, message, event)));
    return DONE;
}

#endif
