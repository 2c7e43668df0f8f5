/* Words looked for in what a text reads like without disguise: the twin of `compiler.disguised`.

   A text that is plain, or nearly, is read here. What holds signs that may stand for letters, emoji that may stand for
   characters, or characters that read as several is left to Python. */

#ifndef COMMUNITYRULES_SIFTING_DISGUISE
#define COMMUNITYRULES_SIFTING_DISGUISE

#include "_sifting_letters.h"
#include "_sifting_pairing.h"
#include "_sifting_signing.h"

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

/* A text being looked through; `text` is NULL where there is only what it reads as, which tells nothing of edges. */
typedef struct {
    const Disguise *disguise;
    PyObject *text;
    Py_ssize_t length;
    const Spelled *spelled;
    Seen *seen; /* keeps where words may stand, if it is there */
} Reading;

/* Set in the place of a letter that stands for several of its kind. */
#define SEVERAL ((uint32_t)1 << 31)

static int
kind_at(const Reading *reading, Py_ssize_t at)
{
    Py_ssize_t place = place_of_letter(PyUnicode_READ_CHAR(reading->text, at));
    return place < 0 ? 1 : reading->disguise->letters->kinds[place] & KINDS;
}

/* Whether a letter holds together with what stands before it, or behind it (`step`), as those of one word do. */
static int
touches(const Reading *reading, Py_ssize_t at, int step)
{
    /* Kinds are told from 0 for what nobody sees and 1 for what holds together with nothing. */
    int kind = kind_at(reading, at);
    Py_ssize_t beside = at + step;
    while (beside >= 0 && beside < reading->length && !kind_at(reading, beside))
        beside += step;
    return beside >= 0 && beside < reading->length && kind > 1 && kind_at(reading, beside) == kind;
}

/* Whether a word may begin with a letter, or end with it (`step`). One that is several may do so with any of them. */
static int
may_be_end(const Reading *reading, Py_ssize_t letter, int step)
{
    const Spelled *spelled = reading->spelled;
    Py_ssize_t first = (Py_ssize_t)(spelled->places[letter] & ~SEVERAL);
    if (!(spelled->places[letter] & SEVERAL))
        return !touches(reading, first, step);
    Py_ssize_t end = letter + 1 < spelled->length ? (Py_ssize_t)(spelled->places[letter + 1] & ~SEVERAL) : reading->length;
    for (Py_ssize_t at = first; at < end; at++) {
        Py_ssize_t place = place_of_letter(PyUnicode_READ_CHAR(reading->text, at));
        /* All that is read up to the next letter is the same one; signs may be. */
        if ((place < 0 || reading->disguise->letters->codes[place] != NOTHING) && !touches(reading, at, step))
            return 1;
    }
    return 0;
}

/* Whether some letters may be a word by themselves. They are none where letters of the same kind touch them: see
   `checking.Checker`. */
static int
may_be_word(const Reading *reading, Py_ssize_t start, Py_ssize_t end)
{
    return may_be_end(reading, start, -1) && may_be_end(reading, end - 1, 1);
}

/* Keeps where some letters stand that may be a word; nowhere where there are none, or not each by itself. The last may be
   several: the word ends with the first of them before it ends with another. */
static void
keep_sight(const Reading *reading, uint32_t owner, Py_ssize_t start, Py_ssize_t end)
{
    Seen *seen = reading->seen;
    if (seen == NULL)
        return;
    if (seen->number >= SIGHTINGS) {
        seen->number = SIGHTINGS + 1;
        return;
    }
    Sighting *one = &seen->all[seen->number++];
    *one = (Sighting){owner, 0, 0, 0};
    if (start >= end)
        return;
    const uint32_t *places = reading->spelled->places;
    for (Py_ssize_t at = start; at < end; at++)
        if ((at + 1 < end ? places[at] : places[at] & ~SEVERAL) != places[start] + (uint32_t)(at - start))
            return;
    Py_ssize_t first = (Py_ssize_t)(places[start] & ~SEVERAL), behind = first + end - start;
    /* Marks on the last letter are of it. */
    if (behind < reading->length && !kind_at(reading, behind))
        return;
    one->start = (uint32_t)first;
    one->end = (uint32_t)behind;
    one->edged = !touches(reading, first, -1) && !touches(reading, behind - 1, 1);
}

/* Adds the rules of what stands beside a character that was written in parts: by itself, or as those that begin or end
   with it in parts themselves. `at` is where these stand in `listed`, 0 for none. */
static void
add_beside(Looking *looking, const Disguise *self, const Pairing *pairing, Py_UCS4 beside, Py_UCS4 character,
           int behind, uint32_t at)
{
    for (;;) {
        uint32_t owner = behind ? of_pair(pairing, character, beside) : of_pair(pairing, beside, character);
        if (owner) {
            mark(looking, owner - 1);
            keep_sight(looking->told_by, owner - 1, 0, 0);
        }
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
    if (!lead->edged || reading->text == NULL || may_be_word(reading, start, end)) {
        mark(looking, owner);
        keep_sight(reading, owner, start, end);
    }
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
            if (every) {
                mark(looking, every - 1);
                keep_sight(reading, every - 1, 0, 0);
            }
            continue;
        }
        if (after)
            add_beside(looking, self, &self->after, after, one, 1, follows);
        if (before)
            add_beside(looking, self, &self->before, before, one, 0, leading);
        add_beside(looking, self, &self->before, 0, one, 0, 0);
    }
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
    go_through(looking, 0);
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
   are none, `UNTOLD` where that is for Python to tell (the mask then holds anything), -1 with an exception. `seen`: keeps
   where they may stand; or NULL. */
#define UNTOLD 2

static int
disguise_mark(const Disguise *self, PyObject *text, Mask *mask, Seen *seen)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > MAX_TEXT)
        length = MAX_TEXT;
    Spelled spelled;
    int read = spell(self->letters, text, length, &spelled), told = read < 0 ? -1 : UNTOLD;
    if (read > 0 && !(spelled.beyond && spelled.forms) &&
        !(spelled.signs && (!all_usual(self->letters, text, length) || is_signed(text, length)))) {
        Reading reading = {self, text, length, &spelled, seen};
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

/* The same of what a text reads as, whose letters are all given: `UNTOLD` where none of what is looked for stands there,
   even if other signs are letters, -1 with an exception. */
static int
disguise_mark_read(const Disguise *self, PyObject *letters, Mask *mask, Seen *seen)
{
    (void)seen;
    Py_ssize_t length = PyUnicode_GET_LENGTH(letters);
    Spelled spelled;
    if (make_room(&spelled, length) < 0)
        return -1;
    begin_spelling(&spelled);
    for (Py_ssize_t at = 0; at < length; at++)
        put_letter(&spelled, PyUnicode_READ_CHAR(letters, at), at);
    Reading reading = {self, NULL, length, &spelled, NULL};
    Looking looking = {.mask = mask, .follow = follow_lead, .followed = self->followed, .told_by = &reading};
    int runs = look_for_disguise(self, &looking, &spelled);
    PyMem_Free(looking.marked);
    free_spelled(&spelled);
    return looking.hit || looking.any || runs ? looking.hit : UNTOLD;
}

/* The mask that one of those gives of a text, as bytes. */
static PyObject *
mask_of_text(const Disguise *self, PyObject *text, int (*mark_text)(const Disguise *, PyObject *, Mask *, Seen *))
{
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "a text");
    size_t size = (size_t)(self->words->bits + 63) / 64;
    /* Words that are not live stay empty. */
    uint64_t *memory = PyMem_Calloc(size + (size + 63) / 64 + 1, 8);
    Mask mask = {memory, memory + size};
    if (memory == NULL)
        return PyErr_NoMemory();
    int told = mark_text(self, text, &mask, NULL);
    PyObject *found = told < 0         ? NULL
                      : told == UNTOLD ? Py_NewRef(Py_None)
                                       : PyBytes_FromStringAndSize((const char *)mask.words, (Py_ssize_t)(size * 8));
    PyMem_Free(memory);
    return found;
}

PyDoc_STRVAR(disguise_left_doc, "left(text) -> bytes | None\n\nThe mask of the rules whose words may stand in a text, as "
                                "bytes from the lowest: whole words of 64 bits; None where that is for Python to tell.");

static PyObject *
disguise_left(PyObject *object, PyObject *text)
{
    return mask_of_text((const Disguise *)object, text, disguise_mark);
}

PyDoc_STRVAR(disguise_read_doc,
             "read(letters) -> bytes | None\n\nThe mask of the rules whose words may stand in a text that reads as these "
             "letters, at the edges of words or not; as bytes from the lowest. None where nothing leads to any.");

static PyObject *
disguise_read(PyObject *object, PyObject *letters)
{
    return mask_of_text((const Disguise *)object, letters, disguise_mark_read);
}

#endif
