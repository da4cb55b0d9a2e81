/// Whether the terminal shows what is typed: secrets are hidden; an MFA code, worthless after its half minute, is shown
/// so that it can be compared with the device.
package enum Echo: Sendable {
  case hidden, visible
}
