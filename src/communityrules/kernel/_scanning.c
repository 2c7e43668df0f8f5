/* What happens to most of a text before the grammar sees it, in C: the twin of `language.scan`, which says what that is.

   Whatever is unusual (comments, patterns, other quotes, texts that hold more than letters) is left to that. */

#include "holding.h"
#include <stdint.h>

/* How many letters a table of letters is for: those beyond stand for themselves. */
#define LETTERS 0x10000
#define TEXT_FIRST 0xe000
#define TEXT_REST 0xe001
#define LINE_MARK 2

typedef struct {
    int kind;
    const void *letters;
    Py_ssize_t length;
} Text;

/* What was prepared so far. */
typedef struct {
    Py_UCS4 *letters;
    Py_ssize_t length, room;
} Prepared;

static Text
text_of(PyObject *text)
{
    return (Text){PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)};
}

static inline Py_UCS4
letter_at(const Text *text, Py_ssize_t at)
{
    return PyUnicode_READ(text->kind, text->letters, at);
}

/* --- stretches with nothing unusual --------------------------------------------------------------------------- */

static int
make_room(Prepared *prepared, Py_ssize_t more)
{
    Py_ssize_t wanted = prepared->length + more;
    if (wanted <= prepared->room)
        return 0;
    Py_ssize_t room = wanted + wanted / 2 + 64;
    Py_UCS4 *letters = PyMem_Realloc(prepared->letters, (size_t)room * sizeof *letters);
    if (letters == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    prepared->letters = letters;
    prepared->room = room;
    return 0;
}

/* Where a text closes that a quote opens; 0 where it does not on its line, or says more than it is written as. */
static Py_ssize_t
closing(const Text *text, Py_ssize_t at)
{
    while (++at < text->length) {
        Py_UCS4 letter = letter_at(text, at);
        if (letter == '"')
            return at;
        if (letter == '\\' || letter == '\n')
            return 0;
    }
    return 0;
}

/* Notes the value of a quoted text by its place, and what stands for it. */
static int
add_quoted(Prepared *prepared, PyObject *whole, Py_ssize_t start, Py_ssize_t end, PyObject *values)
{
    PyObject *place = PyLong_FromSsize_t(start), *value = PyUnicode_Substring(whole, start + 1, end);
    int noted = place == NULL || value == NULL ? -1 : PyDict_SetItem(values, place, value);
    Py_XDECREF(place);
    Py_XDECREF(value);
    if (noted < 0 || make_room(prepared, end - start + 1) < 0)
        return -1;
    Py_UCS4 *to = prepared->letters + prepared->length;
    *to++ = TEXT_FIRST;
    for (Py_ssize_t at = start; at < end; at++)
        *to++ = TEXT_REST;
    prepared->length += end - start + 1;
    return 0;
}

/* Prepares a text from a place on, as far as nothing unusual stands there: how far that is, -1 with an exception. */
static Py_ssize_t
prepare(Prepared *prepared, PyObject *whole, Py_ssize_t at, const uint16_t *table, PyObject *values)
{
    Text text = text_of(whole);
    while (at < text.length) {
        Py_UCS4 letter = letter_at(&text, at);
        if (letter == '"') {
            Py_ssize_t end = closing(&text, at);
            if (!end)
                break;
            if (add_quoted(prepared, whole, at, end, values) < 0)
                return -1;
            at = end + 1;
            continue;
        }
        Py_UCS4 stands = letter < LETTERS ? table[letter] : letter;
        /* What is unusual stands for nothing. */
        if (!stands && letter)
            break;
        if (make_room(prepared, 1) < 0)
            return -1;
        prepared->letters[prepared->length++] = stands;
        at++;
    }
    return at;
}

static PyObject *
usual(PyObject *module, PyObject *args)
{
    PyObject *text, *table, *values;
    Py_ssize_t start;
    (void)module;
    if (!PyArg_ParseTuple(args, "UnSO!", &text, &start, &table, &PyDict_Type, &values))
        return NULL;
    if (start < 0 || start > PyUnicode_GET_LENGTH(text) || PyBytes_GET_SIZE(table) != LETTERS * 2) {
        PyErr_SetString(PyExc_ValueError, "a place in the text and a table are wanted");
        return NULL;
    }
    Prepared prepared = {0};
    Py_ssize_t end = prepare(&prepared, text, start, (const uint16_t *)PyBytes_AS_STRING(table), values);
    PyObject *piece =
        end < 0 ? NULL : PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, prepared.letters, prepared.length);
    PyMem_Free(prepared.letters);
    return piece == NULL ? NULL : Py_BuildValue("Nn", piece, end);
}

/* A letter of a table, -1 with an exception. */
static int
letter_of(PyObject *number)
{
    long letter = PyLong_AsLong(number);
    if (letter >= 0 && letter < LETTERS)
        return (int)letter;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "no such letter");
    return -1;
}

static PyObject *
table(PyObject *module, PyObject *args)
{
    PyObject *changed, *unusual, *from, *to;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!U", &PyDict_Type, &changed, &unusual))
        return NULL;
    PyObject *made = PyBytes_FromStringAndSize(NULL, LETTERS * 2);
    if (made == NULL)
        return NULL;
    uint16_t *letters = (uint16_t *)PyBytes_AS_STRING(made);
    for (int one = 0; one < LETTERS; one++)
        letters[one] = (uint16_t)one;
    Py_ssize_t at = 0;
    while (PyDict_Next(changed, &at, &from, &to)) {
        /* What is nearly a number says itself what it is, and may change what it stands in. */
        Py_INCREF(from);
        Py_INCREF(to);
        int before = letter_of(from), after = before < 0 ? -1 : letter_of(to);
        Py_DECREF(from);
        Py_DECREF(to);
        if (after < 0) {
            Py_DECREF(made);
            return NULL;
        }
        letters[before] = (uint16_t)after;
    }
    Text marks = text_of(unusual);
    for (at = 0; at < marks.length; at++) {
        if (letter_at(&marks, at) < LETTERS)
            letters[letter_at(&marks, at)] = 0;
    }
    return made;
}

/* --- first words of lines ------------------------------------------------------------------------------------- */

/* Where the first word of a line stands that begins at a place; `length` where none does. */
static Py_ssize_t
first_word(const Text *text, Py_ssize_t at)
{
    while (at < text->length && (letter_at(text, at) == ' ' || letter_at(text, at) == '\t'))
        at++;
    return at < text->length && !Py_UNICODE_ISSPACE(letter_at(text, at)) ? at : text->length;
}

/* Marks the first words in a copy of a text, and adds their places to a list. */
static int
mark(PyObject *copy, PyObject *firsts)
{
    Text text = text_of(copy);
    Py_ssize_t at = 0;
    for (;;) {
        Py_ssize_t word = first_word(&text, at);
        if (word < text.length) {
            PyObject *place = PyLong_FromSsize_t(word);
            int added = place == NULL ? -1 : PyList_Append(firsts, place);
            Py_XDECREF(place);
            if (added < 0)
                return -1;
            if (word)
                PyUnicode_WRITE(text.kind, (void *)text.letters, word - 1, LINE_MARK);
        }
        at = PyUnicode_FindChar(copy, '\n', at, text.length, 1);
        if (at < 0)
            return at == -2 ? -1 : 0;
        at++;
    }
}

static PyObject *
marked(PyObject *module, PyObject *args)
{
    PyObject *text, *firsts;
    (void)module;
    if (!PyArg_ParseTuple(args, "UO!", &text, &PyList_Type, &firsts))
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    PyObject *copy = PyUnicode_New(length, PyUnicode_MAX_CHAR_VALUE(text));
    if (copy == NULL || PyUnicode_CopyCharacters(copy, 0, text, 0, length) < 0 || mark(copy, firsts) < 0)
        Py_CLEAR(copy);
    return copy;
}

static PyMethodDef functions[] = {
    {"usual", usual, METH_VARARGS, NULL},
    {"table", table, METH_VARARGS, NULL},
    {"marked", marked, METH_VARARGS, NULL},
    {NULL},
};

static PyModuleDef_Slot slots[] = {
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._scanning",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__scanning(void)
{
    return PyModuleDef_Init(&definition);
}
