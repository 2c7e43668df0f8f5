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

#include "_sifting_words.h"

/* How many values a table remembers, and how long, in code points, those may be that are texts. */
#define REMEMBERED 4096
#define SHORT 40
/* How many different values one event is read for at most, and on how many words of a mask no memory is asked for. */
#define MOST_READS 64
#define NEAR 320

/* --- what is read of an event -------------------------------------------------------------------------------- */

/* An attribute, and where it stands in the objects of the class that was seen last: records are read many times. */
typedef struct {
    PyObject *name;
    PyTypeObject *class;
    PyObject *member; /* its descriptor */
} Attribute;

/* Whose a value is. */
enum { OF_EVENT, OF_SUBJECT, OF_SENDER, OF_AIMED, OF_MESSAGE, ROOTS, BY_FUNCTION, BY_MEASURE };
/* What is done with what was read. */
enum { AS_IT_IS, NUMBER, FLAG, WORDS, PLACE, LENGTH };

typedef struct {
    int root;
    int how;
    Attribute attribute;
    PyObject *key;      /* in the mapping that the attribute is, or NULL */
    PyObject *function; /* what reads it instead: (event, facts, slots) */
    PyObject *measure;  /* the index of the measure that it is, the reads of its keys, and the slot that keeps it */
    int *keys;
    Py_ssize_t keyed, slot;
} Read;

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

typedef struct {
    int read;
    Words *words;     /* NULL where a function of Python gives the mask */
    PyObject *always; /* the mask of the rules that are left whatever the text is, and its words */
    PyObject *always_words;
    PyObject **also; /* by the bit of a rule what its text must hold beside: the pattern, once known tuples of texts */
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
    PyObject *blank;  /* unfilled slots */
    PyObject *number; /* makes sure of a number */
    PyObject *aggregate;
    int sender_is_subject;
    Read *reads;
    Check *checks;
    Py_ssize_t readings, checkings;
    Side told, looking;
    Attribute subject, member, aimed, subject_message, message, channel;
} Sift;

typedef struct {
    PyTypeObject *words_type;
    PyTypeObject *sift_type;
} State;

/* One event being looked at. */
typedef struct {
    Sift *sift;
    PyObject *event, *facts, *slots;
    PyObject *roots[ROOTS];
    PyObject *values[MOST_READS];
} Turn;

/* Like `PyObject_GetAttr`. */
static PyObject *
attribute_of(PyObject *object, Attribute *attribute)
{
    PyTypeObject *class = Py_TYPE(object);
    if (class != attribute->class) {
        PyObject *member = PyObject_GetAttr((PyObject *)class, attribute->name);
        if (member == NULL || !Py_IS_TYPE(member, &PyMemberDescr_Type) ||
            class->tp_getattro != PyObject_GenericGetAttr) {
            Py_XDECREF(member);
            PyErr_Clear();
            return PyObject_GetAttr(object, attribute->name);
        }
        PyTypeObject *before = attribute->class;
        PyObject *member_before = attribute->member;
        attribute->class = (PyTypeObject *)Py_NewRef(class);
        attribute->member = member;
        Py_XDECREF(before);
        Py_XDECREF(member_before);
    }
    return PyMember_GetOne((const char *)object, ((PyMemberDescrObject *)attribute->member)->d_member);
}

static PyObject *
root_of(Turn *turn, int root)
{
    PyObject *found = turn->roots[root];
    if (found != NULL)
        return found;
    Sift *self = turn->sift;
    switch (root) {
    case OF_EVENT:
        found = Py_NewRef(turn->event);
        break;
    case OF_SENDER:
        found = attribute_of(turn->event, &self->member);
        break;
    case OF_AIMED:
        found = attribute_of(turn->event, &self->aimed);
        break;
    default:
        found = attribute_of(turn->event, root == OF_SUBJECT ? &self->subject : &self->subject_message);
        if (found == Py_None && self->sender_is_subject) {
            Py_DECREF(found);
            found = attribute_of(turn->event, root == OF_SUBJECT ? &self->member : &self->message);
        }
    }
    turn->roots[root] = found;
    return found;
}

static PyObject *
slots_of(Turn *turn)
{
    if (turn->slots == NULL)
        turn->slots = PyList_GetSlice(turn->sift->blank, 0, PyList_GET_SIZE(turn->sift->blank));
    return turn->slots;
}

/* What a value becomes; takes it. NULL where it is left to the twin. */
static PyObject *
settled(Turn *turn, int how, PyObject *value)
{
    if (value == Py_None || how == AS_IT_IS)
        return value;
    PyObject *found = value;
    switch (how) {
    case NUMBER:
        if (PyLong_CheckExact(value))
            return value;
        found = PyObject_CallOneArg(turn->sift->number, value);
        break;
    case FLAG:
        found = Py_NewRef(PyBool_Check(value) ? value : Py_None);
        break;
    case WORDS:
        found = Py_NewRef(PyUnicode_Check(value) ? value : Py_None);
        break;
    case LENGTH:
        found = PyUnicode_CheckExact(value) ? PyLong_FromSsize_t(PyUnicode_GET_LENGTH(value)) : NULL;
        break;
    }
    Py_DECREF(value);
    return found;
}

static PyObject *value_of(Turn *turn, int read);

/* The value of a measure, as the facts tell it; kept in its slot for the rules that are asked. */
static PyObject *
measured(Turn *turn, const Read *read)
{
    PyObject *slots = slots_of(turn);
    PyObject *keys = slots == NULL ? NULL : PyTuple_New(read->keyed);
    if (keys == NULL)
        return NULL;
    for (Py_ssize_t at = 0; at < read->keyed; at++) {
        PyObject *value = value_of(turn, read->keys[at]);
        if (value == NULL || value == Py_None) {
            Py_DECREF(keys);
            return value == NULL ? NULL : Py_NewRef(value);
        }
        PyTuple_SET_ITEM(keys, at, Py_NewRef(value));
    }
    PyObject *given[3] = {turn->facts, read->measure, keys};
    PyObject *value = PyObject_VectorcallMethod(turn->sift->aggregate, given, 3, NULL);
    Py_DECREF(keys);
    if (value != NULL && read->slot < PyList_GET_SIZE(slots))
        PyList_SetItem(slots, read->slot, Py_NewRef(value));
    return value;
}

static PyObject *
read_now(Turn *turn, Read *read)
{
    if (read->root == BY_FUNCTION) {
        PyObject *slots = slots_of(turn);
        if (slots == NULL)
            return NULL;
        PyObject *given[3] = {turn->event, turn->facts, slots};
        return PyObject_Vectorcall(read->function, given, 3, NULL);
    }
    if (read->root == BY_MEASURE)
        return measured(turn, read);
    PyObject *root = root_of(turn, read->root);
    if (root == NULL || root == Py_None)
        return root == NULL ? NULL : Py_NewRef(root);
    PyObject *value = attribute_of(root, &read->attribute);
    if (value == NULL)
        return NULL;
    if (read->how == PLACE) {
        if (value != Py_None)
            return value;
        Py_DECREF(value);
        return attribute_of(root, &turn->sift->channel);
    }
    if (read->key != NULL) {
        /* A mapping of the host's own may do anything when it is asked. */
        PyObject *found = NULL;
        if (PyDict_CheckExact(value)) {
            found = PyDict_GetItemWithError(value, read->key);
            if (found == NULL && !PyErr_Occurred())
                found = Py_None;
            Py_XINCREF(found);
        }
        Py_DECREF(value);
        if (found == NULL)
            return NULL;
        value = found;
    }
    return settled(turn, read->how, value);
}

/* A value, borrowed; NULL where the event is left to the twin, with or without an exception. */
static PyObject *
value_of(Turn *turn, int read)
{
    PyObject *known = turn->values[read];
    if (known == NULL)
        known = turn->values[read] = read_now(turn, &turn->sift->reads[read]);
    return known;
}

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
        if (!quick || turn->sift->reads[side->late[at].read].root != BY_FUNCTION)
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

/* Whether a text holds one of some literals; -1 with an exception. */
static int
holds_any(PyObject *text, PyObject *literals)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(literals); at++) {
        PyObject *literal = PyTuple_GET_ITEM(literals, at);
        int found = PyUnicode_Check(literal) ? PyUnicode_Contains(text, literal) : -1;
        if (found)
            return found;
    }
    return 0;
}

/* Whether a text holds what a pattern needs beside what was looked for; -1 where the event is left to the twin. */
static int
holds_all(PyObject *text, PyObject **also)
{
    if (!PyTuple_CheckExact(*also)) {
        PyObject *needed = PyObject_GetAttrString(*also, "also_required");
        if (needed == NULL || !PyTuple_CheckExact(needed)) {
            Py_XDECREF(needed);
            return -1;
        }
        PyObject *before = *also;
        *also = needed;
        Py_DECREF(before);
    }
    PyObject *every = Py_NewRef(*also);
    int holds = 1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(every) && holds > 0; at++) {
        PyObject *literals = PyTuple_GET_ITEM(every, at);
        holds = PyTuple_CheckExact(literals) ? holds_any(text, literals) : -1;
    }
    Py_DECREF(every);
    return holds;
}

/* Takes out of a mask the rules whose patterns need more than the text holds. */
static int
narrow_by_also(Turn *turn, const Side *side, const Look *one, uint64_t *mask)
{
    PyObject *text = value_of(turn, one->read);
    if (text == NULL)
        return -1;
    if (!PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) > MAX_TEXT)
        return 1;
    int left = 0;
    for (Py_ssize_t at = 0; at < side->size; at++)
        for (uint64_t rest = mask[at]; rest; rest &= rest - 1) {
            Py_ssize_t bit = at * 64 + lowest(rest);
            int holds = bit < side->rules && one->also[bit] != NULL ? holds_all(text, &one->also[bit]) : 1;
            if (holds < 0)
                return -1;
            if (!holds)
                mask[at] &= ~(rest & (~rest + 1));
            left |= holds;
        }
    return left;
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

static PyObject *
place_of(const Side *side, Py_ssize_t bit)
{
    int64_t place = side->places[bit];
    uint64_t word;
    memcpy(&word, PyBytes_AS_STRING(side->decided) + (bit >> 6) * 8, 8);
    return PyLong_FromLongLong(word >> (bit & 63) & 1 ? ~place : place);
}

/* The places of the rules of both masks, in the order of the rulebook. */
static PyObject *
places_of(Sift *self, const uint64_t *left, const uint64_t *found)
{
    const Side *told = &self->told, *looking = &self->looking;
    PyObject *list = PyList_New(0);
    Py_ssize_t mine = next_bit(told, left, 0), theirs = next_bit(looking, found, 0);
    while (list != NULL && (mine >= 0 || theirs >= 0)) {
        int first = theirs < 0 || (mine >= 0 && told->places[mine] < looking->places[theirs]);
        PyObject *place = first ? place_of(told, mine) : place_of(looking, theirs);
        if (place == NULL || PyList_Append(list, place) < 0)
            Py_CLEAR(list);
        Py_XDECREF(place);
        if (first)
            mine = next_bit(told, left, mine + 1);
        else
            theirs = next_bit(looking, found, theirs + 1);
    }
    return list;
}

/* `memory` holds three masks. */
static PyObject *
sifted(Turn *turn, uint64_t *memory, Py_ssize_t largest)
{
    Sift *self = turn->sift;
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
        if (looking->looks[at].also != NULL)
            any_found = narrow_by_also(turn, looking, &looking->looks[at], found);
    if (any_left > 0 && any_found >= 0)
        any_left = narrow_by_measures(turn, told, left);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_measures(turn, looking, found);
    if (any_found < 0 || any_left < 0)
        return NULL;
    if (!any_found && !any_left)
        Py_RETURN_NONE;
    PyObject *places = places_of(self, any_left ? left : NULL, any_found ? found : NULL);
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
    turn.sift = self;
    turn.event = args[0];
    turn.facts = args[1];
    turn.slots = NULL;
    memset(turn.roots, 0, sizeof turn.roots);
    memset(turn.values, 0, sizeof(PyObject *) * (size_t)self->readings);

    uint64_t near[NEAR], *memory = near;
    Py_ssize_t largest = self->told.size > self->looking.size ? self->told.size : self->looking.size;
    if (largest * 3 > NEAR)
        memory = PyMem_Malloc((size_t)largest * 3 * 8);
    PyObject *answer = memory == NULL ? NULL : sifted(&turn, memory, largest);
    if (memory != near)
        PyMem_Free(memory);

    for (int at = 0; at < ROOTS; at++)
        Py_XDECREF(turn.roots[at]);
    for (Py_ssize_t at = 0; at < self->readings; at++)
        Py_XDECREF(turn.values[at]);
    Py_XDECREF(turn.slots);
    if (answer == NULL) {
        if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception))
            return NULL;
        PyErr_Clear();
        return PyObject_Vectorcall(self->twin, args, 2, NULL);
    }
    return answer;
}

/* --- making one ------------------------------------------------------------------------------------------------ */

static void *
several(Py_ssize_t number, size_t size)
{
    void *made = PyMem_Calloc(number ? (size_t)number : 1, size);
    if (made == NULL)
        PyErr_NoMemory();
    return made;
}

static int
knows_read(Sift *self, int read)
{
    if (read >= 0 && read < self->readings)
        return 1;
    PyErr_SetString(PyExc_ValueError, "no such value");
    return 0;
}

/* A measure: its index, the numbers of what its keys are, which stand before it, and its slot. */
static int
take_measure(Read *read, PyObject *given, Py_ssize_t before)
{
    PyObject *index, *keys;
    if (!PyArg_ParseTuple(given, "OO!n", &index, &PyTuple_Type, &keys, &read->slot))
        return -1;
    read->root = BY_MEASURE;
    read->measure = Py_NewRef(index);
    read->keyed = PyTuple_GET_SIZE(keys);
    if ((read->keys = several(read->keyed, sizeof(int))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < read->keyed; at++) {
        long key = PyLong_AsLong(PyTuple_GET_ITEM(keys, at));
        if (PyErr_Occurred())
            return -1;
        if (key < 0 || key >= before || read->slot < 0) {
            PyErr_SetString(PyExc_ValueError, "no such key");
            return -1;
        }
        read->keys[at] = (int)key;
    }
    return 0;
}

static int
take_reads(Sift *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    if (number > MOST_READS) {
        PyErr_SetString(PyExc_ValueError, "too many values");
        return -1;
    }
    if ((self->reads = several(number, sizeof(Read))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        Read *read = &self->reads[at];
        PyObject *one = PyTuple_GET_ITEM(given, at);
        self->readings = at + 1;
        if (!PyTuple_Check(one)) {
            read->root = BY_FUNCTION;
            read->function = Py_NewRef(one);
            continue;
        }
        if (PyTuple_GET_SIZE(one) == 3) {
            if (take_measure(read, one, at) < 0)
                return -1;
            continue;
        }
        PyObject *name, *key;
        if (!PyArg_ParseTuple(one, "iUOi", &read->root, &name, &key, &read->how))
            return -1;
        if (read->root < 0 || read->root >= ROOTS || read->how < AS_IT_IS || read->how > LENGTH) {
            PyErr_SetString(PyExc_ValueError, "no such way of reading");
            return -1;
        }
        read->attribute.name = Py_NewRef(name);
        PyUnicode_InternInPlace(&read->attribute.name);
        if (key != Py_None) {
            read->key = Py_NewRef(key);
            if (PyUnicode_CheckExact(key))
                PyUnicode_InternInPlace(&read->key);
        }
    }
    return 0;
}

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
            !knows_read(self, check->read))
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
            !knows_read(self, tables[at].read) || (tables[at].known = PyDict_New()) == NULL)
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
            !knows_read(self, group->read) || !is_mask(concerns, size) ||
            (outside != Py_None && !is_mask(outside, size)) || (inside != Py_None && !is_mask(inside, size)))
            break;
        group->left[0] = outside == Py_None ? NULL : Py_NewRef(outside);
        group->left[1] = inside == Py_None ? NULL : Py_NewRef(inside);
        group->concerns = Py_NewRef(concerns);
        *taken = at + 1;
    }
    return groups;
}

static int
take_also(Look *one, PyObject *also, Py_ssize_t rules)
{
    if (PyDict_GET_SIZE(also) && (one->also = several(rules, sizeof(PyObject *))) == NULL)
        return -1;
    Py_ssize_t at = 0;
    PyObject *bit, *pattern;
    while (PyDict_Next(also, &at, &bit, &pattern)) {
        size_t number = PyLong_AsSize_t(bit);
        if (PyErr_Occurred())
            return -1;
        if (number >= (size_t)rules) {
            PyErr_SetString(PyExc_ValueError, "no such rule");
            return -1;
        }
        one->also[number] = Py_NewRef(pattern);
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
        PyObject *words, *always, *always_words, *also;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOOOO!", &one->read, &words, &always, &always_words,
                              &PyDict_Type, &also) ||
            !knows_read(self, one->read) || !is_mask(always_words, side->size) || take_also(one, also, side->rules) < 0)
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
            !knows_read(self, one->read))
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

static int
name_attributes(Sift *self)
{
    self->subject.name = PyUnicode_InternFromString("subject");
    self->member.name = PyUnicode_InternFromString("member");
    self->aimed.name = PyUnicode_InternFromString("aimed");
    self->subject_message.name = PyUnicode_InternFromString("subject_message");
    self->message.name = PyUnicode_InternFromString("message");
    self->channel.name = PyUnicode_InternFromString("channel");
    return self->subject.name == NULL || self->member.name == NULL || self->aimed.name == NULL ||
                   self->subject_message.name == NULL || self->message.name == NULL || self->channel.name == NULL
               ? -1
               : 0;
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
    self->blank = Py_NewRef(blank);
    self->number = Py_NewRef(number);
    self->sender_is_subject = sender;
    if ((self->aggregate = PyUnicode_InternFromString("aggregate")) == NULL || name_attributes(self) < 0 || take_reads(self, reads) < 0 || take_checks(self, checks) < 0 ||
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
        for (Py_ssize_t bit = 0; (side)->looks[at].also != NULL && bit < (side)->rules; bit++) { \
            DO((side)->looks[at].also[bit]);                                \
        }                                                                   \
    }

#define EACH_OF_ATTRIBUTE(one, DO)                                          \
    DO((one).name);                                                         \
    DO((one).class);                                                        \
    DO((one).member);

#define EACH(self, DO)                                                      \
    DO((self)->twin);                                                       \
    DO((self)->blank);                                                      \
    DO((self)->number);                                                     \
    DO((self)->aggregate);                                                  \
    EACH_OF_ATTRIBUTE((self)->subject, DO)                                  \
    EACH_OF_ATTRIBUTE((self)->member, DO)                                   \
    EACH_OF_ATTRIBUTE((self)->aimed, DO)                                    \
    EACH_OF_ATTRIBUTE((self)->subject_message, DO)                          \
    EACH_OF_ATTRIBUTE((self)->message, DO)                                  \
    EACH_OF_ATTRIBUTE((self)->channel, DO)                                  \
    for (Py_ssize_t at = 0; at < (self)->readings; at++) {                  \
        EACH_OF_ATTRIBUTE((self)->reads[at].attribute, DO)                  \
        DO((self)->reads[at].key);                                          \
        DO((self)->reads[at].function);                                     \
        DO((self)->reads[at].measure);                                      \
    }                                                                       \
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
    for (Py_ssize_t at = 0; at < side->looked; at++)
        PyMem_Free(side->looks[at].also);
    PyMem_Free(side->looks);
}

static void
sift_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Sift *self = (Sift *)object;
    PyObject_GC_UnTrack(object);
    sift_clear(object);
    for (Py_ssize_t at = 0; at < self->readings; at++)
        PyMem_Free(self->reads[at].keys);
    PyMem_Free(self->reads);
    PyMem_Free(self->checks);
    free_side(&self->told);
    free_side(&self->looking);
    type->tp_free(object);
    Py_DECREF(type);
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

static int
start(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->words_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &words_spec, NULL);
    state->sift_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &sift_spec, NULL);
    if (state->words_type == NULL || state->sift_type == NULL)
        return -1;
    return PyModule_AddType(module, state->words_type) < 0 || PyModule_AddType(module, state->sift_type) < 0 ? -1 : 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->words_type);
    Py_VISIT(state->sift_type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->words_type);
    Py_CLEAR(state->sift_type);
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
