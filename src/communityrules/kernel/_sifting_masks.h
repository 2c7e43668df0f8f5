/* Sets of rules as arrays of words, and the tables that tell which rules a value leaves. */

#ifndef COMMUNITYRULES_SIFTING_MASKS
#define COMMUNITYRULES_SIFTING_MASKS

#include "_sifting_reading.h"
#include "_sifting_disguise.h"

/* How many values a table remembers, and how long, in code points, those may be that are texts. */
#define REMEMBERED 4096
#define SHORT 40
/* So many literals of a pattern are asked without going far. */
#define QUICK 3

typedef struct {
    int read;
    int items;       /* whether it is a list whose items are of that class */
    PyObject *class; /* a value is of this class, or None */
} Check;

typedef struct {
    int read;
    PyObject *ask;   /* gives the words of the mask that a value leaves */
    PyObject *known; /* value -> words */
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
    Pattern *patterns; /* by the bit of a rule; NULL where no rule has one */
} Look;

/* A rule that matches only if a measure compares so with a limit. */
typedef struct {
    Py_ssize_t bit;
    int read, operator;
    PyObject *limit;
} Measured;

typedef struct {
    Py_ssize_t size; /* of a mask, in words */
    Py_ssize_t rules;
    uint32_t *places;
    Table *sure; /* tables that must be asked, for they refuse what is of another class */
    Table *late;
    Group *groups;
    Look *looks;
    Measured *measures;
    PyObject *decided; /* the mask of the rules that match when they are left */
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

/* The words that a value leaves, a new reference; NULL where the event is left to the twin. */
static PyObject *
asked(Turn *turn, Table *table, Py_ssize_t size)
{
    PyObject *value = value_of(turn, table->read);
    if (value == NULL)
        return NULL;
    PyObject *words;
    int flag = PyBool_Check(value), kept = !flag && is_kept(value);
    if (flag && table->flags[value == Py_True] != NULL)
        return Py_NewRef(table->flags[value == Py_True]);
    if (kept) {
        words = PyDict_GetItemWithError(table->known, value);
        if (words != NULL)
            return Py_NewRef(words);
        if (PyErr_Occurred())
            return NULL;
    }
    words = PyObject_CallOneArg(table->ask, value);
    if (!is_mask(words, size)) {
        Py_XDECREF(words);
        return NULL;
    }
    if (flag) {
        PyObject *before = table->flags[value == Py_True];
        table->flags[value == Py_True] = Py_NewRef(words);
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

/* Takes what words do not have out of a mask; whether anything is left. */
static int
narrow(uint64_t *mask, PyObject *words, Py_ssize_t size)
{
    const char *other = PyBytes_AS_STRING(words);
    uint64_t any = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        uint64_t word;
        memcpy(&word, other + at * 8, 8);
        any |= mask[at] &= word;
    }
    return any != 0;
}

static int
meets(const uint64_t *mask, PyObject *words, Py_ssize_t size)
{
    const char *other = PyBytes_AS_STRING(words);
    for (Py_ssize_t at = 0; at < size; at++) {
        uint64_t word;
        memcpy(&word, other + at * 8, 8);
        if (mask[at] & word)
            return 1;
    }
    return 0;
}

static int
narrow_by_table(Turn *turn, Table *table, uint64_t *mask, Py_ssize_t size)
{
    PyObject *words = asked(turn, table, size);
    if (words == NULL)
        return -1;
    int left = narrow(mask, words, size);
    Py_DECREF(words);
    return left;
}

/* What is left of a mask behind all tables and groups but the sure ones; -1 where it is left to the twin. `quick`: only
   those that need no function of Python. */
static int
narrow_by_rest(Turn *turn, Side *side, uint64_t *mask, int quick)
{
    int left = 1;
    for (Py_ssize_t at = 0; at < side->lates && left > 0; at++)
        if (!quick || turn->reads->all[side->late[at].read].root != BY_FUNCTION)
            left = narrow_by_table(turn, &side->late[at], mask, side->size);
    for (Py_ssize_t at = 0; at < side->grouped && left > 0 && !quick; at++) {
        Group *group = &side->groups[at];
        if (!meets(mask, group->concerns, side->size))
            continue;
        PyObject *value = value_of(turn, group->read);
        int inside = value == NULL ? -1 : PyObject_IsTrue(value);
        if (inside < 0)
            return -1;
        if (group->left[inside] != NULL)
            left = narrow(mask, group->left[inside], side->size);
    }
    return left;
}

#endif
