/* The evidence of a rule, told from a short list of steps: the twin of `telling.Telling`. */

#ifndef COMMUNITYRULES_SIFTING_TELLING
#define COMMUNITYRULES_SIFTING_TELLING

#include "_sifting_masks.h"

/* How long a text is that is told as it is (`plain.QUOTED`). */
#define QUOTED 500

/* What a step does. */
enum { PIECE, ADD, EXTEND, EITHER, FITTING };
/* What a value mostly is, which is told as it is. */
enum { ANY, USUAL_NUMBER, USUAL_TEXT };

typedef struct Step {
    int what;
    int read, usual;
    PyObject *object; /* the piece but for its value, or what makes pieces of some values */
    PyObject *other;  /* makes of a value what is told, or of a text the piece */
    PyObject *pattern;
    int *given;
    Py_ssize_t giving;
    struct Step *branches; /* of which the first that holds is told; each a piece */
    Py_ssize_t branching;
    int tested, operator; /* of a branch: what is compared, or below 0; and how with which limit */
    PyObject *limit;
} Step;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *sift; /* whose reader it is */
    Reads own;
    Reads *reads; /* the sift's where those are all, so that what was read is not read again */
    Step *steps;
    Py_ssize_t number;
    PyObject *value, *text, *start, *end; /* names of parts that are put into pieces */
    int once;
    PyObject *hit; /* the class of hits */
    PyObject *rule, *trial_end, *grace_end;
} Telling;

/* A value as it is told, a new reference. */
static PyObject *
said(const Step *step, PyObject *value)
{
    if (step->usual == USUAL_NUMBER && PyLong_CheckExact(value)) {
        int overflow;
        PyLong_AsLongLongAndOverflow(value, &overflow);
        if (!overflow)
            return Py_NewRef(value);
    }
    else if (step->usual == USUAL_TEXT && PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) <= QUOTED)
        return Py_NewRef(value);
    return PyObject_CallOneArg(step->other, value);
}

static int
tell_piece(Telling *self, Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *value = value_of(turn, step->read), *told = value == NULL ? NULL : said(step, value);
    PyObject *note = told == NULL ? NULL : PyDict_Copy(step->object);
    int failed = note == NULL || PyDict_SetItem(note, self->value, told) < 0 || PyList_Append(notes, note) < 0;
    Py_XDECREF(note);
    Py_XDECREF(told);
    return failed ? -1 : 0;
}

static int
tell_made(Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *values[4];
    for (Py_ssize_t at = 0; at < step->giving; at++)
        if ((values[at] = value_of(turn, step->given[at])) == NULL)
            return -1;
    PyObject *made = PyObject_Vectorcall(step->object, values, (size_t)step->giving, NULL);
    if (made == NULL)
        return -1;
    int failed;
    if (step->what == ADD)
        failed = PyList_Append(notes, made);
    else {
        Py_ssize_t end = PyList_GET_SIZE(notes);
        failed = PyList_SetSlice(notes, end, end, made);
    }
    Py_DECREF(made);
    return failed;
}

/* Puts the place that a pattern fits into a piece; 0 where it is an unusual one, -1 with an exception. */
static int
put_place(const Telling *self, PyObject *note, PyObject *text, PyObject *match)
{
    PyObject *start = PyObject_GetAttr(match, self->start), *end = start == NULL ? NULL : PyObject_GetAttr(match, self->end);
    Py_ssize_t from = end == NULL ? -1 : PyLong_AsSsize_t(start), to = end == NULL ? -1 : PyLong_AsSsize_t(end);
    int put = PyErr_Occurred() ? -1 : 0;
    if (!put && from >= 0 && from <= to && to <= PyUnicode_GET_LENGTH(text) && to - from <= QUOTED) {
        PyObject *found = PyUnicode_Substring(text, from, to);
        put = found != NULL && PyDict_SetItem(note, self->text, found) == 0 && PyDict_SetItem(note, self->start, start) == 0 &&
                      PyDict_SetItem(note, self->end, end) == 0
                  ? 1
                  : -1;
        Py_XDECREF(found);
    }
    Py_XDECREF(start);
    Py_XDECREF(end);
    return put;
}

/* Where a pattern fits a text. */
static int
tell_place(Telling *self, Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *text = value_of(turn, step->read), *note = NULL;
    if (text == NULL)
        return -1;
    int put = 0;
    if (PyUnicode_CheckExact(text)) {
        PyObject *match = fit_of(turn, step->pattern, text);
        note = match == NULL || match == Py_None ? NULL : PyDict_Copy(step->object);
        put = note != NULL ? put_place(self, note, text, match) : PyErr_Occurred() ? -1 : 0;
        Py_XDECREF(match);
    }
    if (!put)
        Py_XSETREF(note, PyObject_CallOneArg(step->other, text));
    int failed = put < 0 || note == NULL || PyList_Append(notes, note) < 0;
    Py_XDECREF(note);
    return failed ? -1 : 0;
}

/* The branch to be told; NULL with an exception. */
static const Step *
branch_of(Turn *turn, const Step *step)
{
    for (Py_ssize_t at = 0; at < step->branching; at++) {
        const Step *branch = &step->branches[at];
        if (branch->tested < 0)
            return branch;
        PyObject *value = value_of(turn, branch->tested);
        int holds = value == NULL      ? -1
                    : value == Py_None ? 0
                                       : PyObject_RichCompareBool(value, branch->limit, branch->operator);
        if (holds)
            return holds < 0 ? NULL : branch;
    }
    PyErr_SetString(PyExc_RuntimeError, "no branch holds");
    return NULL;
}

/* Adds the evidence to notes; -1 with an exception. */
static int
tell_steps(Telling *self, Turn *turn, PyObject *notes)
{
    int failed = 0;
    for (Py_ssize_t at = 0; at < self->number && !failed; at++) {
        const Step *step = &self->steps[at];
        if (step->what == EITHER && (step = branch_of(turn, step)) == NULL)
            failed = -1;
        else if (step->what == PIECE)
            failed = tell_piece(self, turn, step, notes);
        else if (step->what == FITTING)
            failed = tell_place(self, turn, step, notes);
        else
            failed = tell_made(turn, step, notes);
    }
    if (failed && !PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "a value that cannot be read");
    return failed;
}

/* The same of an event by itself. */
static int
tell(Telling *self, PyObject *event, PyObject *facts, PyObject *slots, PyObject *notes)
{
    if (self->sift == NULL || ((Sift *)self->sift)->reader.blank == NULL) {
        PyErr_SetString(PyExc_TypeError, "it was let go of");
        return -1;
    }
    Turn turn;
    begin(&turn, &((Sift *)self->sift)->reader, self->reads, event, facts);
    turn.slots = Py_NewRef(slots);
    turn.lenient = 1;
    int failed = tell_steps(self, &turn, notes);
    end(&turn);
    return failed;
}

static PyObject *
telling_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Telling *self = (Telling *)callable;
    if (PyVectorcall_NARGS(nargsf) != 4 || kwnames != NULL || !PyList_Check(args[2]) || !PyList_Check(args[3]))
        return PyErr_Format(PyExc_TypeError, "takes an event, the facts, slots and notes");
    return tell(self, args[0], args[1], args[2], args[3]) < 0 ? NULL : PyBool_FromLong(self->once);
}

/* --- making ---------------------------------------------------------------------------------------------------- */

static int take_branches(const Reads *reads, Step *step, PyObject *given);

static int
take_step(const Reads *reads, Step *step, PyObject *given)
{
    if (!PyTuple_Check(given) || !PyTuple_GET_SIZE(given)) {
        PyErr_SetString(PyExc_TypeError, "a step is a tuple");
        return -1;
    }
    step->tested = -1;
    step->what = (int)PyLong_AsLong(PyTuple_GET_ITEM(given, 0));
    PyObject *object, *other = NULL, *values = NULL, *pattern = NULL;
    if (step->what == EITHER)
        return take_branches(reads, step, given);
    int taken = step->what == PIECE     ? PyArg_ParseTuple(given, "iiO!iO", &step->what, &step->read, &PyDict_Type, &object,
                                                           &step->usual, &other)
                : step->what == FITTING ? PyArg_ParseTuple(given, "iiO!OO", &step->what, &step->read, &PyDict_Type, &object,
                                                           &pattern, &other)
                                        : PyArg_ParseTuple(given, "iOO!", &step->what, &object, &PyTuple_Type, &values);
    if (!taken || (values == NULL && !knows_read(reads, step->read)))
        return -1;
    step->object = Py_NewRef(object);
    step->other = Py_XNewRef(other);
    step->pattern = Py_XNewRef(pattern);
    if (values == NULL)
        return 0;
    step->giving = PyTuple_GET_SIZE(values);
    if (step->giving > 4 || step->what < ADD || step->what > EXTEND) {
        PyErr_SetString(PyExc_ValueError, "no such step");
        return -1;
    }
    if ((step->given = several(step->giving, sizeof(int))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < step->giving; at++) {
        step->given[at] = (int)PyLong_AsLong(PyTuple_GET_ITEM(values, at));
        if (PyErr_Occurred() || !knows_read(reads, step->given[at]))
            return -1;
    }
    return 0;
}

static int
take_branches(const Reads *reads, Step *step, PyObject *given)
{
    PyObject *branches;
    if (!PyArg_ParseTuple(given, "iO!", &step->what, &PyTuple_Type, &branches) ||
        (step->branches = several(PyTuple_GET_SIZE(branches), sizeof(Step))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(branches); at++) {
        Step *branch = &step->branches[at];
        int tested, operator;
        PyObject *limit, *piece;
        step->branching = at + 1;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(branches, at), "iiOO", &tested, &operator, &limit, &piece) ||
            (tested >= 0 && !knows_read(reads, tested)) || take_step(reads, branch, piece) < 0)
            return -1;
        if (branch->what != PIECE || operator< Py_LT || operator> Py_GE) {
            PyErr_SetString(PyExc_ValueError, "no such branch");
            return -1;
        }
        branch->tested = tested;
        branch->operator= operator;
        branch->limit = Py_NewRef(limit);
    }
    return 0;
}

static int
take_steps(Telling *self, PyObject *steps)
{
    Py_ssize_t number = PyTuple_GET_SIZE(steps);
    if ((self->steps = several(number, sizeof(Step))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        self->number = at + 1;
        if (take_step(self->reads, &self->steps[at], PyTuple_GET_ITEM(steps, at)) < 0)
            return -1;
    }
    return 0;
}

/* --- and letting go of it --------------------------------------------------------------------------------------- */

static int
visit_step(Step *step, visitproc visit, void *arg)
{
    Py_VISIT(step->object);
    Py_VISIT(step->other);
    Py_VISIT(step->pattern);
    Py_VISIT(step->limit);
    for (Py_ssize_t at = 0; at < step->branching; at++) {
        int visited = visit_step(&step->branches[at], visit, arg);
        if (visited)
            return visited;
    }
    return 0;
}

static void
clear_step(Step *step)
{
    Py_CLEAR(step->object);
    Py_CLEAR(step->other);
    Py_CLEAR(step->pattern);
    Py_CLEAR(step->limit);
    for (Py_ssize_t at = 0; at < step->branching; at++)
        clear_step(&step->branches[at]);
}

static void
free_step(Step *step)
{
    for (Py_ssize_t at = 0; at < step->branching; at++)
        free_step(&step->branches[at]);
    PyMem_Free(step->branches);
    PyMem_Free(step->given);
}

static int
telling_traverse(PyObject *object, visitproc visit, void *arg)
{
    Telling *self = (Telling *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->sift);
    Py_VISIT(self->value);
    Py_VISIT(self->text);
    Py_VISIT(self->start);
    Py_VISIT(self->end);
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
    Py_CLEAR(self->value);
    Py_CLEAR(self->text);
    Py_CLEAR(self->start);
    Py_CLEAR(self->end);
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
