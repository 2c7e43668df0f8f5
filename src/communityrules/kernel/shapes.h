/* Which fields the objects of the wire form have, and what stands in them. */

#ifndef COMMUNITYRULES_SHAPES_H
#define COMMUNITYRULES_SHAPES_H

#include "canonical.h"

/* Fields that one object may have; an object with more is left to Python. */
enum { MOST_FIELDS = 64 };

/* What may stand in a field. Those before `AS_KIND` can be declared. */
typedef enum {
    AS_ID, AS_TEXT, AS_NUMBER, AS_BOOLEAN, AS_INSTANT, AS_TEXTS,
    AS_KIND, AS_IDS, AS_MEMBER, AS_MESSAGE, AS_TARGET, AS_OWN,
} Form;

static const char *const declared_forms[] = {"id", "text", "number", "boolean", "instant", "texts"};

typedef struct {
    PyObject *name;
    /* The name in UTF-8, which belongs to it. */
    const char *bytes;
    size_t size;
    /* Bytes: the name in its quotes, and a colon. */
    PyObject *written;
    /* Where its value stands in the slots of an object. */
    int place;
    Form form;
} Field;

/* The fields of one object in the order in which they are written. */
typedef struct {
    int count;
    Field fields[MOST_FIELDS];
} Shape;

typedef enum { ABSENT = 0, GIVEN, EMPTY } Standing;

/* What stands in one field of one object. */
typedef struct {
    Standing standing;
    /* The value, or what it is made of. Of an instant, and of a number in a line, there may be none. */
    PyObject *value;
    /* The value as it is written, where it is at hand: of a text without its quotes. */
    const char *raw;
    size_t size;
    /* A number, or an instant. */
    long long number;
} Slot;

/* Adds a field in its place among the others. One too many is left out: who sends it is left to Python. */
static Step
add_field(Shape *shape, PyObject *name, int place, Form form)
{
    if (shape->count == MOST_FIELDS) {
        return FINE;
    }
    Field field = {.place = place, .form = form};
    Py_ssize_t size;
    field.bytes = PyUnicode_AsUTF8AndSize(name, &size);
    if (field.bytes == NULL) {
        return BROKEN;
    }
    field.size = (size_t)size;
    Out out;
    out_begin(&out);
    if (out_text(&out, name) != FINE || out_put(&out, ":", 1) != FINE) {
        out_end(&out);
        return BROKEN;
    }
    field.written = PyBytes_FromStringAndSize(out.start, out.at - out.start);
    out_end(&out);
    if (field.written == NULL) {
        return BROKEN;
    }
    int at = shape->count;
    while (at > 0 && PyUnicode_Compare(shape->fields[at - 1].name, name) > 0) {
        shape->fields[at] = shape->fields[at - 1];
        at--;
    }
    field.name = Py_NewRef(name);
    shape->fields[at] = field;
    shape->count++;
    return FINE;
}

static void
clear_shape(Shape *shape)
{
    for (int i = 0; i < shape->count; i++) {
        Py_CLEAR(shape->fields[i].name);
        Py_CLEAR(shape->fields[i].written);
    }
    shape->count = 0;
}

static inline const Field *
field_of_bytes(const Shape *shape, const char *bytes, size_t size)
{
    for (const Field *field = shape->fields, *end = field + shape->count; field < end; field++) {
        if (field->size == size && memcmp(field->bytes, bytes, size) == 0) {
            return field;
        }
    }
    return NULL;
}

/* The field of a name in a dictionary: nearly always the very text, or one in ASCII. */
static inline const Field *
field_of_name(const Shape *shape, PyObject *name)
{
    for (const Field *field = shape->fields, *end = field + shape->count; field < end; field++) {
        if (field->name == name) {
            return field;
        }
    }
    if (PyUnicode_IS_ASCII(name)) {
        return field_of_bytes(shape, PyUnicode_DATA(name), (size_t)PyUnicode_GET_LENGTH(name));
    }
    for (const Field *field = shape->fields, *end = field + shape->count; field < end; field++) {
        if (PyUnicode_Compare(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static void
clear_slots(Slot *slots, const Shape *shape)
{
    for (int i = 0; i < shape->count; i++) {
        Py_CLEAR(slots[i].value);
    }
}

#endif
