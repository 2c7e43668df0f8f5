/* Which ids a log may hold. Twins of `stores.seen.Seen.may_hold` and `_mark`. */

#ifndef COMMUNITYRULES_TURNING_SEEN_H
#define COMMUNITYRULES_TURNING_SEEN_H

#include "_turning_counting.h"

/* The slots of one part, until Python runs: their bytes, and the mask that an id's hash is taken by; NULL where it is none. */
static unsigned char *slots_of(PyObject *part, uint64_t *mask)
{
    int64_t found;
    if (!PyTuple_CheckExact(part) || PyTuple_GET_SIZE(part) != 2 || !PyByteArray_CheckExact(PyTuple_GET_ITEM(part, 0))
        || !whole(PyTuple_GET_ITEM(part, 1), &found) || found < 0
        || found >= PyByteArray_GET_SIZE(PyTuple_GET_ITEM(part, 0)))
        return NULL;
    *mask = (uint64_t)found;
    return (unsigned char *)PyByteArray_AS_STRING(PyTuple_GET_ITEM(part, 0));
}

/* The slots of a hash, which Python shifts with its sign. */
static void slots_for(Py_hash_t hash, uint64_t mask, uint64_t found[3])
{
    uint64_t bits = (uint64_t)(int64_t)hash, sign = hash < 0 ? ~(uint64_t)0 : 0;
    found[0] = bits & mask;
    found[1] = (bits >> 20 | sign << 44) & mask;
    found[2] = (bits >> 40 | sign << 24) & mask;
}

/* Whether it is worth looking for an id: 1 also where that is not known here. */
static int may_hold(const State *state, PyObject *seen, PyObject *id)
{
    PyObject *parts = IS(state, Seen, seen) ? READ(state, Seen, _parts, seen) : Py_None;
    if (!PyList_CheckExact(parts))
        return 1;
    Py_hash_t hash = PyObject_Hash(id);
    if (hash == -1)
        return -1;
    for (Py_ssize_t one = 0; one < PyList_GET_SIZE(parts); one++) {
        uint64_t mask, at[3];
        const unsigned char *slots = slots_of(PyList_GET_ITEM(parts, one), &mask);
        if (slots == NULL)
            return 1;
        slots_for(hash, mask, at);
        if (slots[at[0]] && slots[at[1]] && slots[at[2]])
            return 1;
    }
    return 0;
}

/* Notes one id. */
static int mark_id(unsigned char *slots, uint64_t mask, PyObject *id)
{
    uint64_t at[3];
    Py_hash_t hash = PyObject_Hash(id);
    if (hash == -1)
        return FAILED;
    slots_for(hash, mask, at);
    slots[at[0]] = slots[at[1]] = slots[at[2]] = 1;
    return DONE;
}

/* `mark(part, ids)`: note ids in a part of a `Seen`. They may come from a store one by one, and fail to. */
static PyObject *mark_ids(PyObject *module, PyObject *args)
{
    PyObject *part, *ids, *id, *each;
    uint64_t mask;
    Py_buffer slots;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &part, &ids))
        return NULL;
    if (slots_of(part, &mask) == NULL) {
        PyErr_SetString(PyExc_TypeError, "slots and their mask are wanted");
        return NULL;
    }
    /* Whatever runs meanwhile, while this is held the slots stay where they are. */
    if (PyObject_GetBuffer(PyTuple_GET_ITEM(part, 0), &slots, PyBUF_WRITABLE))
        return NULL;
    int done = (each = PyObject_GetIter(ids)) == NULL ? FAILED : DONE;
    while (done == DONE && (id = PyIter_Next(each)) != NULL) {
        done = mark_id(slots.buf, mask, id);
        Py_DECREF(id);
    }
    Py_XDECREF(each);
    PyBuffer_Release(&slots);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

#endif
