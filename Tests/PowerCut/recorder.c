#define _GNU_SOURCE
#include "recorder.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAXIMUM_DESCRIPTORS = 65536 };
enum mark { MARK_NONE, MARK_STORED, MARK_PEER };

static struct switches no_switches;
struct switches *switches = &no_switches;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int log_descriptor = -1;
static char store[PATH_MAX];
static char real_store[PATH_MAX];
static volatile unsigned char marks[MAXIMUM_DESCRIPTORS];

/// Ends the program: a log with a hole in it would prove nothing.
static void give_up(const char *what)
{
    syscall(SYS_write, STDERR_FILENO, what, strlen(what));
    _exit(70);
}

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("EVERLOCK_FAULTS_SWITCHES");
    if (path) {
        int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
        void *map = (void *)syscall(
            SYS_mmap, NULL, sizeof *switches, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (descriptor < 0 || map == MAP_FAILED) give_up("powercut: no switches\n");
        switches = map;
    }
    path = getenv("EVERLOCK_FAULTS_STORE");
    if (!path) return;
    snprintf(store, sizeof store, "%s", path);
    if (!realpath(path, real_store)) give_up("powercut: no store\n");
    path = getenv("EVERLOCK_FAULTS_LOG");
    if (!path) return;
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    log_descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
    if (log_descriptor < 0) give_up("powercut: no log\n");
    recorder_lock();
    recorder_put(KIND_START, -1, 0, 0, NULL, 0, NULL, 0);
    recorder_unlock();
}

void recorder_lock(void) { pthread_mutex_lock(&mutex); }

void recorder_unlock(void)
{
    int kept = errno;
    pthread_mutex_unlock(&mutex);
    errno = kept;
}

void recorder_put(
    enum kind kind, int descriptor, int64_t offset, int64_t length,
    const void *first, size_t first_bytes, const void *second, size_t second_bytes)
{
    if (log_descriptor < 0) return;
    int kept = errno;
    struct record record = {
        .kind = kind, .descriptor = descriptor, .offset = offset, .length = length,
        .first_bytes = (uint32_t)first_bytes, .second_bytes = (uint32_t)second_bytes,
    };
    struct iovec parts[] = {
        {&record, sizeof record}, {(void *)first, first_bytes}, {(void *)second, second_bytes},
    };
    long wanted = (long)(sizeof record + first_bytes + second_bytes);
    if (syscall(SYS_writev, log_descriptor, parts, 3) != wanted) give_up("powercut: log full\n");
    errno = kept;
}

// MARK: Paths

/// What of a path lies behind a folder's own, or NULL.
static const char *behind(const char *folder, const char *path)
{
    size_t length = strlen(folder);
    if (length == 0 || strncmp(folder, path, length) != 0) return NULL;
    if (path[length] == 0) return ".";
    if (path[length] != '/') return NULL;
    while (path[length] == '/') length++;
    return path[length] ? path + length : ".";
}

/// Takes out doubled slashes, "." and one at the end; ".." is not followed: nobody writes it here.
static void tidy(char *path)
{
    char *to = path;
    for (char *from = path; *from;) {
        if (from[0] == '/' && (from[1] == '/' || from[1] == 0)) from++;
        else if (from[0] == '/' && from[1] == '.' && (from[2] == '/' || from[2] == 0)) from += 2;
        else *to++ = *from++;
    }
    *to = 0;
}

const char *stored_path(int folder, const char *path, char *buffer, size_t room)
{
    if (!store[0] || !path) return NULL;
    if (path[0] == '/') {
        snprintf(buffer, room, "%s", path);
    } else {
        char link[64], base[PATH_MAX];
        snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d",
            folder);
        long length = syscall(SYS_readlinkat, AT_FDCWD, link, base, sizeof base - 1);
        if (length < 0) return NULL;
        base[length] = 0;
        snprintf(buffer, room, "%s/%s", base, path);
    }
    tidy(buffer);
    const char *found = behind(store, buffer);
    return found ? found : behind(real_store, buffer);
}

// MARK: Descriptors

static bool has_mark(int descriptor, enum mark mark)
{
    return descriptor >= 0 && descriptor < MAXIMUM_DESCRIPTORS && marks[descriptor] == mark;
}

static void set_mark(int descriptor, enum mark mark)
{
    if (descriptor >= MAXIMUM_DESCRIPTORS) give_up("powercut: too many descriptors\n");
    if (descriptor >= 0) marks[descriptor] = (unsigned char)mark;
}

bool is_stored(int descriptor) { return has_mark(descriptor, MARK_STORED); }
bool is_peer(int descriptor) { return has_mark(descriptor, MARK_PEER); }
void mark_stored(int descriptor) { set_mark(descriptor, MARK_STORED); }
void mark_peer(int descriptor) { set_mark(descriptor, MARK_PEER); }
void forget(int descriptor) { set_mark(descriptor, MARK_NONE); }

// MARK: Refusals

bool is_refused(enum need need)
{
    int error = __atomic_load_n(&switches->write_error, __ATOMIC_ACQUIRE);
    if (error == 0 || (error == ENOSPC && need == NEEDS_NO_ROOM)) return false;
    if (__atomic_fetch_sub(&switches->writes_left, 1, __ATOMIC_ACQ_REL) > 0) return false;
    __atomic_store_n(&switches->writes_left, 0, __ATOMIC_RELEASE);
    __atomic_fetch_add(&switches->refusals, 1, __ATOMIC_ACQ_REL);
    errno = error;
    return true;
}
