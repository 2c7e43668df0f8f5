/* What the event at hand did to counts in memory, for taking it back: a list of `(key, cell, count)` for Python, in which
 * the cell is None where it is new. Nothing is made for a note, and the answers about the event at hand look here first.
 */

#ifndef COMMUNITYRULES_TURNING_NOTES_H
#define COMMUNITYRULES_TURNING_NOTES_H

#include "_turning_cells.h"

/* Parts of a key that stand in a note. */
#define MOST_KEYS 4

typedef struct {
    PyObject *count;
    /* NULL where it is new. */
    PyObject *cell;
    /* The key where a tuple was made of it already, otherwise its parts. */
    PyObject *key;
    int width;
    PyObject *parts[MOST_KEYS];
} Note;

typedef struct {
    PyObject_HEAD
    Py_ssize_t size, room;
    Note *all;
    /* The instant of the latest event that was noted here, as it has it and as a number. */
    PyObject *time;
    int64_t now;
} Notes;

/* Notes the instant of the event that the next notes are of. */
static void note_time(Notes *self, PyObject *time, int64_t now)
{
    put_slot(&self->time, Py_NewRef(time));
    self->now = now;
}

/* Room for one more note. 0, or -1 with an error. */
static int room_for_note(Notes *self)
{
    if (self->size < self->room)
        return 0;
    Py_ssize_t room = self->room ? self->room * 2 : 4;
    Note *all = PyMem_Realloc(self->all, (size_t)room * sizeof(Note));
    if (all == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->all = all;
    self->room = room;
    return 0;
}

/* One more note, which is the caller's to fill before Python runs. NULL with an error. */
static Note *next_note(Notes *self) { return room_for_note(self) ? NULL : self->all + self->size++; }

/* Notes that a cell has grown or, where it is NULL, is new. 0, or -1 with an error. */
static int add_note(Notes *self, PyObject *count, const Key *key, PyObject *cell)
{
    Note *note = next_note(self);
    if (note == NULL)
        return -1;
    note->count = Py_NewRef(count);
    note->cell = Py_XNewRef(cell);
    note->key = NULL;
    note->width = key->width;
    for (int one = 0; one < key->width; one++)
        note->parts[one] = Py_NewRef(key->parts[one]);
    return 0;
}

static void let_go_of_note(const Note *note)
{
    Py_DECREF(note->count);
    Py_XDECREF(note->cell);
    Py_XDECREF(note->key);
    for (int one = 0; one < note->width; one++)
        Py_DECREF(note->parts[one]);
}

/* A note of one's own: it is let go of like those in the notes. */
static Note hold_note(const Note *note)
{
    Note held = *note;
    Py_INCREF(held.count);
    Py_XINCREF(held.cell);
    Py_XINCREF(held.key);
    for (int one = 0; one < held.width; one++)
        Py_INCREF(held.parts[one]);
    return held;
}

static void clear_notes(Notes *self)
{
    while (self->size) {
        Note note = self->all[--self->size];
        let_go_of_note(&note);
    }
}

/* Whether a note is of the very parts of a key. Other parts may be equal all the same. */
static int is_noted_key(const Note *note, PyObject *key)
{
    PyObject *const *parts = note->key == NULL ? note->parts : ((PyTupleObject *)note->key)->ob_item;
    Py_ssize_t width = note->key == NULL ? note->width : PyTuple_GET_SIZE(note->key);
    if (!PyTuple_CheckExact(key) || PyTuple_GET_SIZE(key) != width)
        return 0;
    for (Py_ssize_t one = 0; one < width; one++)
        if (parts[one] != PyTuple_GET_ITEM(key, one))
            return 0;
    return 1;
}

/* What is noted of a count and a key, until Python runs; NULL where that is not seen at once. */
static const Note *note_of(const Notes *self, PyObject *count, PyObject *key)
{
    for (const Note *note = self->all; note < self->all + self->size; note++)
        if (note->count == count && is_noted_key(note, key))
            return note;
    return NULL;
}

/* --- for Python ------------------------------------------------------------------------------------------------- */

static Py_ssize_t notes_length(Notes *self) { return self->size; }

static PyObject *notes_item(Notes *self, Py_ssize_t place)
{
    if (place < 0 || place >= self->size) {
        PyErr_SetString(PyExc_IndexError, "no such note");
        return NULL;
    }
    Note note = hold_note(self->all + place);
    PyObject *key = note.key == NULL ? tuple_of_parts(note.parts, note.width) : Py_NewRef(note.key);
    PyObject *said = key == NULL ? NULL : PyTuple_Pack(3, key, filled(note.cell), note.count);
    Py_XDECREF(key);
    let_go_of_note(&note);
    return said;
}

static PyObject *notes_append(Notes *self, PyObject *said)
{
    PyObject *key, *cell, *count;
    if (!PyTuple_CheckExact(said) || !PyArg_ParseTuple(said, "O!OO", &PyTuple_Type, &key, &cell, &count)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "a note is a key, a cell and a count");
        return NULL;
    }
    Note *note = next_note(self);
    if (note == NULL)
        return NULL;
    *note = (Note){Py_NewRef(count), cell == Py_None ? NULL : Py_NewRef(cell), Py_NewRef(key), 0, {NULL}};
    Py_RETURN_NONE;
}

static PyObject *notes_pop(Notes *self, PyObject *unused)
{
    (void)unused;
    Py_ssize_t size = self->size;
    PyObject *said = notes_item(self, size - 1);
    if (said != NULL && self->size != size) {
        Py_DECREF(said);
        PyErr_SetString(PyExc_RuntimeError, "notes changed while one was taken out");
        return NULL;
    }
    if (said != NULL) {
        Note note = self->all[--self->size];
        let_go_of_note(&note);
    }
    return said;
}

static PyObject *notes_clear(Notes *self, PyObject *unused)
{
    (void)unused;
    clear_notes(self);
    Py_RETURN_NONE;
}

static int notes_traverse(Notes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (const Note *note = self->all; note < self->all + self->size; note++) {
        Py_VISIT(note->count);
        Py_VISIT(note->cell);
        Py_VISIT(note->key);
        for (int one = 0; one < note->width; one++)
            Py_VISIT(note->parts[one]);
    }
    return 0;
}

static int notes_let_go(Notes *self)
{
    clear_notes(self);
    return 0;
}

static void notes_dealloc(Notes *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    clear_notes(self);
    Py_CLEAR(self->time);
    PyMem_Free(self->all);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef notes_methods[] = {
    {"append", (PyCFunction)notes_append, METH_O, PyDoc_STR("Add a note: a key, a cell or None, a count.")},
    {"pop", (PyCFunction)notes_pop, METH_NOARGS, PyDoc_STR("Take the last note out.")},
    {"clear", (PyCFunction)notes_clear, METH_NOARGS, PyDoc_STR("Take all notes out.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot notes_slots[] = {
    {Py_tp_traverse, notes_traverse},
    {Py_tp_clear, notes_let_go},
    {Py_tp_dealloc, notes_dealloc},
    {Py_tp_methods, notes_methods},
    {Py_sq_length, notes_length},
    {Py_sq_item, notes_item},
    {0, NULL},
};

static PyType_Spec notes_spec = {
    .name = "communityrules.kernel._turning.Notes",
    .basicsize = sizeof(Notes),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = notes_slots,
};

#endif
