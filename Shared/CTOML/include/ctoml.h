// A C face for toml++, so that Swift reads TOML without C++ interoperability and without Foundation.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum everlock_toml_kind {
    EVERLOCK_TOML_STRING = 1,
    EVERLOCK_TOML_INTEGER,
    EVERLOCK_TOML_BOOLEAN,
    EVERLOCK_TOML_OTHER, // a float, a date or a time: read, and of no use to any setting
    EVERLOCK_TOML_BEGIN_TABLE,
    EVERLOCK_TOML_BEGIN_ARRAY,
    EVERLOCK_TOML_END,
};

/// One step of the walk over a document. The texts are valid during the callback only.
struct everlock_toml_event {
    enum everlock_toml_kind kind;
    uint32_t line;
    uint32_t column;
    const char *key; // NULL inside an array, at the root and at an end
    size_t key_bytes;
    const char *text; // of a string
    size_t text_bytes;
    int64_t integer; // of an integer; of a boolean 0 or 1
};

typedef void (*everlock_toml_callback)(void *context, const struct everlock_toml_event *event);

struct everlock_toml_error {
    uint32_t line;
    char message[256];
};

/// Parses a document and walks it. Returns 0, or -1 with the error filled in and no callback made.
int everlock_toml_parse(const char *bytes, size_t count, everlock_toml_callback callback,
                        void *context, struct everlock_toml_error *error);

#ifdef __cplusplus
}
#endif
