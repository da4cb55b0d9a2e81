import Console
import Secrets

extension EnteredKey {
  /// Asks for both halves, the secret without showing it.
  init(askingOn terminal: consuming Terminal?) throws {
    guard let terminal else {
      throw CommandError.cannotAsk("the access key has to be typed", flag: "--stdin, --env or --csv FILE")
    }
    let id = try terminal.answer(to: "Access key ID: ", echo: .visible)
    let secret = try terminal.answer(to: "Secret access key (hidden): ", echo: .hidden)
    self.init(accessKeyID: id.revealed() ?? "", secretAccessKey: secret)
  }
}
