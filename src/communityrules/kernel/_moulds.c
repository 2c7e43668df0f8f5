/* Declarations of known shapes, built by filling in their moulds, in C: the twin of `language.filling.Filler`.

   What a mould is, and what its steps do, `language.moulds` says. Nothing is changed until it is sure that the
   declaration can be built: what comes before only looks. */

#include "_moulds_filling.h"
#include <string.h>
#include <structmember.h>

#define EACH(E)                                                                                                        \
    E(text.whole) E(source) E(values) E(layouts) E(plain) E(span) E(harmless) E(is_harmless) E(kinds) E(numbers)

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
