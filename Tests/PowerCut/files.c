// The calls that change files and folders.
//
// Glibc's names are declared here by hand: its headers give some of them, such as open64, other
// bodies. Each ends in the system call itself.

#define _GNU_SOURCE
#include "recorder.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// MARK: Opening

static int opened(int folder, const char *path, int flags, unsigned mode)
{
    char buffer[PATH_MAX];
    const char *inside = stored_path(folder, path, buffer, sizeof buffer);
    if (!inside) return (int)syscall(SYS_openat, folder, path, flags, mode);
    bool creates = (flags & O_CREAT) && syscall(SYS_faccessat, folder, path, F_OK) != 0;
    bool changes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (changes && (creates || switches->write_error != ENOSPC)
        && is_refused(creates ? NEEDS_ROOM : NEEDS_NO_ROOM)) return -1;
    recorder_lock();
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (descriptor >= 0) {
        mark_stored(descriptor);
        recorder_put(KIND_OPEN, descriptor, flags, 0, inside, strlen(inside), NULL, 0);
    }
    recorder_unlock();
    return descriptor;
}

static unsigned mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, unsigned) : 0;
}

#define OPEN(NAME)                                                                                 \
    int NAME(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return opened(AT_FDCWD, path, flags, mode);                                                \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(NAME)                                                                               \
    int NAME(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return opened(folder, path, flags, mode);                                                  \
    }
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }

int creat(const char *path, mode_t mode)
{
    return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int descriptor)
{
    // The mark goes first: the number is another thread's as soon as the call is made.
    if (is_stored(descriptor) || is_peer(descriptor)) forget(descriptor);
    return (int)syscall(SYS_close, descriptor);
}

// MARK: Writing

/// Writes pieces at an offset, or where the descriptor stands (-1), and records what was written.
static ssize_t written(int descriptor, const struct iovec *parts, int count, off_t offset)
{
    struct iovec half;
    if (is_refused(NEEDS_ROOM)) {
        // A disk that fills up takes the beginning first.
        if (errno != ENOSPC || count == 0 || parts[0].iov_len < 2) return -1;
        half = (struct iovec){parts[0].iov_base, parts[0].iov_len / 2};
        parts = &half;
        count = 1;
    }
    recorder_lock();
    ssize_t done = offset < 0
        ? syscall(SYS_writev, descriptor, parts, count)
        : syscall(SYS_pwritev, descriptor, parts, count, (long)offset, 0L);
    off_t start = offset >= 0 ? offset : syscall(SYS_lseek, descriptor, 0, SEEK_CUR) - done;
    ssize_t left = done;
    for (int index = 0; index < count && left > 0; index++) {
        size_t bytes = parts[index].iov_len < (size_t)left ? parts[index].iov_len : (size_t)left;
        recorder_put(KIND_WRITE, descriptor, start, 0, parts[index].iov_base, bytes, NULL, 0);
        start += (off_t)bytes;
        left -= (ssize_t)bytes;
    }
    recorder_unlock();
    return done;
}

static void sent(int descriptor, const void *bytes, size_t count)
{
    recorder_lock();
    recorder_put(KIND_SENT, descriptor, 0, 0, bytes, count, NULL, 0);
    recorder_unlock();
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    if (is_peer(descriptor)) sent(descriptor, bytes, count);
    if (!is_stored(descriptor)) return syscall(SYS_write, descriptor, bytes, count);
    struct iovec part = {(void *)bytes, count};
    return written(descriptor, &part, 1, -1);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    for (int index = 0; is_peer(descriptor) && index < count; index++)
        sent(descriptor, parts[index].iov_base, parts[index].iov_len);
    if (!is_stored(descriptor)) return syscall(SYS_writev, descriptor, parts, count);
    return written(descriptor, parts, count, -1);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    if (!is_stored(descriptor)) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
    struct iovec part = {(void *)bytes, count};
    return written(descriptor, &part, 1, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset)
{
    if (is_stored(descriptor)) return written(descriptor, parts, count, offset);
    return syscall(SYS_pwritev, descriptor, parts, count, (long)offset, 0L);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset)
{
    return pwritev(descriptor, parts, count, offset);
}

// MARK: Sizes

int ftruncate(int descriptor, off_t length)
{
    if (is_stored(descriptor) && is_refused(NEEDS_NO_ROOM)) return -1;
    recorder_lock();
    int result = (int)syscall(SYS_ftruncate, descriptor, length);
    if (result == 0 && is_stored(descriptor))
        recorder_put(KIND_RESIZE, descriptor, 0, length, NULL, 0, NULL, 0);
    recorder_unlock();
    return result;
}

int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }

/// Room for later writes. Of the modes only the plain one and FALLOC_FL_KEEP_SIZE are known here.
int fallocate(int descriptor, int mode, off_t offset, off_t length)
{
    if (is_stored(descriptor)) {
        if (mode & ~FALLOC_FL_KEEP_SIZE) {
            errno = EOPNOTSUPP;
            return -1;
        }
        if (is_refused(NEEDS_ROOM)) return -1;
    }
    recorder_lock();
    int result = (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
    if (result == 0 && mode == 0 && is_stored(descriptor))
        recorder_put(KIND_ALLOCATE, descriptor, 0, offset + length, NULL, 0, NULL, 0);
    recorder_unlock();
    return result;
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t length)
{
    return fallocate(descriptor, mode, offset, length);
}

int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    int kept = errno;
    int result = fallocate(descriptor, 0, offset, length) == 0 ? 0 : errno;
    errno = kept;
    return result;
}

int posix_fallocate64(int descriptor, off64_t offset, off64_t length)
{
    return posix_fallocate(descriptor, offset, length);
}

// MARK: Names

/// Records a call that has one name or two, where it succeeds.
static int named(
    enum kind kind, const char *first, const char *second, long (*call)(const void *),
    const void *arguments)
{
    recorder_lock();
    int result = (int)call(arguments);
    if (result == 0 && first)
        recorder_put(kind, -1, 0, 0, first, strlen(first), second, second ? strlen(second) : 0);
    recorder_unlock();
    return result;
}

struct names {
    int from_folder, to_folder, flags;
    const char *from, *to;
    mode_t mode;
};

static long call_rename(const void *arguments)
{
    const struct names *names = arguments;
    return syscall(SYS_renameat2, names->from_folder, names->from, names->to_folder, names->to,
        names->flags);
}

static long call_link(const void *arguments)
{
    const struct names *names = arguments;
    return syscall(SYS_linkat, names->from_folder, names->from, names->to_folder, names->to,
        names->flags);
}

static long call_unlink(const void *arguments)
{
    const struct names *names = arguments;
    return syscall(SYS_unlinkat, names->from_folder, names->from, names->flags);
}

static long call_mkdir(const void *arguments)
{
    const struct names *names = arguments;
    return syscall(SYS_mkdirat, names->from_folder, names->from, names->mode);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    char old[PATH_MAX], new[PATH_MAX];
    const char *first = stored_path(from_folder, from, old, sizeof old);
    const char *second = stored_path(to_folder, to, new, sizeof new);
    if (first && second && is_refused(NEEDS_ROOM)) return -1;
    struct names names = {from_folder, to_folder, (int)flags, from, to, 0};
    return named(KIND_RENAME, second ? first : NULL, second, call_rename, &names);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return renameat2(from_folder, from, to_folder, to, 0);
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    char old[PATH_MAX], new[PATH_MAX];
    const char *first = stored_path(from_folder, from, old, sizeof old);
    const char *second = stored_path(to_folder, to, new, sizeof new);
    if (first && second && is_refused(NEEDS_ROOM)) return -1;
    struct names names = {from_folder, to_folder, flags, from, to, 0};
    return named(KIND_LINK, second ? first : NULL, second, call_link, &names);
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *path, int flags)
{
    char buffer[PATH_MAX];
    const char *inside = stored_path(folder, path, buffer, sizeof buffer);
    if (inside && is_refused(NEEDS_NO_ROOM)) return -1;
    struct names names = {folder, 0, flags, path, NULL, 0};
    enum kind kind = flags & AT_REMOVEDIR ? KIND_RMDIR : KIND_UNLINK;
    return named(kind, inside, NULL, call_unlink, &names);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode)
{
    char buffer[PATH_MAX];
    const char *inside = stored_path(folder, path, buffer, sizeof buffer);
    if (inside && is_refused(NEEDS_ROOM)) return -1;
    struct names names = {folder, 0, 0, path, NULL, mode};
    return named(KIND_MKDIR, inside, NULL, call_mkdir, &names);
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
