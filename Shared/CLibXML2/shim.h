#pragma once
#include <stddef.h>
#include <libxml/xmlversion.h>
// libxml2's encoding.h would bring ICU's headers in for two members of a struct that nobody here
// looks into; Foundation has an ICU of its own, and a file that sees both does not compile.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
