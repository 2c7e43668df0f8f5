/* Which rules an event may match, in C: the twin of the function that compiler/index.py writes in Python.

   A `Sift` is called like that function, with an event and the facts, and answers the same. It asks tables for the
   rules that each value leaves, as arrays of 64-bit words that are anded, and looks through the text for what rules
   need to find in it (`Words`). What it does not know how to read it has read by functions of Python. Where anything
   is unusual (a value of another class, a subclass, a table that refuses, an exception) it leaves the whole event to
   its twin: until then it has only read. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>

#include "_sifting_reading.h"
#include "_sifting_telling.h"
#include "_sifting_words.h"

/* How many values a table remembers, and how long, in code points, those may be that are texts. */
#define REMEMBERED 4096
#define SHORT 40
/* For how many words of masks no memory is asked. */
#define NEAR 320

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
} Pattern;

typedef struct {
    int read;
    Words *words;     /* NULL where a function of Python gives the mask */
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

typedef struct {
    PyTypeObject *words_type;
    PyTypeObject *sift_type;
    PyTypeObject *telling_type;
} State;

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

/* --- looking through texts ------------------------------------------------------------------------------------ */

static int
any_word(const uint64_t *mask, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at < size; at++)
        if (mask[at])
            return 1;
    return 0;
}

/* Writes what a text leaves to a mask; whether anything is left, -1 where the event is left to the twin. */
static int
look(Turn *turn, Look *one, uint64_t *mask, Py_ssize_t size)
{
    PyObject *value = value_of(turn, one->read);
    if (value == NULL)
        return -1;
    if (one->words == NULL && value != one->always) {
        PyObject *words = PyObject_CallMethod(value, "to_bytes", "ns", size * 8, "little");
        int fits = is_mask(words, size);
        if (fits)
            memcpy(mask, PyBytes_AS_STRING(words), (size_t)size * 8);
        Py_XDECREF(words);
        return fits ? any_word(mask, size) : -1;
    }
    memcpy(mask, PyBytes_AS_STRING(one->always_words), (size_t)size * 8);
    int left = any_word(mask, size);
    if (one->words == NULL || value == Py_None)
        return left;
    if (!PyUnicode_CheckExact(value))
        return -1;
    int hit = words_mark(one->words, value, mask);
    return hit < 0 ? -1 : left || hit;
}

/* What all texts leave, in `mask`; `spare` is as large. */
static int
look_all(Turn *turn, Side *side, uint64_t *mask, uint64_t *spare)
{
    int left = look(turn, &side->looks[0], mask, side->size);
    for (Py_ssize_t at = 1; at < side->looked && left > 0; at++) {
        left = look(turn, &side->looks[at], spare, side->size);
        if (left <= 0)
            break;
        left = 0;
        for (Py_ssize_t word = 0; word < side->size; word++)
            left |= (mask[word] &= spare[word]) != 0;
    }
    return left;
}

/* The pairs of characters that a text has, as far as so few bits tell: what lacks one of a literal's lacks it. */
typedef struct {
    uint64_t bits[16];
} Pairs;

static uint32_t
pair_of(Py_UCS4 first, Py_UCS4 second)
{
    return spread(join(first, second)) >> 22;
}

static void
take_pairs(Pairs *pairs, PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    memset(pairs, 0, sizeof *pairs);
    for (Py_ssize_t at = 1; at < PyUnicode_GET_LENGTH(text); at++) {
        uint32_t pair = pair_of(PyUnicode_READ(kind, data, at - 1), PyUnicode_READ(kind, data, at));
        pairs->bits[pair >> 6] |= UINT64_C(1) << (pair & 63);
    }
}

/* The first and the last pair of a literal; what has none is let through. */
static uint32_t
trace_of(PyObject *literal)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(literal);
    if (length < 2)
        return UINT32_MAX;
    return pair_of(PyUnicode_READ_CHAR(literal, 0), PyUnicode_READ_CHAR(literal, 1)) |
           pair_of(PyUnicode_READ_CHAR(literal, length - 2), PyUnicode_READ_CHAR(literal, length - 1)) << 16;
}

static int
may_hold(const Pairs *pairs, uint32_t trace)
{
    uint32_t first = trace & 0xffff, last = trace >> 16;
    return trace == UINT32_MAX ||
           (pairs->bits[first >> 6] >> (first & 63) & pairs->bits[last >> 6] >> (last & 63) & 1);
}

/* Has a pattern tell what it needs; -1 where the event is left to the twin. */
static int
know_also(Pattern *pattern)
{
    PyObject *also = PyObject_GetAttrString(pattern->pattern, "also_required");
    Py_ssize_t number = 0;
    int fits = also != NULL && PyTuple_CheckExact(also);
    for (Py_ssize_t at = 0; fits && at < PyTuple_GET_SIZE(also); at++) {
        PyObject *literals = PyTuple_GET_ITEM(also, at);
        fits = PyTuple_CheckExact(literals);
        for (Py_ssize_t one = 0; fits && one < PyTuple_GET_SIZE(literals); one++, number++)
            fits = PyUnicode_Check(PyTuple_GET_ITEM(literals, one));
    }
    uint32_t *traces = fits ? PyMem_Calloc(number ? (size_t)number : 1, sizeof(uint32_t)) : NULL;
    if (traces == NULL || pattern->also != NULL) {
        /* It may have been told while it was asked. */
        PyMem_Free(traces);
        Py_XDECREF(also);
        return pattern->also != NULL ? 0 : -1;
    }
    number = 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(also); at++) {
        PyObject *literals = PyTuple_GET_ITEM(also, at);
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(literals); one++)
            traces[number++] = trace_of(PyTuple_GET_ITEM(literals, one));
    }
    pattern->traces = traces;
    pattern->also = also;
    return 0;
}

/* Whether a text holds what a pattern needs beside what was looked for; -1 where the event is left to the twin. */
static int
holds_also(PyObject *text, const Pairs *pairs, Pattern *pattern)
{
    if (pattern->also == NULL && know_also(pattern) < 0)
        return -1;
    const uint32_t *trace = pattern->traces;
    int holds = 1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(pattern->also) && holds > 0; at++) {
        PyObject *literals = PyTuple_GET_ITEM(pattern->also, at);
        holds = 0;
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(literals); one++, trace++)
            if (!holds && may_hold(pairs, *trace))
                holds = PyUnicode_Contains(text, PyTuple_GET_ITEM(literals, one));
    }
    return holds;
}

/* Takes out of a mask the rules whose patterns need more than the text holds. */
static int
narrow_by_patterns(Turn *turn, const Side *side, const Look *one, uint64_t *mask)
{
    PyObject *text = value_of(turn, one->read);
    if (text == NULL)
        return -1;
    if (!PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) > MAX_TEXT)
        return 1;
    Pairs pairs;
    take_pairs(&pairs, text);
    int left = 0;
    for (Py_ssize_t at = 0; at < side->size; at++)
        for (uint64_t rest = mask[at]; rest; rest &= rest - 1) {
            Py_ssize_t bit = at * 64 + lowest(rest);
            int asks = bit < side->rules && one->patterns[bit].pattern != NULL;
            int holds = asks ? holds_also(text, &pairs, &one->patterns[bit]) : 1;
            if (holds < 0)
                return -1;
            if (!holds)
                mask[at] &= ~(rest & (~rest + 1));
            left |= holds;
        }
    return left;
}

/* Whether the text of a rule fits the pattern that alone it then asks for; -1 where that is for the rule to be asked. */
static int
fits_pattern(Turn *turn, const Side *side, Py_ssize_t bit)
{
    for (Py_ssize_t at = 0; at < side->looked; at++) {
        const Look *one = &side->looks[at];
        if (one->patterns == NULL || !one->patterns[bit].whole)
            continue;
        PyObject *text = value_of(turn, one->read);
        if (text == NULL || !PyUnicode_CheckExact(text))
            return -1;
        PyObject *fits = PyObject_CallMethod(one->patterns[bit].pattern, "found", "O", text);
        int found = fits == NULL ? -1 : PyObject_IsTrue(fits);
        Py_XDECREF(fits);
        return found;
    }
    return -1;
}

/* --- measures -------------------------------------------------------------------------------------------------- */

/* Takes out of a mask the rules whose measures do not compare as they must. A rule whose measure fails is asked itself;
   -1 where what was raised is no failure of a rule. */
static int
narrow_by_measures(Turn *turn, const Side *side, uint64_t *mask)
{
    for (Py_ssize_t at = 0; at < side->measured; at++) {
        const Measured *one = &side->measures[at];
        uint64_t bit = UINT64_C(1) << (one->bit & 63);
        if (!(mask[one->bit >> 6] & bit))
            continue;
        PyObject *value = value_of(turn, one->read);
        int holds = value == NULL      ? -1
                    : value == Py_None ? 0
                                       : PyObject_RichCompareBool(value, one->limit, one->operator);
        if (holds < 0 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_Exception))
                return -1;
            PyErr_Clear();
        }
        if (!holds)
            mask[one->bit >> 6] &= ~bit;
    }
    return any_word(mask, side->size);
}

/* --- the answer ----------------------------------------------------------------------------------------------- */

/* The bit of the next rule of a mask, from one on; -1 where there is none. */
static Py_ssize_t
next_bit(const Side *side, const uint64_t *mask, Py_ssize_t from)
{
    Py_ssize_t at = from >> 6;
    if (mask == NULL || at >= side->size)
        return -1;
    uint64_t word = mask[at] & (~(uint64_t)0 << (from & 63));
    while (!word) {
        if (++at >= side->size)
            return -1;
        word = mask[at];
    }
    Py_ssize_t bit = at * 64 + lowest(word);
    return bit < side->rules ? bit : -1;
}

/* Adds the place of a rule that is left to a list, `~` of it where it is known to match; -1 with an exception that is no
   failure of a rule. */
static int
add_place(Turn *turn, const Side *side, Py_ssize_t bit, PyObject *list)
{
    int64_t place = side->places[bit];
    uint64_t word;
    memcpy(&word, PyBytes_AS_STRING(side->decided) + (bit >> 6) * 8, 8);
    int matches = word >> (bit & 63) & 1 ? 1 : fits_pattern(turn, side, bit);
    if (!matches)
        return 0;
    if (matches < 0 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_Exception))
            return -1;
        PyErr_Clear();
    }
    PyObject *number = PyLong_FromLongLong(matches > 0 ? ~place : place);
    int added = number == NULL ? -1 : PyList_Append(list, number);
    Py_XDECREF(number);
    return added;
}

/* The places of the rules of both masks, in the order of the rulebook. */
static PyObject *
places_of(Sift *self, Turn *turn, const uint64_t *left, const uint64_t *found)
{
    const Side *told = &self->told, *looking = &self->looking;
    PyObject *list = PyList_New(0);
    Py_ssize_t mine = next_bit(told, left, 0), theirs = next_bit(looking, found, 0);
    while (list != NULL && (mine >= 0 || theirs >= 0)) {
        int first = theirs < 0 || (mine >= 0 && told->places[mine] < looking->places[theirs]);
        if ((first ? add_place(turn, told, mine, list) : add_place(turn, looking, theirs, list)) < 0)
            Py_CLEAR(list);
        if (first)
            mine = next_bit(told, left, mine + 1);
        else
            theirs = next_bit(looking, found, theirs + 1);
    }
    return list;
}

/* `memory` holds three masks. */
static PyObject *
sifted(Sift *self, Turn *turn, uint64_t *memory, Py_ssize_t largest)
{
    Side *told = &self->told, *looking = &self->looking;
    uint64_t *left = NULL, *found = NULL;
    int any_left = 0, any_found = 0;

    for (Py_ssize_t at = 0; at < self->checkings; at++) {
        PyObject *value = value_of(turn, self->checks[at].read);
        if (value == NULL || !is_of(value, &self->checks[at]))
            return NULL;
    }
    if (looking->rules) {
        found = memory;
        any_found = look_all(turn, looking, found, memory + largest);
    }
    if (told->rules && any_found >= 0) {
        left = memory + largest;
        memset(left, 0xff, (size_t)told->size * 8);
        any_left = 1;
        for (Py_ssize_t at = 0; at < told->sures && any_left >= 0; at++)
            any_left = narrow_by_table(turn, &told->sure[at], left, told->size);
        if (any_left > 0)
            any_left = narrow_by_rest(turn, told, left, 0);
    }
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, found, 1);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, found, 0);
    for (Py_ssize_t at = 0; at < looking->looked && any_found > 0 && any_left >= 0; at++)
        if (looking->looks[at].patterns != NULL)
            any_found = narrow_by_patterns(turn, looking, &looking->looks[at], found);
    if (any_left > 0 && any_found >= 0)
        any_left = narrow_by_measures(turn, told, left);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_measures(turn, looking, found);
    if (any_found < 0 || any_left < 0)
        return NULL;
    if (!any_found && !any_left)
        Py_RETURN_NONE;
    PyObject *places = places_of(self, turn, any_left ? left : NULL, any_found ? found : NULL);
    if (places == NULL)
        return NULL;
    if (!PyList_GET_SIZE(places)) {
        Py_DECREF(places);
        Py_RETURN_NONE;
    }
    PyObject *answer = slots_of(turn) == NULL ? NULL : PyTuple_Pack(2, places, turn->slots);
    Py_DECREF(places);
    return answer;
}

static PyObject *
sift_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Sift *self = (Sift *)callable;
    if (PyVectorcall_NARGS(nargsf) != 2 || kwnames != NULL || self->twin == NULL)
        return PyErr_Format(PyExc_TypeError, "takes an event and the facts");
    Turn turn;
    begin(&turn, &self->reader, &self->reads, args[0], args[1]);

    uint64_t near[NEAR], *memory = near;
    Py_ssize_t largest = self->told.size > self->looking.size ? self->told.size : self->looking.size;
    if (largest * 3 > NEAR)
        memory = PyMem_Malloc((size_t)largest * 3 * 8);
    PyObject *answer = memory == NULL ? NULL : sifted(self, &turn, memory, largest);
    if (memory != near)
        PyMem_Free(memory);

    end(&turn);
    if (answer == NULL) {
        if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception))
            return NULL;
        PyErr_Clear();
        return PyObject_Vectorcall(self->twin, args, 2, NULL);
    }
    return answer;
}

/* --- making one ------------------------------------------------------------------------------------------------ */

static int
take_checks(Sift *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    if ((self->checks = several(number, sizeof(Check))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        Check *check = &self->checks[at];
        PyObject *class;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOp", &check->read, &class, &check->items) ||
            !knows_read(&self->reads, check->read))
            return -1;
        check->class = Py_NewRef(class);
        self->checkings = at + 1;
    }
    return 0;
}

static Table *
take_tables(Sift *self, PyObject *given, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Table *tables = several(number, sizeof(Table));
    for (Py_ssize_t at = 0; tables != NULL && at < number; at++) {
        PyObject *ask;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iO", &tables[at].read, &ask) ||
            !knows_read(&self->reads, tables[at].read) || (tables[at].known = PyDict_New()) == NULL)
            break;
        tables[at].ask = Py_NewRef(ask);
        *taken = at + 1;
    }
    return tables;
}

static Group *
take_groups(Sift *self, PyObject *given, Py_ssize_t size, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Group *groups = several(number, sizeof(Group));
    for (Py_ssize_t at = 0; groups != NULL && at < number; at++) {
        Group *group = &groups[at];
        PyObject *outside, *inside, *concerns;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOOO", &group->read, &outside, &inside, &concerns) ||
            !knows_read(&self->reads, group->read) || !is_mask(concerns, size) ||
            (outside != Py_None && !is_mask(outside, size)) || (inside != Py_None && !is_mask(inside, size)))
            break;
        group->left[0] = outside == Py_None ? NULL : Py_NewRef(outside);
        group->left[1] = inside == Py_None ? NULL : Py_NewRef(inside);
        group->concerns = Py_NewRef(concerns);
        *taken = at + 1;
    }
    return groups;
}

/* By the bit of a rule its pattern, and whether it matches when the text fits. */
static int
take_patterns(Look *one, PyObject *given, Py_ssize_t rules)
{
    if (PyDict_GET_SIZE(given) && (one->patterns = several(rules, sizeof(Pattern))) == NULL)
        return -1;
    Py_ssize_t at = 0;
    PyObject *bit, *told, *pattern;
    while (PyDict_Next(given, &at, &bit, &told)) {
        size_t number = PyLong_AsSize_t(bit);
        int whole;
        if (PyErr_Occurred() || !PyArg_ParseTuple(told, "Op", &pattern, &whole))
            return -1;
        if (number >= (size_t)rules || one->patterns[number].pattern != NULL) {
            PyErr_SetString(PyExc_ValueError, "no such rule");
            return -1;
        }
        one->patterns[number].pattern = Py_NewRef(pattern);
        one->patterns[number].whole = whole;
    }
    return 0;
}

static Look *
take_looks(Sift *self, State *state, PyObject *given, const Side *side, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Look *looks = several(number, sizeof(Look));
    for (Py_ssize_t at = 0; looks != NULL && at < number; at++) {
        Look *one = &looks[at];
        *taken = at + 1;
        PyObject *words, *always, *always_words, *patterns;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOOOO!", &one->read, &words, &always, &always_words,
                              &PyDict_Type, &patterns) ||
            !knows_read(&self->reads, one->read) || !is_mask(always_words, side->size) || take_patterns(one, patterns, side->rules) < 0)
            break;
        if (words != Py_None &&
            (!Py_IS_TYPE(words, state->words_type) || ((Words *)words)->bits > (uint64_t)side->rules)) {
            PyErr_SetString(PyExc_TypeError, "words of another side");
            break;
        }
        one->words = words == Py_None ? NULL : (Words *)Py_NewRef(words);
        one->always = Py_NewRef(always);
        one->always_words = Py_NewRef(always_words);
    }
    return looks;
}

static Measured *
take_measures(Sift *self, PyObject *given, Py_ssize_t rules, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Measured *measures = several(number, sizeof(Measured));
    for (Py_ssize_t at = 0; measures != NULL && at < number; at++) {
        Measured *one = &measures[at];
        PyObject *limit;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "niiO", &one->bit, &one->read, &one->operator, &limit) ||
            !knows_read(&self->reads, one->read))
            break;
        if (one->bit < 0 || one->bit >= rules || one->operator< Py_LT || one->operator> Py_GE) {
            PyErr_SetString(PyExc_ValueError, "no such comparison");
            break;
        }
        one->limit = Py_NewRef(limit);
        *taken = at + 1;
    }
    return measures;
}

static int
take_side(Sift *self, State *state, PyObject *given, Side *side)
{
    PyObject *places, *sure, *late, *groups, *looks, *decided, *measures;
    if (!PyArg_ParseTuple(given, "O!O!O!O!O!OO!", &PyTuple_Type, &places, &PyTuple_Type, &sure, &PyTuple_Type, &late,
                          &PyTuple_Type, &groups, &PyTuple_Type, &looks, &decided, &PyTuple_Type, &measures))
        return -1;
    side->rules = PyTuple_GET_SIZE(places);
    side->size = (side->rules + 63) / 64;
    if (!is_mask(decided, side->size))
        return -1;
    side->decided = Py_NewRef(decided);
    if ((side->places = several(side->rules, sizeof(uint32_t))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < side->rules; at++) {
        unsigned long place = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(places, at));
        if (PyErr_Occurred())
            return -1;
        side->places[at] = (uint32_t)place;
    }
    side->sure = take_tables(self, sure, &side->sures);
    if (!PyErr_Occurred())
        side->late = take_tables(self, late, &side->lates);
    if (!PyErr_Occurred())
        side->groups = take_groups(self, groups, side->size, &side->grouped);
    if (!PyErr_Occurred())
        side->looks = take_looks(self, state, looks, side, &side->looked);
    if (!PyErr_Occurred())
        side->measures = take_measures(self, measures, side->rules, &side->measured);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *
sift_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *twin, *blank, *number, *reads, *checks, *told, *looking;
    int sender;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "OO!OpO!O!O!O!", &twin, &PyList_Type, &blank, &number, &sender, &PyTuple_Type, &reads,
                          &PyTuple_Type, &checks, &PyTuple_Type, &told, &PyTuple_Type, &looking))
        return NULL;
    Sift *self = (Sift *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    State *state = PyType_GetModuleState(type);
    self->call = sift_call;
    self->twin = Py_NewRef(twin);
    self->reader.blank = Py_NewRef(blank);
    self->reader.number = Py_NewRef(number);
    self->reader.sender_is_subject = sender;
    if (name_attributes(&self->reader) < 0 || take_reads(&self->reads, reads) < 0 || take_checks(self, checks) < 0 ||
        take_side(self, state, told, &self->told) < 0 || take_side(self, state, looking, &self->looking) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    if (self->looking.rules && !self->looking.looked) {
        PyErr_SetString(PyExc_ValueError, "rules that look at no text");
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* --- and letting go of it --------------------------------------------------------------------------------------- */

/* Visits each reference of a side by an expression in `slot`. */
#define EACH_OF_SIDE(side, DO)                                              \
    for (Py_ssize_t at = 0; at < (side)->sures + (side)->lates; at++) {     \
        Table *table = at < (side)->sures ? &(side)->sure[at] : &(side)->late[at - (side)->sures]; \
        DO(table->ask);                                                     \
        DO(table->known);                                                   \
        DO(table->flags[0]);                                                \
        DO(table->flags[1]);                                                \
    }                                                                       \
    DO((side)->decided);                                                    \
    for (Py_ssize_t at = 0; at < (side)->measured; at++)                    \
        DO((side)->measures[at].limit);                                     \
    for (Py_ssize_t at = 0; at < (side)->grouped; at++) {                   \
        DO((side)->groups[at].left[0]);                                     \
        DO((side)->groups[at].left[1]);                                     \
        DO((side)->groups[at].concerns);                                    \
    }                                                                       \
    for (Py_ssize_t at = 0; at < (side)->looked; at++) {                    \
        DO((side)->looks[at].words);                                        \
        DO((side)->looks[at].always);                                       \
        DO((side)->looks[at].always_words);                                 \
        for (Py_ssize_t bit = 0; (side)->looks[at].patterns != NULL && bit < (side)->rules; bit++) { \
            DO((side)->looks[at].patterns[bit].pattern);                    \
            DO((side)->looks[at].patterns[bit].also);                       \
        }                                                                   \
    }

#define EACH(self, DO)                                                      \
    DO((self)->twin);                                                       \
    EACH_OF_READER(&(self)->reader, DO)                                     \
    EACH_OF_READS(&(self)->reads, DO)                                       \
    for (Py_ssize_t at = 0; at < (self)->checkings; at++)                   \
        DO((self)->checks[at].class);                                       \
    EACH_OF_SIDE(&(self)->told, DO)                                         \
    EACH_OF_SIDE(&(self)->looking, DO)

static int
sift_traverse(PyObject *object, visitproc visit, void *arg)
{
    Sift *self = (Sift *)object;
    Py_VISIT(Py_TYPE(object));
    EACH(self, Py_VISIT)
    return 0;
}

static int
sift_clear(PyObject *object)
{
    Sift *self = (Sift *)object;
    EACH(self, Py_CLEAR)
    return 0;
}

static void
free_side(Side *side)
{
    PyMem_Free(side->places);
    PyMem_Free(side->sure);
    PyMem_Free(side->late);
    PyMem_Free(side->groups);
    PyMem_Free(side->measures);
    for (Py_ssize_t at = 0; at < side->looked; at++) {
        Pattern *patterns = side->looks[at].patterns;
        for (Py_ssize_t bit = 0; patterns != NULL && bit < side->rules; bit++)
            PyMem_Free(patterns[bit].traces);
        PyMem_Free(patterns);
    }
    PyMem_Free(side->looks);
}

static void
sift_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Sift *self = (Sift *)object;
    PyObject_GC_UnTrack(object);
    sift_clear(object);
    free_reads(&self->reads);
    PyMem_Free(self->checks);
    free_side(&self->told);
    free_side(&self->looking);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *
telling_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *sift, *reads, *steps;
    int once;
    State *state = PyType_GetModuleState(type);
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!O!O!p", state->sift_type, &sift, &PyTuple_Type, &reads, &PyTuple_Type, &steps,
                          &once))
        return NULL;
    Telling *self = (Telling *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->call = telling_call;
    self->sift = Py_NewRef(sift);
    self->reader = &((Sift *)sift)->reader;
    self->once = once;
    self->value = PyUnicode_InternFromString("value");
    if (self->value == NULL || take_reads(&self->reads, reads) < 0 || take_steps(self, steps) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* --- the module ------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(words_doc, "Words(words, owners, rules)\n\nLooks for words in a text. `owners`: for each word a number; "
                        "`rules`: for each of these numbers a tuple of the bits of rules. ValueError where too many "
                        "words are too much alike.");
PyDoc_STRVAR(sift_doc, "Sift(twin, blank, number, sender_is_subject, reads, checks, told, looking)\n\nSee "
                       "compiler/sifted.py.");

static PyMethodDef words_methods[] = {{"left", words_left, METH_O, words_left_doc}, {NULL, NULL, 0, NULL}};

static PyType_Slot words_slots[] = {{Py_tp_doc, (void *)words_doc},
                                    {Py_tp_new, words_new},
                                    {Py_tp_dealloc, words_dealloc},
                                    {Py_tp_methods, words_methods},
                                    {0, NULL}};
static PyType_Spec words_spec = {"communityrules.kernel._sifting.Words", sizeof(Words), 0, Py_TPFLAGS_DEFAULT,
                                 words_slots};

static PyMemberDef sift_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Sift, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot sift_slots[] = {{Py_tp_doc, (void *)sift_doc},     {Py_tp_new, sift_new},
                                   {Py_tp_dealloc, sift_dealloc},     {Py_tp_traverse, sift_traverse},
                                   {Py_tp_clear, sift_clear},         {Py_tp_call, PyVectorcall_Call},
                                   {Py_tp_members, sift_members},     {0, NULL}};
static PyType_Spec sift_spec = {"communityrules.kernel._sifting.Sift", sizeof(Sift), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, sift_slots};

PyDoc_STRVAR(telling_doc, "Telling(sift, reads, steps, once)\n\nSee compiler/telling.py.");
static PyMemberDef telling_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Telling, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot telling_slots[] = {{Py_tp_doc, (void *)telling_doc},   {Py_tp_new, telling_new},
                                      {Py_tp_dealloc, telling_dealloc},   {Py_tp_traverse, telling_traverse},
                                      {Py_tp_clear, telling_clear},       {Py_tp_call, PyVectorcall_Call},
                                      {Py_tp_members, telling_members},   {0, NULL}};
static PyType_Spec telling_spec = {"communityrules.kernel._sifting.Telling", sizeof(Telling), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
                                   telling_slots};

static int
start(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->words_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &words_spec, NULL);
    state->sift_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &sift_spec, NULL);
    state->telling_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &telling_spec, NULL);
    if (state->words_type == NULL || state->sift_type == NULL || state->telling_type == NULL)
        return -1;
    return PyModule_AddType(module, state->words_type) < 0 || PyModule_AddType(module, state->sift_type) < 0 ||
                   PyModule_AddType(module, state->telling_type) < 0
               ? -1
               : 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->words_type);
    Py_VISIT(state->sift_type);
    Py_VISIT(state->telling_type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->words_type);
    Py_CLEAR(state->sift_type);
    Py_CLEAR(state->telling_type);
    return 0;
}

static void
module_free(void *module)
{
    module_clear((PyObject *)module);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, start}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_sifting", .m_size = sizeof(State), .m_slots = module_slots,
    .m_traverse = module_traverse, .m_clear = module_clear, .m_free = module_free,
    .m_doc = "Which rules an event may match."};

PyMODINIT_FUNC
PyInit__sifting(void)
{
    return PyModuleDef_Init(&definition);
}
