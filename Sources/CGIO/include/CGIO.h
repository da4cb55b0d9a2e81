// GIO, GLib's D-Bus client, opened on first use (Debian: libglib2.0-0).
#pragma once
#include <gio/gio.h>

#define GIO_FUNCTIONS(X) \
  X(g_dbus_connection_new_for_address) X(g_dbus_connection_new_for_address_finish) \
  X(g_dbus_connection_call) X(g_dbus_connection_call_finish) X(g_dbus_connection_is_closed) \
  X(g_dbus_connection_signal_subscribe) X(g_dbus_connection_signal_unsubscribe) \
  X(g_dbus_error_quark) X(g_dbus_error_register_error) X(g_dbus_error_strip_remote_error) X(g_io_error_quark) \
  X(g_quark_from_string) X(g_main_context_new) X(g_main_context_unref) X(g_main_context_iteration) \
  X(g_main_context_push_thread_default) X(g_main_context_pop_thread_default) \
  X(g_timeout_source_new) X(g_source_set_callback) X(g_source_attach) X(g_source_destroy) X(g_source_unref) \
  X(g_variant_ref) X(g_variant_unref) X(g_variant_new_object_path) X(g_variant_new_array) \
  X(g_variant_new_dict_entry) X(g_variant_new_string) X(g_variant_new_tuple) X(g_variant_new_variant) \
  X(g_variant_new_boolean) X(g_variant_new_fixed_array) X(g_variant_get_child_value) X(g_variant_get_variant) \
  X(g_variant_n_children) X(g_variant_get_string) X(g_variant_get_boolean) X(g_variant_get_uint64) \
  X(g_variant_get_fixed_array) X(g_variant_is_of_type) X(g_object_unref) X(g_error_free) X(g_log_set_writer_func)

struct gio_functions {
#define FIELD(name) __typeof__(&name) _Nonnull name;
  GIO_FUNCTIONS(FIELD)
#undef FIELD
};

/// The functions of GIO, or null when it is not installed.
const struct gio_functions *_Nullable gio_load(void);
