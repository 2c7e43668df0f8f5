/* The cells of a count in memory: a table from keys to cells that does for Python what a dictionary does there.
 *
 * The parts of a key stand in the table itself, so that an event is looked up without a tuple being made for it. Cells
 * keep the order in which they came, as those of a dictionary do.
 */

#ifndef COMMUNITYRULES_TURNING_CELLS_H
#define COMMUNITYRULES_TURNING_CELLS_H

#include "_turning_layout.h"

/* How many parts a key has at most. */
#define WIDEST 1000

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
    /* How often all entries were moved. */
    uint64_t moves;
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

/* Whether an entry that was there after so many moves is there now. */
static inline int still_stands(const Cells *self, const Entry *entry, uint64_t moves)
{
    return self->moves == moves && entry->cell != NULL;
}

/* Whether an entry is of a key; -1 with an error. Comparing what is no text may have Python do anything. */
static int is_of_key(const Cells *self, const Entry *entry, const Key *key)
{
    uint64_t moves = self->moves;
    for (int one = 0; one < key->width; one++) {
        int same = same_part(entry->parts[one], key->parts[one]);
        if (same >= 0 && !still_stands(self, entry, moves)) {
            PyErr_SetString(PyExc_RuntimeError, "cells changed while one was looked for");
            return -1;
        }
        if (same <= 0)
            return same;
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

/* The entry of a key, NULL where there is none, or with an error. The caller holds the table. After
   Python ran, `still_stands` says whether the entry does. */
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
    self->moves++;
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
    /* Letting go of a part may have Python run, and the table move. */
    PyObject *parts[WIDEST], *cell = entry->cell;
    int width = self->width;
    memcpy(parts, entry->parts, (size_t)width * sizeof *parts);
    entry->cell = NULL;
    self->used--;
    for (int one = 0; one < width; one++)
        Py_DECREF(parts[one]);
    return cell;
}

/* Puts a cell under a key. 0, or -1 with an error. */
static int put_entry(Cells *self, const Key *key, PyObject *cell)
{
    Entry *entry = find_entry(self, key);
    if (entry == NULL)
        return PyErr_Occurred() || add_entry(self, key, cell) == NULL ? -1 : 0;
    put_slot(&entry->cell, Py_NewRef(cell));
    return 0;
}

/* --- for Python ------------------------------------------------------------------------------------------------- */

/* The tuple that Python knows a key by. The caller holds the parts. */
static PyObject *tuple_of_parts(PyObject *const *parts, int width)
{
    PyObject *made = PyTuple_New(width);
    int texts = width;
    for (int one = 0; made != NULL && one < width; one++) {
        PyTuple_SET_ITEM(made, one, Py_NewRef(parts[one]));
        texts -= is_text(parts[one]);
    }
    /* Texts alone are in no cycle: what the collector would find out when it first comes by. */
    if (made != NULL && width && texts == 0)
        PyObject_GC_UnTrack(made);
    return made;
}

/* Makes a key of a tuple. 0, or -1 with an error. */
static int key_of_tuple(PyObject *given, Key *key)
{
    if (!PyTuple_CheckExact(given) || PyTuple_GET_SIZE(given) > WIDEST) {
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
    if (cell != NULL)
        return put_entry(self, &key, cell);
    Entry *entry = find_entry(self, &key);
    if (entry != NULL) {
        Py_DECREF(take_entry(self, entry));
        return 0;
    }
    if (!PyErr_Occurred())
        no_such_key(given);
    return -1;
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

/* All cells as they are now, each before the parts of its key: held, for what is made of them may change the table. */
typedef struct {
    int width;
    size_t size;
    PyObject **all;
} Snapshot;

/* 0, or -1 with an error. */
static int take_snapshot(const Cells *self, Snapshot *taken)
{
    int width = self->width < 0 ? 0 : self->width;
    *taken = (Snapshot){.width = width, .all = PyMem_Calloc((size_t)self->used + 1, ((size_t)width + 1) * sizeof(PyObject *))};
    if (taken->all == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (uint32_t place = 0; place < self->size; place++) {
        const Entry *entry = entry_at(self, place);
        if (entry->cell == NULL)
            continue;
        taken->all[taken->size++] = Py_NewRef(entry->cell);
        for (int one = 0; one < width; one++)
            taken->all[taken->size++] = Py_NewRef(entry->parts[one]);
    }
    return 0;
}

static void let_go_of_snapshot(const Snapshot *taken)
{
    for (size_t at = 0; at < taken->size; at++)
        Py_DECREF(taken->all[at]);
    PyMem_Free(taken->all);
}

/* What a list has of a cell. */
typedef PyObject *(*Told)(PyObject *cell, PyObject *const *parts, int width);

static PyObject *tell_cell(PyObject *cell, PyObject *const *parts, int width)
{
    (void)parts, (void)width;
    return Py_NewRef(cell);
}

static PyObject *tell_key(PyObject *cell, PyObject *const *parts, int width)
{
    (void)cell;
    return tuple_of_parts(parts, width);
}

static PyObject *tell_both(PyObject *cell, PyObject *const *parts, int width)
{
    PyObject *key = tuple_of_parts(parts, width), *made = key == NULL ? NULL : PyTuple_Pack(2, key, cell);
    Py_XDECREF(key);
    return made;
}

static PyObject *list_all(const Cells *self, Told told)
{
    Snapshot taken;
    PyObject *all = PyList_New(0);
    if (all == NULL || take_snapshot(self, &taken)) {
        Py_XDECREF(all);
        return NULL;
    }
    for (size_t at = 0; all != NULL && at < taken.size; at += (size_t)taken.width + 1) {
        PyObject *one = told(taken.all[at], taken.all + at + 1, taken.width);
        if (one == NULL || PyList_Append(all, one))
            Py_CLEAR(all);
        Py_XDECREF(one);
    }
    let_go_of_snapshot(&taken);
    return all;
}

static PyObject *cells_items(Cells *self, PyObject *unused) { (void)unused; return list_all(self, tell_both); }

static PyObject *cells_values(Cells *self, PyObject *unused) { (void)unused; return list_all(self, tell_cell); }

static PyObject *cells_iter(Cells *self)
{
    PyObject *all = list_all(self, tell_key), *each = all == NULL ? NULL : PyObject_GetIter(all);
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
