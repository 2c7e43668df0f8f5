/* Making `Words` of texts, each where a stretch of it is found that few others share, and letting go of them. */

#ifndef COMMUNITYRULES_SIFTING_WORDS_MAKING_H
#define COMMUNITYRULES_SIFTING_WORDS_MAKING_H

#include "_sifting_stretches.h"

/* How many words may have been chosen by one stretch: beyond, a text made for it would cost too much. */
#define MOST_ALIKE 64
/* And how long these may be together: each of them is compared where the stretch stands, and a text may hold it at every
   place. */
#define MOST_COMPARED 8192
/* In how many places of a word a stretch is looked for. */
#define TRIED 8
#define MOST_WORDS (1 << 26)
/* The last bit that a rule may have: masks go up to it. */
#define MOST_BITS (1 << 26)

/* The hash of a stretch, by which it is told apart, put together as it is while a text is gone through. */
static uint32_t
stretch_of(const Py_UCS4 *at, int width)
{
    if (width == 1)
        return at[0];
    uint32_t by = width == 2 ? BY_TWO : width == 4 ? BY_FOUR : BY_EIGHT;
    return join(stretch_of(at, width / 2), stretch_of(at + width / 2, width / 2), by);
}

/* Among which stretches a word has its own. */
static int
table_of(const Py_UCS4 *characters, uint32_t length)
{
    if (length >= 4)
        return length >= 8 ? EIGHT : FOUR;
    for (uint32_t at = 1; at < length; at++)
        if (characters[at] >= HIGH)
            return TWO_HIGH;
    return length >= 2 ? TWO_LOW : ONE;
}

static int
make_stretches(Stretches *stretches)
{
    if (!stretches->words)
        return 0;
    /* Of sixteen bits for each word no more than a sixth are set: one stretch in two hundred has all of three at most. Of
       the entries no more than three in four are taken. */
    int filter = log_of((uint64_t)stretches->words * 16), entries = log_of((uint64_t)stretches->words * 4 / 3 + 1);
    filter = (filter < 13 ? 13 : filter > 31 ? 31 : filter) - 5;
    entries = entries < 4 ? 4 : entries;
    stretches->filter_shift = 32 - filter;
    stretches->shift = 32 - entries;
    stretches->filter = PyMem_Calloc((size_t)1 << filter, sizeof(uint32_t));
    stretches->entries = PyMem_Calloc((size_t)1 << entries, sizeof(uint64_t));
    return stretches->filter == NULL || stretches->entries == NULL ? -1 : 0;
}

/* The entry of a stretch: its own, or the empty one where it would stand. */
static uint64_t *
entry_of(const Stretches *stretches, uint32_t hash)
{
    uint32_t last = (UINT32_C(1) << (32 - stretches->shift)) - 1, at = spread(hash) >> stretches->shift;
    while (stretches->entries[at] && (uint32_t)(stretches->entries[at] >> 32) != hash)
        at = (at + 1) & last;
    return &stretches->entries[at];
}

/* Whether a stretch of a word may stand in a table. */
static int
may_stand(const Py_UCS4 *stretch, int table)
{
    return table != TWO_HIGH || stretch[1] >= HIGH;
}

/* Puts a word where its stretch is found that the fewest others share; -1 where those are too many. */
static int
put_stretch(Words *self, uint32_t number, int table)
{
    Word *word = &self->words[number];
    const Py_UCS4 *characters = self->characters + word->start, *best_at = NULL;
    int width = 1 << log_of_width[table];
    Stretches *stretches = &self->stretches[table];
    uint32_t places = 0, met = 0, fewest = MOST_ALIKE, chosen = 0;
    uint64_t *best = NULL;
    for (uint32_t at = 0; at + (uint32_t)width <= word->length; at++)
        places += (uint32_t)may_stand(characters + at, table);
    uint32_t step = (places + TRIED - 1) / TRIED;
    if (word->length > MOST_COMPARED)
        return -1;
    for (uint32_t at = 0; at + (uint32_t)width <= word->length && fewest; at++) {
        if (!may_stand(characters + at, table) || met++ % step)
            continue;
        uint32_t hash = stretch_of(characters + at, width);
        uint64_t *entry = entry_of(stretches, hash);
        uint32_t alike = 0, compared = word->length;
        for (uint32_t next = (uint32_t)*entry; next && alike < fewest; next = self->words[next - 1].next) {
            alike++;
            compared += self->words[next - 1].length;
        }
        if (alike < fewest && compared <= MOST_COMPARED) {
            fewest = alike;
            best = entry;
            best_at = characters + at;
            chosen = hash;
        }
    }
    if (best == NULL)
        return -1;
    word->before = (uint32_t)(best_at - characters) + (uint32_t)width;
    word->next = (uint32_t)*best;
    *best = ((uint64_t)chosen << 32) | (number + 1);
    uint32_t place = spread(chosen);
    stretches->filter[place >> stretches->filter_shift] |= bits_in_filter(place);
    stretches->ends |= best_at[width - 1] >= HIGH ? ENDS_HIGH : ENDS_LOW;
    return 0;
}

static int
put_word(Words *self, uint32_t number)
{
    const Word *word = &self->words[number];
    return put_stretch(self, number, table_of(self->characters + word->start, word->length));
}

static int
by_bit(const void *one, const void *other)
{
    uint32_t mine = *(const uint32_t *)one, theirs = *(const uint32_t *)other;
    return mine < theirs ? -1 : mine > theirs;
}

/* The owners' rules, from a tuple of tuples of bits; each owner's in order. */
static int
take_owners(Words *self, PyObject *owners)
{
    Py_ssize_t number = PyTuple_GET_SIZE(owners), total = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *bits = PyTuple_GET_ITEM(owners, at);
        if (!PyTuple_CheckExact(bits)) {
            PyErr_SetString(PyExc_TypeError, "bits stand in a tuple");
            return -1;
        }
        total += PyTuple_GET_SIZE(bits);
    }
    self->rules = PyMem_Calloc(total ? (size_t)total : 1, sizeof(uint32_t));
    self->starts = PyMem_Calloc((size_t)number + 1, sizeof(uint32_t));
    if (self->rules == NULL || self->starts == NULL || total > UINT32_MAX || number > UINT32_MAX - 1) {
        PyErr_NoMemory();
        return -1;
    }
    self->owners = (uint32_t)number;
    uint32_t put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *bits = PyTuple_GET_ITEM(owners, at);
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(bits); one++) {
            unsigned long bit = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(bits, one));
            if (PyErr_Occurred())
                return -1;
            if (bit > MOST_BITS) {
                PyErr_SetString(PyExc_ValueError, "too many rules");
                return -1;
            }
            self->rules[put++] = (uint32_t)bit;
            if (bit >= self->bits)
                self->bits = (uint64_t)bit + 1;
        }
        uint32_t *own = self->rules + self->starts[at], number_of_own = put - self->starts[at];
        for (uint32_t one = 1; one < number_of_own; one++)
            if (own[one - 1] > own[one]) {
                qsort(own, number_of_own, sizeof(uint32_t), by_bit);
                break;
            }
        self->starts[at + 1] = put;
    }
    return 0;
}

/* The words themselves: texts, and for each the number of its owner. */
static int
take_words(Words *self, PyObject *texts, PyObject *owners)
{
    Py_ssize_t number = PyList_GET_SIZE(texts), total = 0;
    if (PyList_GET_SIZE(owners) != number || number > MOST_WORDS) {
        PyErr_SetString(PyExc_ValueError, "an owner for each word");
        return -1;
    }
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        if (!PyUnicode_Check(text) || !PyUnicode_GET_LENGTH(text)) {
            PyErr_SetString(PyExc_ValueError, "a word is a text, and not empty");
            return -1;
        }
        total += PyUnicode_GET_LENGTH(text);
    }
    self->characters = PyMem_Calloc(total ? (size_t)total : 1, sizeof(Py_UCS4));
    self->words = PyMem_Calloc(number ? (size_t)number : 1, sizeof(Word));
    if (self->characters == NULL || self->words == NULL || total > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    uint32_t put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        unsigned long owner = PyLong_AsUnsignedLong(PyList_GET_ITEM(owners, at));
        if (PyErr_Occurred())
            return -1;
        if (owner >= self->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        Word *word = &self->words[at];
        word->start = put;
        word->length = (uint32_t)PyUnicode_GET_LENGTH(text);
        word->owner = (uint32_t)owner;
        copy_characters(self->characters + put, text, word->length);
        word->first = self->characters[put];
        word->last = self->characters[put + word->length - 1];
        put += word->length;
        self->stretches[table_of(self->characters + word->start, word->length)].words++;
    }
    self->number = (uint32_t)number;
    return 0;
}

/* Puts the characters of all words away in half the room where they fit; -1 with an exception. */
static int
make_narrow(Words *self)
{
    uint64_t total = 0;
    for (uint32_t at = 0; at < self->number; at++)
        total += self->words[at].length;
    for (uint64_t at = 0; at < total; at++)
        if (self->characters[at] > 0xFFFF)
            return 0;
    self->narrow = PyMem_Malloc(total ? (size_t)total * sizeof(uint16_t) : 1);
    if (self->narrow == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (uint64_t at = 0; at < total; at++)
        self->narrow[at] = (uint16_t)self->characters[at];
    PyMem_Free(self->characters);
    self->characters = NULL;
    return 0;
}

static PyObject *
words_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *texts, *of, *owners;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyList_Type, &texts, &PyList_Type, &of, &PyTuple_Type, &owners))
        return NULL;
    Words *self = (Words *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    int failed = take_owners(self, owners) < 0 || take_words(self, texts, of) < 0;
    for (int at = 0; at < TABLES && !failed; at++)
        if (make_stretches(&self->stretches[at]) < 0) {
            PyErr_NoMemory();
            failed = 1;
        }
    for (uint32_t at = 0; at < self->number && !failed; at++)
        if (put_word(self, at) < 0) {
            PyErr_SetString(PyExc_ValueError, "too many words alike");
            failed = 1;
        }
    if (failed || make_narrow(self) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void
words_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Words *self = (Words *)object;
    PyMem_Free(self->characters);
    PyMem_Free(self->narrow);
    PyMem_Free(self->words);
    PyMem_Free(self->rules);
    PyMem_Free(self->starts);
    for (int at = 0; at < TABLES; at++) {
        PyMem_Free(self->stretches[at].filter);
        PyMem_Free(self->stretches[at].entries);
    }
    type->tp_free(object);
    Py_DECREF(type);
}

PyDoc_STRVAR(words_left_doc,
             "left(text, plainly=False) -> bytes\n\nThe mask of the rules whose words stand in a text, as bytes from the "
             "lowest: whole words of 64 bits. `plainly`: one number at a time, whatever the processor can do.");

static PyObject *
words_left(PyObject *object, PyObject *args)
{
    Words *self = (Words *)object;
    PyObject *text;
    int plainly = 0;
    if (!PyArg_ParseTuple(args, "O|p", &text, &plainly))
        return NULL;
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "a text");
    size_t size = (size_t)(self->bits + 63) / 64;
    PyObject *found = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size * 8);
    if (found == NULL)
        return NULL;
    /* Words that are not live stay empty. */
    uint64_t *memory = PyMem_Calloc(size + (size + 63) / 64 + 1, 8);
    Mask mask = {memory, memory + size};
    if (memory == NULL || words_mark(self, text, &mask, NULL, plainly) < 0) {
        PyMem_Free(memory);
        Py_DECREF(found);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    memcpy(PyBytes_AS_STRING(found), mask.words, size * 8);
    PyMem_Free(memory);
    return found;
}

#endif
