/// Credentials a test signs with.
struct TestKey: Equatable, Sendable {
  var id: String
  var secret: String
  var token: String?

  static let alice = TestKey(id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  static let admin = TestKey(id: "AKIAADMINMADEUPEXAMP", secret: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00")
  static let bob = TestKey(id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
}
