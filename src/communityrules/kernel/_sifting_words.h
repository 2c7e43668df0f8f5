/* Many words looked for in a text at once, and the rules that each of them leaves possible.

   Of each word one stretch of 1, 2, 4 or 8 characters is chosen, of those that it has the one that the fewest other
   words were chosen by. The text is gone through once; at each place the stretches that end there are hashed, and a
   filter of bits, small enough to stay near, tells nearly always that no word has them: each stretch has three bits in
   one word of it, so that few other stretches have all of them, and a place touches no more than one line of memory. What
   passes is compared. So a place costs the same for ten words and for a hundred thousand. */

#ifndef COMMUNITYRULES_SIFTING_WORDS_H
#define COMMUNITYRULES_SIFTING_WORDS_H

#include "_sifting_ahead.h"

/* How much of a text is looked at, in code points (`fold.MAX_TEXT`), and of how much a copy stands on the stack. */
#define MAX_TEXT 65536
#define SHORT_TEXT 512
/* How many words may have been chosen by one stretch: beyond, a text made for it would cost too much. */
#define MOST_ALIKE 64
/* And how long these may be together: each of them is compared where the stretch stands, and a text may hold it at every
   place. */
#define MOST_COMPARED 8192
/* In how many places of a word a stretch is looked for. */
#define TRIED 8
/* A set of so many rules is not put into a mask twice for one text. */
#define LARGE 16
#define MOST_WORDS (1 << 26)
/* Up to so many words stretches of four characters tell well enough apart. */
#define FEW_WORDS 20000
/* The last bit that a rule may have: masks go up to it. */
#define MOST_BITS (1 << 26)
#define WIDTHS 4
/* So many characters are gone through at a time. */
#define STEP 128

typedef struct {
    uint32_t start; /* in the characters of all words */
    uint32_t length;
    uint32_t before; /* how many characters stand before the end of its stretch */
    uint32_t owner;
    uint32_t next; /* the next word of the same stretch, from 1 */
    Py_UCS4 first, last; /* its ends, which tell nearly always without a look at all of it */
    uint32_t pad;        /* so that none lies on two lines of memory */
} Word;

/* The stretches of one width. */
typedef struct {
    uint64_t *filter;
    uint64_t *entries; /* the hash above the number of the first word, from 1 */
    int filter_shift, shift;
    uint32_t words;
} Stretches;

typedef struct {
    PyObject_HEAD
    Py_UCS4 *characters;
    Word *words;
    uint32_t *rules;  /* of all owners, one after another */
    uint32_t *starts; /* of each owner in them, and the end */
    uint32_t number, owners;
    uint64_t bits; /* above each rule's bit */
    Stretches stretches[WIDTHS];
} Words;

/* The hash of two stretches, one behind the other; of two characters, one behind the other. */
static inline uint32_t
join(uint32_t before, uint32_t after)
{
    return before * UINT32_C(0x9E3779B1) + after;
}

/* Where a hash stands in a filter or among entries: the upper bits depend on all. */
static inline uint32_t
spread(uint32_t hash)
{
    return (hash ^ (hash >> 15)) * UINT32_C(0x85EBCA6B);
}

/* The three bits of a spread hash in its word of a filter, whose place its upper bits are. */
static inline uint64_t
bits_in_filter(uint32_t place)
{
    return UINT64_C(1) << (place & 63) | UINT64_C(1) << (place >> 6 & 63) | UINT64_C(1) << (place >> 12 & 63);
}

static inline Py_UCS4
whole(Py_UCS4 character)
{
    /* Half of a character, which no matcher takes: see `fold.whole_characters`. */
    return character >= 0xD800 && character <= 0xDFFF ? 0xFFFD : character;
}

/* The hash of a stretch, by which it is told apart, put together as it is while a text is gone through. */
static uint32_t
stretch_of(const Py_UCS4 *at, int width)
{
    if (width == 1)
        return at[0];
    return join(stretch_of(at, width / 2), stretch_of(at + width / 2, width / 2));
}

static void
copy_characters(Py_UCS4 *to, PyObject *text, Py_ssize_t length)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    if (kind == PyUnicode_1BYTE_KIND)
        for (Py_ssize_t at = 0; at < length; at++)
            to[at] = ((const Py_UCS1 *)data)[at];
    else if (kind == PyUnicode_2BYTE_KIND)
        for (Py_ssize_t at = 0; at < length; at++)
            to[at] = whole(((const Py_UCS2 *)data)[at]);
    else
        for (Py_ssize_t at = 0; at < length; at++)
            to[at] = whole(((const Py_UCS4 *)data)[at]);
}

/* --- looking --------------------------------------------------------------------------------------------------- */

/* A set of rules as words of 64 bits, of which most are empty: `live` has a bit for each that is not, and those that are
   have no meaning. */
typedef struct {
    uint64_t *words, *live;
} Mask;

static inline int
is_live(const Mask *mask, Py_ssize_t word)
{
    return mask->live[word >> 6] >> (word & 63) & 1;
}

static inline void
set_bits(Mask *mask, Py_ssize_t word, uint64_t bits)
{
    mask->words[word] = is_live(mask, word) ? mask->words[word] | bits : bits;
    mask->live[word >> 6] |= UINT64_C(1) << (word & 63);
}

typedef struct Looking {
    const Words *words;
    const Py_UCS4 *text;
    Py_ssize_t length;
    Mask *mask;
    uint8_t *marked; /* large owners that were put into the mask */
    int hit;
    /* Who tells what follows from words of owners from this number on; NULL where nothing else does. */
    void (*follow)(struct Looking *, uint32_t owner, Py_ssize_t start, Py_ssize_t end);
    uint32_t followed;
    void *told_by;
    int any; /* whether any word stands there, whatever follows from it */
} Looking;

static void
mark(Looking *looking, uint32_t owner)
{
    const Words *words = looking->words;
    uint32_t first = words->starts[owner], end = words->starts[owner + 1];
    looking->hit = 1;
    if (end - first >= LARGE) {
        if (looking->marked == NULL)
            looking->marked = PyMem_Calloc(words->owners, 1);
        if (looking->marked != NULL) {
            if (looking->marked[owner])
                return;
            looking->marked[owner] = 1;
        }
    }
    for (uint32_t at = first; at < end; at++)
        set_bits(looking->mask, words->rules[at] >> 6, UINT64_C(1) << (words->rules[at] & 63));
}

/* A stretch that passed the filter ends before `end`: marks the words of which it is. */
static void
compare(Looking *looking, const Stretches *stretches, uint32_t hash, Py_ssize_t end)
{
    const Words *words = looking->words;
    uint32_t last = (UINT32_C(1) << (32 - stretches->shift)) - 1, at = spread(hash) >> stretches->shift;
    uint64_t entry;
    while ((entry = stretches->entries[at]) != 0) {
        if ((uint32_t)(entry >> 32) == hash)
            for (uint32_t next = (uint32_t)entry; next; next = words->words[next - 1].next) {
                const Word *word = &words->words[next - 1];
                Py_ssize_t start = end - word->before;
                if (start >= 0 && start + word->length <= looking->length && looking->text[start] == word->first &&
                    looking->text[start + word->length - 1] == word->last &&
                    !memcmp(looking->text + start, words->characters + word->start, word->length * sizeof(Py_UCS4))) {
                    if (looking->follow != NULL && word->owner >= looking->followed)
                        looking->follow(looking, word->owner, start, start + word->length);
                    else
                        mark(looking, word->owner);
                }
            }
        at = (at + 1) & last;
    }
}

/* Looks for stretches of one width, whose hashes are given; the first of them ends before `end`. */
static void
probe(Looking *looking, const Stretches *stretches, const uint32_t *hashes, Py_ssize_t number, Py_ssize_t end)
{
    const uint64_t *filter = stretches->filter;
    int shift = stretches->filter_shift;
    /* What passes is gathered first: nobody could guess whether the next one will. */
    uint8_t passed[STEP];
    int passing = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        uint32_t place = spread(hashes[at]);
        uint64_t word = filter[place >> shift];
        passed[passing] = (uint8_t)at;
        passing += word >> (place & 63) & word >> (place >> 6 & 63) & 1;
    }
    /* The third bit takes few steps more, but so many places are never asked for it. */
    int left = 0;
    for (int one = 0; one < passing; one++) {
        uint32_t place = spread(hashes[passed[one]]);
        passed[left] = passed[one];
        left += filter[place >> shift] >> (place >> 12 & 63) & 1;
    }
    for (int one = 0; one < left; one++)
        compare(looking, stretches, hashes[passed[one]], end + passed[one]);
}

static void
go_through(Looking *looking)
{
    const Stretches *stretches = looking->words->stretches;
    /* The hashes of the stretches that end at each character, of 1, 2, 4 and 8; in steps, to stay near. Before the
       first of a step stand those that wider ones go on from. */
    uint32_t memory[WIDTHS - 1][4 + STEP], *hashes[WIDTHS - 1];
    for (int width = 0; width < WIDTHS - 1; width++) {
        hashes[width] = memory[width] + 4;
        memset(memory[width], 0, 4 * sizeof(uint32_t));
    }
    const uint32_t *one = looking->text;
    uint32_t *two = hashes[0], *four = hashes[1], *eight = hashes[2];
    for (Py_ssize_t begin = 0; begin < looking->length; begin += STEP) {
        Py_ssize_t number = looking->length - begin < STEP ? looking->length - begin : STEP;
        const uint32_t *text = one + begin;
        if (stretches[0].words)
            probe(looking, &stretches[0], text, number, begin + 1);
        two[0] = begin ? join(text[-1], text[0]) : 0;
        for (Py_ssize_t at = 1; at < number; at++)
            two[at] = join(text[at - 1], text[at]);
        for (Py_ssize_t at = 0; at < number; at++)
            four[at] = join(two[at - 2], two[at]);
        for (Py_ssize_t at = 0; at < number; at++)
            eight[at] = join(four[at - 4], four[at]);
        for (int width = 1; width < WIDTHS; width++) {
            /* The first stretch of a text ends where it is wide enough. */
            Py_ssize_t first = begin ? 0 : ((Py_ssize_t)1 << width) - 1;
            if (stretches[width].words && first < number)
                probe(looking, &stretches[width], hashes[width - 1] + first, number - first, begin + first + 1);
        }
        for (int width = 0; width < WIDTHS - 1; width++)
            memcpy(memory[width], hashes[width] + STEP - 4, 4 * sizeof(uint32_t));
    }
}

/* Adds to a mask the rules whose words stand in a text (an exact `str`); whether there are any, -1 with an exception.
   `ahead`: a mapping that is asked soon, or NULL. */
static int
words_mark(const Words *self, PyObject *text, Mask *mask, PyObject *ahead)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    Py_UCS4 near[SHORT_TEXT], *characters = near;
    if (length > MAX_TEXT)
        length = MAX_TEXT;
    if (length > SHORT_TEXT && (characters = PyMem_Malloc((size_t)length * sizeof(Py_UCS4))) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    copy_characters(characters, text, length);
    fetch_entries(ahead);
    Looking looking = {.words = self, .text = characters, .length = length, .mask = mask};
    go_through(&looking);
    PyMem_Free(looking.marked);
    if (characters != near)
        PyMem_Free(characters);
    return looking.hit;
}

/* --- making ---------------------------------------------------------------------------------------------------- */

static int
width_of(uint32_t length, Py_ssize_t words)
{
    return length >= 8 && words > FEW_WORDS ? 3 : length >= 4 ? 2 : length >= 2 ? 1 : 0;
}

/* The least power of two that is not below a number. */
static int
log_of(uint64_t number)
{
    int log = 0;
    while (((uint64_t)1 << log) < number)
        log++;
    return log;
}

static int
make_stretches(Stretches *stretches)
{
    if (!stretches->words)
        return 0;
    /* Of sixteen bits for each word no more than a sixth are set: one stretch in two hundred has all of three at most. Two
       entries for each keep them near. */
    int filter = log_of((uint64_t)stretches->words * 16), entries = log_of((uint64_t)stretches->words * 2);
    filter = (filter < 13 ? 13 : filter > 31 ? 31 : filter) - 6;
    entries = entries < 4 ? 4 : entries;
    stretches->filter_shift = 32 - filter;
    stretches->shift = 32 - entries;
    stretches->filter = PyMem_Calloc((size_t)1 << filter, sizeof(uint64_t));
    stretches->entries = PyMem_Calloc((size_t)1 << entries, sizeof(uint64_t));
    return stretches->filter == NULL || stretches->entries == NULL ? -1 : 0;
}

/* The entry of a stretch: its own, or the empty one where it would stand. */
static uint64_t *
entry_of(const Stretches *stretches, uint32_t hash)
{
    uint32_t last = (UINT32_C(1) << (32 - stretches->shift)) - 1, at = spread(hash) >> stretches->shift;
    while (stretches->entries[at] && (uint32_t)(stretches->entries[at] >> 32) != hash)
        at = (at + 1) & last;
    return &stretches->entries[at];
}

/* Puts a word where its stretch is found that the fewest others share; -1 where those are too many. */
static int
put_word(Words *self, uint32_t number)
{
    Word *word = &self->words[number];
    int kind = width_of(word->length, self->number), width = 1 << kind;
    Stretches *stretches = &self->stretches[kind];
    uint32_t places = word->length - (uint32_t)width + 1, step = (places + TRIED - 1) / TRIED, fewest = MOST_ALIKE;
    uint64_t *best = NULL;
    uint32_t chosen = 0;
    if (word->length > MOST_COMPARED)
        return -1;
    for (uint32_t at = 0; at < places && fewest; at += step) {
        uint32_t hash = stretch_of(self->characters + word->start + at, width);
        uint64_t *entry = entry_of(stretches, hash);
        uint32_t alike = 0, compared = word->length;
        for (uint32_t next = (uint32_t)*entry; next && alike < fewest; next = self->words[next - 1].next) {
            alike++;
            compared += self->words[next - 1].length;
        }
        if (alike < fewest && compared <= MOST_COMPARED) {
            fewest = alike;
            best = entry;
            chosen = hash;
            word->before = at + (uint32_t)width;
        }
    }
    if (best == NULL)
        return -1;
    word->next = (uint32_t)*best;
    *best = ((uint64_t)chosen << 32) | (number + 1);
    uint32_t place = spread(chosen);
    stretches->filter[place >> stretches->filter_shift] |= bits_in_filter(place);
    return 0;
}

/* The owners' rules, from a tuple of tuples of bits. */
static int
take_owners(Words *self, PyObject *owners)
{
    Py_ssize_t number = PyTuple_GET_SIZE(owners), total = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *bits = PyTuple_GET_ITEM(owners, at);
        if (!PyTuple_CheckExact(bits)) {
            PyErr_SetString(PyExc_TypeError, "bits stand in a tuple");
            return -1;
        }
        total += PyTuple_GET_SIZE(bits);
    }
    self->rules = PyMem_Calloc(total ? (size_t)total : 1, sizeof(uint32_t));
    self->starts = PyMem_Calloc((size_t)number + 1, sizeof(uint32_t));
    if (self->rules == NULL || self->starts == NULL || total > UINT32_MAX || number > UINT32_MAX - 1) {
        PyErr_NoMemory();
        return -1;
    }
    self->owners = (uint32_t)number;
    uint32_t put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *bits = PyTuple_GET_ITEM(owners, at);
        for (Py_ssize_t one = 0; one < PyTuple_GET_SIZE(bits); one++) {
            unsigned long bit = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(bits, one));
            if (PyErr_Occurred())
                return -1;
            if (bit > MOST_BITS) {
                PyErr_SetString(PyExc_ValueError, "too many rules");
                return -1;
            }
            self->rules[put++] = (uint32_t)bit;
            if (bit >= self->bits)
                self->bits = (uint64_t)bit + 1;
        }
        self->starts[at + 1] = put;
    }
    return 0;
}

/* The words themselves: texts, and for each the number of its owner. */
static int
take_words(Words *self, PyObject *texts, PyObject *owners)
{
    Py_ssize_t number = PyList_GET_SIZE(texts), total = 0;
    if (PyList_GET_SIZE(owners) != number || number > MOST_WORDS) {
        PyErr_SetString(PyExc_ValueError, "an owner for each word");
        return -1;
    }
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        if (!PyUnicode_Check(text) || !PyUnicode_GET_LENGTH(text)) {
            PyErr_SetString(PyExc_ValueError, "a word is a text, and not empty");
            return -1;
        }
        total += PyUnicode_GET_LENGTH(text);
    }
    self->characters = PyMem_Calloc(total ? (size_t)total : 1, sizeof(Py_UCS4));
    self->words = PyMem_Calloc(number ? (size_t)number : 1, sizeof(Word));
    if (self->characters == NULL || self->words == NULL || total > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    uint32_t put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        unsigned long owner = PyLong_AsUnsignedLong(PyList_GET_ITEM(owners, at));
        if (PyErr_Occurred())
            return -1;
        if (owner >= self->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        Word *word = &self->words[at];
        word->start = put;
        word->length = (uint32_t)PyUnicode_GET_LENGTH(text);
        word->owner = (uint32_t)owner;
        copy_characters(self->characters + put, text, word->length);
        word->first = self->characters[put];
        word->last = self->characters[put + word->length - 1];
        put += word->length;
        self->stretches[width_of(word->length, number)].words++;
    }
    self->number = (uint32_t)number;
    return 0;
}

static PyObject *
words_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *texts, *of, *owners;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyList_Type, &texts, &PyList_Type, &of, &PyTuple_Type, &owners))
        return NULL;
    Words *self = (Words *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    int failed = take_owners(self, owners) < 0 || take_words(self, texts, of) < 0;
    for (int at = 0; at < WIDTHS && !failed; at++)
        if (make_stretches(&self->stretches[at]) < 0) {
            PyErr_NoMemory();
            failed = 1;
        }
    for (uint32_t at = 0; at < self->number && !failed; at++)
        if (put_word(self, at) < 0) {
            PyErr_SetString(PyExc_ValueError, "too many words alike");
            failed = 1;
        }
    if (failed) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void
words_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Words *self = (Words *)object;
    PyMem_Free(self->characters);
    PyMem_Free(self->words);
    PyMem_Free(self->rules);
    PyMem_Free(self->starts);
    for (int at = 0; at < WIDTHS; at++) {
        PyMem_Free(self->stretches[at].filter);
        PyMem_Free(self->stretches[at].entries);
    }
    type->tp_free(object);
    Py_DECREF(type);
}

PyDoc_STRVAR(words_left_doc, "left(text) -> bytes\n\nThe mask of the rules whose words stand in a text, as bytes from "
                             "the lowest: whole words of 64 bits.");

static PyObject *
words_left(PyObject *object, PyObject *text)
{
    Words *self = (Words *)object;
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "a text");
    size_t size = (size_t)(self->bits + 63) / 64;
    PyObject *found = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size * 8);
    if (found == NULL)
        return NULL;
    /* Words that are not live stay empty. */
    uint64_t *memory = PyMem_Calloc(size + (size + 63) / 64 + 1, 8);
    Mask mask = {memory, memory + size};
    if (memory == NULL || words_mark(self, text, &mask, NULL) < 0) {
        PyMem_Free(memory);
        Py_DECREF(found);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    memcpy(PyBytes_AS_STRING(found), mask.words, size * 8);
    PyMem_Free(memory);
    return found;
}

#endif
