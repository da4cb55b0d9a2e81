#include "CLibsecret.h"
#include "CLinux.h"
#include <dlfcn.h>

#define NAME(name) #name,
static const char *const names[] = {LIBSECRET_FUNCTIONS(NAME)};
static struct libsecret_functions functions;

const struct libsecret_functions *libsecret_load(void) {
  return linux_load_library("libsecret-1.so.0", names, sizeof names / sizeof *names, &functions) ? &functions : NULL;
}

static GObject *(*constructor)(GType, guint, GObjectConstructParam *);

// libsecret's constructor sets g-flags to none, whatever they were set to before.
static GObject *construct(GType type, guint count, GObjectConstructParam *properties) {
  GObject *service = constructor(type, count, properties);
  GDBusProxyFlags flags = G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS |
      G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START_AT_CONSTRUCTION | G_DBUS_PROXY_FLAGS_NO_MATCH_RULE;
  functions.g_object_set(service, "g-flags", flags, NULL);
  return service;
}

static void initialize(gpointer class, gpointer data) {
  (void)data;
  GObjectClass *object = class;
  constructor = object->constructor;
  object->constructor = construct;
}

static GType service_type(void) {
  static GType type;
  if (!type) {
    GType parent = functions.secret_service_get_type();
    type = functions.g_type_register_static_simple(
        parent, "DaypassSecretService", sizeof(SecretServiceClass), initialize, sizeof(SecretService), NULL, 0);
  }
  return type;
}

void libsecret_prepare_session(void) {
  functions.g_type_class_ref(service_type());
  // libgcrypt looks at the processor and at its settings. A libsecret that was built with GnuTLS does not load it.
  void *library = dlopen("libgcrypt.so.20", RTLD_LAZY | RTLD_NOLOAD);
  const char *(*check_version)(const char *) = library ? dlsym(library, "gcry_check_version") : NULL;
  if (check_version) check_version(NULL);
}

void libsecret_open_session(GAsyncReadyCallback callback, void *data) {
  functions.g_async_initable_new_async(
      service_type(), G_PRIORITY_DEFAULT, NULL, callback, data, "flags", SECRET_SERVICE_OPEN_SESSION, NULL);
}
