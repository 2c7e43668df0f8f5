/* Steps of a turn that Python takes as well: methods of subclasses of the engine's classes, which answer what is usual
 * and ask the method that they stand for about the rest.
 */

#ifndef COMMUNITYRULES_TURNING_STEPS_H
#define COMMUNITYRULES_TURNING_STEPS_H

#include "_turning_answering.h"
#include "_turning_keeping.h"

/* --- the steps -------------------------------------------------------------------------------------------------- */

/* `WorkingSet.begin`, of which the caller holds all. LEFT before anything was changed. */
static int begin(const State *state, PyObject *work, PyObject *now, PyObject *subject, int *late)
{
    int64_t clock, time;
    PyObject *standing = READ(state, WorkingSet, standing, work), *home = READ(state, WorkingSet, _home, work);
    PyObject *ids = READ(state, WorkingSet, _ids, work);
    if (!IS(state, Standing, standing) || !IS(state, Home, home) || !PyDict_CheckExact(ids) || !whole(now, &time)
        || !whole(SLOT(state, Standing, clock, standing), &clock))
        return LEFT;
    PyObject *before = HELD(state, Standing, clock, standing);
    Py_INCREF(standing);
    Py_INCREF(home);
    Py_INCREF(ids);
    put_slot(&SLOT(state, WorkingSet, now, work), Py_NewRef(now));
    put_slot(&SLOT(state, WorkingSet, subject, work), Py_NewRef(subject));
    if (PyDict_GET_SIZE(ids))
        PyDict_Clear(ids);
    put_slot(&SLOT(state, Home, settled, home), before);
    if (time > clock) {
        put_slot(&SLOT(state, Standing, clock, standing), Py_NewRef(now));
        put_slot(&SLOT(state, Home, clock, home), Py_NewRef(now));
    }
    Py_DECREF(standing);
    Py_DECREF(home);
    Py_DECREF(ids);
    *late = time < clock;
    return DONE;
}

/* Empties a list that something may stand in, and that the caller holds. */
static int emptied(PyObject *list)
{
    Py_ssize_t size = PyList_GET_SIZE(list);
    return size && PyList_SetSlice(list, 0, size, NULL) ? FAILED : DONE;
}

/* `Windows.settle`, of windows, what was done and what they hold back: all held. */
static int settle_windows(const State *state, PyObject *windows, PyObject *done, PyObject *held)
{
    if (PyList_GET_SIZE(held) == 0 && READ(state, Windows, _persistent, windows) == Py_False)
        return emptied(done);
    if (PyList_GET_SIZE(held) == 0 && PyList_GET_SIZE(done)) {
        int settled = settle_counts(state, done);
        if (settled != LEFT)
            return settled;
    }
    if (PyList_GET_SIZE(done) || PyList_GET_SIZE(held))
        return call_away(PyObject_CallMethodNoArgs(windows, state->word_settle));
    return DONE;
}

/* `WorkingSet.settle`. LEFT before anything was changed. */
static int settle(const State *state, PyObject *work)
{
    PyObject *windows = READ(state, WorkingSet, windows, work), *home = READ(state, WorkingSet, _home, work);
    PyObject *undone = READ(state, WorkingSet, _undo, work);
    if (!IS(state, Windows, windows) || !IS(state, Home, home) || !PyList_CheckExact(undone))
        return LEFT;
    PyObject *tallied = READ(state, Home, tallied, home), *done = READ(state, Home, done, home);
    PyObject *held = READ(state, Windows, held, windows);
    if (Py_TYPE(tallied) != state->Notes || !PyList_CheckExact(done) || !PyList_CheckExact(held))
        return LEFT;
    PyObject *all[] = {windows, undone, tallied, done, held};
    for (size_t one = 0; one < sizeof all / sizeof *all; one++)
        Py_INCREF(all[one]);
    clear_notes((Notes *)tallied);
    int settled = emptied(undone);
    if (settled == DONE)
        settled = settle_windows(state, windows, done, held);
    for (size_t one = 0; one < sizeof all / sizeof *all; one++)
        Py_DECREF(all[one]);
    return settled;
}

/* Feeds what an event that was heard as something is to feed. LEFT where that is no matter of counts alone. */
static int feed_heard(const State *state, PyObject *observing, PyObject *event, PyObject *heard, const Feeding *into)
{
    PyObject *how = look_in(observing, heard);
    if (how == NULL) {
        if (PyErr_Occurred())
            return FAILED;
        /* Nothing measures it. What can be taken back is told apart even then. */
        return PyUnicode_Compare(heard, state->word_breach) == 0 || PyUnicode_Compare(heard, state->word_sanctioned) == 0
            ? LEFT : DONE;
    }
    PyObject *fed = PyTuple_CheckExact(how) && PyTuple_GET_SIZE(how) == 3 ? PyTuple_GET_ITEM(how, 2) : NULL;
    int done = LEFT;
    if (fed != NULL && Py_TYPE(fed) == state->Fed)
        done = observe_all(state, (Fed *)fed, event, into);
    Py_DECREF(how);
    return done;
}

/* `Windows.observe` of an event that only feeds counts, whose time is the clock of its community. The caller holds the
   event and what it was heard as. */
static int observe_plain(const State *state, PyObject *windows, PyObject *event, PyObject *heard)
{
    int64_t time, clock;
    PyObject *home = READ(state, Windows, home, windows), *observing = READ(state, Windows, _observing, windows);
    PyObject *held = READ(state, Windows, held, windows);
    if (!IS(state, Home, home) || !PyDict_CheckExact(observing) || !PyList_CheckExact(held) || PyList_GET_SIZE(held)
        || !whole(READ(state, Event, time, event), &time))
        return LEFT;
    /* Most often it is the very object. */
    if (SLOT(state, Home, clock, home) != SLOT(state, Event, time, event)
        && (!whole(SLOT(state, Home, clock, home), &clock) || time != clock))
        return LEFT;
    PyObject *done = READ(state, Home, done, home), *tallied = READ(state, Home, tallied, home);
    if (!PyList_CheckExact(done) || PyList_GET_SIZE(done) || Py_TYPE(tallied) != state->Notes || ((Notes *)tallied)->size)
        return LEFT;
    Feeding into = {
        Py_NewRef(home), (Notes *)Py_NewRef(tallied), Py_NewRef(done), HELD(state, Event, time, event), time,
    };
    int found = feed_heard(state, observing, event, heard, &into);
    Py_DECREF(into.home);
    Py_DECREF(into.tallied);
    Py_DECREF(into.done);
    Py_DECREF(into.time);
    return found;
}

/* `Judging._turn_to` where the facts at hand may be used again: those, a new reference; NULL before anything was
   changed. */
static PyObject *turn_again(const State *state, PyObject *judging, PyObject *event)
{
    PyObject *facts = HELD(state, Judging, _facts, judging);
    if (!IS(state, StoredFacts, facts) || READ(state, StoredFacts, unread, facts) != Py_None) {
        Py_DECREF(facts);
        return NULL;
    }
    put_slot(&SLOT(state, StoredFacts, time, facts), HELD(state, Event, time, event));
    /* With the event before it, whatever a host keeps in one may go. */
    put_slot(&SLOT(state, Judging, _event, judging), Py_NewRef(event));
    return facts;
}

/* --- as methods ------------------------------------------------------------------------------------------------- */

/* Asks the method that a method stands for. */
static PyObject *ask_twin(PyObject *twin, PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    PyObject *all[8] = {NULL, self};
    Py_ssize_t named = names == NULL ? 0 : PyTuple_GET_SIZE(names);
    if (given + named > 6) {
        PyErr_SetString(PyExc_TypeError, "too many arguments");
        return NULL;
    }
    for (Py_ssize_t one = 0; one < given + named; one++)
        all[2 + one] = args[one];
    Py_INCREF(twin);
    PyObject *said = PyObject_Vectorcall(twin, all + 1, (size_t)(1 + given) | PY_VECTORCALL_ARGUMENTS_OFFSET, names);
    Py_DECREF(twin);
    return said;
}

/* The state of the module that the class of an object is of, or a class that it derives from; NULL with an error. Python
   calls methods that are not handed their class with less ado. */
static inline const State *state_of(PyObject *self)
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &definition);
    return module == NULL ? NULL : PyModule_GetState(module);
}

static PyObject *facts_aggregate(PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    const State *state = state_of(self);
    if (state == NULL)
        return NULL;
    if (given == 2 && names == NULL && PyLong_CheckExact(args[0]) && state->Count != NULL && IS(state, StoredFacts, self)) {
        PyObject *measures = READ(state, StoredFacts, _measures, self);
        int64_t at, found = 0;
        if (whole(args[0], &at) && PyList_CheckExact(measures) && at >= 0 && at < PyList_GET_SIZE(measures)
            && READ(state, StoredFacts, unread, self) == Py_None && READ(state, StoredFacts, _closing, self) == Py_False
            && Py_TYPE(PyList_GET_ITEM(measures, at)) == state->Count) {
            PyObject *count = Py_NewRef(PyList_GET_ITEM(measures, at)), *time = HELD(state, StoredFacts, time, self);
            int done = answer_of(state, count, args[1], time, &found);
            Py_DECREF(count);
            Py_DECREF(time);
            if (done != LEFT)
                return done == FAILED ? NULL : PyLong_FromLongLong(found);
        }
    }
    return ask_twin(state->twin_aggregate, self, args, given, names);
}

static PyObject *work_begin(PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    const State *state = state_of(self);
    int late, done = LEFT;
    if (state == NULL)
        return NULL;
    if (given == 2 && names == NULL && IS(state, WorkingSet, self))
        done = begin(state, self, args[0], args[1], &late);
    if (done == LEFT)
        return ask_twin(state->twin_begin, self, args, given, names);
    return done == FAILED ? NULL : PyBool_FromLong(late);
}

static PyObject *work_settle(PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    const State *state = state_of(self);
    if (state == NULL)
        return NULL;
    int done = given == 0 && names == NULL && IS(state, WorkingSet, self) ? settle(state, self) : LEFT;
    if (done == LEFT)
        return ask_twin(state->twin_settle, self, args, given, names);
    return done == FAILED ? NULL : Py_NewRef(Py_None);
}

static PyObject *windows_observe(PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    const State *state = state_of(self);
    if (state == NULL)
        return NULL;
    int done = LEFT;
    if (given == 3 && names == NULL && IS(state, Windows, self) && Py_TYPE(args[0]) == state->Event && is_text(args[1]))
        done = observe_plain(state, self, args[0], args[1]);
    if (done == LEFT)
        return ask_twin(state->twin_observe, self, args, given, names);
    return done == FAILED ? NULL : Py_NewRef(Py_None);
}

static PyObject *judging_turn_to(PyObject *self, PyObject *const *args, Py_ssize_t given, PyObject *names)
{
    const State *state = state_of(self);
    if (state == NULL)
        return NULL;
    PyObject *facts = NULL;
    if (given == 1 && names == NULL && IS(state, Judging, self) && state->StoredFacts != NULL
        && Py_TYPE(args[0]) == state->Event)
        facts = turn_again(state, self, args[0]);
    return facts != NULL ? facts : ask_twin(state->twin__turn_to, self, args, given, names);
}

#define METHOD(name, function) \
    {name, (PyCFunction)(void (*)(void))function, METH_FASTCALL | METH_KEYWORDS, NULL}

static PyMethodDef facts_methods[] = {METHOD("aggregate", facts_aggregate), {NULL, NULL, 0, NULL}};
static PyMethodDef work_methods[] = {
    METHOD("begin", work_begin), METHOD("settle", work_settle), {NULL, NULL, 0, NULL},
};
static PyMethodDef windows_methods[] = {METHOD("observe", windows_observe), {NULL, NULL, 0, NULL}};
static PyMethodDef judging_methods[] = {METHOD("_turn_to", judging_turn_to), {NULL, NULL, 0, NULL}};

static PyType_Slot facts_slots[] = {{Py_tp_methods, facts_methods}, {0, NULL}};
static PyType_Slot work_slots[] = {{Py_tp_methods, work_methods}, {0, NULL}};
static PyType_Slot windows_slots[] = {{Py_tp_methods, windows_methods}, {0, NULL}};
static PyType_Slot judging_slots[] = {{Py_tp_methods, judging_methods}, {0, NULL}};

static PyType_Spec facts_spec = {
    .name = "communityrules.kernel._turning.StoredFacts", .flags = Py_TPFLAGS_DEFAULT, .slots = facts_slots};
static PyType_Spec work_spec = {
    .name = "communityrules.kernel._turning.WorkingSet", .flags = Py_TPFLAGS_DEFAULT, .slots = work_slots};
static PyType_Spec windows_spec = {
    .name = "communityrules.kernel._turning.Windows", .flags = Py_TPFLAGS_DEFAULT, .slots = windows_slots};
static PyType_Spec judging_spec = {
    .name = "communityrules.kernel._turning.Judging", .flags = Py_TPFLAGS_DEFAULT, .slots = judging_slots};

/* Keeps the method that one of ours stands for. */
static int keep_twin(PyObject **twin, PyObject *base, PyObject *name)
{
    PyObject *found = PyObject_GetAttr(base, name);
    if (found == NULL)
        return FAILED;
    put_slot(twin, found);
    return DONE;
}

/* `quick(class)`: a subclass with the same slots of which the hottest methods are here; the class where there is none. */
static PyObject *make_quick(PyObject *module, PyObject *base)
{
    State *state = PyModule_GetState(module);
    PyType_Spec *spec;
    if (!PyType_Check(base)) {
        PyErr_SetString(PyExc_TypeError, "a class is wanted");
        return NULL;
    }
    const char *name = ((PyTypeObject *)base)->tp_name;
    int done;
    if (strcmp(name, "Instants") == 0)
        return Py_NewRef(state->Instants);
    if (strcmp(name, "StoredFacts") == 0) {
        spec = &facts_spec;
        done = keep_twin(&state->twin_aggregate, base, state->word_aggregate);
    } else if (strcmp(name, "WorkingSet") == 0) {
        spec = &work_spec;
        done = keep_twin(&state->twin_begin, base, state->word_begin);
        if (done == DONE)
            done = keep_twin(&state->twin_settle, base, state->word_settle);
    } else if (strcmp(name, "Windows") == 0) {
        spec = &windows_spec;
        done = keep_twin(&state->twin_observe, base, state->word_observe);
    } else if (strcmp(name, "Judging") == 0) {
        spec = &judging_spec;
        done = keep_twin(&state->twin__turn_to, base, state->word__turn_to);
    } else {
        return Py_NewRef(base);
    }
    PyObject *bases = done == FAILED ? NULL : PyTuple_Pack(1, base);
    if (bases == NULL)
        return NULL;
    PyObject *made = PyType_FromModuleAndSpec(module, spec, bases);
    Py_DECREF(bases);
    return made;
}

#endif
