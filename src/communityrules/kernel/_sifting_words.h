/* Many words looked for in a text at once, and the rules that each of them leaves possible.

   Of each word one stretch of 1, 2, 4 or 8 characters is chosen, of those that it has the one that the fewest other
   words were chosen by. The text is gone through once; at each place the stretches that end there are hashed, and a
   filter of bits, small enough to stay near, tells nearly always that no word has them: each stretch has three bits in
   one word of it, so that few other stretches have all of them, and a place touches no more than one line of memory. What
   passes is compared. So a place costs the same for ten words and for a hundred thousand. How a text is gone through
   stands in `_sifting_stretches.h`. */

#ifndef COMMUNITYRULES_SIFTING_WORDS_H
#define COMMUNITYRULES_SIFTING_WORDS_H

#include "_sifting_ahead.h"

/* How much of a text is looked at, in code points (`fold.MAX_TEXT`), and of how much a copy stands on the stack. */
#define MAX_TEXT 65536
#define SHORT_TEXT 512
/* A set of so many rules is not put into a mask twice for one text. */
#define LARGE 16
/* From this character on scripts have so many characters that two of them tell a word well apart. */
#define HIGH 0x2E80
#define WIDTHS 4

typedef struct {
    uint32_t start; /* in the characters of all words */
    uint32_t length;
    uint32_t before; /* how many characters stand before the end of its stretch */
    uint32_t owner;
    uint32_t next; /* the next word of the same stretch, from 1 */
    Py_UCS4 first, last; /* its ends, which tell nearly always without a look at all of it */
    uint32_t pad;        /* so that none lies on two lines of memory */
} Word;

/* Stretches that are looked for together, of one width each. Those of two characters are apart by what they end with. */
enum { ONE, TWO_LOW, TWO_HIGH, FOUR, EIGHT, TABLES };
static const int log_of_width[TABLES] = {0, 1, 1, 2, 3};

#define ENDS_LOW 1
#define ENDS_HIGH 2

typedef struct {
    uint32_t *filter;
    uint64_t *entries; /* the hash above the number of the first word, from 1 */
    int filter_shift, shift;
    int ends;       /* what those that are there end with; 0 where there are none */
    uint32_t words; /* for how many there is room */
} Stretches;

typedef struct {
    PyObject_HEAD
    /* Of all words: the first while they are put where they are found, after that the second where all of them fit. */
    Py_UCS4 *characters;
    uint16_t *narrow;
    Word *words;
    uint32_t *rules;  /* of all owners, one after another */
    uint32_t *starts; /* of each owner in them, and the end */
    uint32_t number, owners;
    uint64_t bits; /* above each rule's bit */
    Stretches stretches[TABLES];
} Words;

/* By what stretches are put together into those of 2, 4 and 8 characters: by one number for all, whatever has the same
   sums of characters in its middle would hash alike, `1x2y` and `12xy`. */
#define BY_TWO UINT32_C(0x9E3779B1)
#define BY_FOUR UINT32_C(0x85EBCA77)
#define BY_EIGHT UINT32_C(0xC2B2AE3D)

/* The hash of two stretches, one behind the other; of two characters, one behind the other. */
static inline uint32_t
join(uint32_t before, uint32_t after, uint32_t by)
{
    return before * by + after;
}

/* Where a hash stands in a filter or among entries: the upper bits depend on all. */
static inline uint32_t
spread(uint32_t hash)
{
    return (hash ^ (hash >> 15)) * UINT32_C(0x85EBCA6B);
}

/* The three bits of a spread hash in its word of a filter, whose place its upper bits are. */
static inline uint32_t
bits_in_filter(uint32_t place)
{
    return UINT32_C(1) << (place & 31) | UINT32_C(1) << (place >> 5 & 31) | UINT32_C(1) << (place >> 10 & 31);
}

static inline Py_UCS4
whole(Py_UCS4 character)
{
    /* Half of a character, which no matcher takes: see `fold.whole_characters`. */
    return character >= 0xD800 && character <= 0xDFFF ? 0xFFFD : character;
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

/* The least power of two that is not below a number. */
static int
log_of(uint64_t number)
{
    int log = 0;
    while (((uint64_t)1 << log) < number)
        log++;
    return log;
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

/* Whether a rule is one of an owner's. Of one word there may be thousands. */
static int
is_owned(const Words *words, uint32_t owner, uint32_t bit)
{
    uint32_t first = words->starts[owner], end = words->starts[owner + 1];
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (words->rules[middle] == bit)
            return 1;
        if (words->rules[middle] < bit)
            first = middle + 1;
        else
            end = middle;
    }
    return 0;
}

/* Whether a word stands at a place of a text, which is long enough for it. */
static int
stands(const Words *words, const Word *word, const Py_UCS4 *text)
{
    if (text[0] != word->first || text[word->length - 1] != word->last)
        return 0;
    if (words->narrow == NULL)
        return !memcmp(text, words->characters + word->start, word->length * sizeof(Py_UCS4));
    const uint16_t *characters = words->narrow + word->start;
    for (uint32_t at = 1; at + 1 < word->length; at++)
        if (text[at] != characters[at])
            return 0;
    return 1;
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
                if (start >= 0 && start + word->length <= looking->length &&
                    stands(words, word, looking->text + start)) {
                    if (looking->follow != NULL && word->owner >= looking->followed)
                        looking->follow(looking, word->owner, start, start + word->length);
                    else
                        mark(looking, word->owner);
                }
            }
        at = (at + 1) & last;
    }
}

#endif
