/* Lines of a stream that hold ordinary events: what `wire.reading` and `Engine.run` do for each of them, without coming
 * back to Python between one and the next.
 */

#ifndef COMMUNITYRULES_TURNING_STREAMING_H
#define COMMUNITYRULES_TURNING_STREAMING_H

#include "_turning_turn.h"

/* Puts what is written of a decision, whose reference it takes, behind what is written already. */
static int put_line(PyObject *write, PyObject *decision, PyObject *written)
{
    PyObject *line = PyObject_CallOneArg(write, decision);
    Py_DECREF(decision);
    int failed = line == NULL || PyList_Append(written, line);
    Py_XDECREF(line);
    return failed ? FAILED : DONE;
}

/* Judges the event of a line, and writes its decision. LEFT where that is for Python, before anything was changed: then
 * *left is the event, where one could be read.
 */
static int take_line(Turning *self, PyObject *line, PyObject *read, PyObject *write, PyObject *written, PyObject **left)
{
    const State *state = self->state;
    PyObject *event = PyObject_CallOneArg(read, line), *decision = NULL;
    if (event == NULL)
        return FAILED;
    if (Py_TYPE(event) == state->Event) {
        /* Nobody else has it, so that it is filled in as it is. */
        decision = taken(self, event, READ(state, Event, digest, event), 1);
        if (decision == NULL && !PyErr_Occurred())
            *left = Py_NewRef(event);
    }
    Py_DECREF(event);
    if (decision != NULL)
        return put_line(write, decision, written);
    return PyErr_Occurred() ? FAILED : LEFT;
}

/* `Turning.lines`: see `_turning.pyi`. */
static PyObject *turning_lines(Turning *self, PyObject *args)
{
    PyObject *lines, *read, *write, *written, *left = NULL;
    Py_ssize_t at, most;
    if (!PyArg_ParseTuple(args, "O!nnOOO!", &PyList_Type, &lines, &at, &most, &read, &write, &PyList_Type, &written))
        return NULL;
    if (self->waiting == NULL || at < 0) {
        PyErr_SetString(PyExc_ValueError, "a place among the lines is wanted");
        return NULL;
    }
    /* Python is asked for this and that on the way, and may let in a rulebook or change the list. */
    for (int done = DONE; done == DONE && most > 0 && at < PyList_GET_SIZE(lines); at++, most--) {
        Py_ssize_t waiting = PyObject_Size(self->waiting);
        if (waiting)
            return waiting < 0 ? NULL : Py_NewRef(Py_None);
        PyObject *line = Py_NewRef(PyList_GET_ITEM(lines, at));
        done = take_line(self, line, read, write, written, &left);
        Py_DECREF(line);
        if (done == FAILED)
            return NULL;
    }
    return left != NULL ? left : Py_NewRef(Py_None);
}

#endif
