// Expat, the streaming XML parser, opened on first use (Debian: libexpat1).
#pragma once
#include <expat.h>

#define LIBEXPAT_FUNCTIONS(X) \
  X(XML_ParserCreate_MM) X(XML_Parse) X(XML_ParserFree) X(XML_SetUserData) X(XML_SetElementHandler) \
  X(XML_SetCharacterDataHandler) X(XML_SetStartDoctypeDeclHandler) X(XML_StopParser)

struct libexpat_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBEXPAT_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of Expat, or null if it is not installed.
const struct libexpat_functions *_Nullable libexpat_load(void);

/// A parser that reads UTF-8 whatever the document declares (UTF-16 if its first bytes show it), leaves
/// namespaces alone, and wipes all memory it gives back: answers carry secrets. Null if there is no memory.
XML_Parser _Nullable libexpat_parser(const struct libexpat_functions *_Nonnull library);
