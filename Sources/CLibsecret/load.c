#include "CLibsecret.h"
#include "CLinux.h"

#define NAME(name) #name,
static const char *const names[] = {LIBSECRET_FUNCTIONS(NAME)};
static struct libsecret_functions functions;

const struct libsecret_functions *libsecret_load(void) {
  return linux_load_library("libsecret-1.so.0", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}

void libsecret_open_session(struct libsecret_functions functions, GAsyncReadyCallback callback, void *data) {
  GDBusProxyFlags flags = G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS;
  functions.g_async_initable_new_async(
      functions.secret_service_get_type(), G_PRIORITY_DEFAULT, NULL, callback, data, "g-flags", flags,
      "g-bus-type", G_BUS_TYPE_SESSION, "g-name", "org.freedesktop.secrets",
      "g-object-path", "/org/freedesktop/secrets", "g-interface-name", "org.freedesktop.Secret.Service",
      "flags", SECRET_SERVICE_OPEN_SESSION, NULL);
}
