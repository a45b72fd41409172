#pragma once
// The plain functions are deprecated in favour of algorithms by name, and stay.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
