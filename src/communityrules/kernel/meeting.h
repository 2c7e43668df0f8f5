/* The people of an event: the twin of `Consequences.prepare` and `members.meet` for events like nearly every one. */

#ifndef COMMUNITYRULES_MEETING_H
#define COMMUNITYRULES_MEETING_H

#include "counting.h"

/* What the rulebook in use makes of events. */
typedef struct {
    /* Event types whose subject is not who sent them. */
    PyObject *about_others;
    /* Event types that say more of their sender than stands in `member`. */
    PyObject *telling;
    /* Whether who wrote which message must be remembered. */
    int remembers;
    PyObject *no_target;
} People;

static int same(PyObject *one, PyObject *other)
{
    return one == other ? 1 : PyObject_RichCompareBool(one, other, Py_EQ);
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

/* A cell of a table that is at hand, borrowed, or NULL. */
static PyObject *cell_of(PyObject *cells, PyObject *table, PyObject *key)
{
    PyObject *found = PyDict_GetItemWithError(cells, table);
    return found == NULL || !PyDict_CheckExact(found) ? NULL : PyDict_GetItemWithError(found, key);
}

/* Whether values stand for themselves in a cell. */
static int are_plain(PyObject *fields)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(fields, &at, &key, &value))
        if (!is_text(value) && !PyLong_CheckExact(value) && !PyBool_Check(value) && value != Py_None)
            return 0;
    return 1;
}

/* Whether two dictionaries have the same keys. */
static int same_keys(PyObject *one, PyObject *other)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    if (PyDict_GET_SIZE(one) != PyDict_GET_SIZE(other))
        return 0;
    while (PyDict_Next(one, &at, &key, &value)) {
        if (!is_text(key))
            return 0;
        int there = PyDict_Contains(other, key);
        if (there <= 0)
            return there;
    }
    return 1;
}

/* `WorkingSet.put` where there is a cell already. */
static int put_cell(const State *state, PyObject *work, PyObject *table, PyObject *key, PyObject *value)
{
    PyObject *cells = SLOT(state, WorkingSet, _cells, work), *undo = SLOT(state, WorkingSet, _undo, work);
    PyObject *changed = READ(state, WorkingSet, _changed_cells, work);
    PyObject *rows = PyDict_GetItemWithError(cells, table);
    PyObject *before = rows == NULL ? NULL : PyDict_GetItemWithError(rows, key);
    if (before == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_SystemError, "a cell that was there is gone");
        return FAILED;
    }
    PyObject *noted = PyTuple_Pack(3, table, key, before);
    if (noted == NULL)
        return FAILED;
    int failed = PyList_Append(undo, noted) || PyDict_SetItem(rows, key, value);
    Py_DECREF(noted);
    if (!failed && changed != Py_None) {
        PyObject *both = PyTuple_Pack(2, table, key);
        failed = both == NULL || PyDict_SetItem(changed, both, Py_None);
        Py_XDECREF(both);
    }
    return failed ? FAILED : DONE;
}

/* `members._meet_fields` of somebody of whom these very fields have been said before, with other values perhaps. */
static int meet_fields(const State *state, PyObject *work, PyObject *name, PyObject *said, PyObject *cell, PyObject *time)
{
    int64_t heard, now, stirred;
    if (!PyDict_CheckExact(cell) || PyDict_GET_SIZE(cell) != 2 || !PyDict_CheckExact(said) || !are_plain(said))
        return LEFT;
    PyObject *known = PyDict_GetItemWithError(cell, state->word_fields);
    PyObject *when = known == NULL ? NULL : PyDict_GetItemWithError(cell, state->word_heard);
    if (when == NULL || !PyDict_CheckExact(known))
        return PyErr_Occurred() ? FAILED : LEFT;
    if (!whole(when, &heard) || !whole(time, &now) || heard > now
        || !whole(SLOT(state, WorkingSet, stirred, work), &stirred))
        return LEFT;
    int equal = same_keys(known, said);
    if (equal <= 0)
        return equal < 0 ? FAILED : LEFT;
    equal = same(known, said);
    if (equal)
        return equal < 0 ? FAILED : DONE;
    PyObject *fresh = PyDict_New(), *fields = PyDict_Copy(said);
    int done = FAILED;
    if (fresh != NULL && fields != NULL && !PyDict_SetItem(fresh, state->word_fields, fields)
        && !PyDict_SetItem(fresh, state->word_heard, time)
        && !put_whole(&SLOT(state, WorkingSet, stirred, work), stirred + 1))
        done = put_cell(state, work, state->word_member, name, fresh);
    Py_XDECREF(fresh);
    Py_XDECREF(fields);
    return done;
}

/* `members.meet` of a sender of whom nothing new is said, or fields alone. */
static int meet(const State *state, const People *people, PyObject *work, PyObject *event, PyObject *cell)
{
    PyObject *sender = SLOT(state, Event, member, event), *name = SLOT(state, Member, id, sender);
    int tells = PySet_Contains(people->telling, SLOT(state, Event, type, event));
    if (tells)
        return tells < 0 ? FAILED : LEFT;
    PyObject *before = PyDict_GetItemWithError(SLOT(state, WorkingSet, people, work), name);
    if (before == NULL && PyErr_Occurred())
        return FAILED;
    if (before != NULL && PyTuple_CheckExact(before) && PyTuple_GET_SIZE(before) == 3
        && PyTuple_GET_ITEM(before, 0) == cell && Py_TYPE(PyTuple_GET_ITEM(before, 1)) == state->Member) {
        Py_INCREF(before);
        int equal = says_the_same(state, sender, PyTuple_GET_ITEM(before, 1));
        if (equal > 0)
            put_slot(&SLOT(state, Event, member, event), Py_NewRef(PyTuple_GET_ITEM(before, 2)));
        Py_DECREF(before);
        if (equal)
            return equal < 0 ? FAILED : DONE;
    }
    PyObject *fields = READ(state, Member, fields, sender);
    int roles = PyObject_IsTrue(READ(state, Member, roles, sender));
    if (roles)
        return roles < 0 ? FAILED : LEFT;
    if (!PyDict_CheckExact(fields) || !PyDict_GET_SIZE(fields) || READ(state, Member, roles_said, sender) != Py_False
        || READ(state, Member, joined, sender) != Py_None || READ(state, Member, name, sender) != Py_None)
        return LEFT;
    return meet_fields(state, work, name, fields, cell, SLOT(state, Event, time, event));
}

/* `Consequences.prepare`: LEFT before anything was changed. Whether it is an ordinary event goes to *ordinary. */
static int prepare(const State *state, const People *people, PyObject *work, PyObject *event, int *ordinary)
{
    PyObject *cells = SLOT(state, WorkingSet, _cells, work);
    PyObject *sender = READ(state, Event, member, event), *described = READ(state, Event, described, event);
    if (people->remembers || SLOT(state, Event, target, event) != people->no_target || !PyTuple_CheckExact(described)
        || PyTuple_GET_SIZE(described) || cells == NULL)
        return LEFT;
    PyObject *known = cell_of(cells, state->word_community, state->word_self);
    if (known == NULL || known != READ(state, WorkingSet, checked, work) || !PyDict_CheckExact(known))
        return PyErr_Occurred() ? FAILED : LEFT;
    PyObject *owed = PyDict_GetItemWithError(known, state->word_owed);
    if (owed == NULL && PyErr_Occurred())
        return FAILED;
    int about = PySet_Contains(people->about_others, SLOT(state, Event, type, event));
    if (owed != NULL || about)
        return about < 0 ? FAILED : LEFT;
    *ordinary = 1;
    if (sender != Py_None) {
        if (Py_TYPE(sender) != state->Member || SLOT(state, Member, id, sender) == NULL
            || !is_text(SLOT(state, Member, id, sender)))
            return LEFT;
        PyObject *cell = cell_of(cells, state->word_member, SLOT(state, Member, id, sender));
        if (cell == NULL || !PyDict_CheckExact(cell))
            return PyErr_Occurred() ? FAILED : LEFT;
        Py_INCREF(cell);
        Py_INCREF(sender);
        int silenced = PyDict_Contains(cell, state->word_silence);
        int done = silenced < 0 ? FAILED : meet(state, people, work, event, cell);
        Py_DECREF(cell);
        Py_DECREF(sender);
        if (done != DONE)
            return done;
        *ordinary = !silenced;
    }
    put_slot(&SLOT(state, Event, subject, event), Py_NewRef(READ(state, Event, member, event)));
    put_slot(&SLOT(state, Event, subject_message, event), Py_NewRef(READ(state, Event, message, event)));
    return DONE;
}

#endif
