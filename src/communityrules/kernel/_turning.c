/* The engine's way of an ordinary event, from its id to its entry in the log.
 *
 * Twins of what stands in Python: `Engine._take` and `Judging.event` (`_turning_turn.h`), the steps on that way which
 * Python takes itself as well (`_turning_steps.h`), the generated observers where they only count
 * (`_turning_counting.h`, `_turning_answering.h`), `Consequences.prepare` (`_turning_meeting.h`), `body_digest`
 * (`_turning_given.h`), what a store is told of counts (`_turning_keeping.h`) and which ids it may hold
 * (`_turning_seen.h`), `Ledger.add_event` (`_turning_logging.h`), and many lines at a time (`_turning_streaming.h`).
 * They work on the engine's own objects; whatever is unusual is left to Python, before anything was changed.
 */

#include "_turning_given.h"
#include "_turning_keeping.h"
#include "_turning_streaming.h"
#include "_turning_turn.h"

/* --- what an engine is given ------------------------------------------------------------------------------------ */

/* `incoming.own`: a copy of a host's event; NULL without an error where that is left to Python. */
static PyObject *own(const State *state, PyObject *given)
{
    PyObject *sender = READ(state, Event, member, given), *digest = READ(state, Event, digest, given);
    if (!is_text(digest))
        return NULL;
    if (sender != Py_None) {
        if (Py_TYPE(sender) != state->Member)
            return NULL;
        PyObject *labels = READ(state, Member, labels, sender), *points = READ(state, Member, points, sender);
        int64_t balance;
        if (!PyDict_CheckExact(labels) || PyDict_GET_SIZE(labels) || !whole(points, &balance) || balance)
            return NULL;
    }
    PyObject *mine = PyObject_CallMethodNoArgs(given, state->word___copy__);
    if (mine == NULL || Py_TYPE(mine) != state->Event)
        return mine;
    put_slot(&SLOT(state, Event, subject, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, subject_message, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, subject_group, mine), Py_NewRef(Py_None));
    put_slot(&SLOT(state, Event, aimed, mine), Py_NewRef(Py_None));
    return mine;
}

/* The digest of an event of our own: a new reference, NULL without an error where that is left to Python. One that was
   not read from the wire must be believed first. */
static PyObject *digest_of_own(const Turning *self, PyObject *event)
{
    PyObject *digest = READ(self->state, Event, digest, event);
    if (!is_text(digest))
        return NULL;
    if (PyUnicode_GET_LENGTH(digest))
        return Py_NewRef(digest);
    PyObject *asked[] = {NULL, event, self->types};
    PyObject *said = PyObject_Vectorcall(self->believe, asked + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (said == NULL)
        return NULL;
    Py_DECREF(said);
    PyObject *made = NULL;
    return digest_of_event(self->state, event, &made) == FINE ? made : NULL;
}

/* The event of a dictionary. What is none says so only where it is read by all the rules. */
static PyObject *read_body(const Turning *self, PyObject *given)
{
    PyObject *event = PyObject_CallOneArg(self->usual, given);
    if (event != Py_None)
        return event;
    Py_DECREF(event);
    PyObject *asked[] = {NULL, given, self->types};
    return PyObject_Vectorcall(self->read, asked + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

static PyObject *turning_take(Turning *self, PyObject *const *args, Py_ssize_t count)
{
    const State *state = self->state;
    if (count < 2 || count > 3 || self->waiting == NULL) {
        PyErr_SetString(PyExc_TypeError, "take takes an event, whether it is one of a stream, and perhaps its digest");
        return NULL;
    }
    if (count == 3) {
        PyObject *decision = Py_TYPE(args[0]) == state->Event ? taken(self, args[0], args[2], args[1] == Py_True) : NULL;
        return decision == NULL && !PyErr_Occurred() ? Py_NewRef(Py_None) : decision;
    }
    Py_ssize_t waiting = PyObject_Size(self->waiting);
    if (waiting)
        return waiting < 0 ? NULL : Py_NewRef(Py_None);
    PyObject *event, *given = args[0];
    int is_read = PyDict_CheckExact(given);
    if (is_read) {
        event = read_body(self, given);
    } else {
        event = Py_TYPE(given) == state->Event ? own(state, given) : NULL;
    }
    if (event == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    PyObject *decision = NULL, *digest = NULL;
    if (Py_TYPE(event) == state->Event)
        digest = is_read ? Py_NewRef(READ(state, Event, digest, event)) : digest_of_own(self, event);
    if (digest != NULL)
        decision = taken(self, event, digest, args[1] == Py_True);
    Py_XDECREF(digest);
    if (decision == NULL && !PyErr_Occurred())
        decision = Py_NewRef(is_read ? event : Py_None);
    Py_DECREF(event);
    return decision;
}

/* --- how an engine judges --------------------------------------------------------------------------------------- */

#define EACH(E) \
    E(waiting) E(people.about_others) E(people.telling) E(people.no_target) E(people.no_labels) E(judgings) E(reached) \
    E(ledger) E(counts) E(usual) E(read) E(believe) E(types) E(prepare) E(match) E(nothing) E(listening) E(before) E(decision) \
    E(entry) E(rulebook) E(module)

static int turning_traverse(Turning *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
#define E(slot) Py_VISIT(self->slot);
    EACH(E)
#undef E
    return 0;
}

static int turning_clear(Turning *self)
{
#define E(slot) Py_CLEAR(self->slot);
    EACH(E)
#undef E
    return 0;
}

static void turning_dealloc(Turning *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    turning_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef turning_methods[] = {
    {"take", (PyCFunction)(void (*)(void))turning_take, METH_FASTCALL,
     PyDoc_STR("The decision of an event, logged; where it is left to Python, None, or the event if it was read.")},
    {"lines", (PyCFunction)turning_lines, METH_VARARGS, PyDoc_STR("Judge the events of lines of a stream.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot turning_slots[] = {
    {Py_tp_traverse, turning_traverse},
    {Py_tp_clear, turning_clear},
    {Py_tp_dealloc, turning_dealloc},
    {Py_tp_methods, turning_methods},
    {0, NULL},
};

static PyType_Spec turning_spec = {
    .name = "communityrules.kernel._turning.Turning",
    .basicsize = sizeof(Turning),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = turning_slots,
};

/* `turning(...)`: see `_turning.pyi`. */
static PyObject *make_turning(PyObject *module, PyObject *args, PyObject *named)
{
    static char *names[] = {"judgings", "reached", "ledger", "counts", "waiting", "usual", "read", "believe", "types", "prepare", "match", "nothing", "listening", "before",
                            "about_others", "telling", "remembers", "no_target", "no_labels", "most", "decision", "entry", "rulebook", NULL};
    State *state = PyModule_GetState(module);
    Turning given = {.state = state};
    if (!PyArg_ParseTupleAndKeywords(args, named, "$O!O!OOOOOOOOOOOOOOpOOnOOO", names, &PyDict_Type, &given.judgings, &PyDict_Type,
                                     &given.reached, &given.ledger, &given.counts, &given.waiting,
                                     &given.usual, &given.read, &given.believe, &given.types, &given.prepare, &given.match,
                                     &given.nothing, &given.listening, &given.before, &given.people.about_others,
                                     &given.people.telling, &given.people.remembers, &given.people.no_target,
                                     &given.people.no_labels, &given.people.most,
                                     &given.decision, &given.entry, &given.rulebook))
        return NULL;
    if (!IS(state, Ledger, given.ledger) || !IS(state, Counts, given.counts) || !PyAnySet_Check(given.listening)
        || !PyAnySet_Check(given.before) || !PyAnySet_Check(given.people.about_others)
        || !PyAnySet_Check(given.people.telling)) {
        PyErr_SetString(PyExc_TypeError, "a ledger, counts and sets of event types are wanted, of classes that are known");
        return NULL;
    }
    Turning *self = (Turning *)state->Turning->tp_alloc(state->Turning, 0);
    if (self == NULL)
        return NULL;
    given.module = module;
    self->state = state;
    self->people.remembers = given.people.remembers;
    self->people.most = given.people.most;
#define E(slot) self->slot = Py_NewRef(given.slot);
    EACH(E)
#undef E
    return (PyObject *)self;
}

/* --- the module ------------------------------------------------------------------------------------------------- */

/* `know(Event=Event, ...)`: the classes of the engine. */
static PyObject *know(PyObject *module, PyObject *args, PyObject *named)
{
    State *state = PyModule_GetState(module);
    if (PyTuple_GET_SIZE(args) || named == NULL) {
        PyErr_SetString(PyExc_TypeError, "classes are given by name");
        return NULL;
    }
    State known = *state;
    PyObject *class;
#define C(name) \
    class = PyDict_GetItemString(named, #name); \
    if (class != NULL && PyType_Check(class)) \
        known.name = (PyTypeObject *)class;
    CLASSES(C)
#undef C
    /* `named` is ours alone, and holds them. */
#define S(class, slot) \
    if (known.class != NULL && (known.class##_##slot = offset_of(known.class, #slot)) < 0) \
        return NULL;
    SLOTS(S)
#undef S
    /* What is at hand was found by the classes that are known. */
#define C(name) \
    if (state->name != NULL && state->name != known.name) { \
        PyErr_SetString(PyExc_TypeError, "another " #name " is known already"); \
        return NULL; \
    }
    CLASSES(C)
#undef C
    if (known.History != NULL && (state->Instants == NULL || !PyType_IsSubtype(known.History, state->Instants))) {
        PyErr_SetString(PyExc_TypeError, "a history is to hold its instants here");
        return NULL;
    }
#define C(name) \
    if (state->name == NULL) \
        state->name = (PyTypeObject *)Py_XNewRef(known.name);
    CLASSES(C)
#undef C
#define S(class, slot) state->class##_##slot = known.class##_##slot;
    SLOTS(S)
#undef S
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"know", (PyCFunction)(void (*)(void))know, METH_VARARGS | METH_KEYWORDS, PyDoc_STR("Take note of the engine's classes.")},
    {"quick", make_quick, METH_O, PyDoc_STR("A class of the engine with its hottest methods in C.")},
    {"body_digest", body_digest, METH_O, PyDoc_STR("The digest of a host's event; None where Python is to write it.")},
    {"changes", tell_changes, METH_VARARGS, PyDoc_STR("Add what a store has not been told of a count.")},
    {"mark", mark_ids, METH_VARARGS, PyDoc_STR("Note ids in a part of what a log may hold.")},
    {"let_go", let_go_older, METH_O, PyDoc_STR("Have a store hear that the older cells of a count are empty.")},
    {"fed", make_fed, METH_VARARGS, PyDoc_STR("What feeds counts whose keys are plain; None where Python is to.")},
    {"turning", (PyCFunction)(void (*)(void))make_turning, METH_VARARGS | METH_KEYWORDS,
     PyDoc_STR("How an engine takes ordinary events.")},
    {NULL, NULL, 0, NULL},
};

static int module_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
#define W(word) \
    if ((state->word_##word = PyUnicode_InternFromString(#word)) == NULL) \
        return -1;
    WORDS(W)
#undef W
    if ((state->late_only = PyTuple_Pack(1, state->word_late)) == NULL
        || (state->Cells = (PyTypeObject *)PyType_FromModuleAndSpec(module, &cells_spec, NULL)) == NULL
        || (state->Notes = (PyTypeObject *)PyType_FromModuleAndSpec(module, &notes_spec, NULL)) == NULL
        || PyModule_AddType(module, state->Cells) || PyModule_AddType(module, state->Notes)
        || (state->Instants = (PyTypeObject *)PyType_FromModuleAndSpec(module, &instants_spec, NULL)) == NULL
        || (state->Fed = (PyTypeObject *)PyType_FromModuleAndSpec(module, &fed_spec, NULL)) == NULL
        || (state->Turning = (PyTypeObject *)PyType_FromModuleAndSpec(module, &turning_spec, NULL)) == NULL)
        return -1;
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
#define C(name) Py_VISIT(state->name);
    CLASSES(C)
#undef C
    Py_VISIT(state->Cells);
    Py_VISIT(state->Fed);
    Py_VISIT(state->Instants);
    Py_VISIT(state->Notes);
    Py_VISIT(state->Turning);
#define T(twin) Py_VISIT(state->twin_##twin);
    TWINS(T)
#undef T
    return 0;
}

static int module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
#define C(name) Py_CLEAR(state->name);
    CLASSES(C)
#undef C
    Py_CLEAR(state->Cells);
    Py_CLEAR(state->Fed);
    Py_CLEAR(state->Instants);
    Py_CLEAR(state->Notes);
    Py_CLEAR(state->Turning);
#define T(twin) Py_CLEAR(state->twin_##twin);
    TWINS(T)
#undef T
    return 0;
}

static void module_free(void *module)
{
    State *state = PyModule_GetState(module);
    module_clear(module);
    /* Texts are in no cycle, and wanted as long as anything of the module is called. */
#define W(word) Py_CLEAR(state->word_##word);
    WORDS(W)
#undef W
    Py_CLEAR(state->late_only);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._turning",
    .m_doc = PyDoc_STR("The engine's way of an ordinary event."),
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__turning(void) { return PyModuleDef_Init(&definition); }
