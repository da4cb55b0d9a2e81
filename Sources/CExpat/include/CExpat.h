// Expat, the streaming XML parser, opened on first use (Debian: libexpat1).
#pragma once
#include <expat.h>

#define LIBEXPAT_FUNCTIONS(X) \
  X(XML_ParserCreate_MM) X(XML_Parse) X(XML_ParserFree)

struct libexpat_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBEXPAT_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of Expat, or null when it is not installed.
const struct libexpat_functions *_Nullable libexpat_load(void);
