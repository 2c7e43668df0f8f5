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

/* A cell of a table that is at hand, borrowed, or NULL. */
static PyObject *cell_of(PyObject *cells, PyObject *table, PyObject *key)
{
    PyObject *found = PyDict_GetItemWithError(cells, table);
    return found == NULL || !PyDict_CheckExact(found) ? NULL : PyDict_GetItemWithError(found, key);
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

/* Whether the plain values that are said are those that are known under the same names, to *equal. LEFT where the names
 * are others, or values are not plain.
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
        if (!PyDict_Next(known, &known_at, &known_name, &before) || known_name != name)
            before = PyDict_GetItemWithError(known, name);
        if (before == NULL || !is_plain(before))
            return PyErr_Occurred() ? FAILED : LEFT;
        if (*equal && (*equal = PyObject_RichCompareBool(before, value, Py_EQ)) < 0)
            return FAILED;
    }
    return DONE;
}

/* Whether a cell may be added to a table here: where all are at hand, and no list of them is kept in order. */
static int may_add(const State *state, PyObject *work, PyObject *cells, PyObject *table, PyObject *key)
{
    PyObject *lists = READ(state, WorkingSet, _lists, work), *rows = PyDict_GetItemWithError(cells, table);
    if (READ(state, WorkingSet, _store, work) != Py_None || rows == NULL || !PyDict_CheckExact(rows)
        || !PyDict_CheckExact(lists) || PyUnicode_FindChar(key, '\t', 0, PyUnicode_GET_LENGTH(key), 1) != -1)
        return PyErr_Occurred() ? FAILED : LEFT;
    PyObject *listed = PyDict_GetItemWithError(lists, table);
    if (listed == NULL)
        return PyErr_Occurred() ? FAILED : LEFT;
    return PyDict_CheckExact(listed) && PyDict_GET_SIZE(listed) == 0 ? DONE : LEFT;
}

/* `WorkingSet.put` where there is a cell already, or one may be added. */
static int put_cell(const State *state, PyObject *work, PyObject *table, PyObject *key, PyObject *value)
{
    PyObject *cells = SLOT(state, WorkingSet, _cells, work), *undo = SLOT(state, WorkingSet, _undo, work);
    PyObject *changed = READ(state, WorkingSet, _changed_cells, work);
    PyObject *rows = PyDict_GetItemWithError(cells, table);
    PyObject *before = rows == NULL ? NULL : PyDict_GetItemWithError(rows, key);
    if (rows == NULL || PyErr_Occurred())
        return FAILED;
    PyObject *noted = PyTuple_Pack(3, table, key, filled(before));
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

/* Puts the cell of somebody of whom only fields were ever said. */
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

/* `members._meet_fields` of somebody of whom these very fields have been said before, with other values perhaps. */
static int meet_fields(const State *state, PyObject *work, PyObject *name, PyObject *said, PyObject *cell, PyObject *time)
{
    int64_t heard, now;
    if (!PyDict_CheckExact(cell) || PyDict_GET_SIZE(cell) != 2 || !PyDict_CheckExact(said))
        return LEFT;
    PyObject *known = PyDict_GetItemWithError(cell, state->word_fields);
    PyObject *when = known == NULL ? NULL : PyDict_GetItemWithError(cell, state->word_heard);
    if (when == NULL || !PyDict_CheckExact(known))
        return PyErr_Occurred() ? FAILED : LEFT;
    if (!whole(when, &heard) || !whole(time, &now) || heard > now)
        return LEFT;
    int equal, done = compare_fields(known, said, &equal);
    return done != DONE || equal ? done : put_fields(state, work, name, said, time, 0);
}

/* A member of whom all is said again, as `members._filled` makes one of whom nothing is known. */
static PyObject *alike(const State *state, PyObject *sender, PyObject *labels)
{
    PyObject *zero = PyLong_FromLong(0), *fields = PyDict_New(), *made = NULL;
    if (zero != NULL && fields != NULL) {
        PyObject *said[] = {
            NULL, SLOT(state, Member, id, sender), READ(state, Member, roles, sender), Py_None, Py_None, fields, labels,
            zero, Py_False,
        };
        made = PyObject_Vectorcall((PyObject *)state->Member, said + 1, 8 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    }
    Py_XDECREF(zero);
    Py_XDECREF(fields);
    return made;
}

/* `members.meet` of a newcomer of whom nothing is said. */
static int meet_silent(const State *state, const People *people, PyObject *work, PyObject *event, PyObject *sender, PyObject *name)
{
    PyObject *known = SLOT(state, WorkingSet, people, work);
    PyObject *cell = PyDict_New(), *said = alike(state, sender, people->no_labels);
    PyObject *known_as = alike(state, sender, people->no_labels), *noted = NULL;
    int done = FAILED;
    if (cell != NULL && said != NULL && known_as != NULL && (noted = PyTuple_Pack(3, cell, said, known_as)) != NULL)
        done = stir(state, work, 1);
    if (done == DONE)
        done = put_cell(state, work, state->word_member, name, cell);
    if (done == DONE) {
        put_slot(&SLOT(state, Event, member, event), Py_NewRef(known_as));
        if (PyDict_GET_SIZE(known) >= people->most)
            PyDict_Clear(known);
        if (PyDict_SetItem(known, name, noted))
            done = FAILED;
    }
    Py_XDECREF(cell);
    Py_XDECREF(said);
    Py_XDECREF(known_as);
    Py_XDECREF(noted);
    return done;
}

/* `members.meet` of somebody never seen of whom nothing is said, or fields alone. */
static int meet_newcomer(const State *state, const People *people, PyObject *work, PyObject *event, PyObject *cells)
{
    PyObject *sender = SLOT(state, Event, member, event), *name = SLOT(state, Member, id, sender);
    PyObject *fields = READ(state, Member, fields, sender), *roles = READ(state, Member, roles, sender);
    int tells = PySet_Contains(people->telling, SLOT(state, Event, type, event));
    if (tells)
        return tells < 0 ? FAILED : LEFT;
    if (!PyTuple_CheckExact(roles) || PyTuple_GET_SIZE(roles) || READ(state, Member, roles_said, sender) != Py_False
        || READ(state, Member, joined, sender) != Py_None || READ(state, Member, name, sender) != Py_None
        || !PyDict_CheckExact(fields) || !are_plain(fields))
        return LEFT;
    int done = may_add(state, work, cells, state->word_member, name);
    if (done != DONE)
        return done;
    if (PyDict_GET_SIZE(fields))
        return put_fields(state, work, name, fields, SLOT(state, Event, time, event), 1);
    return meet_silent(state, people, work, event, sender, name);
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
        PyObject *cell = Py_XNewRef(cell_of(cells, state->word_member, SLOT(state, Member, id, sender)));
        if (cell == NULL && PyErr_Occurred())
            return FAILED;
        Py_INCREF(sender);
        int silenced = 0, done = LEFT;
        if (cell == NULL)
            done = meet_newcomer(state, people, work, event, cells);
        else if (PyDict_CheckExact(cell)) {
            silenced = PyDict_Contains(cell, state->word_silence);
            done = silenced < 0 ? FAILED : meet(state, people, work, event, cell);
        }
        Py_XDECREF(cell);
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
