/* What rules look for in texts and ask of measures. */

#ifndef COMMUNITYRULES_SIFTING_LOOKING_H
#define COMMUNITYRULES_SIFTING_LOOKING_H

#include "_sifting_masks.h"

/* --- looking through texts ------------------------------------------------------------------------------------ */

/* Puts words into a mask of which is known which are live. */
static void
take_words_of(Mask *mask, const Side *side, const char *words)
{
    for (Py_ssize_t block = 0; block < side->lives; block++)
        for (uint64_t rest = mask->live[block]; rest; rest &= rest - 1) {
            Py_ssize_t at = block * 64 + lowest(rest);
            mask->words[at] = word_of(words, at);
        }
}

/* The mask that a function of Python gives for a text; whether anything is left, -1 where the event is left to the twin. */
static int
look_in_python(Turn *turn, const Look *one, Mask *mask, const Side *side)
{
    PyObject *value = one->mask < 0 ? NULL : value_of(turn, one->mask);
    PyObject *words = NULL;
    if (value == NULL)
        return -1;
    if (value == one->always)
        words = Py_NewRef(one->always_words);
    else if ((words = PyObject_CallMethod(value, "to_bytes", "ns", side->size * 8, "little")) == NULL)
        return -1;
    int fits = is_mask(words, side->size);
    if (fits) {
        memcpy(mask->words, PyBytes_AS_STRING(words), (size_t)side->size * 8);
        find_live(mask->words, side->size, mask->live);
    }
    Py_DECREF(words);
    return fits ? any_live(mask, side) : -1;
}

/* Adds the rules whose words stand in a folded text; as `disguise_mark`. */
static int
folded_mark(const Look *one, PyObject *text, Mask *mask)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    Spelled spelled;
    int read = spell(one->folding, text, length > MAX_TEXT ? MAX_TEXT : length, &spelled), told = read < 0 ? -1 : UNTOLD;
    if (read > 0) {
        Looking looking = {.mask = mask};
        look_through(&looking, one->folded, &spelled);
        PyMem_Free(looking.marked);
        told = looking.hit;
    }
    free_spelled(&spelled);
    return told;
}

/* Writes what a text leaves to a mask; whether anything is left, -1 where the event is left to the twin. */
static int
look(Turn *turn, Look *one, Mask *mask, const Side *side)
{
    if (one->alone)
        return look_in_python(turn, one, mask, side);
    PyObject *value = value_of(turn, one->read);
    if (value == NULL)
        return -1;
    memcpy(mask->live, one->always_live, (size_t)side->lives * 8);
    take_words_of(mask, side, PyBytes_AS_STRING(one->always_words));
    if (value == Py_None)
        return any_live(mask, side);
    if (!PyUnicode_CheckExact(value))
        return -1;
    Seen *sights = NULL;
    if (one->disguise != NULL && side->listed != NULL && turn->seen.look < 0) {
        sights = &turn->seen;
        sights->look = (int)(one - side->looks);
        sights->text = value;
    }
    int seen = one->disguise == NULL ? 0 : disguise_mark(one->disguise, value, mask, sights);
    if (seen >= 0 && seen != UNTOLD && one->folded != NULL)
        seen = folded_mark(one, value, mask);
    if (seen < 0)
        return -1;
    if (seen == UNTOLD) {
        turn->seen.number = 0;
        return look_in_python(turn, one, mask, side);
    }
    if (one->words != NULL) {
        PyObject *ahead = mapping_ahead(turn);
        fetch(ahead);
        if (words_mark(one->words, value, mask, ahead, 0) < 0)
            return -1;
    }
    return any_live(mask, side);
}

/* What all texts leave, in `mask`; `spare` is as large. */
static int
look_all(Turn *turn, Side *side, Mask *mask, Mask *spare)
{
    int left = look(turn, &side->looks[0], mask, side);
    for (Py_ssize_t at = 1; at < side->looked && left > 0; at++) {
        left = look(turn, &side->looks[at], spare, side);
        if (left > 0)
            left = narrow(mask, side, (const char *)spare->words, (const char *)spare->live);
    }
    return left;
}

/* The pairs of characters that a text has, as far as so few bits tell: what lacks one of a literal's lacks it. */
typedef struct {
    uint64_t bits[16];
} Pairs;

static uint32_t
pair_of(Py_UCS4 first, Py_UCS4 second)
{
    return spread(join(first, second, BY_TWO)) >> 22;
}

static void
take_pairs(Pairs *pairs, PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    memset(pairs, 0, sizeof *pairs);
    for (Py_ssize_t at = 1; at < PyUnicode_GET_LENGTH(text); at++) {
        uint32_t pair = pair_of(PyUnicode_READ(kind, data, at - 1), PyUnicode_READ(kind, data, at));
        pairs->bits[pair >> 6] |= UINT64_C(1) << (pair & 63);
    }
}

/* The first and the last pair of a literal; what has none is let through. */
static uint32_t
trace_of(PyObject *literal)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(literal);
    if (length < 2)
        return UINT32_MAX;
    return pair_of(PyUnicode_READ_CHAR(literal, 0), PyUnicode_READ_CHAR(literal, 1)) |
           pair_of(PyUnicode_READ_CHAR(literal, length - 2), PyUnicode_READ_CHAR(literal, length - 1)) << 16;
}

static int
may_hold(const Pairs *pairs, uint32_t trace)
{
    uint32_t first = trace & 0xffff, last = trace >> 16;
    return trace == UINT32_MAX ||
           (pairs->bits[first >> 6] >> (first & 63) & pairs->bits[last >> 6] >> (last & 63) & 1);
}

/* Has a pattern tell what it needs; -1 where the event is left to the twin. */
static int
know_also(Pattern *pattern)
{
    PyObject *also = PyObject_GetAttrString(pattern->pattern, "also_required");
    Py_ssize_t number = 0;
    int fits = also != NULL && PyTuple_CheckExact(also);
    for (Py_ssize_t at = 0; fits && at < PyTuple_GET_SIZE(also); at++) {
        PyObject *literals = PyTuple_GET_ITEM(also, at);
        fits = PyTuple_CheckExact(literals);
        for (Py_ssize_t one = 0; fits && one < PyTuple_GET_SIZE(literals); one++, number++)
            fits = PyUnicode_Check(PyTuple_GET_ITEM(literals, one));
    }
    uint32_t *traces = fits ? PyMem_Calloc(number ? (size_t)number : 1, sizeof(uint32_t)) : NULL;
    if (traces == NULL || pattern->also != NULL) {
        /* It may have been told while it was asked. */
        PyMem_Free(traces);
        Py_XDECREF(also);
        return pattern->also != NULL ? 0 : -1;
    }
    number = 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(also); at++) {
        PyObject *literals = PyTuple_GET_ITEM(also, at);
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(literals); one++)
            traces[number++] = trace_of(PyTuple_GET_ITEM(literals, one));
    }
    pattern->traces = traces;
    pattern->also = also;
    Py_ssize_t first = PyTuple_GET_SIZE(also) ? PyTuple_GET_SIZE(PyTuple_GET_ITEM(also, 0)) : 0;
    if (first <= QUICK) {
        pattern->quick = (int)first;
        memcpy(pattern->first, traces, (size_t)first * sizeof(uint32_t));
    }
    return 0;
}

/* Whether a text holds what a pattern needs beside what was looked for; -1 where the event is left to the twin. */
static int
holds_also(PyObject *text, const Pairs *pairs, Pattern *pattern)
{
    if (pattern->also == NULL && know_also(pattern) < 0)
        return -1;
    int holds = !pattern->quick;
    for (int at = 0; at < pattern->quick; at++)
        holds |= may_hold(pairs, pattern->first[at]);
    if (!holds)
        return 0;
    const uint32_t *trace = pattern->traces;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(pattern->also) && holds > 0; at++) {
        PyObject *literals = PyTuple_GET_ITEM(pattern->also, at);
        holds = 0;
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(literals); one++, trace++)
            if (!holds && may_hold(pairs, *trace))
                holds = PyUnicode_Contains(text, PyTuple_GET_ITEM(literals, one));
    }
    return holds;
}

/* Takes rules out of a word of a mask. */
static void
drop_bits(Mask *mask, Py_ssize_t word, uint64_t bits)
{
    mask->words[word] &= ~bits;
    if (!mask->words[word])
        mask->live[word >> 6] &= ~(UINT64_C(1) << (word & 63));
}

/* Takes out of a mask the rules whose patterns need more than the text holds. */
static int
narrow_by_patterns(Turn *turn, const Side *side, const Look *one, Mask *mask)
{
    PyObject *text = value_of(turn, one->read);
    if (text == NULL)
        return -1;
    if (!PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) > MAX_TEXT)
        return 1;
    Pairs pairs;
    take_pairs(&pairs, text);
    for (Py_ssize_t block = 0; block < side->lives; block++)
        for (uint64_t blocks = mask->live[block]; blocks; blocks &= blocks - 1) {
            Py_ssize_t at = block * 64 + lowest(blocks);
            for (uint64_t rest = mask->words[at]; rest; rest &= rest - 1) {
                Py_ssize_t bit = at * 64 + lowest(rest);
                int asks = bit < side->rules && one->patterns[bit].pattern != NULL;
                int holds = asks ? holds_also(text, &pairs, &one->patterns[bit]) : 1;
                if (holds < 0)
                    return -1;
                if (!holds)
                    drop_bits(mask, at, rest & (~rest + 1));
            }
        }
    return any_live(mask, side);
}

/* Whether the text of a rule fits the pattern that alone it then asks for; -1 where that is for the rule to be asked. */
static int
fits_pattern(Turn *turn, const Side *side, Py_ssize_t bit)
{
    for (Py_ssize_t at = 0; at < side->looked; at++) {
        const Look *one = &side->looks[at];
        if (one->patterns == NULL || !one->patterns[bit].whole)
            continue;
        PyObject *text = value_of(turn, one->read);
        if (text == NULL || !PyUnicode_CheckExact(text))
            return -1;
        PyObject *fit = fit_of(turn, one->patterns[bit].pattern, text);
        Py_XDECREF(fit);
        return fit == NULL ? -1 : fit != Py_None;
    }
    return -1;
}

/* --- measures -------------------------------------------------------------------------------------------------- */

/* Takes out of a mask the rules whose measures do not compare as they must. A rule whose measure fails is asked itself;
   -1 where what was raised is no failure of a rule. */
static int
narrow_by_measures(Turn *turn, const Side *side, Mask *mask)
{
    for (Py_ssize_t at = 0; at < side->measured; at++) {
        const Measured *one = &side->measures[at];
        uint64_t bit = UINT64_C(1) << (one->bit & 63);
        if (!is_live(mask, one->bit >> 6) || !(mask->words[one->bit >> 6] & bit))
            continue;
        PyObject *value = value_of(turn, one->read);
        int holds = value == NULL      ? -1
                    : value == Py_None ? 0
                                       : PyObject_RichCompareBool(value, one->limit, one->operator);
        if (holds < 0 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_Exception))
                return -1;
            PyErr_Clear();
        }
        if (!holds)
            drop_bits(mask, one->bit >> 6, bit);
    }
    return any_live(mask, side);
}

#endif
