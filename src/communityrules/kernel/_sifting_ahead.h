/* What of an event is read soon, seen without asking anybody: it only saves waiting for memory. */

#ifndef COMMUNITYRULES_SIFTING_AHEAD
#define COMMUNITYRULES_SIFTING_AHEAD

#include "_sifting_reading.h"

/* What an attribute is, borrowed, where that can be seen without asking anybody; else NULL. */
static PyObject *
peek(PyObject *object, const Attribute *attribute)
{
    if (object == NULL || Py_TYPE(object) != attribute->class)
        return NULL;
    const PyMemberDef *member = ((PyMemberDescrObject *)attribute->member)->d_member;
    return member->type == T_OBJECT_EX ? *(PyObject *const *)((const char *)object + member->offset) : NULL;
}

/* Has memory brought near that is read soon. Most of what an event is made of was not touched for long, and while its
   text is gone through there is time for that. */
static inline void
fetch(const void *memory)
{
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

/* Whose mapping it is in which most is looked up, borrowed; NULL where that cannot be seen. */
static PyObject *
owner_ahead(const Turn *turn)
{
    const Read *read = turn->reads->mapped;
    const Reader *reader = turn->reader;
    if (read == NULL || (read->root != OF_SUBJECT && read->root != OF_SENDER))
        return NULL;
    PyObject *owner = peek(turn->event, read->root == OF_SENDER ? &reader->member : &reader->subject);
    return owner == Py_None && reader->sender_is_subject ? peek(turn->event, &reader->member) : owner;
}

/* That mapping, borrowed, where it is a dictionary. */
static PyObject *
mapping_ahead(const Turn *turn)
{
    const Read *read = turn->reads->mapped;
    return read == NULL ? NULL : peek(owner_ahead(turn), &read->attribute);
}

/* Where a dictionary has its entries. */
static void
fetch_entries(PyObject *mapping)
{
    if (mapping == NULL || !PyDict_CheckExact(mapping))
        return;
    const char *keys = (const char *)((PyDictObject *)mapping)->ma_keys;
    for (int line = 0; line < 4; line++)
        fetch(keys + line * 64);
}

#endif
