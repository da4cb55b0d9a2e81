// libsecret and the GLib calls it needs, opened on first use (Debian: libsecret-1-0).
#pragma once
// The functions that name items by their object paths. They are outside libsecret's promise of a stable API, and have
// not changed since 0.7; the others make a proxy per item, with four round trips each.
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>

#define LIBSECRET_FUNCTIONS(X) \
  X(secret_service_get_type) X(secret_service_get_session_algorithms) X(g_initable_new) \
  X(secret_service_get_secret_for_dbus_path_sync) \
  X(secret_service_delete_item_dbus_path_sync) X(g_main_context_iteration) X(secret_service_store_sync) \
  X(secret_value_new) X(secret_value_get) X(secret_value_unref) \
  X(secret_schema_newv) X(secret_schema_unref) X(secret_error_get_quark) \
  X(g_dbus_connection_set_exit_on_close) X(g_dbus_connection_call) X(g_dbus_connection_call_finish) \
  X(g_dbus_connection_signal_subscribe) X(g_dbus_connection_signal_unsubscribe) X(g_dbus_connection_is_closed) \
  X(g_dbus_error_quark) X(g_dbus_error_register_error) X(g_dbus_error_strip_remote_error) X(g_io_error_quark) X(g_bus_get_sync) \
  X(g_variant_ref) X(g_variant_new_object_path) X(g_variant_new_array) X(g_variant_new_dict_entry) \
  X(g_variant_new_string) X(g_variant_new_tuple) X(g_variant_get_child_value) X(g_variant_get_variant) \
  X(g_variant_n_children) X(g_variant_get_string) X(g_variant_get_boolean) X(g_variant_get_uint32) X(g_variant_get_uint64) \
  X(g_variant_is_of_type) X(g_variant_unref) \
  X(g_hash_table_new_full) X(g_hash_table_insert) \
  X(g_hash_table_unref) X(g_str_hash) X(g_str_equal) X(g_strdup) X(g_free) X(g_strfreev) \
  X(g_object_unref) X(g_error_free) X(g_log_set_writer_func)

struct libsecret_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  LIBSECRET_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of libsecret, or null when it is not installed.
const struct libsecret_functions *_Nullable libsecret_load(void);

/// A new connection with the Secret Service, with an encrypted session where the service has one, on the session bus of
/// the process. Unlike secret_service_get_sync it asks for no properties and no signals, which nobody here looks at.
SecretService *_Nullable libsecret_open_session(
    struct libsecret_functions functions, GError *_Nullable *_Nullable error);
