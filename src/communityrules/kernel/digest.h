/* BLAKE2b with a digest of eight bytes and no key, after RFC 7693. Its twin is `wire.digest.digest_of`. */

#ifndef COMMUNITYRULES_DIGEST_H
#define COMMUNITYRULES_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGEST_BLOCK = 128, DIGEST_HEX = 16 };

static const uint64_t digest_start[8] = {
    0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU, 0x3c6ef372fe94f82bU, 0xa54ff53a5f1d36f1U,
    0x510e527fade682d1U, 0x9b05688c2b3e6c1fU, 0x1f83d9abfb41bd6bU, 0x5be0cd19137e2179U,
};

static inline uint64_t
digest_word(const unsigned char *at)
{
    /* Little-endian whatever the machine is; compilers make one load of it. */
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

#define DIGEST_TURN(value, by) (((value) >> (by)) | ((value) << (64 - (by))))

#define DIGEST_MIX(a, b, c, d, x, y)          \
    do {                                      \
        a = a + b + m[x];                     \
        d = DIGEST_TURN(d ^ a, 32);           \
        c = c + d;                            \
        b = DIGEST_TURN(b ^ c, 24);           \
        a = a + b + m[y];                     \
        d = DIGEST_TURN(d ^ a, 16);           \
        c = c + d;                            \
        b = DIGEST_TURN(b ^ c, 63);           \
    } while (0)

/* One round: the words of the block in one of the ten orders of the RFC. */
#define DIGEST_ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15) \
    do {                                                                                  \
        DIGEST_MIX(v0, v4, v8, v12, s0, s1);                                              \
        DIGEST_MIX(v1, v5, v9, v13, s2, s3);                                              \
        DIGEST_MIX(v2, v6, v10, v14, s4, s5);                                             \
        DIGEST_MIX(v3, v7, v11, v15, s6, s7);                                             \
        DIGEST_MIX(v0, v5, v10, v15, s8, s9);                                             \
        DIGEST_MIX(v1, v6, v11, v12, s10, s11);                                           \
        DIGEST_MIX(v2, v7, v8, v13, s12, s13);                                            \
        DIGEST_MIX(v3, v4, v9, v14, s14, s15);                                            \
    } while (0)

static void
digest_block(uint64_t state[8], const unsigned char *block, uint64_t read, int last)
{
    uint64_t m[16];
    for (int i = 0; i < 16; i++) {
        m[i] = digest_word(block + 8 * i);
    }
    uint64_t v0 = state[0], v1 = state[1], v2 = state[2], v3 = state[3];
    uint64_t v4 = state[4], v5 = state[5], v6 = state[6], v7 = state[7];
    uint64_t v8 = digest_start[0], v9 = digest_start[1], v10 = digest_start[2], v11 = digest_start[3];
    /* Two words count what was read; that of bodies never needs the second. */
    uint64_t v12 = digest_start[4] ^ read, v13 = digest_start[5];
    uint64_t v14 = last ? ~digest_start[6] : digest_start[6], v15 = digest_start[7];
    DIGEST_ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    DIGEST_ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
    DIGEST_ROUND(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);
    DIGEST_ROUND(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);
    DIGEST_ROUND(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);
    DIGEST_ROUND(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);
    DIGEST_ROUND(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);
    DIGEST_ROUND(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);
    DIGEST_ROUND(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5);
    DIGEST_ROUND(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0);
    DIGEST_ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    DIGEST_ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
    state[0] ^= v0 ^ v8;
    state[1] ^= v1 ^ v9;
    state[2] ^= v2 ^ v10;
    state[3] ^= v3 ^ v11;
    state[4] ^= v4 ^ v12;
    state[5] ^= v5 ^ v13;
    state[6] ^= v6 ^ v14;
    state[7] ^= v7 ^ v15;
}

/* The digest of some bytes in hexadecimal digits, without an end mark. */
static void
digest_hex(const unsigned char *bytes, size_t size, char hex[DIGEST_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t state[8];
    memcpy(state, digest_start, sizeof state);
    /* The parameters: eight bytes of digest, no key, one leaf, one level. */
    state[0] ^= 0x01010000U ^ 8U;
    uint64_t read = 0;
    while (size - read > DIGEST_BLOCK) {
        read += DIGEST_BLOCK;
        digest_block(state, bytes + read - DIGEST_BLOCK, read, 0);
    }
    unsigned char rest[DIGEST_BLOCK] = {0};
    if (size > read) {
        memcpy(rest, bytes + read, size - read);
    }
    digest_block(state, rest, size, 1);
    for (int i = 0; i < DIGEST_HEX; i++) {
        /* The first byte of the digest is the lowest of the first word, its high digit first. */
        hex[i] = digits[state[0] >> (8 * (i / 2) + (i % 2 ? 0 : 4)) & 15];
    }
}

#endif
