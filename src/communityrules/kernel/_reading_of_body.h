/* Reading a dictionary of the host's. */

#ifndef COMMUNITYRULES_READING_OF_BODY_H
#define COMMUNITYRULES_READING_OF_BODY_H

#include "_reading_draft.h"

/* Has memory that will be read be fetched meanwhile. */
#if defined(__GNUC__)
#define FETCH(at) __builtin_prefetch(at)
#else
#define FETCH(at) ((void)(at))
#endif

/* Takes hold of what stands in a dictionary. Nothing is made meanwhile, so that nothing else runs. */
static Step
gather(const Reader *self, Draft *draft, Part *part, PyObject *given)
{
    if (!PyDict_CheckExact(given)) {
        return UNUSUAL;
    }
    Py_ssize_t at = 0;
    PyObject *name, *value;
    while (PyDict_Next(given, &at, &name, &value)) {
        Slot *slot;
        Form form;
        if (!PyUnicode_CheckExact(name) || slot_of_name(self, draft, part, name, &slot, &form) != FINE) {
            return UNUSUAL;
        }
        if (value == Py_None) {
            slot->standing = EMPTY;
        }
        else {
            slot->standing = GIVEN;
            slot->value = Py_NewRef(value);
            /* What an object in it has is fetched while the rest of this one is looked at. */
            if (form >= AS_MEMBER && PyDict_CheckExact(value)) {
                FETCH(((PyDictObject *)value)->ma_keys);
            }
        }
    }
    return FINE;
}

static Step body_part(const Reader *self, Draft *draft, Part *part, PyObject *given);

static Step
body_value(const Reader *self, Draft *draft, Form form, Slot *slot)
{
    if (slot->standing != GIVEN) {
        return FINE;
    }
    if (form == AS_KIND) {
        draft->kind = PyUnicode_CheckExact(slot->value) ? kind_of_name(self, slot->value) : NULL;
        return draft->kind != NULL ? FINE : UNUSUAL;
    }
    if (form >= AS_MEMBER) {
        return body_part(self, draft, begun_part(self, draft, form), slot->value);
    }
    return check(self, form, slot);
}

static Step
body_part(const Reader *self, Draft *draft, Part *part, PyObject *given)
{
    Step step = gather(self, draft, part, given);
    for (int i = 0; step == FINE && i < part->shape->count; i++) {
        const Field *field = &part->shape->fields[i];
        step = body_value(self, draft, field->form, &part->slots[field->place]);
    }
    for (int i = 0; step == FINE && i < part->others_count; i++) {
        step = check(self, part->form, &part->others[i].slot);
    }
    return step;
}

static Step
read_body(const Reader *self, Draft *draft, PyObject *given)
{
    Step step = body_part(self, draft, &draft->envelope, given);
    return step == FINE ? body_value(self, draft, AS_OWN, &draft->own_slot) : step;
}

#endif
