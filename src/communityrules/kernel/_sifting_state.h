/* What the module holds: its types, and names of attributes. */

#ifndef COMMUNITYRULES_SIFTING_STATE
#define COMMUNITYRULES_SIFTING_STATE

typedef struct {
    PyTypeObject *words_type;
    PyTypeObject *letters_type;
    PyTypeObject *disguise_type;
    PyTypeObject *sift_type;
    PyTypeObject *telling_type;
    PyTypeObject *outcomes_type;
    PyObject *word_value, *word_text, *word_start, *word_end, *word_seen;
} State;

#endif
