/* Numbers looked up by one or two characters. */

#ifndef COMMUNITYRULES_SIFTING_PAIRING_H
#define COMMUNITYRULES_SIFTING_PAIRING_H

#include "_sifting_words.h"

/* From one or two characters to a number above 0. */
typedef struct {
    uint64_t *keys; /* 0 where there is none */
    uint32_t *values;
    int shift;
} Pairing;

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
    /* No more than three in four places are taken. */
    int log = log_of((uint64_t)number * 4 / 3 + 2);
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

static void
free_pairing(Pairing *pairing)
{
    PyMem_Free(pairing->keys);
    PyMem_Free(pairing->values);
}

#endif
