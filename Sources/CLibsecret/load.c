#include "CLibsecret.h"
#include "CLinux.h"
#include <dlfcn.h>

LINUX_LIBRARY(libsecret, "libsecret-1.so.0", LIBSECRET_FUNCTIONS)

void libsecret_prepare_session(void) {
  functions.g_type_class_ref(functions.secret_service_get_type());
  // libgcrypt looks at the processor and at its settings. A libsecret that was built with GnuTLS does not load it.
  void *library = dlopen("libgcrypt.so.20", RTLD_LAZY | RTLD_NOLOAD);
  const char *(*check_version)(const char *) = library ? dlsym(library, "gcry_check_version") : NULL;
  if (check_version) check_version(NULL);
}

void libsecret_open_session(GDBusConnection *connection, GAsyncReadyCallback callback, void *data) {
  // An object that was not initialized: GDBusProxy's initialization asks who owns the bus name, for properties and for
  // signals, and a call of a method needs none of it.
  SecretService *service =
      functions.g_object_new(functions.secret_service_get_type(), "g-connection", connection, NULL);
  functions.secret_service_ensure_session(service, NULL, callback, data);
  functions.g_object_unref(service);
}
