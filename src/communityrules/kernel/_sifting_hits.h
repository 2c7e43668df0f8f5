/* The hits of rules that are known to match, and the usual outcome of a hit: the twins of `Evaluator._collect` and of
   `outcome.Answer`. What is unusual they leave to those by answering None: until then they have only read. */

#ifndef COMMUNITYRULES_SIFTING_HITS_H
#define COMMUNITYRULES_SIFTING_HITS_H

#include "_sifting_answer.h"

/* --- hits -------------------------------------------------------------------------------------------------------- */

/* Whether an instant lies before what ends then, if anything does; -1 with an exception. */
static int
is_before(PyObject *time, PyObject *end)
{
    return end == Py_None ? 0 : PyObject_RichCompareBool(time, end, Py_LT);
}

/* Whether two items of a list are equal; -1 with an exception. */
static int
are_equal(PyObject *list, Py_ssize_t one, Py_ssize_t other)
{
    if (one >= PyList_GET_SIZE(list) || other >= PyList_GET_SIZE(list))
        return 0;
    PyObject *left = Py_NewRef(PyList_GET_ITEM(list, one)), *right = Py_NewRef(PyList_GET_ITEM(list, other));
    int equal = PyObject_RichCompareBool(left, right, Py_EQ);
    Py_DECREF(left);
    Py_DECREF(right);
    return equal;
}

/* `Notes.pieces`: each piece once. */
static PyObject *
each_once(PyObject *notes)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(notes); at++) {
        int again = 0;
        for (Py_ssize_t one = 0; one < kept && !again; one++)
            again = are_equal(notes, one, at);
        if (again < 0)
            return NULL;
        if (!again && kept++ != at && at < PyList_GET_SIZE(notes) &&
            PyList_SetItem(notes, kept - 1, Py_NewRef(PyList_GET_ITEM(notes, at))) < 0)
            return NULL;
    }
    return PyList_SetSlice(notes, kept, PyList_GET_SIZE(notes), NULL) < 0 ? NULL : tuple_of_list(notes);
}

/* The hit of a rule that matches, its evidence told. */
static PyObject *
hit_of(Telling *self, Turn *turn, const Left *left, PyObject *time)
{
    turn->start = left->start;
    turn->end = left->end;
    int trial = is_before(time, self->trial_end), grace = is_before(time, self->grace_end);
    if (trial < 0 || grace < 0)
        return NULL;
    PyObject *notes = PyList_New(0), *told = NULL, *hit = NULL;
    int failed = notes == NULL                ? -1
                 : self->reads == turn->reads ? tell_steps(self, turn, notes)
                                              : tell(self, turn->event, turn->facts, turn->slots, notes, turn);
    if (!failed)
        told = self->once ? tuple_of_list(notes) : each_once(notes);
    Py_XDECREF(notes);
    if (told != NULL) {
        PyObject *given[5] = {self->rule, told, trial ? Py_True : Py_False, Py_None, grace ? Py_True : Py_False};
        hit = PyObject_Vectorcall(self->hit, given, 5, NULL);
        Py_DECREF(told);
    }
    return hit;
}

/* Has brought near what is told of a rule: of most it was not for long. */
static void
fetch_telling(const Telling *telling)
{
    fetch(telling->rule);
    for (int at = 0; at < telling->number; at++)
        fetch(&telling->steps[at]);
    for (int at = 0; at < telling->number; at++)
        for (int part = 0; part < telling->steps[at].parts; part++)
            fetch(telling->steps[at].part[part]);
}

/* The hits of all rules that are left, which all match; NULL where they are left to Python. */
static PyObject *
hits_of(Sift *self, Turn *turn, PyObject *tellings, const Answer *answer)
{
    const State *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *slots = slots_of(turn), *time = slots == NULL ? NULL : attribute_of(turn->event, &self->reader.time);
    PyObject *hits = time == NULL ? NULL : hidden_tuple(answer->number);
    turn->lenient = 1;
    for (Py_ssize_t at = 0; hits != NULL && at < answer->number; at++) {
        Telling *telling = telling_of(self, state, &answer->all[at], tellings);
        PyObject *hit = NULL;
        /* What was written since may keep values in slots that this event has not. */
        if (telling != NULL && PyList_GET_SIZE(slots) >= PyList_GET_SIZE(self->reader.blank)) {
            fetch_telling(telling);
            hit = hit_of(telling, turn, &answer->all[at], time);
        }
        Py_XDECREF(telling);
        if (hit == NULL)
            Py_CLEAR(hits);
        else
            PyTuple_SET_ITEM(hits, at, hit);
    }
    if (hits != NULL)
        show_tuple(hits);
    Py_XDECREF(time);
    return hits;
}

PyDoc_STRVAR(sift_match_doc, "match(event, facts, tellings)\n\nNone where no rule is left. Else the hits of those that "
                             "are, or None, and with that what calling it answers.");

static PyObject *
sift_match(PyObject *object, PyObject *const *args, Py_ssize_t number)
{
    Sift *self = (Sift *)object;
    if (number != 3 || !PyDict_Check(args[2]) || self->twin == NULL)
        return PyErr_Format(PyExc_TypeError, "takes an event, the facts and tellings");
    Turn turn;
    Answer answer;
    begin(&turn, &self->reader, &self->reads, args[0], args[1]);
    PyObject *left, *hits = NULL, *told = NULL;
    if (answered(self, &turn, &answer, args[2]) < 0)
        left = left_to_twin(self, args);
    else if (!answer.number)
        left = Py_NewRef(Py_None);
    else if (answer.settled && (hits = hits_of(self, &turn, args[2], &answer)) != NULL)
        left = Py_NewRef(Py_None);
    else if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception))
        left = NULL;
    else {
        PyErr_Clear();
        left = places_of(&turn, &answer);
    }
    if (hits == NULL && left == Py_None)
        told = Py_NewRef(Py_None);
    else if (left != NULL)
        told = PyTuple_Pack(2, hits == NULL ? Py_None : hits, left);
    let_go(&answer);
    end(&turn);
    Py_XDECREF(hits);
    Py_XDECREF(left);
    return told;
}

/* --- outcomes ---------------------------------------------------------------------------------------------------- */

/* For so many rules what is cited of them is found without a look into a dictionary. */
#define CITED_NEAR 512

/* A rule, and what `usual` has of it. */
typedef struct {
    PyObject *rule, *usual;
} Cited;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *outcome, *action; /* the classes */
    PyObject *strictness;       /* by verdict a whole number */
    PyObject *usual;            /* by the address of a rule what its outcomes cite of it, and what it does */
    PyObject *sent;             /* by the type of an event, whether it is about who sent it */
    PyObject *word_message, *word_allow;
    Cited near[CITED_NEAR];
    Attribute type, subject_message, message, id, rule, trial, overridden_by, evidence;
} Outcomes;

/* An outcome cites id, name, content, modality and verdict of its rule. */
#define CITED 5

/* The id of the message that actions fall on; NULL where Python is to say. */
static PyObject *
message_of(Outcomes *self, PyObject *event)
{
    PyObject *type = attribute_of(event, &self->type), *message = NULL, *id = NULL;
    /* Of a type that was not met yet, and of one whose message is none, Python knows. */
    PyObject *sent = type == NULL ? NULL : look_in(self->sent, type);
    if (sent != NULL) {
        message = attribute_of(event, &self->subject_message);
        if (message == Py_None && sent == Py_True) {
            Py_DECREF(message);
            message = attribute_of(event, &self->message);
        }
    }
    if (message != NULL && message != Py_None)
        id = attribute_of(message, &self->id);
    if (id == Py_None)
        Py_CLEAR(id);
    Py_XDECREF(sent);
    Py_XDECREF(message);
    Py_XDECREF(type);
    return id;
}

/* One action, of which `action` has the name and the arguments, done to a message. */
static PyObject *
taken(Outcomes *self, PyObject *action, PyObject *id)
{
    PyObject *on = PyDict_New(), *arguments = PyDict_Copy(PyTuple_GET_ITEM(action, 1)), *made = NULL;
    if (on != NULL && arguments != NULL && PyDict_SetItem(on, self->word_message, id) == 0) {
        PyObject *given[3] = {PyTuple_GET_ITEM(action, 0), on, arguments};
        made = PyObject_Vectorcall(self->action, given, 3, NULL);
    }
    Py_XDECREF(on);
    Py_XDECREF(arguments);
    return made;
}

static PyObject *
all_taken(Outcomes *self, PyObject *done, PyObject *id)
{
    PyObject *all = hidden_tuple(PyTuple_GET_SIZE(done));
    for (Py_ssize_t at = 0; all != NULL && at < PyTuple_GET_SIZE(done); at++) {
        PyObject *one = taken(self, PyTuple_GET_ITEM(done, at), id);
        if (one == NULL)
            Py_CLEAR(all);
        else
            PyTuple_SET_ITEM(all, at, one);
    }
    if (all != NULL)
        show_tuple(all);
    return all;
}

/* Whether it is what rules cite and do: the former, and a tuple of actions, each a name and arguments. */
static int
is_usual(PyObject *found)
{
    if (!PyTuple_CheckExact(found) || PyTuple_GET_SIZE(found) != CITED + 1)
        return 0;
    PyObject *done = PyTuple_GET_ITEM(found, CITED);
    if (!PyTuple_CheckExact(done))
        return 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(done); at++) {
        PyObject *one = PyTuple_GET_ITEM(done, at);
        if (!PyTuple_CheckExact(one) || PyTuple_GET_SIZE(one) != 2 || !PyDict_CheckExact(PyTuple_GET_ITEM(one, 1)))
            return 0;
    }
    return 1;
}

/* What `usual` has of a rule, a new reference, which is put near; NULL where it has nothing of use. */
static PyObject *
known_usual(Outcomes *self, PyObject *rule, Cited *near)
{
    PyObject *key = PyLong_FromVoidPtr(rule), *found = key == NULL ? NULL : look_in(self->usual, key);
    Py_XDECREF(key);
    if (found == NULL || !is_usual(found)) {
        Py_XDECREF(found);
        return NULL;
    }
    Cited before = *near;
    *near = (Cited){Py_NewRef(rule), Py_NewRef(found)};
    Py_XDECREF(before.rule);
    Py_XDECREF(before.usual);
    return found;
}

/* What is cited of a hit's rule and what that does, a new reference; NULL where Python knows. */
static PyObject *
usual_of(Outcomes *self, PyObject *hit)
{
    PyObject *rule = attribute_of(hit, &self->rule);
    if (rule == NULL)
        return NULL;
    Cited *near = &self->near[spread((uint32_t)((uintptr_t)rule >> 4)) % CITED_NEAR];
    PyObject *found = near->rule == rule ? Py_NewRef(near->usual) : known_usual(self, rule, near);
    Py_DECREF(rule);
    return found;
}

/* A verdict where it is stricter than the one before, else that; NULL with an exception. */
static PyObject *
stricter(Outcomes *self, PyObject *before, PyObject *verdict)
{
    if (before == verdict)
        return before;
    PyObject *mine = look_in(self->strictness, before);
    PyObject *other = mine == NULL ? NULL : look_in(self->strictness, verdict);
    int more = -1;
    if (other != NULL)
        more = PyObject_RichCompareBool(other, mine, Py_GT);
    else if (!PyErr_Occurred())
        PyErr_SetString(PyExc_KeyError, "no such verdict");
    Py_XDECREF(mine);
    Py_XDECREF(other);
    return more < 0 ? NULL : more ? verdict : before;
}

/* The outcome of a hit; where it has effect, its verdict takes the place of a milder one. */
static PyObject *
outcome_of(Outcomes *self, PyObject *hit, PyObject *id, PyObject **verdict)
{
    PyObject *usual = usual_of(self, hit);
    if (usual == NULL)
        return NULL;
    PyObject *given[CITED + 4], *made = NULL;
    for (int at = 0; at < CITED; at++) {
        given[at] = PyTuple_GET_ITEM(usual, at);
        fetch(given[at]);
    }
    PyObject **own = given + CITED;
    own[0] = attribute_of(hit, &self->trial);
    own[1] = attribute_of(hit, &self->overridden_by);
    own[2] = all_taken(self, PyTuple_GET_ITEM(usual, CITED), id);
    own[3] = attribute_of(hit, &self->evidence);
    int whole = own[0] != NULL && own[1] != NULL && own[2] != NULL && own[3] != NULL;
    if (whole && own[0] != Py_True && own[1] == Py_None) {
        PyObject *strictest = stricter(self, *verdict, given[CITED - 1]);
        if (strictest == NULL)
            whole = 0;
        else
            Py_SETREF(*verdict, Py_NewRef(strictest));
    }
    if (whole)
        made = PyObject_Vectorcall(self->outcome, given, CITED + 4, NULL);
    for (int at = 0; at < 4; at++)
        Py_XDECREF(own[at]);
    Py_DECREF(usual);
    return made;
}

static PyObject *
outcomes_call(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Outcomes *self = (Outcomes *)callable;
    if (PyVectorcall_NARGS(nargsf) != 2 || kwnames != NULL || !PyTuple_Check(args[0]) || self->sent == NULL)
        return PyErr_Format(PyExc_TypeError, "takes hits and an event");
    Py_ssize_t number = PyTuple_GET_SIZE(args[0]);
    PyObject *id = message_of(self, args[1]), *all = id == NULL ? NULL : hidden_tuple(number);
    PyObject *verdict = Py_NewRef(self->word_allow), *answer = NULL;
    for (Py_ssize_t at = 0; all != NULL && at < number; at++) {
        PyObject *one = outcome_of(self, PyTuple_GET_ITEM(args[0], at), id, &verdict);
        if (one == NULL)
            Py_CLEAR(all);
        else
            PyTuple_SET_ITEM(all, at, one);
    }
    if (all != NULL) {
        show_tuple(all);
        answer = PyTuple_Pack(2, all, verdict);
    }
    Py_XDECREF(id);
    Py_XDECREF(all);
    Py_DECREF(verdict);
    if (answer != NULL || PyErr_Occurred())
        return answer;
    Py_RETURN_NONE;
}

static int
name_parts(Outcomes *self)
{
    Attribute *parts[] = {&self->type, &self->subject_message, &self->message, &self->id,
                          &self->rule, &self->trial, &self->overridden_by, &self->evidence};
    const char *names[] = {"type", "subject_message", "message", "id", "rule", "trial", "overridden_by", "evidence"};
    for (size_t at = 0; at < sizeof parts / sizeof *parts; at++)
        if ((parts[at]->name = PyUnicode_InternFromString(names[at])) == NULL)
            return -1;
    self->word_message = Py_NewRef(self->message.name);
    self->word_allow = PyUnicode_InternFromString("allow");
    return self->word_allow == NULL ? -1 : 0;
}

static PyObject *
outcomes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *outcome, *action, *strictness, *usual, *sent;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "OOO!O!O!", &outcome, &action, &PyDict_Type, &strictness, &PyDict_Type, &usual,
                          &PyDict_Type, &sent))
        return NULL;
    Outcomes *self = (Outcomes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->call = outcomes_call;
    self->outcome = Py_NewRef(outcome);
    self->action = Py_NewRef(action);
    self->strictness = Py_NewRef(strictness);
    self->usual = Py_NewRef(usual);
    if (name_parts(self) < 0)
        Py_CLEAR(self);
    else
        /* Without it, it is not asked anything. */
        self->sent = Py_NewRef(sent);
    return (PyObject *)self;
}

#define EACH_OF_OUTCOMES(self, DO)                                          \
    DO((self)->sent);                                                       \
    DO((self)->outcome);                                                    \
    DO((self)->action);                                                     \
    DO((self)->usual);                                                      \
    for (int at = 0; at < CITED_NEAR; at++) {                               \
        DO((self)->near[at].rule);                                          \
        DO((self)->near[at].usual);                                         \
    }                                                                       \
    DO((self)->word_message);                                               \
    DO((self)->word_allow);                                                 \
    DO((self)->strictness);                                                 \
    EACH_OF_ATTRIBUTE((self)->type, DO)                                     \
    EACH_OF_ATTRIBUTE((self)->subject_message, DO)                          \
    EACH_OF_ATTRIBUTE((self)->message, DO)                                  \
    EACH_OF_ATTRIBUTE((self)->id, DO)                                       \
    EACH_OF_ATTRIBUTE((self)->rule, DO)                                     \
    EACH_OF_ATTRIBUTE((self)->trial, DO)                                    \
    EACH_OF_ATTRIBUTE((self)->overridden_by, DO)                            \
    EACH_OF_ATTRIBUTE((self)->evidence, DO)

static int
outcomes_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    EACH_OF_OUTCOMES((Outcomes *)object, Py_VISIT)
    return 0;
}

static int
outcomes_clear(PyObject *object)
{
    EACH_OF_OUTCOMES((Outcomes *)object, Py_CLEAR)
    return 0;
}

static void
outcomes_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    outcomes_clear(object);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
