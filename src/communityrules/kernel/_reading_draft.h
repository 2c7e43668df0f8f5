/* What is read by, and what is read: the types of one rulebook, and one body while its event is made. */

#ifndef COMMUNITYRULES_DRAFT_H
#define COMMUNITYRULES_DRAFT_H

#include <math.h>

#include "holding.h"
#include "_reading_instants.h"
#include "_reading_shapes.h"

/* The places of the fields that every object has; declared ones follow. The field that goes by the name of the type has
   the last place of the envelope. */
enum { AUTHOR, CHANNEL, COMMUNITY, ID, MEMBER, MESSAGE, PLACE, TARGET, TEXT, TIME, TS, TYPE, OWN };
enum { MEMBER_ID, JOINED, NAME, ROLES, MEMBER_PLACES };
enum { ATTACHMENTS, MESSAGE_ID, LABELS, REPLY_TO, MESSAGE_TEXT, TOPIC, MESSAGE_PLACES };
enum { TARGET_MESSAGE, TARGET_MEMBER, TARGET_CASE, TARGET_RULE, TARGET_PLACES };

/* A type of event. */
typedef struct {
    /* Its name, under which its own fields stand. */
    Field field;
    /* Whether it is a message of its own, and whether it is a message and nothing else. */
    int with_message, is_message;
    Shape own;
} Kind;

typedef struct {
    PyObject_HEAD
    /* What is made. */
    PyObject *event, *member, *message, *target, *decimal;
    /* What is shared by all that have nothing to say. */
    PyObject *no_target, *nothing, *no_labels, *no_items, *zero;
    PyObject *id_name;
    /* Whether it is whole. */
    int ready;
    Py_ssize_t max_id, max_text, max_items, max_body;
    long long max_number;
    int first_year, last_year;
    Shape of_envelope, of_member, of_message, of_target, of_labels;
    Py_ssize_t kinds_count;
    Kind *kinds;
} Reader;

typedef struct {
    Part envelope, member, message, target, labels, own;
    /* What goes by the name of the type. */
    Slot own_slot;
    /* The type, and the type under whose name there are fields. */
    const Kind *kind, *said;
} Draft;

static inline void
begin_draft(const Reader *self, Draft *draft)
{
    begin_part(&draft->envelope, &self->of_envelope, AS_KEPT);
    /* The others are begun when there is something of them. */
    draft->member.shape = draft->message.shape = draft->target.shape = NULL;
    draft->labels.shape = draft->own.shape = NULL;
    memset(&draft->own_slot, 0, sizeof draft->own_slot);
    draft->kind = draft->said = NULL;
}

static void
end_draft(Draft *draft)
{
    end_part(&draft->envelope);
    end_part(&draft->member);
    end_part(&draft->message);
    end_part(&draft->target);
    end_part(&draft->labels);
    end_part(&draft->own);
    Py_XDECREF(draft->own_slot.value);
}

/* The object that stands in a field. */
static inline Part *
part_of(Draft *draft, Form form)
{
    switch (form) {
    case AS_MEMBER: return &draft->member;
    case AS_MESSAGE: return &draft->message;
    case AS_TARGET: return &draft->target;
    case AS_LABELS: return &draft->labels;
    default: return &draft->own;
    }
}

/* The same, begun. */
static Part *
begun_part(const Reader *self, Draft *draft, Form form)
{
    Part *part = part_of(draft, form);
    switch (form) {
    case AS_MEMBER: begin_part(part, &self->of_member, AS_KEPT); break;
    case AS_MESSAGE: begin_part(part, &self->of_message, AS_KEPT); break;
    case AS_TARGET: begin_part(part, &self->of_target, AS_KEPT); break;
    case AS_LABELS: begin_part(part, &self->of_labels, AS_LABEL); break;
    default: begin_part(part, &draft->said->own, AS_KEPT); break;
    }
    return part;
}

static inline const Kind *
kind_of_bytes(const Reader *self, const char *bytes, size_t size)
{
    for (const Kind *kind = self->kinds, *last = kind + self->kinds_count; kind < last; kind++) {
        if (kind->field.size == size && memcmp(kind->field.bytes, bytes, size) == 0) {
            return kind;
        }
    }
    return NULL;
}

static const Kind *
kind_of_name(const Reader *self, PyObject *name)
{
    for (const Kind *kind = self->kinds, *last = kind + self->kinds_count; kind < last; kind++) {
        if (kind->field.name == name) {
            return kind;
        }
    }
    if (PyUnicode_IS_ASCII(name)) {
        return kind_of_bytes(self, PyUnicode_DATA(name), (size_t)PyUnicode_GET_LENGTH(name));
    }
    for (const Kind *kind = self->kinds, *last = kind + self->kinds_count; kind < last; kind++) {
        if (PyUnicode_Compare(kind->field.name, name) == 0) {
            return kind;
        }
    }
    return NULL;
}

/* The slot of a name in an object, and what may stand there. */
static Step
slot_of_name(const Reader *self, Draft *draft, Part *part, PyObject *name, Slot **slot, Form *form)
{
    const Field *field = field_of_name(part->shape, name);
    if (field != NULL) {
        *slot = &part->slots[field->place];
        *form = field->form;
        return FINE;
    }
    if (part == &draft->envelope) {
        const Kind *kind = kind_of_name(self, name);
        if (kind != NULL) {
            /* Under the name of another type, or a second time, nothing is read here. */
            if (draft->said != NULL) {
                return UNUSUAL;
            }
            draft->said = kind;
            *slot = &draft->own_slot;
            *form = AS_OWN;
            return FINE;
        }
    }
    *form = part->form;
    return PyUnicode_GET_LENGTH(name) <= self->max_text ? add_other(part, name, slot) : UNUSUAL;
}

/* --- what may stand in a field ---------------------------------------------------------------------------------- */

static Step
check_id(const Reader *self, PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length < 1 || length > self->max_id) {
        return UNUSUAL;
    }
    int width = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 one = PyUnicode_READ(width, data, i);
        if (one < 0x20 || one == 0x7f) {
            return UNUSUAL;
        }
    }
    return FINE;
}

/* Puts a tuple in the place of a list of texts. */
static Step
check_items(const Reader *self, Slot *slot, int ids)
{
    if (slot->value == NULL || !PyList_CheckExact(slot->value) || PyList_GET_SIZE(slot->value) > self->max_items) {
        return UNUSUAL;
    }
    /* The list of a host may change while the tuple is made: what is wrong then, Python says. */
    PyObject *items = tuple_of_list(slot->value);
    if (items == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_RuntimeError)) {
            return BROKEN;
        }
        PyErr_Clear();
        return UNUSUAL;
    }
    Py_SETREF(slot->value, items);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
        PyObject *item = PyTuple_GET_ITEM(items, i);
        if (!PyUnicode_CheckExact(item) || PyUnicode_GET_LENGTH(item) > self->max_text) {
            return UNUSUAL;
        }
        if (ids && check_id(self, item) != FINE) {
            return UNUSUAL;
        }
    }
    return FINE;
}

static Step
check_instant(const Reader *self, Slot *slot)
{
    if (slot->raw == NULL) {
        if (slot->value == NULL || !PyUnicode_CheckExact(slot->value) || !PyUnicode_IS_ASCII(slot->value)) {
            return UNUSUAL;
        }
        slot->raw = PyUnicode_DATA(slot->value);
        slot->size = (size_t)PyUnicode_GET_LENGTH(slot->value);
    }
    int64_t instant;
    if (!read_instant(slot->raw, slot->size, self->first_year, self->last_year, &instant)) {
        return UNUSUAL;
    }
    slot->number = instant;
    return FINE;
}

/* Whole numbers, and decimal fractions that are not written with an exponent. */
static Step
check_number(const Reader *self, Slot *slot)
{
    int over = 0;
    if (slot->value != NULL) {
        if (PyFloat_CheckExact(slot->value)) {
            double size = fabs(PyFloat_AS_DOUBLE(slot->value));
            return size == 0 || (size >= 1e-3 && size < 1e15) ? FINE : UNUSUAL;
        }
        if (!PyLong_CheckExact(slot->value)) {
            return UNUSUAL;
        }
        slot->number = PyLong_AsLongLongAndOverflow(slot->value, &over);
        if (slot->number == -1 && PyErr_Occurred()) {
            return BROKEN;
        }
    }
    return !over && slot->number >= -self->max_number && slot->number <= self->max_number ? FINE : UNUSUAL;
}

/* What a classifier says, and what nobody declared: a text, a boolean or a number. */
static Step
check_plain(const Reader *self, Slot *slot)
{
    if (slot->value != NULL && PyUnicode_CheckExact(slot->value)) {
        return PyUnicode_GET_LENGTH(slot->value) <= self->max_text ? FINE : UNUSUAL;
    }
    if (slot->value != NULL && PyBool_Check(slot->value)) {
        return FINE;
    }
    return check_number(self, slot);
}

/* Whether what stands in a field that holds no object may stand there. */
static Step
check(const Reader *self, Form form, Slot *slot)
{
    PyObject *value = slot->value;
    switch (form) {
    case AS_ID: return value != NULL && PyUnicode_CheckExact(value) ? check_id(self, value) : UNUSUAL;
    case AS_TEXT:
        return value != NULL && PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) <= self->max_text ? FINE
                                                                                                             : UNUSUAL;
    case AS_NUMBER: return check_number(self, slot);
    case AS_BOOLEAN: return value != NULL && PyBool_Check(value) ? FINE : UNUSUAL;
    case AS_INSTANT: return check_instant(self, slot);
    case AS_TEXTS: return check_items(self, slot, 0);
    case AS_IDS: return check_items(self, slot, 1);
    case AS_KEPT:
    case AS_LABEL: return check_plain(self, slot);
    default: return UNUSUAL;
    }
}

#endif
