/* Events in the wire form, as nearly all of them come: from a dictionary or from a line of JSON straight to an `Event`.

   Its twins are `wire.full`, `wire.flat` and, for what those leave out, `wire.events.build_event`, which says what each
   check is for. Here nothing is refused: what is wrong, and what is rare, is None and left to them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "digest.h"
#include "instants.h"
#include "line.h"
#include "shapes.h"

/* The places of the fields that every object has; declared ones follow. */
enum { AUTHOR, CHANNEL, COMMUNITY, ID, MEMBER, MESSAGE, PLACE, TARGET, TEXT, TIME, TS, TYPE, OWN, ENVELOPE_PLACES };
enum { MEMBER_ID, JOINED, NAME, ROLES, MEMBER_PLACES };
enum { ATTACHMENTS, MESSAGE_ID, REPLY_TO, MESSAGE_TEXT, TOPIC, MESSAGE_PLACES };
enum { TARGET_MESSAGE, TARGET_MEMBER, TARGET_CASE, TARGET_RULE, TARGET_PLACES };

typedef struct {
    const char *name;
    int place;
    Form form;
} Standard;

static const Standard envelope_fields[] = {
    {"author", AUTHOR, AS_ID},       {"channel", CHANNEL, AS_ID},     {"community", COMMUNITY, AS_ID},
    {"id", ID, AS_ID},               {"member", MEMBER, AS_MEMBER},   {"message", MESSAGE, AS_MESSAGE},
    {"place", PLACE, AS_ID},         {"target", TARGET, AS_TARGET},   {"text", TEXT, AS_TEXT},
    {"time", TIME, AS_INSTANT},      {"ts", TS, AS_INSTANT},          {"type", TYPE, AS_KIND},
    {NULL, 0, AS_ID},
};
static const Standard member_fields[] = {
    {"id", MEMBER_ID, AS_ID}, {"joined", JOINED, AS_INSTANT}, {"name", NAME, AS_TEXT}, {"roles", ROLES, AS_IDS},
    {NULL, 0, AS_ID},
};
static const Standard message_fields[] = {
    {"attachments", ATTACHMENTS, AS_TEXTS}, {"id", MESSAGE_ID, AS_ID}, {"reply_to", REPLY_TO, AS_ID},
    {"text", MESSAGE_TEXT, AS_TEXT},        {"topic", TOPIC, AS_TEXT}, {NULL, 0, AS_ID},
};
static const Standard target_fields[] = {
    {"message", TARGET_MESSAGE, AS_ID}, {"member", TARGET_MEMBER, AS_ID}, {"case", TARGET_CASE, AS_ID},
    {"rule", TARGET_RULE, AS_ID},       {NULL, 0, AS_ID},
};

/* A type of event. */
typedef struct {
    /* Its name, and where its own fields stand. */
    Field field;
    int with_message, is_message;
    Shape own;
} Kind;

typedef struct {
    PyObject_HEAD
    PyObject *event, *member, *message, *target;
    PyObject *no_target, *nothing, *no_labels, *no_items, *zero, *id_name;
    Py_ssize_t max_id, max_text, max_items, max_body;
    long long max_number;
    int first_year, last_year;
    Shape envelope, of_member, of_message, of_target;
    Py_ssize_t kinds_count;
    Kind *kinds;
} Reader;

/* One body while it is read. */
typedef struct {
    Slot envelope[ENVELOPE_PLACES];
    Slot target[TARGET_PLACES];
    Slot member[MOST_FIELDS];
    Slot message[MOST_FIELDS];
    Slot own[MOST_FIELDS];
    /* Its type, and the type under whose name it has fields. */
    const Kind *kind;
    const Kind *said;
} Draft;

static void
begin(const Reader *self, Draft *draft)
{
    memset(draft->envelope, 0, sizeof draft->envelope);
    memset(draft->target, 0, sizeof draft->target);
    memset(draft->member, 0, sizeof(Slot) * (size_t)self->of_member.count);
    memset(draft->message, 0, sizeof(Slot) * (size_t)self->of_message.count);
    draft->kind = draft->said = NULL;
}

static void
end(const Reader *self, Draft *draft)
{
    for (int i = 0; i < ENVELOPE_PLACES; i++) {
        Py_XDECREF(draft->envelope[i].value);
    }
    clear_slots(draft->target, &self->of_target);
    clear_slots(draft->member, &self->of_member);
    clear_slots(draft->message, &self->of_message);
    if (draft->said != NULL) {
        clear_slots(draft->own, &draft->said->own);
    }
}

/* The fields of a type of its own, as they are begun with. UNUSUAL when there are some already. */
static Step
begin_own(Draft *draft, const Kind *kind)
{
    if (draft->said != NULL) {
        return UNUSUAL;
    }
    draft->said = kind;
    memset(draft->own, 0, sizeof(Slot) * (size_t)kind->own.count);
    return FINE;
}

/* --- what may stand in a field ---------------------------------------------------------------------------------- */

static int
is_control(Py_UCS4 one)
{
    return one < 0x20 || one == 0x7f;
}

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
        if (is_control(PyUnicode_READ(width, data, i))) {
            return UNUSUAL;
        }
    }
    return FINE;
}

/* Puts a tuple in the place of a list of texts. */
static Step
check_items(const Reader *self, Slot *slot, int ids)
{
    if (!PyList_CheckExact(slot->value) || PyList_GET_SIZE(slot->value) > self->max_items) {
        return UNUSUAL;
    }
    PyObject *items = PyList_AsTuple(slot->value);
    if (items == NULL) {
        return BROKEN;
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
        if (!PyUnicode_CheckExact(slot->value) || !PyUnicode_IS_ASCII(slot->value)) {
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

/* Whether what stands in a field that holds no object may stand there. */
static Step
check(const Reader *self, Form form, Slot *slot)
{
    switch (form) {
    case AS_ID: return PyUnicode_CheckExact(slot->value) ? check_id(self, slot->value) : UNUSUAL;
    case AS_TEXT:
        return PyUnicode_CheckExact(slot->value) && PyUnicode_GET_LENGTH(slot->value) <= self->max_text ? FINE : UNUSUAL;
    case AS_NUMBER: {
        int over = 0;
        if (slot->value != NULL) {
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
    case AS_BOOLEAN: return PyBool_Check(slot->value) ? FINE : UNUSUAL;
    case AS_INSTANT: return check_instant(self, slot);
    case AS_TEXTS: return check_items(self, slot, 0);
    case AS_IDS: return check_items(self, slot, 1);
    default: return UNUSUAL;
    }
}

static const Kind *
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

/* The slots and the shape of the object that stands in a field. */
static Slot *
inner(const Reader *self, Draft *draft, Form form, const Shape **shape)
{
    switch (form) {
    case AS_MEMBER: *shape = &self->of_member; return draft->member;
    case AS_MESSAGE: *shape = &self->of_message; return draft->message;
    case AS_TARGET: *shape = &self->of_target; return draft->target;
    default: *shape = &draft->said->own; return draft->own;
    }
}

/* --- from a dictionary ------------------------------------------------------------------------------------------ */

/* The slot of a name, which must be known. */
static Step
slot_of_name(const Reader *self, Draft *draft, const Shape *shape, Slot *slots, PyObject *name, Slot **slot)
{
    if (!PyUnicode_CheckExact(name)) {
        return UNUSUAL;
    }
    const Field *field = field_of_name(shape, name);
    if (field != NULL) {
        *slot = &slots[field->place];
        return FINE;
    }
    const Kind *kind = shape == &self->envelope ? kind_of_name(self, name) : NULL;
    *slot = &draft->envelope[OWN];
    return kind != NULL ? begin_own(draft, kind) : UNUSUAL;
}

/* Takes hold of what stands in a dictionary. Nothing is made meanwhile, so that nothing else runs. */
static Step
gather(const Reader *self, Draft *draft, const Shape *shape, Slot *slots, PyObject *given)
{
    if (!PyDict_CheckExact(given)) {
        return UNUSUAL;
    }
    Py_ssize_t at = 0;
    PyObject *name, *value;
    while (PyDict_Next(given, &at, &name, &value)) {
        Slot *slot;
        if (slot_of_name(self, draft, shape, slots, name, &slot) != FINE) {
            return UNUSUAL;
        }
        if (value == Py_None) {
            slot->standing = EMPTY;
            continue;
        }
        slot->standing = GIVEN;
        slot->value = Py_NewRef(value);
    }
    return FINE;
}

static Step check_all(const Reader *self, Draft *draft, const Shape *shape, Slot *slots);

static Step
check_field(const Reader *self, Draft *draft, Form form, Slot *slot)
{
    if (form == AS_KIND) {
        draft->kind = PyUnicode_CheckExact(slot->value) ? kind_of_name(self, slot->value) : NULL;
        return draft->kind != NULL ? FINE : UNUSUAL;
    }
    if (form < AS_MEMBER) {
        return check(self, form, slot);
    }
    const Shape *shape;
    Slot *slots = inner(self, draft, form, &shape);
    Step step = gather(self, draft, shape, slots, slot->value);
    return step == FINE ? check_all(self, draft, shape, slots) : step;
}

static Step
check_all(const Reader *self, Draft *draft, const Shape *shape, Slot *slots)
{
    for (const Field *field = shape->fields, *last = field + shape->count; field < last; field++) {
        Slot *slot = &slots[field->place];
        if (slot->standing == GIVEN) {
            Step step = check_field(self, draft, field->form, slot);
            if (step != FINE) {
                return step;
            }
        }
    }
    return FINE;
}

static Step
read_body(const Reader *self, Draft *draft, PyObject *given)
{
    Step step = gather(self, draft, &self->envelope, draft->envelope, given);
    if (step == FINE) {
        step = check_all(self, draft, &self->envelope, draft->envelope);
    }
    if (step == FINE && draft->envelope[OWN].standing == GIVEN) {
        step = check_field(self, draft, AS_OWN, &draft->envelope[OWN]);
    }
    return step;
}

/* --- from a line ------------------------------------------------------------------------------------------------ */

static Step take_object(const Reader *self, Draft *draft, Line *line, const Shape *shape, Slot *slots);

/* The type of event that a text names. */
static Step
spelt_kind(const Reader *self, const Spelt *spelt, const Kind **kind)
{
    if (!spelt->escaped) {
        *kind = kind_of_bytes(self, spelt->start, spelt->size);
        return *kind != NULL ? FINE : UNUSUAL;
    }
    PyObject *name;
    Step step = spelt_text(spelt, &name);
    if (step != FINE) {
        return step;
    }
    *kind = kind_of_name(self, name);
    Py_DECREF(name);
    return *kind != NULL ? FINE : UNUSUAL;
}

/* The field that a text names, NULL where there is none. */
static Step
spelt_field(const Shape *shape, const Spelt *spelt, const Field **field)
{
    if (!spelt->escaped) {
        *field = field_of_bytes(shape, spelt->start, spelt->size);
        return FINE;
    }
    PyObject *name;
    Step step = spelt_text(spelt, &name);
    if (step == FINE) {
        *field = field_of_name(shape, name);
        Py_DECREF(name);
    }
    return step;
}

static Step
take_text(const Reader *self, Draft *draft, Line *line, Form form, Slot *slot)
{
    Spelt spelt;
    if (take_spelt(line, &spelt) != FINE) {
        return UNUSUAL;
    }
    if (!spelt.escaped) {
        slot->raw = spelt.start;
        slot->size = spelt.size;
    }
    if (form == AS_KIND) {
        Step step = spelt_kind(self, &spelt, &draft->kind);
        if (step == FINE) {
            slot->value = Py_NewRef(draft->kind->field.name);
        }
        return step;
    }
    if (form == AS_INSTANT) {
        return spelt.escaped ? UNUSUAL : check(self, form, slot);
    }
    if (form != AS_ID && form != AS_TEXT) {
        return UNUSUAL;
    }
    Step step = spelt_text(&spelt, &slot->value);
    return step == FINE ? check(self, form, slot) : step;
}

/* Takes a list of texts whose bracket is behind. */
static Step
take_list(const Reader *self, Line *line, Form form, Slot *slot)
{
    if (form != AS_IDS && form != AS_TEXTS) {
        return UNUSUAL;
    }
    slot->value = PyList_New(0);
    if (slot->value == NULL) {
        return BROKEN;
    }
    if (!passes(line, ']')) {
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
        if (!passes(line, ']')) {
            return UNUSUAL;
        }
    }
    return check(self, form, slot);
}

static Step
take_value(const Reader *self, Draft *draft, Line *line, Form form, Slot *slot)
{
    skip_space(line);
    if (line->at >= line->end || slot->standing != ABSENT) {
        return UNUSUAL;
    }
    slot->standing = GIVEN;
    const char *start = line->at;
    switch (*start) {
    case '"': line->at++; return take_text(self, draft, line, form, slot);
    case '[': line->at++; return take_list(self, line, form, slot);
    case '{': {
        if (form < AS_MEMBER) {
            return UNUSUAL;
        }
        const Shape *shape;
        Slot *slots = inner(self, draft, form, &shape);
        return take_object(self, draft, line, shape, slots);
    }
    case 'n': slot->standing = EMPTY; return passes_word(line, "null", 4) ? FINE : UNUSUAL;
    case 't':
    case 'f':
        if (form != AS_BOOLEAN || !(*start == 't' ? passes_word(line, "true", 4) : passes_word(line, "false", 5))) {
            return UNUSUAL;
        }
        slot->value = Py_NewRef(*start == 't' ? Py_True : Py_False);
        return FINE;
    default:
        if (form != AS_NUMBER || take_number(line, &slot->number) != FINE) {
            return UNUSUAL;
        }
        slot->raw = start;
        slot->size = (size_t)(line->at - start);
        return check(self, form, slot);
    }
}

/* Takes a name, its colon and its value. */
static Step
take_field(const Reader *self, Draft *draft, Line *line, const Shape *shape, Slot *slots)
{
    Spelt spelt;
    if (!passes(line, '"') || take_spelt(line, &spelt) != FINE || !passes(line, ':')) {
        return UNUSUAL;
    }
    const Field *field;
    Step step = spelt_field(shape, &spelt, &field);
    if (step != FINE) {
        return step;
    }
    if (field != NULL) {
        return take_value(self, draft, line, field->form, &slots[field->place]);
    }
    if (shape != &self->envelope) {
        return UNUSUAL;
    }
    const Kind *kind;
    step = spelt_kind(self, &spelt, &kind);
    if (step == FINE) {
        step = begin_own(draft, kind);
    }
    if (step != FINE) {
        return step;
    }
    return take_value(self, draft, line, AS_OWN, &draft->envelope[OWN]);
}

static Step
take_object(const Reader *self, Draft *draft, Line *line, const Shape *shape, Slot *slots)
{
    if (!passes(line, '{')) {
        return UNUSUAL;
    }
    if (passes(line, '}')) {
        return FINE;
    }
    do {
        Step step = take_field(self, draft, line, shape, slots);
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
    Step step = take_object(self, draft, &line, &self->envelope, draft->envelope);
    if (step == FINE) {
        skip_space(&line);
        step = line.at == line.end ? FINE : UNUSUAL;
    }
    return step;
}

/* --- its canonical form ----------------------------------------------------------------------------------------- */

static Step write_object(const Reader *self, Draft *draft, const Shape *shape, const Slot *slots, Out *out);

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

static Step
write_value(const Reader *self, Draft *draft, Form form, const Slot *slot, Out *out)
{
    if (slot->standing == EMPTY) {
        return out_put(out, "null", 4);
    }
    switch (form) {
    case AS_ID:
    case AS_TEXT:
    case AS_KIND:
    case AS_INSTANT:
        if (slot->raw == NULL) {
            return out_text(out, slot->value);
        }
        if (out_room(out, slot->size + 2) != FINE) {
            return BROKEN;
        }
        *out->at++ = '"';
        out_bytes(out, slot->raw, slot->size);
        *out->at++ = '"';
        return FINE;
    case AS_NUMBER:
        return slot->raw != NULL ? out_put(out, slot->raw, slot->size) : out_number(out, slot->number);
    case AS_BOOLEAN: return slot->value == Py_True ? out_put(out, "true", 4) : out_put(out, "false", 5);
    case AS_TEXTS:
    case AS_IDS: return write_items(slot->value, out);
    default: {
        const Shape *shape;
        const Slot *slots = inner(self, draft, form, &shape);
        return write_object(self, draft, shape, slots, out);
    }
    }
}

static Step
write_field(const Reader *self, Draft *draft, const Field *field, const Slot *slot, Out *out)
{
    Py_ssize_t size = PyBytes_GET_SIZE(field->written);
    if (out_room(out, (size_t)size + 1) != FINE) {
        return BROKEN;
    }
    if (out->at[-1] != '{') {
        *out->at++ = ',';
    }
    out_bytes(out, PyBytes_AS_STRING(field->written), (size_t)size);
    return write_value(self, draft, field->form, slot, out);
}

static Step
write_object(const Reader *self, Draft *draft, const Shape *shape, const Slot *slots, Out *out)
{
    if (out_put(out, "{", 1) != FINE) {
        return BROKEN;
    }
    /* Where the fields stand that go by the name of the type. */
    const Kind *said = shape == &self->envelope ? draft->said : NULL;
    for (const Field *field = shape->fields, *last = field + shape->count; field < last; field++) {
        const Slot *slot = &slots[field->place];
        if (slot->standing == ABSENT) {
            continue;
        }
        if (said != NULL && PyUnicode_Compare(said->field.name, field->name) < 0) {
            Step step = write_field(self, draft, &said->field, &draft->envelope[OWN], out);
            if (step != FINE) {
                return step;
            }
            said = NULL;
        }
        Step step = write_field(self, draft, field, slot, out);
        if (step != FINE) {
            return step;
        }
    }
    if (said != NULL) {
        Step step = write_field(self, draft, &said->field, &draft->envelope[OWN], out);
        if (step != FINE) {
            return step;
        }
    }
    return out_put(out, "}", 1);
}

static Step
digest(const Reader *self, Draft *draft, PyObject **made)
{
    Out out;
    out_begin(&out);
    Step step = write_object(self, draft, &self->envelope, draft->envelope, &out);
    if (step == FINE && out.at - out.start > self->max_body) {
        step = UNUSUAL;
    }
    if (step == FINE) {
        *made = PyUnicode_New(DIGEST_HEX, 127);
        if (*made == NULL) {
            step = BROKEN;
        }
        else {
            char hex[DIGEST_HEX];
            digest_hex((const unsigned char *)out.start, (size_t)(out.at - out.start), hex);
            memcpy(PyUnicode_1BYTE_DATA(*made), hex, DIGEST_HEX);
        }
    }
    out_end(&out);
    return step;
}

/* --- the event -------------------------------------------------------------------------------------------------- */

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

static PyObject *
declared_value(Form form, const Slot *slot)
{
    if (form == AS_INSTANT || slot->value == NULL) {
        return PyLong_FromLongLong(slot->number);
    }
    return Py_NewRef(slot->value);
}

/* The values of the fields that stand at `first` and behind it. */
static PyObject *
fields_of(const Reader *self, const Shape *shape, const Slot *slots, int first)
{
    PyObject *fields = NULL;
    for (const Field *field = shape->fields, *last = field + shape->count; field < last; field++) {
        const Slot *slot = &slots[field->place];
        if (field->place < first || slot->standing != GIVEN) {
            continue;
        }
        if (fields == NULL && (fields = PyDict_New()) == NULL) {
            return NULL;
        }
        PyObject *value = declared_value(field->form, slot);
        if (value == NULL || PyDict_SetItem(fields, field->name, value) < 0) {
            Py_XDECREF(value);
            Py_DECREF(fields);
            return NULL;
        }
        Py_DECREF(value);
    }
    return fields != NULL ? fields : Py_NewRef(self->nothing);
}

/* The values of the declared fields of a member. */
static PyObject *
fields_of_member(const Reader *self, const Draft *draft)
{
    const Slot *slots = draft->member;
    PyObject *given = draft->envelope[MEMBER].value;
    if (given == NULL || PyDict_GET_SIZE(given) < 2) {
        return fields_of(self, &self->of_member, slots, MEMBER_PLACES);
    }
    for (int i = 0; i < self->of_member.count; i++) {
        if (i != MEMBER_ID && (i < MEMBER_PLACES ? slots[i].standing != ABSENT : slots[i].standing == EMPTY)) {
            return fields_of(self, &self->of_member, slots, MEMBER_PLACES);
        }
    }
    /* All but the id are such fields, and what a host handed in stays theirs. */
    PyObject *fields = PyDict_Copy(given);
    if (fields != NULL && PyDict_DelItem(fields, self->id_name) < 0) {
        Py_CLEAR(fields);
    }
    return fields;
}

static PyObject *
build_member(const Reader *self, const Draft *draft)
{
    const Slot *slots = draft->member;
    const Slot *roles = &slots[ROLES];
    PyObject *joined = instant_object(&slots[JOINED]);
    PyObject *fields = joined ? fields_of_member(self, draft) : NULL;
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
    const Slot *slots = draft->message;
    const Slot *attached = &slots[ATTACHMENTS], *own = &slots[MESSAGE_ID], *text = &slots[MESSAGE_TEXT];
    PyObject *said = text->standing == GIVEN ? Py_NewRef(text->value) : PyUnicode_New(0, 127);
    if (said == NULL) {
        return NULL;
    }
    PyObject *parts[] = {
        own->standing == GIVEN ? own->value : id, said, value_or_none(&slots[REPLY_TO]), value_or_none(&slots[TOPIC]),
        attached->standing == GIVEN ? attached->value : self->no_items, self->nothing, fields,
    };
    PyObject *made = PyObject_Vectorcall(self->message, parts, 7, NULL);
    Py_DECREF(said);
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
    if (draft->envelope[TARGET].standing != GIVEN) {
        return Py_NewRef(self->no_target);
    }
    PyObject *parts[TARGET_PLACES];
    for (int i = 0; i < TARGET_PLACES; i++) {
        parts[i] = value_or_none(&draft->target[i]);
    }
    return PyObject_Vectorcall(self->target, parts, TARGET_PLACES, NULL);
}

/* Whether the fields that are there make an event together. */
static int
is_event(const Reader *self, const Draft *draft)
{
    const Slot *envelope = draft->envelope, *text = &envelope[TEXT], *carried = &envelope[MESSAGE];
    if (envelope[ID].standing != GIVEN || envelope[COMMUNITY].standing != GIVEN || envelope[TYPE].standing != GIVEN) {
        return 0;
    }
    /* One of the two names for each, the other not even as null. */
    if (envelope[TIME].standing + envelope[TS].standing != GIVEN) {
        return 0;
    }
    if (envelope[MEMBER].standing + envelope[AUTHOR].standing != GIVEN) {
        return 0;
    }
    if (text->standing != ABSENT && carried->standing != ABSENT) {
        return 0;
    }
    if (envelope[MEMBER].standing == GIVEN && draft->member[MEMBER_ID].standing != GIVEN) {
        return 0;
    }
    if (draft->said != NULL && draft->said != draft->kind) {
        return 0;
    }
    if (draft->kind->with_message && text->standing != GIVEN && carried->standing != GIVEN) {
        return 0;
    }
    if (draft->kind->is_message) {
        return 1;
    }
    /* Declared for messages alone, and otherwise fields that nobody declared. */
    for (int i = MESSAGE_PLACES; i < self->of_message.count; i++) {
        if (draft->message[i].standing != ABSENT) {
            return 0;
        }
    }
    return 1;
}

static PyObject *
build_event(const Reader *self, const Draft *draft, PyObject *digest)
{
    const Slot *envelope = draft->envelope, *text = &envelope[TEXT];
    const Kind *kind = draft->kind;
    PyObject *id = envelope[ID].value;
    const Slot *moment = envelope[TIME].standing == GIVEN ? &envelope[TIME] : &envelope[TS];
    PyObject *made = NULL, *member = NULL, *message = NULL, *target = NULL, *fields = NULL;
    PyObject *time = PyLong_FromLongLong(moment->number);
    if (time == NULL) {
        return NULL;
    }
    member = envelope[AUTHOR].standing == GIVEN ? build_author(self, envelope[AUTHOR].value) : build_member(self, draft);
    target = member ? build_target(self, draft) : NULL;
    if (target == NULL) {
        goto done;
    }
    if (kind->is_message && envelope[MESSAGE].standing == GIVEN) {
        fields = fields_of(self, &self->of_message, draft->message, MESSAGE_PLACES);
    }
    else if (draft->said != NULL && envelope[OWN].standing == GIVEN) {
        fields = fields_of(self, &kind->own, draft->own, 0);
    }
    else {
        fields = Py_NewRef(self->nothing);
    }
    if (fields == NULL) {
        goto done;
    }
    /* What a message is about is that message, whichever event tells of it. */
    const Slot *about = &draft->target[TARGET_MESSAGE];
    PyObject *message_id = about->standing == GIVEN ? about->value : id;
    if (text->standing == GIVEN && (kind->with_message || PyUnicode_GET_LENGTH(text->value))) {
        message = build_text(self, message_id, text->value);
    }
    else if (envelope[MESSAGE].standing == GIVEN) {
        message = build_message(self, draft, message_id, kind->is_message ? fields : self->nothing);
    }
    else {
        message = Py_NewRef(Py_None);
    }
    if (message == NULL) {
        goto done;
    }
    PyObject *parts[] = {
        id, time, envelope[TYPE].value, envelope[COMMUNITY].value, member, message, target, fields,
        value_or_none(&envelope[CHANNEL]), value_or_none(&envelope[PLACE]), Py_None, Py_None, Py_None, self->no_items,
        digest, Py_None,
    };
    made = PyObject_Vectorcall(self->event, parts, 16, NULL);
done:
    Py_DECREF(time);
    Py_XDECREF(member);
    Py_XDECREF(message);
    Py_XDECREF(target);
    Py_XDECREF(fields);
    return made;
}

/* The event of what was read; None where it is left to Python. */
static PyObject *
finish(const Reader *self, Draft *draft, Step step)
{
    PyObject *written = NULL, *made = NULL;
    if (step == FINE) {
        step = is_event(self, draft) ? digest(self, draft, &written) : UNUSUAL;
    }
    if (step == FINE) {
        made = build_event(self, draft, written);
        Py_DECREF(written);
    }
    else if (step == UNUSUAL) {
        made = Py_NewRef(Py_None);
    }
    end(self, draft);
    return made;
}

static PyObject *
reader_body(PyObject *reader, PyObject *given)
{
    const Reader *self = (const Reader *)reader;
    Draft draft;
    begin(self, &draft);
    return finish(self, &draft, read_body(self, &draft, given));
}

static PyObject *
reader_line(PyObject *reader, PyObject *given)
{
    const Reader *self = (const Reader *)reader;
    if (!PyBytes_CheckExact(given)) {
        Py_RETURN_NONE;
    }
    Draft draft;
    begin(self, &draft);
    return finish(self, &draft, read_line(self, &draft, PyBytes_AS_STRING(given), PyBytes_GET_SIZE(given)));
}

/* --- the module ------------------------------------------------------------------------------------------------- */

static Step
add_standard(Shape *shape, const Standard *fields)
{
    for (; fields->name != NULL; fields++) {
        PyObject *name = PyUnicode_InternFromString(fields->name);
        if (name == NULL) {
            return BROKEN;
        }
        Step step = add_field(shape, name, fields->place, fields->form);
        Py_DECREF(name);
        if (step != FINE) {
            return BROKEN;
        }
    }
    return FINE;
}

/* Adds the fields of a tuple of pairs: a name, and what may stand there. */
static Step
add_declared(Shape *shape, PyObject *pairs)
{
    if (!PyTuple_Check(pairs)) {
        PyErr_SetString(PyExc_TypeError, "fields must be a tuple");
        return BROKEN;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(pairs); i++) {
        PyObject *name;
        const char *wanted;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(pairs, i), "Us", &name, &wanted)) {
            return BROKEN;
        }
        int form = 0;
        while (form < AS_KIND && strcmp(declared_forms[form], wanted) != 0) {
            form++;
        }
        if (form == AS_KIND) {
            PyErr_Format(PyExc_ValueError, "a field cannot hold %s", wanted);
            return BROKEN;
        }
        /* Names are the same texts in the dictionaries of a host's own programs. */
        Py_INCREF(name);
        PyUnicode_InternInPlace(&name);
        Step step = add_field(shape, name, shape->count, (Form)form);
        Py_DECREF(name);
        if (step != FINE) {
            return BROKEN;
        }
    }
    return FINE;
}

static Step
add_kind(Kind *kind, PyObject *given)
{
    PyObject *name, *pairs;
    Shape alone = {0};
    if (!PyArg_ParseTuple(given, "UpO", &name, &kind->with_message, &pairs)) {
        return BROKEN;
    }
    Py_INCREF(name);
    PyUnicode_InternInPlace(&name);
    kind->is_message = PyUnicode_CompareWithASCIIString(name, "message") == 0;
    Step step = add_field(&alone, name, OWN, AS_OWN);
    kind->field = alone.fields[0];
    Py_DECREF(name);
    return step == FINE ? add_declared(&kind->own, pairs) : BROKEN;
}

static Step
add_kinds(Reader *self, PyObject *kinds)
{
    self->kinds = PyMem_Calloc((size_t)PyTuple_GET_SIZE(kinds) + 1, sizeof(Kind));
    if (self->kinds == NULL) {
        PyErr_NoMemory();
        return BROKEN;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kinds); i++) {
        self->kinds_count = i + 1;
        if (add_kind(&self->kinds[i], PyTuple_GET_ITEM(kinds, i)) != FINE) {
            return BROKEN;
        }
    }
    return FINE;
}

static PyObject *
reader_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    static char *names[] = {"kinds", "member", "message", "made", "bounds", NULL};
    PyObject *kinds, *member, *message, *event_type, *member_type, *message_type, *target_type, *no_target;
    Py_ssize_t max_id, max_text, max_items, max_body;
    long long max_number;
    int first_year, last_year;
    if (!PyArg_ParseTupleAndKeywords(
            args, named, "O!OO(OOOOO)(nnnnLii):Reader", names, &PyTuple_Type, &kinds, &member, &message, &event_type,
            &member_type, &message_type, &target_type, &no_target, &max_id, &max_text, &max_items, &max_body,
            &max_number, &first_year, &last_year)) {
        return NULL;
    }
    Reader *self = (Reader *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->event = Py_NewRef(event_type);
    self->member = Py_NewRef(member_type);
    self->message = Py_NewRef(message_type);
    self->target = Py_NewRef(target_type);
    self->no_target = Py_NewRef(no_target);
    self->max_id = max_id;
    self->max_text = max_text;
    self->max_items = max_items;
    self->max_body = max_body;
    self->max_number = max_number;
    self->first_year = first_year;
    self->last_year = last_year;
    self->nothing = PyDict_New();
    self->no_labels = PyDict_New();
    self->no_items = PyTuple_New(0);
    self->zero = PyLong_FromLong(0);
    self->id_name = PyUnicode_InternFromString("id");
    if (self->id_name == NULL || self->nothing == NULL || self->no_labels == NULL || self->no_items == NULL || self->zero == NULL ||
        add_standard(&self->envelope, envelope_fields) != FINE || add_standard(&self->of_target, target_fields) != FINE ||
        add_standard(&self->of_member, member_fields) != FINE || add_declared(&self->of_member, member) != FINE ||
        add_standard(&self->of_message, message_fields) != FINE || add_declared(&self->of_message, message) != FINE ||
        add_kinds(self, kinds) != FINE) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int
reader_traverse(PyObject *reader, visitproc visit, void *arg)
{
    Reader *self = (Reader *)reader;
    Py_VISIT(Py_TYPE(reader));
    Py_VISIT(self->event);
    Py_VISIT(self->member);
    Py_VISIT(self->message);
    Py_VISIT(self->target);
    Py_VISIT(self->no_target);
    Py_VISIT(self->nothing);
    Py_VISIT(self->no_labels);
    return 0;
}

static void
reader_dealloc(PyObject *reader)
{
    Reader *self = (Reader *)reader;
    PyTypeObject *type = Py_TYPE(reader);
    PyObject_GC_UnTrack(reader);
    Py_CLEAR(self->event);
    Py_CLEAR(self->member);
    Py_CLEAR(self->message);
    Py_CLEAR(self->target);
    Py_CLEAR(self->no_target);
    Py_CLEAR(self->nothing);
    Py_CLEAR(self->no_labels);
    Py_CLEAR(self->no_items);
    Py_CLEAR(self->zero);
    Py_CLEAR(self->id_name);
    clear_shape(&self->envelope);
    clear_shape(&self->of_member);
    clear_shape(&self->of_message);
    clear_shape(&self->of_target);
    for (Py_ssize_t i = 0; i < self->kinds_count; i++) {
        Py_CLEAR(self->kinds[i].field.name);
        Py_CLEAR(self->kinds[i].field.written);
        clear_shape(&self->kinds[i].own);
    }
    PyMem_Free(self->kinds);
    type->tp_free(reader);
    Py_DECREF(type);
}

static PyMethodDef reader_methods[] = {
    {"body", reader_body, METH_O, "The event of a dictionary, or None when it is anything unusual."},
    {"line", reader_line, METH_O, "The event of one line of JSON, or None when it is anything unusual."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_doc, "Reads events by the types of one rulebook."},
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_traverse, reader_traverse},
    {Py_tp_methods, reader_methods},
    {0, NULL},
};

static PyType_Spec reader_spec = {
    .name = "communityrules.kernel._reading.Reader",
    .basicsize = sizeof(Reader),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reader_slots,
};

static PyObject *
digest_of(PyObject *Py_UNUSED(module), PyObject *given)
{
    Py_buffer bytes;
    if (PyObject_GetBuffer(given, &bytes, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *made = PyUnicode_New(DIGEST_HEX, 127);
    if (made != NULL) {
        digest_hex(bytes.buf, (size_t)bytes.len, (char *)PyUnicode_1BYTE_DATA(made));
    }
    PyBuffer_Release(&bytes);
    return made;
}

static PyMethodDef module_methods[] = {
    {"digest_of", digest_of, METH_O, "The digest of a body in its canonical JSON: 16 hexadecimal characters."},
    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &reader_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int failed = PyModule_AddType(module, (PyTypeObject *)type);
    Py_DECREF(type);
    return failed;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static struct PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._reading",
    .m_doc = "Reads events in the wire form.",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__reading(void)
{
    return PyModuleDef_Init(&module_def);
}
