/* What the words of many rules lead to, gathered at once: the twin of `compiler.gathering`, which says what that is.

   What characters read as is asked of Python once for each. Words with characters that do not fold to one, known ways
   to write them, signs at an end or double spaces are left to Python, which gives what they lead to. */

#include "_leading_gathering.h"

/* The longest word, in code points, and the characters that words may have here. */
#define MOST_LETTERS 128
#define NEAR 0x10000
#define CHARACTERS 0x110000
/* In how many ways common characters are put for others of their shape, and how many l are looked for one by one. */
#define MOST_SHAPES 16
#define MOST_BARS 3

typedef struct {
    Py_UCS4 folded;
    Py_UCS4 reads;         /* 0 where it reads as nothing */
    Py_UCS4 follows;       /* with what stands behind it, it has known ways to be written; 0 for none */
    uint32_t shapes, most; /* what it may be taken for, in `shapes`: where, and how many */
} Letter;

typedef struct {
    PyObject_HEAD
    PyObject *learn;
    uint32_t *known; /* by character, the number of its letter from 2; 1 where it is left to Python */
    Letter *letters;
    size_t number, room;
    Py_UCS4 *shapes;
    size_t shaped, shapes_room;
    uint8_t *han, *used, *split; /* by character, a bit: a Chinese one, one of a word's, one that is read for parts */
    Texts words, repeated;
    Bits bits;
} Gathering;

static int
is_in(const uint8_t *characters, Py_UCS4 one)
{
    return characters[one >> 3] >> (one & 7) & 1;
}

static void
put_in(uint8_t *characters, Py_UCS4 one)
{
    characters[one >> 3] |= (uint8_t)(1 << (one & 7));
}

/* --- characters --------------------------------------------------------------------------------------------------- */

static Py_UCS4
first_of(PyObject *text)
{
    return PyUnicode_GET_LENGTH(text) ? PyUnicode_READ_CHAR(text, 0) : 0;
}

/* Notes what Python says of a character: its number, 0 with an exception. */
static uint32_t
take_letter(Gathering *self, PyObject *told)
{
    PyObject *folded, *reads, *shapes, *han, *follows;
    if (told == Py_None)
        return 1;
    if (!PyTuple_Check(told)) {
        PyErr_SetString(PyExc_TypeError, "what a character reads as stands in a tuple");
        return 0;
    }
    if (!PyArg_ParseTuple(told, "UUUUU", &folded, &reads, &shapes, &han, &follows))
        return 0;
    size_t most = (size_t)PyUnicode_GET_LENGTH(shapes);
    if (have_room((void **)&self->letters, sizeof(Letter), &self->room, self->number + 1) < 0 ||
        have_room((void **)&self->shapes, sizeof(Py_UCS4), &self->shapes_room, self->shaped + most) < 0)
        return 0;
    if (most)
        /* The room behind is enough, as it was asked for. */
        if (PyUnicode_AsUCS4(shapes, self->shapes + self->shaped, (Py_ssize_t)most, 0) == NULL)
            return 0;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(han); at++)
        put_in(self->han, PyUnicode_READ_CHAR(han, at));
    self->letters[self->number] = (Letter){first_of(folded), first_of(reads), first_of(follows),
                                           (uint32_t)self->shaped, (uint32_t)most};
    self->shaped += most;
    return (uint32_t)++self->number + 1;
}

/* What is known of a character: NULL where it is left to Python, with an exception or without. */
static const Letter *
letter_of(Gathering *self, Py_UCS4 one)
{
    if (one >= NEAR)
        return NULL;
    if (!self->known[one]) {
        PyObject *learn = Py_XNewRef(self->learn), *text = PyUnicode_FromOrdinal((int)one);
        if (learn == NULL && text != NULL)
            PyErr_SetString(PyExc_RuntimeError, "it was let go of");
        PyObject *told = text == NULL || learn == NULL ? NULL : PyObject_CallOneArg(learn, text);
        uint32_t number = told == NULL ? 0 : take_letter(self, told);
        Py_XDECREF(learn);
        Py_XDECREF(text);
        Py_XDECREF(told);
        if (!number)
            return NULL;
        self->known[one] = number;
    }
    return self->known[one] == 1 ? NULL : &self->letters[self->known[one] - 2];
}

/* --- ways to write a word --------------------------------------------------------------------------------------- */

static void
put_repeated(Py_UCS4 *to, Py_UCS4 one, size_t times)
{
    for (size_t at = 0; at < times; at++)
        to[at] = one;
}

/* Adds that of which a text has one when it has characters of a word several times (`words.stretched`); -1 with an
   exception. `short_form`, `counts`: runs of one character as one, and how long they are. */
static int
add_stretched(Gathering *self, const Py_UCS4 *whole, size_t length, const Py_UCS4 *short_form, const size_t *counts,
              size_t runs)
{
    Py_UCS4 made[MOST_LETTERS + 8];
    size_t end = 0;
    for (size_t at = 0; at < runs; at++) {
        size_t size = counts[at], start = end;
        Py_UCS4 one = short_form[at];
        int han = is_in(self->han, one);
        end += size;
        put_repeated(made, one, size + 2);
        if (!put_text(&self->repeated, made, han || size > 1 ? size + 1 : 3))
            return -1;
        if (han || length <= 2)
            continue;
        if (at + 1 < runs) {
            put_repeated(made + size + 1, short_form[at + 1], 2);
            if (!put_text(&self->repeated, made, size + 3))
                return -1;
        }
        size_t before = end < length ? 1 : 2, after = start ? 1 : 2;
        before = before < start ? before : start;
        after = after < length - end ? after : length - end;
        memcpy(made, whole + start - before, before * sizeof *made);
        put_repeated(made + before, one, size + 1);
        memcpy(made + before + size + 1, whole + end, after * sizeof *made);
        if (!put_text(&self->repeated, made, before + size + 1 + after))
            return -1;
    }
    return 0;
}

/* Adds one way to write a word; -1 with an exception. */
static int
add_way(Gathering *self, uint32_t bit, const Py_UCS4 *way, size_t length)
{
    Py_UCS4 short_form[MOST_LETTERS];
    size_t counts[MOST_LETTERS], runs = 0;
    for (size_t at = 0; at < length; at++) {
        if (at && way[at] == way[at - 1]) {
            counts[runs - 1]++;
            continue;
        }
        short_form[runs] = way[at];
        counts[runs++] = 1;
    }
    if (put_bit(&self->words, &self->bits, way, length, bit) < 0 ||
        (runs < length && put_bit(&self->words, &self->bits, short_form, runs, bit) < 0))
        return -1;
    return add_stretched(self, way, length, short_form, counts, runs);
}

/* Adds the ways in which characters of the same shape stand for others, the first few; -1 with an exception. */
static int
add_shapes(Gathering *self, uint32_t bit, const Py_UCS4 *reads, const uint32_t *letters, size_t length)
{
    uint32_t chosen[MOST_LETTERS] = {0};
    Py_UCS4 way[MOST_LETTERS];
    memcpy(way, reads, length * sizeof *way);
    for (int ways = 1; ways < MOST_SHAPES; ways++) {
        /* As `product` counts: the last one changes first. */
        size_t at = length;
        while (at) {
            const Letter *letter = &self->letters[letters[--at]];
            if (chosen[at] < letter->most) {
                way[at] = self->shapes[letter->shapes + chosen[at]++];
                break;
            }
            chosen[at] = 0;
            way[at] = reads[at];
            if (!at)
                return 0;
        }
        if (add_way(self, bit, way, length) < 0)
            return -1;
    }
    return 0;
}

/* Adds the ways in which an upright bar stands for some l, or an l for each i; -1 with an exception. */
static int
add_bars(Gathering *self, uint32_t bit, const Py_UCS4 *reads, size_t length)
{
    Py_UCS4 way[MOST_LETTERS];
    size_t places[MOST_BARS], bars = 0;
    int with_i = 0;
    for (size_t at = 0; at < length; at++) {
        if (reads[at] == 'l' && bars < MOST_BARS)
            places[bars++] = at;
        with_i |= reads[at] == 'i';
    }
    for (int chosen = 1; chosen < 1 << bars; chosen++) {
        memcpy(way, reads, length * sizeof *way);
        for (size_t one = 0; one < bars; one++)
            if (chosen >> one & 1)
                way[places[one]] = 'i';
        if (add_way(self, bit, way, length) < 0)
            return -1;
    }
    if (!with_i || length <= 3)
        return 0;
    for (size_t at = 0; at < length; at++)
        way[at] = reads[at] == 'i' ? 'l' : reads[at];
    return add_way(self, bit, way, length);
}

/* Adds what a word leads to: 1 where it was added, 0 where it is left to Python, -1 with an exception. */
static int
add_word(Gathering *self, uint32_t bit, PyObject *word)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(word);
    Py_UCS4 reads[MOST_LETTERS] = {0}, before = 0, follows = 0;
    uint32_t letters[MOST_LETTERS];
    size_t length = 0;
    int shaped = 0;
    if (!size || size > MOST_LETTERS)
        return 0;
    int kind = PyUnicode_KIND(word);
    const void *data = PyUnicode_DATA(word);
    for (Py_ssize_t at = 0; at < size; at++) {
        const Letter *letter = letter_of(self, PyUnicode_READ(kind, data, at));
        if (letter == NULL)
            return PyErr_Occurred() ? -1 : 0;
        int end = !at || at == size - 1;
        if ((end && !letter->reads) || (before == ' ' && letter->folded == ' ') || (follows && follows == letter->folded))
            return 0;
        before = letter->folded;
        follows = letter->follows;
        if (!letter->reads)
            continue;
        letters[length] = (uint32_t)(letter - self->letters);
        reads[length++] = letter->reads;
        shaped |= letter->most > 0;
    }
    for (size_t at = 0; at < length && length > 1; at++) {
        Py_UCS4 folded = self->letters[letters[at]].folded;
        if (is_in(self->han, folded))
            put_in(self->used, folded);
    }
    if (add_way(self, bit, reads, length) < 0 ||
        (shaped && length > 1 && add_shapes(self, bit, reads, letters, length) < 0))
        return -1;
    return add_bars(self, bit, reads, length) < 0 ? -1 : 1;
}

/* The bit of a rule, for `PyArg_ParseTuple`; 0 with an exception. */
static int
take_bit(PyObject *given, void *bit)
{
    unsigned long number = PyLong_AsUnsignedLong(given);
    if (PyErr_Occurred())
        return 0;
    if (number >= MOST) {
        PyErr_SetString(PyExc_OverflowError, "too many rules");
        return 0;
    }
    *(uint32_t *)bit = (uint32_t)number;
    return 1;
}

/* --- methods -------------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(add_doc, "add(bit, words)\n\nAdds the words of a rule; gives those that are left to Python.");

static PyObject *
gathering_add(PyObject *object, PyObject *args)
{
    Gathering *self = (Gathering *)object;
    uint32_t bit;
    PyObject *words, *left;
    if (!PyArg_ParseTuple(args, "O&O!", take_bit, &bit, &PyTuple_Type, &words) || (left = PyList_New(0)) == NULL)
        return NULL;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(words); at++) {
        PyObject *word = PyTuple_GET_ITEM(words, at);
        int added = -1;
        if (PyUnicode_Check(word))
            added = add_word(self, bit, word);
        else
            PyErr_SetString(PyExc_TypeError, "words are texts");
        if (added < 0 || (!added && PyList_Append(left, word) < 0)) {
            Py_DECREF(left);
            return NULL;
        }
    }
    return left;
}

/* Does something with the characters of each text of a list; -1 with an exception. */
static int
put_all(Gathering *self, PyObject *texts, int with_bit, uint32_t bit)
{
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(texts); at++) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        Py_UCS4 *characters = PyUnicode_Check(text) ? PyUnicode_AsUCS4Copy(text) : NULL;
        if (characters == NULL) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_TypeError, "what words lead to are texts");
            return -1;
        }
        size_t length = (size_t)PyUnicode_GET_LENGTH(text);
        int put = with_bit ? put_bit(&self->words, &self->bits, characters, length, bit)
                           : put_text(&self->repeated, characters, length) ? 0 : -1;
        PyMem_Free(characters);
        if (put < 0)
            return -1;
    }
    return 0;
}

PyDoc_STRVAR(put_doc, "put(bit, words, repeated, letters)\n\nAdds what Python says that words lead to.");

static PyObject *
gathering_put(PyObject *object, PyObject *args)
{
    Gathering *self = (Gathering *)object;
    uint32_t bit;
    PyObject *words, *repeated, *letters;
    if (!PyArg_ParseTuple(args, "O&O!O!U", take_bit, &bit, &PyList_Type, &words, &PyList_Type, &repeated, &letters))
        return NULL;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(letters); at++)
        put_in(self->used, PyUnicode_READ_CHAR(letters, at));
    if (put_all(self, words, 1, bit) < 0 || put_all(self, repeated, 0, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(letters_doc, "letters()\n\nThe Chinese characters of all words that may be written in parts.");

static PyObject *
gathering_letters(PyObject *object, PyObject *unused)
{
    const Gathering *self = (Gathering *)object;
    (void)unused;
    Py_ssize_t number = 0;
    for (Py_UCS4 one = 0; one < CHARACTERS; one++)
        number += is_in(self->used, one);
    Py_UCS4 *found = PyMem_Calloc((size_t)number + 1, sizeof *found);
    if (found == NULL)
        return PyErr_NoMemory();
    number = 0;
    for (Py_UCS4 one = 0; one < CHARACTERS; one++)
        if (is_in(self->used, one))
            found[number++] = one;
    PyObject *letters = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, found, number);
    PyMem_Free(found);
    return letters;
}

/* What stands beside characters that may be written in parts, and the rules then possible. */
typedef struct {
    Texts after, before, anywhere;
    Bits bits;
} Beside;

static int
put_bits(Texts *texts, Beside *beside, const Py_UCS4 *characters, size_t length, const uint32_t *bits, Py_ssize_t number)
{
    for (Py_ssize_t at = 0; at < number; at++)
        if (put_bit(texts, &beside->bits, characters, length, bits[at]) < 0)
            return -1;
    return 0;
}

/* Adds what stands beside such characters in one text; -1 with an exception. */
static int
add_beside(const Gathering *self, Beside *beside, const Py_UCS4 *whole, size_t length, const uint32_t *bits,
           Py_ssize_t number)
{
    for (size_t at = 0; at < length; at++)
        if (is_in(self->split, whole[at])) {
            int behind = at + 1 < length, alone = !behind && !at;
            if (put_bits(behind ? &beside->after : &beside->before, beside, whole + at - (behind || alone ? 0 : 1),
                         alone ? 1 : 2, bits, number) < 0)
                return -1;
        }
    return 0;
}

static int
gather_beside(Gathering *self, Beside *beside, Groups *groups)
{
    for (size_t one = 0; one < self->words.number; one++) {
        const Entry *entry = &self->words.entries[one];
        const Py_UCS4 *whole = self->words.characters + entry->start;
        Py_ssize_t number = -1;
        for (size_t at = 0; at < entry->length; at++)
            if (is_in(self->split, whole[at])) {
                if (number < 0 && (number = sort_bits(groups, &self->bits, entry->bits)) < 0)
                    return -1;
                if (put_bits(&beside->anywhere, beside, whole + at, 1, groups->sorted, number) < 0)
                    return -1;
            }
        if (number >= 0 && add_beside(self, beside, whole, entry->length, groups->sorted, number) < 0)
            return -1;
    }
    return 0;
}

/* Parts may be in parts themselves: what they stand for is then as if it were a word. */
static int
gather_parts(Gathering *self, Beside *beside, Groups *groups, PyObject *splits)
{
    PyObject *character, *several;
    Py_ssize_t place = 0;
    while (PyDict_Next(splits, &place, &character, &several)) {
        Py_UCS4 one = PyUnicode_READ_CHAR(character, 0);
        uint32_t found = put_text(&beside->anywhere, &one, 1);
        Py_ssize_t number = found ? sort_bits(groups, &beside->bits, beside->anywhere.entries[found - 1].bits) : -1;
        for (Py_ssize_t at = 0; number >= 0 && at < PyList_GET_SIZE(several); at++) {
            PyObject *split = PyList_GET_ITEM(several, at);
            Py_UCS4 *whole = PyUnicode_Check(split) ? PyUnicode_AsUCS4Copy(split) : NULL;
            if (whole == NULL)
                number = -1;
            else if (add_beside(self, beside, whole, (size_t)PyUnicode_GET_LENGTH(split), groups->sorted, number) < 0)
                number = -1;
            PyMem_Free(whole);
        }
        if (number < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_TypeError, "parts are texts");
            return -1;
        }
    }
    return 0;
}

/* Sets an item of a tuple to what was made; -1 with an exception. */
static int
set_made(PyObject *tuple, Py_ssize_t at, PyObject *made)
{
    if (made == NULL)
        return -1;
    PyTuple_SET_ITEM(tuple, at, made);
    return 0;
}

/* All that was gathered, for Python; NULL with an exception. */
static PyObject *
told_of(const Gathering *self, const Beside *beside, Groups *groups)
{
    PyObject *found = PyTuple_New(6);
    /* The sets of rules stay for good: they are made before what may soon be let go. */
    PyObject *owners = found == NULL ? NULL : numbers_of(&self->words, groups, &self->bits);
    PyObject *after = owners == NULL ? NULL : numbers_of(&beside->after, groups, &beside->bits);
    PyObject *before = after == NULL ? NULL : numbers_of(&beside->before, groups, &beside->bits);
    PyObject *anywhere = before == NULL ? NULL : numbers_of(&beside->anywhere, groups, &beside->bits);
    if (anywhere == NULL || set_made(found, 0, list_of(&self->words)) < 0 || set_made(found, 1, Py_NewRef(owners)) < 0 ||
        set_made(found, 2, list_of(&self->repeated)) < 0 || set_made(found, 3, named(&beside->after, after)) < 0 ||
        set_made(found, 4, named(&beside->before, before)) < 0 ||
        set_made(found, 5, named(&beside->anywhere, anywhere)) < 0)
        Py_CLEAR(found);
    Py_XDECREF(owners);
    Py_XDECREF(after);
    Py_XDECREF(before);
    Py_XDECREF(anywhere);
    return found;
}

PyDoc_STRVAR(finish_doc, "finish(splits, groups)\n\n`splits`: for characters what they are written as in parts.");

static PyObject *
gathering_finish(PyObject *object, PyObject *args)
{
    Gathering *self = (Gathering *)object;
    PyObject *splits, *numbered, *character, *several;
    Py_ssize_t place = 0;
    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &splits, &PyDict_Type, &numbered))
        return NULL;
    memset(self->split, 0, CHARACTERS / 8);
    while (PyDict_Next(splits, &place, &character, &several)) {
        if (!PyUnicode_Check(character) || PyUnicode_GET_LENGTH(character) != 1 || !PyList_CheckExact(several))
            return PyErr_Format(PyExc_TypeError, "characters, and lists of their parts");
        put_in(self->split, PyUnicode_READ_CHAR(character, 0));
    }
    Beside beside = {0};
    Groups groups = {.groups = numbered};
    PyObject *found = NULL;
    if (gather_beside(self, &beside, &groups) == 0 && gather_parts(self, &beside, &groups, splits) == 0)
        found = told_of(self, &beside, &groups);
    free_texts(&beside.after);
    free_texts(&beside.before);
    free_texts(&beside.anywhere);
    PyMem_Free(beside.bits.bits);
    free_groups(&groups);
    return found;
}

/* --- the type ----------------------------------------------------------------------------------------------------- */

static PyObject *
gathering_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *learn;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O", &learn))
        return NULL;
    Gathering *self = (Gathering *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->learn = Py_NewRef(learn);
    self->known = PyMem_Calloc(NEAR, sizeof *self->known);
    self->han = PyMem_Calloc(CHARACTERS / 8, 1);
    self->used = PyMem_Calloc(CHARACTERS / 8, 1);
    self->split = PyMem_Calloc(CHARACTERS / 8, 1);
    if (self->known == NULL || self->han == NULL || self->used == NULL || self->split == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static int
gathering_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((Gathering *)object)->learn);
    return 0;
}

static int
gathering_clear(PyObject *object)
{
    Py_CLEAR(((Gathering *)object)->learn);
    return 0;
}

static void
gathering_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Gathering *self = (Gathering *)object;
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->learn);
    PyMem_Free(self->known);
    PyMem_Free(self->letters);
    PyMem_Free(self->shapes);
    PyMem_Free(self->han);
    PyMem_Free(self->used);
    PyMem_Free(self->split);
    PyMem_Free(self->bits.bits);
    free_texts(&self->words);
    free_texts(&self->repeated);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"add", gathering_add, METH_VARARGS, add_doc},
    {"put", gathering_put, METH_VARARGS, put_doc},
    {"letters", gathering_letters, METH_NOARGS, letters_doc},
    {"finish", gathering_finish, METH_VARARGS, finish_doc},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(gathering_doc, "Gathering(learn)\n\nWhat the words of many rules lead to: see compiler/gathering.py.");

static PyType_Slot type_slots[] = {
    {Py_tp_doc, (void *)gathering_doc},      {Py_tp_new, gathering_new},
    {Py_tp_traverse, gathering_traverse},    {Py_tp_clear, gathering_clear},
    {Py_tp_dealloc, gathering_dealloc},      {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {"communityrules.kernel._leading.Gathering", sizeof(Gathering), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, type_slots};

static int
start(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    int added = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
    Py_XDECREF(type);
    return added;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, start},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._leading",
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__leading(void)
{
    return PyModuleDef_Init(&definition);
}
