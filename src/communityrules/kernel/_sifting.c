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
#include <string.h>
#include <structmember.h>

#include "_sifting_looking.h"
#include "_sifting_telling.h"

/* For how many words of masks no memory is asked. */
#define NEAR 320

/* --- the answer ----------------------------------------------------------------------------------------------- */

/* The bit of the next rule of a mask, from one on; -1 where there is none. */
static Py_ssize_t
next_bit(const Side *side, const uint64_t *mask, Py_ssize_t from)
{
    Py_ssize_t at = from >> 6;
    if (mask == NULL || at >= side->size)
        return -1;
    uint64_t word = mask[at] & (~(uint64_t)0 << (from & 63));
    while (!word) {
        if (++at >= side->size)
            return -1;
        word = mask[at];
    }
    Py_ssize_t bit = at * 64 + lowest(word);
    return bit < side->rules ? bit : -1;
}

/* Adds the place of a rule that is left to a list, `~` of it where it is known to match; -1 with an exception that is no
   failure of a rule. */
static int
add_place(Turn *turn, const Side *side, Py_ssize_t bit, PyObject *list)
{
    int64_t place = side->places[bit];
    uint64_t word;
    memcpy(&word, PyBytes_AS_STRING(side->decided) + (bit >> 6) * 8, 8);
    int matches = word >> (bit & 63) & 1 ? 1 : fits_pattern(turn, side, bit);
    if (!matches)
        return 0;
    if (matches < 0 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_Exception))
            return -1;
        PyErr_Clear();
    }
    Py_ssize_t last = PyList_GET_SIZE(list) - 1;
    long long before = last < 0 ? -1 : PyLong_AsLongLong(PyList_GET_ITEM(list, last));
    /* It may have been left in another way, too. */
    int again = last >= 0 && (before == place || before == ~place);
    if (again && (matches <= 0 || before == ~place))
        return 0;
    PyObject *number = PyLong_FromLongLong(matches > 0 ? ~place : place);
    if (number == NULL || again)
        return number == NULL ? -1 : PyList_SetItem(list, last, number);
    int added = PyList_Append(list, number);
    Py_DECREF(number);
    return added;
}

/* The places of the rules of both masks, in the order of the rulebook. */
static PyObject *
places_of(Sift *self, Turn *turn, const uint64_t *left, const uint64_t *found)
{
    const Side *told = &self->told, *looking = &self->looking;
    PyObject *list = PyList_New(0);
    Py_ssize_t mine = next_bit(told, left, 0), theirs = next_bit(looking, found, 0);
    while (list != NULL && (mine >= 0 || theirs >= 0)) {
        int first = theirs < 0 || (mine >= 0 && told->places[mine] < looking->places[theirs]);
        if ((first ? add_place(turn, told, mine, list) : add_place(turn, looking, theirs, list)) < 0)
            Py_CLEAR(list);
        if (first)
            mine = next_bit(told, left, mine + 1);
        else
            theirs = next_bit(looking, found, theirs + 1);
    }
    return list;
}

/* The places of the rules that are left, None for none; NULL where the event is left to the twin. `memory` holds three
   masks. */
static PyObject *
sifted(Sift *self, Turn *turn, uint64_t *memory, Py_ssize_t largest)
{
    Side *told = &self->told, *looking = &self->looking;
    uint64_t *left = NULL, *found = NULL;
    int any_left = 0, any_found = 0;

    for (Py_ssize_t at = 0; at < self->checkings; at++) {
        PyObject *value = value_of(turn, self->checks[at].read);
        if (value == NULL || !is_of(value, &self->checks[at]))
            return NULL;
    }
    if (looking->rules) {
        found = memory;
        any_found = look_all(turn, looking, found, memory + largest);
    }
    if (told->rules && any_found >= 0) {
        left = memory + largest;
        memset(left, 0xff, (size_t)told->size * 8);
        any_left = 1;
        for (Py_ssize_t at = 0; at < told->sures && any_left >= 0; at++)
            any_left = narrow_by_table(turn, &told->sure[at], left, told->size);
        if (any_left > 0)
            any_left = narrow_by_rest(turn, told, left, 0);
    }
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, found, 1);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, found, 0);
    for (Py_ssize_t at = 0; at < looking->looked && any_found > 0 && any_left >= 0; at++)
        if (looking->looks[at].patterns != NULL)
            any_found = narrow_by_patterns(turn, looking, &looking->looks[at], found);
    if (any_left > 0 && any_found >= 0)
        any_left = narrow_by_measures(turn, told, left);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_measures(turn, looking, found);
    if (any_found < 0 || any_left < 0)
        return NULL;
    if (!any_found && !any_left)
        Py_RETURN_NONE;
    PyObject *places = places_of(self, turn, any_left ? left : NULL, any_found ? found : NULL);
    if (places == NULL)
        return NULL;
    if (!PyList_GET_SIZE(places)) {
        Py_DECREF(places);
        Py_RETURN_NONE;
    }
    return places;
}

static PyObject *
places_left(Sift *self, Turn *turn)
{
    uint64_t near[NEAR], *memory = near;
    Py_ssize_t largest = self->told.size > self->looking.size ? self->told.size : self->looking.size;
    if (largest * 3 > NEAR)
        memory = PyMem_Malloc((size_t)largest * 3 * 8);
    PyObject *places = memory == NULL ? NULL : sifted(self, turn, memory, largest);
    if (memory != near)
        PyMem_Free(memory);
    return places;
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
with_slots(Turn *turn, PyObject *places)
{
    return slots_of(turn) == NULL ? NULL : PyTuple_Pack(2, places, turn->slots);
}

static PyObject *
sift_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Sift *self = (Sift *)callable;
    if (PyVectorcall_NARGS(nargsf) != 2 || kwnames != NULL || self->twin == NULL)
        return PyErr_Format(PyExc_TypeError, "takes an event and the facts");
    Turn turn;
    begin(&turn, &self->reader, &self->reads, args[0], args[1]);
    PyObject *places = places_left(self, &turn);
    PyObject *answer = places == NULL      ? left_to_twin(self, args)
                       : places == Py_None ? Py_NewRef(Py_None)
                                           : with_slots(&turn, places);
    end(&turn);
    Py_XDECREF(places);
    return answer;
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
