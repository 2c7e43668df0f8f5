/* Going through a text: at each place, whether a stretch of a word ends there.

   It is written twice: for any processor, and for those that work on eight numbers at once (AVX2), which takes a third of
   the time. Both find the same. */

#ifndef COMMUNITYRULES_SIFTING_STRETCHES_H
#define COMMUNITYRULES_SIFTING_STRETCHES_H

#include "_sifting_words.h"

/* So many characters are gone through at a time; a multiple of `LANES`. */
#define STEP 128

/* --- one number at a time -------------------------------------------------------------------------------------- */

/* Looks for stretches whose hashes are given, at some places; that at the place 0 ends before `end`. */
static void
probe(Looking *looking, const Stretches *stretches, const uint32_t *hashes, const uint8_t *places, Py_ssize_t number,
      Py_ssize_t end)
{
    const uint32_t *filter = stretches->filter;
    int shift = stretches->filter_shift;
    /* What passes is gathered first: nobody could guess whether the next one will. */
    uint8_t passed[STEP];
    int passing = 0;
    for (Py_ssize_t one = 0; one < number; one++) {
        uint32_t place = spread(hashes[places[one]]);
        uint32_t word = filter[place >> shift];
        passed[passing] = places[one];
        passing += word >> (place & 31) & word >> (place >> 5 & 31) & 1;
    }
    /* The third bit takes few steps more, but so many places are never asked for it. */
    int left = 0;
    for (int one = 0; one < passing; one++) {
        uint32_t place = spread(hashes[passed[one]]);
        passed[left] = passed[one];
        left += filter[place >> shift] >> (place >> 10 & 31) & 1;
    }
    for (int one = 0; one < left; one++)
        compare(looking, stretches, hashes[passed[one]], end + passed[one]);
}

/* Places of a step: those of low characters, of high ones, and all. */
typedef struct {
    uint8_t low[STEP], high[STEP], all[STEP];
    Py_ssize_t lows, highs, number;
} Places;

static void
sort_places(Places *places, const Py_UCS4 *text, Py_ssize_t number)
{
    Py_ssize_t lows = 0, highs = 0;
    for (Py_ssize_t at = 0; at < number; at++) {
        int high = text[at] >= HIGH;
        places->all[at] = places->low[lows] = places->high[highs] = (uint8_t)at;
        lows += !high;
        highs += high;
    }
    places->lows = lows;
    places->highs = highs;
    places->number = number;
}

static void
probe_all(Looking *looking, const uint32_t *const *hashes, const Places *places, Py_ssize_t end)
{
    for (int table = 0; table < TABLES; table++) {
        const Stretches *stretches = &looking->words->stretches[table];
        const uint32_t *of_width = hashes[log_of_width[table]];
        if (stretches->ends == ENDS_LOW)
            probe(looking, stretches, of_width, places->low, places->lows, end);
        else if (stretches->ends == ENDS_HIGH)
            probe(looking, stretches, of_width, places->high, places->highs, end);
        else if (stretches->ends)
            probe(looking, stretches, of_width, places->all, places->number, end);
    }
}

static void
go_through_plainly(Looking *looking)
{
    /* The hashes of the stretches that end at each character, of 1, 2, 4 and 8; in steps, to stay near. Before the
       first of a step stand those that wider ones go on from. What would begin before the text is no word. */
    uint32_t memory[WIDTHS - 1][4 + STEP], *two = memory[0] + 4, *four = memory[1] + 4, *eight = memory[2] + 4;
    const uint32_t *hashes[WIDTHS] = {NULL, two, four, eight};
    int wide = looking->words->stretches[FOUR].ends || looking->words->stretches[EIGHT].ends;
    int wider = looking->words->stretches[EIGHT].ends;
    for (int width = 0; width < WIDTHS - 1; width++)
        memset(memory[width], 0, 4 * sizeof(uint32_t));
    for (Py_ssize_t begin = 0; begin < looking->length; begin += STEP) {
        Py_ssize_t number = looking->length - begin < STEP ? looking->length - begin : STEP;
        const uint32_t *text = looking->text + begin;
        Places places;
        sort_places(&places, text, number);
        hashes[0] = text;
        two[0] = begin ? join(text[-1], text[0], BY_TWO) : 0;
        for (Py_ssize_t at = 1; at < number; at++)
            two[at] = join(text[at - 1], text[at], BY_TWO);
        for (Py_ssize_t at = 0; wide && at < number; at++)
            four[at] = join(two[at - 2], two[at], BY_FOUR);
        for (Py_ssize_t at = 0; wider && at < number; at++)
            eight[at] = join(four[at - 4], four[at], BY_EIGHT);
        probe_all(looking, hashes, &places, begin + 1);
        if (number == STEP)
            for (int width = 0; width < WIDTHS - 1; width++)
                memcpy(memory[width], memory[width] + STEP, 4 * sizeof(uint32_t));
    }
}

/* --- eight at a time ------------------------------------------------------------------------------------------- */

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_LANES
#define LANES 8
#define WITH_LANES __attribute__((target("avx2")))

typedef uint32_t Lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));

/* The filter's answer to each stretch of a step: `number` is a multiple of `LANES`, and what stands from `end` on is of no
   text. The words of the filter are fetched one by one, apart from what is done with them: that takes no longer than the
   instruction for it, which many processors are slow at. */
WITH_LANES static void
probe_lanes(Looking *looking, const Stretches *stretches, const uint32_t *hashes, Py_ssize_t number, Py_ssize_t begin,
            Py_ssize_t end)
{
    const uint32_t *filter = stretches->filter;
    int shift = stretches->filter_shift;
    uint32_t places[STEP], words[STEP];
    for (Py_ssize_t at = 0; at < number; at += LANES) {
        Lanes place;
        memcpy(&place, hashes + at, sizeof(place));
        place = (place ^ (place >> 15)) * UINT32_C(0x85EBCA6B);
        memcpy(places + at, &place, sizeof(place));
    }
    for (Py_ssize_t at = 0; at < number; at++)
        words[at] = filter[places[at] >> shift];
    for (Py_ssize_t at = 0; at < number; at += LANES) {
        Lanes place, word;
        memcpy(&place, places + at, sizeof(place));
        memcpy(&word, words + at, sizeof(word));
        Lanes passed = word >> (place & 31) & word >> (place >> 5 & 31) & word >> (place >> 10 & 31) & 1;
        uint64_t any[LANES / 2];
        memcpy(any, &passed, sizeof(passed));
        if (any[0] | any[1] | any[2] | any[3])
            for (Py_ssize_t one = at; one < at + LANES && one < end; one++)
                if (passed[one - at])
                    compare(looking, stretches, hashes[one], begin + one + 1);
    }
}

/* The hashes of the stretches that end at each place, of others of half their width: one ends there, the other so many
   places before it. */
WITH_LANES static inline void
join_lanes(uint32_t *to, const uint32_t *from, Py_ssize_t back, uint32_t by, Py_ssize_t number)
{
    for (Py_ssize_t at = 0; at < number; at += LANES) {
        Lanes before, after;
        memcpy(&before, from + at - back, sizeof(before));
        memcpy(&after, from + at, sizeof(after));
        after = before * by + after;
        memcpy(to + at, &after, sizeof(after));
    }
}

/* Whether any of some characters may be high: bits of several together are no less than the highest of them. */
WITH_LANES static inline int
any_high(const uint32_t *characters, Py_ssize_t number)
{
    Lanes all = {0};
    for (Py_ssize_t at = 0; at < number; at += LANES) {
        Lanes some;
        memcpy(&some, characters + at, sizeof(some));
        all |= some;
    }
    uint32_t bits = 0;
    for (int lane = 0; lane < LANES; lane++)
        bits |= all[lane];
    return bits >= HIGH;
}

WITH_LANES static void
go_through_lanes(Looking *looking)
{
    /* As above, with room before the first of a step for those that wider stretches go on from. */
    uint32_t memory[WIDTHS][LANES + STEP], *one = memory[0] + LANES, *two = memory[1] + LANES;
    uint32_t *four = memory[2] + LANES, *eight = memory[3] + LANES;
    const uint32_t *hashes[WIDTHS] = {one, two, four, eight};
    const Stretches *tables = looking->words->stretches;
    int wide = tables[FOUR].ends || tables[EIGHT].ends, wider = tables[EIGHT].ends;
    for (int width = 0; width < WIDTHS; width++)
        memset(memory[width], 0, LANES * sizeof(uint32_t));
    for (Py_ssize_t begin = 0; begin < looking->length; begin += STEP) {
        Py_ssize_t end = looking->length - begin < STEP ? looking->length - begin : STEP;
        Py_ssize_t number = (end + LANES - 1) / LANES * LANES;
        memcpy(one, looking->text + begin, (size_t)end * sizeof(uint32_t));
        memset(one + end, 0, (size_t)(number - end) * sizeof(uint32_t));
        join_lanes(two, one, 1, BY_TWO, number);
        if (wide)
            join_lanes(four, two, 2, BY_FOUR, number);
        if (wider)
            join_lanes(eight, four, 4, BY_EIGHT, number);
        int high = any_high(one, number);
        for (int table = 0; table < TABLES; table++)
            if (tables[table].ends && (tables[table].ends != ENDS_HIGH || high))
                probe_lanes(looking, &tables[table], hashes[log_of_width[table]], number, begin, end);
        for (int width = 0; width < WIDTHS && end == STEP; width++)
            memcpy(memory[width], memory[width] + STEP, LANES * sizeof(uint32_t));
    }
}
#endif

static void
go_through(Looking *looking, int plainly)
{
#ifdef HAS_LANES
    if (!plainly && __builtin_cpu_supports("avx2")) {
        go_through_lanes(looking);
        return;
    }
#endif
    (void)plainly;
    go_through_plainly(looking);
}

/* --- a text ---------------------------------------------------------------------------------------------------- */

/* Adds to a mask the rules whose words stand in a text (an exact `str`); whether there are any, -1 with an exception.
   `ahead`: a mapping that is asked soon, or NULL. */
static int
words_mark(const Words *self, PyObject *text, Mask *mask, PyObject *ahead, int plainly)
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
    go_through(&looking, plainly);
    PyMem_Free(looking.marked);
    if (characters != near)
        PyMem_Free(characters);
    return looking.hit;
}

#endif
