#include "COpenSSL.h"
#include "CLinux.h"

LINUX_LIBRARY(libcrypto, "libcrypto.so.3", LIBCRYPTO_FUNCTIONS)
