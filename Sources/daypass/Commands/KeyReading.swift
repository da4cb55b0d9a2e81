import Console
import Glibc
import POSIX
import Profiles
import Secrets

extension EnteredKey {
  /// Asks for both halves, the secret without showing it.
  init(askingOn terminal: consuming Terminal?) throws {
    guard let terminal else {
      throw CommandError.cannotAsk("for the access key", flag: "--stdin, --env or --csv FILE")
    }
    let id = try terminal.answer(to: "Access key ID: ", echo: .visible)
    let secret = try terminal.answer(to: "Secret access key (hidden): ", echo: .hidden)
    self.init(accessKeyID: id.revealed() ?? "", secretAccessKey: secret)
  }
}

extension EnteredKey {
  /// The key in the section of `profile` in `~/.aws/credentials` or the config file.
  init(plainTextOf profile: String, in profiles: ProfileSet) throws(KeyInputError) {
    let section = profiles.profile(named: profile)
    guard let id = section?[.accessKeyID] else { throw .missing(.accessKeyID, from: .plainText) }
    guard let secret = section?[.secretAccessKey] else { throw .missing(.secretAccessKey, from: .plainText) }
    self.init(accessKeyID: id.value, secretAccessKey: SecretBytes(copying: secret.value))
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
