/* The cells of a count in memory: a table from keys to cells that does for Python what a dictionary does there.
 *
 * The parts of a key stand in the table itself, so that an event is looked up without a tuple being made for it. Cells
 * keep the order in which they came, as those of a dictionary do.
 */

#ifndef COMMUNITYRULES_CELLS_H
#define COMMUNITYRULES_CELLS_H

#include "layout.h"

/* A key that is looked for: its parts, borrowed, and the hash of all of them. */
typedef struct {
    PyObject *const *parts;
    int width;
    Py_uhash_t hash;
} Key;

/* Where an entry is, by half of its hash: so that others that met there need not be looked at. */
typedef struct {
    uint32_t tag;
    /* One more than its place; 0 behind the last of those that met. */
    uint32_t place;
} Spot;

/* A cell and the parts of its key. One that was taken out has no cell, nor parts. */
typedef struct {
    Py_uhash_t hash;
    PyObject *cell;
    PyObject *parts[];
} Entry;

typedef struct {
    PyObject_HEAD
    /* How many parts each key has; -1 until there is one. */
    int width;
    /* Entries that have a cell, all of them, and how many there is room for. */
    uint32_t used, size, room;
    /* By the hash; as many as a power of two, of which `mask` is one less. */
    uint32_t mask;
    Spot *spots;
    char *entries;
} Cells;

#define FEWEST_SPOTS 16
#define MOST_SPOTS (UINT32_C(1) << 31)

/* Has memory that will be read be fetched meanwhile. */
#if defined(__GNUC__)
#define FETCH(at) __builtin_prefetch(at)
#else
#define FETCH(at) ((void)(at))
#endif

/* A hash with that of one more part. */
static inline Py_uhash_t mix_hash(Py_uhash_t mixed, Py_hash_t part)
{
    mixed = (mixed ^ (Py_uhash_t)part) * (Py_uhash_t)UINT64_C(0x9E3779B97F4A7C15);
    return mixed ^ mixed >> (sizeof mixed * 4);
}

static inline uint32_t tag_of(Py_uhash_t hash) { return (uint32_t)(hash >> (sizeof hash * 4)); }

static inline size_t stride_of(const Cells *self)
{
    return sizeof(Entry) + (size_t)(self->width < 0 ? 0 : self->width) * sizeof(PyObject *);
}

static inline Entry *entry_at(const Cells *self, size_t place)
{
    return (Entry *)(self->entries + place * stride_of(self));
}

/* Whether two texts, whose hash is known, are equal. */
static inline int same_text(PyObject *one, PyObject *other)
{
    return PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other) && PyUnicode_KIND(one) == PyUnicode_KIND(other)
        && memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other),
                  (size_t)PyUnicode_GET_LENGTH(one) * PyUnicode_KIND(one)) == 0;
}

/* Whether two parts are equal; -1 with an error. */
static int same_part(PyObject *one, PyObject *other)
{
    if (one == other)
        return 1;
    if (is_text(one) && is_text(other))
        return same_text(one, other);
    Py_INCREF(one);
    Py_INCREF(other);
    int same = PyObject_RichCompareBool(one, other, Py_EQ);
    Py_DECREF(one);
    Py_DECREF(other);
    return same;
}

/* Whether an entry is of a key; -1 with an error. Comparing what is no text may have Python do anything. */
static int is_of_key(const Cells *self, const Entry *entry, const Key *key)
{
    const char *entries = self->entries;
    for (int one = 0; one < key->width; one++) {
        int same = same_part(entry->parts[one], key->parts[one]);
        if (same <= 0)
            return same;
        if (self->entries != entries || entry->cell == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "cells changed while one was looked for");
            return -1;
        }
    }
    return 1;
}

/* Whether an entry is of a key, and a cell of its own; -1 with an error. */
static inline int is_found(const Cells *self, const Entry *entry, const Key *key)
{
    if (entry->hash != key->hash || entry->cell == NULL)
        return 0;
    FETCH(entry->cell);
    return is_of_key(self, entry, key);
}

/* The entry of a key, NULL where there is none, or with an error. It stays until something is added. */
static Entry *find_entry(const Cells *self, const Key *key)
{
    if (self->used == 0 || key->width != self->width)
        return NULL;
    uint32_t tag = tag_of(key->hash);
    for (uint32_t at = (uint32_t)key->hash & self->mask; self->spots[at].place; at = (at + 1) & self->mask) {
        if (self->spots[at].tag != tag)
            continue;
        Entry *entry = entry_at(self, self->spots[at].place - 1);
        int found = is_found(self, entry, key);
        if (found)
            return found < 0 ? NULL : entry;
    }
    return NULL;
}

/* Has the spot that a key is looked for at first be fetched. */
static inline void fetch_spot(const Cells *self, const Key *key)
{
    if (self->used)
        FETCH(&self->spots[(uint32_t)key->hash & self->mask]);
}

/* Has the entry be fetched that stands there: most often it is the one of the key. */
static inline void fetch_entry(const Cells *self, const Key *key)
{
    if (self->used) {
        const Spot *spot = &self->spots[(uint32_t)key->hash & self->mask];
        if (spot->place && spot->tag == tag_of(key->hash))
            FETCH(entry_at(self, spot->place - 1));
    }
}

/* Has what that entry points to be fetched: its cell, and the parts that a key is compared with. */
static inline void fetch_rest(const Cells *self, const Key *key)
{
    if (self->used) {
        const Spot *spot = &self->spots[(uint32_t)key->hash & self->mask];
        if (spot->place && spot->tag == tag_of(key->hash)) {
            const Entry *entry = entry_at(self, spot->place - 1);
            FETCH(entry->cell);
            for (int one = 0; one < self->width; one++)
                FETCH(entry->parts[one]);
        }
    }
}

static void add_spot(Cells *self, uint32_t place, Py_uhash_t hash)
{
    uint32_t at = (uint32_t)hash & self->mask;
    while (self->spots[at].place)
        at = (at + 1) & self->mask;
    self->spots[at] = (Spot){tag_of(hash), place + 1};
}

/* Another table for the entries that have a cell, with room for more of them. */
static int make_room(Cells *self)
{
    uint32_t all = FEWEST_SPOTS, size = 0;
    /* At most five of eight spots are taken, and there is room for at least half as many again. */
    while (all / 8 * 5 < self->used + self->used / 2 + 1 && all < MOST_SPOTS)
        all *= 2;
    uint32_t room = all / 8 * 5;
    size_t stride = stride_of(self);
    Spot *spots = room > self->used ? PyMem_Calloc(all, sizeof(Spot)) : NULL;
    char *entries = spots == NULL ? NULL : PyMem_Malloc(room * stride);
    if (entries == NULL) {
        PyMem_Free(spots);
        PyErr_NoMemory();
        return -1;
    }
    for (uint32_t place = 0; place < self->size; place++)
        if (entry_at(self, place)->cell != NULL)
            memcpy(entries + size++ * stride, entry_at(self, place), stride);
    PyMem_Free(self->spots);
    PyMem_Free(self->entries);
    self->spots = spots;
    self->entries = entries;
    self->mask = all - 1;
    self->room = room;
    self->size = size;
    for (uint32_t place = 0; place < size; place++)
        add_spot(self, place, entry_at(self, place)->hash);
    return 0;
}

/* Adds a cell for a key that has none. NULL with an error. */
static Entry *add_entry(Cells *self, const Key *key, PyObject *cell)
{
    if (self->width < 0)
        self->width = key->width;
    if (self->width != key->width) {
        PyErr_SetString(PyExc_ValueError, "the keys of a count have as many parts each");
        return NULL;
    }
    if (self->size == self->room && make_room(self))
        return NULL;
    Entry *entry = entry_at(self, self->size);
    entry->hash = key->hash;
    entry->cell = Py_NewRef(cell);
    for (int one = 0; one < key->width; one++)
        entry->parts[one] = Py_NewRef(key->parts[one]);
    add_spot(self, self->size++, key->hash);
    self->used++;
    return entry;
}

/* Takes an entry out: its cell, whose reference the caller has then. */
static PyObject *take_entry(Cells *self, Entry *entry)
{
    PyObject *cell = entry->cell;
    entry->cell = NULL;
    self->used--;
    for (int one = 0; one < self->width; one++)
        Py_DECREF(entry->parts[one]);
    return cell;
}

/* --- for Python ------------------------------------------------------------------------------------------------- */

/* The tuple that Python knows a key by. */
static PyObject *tuple_of_parts(PyObject *const *parts, int width)
{
    PyObject *made = PyTuple_New(width);
    for (int one = 0; made != NULL && one < width; one++)
        PyTuple_SET_ITEM(made, one, Py_NewRef(parts[one]));
    /* Texts alone are in no cycle: what the collector would find out when it first comes by. */
    if (made != NULL && width)
        PyObject_GC_UnTrack(made);
    return made;
}

/* Makes a key of a tuple. 0, or -1 with an error. */
static int key_of_tuple(PyObject *given, Key *key)
{
    if (!PyTuple_CheckExact(given) || PyTuple_GET_SIZE(given) > 1000) {
        PyErr_SetString(PyExc_TypeError, "the key of a count is a tuple");
        return -1;
    }
    key->parts = ((PyTupleObject *)given)->ob_item;
    key->width = (int)PyTuple_GET_SIZE(given);
    key->hash = 0;
    for (int one = 0; one < key->width; one++) {
        Py_hash_t part = PyObject_Hash(key->parts[one]);
        if (part == -1)
            return -1;
        key->hash = mix_hash(key->hash, part);
    }
    return 0;
}

/* The error for a key without a cell. A tuple alone would be taken for all that the error is made of. */
static void no_such_key(PyObject *given)
{
    PyObject *all = PyTuple_Pack(1, given);
    if (all != NULL)
        PyErr_SetObject(PyExc_KeyError, all);
    Py_XDECREF(all);
}

/* The entry of a tuple; NULL where there is none, or with an error. */
static Entry *find_tuple(const Cells *self, PyObject *given)
{
    Key key;
    return key_of_tuple(given, &key) ? NULL : find_entry(self, &key);
}

static PyObject *tuple_of(const Cells *self, const Entry *entry) { return tuple_of_parts(entry->parts, self->width); }

static Py_ssize_t cells_length(Cells *self) { return self->used; }

static PyObject *cells_subscript(Cells *self, PyObject *given)
{
    Entry *entry = find_tuple(self, given);
    if (entry != NULL)
        return Py_NewRef(entry->cell);
    if (!PyErr_Occurred())
        no_such_key(given);
    return NULL;
}

static int cells_ass_subscript(Cells *self, PyObject *given, PyObject *cell)
{
    Key key;
    if (key_of_tuple(given, &key))
        return -1;
    Entry *entry = find_entry(self, &key);
    if (entry == NULL && PyErr_Occurred())
        return -1;
    if (cell != NULL && entry == NULL)
        return add_entry(self, &key, cell) == NULL ? -1 : 0;
    if (cell != NULL)
        put_slot(&entry->cell, Py_NewRef(cell));
    else if (entry != NULL)
        Py_DECREF(take_entry(self, entry));
    else
        no_such_key(given);
    return cell == NULL && entry == NULL ? -1 : 0;
}

static int cells_contains(Cells *self, PyObject *given)
{
    return find_tuple(self, given) != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
}

static PyObject *cells_get(Cells *self, PyObject *const *args, Py_ssize_t given)
{
    if (given != 1 && given != 2) {
        PyErr_SetString(PyExc_TypeError, "get takes a key, and what there is otherwise");
        return NULL;
    }
    Entry *entry = find_tuple(self, args[0]);
    if (entry == NULL && PyErr_Occurred())
        return NULL;
    return Py_NewRef(entry != NULL ? entry->cell : given == 2 ? args[1] : Py_None);
}

static PyObject *cells_pop(Cells *self, PyObject *const *args, Py_ssize_t given)
{
    if (given != 2) {
        PyErr_SetString(PyExc_TypeError, "pop takes a key, and what there is otherwise");
        return NULL;
    }
    Entry *entry = find_tuple(self, args[0]);
    if (entry != NULL)
        return take_entry(self, entry);
    return PyErr_Occurred() ? NULL : Py_NewRef(args[1]);
}

/* What a list has of an entry. */
typedef PyObject *(*Told)(const Cells *self, const Entry *entry);

static PyObject *cell_of_entry(const Cells *self, const Entry *entry)
{
    (void)self;
    return Py_NewRef(entry->cell);
}

static PyObject *pair_of(const Cells *self, const Entry *entry)
{
    PyObject *key = tuple_of(self, entry), *made = key == NULL ? NULL : PyTuple_Pack(2, key, entry->cell);
    Py_XDECREF(key);
    return made;
}

static PyObject *list_all(const Cells *self, Told told)
{
    PyObject *all = PyList_New(0);
    for (uint32_t place = 0; all != NULL && place < self->size; place++) {
        const Entry *entry = entry_at(self, place);
        if (entry->cell == NULL)
            continue;
        PyObject *one = told(self, entry);
        if (one == NULL || PyList_Append(all, one))
            Py_CLEAR(all);
        Py_XDECREF(one);
    }
    return all;
}

static PyObject *cells_items(Cells *self, PyObject *unused) { (void)unused; return list_all(self, pair_of); }

static PyObject *cells_values(Cells *self, PyObject *unused) { (void)unused; return list_all(self, cell_of_entry); }

static PyObject *cells_iter(Cells *self)
{
    PyObject *all = list_all(self, tuple_of), *each = all == NULL ? NULL : PyObject_GetIter(all);
    Py_XDECREF(all);
    return each;
}

static PyObject *cells_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    if (PyTuple_GET_SIZE(args) || (named != NULL && PyDict_GET_SIZE(named))) {
        PyErr_SetString(PyExc_TypeError, "cells begin with none");
        return NULL;
    }
    Cells *self = (Cells *)type->tp_alloc(type, 0);
    if (self != NULL)
        self->width = -1;
    return (PyObject *)self;
}

static void cells_dealloc(Cells *self)
{
    PyTypeObject *type = Py_TYPE(self);
    for (uint32_t place = 0; place < self->size; place++)
        if (entry_at(self, place)->cell != NULL)
            Py_DECREF(take_entry(self, entry_at(self, place)));
    PyMem_Free(self->spots);
    PyMem_Free(self->entries);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef cells_methods[] = {
    {"get", (PyCFunction)(void (*)(void))cells_get, METH_FASTCALL, PyDoc_STR("The cell of a key, or the other.")},
    {"pop", (PyCFunction)(void (*)(void))cells_pop, METH_FASTCALL, PyDoc_STR("Take the cell of a key out, or the other.")},
    {"items", (PyCFunction)cells_items, METH_NOARGS, PyDoc_STR("All keys with their cells.")},
    {"values", (PyCFunction)cells_values, METH_NOARGS, PyDoc_STR("All cells.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot cells_slots[] = {
    {Py_tp_new, cells_new},
    {Py_tp_dealloc, cells_dealloc},
    {Py_tp_methods, cells_methods},
    {Py_tp_iter, cells_iter},
    {Py_mp_length, cells_length},
    {Py_mp_subscript, cells_subscript},
    {Py_mp_ass_subscript, cells_ass_subscript},
    {Py_sq_contains, cells_contains},
    {0, NULL},
};

/* Its cells are instants and histories, which are in no cycle: nothing for the collector to look through. */
static PyType_Spec cells_spec = {
    .name = "communityrules.kernel._turning.Cells",
    .basicsize = sizeof(Cells),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = cells_slots,
};

#endif
