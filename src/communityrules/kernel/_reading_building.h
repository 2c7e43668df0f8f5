/* The event of a body that was read. */

#ifndef COMMUNITYRULES_READING_BUILDING_H
#define COMMUNITYRULES_READING_BUILDING_H

#include "_reading_draft.h"

static PyObject *
instant_object(const Slot *slot)
{
    return slot->standing == GIVEN ? PyLong_FromLongLong(slot->number) : Py_NewRef(Py_None);
}

/* The value of a field, borrowed; None where there is none. */
static inline PyObject *
value_or_none(const Slot *slot)
{
    return slot->standing == GIVEN ? slot->value : Py_None;
}

/* The number of a binary fraction: the decimal of its shortest text, and where `whole` is set a whole one as an int. */
static PyObject *
number_of_fraction(const Reader *self, double fraction, int whole)
{
    if (whole && fraction == floor(fraction)) {
        return PyLong_FromDouble(fraction);
    }
    char *text = PyOS_double_to_string(fraction, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (text == NULL) {
        return NULL;
    }
    PyObject *made = PyObject_CallFunction(self->decimal, "s", text);
    PyMem_Free(text);
    return made;
}

/* The value that an event has for what stands in a field. */
static PyObject *
value_of(const Reader *self, Form form, const Slot *slot)
{
    if (form == AS_INSTANT || slot->value == NULL) {
        return PyLong_FromLongLong(slot->number);
    }
    if (PyFloat_CheckExact(slot->value)) {
        return number_of_fraction(self, PyFloat_AS_DOUBLE(slot->value), form != AS_KEPT);
    }
    return Py_NewRef(slot->value);
}

/* Puts a value into a dictionary that is made when there is one. */
static Step
put_value(const Reader *self, PyObject **fields, PyObject *name, Form form, const Slot *slot)
{
    if (slot->standing != GIVEN) {
        return FINE;
    }
    if (*fields == NULL && (*fields = PyDict_New()) == NULL) {
        return BROKEN;
    }
    PyObject *value = value_of(self, form, slot);
    int failed = value == NULL || PyDict_SetItem(*fields, name, value) < 0;
    Py_XDECREF(value);
    return failed ? BROKEN : FINE;
}

/* The values of the fields that stand at `first` and behind it, and of those that nobody declared. */
static PyObject *
fields_of(const Reader *self, const Part *part, int first)
{
    if (part->shape == NULL) {
        return Py_NewRef(self->nothing);
    }
    PyObject *fields = NULL;
    Step step = FINE;
    for (int i = 0; step == FINE && i < part->shape->count; i++) {
        const Field *field = &part->shape->fields[i];
        if (field->place >= first) {
            step = put_value(self, &fields, field->name, field->form, &part->slots[field->place]);
        }
    }
    for (int i = 0; step == FINE && i < part->others_count; i++) {
        step = put_value(self, &fields, part->others[i].name, part->form, &part->others[i].slot);
    }
    if (step != FINE) {
        Py_XDECREF(fields);
        return NULL;
    }
    return fields != NULL ? fields : Py_NewRef(self->nothing);
}

/* Whether the fields of a member are what the host said of them but for the id. */
static int
all_are_fields(const Part *member)
{
    if (member->others_count) {
        return 0;
    }
    for (int i = 0; i < member->shape->count; i++) {
        const Field *field = &member->shape->fields[i];
        const Slot *slot = &member->slots[field->place];
        if (slot->standing == ABSENT || field->place == MEMBER_ID) {
            continue;
        }
        if (slot->standing == EMPTY || field->place < MEMBER_PLACES || field->form == AS_INSTANT ||
            field->form == AS_TEXTS || PyFloat_CheckExact(slot->value)) {
            return 0;
        }
    }
    return 1;
}

/* The values of the fields of a member. */
static PyObject *
fields_of_member(const Reader *self, const Draft *draft)
{
    PyObject *given = draft->envelope.slots[MEMBER].value;
    if (given == NULL || PyDict_GET_SIZE(given) < 2 || !all_are_fields(&draft->member)) {
        return fields_of(self, &draft->member, MEMBER_PLACES);
    }
    /* What a host handed in stays theirs. */
    PyObject *fields = PyDict_Copy(given);
    if (fields != NULL && PyDict_DelItem(fields, self->id_name) < 0) {
        Py_CLEAR(fields);
    }
    return fields;
}

static PyObject *
build_member(const Reader *self, const Draft *draft)
{
    const Slot *slots = draft->member.slots, *roles = &slots[ROLES];
    PyObject *joined = instant_object(&slots[JOINED]);
    PyObject *fields = joined != NULL ? fields_of_member(self, draft) : NULL;
    PyObject *made = NULL;
    if (fields != NULL) {
        int said = roles->standing == GIVEN;
        PyObject *parts[] = {
            slots[MEMBER_ID].value, said ? roles->value : self->no_items, joined, value_or_none(&slots[NAME]),
            fields, self->no_labels, self->zero, said ? Py_True : Py_False,
        };
        made = PyObject_Vectorcall(self->member, parts, 8, NULL);
    }
    Py_XDECREF(joined);
    Py_XDECREF(fields);
    return made;
}

/* A person of whom the flat form says nothing but an id. */
static PyObject *
build_author(const Reader *self, PyObject *author)
{
    PyObject *parts[] = {
        author, self->no_items, Py_None, Py_None, self->nothing, self->no_labels, self->zero, Py_False,
    };
    return PyObject_Vectorcall(self->member, parts, 8, NULL);
}

static PyObject *
build_message(const Reader *self, const Draft *draft, PyObject *id, PyObject *fields)
{
    const Slot *slots = draft->message.slots;
    const Slot *attached = &slots[ATTACHMENTS], *own = &slots[MESSAGE_ID], *text = &slots[MESSAGE_TEXT];
    PyObject *said = text->standing == GIVEN ? Py_NewRef(text->value) : PyUnicode_New(0, 127);
    PyObject *labels = said != NULL ? fields_of(self, &draft->labels, 0) : NULL;
    PyObject *made = NULL;
    if (labels != NULL) {
        PyObject *parts[] = {
            own->standing == GIVEN ? own->value : id, said, value_or_none(&slots[REPLY_TO]),
            value_or_none(&slots[TOPIC]), attached->standing == GIVEN ? attached->value : self->no_items, labels, fields,
        };
        made = PyObject_Vectorcall(self->message, parts, 7, NULL);
    }
    Py_XDECREF(said);
    Py_XDECREF(labels);
    return made;
}

/* The message of the flat form. */
static PyObject *
build_text(const Reader *self, PyObject *id, PyObject *text)
{
    PyObject *parts[] = {id, text, Py_None, Py_None, self->no_items, self->nothing, self->nothing};
    return PyObject_Vectorcall(self->message, parts, 7, NULL);
}

static PyObject *
build_target(const Reader *self, const Draft *draft)
{
    if (draft->envelope.slots[TARGET].standing != GIVEN) {
        return Py_NewRef(self->no_target);
    }
    PyObject *parts[TARGET_PLACES];
    for (int i = 0; i < TARGET_PLACES; i++) {
        parts[i] = value_or_none(&draft->target.slots[i]);
    }
    return PyObject_Vectorcall(self->target, parts, TARGET_PLACES, NULL);
}

/* Whether the fields that are there make an event together. */
static int
is_event(const Draft *draft)
{
    const Slot *slots = draft->envelope.slots, *text = &slots[TEXT], *carried = &slots[MESSAGE];
    if (slots[ID].standing != GIVEN || slots[COMMUNITY].standing != GIVEN || slots[TYPE].standing != GIVEN) {
        return 0;
    }
    /* One of the two names for each, the other not even with nothing in it. */
    if (slots[TIME].standing + slots[TS].standing != GIVEN || slots[MEMBER].standing + slots[AUTHOR].standing != GIVEN ||
        (text->standing != ABSENT && carried->standing != ABSENT)) {
        return 0;
    }
    if (slots[MEMBER].standing == GIVEN && draft->member.slots[MEMBER_ID].standing != GIVEN) {
        return 0;
    }
    if (draft->kind->with_message && text->standing != GIVEN && carried->standing != GIVEN) {
        return 0;
    }
    return draft->said == NULL || draft->said == draft->kind;
}

/* Whether a message that another type carries has fields that are declared for messages alone. */
static int
has_declared(const Part *message)
{
    for (int i = MESSAGE_PLACES; message->shape != NULL && i < message->shape->count; i++) {
        if (message->slots[i].standing != ABSENT) {
            return 1;
        }
    }
    return 0;
}

/* The message that an event carries, or None. `id` is that of a message that has none of its own; `fields` what its
   fields say. */
static PyObject *
carried_message(const Reader *self, const Draft *draft, PyObject *id, PyObject *fields)
{
    const Slot *slots = draft->envelope.slots, *text = &slots[TEXT];
    /* What a message is about is that message, whichever event tells of it. */
    const Part *target = &draft->target;
    if (target->shape != NULL && target->slots[TARGET_MESSAGE].standing == GIVEN) {
        id = target->slots[TARGET_MESSAGE].value;
    }
    if (text->standing == GIVEN && (draft->kind->with_message || PyUnicode_GET_LENGTH(text->value))) {
        return build_text(self, id, text->value);
    }
    if (slots[MESSAGE].standing == GIVEN) {
        return build_message(self, draft, id, fields);
    }
    return Py_NewRef(Py_None);
}

static PyObject *
build_event(const Reader *self, const Draft *draft, PyObject *digest)
{
    const Slot *slots = draft->envelope.slots;
    const Slot *moment = slots[TIME].standing == GIVEN ? &slots[TIME] : &slots[TS];
    PyObject *id = slots[ID].value;
    PyObject *made = NULL, *time = NULL, *member = NULL, *message = NULL, *target = NULL, *said = NULL, *own = NULL;
    if ((time = instant_object(moment)) == NULL) {
        goto done;
    }
    member = slots[AUTHOR].standing == GIVEN ? build_author(self, slots[AUTHOR].value) : build_member(self, draft);
    if (member == NULL || (target = build_target(self, draft)) == NULL) {
        goto done;
    }
    if ((said = fields_of(self, &draft->message, MESSAGE_PLACES)) == NULL) {
        goto done;
    }
    if (draft->kind->is_message) {
        own = Py_NewRef(said);
    }
    else {
        own = draft->said != NULL ? fields_of(self, &draft->own, 0) : Py_NewRef(self->nothing);
    }
    if (own == NULL || (message = carried_message(self, draft, id, said)) == NULL) {
        goto done;
    }
    PyObject *parts[] = {
        id, time, slots[TYPE].value, slots[COMMUNITY].value, member, message, target, own,
        value_or_none(&slots[CHANNEL]), value_or_none(&slots[PLACE]), Py_None, Py_None, Py_None, self->no_items,
        digest, Py_None,
    };
    made = PyObject_Vectorcall(self->event, parts, 16, NULL);
done:
    Py_XDECREF(time);
    Py_XDECREF(member);
    Py_XDECREF(message);
    Py_XDECREF(target);
    Py_XDECREF(said);
    Py_XDECREF(own);
    return made;
}

#endif
