/* Events in the wire form, as nearly all of them come: from a dictionary or from a line of JSON straight to an `Event`.

   Its twins are `wire.full`, `wire.flat` and, for what those leave out, `wire.events.build_event`, which says what each
   check is for. Here nothing is refused: what is wrong, and what is rare, is None and left to them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "_reading_building.h"
#include "_reading_of_body.h"
#include "_reading_of_line.h"
#include "_reading_writing.h"

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

/* A reader that is still being made can be found by way of the collector. */
static PyObject *
not_whole(void)
{
    PyErr_SetString(PyExc_RuntimeError, "a reader that is not made yet");
    return NULL;
}

static PyObject *
reader_body(PyObject *reader, PyObject *given)
{
    const Reader *self = (const Reader *)reader;
    if (!self->ready) {
        return not_whole();
    }
    Draft draft;
    begin_draft(self, &draft);
    return finish(self, &draft, read_body(self, &draft, given));
}

static PyObject *
reader_line(PyObject *reader, PyObject *given)
{
    const Reader *self = (const Reader *)reader;
    if (!self->ready) {
        return not_whole();
    }
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
    self->ready = 1;
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
