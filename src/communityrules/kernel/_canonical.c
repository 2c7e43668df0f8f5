/* The canonical text of checked records, as `checker.canonical.text_of` makes it.

   What the fields of a class are is told by Python, once for each; what is neither a record, a text, a whole number, a row
   of such nor a dictionary by names is written by Python too. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#include "canonical.h"
#include "holding.h"

/* One text on its way. */
typedef struct {
    Out out;
    /* By class what its records hold: names, or None for what it says it is, and what stands before each; None for what
       is no record. */
    PyObject *known;
    /* Gives what is not known yet, and writes what is left to Python. */
    PyObject *learn;
    PyObject *rest;
} Writer;

static Step put_value(Writer *writer, PyObject *value);

static Step
put_left(Writer *writer, PyObject *value)
{
    PyObject *text = PyObject_CallOneArg(writer->rest, value);
    if (text == NULL) {
        return BROKEN;
    }
    if (!PyUnicode_Check(text)) {
        Py_DECREF(text);
        PyErr_SetString(PyExc_TypeError, "what is left to Python is a text");
        return BROKEN;
    }
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    Step step;
    if (bytes != NULL) {
        step = out_put(&writer->out, bytes, (size_t)size);
    }
    else if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        step = UNUSUAL;
    }
    else {
        step = BROKEN;
    }
    Py_DECREF(text);
    return step;
}

static Step
put_whole(Writer *writer, PyObject *value)
{
    int beyond;
    long long number = PyLong_AsLongLongAndOverflow(value, &beyond);
    if (number == -1 && PyErr_Occurred()) {
        return BROKEN;
    }
    return beyond ? put_left(writer, value) : out_number(&writer->out, number);
}

/* The items of a tuple or a list, which may grow or shrink while Python writes one of them. */
static Step
put_items(Writer *writer, PyObject *items)
{
    int is_list = PyList_CheckExact(items);
    if (out_put(&writer->out, "[", 1) != FINE) {
        return BROKEN;
    }
    for (Py_ssize_t i = 0; i < Py_SIZE(items); i++) {
        if (i && out_put(&writer->out, ",", 1) != FINE) {
            return BROKEN;
        }
        PyObject *one = is_list ? PyList_GET_ITEM(items, i) : PyTuple_GET_ITEM(items, i);
        Py_INCREF(one);
        Step step = put_value(writer, one);
        Py_DECREF(one);
        if (step != FINE) {
            return step;
        }
    }
    return out_put(&writer->out, "]", 1);
}

/* The names and values of a dictionary, as they are now, in the order of the names; NULL with no exception set when one
   of them is no plain text. */
static PyObject *
in_order(PyObject *value)
{
    PyObject *pairs = PyDict_Items(value);
    if (pairs == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(pairs); i++) {
        if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(PyList_GET_ITEM(pairs, i), 0))) {
            Py_DECREF(pairs);
            return NULL;
        }
    }
    /* No two names are the same, so that no values are compared. */
    if (PyList_Sort(pairs) < 0) {
        Py_DECREF(pairs);
        return NULL;
    }
    return pairs;
}

static Step
put_pair(Writer *writer, PyObject *pair)
{
    Step step = out_text(&writer->out, PyTuple_GET_ITEM(pair, 0));
    if (step == FINE) {
        step = out_put(&writer->out, ":", 1);
    }
    return step == FINE ? put_value(writer, PyTuple_GET_ITEM(pair, 1)) : step;
}

static Step
put_map(Writer *writer, PyObject *value)
{
    if (PyDict_GET_SIZE(value) == 0) {
        return out_put(&writer->out, "{}", 2);
    }
    PyObject *pairs = in_order(value);
    if (pairs == NULL) {
        return PyErr_Occurred() ? BROKEN : put_left(writer, value);
    }
    Step step = out_put(&writer->out, "{", 1);
    for (Py_ssize_t i = 0; step == FINE && i < PyList_GET_SIZE(pairs); i++) {
        if (i) {
            step = out_put(&writer->out, ",", 1);
        }
        if (step == FINE) {
            step = put_pair(writer, PyList_GET_ITEM(pairs, i));
        }
    }
    Py_DECREF(pairs);
    return step == FINE ? out_put(&writer->out, "}", 1) : step;
}

/* Whether a part says nothing, so that it is left out. */
static int
is_nothing(PyObject *part)
{
    return part == Py_None || part == Py_False || (PyTuple_Check(part) && PyTuple_GET_SIZE(part) == 0);
}

/* One field, unless it says nothing: what stands before it, and its value. `*first` until something is written. */
static Step
put_field(Writer *writer, PyObject *before, PyObject *part, int *first)
{
    if (part != NULL && is_nothing(part)) {
        return FINE;
    }
    Out *out = &writer->out;
    size_t size = (size_t)PyBytes_GET_SIZE(before);
    if (out_room(out, size + 5) != FINE) {
        return BROKEN;
    }
    if (!*first) {
        *out->at++ = ',';
    }
    *first = 0;
    out_bytes(out, PyBytes_AS_STRING(before), size);
    if (part == NULL) {
        return FINE;
    }
    if (part == Py_True) {
        out_bytes(out, "true", 4);
        return FINE;
    }
    return put_value(writer, part);
}

static Step
put_record(Writer *writer, PyObject *value, PyObject *names, PyObject *befores)
{
    if (out_put(&writer->out, "{", 1) != FINE) {
        return BROKEN;
    }
    int first = 1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i), *part = NULL;
        if (name != Py_None && (part = PyObject_GetAttr(value, name)) == NULL) {
            return BROKEN;
        }
        Step step = put_field(writer, PyTuple_GET_ITEM(befores, i), part, &first);
        Py_XDECREF(part);
        if (step != FINE) {
            return step;
        }
    }
    return out_put(&writer->out, "}", 1);
}

/* Whether what Python tells of a class is what it should be. */
static int
is_told(PyObject *told)
{
    if (told == Py_None) {
        return 1;
    }
    if (!PyTuple_CheckExact(told) || PyTuple_GET_SIZE(told) != 2) {
        return 0;
    }
    PyObject *names = PyTuple_GET_ITEM(told, 0), *befores = PyTuple_GET_ITEM(told, 1);
    if (!PyTuple_CheckExact(names) || !PyTuple_CheckExact(befores)
        || PyTuple_GET_SIZE(names) != PyTuple_GET_SIZE(befores)) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        if ((name != Py_None && !PyUnicode_CheckExact(name)) || !PyBytes_CheckExact(PyTuple_GET_ITEM(befores, i))) {
            return 0;
        }
    }
    return 1;
}

/* What is known of a class; a new reference. */
static PyObject *
told_of(Writer *writer, PyObject *kind)
{
    /* A class may compare as it likes, and what it is the class of be given another. */
    Py_INCREF(kind);
    PyObject *told = look_in(writer->known, kind);
    if (told == NULL && !PyErr_Occurred()) {
        told = PyObject_CallOneArg(writer->learn, kind);
    }
    Py_DECREF(kind);
    if (told != NULL && !is_told(told)) {
        Py_DECREF(told);
        PyErr_SetString(PyExc_TypeError, "names of fields, and what stands before each");
        return NULL;
    }
    return told;
}

static Step
put_other(Writer *writer, PyObject *value)
{
    PyObject *told = told_of(writer, (PyObject *)Py_TYPE(value));
    if (told == NULL) {
        return BROKEN;
    }
    Step step = told == Py_None
        ? put_left(writer, value)
        : put_record(writer, value, PyTuple_GET_ITEM(told, 0), PyTuple_GET_ITEM(told, 1));
    Py_DECREF(told);
    return step;
}

static Step
put_value(Writer *writer, PyObject *value)
{
    if (PyUnicode_CheckExact(value)) {
        return out_text(&writer->out, value);
    }
    if (PyLong_CheckExact(value)) {
        return put_whole(writer, value);
    }
    if (Py_EnterRecursiveCall(" while a canonical text is written")) {
        return BROKEN;
    }
    Step step = PyTuple_CheckExact(value) || PyList_CheckExact(value) ? put_items(writer, value)
        : PyDict_CheckExact(value)                                    ? put_map(writer, value)
                                                                      : put_other(writer, value);
    Py_LeaveRecursiveCall();
    return step;
}

static PyObject *
text(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    if (count != 4 || !PyDict_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "a value, a dictionary and two functions are needed");
        return NULL;
    }
    Writer writer;
    writer.known = given[1];
    writer.learn = given[2];
    writer.rest = given[3];
    out_begin(&writer.out);
    PyObject *made = NULL;
    Step step = put_value(&writer, given[0]);
    if (step == FINE) {
        made = PyBytes_FromStringAndSize(writer.out.start, writer.out.at - writer.out.start);
    }
    else if (step == UNUSUAL) {
        made = Py_NewRef(Py_None);
    }
    out_end(&writer.out);
    return made;
}

static PyMethodDef methods[] = {
    {"text", (PyCFunction)(void (*)(void))text, METH_FASTCALL, PyDoc_STR("The canonical text of a value in UTF-8.")},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._canonical",
    .m_doc = PyDoc_STR("The canonical text of checked records."),
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__canonical(void) { return PyModuleDef_Init(&definition); }
