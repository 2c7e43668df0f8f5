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

#include "_sifting_looking.h"
#include "_sifting_telling.h"

/* For how many words of masks, and for how many rules that are left, no memory is asked. */
#define NEAR 320
#define FEW_LEFT 64

/* --- the answer ----------------------------------------------------------------------------------------------- */

/* A rule that is left. */
typedef struct {
    Side *side;
    uint32_t place, bit;
    int matches; /* below 0 where it is to be asked itself */
} Left;

/* The rules that are left of one event, in the order of the rulebook. */
typedef struct {
    Left near[FEW_LEFT], *all;
    Py_ssize_t number;
    int settled; /* whether all of them match */
} Answer;

static int
by_place(const void *one, const void *other)
{
    uint32_t mine = ((const Left *)one)->place, theirs = ((const Left *)other)->place;
    return mine < theirs ? -1 : mine > theirs;
}

/* Writes the rules of a mask behind one another, as many as there is room for; how many there are. */
static Py_ssize_t
write_left(Side *side, const Mask *mask, Left *into, Py_ssize_t room)
{
    Py_ssize_t number = 0;
    for (Py_ssize_t block = 0; mask != NULL && block < side->lives; block++)
        for (uint64_t blocks = mask->live[block]; blocks; blocks &= blocks - 1) {
            Py_ssize_t at = block * 64 + lowest(blocks);
            for (uint64_t rest = mask->words[at]; rest; rest &= rest - 1) {
                uint32_t bit = (uint32_t)(at * 64 + lowest(rest));
                if (bit < (uint64_t)side->rules && number++ < room)
                    *into++ = (Left){side, side->places[bit], bit, 0};
            }
        }
    return number;
}

/* The rules of both masks that match or are to be asked; -1 with an exception that is no failure of a rule. */
static int
settle(Sift *self, Turn *turn, const Mask *left, const Mask *found, Answer *answer)
{
    Py_ssize_t mine = write_left(&self->told, left, answer->near, FEW_LEFT);
    Py_ssize_t room = mine < FEW_LEFT ? FEW_LEFT - mine : 0;
    Py_ssize_t number = mine + write_left(&self->looking, found, answer->near + FEW_LEFT - room, room);
    if (number > FEW_LEFT) {
        if ((answer->all = PyMem_Malloc((size_t)number * sizeof(Left))) == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        write_left(&self->told, left, answer->all, mine);
        write_left(&self->looking, found, answer->all + mine, number - mine);
    }
    if (number > 1)
        qsort(answer->all, (size_t)number, sizeof(Left), by_place);
    for (Py_ssize_t at = 0; at < number; at++) {
        Left one = answer->all[at];
        one.matches = word_of(PyBytes_AS_STRING(one.side->decided), one.bit >> 6) >> (one.bit & 63) & 1
                          ? 1
                          : fits_pattern(turn, one.side, one.bit);
        if (!one.matches)
            continue;
        if (one.matches < 0 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_Exception))
                return -1;
            PyErr_Clear();
        }
        answer->settled &= one.matches > 0;
        answer->all[answer->number++] = one;
    }
    return 0;
}

/* The rules that are left; -1 where the event is left to the twin. `memory` holds three masks of `room` words. */
static int
sifted(Sift *self, Turn *turn, uint64_t *memory, Py_ssize_t room, Py_ssize_t lives, Answer *answer)
{
    Side *told = &self->told, *looking = &self->looking;
    Mask found = {memory, memory + room - lives}, left = {memory + room, memory + 2 * room - lives};
    Mask spare = {memory + 2 * room, memory + 3 * room - lives};
    int any_left = 0, any_found = 0;

    for (Py_ssize_t at = 0; at < self->checkings; at++) {
        PyObject *value = value_of(turn, self->checks[at].read);
        if (value == NULL || !is_of(value, &self->checks[at]))
            return -1;
    }
    fetch(owner_ahead(turn));
    if (looking->rules)
        any_found = look_all(turn, looking, &found, &spare);
    if (told->rules && any_found >= 0) {
        any_left = left_by_sure(turn, told, &left);
        if (any_left > 0)
            any_left = narrow_by_rest(turn, told, &left, 0);
    }
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, &found, 1);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, &found, 0);
    for (Py_ssize_t at = 0; at < looking->looked && any_found > 0 && any_left >= 0; at++)
        if (looking->looks[at].patterns != NULL)
            any_found = narrow_by_patterns(turn, looking, &looking->looks[at], &found);
    if (any_left > 0 && any_found >= 0)
        any_left = narrow_by_measures(turn, told, &left);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_measures(turn, looking, &found);
    if (any_found < 0 || any_left < 0)
        return -1;
    return any_found || any_left ? settle(self, turn, any_left ? &left : NULL, any_found ? &found : NULL, answer) : 0;
}

/* The same; `answer` is to be let go of. */
static int
answered(Sift *self, Turn *turn, Answer *answer)
{
    uint64_t near[NEAR], *memory = near;
    const Side *larger = self->told.size > self->looking.size ? &self->told : &self->looking;
    Py_ssize_t room = larger->size + larger->lives;
    answer->all = answer->near;
    answer->number = 0;
    answer->settled = 1;
    if (room * 3 > NEAR)
        memory = PyMem_Malloc((size_t)room * 3 * 8);
    int failed = memory == NULL ? -1 : sifted(self, turn, memory, room, larger->lives, answer);
    if (memory != near)
        PyMem_Free(memory);
    return failed;
}

static void
let_go(Answer *answer)
{
    if (answer->all != answer->near)
        PyMem_Free(answer->all);
}

/* The places of the rules that are left, `~` of those that are known to match, and the slots. */
static PyObject *
places_of(Turn *turn, const Answer *answer)
{
    PyObject *places = slots_of(turn) == NULL ? NULL : PyList_New(answer->number), *told = NULL;
    for (Py_ssize_t at = 0; places != NULL && at < answer->number; at++) {
        int64_t place = answer->all[at].place;
        PyObject *number = PyLong_FromLongLong(answer->all[at].matches > 0 ? ~place : place);
        if (number == NULL)
            Py_CLEAR(places);
        else
            PyList_SET_ITEM(places, at, number);
    }
    if (places != NULL)
        told = PyTuple_Pack(2, places, turn->slots);
    Py_XDECREF(places);
    return told;
}

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
    PyObject *told = answered(self, &turn, &answer) < 0 ? left_to_twin(self, args)
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
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
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
    self->sift = Py_NewRef(sift);
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
    return (PyObject *)self;
}

/* --- the module ------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(words_doc, "Words(words, owners, rules)\n\nLooks for words in a text. `owners`: for each word a number; "
                        "`rules`: for each of these numbers a tuple of the bits of rules. ValueError where too many "
                        "words are too much alike.");
PyDoc_STRVAR(sift_doc, "Sift(twin, blank, number, sender_is_subject, reads, checks, told, looking)\n\nSee "
                       "compiler/sifted.py.");

static PyMethodDef words_methods[] = {{"left", words_left, METH_O, words_left_doc}, {NULL, NULL, 0, NULL}};

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
    state->sift_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &sift_spec, NULL);
    state->telling_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &telling_spec, NULL);
    state->outcomes_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &outcomes_spec, NULL);
    PyTypeObject *types[] = {state->words_type, state->sift_type, state->telling_type, state->outcomes_type};
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
    PyModuleDef_HEAD_INIT, .m_name = "_sifting", .m_size = sizeof(State), .m_slots = module_slots,
    .m_traverse = module_traverse, .m_clear = module_clear, .m_free = module_free,
    .m_doc = "Which rules an event may match."};

PyMODINIT_FUNC
PyInit__sifting(void)
{
    return PyModuleDef_Init(&definition);
}
