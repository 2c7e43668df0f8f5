/* Making a `Disguise` of what compiler/disguised.py tells, and letting go of it. */

#ifndef COMMUNITYRULES_SIFTING_DISGUISE_MAKING_H
#define COMMUNITYRULES_SIFTING_DISGUISE_MAKING_H

#include "_sifting_disguise.h"
#include "_sifting_state.h"

/* A text of up to two characters -> the number of an owner. */
static int
take_pairing(Pairing *pairing, PyObject *given, const Words *words)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *owner;
    while (PyDict_Next(given, &at, &text, &owner)) {
        Py_ssize_t length = PyUnicode_Check(text) ? PyUnicode_GET_LENGTH(text) : 0;
        size_t number = PyLong_AsSize_t(owner);
        if (PyErr_Occurred())
            return -1;
        if (length < 1 || length > 2 || number >= words->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        Py_UCS4 last = PyUnicode_READ_CHAR(text, length - 1);
        /* Of one character alone the other is none; which one that is depends on who asks. */
        put_pair(pairing, length == 2 ? PyUnicode_READ_CHAR(text, 0) : 0, last, (uint32_t)number + 1);
    }
    return 0;
}

/* The same of one character, by which it is asked. */
static int
take_single(Pairing *pairing, PyObject *given, const Words *words)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *owner;
    while (PyDict_Next(given, &at, &text, &owner)) {
        size_t number = PyLong_AsSize_t(owner);
        if (PyErr_Occurred())
            return -1;
        if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) != 1 || number >= words->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        put_pair(pairing, PyUnicode_READ_CHAR(text, 0), 0, (uint32_t)number + 1);
    }
    return 0;
}

/* How many characters the texts of a dictionary have, and one more for each; -1 with an exception. */
static Py_ssize_t
listed_size(PyObject *given)
{
    Py_ssize_t at = 0, size = 0;
    PyObject *text, *chars;
    while (PyDict_Next(given, &at, &text, &chars)) {
        if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) != 1 || !PyUnicode_Check(chars)) {
            PyErr_SetString(PyExc_TypeError, "a text for a character");
            return -1;
        }
        size += PyUnicode_GET_LENGTH(chars) + 1;
    }
    return size;
}

/* A character -> those that are listed for it. */
static int
take_listed(Disguise *self, Pairing *pairing, PyObject *given, Py_ssize_t *put)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *chars;
    while (PyDict_Next(given, &at, &text, &chars)) {
        put_pair(pairing, PyUnicode_READ_CHAR(text, 0), 0, (uint32_t)*put);
        for (Py_ssize_t one = 0; one < PyUnicode_GET_LENGTH(chars); one++)
            self->listed[(*put)++] = PyUnicode_READ_CHAR(chars, one);
        self->listed[(*put)++] = 0;
    }
    return 0;
}

/* For each lead whether words stand at edges, and the characters of which it is the parts. */
static int
take_leads(Disguise *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given), size = 0, put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *chars;
        int edged;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "pU", &edged, &chars))
            return -1;
        size += PyUnicode_GET_LENGTH(chars);
    }
    self->lead = PyMem_Calloc(number ? (size_t)number : 1, sizeof(Lead));
    self->chars = PyMem_Calloc(size ? (size_t)size : 1, sizeof(Py_UCS4));
    if (self->lead == NULL || self->chars == NULL || size > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *chars;
        Lead *lead = &self->lead[at];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "pU", &lead->edged, &chars))
            return -1;
        lead->first = (uint32_t)put;
        for (Py_ssize_t one = 0; one < PyUnicode_GET_LENGTH(chars) && put < size; one++)
            self->chars[put++] = PyUnicode_READ_CHAR(chars, one);
        lead->end = (uint32_t)put;
    }
    return 0;
}

static int
take_all_listed(Disguise *self, PyObject *starts, PyObject *ends)
{
    Py_ssize_t some = listed_size(starts), others = some < 0 ? -1 : listed_size(ends), put = 1;
    if (others < 0)
        return -1;
    /* 0 is no place. */
    self->listed = PyMem_Calloc((size_t)(some + others + 1), sizeof(Py_UCS4));
    if (self->listed == NULL || some + others + 1 > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    return take_listed(self, &self->starts, starts, &put) < 0 || take_listed(self, &self->ends, ends, &put) < 0 ? -1 : 0;
}

/* A sign -> the letter that it may stand for. */
static int
take_signs(Disguise *self, PyObject *given)
{
    if (listed_size(given) < 0 || make_pairing(&self->signs, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *sign, *letter;
    while (PyDict_Next(given, &at, &sign, &letter)) {
        if (PyUnicode_GET_LENGTH(letter) != 1) {
            PyErr_SetString(PyExc_ValueError, "a letter for a sign");
            return -1;
        }
        put_pair(&self->signs, PyUnicode_READ_CHAR(sign, 0), 0, PyUnicode_READ_CHAR(letter, 0));
    }
    return 0;
}

static PyObject *
disguise_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *letters, *words, *parts, *leads, *after, *before, *anywhere, *starts, *ends, *signs;
    State *state = PyType_GetModuleState(type);
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!O!OO!O!O!O!O!O!O!", state->letters_type, &letters, state->words_type, &words,
                          &parts, &PyTuple_Type, &leads, &PyDict_Type, &after, &PyDict_Type, &before, &PyDict_Type, &anywhere,
                          &PyDict_Type, &starts, &PyDict_Type, &ends, &PyDict_Type, &signs))
        return NULL;
    const Words *of = (const Words *)words;
    if ((size_t)PyTuple_GET_SIZE(leads) > of->owners) {
        PyErr_SetString(PyExc_ValueError, "more leads than owners");
        return NULL;
    }
    if (parts != Py_None &&
        (!Py_IS_TYPE(parts, state->words_type) || ((const Words *)parts)->owners != of->owners ||
         ((const Words *)parts)->bits > of->bits)) {
        PyErr_SetString(PyExc_ValueError, "parts of other owners");
        return NULL;
    }
    Disguise *self = (Disguise *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->letters = (Letters *)Py_NewRef(letters);
    self->words = (Words *)Py_NewRef(words);
    self->parts = parts == Py_None ? NULL : (Words *)Py_NewRef(parts);
    self->followed = of->owners - (uint32_t)PyTuple_GET_SIZE(leads);
    if (take_leads(self, leads) < 0 || take_pairing(&self->after, after, of) < 0 ||
        take_pairing(&self->before, before, of) < 0 || take_single(&self->anywhere, anywhere, of) < 0 ||
        take_all_listed(self, starts, ends) < 0 || take_signs(self, signs) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int
disguise_traverse(PyObject *object, visitproc visit, void *arg)
{
    const Disguise *self = (const Disguise *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->letters);
    Py_VISIT(self->words);
    Py_VISIT(self->parts);
    return 0;
}

static void
disguise_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Disguise *self = (Disguise *)object;
    PyObject_GC_UnTrack(object);
    Py_XDECREF(self->letters);
    Py_XDECREF(self->words);
    Py_XDECREF(self->parts);
    PyMem_Free(self->lead);
    PyMem_Free(self->chars);
    PyMem_Free(self->listed);
    free_pairing(&self->after);
    free_pairing(&self->before);
    free_pairing(&self->anywhere);
    free_pairing(&self->starts);
    free_pairing(&self->ends);
    free_pairing(&self->signs);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
