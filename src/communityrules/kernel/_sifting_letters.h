/* What each character of a text reads as, and texts read so.

   What a character reads as is told by a function of Python once, and remembered: it is the same for every text. Most
   characters read as one, or as none. A text with any that is more than that is left to Python. */

#ifndef COMMUNITYRULES_SIFTING_LETTERS
#define COMMUNITYRULES_SIFTING_LETTERS

#include "_sifting_stretches.h"

/* Characters beyond the first plane that are remembered, too: emoji. All others there are left to Python. */
#define EMOJI 0x1F000
#define EMOJI_END 0x1FC00
#define REMEMBERED_LETTERS (0x10000 + EMOJI_END - EMOJI)

/* What is not read as the character of that number; the numbers are those of `compiler.reading`. No text reads as one
   of these: half of a character, and characters that are none. */
enum {
    ITSELF = 0xFFFA, /* for what is beyond the first plane */
    SIGN,            /* as none, unless it stands for a letter */
    FORM,            /* as none, unless an emoji stands beside it */
    NOTHING,         /* as none */
    LEAVE,           /* left to Python */
};
/* Added where a character says nothing of disguise; and what kind of letter it is, from 0 for what nobody sees. */
#define USUAL 0x10000
#define KIND_SHIFT 17
#define KINDS 7

typedef struct {
    PyObject_HEAD
    PyObject *learn;
    uint16_t *codes; /* by character, 0 where nobody asked */
    uint8_t *kinds;  /* by character, its kind, and whether it says nothing of disguise */
} Letters;

#define USUAL_KIND 0x80

/* A text as it reads, and where in the text each letter stands. `signs`, `forms`, `beyond`: whether it holds such
   characters; `runs`: whether a letter stands beside one that is the same. */
typedef struct {
    uint32_t near[SHORT_TEXT * 2], *letters, *places, last;
    Py_ssize_t length;
    int signs, forms, beyond, runs;
} Spelled;

/* What a character reads as, asked of Python; -1 with an exception. */
static int
learn_letter(Letters *self, Py_UCS4 character, Py_ssize_t at)
{
    PyObject *text = PyUnicode_FromOrdinal((int)character), *learn = Py_XNewRef(self->learn);
    if (learn == NULL && text != NULL)
        PyErr_SetString(PyExc_RuntimeError, "it was let go of");
    PyObject *told = text == NULL || learn == NULL ? NULL : PyObject_CallOneArg(learn, text);
    long code = told == NULL ? -1 : PyLong_AsLong(told);
    Py_XDECREF(text);
    Py_XDECREF(learn);
    Py_XDECREF(told);
    if (code == -1 && PyErr_Occurred())
        return -1;
    if (code < 0 || (code & 0xFFFF) > LEAVE || !(code & 0xFFFF) || code >> KIND_SHIFT > KINDS) {
        PyErr_SetString(PyExc_ValueError, "no such letter");
        return -1;
    }
    self->kinds[at] = (uint8_t)((code & USUAL ? USUAL_KIND : 0) | (code >> KIND_SHIFT));
    self->codes[at] = (uint16_t)code;
    return self->codes[at];
}

static Py_ssize_t
place_of_letter(Py_UCS4 character)
{
    return character < 0x10000                                ? (Py_ssize_t)character
           : character >= EMOJI && character < EMOJI_END ? (Py_ssize_t)(0x10000 + character - EMOJI)
                                                              : -1;
}

static void
begin_spelling(Spelled *spelled)
{
    spelled->length = 0;
    spelled->runs = 0;
    spelled->last = 0;
}

static inline void
put_letter(Spelled *spelled, uint32_t letter, Py_ssize_t place)
{
    spelled->places[spelled->length] = (uint32_t)place;
    spelled->letters[spelled->length++] = letter;
    spelled->runs |= letter == spelled->last;
    spelled->last = letter;
}

/* Reads one character that does not read as another; 1 read, 0 where the text is left to Python, -1 with an exception. */
static int
read_unusual(Letters *self, Py_UCS4 character, Py_ssize_t place, Spelled *spelled)
{
    Py_ssize_t at = place_of_letter(character);
    if (at < 0)
        return 0;
    int code = self->codes[at];
    if (!code && (code = learn_letter(self, character, at)) < 0)
        return -1;
    spelled->beyond |= character > 0xFFFF;
    switch (code) {
    case LEAVE:
        return 0;
    case SIGN:
        spelled->signs = 1;
        return 1;
    case FORM:
        spelled->forms = 1;
        return 1;
    case NOTHING:
        return 1;
    case ITSELF:
        put_letter(spelled, character, place);
        return 1;
    default:
        put_letter(spelled, (uint32_t)code, place);
        return 1;
    }
}

/* Room for so many letters; -1 with an exception. It is to be freed in any case. */
static int
make_room(Spelled *spelled, Py_ssize_t length)
{
    spelled->letters = spelled->near;
    if (length > SHORT_TEXT) {
        uint32_t *more = PyMem_Malloc((size_t)length * 2 * sizeof(uint32_t));
        if (more == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        spelled->letters = more;
    }
    spelled->places = spelled->letters + (length > SHORT_TEXT ? length : SHORT_TEXT);
    return 0;
}

static void
free_spelled(Spelled *spelled)
{
    if (spelled->letters != spelled->near)
        PyMem_Free(spelled->letters);
}

/* The characters of the first plane are read in a loop of their own for each width that a text is kept in. */
#define READ_ALL(TYPE)                                                        \
    for (Py_ssize_t at = 0; at < length; at++) {                              \
        Py_UCS4 one = ((const TYPE *)data)[at];                               \
        uint32_t code = one > 0xFFFF ? 0 : self->codes[one];                  \
        if (code - 1 < ITSELF - 1)                                            \
            put_letter(spelled, code, at);                                    \
        else if (code != NOTHING &&                                           \
                 (read = read_unusual(self, one, at, spelled)) <= 0)          \
            return read;                                                      \
    }

/* Reads the first characters of a text; 1 read, 0 where it is left to Python, -1 with an exception. `spelled` is to be
   freed in any case. */
static int
spell(Letters *self, PyObject *text, Py_ssize_t length, Spelled *spelled)
{
    int read = 1;
    const void *data = PyUnicode_DATA(text);
    if (make_room(spelled, length) < 0)
        return -1;
    spelled->signs = spelled->forms = spelled->beyond = 0;
    begin_spelling(spelled);
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        READ_ALL(Py_UCS1)
        break;
    case PyUnicode_2BYTE_KIND:
        READ_ALL(Py_UCS2)
        break;
    default:
        READ_ALL(Py_UCS4)
    }
    return 1;
}

/* Whether all characters but signs say nothing of disguise; a text that was spelled. */
static int
all_usual(const Letters *self, PyObject *text, Py_ssize_t length)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t one = 0; one < length; one++) {
        Py_ssize_t at = place_of_letter(PyUnicode_READ(kind, data, one));
        if (at < 0 || !(self->kinds[at] & USUAL_KIND))
            return 0;
    }
    return 1;
}

static PyObject *
letters_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *learn;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O", &learn))
        return NULL;
    Letters *self = (Letters *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->learn = Py_NewRef(learn);
    self->codes = PyMem_Calloc(REMEMBERED_LETTERS, sizeof(uint16_t));
    self->kinds = PyMem_Calloc(REMEMBERED_LETTERS, 1);
    if (self->codes == NULL || self->kinds == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

PyDoc_STRVAR(letters_read_doc, "read(text) -> str | None\n\nA text as it reads; None where that is left to Python.");

static PyObject *
letters_read(PyObject *object, PyObject *text)
{
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "a text");
    Spelled spelled;
    int read = spell((Letters *)object, text, PyUnicode_GET_LENGTH(text), &spelled);
    PyObject *found = read < 0    ? NULL
                      : read == 0 ? Py_NewRef(Py_None)
                                  : PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, spelled.letters, spelled.length);
    free_spelled(&spelled);
    return found;
}

static int
letters_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((Letters *)object)->learn);
    return 0;
}

static int
letters_clear(PyObject *object)
{
    Py_CLEAR(((Letters *)object)->learn);
    return 0;
}

static void
letters_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Letters *self = (Letters *)object;
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->learn);
    PyMem_Free(self->codes);
    PyMem_Free(self->kinds);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
