import AWSDouble

extension RecordedCall {
  /// Like `GetSessionToken by user/alice with long-term key and MFA code, DurationSeconds=43200: ok`.
  var line: String {
    let who = principal.map { String($0.split(separator: ":").last ?? "") } ?? "nobody"
    let code = hasMFACode ? " and MFA code" : ""
    let asked = parameters.sorted { $0.key < $1.key }.map { ", \($0.key)=\($0.value)" }.joined()
    return "\(action) by \(who) with \(credentials?.rawValue ?? "no key")\(code)\(asked): \(outcome)\n"
  }
}
