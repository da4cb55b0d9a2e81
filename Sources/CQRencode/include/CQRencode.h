// libqrencode, opened on first use (Debian: libqrencode4).
#pragma once
#include <qrencode.h>
#include <stddef.h>

#define LIBQRENCODE_FUNCTIONS(X) \
  X(QRcode_encodeString)

struct libqrencode_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBQRENCODE_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libqrencode, or null if it is not installed.
const struct libqrencode_functions *_Nullable libqrencode_load(void);

enum {
  /// Bytes of text in a code, far more than a terminal has room for.
  LIBQRENCODE_TEXT_LIMIT = 1024,
  /// Modules a side of the largest code there is (ISO/IEC 18004, version 40).
  LIBQRENCODE_WIDTH_LIMIT = 177,
};

/// Makes the smallest code of error correction level L that holds `count` bytes of `text`, which has no NUL in it, and
/// writes its modules row by row, a byte each, 1 for dark. Returns the modules a side, or -1 with errno set.
///
/// libqrencode leaves pieces of the text in memory that it frees, so it works in a child process and they go with it.
int libqrencode_encode(const struct libqrencode_functions *_Nonnull library, const void *_Nonnull text, size_t count,
                       unsigned char *_Nonnull modules);
