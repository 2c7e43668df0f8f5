/* Rules that match because a text holds a word of their list as it is written. That is told of plain texts without
   Python: where a text has one place only that may be such a word, and there stands one. */

#ifndef COMMUNITYRULES_SIFTING_LISTING_H
#define COMMUNITYRULES_SIFTING_LISTING_H

#include "_sifting_telling.h"

/* A rule that is left. */
typedef struct {
    Side *side;
    uint32_t place, bit;
    int matches;           /* below 0 where it is to be asked itself */
    Py_ssize_t start, end; /* where in the text the word of its list stands; the start is -1 where that is not known */
} Left;

/* What tells of a rule that matches, a new reference; NULL where Python is to. Once told it is found by the bit. */
static Telling *
telling_of(Sift *self, const State *state, const Left *left, PyObject *tellings)
{
    Side *side = left->side;
    if (self->tellings == tellings && side->tellings[left->bit] != NULL)
        return (Telling *)Py_NewRef(side->tellings[left->bit]);
    PyObject *key = PyLong_FromUnsignedLong(left->place);
    PyObject *found = key == NULL ? NULL : look_in(tellings, key);
    Py_XDECREF(key);
    if (found == NULL || !Py_IS_TYPE(found, state->telling_type) || ((Telling *)found)->sift != (PyObject *)self) {
        Py_XDECREF(found);
        return NULL;
    }
    if (self->tellings == NULL)
        self->tellings = Py_NewRef(tellings);
    if (self->tellings == tellings && side->tellings[left->bit] == NULL)
        side->tellings[left->bit] = Py_NewRef(found);
    return (Telling *)found;
}

/* The only place where a text may hold a word of a rule; NULL where there are several, or it is in several pieces. */
static const Sighting *
only_sighting(const Seen *seen, const Words *words, uint32_t bit)
{
    const Sighting *only = NULL;
    for (int at = 0; at < seen->number; at++) {
        const Sighting *one = &seen->all[at];
        if (!is_owned(words, one->owner, bit))
            continue;
        if (!one->end || (only != NULL && (only->start != one->start || only->end != one->end)))
            return NULL;
        only = one;
    }
    return only;
}

/* Whether letters are usual ones, that nothing else reads as and folding leaves as they are. */
static int
are_letters(const Letters *letters, PyObject *text, const Sighting *place)
{
    if (place->end > PyUnicode_GET_LENGTH(text))
        return 0;
    for (uint32_t at = place->start; at < place->end; at++) {
        Py_UCS4 one = PyUnicode_READ_CHAR(text, at);
        if (!((one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || (one >= 0x4E00 && one <= 0x9FFF)) ||
            letters->codes[one] != one)
            return 0;
    }
    return 1;
}

/* Whether a stretch of a text is one of some words; -1 with an exception. */
static int
is_listed_word(PyObject *words, PyObject *text, const Sighting *place)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(words); at++) {
        PyObject *word = PyTuple_GET_ITEM(words, at);
        if (PyUnicode_GET_LENGTH(word) != (Py_ssize_t)(place->end - place->start))
            continue;
        Py_ssize_t same = PyUnicode_Tailmatch(text, word, place->start, place->end, -1);
        if (same)
            return same < 0 ? -1 : 1;
    }
    return 0;
}

/* Whether a word of the rule's list is known to stand in the text, and then where: 1; -1 where Python is to look, with
   or without an exception. */
static int
stands_listed(Sift *self, Turn *turn, Left *left, PyObject *tellings)
{
    const Side *side = left->side;
    const Seen *seen = &turn->seen;
    if (tellings == NULL || side->listed == NULL || !(side->listed[left->bit >> 6] >> (left->bit & 63) & 1) ||
        !seen->number || seen->number > SIGHTINGS)
        return -1;
    Telling *telling = telling_of(self, PyType_GetModuleState(Py_TYPE(self)), left, tellings);
    if (telling == NULL)
        return -1;
    /* From here on nothing of Python runs. */
    const Step *step = listing_step(telling);
    const Disguise *disguise = side->looks[seen->look].disguise;
    int matches = -1;
    if (step != NULL && disguise != NULL && disguise->words != NULL && disguise->letters != NULL) {
        const Sighting *only = only_sighting(seen, disguise->words, left->bit);
        if (only != NULL && (only->edged || !step->usual) && are_letters(disguise->letters, seen->text, only) &&
            is_listed_word(step->more->matcher, seen->text, only) > 0) {
            left->start = only->start;
            left->end = only->end;
            matches = 1;
        }
    }
    Py_DECREF(telling);
    return matches;
}

#endif
