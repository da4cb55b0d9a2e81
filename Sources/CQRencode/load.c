#include "CQRencode.h"
#include "CLinux.h"

LINUX_LIBRARY(libqrencode, "libqrencode.so.4", LIBQRENCODE_FUNCTIONS)
