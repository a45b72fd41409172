#pragma once
#include <zlib.h>

// deflateInit, deflateInit2 and inflateInit are macros, which Swift does not see.

static inline int everlock_deflate_init(z_stream *stream, int level)
{
    return deflateInit(stream, level);
}

// A gzip stream (RFC 1952) with zlib's usual window and memory.
static inline int everlock_gzip_init(z_stream *stream, int level)
{
    return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int everlock_inflate_init(z_stream *stream)
{
    return inflateInit(stream);
}
