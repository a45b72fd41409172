#pragma once
#include <zlib.h>

// deflateInit and inflateInit are macros, which Swift does not see.

static inline int everlock_deflate_init(z_stream *stream, int level)
{
    return deflateInit(stream, level);
}

static inline int everlock_inflate_init(z_stream *stream)
{
    return inflateInit(stream);
}
