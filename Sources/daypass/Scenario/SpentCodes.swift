import Secrets

/// The last two codes that were sent.
struct SpentCodes: ~Copyable {
  private var last = SecretBytes()
  private var lastButOne = SecretBytes()

  func contains(_ code: borrowing SecretBytes) -> Bool {
    last.equals(code) || lastButOne.equals(code)
  }

  mutating func add(_ code: consuming SecretBytes) {
    lastButOne = last.clone()
    last = code
  }
}
