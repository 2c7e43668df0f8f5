/* Reading a line of JSON. */

#ifndef COMMUNITYRULES_READING_OF_LINE_H
#define COMMUNITYRULES_READING_OF_LINE_H

#include "_reading_draft.h"
#include "_reading_line.h"

static Step line_part(const Reader *self, Draft *draft, Line *line, Part *part);

/* Takes a text whose first quote is behind. */
static Step
line_text(const Reader *self, Draft *draft, Line *line, Form form, Slot *slot)
{
    Spelt spelt;
    if (take_spelt(line, &spelt) != FINE) {
        return UNUSUAL;
    }
    if (!spelt.escaped) {
        slot->raw = spelt.start;
        slot->size = spelt.size;
    }
    if (form == AS_INSTANT) {
        return spelt.escaped ? UNUSUAL : check(self, form, slot);
    }
    if (form == AS_KIND && !spelt.escaped) {
        draft->kind = kind_of_bytes(self, spelt.start, spelt.size);
        slot->value = draft->kind != NULL ? Py_NewRef(draft->kind->field.name) : NULL;
        return draft->kind != NULL ? FINE : UNUSUAL;
    }
    Step step = spelt_text(&spelt, &slot->value);
    if (step != FINE) {
        return step;
    }
    if (form == AS_KIND) {
        draft->kind = kind_of_name(self, slot->value);
        return draft->kind != NULL ? FINE : UNUSUAL;
    }
    return check(self, form, slot);
}

/* Takes a list of texts whose bracket is behind. */
static Step
line_list(const Reader *self, Line *line, Form form, Slot *slot)
{
    if (form != AS_IDS && form != AS_TEXTS) {
        return UNUSUAL;
    }
    slot->value = PyList_New(0);
    if (slot->value == NULL) {
        return BROKEN;
    }
    if (passes(line, ']')) {
        return check(self, form, slot);
    }
    do {
        Spelt spelt;
        if (!passes(line, '"') || take_spelt(line, &spelt) != FINE || PyList_GET_SIZE(slot->value) >= self->max_items) {
            return UNUSUAL;
        }
        PyObject *item;
        Step step = spelt_text(&spelt, &item);
        if (step != FINE) {
            return step;
        }
        int failed = PyList_Append(slot->value, item);
        Py_DECREF(item);
        if (failed) {
            return BROKEN;
        }
    } while (passes(line, ','));
    return passes(line, ']') ? check(self, form, slot) : UNUSUAL;
}

static Step
line_number(const Reader *self, Line *line, Form form, Slot *slot)
{
    if (form != AS_NUMBER && form != AS_KEPT && form != AS_LABEL) {
        return UNUSUAL;
    }
    slot->raw = line->at;
    double fraction;
    int whole;
    Step step = take_number(line, &slot->number, &fraction, &whole);
    if (step != FINE) {
        return step;
    }
    slot->size = (size_t)(line->at - slot->raw);
    if (!whole) {
        /* A fraction can be written in more ways than one. */
        slot->raw = NULL;
        slot->value = PyFloat_FromDouble(fraction);
        if (slot->value == NULL) {
            return BROKEN;
        }
    }
    return check(self, form, slot);
}

/* Takes a value into a slot that must be free. */
static Step
line_value(const Reader *self, Draft *draft, Line *line, Form form, Slot *slot)
{
    skip_space(line);
    if (line->at >= line->end || slot->standing != ABSENT) {
        return UNUSUAL;
    }
    slot->standing = GIVEN;
    char first = *line->at;
    switch (first) {
    case '"': line->at++; return line_text(self, draft, line, form, slot);
    case '[': line->at++; return line_list(self, line, form, slot);
    case '{': return form >= AS_MEMBER ? line_part(self, draft, line, begun_part(self, draft, form)) : UNUSUAL;
    case 'n': slot->standing = EMPTY; return passes_word(line, "null", 4) ? FINE : UNUSUAL;
    case 't':
    case 'f':
        if (!(first == 't' ? passes_word(line, "true", 4) : passes_word(line, "false", 5))) {
            return UNUSUAL;
        }
        slot->value = Py_NewRef(first == 't' ? Py_True : Py_False);
        return form < AS_KIND || form == AS_KEPT || form == AS_LABEL ? check(self, form, slot) : UNUSUAL;
    default: return line_number(self, line, form, slot);
    }
}

/* Takes a name, its colon and its value. */
static Step
line_field(const Reader *self, Draft *draft, Line *line, Part *part)
{
    if (!passes(line, '"')) {
        return UNUSUAL;
    }
    const Field *field = field_ahead(part->shape, line->at, line->end);
    if (field != NULL) {
        line->at += field->size + 1;
        return passes(line, ':') ? line_value(self, draft, line, field->form, &part->slots[field->place]) : UNUSUAL;
    }
    Spelt spelt;
    if (take_spelt(line, &spelt) != FINE || !passes(line, ':')) {
        return UNUSUAL;
    }
    PyObject *name;
    Step step = spelt_text(&spelt, &name);
    if (step != FINE) {
        return step;
    }
    Slot *slot;
    Form form;
    step = slot_of_name(self, draft, part, name, &slot, &form);
    Py_DECREF(name);
    return step == FINE ? line_value(self, draft, line, form, slot) : step;
}

static Step
line_part(const Reader *self, Draft *draft, Line *line, Part *part)
{
    if (!passes(line, '{')) {
        return UNUSUAL;
    }
    if (passes(line, '}')) {
        return FINE;
    }
    do {
        Step step = line_field(self, draft, line, part);
        if (step != FINE) {
            return step;
        }
    } while (passes(line, ','));
    return passes(line, '}') ? FINE : UNUSUAL;
}

static Step
read_line(const Reader *self, Draft *draft, const char *bytes, Py_ssize_t size)
{
    Line line = {bytes, bytes + size};
    Step step = line_part(self, draft, &line, &draft->envelope);
    if (step == FINE) {
        skip_space(&line);
        step = line.at == line.end ? FINE : UNUSUAL;
    }
    return step;
}

#endif
