#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "include/powercut.h"

/// What a change of a file needs of the disk.
enum need { NEEDS_ROOM, NEEDS_NO_ROOM };

/// The switches; all zero where the test gave none.
extern struct switches *switches;

/// One step: an operation and its record. Neither may call what this library replaces.
void recorder_lock(void);
void recorder_unlock(void);

/// Appends a record. Called with the lock held; leaves errno alone.
void recorder_put(
    enum kind kind, int descriptor, int64_t offset, int64_t length,
    const void *first, size_t first_bytes, const void *second, size_t second_bytes);

/// A path as seen from the store's folder ("." for itself), or NULL where it lies outside.
const char *stored_path(int folder, const char *path, char *buffer, size_t room);

/// What a descriptor is to the recorder.
bool is_stored(int descriptor);
bool is_peer(int descriptor);
void mark_stored(int descriptor);
void mark_peer(int descriptor);
void forget(int descriptor);

/// Whether a change is to fail now; sets errno.
bool is_refused(enum need need);

/// Records what shared mappings of a descriptor hold. Called with the lock held.
void record_mappings(int descriptor);
