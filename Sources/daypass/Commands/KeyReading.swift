import AWSServices
import AWSValues
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

// MARK: - Files

extension KeyInput {
  /// What a file with a key may hold at most, in bytes.
  static let limit = 64 * 1024
  /// How long a pipe is waited for: its writer may have to ask the user for a password.
  private static let timeout = Duration.seconds(120)

  /// What the file, or the pipe, at `path` holds.
  static func contents(ofFile path: String) throws(KeyInputError) -> SecretBytes {
    do throws(FileFailure) {
      return try SecretBytes.contents(ofFile: path, limit: limit, timeout: timeout)
    } catch {
      throw .unreadable(path: path, error)
    }
  }

  static func contentsOfStandardInput() throws(KeyInputError) -> SecretBytes {
    do throws(FileFailure) {
      return try SecretBytes.contents(of: STDIN_FILENO, limit: limit)
    } catch {
      throw .unreadable(path: "standard input", error)
    }
  }
}
