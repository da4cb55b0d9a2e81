// The kernel's key retention service (keyrings(7)), which glibc does not wrap, with its arguments typed.
#pragma once
#include <linux/keyctl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Keyrings by role: of this process alone (process-keyring(7)), of all processes of this user (user-keyring(7)).
static const int32_t linux_process_keyring = KEY_SPEC_PROCESS_KEYRING;
static const int32_t linux_user_keyring = KEY_SPEC_USER_KEYRING;

/// Adds a key, or gives one of the same type and description a new payload (add_key(2)); -1 with errno on failure.
static inline int32_t linux_add_key(const char *_Nonnull type, const char *_Nonnull description,
                                    const void *_Nullable payload, size_t count, int32_t keyring) {
  return (int32_t)syscall(SYS_add_key, type, description, payload, count, keyring);
}

/// The key of this type and description in a keyring and those linked to it (keyctl_search(3)).
static inline int32_t linux_find_key(int32_t keyring, const char *_Nonnull type, const char *_Nonnull description) {
  return (int32_t)syscall(SYS_keyctl, KEYCTL_SEARCH, keyring, type, description, 0);
}

/// The size of a key's payload, which is copied to `buffer` up to `count` bytes (keyctl_read(3)).
static inline long linux_read_key(int32_t key, void *_Nullable buffer, size_t count) {
  return syscall(SYS_keyctl, KEYCTL_READ, key, buffer, count);
}

/// `type;uid;gid;permissions;description` and its size with the NUL (keyctl_describe(3)).
static inline long linux_describe_key(int32_t key, char *_Nullable buffer, size_t count) {
  return syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buffer, count);
}

static inline long linux_set_key_permissions(int32_t key, uint32_t permissions) {
  return syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions);
}

/// Makes the kernel end the key after `seconds` (keyctl_set_timeout(3)).
static inline long linux_set_key_timeout(int32_t key, unsigned int seconds) {
  return syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, seconds);
}

/// Puts a key into a keyring, in place of one with its type and description (keyctl_link(3)).
static inline long linux_link_key(int32_t key, int32_t keyring) {
  return syscall(SYS_keyctl, KEYCTL_LINK, key, keyring);
}

/// Ends a key at once, also for processes that hold a reference to it (keyctl_invalidate(3)).
static inline long linux_invalidate_key(int32_t key) { return syscall(SYS_keyctl, KEYCTL_INVALIDATE, key); }

static inline long linux_unlink_key(int32_t key, int32_t keyring) {
  return syscall(SYS_keyctl, KEYCTL_UNLINK, key, keyring);
}
