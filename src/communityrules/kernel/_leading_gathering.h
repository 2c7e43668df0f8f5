/* Texts, each kept once, and the bits of rules that each of them is for. */

#ifndef COMMUNITYRULES_LEADING_GATHERING
#define COMMUNITYRULES_LEADING_GATHERING

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* The most of anything that is counted in 32 bits. */
#define MOST ((size_t)1 << 31)

/* A rule's bit, and the one after it of the same text, from 1. */
typedef struct {
    uint32_t bit, next;
} Bit;

typedef struct {
    uint32_t start, length; /* in the characters of all texts */
    uint32_t hash;
    uint32_t bits; /* the last one added, from 1; 0 where there is none */
} Entry;

typedef struct {
    Py_UCS4 *characters;
    size_t put, room;
    Entry *entries;
    size_t number, entries_room;
    uint32_t *places; /* by hash, the number of an entry from 1 */
    int log;
} Texts;

typedef struct {
    Bit *bits;
    size_t number, room;
} Bits;

/* Makes room for more of what an array holds; -1 with an exception. */
static int
have_room(void **array, size_t size, size_t *room, size_t wanted)
{
    if (wanted <= *room)
        return 0;
    size_t more = wanted + wanted / 2 + 64;
    void *made = more < MOST ? PyMem_Realloc(*array, more * size) : NULL;
    if (made == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    *array = made;
    *room = more;
    return 0;
}

static uint32_t
hash_of(const Py_UCS4 *characters, size_t length)
{
    uint64_t hash = length;
    for (size_t at = 0; at < length; at++)
        hash = (hash ^ characters[at]) * UINT64_C(0x9E3779B97F4A7C15) ^ hash >> 29;
    return (uint32_t)(hash ^ hash >> 32);
}

static int
have_places(Texts *texts)
{
    if (texts->places != NULL && texts->number * 2 < (size_t)1 << texts->log)
        return 0;
    int log = texts->places == NULL ? 6 : texts->log + 1;
    uint32_t *places = PyMem_Calloc((size_t)1 << log, sizeof *places);
    if (places == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    size_t last = ((size_t)1 << log) - 1;
    for (size_t one = 0; one < texts->number; one++) {
        size_t at = texts->entries[one].hash & last;
        while (places[at])
            at = (at + 1) & last;
        places[at] = (uint32_t)one + 1;
    }
    PyMem_Free(texts->places);
    texts->places = places;
    texts->log = log;
    return 0;
}

/* The number of a text from 1, which is added where it is missing; 0 with an exception. */
static uint32_t
put_text(Texts *texts, const Py_UCS4 *characters, size_t length)
{
    if (have_places(texts) < 0)
        return 0;
    uint32_t hash = hash_of(characters, length);
    size_t last = ((size_t)1 << texts->log) - 1, at = hash & last;
    for (; texts->places[at]; at = (at + 1) & last) {
        const Entry *entry = &texts->entries[texts->places[at] - 1];
        if (entry->hash == hash && entry->length == length &&
            !memcmp(texts->characters + entry->start, characters, length * sizeof *characters))
            return texts->places[at];
    }
    if (have_room((void **)&texts->characters, sizeof *characters, &texts->room, texts->put + length) < 0 ||
        have_room((void **)&texts->entries, sizeof(Entry), &texts->entries_room, texts->number + 1) < 0)
        return 0;
    memcpy(texts->characters + texts->put, characters, length * sizeof *characters);
    texts->entries[texts->number] = (Entry){(uint32_t)texts->put, (uint32_t)length, hash, 0};
    texts->put += length;
    return texts->places[at] = (uint32_t)++texts->number;
}

/* Adds a text, or a bit to it; -1 with an exception. */
static int
put_bit(Texts *texts, Bits *bits, const Py_UCS4 *characters, size_t length, uint32_t bit)
{
    uint32_t number = put_text(texts, characters, length);
    if (!number)
        return -1;
    Entry *entry = &texts->entries[number - 1];
    if (entry->bits && bits->bits[entry->bits - 1].bit == bit)
        return 0;
    if (have_room((void **)&bits->bits, sizeof(Bit), &bits->room, bits->number + 1) < 0)
        return -1;
    bits->bits[bits->number] = (Bit){bit, entry->bits};
    entry->bits = (uint32_t)++bits->number;
    return 0;
}

static void
free_texts(Texts *texts)
{
    PyMem_Free(texts->characters);
    PyMem_Free(texts->entries);
    PyMem_Free(texts->places);
    memset(texts, 0, sizeof *texts);
}

/* --- sets of bits, each with a number ----------------------------------------------------------------------------- */

typedef struct {
    uint32_t *sorted;
    size_t room;
    PyObject *groups; /* a dict: sets as tuples, and their numbers */
    /* By bit: itself as Python's, and the number of the set of it alone; NULL where nobody asked. */
    PyObject **bits, **alone;
    size_t bits_room, alone_room;
} Groups;

static int
by_number(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

/* Sorts the bits of a text into `sorted`, each once: how many; -1 with an exception. */
static Py_ssize_t
sort_bits(Groups *groups, const Bits *bits, uint32_t first)
{
    size_t number = 0, kept = 0;
    int in_order = 1;
    for (uint32_t at = first; at; at = bits->bits[at - 1].next) {
        if (have_room((void **)&groups->sorted, sizeof(uint32_t), &groups->room, number + 1) < 0)
            return -1;
        groups->sorted[number] = bits->bits[at - 1].bit;
        in_order &= !number || groups->sorted[number] < groups->sorted[number - 1];
        number++;
    }
    if (in_order) {
        /* The last one added comes first. */
        for (size_t at = 0; at < number / 2; at++) {
            uint32_t one = groups->sorted[at];
            groups->sorted[at] = groups->sorted[number - 1 - at];
            groups->sorted[number - 1 - at] = one;
        }
        return (Py_ssize_t)number;
    }
    qsort(groups->sorted, number, sizeof(uint32_t), by_number);
    for (size_t at = 0; at < number; at++)
        if (!at || groups->sorted[at] != groups->sorted[at - 1])
            groups->sorted[kept++] = groups->sorted[at];
    return (Py_ssize_t)kept;
}

/* Where an object of a bit stands in an array, which is made longer where need be; NULL with an exception. */
static PyObject **
of_bit(PyObject ***array, size_t *room, uint32_t bit)
{
    size_t before = *room;
    if (have_room((void **)array, sizeof(PyObject *), room, (size_t)bit + 1) < 0)
        return NULL;
    if (*room > before)
        memset(*array + before, 0, (*room - before) * sizeof(PyObject *));
    return *array + bit;
}

/* The number of a set of sorted bits, as Python's; NULL with an exception. */
static PyObject *
number_of_set(Groups *groups, Py_ssize_t number)
{
    PyObject *set = PyTuple_New(number);
    for (Py_ssize_t at = 0; set != NULL && at < number; at++) {
        /* Tens of thousands of sets have the same bits. */
        PyObject **bit = of_bit(&groups->bits, &groups->bits_room, groups->sorted[at]);
        if (bit != NULL && *bit == NULL)
            *bit = PyLong_FromUnsignedLong(groups->sorted[at]);
        if (bit == NULL || *bit == NULL)
            Py_CLEAR(set);
        else
            PyTuple_SET_ITEM(set, at, Py_NewRef(*bit));
    }
    PyObject *next = set == NULL ? NULL : PyLong_FromSsize_t(PyDict_GET_SIZE(groups->groups));
    PyObject *found = next == NULL ? NULL : Py_XNewRef(PyDict_SetDefault(groups->groups, set, next));
    Py_XDECREF(next);
    Py_XDECREF(set);
    return found;
}

/* The number of the set of bits of a text, as Python's; NULL with an exception. */
static PyObject *
number_of_bits(Groups *groups, const Bits *bits, uint32_t first)
{
    Py_ssize_t number = sort_bits(groups, bits, first);
    if (number != 1)
        return number < 0 ? NULL : number_of_set(groups, number);
    PyObject **alone = of_bit(&groups->alone, &groups->alone_room, groups->sorted[0]);
    if (alone != NULL && *alone == NULL)
        *alone = number_of_set(groups, 1);
    return alone == NULL ? NULL : Py_XNewRef(*alone);
}

static void
free_groups(Groups *groups)
{
    for (size_t at = 0; at < groups->bits_room; at++)
        Py_XDECREF(groups->bits[at]);
    for (size_t at = 0; at < groups->alone_room; at++)
        Py_XDECREF(groups->alone[at]);
    PyMem_Free(groups->bits);
    PyMem_Free(groups->alone);
    PyMem_Free(groups->sorted);
}

/* The numbers of the sets of all texts, in their order; NULL with an exception. */
static PyObject *
numbers_of(const Texts *texts, Groups *groups, const Bits *bits)
{
    PyObject *numbers = PyList_New((Py_ssize_t)texts->number);
    for (size_t at = 0; numbers != NULL && at < texts->number; at++) {
        PyObject *number = number_of_bits(groups, bits, texts->entries[at].bits);
        if (number == NULL)
            Py_CLEAR(numbers);
        else
            PyList_SET_ITEM(numbers, (Py_ssize_t)at, number);
    }
    return numbers;
}

static PyObject *
text_at(const Texts *texts, size_t at)
{
    const Entry *entry = &texts->entries[at];
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, texts->characters + entry->start, entry->length);
}

/* All texts, in their order; NULL with an exception. */
static PyObject *
list_of(const Texts *texts)
{
    PyObject *list = PyList_New((Py_ssize_t)texts->number);
    for (size_t at = 0; list != NULL && at < texts->number; at++) {
        PyObject *text = text_at(texts, at);
        if (text == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)at, text);
    }
    return list;
}

/* Each text and its number, as a dict; NULL with an exception. */
static PyObject *
named(const Texts *texts, PyObject *numbers)
{
    PyObject *found = PyDict_New();
    for (size_t at = 0; found != NULL && at < texts->number; at++) {
        PyObject *text = text_at(texts, at);
        if (text == NULL || PyDict_SetItem(found, text, PyList_GET_ITEM(numbers, (Py_ssize_t)at)) < 0)
            Py_CLEAR(found);
        Py_XDECREF(text);
    }
    return found;
}

#endif
