/* What feeds counts: where in an event of one type the parts of their keys stand. */

#ifndef COMMUNITYRULES_TURNING_FEEDING_H
#define COMMUNITYRULES_TURNING_FEEDING_H

#include "_turning_notes.h"

/* What is left to Python. */
enum { FAILED = -1, LEFT = 0, DONE = 1 };

/* Places that the parts of all keys are read from, and counts that one type of event feeds. */
#define MOST_PARTS 24
#define MOST_COUNTS 16

/* What a part of a key is read from. */
typedef enum { OF_EVENT, OF_SUBJECT, OF_SUBJECT_OR_SENDER, OF_SENDER, OF_MESSAGE, OF_MESSAGE_OR_OWN } Root;

typedef struct {
    Root root;
    Py_ssize_t at;
} Place;

typedef struct {
    PyObject *count;
    int width;
    /* By place in `Fed.places`. */
    unsigned char parts[MOST_KEYS];
} Meter;

/* The counts that events of one type feed, and where their keys are. */
typedef struct {
    PyObject_HEAD
    int size, width;
    Place places[MOST_PARTS];
    Meter meters[MOST_COUNTS];
} Fed;

/* What an event has at the places, each with its hash; NULL for what is absent. References are held. */
typedef struct {
    int width;
    PyObject *parts[MOST_PARTS];
    Py_hash_t hashes[MOST_PARTS];
} Parts;

/* The object that a part of a key is read from, borrowed until Python runs; None where there is none; NULL where it is of no known class. */
static PyObject *root_of(const State *state, Root root, PyObject *event)
{
    PyObject *found;
    switch (root) {
    case OF_EVENT:
        return event;
    case OF_SUBJECT:
    case OF_SUBJECT_OR_SENDER:
    case OF_SENDER:
        found = root == OF_SENDER ? Py_None : READ(state, Event, subject, event);
        if (root == OF_SENDER || (root == OF_SUBJECT_OR_SENDER && found == Py_None))
            found = READ(state, Event, member, event);
        return found == Py_None || Py_TYPE(found) == state->Member ? found : NULL;
    default:
        found = READ(state, Event, subject_message, event);
        if (root == OF_MESSAGE_OR_OWN && found == Py_None)
            found = READ(state, Event, message, event);
        return found == Py_None || Py_TYPE(found) == state->Message ? found : NULL;
    }
}

static void let_go_of_parts(const Parts *read)
{
    for (int one = 0; one < read->width; one++)
        Py_XDECREF(read->parts[one]);
}

/* Reads what an event has at all places. */
static int read_parts(const State *state, const Fed *fed, PyObject *event, Parts *read)
{
    for (read->width = 0; read->width < fed->width; read->width++) {
        const Place *place = &fed->places[read->width];
        PyObject *from = root_of(state, place->root, event), *part = Py_None;
        if (from != NULL && from != Py_None)
            part = filled(*(PyObject **)((char *)from + place->at));
        if (from == NULL || (part != Py_None && !is_text(part)))
            return LEFT;
        if (part != Py_None && (read->hashes[read->width] = PyObject_Hash(part)) == -1)
            return FAILED;
        read->parts[read->width] = part == Py_None ? NULL : Py_NewRef(part);
    }
    return DONE;
}

/* The key of a count, of parts that were read. False, and no parts, where one is absent: the event does not count. */
static inline int key_of(const Meter *meter, const Parts *read, PyObject **parts, Key *key)
{
    *key = (Key){parts, meter->width, 0};
    for (int one = 0; one < meter->width; one++) {
        int place = meter->parts[one];
        if ((parts[one] = read->parts[place]) == NULL) {
            key->parts = NULL;
            return 0;
        }
        key->hash = mix_hash(key->hash, read->hashes[place]);
    }
    return 1;
}

/* --- the type --------------------------------------------------------------------------------------------------- */

static int fed_traverse(Fed *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (int one = 0; one < self->size; one++)
        Py_VISIT(self->meters[one].count);
    return 0;
}

static int fed_clear(Fed *self)
{
    int size = self->size;
    self->size = 0;
    for (int one = 0; one < size; one++)
        Py_CLEAR(self->meters[one].count);
    return 0;
}

static void fed_dealloc(Fed *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    fed_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot fed_slots[] = {
    {Py_tp_traverse, fed_traverse},
    {Py_tp_clear, fed_clear},
    {Py_tp_dealloc, fed_dealloc},
    {0, NULL},
};

static PyType_Spec fed_spec = {
    .name = "communityrules.kernel._turning.Fed",
    .basicsize = sizeof(Fed),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = fed_slots,
};

#define NAMED(object, text) (is_text(object) && PyUnicode_CompareWithASCIIString((object), (text)) == 0)

/* Where a part of a key stands, from its description: what it is read from, and the name there. */
static int place_of(const State *state, PyObject *said, Place *place)
{
    static const struct {
        const char *name;
        Root root;
    } roots[] = {
        {"event", OF_EVENT}, {"subject", OF_SUBJECT}, {"subject or sender", OF_SUBJECT_OR_SENDER},
        {"sender", OF_SENDER}, {"message", OF_MESSAGE}, {"message or own", OF_MESSAGE_OR_OWN},
    };
    const struct {
        Root first, last;
        const char *name;
        Py_ssize_t at;
    } places[] = {
        {OF_EVENT, OF_EVENT, "id", state->Event_id},
        {OF_EVENT, OF_EVENT, "type", state->Event_type},
        {OF_EVENT, OF_EVENT, "community", state->Event_community},
        {OF_EVENT, OF_EVENT, "channel", state->Event_channel},
        {OF_EVENT, OF_EVENT, "place", state->Event_place},
        {OF_SUBJECT, OF_SENDER, "id", state->Member_id},
        {OF_SUBJECT, OF_SENDER, "name", state->Member_name},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "id", state->Message_id},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "text", state->Message_text},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "reply_to", state->Message_reply_to},
        {OF_MESSAGE, OF_MESSAGE_OR_OWN, "topic", state->Message_topic},
    };
    if (!PyTuple_CheckExact(said) || PyTuple_GET_SIZE(said) != 2)
        return LEFT;
    for (size_t root = 0; root < sizeof roots / sizeof *roots; root++) {
        if (!NAMED(PyTuple_GET_ITEM(said, 0), roots[root].name))
            continue;
        for (size_t one = 0; one < sizeof places / sizeof *places; one++) {
            if (places[one].first <= roots[root].root && roots[root].root <= places[one].last
                && NAMED(PyTuple_GET_ITEM(said, 1), places[one].name)) {
                place->root = roots[root].root;
                place->at = places[one].at;
                return DONE;
            }
        }
    }
    return LEFT;
}

/* Which of the places a part stands at; it becomes one more where it is none of them. LEFT where there are too many. */
static int add_place(Fed *fed, const Place *place, unsigned char *found)
{
    int one = 0;
    while (one < fed->width && (fed->places[one].root != place->root || fed->places[one].at != place->at))
        one++;
    if (one == MOST_PARTS)
        return LEFT;
    if (one == fed->width)
        fed->places[fed->width++] = *place;
    *found = (unsigned char)one;
    return DONE;
}

static int meter_of(const State *state, Fed *fed, PyObject *count, PyObject *said, Meter *meter)
{
    Place place;
    if (!PyTuple_CheckExact(said) || PyTuple_GET_SIZE(said) > MOST_KEYS || Py_TYPE(count) != state->Count)
        return LEFT;
    meter->width = (int)PyTuple_GET_SIZE(said);
    for (int one = 0; one < meter->width; one++)
        if (place_of(state, PyTuple_GET_ITEM(said, one), &place) == LEFT
            || add_place(fed, &place, &meter->parts[one]) == LEFT)
            return LEFT;
    meter->count = Py_NewRef(count);
    return DONE;
}

/* `fed(counts, keys)`: what observes events that feed these counts and nothing else; None where that is left to Python. */
static PyObject *make_fed(PyObject *module, PyObject *args)
{
    State *state = PyModule_GetState(module);
    PyObject *counts, *keys;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &counts, &PyTuple_Type, &keys))
        return NULL;
    if (state->Event == NULL || state->Count == NULL || state->History == NULL || state->Fed == NULL
        || PyTuple_GET_SIZE(counts) > MOST_COUNTS
        || PyTuple_GET_SIZE(counts) != PyTuple_GET_SIZE(keys))
        Py_RETURN_NONE;
    Fed *fed = (Fed *)state->Fed->tp_alloc(state->Fed, 0);
    if (fed == NULL)
        return NULL;
    for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(counts); one++) {
        if (meter_of(state, fed, PyTuple_GET_ITEM(counts, one), PyTuple_GET_ITEM(keys, one), &fed->meters[one]) == LEFT) {
            Py_DECREF(fed);
            Py_RETURN_NONE;
        }
        fed->size++;
    }
    return (PyObject *)fed;
}

#endif
