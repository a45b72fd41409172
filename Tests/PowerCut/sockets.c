// What comes from and goes to those whom the program has accepted.

#define _GNU_SOURCE
#include "recorder.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void recorded(enum kind kind, int descriptor, const void *bytes, ssize_t count)
{
    if (count <= 0 || !is_peer(descriptor)) return;
    recorder_lock();
    recorder_put(kind, descriptor, 0, 0, bytes, (size_t)count, NULL, 0);
    recorder_unlock();
}

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
    int descriptor = (int)syscall(SYS_accept4, listener, address, length, flags);
    if (descriptor < 0) return descriptor;
    recorder_lock();
    mark_peer(descriptor);
    recorder_put(KIND_ACCEPT, descriptor, 0, 0, NULL, 0, NULL, 0);
    recorder_unlock();
    return descriptor;
}

int accept(int listener, struct sockaddr *address, socklen_t *length)
{
    return accept4(listener, address, length, 0);
}

ssize_t recvfrom(
    int descriptor, void *bytes, size_t count, int flags, struct sockaddr *address,
    socklen_t *length)
{
    ssize_t got = syscall(SYS_recvfrom, descriptor, bytes, count, flags, address, length);
    if (!(flags & MSG_PEEK)) recorded(KIND_RECEIVED, descriptor, bytes, got);
    return got;
}

ssize_t recv(int descriptor, void *bytes, size_t count, int flags)
{
    return recvfrom(descriptor, bytes, count, flags, NULL, NULL);
}

ssize_t read(int descriptor, void *bytes, size_t count)
{
    ssize_t got = syscall(SYS_read, descriptor, bytes, count);
    recorded(KIND_RECEIVED, descriptor, bytes, got);
    return got;
}

ssize_t sendto(
    int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *address,
    socklen_t length)
{
    recorded(KIND_SENT, descriptor, bytes, (ssize_t)count);
    return syscall(SYS_sendto, descriptor, bytes, count, flags, address, length);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags)
{
    return sendto(descriptor, bytes, count, flags, NULL, 0);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    for (size_t index = 0; index < message->msg_iovlen; index++)
        recorded(KIND_SENT, descriptor, message->msg_iov[index].iov_base,
            (ssize_t)message->msg_iov[index].iov_len);
    return syscall(SYS_sendmsg, descriptor, message, flags);
}
