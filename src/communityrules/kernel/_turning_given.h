/* The digest of an event that a host put together itself: the twin of `engine.digest.body_digest`. */

#ifndef COMMUNITYRULES_TURNING_GIVEN_H
#define COMMUNITYRULES_TURNING_GIVEN_H

#include "canonical.h"
#include "digest.h"
#include "_turning_layout.h"

/* Fields of one dictionary that are put in order here, and how deep values may stand in each other. */
#define MOST_FIELDS 32
#define DEEPEST 16

static Step write_value(const State *state, Out *out, PyObject *value, int depth);

/* What parts a value from the one before it. */
static Step write_comma(Out *out)
{
    return out->at[-1] == '[' || out->at[-1] == '{' ? FINE : out_put(out, ",", 1);
}

/* Values one after another. Of a slot that holds nothing any more Python says so. */
static Step write_all(const State *state, Out *out, PyObject *const *all, Py_ssize_t size, int depth)
{
    Step step = out_put(out, "[", 1);
    for (Py_ssize_t one = 0; step == FINE && one < size; one++) {
        step = all[one] == NULL ? UNUSUAL : write_comma(out);
        if (step == FINE)
            step = write_value(state, out, all[one], depth);
    }
    return step == FINE ? out_put(out, "]", 1) : step;
}

/* The names and values of a dictionary, in the order of the names. */
static Step write_fields(const State *state, Out *out, PyObject *fields, int depth)
{
    struct {
        PyObject *name, *value;
    } all[MOST_FIELDS];
    int size = 0, place;
    Py_ssize_t at = 0;
    PyObject *name, *value;
    if (PyDict_GET_SIZE(fields) > MOST_FIELDS)
        return UNUSUAL;
    /* Nothing is made or asked meanwhile, so that nothing else runs. */
    while (size < MOST_FIELDS && PyDict_Next(fields, &at, &name, &value)) {
        if (!is_text(name))
            return UNUSUAL;
        for (place = size; place > 0 && PyUnicode_Compare(name, all[place - 1].name) < 0; place--)
            all[place] = all[place - 1];
        all[place].name = name;
        all[place].value = value;
        size++;
    }
    Step step = out_put(out, "{", 1);
    for (int one = 0; step == FINE && one < size; one++) {
        step = write_comma(out);
        if (step == FINE)
            step = out_text(out, all[one].name);
        if (step == FINE)
            step = out_put(out, ":", 1);
        if (step == FINE)
            step = write_value(state, out, all[one].value, depth);
    }
    return step == FINE ? out_put(out, "}", 1) : step;
}

/* A number, with what kind of number it is. */
static Step write_counted(Out *out, PyObject *value)
{
    int64_t number;
    Step step;
    if (PyLong_CheckExact(value)) {
        if (!whole(value, &number))
            return UNUSUAL;
        step = out_put(out, "\"int ", 5);
        if (step == FINE)
            step = out_number(out, number);
    } else {
        step = out_put(out, "\"float ", 7);
        if (step == FINE)
            step = out_fraction(out, PyFloat_AS_DOUBLE(value));
    }
    return step == FINE ? out_put(out, "\"", 1) : step;
}

#define OF(class, slot) SLOT(state, class, slot, value)

/* One of the classes that an event is made of, field by field in the order in which the class declares them. */
static Step write_part(const State *state, Out *out, PyObject *value, int depth)
{
    if (Py_TYPE(value) == state->Member) {
        PyObject *all[] = {
            OF(Member, id), OF(Member, roles), OF(Member, joined), OF(Member, name), OF(Member, fields),
            OF(Member, labels), OF(Member, points), OF(Member, roles_said),
        };
        return write_all(state, out, all, sizeof all / sizeof *all, depth);
    }
    if (Py_TYPE(value) == state->Message) {
        PyObject *all[] = {
            OF(Message, id), OF(Message, text), OF(Message, reply_to), OF(Message, topic), OF(Message, attachments),
            OF(Message, labels), OF(Message, fields),
        };
        return write_all(state, out, all, sizeof all / sizeof *all, depth);
    }
    if (Py_TYPE(value) == state->Target) {
        PyObject *all[] = {OF(Target, message), OF(Target, member), OF(Target, case), OF(Target, rule)};
        return write_all(state, out, all, sizeof all / sizeof *all, depth);
    }
    return UNUSUAL;
}

static Step write_value(const State *state, Out *out, PyObject *value, int depth)
{
    if (depth >= DEEPEST)
        return UNUSUAL;
    if (is_text(value))
        return out_text(out, value);
    if (value == Py_None)
        return out_put(out, "null", 4);
    if (PyBool_Check(value))
        return value == Py_True ? out_put(out, "true", 4) : out_put(out, "false", 5);
    if (PyLong_CheckExact(value) || PyFloat_CheckExact(value))
        return write_counted(out, value);
    if (PyDict_CheckExact(value))
        return write_fields(state, out, value, depth + 1);
    if (PyTuple_CheckExact(value))
        return write_all(state, out, &PyTuple_GET_ITEM(value, 0), PyTuple_GET_SIZE(value), depth + 1);
    return write_part(state, out, value, depth + 1);
}

/* The digest of an event's body, a new reference in *made; UNUSUAL where Python is to write it. */
static Step digest_of_event(const State *state, PyObject *value, PyObject **made)
{
    Out out;
    PyObject *all[] = {
        OF(Event, id), OF(Event, time), OF(Event, type), OF(Event, community), OF(Event, member), OF(Event, message),
        OF(Event, target), OF(Event, fields), OF(Event, channel), OF(Event, place), OF(Event, described),
    };
    out_begin(&out);
    Step step = write_all(state, &out, all, sizeof all / sizeof *all, 0);
    if (step == FINE && (*made = PyUnicode_New(DIGEST_HEX, 127)) == NULL)
        step = BROKEN;
    if (step == FINE)
        digest_hex((const unsigned char *)out.start, (size_t)(out.at - out.start), (char *)PyUnicode_1BYTE_DATA(*made));
    out_end(&out);
    return step;
}

#undef OF

/* `body_digest(event)`: None where that is left to Python. */
static PyObject *body_digest(PyObject *module, PyObject *event)
{
    const State *state = PyModule_GetState(module);
    PyObject *made = NULL;
    if (state->Event == NULL || state->Member == NULL || state->Message == NULL || state->Target == NULL
        || Py_TYPE(event) != state->Event)
        Py_RETURN_NONE;
    Step step = digest_of_event(state, event, &made);
    return step == BROKEN ? NULL : step == FINE ? made : Py_NewRef(Py_None);
}

#endif
