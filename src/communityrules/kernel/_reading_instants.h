/* Instants as the wire form writes them. Its twins are `wire.types.read_instant` and `model.zones.parse_instant`. */

#ifndef COMMUNITYRULES_READING_INSTANTS_H
#define COMMUNITYRULES_READING_INSTANTS_H

#include <stddef.h>
#include <stdint.h>

/* The value of two digits, or -1. */
static inline int
two_digits(const char *at)
{
    unsigned high = (unsigned char)at[0] - '0', low = (unsigned char)at[1] - '0';
    return high > 9 || low > 9 ? -1 : (int)(high * 10 + low);
}

static inline int
days_of_month(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01 in the Gregorian calendar, for years from 1 on. Years begin in March, so that the day that
   some have and some have not is their last. */
static inline int64_t
days_since_epoch(int year, int month, int day)
{
    int64_t from_march = month > 2 ? month - 3 : month + 9;
    int64_t years = month > 2 ? year : year - 1;
    return years * 365 + years / 4 - years / 100 + years / 400 + (from_march * 153 + 2) / 5 + day - 1 - 719468;
}

/* Whether `text` is a date and time with a zone in a year that is believed; `*instant` becomes its microseconds since
   the epoch. Digits beyond microseconds are cut off. */
static int
read_instant(const char *text, size_t size, int first_year, int last_year, int64_t *instant)
{
    /* The shortest there is: 2024-10-08T12:00Z. */
    if (size < 17 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') {
        return 0;
    }
    int century = two_digits(text), in_century = two_digits(text + 2);
    int month = two_digits(text + 5), day = two_digits(text + 8);
    int hour = two_digits(text + 11), minute = two_digits(text + 14);
    if (century < 0 || in_century < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return 0;
    }
    int year = century * 100 + in_century;
    if (year < first_year || year > last_year || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
        return 0;
    }
    const char *at = text + 16, *end = text + size;
    int second = 0;
    int64_t fraction = 0;
    if (*at == ':') {
        if (end - at < 4 || (second = two_digits(at + 1)) < 0 || second > 59) {
            return 0;
        }
        at += 3;
        if (*at == '.') {
            int count = 0;
            for (at++; at < end && *at >= '0' && *at <= '9'; at++, count++) {
                if (count < 6) {
                    fraction = fraction * 10 + (*at - '0');
                }
            }
            if (count < 1 || count > 9) {
                return 0;
            }
            for (; count < 6; count++) {
                fraction *= 10;
            }
        }
    }
    int ahead = 0;
    if (end - at == 6 && (*at == '+' || *at == '-') && at[3] == ':') {
        int hours = two_digits(at + 1), minutes = two_digits(at + 4);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return 0;
        }
        ahead = (hours * 60 + minutes) * (*at == '-' ? -60 : 60);
    }
    else if (end - at != 1 || *at != 'Z') {
        return 0;
    }
    int64_t seconds = days_since_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - ahead;
    *instant = seconds * 1000000 + fraction;
    return 1;
}

#endif
