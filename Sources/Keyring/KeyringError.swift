/// What went wrong with the keyring.
package enum KeyringError: Error, Equatable {
  /// There is no session bus: `DBUS_SESSION_BUS_ADDRESS` is unset and `$XDG_RUNTIME_DIR/bus` is missing.
  case noBus
  /// The bus address leads nowhere, or to something we do not trust.
  case unusableBus(address: String, reason: BusProblem)
  /// The bus has no Secret Service.
  case noService
  /// The service, or the bus, ended while it was asked; what was being saved may be stored or not.
  case serviceEnded
  /// What the service had just told of is gone: it was replaced, or another program was at work in between.
  case changed
  /// The service has no collection under this alias or name.
  case noCollection(String)
  /// The collection is locked and nobody can be asked.
  case locked
  /// The collection is locked, and the dialog that asks for its password does not come up on the user's display.
  case noPrompter
  /// The user closed the dialog that asks for the keyring's password.
  case dismissed
  /// No answer in time; `unlocking` where a dialog was open.
  case timedOut(seconds: Int, unlocking: Bool)
  /// The service would send secrets over the bus in clear.
  case plainTransport
  /// There is an item, but what it holds is empty or not what we wrote.
  case damaged(ItemID)
  /// More than one item of ours has this name; their paths in the service.
  case ambiguous(ItemID, paths: [String])
  /// The service said it stored the item, but gives back something else.
  case notStored(ItemID)
  /// The service refused to create, replace or remove the item, in its words.
  case notWritten(ItemID, String)
  /// A secret without bytes, which could not be told from one whose write was cut off.
  case emptySecret
  /// The secret is larger than `limit` bytes.
  case tooLarge(limit: Int)
  /// A shared library is missing; `package` is its Debian package.
  case libraryMissing(String, package: String)
  /// The process that talks to the keyring could not be started, or ended without an answer.
  case workerEnded
  /// Any other answer of the service, in its words.
  case service(String)

  package enum BusProblem: String, CaseIterable, Equatable, Sendable {
    case notUnix, unreachable, foreignOwner
    /// It has as many connections as it takes.
    case full
  }
}
