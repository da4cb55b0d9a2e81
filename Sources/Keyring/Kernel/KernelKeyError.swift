/// What the kernel said instead of keeping a secret, with errno(3): ENOSYS and EPERM in containers, EDQUOT where the
/// user's quota is used up (keyrings(7), /proc/sys/kernel/keys).
package enum KernelKeyError: Error, Equatable {
  case refused(errno: Int32)
}
