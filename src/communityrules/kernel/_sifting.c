/* Which rules an event may match, in C: the twin of the function that compiler/index.py writes in Python.

   A `Sift` is called like that function, with an event and the facts, and answers the same. It asks tables for the
   rules that each value leaves, as arrays of 64-bit words that are anded, and looks through the text for what rules
   need to find in it (`Words`). What it does not know how to read it has read by functions of Python. Where anything
   is unusual (a value of another class, a subclass, a table that refuses, an exception) it leaves the whole event to
   its twin: until then it has only read. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <structmember.h>

#include "_sifting_answer.h"
#include "_sifting_disguise_making.h"
#include "_sifting_telling_making.h"
#include "_sifting_words_making.h"

/* What the twin answers; NULL with an exception that is no failure of a rule. */
static PyObject *
left_to_twin(Sift *self, PyObject *const *args)
{
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception))
        return NULL;
    PyErr_Clear();
    return PyObject_Vectorcall(self->twin, args, 2, NULL);
}

static PyObject *
sift_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Sift *self = (Sift *)callable;
    if (PyVectorcall_NARGS(nargsf) != 2 || kwnames != NULL || self->twin == NULL)
        return PyErr_Format(PyExc_TypeError, "takes an event and the facts");
    Turn turn;
    Answer answer;
    begin(&turn, &self->reader, &self->reads, args[0], args[1]);
    PyObject *told = answered(self, &turn, &answer, NULL) < 0 ? left_to_twin(self, args)
                     : answer.number                    ? places_of(&turn, &answer)
                                                        : Py_NewRef(Py_None);
    let_go(&answer);
    end(&turn);
    return told;
}

#include "_sifting_hits.h"
#include "_sifting_making.h"

/* --- evidence ---------------------------------------------------------------------------------------------------- */

static PyObject *
telling_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *sift, *reads, *steps, *hit, *rule, *trial_end, *grace_end;
    int once;
    State *state = PyType_GetModuleState(type);
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs)) || state->sift_type == NULL)
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!OO!pOOOO", state->sift_type, &sift, &reads, &PyTuple_Type, &steps, &once, &hit, &rule,
                          &trial_end, &grace_end))
        return NULL;
    if (reads != Py_None && !PyTuple_Check(reads))
        return PyErr_Format(PyExc_TypeError, "ways of reading stand in a tuple");
    Telling *self = (Telling *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->call = telling_call;
    self->reads = reads == Py_None ? &((Sift *)sift)->reads : &self->own;
    self->once = (short)once;
    self->hit = Py_NewRef(hit);
    self->rule = Py_NewRef(rule);
    self->trial_end = Py_NewRef(trial_end);
    self->grace_end = Py_NewRef(grace_end);
    self->state = state;
    if ((reads != Py_None && take_reads(&self->own, reads) < 0) || take_steps(self, steps) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    /* Without a sift it is not asked anything. */
    self->sift = Py_NewRef(sift);
    return (PyObject *)self;
}

/* --- masks of tables --------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(with_live_doc, "with_live(words) -> bytes\n\nA mask in words of 64 bits as a table is to give it: before "
                            "it a bit for each of its words that is not empty, in as many words as that takes.");

static PyObject *
with_live(PyObject *module, PyObject *words)
{
    (void)module;
    if (!PyBytes_CheckExact(words) || PyBytes_GET_SIZE(words) % 8)
        return PyErr_Format(PyExc_TypeError, "a mask of whole words");
    Py_ssize_t size = PyBytes_GET_SIZE(words) / 8, lives = (size + 63) / 64;
    PyObject *made = PyBytes_FromStringAndSize(NULL, (lives + size) * 8);
    if (made == NULL)
        return NULL;
    char *live = PyBytes_AS_STRING(made);
    memcpy(live + lives * 8, PyBytes_AS_STRING(words), (size_t)size * 8);
    for (Py_ssize_t block = 0; block < lives; block++) {
        uint64_t bits = 0;
        for (Py_ssize_t at = block * 64; at < size && at < block * 64 + 64; at++)
            bits |= (uint64_t)!!word_of(live, lives + at) << (at & 63);
        memcpy(live + block * 8, &bits, 8);
    }
    return made;
}

static PyMethodDef module_methods[] = {{"with_live", with_live, METH_O, with_live_doc}, {NULL, NULL, 0, NULL}};

/* --- the module ------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(words_doc, "Words(words, owners, rules)\n\nLooks for words in a text. `owners`: for each word a number; "
                        "`rules`: for each of these numbers a tuple of the bits of rules. ValueError where too many "
                        "words are too much alike.");
PyDoc_STRVAR(sift_doc, "Sift(twin, blank, number, sender_is_subject, reads, checks, told, looking)\n\nSee "
                       "compiler/sifted.py.");

static PyMethodDef words_methods[] = {{"left", words_left, METH_VARARGS, words_left_doc}, {NULL, NULL, 0, NULL}};

PyDoc_STRVAR(letters_doc, "Letters(learn)\n\nWhat characters read as. `learn`: tells it of one, as a number: see "
                          "compiler/reading.py.");
static PyMethodDef letters_methods[] = {{"read", letters_read, METH_O, letters_read_doc}, {NULL, NULL, 0, NULL}};
static PyType_Slot letters_slots[] = {{Py_tp_doc, (void *)letters_doc},   {Py_tp_new, letters_new},
                                      {Py_tp_dealloc, letters_dealloc},   {Py_tp_traverse, letters_traverse},
                                      {Py_tp_clear, letters_clear},       {Py_tp_methods, letters_methods},
                                      {0, NULL}};
static PyType_Spec letters_spec = {"communityrules.kernel._sifting.Letters", sizeof(Letters), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, letters_slots};

PyDoc_STRVAR(disguise_doc, "Disguise(letters, words, parts, leads, after, before, anywhere, starts, ends)\n\nSee "
                           "compiler/disguised.py.");
static PyMethodDef disguise_methods[] = {{"left", disguise_left, METH_O, disguise_left_doc},
                                         {"read", disguise_read, METH_O, disguise_read_doc},
                                         {NULL, NULL, 0, NULL}};
static PyType_Slot disguise_slots[] = {{Py_tp_doc, (void *)disguise_doc},  {Py_tp_new, disguise_new},
                                       {Py_tp_dealloc, disguise_dealloc},  {Py_tp_traverse, disguise_traverse},
                                       {Py_tp_methods, disguise_methods},  {0, NULL}};
static PyType_Spec disguise_spec = {"communityrules.kernel._sifting.Disguise", sizeof(Disguise), 0,
                                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, disguise_slots};

static PyType_Slot words_slots[] = {{Py_tp_doc, (void *)words_doc},
                                    {Py_tp_new, words_new},
                                    {Py_tp_dealloc, words_dealloc},
                                    {Py_tp_methods, words_methods},
                                    {0, NULL}};
static PyType_Spec words_spec = {"communityrules.kernel._sifting.Words", sizeof(Words), 0, Py_TPFLAGS_DEFAULT,
                                 words_slots};

static PyMethodDef sift_methods[] = {{"match", (PyCFunction)(void (*)(void))sift_match, METH_FASTCALL, sift_match_doc},
                                     {NULL, NULL, 0, NULL}};
static PyMemberDef sift_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Sift, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot sift_slots[] = {{Py_tp_doc, (void *)sift_doc},     {Py_tp_new, sift_new},
                                   {Py_tp_dealloc, sift_dealloc},     {Py_tp_traverse, sift_traverse},
                                   {Py_tp_clear, sift_clear},         {Py_tp_call, PyVectorcall_Call},
                                   {Py_tp_members, sift_members},     {Py_tp_methods, sift_methods},
                                   {0, NULL}};
static PyType_Spec sift_spec = {"communityrules.kernel._sifting.Sift", sizeof(Sift), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, sift_slots};

PyDoc_STRVAR(telling_doc, "Telling(sift, reads, steps, once, hit, rule, trial_end, grace_end)\n\nSee "
                          "compiler/telling.py.");
static PyMemberDef telling_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Telling, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot telling_slots[] = {{Py_tp_doc, (void *)telling_doc},   {Py_tp_new, telling_new},
                                      {Py_tp_dealloc, telling_dealloc},   {Py_tp_traverse, telling_traverse},
                                      {Py_tp_clear, telling_clear},       {Py_tp_call, PyVectorcall_Call},
                                      {Py_tp_members, telling_members},   {0, NULL}};
static PyType_Spec telling_spec = {"communityrules.kernel._sifting.Telling", sizeof(Telling), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
                                   telling_slots};

PyDoc_STRVAR(outcomes_doc, "Outcomes(outcome, action, strictness, usual, sent)\n\nSee compiler/outcome.py.");
static PyMemberDef outcomes_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Outcomes, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot outcomes_slots[] = {{Py_tp_doc, (void *)outcomes_doc},   {Py_tp_new, outcomes_new},
                                    {Py_tp_dealloc, outcomes_dealloc},   {Py_tp_traverse, outcomes_traverse},
                                    {Py_tp_clear, outcomes_clear},       {Py_tp_call, PyVectorcall_Call},
                                    {Py_tp_members, outcomes_members},   {0, NULL}};
static PyType_Spec outcomes_spec = {"communityrules.kernel._sifting.Outcomes", sizeof(Outcomes), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, outcomes_slots};

static int
start(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->words_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &words_spec, NULL);
    state->letters_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &letters_spec, NULL);
    state->disguise_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &disguise_spec, NULL);
    state->sift_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &sift_spec, NULL);
    state->telling_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &telling_spec, NULL);
    state->outcomes_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &outcomes_spec, NULL);
    PyTypeObject *types[] = {state->words_type, state->letters_type,  state->disguise_type,
                             state->sift_type,  state->telling_type, state->outcomes_type};
    for (size_t at = 0; at < sizeof types / sizeof *types; at++)
        if (types[at] == NULL || PyModule_AddType(module, types[at]) < 0)
            return -1;
    state->word_value = PyUnicode_InternFromString("value");
    state->word_text = PyUnicode_InternFromString("text");
    state->word_start = PyUnicode_InternFromString("start");
    state->word_end = PyUnicode_InternFromString("end");
    state->word_seen = PyUnicode_InternFromString("seen");
    return state->word_value == NULL || state->word_text == NULL || state->word_start == NULL ||
                   state->word_end == NULL || state->word_seen == NULL
               ? -1
               : 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->words_type);
    Py_VISIT(state->letters_type);
    Py_VISIT(state->disguise_type);
    Py_VISIT(state->sift_type);
    Py_VISIT(state->telling_type);
    Py_VISIT(state->outcomes_type);
    Py_VISIT(state->word_value);
    Py_VISIT(state->word_text);
    Py_VISIT(state->word_start);
    Py_VISIT(state->word_end);
    Py_VISIT(state->word_seen);
    return 0;
}

static int
module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->words_type);
    Py_CLEAR(state->letters_type);
    Py_CLEAR(state->disguise_type);
    Py_CLEAR(state->sift_type);
    Py_CLEAR(state->telling_type);
    Py_CLEAR(state->outcomes_type);
    Py_CLEAR(state->word_value);
    Py_CLEAR(state->word_text);
    Py_CLEAR(state->word_start);
    Py_CLEAR(state->word_end);
    Py_CLEAR(state->word_seen);
    return 0;
}

static void
module_free(void *module)
{
    module_clear((PyObject *)module);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, start}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_sifting", .m_size = sizeof(State), .m_slots = module_slots, .m_methods = module_methods,
    .m_traverse = module_traverse, .m_clear = module_clear, .m_free = module_free,
    .m_doc = "Which rules an event may match."};

PyMODINIT_FUNC
PyInit__sifting(void)
{
    return PyModuleDef_Init(&definition);
}
