/* Instants in order, as windows keep them: the twin of `engine.history.Instants`.
 *
 * One object is all of a cell: the first few instants stand in it, and what a store has of them.
 */

#ifndef COMMUNITYRULES_TURNING_HISTORIES_H
#define COMMUNITYRULES_TURNING_HISTORIES_H

#include "_turning_layout.h"

/* Instants that stand in the object itself. */
#define OWN 2
/* `engine.history.PIECE`: entries of a history that are written as one piece. */
#define PIECE 512
#define MOST_INSTANTS (UINT32_MAX / 4)

typedef struct {
    PyObject_HEAD
    uint32_t size;
    char stored;
    /* Whether the instants stand elsewhere. */
    char away;
    union {
        int64_t own[OWN];
        struct {
            int64_t *all;
            /* What was let go of in front, and how many there is room for with that. */
            uint32_t first, room;
        } out;
    } in;
    Py_ssize_t base, saved;
    PyObject *gone;
} Instants;

/* Where the instants stand, until something is added or taken away, or Python runs. */
static inline int64_t *stamps_of(Instants *self)
{
    return self->away ? self->in.out.all + self->in.out.first : self->in.own;
}

/* Gives the instants another place of their own, with room for so many. False where there is no memory for it. */
static int move_to(Instants *self, size_t room)
{
    int64_t *all = room > MOST_INSTANTS ? NULL : PyMem_Malloc(room * sizeof(int64_t));
    if (all == NULL)
        return 0;
    memcpy(all, stamps_of(self), self->size * sizeof(int64_t));
    if (self->away)
        PyMem_Free(self->in.out.all);
    self->in.out.all = all;
    self->in.out.first = 0;
    self->in.out.room = (uint32_t)room;
    self->away = 1;
    return 1;
}

/* The same; -1 with an error. */
static int move_out(Instants *self, size_t room)
{
    if (move_to(self, room))
        return 0;
    PyErr_NoMemory();
    return -1;
}

/* Room for one more at the end. */
static inline int room_for_one(Instants *self)
{
    if (!self->away)
        return self->size < OWN ? 0 : move_out(self, 8);
    if (self->in.out.first + self->size < self->in.out.room)
        return 0;
    if (self->in.out.first <= self->in.out.room / 2)
        return move_out(self, (size_t)self->size + self->size / 2 + 8);
    memmove(self->in.out.all, self->in.out.all + self->in.out.first, self->size * sizeof(int64_t));
    self->in.out.first = 0;
    return 0;
}

/* Adds an instant at the end. */
static inline int add_stamp(Instants *self, int64_t time)
{
    if (room_for_one(self))
        return -1;
    stamps_of(self)[self->size++] = time;
    return 0;
}

/* Puts an instant before the one at a place. */
static int insert_stamp(Instants *self, Py_ssize_t place, int64_t time)
{
    if (room_for_one(self))
        return -1;
    int64_t *at = stamps_of(self) + place;
    memmove(at + 1, at, (self->size++ - (size_t)place) * sizeof(int64_t));
    *at = time;
    return 0;
}

/* Takes instants away. Of what there was room for, little is kept when few are left, if there is memory to move them. */
static void cut_stamps(Instants *self, size_t from, size_t to)
{
    int64_t *all = stamps_of(self);
    size_t rest = self->size - to;
    if (from == 0 && self->away)
        self->in.out.first += (uint32_t)to;
    else
        memmove(all + from, all + to, rest * sizeof(int64_t));
    self->size = (uint32_t)(from + rest);
    if (!self->away)
        return;
    if (self->size == 0) {
        PyMem_Free(self->in.out.all);
        self->away = 0;
    } else if (self->in.out.room > 32 && self->size < self->in.out.room / 4) {
        move_to(self, (size_t)self->size + 8);
    }
}

/* How many of the instants, which never fall, are not before the first; from `low` on. */
static Py_ssize_t not_before(const int64_t *stamps, Py_ssize_t low, Py_ssize_t size, int64_t first)
{
    Py_ssize_t high = size;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (stamps[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    return size - low;
}

/* --- for Python ------------------------------------------------------------------------------------------------- */

/* An instant that was handed in. -1 with an error where it is none. */
static int instant_of(PyObject *given, int64_t *time)
{
    long long value = PyLong_AsLongLong(given);
    if (value == -1 && PyErr_Occurred())
        return -1;
    *time = value;
    return 0;
}

static int instants_init(Instants *self, PyObject *args, PyObject *named)
{
    static char *names[] = {"only", "stored", NULL};
    PyObject *only = Py_None;
    int stored = 0;
    int64_t time;
    if (!PyArg_ParseTupleAndKeywords(args, named, "|O$p", names, &only, &stored))
        return -1;
    if (self->size)
        cut_stamps(self, 0, self->size);
    self->base = self->saved = 0;
    self->stored = (char)stored;
    Py_CLEAR(self->gone);
    if (only == Py_None)
        return 0;
    return instant_of(only, &time) || add_stamp(self, time) ? -1 : 0;
}

static void instants_dealloc(Instants *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (self->away)
        PyMem_Free(self->in.out.all);
    Py_CLEAR(self->gone);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *instants_stamps(PyObject *self, void *unused)
{
    (void)unused;
    return Py_NewRef(self);
}

static Py_ssize_t instants_length(Instants *self) { return self->size; }

static PyObject *instants_item(Instants *self, Py_ssize_t place)
{
    if (place < 0 || place >= (Py_ssize_t)self->size) {
        PyErr_SetString(PyExc_IndexError, "no such instant");
        return NULL;
    }
    return PyLong_FromLongLong(stamps_of(self)[place]);
}

static PyObject *instants_append(Instants *self, PyObject *given)
{
    int64_t time;
    if (instant_of(given, &time) || add_stamp(self, time))
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *instants_insert(Instants *self, PyObject *args)
{
    Py_ssize_t place;
    long long time;
    if (!PyArg_ParseTuple(args, "nL", &place, &time))
        return NULL;
    if (place < 0 || place > (Py_ssize_t)self->size) {
        PyErr_SetString(PyExc_IndexError, "no such place");
        return NULL;
    }
    if (insert_stamp(self, place, time))
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *instants_extend(Instants *self, PyObject *given)
{
    PyObject *each = PyObject_GetIter(given), *one;
    if (each == NULL)
        return NULL;
    while ((one = PyIter_Next(each)) != NULL) {
        int64_t time;
        int failed = instant_of(one, &time) || add_stamp(self, time);
        Py_DECREF(one);
        if (failed)
            break;
    }
    Py_DECREF(each);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* The places that an index or a slice without steps speaks of: from, to. 1 for an index, 0 for a slice, -1 with an error. */
static int places_of(const Instants *self, PyObject *given, Py_ssize_t *from, Py_ssize_t *to)
{
    Py_ssize_t step;
    if (!PySlice_Check(given)) {
        *from = PyNumber_AsSsize_t(given, PyExc_IndexError);
        if (*from == -1 && PyErr_Occurred())
            return -1;
        if (*from < 0)
            *from += self->size;
        *to = *from + 1;
        if (*from >= 0 && *from < (Py_ssize_t)self->size)
            return 1;
        PyErr_SetString(PyExc_IndexError, "no such instant");
        return -1;
    }
    if (PySlice_Unpack(given, from, to, &step) < 0)
        return -1;
    PySlice_AdjustIndices(self->size, from, to, step);
    if (*to < *from)
        *to = *from;
    if (step == 1)
        return 0;
    PyErr_SetString(PyExc_ValueError, "instants are taken one after another");
    return -1;
}

static PyObject *instants_subscript(Instants *self, PyObject *given)
{
    Py_ssize_t from, to;
    int found = places_of(self, given, &from, &to);
    if (found)
        return found < 0 ? NULL : instants_item(self, from);
    PyObject *made = PyList_New(to - from);
    if (made != NULL && to > (Py_ssize_t)self->size) {
        PyErr_SetString(PyExc_RuntimeError, "instants changed while they were copied");
        Py_CLEAR(made);
    }
    for (Py_ssize_t one = from; made != NULL && one < to; one++) {
        PyObject *time = PyLong_FromLongLong(stamps_of(self)[one]);
        if (time == NULL)
            Py_CLEAR(made);
        else
            PyList_SET_ITEM(made, one - from, time);
    }
    return made;
}

static int instants_ass_subscript(Instants *self, PyObject *given, PyObject *value)
{
    Py_ssize_t from, to;
    if (value != NULL) {
        PyErr_SetString(PyExc_TypeError, "instants are added and taken away, never changed");
        return -1;
    }
    if (places_of(self, given, &from, &to) < 0)
        return -1;
    if (from != to)
        cut_stamps(self, (size_t)from, (size_t)to);
    return 0;
}

static PyMethodDef instants_methods[] = {
    {"append", (PyCFunction)(void (*)(void))instants_append, METH_O, PyDoc_STR("Add an instant at the end.")},
    {"insert", (PyCFunction)(void (*)(void))instants_insert, METH_VARARGS, PyDoc_STR("Put an instant before a place.")},
    {"extend", (PyCFunction)(void (*)(void))instants_extend, METH_O, PyDoc_STR("Add instants at the end.")},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef instants_members[] = {
    {"_base", T_PYSSIZET, offsetof(Instants, base), 0, NULL},
    {"_saved", T_PYSSIZET, offsetof(Instants, saved), 0, NULL},
    {"_stored", T_BOOL, offsetof(Instants, stored), 0, NULL},
    {"_gone", T_OBJECT, offsetof(Instants, gone), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef instants_getset[] = {
    {"stamps", instants_stamps, NULL, PyDoc_STR("The instants: the object itself."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot instants_slots[] = {
    {Py_tp_init, instants_init},
    {Py_tp_dealloc, instants_dealloc},
    {Py_tp_methods, instants_methods},
    {Py_tp_members, instants_members},
    {Py_tp_getset, instants_getset},
    {Py_sq_length, instants_length},
    {Py_sq_item, instants_item},
    {Py_mp_length, instants_length},
    {Py_mp_subscript, instants_subscript},
    {Py_mp_ass_subscript, instants_ass_subscript},
    {0, NULL},
};

static PyType_Spec instants_spec = {
    .name = "communityrules.kernel._turning.Instants",
    .basicsize = sizeof(Instants),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = instants_slots,
};

#endif
