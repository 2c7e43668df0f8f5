/* Words looked for in what a text reads like without disguise: the twin of `compiler.disguised`.

   A text that is plain, or nearly, is read here. What holds signs that may stand for letters, emoji that may stand for
   characters, or characters that read as several is left to Python. */

#ifndef COMMUNITYRULES_SIFTING_DISGUISE
#define COMMUNITYRULES_SIFTING_DISGUISE

#include "_sifting_letters.h"
#include "_sifting_state.h"

/* From one or two characters to a number above 0. */
typedef struct {
    uint64_t *keys; /* 0 where there is none */
    uint32_t *values;
    int shift;
} Pairing;

/* What a word leads to, other than its rules: characters of which it is the parts. `edged`: whether its rules want it at
   the edges of words. */
typedef struct {
    int edged;
    uint32_t first, end; /* in `chars` */
} Lead;

typedef struct {
    PyObject_HEAD
    Letters *letters;
    Words *words; /* looked for where runs of one character are one: words so written, and parts */
    Words *parts; /* the same parts, looked for where they are not; NULL for none */
    uint32_t followed; /* the owner of the words of the first lead */
    Lead *lead;
    Py_UCS4 *chars;
    /* The owner of the words with a character and what stands behind it, or before it, and of all with a character. */
    Pairing after, before, anywhere;
    /* The letters that signs may stand for. */
    Pairing signs;
    /* Where in `listed` those stand that begin, or end, with a character when they are in parts; a 0 ends them. */
    Pairing starts, ends;
    Py_UCS4 *listed;
} Disguise;

/* --- pairs of characters ---------------------------------------------------------------------------------------- */

static uint64_t
key_of_pair(Py_UCS4 first, Py_UCS4 second)
{
    return ((uint64_t)first << 32 | second) + 1;
}

static uint64_t *
find_pair(const Pairing *pairing, uint64_t key)
{
    uint64_t last = ((uint64_t)1 << (64 - pairing->shift)) - 1, at = key * UINT64_C(0x9E3779B97F4A7C15) >> pairing->shift;
    while (pairing->keys[at] && pairing->keys[at] != key)
        at = (at + 1) & last;
    return &pairing->keys[at];
}

/* The number of two characters, 0 where there is none. */
static uint32_t
of_pair(const Pairing *pairing, Py_UCS4 first, Py_UCS4 second)
{
    const uint64_t *found = find_pair(pairing, key_of_pair(first, second));
    return *found ? pairing->values[found - pairing->keys] : 0;
}

static int
make_pairing(Pairing *pairing, Py_ssize_t number)
{
    int log = log_of((uint64_t)number * 2 + 2);
    pairing->shift = 64 - log;
    pairing->keys = PyMem_Calloc((size_t)1 << log, sizeof(uint64_t));
    pairing->values = PyMem_Calloc((size_t)1 << log, sizeof(uint32_t));
    if (pairing->keys == NULL || pairing->values == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void
put_pair(Pairing *pairing, Py_UCS4 first, Py_UCS4 second, uint32_t value)
{
    uint64_t key = key_of_pair(first, second), *found = find_pair(pairing, key);
    *found = key;
    pairing->values[found - pairing->keys] = value;
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

/* A text being looked through. */
typedef struct {
    const Disguise *disguise;
    PyObject *text;
    Py_ssize_t length;
    const Spelled *spelled;
} Reading;

/* Set in the place of a letter that stands for several of its kind. */
#define SEVERAL ((uint32_t)1 << 31)

static int
kind_at(const Reading *reading, Py_ssize_t at)
{
    Py_ssize_t place = place_of_letter(PyUnicode_READ_CHAR(reading->text, at));
    return place < 0 ? 1 : reading->disguise->letters->kinds[place] & KINDS;
}

/* Whether some letters may be a word by themselves. They are none where letters of the same kind touch them: see
   `checking.Checker`. Where letters are several at once that is for Python to tell. */
static int
may_be_word(const Reading *reading, Py_ssize_t start, Py_ssize_t end)
{
    const uint32_t *places = reading->spelled->places;
    for (Py_ssize_t at = start; at < end; at++)
        if (places[at] & SEVERAL)
            return 1;
    Py_ssize_t before = (Py_ssize_t)places[start] - 1, after = (Py_ssize_t)places[end - 1] + 1;
    /* Kinds are told from 0 for what nobody sees and 1 for what holds together with nothing. */
    while (before >= 0 && !kind_at(reading, before))
        before--;
    while (after < reading->length && !kind_at(reading, after))
        after++;
    int first = kind_at(reading, places[start]), last = kind_at(reading, places[end - 1]);
    return !(before >= 0 && first > 1 && kind_at(reading, before) == first) &&
           !(after < reading->length && last > 1 && kind_at(reading, after) == last);
}

/* Adds the rules of what stands beside a character that was written in parts: by itself, or as those that begin or end
   with it in parts themselves. `at` is where these stand in `listed`, 0 for none. */
static void
add_beside(Looking *looking, const Disguise *self, const Pairing *pairing, Py_UCS4 beside, Py_UCS4 character,
           int behind, uint32_t at)
{
    for (;;) {
        uint32_t owner = behind ? of_pair(pairing, character, beside) : of_pair(pairing, beside, character);
        if (owner)
            mark(looking, owner - 1);
        if (!at || !(beside = self->listed[at++]))
            break;
    }
}

static int
is_listed(const Disguise *self, uint32_t at, Py_UCS4 character)
{
    for (; at && self->listed[at]; at++)
        if (self->listed[at] == character)
            return 1;
    return 0;
}

static void
follow_lead(Looking *looking, uint32_t owner, Py_ssize_t start, Py_ssize_t end)
{
    const Reading *reading = looking->told_by;
    const Disguise *self = reading->disguise;
    const Lead *lead = &self->lead[owner - self->followed];
    looking->any = 1;
    if (!lead->edged || may_be_word(reading, start, end))
        mark(looking, owner);
    if (lead->first == lead->end)
        return;
    Py_UCS4 after = end < looking->length ? looking->text[end] : 0, before = start ? looking->text[start - 1] : 0;
    uint32_t follows = after ? of_pair(&self->starts, after, 0) : 0;
    uint32_t leading = before ? of_pair(&self->ends, before, 0) : 0;
    for (uint32_t at = lead->first; at < lead->end; at++) {
        Py_UCS4 one = self->chars[at];
        if (one == after || one == before || is_listed(self, follows, one) || is_listed(self, leading, one)) {
            /* It stands several times, in one way or another. */
            uint32_t every = of_pair(&self->anywhere, one, 0);
            if (every)
                mark(looking, every - 1);
            continue;
        }
        if (after)
            add_beside(looking, self, &self->after, after, one, 1, follows);
        if (before)
            add_beside(looking, self, &self->before, before, one, 0, leading);
        add_beside(looking, self, &self->before, 0, one, 0, 0);
    }
}

/* What the characters of ASCII are, for telling whether signs stand for letters. */
enum {
    DIGIT = 1,
    LETTER = 2,
    ALONE = 4,    /* a letter that by itself is no word */
    BESIDE = 8,   /* a sign that stands for a letter beside one: `@$!|` */
    BEHIND = 16,  /* one that does so behind a letter: `@$|` */
    BETWEEN = 32, /* one that does so between letters: `(<` */
    ALWAYS = 64,  /* `+` */
};
#define ALNUM (DIGIT | LETTER)
#define ANY_SIGN (BESIDE | BETWEEN)

static uint8_t
sort_of(Py_UCS4 one)
{
    if (one >= '0' && one <= '9')
        return DIGIT;
    if ((one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z'))
        return one == 'a' || one == 'A' || one == 'I' ? LETTER : LETTER | ALONE;
    switch (one) {
    case '@':
    case '$':
    case '|':
        return BESIDE | BEHIND;
    case '!':
        return BESIDE;
    case '(':
    case '<':
        return BETWEEN;
    case '+':
        return ALWAYS;
    default:
        return 0;
    }
}

static uint8_t
sort_at(PyObject *text, Py_ssize_t length, Py_ssize_t at)
{
    return at >= 0 && at < length ? sort_of(PyUnicode_READ_CHAR(text, at)) : 0;
}

/* Whether a sign stands for a letter: see `library.disguise.reading`. */
static int
is_signed_at(PyObject *text, Py_ssize_t length, Py_ssize_t at, uint8_t sign)
{
    uint8_t before = sort_at(text, length, at - 1), after = sort_at(text, length, at + 1);
    if (sign & ALWAYS || (sign & BESIDE && after & (ALNUM | BESIDE)) || (sign & BEHIND && before & ALNUM) ||
        (sign & BETWEEN && before & (ALNUM | BESIDE) && after & (ALNUM | BESIDE)))
        return 1;
    /* A letter by itself, apart by up to three characters that are neither letters nor signs. */
    Py_ssize_t first = at - 1, last = at + 1;
    while (first >= 0 && at - first <= 3 && !(sort_at(text, length, first) & (ALNUM | ANY_SIGN)))
        first--;
    while (last < length && last - at <= 3 && !(sort_at(text, length, last) & (ALNUM | ANY_SIGN)))
        last++;
    return (at - first > 1 && sort_at(text, length, first) & ALONE && !(sort_at(text, length, first - 1) & ALNUM)) ||
           (last - at > 1 && sort_at(text, length, last) & (ALONE | DIGIT) &&
            !(sort_at(text, length, last + 1) & ALNUM));
}

/* Whether signs may stand for letters in a text. */
static int
is_signed(PyObject *text, Py_ssize_t length)
{
    for (Py_ssize_t at = 0; at < length; at++) {
        uint8_t sign = sort_of(PyUnicode_READ_CHAR(text, at));
        if (sign & (ANY_SIGN | ALWAYS) && is_signed_at(text, length, at, sign))
            return 1;
    }
    return 0;
}

/* Makes runs of one character one. */
static void
collapse(Spelled *spelled)
{
    Py_ssize_t put = 0;
    for (Py_ssize_t at = 0; at < spelled->length; at++)
        if (put && spelled->letters[at] == spelled->letters[put - 1])
            spelled->places[put - 1] |= SEVERAL;
        else {
            spelled->places[put] = spelled->places[at];
            spelled->letters[put++] = spelled->letters[at];
        }
    spelled->length = put;
}

static void
look_through(Looking *looking, const Words *words, const Spelled *spelled)
{
    looking->words = words;
    looking->text = spelled->letters;
    looking->length = spelled->length;
    go_through(looking);
}

/* Looks for words where runs of one character are one: there stands each word that stands in the text itself, and each
   with characters written several times. Parts of characters may be runs themselves, or be parted by them. Changes what
   was spelled; whether there were any runs. */
static int
look_for_disguise(const Disguise *self, Looking *looking, Spelled *spelled)
{
    int runs = spelled->runs;
    if (runs) {
        if (self->parts != NULL)
            look_through(looking, self->parts, spelled);
        collapse(spelled);
    }
    look_through(looking, self->words, spelled);
    return runs;
}

/* Spells a text of usual characters again, with signs as letters; `bars` with upright bars, too. Whether any bar is. */
static int
spell_signs(const Disguise *self, PyObject *text, Py_ssize_t length, Spelled *spelled, int bars)
{
    int any = 0;
    begin_spelling(spelled);
    for (Py_ssize_t at = 0; at < length; at++) {
        Py_UCS4 one = PyUnicode_READ_CHAR(text, at);
        uint32_t code = self->letters->codes[place_of_letter(one)];
        any |= one == '|';
        if (code == SIGN || code == FORM)
            code = one == '|' && !bars ? 0 : of_pair(&self->signs, one, 0);
        else if (code == NOTHING)
            code = 0;
        if (code)
            put_letter(spelled, code == ITSELF ? one : code, at);
    }
    return any;
}

/* Adds to a mask the rules whose words may stand in a text, plainly or in disguise: 1 where there are any, 0 where there
   are none, `UNTOLD` where that is for Python to tell (the mask then holds anything), -1 with an exception. */
#define UNTOLD 2

static int
disguise_mark(const Disguise *self, PyObject *text, Mask *mask)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > MAX_TEXT)
        length = MAX_TEXT;
    Spelled spelled;
    int read = spell(self->letters, text, length, &spelled), told = read < 0 ? -1 : UNTOLD;
    if (read > 0 && !(spelled.beyond && spelled.forms) &&
        !(spelled.signs && (!all_usual(self->letters, text, length) || is_signed(text, length)))) {
        Reading reading = {self, text, length, &spelled};
        Looking looking = {.mask = mask, .follow = follow_lead, .followed = self->followed, .told_by = &reading};
        int runs = look_for_disguise(self, &looking, &spelled);
        if (spelled.signs && (runs || looking.any)) {
            /* What is a letter in one word may separate those of another. */
            int bars = spell_signs(self, text, length, &spelled, 1);
            look_for_disguise(self, &looking, &spelled);
            if (bars) {
                spell_signs(self, text, length, &spelled, 0);
                look_for_disguise(self, &looking, &spelled);
            }
        }
        told = looking.hit;
        PyMem_Free(looking.marked);
    }
    free_spelled(&spelled);
    return told;
}

/* --- making ----------------------------------------------------------------------------------------------------- */

/* A text of up to two characters -> the number of an owner. */
static int
take_pairing(Pairing *pairing, PyObject *given, const Words *words)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *owner;
    while (PyDict_Next(given, &at, &text, &owner)) {
        Py_ssize_t length = PyUnicode_Check(text) ? PyUnicode_GET_LENGTH(text) : 0;
        size_t number = PyLong_AsSize_t(owner);
        if (PyErr_Occurred())
            return -1;
        if (length < 1 || length > 2 || number >= words->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        Py_UCS4 last = PyUnicode_READ_CHAR(text, length - 1);
        /* Of one character alone the other is none; which one that is depends on who asks. */
        put_pair(pairing, length == 2 ? PyUnicode_READ_CHAR(text, 0) : 0, last, (uint32_t)number + 1);
    }
    return 0;
}

/* The same of one character, by which it is asked. */
static int
take_single(Pairing *pairing, PyObject *given, const Words *words)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *owner;
    while (PyDict_Next(given, &at, &text, &owner)) {
        size_t number = PyLong_AsSize_t(owner);
        if (PyErr_Occurred())
            return -1;
        if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) != 1 || number >= words->owners) {
            PyErr_SetString(PyExc_ValueError, "no such owner");
            return -1;
        }
        put_pair(pairing, PyUnicode_READ_CHAR(text, 0), 0, (uint32_t)number + 1);
    }
    return 0;
}

/* How many characters the texts of a dictionary have, and one more for each; -1 with an exception. */
static Py_ssize_t
listed_size(PyObject *given)
{
    Py_ssize_t at = 0, size = 0;
    PyObject *text, *chars;
    while (PyDict_Next(given, &at, &text, &chars)) {
        if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) != 1 || !PyUnicode_Check(chars)) {
            PyErr_SetString(PyExc_TypeError, "a text for a character");
            return -1;
        }
        size += PyUnicode_GET_LENGTH(chars) + 1;
    }
    return size;
}

/* A character -> those that are listed for it. */
static int
take_listed(Disguise *self, Pairing *pairing, PyObject *given, Py_ssize_t *put)
{
    if (make_pairing(pairing, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *text, *chars;
    while (PyDict_Next(given, &at, &text, &chars)) {
        put_pair(pairing, PyUnicode_READ_CHAR(text, 0), 0, (uint32_t)*put);
        for (Py_ssize_t one = 0; one < PyUnicode_GET_LENGTH(chars); one++)
            self->listed[(*put)++] = PyUnicode_READ_CHAR(chars, one);
        self->listed[(*put)++] = 0;
    }
    return 0;
}

/* For each lead whether words stand at edges, and the characters of which it is the parts. */
static int
take_leads(Disguise *self, PyObject *given)
{
    Py_ssize_t number = PyTuple_GET_SIZE(given), size = 0, put = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *chars;
        int edged;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "pU", &edged, &chars))
            return -1;
        size += PyUnicode_GET_LENGTH(chars);
    }
    self->lead = PyMem_Calloc(number ? (size_t)number : 1, sizeof(Lead));
    self->chars = PyMem_Calloc(size ? (size_t)size : 1, sizeof(Py_UCS4));
    if (self->lead == NULL || self->chars == NULL || size > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *chars;
        Lead *lead = &self->lead[at];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, at), "pU", &lead->edged, &chars))
            return -1;
        lead->first = (uint32_t)put;
        for (Py_ssize_t one = 0; one < PyUnicode_GET_LENGTH(chars) && put < size; one++)
            self->chars[put++] = PyUnicode_READ_CHAR(chars, one);
        lead->end = (uint32_t)put;
    }
    return 0;
}

static int
take_all_listed(Disguise *self, PyObject *starts, PyObject *ends)
{
    Py_ssize_t some = listed_size(starts), others = some < 0 ? -1 : listed_size(ends), put = 1;
    if (others < 0)
        return -1;
    /* 0 is no place. */
    self->listed = PyMem_Calloc((size_t)(some + others + 1), sizeof(Py_UCS4));
    if (self->listed == NULL || some + others + 1 > UINT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    return take_listed(self, &self->starts, starts, &put) < 0 || take_listed(self, &self->ends, ends, &put) < 0 ? -1 : 0;
}

/* A sign -> the letter that it may stand for. */
static int
take_signs(Disguise *self, PyObject *given)
{
    if (listed_size(given) < 0 || make_pairing(&self->signs, PyDict_GET_SIZE(given)) < 0)
        return -1;
    Py_ssize_t at = 0;
    PyObject *sign, *letter;
    while (PyDict_Next(given, &at, &sign, &letter)) {
        if (PyUnicode_GET_LENGTH(letter) != 1) {
            PyErr_SetString(PyExc_ValueError, "a letter for a sign");
            return -1;
        }
        put_pair(&self->signs, PyUnicode_READ_CHAR(sign, 0), 0, PyUnicode_READ_CHAR(letter, 0));
    }
    return 0;
}

static PyObject *
disguise_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *letters, *words, *parts, *leads, *after, *before, *anywhere, *starts, *ends, *signs;
    State *state = PyType_GetModuleState(type);
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs))
        return PyErr_Format(PyExc_TypeError, "takes no names");
    if (!PyArg_ParseTuple(args, "O!O!OO!O!O!O!O!O!O!", state->letters_type, &letters, state->words_type, &words,
                          &parts, &PyTuple_Type, &leads, &PyDict_Type, &after, &PyDict_Type, &before, &PyDict_Type, &anywhere,
                          &PyDict_Type, &starts, &PyDict_Type, &ends, &PyDict_Type, &signs))
        return NULL;
    const Words *of = (const Words *)words;
    if ((size_t)PyTuple_GET_SIZE(leads) > of->owners) {
        PyErr_SetString(PyExc_ValueError, "more leads than owners");
        return NULL;
    }
    if (parts != Py_None &&
        (!Py_IS_TYPE(parts, state->words_type) || ((const Words *)parts)->owners != of->owners ||
         ((const Words *)parts)->bits > of->bits)) {
        PyErr_SetString(PyExc_ValueError, "parts of other owners");
        return NULL;
    }
    Disguise *self = (Disguise *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->letters = (Letters *)Py_NewRef(letters);
    self->words = (Words *)Py_NewRef(words);
    self->parts = parts == Py_None ? NULL : (Words *)Py_NewRef(parts);
    self->followed = of->owners - (uint32_t)PyTuple_GET_SIZE(leads);
    if (take_leads(self, leads) < 0 || take_pairing(&self->after, after, of) < 0 ||
        take_pairing(&self->before, before, of) < 0 || take_single(&self->anywhere, anywhere, of) < 0 ||
        take_all_listed(self, starts, ends) < 0 || take_signs(self, signs) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

PyDoc_STRVAR(disguise_left_doc, "left(text) -> bytes | None\n\nThe mask of the rules whose words may stand in a text, as "
                                "bytes from the lowest: whole words of 64 bits; None where that is for Python to tell.");

static PyObject *
disguise_left(PyObject *object, PyObject *text)
{
    const Disguise *self = (const Disguise *)object;
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "a text");
    size_t size = (size_t)(self->words->bits + 63) / 64;
    /* Words that are not live stay empty. */
    uint64_t *memory = PyMem_Calloc(size + (size + 63) / 64 + 1, 8);
    Mask mask = {memory, memory + size};
    if (memory == NULL)
        return PyErr_NoMemory();
    int told = disguise_mark(self, text, &mask);
    PyObject *found = told < 0         ? NULL
                      : told == UNTOLD ? Py_NewRef(Py_None)
                                       : PyBytes_FromStringAndSize((const char *)mask.words, (Py_ssize_t)(size * 8));
    PyMem_Free(memory);
    return found;
}

static int
disguise_traverse(PyObject *object, visitproc visit, void *arg)
{
    const Disguise *self = (const Disguise *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->letters);
    Py_VISIT(self->words);
    Py_VISIT(self->parts);
    return 0;
}

static void
free_pairing(Pairing *pairing)
{
    PyMem_Free(pairing->keys);
    PyMem_Free(pairing->values);
}

static void
disguise_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Disguise *self = (Disguise *)object;
    PyObject_GC_UnTrack(object);
    Py_XDECREF(self->letters);
    Py_XDECREF(self->words);
    Py_XDECREF(self->parts);
    PyMem_Free(self->lead);
    PyMem_Free(self->chars);
    PyMem_Free(self->listed);
    free_pairing(&self->after);
    free_pairing(&self->before);
    free_pairing(&self->anywhere);
    free_pairing(&self->starts);
    free_pairing(&self->ends);
    free_pairing(&self->signs);
    type->tp_free(object);
    Py_DECREF(type);
}

#endif
