/* What may have Python run, and what that asks of everything here.
 *
 * Whenever Python runs it may do anything to what is at hand: enter the engine again, fill slots with something else,
 * clear a table. It runs
 *
 *   - where something is called, and where what is no plain text or number is hashed or compared;
 *   - where a reference is let go of: `Py_DECREF`, `put_slot`, a dictionary in which something takes another's place;
 *   - where something is made that the collector looks after: a tuple, a list, a dictionary, an object of most classes.
 *     Up to Python 3.11 the collector runs then and there, before what was handed over is held, and with it whatever a
 *     host has waiting (`__del__`, callbacks of weak references, `gc.callbacks`). `PyTuple_Pack`, `PyList_AsTuple` and
 *     the call of a class make one. Numbers, texts and bytes are made without, and so is memory of one's own.
 *
 * So, in all files of the kernel:
 *
 *   - What was taken from a slot, a dictionary or a list is held before any of these, and let go of at the end. What
 *     was found about a slot before (its class, that it is not empty) is looked at again after.
 *   - No pointer into a table (an entry, a note, instants) is kept over any of these; it is looked up again.
 *   - A tuple is filled without any of these in between, or hidden from the collector (`hidden_tuple`) until it is whole.
 *   - What is taken out of a structure is let go of when the structure is whole again, and from a copy.
 *   - An object of ours can be found by the collector while it is made and while it is taken apart: the slot by which its
 *     functions see whether it is whole is filled last and emptied first.
 */

#ifndef COMMUNITYRULES_HOLDING_H
#define COMMUNITYRULES_HOLDING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* What a dictionary has for a key, a new reference; NULL where there is nothing, or with an error. The keys in it may
   compare as they like. */
static inline PyObject *look_in(PyObject *dict, PyObject *key)
{
    Py_INCREF(dict);
    PyObject *found = Py_XNewRef(PyDict_GetItemWithError(dict, key));
    Py_DECREF(dict);
    return found;
}

/* Puts something in a dictionary that may be let go of meanwhile. 0, or -1 with an error. */
static inline int put_in(PyObject *dict, PyObject *key, PyObject *value)
{
    Py_INCREF(dict);
    int failed = PyDict_SetItem(dict, key, value);
    Py_DECREF(dict);
    return failed;
}

/* A tuple to be filled while Python runs. */
static inline PyObject *hidden_tuple(Py_ssize_t size)
{
    PyObject *made = PyTuple_New(size);
    if (made != NULL && size)
        PyObject_GC_UnTrack(made);
    return made;
}

/* Shows a tuple that is whole to the collector. */
static inline void show_tuple(PyObject *made)
{
    if (PyTuple_GET_SIZE(made))
        PyObject_GC_Track(made);
}

/* The items of a list as a tuple, a new reference; NULL with an error. `PyList_AsTuple` of Python 3.11 reads them from
   where they stood before the collector ran. */
static inline PyObject *tuple_of_list(PyObject *list)
{
    PyObject *made = PyTuple_New(PyList_GET_SIZE(list));
    if (made == NULL)
        return NULL;
    if (PyTuple_GET_SIZE(made) != PyList_GET_SIZE(list)) {
        Py_DECREF(made);
        PyErr_SetString(PyExc_RuntimeError, "a list changed while it was copied");
        return NULL;
    }
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(made); at++)
        PyTuple_SET_ITEM(made, at, Py_NewRef(PyList_GET_ITEM(list, at)));
    return made;
}

#endif
