/* Which fields the objects of the wire form have, and what stands in them. */

#ifndef COMMUNITYRULES_READING_SHAPES_H
#define COMMUNITYRULES_READING_SHAPES_H

#include "canonical.h"

/* Fields of one object that are known by name. */
enum { MOST_FIELDS = 64 };

/* Fields that nobody declared, of one object. */
enum { MOST_OTHERS = 16 };

/* What may stand in a field. Those before `AS_KIND` can be declared; those from `AS_MEMBER` on are objects. */
typedef enum {
    AS_ID, AS_TEXT, AS_NUMBER, AS_BOOLEAN, AS_INSTANT, AS_TEXTS, AS_LEFT,
    AS_KIND, AS_IDS, AS_KEPT, AS_LABEL,
    AS_MEMBER, AS_MESSAGE, AS_TARGET, AS_LABELS, AS_OWN,
} Form;

/* What can be declared as it is called from Python; what is left to Python, whatever it is, comes last. */
static const char *const declared_forms[] = {"id", "text", "number", "boolean", "instant", "texts", "left"};

typedef struct {
    PyObject *name;
    /* The name in UTF-8, which belongs to it. */
    const char *bytes;
    size_t size;
    /* Bytes: the name in its quotes, and a colon. */
    PyObject *written;
    /* The first eight bytes of the name and its last quote, as far as there are so many, and which of eight bytes they
       are: what stands in a line is told from most other names by one comparison. */
    uint64_t head, mask;
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

/* A field that nobody declared. */
typedef struct {
    PyObject *name;
    Slot slot;
} Other;

/* One object while it is read. */
typedef struct {
    /* NULL before it is begun; there is nothing else to it then. */
    const Shape *shape;
    /* What may stand in fields that nobody declared. */
    Form form;
    /* They are in the order in which they are written. */
    int others_count;
    Slot slots[MOST_FIELDS];
    Other others[MOST_OTHERS];
} Part;

static void
set_head(Field *field)
{
    char head[8] = {0}, mask[8] = {0};
    if ((size_t)PyBytes_GET_SIZE(field->written) != field->size + 3) {
        /* Something in the name is written in another way: no bytes are those of such a name. */
        head[0] = 1;
    }
    else {
        for (size_t i = 0; i < 8 && i <= field->size; i++) {
            head[i] = PyBytes_AS_STRING(field->written)[i + 1];
            mask[i] = (char)0xff;
        }
    }
    memcpy(&field->head, head, 8);
    memcpy(&field->mask, mask, 8);
}

/* Adds a field in its place among the others. */
static Step
add_field(Shape *shape, PyObject *name, int place, Form form)
{
    if (shape->count == MOST_FIELDS) {
        PyErr_Format(PyExc_ValueError, "more than %d fields", MOST_FIELDS);
        return BROKEN;
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
    set_head(&field);
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

/* The field of which the name stands at `at`, behind its first quote, spelt as it is written; NULL where none does. */
static inline const Field *
field_ahead(const Shape *shape, const char *at, const char *end)
{
    if (end - at < 8) {
        return NULL;
    }
    uint64_t head;
    memcpy(&head, at, 8);
    for (const Field *field = shape->fields, *last = field + shape->count; field < last; field++) {
        if ((head & field->mask) != field->head) {
            continue;
        }
        /* Of a name of up to seven bytes that was all of it, its last quote among it. */
        if (field->size < 8 || ((size_t)(end - at) > field->size &&
                                memcmp(at, PyBytes_AS_STRING(field->written) + 1, field->size + 1) == 0)) {
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

static inline void
begin_part(Part *part, const Shape *shape, Form form)
{
    part->shape = shape;
    part->form = form;
    part->others_count = 0;
    memset(part->slots, 0, sizeof(Slot) * (size_t)shape->count);
}

static inline void
end_part(Part *part)
{
    if (part->shape == NULL) {
        return;
    }
    for (int i = 0; i < part->shape->count; i++) {
        Py_XDECREF(part->slots[i].value);
    }
    for (int i = 0; i < part->others_count; i++) {
        Py_DECREF(part->others[i].name);
        Py_XDECREF(part->others[i].slot.value);
    }
}

/* The slot of a field that nobody declared, in its place among such. UNUSUAL when there is one of that name, or are too
   many. */
static Step
add_other(Part *part, PyObject *name, Slot **slot)
{
    if (part->others_count == MOST_OTHERS) {
        return UNUSUAL;
    }
    int at = part->others_count;
    while (at > 0) {
        int order = PyUnicode_Compare(part->others[at - 1].name, name);
        if (order == 0) {
            return UNUSUAL;
        }
        if (order < 0) {
            break;
        }
        at--;
    }
    memmove(&part->others[at + 1], &part->others[at], sizeof(Other) * (size_t)(part->others_count - at));
    part->others_count++;
    Other *other = &part->others[at];
    memset(other, 0, sizeof *other);
    other->name = Py_NewRef(name);
    *slot = &other->slot;
    return FINE;
}

#endif
