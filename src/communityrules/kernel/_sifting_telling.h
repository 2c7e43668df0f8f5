/* The evidence of a rule, told from a short list of steps: the twin of `telling.Telling`. */

#ifndef COMMUNITYRULES_SIFTING_TELLING_H
#define COMMUNITYRULES_SIFTING_TELLING_H

#include "_sifting_masks.h"
#include "_sifting_state.h"

/* How long a text is that is told as it is (`plain.QUOTED`). */
#define QUOTED 500

/* What a step does. */
enum { PIECE, ADD, EXTEND, EITHER, FITTING, LISTED };
/* What a value mostly is, which is told as it is. */
enum { ANY, USUAL_NUMBER, USUAL_TEXT };

/* How many parts of a piece differ from rule to rule, beside the value, at most. */
#define PARTS 3

/* What few steps have. */
typedef struct {
    int *given; /* the values of which pieces are made */
    Py_ssize_t giving;
    struct Step *branches; /* of which the first that holds is told; each a piece */
    Py_ssize_t branching;
    int tested, operator; /* of a branch: what is compared, or below 0; and how with which limit */
    PyObject *limit;
    PyObject *matcher; /* finds a place in a text: words, or what has `search`; of a list its words */
} More;

/* One rule of thousands is told once in a while: what that takes stands close together, and what many rules say is in
   objects that they share. */
typedef struct Step {
    short what, read, usual, parts;
    PyObject *object; /* the piece but for its parts, or what makes pieces of some values */
    PyObject *names, *part[PARTS];
    PyObject *other; /* makes of a value what is told, or of a text the piece */
    More *more;
} Step;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *sift; /* whose reader it is */
    Reads *reads;   /* the sift's where those are all, so that what was read is not read again; else its own */
    Step *steps;
    short number, once;
    PyObject *hit; /* the class of hits */
    PyObject *rule, *trial_end, *grace_end;
    State *state;
    Reads own;
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

/* A piece of evidence but for what the event says, a new reference. */
static PyObject *
piece_of(const Step *step)
{
    PyObject *piece = PyDict_Copy(step->object);
    for (int at = 0; piece != NULL && at < step->parts; at++)
        if (PyDict_SetItem(piece, PyTuple_GET_ITEM(step->names, at), step->part[at]) < 0)
            Py_CLEAR(piece);
    return piece;
}

static int
tell_piece(Telling *self, Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *value = value_of(turn, step->read), *told = value == NULL ? NULL : said(step, value);
    PyObject *note = told == NULL ? NULL : piece_of(step);
    int failed =
        note == NULL || PyDict_SetItem(note, self->state->word_value, told) < 0 || PyList_Append(notes, note) < 0;
    Py_XDECREF(note);
    Py_XDECREF(told);
    return failed ? -1 : 0;
}

static int
tell_made(Turn *turn, const Step *step, PyObject *maker, PyObject *notes)
{
    PyObject *values[4];
    for (Py_ssize_t at = 0; at < step->more->giving; at++)
        if ((values[at] = value_of(turn, step->more->given[at])) == NULL)
            return -1;
    PyObject *made = PyObject_Vectorcall(maker, values, (size_t)step->more->giving, NULL);
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

/* Where the first of some words stands in a text, of those that begin there the shortest; 0 where none does, -1 with
   an exception. */
static int
first_word(PyObject *words, PyObject *text, Py_ssize_t *start, Py_ssize_t *end)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), last = length > MAX_TEXT ? MAX_TEXT : length;
    int found = 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(words); at++) {
        PyObject *word = PyTuple_GET_ITEM(words, at);
        Py_ssize_t place = PyUnicode_Find(text, word, 0, last, 1), behind = place + PyUnicode_GET_LENGTH(word);
        if (place == -2)
            return -1;
        if (place >= 0 && (!found || place < *start || (place == *start && behind < *end))) {
            *start = place;
            *end = behind;
            found = 1;
        }
    }
    return found;
}

/* The same of what `search` finds; 0 where it found something unusual, too. */
static int
first_fit(const State *state, Turn *turn, PyObject *matcher, PyObject *text, Py_ssize_t *start, Py_ssize_t *end)
{
    PyObject *fit = fit_of(turn, matcher, text);
    if (fit == NULL || fit == Py_None) {
        Py_XDECREF(fit);
        return fit == NULL ? -1 : 0;
    }
    PyObject *from = PyObject_GetAttr(fit, state->word_start);
    PyObject *to = from == NULL ? NULL : PyObject_GetAttr(fit, state->word_end);
    PyObject *seen = to == NULL ? NULL : PyObject_GetAttr(fit, state->word_seen);
    if (seen != NULL) {
        *start = PyLong_AsSsize_t(from);
        *end = PyLong_AsSsize_t(to);
    }
    int unusual = seen == NULL || PyErr_Occurred() ? -1 : PyObject_IsTrue(seen);
    Py_XDECREF(from);
    Py_XDECREF(to);
    Py_XDECREF(seen);
    Py_DECREF(fit);
    return PyErr_Occurred() ? -1 : !unusual;
}

/* The piece that tells of the place `[start, end)` in a text. */
static PyObject *
piece_of_place(const State *state, const Step *step, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *piece = piece_of(step), *found = PyUnicode_Substring(text, start, end);
    PyObject *from = PyLong_FromSsize_t(start), *to = PyLong_FromSsize_t(end);
    int put = piece != NULL && found != NULL && from != NULL && to != NULL &&
              PyDict_SetItem(piece, state->word_text, found) == 0 &&
              PyDict_SetItem(piece, state->word_start, from) == 0 && PyDict_SetItem(piece, state->word_end, to) == 0;
    Py_XDECREF(found);
    Py_XDECREF(from);
    Py_XDECREF(to);
    if (!put)
        Py_CLEAR(piece);
    return piece;
}

/* Where something stands in a text. */
static int
tell_place(Telling *self, Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *text = value_of(turn, step->read), *matcher = step->more->matcher;
    if (text == NULL)
        return -1;
    Py_ssize_t start = -1, end = -1;
    int found = !PyUnicode_CheckExact(text)       ? 0
                : PyTuple_CheckExact(matcher) ? first_word(matcher, text, &start, &end)
                                              : first_fit(self->state, turn, matcher, text, &start, &end);
    if (found < 0)
        return -1;
    int usual = found && start >= 0 && start <= end && end <= PyUnicode_GET_LENGTH(text) && end - start <= QUOTED;
    PyObject *note =
        usual ? piece_of_place(self->state, step, text, start, end) : PyObject_CallOneArg(step->other, text);
    int failed = note == NULL || PyList_Append(notes, note) < 0;
    Py_XDECREF(note);
    return failed ? -1 : 0;
}

/* The word of a list that stands in a text: where that is known, else what Python finds. */
static int
tell_listed(Telling *self, Turn *turn, const Step *step, PyObject *notes)
{
    PyObject *text = turn->start < 0 ? NULL : value_of(turn, step->read);
    if (text == NULL && PyErr_Occurred())
        return -1;
    if (text == NULL || !PyUnicode_CheckExact(text) || turn->end > PyUnicode_GET_LENGTH(text) ||
        turn->end - turn->start > QUOTED)
        return tell_made(turn, step, step->other, notes);
    PyObject *note = piece_of_place(self->state, step, text, turn->start, turn->end);
    int failed = note == NULL || PyList_Append(notes, note) < 0;
    Py_XDECREF(note);
    return failed ? -1 : 0;
}

/* The step that tells of a list, if there is one and no more; else NULL. */
static const Step *
listing_step(const Telling *self)
{
    const Step *found = NULL;
    for (Py_ssize_t at = 0; at < self->number; at++)
        if (self->steps[at].what == LISTED) {
            if (found != NULL || self->steps[at].more == NULL || self->steps[at].more->matcher == NULL)
                return NULL;
            found = &self->steps[at];
        }
    return found;
}

/* The branch to be told; NULL with an exception. */
static const Step *
branch_of(Turn *turn, const Step *step)
{
    for (Py_ssize_t at = 0; at < step->more->branching; at++) {
        const Step *branch = &step->more->branches[at];
        const More *test = branch->more;
        if (test->tested < 0)
            return branch;
        PyObject *value = value_of(turn, test->tested);
        int holds = value == NULL      ? -1
                    : value == Py_None ? 0
                                       : PyObject_RichCompareBool(value, test->limit, test->operator);
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
        else if (step->what == LISTED)
            failed = tell_listed(self, turn, step, notes);
        else
            failed = tell_made(turn, step, step->object, notes);
    }
    if (failed && !PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "a value that cannot be read");
    return failed;
}

/* The same of an event by itself; `known`: what is known of where its words stand, or NULL. */
static int
tell(Telling *self, PyObject *event, PyObject *facts, PyObject *slots, PyObject *notes, const Turn *known)
{
    if (self->sift == NULL || ((Sift *)self->sift)->reader.blank == NULL) {
        PyErr_SetString(PyExc_TypeError, "it was let go of");
        return -1;
    }
    Turn turn;
    begin(&turn, &((Sift *)self->sift)->reader, self->reads, event, facts);
    turn.slots = Py_NewRef(slots);
    turn.lenient = 1;
    if (known != NULL) {
        turn.start = known->start;
        turn.end = known->end;
    }
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
    return tell(self, args[0], args[1], args[2], args[3], NULL) < 0 ? NULL : PyBool_FromLong(self->once);
}

/* --- making ---------------------------------------------------------------------------------------------------- */

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
