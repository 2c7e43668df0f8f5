/* Where the slots of classes in Python are, by their descriptors. */

#ifndef COMMUNITYRULES_SLOTS_H
#define COMMUNITYRULES_SLOTS_H

#include "holding.h"
#include <structmember.h>

/* The offset of a slot of a class, -1 with an error. What a class was given may be the slot of another, where its own
   objects have nothing. */
static Py_ssize_t offset_of(PyTypeObject *class, const char *name)
{
    PyObject *found = PyObject_GetAttrString((PyObject *)class, name);
    if (found == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError))
            return -1;
        PyErr_Clear();
    }
    Py_ssize_t at = -1;
    if (found != NULL && Py_TYPE(found) == &PyMemberDescr_Type && PyType_IsSubtype(class, PyDescr_TYPE(found))) {
        PyMemberDef *member = ((PyMemberDescrObject *)found)->d_member;
        if (member->type == T_OBJECT_EX && member->offset > 0)
            at = member->offset;
    }
    Py_XDECREF(found);
    if (at < 0)
        PyErr_Format(PyExc_TypeError, "%R has no slot %s", class, name);
    return at;
}

#endif
