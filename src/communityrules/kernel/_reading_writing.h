/* The canonical form of a body that was read, and its digest. */

#ifndef COMMUNITYRULES_READING_WRITING_H
#define COMMUNITYRULES_READING_WRITING_H

#include "digest.h"
#include "_reading_draft.h"

static Step write_part(Draft *draft, const Part *part, Out *out);

static Step
write_items(PyObject *items, Out *out)
{
    if (out_put(out, "[", 1) != FINE) {
        return BROKEN;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
        if (i && out_put(out, ",", 1) != FINE) {
            return BROKEN;
        }
        Step step = out_text(out, PyTuple_GET_ITEM(items, i));
        if (step != FINE) {
            return step;
        }
    }
    return out_put(out, "]", 1);
}

/* A text of which the bytes are at hand. */
static Step
write_raw_text(const Slot *slot, Out *out)
{
    if (out_room(out, slot->size + 2) != FINE) {
        return BROKEN;
    }
    *out->at++ = '"';
    out_bytes(out, slot->raw, slot->size);
    *out->at++ = '"';
    return FINE;
}

/* A value that is no object: what it is tells how it is written. */
static Step
write_plain(const Slot *slot, Out *out)
{
    PyObject *value = slot->value;
    if (value == NULL || PyLong_CheckExact(value)) {
        return slot->raw != NULL ? out_put(out, slot->raw, slot->size) : out_number(out, slot->number);
    }
    if (PyUnicode_CheckExact(value)) {
        return slot->raw != NULL ? write_raw_text(slot, out) : out_text(out, value);
    }
    if (PyBool_Check(value)) {
        return value == Py_True ? out_put(out, "true", 4) : out_put(out, "false", 5);
    }
    if (PyTuple_CheckExact(value)) {
        return write_items(value, out);
    }
    return out_fraction(out, PyFloat_AsDouble(value));
}

static Step
write_slot(Draft *draft, Form form, const Slot *slot, Out *out)
{
    if (slot->standing == EMPTY) {
        return out_put(out, "null", 4);
    }
    if (form == AS_INSTANT) {
        return write_raw_text(slot, out);
    }
    return form >= AS_MEMBER ? write_part(draft, part_of(draft, form), out) : write_plain(slot, out);
}

/* What parts a field from the one before it. */
static Step
write_comma(Out *out)
{
    if (out->at[-1] == '{') {
        return FINE;
    }
    return out_put(out, ",", 1);
}

static Step
write_field(Draft *draft, const Field *field, const Slot *slot, Out *out)
{
    Py_ssize_t size = PyBytes_GET_SIZE(field->written);
    if (write_comma(out) != FINE || out_put(out, PyBytes_AS_STRING(field->written), (size_t)size) != FINE) {
        return BROKEN;
    }
    return write_slot(draft, field->form, slot, out);
}

/* What is written between the fields of a shape, by its name: fields that nobody declared, and those of the type. */
typedef struct {
    const Other *other, *last;
    const Kind *said;
} Between;

static Step
write_other(Draft *draft, Between *between, Out *out)
{
    const Other *other = between->other;
    if (between->said != NULL && (other == between->last || PyUnicode_Compare(between->said->field.name, other->name) < 0)) {
        const Field *field = &between->said->field;
        between->said = NULL;
        return write_field(draft, field, &draft->own_slot, out);
    }
    between->other++;
    Step step = write_comma(out);
    if (step == FINE) {
        step = out_text(out, other->name);
    }
    if (step == FINE) {
        step = out_put(out, ":", 1);
    }
    return step == FINE ? write_slot(draft, AS_KEPT, &other->slot, out) : step;
}

/* Whether something between comes before a name. */
static inline int
comes_before(const Between *between, PyObject *name)
{
    return (between->other < between->last && PyUnicode_Compare(between->other->name, name) < 0) ||
           (between->said != NULL && PyUnicode_Compare(between->said->field.name, name) < 0);
}

static Step
write_part(Draft *draft, const Part *part, Out *out)
{
    Between between = {part->others, part->others + part->others_count, part == &draft->envelope ? draft->said : NULL};
    if (out_put(out, "{", 1) != FINE) {
        return BROKEN;
    }
    for (int i = 0; i < part->shape->count; i++) {
        const Field *field = &part->shape->fields[i];
        const Slot *slot = &part->slots[field->place];
        if (slot->standing == ABSENT) {
            continue;
        }
        Step step = FINE;
        while (step == FINE && comes_before(&between, field->name)) {
            step = write_other(draft, &between, out);
        }
        if (step == FINE) {
            step = write_field(draft, field, slot, out);
        }
        if (step != FINE) {
            return step;
        }
    }
    while (between.other < between.last || between.said != NULL) {
        Step step = write_other(draft, &between, out);
        if (step != FINE) {
            return step;
        }
    }
    return out_put(out, "}", 1);
}

/* The digest of the whole body. UNUSUAL when it is too large. */
static Step
write_digest(const Reader *self, Draft *draft, PyObject **made)
{
    Out out;
    out_begin(&out);
    Step step = write_part(draft, &draft->envelope, &out);
    if (step == FINE && out.at - out.start > self->max_body) {
        step = UNUSUAL;
    }
    if (step == FINE) {
        *made = PyUnicode_New(DIGEST_HEX, 127);
        if (*made == NULL) {
            step = BROKEN;
        }
        else {
            digest_hex((const unsigned char *)out.start, (size_t)(out.at - out.start), (char *)PyUnicode_1BYTE_DATA(*made));
        }
    }
    out_end(&out);
    return step;
}

#endif
