/* Making what tells of a rule, and letting go of it. */

#ifndef COMMUNITYRULES_SIFTING_TELLING_MAKING_H
#define COMMUNITYRULES_SIFTING_TELLING_MAKING_H

#include "_sifting_telling.h"

static int take_branches(const Reads *reads, Step *step, PyObject *given);

/* What the first of a step says that it does; -1 with an exception. */
static long
what_of(PyObject *given)
{
    if (!PyTuple_Check(given) || !PyTuple_GET_SIZE(given)) {
        PyErr_SetString(PyExc_TypeError, "a step is a tuple");
        return -1;
    }
    long what = PyLong_AsLong(PyTuple_GET_ITEM(given, 0));
    if (what >= PIECE && what <= LISTED)
        return what;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "no such step");
    return -1;
}

static More *
more_of(Step *step)
{
    if (step->more == NULL && (step->more = several(1, sizeof(More))) != NULL)
        step->more->tested = -1;
    return step->more;
}

/* The parts of a piece: what all pieces of its kind say, the names of those that differ, and these. */
static int
take_parts(Step *step, PyObject *shape, PyObject *names, PyObject *parts)
{
    Py_ssize_t number = PyTuple_GET_SIZE(parts);
    if (number > PARTS || PyTuple_GET_SIZE(names) != number) {
        PyErr_SetString(PyExc_ValueError, "too many parts");
        return -1;
    }
    step->object = Py_NewRef(shape);
    step->names = Py_NewRef(names);
    for (Py_ssize_t at = 0; at < number; at++)
        step->part[at] = Py_NewRef(PyTuple_GET_ITEM(parts, at));
    step->parts = (short)number;
    return 0;
}

/* A piece, and what makes it: (what, read, shape, names, parts, usual or matcher, other). */
static int
take_piece(const Reads *reads, Step *step, PyObject *given)
{
    int what, read;
    PyObject *shape, *names, *parts, *how, *other;
    if (!PyArg_ParseTuple(given, "iiO!O!O!OO", &what, &read, &PyDict_Type, &shape, &PyTuple_Type, &names, &PyTuple_Type,
                          &parts, &how, &other) ||
        !knows_read(reads, read) || take_parts(step, shape, names, parts) < 0)
        return -1;
    step->read = (short)read;
    step->other = Py_NewRef(other);
    if (what == FITTING) {
        if (more_of(step) == NULL)
            return -1;
        step->more->matcher = Py_NewRef(how);
        for (Py_ssize_t at = 0; PyTuple_CheckExact(how) && at < PyTuple_GET_SIZE(how); at++)
            if (!PyUnicode_Check(PyTuple_GET_ITEM(how, at))) {
                PyErr_SetString(PyExc_TypeError, "words are texts");
                return -1;
            }
        return 0;
    }
    long usual = PyLong_AsLong(how);
    if (usual < ANY || usual > USUAL_TEXT) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "no such value");
        return -1;
    }
    step->usual = (short)usual;
    return 0;
}

/* Which values something is made of. */
static int
take_values(const Reads *reads, Step *step, PyObject *values)
{
    Py_ssize_t giving = PyTuple_GET_SIZE(values);
    if (giving > 4) {
        PyErr_SetString(PyExc_ValueError, "too many values");
        return -1;
    }
    if ((step->more->given = several(giving, sizeof(int))) == NULL)
        return -1;
    step->more->giving = giving;
    for (Py_ssize_t at = 0; at < giving; at++) {
        step->more->given[at] = (int)PyLong_AsLong(PyTuple_GET_ITEM(values, at));
        if (PyErr_Occurred() || !knows_read(reads, step->more->given[at]))
            return -1;
    }
    return 0;
}

/* What makes pieces of some values: (what, function, values). */
static int
take_maker(const Reads *reads, Step *step, PyObject *given)
{
    int what;
    PyObject *object, *values;
    if (!PyArg_ParseTuple(given, "iOO!", &what, &object, &PyTuple_Type, &values) || more_of(step) == NULL)
        return -1;
    step->object = Py_NewRef(object);
    return take_values(reads, step, values);
}

/* The piece that tells of a word of a list, and what finds it: (what, read, shape, names, parts, words, at edges,
   function, values). */
static int
take_list(const Reads *reads, Step *step, PyObject *given)
{
    int what, read, edged;
    PyObject *shape, *names, *parts, *words, *maker, *values;
    if (!PyArg_ParseTuple(given, "iiO!O!O!O!pOO!", &what, &read, &PyDict_Type, &shape, &PyTuple_Type, &names,
                          &PyTuple_Type, &parts, &PyTuple_Type, &words, &edged, &maker, &PyTuple_Type, &values) ||
        !knows_read(reads, read) || more_of(step) == NULL || take_parts(step, shape, names, parts) < 0)
        return -1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(words); at++)
        if (!PyUnicode_Check(PyTuple_GET_ITEM(words, at))) {
            PyErr_SetString(PyExc_TypeError, "words are texts");
            return -1;
        }
    step->read = (short)read;
    step->usual = (short)edged;
    step->more->matcher = Py_NewRef(words);
    step->other = Py_NewRef(maker);
    return take_values(reads, step, values);
}

static int
take_step(const Reads *reads, Step *step, PyObject *given)
{
    long what = what_of(given);
    if (what < 0)
        return -1;
    step->what = (short)what;
    return what == EITHER                       ? take_branches(reads, step, given)
           : what == PIECE || what == FITTING ? take_piece(reads, step, given)
           : what == LISTED                   ? take_list(reads, step, given)
                                              : take_maker(reads, step, given);
}

static int
take_branches(const Reads *reads, Step *step, PyObject *given)
{
    PyObject *branches;
    int what;
    if (!PyArg_ParseTuple(given, "iO!", &what, &PyTuple_Type, &branches) || more_of(step) == NULL ||
        (step->more->branches = several(PyTuple_GET_SIZE(branches), sizeof(Step))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(branches); at++) {
        Step *branch = &step->more->branches[at];
        int tested, operator;
        PyObject *limit, *piece;
        step->more->branching = at + 1;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(branches, at), "iiOO", &tested, &operator, &limit, &piece) ||
            (tested >= 0 && !knows_read(reads, tested)))
            return -1;
        /* A branch has no branches of its own, which could be without end. */
        long what = what_of(piece);
        if (what > PIECE || operator< Py_LT || operator> Py_GE)
            PyErr_SetString(PyExc_ValueError, "no such branch");
        if (PyErr_Occurred() || take_piece(reads, branch, piece) < 0 || more_of(branch) == NULL)
            return -1;
        branch->more->tested = tested;
        branch->more->operator= operator;
        branch->more->limit = Py_NewRef(limit);
    }
    return 0;
}

static int
take_steps(Telling *self, PyObject *steps)
{
    Py_ssize_t number = PyTuple_GET_SIZE(steps);
    if (number > SHRT_MAX) {
        PyErr_SetString(PyExc_ValueError, "too many steps");
        return -1;
    }
    if ((self->steps = several(number, sizeof(Step))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        self->number = (short)(at + 1);
        if (take_step(self->reads, &self->steps[at], PyTuple_GET_ITEM(steps, at)) < 0)
            return -1;
    }
    return 0;
}

/* --- and letting go of it --------------------------------------------------------------------------------------- */

#define EACH_OF_STEP(step, DO)                                              \
    DO((step)->object);                                                     \
    DO((step)->names);                                                      \
    for (int part = 0; part < PARTS; part++)                                \
        DO((step)->part[part]);                                             \
    DO((step)->other);                                                      \
    if ((step)->more != NULL) {                                             \
        DO((step)->more->limit);                                            \
        DO((step)->more->matcher);                                          \
    }

static int
visit_step(Step *step, visitproc visit, void *arg)
{
    EACH_OF_STEP(step, Py_VISIT)
    for (Py_ssize_t at = 0; step->more != NULL && at < step->more->branching; at++) {
        int visited = visit_step(&step->more->branches[at], visit, arg);
        if (visited)
            return visited;
    }
    return 0;
}

static void
clear_step(Step *step)
{
    EACH_OF_STEP(step, Py_CLEAR)
    for (Py_ssize_t at = 0; step->more != NULL && at < step->more->branching; at++)
        clear_step(&step->more->branches[at]);
}

static void
free_step(Step *step)
{
    if (step->more == NULL)
        return;
    for (Py_ssize_t at = 0; at < step->more->branching; at++)
        free_step(&step->more->branches[at]);
    PyMem_Free(step->more->branches);
    PyMem_Free(step->more->given);
    PyMem_Free(step->more);
}

static int
telling_traverse(PyObject *object, visitproc visit, void *arg)
{
    Telling *self = (Telling *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->sift);
    Py_VISIT(self->hit);
    Py_VISIT(self->rule);
    Py_VISIT(self->trial_end);
    Py_VISIT(self->grace_end);
    EACH_OF_READS(&self->own, Py_VISIT)
    for (Py_ssize_t at = 0; at < self->number; at++) {
        int visited = visit_step(&self->steps[at], visit, arg);
        if (visited)
            return visited;
    }
    return 0;
}

static int
telling_clear(PyObject *object)
{
    Telling *self = (Telling *)object;
    Py_CLEAR(self->sift);
    Py_CLEAR(self->hit);
    Py_CLEAR(self->rule);
    Py_CLEAR(self->trial_end);
    Py_CLEAR(self->grace_end);
    EACH_OF_READS(&self->own, Py_CLEAR)
    for (Py_ssize_t at = 0; at < self->number; at++)
        clear_step(&self->steps[at]);
    return 0;
}

static void
telling_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Telling *self = (Telling *)object;
    PyObject_GC_UnTrack(object);
    telling_clear(object);
    for (Py_ssize_t at = 0; at < self->number; at++)
        free_step(&self->steps[at]);
    PyMem_Free(self->steps);
    free_reads(&self->own);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
