/* The rules that are left of an event. */

#ifndef COMMUNITYRULES_SIFTING_ANSWER
#define COMMUNITYRULES_SIFTING_ANSWER

#include "_sifting_listing.h"
#include "_sifting_looking.h"

/* For how many words of masks, and for how many rules that are left, no memory is asked. */
#define NEAR 320
#define FEW_LEFT 64

/* The rules that are left of one event, in the order of the rulebook. */
typedef struct {
    Left near[FEW_LEFT], *all;
    Py_ssize_t number;
    int settled;        /* whether all of them match */
    PyObject *tellings; /* what tells of those that match, by place; NULL where nothing is told */
} Answer;

static int
by_place(const void *one, const void *other)
{
    uint32_t mine = ((const Left *)one)->place, theirs = ((const Left *)other)->place;
    return mine < theirs ? -1 : mine > theirs;
}

/* Writes the rules of a mask behind one another, as many as there is room for; how many there are. */
static Py_ssize_t
write_left(Side *side, const Mask *mask, Left *into, Py_ssize_t room)
{
    Py_ssize_t number = 0;
    for (Py_ssize_t block = 0; mask != NULL && block < side->lives; block++)
        for (uint64_t blocks = mask->live[block]; blocks; blocks &= blocks - 1) {
            Py_ssize_t at = block * 64 + lowest(blocks);
            for (uint64_t rest = mask->words[at]; rest; rest &= rest - 1) {
                uint32_t bit = (uint32_t)(at * 64 + lowest(rest));
                if (bit < (uint64_t)side->rules && number++ < room)
                    *into++ = (Left){side, side->places[bit], bit, 0, -1, -1};
            }
        }
    return number;
}

/* The rules of both masks that match or are to be asked; -1 with an exception that is no failure of a rule. */
static int
settle(Sift *self, Turn *turn, const Mask *left, const Mask *found, Answer *answer)
{
    Py_ssize_t mine = write_left(&self->told, left, answer->near, FEW_LEFT);
    Py_ssize_t room = mine < FEW_LEFT ? FEW_LEFT - mine : 0;
    Py_ssize_t number = mine + write_left(&self->looking, found, answer->near + FEW_LEFT - room, room);
    if (number > FEW_LEFT) {
        if ((answer->all = PyMem_Malloc((size_t)number * sizeof(Left))) == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        write_left(&self->told, left, answer->all, mine);
        write_left(&self->looking, found, answer->all + mine, number - mine);
    }
    if (number > 1)
        qsort(answer->all, (size_t)number, sizeof(Left), by_place);
    for (Py_ssize_t at = 0; at < number; at++) {
        Left one = answer->all[at], *before = answer->number ? &answer->all[answer->number - 1] : NULL;
        /* It may have been left in another way, too: then it stands beside it. */
        int again = before != NULL && before->place == one.place;
        if (again && before->matches > 0)
            continue;
        one.matches = word_of(PyBytes_AS_STRING(one.side->decided), one.bit >> 6) >> (one.bit & 63) & 1
                          ? 1
                          : fits_pattern(turn, one.side, one.bit);
        if (one.matches < 0 && !PyErr_Occurred())
            one.matches = stands_listed(self, turn, &one, answer->tellings);
        if (!one.matches)
            continue;
        if (one.matches < 0 && PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_Exception))
                return -1;
            PyErr_Clear();
        }
        if (!again)
            answer->all[answer->number++] = one;
        else if (one.matches > 0)
            *before = one;
    }
    for (Py_ssize_t at = 0; at < answer->number; at++)
        answer->settled &= answer->all[at].matches > 0;
    return 0;
}

/* The rules that are left; -1 where the event is left to the twin. `memory` holds three masks of `room` words. */
static int
sifted(Sift *self, Turn *turn, uint64_t *memory, Py_ssize_t room, Py_ssize_t lives, Answer *answer)
{
    Side *told = &self->told, *looking = &self->looking;
    Mask found = {memory, memory + room - lives}, left = {memory + room, memory + 2 * room - lives};
    Mask spare = {memory + 2 * room, memory + 3 * room - lives};
    int any_left = 0, any_found = 0;

    for (Py_ssize_t at = 0; at < self->checkings; at++) {
        PyObject *value = value_of(turn, self->checks[at].read);
        if (value == NULL || !is_of(value, &self->checks[at]))
            return -1;
    }
    fetch(owner_ahead(turn));
    if (looking->rules)
        any_found = look_all(turn, looking, &found, &spare);
    if (told->rules && any_found >= 0) {
        any_left = left_by_sure(turn, told, &left);
        if (any_left > 0)
            any_left = narrow_by_rest(turn, told, &left, 0);
    }
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, &found, 1);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_rest(turn, looking, &found, 0);
    for (Py_ssize_t at = 0; at < looking->looked && any_found > 0 && any_left >= 0; at++)
        if (looking->looks[at].patterns != NULL)
            any_found = narrow_by_patterns(turn, looking, &looking->looks[at], &found);
    if (any_left > 0 && any_found >= 0)
        any_left = narrow_by_measures(turn, told, &left);
    if (any_found > 0 && any_left >= 0)
        any_found = narrow_by_measures(turn, looking, &found);
    if (any_found < 0 || any_left < 0)
        return -1;
    return any_found || any_left ? settle(self, turn, any_left ? &left : NULL, any_found ? &found : NULL, answer) : 0;
}

/* The same; `answer` is to be let go of. */
static int
answered(Sift *self, Turn *turn, Answer *answer, PyObject *tellings)
{
    uint64_t near[NEAR], *memory = near;
    const Side *larger = self->told.size > self->looking.size ? &self->told : &self->looking;
    Py_ssize_t room = larger->size + larger->lives;
    answer->all = answer->near;
    answer->number = 0;
    answer->settled = 1;
    answer->tellings = tellings;
    if (room * 3 > NEAR)
        memory = PyMem_Malloc((size_t)room * 3 * 8);
    int failed = memory == NULL ? -1 : sifted(self, turn, memory, room, larger->lives, answer);
    if (memory != near)
        PyMem_Free(memory);
    return failed;
}

static void
let_go(Answer *answer)
{
    if (answer->all != answer->near)
        PyMem_Free(answer->all);
}

/* The places of the rules that are left, `~` of those that are known to match, and the slots. */
static PyObject *
places_of(Turn *turn, const Answer *answer)
{
    PyObject *places = slots_of(turn) == NULL ? NULL : PyList_New(answer->number), *told = NULL;
    for (Py_ssize_t at = 0; places != NULL && at < answer->number; at++) {
        int64_t place = answer->all[at].place;
        PyObject *number = PyLong_FromLongLong(answer->all[at].matches > 0 ? ~place : place);
        if (number == NULL)
            Py_CLEAR(places);
        else
            PyList_SET_ITEM(places, at, number);
    }
    if (places != NULL)
        told = PyTuple_Pack(2, places, turn->slots);
    Py_XDECREF(places);
    return told;
}

#endif
