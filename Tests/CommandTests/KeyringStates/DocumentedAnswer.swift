import TestSupport

/// What a command does in a state of the keyring, as the manual has it.
enum DocumentedAnswer {
  /// Says this on stderr, and nothing on stdout.
  case fails(Int32, String)
  /// Succeeds, and its output has this in it.
  case prints(String)

  init(of command: KeyringCommand, in state: KeyringState) {
    self =
      switch (state, command) {
      case (.noBus, _): .fails(69, "no session bus: DBUS_SESSION_BUS_ADDRESS is not set")
      case (.nobodyListens, _): .fails(69, "nothing answers at the session bus 'unix:path={scratch}/dead'")
      case (.busPathMissing, _): .fails(69, "nothing answers at the session bus 'unix:path={scratch}/gone'")
      case (.muteBus, _), (.frozen, _): .fails(75, "the keyring did not answer within 2 s")
      // It was there when the writing began, so what is stored has to be looked at.
      case (.killedBetweenCalls, .add), (.killedInMidCall, _): .fails(75, "the keyring ended in mid-call")
      case (.noService, _), (.killedBetweenCalls, _):
        .fails(69, "no keyring: nothing on the session bus offers the Secret Service")
      case (.noCollection, _): .fails(69, "the keyring has no default collection to keep keys in")

      case (.neverUnlocked, .list), (.replacedBetweenCalls, .list): .prints("alice     unknown: locked")
      case (_, .list): .prints("alice     in the keyring")

      case (.lockedWithoutDisplay, _), (.neverUnlocked, _), (.lockedBetweenCalls, _), (.replacedBetweenCalls, _):
        .fails(78, "the keyring is locked, and there is no display to ask for its password on")
      case (.lockedWithoutDialog, _):
        .fails(
          78,
          "the keyring is locked, and its password dialog does not come up: gcr is missing, or the display is wrong")
      case (.dismissed, _): .fails(78, "the keyring stays locked: the dialog was closed")
      case (.neverAnswered, _): .fails(78, "nobody unlocked the keyring within 1 s")

      case (.fullDisk, .add), (.readOnlyFolder, .add):
        .fails(
          1,
          "the keyring did not write the key of profile 'bob': Couldn't create item: An error occurred on the device")
      // gnome-keyring 42.1 says collection where it means item.
      case (.fullDisk, .remove), (.readOnlyFolder, .remove):
        .fails(
          1,
          "the keyring did not write the key of profile 'alice': "
            + "Couldn't delete collection: An error occurred on the device")
      case (.fullDisk, .whoami), (.readOnlyFolder, .whoami): .prints("arn:aws:iam::123456789012:user/alice\n")
      case (.fullDisk, .exec), (.readOnlyFolder, .exec): .prints("it runs\n")
      case (.fullDisk, .credentialProcess), (.readOnlyFolder, .credentialProcess): .prints("\"AccessKeyId\"")
      }
  }
}
