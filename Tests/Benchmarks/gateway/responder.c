#define _GNU_SOURCE
/* The least that can stand behind a gateway: answers every request with the same card.
 *
 *   responder http PORT|PATH    HTTP/1.1, what nginx forwards to
 *   responder frames PATH       frames, what frontend-http forwards to
 *
 * A thread for each connection, one read and one write for each request. Requests have no body.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { body_bytes = 500, hello = 1, request_head = 2, response_head = 3, body_frame = 4, end = 5 };

static int is_framed;
static char answer[2048];
static size_t answer_bytes;
static char greeting[32];
static size_t greeting_bytes;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static size_t put(char *to, size_t at, const void *bytes, size_t count) {
    memcpy(to + at, bytes, count);
    return at + count;
}

static size_t put_number(char *to, size_t at, uint64_t number, int bytes) {
    while (bytes-- > 0) to[at++] = (char)(number >> (8 * bytes));
    return at;
}

static size_t put_text(char *to, size_t at, const char *text) {
    at = put_number(to, at, strlen(text), 2);
    return put(to, at, text, strlen(text));
}

static size_t put_header(char *to, size_t at, uint32_t length, int type) {
    at = put_number(to, at, length, 4);
    at = put_number(to, at, (uint64_t)type, 1);
    return put_number(to, at, 0, 5);
}

static void prepare(void) {
    char card[body_bytes];
    memset(card, 'a', sizeof card);
    if (!is_framed) {
        int head = snprintf(answer, sizeof answer,
            "HTTP/1.1 200 OK\r\ncontent-type: text/vcard; charset=utf-8\r\netag: \"0123456789\"\r\n"
            "content-length: %d\r\n\r\n", body_bytes);
        answer_bytes = put(answer, (size_t)head, card, sizeof card);
        return;
    }
    greeting_bytes = put_header(greeting, 0, 10, hello);
    greeting_bytes = put_number(greeting, greeting_bytes, 1, 2);
    greeting_bytes = put_number(greeting, greeting_bytes, 128 * 1024, 4);
    greeting_bytes = put_number(greeting, greeting_bytes, 64 * 1024, 4);
    char head[256];
    size_t at = put_number(head, 0, 200, 2);
    at = put_number(head, at, 2, 2);
    at = put_text(head, at, "content-type");
    at = put_text(head, at, "text/vcard; charset=utf-8");
    at = put_text(head, at, "etag");
    at = put_text(head, at, "\"0123456789\"");
    at = put_number(head, at, 1, 1);
    at = put_number(head, at, body_bytes, 8);
    answer_bytes = put_header(answer, 0, (uint32_t)at, response_head);
    answer_bytes = put(answer, answer_bytes, head, at);
    answer_bytes = put_header(answer, answer_bytes, body_bytes, body_frame);
    answer_bytes = put(answer, answer_bytes, card, sizeof card);
    answer_bytes = put_header(answer, answer_bytes, 0, end);
}

static int send_all(int peer, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(peer, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 1;
}

/* Takes whole requests off the buffer; returns how many bytes they were, or -1. */
static ssize_t take_http(const char *buffer, size_t count) {
    const char *found = memmem(buffer, count, "\r\n\r\n", 4);
    return found ? found + 4 - buffer : 0;
}

static ssize_t take_frame(const char *buffer, size_t count, int *type) {
    if (count < 10) return 0;
    const unsigned char *head = (const unsigned char *)buffer;
    size_t length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (count < 10 + length) return 0;
    *type = head[4];
    return (ssize_t)(10 + length);
}

static void *serve(void *argument) {
    int peer = (int)(intptr_t)argument;
    char buffer[64 * 1024];
    size_t count = 0;
    for (;;) {
        ssize_t got = recv(peer, buffer + count, sizeof buffer - count, 0);
        if (got <= 0) break;
        count += (size_t)got;
        for (;;) {
            int type = end;
            ssize_t taken = is_framed ? take_frame(buffer, count, &type) : take_http(buffer, count);
            if (taken <= 0) break;
            memmove(buffer, buffer + taken, count - (size_t)taken);
            count -= (size_t)taken;
            int is_sent = 1;
            if (type == hello) is_sent = send_all(peer, greeting, greeting_bytes);
            if (type == end) is_sent = send_all(peer, answer, answer_bytes);
            if (!is_sent) goto gone;
        }
    }
gone:
    close(peer);
    return NULL;
}

static int listen_at(const char *place) {
    int port = atoi(place);
    int listener = socket(port ? AF_INET : AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_in internet = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    strncpy(local.sun_path, place, sizeof local.sun_path - 1);
    const struct sockaddr *address = port ? (void *)&internet : (void *)&local;
    if (listener < 0 || bind(listener, address, port ? sizeof internet : sizeof local) < 0 ||
        listen(listener, 512) < 0)
        fail(place);
    return listener;
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: responder http PORT|PATH\n       responder frames PATH\n");
        return 64;
    }
    is_framed = strcmp(words[1], "frames") == 0;
    prepare();
    int listener = listen_at(words[2]);
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        if (peer < 0) continue;
        int on = 1;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)peer) != 0) close(peer);
        else pthread_detach(thread);
    }
}
