/* Plain decisions as lines of JSON. The twin of `wire.decisions.Lines`, which says what is kept from one to the next. */

#include "slots.h"
#include <stdint.h>
#include <string.h>

/* Fields of a decision: what it says of itself, then what happened, of which a plain one has nothing. */
enum { EVENT, TIME, COMMUNITY, RULEBOOK, VERDICT, LATE, HAPPENED, FIELDS = HAPPENED + 8 };

static const char *const names[FIELDS] = {
    "event", "time", "community", "rulebook", "verdict", "late",
    "outcomes", "sanctions", "duties", "cases", "notices", "points", "labels", "errors",
};

static const int64_t SECOND = 1000000;
static const int64_t QUARTER = 15 * 60 * 1000000LL;

#define HEAD "{\"event\":"

typedef struct {
    PyTypeObject *Lines;
} State;

typedef struct {
    PyObject_HEAD
    PyTypeObject *decision;
    Py_ssize_t at[FIELDS];
    /* Asked from here: see `_lines.pyi`. */
    PyObject *zone, *whole, *quarter, *nothing, *text;
    /* What the decision before said of these, and what is written after its time because of that. */
    PyObject *said[LATE + 1], *rest;
    /* The quarter of an hour of the decision before, and what is written of it: see `wire.decisions._quarter`. */
    PyObject *known;
    int64_t number, start;
} Lines;

#define EACH(E) E(decision) E(zone) E(whole) E(quarter) E(nothing) E(text) E(rest) E(known)

static int lines_traverse(Lines *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
#define E(slot) Py_VISIT(self->slot);
    EACH(E)
#undef E
    for (int one = 0; one <= LATE; one++)
        Py_VISIT(self->said[one]);
    return 0;
}

static int lines_clear(Lines *self)
{
#define E(slot) Py_CLEAR(self->slot);
    EACH(E)
#undef E
    for (int one = 0; one <= LATE; one++)
        Py_CLEAR(self->said[one]);
    return 0;
}

static void lines_dealloc(Lines *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    lines_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *field(const Lines *self, PyObject *decision, int which)
{
    PyObject *found = *(PyObject **)((char *)decision + self->at[which]);
    return found == NULL ? Py_None : found;
}

/* Whether a decision says nothing but its envelope. */
static int is_plain(const Lines *self, PyObject *decision, int64_t *time)
{
    int overflow = 0;
    PyObject *moment = field(self, decision, TIME);
    if (!PyUnicode_CheckExact(field(self, decision, EVENT)) || !PyLong_CheckExact(moment))
        return 0;
    for (int one = HAPPENED; one < FIELDS; one++) {
        PyObject *some = field(self, decision, one);
        if (!PyTuple_CheckExact(some) || PyTuple_GET_SIZE(some))
            return 0;
    }
    *time = PyLong_AsLongLongAndOverflow(moment, &overflow);
    return !overflow;
}

/* `Lines._turn_to`, where it is another community, rulebook, verdict or lateness than before: what is written after the
   time, a new reference; NULL with an error. */
static PyObject *turn_to(Lines *self, PyObject *decision)
{
    PyObject *now[LATE + 1] = {NULL};
    int same = self->rest != NULL;
    for (int one = COMMUNITY; one <= LATE; one++) {
        now[one] = field(self, decision, one);
        same = same && now[one] == self->said[one];
    }
    if (same)
        return Py_NewRef(self->rest);
    for (int one = COMMUNITY; one <= LATE; one++)
        Py_INCREF(now[one]);
    PyObject *rest = PyObject_Vectorcall(self->nothing, now + COMMUNITY, LATE + 1 - COMMUNITY, NULL);
    if (rest != NULL && !PyBytes_CheckExact(rest)) {
        PyErr_SetString(PyExc_TypeError, "bytes are wanted");
        Py_CLEAR(rest);
    }
    /* All is put before anything is let go of: what is said and what is written of it belong together. */
    for (int one = COMMUNITY; rest != NULL && one <= LATE; one++) {
        PyObject *before = self->said[one];
        self->said[one] = now[one];
        now[one] = before;
    }
    PyObject *before = NULL;
    if (rest != NULL) {
        before = self->rest;
        self->rest = Py_NewRef(rest);
    }
    for (int one = COMMUNITY; one <= LATE; one++)
        Py_XDECREF(now[one]);
    Py_XDECREF(before);
    return rest;
}

/* What stands before the minutes and the seconds of a quarter of an hour and after them, and at which second it begins;
   -1 with an error where it is something else. */
static int begins_at(PyObject *found)
{
    if (!PyTuple_CheckExact(found) || PyTuple_GET_SIZE(found) != 3 || !PyBytes_Check(PyTuple_GET_ITEM(found, 0))
        || !PyLong_Check(PyTuple_GET_ITEM(found, 1)) || !PyBytes_Check(PyTuple_GET_ITEM(found, 2))) {
        PyErr_SetString(PyExc_TypeError, "bytes, a second and bytes are wanted in a tuple");
        return -1;
    }
    long start = PyLong_AsLong(PyTuple_GET_ITEM(found, 1));
    if (start >= 0 && start <= 45 * 60)
        return (int)start;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a quarter of an hour begins at one of the first 46 minutes");
    return -1;
}

/* `Lines._look_up`, where it is another quarter of an hour than before: a new reference, to None where instants of it
   differ, and where it begins; NULL with an error. */
static PyObject *look_up(Lines *self, int64_t number, int64_t *start)
{
    if (self->known != NULL && number == self->number) {
        *start = self->start;
        return Py_NewRef(self->known);
    }
    PyObject *found = PyObject_CallFunction(self->quarter, "LO", (long long)number, self->zone);
    if (found == NULL || found == Py_None)
        return found;
    if ((*start = begins_at(found)) < 0) {
        Py_DECREF(found);
        return NULL;
    }
    PyObject *before = self->known;
    self->known = Py_NewRef(found);
    self->number = number;
    self->start = *start;
    Py_XDECREF(before);
    return found;
}

/* Whether an id stands in JSON as it is. */
static int is_bare(PyObject *id)
{
    if (!PyUnicode_IS_COMPACT_ASCII(id))
        return 0;
    const Py_UCS1 *at = PyUnicode_1BYTE_DATA(id), *end = at + PyUnicode_GET_LENGTH(id);
    for (; at < end; at++)
        if (*at < 0x20 || *at == '"' || *at == '\\')
            return 0;
    return 1;
}

static char *put(char *to, const char *bytes, Py_ssize_t size)
{
    memcpy(to, bytes, (size_t)size);
    return to + size;
}

static char *put_bytes(char *to, PyObject *bytes)
{
    return put(to, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
}

/* A number in so many digits. */
static char *put_digits(char *to, int64_t number, int digits)
{
    for (int one = digits; one-- > 0; number /= 10)
        to[one] = (char)('0' + number % 10);
    return to + digits;
}

/* The line of a plain decision, of which the id is written already where that is not bare. */
static PyObject *written(PyObject *known, int64_t start, PyObject *rest, PyObject *id, PyObject *quoted, int64_t passed)
{
    PyObject *before = PyTuple_GET_ITEM(known, 0), *offset = PyTuple_GET_ITEM(known, 2);
    int64_t second = passed / SECOND + start, fraction = passed % SECOND;
    Py_ssize_t size = quoted != NULL ? PyBytes_GET_SIZE(quoted) : PyUnicode_GET_LENGTH(id) + 2;
    size += (Py_ssize_t)strlen(HEAD) + PyBytes_GET_SIZE(before) + 5 + (fraction ? 7 : 0) + PyBytes_GET_SIZE(offset)
        + PyBytes_GET_SIZE(rest);
    PyObject *line = PyBytes_FromStringAndSize(NULL, size);
    if (line == NULL)
        return NULL;
    char *to = put(PyBytes_AS_STRING(line), HEAD, (Py_ssize_t)strlen(HEAD));
    if (quoted != NULL)
        to = put_bytes(to, quoted);
    else {
        *to++ = '"';
        to = put(to, (const char *)PyUnicode_1BYTE_DATA(id), PyUnicode_GET_LENGTH(id));
        *to++ = '"';
    }
    to = put_bytes(to, before);
    to = put_digits(to, second / 60, 2);
    *to++ = ':';
    to = put_digits(to, second % 60, 2);
    if (fraction) {
        *to++ = '.';
        to = put_digits(to, fraction, 6);
    }
    put_bytes(put_bytes(to, offset), rest);
    return line;
}

/* A text as JSON writes it. */
static PyObject *quoted_text(const Lines *self, PyObject *text)
{
    PyObject *quoted = PyObject_CallOneArg(self->text, text);
    if (quoted != NULL && !PyBytes_CheckExact(quoted)) {
        PyErr_SetString(PyExc_TypeError, "bytes are wanted");
        Py_CLEAR(quoted);
    }
    return quoted;
}

/* The line of a decision that says nothing but its envelope, with its id and its time. */
static PyObject *plain_line(Lines *self, PyObject *decision, PyObject *id, int64_t time)
{
    int64_t number = time / QUARTER - (time % QUARTER < 0), start = 0;
    PyObject *rest = turn_to(self, decision), *known = rest == NULL ? NULL : look_up(self, number, &start);
    PyObject *quoted = NULL, *line = NULL;
    if (known == Py_None)
        line = PyObject_CallFunctionObjArgs(self->whole, decision, self->zone, NULL);
    else if (known != NULL && (is_bare(id) || (quoted = quoted_text(self, id)) != NULL))
        line = written(known, start, rest, id, quoted, time - number * QUARTER);
    Py_XDECREF(rest);
    Py_XDECREF(known);
    Py_XDECREF(quoted);
    return line;
}

static PyObject *lines_line(Lines *self, PyObject *decision)
{
    int64_t time;
    if (self->at[EVENT] == 0) {
        PyErr_SetString(PyExc_TypeError, "lines are made by `lines`");
        return NULL;
    }
    if (Py_TYPE(decision) != self->decision || !is_plain(self, decision, &time))
        return PyObject_CallFunctionObjArgs(self->whole, decision, self->zone, NULL);
    /* Python is asked on the way, and may have another decision written: what this one needs is held. */
    PyObject *id = Py_NewRef(field(self, decision, EVENT)), *line = plain_line(self, decision, id, time);
    Py_DECREF(id);
    return line;
}

static PyMethodDef lines_methods[] = {
    {"line", (PyCFunction)lines_line, METH_O, PyDoc_STR("A decision as one line of JSON, with its end.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot lines_slots[] = {
    {Py_tp_traverse, lines_traverse},
    {Py_tp_clear, lines_clear},
    {Py_tp_dealloc, lines_dealloc},
    {Py_tp_methods, lines_methods},
    {0, NULL},
};

static PyType_Spec lines_spec = {
    .name = "communityrules.kernel._lines.Lines",
    .basicsize = sizeof(Lines),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = lines_slots,
};

/* `lines(...)`: see `_lines.pyi`. */
static PyObject *make_lines(PyObject *module, PyObject *args)
{
    State *state = PyModule_GetState(module);
    PyObject *zone, *class, *whole, *quarter, *nothing, *text;
    if (!PyArg_ParseTuple(args, "OO!OOOO", &zone, &PyType_Type, &class, &whole, &quarter, &nothing, &text))
        return NULL;
    Lines *self = state->Lines == NULL ? NULL : (Lines *)state->Lines->tp_alloc(state->Lines, 0);
    if (self == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_RuntimeError, "the module is let go of");
    if (self == NULL)
        return NULL;
    self->decision = (PyTypeObject *)Py_NewRef(class);
    self->zone = Py_NewRef(zone);
    self->whole = Py_NewRef(whole);
    self->quarter = Py_NewRef(quarter);
    self->nothing = Py_NewRef(nothing);
    self->text = Py_NewRef(text);
    for (int one = FIELDS; one-- > 0;)
        if ((self->at[one] = offset_of((PyTypeObject *)class, names[one])) < 0) {
            Py_DECREF(self);
            return NULL;
        }
    return (PyObject *)self;
}

/* --- the module ------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"lines", make_lines, METH_VARARGS, PyDoc_STR("What writes decisions one after another.")},
    {NULL, NULL, 0, NULL},
};

static int module_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->Lines = (PyTypeObject *)PyType_FromModuleAndSpec(module, &lines_spec, NULL);
    return state->Lines == NULL ? -1 : 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->Lines);
    return 0;
}

static int module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->Lines);
    return 0;
}

static void module_free(void *module) { module_clear(module); }

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._lines",
    .m_doc = PyDoc_STR("Plain decisions as lines of JSON."),
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__lines(void) { return PyModuleDef_Init(&definition); }
