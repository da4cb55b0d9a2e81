import Console
import Glibc
import POSIX
import Secrets

extension EnteredKey {
  /// Asks for both halves. The ID is checked before the secret is asked for; both may be pasted at once.
  init(askingOn terminal: borrowing Terminal) throws {
    self = try terminal.dialogue { dialogue in
      let typed = try Self.firstKey(from: dialogue)
      try typed.checkID()
      guard typed.secretAccessKey.isEmpty else { return typed }
      return EnteredKey(accessKeyID: typed.accessKeyID, secretAccessKey: try Self.secret(from: dialogue))
    }
  }

  /// Asks for the secret alone, after the first was wrong.
  init(accessKeyID: String, askingForSecretOn terminal: borrowing Terminal) throws {
    let secret = try terminal.dialogue { dialogue in try Self.secret(from: dialogue) }
    self.init(accessKeyID: accessKeyID, secretAccessKey: secret)
  }

  /// The first line that is no heading; its ID is shown if that was not done while it was typed.
  private static func firstKey(from dialogue: borrowing Dialogue) throws(TerminalError) -> EnteredKey {
    while true {
      let line = try dialogue.readLine("Access key ID: ", echo: .accessKeyID)
      guard !line.isHeading else { continue }
      let key = EnteredKey(idLine: line)
      let id = key.accessKeyID.utf8
      if key.accessKeyID.hasPrefix("AKIA"), id.allSatisfy(\.isWordCharacter), line.count != id.count {
        dialogue.say("Access key ID: \(key.accessKeyID)")
      }
      return key
    }
  }

  private static func secret(from dialogue: borrowing Dialogue) throws(TerminalError) -> SecretBytes {
    try dialogue.readLine("Secret access key (hidden): ", echo: .hidden)
  }
}

// MARK: - Reading

extension SecretBytes {
  /// What a key file may hold at most, in bytes.
  static let keyFileLimit = 64 * 1024
  /// How long a pipe is waited for: its writer may have to ask the user for a password.
  static let keyFileTimeout = Duration.seconds(120)

  /// Everything `descriptor` holds, straight into locked memory; `path` is for the error. Each read(2) comes after
  /// `wait`.
  init(
    readingFrom descriptor: Int32, path: String, wait: () throws(KeyInputError) -> Void = {}
  ) throws(KeyInputError) {
    self.init(capacity: 4096)
    while true {
      try wait()
      let count = append(from: descriptor, atMost: 4096)
      if count == 0 { return }
      guard count > 0 else { throw .unreadable(path: path, errno: errno) }
      guard self.count <= Self.keyFileLimit else { throw .tooLarge(path: path, limit: Self.keyFileLimit) }
    }
  }

  /// The contents of the file, or of the pipe, at `path`.
  init(contentsOf path: String, timeout: Duration = keyFileTimeout) throws(KeyInputError) {
    let file = try InputFile.opened(path, timeout)
    try self.init(readingFrom: file.number, path: path) { () throws(KeyInputError) in
      try file.waitForData(from: path)
    }
  }
}

extension InputFile {
  fileprivate static func opened(_ path: String, _ timeout: Duration) throws(KeyInputError) -> InputFile {
    do throws(FileFailure) {
      guard let file = try open(path, timeout: timeout) else {
        throw .call(ENOENT)
      }
      return file
    } catch {
      throw KeyInputError(reading: path, error)
    }
  }

  fileprivate func waitForData(from path: String) throws(KeyInputError) {
    do throws(FileFailure) {
      try waitForData()
    } catch {
      throw KeyInputError(reading: path, error)
    }
  }
}

extension KeyInputError {
  fileprivate init(reading path: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unreadable(path: path, errno: errno)
      case .silent: .silentPipe(path: path)
      case .notRegular, .foreign, .modifiedConcurrently, .busy: .notRegular(path: path)
      }
  }
}
