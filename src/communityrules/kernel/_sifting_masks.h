/* Sets of rules as arrays of words, and the tables that tell which rules a value leaves. */

#ifndef COMMUNITYRULES_SIFTING_MASKS_H
#define COMMUNITYRULES_SIFTING_MASKS_H

#include "_sifting_reading.h"
#include "_sifting_disguise.h"

/* How many values a table remembers, and how long, in code points, those may be that are texts. */
#define REMEMBERED 4096
#define SHORT 40
/* Of whole numbers below this a table has its answers in a row. */
#define FEW 256
/* So many tables are asked before what they leave is put together. */
#define TOGETHER 16
/* So many literals of a pattern are asked without going far. */
#define QUICK 3

typedef struct {
    int read;
    int items;       /* whether it is a list whose items are of that class */
    PyObject *class; /* a value is of this class, or None */
} Check;

typedef struct {
    int read;
    PyObject *ask;   /* gives the mask that a value leaves: which of its words are live, and the words */
    PyObject *known; /* value -> the same */
    PyObject *few[FEW]; /* of small numbers */
    PyObject *flags[2];
} Table;

typedef struct {
    int read;
    PyObject *left[2];  /* the words that are left of those who are not in the group, of those who are; or NULL */
    PyObject *concerns; /* the words of the rules that ask for it */
} Group;

/* A pattern that a text must fit, and what it must hold for that beside what was looked for. */
typedef struct {
    PyObject *pattern;
    PyObject *also;   /* tuples of literals of which one must be there; NULL while nobody asked */
    uint32_t *traces; /* of each literal two of its pairs of characters, by where they stand in `Pairs` */
    int whole;        /* whether the rule matches when the text fits */
    int quick;        /* how many literals the first of them has, where their traces stand here, too */
    uint32_t first[QUICK];
} Pattern;

typedef struct {
    int read;           /* the text */
    int mask;           /* what a function of Python gives for it; -1 where it is not needed */
    int alone;          /* whether only that function tells */
    Words *words;       /* looked for in the text as it stands; NULL for none */
    Disguise *disguise; /* looked for through disguise; NULL for none */
    Letters *folding;   /* how the text folds, for `folded`; NULL for none */
    Words *folded;
    PyObject *always; /* the mask of the rules that are left whatever the text is, and its words */
    PyObject *always_words;
    uint64_t *always_live;
    Pattern *patterns; /* by the bit of a rule; NULL where no rule has one */
} Look;

/* A rule that matches only if a measure compares so with a limit. */
typedef struct {
    Py_ssize_t bit;
    int read, operator;
    PyObject *limit;
} Measured;

typedef struct {
    Py_ssize_t size, lives; /* of a mask in words, and of what tells which of them are live */
    Py_ssize_t rules;
    uint32_t *places;
    Table *sure; /* tables that must be asked, for they refuse what is of another class */
    Table *late;
    Group *groups;
    Look *looks;
    Measured *measures;
    PyObject **tellings; /* by the bit of a rule what tells of it, once that was asked for */
    PyObject *decided; /* the mask of the rules that match when they are left */
    uint64_t *listed;  /* the same of those that match when the text holds a word of their list */
    Py_ssize_t sures, lates, grouped, looked, measured;
} Side;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *twin;
    Reader reader;
    Reads reads;
    Check *checks;
    Py_ssize_t checkings;
    Side told, looking;
    PyObject *tellings; /* where those of the sides are from */
} Sift;

static int
is_of(PyObject *value, const Check *check)
{
    if (value == Py_None)
        return 1;
    if (!check->items)
        return (PyObject *)Py_TYPE(value) == check->class;
    if (!PyTuple_CheckExact(value))
        return 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(value); at++)
        if ((PyObject *)Py_TYPE(PyTuple_GET_ITEM(value, at)) != check->class)
            return 0;
    return 1;
}

static int
lowest(uint64_t word)
{
#if defined(__GNUC__)
    return __builtin_ctzll(word);
#else
    int at = 0;
    while (!(word & 1)) {
        word >>= 1;
        at++;
    }
    return at;
#endif
}

/* --- masks --------------------------------------------------------------------------------------------------- */

/* Whether a table may remember what it answers to a value: one that is equal to no value of another class. */
static int
is_kept(PyObject *value)
{
    if (value == Py_None || PyLong_CheckExact(value))
        return 1;
    if (PyUnicode_CheckExact(value))
        return PyUnicode_GET_LENGTH(value) <= SHORT;
    if (!PyTuple_CheckExact(value) || PyTuple_GET_SIZE(value) > SHORT)
        return 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(value); at++) {
        PyObject *item = PyTuple_GET_ITEM(value, at);
        if (!PyUnicode_CheckExact(item) || PyUnicode_GET_LENGTH(item) > SHORT)
            return 0;
    }
    return 1;
}

static int
is_mask(PyObject *words, Py_ssize_t size)
{
    if (words == NULL)
        return 0;
    if (PyBytes_CheckExact(words) && PyBytes_GET_SIZE(words) == size * 8)
        return 1;
    PyErr_SetString(PyExc_TypeError, "a mask of another size than its side");
    return 0;
}

/* A word of some bytes, which need not stand where a word may. */
static inline uint64_t
word_of(const char *bytes, Py_ssize_t at)
{
    uint64_t word;
    memcpy(&word, bytes + at * 8, 8);
    return word;
}

static int
any_live(const Mask *mask, const Side *side)
{
    for (Py_ssize_t at = 0; at < side->lives; at++)
        if (mask->live[at])
            return 1;
    return 0;
}

/* Takes note of which words of a mask are live. */
static void
find_live(const uint64_t *words, Py_ssize_t size, uint64_t *live)
{
    memset(live, 0, (size_t)(size + 63) / 64 * 8);
    for (Py_ssize_t at = 0; at < size; at++)
        if (words[at])
            live[at >> 6] |= UINT64_C(1) << (at & 63);
}

/* Where a table keeps what it answers to a value, where that is in a row; else NULL. */
static PyObject **
place_in_row(Table *table, PyObject *value)
{
    if (PyBool_Check(value))
        return &table->flags[value == Py_True];
    if (!PyLong_CheckExact(value))
        return NULL;
    int overflow;
    long number = PyLong_AsLongAndOverflow(value, &overflow);
    return !overflow && number >= 0 && number < FEW ? &table->few[number] : NULL;
}

/* What a value leaves, a new reference; NULL where the event is left to the twin. */
static PyObject *
asked(Turn *turn, Table *table, const Side *side)
{
    PyObject *value = value_of(turn, table->read);
    if (value == NULL)
        return NULL;
    PyObject *words, **place = place_in_row(table, value);
    int kept = place == NULL && is_kept(value);
    if (place != NULL && *place != NULL)
        return Py_NewRef(*place);
    if (kept) {
        words = PyDict_GetItemWithError(table->known, value);
        if (words != NULL)
            return Py_NewRef(words);
        if (PyErr_Occurred())
            return NULL;
    }
    words = PyObject_CallOneArg(table->ask, value);
    if (!is_mask(words, side->lives + side->size) ||
        (side->size & 63 && word_of(PyBytes_AS_STRING(words), side->lives - 1) >> (side->size & 63))) {
        Py_XDECREF(words);
        return NULL;
    }
    if (place != NULL) {
        PyObject *before = *place;
        *place = Py_NewRef(words);
        Py_XDECREF(before);
    }
    else if (kept) {
        if (PyDict_GET_SIZE(table->known) >= REMEMBERED)
            PyDict_Clear(table->known);
        if (PyDict_SetItem(table->known, value, words) < 0) {
            Py_DECREF(words);
            return NULL;
        }
    }
    return words;
}

/* Takes what words do not have out of a mask, and what is not live according to `live`, where that is known; whether
   anything is left. */
static int
narrow(Mask *mask, const Side *side, const char *words, const char *live)
{
    uint64_t any = 0;
    for (Py_ssize_t block = 0; block < side->lives; block++) {
        uint64_t left = mask->live[block];
        if (live != NULL)
            left &= word_of(live, block);
        for (uint64_t rest = left; rest; rest &= rest - 1) {
            Py_ssize_t at = block * 64 + lowest(rest);
            mask->words[at] &= word_of(words, at);
            if (!mask->words[at])
                left &= ~(rest & (~rest + 1));
        }
        mask->live[block] = left;
        any |= left;
    }
    return any != 0;
}

static int
meets(const Mask *mask, const Side *side, PyObject *words)
{
    for (Py_ssize_t block = 0; block < side->lives; block++)
        for (uint64_t rest = mask->live[block]; rest; rest &= rest - 1) {
            Py_ssize_t at = block * 64 + lowest(rest);
            if (mask->words[at] & word_of(PyBytes_AS_STRING(words), at))
                return 1;
        }
    return 0;
}

static int
narrow_by_table(Turn *turn, Table *table, Mask *mask, const Side *side)
{
    PyObject *words = asked(turn, table, side);
    if (words == NULL)
        return -1;
    const char *live = PyBytes_AS_STRING(words);
    int left = narrow(mask, side, live + side->lives * 8, live);
    Py_DECREF(words);
    return left;
}

/* All rules of a side. */
static void
fill(Mask *mask, const Side *side)
{
    memset(mask->words, 0xff, (size_t)side->size * 8);
    if (side->rules & 63)
        mask->words[side->size - 1] >>= 64 - (side->rules & 63);
    memset(mask->live, 0xff, (size_t)side->lives * 8);
    if (side->size & 63)
        mask->live[side->lives - 1] >>= 64 - (side->size & 63);
}

/* Puts into a mask the rules that all of some masks have, `fresh`, or takes all others out of it; whether there are any.
   How many words are live nobody can guess, but of each all masks are asked. */
static int
meet(Mask *mask, const Side *side, const char *const *all, Py_ssize_t number, int fresh)
{
    uint64_t any = 0;
    for (Py_ssize_t block = 0; block < side->lives; block++) {
        uint64_t left = fresh ? ~(uint64_t)0 : mask->live[block];
        for (Py_ssize_t one = 0; one < number; one++)
            left &= word_of(all[one], block);
        for (uint64_t rest = left; rest; rest &= rest - 1) {
            Py_ssize_t at = block * 64 + lowest(rest);
            uint64_t word = fresh ? ~(uint64_t)0 : mask->words[at];
            for (Py_ssize_t one = 0; one < number; one++)
                word &= word_of(all[one], side->lives + at);
            mask->words[at] = word;
            left &= ~((uint64_t)!word << (at & 63));
        }
        mask->live[block] = left;
        any |= left;
    }
    return any != 0;
}

/* The rules that some tables leave that must all be asked; whether there are any, -1 where it is left to the twin. Most
   words are empty in one of them or another, and these are not gone through. */
static int
left_by_sure(Turn *turn, Side *side, Mask *mask)
{
    int left = 1;
    if (!side->sures)
        fill(mask, side);
    for (Py_ssize_t first = 0; first < side->sures && left >= 0; first += TOGETHER) {
        Py_ssize_t number = side->sures - first < TOGETHER ? side->sures - first : TOGETHER, had = 0;
        PyObject *all[TOGETHER];
        for (; had < number; had++)
            if ((all[had] = asked(turn, &side->sure[first + had], side)) == NULL) {
                left = -1;
                break;
            }
        if (left >= 0) {
            const char *words[TOGETHER];
            for (Py_ssize_t at = 0; at < number; at++)
                words[at] = PyBytes_AS_STRING(all[at]);
            left = meet(mask, side, words, number, !first);
        }
        while (had)
            Py_DECREF(all[--had]);
    }
    return left;
}

/* What is left of a mask behind all tables and groups but the sure ones; -1 where it is left to the twin. `quick`: only
   those that need no function of Python. */
static int
narrow_by_rest(Turn *turn, Side *side, Mask *mask, int quick)
{
    int left = 1;
    for (Py_ssize_t at = 0; at < side->lates && left > 0; at++)
        if (!quick || turn->reads->all[side->late[at].read].root != BY_FUNCTION)
            left = narrow_by_table(turn, &side->late[at], mask, side);
    for (Py_ssize_t at = 0; at < side->grouped && left > 0 && !quick; at++) {
        Group *group = &side->groups[at];
        if (!meets(mask, side, group->concerns))
            continue;
        PyObject *value = value_of(turn, group->read);
        int inside = value == NULL ? -1 : PyObject_IsTrue(value);
        if (inside < 0)
            return -1;
        if (group->left[inside] != NULL)
            left = narrow(mask, side, PyBytes_AS_STRING(group->left[inside]), NULL);
    }
    return left;
}

#endif
