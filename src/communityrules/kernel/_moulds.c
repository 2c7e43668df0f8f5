/* Declarations of known shapes, built by filling in their moulds, in C: the twin of `language.filling.Filler`.

   What a mould is, and what its steps do, `language.moulds` says. Nothing is changed until it is sure that the
   declaration can be built: what comes before only looks. */

#include "_moulds_pieces.h"
#include "holding.h"
#include <stdint.h>
#include <string.h>
#include <structmember.h>

/* As in `language.moulds`. */
enum { CONSTANT, SPAN, AGAIN, WRITTEN, NUMBER, VALUE, LAYOUT, TUPLE, NODE };
#define STEP 3

typedef struct {
    PyObject_HEAD
    Text text;
    PyObject *source, *values, *layouts, *plain, *span, *harmless, *is_harmless, *kinds, *numbers;
    Py_ssize_t long_text, long_number, long_name;
    int busy;
    /* What the steps have made and nothing has taken yet; and the places that they gave. Both are held. */
    PyObject **made, **spans;
    Py_ssize_t made_count, spans_count, room;
    Cut cut;
} Builder;

#define EACH(E)                                                                                                        \
    E(text.whole) E(source) E(values) E(layouts) E(plain) E(span) E(harmless) E(is_harmless) E(kinds) E(numbers)

/* --- the shape ------------------------------------------------------------------------------------------------ */

/* Adds what stands for a piece. */
static int
put(Cut *cut, const Text *from, Py_ssize_t start, Py_ssize_t end)
{
    if (cut->shape_length + (end - start) + 1 > ROOM) {
        PyErr_SetString(PyExc_ValueError, "what stands for a piece is too long");
        return -1;
    }
    Py_UCS4 *to = cut->shape + cut->shape_length;
    for (Py_ssize_t at = start; at < end; at++)
        *to++ = letter_at(from, at);
    *to = SEPARATOR;
    cut->shape_length += end - start + 1;
    return 0;
}

/* The same for what is no part of the text. */
static int
put_text(Cut *cut, PyObject *kind)
{
    if (!PyUnicode_CheckExact(kind)) {
        PyErr_SetString(PyExc_TypeError, "a text is wanted for a piece");
        return -1;
    }
    Text from = {.kind = PyUnicode_KIND(kind), .letters = PyUnicode_DATA(kind), .length = PyUnicode_GET_LENGTH(kind)};
    return put(cut, &from, 0, from.length);
}

static int
put_letters(Cut *cut, const char *letters, Py_ssize_t count)
{
    Text from = {.kind = PyUnicode_1BYTE_KIND, .letters = letters};
    return put(cut, &from, 0, count);
}

/* What a mapping has for a key, which it may make then. */
static PyObject *
asked(PyObject *mapping, PyObject *key)
{
    PyObject *found = look_in(mapping, key);
    if (found != NULL)
        return found;
    return PyErr_Occurred() ? NULL : PyObject_GetItem(mapping, key);
}

/* Adds what stands for a word, which is given in `word`. */
static int
put_word(Builder *self, Py_ssize_t start, Py_ssize_t end, PyObject **word)
{
    *word = PyUnicode_Substring(self->text.whole, start, end);
    PyObject *kind = *word == NULL ? NULL : asked(self->kinds, *word);
    int done = kind == NULL ? -1 : put_text(&self->cut, kind);
    Py_XDECREF(kind);
    return done;
}

/* Adds what stands for the piece at a place: its end, -1 with an exception. `Kinds` says what that is. */
static Py_ssize_t
put_piece(Builder *self, Py_ssize_t start, Py_ssize_t end, PyObject **word)
{
    PieceKind kind;
    Py_ssize_t stop = after_piece(&self->text, start, end, &kind);
    int done;
    *word = NULL;
    if (kind == WORD_PIECE)
        done = put_word(self, start, stop, word);
    else if (kind == SIGN_PIECE)
        done = put_letters(&self->cut, "\0<", 2);
    else if (kind == NUMBER_PIECE && stop - start <= self->long_number)
        done = put_letters(&self->cut, "\0" "0", 2);
    else
        done = put(&self->cut, &self->text, start,
                   kind == QUOTED_PIECE && stop - start <= self->long_text ? start + 1 : stop);
    return done < 0 ? -1 : stop;
}

static void
let_go(Builder *self)
{
    for (int one = 0; one < self->cut.count; one++)
        Py_CLEAR(self->cut.words[one]);
    self->cut.count = 0;
}

/* Cuts a stretch into pieces: 1, 0 where there are too many, -1 with an exception. */
static int
cut(Builder *self, Py_ssize_t start, Py_ssize_t end)
{
    Cut *cut = &self->cut;
    cut->shape_length = 0;
    while (start < end) {
        if (cut->count == LONGEST)
            return 0;
        cut->places[cut->count] = start;
        start = put_piece(self, start, end, &cut->words[cut->count]);
        cut->count++;
        if (start < 0)
            return -1;
    }
    cut->places[cut->count] = end;
    if (put_letters(cut, "\0", 1) < 0)
        return -1;
    Py_ssize_t near = end + NEAR < self->text.length ? end + NEAR : self->text.length;
    for (int one = 0; one < AHEAD && start < near; one++) {
        PyObject *word;
        start = put_piece(self, start, near, &word);
        Py_XDECREF(word);
        if (start < 0)
            return -1;
    }
    return 1;
}

static PyObject *
shape_of(const Cut *cut)
{
    /* Nothing separates from what would follow the last. */
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, cut->shape, cut->shape_length - 1);
}

/* --- steps ---------------------------------------------------------------------------------------------------- */

/* The number at a place of a mould. */
static unsigned
number_at(PyObject *numbers, Py_ssize_t at)
{
    uint16_t number;
    memcpy(&number, PyBytes_AS_STRING(numbers) + 2 * at, 2);
    return number;
}

static int
are_pieces(const Cut *cut, unsigned first, unsigned end)
{
    if (first < end && end <= (unsigned)cut->count)
        return 1;
    PyErr_SetString(PyExc_ValueError, "the mould is of another shape");
    return 0;
}

/* What is written from one piece to another. */
static PyObject *
written(Builder *self, unsigned first, unsigned end)
{
    const Cut *cut = &self->cut;
    if (!are_pieces(cut, first, end))
        return NULL;
    if (end == first + 1 && cut->words[first] != NULL)
        return Py_NewRef(cut->words[first]);
    return PyUnicode_Substring(self->text.whole, cut->places[first], cut->places[end]);
}

static PyObject *
span(Builder *self, unsigned first, unsigned end)
{
    if (!are_pieces(&self->cut, first, end))
        return NULL;
    PyObject *start = PyLong_FromSsize_t(self->cut.places[first]), *stop = PyLong_FromSsize_t(self->cut.places[end]);
    PyObject *given[] = {self->source, start, stop};
    PyObject *made = start == NULL || stop == NULL ? NULL : PyObject_Vectorcall(self->span, given, 3, NULL);
    Py_XDECREF(start);
    Py_XDECREF(stop);
    if (made != NULL)
        /* What is made of it need not hold it: it may be let go of before it is asked for again. */
        self->spans[self->spans_count++] = Py_NewRef(made);
    return made;
}

static PyObject *
number(Builder *self, unsigned first, unsigned end)
{
    PyObject *word = written(self, first, end);
    PyObject *made = word == NULL ? NULL : asked(self->numbers, word);
    Py_XDECREF(word);
    return made;
}

/* What a dictionary has for the place where a piece begins; NULL where it has nothing, or with an exception. */
static PyObject *
of_place(Builder *self, PyObject *from, unsigned first, int take)
{
    if (!are_pieces(&self->cut, first, first + 1))
        return NULL;
    PyObject *place = PyLong_FromSsize_t(self->cut.places[first]);
    PyObject *found = place == NULL ? NULL : PyDict_GetItemWithError(from, place);
    Py_XINCREF(found);
    if (found != NULL && take && PyDict_DelItem(from, place) < 0)
        Py_CLEAR(found);
    Py_XDECREF(place);
    return found;
}

static PyObject *
value(Builder *self, unsigned first)
{
    PyObject *found = of_place(self, self->values, first, 0);
    if (found == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_KeyError, "no text begins there");
    return found;
}

static PyObject *
layout(Builder *self, unsigned first)
{
    if (PyDict_GET_SIZE(self->layouts) == 0)
        return Py_NewRef(self->plain);
    PyObject *found = of_place(self, self->layouts, first, 1);
    return found != NULL || PyErr_Occurred() ? found : Py_NewRef(self->plain);
}

static PyObject *
constant(PyObject *constants, unsigned number)
{
    if ((Py_ssize_t)number < PyTuple_GET_SIZE(constants))
        return Py_NewRef(PyTuple_GET_ITEM(constants, number));
    PyErr_SetString(PyExc_ValueError, "the mould has fewer constants");
    return NULL;
}

/* The last of what was made, as a tuple or, of a class, as a node. */
static PyObject *
joined(Builder *self, PyObject *cls, unsigned count)
{
    if ((Py_ssize_t)count > self->made_count) {
        PyErr_SetString(PyExc_ValueError, "fewer parts were made");
        return NULL;
    }
    PyObject **parts = self->made + self->made_count - count;
    PyObject *whole;
    if (cls != NULL) {
        whole = PyObject_Vectorcall(cls, parts, count, NULL);
    }
    else if ((whole = PyTuple_New(count)) != NULL) {
        for (unsigned one = 0; one < count; one++)
            PyTuple_SET_ITEM(whole, one, Py_NewRef(parts[one]));
    }
    for (unsigned one = 0; one < count; one++)
        Py_DECREF(parts[one]);
    self->made_count -= count;
    return whole;
}

static PyObject *
node(Builder *self, PyObject *constants, unsigned number, unsigned count)
{
    PyObject *cls = constant(constants, number);
    PyObject *made = cls == NULL ? NULL : joined(self, cls, count);
    Py_XDECREF(cls);
    return made;
}

static PyObject *
again(Builder *self, unsigned number)
{
    if ((Py_ssize_t)number < self->spans_count)
        return Py_NewRef(self->spans[number]);
    PyErr_SetString(PyExc_ValueError, "fewer places were given");
    return NULL;
}

static PyObject *
take_step(Builder *self, PyObject *constants, unsigned step, unsigned first, unsigned second)
{
    switch (step) {
    case CONSTANT:
        return constant(constants, first);
    case SPAN:
        return span(self, first, second);
    case AGAIN:
        return again(self, first);
    case WRITTEN:
        return written(self, first, second);
    case NUMBER:
        return number(self, first, second);
    case VALUE:
        return value(self, first);
    case LAYOUT:
        return layout(self, first);
    case TUPLE:
        return joined(self, NULL, second);
    case NODE:
        return node(self, constants, first, second);
    default:
        PyErr_SetString(PyExc_ValueError, "no such step");
        return NULL;
    }
}

/* Room for what so many steps make. */
static int
make_room(Builder *self, Py_ssize_t steps)
{
    if (steps <= self->room)
        return 0;
    PyObject **made = PyMem_Realloc(self->made, steps * sizeof *made);
    if (made != NULL)
        self->made = made;
    PyObject **spans = PyMem_Realloc(self->spans, steps * sizeof *spans);
    if (spans != NULL)
        self->spans = spans;
    if (made == NULL || spans == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->room = steps;
    return 0;
}

/* Lets go of what was made, from the end. */
static void
let_go_of_all(PyObject **all, Py_ssize_t *count)
{
    while (*count)
        Py_DECREF(all[--*count]);
}

static PyObject *
fill(Builder *self, PyObject *steps, PyObject *constants)
{
    Py_ssize_t count = PyBytes_GET_SIZE(steps) / (2 * STEP);
    if (make_room(self, count) < 0)
        return NULL;
    for (Py_ssize_t at = 0; at < STEP * count; at += STEP) {
        PyObject *made =
            take_step(self, constants, number_at(steps, at), number_at(steps, at + 1), number_at(steps, at + 2));
        if (made == NULL)
            break;
        self->made[self->made_count++] = made;
    }
    PyObject *whole = NULL;
    if (!PyErr_Occurred() && self->made_count == 1)
        whole = self->made[--self->made_count];
    else if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "a mould makes one thing");
    let_go_of_all(self->spans, &self->spans_count);
    let_go_of_all(self->made, &self->made_count);
    return whole;
}

/* --- words that may be misread -------------------------------------------------------------------------------- */

/* Whether a word needs no second look, which is remembered; then it may be another text that says the same. */
static int
is_plain_word(Builder *self, PyObject **word)
{
    PyObject *known = PyDict_GetItemWithError(self->harmless, *word);
    if (known != NULL) {
        Py_SETREF(*word, Py_NewRef(known));
        return 1;
    }
    if (PyErr_Occurred())
        return -1;
    if (PyUnicode_GET_LENGTH(*word) > self->long_name)
        return 0;
    PyObject *answer = PyObject_CallOneArg(self->is_harmless, *word);
    int harmless = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    if (harmless > 0 && PyDict_SetItem(self->harmless, *word, *word) < 0)
        return -1;
    return harmless;
}

static int
is_plain(Builder *self, PyObject *names)
{
    Cut *cut = &self->cut;
    for (Py_ssize_t at = 0; 4 * at + 4 <= PyBytes_GET_SIZE(names); at++) {
        unsigned first = number_at(names, 2 * at), end = number_at(names, 2 * at + 1);
        PyObject *word = written(self, first, end);
        int plain = word == NULL ? -1 : is_plain_word(self, &word);
        if (plain > 0 && end == first + 1 && PyUnicode_CheckExact(word))
            Py_XSETREF(cut->words[first], Py_NewRef(word));
        Py_XDECREF(word);
        if (plain <= 0)
            return plain;
    }
    return 1;
}

/* --- the object ----------------------------------------------------------------------------------------------- */

/* What was cut, made by one of the moulds. */
static PyObject *
build_cut(Builder *self, PyObject *moulds)
{
    PyObject *shape = shape_of(&self->cut);
    /* It may be forgotten while it is filled. */
    PyObject *mould = shape == NULL ? NULL : look_in(moulds, shape);
    Py_XDECREF(shape);
    if (mould == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    PyObject *steps, *constants, *names, *made = NULL;
    if (!PyTuple_Check(mould))
        PyErr_SetString(PyExc_TypeError, "a mould is wanted");
    else if (PyArg_ParseTuple(mould, "SO!S", &steps, &PyTuple_Type, &constants, &names)) {
        int plain = is_plain(self, names);
        made = plain < 0 ? NULL : plain ? fill(self, steps, constants) : Py_NewRef(Py_None);
    }
    Py_DECREF(mould);
    return made;
}

static int
is_inside(Builder *self, Py_ssize_t start, Py_ssize_t end)
{
    /* Without its text it is being taken apart. */
    if (0 <= start && start <= end && end <= self->text.length && !self->busy && self->text.whole != NULL)
        return 1;
    PyErr_SetString(PyExc_ValueError, "no such stretch, or another is being built");
    return 0;
}

/* `give` of the pieces of a stretch; None where there are too many. */
static PyObject *
of_stretch(Builder *self, Py_ssize_t start, Py_ssize_t end, PyObject *(*give)(Builder *, PyObject *), PyObject *moulds)
{
    if (!is_inside(self, start, end))
        return NULL;
    if (end - start > LONGEST_TEXT)
        Py_RETURN_NONE;
    self->busy = 1;
    int done = cut(self, start, end);
    PyObject *found = done < 0 ? NULL : done ? give(self, moulds) : Py_NewRef(Py_None);
    let_go(self);
    self->busy = 0;
    return found;
}

static PyObject *
builder_call(PyObject *self, PyObject *args, PyObject *named)
{
    Py_ssize_t start, end;
    PyObject *moulds;
    if (named != NULL && PyDict_GET_SIZE(named)) {
        PyErr_SetString(PyExc_TypeError, "nothing is given by name");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "nnO!", &start, &end, &PyDict_Type, &moulds))
        return NULL;
    return of_stretch((Builder *)self, start, end, build_cut, moulds);
}

static PyObject *
shape_of_cut(Builder *self, PyObject *Py_UNUSED(moulds))
{
    return shape_of(&self->cut);
}

static PyObject *
builder_shape(PyObject *self, PyObject *args)
{
    Py_ssize_t start, end;
    if (!PyArg_ParseTuple(args, "nn", &start, &end))
        return NULL;
    return of_stretch((Builder *)self, start, end, shape_of_cut, NULL);
}

static int
builder_traverse(Builder *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
#define E(slot) Py_VISIT(self->slot);
    EACH(E)
#undef E
    return 0;
}

static int
builder_clear(Builder *self)
{
#define E(slot) Py_CLEAR(self->slot);
    EACH(E)
#undef E
    return 0;
}

static void
builder_dealloc(Builder *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    builder_clear(self);
    PyMem_Free(self->made);
    PyMem_Free(self->spans);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef builder_methods[] = {
    {"shape", builder_shape, METH_VARARGS, NULL},
    {NULL},
};

static PyType_Slot builder_slots[] = {
    {Py_tp_traverse, builder_traverse}, {Py_tp_clear, builder_clear}, {Py_tp_dealloc, builder_dealloc},
    {Py_tp_call, builder_call},         {Py_tp_methods, builder_methods}, {0, NULL},
};

static PyType_Spec builder_spec = {
    .name = "communityrules.kernel._moulds.Builder",
    .basicsize = sizeof(Builder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = builder_slots,
};

static PyObject *
builder(PyObject *module, PyObject *args)
{
    PyTypeObject *type = *(PyTypeObject **)PyModule_GetState(module);
    Builder *self = type == NULL ? NULL : PyObject_GC_New(Builder, type);
    if (self == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "the module is let go of");
        return NULL;
    }
    /* All but what stands before every object. */
    memset((char *)self + sizeof(PyObject), 0, offsetof(Builder, cut) - sizeof(PyObject));
    self->cut.count = 0;
    int fine = PyArg_ParseTuple(
        args, "UOO!O!OOO!OO!O!(nnn)", &self->text.whole, &self->source, &PyDict_Type, &self->values, &PyDict_Type,
        &self->layouts, &self->plain, &self->span, &PyDict_Type, &self->harmless, &self->is_harmless, &PyDict_Type,
        &self->kinds, &PyDict_Type, &self->numbers, &self->long_text, &self->long_number, &self->long_name);
    /* What was parsed is not held yet. */
#define E(slot) fine ? Py_INCREF(self->slot) : (void)(self->slot = NULL);
    EACH(E)
#undef E
    if (fine) {
        self->text.kind = PyUnicode_KIND(self->text.whole);
        self->text.letters = PyUnicode_DATA(self->text.whole);
        self->text.length = PyUnicode_GET_LENGTH(self->text.whole);
    }
    PyObject_GC_Track(self);
    if (!fine)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static int
moulds_exec(PyObject *module)
{
    PyTypeObject **type = PyModule_GetState(module);
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &builder_spec, NULL);
    return *type == NULL ? -1 : 0;
}

static int
moulds_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(*(PyTypeObject **)PyModule_GetState(module));
    return 0;
}

static int
moulds_clear(PyObject *module)
{
    Py_CLEAR(*(PyTypeObject **)PyModule_GetState(module));
    return 0;
}

static void
moulds_free(void *module)
{
    moulds_clear(module);
}

static PyMethodDef functions[] = {
    {"builder", builder, METH_VARARGS, NULL},
    {NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, moulds_exec},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "communityrules.kernel._moulds",
    .m_size = sizeof(PyTypeObject *),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = moulds_traverse,
    .m_clear = moulds_clear,
    .m_free = moulds_free,
};

PyMODINIT_FUNC
PyInit__moulds(void)
{
    return PyModuleDef_Init(&definition);
}
