// fsync and its kin, and memory that is a file.

#define _GNU_SOURCE
#include "recorder.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_MAPPINGS = 256 };

/// A shared, writable mapping of a file of the store.
struct mapping {
    char *start;
    size_t bytes;
    int descriptor;
    off_t offset;
};

// Guarded by the recorder's lock.
static struct mapping mappings[MAXIMUM_MAPPINGS];
static int64_t flushes;

/// A disk that does not answer, for as long as the test wants.
static void wait_while_held(bool is_data_only)
{
    const struct timespec pause = {0, 2000000};
    volatile const int32_t *held = &switches->held_flushes;
    while (*held & (is_data_only ? 1 : 2)) nanosleep(&pause, NULL);
}

static int flushed(int descriptor, long call, bool is_data_only)
{
    if (!is_stored(descriptor)) return (int)syscall(call, descriptor);
    wait_while_held(is_data_only);
    if (switches->flush_error) {
        errno = switches->flush_error;
        return -1;
    }
    if (switches->drops_flushes) return 0;
    recorder_lock();
    record_mappings(descriptor);
    int64_t number = ++flushes;
    recorder_put(KIND_FLUSH_BEGIN, descriptor, number, is_data_only, NULL, 0, NULL, 0);
    recorder_unlock();
    int result = (int)syscall(call, descriptor);
    recorder_lock();
    if (result == 0) recorder_put(KIND_FLUSH_END, descriptor, number, 0, NULL, 0, NULL, 0);
    recorder_unlock();
    return result;
}

int fsync(int descriptor) { return flushed(descriptor, SYS_fsync, false); }
int fdatasync(int descriptor) { return flushed(descriptor, SYS_fdatasync, true); }

// MARK: Mappings

void record_mappings(int descriptor)
{
    for (int index = 0; index < MAXIMUM_MAPPINGS; index++) {
        struct mapping *mapping = &mappings[index];
        if (mapping->start && mapping->descriptor == descriptor)
            recorder_put(KIND_WRITE, descriptor, mapping->offset, 0, mapping->start,
                mapping->bytes, NULL, 0);
    }
}

static void remember(void *start, size_t bytes, int descriptor, off_t offset)
{
    off_t end = syscall(SYS_lseek, descriptor, 0, SEEK_END);
    if (end >= 0 && offset + (off_t)bytes > end) bytes = end > offset ? (size_t)(end - offset) : 0;
    for (int index = 0; index < MAXIMUM_MAPPINGS; index++) {
        if (mappings[index].start) continue;
        mappings[index] = (struct mapping){start, bytes, descriptor, offset};
        return;
    }
    abort();
}

void *mmap(void *address, size_t bytes, int protection, int flags, int descriptor, off_t offset)
{
    bool is_watched = is_stored(descriptor) && (flags & MAP_TYPE) != MAP_PRIVATE
        && (protection & PROT_WRITE);
    off_t place = is_watched ? syscall(SYS_lseek, descriptor, 0, SEEK_CUR) : 0;
    void *start = (void *)syscall(SYS_mmap, address, bytes, protection, flags, descriptor, offset);
    if (!is_watched || start == MAP_FAILED) return start;
    recorder_lock();
    remember(start, bytes, descriptor, offset);
    syscall(SYS_lseek, descriptor, place, SEEK_SET);
    recorder_unlock();
    return start;
}

void *mmap64(void *address, size_t bytes, int protection, int flags, int descriptor, off64_t offset)
{
    return mmap(address, bytes, protection, flags, descriptor, offset);
}

int munmap(void *start, size_t bytes)
{
    recorder_lock();
    for (int index = 0; index < MAXIMUM_MAPPINGS; index++) {
        struct mapping *mapping = &mappings[index];
        if (mapping->start != start || !start) continue;
        recorder_put(KIND_WRITE, mapping->descriptor, mapping->offset, 0, mapping->start,
            mapping->bytes, NULL, 0);
        mapping->start = NULL;
    }
    int result = (int)syscall(SYS_munmap, start, bytes);
    recorder_unlock();
    return result;
}

int msync(void *start, size_t bytes, int flags)
{
    int descriptor = -1;
    recorder_lock();
    for (int index = 0; index < MAXIMUM_MAPPINGS; index++)
        if (mappings[index].start && mappings[index].start <= (char *)start
            && (char *)start < mappings[index].start + mappings[index].bytes)
            descriptor = mappings[index].descriptor;
    recorder_unlock();
    if (descriptor >= 0 && (flags & MS_SYNC)) return fdatasync(descriptor);
    return (int)syscall(SYS_msync, start, bytes, flags);
}
