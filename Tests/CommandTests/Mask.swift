import AWSDouble
import Foundation

/// Writes a name in braces for what differs from run to run, so that the rest of a text can be compared.
struct Mask {
  private let fixed: [(text: String, name: String)]

  init(_ scene: Scene) {
    let port = scene.double.url.split(separator: ":").last.map(String.init) ?? ""
    let secrets = Account.demo.users.flatMap { user in user.keys.map { ($0.secret, "{secret of \(user.name)}") } }
    fixed = [(scene.home, "{home}"), (Self.userAndHost, "{user@host}"), ("127.0.0.1:\(port)", "{double}")] + secrets
  }

  /// What the double's random values look like, and times; see `IssuedSession`.
  private static let patterns = [
    ("{token}", "IQoJb3JpZ2luX2Vj//[A-Za-z0-9+/]{300}\\+/=="),
    ("{secret}", "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{38}/\\+"),
    ("{key id}", "ASIA[A-Z2-7]{16}"),
    ("{new key id}", "(?<=→ |new key |\"key\" : \")AKIA[A-Z2-7]{16}"),
    ("{request id}", "(?<=request id )[A-Za-z0-9-]+"),
    ("{time}", "20[2-9][0-9]-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z(?!  demo)"),
    ("{time}", "20[0-9]{6}T[0-9]{6}Z"),
    ("{seconds}", "(?<=\"secondsLeft\" : )[0-9]+"),
    ("{clock time}", "(?<=, until )([0-9-]{10} )?[0-9]{2}:[0-9]{2}"),
    ("{time left}", "[0-9]+ (h [0-9]+ min|min|s) left"),
  ]

  func callAsFunction(_ text: String) -> String {
    let known = fixed.reduce(text) { $0.replacing($1.text, with: $1.name) }
    return Self.patterns.reduce(known) { text, rule in
      text.replacingOccurrences(of: rule.1, with: rule.0, options: .regularExpression)
    }
  }

  /// The names that stand for secrets.
  static let secretNames = ["{token}", "{secret}", "{secret of alice}", "{secret of bob}"]

  /// The default name of a role's session.
  private static var userAndHost: String {
    var system = utsname()
    uname(&system)
    let host = withUnsafeBytes(of: system.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(NSUserName())@\(host)"
  }
}
