// What `doctor` prints for people.

extension CheckupReport {
  var text: String {
    let lines = checks.map { check in
      let marks = findings.filter { $0.check == check.name }.map { finding in
        "         \(finding.what)\n         \(finding.why)\n" + (finding.fix.map { "         fix: \($0)\n" } ?? "")
      }
      return check.result.rawValue.padded(to: 9) + check.name.words + "\n" + marks.joined(separator: "\n")
    }
    return "daypass \(version)\n" + lines.joined()
  }
}

extension CheckupReport.Area {
  fileprivate var words: String {
    switch self {
    case .keyring: "bus and keyring"
    case .kernel: "the kernel's keys, which hold sessions"
    case .config: "config files and profiles"
    case .shell: "this shell"
    case .network: "network and clock"
    }
  }
}

extension KernelQuota {
  var words: String { "the kernel has room for \(mostKeys) keys and \(mostBytes) bytes; \(keys) and \(bytes) are used" }
}

/// Why a finding matters.
enum CheckupReason: String {
  case keysNeedKeyring = "keys and sign-ins are kept there"
  case lockedKeyring = "commands that need a key ask for its password first, or fail if there is nobody to ask"
  case keysInClear = "a thief of the disk or of a backup has them"
  case unusableKey = "commands that need this key fail"
  case noKernelKeys = "sessions are kept in the keyring instead, which makes every command slower"
  case kernelQuota = "a session that does not fit is kept in the keyring, which makes every command slower"
  case unreadableConfig = "no profile can be used"
  case writableConfig = "whoever can change it decides whose credentials you use, and which programs are run"
  case readableCredentials = "other users can read the keys in it"
  case plainTextKey = "every program that you run, and every backup, can read it"
  case unreadByAll = "no program reads its settings"
  case oneReaderOnly = "one program sees the profile, and another does not"
  case repetition = "the AWS CLI and boto3 stop there, and read nothing of the file"
  case twoSources = "another program may take the other one, and use other credentials"
  case staleKey = "a key that is not used can still be stolen"
  case unusableProfile = "commands with this profile fail"
  case processNotFound = "programs that use the profile get no credentials"
  case expiredCredentials = "programs take them before any profile, and fail"
  case twoChoices = "programs disagree on which one to use"
  case staleVariables = "prompts and programs mistake them for the profile in use"
  case loadedTwice = "each prompt does the same work twice"
  case loadedTooEarly = "that line takes away what the first one has set up"
  case wrongClock = "AWS refuses calls whose time is off by more than 15 minutes"
  case unreachableAWS = "no command can reach AWS"
  case unexpected = "the rest was not checked"

  /// For what keeps daypass from checking a whole area.
  static func of(_ area: CheckupReport.Area) -> CheckupReason {
    switch area {
    case .keyring: .keysNeedKeyring
    case .kernel, .shell: .unexpected
    case .config: .unreadableConfig
    case .network: .unreachableAWS
    }
  }

  static let allowKernelKeys = "allow keyctl and add_key, which container runtimes forbid by default"
}
