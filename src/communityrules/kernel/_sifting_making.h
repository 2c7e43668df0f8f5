/* Making a `Sift` of what compiler/sifted.py tells, and letting go of it. */

#ifndef COMMUNITYRULES_SIFTING_MAKING_H
#define COMMUNITYRULES_SIFTING_MAKING_H

#include "_sifting_masks.h"
#include "_sifting_state.h"

/* --- making one ------------------------------------------------------------------------------------------------ */

static int
take_checks(Sift *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    if ((self->checks = several(number, sizeof(Check))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < number; at++) {
        Check *check = &self->checks[at];
        PyObject *class;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOp", &check->read, &class, &check->items) ||
            !knows_read(&self->reads, check->read))
            return -1;
        check->class = Py_NewRef(class);
        self->checkings = at + 1;
    }
    return 0;
}

/* What follows is visited by the collector while it is being made: what is counted must be in its place before. */

static void
take_tables(Sift *self, PyObject *given, Table **into, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Table *tables = *into = several(number, sizeof(Table));
    for (Py_ssize_t at = 0; tables != NULL && at < number; at++) {
        PyObject *ask;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iO", &tables[at].read, &ask) ||
            !knows_read(&self->reads, tables[at].read) || (tables[at].known = PyDict_New()) == NULL)
            break;
        tables[at].ask = Py_NewRef(ask);
        *taken = at + 1;
    }
}

static void
take_groups(Sift *self, PyObject *given, Py_ssize_t size, Group **into, Py_ssize_t *taken)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Group *groups = *into = several(number, sizeof(Group));
    for (Py_ssize_t at = 0; groups != NULL && at < number; at++) {
        Group *group = &groups[at];
        PyObject *outside, *inside, *concerns;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iOOO", &group->read, &outside, &inside, &concerns) ||
            !knows_read(&self->reads, group->read) || !is_mask(concerns, size) ||
            (outside != Py_None && !is_mask(outside, size)) || (inside != Py_None && !is_mask(inside, size)))
            break;
        group->left[0] = outside == Py_None ? NULL : Py_NewRef(outside);
        group->left[1] = inside == Py_None ? NULL : Py_NewRef(inside);
        group->concerns = Py_NewRef(concerns);
        *taken = at + 1;
    }
}

/* By the bit of a rule its pattern, and whether it matches when the text fits. */
static int
take_patterns(Look *one, PyObject *given, Py_ssize_t rules)
{
    if (PyDict_GET_SIZE(given) && (one->patterns = several(rules, sizeof(Pattern))) == NULL)
        return -1;
    Py_ssize_t at = 0;
    PyObject *bit, *told, *pattern;
    while (PyDict_Next(given, &at, &bit, &told)) {
        size_t number = PyLong_AsSize_t(bit);
        int whole, failed;
        if (PyErr_Occurred())
            return -1;
        /* Whether it is true may be for Python to say. */
        Py_INCREF(told);
        failed = !PyArg_ParseTuple(told, "Op", &pattern, &whole);
        if (!failed && (number >= (size_t)rules || one->patterns[number].pattern != NULL)) {
            PyErr_SetString(PyExc_ValueError, "no such rule");
            failed = 1;
        }
        if (!failed) {
            one->patterns[number].pattern = Py_NewRef(pattern);
            one->patterns[number].whole = whole;
        }
        Py_DECREF(told);
        if (failed)
            return -1;
    }
    return 0;
}

static int
are_words_of(const State *state, PyObject *words, const Side *side)
{
    return words == Py_None ||
           (Py_IS_TYPE(words, state->words_type) && ((Words *)words)->bits <= (uint64_t)side->rules);
}

static void
take_looks(Sift *self, State *state, PyObject *given, Side *side)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Look *looks = side->looks = several(number, sizeof(Look));
    for (Py_ssize_t at = 0; looks != NULL && at < number; at++) {
        Look *one = &looks[at];
        side->looked = at + 1;
        PyObject *words, *disguise, *folding, *folded, *always, *always_words, *patterns;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "iiOOOOOOO!", &one->read, &one->mask, &words, &disguise,
                              &folding, &folded, &always, &always_words, &PyDict_Type, &patterns) ||
            !knows_read(&self->reads, one->read) || (one->mask != -1 && !knows_read(&self->reads, one->mask)) ||
            !is_mask(always_words, side->size) || take_patterns(one, patterns, side->rules) < 0)
            break;
        if (!are_words_of(state, words, side) || !are_words_of(state, folded, side) ||
            (folding != Py_None && !Py_IS_TYPE(folding, state->letters_type)) ||
            (disguise != Py_None && (!Py_IS_TYPE(disguise, state->disguise_type) ||
                                     !are_words_of(state, (PyObject *)((Disguise *)disguise)->words, side))) ||
            (folding == Py_None) != (folded == Py_None)) {
            PyErr_SetString(PyExc_TypeError, "words of another side");
            break;
        }
        if ((one->always_live = several(side->lives, sizeof(uint64_t))) == NULL)
            break;
        for (Py_ssize_t word = 0; word < side->size; word++)
            if (word_of(PyBytes_AS_STRING(always_words), word))
                one->always_live[word >> 6] |= UINT64_C(1) << (word & 63);
        one->words = words == Py_None ? NULL : (Words *)Py_NewRef(words);
        one->disguise = disguise == Py_None ? NULL : (Disguise *)Py_NewRef(disguise);
        one->folding = folding == Py_None ? NULL : (Letters *)Py_NewRef(folding);
        one->folded = folded == Py_None ? NULL : (Words *)Py_NewRef(folded);
        one->alone = one->words == NULL && one->disguise == NULL && one->folded == NULL;
        if (one->mask == -1 && one->words == NULL) {
            PyErr_SetString(PyExc_ValueError, "a look that nobody takes");
            break;
        }
        one->always = Py_NewRef(always);
        one->always_words = Py_NewRef(always_words);
    }
}

static void
take_measures(Sift *self, PyObject *given, Side *side)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given);
    Measured *measures = side->measures = several(number, sizeof(Measured));
    for (Py_ssize_t at = 0; measures != NULL && at < number; at++) {
        Measured *one = &measures[at];
        PyObject *limit;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "niiO", &one->bit, &one->read, &one->operator, &limit) ||
            !knows_read(&self->reads, one->read))
            break;
        if (one->bit < 0 || one->bit >= side->rules || one->operator< Py_LT || one->operator> Py_GE) {
            PyErr_SetString(PyExc_ValueError, "no such comparison");
            break;
        }
        one->limit = Py_NewRef(limit);
        side->measured = at + 1;
    }
}

static int
take_side(Sift *self, State *state, PyObject *given, Side *side)
{
    PyObject *places, *sure, *late, *groups, *looks, *decided, *measures, *listed;
    if (!PyArg_ParseTuple(given, "O!O!O!O!O!OO!O", &PyTuple_Type, &places, &PyTuple_Type, &sure, &PyTuple_Type, &late,
                          &PyTuple_Type, &groups, &PyTuple_Type, &looks, &decided, &PyTuple_Type, &measures, &listed))
        return -1;
    side->rules = PyTuple_GET_SIZE(places);
    side->size = (side->rules + 63) / 64;
    side->lives = (side->size + 63) / 64;
    if (!is_mask(decided, side->size))
        return -1;
    side->decided = Py_NewRef(decided);
    if (listed != Py_None) {
        if (!is_mask(listed, side->size) || (side->listed = several(side->size, sizeof(uint64_t))) == NULL)
            return -1;
        memcpy(side->listed, PyBytes_AS_STRING(listed), (size_t)side->size * sizeof(uint64_t));
    }
    if ((side->places = several(side->rules, sizeof(uint32_t))) == NULL ||
        (side->tellings = several(side->rules, sizeof(PyObject *))) == NULL)
        return -1;
    for (Py_ssize_t at = 0; at < side->rules; at++) {
        unsigned long place = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(places, at));
        if (PyErr_Occurred())
            return -1;
        side->places[at] = (uint32_t)place;
    }
    take_tables(self, sure, &side->sure, &side->sures);
    if (!PyErr_Occurred())
        take_tables(self, late, &side->late, &side->lates);
    if (!PyErr_Occurred())
        take_groups(self, groups, side->size, &side->groups, &side->grouped);
    if (!PyErr_Occurred())
        take_looks(self, state, looks, side);
    if (!PyErr_Occurred())
        take_measures(self, measures, side);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *
sift_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *twin, *blank, *number, *reads, *checks, *told, *looking;
    int sender;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "OO!OpO!O!O!O!", &twin, &PyList_Type, &blank, &number, &sender, &PyTuple_Type, &reads,
                          &PyTuple_Type, &checks, &PyTuple_Type, &told, &PyTuple_Type, &looking))
        return NULL;
    Sift *self = (Sift *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    State *state = PyType_GetModuleState(type);
    self->call = sift_call;
    self->reader.blank = Py_NewRef(blank);
    self->reader.number = Py_NewRef(number);
    self->reader.sender_is_subject = sender;
    if (name_attributes(&self->reader) < 0 || take_reads(&self->reads, reads) < 0 || take_checks(self, checks) < 0 ||
        take_side(self, state, told, &self->told) < 0 || take_side(self, state, looking, &self->looking) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    if (self->looking.rules && !self->looking.looked) {
        PyErr_SetString(PyExc_ValueError, "rules that look at no text");
        Py_DECREF(self);
        return NULL;
    }
    /* Without a twin it is not asked anything. */
    self->twin = Py_NewRef(twin);
    return (PyObject *)self;
}

/* --- and letting go of it --------------------------------------------------------------------------------------- */

/* Visits each reference of a side by an expression in `slot`. */
#define EACH_OF_SIDE(side, DO)                                              \
    for (Py_ssize_t at = 0; at < (side)->sures + (side)->lates; at++) {     \
        Table *table = at < (side)->sures ? &(side)->sure[at] : &(side)->late[at - (side)->sures]; \
        DO(table->ask);                                                     \
        DO(table->known);                                                   \
        DO(table->flags[0]);                                                \
        DO(table->flags[1]);                                                \
        for (int number = 0; number < FEW; number++)                        \
            DO(table->few[number]);                                         \
    }                                                                       \
    DO((side)->decided);                                                    \
    for (Py_ssize_t at = 0; (side)->tellings != NULL && at < (side)->rules; at++) \
        DO((side)->tellings[at]);                                           \
    for (Py_ssize_t at = 0; at < (side)->measured; at++)                    \
        DO((side)->measures[at].limit);                                     \
    for (Py_ssize_t at = 0; at < (side)->grouped; at++) {                   \
        DO((side)->groups[at].left[0]);                                     \
        DO((side)->groups[at].left[1]);                                     \
        DO((side)->groups[at].concerns);                                    \
    }                                                                       \
    for (Py_ssize_t at = 0; at < (side)->looked; at++) {                    \
        DO((side)->looks[at].words);                                        \
        DO((side)->looks[at].disguise);                                     \
        DO((side)->looks[at].folding);                                      \
        DO((side)->looks[at].folded);                                       \
        DO((side)->looks[at].always);                                       \
        DO((side)->looks[at].always_words);                                 \
        for (Py_ssize_t bit = 0; (side)->looks[at].patterns != NULL && bit < (side)->rules; bit++) { \
            DO((side)->looks[at].patterns[bit].pattern);                    \
            DO((side)->looks[at].patterns[bit].also);                       \
        }                                                                   \
    }

#define EACH(self, DO)                                                      \
    DO((self)->twin);                                                       \
    DO((self)->tellings);                                                   \
    EACH_OF_READER(&(self)->reader, DO)                                     \
    EACH_OF_READS(&(self)->reads, DO)                                       \
    for (Py_ssize_t at = 0; at < (self)->checkings; at++)                   \
        DO((self)->checks[at].class);                                       \
    EACH_OF_SIDE(&(self)->told, DO)                                         \
    EACH_OF_SIDE(&(self)->looking, DO)

static int
sift_traverse(PyObject *object, visitproc visit, void *arg)
{
    Sift *self = (Sift *)object;
    Py_VISIT(Py_TYPE(object));
    EACH(self, Py_VISIT)
    return 0;
}

static int
sift_clear(PyObject *object)
{
    Sift *self = (Sift *)object;
    EACH(self, Py_CLEAR)
    return 0;
}

static void
free_side(Side *side)
{
    PyMem_Free(side->places);
    PyMem_Free(side->listed);
    PyMem_Free(side->tellings);
    PyMem_Free(side->sure);
    PyMem_Free(side->late);
    PyMem_Free(side->groups);
    PyMem_Free(side->measures);
    for (Py_ssize_t at = 0; at < side->looked; at++) {
        Pattern *patterns = side->looks[at].patterns;
        for (Py_ssize_t bit = 0; patterns != NULL && bit < side->rules; bit++)
            PyMem_Free(patterns[bit].traces);
        PyMem_Free(patterns);
        PyMem_Free(side->looks[at].always_live);
    }
    PyMem_Free(side->looks);
}

static void
sift_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Sift *self = (Sift *)object;
    PyObject_GC_UnTrack(object);
    sift_clear(object);
    free_reads(&self->reads);
    PyMem_Free(self->checks);
    free_side(&self->told);
    free_side(&self->looking);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
