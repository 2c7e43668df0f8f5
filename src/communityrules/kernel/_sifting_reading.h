/* How the kernel reads values of an event: each at most once, and none that is not asked for. */

#ifndef COMMUNITYRULES_SIFTING_READING_H
#define COMMUNITYRULES_SIFTING_READING_H

#include "holding.h"

/* How many different values one event is read for at most. */
#define MOST_READS 256

/* An attribute, and where it stands in the objects of the class that was seen last: records are read many times. */
typedef struct {
    PyObject *name;
    PyTypeObject *class;
    PyObject *member; /* its descriptor */
} Attribute;

/* Whose a value is. */
enum { OF_EVENT, OF_SUBJECT, OF_SENDER, OF_AIMED, OF_MESSAGE, ROOTS, BY_FUNCTION, BY_MEASURE };
/* What is done with what was read. */
enum { AS_IT_IS, NUMBER, FLAG, WORDS, PLACE, LENGTH, MOMENT };

/* Between these instants, 0001-01-03 and 9999-12-29, every clock shows a time. */
#define EARLIEST (-62135424000000000LL)
#define LATEST 253402041600000000LL

typedef struct {
    int root;
    int how;
    Attribute attribute;
    PyObject *key;      /* in the mapping that the attribute is, or NULL */
    int mapping;        /* the number of that mapping */
    PyObject *function; /* what reads it instead: (event, facts, slots) */
    PyObject *measure;  /* the index of the measure that it is, the reads of its keys, and the slot that keeps it */
    int *keys;
    Py_ssize_t keyed, slot;
} Read;

/* Values that are read of one event, each once. */
typedef struct {
    Read *all;
    Py_ssize_t number;
    int mappings; /* in how many different ones they look */
    const Read *mapped; /* the first that does */
} Reads;

/* What all reading for one kind of event needs. */
typedef struct {
    PyObject *blank;  /* unfilled slots */
    PyObject *number; /* makes sure of a number */
    PyObject *aggregate;
    int sender_is_subject;
    Attribute subject, member, aimed, subject_message, message, channel, time;
} Reader;

/* Where a pattern fits the text that it was looked for in. */
typedef struct {
    PyObject *pattern, *text, *match;
} Fit;

/* So many of them are remembered while an event is looked at. */
#define FITS 4

/* A place where a text may hold a word of some rules. */
typedef struct {
    uint32_t owner;      /* whose rules these are */
    uint32_t start, end; /* where in the text; the end is 0 where it is not one stretch of it, each letter by itself */
    int edged;           /* whether it stands at the edges of words */
} Sighting;

/* So many of them are kept while an event is looked at. */
#define SIGHTINGS 16

/* All such places in one text. */
typedef struct {
    int look;        /* by which look of the side that looks at texts; -1 for none */
    int number;      /* more than `SIGHTINGS` where not all were kept */
    PyObject *text;  /* which the values of the event hold */
    Sighting all[SIGHTINGS];
} Seen;

/* One event being looked at. */
typedef struct {
    Reader *reader;
    Reads *reads;
    PyObject *event, *facts, *slots;
    int lenient; /* whether what is unusual is read as Python would, too */
    PyObject *roots[ROOTS];
    PyObject *values[MOST_READS];
    PyObject *mappings[MOST_READS];
    Fit fits[FITS];
    int fitting;
    Seen seen;
    Py_ssize_t start, end; /* where in the text the word stands of which is told; the start is -1 for none */
} Turn;

static void
begin(Turn *turn, Reader *reader, Reads *reads, PyObject *event, PyObject *facts)
{
    turn->reader = reader;
    turn->reads = reads;
    turn->event = event;
    turn->facts = facts;
    turn->slots = NULL;
    turn->lenient = 0;
    turn->fitting = 0;
    turn->seen.look = -1;
    turn->seen.number = 0;
    turn->start = -1;
    memset(turn->roots, 0, sizeof turn->roots);
    memset(turn->values, 0, sizeof(PyObject *) * (size_t)reads->number);
    memset(turn->mappings, 0, sizeof(PyObject *) * (size_t)reads->mappings);
}

static void
end(Turn *turn)
{
    for (int at = 0; at < ROOTS; at++)
        Py_XDECREF(turn->roots[at]);
    for (Py_ssize_t at = 0; at < turn->reads->number; at++)
        Py_XDECREF(turn->values[at]);
    for (int at = 0; at < turn->reads->mappings; at++)
        Py_XDECREF(turn->mappings[at]);
    for (int at = 0; at < turn->fitting; at++) {
        Py_DECREF(turn->fits[at].pattern);
        Py_DECREF(turn->fits[at].text);
        Py_DECREF(turn->fits[at].match);
    }
    Py_XDECREF(turn->slots);
}

/* Takes note of where an attribute stands in the objects of a class, which the caller holds; 0 where that is nowhere in
   particular. */
static int
place_attribute(Attribute *attribute, PyTypeObject *class)
{
    PyObject *member = PyObject_GetAttr((PyObject *)class, attribute->name);
    /* What a class was given may be the place of something in the objects of another. */
    if (member == NULL || !Py_IS_TYPE(member, &PyMemberDescr_Type) || class->tp_getattro != PyObject_GenericGetAttr ||
        !PyType_IsSubtype(class, PyDescr_TYPE(member))) {
        Py_XDECREF(member);
        PyErr_Clear();
        return 0;
    }
    PyTypeObject *before = attribute->class;
    PyObject *member_before = attribute->member;
    attribute->class = (PyTypeObject *)Py_NewRef(class);
    attribute->member = member;
    Py_XDECREF(before);
    Py_XDECREF(member_before);
    /* A class that is gone may have had something to say. */
    return attribute->class == class;
}

/* Whether it is known where an attribute stands in an object. A class may have something to say when it is asked, and
   what it is the class of may be of another then. */
static int
is_placed(PyObject *object, Attribute *attribute)
{
    PyTypeObject *class = (PyTypeObject *)Py_NewRef(Py_TYPE(object));
    int placed = place_attribute(attribute, class);
    Py_DECREF(class);
    return placed && Py_TYPE(object) == attribute->class;
}

/* Like `PyObject_GetAttr`. */
static PyObject *
attribute_of(PyObject *object, Attribute *attribute)
{
    if (Py_TYPE(object) != attribute->class && !is_placed(object, attribute))
        return PyObject_GetAttr(object, attribute->name);
    return PyMember_GetOne((const char *)object, ((PyMemberDescrObject *)attribute->member)->d_member);
}

static PyObject *
root_of(Turn *turn, int root)
{
    PyObject *found = turn->roots[root];
    if (found != NULL)
        return found;
    Reader *self = turn->reader;
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
        turn->slots = PyList_GetSlice(turn->reader->blank, 0, PyList_GET_SIZE(turn->reader->blank));
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
        found = PyObject_CallOneArg(turn->reader->number, value);
        break;
    case FLAG:
        found = Py_NewRef(PyBool_Check(value) ? value : Py_None);
        break;
    case WORDS:
        found = Py_NewRef(PyUnicode_Check(value) ? value : Py_None);
        break;
    case LENGTH:
        found = NULL;
        if (PyUnicode_CheckExact(value) || turn->lenient) {
            Py_ssize_t length = PyObject_Size(value);
            found = length < 0 ? NULL : PyLong_FromSsize_t(length);
        }
        break;
    case MOMENT:
        found = NULL;
        if (PyLong_CheckExact(value)) {
            int overflow;
            long long moment = PyLong_AsLongLongAndOverflow(value, &overflow);
            if (!overflow && EARLIEST < moment && moment < LATEST)
                return value;
        }
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
    if (slots == NULL)
        return NULL;
    for (Py_ssize_t at = 0; at < read->keyed; at++) {
        PyObject *value = value_of(turn, read->keys[at]);
        if (value == NULL || value == Py_None)
            return value == NULL ? NULL : Py_NewRef(value);
    }
    PyObject *keys = PyTuple_New(read->keyed);
    if (keys == NULL)
        return NULL;
    /* All of them have been read: nothing runs until it is whole. */
    for (Py_ssize_t at = 0; at < read->keyed; at++)
        PyTuple_SET_ITEM(keys, at, Py_NewRef(turn->values[read->keys[at]]));
    PyObject *given[3] = {turn->facts, read->measure, keys};
    PyObject *value = PyObject_VectorcallMethod(turn->reader->aggregate, given, 3, NULL);
    Py_DECREF(keys);
    if (value != NULL && read->slot < PyList_GET_SIZE(slots))
        PyList_SetItem(slots, read->slot, Py_NewRef(value));
    return value;
}

/* What a mapping of somebody has under a key. The mapping is read once for all that look in it. */
static PyObject *
looked_up(Turn *turn, Read *read, PyObject *root)
{
    PyObject *mapping = turn->mappings[read->mapping], *found = NULL;
    if (mapping == NULL && (mapping = turn->mappings[read->mapping] = attribute_of(root, &read->attribute)) == NULL)
        return NULL;
    if (PyDict_CheckExact(mapping)) {
        found = look_in(mapping, read->key);
        if (found == NULL && !PyErr_Occurred())
            found = Py_NewRef(Py_None);
    }
    else if (turn->lenient)
        /* A mapping of the host's own may do anything when it is asked. */
        found = PyObject_CallMethod(mapping, "get", "O", read->key);
    return found == NULL ? NULL : settled(turn, read->how, found);
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
    if (read->key != NULL)
        return looked_up(turn, read, root);
    PyObject *value = attribute_of(root, &read->attribute);
    if (value == NULL)
        return NULL;
    if (read->how == PLACE) {
        if (value != Py_None)
            return value;
        Py_DECREF(value);
        return attribute_of(root, &turn->reader->channel);
    }
    return settled(turn, read->how, value);
}

/* A value, borrowed; NULL where the event is left to the twin, with or without an exception. */
static PyObject *
value_of(Turn *turn, int read)
{
    PyObject *known = turn->values[read];
    if (known == NULL)
        known = turn->values[read] = read_now(turn, &turn->reads->all[read]);
    return known;
}

/* The first place that a pattern fits a text, None where there is none, a new reference. What was looked for once is
   remembered. */
static PyObject *
fit_of(Turn *turn, PyObject *pattern, PyObject *text)
{
    for (int at = 0; at < turn->fitting; at++)
        if (turn->fits[at].pattern == pattern && turn->fits[at].text == text)
            return Py_NewRef(turn->fits[at].match);
    PyObject *match = PyObject_CallMethod(pattern, "search", "O", text);
    if (match != NULL && match != Py_None && turn->fitting < FITS)
        turn->fits[turn->fitting++] = (Fit){Py_NewRef(pattern), Py_NewRef(text), Py_NewRef(match)};
    return match;
}

/* --- making ---------------------------------------------------------------------------------------------------- */

static void *
several(Py_ssize_t number, size_t size)
{
    void *made = PyMem_Calloc(number ? (size_t)number : 1, size);
    if (made == NULL)
        PyErr_NoMemory();
    return made;
}

static int
knows_read(const Reads *reads, int read)
{
    if (read >= 0 && read < reads->number)
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

/* Gives the mapping in which a read looks its number: that of one before it that looks in the same. */
static void
number_mapping(Reads *self, Read *read)
{
    if (self->mapped == NULL)
        self->mapped = read;
    for (const Read *other = self->all; other < read; other++)
        if (other->key != NULL && other->root == read->root && other->attribute.name == read->attribute.name) {
            read->mapping = other->mapping;
            return;
        }
    read->mapping = self->mappings++;
}

static int
take_reads(Reads *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    if (number > MOST_READS) {
        PyErr_SetString(PyExc_ValueError, "too many values");
        return -1;
    }
    if ((self->all = several(number, sizeof(Read))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        Read *read = &self->all[at];
        PyObject *one = PyTuple_GET_ITEM(given, at);
        self->number = at + 1;
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
        if (read->root < 0 || read->root >= ROOTS || read->how < AS_IT_IS || read->how > MOMENT) {
            PyErr_SetString(PyExc_ValueError, "no such way of reading");
            return -1;
        }
        read->attribute.name = Py_NewRef(name);
        PyUnicode_InternInPlace(&read->attribute.name);
        if (key != Py_None) {
            read->key = Py_NewRef(key);
            if (PyUnicode_CheckExact(key))
                PyUnicode_InternInPlace(&read->key);
            number_mapping(self, read);
        }
    }
    return 0;
}

static int
name_attributes(Reader *self)
{
    self->aggregate = PyUnicode_InternFromString("aggregate");
    self->subject.name = PyUnicode_InternFromString("subject");
    self->member.name = PyUnicode_InternFromString("member");
    self->aimed.name = PyUnicode_InternFromString("aimed");
    self->subject_message.name = PyUnicode_InternFromString("subject_message");
    self->message.name = PyUnicode_InternFromString("message");
    self->channel.name = PyUnicode_InternFromString("channel");
    self->time.name = PyUnicode_InternFromString("time");
    return self->aggregate == NULL || self->subject.name == NULL || self->member.name == NULL || self->aimed.name == NULL ||
                   self->subject_message.name == NULL || self->message.name == NULL || self->channel.name == NULL ||
                   self->time.name == NULL
               ? -1
               : 0;
}

/* --- and letting go of it --------------------------------------------------------------------------------------- */

#define EACH_OF_ATTRIBUTE(one, DO)                                          \
    DO((one).name);                                                         \
    DO((one).class);                                                        \
    DO((one).member);

#define EACH_OF_READS(reads, DO)                                            \
    for (Py_ssize_t at = 0; at < (reads)->number; at++) {                   \
        EACH_OF_ATTRIBUTE((reads)->all[at].attribute, DO)                   \
        DO((reads)->all[at].key);                                           \
        DO((reads)->all[at].function);                                      \
        DO((reads)->all[at].measure);                                       \
    }

#define EACH_OF_READER(reader, DO)                                          \
    DO((reader)->blank);                                                    \
    DO((reader)->number);                                                   \
    DO((reader)->aggregate);                                                \
    EACH_OF_ATTRIBUTE((reader)->subject, DO)                                \
    EACH_OF_ATTRIBUTE((reader)->member, DO)                                 \
    EACH_OF_ATTRIBUTE((reader)->aimed, DO)                                  \
    EACH_OF_ATTRIBUTE((reader)->subject_message, DO)                        \
    EACH_OF_ATTRIBUTE((reader)->message, DO)                                \
    EACH_OF_ATTRIBUTE((reader)->channel, DO)                                \
    EACH_OF_ATTRIBUTE((reader)->time, DO)

static void
free_reads(Reads *reads)
{
    for (Py_ssize_t at = 0; at < reads->number; at++)
        PyMem_Free(reads->all[at].keys);
    PyMem_Free(reads->all);
}

#endif
