/* Events in the wire form, as nearly all of them come: from a dictionary or from a line of JSON straight to an `Event`.

   Its twins are `wire.full`, `wire.flat` and, for what those leave out, `wire.events.build_event`, which says what each
   check is for. Here nothing is refused: what is wrong, and what is rare, is None and left to them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "of_body.h"
#include "of_line.h"
#include "writing.h"

typedef struct {
    const char *name;
    int place;
    Form form;
} Standard;

static const Standard envelope_fields[] = {
    {"author", AUTHOR, AS_ID},     {"channel", CHANNEL, AS_ID},   {"community", COMMUNITY, AS_ID},
    {"id", ID, AS_ID},             {"member", MEMBER, AS_MEMBER}, {"message", MESSAGE, AS_MESSAGE},
    {"place", PLACE, AS_ID},       {"target", TARGET, AS_TARGET}, {"text", TEXT, AS_TEXT},
    {"time", TIME, AS_INSTANT},    {"ts", TS, AS_INSTANT},        {"type", TYPE, AS_KIND},
    {NULL, 0, AS_ID},
};
static const Standard member_fields[] = {
    {"id", MEMBER_ID, AS_ID}, {"joined", JOINED, AS_INSTANT}, {"name", NAME, AS_TEXT}, {"roles", ROLES, AS_IDS},
    {NULL, 0, AS_ID},
};
static const Standard message_fields[] = {
    {"attachments", ATTACHMENTS, AS_TEXTS}, {"id", MESSAGE_ID, AS_ID},      {"labels", LABELS, AS_LABELS},
    {"reply_to", REPLY_TO, AS_ID},          {"text", MESSAGE_TEXT, AS_TEXT}, {"topic", TOPIC, AS_TEXT},
    {NULL, 0, AS_ID},
};
static const Standard target_fields[] = {
    {"message", TARGET_MESSAGE, AS_ID}, {"member", TARGET_MEMBER, AS_ID}, {"case", TARGET_CASE, AS_ID},
    {"rule", TARGET_RULE, AS_ID},       {NULL, 0, AS_ID},
};

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
    for (int i = MESSAGE_PLACES; i < message->shape->count; i++) {
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
    const Slot *about = &draft->target.slots[TARGET_MESSAGE];
    if (about->standing == GIVEN) {
        id = about->value;
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

/* The event of what was read; None where it is left to Python. */
static PyObject *
finish(const Reader *self, Draft *draft, Step step)
{
    PyObject *digest = NULL, *made = NULL;
    if (step == FINE) {
        int left = !is_event(draft) || (!draft->kind->is_message && has_declared(&draft->message));
        step = left ? UNUSUAL : write_digest(self, draft, &digest);
    }
    if (step == FINE) {
        made = build_event(self, draft, digest);
        Py_DECREF(digest);
    }
    else if (step == UNUSUAL) {
        made = Py_NewRef(Py_None);
    }
    end_draft(draft);
    return made;
}

static PyObject *
reader_body(PyObject *reader, PyObject *given)
{
    const Reader *self = (const Reader *)reader;
    Draft draft;
    begin_draft(self, &draft);
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
    begin_draft(self, &draft);
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
    PyObject *kinds, *member, *message, *event_type, *member_type, *message_type, *target_type, *decimal, *no_target;
    Py_ssize_t max_id, max_text, max_items, max_body;
    long long max_number;
    int first_year, last_year;
    if (!PyArg_ParseTupleAndKeywords(
            args, named, "O!OO(OOOOOO)(nnnnLii):Reader", names, &PyTuple_Type, &kinds, &member, &message, &event_type,
            &member_type, &message_type, &target_type, &decimal, &no_target, &max_id, &max_text, &max_items, &max_body,
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
    self->decimal = Py_NewRef(decimal);
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
        add_standard(&self->of_envelope, envelope_fields) != FINE || add_standard(&self->of_target, target_fields) != FINE ||
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
    Py_VISIT(self->decimal);
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
    Py_CLEAR(self->decimal);
    Py_CLEAR(self->no_target);
    Py_CLEAR(self->nothing);
    Py_CLEAR(self->no_labels);
    Py_CLEAR(self->no_items);
    Py_CLEAR(self->zero);
    Py_CLEAR(self->id_name);
    clear_shape(&self->of_envelope);
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
    return failed ? failed : PyModule_AddIntMacro(module, MOST_FIELDS);
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
