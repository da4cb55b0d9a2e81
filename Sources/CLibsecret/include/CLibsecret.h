// libsecret, and GLib's D-Bus client on which it stands, opened on first use (Debian: libsecret-1-0).
#pragma once
// The functions that encrypt a secret for the bus. They are outside libsecret's promise of a stable API, and have not
// changed since 0.7.
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>

#define LIBSECRET_FUNCTIONS(X) \
  X(secret_service_get_type) X(secret_service_get_session_algorithms) X(secret_service_get_session_dbus_path) \
  X(secret_service_encode_dbus_secret) \
  X(secret_service_decode_dbus_secret) X(secret_value_new) X(secret_value_get) X(secret_value_unref) \
  X(secret_error_get_quark) X(secret_service_ensure_session) X(secret_service_ensure_session_finish) \
  X(g_dbus_connection_new_for_address) X(g_dbus_connection_new_for_address_finish) \
  X(g_dbus_connection_call) X(g_dbus_connection_call_finish) X(g_dbus_connection_is_closed) \
  X(g_dbus_connection_signal_subscribe) X(g_dbus_connection_signal_unsubscribe) \
  X(g_dbus_error_quark) X(g_dbus_error_register_error) X(g_dbus_error_strip_remote_error) X(g_io_error_quark) \
  X(g_main_context_new) X(g_main_context_unref) X(g_main_context_iteration) \
  X(g_main_context_push_thread_default) X(g_main_context_pop_thread_default) \
  X(g_timeout_source_new) X(g_source_set_callback) X(g_source_attach) X(g_source_destroy) X(g_source_unref) \
  X(g_variant_ref) X(g_variant_unref) X(g_variant_new_object_path) X(g_variant_new_array) \
  X(g_variant_new_dict_entry) X(g_variant_new_string) X(g_variant_new_tuple) X(g_variant_new_variant) \
  X(g_variant_new_boolean) X(g_variant_get_child_value) X(g_variant_get_variant) \
  X(g_variant_n_children) X(g_variant_get_string) X(g_variant_get_boolean) X(g_variant_get_uint64) \
  X(g_variant_is_of_type) X(g_object_new) X(g_object_ref) X(g_object_unref) \
  X(g_type_class_ref) X(g_error_free) X(g_log_set_writer_func)

struct libsecret_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBSECRET_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libsecret, or null if it is not installed.
const struct libsecret_functions *_Nullable libsecret_load(void);

/// Sets up what libsecret and libgcrypt need for the first session. To be called while the process waits for the bus:
/// opening a session then takes 0.3 ms less.
void libsecret_prepare_session(void);

/// Begins to open a session with the Secret Service on the bus of `connection`, encrypted if the service can. Computes a
/// key for it first, which takes a millisecond. The callback gets the SecretService as its source, and the result by
/// secret_service_ensure_session_finish.
void libsecret_open_session(
    GDBusConnection *_Nonnull connection, GAsyncReadyCallback _Nonnull callback, void *_Nullable data);
