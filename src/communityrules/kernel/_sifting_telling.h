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

#endif
